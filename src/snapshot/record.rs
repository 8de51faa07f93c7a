//! Entries as they stand in a snapshot, and what stands beside them.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::baseline::{
    Authority, AuthorityId, Commitment, ConsensusState, ContextDependence, EntryId, MediaKind,
    Method, Policy, Source, TcoTypes, Text, Time, Verdict,
};

use super::strings::{Dictionary, Strings};

/// A log of an authority, up to where a snapshot was made of it. An authority whose log was closed may have another one that goes on from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Whose.
    pub authority: AuthorityId,
    /// Its name: the id of its first key.
    pub name: [u8; 32],
    /// The place of its first event.
    pub begins: u64,
    /// How many events.
    pub size: u64,
    /// The root of their Merkle tree, RFC 6962.
    pub root: [u8; 32],
    /// The Ed25519 key that signs what follows; none where nothing follows that counts.
    pub key: Option<[u8; 32]>,
}

/// Bytes of a log in its section.
const LOG: usize = 176;

impl Log {
    /// In which order they stand, each once.
    pub(super) fn order(&self) -> (&AuthorityId, [u8; 32]) {
        (&self.authority, self.name)
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let begin = bytes.len();
        bytes.extend(self.authority.as_str().bytes());
        bytes.resize(begin + 64, 0);
        bytes.extend(self.name);
        bytes.extend(self.begins.to_le_bytes());
        bytes.extend(self.size.to_le_bytes());
        bytes.extend(self.root);
        bytes.extend(self.key.unwrap_or_default());
    }

    /// The logs of a section, in order; where the first that is wrong begins, if one is.
    pub(super) fn read_all(bytes: &[u8]) -> Result<Vec<Self>, usize> {
        let (rows, rest) = bytes.as_chunks::<LOG>();
        let mut logs: Vec<Self> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let log = Self::read(row).ok_or(LOG * number)?;
            if logs.last().is_some_and(|last| last.order() >= log.order()) {
                return Err(LOG * number);
            }
            logs.push(log);
        }
        if rest.is_empty() {
            Ok(logs)
        } else {
            Err(LOG * rows.len())
        }
    }

    fn read(row: &[u8; LOG]) -> Option<Self> {
        let (id, rest) = row.split_first_chunk::<64>()?;
        let length = id.iter().position(|byte| *byte == 0).unwrap_or(64);
        let (id, zeros) = id.split_at(length);
        let authority = str::from_utf8(id).ok()?.parse().ok()?;
        let (name, rest) = rest.split_first_chunk()?;
        let (begins, rest) = rest.split_first_chunk()?;
        let (size, rest) = rest.split_first_chunk()?;
        let (root, key) = rest.split_first_chunk()?;
        let (begins, size) = (u64::from_le_bytes(*begins), u64::from_le_bytes(*size));
        begins.checked_add(size)?;
        let key: [u8; 32] = key.try_into().ok()?;
        zeros.iter().all(|byte| *byte == 0).then_some(Self {
            authority,
            name: *name,
            begins,
            size,
            root: *root,
            key: (key != [0; 32]).then_some(key),
        })
    }
}

/// What an authority said of an entry, as far as it counts for platforms: no reasons and no signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Who.
    pub authority: AuthorityId,
    /// What.
    pub verdict: Verdict,
    /// How it was found.
    pub method: Method,
    /// When.
    pub made_at: Time,
    /// Until when it counts.
    pub valid_until: Option<Time>,
}

/// An entry of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// Which.
    pub id: EntryId,
    /// A neutral title; of a list, the id that the list gives.
    pub title: &'a str,
    /// What was hashed.
    pub media: MediaKind,
    /// Which file, if that is known.
    pub source: Option<Source>,
    /// Whether it says the same wherever it is shown, as the authority that entered it sees it; none in lists.
    pub context: Option<ContextDependence>,
    /// When the authority entered it; none in lists.
    pub created_at: Option<Time>,
    /// What the states together say by the snapshot's policy, at the time when it was made; none without a policy.
    pub state: Option<ConsensusState>,
    /// Of which types they say that it is.
    pub types: Option<TcoTypes>,
    /// Who said what, in the order of their times.
    pub said: Vec<Said>,
}

/// What many verdicts have in common: which, how, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Common {
    verdict: Verdict,
    method: Method,
    /// Seconds from when it was made to when it ends.
    term: Option<u64>,
}

impl Common {
    fn of(said: &Said) -> Self {
        Self {
            verdict: said.verdict,
            method: said.method.clone(),
            term: said.valid_until.map(|until| {
                // An assessment that ends before it begins ends at once.
                u64::try_from(until.unix_seconds() - said.made_at.unix_seconds()).unwrap_or(0)
            }),
        }
    }
}

impl Common {
    /// From when to when it counts, if it was made at this second; none where there is no such time.
    pub(super) fn times(&self, at: i64) -> Option<(Time, Option<Time>)> {
        let time = |seconds: i64| Time::from_unix_seconds(seconds).ok();
        let until = match self.term {
            Some(term) => Some(time(at.checked_add_unsigned(term)?)?),
            None => None,
        };
        Some((time(at)?, until))
    }
}

/// What stands beside the entries.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Beside {
    pub(super) authorities: Vec<Authority>,
    pub(super) common: Vec<Common>,
    /// Last, so that whoever needs none of its terms may leave it unread.
    pub(super) policy: Option<Policy>,
}

/// Gives what verdicts have in common their numbers.
pub(super) struct Verdicts {
    numbers: HashMap<Common, u32>,
    pub(super) common: Vec<Common>,
}

impl Verdicts {
    /// Of all that was said, in the order of their bytes.
    pub(super) fn of<'a>(said: impl Iterator<Item = &'a Said>) -> Result<Self, postcard::Error> {
        let all: HashSet<Common> = said.map(Common::of).collect();
        let with_bytes = |common: Common| Ok((postcard::to_stdvec(&common)?, common));
        let sorted: Result<BTreeMap<_, _>, postcard::Error> =
            all.into_iter().map(with_bytes).collect();
        let common: Vec<Common> = sorted?.into_values().collect();
        Ok(Self {
            numbers: common.iter().cloned().zip(0..).collect(),
            common,
        })
    }

    fn number(&self, said: &Said) -> u32 {
        self.numbers
            .get(&Common::of(said))
            .copied()
            .unwrap_or(u32::MAX)
    }
}

/// A record as it stands in the file.
#[derive(Serialize, Deserialize)]
pub(super) struct Written {
    id: [u8; 32],
    pub(super) title: u32,
    media: MediaKind,
    source: Option<WrittenSource>,
    context: Option<ContextDependence>,
    created_at: Option<Time>,
    state: Option<ConsensusState>,
    types: Option<TcoTypes>,
    said: Vec<Numbers>,
}

#[derive(Serialize, Deserialize)]
struct WrittenSource {
    sha256: [u8; 32],
    size: u64,
    mime: u32,
}

impl Written {
    /// `said` is in the order of times.
    pub(super) fn of(
        record: &Record<'_>,
        strings: &Dictionary<'_>,
        authorities: &[Authority],
        verdicts: &Verdicts,
    ) -> Self {
        Self {
            id: record.id.to_bytes(),
            title: strings.number(record.title),
            media: record.media,
            source: record.source.as_ref().map(|source| WrittenSource {
                sha256: source.sha256.to_bytes(),
                size: source.size,
                mime: strings.number(source.mime.as_str()),
            }),
            context: record.context,
            created_at: record.created_at,
            state: record.state,
            types: record.types,
            said: said_as_numbers(&record.said, authorities, verdicts),
        }
    }

    /// Checks the numbers in it, which stand for something else: what is wrong, if something is. What opens a snapshot does the same without reading
    /// records into memory; this says in tests whether it does.
    #[cfg(test)]
    pub(super) fn check(&self, strings: &Strings, beside: &Beside) -> Result<(), &'static str> {
        if self.title as usize >= strings.len() {
            return Err("the number of a text as the title");
        }
        if self
            .source
            .as_ref()
            .is_some_and(|source| source.read(strings).is_none())
        {
            return Err("the number of a media type as the type of the source");
        }
        if self.state.is_some_and(|state| !state.may_be_listed()) {
            return Err("a state in which an entry may be listed");
        }
        let mut at: i64 = 0;
        for said in &self.said {
            at = at.wrapping_add(said.2);
            let common = beside.common.get(said.1 as usize);
            let times = common.and_then(|common| common.times(at));
            if times.is_none() || said.0 as usize >= beside.authorities.len() {
                return Err("an authority, a verdict and times of these numbers");
            }
        }
        Ok(())
    }

    /// The entry, of numbers that were checked.
    pub(super) fn record<'a>(self, strings: &'a Strings, beside: &Beside) -> Record<'a> {
        let said = said_of_numbers(&self.said, &beside.authorities, &beside.common);
        Record {
            id: EntryId::from_bytes(self.id),
            title: strings.get(self.title),
            media: self.media,
            source: self.source.as_ref().and_then(|source| source.read(strings)),
            context: self.context,
            created_at: self.created_at,
            said: said.collect(),
            state: self.state,
            types: self.types,
        }
    }
}

/// A verdict as it stands in the file: authority, what it has in common, and seconds since the verdict before; the first since 1970.
pub(super) type Numbers = (u32, u32, i64);

/// Verdicts, which are in the order of their times, as numbers.
pub(super) fn said_as_numbers(
    said: &[Said],
    authorities: &[Authority],
    verdicts: &Verdicts,
) -> Vec<Numbers> {
    let mut before = 0;
    let mut all = Vec::with_capacity(said.len());
    for said in said {
        let place = authorities.binary_search_by(|other| other.id.cmp(&said.authority));
        let place = place.ok().and_then(|place| u32::try_from(place).ok());
        let now = said.made_at.unix_seconds();
        all.push((
            place.unwrap_or(u32::MAX),
            verdicts.number(said),
            now.wrapping_sub(before),
        ));
        before = now;
    }
    all
}

/// Verdicts of numbers; without those in which a number stands for nothing.
pub(super) fn said_of_numbers<'a>(
    numbers: &'a [Numbers],
    authorities: &'a [Authority],
    common: &'a [Common],
) -> impl Iterator<Item = Said> + 'a {
    let mut at: i64 = 0;
    numbers.iter().filter_map(move |said| {
        at = at.wrapping_add(said.2);
        read(said, at, authorities, common)
    })
}

/// What was said at this moment; none where a number stands for nothing.
fn read(
    (authority, common, _): &Numbers,
    at: i64,
    authorities: &[Authority],
    common_of_all: &[Common],
) -> Option<Said> {
    let common = common_of_all.get(*common as usize)?;
    let (made_at, valid_until) = common.times(at)?;
    Some(Said {
        authority: authorities.get(*authority as usize)?.id.clone(),
        verdict: common.verdict,
        method: common.method.clone(),
        made_at,
        valid_until,
    })
}

impl WrittenSource {
    fn read(&self, strings: &Strings) -> Option<Source> {
        Some(Source {
            sha256: Commitment::from_bytes(self.sha256),
            size: self.size,
            mime: mime(self.mime, strings)?,
        })
    }
}

/// Whether the text of this number is a media type.
pub(super) fn is_mime(number: u32, strings: &Strings) -> bool {
    mime(number, strings).is_some()
}

fn mime(number: u32, strings: &Strings) -> Option<Text<100>> {
    Text::new(strings.get(number)).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::baseline::{TcoType, TextError};
    use crate::index::Shared;

    pub(in crate::snapshot) fn strings() -> Strings {
        let texts = Dictionary::of(["", "a title", "image/jpeg"]).written();
        Strings::open(Shared::new(texts), 0).unwrap()
    }

    pub(in crate::snapshot) fn beside() -> Beside {
        let common = [None, Some(5), Some(u64::MAX)].map(|term| Common {
            verdict: Verdict::NotTerrorist,
            method: Method::ViewedByOne,
            term,
        });
        let authority = |number: u8| -> Result<Authority, TextError> {
            Ok(Authority {
                id: format!("office-{number}").parse().unwrap(),
                state: [b'X', b'A' + number].try_into().unwrap(),
                name: Text::new("An office")?,
                roles: [].into(),
            })
        };
        Beside {
            authorities: [0, 1].map(|number| authority(number).unwrap()).into(),
            common: common.into(),
            policy: None,
        }
    }

    /// One that says little, and one that says much.
    pub(in crate::snapshot) fn records() -> [Vec<u8>; 2] {
        let plain = Written {
            id: [7; 32],
            title: 1,
            media: MediaKind::Image,
            source: None,
            context: None,
            created_at: None,
            state: None,
            types: None,
            said: Vec::new(),
        };
        let full = Written {
            id: [8; 32],
            title: 0,
            media: MediaKind::Video,
            source: Some(WrittenSource {
                sha256: [9; 32],
                size: 100_000,
                mime: 2,
            }),
            context: Some(ContextDependence::Dependent),
            created_at: Time::from_unix_seconds(1_600_000_000).ok(),
            state: Some(ConsensusState::Baseline),
            types: Some(TcoType::B.into()),
            said: vec![(0, 0, 1_700_000_000), (1, 1, 300), (1, 0, -2)],
        };
        [plain, full].map(|written| postcard::to_stdvec(&written).unwrap())
    }
}
