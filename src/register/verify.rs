//! Verifying all of a register: the file's chain, every signature, every rule of every log, every tree.

use std::collections::HashMap;

use crate::ledger::{Head, Ledger};
use crate::sign::{Log, PublicKey, Said, Signed};

use super::lines::{LineRow, OpenLine, claim_of, each_of_line, keys_of};
use super::merge::spread;
use super::{Register, RegisterError};

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
            let mut check = Check::new(self, &rows, row)?;
            let mut batch = Vec::new();
            each_of_line(&self.ledger, &rows, row, u64::MAX, &mut |envelope| {
                batch.push(claim_of(&envelope)?);
                if batch.len() == BATCH {
                    statements += check.take(std::mem::take(&mut batch))?;
                    progress(statements);
                }
                Ok(())
            })?;
            statements += check.take(batch)?;
            progress(statements);
            check.end(row, &self.ledger)?;
        }
        Ok(VerifiedRegister { statements, head })
    }
}

/// A log that is built anew.
struct Check {
    register: crate::sign::GenesisId,
    keys: HashMap<crate::sign::KeyId, PublicKey>,
    log: Option<Log>,
    said: HashMap<[u8; 32], Said>,
}

impl Check {
    fn new(register: &Register, rows: &[LineRow], row: &LineRow) -> Result<Self, RegisterError> {
        let keys = keys_of(&register.ledger, rows, row)?;
        Ok(Self {
            register: register.id(),
            keys: keys.into_iter().map(|(_, key)| (key.id(), key)).collect(),
            log: None,
            said: HashMap::new(),
        })
    }

    fn take(&mut self, claims: Vec<crate::sign::Claim>) -> Result<u64, RegisterError> {
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
            taken += 1;
        }
        Ok(taken)
    }

    fn end(self, row: &LineRow, ledger: &Ledger) -> Result<(), RegisterError> {
        let kept = OpenLine::open(row, ledger)?;
        if self.log.as_ref() == Some(&kept.log) {
            Ok(())
        } else {
            Err(RegisterError::Damaged(
                "a log does not end where it is kept",
            ))
        }
    }
}
