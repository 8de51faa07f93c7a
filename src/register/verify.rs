//! Verifying all of a register: the file's chain, every signature, every rule of every log, every tree.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::ledger::{Head, Ledger};
use crate::sign::{Log, PublicKey, Said, Signed};

use super::items::spread;
use super::lines::{
    LineRow, OpenLine, claim_of, each_of_line, filed_under, key_of, keys_of, statement_of,
};
use super::list::of_log;
use super::tiles::Tiles;
use super::{Register, RegisterError, checkpoints};

/// Statements whose signatures are verified together.
const BATCH: usize = 4096;

/// What was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedRegister {
    /// Statements, of all logs.
    pub statements: u64,
    /// The file's chain: keep it elsewhere, to notice if the file is replaced or cut off.
    pub head: Head,
}

impl Register {
    /// Verifies everything anew: the chain of the file, and for each log all signatures, the rules that each statement has to meet, and the tree.
    /// `progress` is told how many statements were verified.
    ///
    /// # Errors
    /// [`RegisterError`]: the first thing that is not as it has to be.
    ///
    /// # Cost
    /// Some 50 microseconds a statement, on all cores, and the walk of [`Ledger::verify`].
    pub fn verify(&self, mut progress: impl FnMut(u64)) -> Result<VerifiedRegister, RegisterError> {
        let head = self.ledger.verify(|_, _| ())?;
        let (rows, mut statements) = (self.rows()?, 0);
        for row in &rows {
            let of_log = of_log(&rows, row.log);
            let mut check = Check::new(self, of_log, row)?;
            let mut batch = Vec::new();
            each_of_line(&self.ledger, of_log, row, u64::MAX, &mut |envelope| {
                batch.push(claim_of(&envelope)?);
                if batch.len() == BATCH {
                    statements += check.take(std::mem::take(&mut batch), &self.ledger)?;
                    progress(statements);
                }
                Ok(())
            })?;
            statements += check.take(batch, &self.ledger)?;
            progress(statements);
            check.end(row, &self.ledger)?;
            self.check_keys(&rows, row)?;
        }
        self.check_filed(&rows)?;
        Ok(VerifiedRegister { statements, head })
    }

    /// That every record is of a line that is listed, and filed under its place and topic, or a checkpoint that a key of its log has signed.
    fn check_filed(&self, rows: &[LineRow]) -> Result<(), RegisterError> {
        let lines: HashMap<_, _> = rows.iter().map(|row| (row.stream(), row)).collect();
        let logs = rows
            .iter()
            .map(|row| (checkpoints::stream(row.log), row.log));
        let logs: HashMap<_, _> = logs.collect();
        let walked = self.ledger.records(2, |record| {
            let is_filed = match lines.get(&record.stream) {
                Some(row) => statement_of(record.body).is_ok_and(|statement| {
                    let place = statement.sequence();
                    let topic = filed_under(row.log, statement.topic());
                    place >= row.from && (place, topic) == (record.place, record.topic)
                }),
                None => logs.contains_key(&record.stream),
            };
            match is_filed {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })?;
        if walked.is_break() {
            return Err(RegisterError::Damaged("a record is filed elsewhere"));
        }
        for rows in rows.chunk_by(|a, b| a.log == b.log) {
            if let [first, others @ ..] = rows {
                if others.iter().any(|row| row.contradicted.is_some()) {
                    return Err(RegisterError::Damaged("a line is not listed"));
                }
                checkpoints::check(&self.ledger, self.id(), rows, first.log)?;
            }
        }
        Ok(())
    }

    /// That each key of a line is found, and with it a log that has it.
    fn check_keys(&self, rows: &[LineRow], row: &LineRow) -> Result<(), RegisterError> {
        for (_, key) in keys_of(&self.ledger, of_log(rows, row.log), row)? {
            let found = key_of(&self.ledger, key.id())?;
            let (_, log) = found.ok_or(RegisterError::Damaged("a key is missing"))?;
            if log == row.log {
                continue;
            }
            let (of_log, mut has) = (of_log(rows, log), false);
            for other in of_log {
                let keys = keys_of(&self.ledger, of_log, other)?;
                has |= keys.iter().any(|(_, other)| *other == key);
            }
            if !has {
                return Err(RegisterError::Damaged("a key is another log's"));
            }
        }
        Ok(())
    }
}

/// A log that is built anew.
struct Check {
    register: crate::sign::GenesisId,
    keys: HashMap<crate::sign::KeyId, PublicKey>,
    log: Option<Log>,
    said: HashMap<[u8; 32], Said>,
    tiles: Tiles,
}

impl Check {
    fn new(register: &Register, rows: &[LineRow], row: &LineRow) -> Result<Self, RegisterError> {
        let keys = keys_of(&register.ledger, rows, row)?;
        Ok(Self {
            register: register.id(),
            keys: keys.into_iter().map(|(_, key)| (key.id(), key)).collect(),
            log: None,
            said: HashMap::new(),
            tiles: Tiles::new(row.stream(), 0),
        })
    }

    fn take(
        &mut self,
        claims: Vec<crate::sign::Claim>,
        ledger: &Ledger,
    ) -> Result<u64, RegisterError> {
        let keys = &self.keys;
        let signed = spread(claims, |claim| claim.verify(|id| keys.get(id).copied()));
        let mut taken = 0;
        for signed in signed {
            let signed: Signed = signed?;
            let topic = signed.statement().topic().to_bytes();
            let said = self.said.entry(topic).or_default();
            match &mut self.log {
                None => self.log = Some(Log::open(&signed, self.register)?),
                Some(log) => log.accept(&signed, said)?,
            }
            said.take(signed.statement());
            self.tiles.append(signed.leaf(), ledger)?;
            taken += 1;
        }
        Ok(taken)
    }

    fn end(self, row: &LineRow, ledger: &Ledger) -> Result<(), RegisterError> {
        let kept = OpenLine::open(row, ledger)?;
        self.tiles.compare(ledger)?;
        if self.log.as_ref() == Some(&kept.log) {
            Ok(())
        } else {
            Err(RegisterError::Damaged(
                "a log does not end where it is kept",
            ))
        }
    }
}
