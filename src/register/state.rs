//! What is derived from the logs: who there is, what counts, and the states of entries.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::baseline::{AuthorityId, Consensus, Entry, EntryId, Event, MemberState, Time};
use crate::ledger::Ledger;
use crate::sign::{
    Ended, Endorsement, Hearing, Kept, KeyId, LogFacts, Motion, Place, Standing, Topic, Void, What,
};

use super::lines::{LineRow, OpenLine, Places, filed_under, statement_of};
use super::view::View;
use super::{Register, RegisterError, kind};

/// Topics that a thread takes at a time.
const PART: u64 = 256;

/// What is said of one entry, and what that comes to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Account {
    /// The entry.
    pub entry: Entry,
    /// The state, and why.
    pub consensus: Consensus,
    /// What counts, in the order of its time, with the ends of acts on which it rests.
    pub counted: Vec<Event>,
    /// What does not count, where it stands and why.
    pub void: Vec<(Place, Void)>,
}

/// An entry and what is said of it, as [`Register::states`] shows it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Case<'a> {
    /// The entry's name.
    pub id: EntryId,
    /// The entry.
    pub entry: &'a Entry,
    /// The state, and why.
    pub consensus: &'a Consensus,
    /// What counts, in the order of its time, with the ends of acts on which it rests.
    pub counted: &'a [&'a Event],
}

/// A log, as it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogReport {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// Whose it says it is.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// The place of its first statement.
    pub begins: u64,
    /// The place behind its last one.
    pub ends: u64,
    /// The time of its last statement.
    pub last: Time,
    /// The first place at which, or behind which, it is known to have told two stories.
    pub forked_at: Option<u64>,
    /// Why its next statement would not count.
    pub void: Option<Void>,
}

/// What is about no single entry, of the logs that may count.
pub(super) struct Governance {
    /// Those of founders, and of whoever is named in them. All others are strangers': nothing in them counts, whoever they say they are.
    pub(super) logs: BTreeSet<KeyId>,
    pub(super) endorsements: Vec<(Place, Endorsement)>,
    pub(super) ends: Vec<(Place, Event)>,
}

/// All that is here, and who there is by it at a time.
pub(super) struct Present {
    pub(super) view: View,
    pub(super) governance: Governance,
    pub(super) standing: Standing,
}

impl Register {
    /// Who there is, by which keys, logs and rules, at a time.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// Linear in what is about no single entry: admissions, keys, policies, acts that have ended.
    pub fn standing(&self, now: Time) -> Result<Standing, RegisterError> {
        Ok(self.present(now)?.standing)
    }

    /// What is said of an entry, and what that comes to at a time; none where nobody who counts has proposed it.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// That of [`Register::standing`], and some microseconds for each statement about the entry.
    pub fn account(&self, entry: EntryId, now: Time) -> Result<Option<Account>, RegisterError> {
        let Present {
            view,
            governance,
            standing,
        } = self.present(now)?;
        let ended = governance.ended(&standing);
        let events = self.events(&view, entry)?;
        let hearing = Hearing::new(
            events.iter().map(|(place, event)| (*place, event)),
            &ended,
            &standing,
        );
        let Some((creation, consensus)) = hearing.creation.zip(hearing.consensus(&standing)) else {
            return Ok(None);
        };
        Ok(Some(Account {
            entry: creation.entry.clone(),
            consensus,
            counted: hearing.counted.into_iter().cloned().collect(),
            void: hearing.void,
        }))
    }

    /// What `with` makes of each entry that somebody who counts has proposed, of what counts of it and of its consensus at a time: in the order of
    /// their ids. `threads` are at work, each with a connection of its own.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// Linear in the statements, a microsecond or two each on one core. Memory for what `with` gives.
    ///
    /// # Panics
    /// If `with` does.
    pub fn states<T: Send>(
        &self,
        now: Time,
        threads: usize,
        with: impl Fn(&Case<'_>) -> T + Sync,
    ) -> Result<BTreeMap<EntryId, T>, RegisterError> {
        let here = self.present(now)?;
        self.states_in(&here.view, &here.governance, &here.standing, threads, with)
    }

    pub(super) fn states_in<T: Send>(
        &self,
        view: &View,
        governance: &Governance,
        standing: &Standing,
        threads: usize,
        with: impl Fn(&Case<'_>) -> T + Sync,
    ) -> Result<BTreeMap<EntryId, T>, RegisterError> {
        let ended = governance.ended(standing);
        let (next, last) = (AtomicU64::new(1), self.ledger.topics()?);
        let path = self.path();
        let work = || -> Result<Vec<(EntryId, T)>, RegisterError> {
            let ledger = Ledger::read(path, kind()?)?;
            let mut found = Vec::new();
            loop {
                let begin = next.fetch_add(PART, Ordering::Relaxed);
                if begin > last {
                    return Ok(found);
                }
                let end = last.saturating_add(1).min(begin.saturating_add(PART));
                each_topic(&ledger, begin..end, &view.places, |events| {
                    let events = events.iter().map(|(place, event)| (*place, event));
                    let hearing = Hearing::new(events, &ended, standing);
                    let heard = hearing.creation.zip(hearing.consensus(standing));
                    if let Some((creation, consensus)) = heard {
                        let id = creation.entry.id();
                        let case = Case {
                            id,
                            entry: &creation.entry,
                            consensus: &consensus,
                            counted: &hearing.counted,
                        };
                        found.push((id, with(&case)));
                    }
                })?;
            }
        };
        let found = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let join = |worker: thread::ScopedJoinHandle<'_, _>| match worker.join() {
                Ok(found) => found,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            workers.into_iter().map(join).collect::<Result<Vec<_>, _>>()
        })?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The names of entries that begin with these hexadecimal digits, in their order, so many at most: of entries of which something was said here,
    /// whether or not it counts.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// Microseconds.
    pub fn entries_named(&self, digits: &str, most: usize) -> Result<Vec<EntryId>, RegisterError> {
        let bound = |filler: char| {
            let name: String = digits
                .chars()
                .chain(iter::repeat(filler))
                .take(64)
                .collect();
            let name: Option<EntryId> = name.parse().ok();
            name.map(EntryId::to_bytes)
        };
        let Some((first, last)) = bound('0').zip(bound('f')).filter(|_| digits.len() <= 64) else {
            return Ok(Vec::new());
        };
        // What is about no entry is filed under names, too: of the genesis, of checkpoints, and one for each log.
        let others = self.rows()?.len().saturating_add(2);
        let names = self
            .ledger
            .topics_between(&first, &last, most.saturating_add(others))?;
        let mut found = Vec::new();
        for name in names {
            if found.len() < most && self.is_entry(&name)? {
                found.push(EntryId::from_bytes(name));
            }
        }
        Ok(found)
    }

    fn is_entry(&self, name: &[u8; 32]) -> Result<bool, RegisterError> {
        let first = self.ledger.of_topic(name, |record| {
            let statement = statement_of(record.body);
            ControlFlow::Break(statement.is_ok_and(|one| one.topic().to_bytes() == *name))
        })?;
        Ok(first == ControlFlow::Break(true))
    }

    /// The logs that are here, in the order of authority and log.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    pub fn logs(&self, now: Time) -> Result<Vec<LogReport>, RegisterError> {
        let Present {
            view,
            governance,
            standing,
        } = self.present(now)?;
        let facts = self.facts(&view, &view.rows, &governance)?;
        let mut reports = Vec::new();
        for row in view.rows.iter().filter(|row| row.line == 0) {
            let open = OpenLine::open(row, &self.ledger)?;
            let next = Place {
                log: row.log,
                line: 0,
                sequence: open.log.ends(),
            };
            reports.push(LogReport {
                log: row.log,
                authority: row.authority.clone(),
                state: row.state,
                begins: row.begins,
                ends: open.log.ends(),
                last: open.log.last(),
                forked_at: facts.get(&row.log).and_then(|facts| facts.forked_at),
                void: standing.counts(&next, &row.authority).err(),
            });
        }
        reports.sort_by(|a, b| (&a.authority, a.log).cmp(&(&b.authority, b.log)));
        Ok(reports)
    }

    /// What could be kept of a log that is [closed](crate::sign::Revocation) at a place: the roots over all before it, one for each story that the log has told
    /// up to there. Without a place the whole of each story is meant.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    pub fn stories(&self, log: KeyId, until: Option<u64>) -> Result<Vec<Kept>, RegisterError> {
        let mut stories = BTreeSet::new();
        for row in self.rows()?.iter().filter(|row| row.log == log) {
            let mut open = OpenLine::open(row, &self.ledger)?;
            let until = until.unwrap_or_else(|| open.log.ends());
            let size = until.checked_sub(row.begins);
            if let Some(size) = size.filter(|size| *size <= open.log.tree().size()) {
                let root = open.tiles.root(size, &self.ledger)?;
                stories.insert(Kept { until, root });
            }
        }
        Ok(stories.into_iter().collect())
    }

    /// When an entry was proposed, if that counts.
    pub(super) fn created_at(
        &self,
        entry: EntryId,
        standing: &Standing,
    ) -> Result<Option<Time>, RegisterError> {
        let events = self.events(&self.view()?, entry)?;
        let events = events.iter().map(|(place, event)| (*place, event));
        let hearing = Hearing::new(events, &Ended::default(), standing);
        Ok(hearing.creation.map(|creation| creation.entry.created_at))
    }

    /// All that is here.
    pub(super) fn view(&self) -> Result<View, RegisterError> {
        Ok(View::whole(self.rows()?))
    }

    fn events(&self, view: &View, entry: EntryId) -> Result<Vec<(Place, Event)>, RegisterError> {
        let mut events = Vec::new();
        let topic = Topic::Entry(entry).to_bytes();
        let places = &view.places;
        places.each_of_topic(&self.ledger, topic, |place, body| {
            if let What::Event(event) = statement_of(body)?.what {
                events.push((place, event));
            }
            Ok(())
        })?;
        Ok(events)
    }

    pub(super) fn governance(&self, view: &View) -> Result<Governance, RegisterError> {
        let founders = self.genesis.founding().founders.iter();
        let mut next: Vec<KeyId> = founders.map(|founder| founder.key.id()).collect();
        next.extend(view.stories().map(|(row, _)| row.log));
        let (mut logs, mut endorsements, mut ends) = (BTreeSet::new(), Vec::new(), Vec::new());
        while let Some(log) = next.pop() {
            if view.of_log(log).is_empty() || !logs.insert(log) {
                continue;
            }
            let filed = filed_under(log, Topic::Register);
            let places = &view.places;
            places.each_of_topic(&self.ledger, filed, |place, body| {
                match statement_of(body)?.what {
                    What::Endorsed(one) => {
                        match &one.motion {
                            Motion::Admit(admission) => next.push(admission.key.id()),
                            Motion::Revoke(revoked) => {
                                next.extend(revoked.successor.map(|key| key.id()));
                            }
                            Motion::Adopt(_) => {}
                        }
                        endorsements.push((place, one));
                    }
                    What::Event(event) => ends.push((place, event)),
                    What::Opened(_) | What::Rotated(_) => {}
                }
                Ok(())
            })?;
        }
        Ok(Governance {
            logs,
            endorsements,
            ends,
        })
    }

    /// What each question about a time begins with.
    pub(super) fn present(&self, now: Time) -> Result<Present, RegisterError> {
        let view = self.view()?;
        let governance = self.governance(&view)?;
        let facts = self.governing(&view, &governance)?;
        let said = governance.endorsements.iter();
        let said = said.map(|(place, one)| (*place, one));
        let standing = Standing::new(&self.genesis, facts, said, now);
        Ok(Present {
            view,
            governance,
            standing,
        })
    }

    /// The facts of the logs that may count.
    pub(super) fn governing(
        &self,
        view: &View,
        governance: &Governance,
    ) -> Result<BTreeMap<KeyId, LogFacts>, RegisterError> {
        let logs = governance.logs.iter();
        self.facts(view, logs.flat_map(|log| view.of_log(*log)), governance)
    }

    /// The facts of some logs: `of`, of all the lines.
    fn facts<'r>(
        &self,
        view: &View,
        of: impl IntoIterator<Item = &'r LineRow>,
        governance: &Governance,
    ) -> Result<BTreeMap<KeyId, LogFacts>, RegisterError> {
        let mut facts: BTreeMap<KeyId, LogFacts> = BTreeMap::new();
        let mut torn = BTreeSet::new();
        for row in of {
            let facts = facts.entry(row.log).or_insert_with(|| LogFacts {
                authority: row.authority.clone(),
                state: row.state,
                lines: Vec::new(),
                forked_at: None,
                kept: BTreeMap::new(),
            });
            facts.lines.push(row.facts());
            if row.line > 0 {
                facts.forked_at = earlier(facts.forked_at, row.from);
            }
            if let Some(size) = row.contradicted {
                let at = row.begins.saturating_add(size);
                facts.forked_at = earlier(facts.forked_at, at);
            }
            // Opened for another authority or state, or at another place: which opening came first must not matter, so nothing of it counts.
            let begins = facts.lines.first().map(|line| line.from);
            if facts.authority != row.authority
                || facts.state != row.state
                || begins != Some(row.begins)
            {
                facts.forked_at = Some(0);
                torn.insert(row.log);
            }
        }
        for (_, one) in &governance.endorsements {
            if let Motion::Revoke(revocation) = &one.motion
                && let Some(facts) = facts.get_mut(&revocation.log)
                && !torn.contains(&revocation.log)
                && !facts.kept.contains_key(&revocation.keeps)
                && let Some(line) = view.line_of(revocation.log, &revocation.keeps, &self.ledger)?
            {
                facts.kept.insert(revocation.keeps, line);
            }
        }
        Ok(facts)
    }
}

impl Governance {
    pub(super) fn ended(&self, standing: &Standing) -> Ended<'_> {
        Ended::new(
            self.ends.iter().map(|(place, event)| (*place, event)),
            standing,
        )
    }
}

fn earlier(known: Option<u64>, other: u64) -> Option<u64> {
    Some(known.map_or(other, |known| known.min(other)))
}

/// All events of each of these topics, together.
fn each_topic(
    ledger: &Ledger,
    topics: Range<u64>,
    places: &Places,
    mut visit: impl FnMut(&[(Place, Event)]),
) -> Result<(), RegisterError> {
    let (mut topic, mut events) = (0, Vec::new());
    let walked = ledger.of_topics(topics, |record| {
        if record.topic_number != topic {
            visit(&events);
            events.clear();
            topic = record.topic_number;
        }
        let Some(place) = places.of(&record.stream, record.place) else {
            return ControlFlow::Continue(());
        };
        match statement_of(record.body) {
            Ok(statement) => {
                if let What::Event(event) = statement.what {
                    events.push((place, event));
                }
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        }
    })?;
    match walked {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => {
            visit(&events);
            Ok(())
        }
    }
}
