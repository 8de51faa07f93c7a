//! The reader of lists: lines within the limits, columns by the header, one row after the other.

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::hash::{Digest, DigestKind, Pdq, Quality};
use crate::limits::{Limits, Resource};

use super::assembly::Assembly;
use super::columns::{Columns, Signal};
use super::line::fields;
use super::list::{List, ListError};
use super::part::Part;
use super::reading::{Place, Problem, Reading};
use super::row::{Code, NewRow, Profile};
use super::shown::Shown;

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
    reader.finish(Digest::Sha256(lines.digest.finalize().into()))
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

struct Reader<'a> {
    limits: &'a Limits,
    columns: Columns,
    assembly: Assembly,
    reading: Reading,
}

/// Why a row is refused, and the field, counted from 1, that is at fault.
type Fault = (Option<usize>, Problem);

impl<'a> Reader<'a> {
    fn new(first: &[u8], number: u64, limits: &'a Limits) -> Result<Self, ListError> {
        let bare = bare_code(first.trim_ascii()).is_ok();
        let mut reader = Self {
            limits,
            columns: match bare {
                true => Columns::Bare,
                false => Columns::from_header(first, number)?,
            },
            assembly: Assembly::default(),
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
        match self.take(line, number) {
            Ok(()) => self.reading.accept(),
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

    fn take(&mut self, line: &[u8], number: u64) -> Result<(), Fault> {
        let fields = fields(line).map_err(|column| (Some(column), Problem::Quotes))?;
        let (got, expected) = (fields.len(), self.columns.count());
        if got != expected {
            return Err((None, Problem::Fields { got, expected }));
        }
        let parsed = self.columns.parse(&fields)?;
        let id = match parsed.id {
            "" => &*format!("line-{number}"),
            id => id,
        };
        let row = NewRow {
            id: String::new(),
            code: parsed.codes[0],
            quality: parsed.quality,
            profile: parsed.profile,
            part: parsed.part,
            shown: parsed.shown,
            label: Some(parsed.label.into_owned()),
        };
        self.assembly
            .add_all(id, &parsed.codes, &row)
            .map_err(|problem| (self.columns.at_fault(&problem), problem))
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
        Ok(self.assembly.finish(digest, self.reading))
    }
}

/// A row as its fields say it; `codes` is never empty.
struct Parsed<'a> {
    id: &'a str,
    codes: Vec<Code>,
    quality: Option<Quality>,
    profile: Profile,
    part: Option<Part>,
    shown: Option<Shown>,
    label: Cow<'a, str>,
}

impl Columns {
    fn parse<'a>(&self, fields: &'a [Cow<'_, [u8]>]) -> Result<Parsed<'a>, Fault> {
        let at = |column: Option<usize>| column.map_or(&b""[..], |i| fields[i].trim_ascii());
        let text = |column: Option<usize>| {
            std::str::from_utf8(at(column)).map_err(|_| (column.map(|i| i + 1), Problem::NotUtf8))
        };
        match self {
            Self::Bare => Ok(Parsed {
                id: "",
                codes: vec![bare_code(at(Some(0))).map_err(|problem| (Some(1), problem))?],
                quality: None,
                profile: Profile::Unstated,
                part: None,
                shown: None,
                label: Cow::default(),
            }),
            Self::Named(named) => {
                let mut codes = Vec::new();
                for &(signal, column) in &named.codes {
                    let field = at(Some(column));
                    if !field.is_empty() {
                        codes.push(code(signal, field).map_err(|p| (Some(column + 1), p))?);
                    }
                }
                if codes.is_empty() {
                    return Err((None, Problem::NoHash));
                }
                let column = named.quality;
                let quality = parse_quality(at(column)).map_err(|p| (column.map(|i| i + 1), p))?;
                let column = named.profile;
                let profile = Profile::from_name(at(column))
                    .ok_or((column.map(|i| i + 1), Problem::UnknownProfile))?;
                let part = optional(text(named.part)?, Problem::Part)
                    .map_err(|problem| (named.part.map(|i| i + 1), problem))?;
                let shown = optional(text(named.shown)?, Problem::Shown)
                    .map_err(|problem| (named.shown.map(|i| i + 1), problem))?;
                Ok(Parsed {
                    id: text(named.id)?,
                    codes,
                    quality,
                    profile,
                    part,
                    shown,
                    label: text(named.label)?.into(),
                })
            }
            Self::Signals(signals) => {
                let column = signals.kind;
                let signal = Signal::from_name(at(Some(column)))
                    .ok_or((Some(column + 1), Problem::SignalType))?;
                let column = signals.text;
                let code = code(signal, at(Some(column))).map_err(|p| (Some(column + 1), p))?;
                let mut label = String::new();
                for &column in &signals.described_by {
                    let text = text(Some(column))?;
                    if !text.is_empty() {
                        label += if label.is_empty() { "" } else { " / " };
                        label += text;
                    }
                }
                Ok(Parsed {
                    id: "",
                    codes: vec![code],
                    quality: None,
                    profile: Profile::Unstated,
                    part: None,
                    shown: None,
                    label: label.into(),
                })
            }
        }
    }
}

fn code(signal: Signal, field: &[u8]) -> Result<Code, Problem> {
    let code = match signal {
        Signal::Pdq => Pdq::from_hex(field).map(Code::Pdq),
        Signal::Digest(kind) => kind.from_hex(field).map(Code::Digest),
    };
    code.map_err(|error| Problem::Hash {
        what: signal.what(),
        error,
    })
}

/// A line that is nothing but a hash: what it is, its length tells. 64 digits are PDQ; SHA-256 needs a header.
fn bare_code(field: &[u8]) -> Result<Code, Problem> {
    let signal = match field.len() {
        32 => Signal::Digest(DigestKind::Md5),
        40 => Signal::Digest(DigestKind::Sha1),
        _ => Signal::Pdq,
    };
    code(signal, field)
}

/// What a field says, if it is filled.
fn optional<T: FromStr>(field: &str, wrong: fn(T::Err) -> Problem) -> Result<Option<T>, Problem> {
    match field {
        "" => Ok(None),
        _ => field.parse().map(Some).map_err(wrong),
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
