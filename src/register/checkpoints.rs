//! What logs have promised: signed checkpoints, kept, and compared with the logs as they are here.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::ledger::{Append, Ledger, NewRecord};
use crate::limits::Limits;
use crate::sign::{GenesisId, KeyId, LogName, PublicKey, SignedCheckpoint};

use super::RegisterError;
use super::file::LeftOut;
use super::lines::{LineRow, OpenLine, keys_of};

/// What all checkpoints are filed under.
const TOPIC: [u8; 32] = [1; 32];

/// What a checkpoint is to the register.
pub(super) enum Told {
    /// It says what is known.
    Known,
    /// It was kept.
    New,
    /// It was kept, and shows that the log has told another story.
    Contradicts(KeyId),
}

/// The name under which the checkpoints of a log are signed.
pub(super) fn origin(register: GenesisId, log: KeyId) -> Result<LogName, RegisterError> {
    let name = format!("register/{register}/log/{log}");
    name.parse()
        .map_err(|_| RegisterError::Damaged("the name of a log"))
}

/// The log that a checkpoint is of, if it is one of this register.
fn log_of(register: GenesisId, origin: &LogName) -> Option<KeyId> {
    let rest = origin.as_str().strip_prefix("register/")?;
    let (of, log) = rest.split_once("/log/")?;
    (of.parse() == Ok(register))
        .then(|| log.parse().ok())
        .flatten()
}

/// Keeps a checkpoint, if it tells anything new.
pub(super) fn take(
    append: &mut Append<'_>,
    rows: &[LineRow],
    register: GenesisId,
    note: &SignedCheckpoint,
) -> Result<Result<Told, LeftOut>, RegisterError> {
    let said = note.unverified();
    let log = log_of(register, &said.origin);
    let Some(log) = log.filter(|log| rows.iter().any(|row| row.log == *log)) else {
        return Ok(Err(LeftOut::NoLog));
    };
    let mut lines = Lines::open(rows, log, append)?;
    let Some(note) = lines.signed(note) else {
        return Ok(Err(LeftOut::NotSigned));
    };
    let kept = of(append, log)?;
    let is_there = |other: &SignedCheckpoint| {
        other.unverified() == note.unverified() && lines.signed(other).is_some()
    };
    if kept.iter().any(is_there) {
        return Ok(Ok(Told::Known));
    }
    let contradicts = lines.contradict(&note, append)?;
    append.add(&NewRecord {
        stream: stream(log),
        place: kept.len() as u64,
        topic: TOPIC,
        body: &note.to_bytes(),
    })?;
    Ok(Ok(if contradicts {
        Told::Contradicts(log)
    } else {
        Told::New
    }))
}

/// All that is kept of a log, in the order in which it came.
pub(super) fn of(ledger: &Ledger, log: KeyId) -> Result<Vec<SignedCheckpoint>, RegisterError> {
    let mut notes = Vec::new();
    let walked = ledger.of_stream(
        &stream(log),
        0,
        |record| match SignedCheckpoint::from_bytes(record.body, &Limits::default()) {
            Ok(note) => {
                notes.push(note);
                ControlFlow::Continue(())
            }
            Err(_) => ControlFlow::Break(()),
        },
    )?;
    match walked {
        ControlFlow::Continue(()) => Ok(notes),
        ControlFlow::Break(()) => Err(RegisterError::Damaged("a record is no checkpoint")),
    }
}

/// The checkpoints that contradict every line of their log which is as long, by log.
pub(super) fn contradictions(
    ledger: &Ledger,
    rows: &[LineRow],
) -> Result<BTreeMap<KeyId, Vec<SignedCheckpoint>>, RegisterError> {
    let mut found: BTreeMap<KeyId, Vec<SignedCheckpoint>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.line == 0) {
        let notes = of(ledger, row.log)?;
        if notes.is_empty() {
            continue;
        }
        let mut lines = Lines::open(rows, row.log, ledger)?;
        for note in notes {
            if lines.signed(&note).is_some() && lines.contradict(&note, ledger)? {
                found.entry(row.log).or_default().push(note);
            }
        }
    }
    Ok(found)
}

/// Those of a log that its key of that place has signed, as far as the log is known here. One that was signed ahead by a key that the log has changed
/// before it came so far is none.
pub(super) fn signed(
    ledger: &Ledger,
    rows: &[LineRow],
    log: KeyId,
) -> Result<Vec<SignedCheckpoint>, RegisterError> {
    let mut notes = of(ledger, log)?;
    if !notes.is_empty() {
        let lines = Lines::open(rows, log, ledger)?;
        notes.retain(|note| lines.signed(note).is_some());
    }
    Ok(notes)
}

/// The lines of a log, each with its keys and the places from which on they sign.
struct Lines(Vec<(OpenLine, Vec<(u64, PublicKey)>)>);

impl Lines {
    fn open(rows: &[LineRow], log: KeyId, ledger: &Ledger) -> Result<Self, RegisterError> {
        let of_log = rows.iter().filter(|row| row.log == log);
        let open = of_log.map(|row| {
            let keys = keys_of(ledger, rows, row)?;
            Ok((OpenLine::open(row, ledger)?, keys))
        });
        Ok(Self(open.collect::<Result<_, RegisterError>>()?))
    }

    /// The note with the signature alone of the key that signs the log where it has so many statements; none where that is not there.
    fn signed(&self, note: &SignedCheckpoint) -> Option<SignedCheckpoint> {
        self.0.iter().find_map(|(open, keys)| {
            let end = open.row.begins.saturating_add(note.unverified().size);
            let (_, key) = keys.iter().rev().find(|(from, _)| *from <= end)?;
            alone(note, key)
        })
    }

    /// Whether a line is so long, and none that is says the same.
    fn contradict(
        &mut self,
        note: &SignedCheckpoint,
        ledger: &Ledger,
    ) -> Result<bool, RegisterError> {
        let (said, mut reached) = (note.unverified(), false);
        for (line, _) in &mut self.0 {
            if said.size <= line.log.tree().size() {
                reached = true;
                if line.tiles.root(said.size, ledger)? == said.root {
                    return Ok(false);
                }
            }
        }
        Ok(reached)
    }
}

/// The note without the signatures of others, which anybody can add or leave out.
fn alone(note: &SignedCheckpoint, key: &PublicKey) -> Option<SignedCheckpoint> {
    let origin = &note.unverified().origin;
    note.verify(origin, key).ok()?;
    let bytes = note.to_bytes();
    let (text, signatures) = str::from_utf8(&bytes).ok()?.split_once("\n\n")?;
    signatures.lines().find_map(|line| {
        let one = format!("{text}\n\n{line}\n");
        let one = SignedCheckpoint::from_bytes(one.as_bytes(), &Limits::default()).ok()?;
        one.verify(origin, key).is_ok().then_some(one)
    })
}

pub(super) fn stream(log: KeyId) -> [u8; 32] {
    blake3::derive_key("ijkpunt 2026 checkpoints of a log v0", &log.to_bytes())
}
