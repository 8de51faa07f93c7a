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

/// `1 file`, `2 files`, `2 entries`, `2 hashes`, `2 matches`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) if noun.ends_with("sh") || noun.ends_with("ch") => format!("{number} {noun}es"),
        (_, None) => format!("{number} {noun}s"),
    }
}

/// `0:04.5`, `12:00.0`, `1:02:03.5`: a time in a video, from milliseconds, to a tenth of a second, which is not rounded up.
pub(crate) fn clock(ms: u64) -> String {
    let (tenths, seconds) = (ms / 100 % 10, ms / 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}.{tenths}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}.{tenths}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_players_write_them() {
        assert_eq!(clock(0), "0:00.0");
        assert_eq!(clock(4_599), "0:04.5");
        assert_eq!(clock(754_000), "12:34.0");
        assert_eq!(clock(3_723_500), "1:02:03.5");
    }
}
