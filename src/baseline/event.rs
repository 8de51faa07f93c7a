//! What the logs of authorities hold.

use serde::{Deserialize, Serialize};

use super::{Assessment, AuthorityId, Entry, EntryId, Resumption, Suspension, Time, Withdrawal};

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
        }
    }

    /// The entry that it is about.
    ///
    /// # Cost
    /// That of [`Entry::id`] for the creation of an entry, else none.
    #[must_use]
    pub fn entry(&self) -> EntryId {
        match self {
            Self::EntryCreated(creation) => creation.entry.id(),
            Self::Assessed(assessment) => assessment.entry,
            Self::Withdrawn(withdrawal) => withdrawal.entry,
            Self::Suspended(suspension) => suspension.entry,
            Self::Resumed(resumption) => resumption.entry,
        }
    }
}
