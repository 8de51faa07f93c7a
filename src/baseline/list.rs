//! A list of hashes: from a file, from bytes, from rows in memory; and back to a file.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use crate::hash::{Digest, DigestKind};
use crate::limits::{Exceeded, Limits, Resource};

use super::assembly::Assembly;
use super::line::quoted;
use super::reader;
use super::reading::{Problem, Reading, Refused};
use super::row::{Code, ListEntry, NewRow, Profile, Row};

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
    pub(super) entries: Vec<ListEntry>,
    pub(super) rows: Vec<Row>,
    pub(super) profile: Profile,
    pub(super) windows: usize,
    pub(super) frames: usize,
    pub(super) digest: Digest,
    pub(super) reading: Reading,
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

    /// A list of rows that are in memory. Its digest is that of what [`List::write_csv`] writes, so that a list that was
    /// saved and read again is known to be the same.
    ///
    /// # Errors
    /// [`ListError::Row`]: an id that is empty, too long, or holds control characters; or such a label; a part without a
    /// perceptual hash or with another profile than [`Profile::Windows`]; this profile without a part; or the time of a frame without a
    /// perceptual hash, or in the row of a window.
    pub fn from_rows(rows: impl IntoIterator<Item = NewRow>) -> Result<Self, ListError> {
        let mut assembly = Assembly::default();
        for (number, row) in rows.into_iter().enumerate() {
            assembly
                .add(&row)
                .map_err(|problem| ListError::Row { number, problem })?;
        }
        let unsaved = assembly.finish(DigestKind::Sha256.of(b""), Reading::default());
        let mut saved = Vec::new();
        unsaved.write_csv(&mut saved)?;
        let digest = DigestKind::Sha256.of(&saved);
        Ok(Self {
            digest,
            reading: Reading::of_accepted(unsaved.rows.len() as u64),
            ..unsaved
        })
    }

    /// The rows, as [`List::from_rows`] takes them: to make a list with some more or without some.
    pub fn to_rows(&self) -> impl Iterator<Item = NewRow> {
        self.rows.iter().map(|row| NewRow {
            id: self.entries[row.entry()].id.to_string(),
            code: row.code,
            quality: row.quality,
            profile: row.profile,
            part: row.part,
            shown: row.shown,
            label: row.label.as_deref().map(str::to_owned),
        })
    }

    /// Writes the list as CSV that [`List::open`] reads; the same rows give the same bytes. Only a list with windows has the
    /// column `part`, and only one with frames of videos the column `shown`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_csv(&self, mut out: impl Write) -> io::Result<()> {
        let (has_parts, has_frames) = (self.windows > 0, self.frames > 0);
        let part = if has_parts { ",part" } else { "" };
        let shown = if has_frames { ",shown" } else { "" };
        writeln!(
            out,
            "id,pdq,sha256,sha1,md5,quality,label,profile{part}{shown}"
        )?;
        for row in &self.rows {
            let id = quoted(&self.entries[row.entry()].id);
            let mut columns = [const { String::new() }; 4];
            let (column, code) = match row.code {
                Code::Pdq(pdq) => (0, pdq.to_string()),
                Code::Digest(digest) => (1 + digest.kind() as usize, digest.to_string()),
            };
            columns[column] = code;
            let codes = columns.join(",");
            let quality = row.quality.map_or(String::new(), |q| q.to_string());
            let label = quoted(row.label.as_deref().unwrap_or_default());
            let profile = match (row.code, row.profile) {
                (Code::Digest(_), _) | (_, Profile::Unstated) => "",
                (_, profile) => profile.name(),
            };
            write!(out, "{id},{codes},{quality},{label},{profile}")?;
            let optional = [
                (has_parts, row.part.map(|part| part.to_string())),
                (has_frames, row.shown.map(|shown| shown.to_string())),
            ];
            for (_, field) in optional.into_iter().filter(|(is_there, _)| *is_there) {
                write!(out, ",{}", field.unwrap_or_default())?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// The entries, in the order in which the list names them first.
    #[must_use]
    pub fn entries(&self) -> &[ListEntry] {
        &self.entries
    }

    /// The rows that were understood, in the list's order.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How the perceptual hashes of whole pictures and frames were made, if all their rows say the same. Windows do not count; a list
    /// that has no other perceptual hashes is of [`Profile::Windows`].
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// How many of the rows are windows: hashes of parts of a picture.
    #[must_use]
    pub fn windows(&self) -> usize {
        self.windows
    }

    /// How many of the rows are frames of videos.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// The SHA-256 of the list's bytes, as `sha256sum` prints it: which list was asked.
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
            .field("windows", &self.windows)
            .field("frames", &self.frames)
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
        "line {line} is neither a CSV header with a column `pdq` (such as `id,pdq,quality,label`), `md5`, `sha1` or \
         `sha256`, or with `signal_type` and `signal_str`, nor a hash of 64, 40 or 32 hexadecimal digits"
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
    /// A row in memory that a list cannot hold.
    #[error("row {number}, counted from 0: {problem}")]
    Row {
        /// Counted from 0.
        number: usize,
        /// Why.
        problem: Problem,
    },
}
