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
    let of_log: Vec<&LineRow> = rows.iter().filter(|row| Some(row.log) == log).collect();
    let (Some(log), false) = (log, of_log.is_empty()) else {
        return Ok(Err(LeftOut::NoLog));
    };
    let mut is_signed = false;
    for row in &of_log {
        let key = key_at(append, rows, row, said.size)?;
        is_signed |= key.is_some_and(|key| note.verify(&said.origin, &key).is_ok());
    }
    if !is_signed {
        return Ok(Err(LeftOut::NotSigned));
    }
    let (mut reached, mut agrees) = (false, false);
    for row in &of_log {
        let mut open = OpenLine::open(row, append)?;
        if said.size <= open.log.tree().size() {
            reached = true;
            agrees |= open.tiles.root(said.size, append)? == said.root;
        }
    }
    let kept = of(append, log)?;
    let newest = kept.iter().map(|note| note.unverified().size).max();
    let is_there = kept.iter().any(|other| other.unverified() == said);
    if is_there || (agrees && newest >= Some(said.size)) {
        return Ok(Ok(Told::Known));
    }
    append.add(&NewRecord {
        stream: stream(log),
        place: kept.len() as u64,
        topic: TOPIC,
        body: &note.to_bytes(),
    })?;
    Ok(Ok(if reached && !agrees {
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
        let of_log = rows.iter().filter(|other| other.log == row.log);
        let open = of_log.map(|row| OpenLine::open(row, ledger));
        let mut open: Vec<OpenLine> = open.collect::<Result<_, _>>()?;
        for note in notes {
            let said = note.unverified();
            let (mut reached, mut agrees) = (false, false);
            for line in &mut open {
                if said.size <= line.log.tree().size() {
                    reached = true;
                    agrees |= line.tiles.root(said.size, ledger)? == said.root;
                }
            }
            if reached && !agrees {
                found.entry(row.log).or_default().push(note);
            }
        }
    }
    Ok(found)
}

/// The key by which a log is signed where it has so many statements.
fn key_at(
    ledger: &Ledger,
    rows: &[LineRow],
    row: &LineRow,
    size: u64,
) -> Result<Option<PublicKey>, RegisterError> {
    let keys = keys_of(ledger, rows, row)?;
    let end = row.begins.saturating_add(size);
    let present = keys.into_iter().rev().find(|(from, _)| *from <= end);
    Ok(present.map(|(_, key)| key))
}

fn stream(log: KeyId) -> [u8; 32] {
    blake3::derive_key("ijkpunt 2026 checkpoints of a log v0", &log.to_bytes())
}
