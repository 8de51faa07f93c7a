//! What a file of reviews knows of itself: its policy, its people, and which entries are off.

use std::collections::{BTreeMap, BTreeSet};

use crate::baseline::Time;

use super::breaker::Trip;
use super::error::ReviewError;
use super::event::{EntryName, House, HouseRecord};
use super::grounds::Loss;
use super::people::{Enrolled, PersonNumber, Role};
use super::policy::Policy;

/// All of that, as the records of the file made it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) file: [u8; 16],
    pub(super) policy: Policy,
    pub(super) people: Vec<Enrolled>,
    /// Entries that the breaker has switched off.
    pub(super) tripped: BTreeMap<EntryName, Trip>,
    /// When a person last reset the breaker for an entry: what was before does not count any more.
    pub(super) resets: BTreeMap<EntryName, Time>,
    pub(super) lost: Vec<Lost>,
    pub(super) draws: Vec<Draw>,
    pub(super) last_at: Time,
}

/// An entry on which nobody can rest any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// Which.
    pub entry: EntryName,
    /// Why.
    pub why: Loss,
    /// Since when what rests on it is affected.
    pub since: Time,
    /// When that was told here.
    pub at: Time,
}

/// A sample that was drawn from what was not matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Draw {
    /// From how many uploads.
    pub of: u64,
    /// How many.
    pub drawn: u32,
    /// The first second in which they were screened.
    pub from: Time,
    /// The first second that is not counted any more.
    pub until: Time,
    /// When it was drawn.
    pub at: Time,
}

impl Known {
    /// After the first record, which no other can be.
    pub(super) fn begin(record: &HouseRecord) -> Option<Self> {
        let House::Begun {
            file,
            policy,
            first,
        } = &record.what
        else {
            return None;
        };
        Some(Self {
            file: *file,
            policy: policy.clone(),
            people: vec![Enrolled {
                pseudonym: first.clone(),
                roles: BTreeSet::from(Role::ALL),
                has_left: false,
            }],
            tripped: BTreeMap::new(),
            resets: BTreeMap::new(),
            lost: Vec::new(),
            draws: Vec::new(),
            last_at: record.at,
        })
    }

    /// After one more record.
    ///
    /// # Errors
    /// [`ReviewError`]: it cannot follow, and nothing has changed.
    pub(super) fn take(&mut self, record: &HouseRecord) -> Result<(), ReviewError> {
        let at = record.at;
        if at < self.last_at {
            return Err(ReviewError::Clock);
        }
        let takes: &[Role] = match &record.what {
            House::Begun { .. } | House::Tripped { .. } => &[],
            _ => &[Role::Supervisor],
        };
        if !self.allows(record.by, takes) {
            return Err(ReviewError::OtherFile);
        }
        match &record.what {
            House::Begun { .. } => return Err(ReviewError::Match("a file begins once")),
            House::PolicySet(policy) => {
                if let Some(flaw) = policy.flaw() {
                    return Err(ReviewError::Policy(flaw));
                }
                self.policy = policy.clone();
            }
            House::Enrolled { pseudonym, roles } => {
                let roles: BTreeSet<Role> = roles.iter().copied().collect();
                let enrolled = Enrolled {
                    pseudonym: pseudonym.clone(),
                    roles,
                    has_left: false,
                };
                let mut people = self.people.clone();
                let is_full = people.len() >= usize::from(u16::MAX);
                match people
                    .iter_mut()
                    .find(|known| known.pseudonym == *pseudonym)
                {
                    Some(known) => *known = enrolled,
                    None if is_full => {
                        return Err(ReviewError::Full("65535 people"));
                    }
                    None => people.push(enrolled),
                }
                self.set_people(people)?;
            }
            House::Left { number } => {
                let mut people = self.people.clone();
                let Some(known) = people.get_mut(usize::from(number.0)) else {
                    return Err(ReviewError::OtherFile);
                };
                known.has_left = true;
                self.set_people(people)?;
            }
            House::Tripped { entry, trip } => {
                self.tripped.insert(entry.clone(), trip.clone());
            }
            House::Reset { entry, .. } => {
                if self.tripped.remove(entry).is_none() {
                    return Err(ReviewError::NotTripped(entry.to_string().into()));
                }
                self.resets.insert(entry.clone(), at);
            }
            House::Lost { entry, why, since } => {
                let (entry, why, since) = (entry.clone(), *why, *since);
                self.lost.push(Lost {
                    entry,
                    why,
                    since,
                    at,
                });
            }
            House::Drawn {
                of,
                drawn,
                from,
                until,
            } => {
                let (of, drawn, from, until) = (*of, *drawn, *from, *until);
                self.draws.push(Draw {
                    of,
                    drawn,
                    from,
                    until,
                    at,
                });
            }
        }
        self.last_at = at;
        Ok(())
    }

    fn set_people(&mut self, people: Vec<Enrolled>) -> Result<(), ReviewError> {
        let leads =
            |person: &Enrolled| !person.has_left && person.roles.contains(&Role::Supervisor);
        if !people.iter().any(leads) {
            return Err(ReviewError::LastSupervisor);
        }
        self.people = people;
        Ok(())
    }

    /// Whether this person has one of these roles now; nobody where there are none.
    pub(super) fn allows(&self, by: Option<PersonNumber>, takes: &[Role]) -> bool {
        let Some(by) = by else {
            return takes.is_empty();
        };
        let person = self.pseudonym(by).filter(|person| !person.has_left);
        person.is_some_and(|person| takes.iter().any(|role| person.roles.contains(role)))
    }

    /// Somebody by number, also one who has left.
    pub(super) fn pseudonym(&self, number: PersonNumber) -> Option<&Enrolled> {
        self.people.get(usize::from(number.0))
    }
}
