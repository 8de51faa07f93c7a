//! What follows from a list: the entries that are off, and the logs that have told two stories.

use std::collections::{BTreeMap, BTreeSet};

use crate::baseline::{AuthorityId, EntryId, Event, MemberState, Text, Time};
use crate::sign::tree::TreeHash;
use crate::sign::{Envelope, KeyId, What};

use super::{Kept, Slot, SuspensionList};

/// A suspension that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Off {
    /// The entry.
    pub entry: EntryId,
    /// The state that has suspended it.
    pub state: MemberState,
    /// Its authority.
    pub authority: AuthorityId,
    /// In which log, by the name of its first key.
    pub log: KeyId,
    /// At which place of it.
    pub sequence: u64,
    /// Its hash in the tree of the log, which tells it from another one at the same place.
    pub leaf: TreeHash,
    /// From when on, as its signer says.
    pub at: Time,
    /// Why.
    pub reason: Text<500>,
}

/// The proof that a log has told two stories: whoever had its key has signed both statements, and one log cannot hold both.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListFork {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// Whose it is.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// The first place at which its stories are known to differ.
    pub at: u64,
    /// Two statements at that place, in the order of their leaves; or the rotation at that place, and what the key that it retired has signed behind
    /// it. As merge files have them: a register takes the first kind of proof.
    pub proof: Box<[Envelope; 2]>,
}

impl SuspensionList {
    /// The suspensions that stand, in the order of entry, log, place and leaf; an entry that several have suspended is there several times.
    ///
    /// A suspension stands unless its log has resumed the entry at a higher place, by a statement that names the place of the suspension, and
    /// before any place at which the log is known to have [forked](Self::forks). So another statement never brings an entry back, but for such a
    /// resumption. A suspension that the installed snapshot has settled is not in the list; nor does a resumption in the list lift it: a snapshot does.
    ///
    /// # Cost
    /// Some comparisons for each statement.
    #[must_use]
    pub fn off(&self) -> Vec<Off> {
        let forked = self.forked();
        let mut lifted = BTreeSet::new();
        for (slot, kept) in &self.said {
            let is_whole = forked.get(&slot.log).is_none_or(|at| slot.sequence < at.0);
            if let What::Event(Event::Resumed(one)) = &kept.statement.what
                && is_whole
                && one.lifts < slot.sequence
            {
                lifted.insert((slot.log, one.lifts, one.entry));
            }
        }
        // The same words by two keys are one suspension.
        let mut off = BTreeMap::new();
        for (slot, kept) in &self.said {
            if let What::Event(Event::Suspended(one)) = &kept.statement.what
                && !lifted.contains(&(slot.log, slot.sequence, one.entry))
            {
                let suspension = Off {
                    entry: one.entry,
                    state: one.state,
                    authority: one.by.clone(),
                    log: slot.log,
                    sequence: slot.sequence,
                    leaf: slot.leaf,
                    at: one.at,
                    reason: one.reason.clone(),
                };
                off.insert((one.entry, slot.log, slot.sequence, slot.leaf), suspension);
            }
        }
        off.into_values().collect()
    }

    /// The logs that are known to have told two stories, in their order, each with the proof.
    ///
    /// # Cost
    /// Some comparisons for each statement.
    #[must_use]
    pub fn forks(&self) -> Vec<ListFork> {
        let forked = self.forked().into_iter();
        let forks = forked.map(|(log, (at, [one, other]))| {
            let proof = [one.envelope.clone(), other.envelope.clone()];
            Some(ListFork {
                log,
                authority: one.statement.authority().clone(),
                state: one.statement.state()?,
                at,
                proof: Box::new(proof),
            })
        });
        forks.flatten().collect()
    }

    /// Of each log that has forked the first place at which it did, and two statements that show it.
    fn forked(&self) -> BTreeMap<KeyId, (u64, [&Kept; 2])> {
        let mut forked: BTreeMap<KeyId, (u64, [&Kept; 2])> = BTreeMap::new();
        let mut fork = |log, at, both| {
            let first = forked.entry(log).or_insert((at, both));
            if at < first.0 {
                *first = (at, both);
            }
        };
        // The first rotation of each key in each log.
        let mut retired: BTreeMap<(KeyId, KeyId), (u64, &Kept)> = BTreeMap::new();
        let mut last: Option<(&Slot, &Kept)> = None;
        for (slot, kept) in &self.said {
            if let Some((before, other)) = last
                && (before.log, before.sequence) == (slot.log, slot.sequence)
                && before.leaf != slot.leaf
            {
                fork(slot.log, slot.sequence, [other, kept]);
            }
            last = Some((slot, kept));
            let signer = (slot.log, slot.signer);
            match retired.get(&signer) {
                Some((at, rotation)) if *at < slot.sequence => {
                    fork(slot.log, *at, [rotation, kept]);
                }
                Some(_) => {}
                None => {
                    if let What::Rotated(_) = kept.statement.what {
                        retired.insert(signer, (slot.sequence, kept));
                    }
                }
            }
        }
        forked
    }
}
