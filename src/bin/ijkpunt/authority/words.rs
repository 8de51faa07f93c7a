//! Arguments in words, and how things are called.

use ijkpunt::baseline::{EntryId, TcoType, TcoTypes, Text, Time};
use ijkpunt::register::Register;
use serde::de::DeserializeOwned;

use crate::Failure;

/// A word for one of a few, with hyphens: `scrutiny-infringement`.
pub(super) fn named<T: DeserializeOwned>(word: &str) -> Result<T, String> {
    let word = serde_json::Value::String(word.replace('-', "_"));
    serde_json::from_value(word).map_err(|error| error.to_string().replace('_', "-"))
}

pub(super) fn text<const MOST: usize>(text: &str) -> Result<Text<MOST>, String> {
    Text::new(text).map_err(|error| error.to_string())
}

/// `A,D`.
pub(super) fn types(letters: &str) -> Result<TcoTypes, String> {
    let types: Result<Vec<TcoType>, String> = letters.split(',').map(named).collect();
    TcoTypes::try_from(types?.as_slice()).map_err(|error| error.to_string())
}

/// RFC 3339, or a day, which begins at midnight UTC.
pub(super) fn time(text: &str) -> Result<Time, String> {
    let day = format!("{text}T00:00:00Z");
    let time = text.parse().or_else(|error| day.parse().map_err(|_| error));
    time.map_err(|error: ijkpunt::baseline::TimeError| error.to_string())
}

/// The first digits of a name, which tell it from others.
pub(super) fn short(name: &impl ToString) -> String {
    name.to_string().chars().take(SHORT).collect()
}

const SHORT: usize = 12;

/// Fewer digits are a slip of the hand rather than a name.
const FEWEST: usize = 4;

/// The entry whose name begins with these digits.
pub(super) fn entry(register: &Register, digits: &str) -> Result<EntryId, Failure> {
    if digits.len() < FEWEST {
        return Err(
            format!("`{digits}`: give {FEWEST} digits of the entry's name at least").into(),
        );
    }
    match register.entries_named(digits, 4)?[..] {
        [] => Err(format!(
            "no entry begins with `{digits}`: `ijkpunt authority status --entries` lists them, `merge` brings in those of others"
        )
        .into()),
        [entry] => Ok(entry),
        ref several => {
            let several: Vec<String> = several.iter().map(short).collect();
            Err(format!("several entries begin with `{digits}` ({}): give more digits", several.join(", ")).into())
        }
    }
}

/// What is there of this name, where somebody who counts has proposed it.
pub(super) fn account(
    register: &Register,
    entry: EntryId,
    now: Time,
) -> Result<ijkpunt::register::Account, Failure> {
    let account = register.account(entry, now)?;
    Ok(account.ok_or_else(|| {
        format!(
            "{}: something is said of it, and nobody who counts has proposed it: merge the log of its authority",
            short(&entry)
        )
    })?)
}
