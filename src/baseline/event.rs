//! What the logs of authorities hold.

use serde::{Deserialize, Serialize};

use super::{
    Assessment, AuthorityId, Entry, EntryId, Feedback, InstrumentEnd, MemberState, Resumption,
    Suspension, Time, Withdrawal,
};

/// An authority enters an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creation {
    /// Its place in the log of the authority, which is the entry's [`created_by`](Entry::created_by).
    pub sequence: u64,
    /// The item.
    pub entry: Entry,
}

/// Something that an authority did, at a place in its log. Everything else is derived from these.
///
/// What a later version of this crate adds is refused when it is read, by name, and never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// It entered an item.
    EntryCreated(Creation),
    /// It said something of an entry.
    Assessed(Assessment),
    /// It took something back.
    Withdrawn(Withdrawal),
    /// It stopped an entry.
    Suspended(Suspension),
    /// It lifted its own suspension.
    Resumed(Resumption),
    /// It told of the end of an act, on which words of many entries may rest.
    InstrumentEnded(InstrumentEnd),
    /// It was told what came of an entry's matches.
    Feedback(Feedback),
}

impl Event {
    /// Whose log it stands in.
    #[must_use]
    pub fn authority(&self) -> &AuthorityId {
        match self {
            Self::EntryCreated(creation) => &creation.entry.created_by,
            Self::Assessed(assessment) => &assessment.authority,
            Self::Withdrawn(withdrawal) => &withdrawal.by,
            Self::Suspended(suspension) => &suspension.by,
            Self::Resumed(resumption) => &resumption.by,
            Self::InstrumentEnded(end) => &end.by,
            Self::Feedback(feedback) => &feedback.by,
        }
    }

    /// Its place in that log.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        match self {
            Self::EntryCreated(creation) => creation.sequence,
            Self::Assessed(assessment) => assessment.sequence,
            Self::Withdrawn(withdrawal) => withdrawal.sequence,
            Self::Suspended(suspension) => suspension.sequence,
            Self::Resumed(resumption) => resumption.sequence,
            Self::InstrumentEnded(end) => end.sequence,
            Self::Feedback(feedback) => feedback.sequence,
        }
    }

    /// From when on it is there.
    #[must_use]
    pub fn at(&self) -> Time {
        match self {
            Self::EntryCreated(creation) => creation.entry.created_at,
            Self::Assessed(assessment) => assessment.made_at,
            Self::Withdrawn(withdrawal) => withdrawal.effective_at,
            Self::Suspended(suspension) => suspension.at,
            Self::Resumed(resumption) => resumption.at,
            Self::InstrumentEnded(end) => end.at,
            Self::Feedback(feedback) => feedback.at,
        }
    }

    /// The state that its authority speaks for in it, as it says itself; none for the creation of an entry, which speaks
    /// for nobody. Whoever takes events from a log has to see that it is the authority's state.
    #[must_use]
    pub fn state(&self) -> Option<MemberState> {
        match self {
            Self::EntryCreated(_) => None,
            Self::Assessed(assessment) => Some(assessment.state),
            Self::Withdrawn(withdrawal) => Some(withdrawal.state),
            Self::Suspended(suspension) => Some(suspension.state),
            Self::Resumed(resumption) => Some(resumption.state),
            Self::InstrumentEnded(end) => Some(end.state),
            Self::Feedback(feedback) => Some(feedback.state),
        }
    }

    /// The entry that it is about; none for the end of an act, which is about every entry of which a word rests on it.
    ///
    /// # Cost
    /// That of [`Entry::id`] for the creation of an entry, else none.
    #[must_use]
    pub fn entry(&self) -> Option<EntryId> {
        match self {
            Self::EntryCreated(creation) => Some(creation.entry.id()),
            Self::Assessed(assessment) => Some(assessment.entry),
            Self::Withdrawn(withdrawal) => Some(withdrawal.entry),
            Self::Suspended(suspension) => Some(suspension.entry),
            Self::Resumed(resumption) => Some(resumption.entry),
            Self::InstrumentEnded(_) => None,
            Self::Feedback(feedback) => Some(feedback.entry),
        }
    }
}
