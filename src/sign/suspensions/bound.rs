//! How many entries a state can switch off in a day.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::baseline::{EntryId, MemberState, Time};
use crate::sign::KeyId;
use crate::sign::tree::TreeHash;

use super::{Off, SuspensionList};

/// How many entries each state can newly switch off within a time: so that a key in wrong hands cannot empty the list before people look.
///
/// It goes by the moments at which this client takes suspensions, not by the dates that their signers write, which a thief chooses. What is beyond is
/// held back and told, and not lost: it is taken when there is room again, if it still stands. Forgetting it would silence a state that was right
/// about a part of the list that is too broad; and who finds it wrong has the time until then to resume it, or to have the key revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Thousandths of the entries of the installed snapshot. Default 10, which is 1 %.
    pub thousandths: u32,
    /// Entries that may be off however few there are. Default 10.
    pub least: u64,
    /// The time. Default 24 hours; fractions of a second do not count.
    pub window: Duration,
}

impl Default for Bound {
    fn default() -> Self {
        Self {
            thousandths: 10,
            least: 10,
            window: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// What a client has taken from its lists, to be kept with them and handed in the next time.
///
/// It forgets a suspension that stands no more when the window has passed behind it: until then it counts, so that nobody gains room by resuming.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Accepted(BTreeSet<FirstSeen>);

/// A suspension that a client has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FirstSeen {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// The place.
    pub sequence: u64,
    /// The hash of the statement in the tree of the log.
    pub leaf: TreeHash,
    /// The entry.
    pub entry: EntryId,
    /// The state.
    pub state: MemberState,
    /// From when on the state has switched the entry off here: for a suspension beside another one of the same state the moment of that one.
    pub seen: Time,
    /// Whether it stood the last time. One that stands again was lifted in between, or seemed to be until a fork was known.
    pub stands: bool,
}

/// What comes of a list within a [`Bound`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounded {
    /// The suspensions that count, in the order of [`SuspensionList::off`].
    pub off: Vec<Off>,
    /// Those of them that count from now on, to be told.
    pub newly: Vec<Off>,
    /// Those that stand, and are held back.
    pub held: Vec<Off>,
    /// To be handed in the next time.
    pub accepted: Accepted,
}

impl Bounded {
    /// How many entries of each state are held back.
    #[must_use]
    pub fn held_by(&self) -> BTreeMap<MemberState, usize> {
        let mut entries: BTreeMap<MemberState, BTreeSet<EntryId>> = BTreeMap::new();
        for one in &self.held {
            entries.entry(one.state).or_default().insert(one.entry);
        }
        let count = |(state, of): (_, BTreeSet<_>)| (state, of.len());
        entries.into_iter().map(count).collect()
    }
}

impl Accepted {
    /// What was taken, in the order of log, place and leaf.
    pub fn iter(&self) -> impl Iterator<Item = &FirstSeen> {
        self.0.iter()
    }
}

impl Bound {
    /// How many entries a state can newly switch off within the window, where the installed snapshot has so many.
    #[must_use]
    pub fn most(&self, entries: u64) -> u64 {
        let share = (u128::from(entries) * u128::from(self.thousandths)).div_ceil(1000);
        self.least.max(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// Which of the suspensions that stand in a list count.
    ///
    /// What was taken before counts as long as it stands. Of the others each state's are taken, up to [`most`](Self::most) distinct entries within
    /// the window up to now: of each of its logs in the order of the places, and from its logs in turn, so that a flood in one of them
    /// leaves room for the others. An entry that the state has off already takes no room, nor does one of which it has taken room within the window;
    /// that one counts from now on again. Other states take no room from it.
    ///
    /// What was taken at a later time than now, by a clock that was wrong, was taken now.
    ///
    /// # Cost
    /// Some comparisons for each suspension that stands, or was taken within the window.
    #[must_use]
    pub fn apply(
        &self,
        list: &SuspensionList,
        entries: u64,
        before: &Accepted,
        now: Time,
    ) -> Bounded {
        let standing = list.off();
        let mut room = Room::new(self, entries, before, &standing, now);
        let (known, others): (Vec<_>, Vec<_>) = standing
            .iter()
            .partition(|one| room.taken.get(&name(one)).is_some_and(|first| first.stands));
        for one in known {
            room.has_off(one);
        }
        let mut newly = BTreeSet::new();
        for one in in_turn(others) {
            if let Some(seen) = room.take(one, now) {
                let first = FirstSeen {
                    log: one.log,
                    sequence: one.sequence,
                    leaf: one.leaf,
                    entry: one.entry,
                    state: one.state,
                    seen,
                    stands: true,
                };
                room.taken.insert(name(one), first);
                newly.insert(name(one));
            }
        }
        let (off, held) = standing.into_iter().partition::<Vec<_>, _>(|one| {
            room.taken.get(&name(one)).is_some_and(|first| first.stands)
        });
        let newly = off.iter().filter(|one| newly.contains(&name(one)));
        Bounded {
            newly: newly.cloned().collect(),
            off,
            held,
            accepted: Accepted(room.taken.into_values().collect()),
        }
    }
}

/// What tells one suspension from all others.
type Name = (KeyId, u64, TreeHash);

fn name(one: &Off) -> Name {
    (one.log, one.sequence, one.leaf)
}

/// The first of each log, then the second of each, and so on.
fn in_turn(mut those: Vec<&Off>) -> Vec<&Off> {
    those.sort_by_key(|one| name(one));
    let mut ranks: BTreeMap<KeyId, u64> = BTreeMap::new();
    let mut ranked: Vec<_> = those
        .into_iter()
        .map(|one| {
            let rank = ranks.entry(one.log).or_default();
            *rank += 1;
            (*rank, one)
        })
        .collect();
    ranked.sort_by_key(|(rank, one)| (*rank, one.log));
    ranked.into_iter().map(|(_, one)| one).collect()
}

/// What each state has taken, and what it can take.
struct Room {
    most: u64,
    taken: BTreeMap<Name, FirstSeen>,
    /// The entries that each state has newly switched off within the window.
    used: BTreeMap<MemberState, BTreeSet<EntryId>>,
    /// From when on each state has an entry off.
    off: BTreeMap<(MemberState, EntryId), Time>,
}

impl Room {
    fn new(bound: &Bound, entries: u64, before: &Accepted, standing: &[Off], now: Time) -> Self {
        let standing: BTreeSet<Name> = standing.iter().map(name).collect();
        let window = i64::try_from(bound.window.as_secs()).unwrap_or(i64::MAX);
        let mut room = Self {
            most: bound.most(entries),
            taken: BTreeMap::new(),
            used: BTreeMap::new(),
            off: BTreeMap::new(),
        };
        for one in &before.0 {
            let seen = one.seen.min(now);
            let is_recent = now.unix_seconds() - seen.unix_seconds() < window;
            if is_recent {
                room.used.entry(one.state).or_default().insert(one.entry);
            }
            let name = (one.log, one.sequence, one.leaf);
            let stands = one.stands && standing.contains(&name);
            if is_recent || stands {
                let first = FirstSeen {
                    seen,
                    stands,
                    ..*one
                };
                room.taken.insert(name, first);
            }
        }
        room
    }

    /// Remembers that a state has an entry off by something that was taken before.
    fn has_off(&mut self, one: &Off) {
        if let Some(first) = self.taken.get(&name(one)) {
            let since = self.off.entry((one.state, one.entry)).or_insert(first.seen);
            *since = first.seen.max(*since);
        }
    }

    /// From when on a suspension counts, if there is room for it.
    fn take(&mut self, one: &Off, now: Time) -> Option<Time> {
        if let Some(since) = self.off.get(&(one.state, one.entry)) {
            return Some(*since);
        }
        let used = self.used.entry(one.state).or_default();
        let is_counted = used.contains(&one.entry);
        if !is_counted && used.len() as u64 >= self.most {
            return None;
        }
        used.insert(one.entry);
        self.off.insert((one.state, one.entry), now);
        Some(now)
    }
}
