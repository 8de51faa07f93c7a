//! Why bytes are not used as a snapshot.

use std::fmt;
use std::io;

use crate::limits::Exceeded;

use super::head::Kind;

/// A snapshot cannot be used. Nothing of it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Reading failed.
    #[error("the snapshot cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A limit was reached.
    #[error("the snapshot is refused, {0}")]
    Limit(#[from] Exceeded),
    /// It begins otherwise.
    #[error(
        "not a snapshot: it does not begin with `ijksnap` and a zero; a list of hashes becomes one by `ijkpunt baseline build`"
    )]
    NotASnapshot,
    /// It is of a version that this program does not know.
    #[error("the snapshot is of version {found}, and this program knows version {known} only: update the older of the two", known = super::VERSION)]
    Version {
        /// Its version.
        found: u32,
    },
    /// It asks for features that this program does not know.
    #[error(
        "the snapshot asks for features that this program does not have (bits {unknown:#x}): update the program"
    )]
    Features {
        /// The bits that are not known.
        unknown: u64,
    },
    /// It is not as it was written.
    #[error("the snapshot is damaged or cut off: {0}; get it anew")]
    Damaged(Damage),
}

/// What is not as the format says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Damage {
    /// The section; none for the head.
    pub section: Option<Kind>,
    /// The first byte of what is wrong, counted from the beginning of the file.
    pub offset: u64,
    /// What stands there in a whole snapshot.
    pub expected: String,
    /// What stands there in this one. Never a code.
    pub found: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            offset,
            expected,
            found,
            ..
        } = self;
        match self.section {
            Some(section) => write!(f, "section {section}, ")?,
            None => f.write_str("the head, ")?,
        }
        write!(f, "byte {offset}: expected {expected}, found {found}")
    }
}

impl From<Damage> for OpenError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// Says what is wrong in a section.
pub(super) fn damage(
    section: impl Into<Option<Kind>>,
    offset: usize,
    expected: impl fmt::Display,
    found: impl fmt::Display,
) -> Damage {
    Damage {
        section: section.into(),
        offset: offset as u64,
        expected: expected.to_string(),
        found: found.to_string(),
    }
}
