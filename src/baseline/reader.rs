//! The reader of lists: lines within the limits, columns by the header, one row after the other.

use std::collections::HashMap;
use std::io::{BufRead, Read};
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::hash::{Pdq, Quality};
use crate::limits::{Limits, Resource};

use super::line::fields;
use super::list::{Digest, Entry, List, ListError, Profile, Row};
use super::reading::{Place, Problem, Reading};

/// Reads a list, line by line.
pub(super) fn read(source: impl BufRead, limits: &Limits) -> Result<List, ListError> {
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
