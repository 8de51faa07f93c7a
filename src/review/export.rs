//! All records as lines of JSON, for others to keep and to verify: what happened, and no text about a person.

use std::io::{self, BufRead, Read, Write};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::baseline::Time;
use crate::ledger::{Chain, Head, NewRecord};
use crate::limits::{Exceeded, Limits, Resource};

use super::error::ReviewError;
use super::event::{self, Happened, HouseRecord};
use super::reviews::{KIND, Reviews, STREAM, case_topic, house_topic};
use super::showing;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    format: String,
    records: u64,
    chain: String,
}

/// A record. `record` is what the chain is made of; all else is for people, and follows from it.
#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Line {
    number: u64,
    /// None for what concerns the file as a whole.
    case: Option<u32>,
    at: Time,
    what: String,
    record: String,
}

/// Why an export is not what it says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line that is too long.
    #[error("line {line}: {limit}; raise the limit, if it is right")]
    Limit {
        /// Which.
        line: u64,
        /// By how much.
        limit: Exceeded,
    },
    /// A line that is none of an export.
    #[error("line {0}: not one of an export: ask for it anew")]
    Line(u64),
    /// A line whose words do not follow from its record.
    #[error(
        "line {0}: what it says does not follow from its record: ask for it anew, and ask who changed it"
    )]
    Words(u64),
    /// The records are not those of the head.
    #[error(
        "{found} records do not come to the head of the first line, which tells of {told}: something was changed, added or taken away"
    )]
    Chain {
        /// How many there are.
        found: u64,
        /// How many there should be.
        told: u64,
    },
}

impl Reviews {
    /// Writes all records as lines of JSON: who did what and when, by pseudonyms' numbers; no subject, no note, no complaint, no evidence.
    ///
    /// # Errors
    /// [`ReviewError`]; the error of `out` as [`io::Error`] inside the outcome.
    ///
    /// # Cost
    /// Reading all records. Nobody can add meanwhile.
    pub fn export(&self, out: &mut impl Write) -> Result<io::Result<Head>, ReviewError> {
        let head = self.head()?;
        let first = First {
            format: FORMAT.to_owned(),
            records: head.records,
            chain: head.chain.to_string(),
        };
        if let Err(error) = write_line(&first, out) {
            return Ok(Err(error));
        }
        let mut damaged = None;
        let stopped = self.ledger.records(1, |record| {
            if record.number > head.records {
                return ControlFlow::Break(Ok(()));
            }
            let Some(line) = line_of(record.number, record.topic, record.body) else {
                damaged = Some(record.number);
                return ControlFlow::Break(Ok(()));
            };
            match write_line(&line, out) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(Err(error)),
            }
        })?;
        if let Some(record) = damaged {
            return Err(ReviewError::Damaged {
                record,
                what: "not a record of this room",
            });
        }
        match stopped {
            ControlFlow::Break(Err(error)) => Ok(Err(error)),
            _ => Ok(Ok(head)),
        }
    }
}

/// Makes the chain of an export anew, and compares. Gives its head, which can be compared with one that was kept elsewhere.
///
/// # Errors
/// [`ExportError`] names the first line that is wrong.
///
/// # Cost
/// Microseconds a line; one line at a time is in memory.
pub fn verify_export(mut from: impl BufRead, limits: &Limits) -> Result<Head, ExportError> {
    let mut chain = Chain::before_all(KIND);
    let (mut first, mut number, mut line) = (None::<First>, 0, Vec::new());
    loop {
        let at = number + 1 + u64::from(first.is_some());
        if !read_line(&mut from, &mut line, at, limits)? {
            break;
        }
        let Some(told) = &first else {
            let read: First = serde_json::from_slice(&line).map_err(|_| ExportError::Line(at))?;
            if read.format != FORMAT {
                return Err(ExportError::Line(at));
            }
            first = Some(read);
            continue;
        };
        if number >= told.records {
            return Err(ExportError::Chain {
                found: number + 1,
                told: told.records,
            });
        }
        let read: Line = serde_json::from_slice(&line).map_err(|_| ExportError::Line(at))?;
        let body = from_hex(&read.record).ok_or(ExportError::Line(at))?;
        number += 1;
        let topic = read.case.map_or_else(house_topic, case_topic);
        if line_of(number, topic, &body).as_ref() != Some(&read) {
            return Err(ExportError::Words(at));
        }
        let record = NewRecord {
            stream: STREAM,
            place: number - 1,
            topic,
            body: &body,
        };
        chain = chain.after(number, &record);
    }
    match first {
        Some(told) if told.records == number && told.chain == chain.to_string() => Ok(Head {
            records: number,
            chain,
        }),
        Some(told) => Err(ExportError::Chain {
            found: number,
            told: told.records,
        }),
        None => Err(ExportError::Line(1)),
    }
}

fn line_of(number: u64, topic: [u8; 32], body: &[u8]) -> Option<Line> {
    let record = hex(body);
    if topic == house_topic() {
        let read: HouseRecord = event::from_bytes(body)?;
        let (at, what) = (read.at, showing::house_in_words(&read.what));
        return Some(Line {
            number,
            case: None,
            at,
            what,
            record,
        });
    }
    let (_, case) = topic.split_last_chunk::<4>()?;
    let case = u32::from_be_bytes(*case);
    if topic != case_topic(case) {
        return None;
    }
    let read: Happened = event::from_bytes(body)?;
    let (at, what) = (read.at, showing::in_words(&read.what));
    Some(Line {
        number,
        case: Some(case),
        at,
        what,
        record,
    })
}

fn write_line(line: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
}

/// The next line without its end; false behind the last one.
fn read_line(
    from: &mut impl BufRead,
    line: &mut Vec<u8>,
    at: u64,
    limits: &Limits,
) -> Result<bool, ExportError> {
    line.clear();
    // Twice the digits of the largest record, and the words.
    let most = limits.record_bytes.saturating_mul(3);
    let read = Read::take(&mut *from, most.saturating_add(1)).read_until(b'\n', line)?;
    if read as u64 > most {
        let limit = Exceeded {
            what: Resource::RecordBytes,
            asked: read as u64,
            allowed: most,
        };
        return Err(ExportError::Limit { line: at, limit });
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(read > 0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

const FORMAT: &str = "ijkpunt reviews 1";
