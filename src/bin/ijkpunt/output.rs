//! Text for terminals, from names that may hold anything.

use std::fmt::Display;
use std::io::Write;

/// A line on standard error; a failure to write it is nobody's business.
pub(crate) fn complain(line: &dyn Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A name without characters that would move a terminal's cursor.
pub(crate) fn printable(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// `1 file`, `2 files`, `2 entries`, `2 hashes`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) if noun.ends_with("sh") => format!("{number} {noun}es"),
        (_, None) => format!("{number} {noun}s"),
    }
}
