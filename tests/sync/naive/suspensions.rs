//! What states have suspended, by hand. Logs do not change their keys here: no attack of these tests needs it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ijkpunt::baseline::{AuthorityId, EntryId, Event, MemberState, Time};
use ijkpunt::limits::Limits;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::{Claim, Envelope, PublicKey, Statement, What};
use ijkpunt::tuf::SUSPENSION_LIST;

use super::super::world::REGISTER;
use super::{Check, Installed, Naive, Step};

const DAY: i64 = 24 * 60 * 60;

/// A statement's log, place and words.
pub(super) type Name = (AuthorityId, u64, TreeHash);

/// A statement, and since when it counts here.
#[derive(Clone)]
pub(super) struct Said {
    statement: Statement,
    since: Option<Time>,
}

impl Naive {
    pub(super) fn suspensions(&mut self, mirror: &Path, now: Time) -> Step {
        let Some(installed) = self.kept().installed.clone() else {
            return Ok(());
        };
        if self.lacks(Check::SuspensionsKept) {
            self.kept().said.clear();
        }
        let file = fs::read_to_string(mirror.join(SUSPENSION_LIST)).unwrap_or_default();
        let mut lines = file.lines();
        let first = format!("ijkpunt suspension list 0 {REGISTER}");
        let is_ours = lines.next().is_none_or(|line| line == first);
        self.require(Check::RegisterOfList, is_ours)?;
        for line in lines {
            if let Some((name, statement)) = self.line(&installed, line) {
                let said = Said {
                    statement,
                    since: None,
                };
                self.kept().said.entry(name).or_insert(said);
            }
        }
        if !self.lacks(Check::Settled) {
            let is_news = |(by, place, _): &Name| *place >= settled(&installed, by);
            self.kept().said.retain(|name, _| is_news(name));
        }
        self.take(installed.entries, now);
        Ok(())
    }

    fn line(&self, installed: &Installed, line: &str) -> Option<(Name, Statement)> {
        let envelope = Envelope::from_json(line.as_bytes(), &Limits::default()).ok()?;
        let claim = Claim::read(&envelope).ok()?;
        let statement = claim.unverified().clone();
        let by = statement.authority().clone();
        let log = installed.logs.iter().find(|log| log.authority == by)?;
        let key = PublicKey::from_bytes(log.key?).ok()?;
        let [(id, signature)] = envelope.signatures() else {
            return None;
        };
        let fits = *id == key.id() && key.verify(&envelope.message(), signature).is_ok();
        let name = (by, statement.sequence(), claim.leaf());
        (fits || self.lacks(Check::SuspensionSigned)).then_some((name, statement))
    }

    /// Those that stand, up to so many new ones a day and state, in the order of their places.
    fn take(&mut self, entries: u64, now: Time) {
        let most = match self.lacks(Check::Bound) {
            true => u64::MAX,
            false => entries.div_ceil(100).max(10),
        };
        let mut used: BTreeMap<MemberState, BTreeSet<EntryId>> = BTreeMap::new();
        for said in self.kept().said.values() {
            let is_recent = |since: &Time| now.unix_seconds() - since.unix_seconds() < DAY;
            if let (Some((entry, state)), Some(_)) = (suspended(said), said.since.filter(is_recent))
            {
                used.entry(state).or_default().insert(entry);
            }
        }
        for name in self.standing() {
            if let Some(said) = self.kept().said.get_mut(&name)
                && said.since.is_none()
                && let Some((entry, state)) = suspended(said)
            {
                let used = used.entry(state).or_default();
                if used.contains(&entry) || (used.len() as u64) < most {
                    used.insert(entry);
                    said.since = Some(now);
                }
            }
        }
    }

    /// The suspensions that nobody has resumed who may.
    fn standing(&self) -> Vec<Name> {
        let all = || self.kept.iter().flat_map(|kept| &kept.said);
        let forked = |by: &AuthorityId, place: u64| {
            let here = |name: &&Name| name.0 == *by && name.1 <= place;
            let places: Vec<u64> = all()
                .map(|(name, _)| name)
                .filter(here)
                .map(|name| name.1)
                .collect();
            let distinct: BTreeSet<u64> = places.iter().copied().collect();
            distinct.len() < places.len()
        };
        let is_lifted = |name: &Name, entry: EntryId| {
            all().any(|((by, place, _), said)| match &said.statement.what {
                What::Event(Event::Resumed(one)) => {
                    (one.entry, one.lifts) == (entry, name.1)
                        && *place > name.1
                        && (*by == name.0 || self.lacks(Check::ResumedByOther))
                        && (!forked(by, *place) || self.lacks(Check::ForkResumesNothing))
                }
                _ => false,
            })
        };
        let standing = all().filter(|(name, said)| {
            suspended(said).is_some_and(|(entry, _)| !is_lifted(name, entry))
        });
        standing.map(|(name, _)| name.clone()).collect()
    }

    /// The entries that are off, and by whom, as the real client's folder says it.
    pub(crate) fn off(&self) -> BTreeSet<(EntryId, String)> {
        let names = self.standing().into_iter();
        let said = names.filter_map(|name| self.kept.as_ref()?.said.get(&name));
        let counts = said.filter(|said| said.since.is_some());
        let off = counts.filter_map(suspended);
        off.map(|(entry, state)| (entry, format!("sync:{state}")))
            .collect()
    }
}

fn suspended(said: &Said) -> Option<(EntryId, MemberState)> {
    match &said.statement.what {
        What::Event(Event::Suspended(one)) => Some((one.entry, one.state)),
        _ => None,
    }
}

/// The first place of a log that the installed list has not looked at.
fn settled(installed: &Installed, by: &AuthorityId) -> u64 {
    let log = installed.logs.iter().find(|log| log.authority == *by);
    log.map_or(u64::MAX, |log| log.begins + log.size)
}
