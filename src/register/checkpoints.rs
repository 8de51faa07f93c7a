//! What logs have promised: signed checkpoints, kept, and compared with the logs as they are here.
//!
//! A checkpoint that says what a line says is settled: lines only grow. So the others alone are listed, those that contradict and those that lie
//! beyond the end, with the key that has signed each; and compared again when their log grows or tells another story. From which size on a log is
//! contradicted stands in the list of logs, so that nobody who asks for an entry looks at a checkpoint.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::ledger::{Append, Ledger, NewRecord};
use crate::limits::Limits;
use crate::sign::tree::TreeHash;
use crate::sign::{Checkpoint, GenesisId, KeyId, LogName, PublicKey, SignedCheckpoint};

use super::file::LeftOut;
use super::lines::{LineRow, OpenLine, keys_of};
use super::list::of_log;
use super::{RegisterError, pages};

/// What all checkpoints are filed under.
const TOPIC: [u8; 32] = [1; 32];

/// What a checkpoint is to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It says what is known.
    Known,
    /// It was kept.
    New,
    /// It was kept, and shows that the log has told another story.
    Contradicts,
}

/// The name under which the checkpoints of a log are signed.
pub(super) fn origin(register: GenesisId, log: KeyId) -> Result<LogName, RegisterError> {
    let name = format!("register/{register}/log/{log}");
    name.parse()
        .map_err(|_| RegisterError::Damaged("the name of a log"))
}

/// The log that a checkpoint is of, if it is one of this register.
pub(super) fn log_of(register: GenesisId, origin: &LogName) -> Option<KeyId> {
    let rest = origin.as_str().strip_prefix("register/")?;
    let (of, log) = rest.split_once("/log/")?;
    (of.parse() == Ok(register))
        .then(|| log.parse().ok())
        .flatten()
}

/// A checkpoint that no line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Unsettled {
    /// Where it is kept, among those of its log.
    place: u64,
    size: u64,
    root: TreeHash,
    /// The key that has signed it.
    key: KeyId,
}

/// The checkpoints of a log that is open for more.
pub(super) struct Promises {
    log: KeyId,
    lines: Lines,
    /// How many are kept.
    count: u64,
    unsettled: Vec<Unsettled>,
    contradicted: Option<u64>,
}

impl Promises {
    pub(super) fn open(
        rows: &[LineRow],
        log: KeyId,
        ledger: &Ledger,
    ) -> Result<Self, RegisterError> {
        Ok(Self {
            log,
            lines: Lines::open(rows, ledger)?,
            count: count(ledger, log)?,
            unsettled: pages::read(ledger, &unsettled_of(log))?,
            contradicted: rows.first().and_then(|row| row.contradicted),
        })
    }

    /// From which size on a checkpoint says something else than every line that is so long.
    pub(super) fn contradicted(&self) -> Option<u64> {
        self.contradicted
    }

    /// Keeps a checkpoint, if it tells anything new.
    pub(super) fn take(
        &mut self,
        note: &SignedCheckpoint,
        append: &mut Append<'_>,
    ) -> Result<Result<Told, LeftOut>, RegisterError> {
        let known = self.lines.known(self.log, note.unverified(), append)?;
        // What is kept was verified.
        for place in &known {
            if at(append, self.log, *place)? == *note {
                return Ok(Ok(Told::Known));
            }
        }
        let Some((note, key)) = self.lines.signed(note) else {
            return Ok(Err(LeftOut::NotSigned));
        };
        if !known.is_empty() {
            return Ok(Ok(Told::Known));
        }
        let place = self.count;
        append.add(&NewRecord {
            stream: stream(self.log),
            place,
            topic: TOPIC,
            body: &note.to_bytes(),
        })?;
        let said = note.unverified();
        append.keep(&index_of(self.log, said, key), &place.to_be_bytes())?;
        self.count += 1;
        append.keep(&count_of(self.log), &self.count.to_be_bytes())?;
        let new = Unsettled {
            place,
            size: said.size,
            root: said.root,
            key,
        };
        let Some(contradicts) = self.lines.contradict(&new, append)? else {
            return Ok(Ok(Told::New));
        };
        let unchanged = self.unsettled.len();
        self.unsettled.push(new);
        pages::keep(append, &unsettled_of(self.log), &self.unsettled, unchanged)?;
        if !contradicts {
            return Ok(Ok(Told::New));
        }
        let least = self.contradicted.map_or(said.size, |at| at.min(said.size));
        self.contradicted = Some(least);
        Ok(Ok(Told::Contradicts))
    }

    /// Compares what is not settled with the lines, which have grown or become more.
    pub(super) fn judge(&mut self, append: &mut Append<'_>) -> Result<(), RegisterError> {
        let judged = self.lines.judge(&self.unsettled, append)?;
        self.contradicted = judged.contradicted;
        if judged.unsettled != self.unsettled {
            self.unsettled = judged.unsettled;
            pages::keep(append, &unsettled_of(self.log), &self.unsettled, 0)?;
        }
        Ok(())
    }
}

/// Whether anything of a log is not settled.
pub(super) fn has_unsettled(ledger: &Ledger, log: KeyId) -> Result<bool, RegisterError> {
    let unsettled: Vec<Unsettled> = pages::read(ledger, &unsettled_of(log))?;
    Ok(!unsettled.is_empty())
}

/// All that is kept of a log, in the order in which it came.
fn of(ledger: &Ledger, log: KeyId) -> Result<Vec<SignedCheckpoint>, RegisterError> {
    let mut notes = Vec::new();
    let walked = ledger.of_stream(&stream(log), 0, |record| match note_of(record.body) {
        Ok(note) => {
            notes.push(note);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    })?;
    match walked {
        ControlFlow::Continue(()) => Ok(notes),
        ControlFlow::Break(error) => Err(error),
    }
}

/// The one at a place.
fn at(ledger: &Ledger, log: KeyId, place: u64) -> Result<SignedCheckpoint, RegisterError> {
    let found = ledger.of_stream(&stream(log), place, |record| {
        ControlFlow::Break(note_of(record.body))
    })?;
    let found = found.break_value();
    found.unwrap_or(Err(RegisterError::Damaged("a checkpoint is missing")))
}

fn note_of(body: &[u8]) -> Result<SignedCheckpoint, RegisterError> {
    let note = SignedCheckpoint::from_bytes(body, &Limits::default());
    note.map_err(|_| RegisterError::Damaged("a record is no checkpoint"))
}

/// How many are kept of a log.
fn count(ledger: &Ledger, log: KeyId) -> Result<u64, RegisterError> {
    Ok(number(ledger, &count_of(log))?.unwrap_or(0))
}

fn number(ledger: &Ledger, key: &[u8]) -> Result<Option<u64>, RegisterError> {
    let Some(bytes) = ledger.kept(key)? else {
        return Ok(None);
    };
    let bytes = <[u8; 8]>::try_from(bytes);
    let bytes = bytes.map_err(|_| RegisterError::Damaged("the place of a checkpoint"))?;
    Ok(Some(u64::from_be_bytes(bytes)))
}

/// The checkpoints that contradict every line of their log which is as long, by log.
pub(super) fn contradictions(
    ledger: &Ledger,
    rows: &[LineRow],
) -> Result<BTreeMap<KeyId, Vec<SignedCheckpoint>>, RegisterError> {
    let mut found: BTreeMap<KeyId, Vec<SignedCheckpoint>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.contradicted.is_some()) {
        let mut promises = Promises::open(of_log(rows, row.log), row.log, ledger)?;
        for one in &promises.unsettled {
            if promises.lines.contradict(one, ledger)? == Some(true) {
                let note = at(ledger, row.log, one.place)?;
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
    let notes = of(ledger, log)?;
    if notes.is_empty() {
        return Ok(notes);
    }
    let (lines, mut signed) = (Lines::open(rows, ledger)?, Vec::new());
    for (place, note) in (0..).zip(notes) {
        let known = lines.known(log, note.unverified(), ledger)?;
        if known.contains(&place) {
            signed.push(note);
        }
    }
    Ok(signed)
}

/// Verifies all checkpoints of a log, and that what is remembered of them is what follows from them.
pub(super) fn check(
    ledger: &Ledger,
    register: GenesisId,
    rows: &[LineRow],
    log: KeyId,
) -> Result<(), RegisterError> {
    let (notes, origin) = (of(ledger, log)?, origin(register, log)?);
    let kept: Vec<Unsettled> = pages::read(ledger, &unsettled_of(log))?;
    let contradicted = rows.first().and_then(|row| row.contradicted);
    let mut judged = Judged::default();
    if !notes.is_empty() {
        let (mut lines, mut all) = (Lines::open(rows, ledger)?, Vec::new());
        for (place, note) in (0..).zip(&notes) {
            let said = note.unverified();
            let key = lines.signer(&origin, note);
            let key = key.ok_or(RegisterError::Damaged("a checkpoint is not signed"))?;
            if number(ledger, &index_of(log, said, key))? != Some(place) {
                return Err(RegisterError::Damaged("a checkpoint is not found"));
            }
            all.push(Unsettled {
                place,
                size: said.size,
                root: said.root,
                key,
            });
        }
        judged = lines.judge(&all, ledger)?;
    }
    if count(ledger, log)? != notes.len() as u64 {
        return Err(RegisterError::Damaged("a checkpoint is missing"));
    }
    if judged.unsettled != kept || judged.contradicted != contradicted {
        return Err(RegisterError::Damaged(
            "what a checkpoint says was judged otherwise",
        ));
    }
    Ok(())
}

/// What comes of comparing checkpoints with lines.
#[derive(Default)]
struct Judged {
    unsettled: Vec<Unsettled>,
    contradicted: Option<u64>,
}

/// The lines of a log, each with its keys and the places from which on they sign.
struct Lines(Vec<(OpenLine, Vec<(u64, PublicKey)>)>);

impl Lines {
    /// Opens the lines of one log.
    fn open(rows: &[LineRow], ledger: &Ledger) -> Result<Self, RegisterError> {
        let open = rows.iter().map(|row| {
            let keys = keys_of(ledger, rows, row)?;
            Ok((OpenLine::open(row, ledger)?, keys))
        });
        Ok(Self(open.collect::<Result<_, RegisterError>>()?))
    }

    /// The keys that sign the log where it has so many statements, line by line.
    fn keys_at(&self, size: u64) -> impl Iterator<Item = &PublicKey> {
        self.0.iter().filter_map(move |(open, keys)| {
            let end = open.row.begins.saturating_add(size);
            let present = keys.iter().rev().find(|(from, _)| *from <= end);
            present.map(|(_, key)| key)
        })
    }

    /// The note with the signature alone of the key that signs the log where it has so many statements, and that key; none where that is not there.
    fn signed(&self, note: &SignedCheckpoint) -> Option<(SignedCheckpoint, KeyId)> {
        let mut keys = self.keys_at(note.unverified().size);
        keys.find_map(|key| Some((alone(note, key)?, key.id())))
    }

    /// Which key of the log has signed, wherever that signs.
    fn signer(&self, origin: &LogName, note: &SignedCheckpoint) -> Option<KeyId> {
        let mut keys = self.0.iter().flat_map(|(_, keys)| keys);
        let signer = keys.find(|(_, key)| note.verify(origin, key).is_ok());
        signer.map(|(_, key)| key.id())
    }

    /// The places of those that say this, and are signed by a key that signs the log where it has so many statements.
    fn known(
        &self,
        log: KeyId,
        said: &Checkpoint,
        ledger: &Ledger,
    ) -> Result<BTreeSet<u64>, RegisterError> {
        let mut places = BTreeSet::new();
        let keys: BTreeSet<KeyId> = self.keys_at(said.size).map(PublicKey::id).collect();
        for key in keys {
            places.extend(number(ledger, &index_of(log, said, key))?);
        }
        Ok(places)
    }

    /// None where a line says the same; otherwise whether a line is so long, and its key is that of a line there.
    fn contradict(
        &mut self,
        note: &Unsettled,
        ledger: &Ledger,
    ) -> Result<Option<bool>, RegisterError> {
        let mut is_reached = false;
        for (line, _) in &mut self.0 {
            if note.size <= line.log.tree().size() {
                is_reached = true;
                if line.tiles.root(note.size, ledger)? == note.root {
                    return Ok(None);
                }
            }
        }
        let is_signed = is_reached && self.keys_at(note.size).any(|key| key.id() == note.key);
        Ok(Some(is_signed))
    }

    fn judge(&mut self, notes: &[Unsettled], ledger: &Ledger) -> Result<Judged, RegisterError> {
        let mut judged = Judged::default();
        for note in notes {
            let Some(contradicts) = self.contradict(note, ledger)? else {
                continue;
            };
            if contradicts {
                let least = judged.contradicted;
                let least = least.map_or(note.size, |at| at.min(note.size));
                judged.contradicted = Some(least);
            }
            judged.unsettled.push(note.clone());
        }
        Ok(judged)
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

/// Where the place of a checkpoint is kept, by what it says and who has signed it.
fn index_of(log: KeyId, said: &Checkpoint, key: KeyId) -> Vec<u8> {
    let size = said.size.to_be_bytes();
    let (log, root, key) = (log.to_bytes(), said.root.to_bytes(), key.to_bytes());
    [b"checkpoint ".as_slice(), &log, &size, &root, &key].concat()
}

fn count_of(log: KeyId) -> Vec<u8> {
    [b"checkpoints ".as_slice(), &log.to_bytes()].concat()
}

fn unsettled_of(log: KeyId) -> Vec<u8> {
    [b"unsettled ".as_slice(), &log.to_bytes()].concat()
}
