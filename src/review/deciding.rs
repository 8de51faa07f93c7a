//! People decide.

use std::fmt;

use crate::baseline::Time;
use crate::snapshot::Switched;

use super::breaker::Trip;
use super::case::{Case, CaseId};
use super::error::ReviewError;
use super::event::{EntryName, House, Reopening, What};
use super::grounds::Stage;
use super::house::Known;
use super::outcome::{Action, Outcome};
use super::people::{Person, Role};
use super::policy::{Policy, Second};
use super::reviews::{Change, Reviews};
use super::switch;
use super::tally::Tallies;

/// What a person finds, and what is to be done. Only a [`Person`] makes one: there is no other way from a match to an action.
///
/// `Debug` shows no note.
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a decision that is not recorded is none"]
pub struct Decision {
    by: Person,
    outcome: Outcome,
    action: Action,
    note: Option<Box<str>>,
}

impl Person {
    /// What this person finds; the content stays where it is.
    pub fn finds(&self, outcome: Outcome) -> Decision {
        Decision {
            by: self.clone(),
            outcome,
            action: Action::Leave,
            note: None,
        }
    }
}

impl Decision {
    /// The same, with what is to be done.
    pub fn and(mut self, action: Action) -> Self {
        self.action = action;
        self
    }

    /// The same, with why: kept beside the chain, and erasable.
    pub fn because(mut self, note: &str) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Whose it is.
    #[must_use]
    pub fn by(&self) -> &Person {
        &self.by
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Decision");
        told.field("by", &self.by.pseudonym())
            .field("outcome", &self.outcome);
        told.field("action", &self.action).finish_non_exhaustive()
    }
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcomes {
    /// Where the case stands now: [`Stage::Second`] where somebody else has to look, too.
    pub stage: Stage,
    /// The case.
    pub case: Case,
    /// Entries that the breaker switched off with it.
    pub trips: Vec<(EntryName, Trip)>,
}

impl Reviews {
    /// Has a list follow what the breaker says: every entry that it switched off is switched off there now, and what it switches off later at once. Call it after
    /// opening the file, for each list that a screener looks into; what was recorded and not switched, because the process was killed in between, is made up for.
    ///
    /// # Errors
    /// [`ReviewError::Switch`]; the list is followed all the same.
    pub fn switching(
        &mut self,
        list: &str,
        switch: impl switch::Switch + 'static,
    ) -> Result<(), ReviewError> {
        self.switches.0.push((list.into(), Box::new(switch)));
        self.refresh()
    }

    /// Learns what others have recorded in the file since it was opened or changed here, and switches off what the breaker has switched off meanwhile. Whoever
    /// holds a file open calls it from time to time; whatever changes something does so by itself.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`], [`ReviewError::Damaged`]; [`ReviewError::Switch`].
    ///
    /// # Cost
    /// Reading a record where nothing has changed, and what concerns the file as a whole where something has.
    pub fn refresh(&mut self) -> Result<(), ReviewError> {
        self.catch_up()?;
        let is_followed = |entry: &EntryName| self.switches.of(&entry.list).next().is_some();
        let tripped: Vec<EntryName> = self
            .house
            .tripped
            .keys()
            .filter(|entry| is_followed(entry))
            .cloned()
            .collect();
        tripped.iter().try_for_each(|entry| self.switch_off(entry))
    }

    /// Records what a person finds. Where as many people as the policy asks for find the same, it is decided.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] and [`ReviewError::Role`]: nothing was recorded. [`ReviewError::Switch`]: it was recorded, and an entry that the breaker tripped is
    /// still on in a list.
    ///
    /// # Cost
    /// A commit: milliseconds.
    pub fn decide(
        &mut self,
        id: CaseId,
        decision: &Decision,
        now: Time,
    ) -> Result<Outcomes, ReviewError> {
        let mut change = self.begin()?;
        let by = change.authorise(&decision.by, Role::Reviewer)?;
        let before = change.case(id)?;
        let (outcome, action) = (decision.outcome, decision.action);
        let decides = decides(&change.known.policy, &before, outcome, action);
        let note = change.text(decision.note.as_deref())?;
        let case = change.happen(
            id,
            Some(by),
            What::Found {
                outcome,
                action,
                note,
                decides,
            },
            now,
        )?;
        let trips = if decides {
            change.trips(id, &before, &case, now)?
        } else {
            Vec::new()
        };
        change.commit()?;
        self.switched_off(&trips)?;
        Ok(Outcomes {
            stage: case.stage(),
            case,
            trips,
        })
    }

    pub(super) fn switched_off(&self, trips: &[(EntryName, Trip)]) -> Result<(), ReviewError> {
        trips
            .iter()
            .try_for_each(|(entry, _)| self.switch_off(entry))
    }

    fn switch_off(&self, entry: &EntryName) -> Result<(), ReviewError> {
        let (Some(id), Some(by), Some(trip)) =
            (entry.id(), switch::breaker(), self.house.tripped.get(entry))
        else {
            return Ok(()); // an entry of a list of one's own, which the platform edits itself
        };
        let why = why(trip.at, &trip.reason())?;
        for list in self.switches.of(&entry.list) {
            let failed = |why| ReviewError::Switch {
                list: entry.list.clone(),
                why,
            };
            list.switch_off(id, &by, &why).map_err(failed)?;
        }
        Ok(())
    }

    /// Entries that the breaker has switched off here, and why.
    pub fn tripped(&self) -> impl Iterator<Item = (&EntryName, &Trip)> {
        self.house.tripped.iter()
    }

    /// Switches an entry on again that the breaker switched off. Only a person does that; what was decided before does not count towards the next trip.
    ///
    /// # Errors
    /// [`ReviewError::Role`] without [`Role::Supervisor`]; [`ReviewError::NotTripped`]; [`ReviewError::Switch`].
    pub fn reset(
        &mut self,
        entry: &EntryName,
        by: &Person,
        note: Option<&str>,
        now: Time,
    ) -> Result<(), ReviewError> {
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Supervisor)?;
        let note = change.text(note)?;
        change.house(
            Some(number),
            House::Reset {
                entry: entry.clone(),
                note,
            },
            now,
        )?;
        change.commit()?;
        let (Some(id), Some(breaker)) = (entry.id(), switch::breaker()) else {
            return Ok(());
        };
        let why = why(now, "a person reset the breaker")?;
        for list in self.switches.of(&entry.list) {
            let failed = |why| ReviewError::Switch {
                list: entry.list.clone(),
                why,
            };
            list.switch_on(id, &breaker, &why).map_err(failed)?;
        }
        Ok(())
    }

    /// Releases all holds whose time is over, though nobody has decided: how many. Nothing else ends by itself. The cases wait on.
    ///
    /// # Errors
    /// [`ReviewError`]; then nothing was recorded.
    ///
    /// # Cost
    /// Reading all cases, and a commit where there is something to release.
    pub fn release_holds(&mut self, now: Time) -> Result<Vec<CaseId>, ReviewError> {
        let mut over = Vec::new();
        super::rows::each(&self.ledger, |number, case| {
            if case.is_held() && case.hold.is_some_and(|hold| hold.until <= now) {
                over.push(CaseId(number));
            }
            Ok(true)
        })?;
        if over.is_empty() {
            return Ok(over);
        }
        let mut change = self.begin()?;
        let mut released = Vec::new();
        for id in over {
            // Somebody may have decided since. What happened to a case later than now is no reason to hold the others.
            match change.happen(id, None, What::HoldReleased, now) {
                Ok(_) => released.push(id),
                Err(ReviewError::Misfit { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        change.commit()?;
        Ok(released)
    }

    /// Lets a case that was decided be looked at again.
    ///
    /// # Errors
    /// [`ReviewError`]; then nothing was recorded.
    pub fn reopen(
        &mut self,
        id: CaseId,
        by: &Person,
        note: Option<&str>,
        now: Time,
    ) -> Result<Case, ReviewError> {
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Supervisor)?;
        let note = change.text(note)?;
        let why = Reopening::ByPerson;
        let case = change.happen(id, Some(number), What::Reopened { why, note }, now)?;
        change.commit()?;
        Ok(case)
    }
}

impl Change<'_> {
    /// The entries of a case that its newest decision makes too doubtful.
    pub(super) fn trips(
        &mut self,
        id: CaseId,
        before: &Case,
        case: &Case,
        now: Time,
    ) -> Result<Vec<(EntryName, Trip)>, ReviewError> {
        let mut trips = Vec::new();
        // Counted as it will be: the finder has the case as it was.
        self.finder.set(id.0, case, false);
        for entry in &case.entries {
            let Some(name) = self.name(*entry) else {
                continue;
            };
            let trip = trip(&self.known, &self.finder.tallies, &name, *entry, now);
            trips.extend(trip.map(|trip| (name, trip)));
        }
        self.finder.set(id.0, before, false);
        for (entry, trip) in &trips {
            let (entry, trip) = (entry.clone(), trip.clone());
            self.house(None, House::Tripped { entry, trip }, now)?;
        }
        Ok(trips)
    }
}

/// Why an entry is to be switched off by what was decided until now, if it is, and is not off already. What was before its last reset does not count.
pub(super) fn trip(
    known: &Known,
    tallies: &Tallies,
    name: &EntryName,
    entry: u32,
    now: Time,
) -> Option<Trip> {
    if known.tripped.contains_key(name) {
        return None;
    }
    let rule = &known.policy.tripwire;
    let reset = known.resets.get(name).copied();
    let from = rule.from(now).max(reset.unwrap_or(Time::MIN));
    let until = Time::from_unix_seconds(now.unix_seconds().saturating_add(1)).unwrap_or(Time::MAX);
    rule.trip(&tallies.window(entry, from, until), from, now)
}

/// Whether one more who finds this decides it. Where those who looked do not agree, two have to.
pub(super) fn decides(policy: &Policy, case: &Case, outcome: Outcome, action: Action) -> bool {
    let is_asked = match policy.second {
        Second::Never => false,
        Second::Removals => action.is_down(),
        Second::Always => true,
    };
    let needs_two = is_asked || case.is_divided_by(outcome, action);
    let needed = if needs_two { 2 } else { 1 };
    outcome != Outcome::Undecided && case.agrees_with(outcome, action) + 1 >= needed
}

fn why(at: Time, reason: &str) -> Result<Switched, ReviewError> {
    let reason = crate::baseline::Text::new(reason)
        .map_err(|_| ReviewError::Match("a reason that is no text"))?;
    Ok(Switched { at, reason })
}
