//! Arguments in words, and how things are called.

use ijkpunt::baseline::{TcoType, TcoTypes, Text, Time};
use serde::de::DeserializeOwned;

/// A word for one of a few, with hyphens: `scrutiny-infringement`.
pub(crate) fn named<T: DeserializeOwned>(word: &str) -> Result<T, String> {
    let word = serde_json::Value::String(word.replace('-', "_"));
    serde_json::from_value(word).map_err(|error| error.to_string().replace('_', "-"))
}

pub(crate) fn text<const MOST: usize>(text: &str) -> Result<Text<MOST>, String> {
    Text::new(text).map_err(|error| error.to_string())
}

/// `A,D`, or `a,d`.
pub(crate) fn types(letters: &str) -> Result<TcoTypes, String> {
    let types: Result<Vec<TcoType>, String> = letters
        .split(',')
        .map(|letter| named(&letter.to_uppercase()))
        .collect();
    TcoTypes::try_from(types?.as_slice()).map_err(|error| error.to_string())
}

/// RFC 3339, or a day, which begins at midnight UTC.
pub(crate) fn time(text: &str) -> Result<Time, String> {
    let day = format!("{text}T00:00:00Z");
    let time = text.parse().or_else(|error| day.parse().map_err(|_| error));
    time.map_err(|error: ijkpunt::baseline::TimeError| error.to_string())
}

/// The first digits of a name, which tell it from others.
pub(crate) fn short(name: &impl ToString) -> String {
    name.to_string().chars().take(SHORT).collect()
}

const SHORT: usize = 12;
