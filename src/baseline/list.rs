//! A list of hashes, from a file or from bytes.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::hash::{PROFILE, Pdq, Quality};
use crate::limits::{Exceeded, Limits, Resource};

use super::reader;
use super::reading::{Reading, Refused};

/// A list of hashes of assessed items, as it was read.
///
/// ```
/// use ijkpunt::baseline::List;
///
/// let csv = "id,pdq,quality\nitem-1,f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,100\n";
/// let list = List::from_bytes(csv.as_bytes())?;
/// assert_eq!((list.entries().len(), list.rows().len()), (1, 1));
/// # Ok::<(), ijkpunt::baseline::ListError>(())
/// ```
#[derive(Clone)]
pub struct List {
    pub(super) entries: Vec<Entry>,
    pub(super) rows: Vec<Row>,
    pub(super) profile: Profile,
    pub(super) digest: Digest,
    pub(super) reading: Reading,
}

/// An item of a list: one or more rows share its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    pub(super) id: Box<str>,
}

impl Entry {
    /// The id that the list gives; `line-N` where it gives none.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// One hash of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub(super) pdq: Pdq,
    pub(super) entry: u32,
    pub(super) quality: Option<Quality>,
    pub(super) label: Option<Box<str>>,
}

impl Row {
    /// The hash.
    #[must_use]
    pub fn pdq(&self) -> Pdq {
        self.pdq
    }

    /// The number of its entry in [`List::entries`].
    #[must_use]
    pub fn entry(&self) -> usize {
        self.entry as usize
    }

    /// The quality that the list states.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        self.quality
    }

    /// The label that the list gives.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }
}

/// How the hashes of a list were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// PDQ of the full-size picture: what this crate computes.
    Full,
    /// PDQ of the picture shrunk to 512 x 512 by nearest neighbour: 0 to 10 bits from the full-size hash.
    Shrunk512,
    /// The list does not say, or its rows differ.
    Unstated,
}

impl Profile {
    /// The name as it stands in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => PROFILE,
            Self::Shrunk512 => "pdq/512",
            Self::Unstated => "pdq/unstated",
        }
    }

    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        match name {
            b"" => Some(Self::Unstated),
            _ => [Self::Full, Self::Shrunk512, Self::Unstated]
                .into_iter()
                .find(|profile| profile.name().as_bytes() == name),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The SHA-256 of a list's bytes, as `sha256sum` prints it: which list was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub(super) [u8; 32]);

impl Digest {
    /// The 32 bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl List {
    /// Reads the list in a file, within the default limits.
    ///
    /// # Errors
    /// [`ListError`]: the file cannot be read, is above a limit, or holds no list. Rows that are not understood are no
    /// error: look at [`List::reading`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ListError> {
        Self::open_within(path, &Limits::default())
    }

    /// Reads the list in a file, within `limits`.
    ///
    /// # Errors
    /// As [`List::open`].
    pub fn open_within(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, ListError> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(ListError::Io(io::ErrorKind::IsADirectory.into()));
        }
        limits.check(Resource::ListBytes, metadata.len())?;
        Self::read(BufReader::with_capacity(1 << 16, file), limits)
    }

    /// Reads a list from memory, within the default limits.
    ///
    /// # Errors
    /// As [`List::open`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ListError> {
        Self::read(bytes, &Limits::default())
    }

    /// Reads a list from any source, within `limits`.
    ///
    /// # Errors
    /// As [`List::open`].
    pub fn read(source: impl BufRead, limits: &Limits) -> Result<Self, ListError> {
        reader::read(source, limits)
    }

    /// The entries, in the order in which the list names them first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The rows that were understood, in the list's order.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How the hashes were made, if all rows say the same.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The SHA-256 of the list's bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What was read and what was not understood.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }
}

/// Shows counts, never a hash or an id.
impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("entries", &self.entries.len())
            .field("rows", &self.rows.len())
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// The whole list cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// Reading failed.
    #[error("the list cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A limit was reached.
    #[error("the list is refused, {0}")]
    Limit(#[from] Exceeded),
    /// No line but blank ones and comments.
    #[error("the list is empty: a header `id,pdq` is expected, or one hash a line")]
    Empty,
    /// The first line is neither a header nor a hash.
    #[error(
        "line {line} is neither a CSV header with a column `pdq` (such as `id,pdq,quality,label`) nor a hash of 64 hexadecimal digits"
    )]
    NoHeader {
        /// Counted from 1.
        line: u64,
    },
    /// A column that may stand once stands twice.
    #[error("line {line}: the header names the column `{column}` twice")]
    ColumnTwice {
        /// Counted from 1.
        line: u64,
        /// The column.
        column: &'static str,
    },
    /// There are rows, and not one was understood.
    #[error("none of the list's {refused} rows is understood; the first: {first}")]
    NothingUnderstood {
        /// How many rows.
        refused: u64,
        /// Where and why.
        first: Refused,
    },
}
