//! Proofs that a log has told two stories.

use std::io::Write;

use crate::baseline::AuthorityId;
use crate::sign::tree::TreeHash;
use crate::sign::{Envelope, KeyId, SignedCheckpoint};

use super::lines::{LineRow, envelope_at};
use super::{Register, RegisterError, checkpoints, file};

/// The proof that a log has told two stories: whoever has the log's key can check it, and nobody else can make it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForkProof {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// Whose it is.
    pub authority: AuthorityId,
    /// The place: of two statements, or behind which a checkpoint says something else than the log that is here.
    pub at: u64,
    /// What contradicts each other.
    pub evidence: Evidence,
}

/// What contradicts each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Two statements at one place, in the order of their leaves.
    Statements(Box<[Envelope; 2]>),
    /// A checkpoint, and the statement at the place behind what it promises, which was signed with another root; none where the log
    /// that is here ends there.
    Checkpoint(Box<SignedCheckpoint>, Option<Box<Envelope>>),
}

impl ForkProof {
    /// Writes it as lines of a merge file.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be written.
    pub fn write(&self, out: &mut impl Write) -> Result<(), RegisterError> {
        match &self.evidence {
            Evidence::Statements(both) => both
                .iter()
                .try_for_each(|one| file::write_envelope(one, out)),
            Evidence::Checkpoint(note, statement) => {
                file::write_checkpoint(note, out)?;
                statement
                    .iter()
                    .try_for_each(|one| file::write_envelope(one, out))
            }
        }
    }
}

impl Register {
    /// All proofs that a log of this register has told two stories, whether or not states have said since which one is kept.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    pub fn forks(&self) -> Result<Vec<ForkProof>, RegisterError> {
        let rows = self.rows()?;
        let mut proofs = Vec::new();
        for row in rows.iter().filter(|row| row.line > 0) {
            // Where it has an opening of its own, that contradicts the first one.
            let is_opened = row.parent == row.line;
            let parent = if is_opened { 0 } else { row.parent };
            let parent = rows
                .iter()
                .find(|other| other.log == row.log && other.line == parent);
            let parent = parent.ok_or(RegisterError::Damaged("a line parts from none"))?;
            let place = if is_opened { parent.from } else { row.from };
            let first = self.at(&rows, parent, place)?;
            let second = self.at(&rows, row, row.from)?;
            let (Some(first), Some(second)) = (first, second) else {
                return Err(RegisterError::Damaged("a line parts from none"));
            };
            // The same proof in every register, whichever story came first.
            let mut both = [first, second];
            both.sort_by_key(|one| TreeHash::leaf(&one.message()));
            let evidence = Evidence::Statements(Box::new(both));
            proofs.push(proof(row, place.min(row.from), evidence));
        }
        for (log, notes) in checkpoints::contradictions(&self.ledger, &rows)? {
            let row = rows.iter().find(|row| row.log == log && row.line == 0);
            let row = row.ok_or(RegisterError::Damaged("a line is not listed"))?;
            for note in notes {
                let at = row.begins.saturating_add(note.unverified().size);
                let statement = self.at(&rows, row, at)?.map(Box::new);
                let evidence = Evidence::Checkpoint(Box::new(note), statement);
                proofs.push(proof(row, at, evidence));
            }
        }
        Ok(proofs)
    }

    /// The envelope at a place of a line, or of those that it parts from.
    fn at(
        &self,
        rows: &[LineRow],
        row: &LineRow,
        place: u64,
    ) -> Result<Option<Envelope>, RegisterError> {
        let mut row = row;
        while place < row.from {
            let is_parent = |other: &&LineRow| other.log == row.log && other.line == row.parent;
            match rows.iter().find(is_parent) {
                Some(parent) if parent.line < row.line => row = parent,
                _ => return Ok(None),
            }
        }
        envelope_at(&row.stream(), place, &self.ledger)
    }
}

fn proof(row: &LineRow, at: u64, evidence: Evidence) -> ForkProof {
    ForkProof {
        log: row.log,
        authority: row.authority.clone(),
        at,
        evidence,
    }
}
