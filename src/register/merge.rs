//! Merging: what another register holds, or an authority has sent, is added to this one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::BufRead;

use crate::baseline::{AuthorityId, MemberState};
use crate::ledger::Append;
use crate::limits::Limits;
use crate::sign::{
    Claim, Envelope, GenesisId, KeyId, Log, Refused, Signed, SignedCheckpoint, What,
};

use super::checkpoints::{self, Promises, Told};
use super::file::{LeftOut, Lines};
use super::items::{Item, read_item, spread};
use super::lines::{LineRow, OpenLine, claim_of, each_of_line, key_of, keys_of, refused};
use super::list::List;
use super::{Register, RegisterError};

/// Lines that are looked at together.
const BATCH: usize = 4096;

/// Bytes after which no more lines are looked at together.
const BATCH_BYTES: usize = 32 << 20;

/// No log begins behind this place, so that none comes to the last one that a file has. See [`Register::merge`].
const LAST_BEGIN: u64 = 1 << 62;

/// Refusals that are told one by one.
const MOST_TOLD: usize = 1000;

/// What a merge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged {
    /// The logs that were in the file, by the names of their first keys.
    pub logs: BTreeMap<KeyId, MergedLog>,
    /// Lines that were left out, with their numbers counted from 1, and why; the first thousand.
    pub left_out: Vec<(u64, LeftOut)>,
    /// How many lines were left out.
    pub lines_left_out: u64,
    /// Checkpoints that were new.
    pub checkpoints: u64,
    /// Logs of which this file shows a second story.
    pub forked: Vec<KeyId>,
}

/// What a merge did with one log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MergedLog {
    /// Whose it is.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Statements that were new.
    pub added: u64,
    /// Statements that were here.
    pub known: u64,
}

impl Register {
    /// Adds all that a merge file holds and this register does not. What is against the rules of its log is left out, and told; everything else is
    /// kept, whether or not it counts today. So registers that have taken in the same files, in any order, hold the same. Files are meant as
    /// [`Register::export`] writes them: a line whose forerunner is missing is left out, and taken when the file is merged again behind that. A log that
    /// begins behind place 2^62 is left out as [`Refused::Full`].
    ///
    /// `progress` is told now and then how many lines were read.
    ///
    /// # Errors
    /// [`RegisterError`]: the file is another register's, or none, or cannot be read; the register cannot be added to. What was added before stays, and
    /// merging the file again goes on from there.
    ///
    /// # Cost
    /// For each new statement its signatures, on all cores, and some 50 microseconds beside; some microseconds for those that are known.
    pub fn merge(
        &mut self,
        file: impl BufRead,
        limits: &Limits,
        mut progress: impl FnMut(u64),
    ) -> Result<Merged, RegisterError> {
        // What is larger than what is read back from the file must not come into it.
        let mut limits = limits.clone();
        let known = Limits::default();
        limits.envelope_bytes = limits.envelope_bytes.min(known.envelope_bytes);
        limits.signatures = limits.signatures.min(known.signatures);
        let limits = &limits;
        let mut file = Lines::new(file, limits);
        self.check_genesis(file.next()?.unwrap_or_default(), limits)?;
        let (mut merged, mut number) = (Merged::default(), 1);
        loop {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while batch.len() < BATCH
                && bytes < BATCH_BYTES
                && let Some(line) = file.next()?
            {
                number += 1;
                if !line.is_empty() {
                    bytes += line.len();
                    batch.push((number, line.to_vec()));
                }
            }
            if batch.is_empty() {
                return Ok(merged);
            }
            let mut merger = Merger::new(self)?;
            merger.merge(batch, limits, &mut merged)?;
            merger.commit()?;
            progress(number);
        }
    }

    fn check_genesis(&self, line: &[u8], limits: &Limits) -> Result<(), RegisterError> {
        let found = Register::genesis_of(line, limits)?.id();
        let expected = self.id();
        if found == expected {
            Ok(())
        } else {
            Err(RegisterError::OtherRegister { found, expected })
        }
    }
}

/// Lines of a register that are open for more, within a transaction.
pub(super) struct Merger<'r> {
    register: GenesisId,
    list: List,
    open: BTreeMap<(KeyId, u32), OpenLine>,
    /// The logs that have grown, or tell another story, since all was kept.
    changed: BTreeSet<KeyId>,
    /// The checkpoints of logs as they are kept.
    promises: BTreeMap<KeyId, Promises>,
    /// Logs by the keys that sign them.
    signed_by: HashMap<KeyId, KeyId>,
    append: Append<'r>,
}

/// What a statement is to the register.
enum Found {
    Known(KeyId),
    Next(KeyId, u32),
    Parts(KeyId, u32),
    Opens,
    Refused(Refused),
}

impl<'r> Merger<'r> {
    pub(super) fn new(register: &'r mut Register) -> Result<Self, RegisterError> {
        let id = register.id();
        let append = register.ledger.begin()?;
        Ok(Self {
            register: id,
            list: List::read(&append)?,
            open: BTreeMap::new(),
            changed: BTreeSet::new(),
            promises: BTreeMap::new(),
            signed_by: HashMap::new(),
            append,
        })
    }

    pub(super) fn commit(mut self) -> Result<(), RegisterError> {
        self.keep()?;
        self.append.commit()?;
        Ok(())
    }

    /// Keeps all, and compares with the logs that have changed what was promised of them.
    fn keep(&mut self) -> Result<(), RegisterError> {
        let changed = std::mem::take(&mut self.changed);
        for log in &changed {
            for line in self.open.range_mut((*log, 0)..=(*log, u32::MAX)) {
                line.1.keep(&mut self.append)?;
            }
            self.promises.remove(log);
            if checkpoints::has_unsettled(&self.append, *log)? {
                let mut promises = self.promises_of(*log)?;
                promises.judge(&mut self.append)?;
                self.list.contradict(*log, promises.contradicted());
                self.promises.insert(*log, promises);
            }
        }
        self.list.keep(&mut self.append)
    }

    /// The checkpoints of a log, taken out to be changed.
    fn promises_of(&mut self, log: KeyId) -> Result<Promises, RegisterError> {
        match self.promises.remove(&log) {
            Some(promises) => Ok(promises),
            None => Promises::open(&self.lines_of(log), log, &self.append),
        }
    }

    fn lines_of(&self, log: KeyId) -> Vec<LineRow> {
        self.list.of_log(log).cloned().collect()
    }

    /// The log whose next statement this key signs.
    pub(super) fn log_signed_by(&mut self, key: KeyId) -> Result<KeyId, RegisterError> {
        let Some(first) = self.log_of_key(key)? else {
            return Err(RegisterError::NoLog(key));
        };
        // The others only where that one has changed its key.
        let others: Vec<KeyId> = self.list.logs().filter(|log| *log != first).collect();
        for log in [first].into_iter().chain(others) {
            if self.open_line(log, 0)?.log.key().id() == key {
                return Ok(log);
            }
        }
        Err(RegisterError::NoLog(key))
    }

    /// Keeps a checkpoint of an own log.
    pub(super) fn keep_own(mut self, note: &SignedCheckpoint) -> Result<(), RegisterError> {
        match self.tell(note)? {
            Ok(_) => self.commit(),
            Err(_) => Err(RegisterError::Damaged("an own checkpoint is not taken")),
        }
    }

    fn merge(
        &mut self,
        batch: Vec<(u64, Vec<u8>)>,
        limits: &Limits,
        merged: &mut Merged,
    ) -> Result<(), RegisterError> {
        let read = spread(batch, |(number, line)| (number, read_item(&line, limits)));
        let (mut items, mut keys) = (Vec::new(), HashMap::new());
        for (number, item) in read {
            match item {
                Err(why) => merged.leave_out(number, why),
                Ok(Item::Checkpoint(note)) => items.push((number, Item::Checkpoint(note))),
                Ok(Item::Claim(said)) => {
                    let claim = &said.1;
                    keys.extend(claim.names_key().map(|key| (key.id(), key)));
                    // What is known needs no second look at its signature.
                    match self.find(claim, &said.0)? {
                        Found::Known(log) => merged.count(self.row(log, 0)?, 0, 1),
                        _ => items.push((number, Item::Claim(said))),
                    }
                }
            }
        }
        let signed = items.iter().filter_map(|(_, item)| match item {
            Item::Claim(said) => Some(said.0.signatures()),
            Item::Checkpoint(_) => None,
        });
        let signers: BTreeSet<KeyId> = signed.flatten().map(|(id, _)| *id).collect();
        for id in signers {
            if !keys.contains_key(&id)
                && let Some((key, _)) = key_of(&self.append, id)?
            {
                keys.insert(id, key);
            }
        }
        let verified = spread(items, |(number, item)| {
            let verified = match &item {
                Item::Checkpoint(_) => None,
                Item::Claim(said) => Some(said.1.clone().verify(|id| keys.get(id).copied())),
            };
            (number, item, verified)
        });
        for (number, item, verified) in verified {
            let taken = match (item, verified) {
                (Item::Checkpoint(note), _) => self.take_checkpoint(&note, merged)?,
                (Item::Claim(said), Some(Ok(signed))) => {
                    let (envelope, claim) = *said;
                    let taken = self.take(&claim, &signed, &envelope, merged)?;
                    taken.map_err(LeftOut::from)
                }
                (Item::Claim(_), Some(Err(why))) => Err(why.into()),
                (Item::Claim(_), None) => Err(Refused::Unsigned.into()),
            };
            if let Err(why) = taken {
                merged.leave_out(number, why);
            }
        }
        Ok(())
    }

    /// Takes a statement in where it belongs, or says why not.
    pub(super) fn take(
        &mut self,
        claim: &Claim,
        signed: &Signed,
        envelope: &Envelope,
        merged: &mut Merged,
    ) -> Result<Result<(), Refused>, RegisterError> {
        let mut is_new = false;
        let (log, line) = match self.find(claim, envelope)? {
            Found::Refused(why) => return Ok(Err(why)),
            Found::Known(log) => {
                merged.count(self.row(log, 0)?, 0, 1);
                return Ok(Ok(()));
            }
            Found::Opens => return self.opens(signed, envelope, merged),
            Found::Next(log, line) => (log, line),
            Found::Parts(log, line) => {
                let line = match self.part(log, line, claim.unverified().sequence(), signed)? {
                    Ok(line) => line,
                    Err(why) => return Ok(Err(why)),
                };
                is_new = true;
                (log, line)
            }
        };
        let (list, append) = (&self.list, &mut self.append);
        let open = self.open.get_mut(&(log, line));
        let open = open.ok_or(RegisterError::Damaged("a line was not opened"))?;
        match open.accept(signed, envelope, append, list) {
            Ok(()) => {
                self.changed.insert(log);
                if is_new {
                    merged.forked.push(log);
                }
                merged.count(self.row(log, line)?, 1, 0);
                Ok(Ok(()))
            }
            Err(error) => {
                let why = refused(error)?;
                if is_new {
                    // A story without a statement of its own is none.
                    self.open.remove(&(log, line));
                    self.list.pop();
                }
                Ok(Err(why))
            }
        }
    }

    /// Where a statement belongs.
    fn find(&mut self, claim: &Claim, envelope: &Envelope) -> Result<Found, RegisterError> {
        let statement = claim.unverified();
        let name = |row: &LineRow| (row.log, row.line);
        if let What::Opened(opening) = &statement.what {
            let lines = self.list.of_log(opening.key.id()).map(name).collect();
            let (found, _) = self.find_among(lines, claim)?;
            return Ok(found.unwrap_or(Found::Opens));
        }
        // First where its key signs: anybody can open logs in the name of an authority, and a statement fits one log alone.
        for (signer, _) in envelope.signatures() {
            let Some(log) = self.log_of_key(*signer)? else {
                continue;
            };
            let lines = self.list.of_log(log).map(name).collect();
            if let (Some(found), _) = self.find_among(lines, claim)? {
                return Ok(found);
            }
        }
        let lines = self.list.of_authority(statement.authority());
        let lines = lines.map(name).collect();
        let (found, next) = self.find_among(lines, claim)?;
        let sequence = statement.sequence();
        Ok(match (found, next) {
            (Some(found), _) => found,
            (None, None) => Found::Refused(Refused::NotOpened),
            (None, Some(next)) if sequence > next => Found::Refused(Refused::Sequence {
                next,
                found: sequence,
            }),
            (None, Some(_)) => Found::Refused(Refused::Before),
        })
    }

    /// A log that a key signs, or has signed; the first that it was named in.
    fn log_of_key(&mut self, key: KeyId) -> Result<Option<KeyId>, RegisterError> {
        if let Some(log) = self.signed_by.get(&key) {
            return Ok(Some(*log));
        }
        let log = key_of(&self.append, key)?.map(|(_, log)| log);
        self.signed_by.extend(log.map(|log| (key, log)));
        Ok(log)
    }

    /// Where among these lines a statement belongs, if it fits one; and the last place at which one of them ends.
    fn find_among(
        &mut self,
        lines: Vec<(KeyId, u32)>,
        claim: &Claim,
    ) -> Result<(Option<Found>, Option<u64>), RegisterError> {
        let (statement, leaf) = (claim.unverified(), claim.leaf());
        let sequence = statement.sequence();
        let is_opening = matches!(statement.what, What::Opened(_));
        let (mut parts, mut next) = (None, None);
        for (log, line) in lines {
            self.open_line(log, line)?;
            let Some(open) = self.open.get_mut(&(log, line)) else {
                continue;
            };
            let (begins, ends) = (open.log.begins(), open.log.ends());
            next = next.max(Some(ends));
            let Some(index) = sequence.checked_sub(begins) else {
                continue;
            };
            if sequence >= ends {
                if sequence == ends && statement.before == open.log.tree().root() {
                    return Ok((Some(Found::Next(log, line)), next));
                }
            } else if open.tiles.leaf(index, &self.append)? == leaf {
                return Ok((Some(Found::Known(log)), next));
            } else if (index > 0 || !is_opening)
                && open.tiles.root(index, &self.append)? == statement.before
            {
                parts = parts.or(Some(Found::Parts(log, line)));
            }
        }
        Ok((parts, next))
    }

    /// A new log; or, where its key has opened it before, a second story from the first statement on.
    fn opens(
        &mut self,
        signed: &Signed,
        envelope: &Envelope,
        merged: &mut Merged,
    ) -> Result<Result<(), Refused>, RegisterError> {
        let log = match Log::open(signed, self.register) {
            Ok(log) => log,
            Err(why) => return Ok(Err(why)),
        };
        if log.begins() > LAST_BEGIN {
            return Ok(Err(Refused::Full));
        }
        let of_log = self.list.of_log(log.name());
        let line = of_log.map(|row| row.line + 1).max().unwrap_or(0);
        let row = LineRow {
            log: log.name(),
            line,
            parent: line,
            from: log.begins(),
            begins: log.begins(),
            authority: log.authority().clone(),
            state: log.state(),
            contradicted: None,
        };
        let mut open = OpenLine::new(row.clone(), log);
        open.file(signed, envelope, &mut self.append)?;
        self.add(open);
        self.changed.insert(row.log);
        if row.line > 0 {
            merged.forked.push(row.log);
        }
        merged.count(&row, 1, 0);
        Ok(Ok(()))
    }

    /// A second story of a log, which is the same as a line of it up to a place.
    fn part(
        &mut self,
        log: KeyId,
        line: u32,
        at: u64,
        signed: &Signed,
    ) -> Result<Result<u32, Refused>, RegisterError> {
        let row = self.row(log, line)?.clone();
        // A key that is not the log's at that place makes no second story: its statement is refused, and nothing is kept of it.
        let rows = self.lines_of(log);
        let keys = keys_of(&self.append, &rows, &row)?;
        let present = keys.iter().rev().find(|(from, _)| *from <= at);
        let present = present.map(|(_, key)| key.id());
        let signers = signed.statement().keys();
        if present.is_none_or(|present| !signers.contains(&present)) {
            let other = signers.first().copied().unwrap_or(log);
            let is_retired = keys
                .iter()
                .any(|(from, key)| *from <= at && key.id() == other);
            return Ok(Err(match is_retired {
                true => Refused::Retired(other),
                false => Refused::UnknownKey(other),
            }));
        }
        let number = rows.iter().map(|row| row.line + 1).max().unwrap_or(1);
        let mut path = Vec::new();
        each_of_line(&self.append, &rows, &row, at, &mut |envelope| {
            let signed = claim_of(&envelope)?.verify(|id| {
                let known = keys.iter().find(|(_, key)| key.id() == *id);
                known.map(|(_, key)| *key)
            });
            path.push(signed.map_err(|_| RegisterError::Damaged("a signature is not good"))?);
            Ok(())
        })?;
        let Some(opening) = path.first() else {
            return Ok(Err(Refused::NotOpened));
        };
        let new = LineRow {
            line: number,
            parent: line,
            from: at,
            contradicted: None,
            ..row
        };
        let opened = Log::open(opening, self.register);
        let opened = opened.map_err(|_| RegisterError::Damaged("a log begins with no opening"))?;
        let mut open = OpenLine::new(new, opened);
        for signed in &path {
            open.resume(signed, &self.append)?;
        }
        self.add(open);
        Ok(Ok(number))
    }

    fn add(&mut self, open: OpenLine) {
        self.list.push(open.row.clone());
        self.open.insert((open.row.log, open.row.line), open);
    }

    fn take_checkpoint(
        &mut self,
        note: &SignedCheckpoint,
        merged: &mut Merged,
    ) -> Result<Result<(), LeftOut>, RegisterError> {
        match self.tell(note)? {
            Ok((_, Told::Known)) => {}
            Ok((_, Told::New)) => merged.checkpoints += 1,
            Ok((log, Told::Contradicts)) => {
                merged.checkpoints += 1;
                merged.forked.push(log);
            }
            Err(why) => return Ok(Err(why)),
        }
        Ok(Ok(()))
    }

    fn tell(
        &mut self,
        note: &SignedCheckpoint,
    ) -> Result<Result<(KeyId, Told), LeftOut>, RegisterError> {
        // It is compared with what is kept.
        self.keep()?;
        let log = checkpoints::log_of(self.register, &note.unverified().origin);
        let Some(log) = log.filter(|log| self.list.of_log(*log).next().is_some()) else {
            return Ok(Err(LeftOut::NoLog));
        };
        let mut promises = self.promises_of(log)?;
        let told = promises.take(note, &mut self.append)?;
        self.list.contradict(log, promises.contradicted());
        self.promises.insert(log, promises);
        Ok(told.map(|told| (log, told)))
    }

    pub(super) fn open_line(
        &mut self,
        log: KeyId,
        line: u32,
    ) -> Result<&mut OpenLine, RegisterError> {
        let row = self.row(log, line)?;
        if !self.open.contains_key(&(log, line)) {
            let open = OpenLine::open(row, &self.append)?;
            self.open.insert((log, line), open);
        }
        let open = self.open.get_mut(&(log, line));
        open.ok_or(RegisterError::Damaged("a line was not opened"))
    }

    fn row(&self, log: KeyId, line: u32) -> Result<&LineRow, RegisterError> {
        let row = self.list.of_log(log).find(|row| row.line == line);
        row.ok_or(RegisterError::Damaged("a line is not listed"))
    }
}

impl Merged {
    fn leave_out(&mut self, number: u64, why: LeftOut) {
        self.lines_left_out += 1;
        if self.left_out.len() < MOST_TOLD {
            self.left_out.push((number, why));
        }
    }

    fn count(&mut self, row: &LineRow, added: u64, known: u64) {
        let log = self.logs.entry(row.log).or_insert_with(|| MergedLog {
            authority: row.authority.clone(),
            state: row.state,
            added: 0,
            known: 0,
        });
        log.added += added;
        log.known += known;
    }
}
