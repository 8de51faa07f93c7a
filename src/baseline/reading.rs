//! How the reading of a list went: counts, and the place of every problem up to a bound.

use std::fmt;

use crate::hash::{HexError, OutOfRange};

use super::{PartError, ShownError};

/// What was read and what was not. Everything is counted; the first [`Reading::KEPT`] problems are kept with their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    accepted: u64,
    refused: u64,
    first: Vec<Refused>,
}

impl Reading {
    /// Problems that are kept with their places; all are counted.
    pub const KEPT: usize = 20;

    /// Rows that were understood.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.accepted
    }

    /// Rows that were not understood.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// The first rows that were not understood, with place and reason.
    #[must_use]
    pub fn first_refused(&self) -> &[Refused] {
        &self.first
    }

    pub(super) fn of_accepted(accepted: u64) -> Self {
        Self {
            accepted,
            ..Self::default()
        }
    }

    pub(super) fn accept(&mut self) {
        self.accepted += 1;
    }

    pub(super) fn refuse(&mut self, place: Place, problem: Problem) {
        self.refused += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(Refused { place, problem });
        }
    }
}

/// A row that was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// Where.
    pub place: Place,
    /// Why.
    pub problem: Problem,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// Counted from 1, every line counts.
    pub line: u64,
    /// The field, counted from 1; none where the whole line is meant.
    pub column: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        match self.column {
            Some(column) => write!(f, ", column {column}"),
            None => Ok(()),
        }
    }
}

/// Why a row was not understood. Never repeats what stands in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A hash is not one.
    #[error("not {what}: {error}")]
    Hash {
        /// Which kind was expected.
        what: &'static str,
        /// What is wrong.
        error: HexError,
    },
    /// Every column for a hash is empty.
    #[error("no hash in this row")]
    NoHash,
    /// A signal type of python-threatexchange that is not read.
    #[error("signal type is not read; pdq, md5, sha1 and sha256 are")]
    SignalType,
    /// The quality is no whole number.
    #[error("quality is not a whole number from 0 to 100")]
    Quality,
    /// The quality is out of range.
    #[error(transparent)]
    QualityRange(OutOfRange),
    /// Fewer or more fields than the header has.
    #[error("{got} fields, the header has {expected}")]
    Fields {
        /// In this row.
        got: usize,
        /// In the header.
        expected: usize,
    },
    /// A quote that is not closed on its line, or stands inside a field.
    #[error("quotes are not closed, or stand inside a field")]
    Quotes,
    /// Bytes that are not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A profile that this version does not know.
    #[error("unknown profile; known are pdq/full, pdq/512, windows/1 and pdq/unstated")]
    UnknownProfile,
    /// A part is none.
    #[error("not a part: {0}")]
    Part(PartError),
    /// A window that does not say which part of the picture it is.
    #[error("the profile windows/1 needs a part, in the column `part`")]
    NoPart,
    /// A part in a row of another profile, or of none.
    #[error("a part, in the column `part`, needs the profile windows/1")]
    PartOfProfile,
    /// A part in a row with digests only.
    #[error("a part, in the column `part`, needs a PDQ hash")]
    PartOfDigest,
    /// What should say when a frame shows does not.
    #[error("not the time of a frame: {0}")]
    Shown(ShownError),
    /// The time of a frame in a row with digests only.
    #[error("the time of a frame, in the column `shown`, needs a PDQ hash")]
    ShownOfDigest,
    /// The time of a frame in the row of a window.
    #[error(
        "a row is a frame or a window: with a time, in the column `shown`, it has no part and not the profile windows/1"
    )]
    ShownOfWindow,
    /// The id is empty, longer than 4096 bytes, or holds control characters.
    #[error("an id has 1 to 4096 bytes and no control characters")]
    Id,
    /// The label is longer than 4096 bytes or holds control characters.
    #[error("a label has at most 4096 bytes and no control characters")]
    Label,
}
