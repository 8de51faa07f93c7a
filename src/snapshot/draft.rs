//! What a snapshot is made of, and the making of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;

use crate::baseline::{Authority, AuthorityId, Code, ConsensusState, EntryId, List, Policy, Time};
use crate::hash::{Digest, Pdq};
use crate::index::Index;

use super::entry::{NewEntry, Print};
use super::head::{self, About, Kind};
use super::record::{self, Beside, Log, Record, Verdicts};
use super::rows::{self, Written, write_digest};
use super::strings::Dictionary;

/// Collects what a snapshot is made of.
///
/// ```
/// use ijkpunt::baseline::{List, Time};
/// use ijkpunt::snapshot::{Draft, Snapshot};
///
/// let csv = "id,pdq\nitem-1,f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22\n";
/// let mut draft = Draft::new(1, "2026-11-22T10:00:00Z".parse::<Time>()?);
/// draft.list(&List::from_bytes(csv.as_bytes())?)?;
/// let snapshot = Snapshot::from_bytes(draft.to_bytes()?)?;
/// assert_eq!(snapshot.entries(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Draft {
    sequence: u64,
    created_at: Time,
    valid_until: Option<Time>,
    policy: Option<Policy>,
    authorities: BTreeMap<AuthorityId, Authority>,
    logs: BTreeMap<(AuthorityId, [u8; 32]), Log>,
    entries: BTreeMap<EntryId, NewEntry>,
}

/// There is no such snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// One entry was added twice, and not with the same content.
    #[error("entry {id} was added before, with another content")]
    EntryTwice {
        /// Which.
        id: EntryId,
    },
    /// An entry has no hash and no digest: nothing would ever find it.
    #[error("entry {id} has no hash and no digest, so nothing would ever find it")]
    NoFingerprint {
        /// Which.
        id: EntryId,
    },
    /// What is withdrawn, suspended, objected to, run out or not assessed is not to be looked for.
    #[error(
        "entry {id} is {state}, and only what states have assessed as terrorist, and nothing stops, goes into a snapshot: leave it out"
    )]
    NotListed {
        /// Which.
        id: EntryId,
        /// What it is.
        state: ConsensusState,
    },
    /// An authority has one word of an entry; of two, nobody could say which stands.
    #[error("entry {id} has two verdicts of authority {authority}: give the one that stands")]
    TwoVerdicts {
        /// Which.
        id: EntryId,
        /// Whose.
        authority: AuthorityId,
    },
    /// A part of a picture is that of a window, and a window has one.
    #[error(
        "entry {id} has a hash of the profile windows/1 without a part, or a part with another profile"
    )]
    HalfAWindow {
        /// Which.
        id: EntryId,
    },
    /// A frame is the whole of what showed, and has a hash.
    #[error("entry {id} has the time of a frame with a digest, or with the part of a window")]
    HalfAFrame {
        /// Which.
        id: EntryId,
    },
    /// Somebody said something who is not among the authorities.
    #[error(
        "authority {authority} assessed an entry and is not in the snapshot: add it with `authority`"
    )]
    UnknownAuthority {
        /// Who.
        authority: AuthorityId,
    },
    /// More than the numbers of the format can tell apart.
    #[error("too much for one snapshot: {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
    },
}

impl Draft {
    /// An empty one: its number, which has to be above that of the snapshot before, and the moment that it shows.
    #[must_use]
    pub fn new(sequence: u64, created_at: Time) -> Self {
        Self {
            sequence,
            created_at,
            valid_until: None,
            policy: None,
            authorities: BTreeMap::new(),
            logs: BTreeMap::new(),
            entries: BTreeMap::new(),
        }
    }

    /// States until when it may be relied on; afterwards, "no match" becomes "undecided".
    pub fn valid_until(&mut self, until: Time) -> &mut Self {
        self.valid_until = Some(until);
        self
    }

    /// States the policy by which the entries were chosen.
    pub fn policy(&mut self, policy: Policy) -> &mut Self {
        self.policy = Some(policy);
        self
    }

    /// Adds an authority; the last of one id stays.
    pub fn authority(&mut self, authority: Authority) -> &mut Self {
        self.authorities.insert(authority.id.clone(), authority);
        self
    }

    /// States up to where a log went in; the last of one authority and name stays.
    pub fn log(&mut self, log: Log) -> &mut Self {
        self.logs.insert((log.authority.clone(), log.name), log);
        self
    }

    /// Adds an entry. The same one again changes nothing, in whatever order its hashes and verdicts stand.
    ///
    /// # Errors
    /// [`DraftError::EntryTwice`], [`DraftError::NoFingerprint`], [`DraftError::NotListed`], [`DraftError::TwoVerdicts`],
    /// [`DraftError::HalfAWindow`] and [`DraftError::HalfAFrame`].
    pub fn entry(&mut self, mut entry: NewEntry) -> Result<&mut Self, DraftError> {
        let id = entry.id;
        entry
            .prints
            .sort_unstable_by(|one, other| one.order().cmp(&other.order()));
        entry.prints.dedup();
        if entry.prints.is_empty() {
            return Err(DraftError::NoFingerprint { id });
        }
        if let Some(state) = entry.state.filter(|state| !state.may_be_listed()) {
            return Err(DraftError::NotListed { id, state });
        }
        if entry.prints.iter().any(Print::is_half_a_frame) {
            return Err(DraftError::HalfAFrame { id });
        }
        if entry.prints.iter().any(Print::is_half_a_window) {
            return Err(DraftError::HalfAWindow { id });
        }
        entry.said.sort_by(|a, b| a.authority.cmp(&b.authority));
        let mut pairs = entry.said.windows(2);
        if let Some(two) = pairs.find(|two| two[0].authority == two[1].authority) {
            let authority = two[0].authority.clone();
            return Err(DraftError::TwoVerdicts { id, authority });
        }
        entry.said.sort_by_key(|said| said.made_at); // of one moment in the order of their authorities
        match self.entries.entry(id) {
            Place::Vacant(place) => {
                place.insert(entry);
            }
            Place::Occupied(known) if *known.get() != entry => {
                return Err(DraftError::EntryTwice { id });
            }
            Place::Occupied(_) => {}
        }
        Ok(self)
    }

    /// An entry by its id.
    #[must_use]
    pub fn get(&self, id: EntryId) -> Option<&NewEntry> {
        self.entries.get(&id)
    }

    /// Takes an entry out; true where it was there.
    pub fn remove(&mut self, id: EntryId) -> bool {
        self.entries.remove(&id).is_some()
    }

    /// The entries, in the order of their ids.
    pub fn entries(&self) -> impl Iterator<Item = &NewEntry> {
        self.entries.values()
    }

    /// Adds the entries of a list of one's own. Entries of two lists are the same only if id and rows are.
    ///
    /// # Errors
    /// As [`Draft::entry`].
    pub fn list(&mut self, list: &List) -> Result<&mut Self, DraftError> {
        let mut prints: Vec<Vec<Print>> = vec![Vec::new(); list.entries().len()];
        for row in list.rows() {
            prints[row.entry()].push(Print::from(row));
        }
        for (entry, prints) in list.entries().iter().zip(prints) {
            self.entry(NewEntry::of_list(entry, prints))?;
        }
        Ok(self)
    }

    /// The file.
    ///
    /// # Errors
    /// [`DraftError::UnknownAuthority`] and [`DraftError::TooMuch`].
    ///
    /// # Cost
    /// That of building three [`Index`]es, and one pass over the rest. Memory: the file twice.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DraftError> {
        let all = || self.entries.values().zip(0u32..);
        let prints =
            || all().flat_map(|(new, entry)| new.prints.iter().map(move |one| (one, entry)));
        let texts = all().flat_map(|(new, _)| {
            let mime = new.source.as_ref().map(|source| source.mime.as_str());
            mime.into_iter().chain([&*new.title])
        });
        let labels = prints().filter_map(|(one, _)| one.label.as_deref());
        let strings = Dictionary::of(texts.chain(labels));
        if u32::try_from(strings.bytes()).is_err() {
            return Err(DraftError::TooMuch {
                what: "texts, above 4 GiB",
            });
        }
        // Of whole pictures, of windows, and of frames. Entries are in order, and so are the hashes of each.
        let mut hashes: [Vec<Pdq>; 3] = Default::default();
        let mut rows: [Vec<u8>; 3] = Default::default();
        let mut digests: Vec<(Digest, u32, u32)> = Vec::new();
        for (one, entry) in prints() {
            let label = one.label.as_deref();
            let label = label.map_or(u32::MAX, |label| strings.number(label));
            match one.code {
                Code::Digest(digest) => digests.push((digest, entry, label)),
                Code::Pdq(pdq) => {
                    let table = one.table() as usize;
                    hashes[table].push(pdq);
                    let row = Written {
                        entry,
                        label,
                        part: one.part,
                        shown: one.shown,
                        quality: one.quality,
                        profile: one.profile,
                    };
                    row.write(&mut rows[table]);
                }
            }
        }
        if hashes.iter().any(|hashes| hashes.len() > 1 << 30) {
            let what = "hashes, above 2^30";
            return Err(DraftError::TooMuch { what });
        }
        digests.sort_unstable();
        digests.dedup();
        let [of_wholes, of_windows, of_frames] =
            hashes.map(|hashes| hashes.into_iter().collect::<Index<'static>>());
        let rows = rows.concat();
        let mut of_digests = Vec::with_capacity(rows::DIGEST * digests.len());
        for (digest, entry, label) in digests {
            write_digest(digest, entry, label, &mut of_digests);
        }
        let too_long = |log: &Log| log.begins.checked_add(log.size).is_none();
        if self.logs.values().any(too_long) {
            let what = "events of one log, above 2^64";
            return Err(DraftError::TooMuch { what });
        }
        let mut logs = Vec::new();
        self.logs.values().for_each(|log| log.write(&mut logs));
        let [beside, offsets, records] = self.records(&strings)?;
        let sections = [
            &logs,
            &beside,
            &strings.written(),
            of_wholes.as_bytes(),
            of_windows.as_bytes(),
            of_frames.as_bytes(),
            &rows,
            &of_digests,
            &offsets,
            &records,
        ];
        let about = About {
            sequence: self.sequence,
            created_at: self.created_at,
            valid_until: self.valid_until,
            policy: self.policy.as_ref().map(Policy::id),
        };
        let _: [Kind; 10] = Kind::ALL; // in whose order they stand
        Ok(head::written(&about, &sections))
    }

    /// What stands beside the entries, where each of them begins, and the entries.
    fn records(&self, strings: &Dictionary<'_>) -> Result<[Vec<u8>; 3], DraftError> {
        let said = || self.entries.values().flat_map(|new| &new.said);
        if let Some(said) = said().find(|said| !self.authorities.contains_key(&said.authority)) {
            let authority = said.authority.clone();
            return Err(DraftError::UnknownAuthority { authority });
        }
        let too_long = |_| DraftError::TooMuch { what: "one entry" };
        let verdicts = Verdicts::of(said()).map_err(too_long)?;
        let beside = Beside {
            policy: self.policy.clone(),
            authorities: self.authorities.values().cloned().collect(),
            common: verdicts.common.clone(),
        };
        let (mut offsets, mut records) = (vec![0; 4], Vec::new());
        for new in self.entries.values() {
            let record = Record {
                id: new.id,
                title: &new.title,
                media: new.media,
                source: new.source.clone(),
                context: new.context,
                created_at: new.created_at,
                state: new.state,
                types: new.types,
                said: new.said.clone(),
            };
            let written = record::Written::of(&record, strings, &beside.authorities, &verdicts);
            records = postcard::to_extend(&written, records).map_err(too_long)?;
            let what = "records, above 4 GiB";
            let end = u32::try_from(records.len()).map_err(|_| DraftError::TooMuch { what })?;
            offsets.extend(end.to_le_bytes());
        }
        let beside = postcard::to_stdvec(&beside).map_err(too_long)?;
        Ok([beside, offsets, records])
    }
}
