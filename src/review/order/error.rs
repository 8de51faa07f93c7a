//! Why an order or an answer is not read or written.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::limits::{Exceeded, Limits, Resource};

/// An order or an answer is not read, or its form not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Not the JSON that was meant. The text itself is not repeated, for it may lead to content.
    #[error(
        "line {line}, column {column}: no {what} up to here: write its fields by name, each in its bounds, and nothing else"
    )]
    Json {
        /// What was to be read.
        what: &'static str,
        /// Where, counted from 1.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// The form has no text.
    #[error("the form cannot be written: report this as a bug")]
    Form,
}

/// Strict JSON of at most [`Limits::record_bytes`].
pub(super) fn read<T: DeserializeOwned>(
    json: &[u8],
    limits: &Limits,
    what: &'static str,
) -> Result<T, OrderError> {
    limits.check(Resource::RecordBytes, json.len() as u64)?;
    serde_json::from_slice(json).map_err(|error| OrderError::Json {
        what,
        line: error.line(),
        column: error.column(),
    })
}

pub(super) fn write(value: &impl Serialize) -> String {
    let Ok(json) = serde_json::to_string(value) else {
        unreachable!("names and texts are JSON");
    };
    json
}
