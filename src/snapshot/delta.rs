//! From one snapshot to the next: what changed, and no more.

use serde::{Deserialize, Serialize};

use crate::baseline::{
    Authority, Code, ConsensusState, ContextDependence, EntryId, MediaKind, Part, Policy, Shown,
    Source, TcoTypes, Time,
};
use crate::hash::Quality;

use super::draft::{Draft, DraftError};
use super::entry::{NewEntry, Print};
use super::head::About;
use super::merge::{self, Around};
use super::record::{Common, Log, Numbers, Said, Verdicts, said_as_numbers, said_of_numbers};
use super::rows::{profile_number, profile_of};
use super::{Id, Snapshot};

const MAGIC: [u8; 8] = *b"ijkdelt\0";

/// What makes one snapshot of another: of each, the bytes are known by its id.
///
/// It holds what changed: its length is proportional to that. Applied to the snapshot that it was made for, it gives the very bytes of
/// the other; to no other one does it apply.
///
/// ```
/// use ijkpunt::baseline::List;
/// use ijkpunt::snapshot::{Delta, Draft, Snapshot};
///
/// let list = |rows: &str| List::from_bytes(format!("id,sha1\n{rows}").as_bytes());
/// let (a, b) = ("a,da39a3ee5e6b4b0d3255bfef95601890afd80709\n", "b,a9993e364706816aba3e25717850c26c9cd0d89d\n");
/// let mut draft = Draft::new(1, "2026-11-22T10:00:00Z".parse()?);
/// let old = Snapshot::from_bytes(draft.list(&list(a)?)?.to_bytes()?)?;
/// let mut draft = Draft::new(2, "2026-11-23T10:00:00Z".parse()?);
/// let new = Snapshot::from_bytes(draft.list(&list(a)?)?.list(&list(b)?)?.to_bytes()?)?;
///
/// let delta = Delta::between(&old, &new)?;
/// let received = Delta::from_bytes(&delta.to_bytes())?;
/// assert!(received.apply(&old)? == new.as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    base: Id,
    target: Id,
    changes: Changes,
}

/// What is not as before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Changes {
    sequence: u64,
    created_at: Time,
    valid_until: Option<Time>,
    /// The policy, the authorities and the logs, each whole if anything in it changed.
    policy: Option<Option<Policy>>,
    authorities: Option<Vec<Authority>>,
    logs: Option<Vec<Log>>,
    /// What verdicts of the entries here have in common.
    common: Vec<Common>,
    /// Entries that are gone, and such as are new or not as before.
    gone: Vec<EntryId>,
    here: Vec<Written>,
}

/// An entry.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Written {
    id: EntryId,
    media: MediaKind,
    title: String,
    source: Option<Source>,
    context: Option<ContextDependence>,
    created_at: Option<Time>,
    state: Option<ConsensusState>,
    types: Option<TcoTypes>,
    prints: Vec<WrittenPrint>,
    /// Of the other snapshot's authorities.
    said: Vec<Numbers>,
}

/// Shows no hash.
impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.id)
    }
}

/// A hash or digest: the profile by its number, since its name would be a fifth of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct WrittenPrint {
    code: Code,
    quality: Option<Quality>,
    profile: u8,
    part: Option<Part>,
    shown: Option<Shown>,
    label: Option<String>,
}

impl Written {
    fn of(entry: &NewEntry, authorities: &[Authority], verdicts: &Verdicts) -> Self {
        let print = |print: &Print| WrittenPrint {
            code: print.code,
            quality: print.quality,
            profile: profile_number(print.profile),
            part: print.part,
            shown: print.shown,
            label: print.label.clone(),
        };
        Self {
            id: entry.id,
            media: entry.media,
            title: entry.title.clone(),
            source: entry.source.clone(),
            context: entry.context,
            created_at: entry.created_at,
            state: entry.state,
            types: entry.types,
            prints: entry.prints.iter().map(print).collect(),
            said: said_as_numbers(&entry.said, authorities, verdicts),
        }
    }

    /// The entry; none where a number stands for nothing.
    fn entry(&self, authorities: &[Authority], common: &[Common]) -> Option<NewEntry> {
        let print = |print: &WrittenPrint| {
            Some(Print {
                code: print.code,
                quality: print.quality,
                profile: profile_of(print.profile)?,
                part: print.part,
                shown: print.shown,
                label: print.label.clone(),
            })
        };
        let said: Vec<Said> = said_of_numbers(&self.said, authorities, common).collect();
        (said.len() == self.said.len()).then_some(())?;
        Some(NewEntry {
            id: self.id,
            media: self.media,
            title: self.title.clone(),
            source: self.source.clone(),
            context: self.context,
            created_at: self.created_at,
            prints: self.prints.iter().map(print).collect::<Option<_>>()?,
            state: self.state,
            types: self.types,
            said,
        })
    }
}

impl Delta {
    /// What makes `new` of `old`.
    ///
    /// # Errors
    /// As [`Snapshot::to_draft`].
    ///
    /// # Cost
    /// One pass over both, entry by entry.
    pub fn between(old: &Snapshot, new: &Snapshot) -> Result<Self, DraftError> {
        let (before, after) = (old.to_draft()?, new.to_draft()?);
        let is_gone = |entry: &&NewEntry| after.get(entry.id).is_none();
        let is_new = |entry: &&NewEntry| before.get(entry.id) != Some(*entry);
        let too_long = |_| DraftError::TooMuch { what: "one entry" };
        let here = || after.entries().filter(is_new);
        let verdicts = Verdicts::of(here().flat_map(|entry| &entry.said)).map_err(too_long)?;
        let written = here().map(|entry| Written::of(entry, new.authorities(), &verdicts));
        let changes = Changes {
            sequence: new.sequence(),
            created_at: new.created_at(),
            valid_until: new.valid_until(),
            policy: (old.policy() != new.policy()).then(|| new.policy().cloned()),
            authorities: (old.authorities() != new.authorities())
                .then(|| new.authorities().to_vec()),
            logs: (old.logs() != new.logs()).then(|| new.logs().to_vec()),
            gone: before
                .entries()
                .filter(is_gone)
                .map(|entry| entry.id)
                .collect(),
            here: written.collect(),
            common: verdicts.common,
        };
        Ok(Self {
            base: old.id(),
            target: new.id(),
            changes,
        })
    }

    /// The id of the snapshot that it applies to.
    #[must_use]
    pub fn base(&self) -> Id {
        self.base
    }

    /// The id of the snapshot that comes of it.
    #[must_use]
    pub fn target(&self) -> Id {
        self.target
    }

    /// As it travels, described in the [module's documentation](super).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::from(MAGIC);
        bytes.extend(super::VERSION.to_le_bytes());
        bytes.extend(self.base.to_bytes());
        bytes.extend(self.target.to_bytes());
        let Ok(mut bytes) = postcard::to_extend(&self.changes, bytes) else {
            unreachable!("values of this crate, which have postcard bytes");
        };
        bytes.extend(blake3::hash(&bytes).as_bytes());
        bytes
    }

    /// Whether a file that begins so may be a delta: from its first eight bytes.
    #[must_use]
    pub fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// Reads one that travelled.
    ///
    /// # Errors
    /// [`DeltaError`]; nothing of a damaged one is used.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DeltaError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(DeltaError::NotADelta)?;
        let (version, rest) = rest.split_first_chunk().ok_or(DeltaError::Damaged)?;
        let found = u32::from_le_bytes(*version);
        if found != super::VERSION {
            return Err(DeltaError::Version { found });
        }
        let (rest, digest) = rest.split_last_chunk().ok_or(DeltaError::Damaged)?;
        if *blake3::hash(&bytes[..bytes.len() - 32]).as_bytes() != *digest {
            return Err(DeltaError::Damaged);
        }
        let (base, rest) = rest.split_first_chunk().ok_or(DeltaError::Damaged)?;
        let (target, rest) = rest.split_first_chunk().ok_or(DeltaError::Damaged)?;
        match postcard::take_from_bytes(rest) {
            Ok((changes, [])) => Ok(Self {
                base: Id::from_bytes(*base),
                target: Id::from_bytes(*target),
                changes,
            }),
            _ => Err(DeltaError::Damaged),
        }
    }

    /// The bytes of the other snapshot.
    ///
    /// # Errors
    /// [`DeltaError::OtherBase`] for a snapshot that it was not made for; [`DeltaError::OtherTarget`] and [`DeltaError::Draft`] where it was not
    /// made of two snapshots.
    ///
    /// # Cost
    /// One pass over the old snapshot, and the building of its indexes anew.
    pub fn apply(&self, old: &Snapshot) -> Result<Vec<u8>, DeltaError> {
        if old.id() != self.base {
            return Err(DeltaError::OtherBase {
                expected: self.base,
                found: old.id(),
            });
        }
        let changes = &self.changes;
        let authorities = changes.authorities.as_deref();
        let authorities = authorities.unwrap_or(old.authorities());
        // What is new or not as before is a small snapshot, to be merged with the rest of the old one.
        let mut draft = Draft::new(changes.sequence, changes.created_at);
        for authority in authorities {
            draft.authority(authority.clone());
        }
        for here in &changes.here {
            let entry = here.entry(authorities, &changes.common);
            draft.entry(entry.ok_or(DeltaError::Damaged)?)?;
        }
        let here = Snapshot::from_bytes(draft.to_bytes()?).map_err(|_| DeltaError::OtherTarget)?;
        let mut keep = vec![true; old.entries()];
        let ids = (0..here.entries()).filter_map(|entry| here.entry_id(entry));
        for id in ids.chain(changes.gone.iter().copied()) {
            if let Some(entry) = old.find(id) {
                keep[entry] = false;
            }
        }
        let policy = changes.policy.as_ref().map_or(old.policy(), Option::as_ref);
        let around = Around {
            about: About {
                sequence: changes.sequence,
                created_at: changes.created_at,
                valid_until: changes.valid_until,
                policy: policy.map(Policy::id),
            },
            policy,
            authorities: here.authorities(),
            logs: changes.logs.as_deref().unwrap_or(old.logs()),
        };
        let of_old = merge::Part {
            snapshot: old,
            keep,
        };
        let of_here = merge::Part {
            keep: vec![true; here.entries()],
            snapshot: &here,
        };
        let bytes = merge::merged(&[of_old, of_here], &around)?;
        let found = super::table::id(&bytes);
        if found != Some(self.target) {
            return Err(DeltaError::OtherTarget);
        }
        Ok(bytes)
    }
}

/// A delta cannot be used; the snapshot that is there stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeltaError {
    /// It begins otherwise.
    #[error("not a delta: it does not begin with `ijkdelt` and a zero")]
    NotADelta,
    /// It is of a version that this program does not know.
    #[error("the delta is of version {found}, and this program knows version {known} only: update the older of the two", known = super::VERSION)]
    Version {
        /// Its version.
        found: u32,
    },
    /// It is not as it was written.
    #[error("the delta is damaged or cut off: get it anew, or the whole snapshot")]
    Damaged,
    /// It was made for another snapshot.
    #[error("the delta is for snapshot {expected}, and this is {found}: get the whole snapshot")]
    OtherBase {
        /// For which.
        expected: Id,
        /// Which it was applied to.
        found: Id,
    },
    /// What comes of it is not what it says.
    #[error("the delta does not give the snapshot that it names: get the whole snapshot")]
    OtherTarget,
    /// There is no such snapshot.
    #[error("the delta gives no snapshot: {0}")]
    Draft(#[from] DraftError),
}
