//! Statements as they are sent: up to 100 a call, all or none of which is taken.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Broken, Statement};

/// The most statements that the API takes in one call.
pub const BATCH_STATEMENTS: usize = 100;

/// The body of one call: 1 to [`BATCH_STATEMENTS`] statements. Serde gives `{"statements": [...]}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Batch<'a> {
    statements: &'a [Statement],
}

impl<'a> Batch<'a> {
    /// Its statements.
    #[must_use]
    pub const fn statements(&self) -> &'a [Statement] {
        self.statements
    }
}

/// The statements in their order, in as few calls as they fit into; no call for none.
///
/// # Errors
/// [`Broken::PuidTwice`] where two of them, of whichever calls, have one puid: the database would refuse the second one's call.
pub fn batches(statements: &[Statement]) -> Result<impl Iterator<Item = Batch<'_>>, Broken> {
    let mut places = BTreeMap::new();
    for (place, statement) in (1..).zip(statements) {
        if let Some(first) = places.insert(statement.puid(), place) {
            return Err(Broken::PuidTwice {
                first,
                second: place,
            });
        }
    }
    let chunks = statements.chunks(BATCH_STATEMENTS);
    Ok(chunks.map(|statements| Batch { statements }))
}
