//! A list of hashes, from a file or from bytes.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::hash::{PROFILE, Pdq, Quality};
use crate::limits::{Exceeded, Limits, Resource};

use super::line::fields;
use super::reading::{Place, Problem, Reading};

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
    entries: Vec<Entry>,
    rows: Vec<Row>,
    profile: Profile,
    digest: Digest,
    reading: Reading,
}

/// An item of a list: one or more rows share its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    id: Box<str>,
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
    pdq: Pdq,
    entry: u32,
    quality: Option<Quality>,
    label: Option<Box<str>>,
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

    fn from_name(name: &[u8]) -> Option<Self> {
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
pub struct Digest([u8; 32]);

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
        let mut lines = Lines::new(source, limits);
        let mut reader = loop {
            let (number, line) = lines.next()?.ok_or(ListError::Empty)?;
            if !is_passed_over(line) {
                break Reader::new(line, number, limits)?;
            }
        };
        while let Some((number, line)) = lines.next()? {
            if !is_passed_over(line) {
                reader.row(line, number)?;
            }
        }
        reader.finish(Digest(lines.digest.finalize().into()))
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
        first: super::Refused,
    },
}

/// Lines within the limits, with their numbers and the digest of all bytes.
struct Lines<'a, R> {
    source: R,
    limits: &'a Limits,
    line: Vec<u8>,
    number: u64,
    bytes: u64,
    digest: Sha256,
}

impl<'a, R: BufRead> Lines<'a, R> {
    fn new(source: R, limits: &'a Limits) -> Self {
        Self {
            source,
            limits,
            line: Vec::new(),
            number: 0,
            bytes: 0,
            digest: Sha256::new(),
        }
    }

    /// The number of the next line, and the line without its end, and without the byte order mark if it is the first.
    fn next(&mut self) -> Result<Option<(u64, &[u8])>, ListError> {
        self.line.clear();
        let most = self.limits.line_bytes.saturating_add(2);
        let read = (&mut self.source)
            .take(most)
            .read_until(b'\n', &mut self.line)? as u64;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += read;
        self.digest.update(&self.line);
        self.limits.check(Resource::ListBytes, self.bytes)?;
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.limits.check(Resource::LineBytes, line.len() as u64)?;
        let line = match self.number {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        Ok(Some((self.number, line)))
    }
}

fn is_passed_over(line: &[u8]) -> bool {
    line.starts_with(b"#") || line.iter().all(u8::is_ascii_whitespace)
}

/// Where the columns stand.
struct Columns {
    all: usize,
    pdq: usize,
    id: Option<usize>,
    quality: Option<usize>,
    label: Option<usize>,
    profile: Option<usize>,
}

impl Columns {
    /// A bare list: one column, the hash.
    const BARE: Self = Self {
        all: 1,
        pdq: 0,
        id: None,
        quality: None,
        label: None,
        profile: None,
    };

    /// The columns that a header names.
    fn from_header(line: &[u8], number: u64) -> Result<Self, ListError> {
        let names = fields(line).map_err(|_| ListError::NoHeader { line: number })?;
        let place = |column: &'static str| {
            let mut places = (0..names.len()).filter(|&i| {
                names[i]
                    .trim_ascii()
                    .eq_ignore_ascii_case(column.as_bytes())
            });
            match (places.next(), places.next()) {
                (place, None) => Ok(place),
                (_, Some(_)) => Err(ListError::ColumnTwice {
                    line: number,
                    column,
                }),
            }
        };
        Ok(Self {
            all: names.len(),
            pdq: place("pdq")?.ok_or(ListError::NoHeader { line: number })?,
            id: place("id")?,
            quality: place("quality")?,
            label: place("label")?,
            profile: place("profile")?,
        })
    }
}

struct Reader<'a> {
    limits: &'a Limits,
    columns: Columns,
    entries: Vec<Entry>,
    numbers: HashMap<Box<str>, u32>,
    rows: Vec<Row>,
    profile: Option<Profile>,
    reading: Reading,
}

impl<'a> Reader<'a> {
    fn new(first: &[u8], number: u64, limits: &'a Limits) -> Result<Self, ListError> {
        let bare = Pdq::from_hex(first.trim_ascii()).is_ok();
        let mut reader = Self {
            limits,
            columns: if bare {
                Columns::BARE
            } else {
                Columns::from_header(first, number)?
            },
            entries: Vec::new(),
            numbers: HashMap::new(),
            rows: Vec::new(),
            profile: None,
            reading: Reading::default(),
        };
        if bare {
            reader.row(first, number)?;
        }
        Ok(reader)
    }

    fn row(&mut self, line: &[u8], number: u64) -> Result<(), ListError> {
        let rows = self.reading.accepted() + self.reading.refused() + 1;
        self.limits.check(Resource::ListRows, rows)?;
        match self.parse(line, number) {
            Ok((row, profile)) => {
                self.rows.push(row);
                self.reading.accept();
                self.profile = match self.profile {
                    None => Some(profile),
                    Some(before) if before == profile => Some(profile),
                    Some(_) => Some(Profile::Unstated),
                };
            }
            Err((column, problem)) => {
                let place = Place {
                    line: number,
                    column,
                };
                self.reading.refuse(place, problem);
            }
        }
        Ok(())
    }

    fn parse(
        &mut self,
        line: &[u8],
        number: u64,
    ) -> Result<(Row, Profile), (Option<usize>, Problem)> {
        let fields = fields(line).map_err(|column| (Some(column), Problem::Quotes))?;
        if fields.len() != self.columns.all {
            let (got, expected) = (fields.len(), self.columns.all);
            return Err((None, Problem::Fields { got, expected }));
        }
        let at = |column: Option<usize>| column.map_or(&b""[..], |i| fields[i].trim_ascii());
        let in_column = |column: Option<usize>, problem| (column.map(|i| i + 1), problem);

        let hash = Some(self.columns.pdq);
        let pdq = Pdq::from_hex(at(hash)).map_err(|e| in_column(hash, Problem::Hash(e)))?;
        let quality = parse_quality(at(self.columns.quality))
            .map_err(|problem| in_column(self.columns.quality, problem))?;
        let label = utf8(at(self.columns.label))
            .map_err(|problem| in_column(self.columns.label, problem))?;
        let profile = Profile::from_name(at(self.columns.profile))
            .ok_or(in_column(self.columns.profile, Problem::UnknownProfile))?;
        let id = utf8(at(self.columns.id))
            .and_then(checked_id)
            .map_err(|problem| in_column(self.columns.id, problem))?;
        let row = Row {
            pdq,
            quality,
            label: (!label.is_empty()).then(|| label.into()),
            entry: self.entry(id, number),
        };
        Ok((row, profile))
    }

    /// The number of the entry with this id, a new one where there is none.
    fn entry(&mut self, id: &str, line: u64) -> u32 {
        let id: Box<str> = if id.is_empty() {
            format!("line-{line}").into()
        } else {
            id.into()
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rows, and so entries, are limited; a larger limit meets memory first"
        )]
        let next = self.entries.len() as u32;
        *self.numbers.entry(id).or_insert_with_key(|id| {
            self.entries.push(Entry { id: id.clone() });
            next
        })
    }

    fn finish(self, digest: Digest) -> Result<List, ListError> {
        if let (0, Some(&first)) = (
            self.reading.accepted(),
            self.reading.first_refused().first(),
        ) {
            return Err(ListError::NothingUnderstood {
                refused: self.reading.refused(),
                first,
            });
        }
        Ok(List {
            entries: self.entries,
            rows: self.rows,
            profile: self.profile.unwrap_or(Profile::Unstated),
            digest,
            reading: self.reading,
        })
    }
}

fn parse_quality(field: &[u8]) -> Result<Option<Quality>, Problem> {
    if field.is_empty() {
        return Ok(None);
    }
    let number = std::str::from_utf8(field)
        .ok()
        .and_then(|text| u16::from_str(text).ok())
        .ok_or(Problem::Quality)?;
    Quality::try_from(number)
        .map(Some)
        .map_err(Problem::QualityRange)
}

fn utf8(field: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(field).map_err(|_| Problem::NotUtf8)
}

fn checked_id(id: &str) -> Result<&str, Problem> {
    if id.len() > 4096 || id.chars().any(char::is_control) {
        return Err(Problem::Id);
    }
    Ok(id)
}
