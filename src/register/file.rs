//! Merge files: what one register gives to another, a line each.

use std::io::{BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use crate::limits::{Exceeded, Limits, Resource};
use crate::sign::{CheckpointError, Envelope, EnvelopeError, Refused, SignedCheckpoint};

use super::RegisterError;

/// A line of a merge file.
#[derive(Debug)]
pub(super) enum Written {
    /// A genesis or a statement.
    Envelope(Envelope),
    /// What a log has promised.
    Checkpoint(SignedCheckpoint),
}

/// Why a line of a merge file was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LeftOut {
    /// Neither an envelope nor a checkpoint.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A checkpoint that cannot be read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A line that is too long.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// A statement that its log does not take.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A checkpoint of a log that is not here, or of another register.
    #[error("a checkpoint of a log that is not here: merge the log with it")]
    NoLog,
    /// A checkpoint that the log's key of that place has not signed.
    #[error("a checkpoint that the log's key at that place has not signed: ask for another one")]
    NotSigned,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    checkpoint: String,
}

/// How a line begins that holds a checkpoint.
const CHECKPOINT: &[u8] = b"{\"checkpoint\":";

pub(super) fn read_line(line: &[u8], limits: &Limits) -> Result<Written, LeftOut> {
    if line.starts_with(CHECKPOINT) {
        limits.check(Resource::EnvelopeBytes, line.len() as u64)?;
        let note: CheckpointLine =
            serde_json::from_slice(line).map_err(|_| CheckpointError::Form)?;
        let note = SignedCheckpoint::from_bytes(note.checkpoint.as_bytes(), limits)?;
        Ok(Written::Checkpoint(note))
    } else {
        Ok(Written::Envelope(Envelope::from_json(line, limits)?))
    }
}

pub(super) fn write_envelope(
    envelope: &Envelope,
    out: &mut impl Write,
) -> Result<(), RegisterError> {
    Ok(writeln!(out, "{}", envelope.to_json())?)
}

pub(super) fn write_checkpoint(
    note: &SignedCheckpoint,
    out: &mut impl Write,
) -> Result<(), RegisterError> {
    let checkpoint = String::from_utf8(note.to_bytes());
    let checkpoint = checkpoint.map_err(|_| RegisterError::Damaged("a checkpoint is no text"))?;
    let Ok(line) = serde_json::to_string(&CheckpointLine { checkpoint }) else {
        return Err(RegisterError::Damaged("a checkpoint is no text"));
    };
    Ok(writeln!(out, "{line}")?)
}

/// The lines of a file, none longer than an envelope may be.
pub(super) struct Lines<R> {
    from: R,
    most: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(from: R, limits: &Limits) -> Self {
        Self {
            from,
            most: limits.envelope_bytes,
            line: Vec::new(),
        }
    }

    /// The next line without its end; none behind the last one. What is too long is read up to the limit, and one byte more, so that
    /// whoever reads it refuses it; its rest is passed over.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, RegisterError> {
        self.line.clear();
        let most = self.most.saturating_add(2);
        let read = Read::take(&mut self.from, most).read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        let is_ended = self.line.last() == Some(&b'\n');
        if is_ended {
            self.line.pop();
        } else if read as u64 == most {
            self.from.skip_until(b'\n')?;
        }
        Ok(Some(&self.line))
    }
}
