//! What this register's own authority adds to its log.

use crate::baseline::{AuthorityId, Event, MemberState, Time};
use crate::sign::tree::TreeHash;
use crate::sign::{
    Checkpoint, Claim, Envelope, KeyId, Opening, Place, Rotation, SignedCheckpoint, Signer,
    Statement, Void, What,
};

use super::checkpoints;
use super::list::of_log;
use super::merge::{Merged, Merger};
use super::{Register, RegisterError};

/// Where the next statement of an authority will stand, for whoever writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slot {
    /// Whose log.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// The place.
    pub sequence: u64,
    /// The time: now.
    pub at: Time,
}

impl Register {
    /// Opens the log of an authority, by the key that signs it: that by which it was admitted, or is to be admitted.
    ///
    /// # Errors
    /// [`RegisterError`]: the key has a log, or did not sign; the register cannot be added to.
    pub fn open_log(
        &mut self,
        by: &AuthorityId,
        state: MemberState,
        signer: &dyn Signer,
        now: Time,
    ) -> Result<Place, RegisterError> {
        let key = signer.public_key();
        if !of_log(&self.rows()?, key.id()).is_empty() {
            return Err(RegisterError::LogIsOpen(key.id()));
        }
        let standing = self.standing(now)?;
        let span = standing.log_of(by).filter(|span| span.log == key.id());
        let opening = Opening {
            register: self.id(),
            by: by.clone(),
            state,
            sequence: span.map_or(0, |span| span.from),
            at: now,
            key,
        };
        let place = Place {
            log: key.id(),
            line: 0,
            sequence: opening.sequence,
        };
        let statement = Statement {
            before: TreeHash::empty(),
            what: What::Opened(opening),
        };
        self.add_own(&statement, &[signer])?;
        Ok(place)
    }

    /// Adds a statement to the log that this key signs. `what` is told where it will stand.
    ///
    /// What would not count is refused here, so that nobody finds out later from others.
    ///
    /// # Errors
    /// [`RegisterError`]: it is against the rules of the log, or would not count; the clock is behind the log's last statement; the key did
    /// not sign; the register cannot be added to. Nothing was added then.
    pub fn say(
        &mut self,
        signer: &dyn Signer,
        now: Time,
        what: impl FnOnce(Slot) -> What,
    ) -> Result<Place, RegisterError> {
        let (log, slot, before) = self.next(signer.public_key().id(), now)?;
        let sequence = slot.sequence;
        let statement = Statement {
            before,
            what: what(slot),
        };
        let place = Place {
            log,
            line: 0,
            sequence,
        };
        self.check_counts(&place, &statement, now)?;
        self.add_own(&statement, &[signer])?;
        Ok(place)
    }

    /// Changes the key of the log that the old one signs.
    ///
    /// # Errors
    /// As [`Register::say`].
    pub fn rotate(
        &mut self,
        old: &dyn Signer,
        new: &dyn Signer,
        now: Time,
    ) -> Result<Place, RegisterError> {
        let (log, slot, before) = self.next(old.public_key().id(), now)?;
        let rotation = Rotation {
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            key: new.public_key(),
        };
        let statement = Statement {
            before,
            what: What::Rotated(rotation),
        };
        self.add_own(&statement, &[old, new])?;
        Ok(Place {
            log,
            line: 0,
            sequence: slot.sequence,
        })
    }

    /// Signs how far the log of this key has come, and keeps that. What others have of it they can hold against it.
    ///
    /// # Errors
    /// [`RegisterError`]: no log is signed by the key, or it did not sign; the register cannot be added to.
    pub fn promise(&mut self, signer: &dyn Signer) -> Result<SignedCheckpoint, RegisterError> {
        let id = self.id();
        let mut merger = Merger::new(self)?;
        let log = merger.log_signed_by(signer.public_key().id())?;
        let open = merger.open_line(log, 0)?;
        let checkpoint = Checkpoint {
            origin: checkpoints::origin(id, log)?,
            size: open.log.tree().size(),
            root: open.log.tree().root(),
        };
        let note = SignedCheckpoint::sign(checkpoint, signer)?;
        merger.keep_own(&note)?;
        Ok(note)
    }

    /// Where the next statement that this key signs will stand, and whose it will be.
    ///
    /// # Errors
    /// [`RegisterError`]: no log is signed by the key, or the clock is behind the log's last statement.
    pub fn slot(&mut self, key: KeyId, now: Time) -> Result<Slot, RegisterError> {
        Ok(self.next(key, now)?.1)
    }

    fn next(&mut self, key: KeyId, now: Time) -> Result<(KeyId, Slot, TreeHash), RegisterError> {
        let mut merger = Merger::new(self)?;
        let log = merger.log_signed_by(key)?;
        let open = merger.open_line(log, 0)?;
        let last = open.log.last();
        if now < last {
            return Err(RegisterError::Clock { now, last });
        }
        let slot = Slot {
            by: open.log.authority().clone(),
            state: open.log.state(),
            sequence: open.log.ends(),
            at: now,
        };
        Ok((log, slot, open.log.tree().root()))
    }

    /// Whether a statement would count, if it stood there.
    fn check_counts(
        &self,
        place: &Place,
        statement: &Statement,
        now: Time,
    ) -> Result<(), RegisterError> {
        let standing = self.standing(now)?;
        let event = match &statement.what {
            What::Event(event) => event,
            What::Opened(_) | What::Rotated(_) => return Ok(()),
            What::Endorsed(endorsement) => {
                standing.endorsement_counts(place, endorsement)?;
                return Ok(());
            }
        };
        standing.event_counts(place, event)?;
        match event.entry() {
            Some(entry) if !matches!(event, Event::EntryCreated(_)) => {
                let created_at = self.created_at(entry, &standing)?;
                let created_at = created_at.ok_or(Void::NoEntry)?;
                if event.at() < created_at {
                    return Err(Void::BeforeEntry(created_at).into());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Signs a statement and takes it in as if it came from elsewhere.
    fn add_own(
        &mut self,
        statement: &Statement,
        signers: &[&dyn Signer],
    ) -> Result<(), RegisterError> {
        let envelope = Envelope::of(statement, signers)?;
        let claim = Claim::read(&envelope)?;
        let keys: Vec<_> = signers.iter().map(|signer| signer.public_key()).collect();
        let signed = claim
            .clone()
            .verify(|id| keys.iter().copied().find(|key| key.id() == *id))?;
        let mut merger = Merger::new(self)?;
        let mut merged = Merged::default();
        merger.take(&claim, &signed, &envelope, &mut merged)??;
        if !merged.forked.is_empty() {
            // Another process was faster: a second statement at that place would be a second story.
            return Err(RegisterError::Overtaken);
        }
        merger.commit()
    }
}
