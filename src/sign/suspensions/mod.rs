//! What states have suspended since the last snapshot: signed statements in a plain file that anybody may copy.
//!
//! In: files of mirrors that nobody trusts, and the [`Speaker`]s that an installed snapshot names, which a threshold of states has signed. Out: a
//! [`SuspensionList`] of statements that were verified, what is [off](SuspensionList::off), and every line that was left out, with the reason. No
//! clock, no files.
//!
//! - A file has a first line, `ijkpunt suspension list 0` and the name of the register, and then an envelope a line, as merge files have them:
//!   suspensions, resumptions, and the rotations by which a log changes its key. It is written in the order of log, place, leaf and key; it is read in
//!   any order. A wrong line is left out and never takes another one with it.
//! - The union of all files counts, those that were kept before among them. So a mirror can delay a suspension, and can neither forge nor undo one.
//!   Only a log that has suspended an entry resumes it, by a statement at a higher place that [lifts](Resumption::lifts) the place of the suspension.
//! - A key is good from a place on: that of the speaker from [`Speaker::from`], the next one behind the rotation that it has signed together with a
//!   good one. What comes later by a key that no known rotation leads to waits: it is left out as [`Why::Refused`] with
//!   [`UnknownKey`](Refused::UnknownKey), and taken when it is read again together with the rotation.
//! - A log that is known to have told two stories has [forked](SuspensionList::forks) at the first place at which they differ. What is suspended there or
//!   behind it is off, in whichever story, and a resumption there or behind it lifts nothing: off is the safe side.
//! - A key that signs behind its own rotation contradicts itself. That is a fork, too, at the place of the rotation, and no reason to leave the
//!   statement out: else a suspension that was off while a mirror withheld the rotation would come back on with it, and more statements would undo one.
//!   Whoever has the old key gains nothing by it, as the key is good at the place of the rotation itself. A snapshot behind that place ends it.
//! - [`Bound`] says how many entries a state can switch off within a day, so that a stolen key cannot empty the list.
//!
//! What cannot be checked without the log is not checked here: that the statements before it are those of [`before`](Statement::before), that the
//! suspension of an entry is the only one that stands, that times rise. A log that breaks these rules is refused by the register, and the next snapshot
//! says so. In particular nothing but `before` ties a statement to its register, so the key of a log is never used in another register. A time in the
//! future is no reason to wait.
//!
//! Cost: a verification for each distinct line, some 50 microseconds, and memory for about three times the bytes of distinct lines.

mod bound;
mod file;
mod off;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::baseline::{Authority, AuthorityId, MemberState, Role};
use crate::limits::{Limits, Resource};

use super::tree::TreeHash;
use super::{Envelope, GenesisId, KeyId, PublicKey, Statement};

#[cfg(doc)]
use super::Refused;
#[cfg(doc)]
use crate::baseline::Resumption;

pub use bound::{Accepted, Bound, Bounded, FirstSeen};
pub use file::{FileError, LeftOut, Why};
pub use off::{ListFork, Off};
pub use read::Reading;

/// A log that may speak, as the installed snapshot tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// Whose it is.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// What the authority was appointed for.
    pub roles: BTreeSet<Role>,
    /// The first place that the snapshot has not looked at. What stands before it is settled there.
    pub from: u64,
    /// The key that signs at that place.
    pub key: PublicKey,
}

impl Speaker {
    /// The speaker of a log as a snapshot tells it: its name, whose it is, the first place behind it, and the key; none where the key is none.
    #[must_use]
    pub fn of(log: [u8; 32], authority: &Authority, from: u64, key: [u8; 32]) -> Option<Self> {
        Some(Self {
            log: KeyId::from_bytes(log),
            authority: authority.id.clone(),
            state: authority.state,
            roles: authority.roles.clone(),
            from,
            key: PublicKey::from_bytes(key).ok()?,
        })
    }
}

/// Two speakers of one log or authority: they come from no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log {log}, or its authority {authority}, is there twice: give one speaker for each")]
pub struct SpeakerTwice {
    /// The log of the second one.
    pub log: KeyId,
    /// Its authority.
    pub authority: AuthorityId,
}

/// Two lists that are not of one register, or were verified for other speakers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("of another register, or read for other speakers: read the files of both again, together")]
pub struct Unlike;

/// Statements about what is suspended, each verified; see the [module](self). `Debug` shows counts.
#[derive(Clone, PartialEq, Eq)]
pub struct SuspensionList {
    register: GenesisId,
    speakers: BTreeMap<AuthorityId, Speaker>,
    said: BTreeMap<Slot, Kept>,
}

/// What tells two statements of a list apart. The same words by two keys are two, as one of the keys may be retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    log: KeyId,
    sequence: u64,
    leaf: TreeHash,
    signer: KeyId,
}

/// A statement with its signatures: that of the good key first, then that of the next one. Whoever has a key can sign the same in many ways; the least is
/// kept, so that the bytes do not depend on the order of reading.
#[derive(Clone, PartialEq, Eq)]
struct Kept {
    statement: Statement,
    envelope: Envelope,
}

impl SuspensionList {
    /// A list of nothing.
    ///
    /// # Errors
    /// [`SpeakerTwice`]: two of one log or authority.
    pub fn new(register: GenesisId, speakers: &[Speaker]) -> Result<Self, SpeakerTwice> {
        let (mut of, mut logs) = (BTreeMap::new(), BTreeSet::new());
        for one in speakers {
            let is_new = logs.insert(one.log);
            if !is_new || of.insert(one.authority.clone(), one.clone()).is_some() {
                return Err(SpeakerTwice {
                    log: one.log,
                    authority: one.authority.clone(),
                });
            }
        }
        Ok(Self {
            register,
            speakers: of,
            said: BTreeMap::new(),
        })
    }

    /// Adds the statements of another list. The result is the same whichever is added to which.
    ///
    /// What waits for a rotation is in neither list: to find it, [read](Self::read) the files together. Of a log with more than
    /// [`Limits::suspension_list_statements`] the first ones in the order of place stay. An honest log does not come near that; whoever has a key of
    /// one, even a retired one, can push out what stands at its last places. Reading tells of each line that was.
    ///
    /// # Errors
    /// [`Unlike`]: of another register, or read for other speakers. The list is then as before.
    ///
    /// # Cost
    /// A copy of what is new, nothing is verified again.
    pub fn union(&mut self, other: &Self, limits: &Limits) -> Result<(), Unlike> {
        if (self.register, &self.speakers) != (other.register, &other.speakers) {
            return Err(Unlike);
        }
        for (slot, kept) in &other.said {
            self.keep(*slot, kept.clone());
        }
        self.cut(limits);
        Ok(())
    }

    /// The register of which it is.
    #[must_use]
    pub fn register(&self) -> GenesisId {
        self.register
    }

    /// For which logs it was read, in the order of their authorities.
    pub fn speakers(&self) -> impl Iterator<Item = &Speaker> {
        self.speakers.values()
    }

    /// How many statements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.said.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// The statements in the order in which they are written.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.said.values().map(|kept| &kept.statement)
    }

    fn keep(&mut self, slot: Slot, kept: Kept) {
        let there = self.said.entry(slot).or_insert_with(|| kept.clone());
        if kept.envelope.signatures < there.envelope.signatures {
            *there = kept;
        }
    }

    /// Of each log the first statements, as many as may be. The first ones of a union are those of the union of first ones, so that the order does
    /// not matter.
    fn cut(&mut self, limits: &Limits) {
        let (mut log, mut count) = (None, 0);
        self.said.retain(|slot, _| {
            if log != Some(slot.log) {
                (log, count) = (Some(slot.log), 0);
            }
            count += 1;
            let allowed = limits.check(Resource::SuspensionListStatements, count);
            allowed.is_ok()
        });
    }
}

impl fmt::Debug for SuspensionList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SuspensionList")
            .field("register", &self.register)
            .field("speakers", &self.speakers.len())
            .field("statements", &self.said.len())
            .finish()
    }
}
