//! A round: from the trusted root to the newest targets, over all mirrors.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use crate::baseline::Time;
use crate::limits::Resource;
use crate::tuf::{
    MetaFile, Metadata, Role, Root, Snapshot, Targets, Timestamp, Trusted, verify_root_chain,
    verify_snapshot, verify_targets, verify_timestamp,
};

use super::state::{Home, Settled, State};
use super::{Client, Place, SyncError, Transport, Trouble, Update, Why, transport};

/// More in one round is a mirror's joke; the next round goes on.
const MOST_ROOTS: usize = 1024;

/// So exactly the latest time is known.
const SECONDS_BETWEEN: i64 = 10 * 60;

/// What a round has found so far.
#[derive(Debug)]
pub(super) struct Round<'c> {
    pub(super) client: &'c Client,
    pub(super) home: Home,
    pub(super) state: State,
    pub(super) root: Trusted<Root>,
    pub(super) now: Time,
    pub(super) troubles: Vec<Trouble>,
    /// Whether what is installed can be read.
    pub(super) is_usable: bool,
    pub(super) update: Option<Update>,
}

/// Metadata that belongs together, and counts.
struct Set {
    timestamp: Trusted<Timestamp>,
    snapshot: Trusted<Snapshot>,
    targets: Trusted<Targets>,
    until: Time,
}

/// What a timestamp leads to.
enum Led {
    /// To what was found before.
    Settled(Time),
    To(Box<Set>),
}

impl Round<'_> {
    /// Installs the newest if it is not installed; until when it is known to be the newest, if it is.
    pub(super) fn bring_up_to_date(&mut self) -> Result<Option<Time>, SyncError> {
        self.walk_roots()?;
        if let Err(why) = self.not_expired(&*self.root) {
            self.trouble(None, None, why);
            return Ok(None);
        }
        // A timestamp whose files nobody has blocks nothing: the next lower one is tried, and none is kept before all of it is installed.
        let mut is_newest = true;
        for timestamp in self.timestamps() {
            let set = match self.follow(timestamp) {
                Some(Led::Settled(until)) => {
                    self.remember_now();
                    self.home.keep(&self.state)?;
                    return Ok(is_newest.then_some(until));
                }
                Some(Led::To(set)) => set,
                None => {
                    is_newest = false;
                    continue;
                }
            };
            if !self.take(&set)? {
                is_newest = false;
                continue;
            }
            let until = set.until.min(set.timestamp.expires());
            return Ok(is_newest.then_some(until));
        }
        Ok(None)
    }

    /// Installs what a set leads to, and keeps that it was seen. Of one that cannot be installed, nothing is kept.
    fn take(&mut self, set: &Set) -> Result<bool, SyncError> {
        self.remember_now();
        let before = self.state.clone();
        self.state.timestamp = Some(set.timestamp.version());
        self.state.snapshot = Some(set.snapshot.version());
        self.state.targets = Some(set.targets.version());
        if !self.install(&set.targets)? {
            self.state = before;
            return Ok(false);
        }
        let (page, until) = (set.timestamp.snapshot.sha256, set.until);
        self.state.settled = Some(Settled { page, until });
        self.home.keep(&self.state)?;
        Ok(true)
    }

    /// From root to root (TUF 5.3): one more each time, until no mirror has one.
    fn walk_roots(&mut self) -> Result<(), SyncError> {
        for _ in 0..MOST_ROOTS {
            let Some(next) = self.root.version().checked_add(1) else {
                break;
            };
            let place = Place::metadata(Role::Root, next);
            let limits = self.client.settings.limits.clone();
            let root = self.root.clone();
            // That one mirror has none says nothing: it may be old, or lie.
            let found = self.any_of(&place, limits.root_metadata_bytes, true, |bytes| {
                Ok(verify_root_chain(&root, &bytes, &limits)?)
            });
            let Some(found) = found else {
                break;
            };
            self.state.take_root(&self.root, &found);
            self.root = found;
            self.home.keep(&self.state)?;
        }
        Ok(())
    }

    /// The timestamps of all mirrors that count, the newest first (TUF 5.4).
    fn timestamps(&mut self) -> Vec<Trusted<Timestamp>> {
        let place = Place::timestamp();
        let limits = self.client.settings.limits.clone();
        let mut all: Vec<Trusted<Timestamp>> = Vec::new();
        for mirror in &self.client.mirrors {
            let most = limits.timestamp_metadata_bytes;
            let read = self.ask(&**mirror, &place, most, self.client.settings.short);
            let checked = read.and_then(|bytes| {
                let bytes = bytes.ok_or(Why::Missing)?;
                let timestamp = verify_timestamp(&self.root, &bytes, &limits)?;
                self.not_older(&*timestamp)?;
                self.not_expired(&*timestamp)?;
                Ok(timestamp)
            });
            match checked {
                Ok(timestamp) => all.push(timestamp),
                Err(why) => self.trouble(Some(&**mirror), Some(&place), why),
            }
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.version()));
        all.dedup_by(|one, other| one.snapshot == other.snapshot);
        all
    }

    /// The snapshot and the targets of a timestamp, from whichever mirrors have them (TUF 5.5 and 5.6).
    fn follow(&mut self, timestamp: Trusted<Timestamp>) -> Option<Led> {
        let limits = self.client.settings.limits.clone();
        let page = timestamp.snapshot;
        if let Some(settled) = self.state.settled
            && settled.page == page.sha256
            && self.judged_at() < settled.until
            && self.is_usable
        {
            self.state.timestamp = self.state.timestamp.max(Some(timestamp.version()));
            return Some(Led::Settled(settled.until.min(timestamp.expires())));
        }
        let root = self.root.clone();
        let most = Resource::SnapshotMetadataBytes;
        let snapshot = self.listed(Role::Snapshot, &page, most, |bytes| {
            Ok(verify_snapshot(&root, bytes, &limits)?)
        })?;
        let most = Resource::TargetsMetadataBytes;
        let targets = self.listed(Role::Targets, &snapshot.targets, most, |bytes| {
            Ok(verify_targets(&root, bytes, &limits)?)
        })?;
        let until = snapshot.expires().min(targets.expires());
        Some(Led::To(Box::new(Set {
            until: until.min(self.root.expires()),
            timestamp,
            snapshot,
            targets,
        })))
    }

    /// A file of metadata that another one lists: its bytes, its version, its time.
    fn listed<T: Metadata>(
        &mut self,
        role: Role,
        page: &MetaFile,
        resource: Resource,
        verify: impl Fn(&[u8]) -> Result<Trusted<T>, Why>,
    ) -> Option<Trusted<T>> {
        let place = Place::metadata(role, page.version);
        let limits = &self.client.settings.limits;
        if let Err(exceeded) = limits.check(resource, page.length) {
            self.trouble(None, Some(&place), exceeded.into());
            return None;
        }
        let found = self.any_of(&place, page.length, false, |bytes| {
            page.check(&bytes)?;
            let found = verify(&bytes)?;
            page.check_version(&*found)?;
            Ok(found)
        })?;
        // What all mirrors have by its digest is the same in all of them.
        let counts = self.not_older(&*found).and(self.not_expired(&*found));
        match counts {
            Ok(()) => Some(found),
            Err(why) => {
                self.trouble(None, Some(&place), why);
                None
            }
        }
    }

    /// What the first mirror has that has it as it should be. `is_usual` says that nothing is wrong where all say that they have none.
    pub(super) fn any_of<T>(
        &mut self,
        place: &Place,
        most: u64,
        is_usual: bool,
        read: impl Fn(Vec<u8>) -> Result<T, Why>,
    ) -> Option<T> {
        let patience = self.client.settings.short;
        for mirror in &self.client.mirrors {
            let answer = self.ask(&**mirror, place, most, patience);
            match answer.and_then(|bytes| bytes.map(&read).transpose()) {
                Ok(Some(found)) => return Some(found),
                Ok(None) if is_usual => {}
                Ok(None) => self.trouble(Some(&**mirror), Some(place), Why::Missing),
                Err(why) => self.trouble(Some(&**mirror), Some(place), why),
            }
        }
        None
    }

    /// Asks one mirror for a file.
    pub(super) fn ask(
        &self,
        mirror: &dyn Transport,
        place: &Place,
        most: u64,
        patience: Duration,
    ) -> Result<Option<Vec<u8>>, Why> {
        let begin = Instant::now();
        // What is beyond what a clock can tell never comes.
        let deadline = begin.checked_add(patience).unwrap_or(begin);
        Ok(transport::read(mirror, place, most, deadline)?)
    }

    pub(super) fn trouble(
        &mut self,
        mirror: Option<&dyn Transport>,
        place: Option<&Place>,
        why: Why,
    ) {
        self.troubles.push(Trouble {
            mirror: mirror.map(|mirror| mirror.name().to_owned()),
            place: place.cloned(),
            why,
        });
    }

    /// The time by which metadata runs out: never before one by which metadata counted.
    fn judged_at(&self) -> Time {
        self.state
            .latest
            .map_or(self.now, |latest| latest.max(self.now))
    }

    /// Now and then: each time is a file written.
    fn remember_now(&mut self) {
        let since = |latest: Time| {
            self.now
                .unix_seconds()
                .saturating_sub(latest.unix_seconds())
        };
        if self
            .state
            .latest
            .is_none_or(|latest| since(latest) >= SECONDS_BETWEEN)
        {
            self.state.latest = Some(self.now);
        }
    }

    fn not_expired<T: Metadata>(&self, metadata: &T) -> Result<(), Why> {
        if metadata.is_expired(self.judged_at()) {
            let (role, expires) = (T::ROLE, metadata.expires());
            return Err(Why::Expired { role, expires });
        }
        Ok(())
    }

    fn not_older<T: Metadata>(&self, metadata: &T) -> Result<(), Why> {
        let older = |seen: &NonZeroU64| metadata.is_older_than(*seen);
        match self.state.seen::<T>().filter(older) {
            None => Ok(()),
            Some(seen) => Err(Why::Older {
                role: T::ROLE,
                version: metadata.version(),
                seen,
            }),
        }
    }
}
