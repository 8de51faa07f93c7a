//! Fixtures: small files with one offence each, which say in their first line where they pretend to stand and what must be
//! found in them:
//!
//! ```text
//! //@ src/hash/pdq.rs -> illegal edge hash -> media (line 3); include (line 5)
//! ```
//!
//! A file without an offence says `none`.

use crate::{offence::Violation, rules};

/// Compares what is found in a fixture with what its first line names.
pub(crate) fn check(name: &str, text: &str) -> Result<(), String> {
    let (place, expected) = expectation(text)
        .ok_or_else(|| format!("{name}: the first line must be `//@ <place> -> <violations>`"))?;
    let mut found: Vec<String> = rules::violations(place, text)
        .iter()
        .map(Violation::brief)
        .collect();
    found.sort();
    if found == expected {
        Ok(())
    } else {
        Err(format!("{name}: expected {expected:?}, found {found:?}"))
    }
}

fn expectation(text: &str) -> Option<(&str, Vec<&str>)> {
    let (place, list) = text
        .lines()
        .next()?
        .strip_prefix("//@ ")?
        .split_once(" -> ")?;
    let mut expected: Vec<&str> = list
        .split("; ")
        .filter(|violation| *violation != "none")
        .collect();
    expected.sort_unstable();
    Some((place, expected))
}
