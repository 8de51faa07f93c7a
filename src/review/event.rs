//! What happens to cases, and to the file that holds them: the bodies of records.

use serde::{Deserialize, Serialize};

use crate::baseline::{EntryId, MediaKind, TcoTypes, Time};
use crate::screen::{MatchClass, Tier};

use super::breaker::Trip;
use super::case::Origin;
use super::grounds::{Loss, OrderEnd, OrderGround, Proceedings};
use super::outcome::{Action, Outcome};
use super::people::{PersonNumber, Pseudonym, Role};
use super::policy::Policy;

/// Stands for a text about a person, or from one: a [reference](crate::ledger::Reference)'s bytes.
pub(super) type Kept = [u8; 32];

/// A record of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Happened {
    pub(super) at: Time,
    /// Who did it; none where a program did: opening, releasing a hold whose time was over, and what follows from a lost entry.
    pub(super) by: Option<PersonNumber>,
    pub(super) what: What,
}

/// What happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum What {
    Opened(Opened),
    /// Nobody decided before its time was over.
    HoldReleased,
    /// What one person found. It decides where enough people found it by the policy of then.
    Found {
        outcome: Outcome,
        action: Action,
        note: Option<Kept>,
        decides: bool,
    },
    /// The uploader was told what there was to tell.
    Informed,
    PoliceInformed,
    /// An authority asked not to tell the uploader until then.
    Withheld {
        until: Time,
    },
    Complained {
        text: Option<Kept>,
        received_at: Time,
    },
    ComplaintDecided {
        upheld: bool,
        note: Option<Kept>,
    },
    Reinstated,
    Reopened {
        why: Reopening,
        note: Option<Kept>,
    },
    /// What was removed is kept for longer, as an authority or a court asked (article 6(2) TCO).
    Preserved {
        until: Time,
        note: Option<Kept>,
    },
    /// What was preserved is deleted.
    Deleted,
    OrderDone {
        action: Action,
    },
    OrderRefused {
        ground: OrderGround,
        note: Option<Kept>,
    },
    /// What stood in the way of an order is gone: its hour begins.
    OrderCleared,
    OrderEnded {
        why: OrderEnd,
    },
    Proceedings {
        kind: Proceedings,
    },
    ProceedingsEnded {
        reinstated: bool,
    },
    /// The texts of this case were erased.
    Erased,
}

impl What {
    /// Whoever has one of these roles may let it happen; where there are none, it is nobody's doing.
    pub(super) const fn takes(&self) -> &'static [Role] {
        match self {
            Self::Opened(_) | Self::HoldReleased | Self::Complained { .. } => &[],
            Self::Found { .. } | Self::OrderRefused { .. } => &[Role::Reviewer],
            Self::ComplaintDecided { .. } => &[Role::Complaints],
            Self::Reopened { .. } | Self::Preserved { .. } | Self::Erased => &[Role::Supervisor],
            _ => &Role::ALL,
        }
    }
}

/// Why a case that was decided is looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reopening {
    /// An entry that it rests on was lost.
    EntryLost(Loss),
    /// Somebody asked for it.
    ByPerson,
}

/// A case as it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Opened {
    pub(super) origin: Origin,
    /// The platform's reference of the upload.
    pub(super) subject: Kept,
    pub(super) media: MediaKind,
    pub(super) screened_at: Time,
    pub(super) found: Vec<FoundEntry>,
    /// Of which types an order says that the content is.
    pub(super) ordered: Option<TcoTypes>,
    /// Until when an order asks not to tell the uploader.
    pub(super) withheld_until: Option<Time>,
    /// Whether screening was a specific measure then (article 5 TCO).
    pub(super) is_measure: bool,
    /// Until when the upload is held, where the policy holds.
    pub(super) hold_until: Option<Time>,
    /// The evidence in JSON, beside the chain; of an order, the order.
    pub(super) evidence: Vec<Kept>,
}

/// One entry that an upload came near to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FoundEntry {
    pub(super) name: EntryName,
    pub(super) version: Option<Version>,
    pub(super) class: MatchClass,
    pub(super) tier: Option<Tier>,
    pub(super) types: Option<TcoTypes>,
}

/// An entry of a list, by the names that they have here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryName {
    /// The name under which the list was added to the screener.
    pub list: Box<str>,
    /// The entry's id in its list; where authorities entered it, 64 hexadecimal digits.
    pub entry: Box<str>,
    id: Option<EntryId>,
}

impl EntryName {
    /// The entry of a list.
    #[must_use]
    pub fn new(list: &str, entry: &str) -> Self {
        let id = entry.parse().ok();
        let (list, entry) = (list.into(), entry.into());
        Self { list, entry, id }
    }

    /// The same of a snapshot, where the entry has this id. An entry whose hashes change has another one, and is another entry.
    #[must_use]
    pub fn with_id(mut self, id: EntryId) -> Self {
        self.id = Some(id);
        self
    }

    /// Its id, where it is an entry of a snapshot: one that can be switched off, and that authorities may know.
    #[must_use]
    pub fn id(&self) -> Option<EntryId> {
        self.id
    }
}

/// As people read it: `eu 3f09…`.
impl std::fmt::Display for EntryName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.list, self.entry)
    }
}

/// Which snapshot an entry was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its id, which commits to all that is in it, the roots of the authorities' logs among it.
    pub snapshot: [u8; 32],
    /// Its number.
    pub sequence: u64,
}

/// A record of the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HouseRecord {
    pub(super) at: Time,
    pub(super) by: Option<PersonNumber>,
    pub(super) what: House,
}

/// What happened to the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum House {
    /// The first record.
    Begun {
        file: [u8; 16],
        policy: Policy,
        first: Pseudonym,
    },
    PolicySet(Policy),
    /// Or given other roles.
    Enrolled {
        pseudonym: Pseudonym,
        roles: Vec<Role>,
    },
    Left {
        number: PersonNumber,
    },
    Tripped {
        entry: EntryName,
        trip: Trip,
    },
    Reset {
        entry: EntryName,
        note: Option<Kept>,
    },
    Lost {
        entry: EntryName,
        why: Loss,
        since: Time,
    },
    Drawn {
        /// So many were not matched in this time, by what was handed in.
        of: u64,
        drawn: u32,
        from: Time,
        until: Time,
    },
}

/// The bytes of a record, with the version of how they are written.
pub(super) fn to_bytes(record: &impl Serialize) -> Option<Vec<u8>> {
    let mut bytes = vec![VERSION];
    bytes.extend(postcard::to_stdvec(record).ok()?);
    Some(bytes)
}

/// The record of these bytes; none where they are not one, to the last byte.
pub(super) fn from_bytes<'a, T: Deserialize<'a> + Serialize>(bytes: &'a [u8]) -> Option<T> {
    let (version, body) = bytes.split_first()?;
    if *version != VERSION {
        return None;
    }
    let (record, rest) = postcard::take_from_bytes::<T>(body).ok()?;
    // One spelling: what would be written otherwise is not read.
    let is_canonical =
        rest.is_empty() && postcard::to_stdvec(&record).is_ok_and(|same| same == body);
    is_canonical.then_some(record)
}

const VERSION: u8 = 1;
