//! What follows from the records, made from nothing but them.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::ledger::{Ledger, Record, Reference};

use super::case::Case;
use super::deciding;
use super::error::ReviewError;
use super::event::{self, EntryName, Happened, House, HouseRecord, What};
use super::house::Known;
use super::reviews::{STREAM, case_topic, house_topic, keyed};
use super::rows::Pages;
use super::tally::Tallies;

/// All that follows from the records.
pub(super) struct Derived {
    pub(super) pages: Pages,
    /// The file as it was then: who was there, and by which policy they decided.
    known: Option<Known>,
    cases: Vec<Case>,
    numbers: HashMap<EntryName, u32>,
    tallies: Tallies,
}

impl Derived {
    /// Everything, from the first record to the last; `key` is that of the subjects.
    pub(super) fn of(ledger: &Ledger, key: &[u8; 32]) -> Result<Self, ReviewError> {
        let mut derived = Derived {
            pages: Pages::default(),
            known: None,
            cases: Vec::new(),
            numbers: HashMap::new(),
            tallies: Tallies::default(),
        };
        let read = ledger.records(1, |record| {
            let taken = match record.topic == house_topic() {
                true => derived.take_house(&record),
                false => derived.take(ledger, key, &record),
            };
            taken.map_or_else(ControlFlow::Break, ControlFlow::Continue)
        })?;
        if let ControlFlow::Break(error) = read {
            return Err(error);
        }
        for (number, case) in (1..).zip(std::mem::take(&mut derived.cases)) {
            derived.pages.push(number, case);
        }
        Ok(derived)
    }

    fn take_house(&mut self, record: &Record<'_>) -> Result<(), ReviewError> {
        if let (
            Some(known),
            Some(HouseRecord {
                at,
                what: House::Tripped { entry, trip },
                ..
            }),
        ) = (&self.known, event::from_bytes(record.body))
        {
            let number = self.numbers.get(&entry);
            let follows =
                number.and_then(|number| deciding::trip(known, &self.tallies, &entry, *number, at));
            if follows != Some(trip) {
                return Err(ReviewError::Damaged {
                    record: record.number,
                    what: "what was decided does not switch this entry off",
                });
            }
        }
        take_house(&mut self.known, record)
    }

    fn take(
        &mut self,
        ledger: &Ledger,
        key: &[u8; 32],
        record: &Record<'_>,
    ) -> Result<(), ReviewError> {
        let damaged = |what| ReviewError::Damaged {
            record: record.number,
            what,
        };
        let happened: Happened =
            event::from_bytes(record.body).ok_or(damaged("not a record of a case"))?;
        let number = record
            .topic_number
            .checked_sub(1)
            .and_then(|number| u32::try_from(number).ok());
        let number =
            number.filter(|number| record.topic == case_topic(*number) && record.stream == STREAM);
        let number = number.ok_or(damaged("a topic that is no case"))?;
        let known = self
            .known
            .as_ref()
            .filter(|known| known.allows(happened.by, happened.what.takes()));
        let known = known.ok_or(damaged("nobody who was there could let it happen"))?;
        if let What::Opened(opened) = &happened.what {
            let mut entries = Vec::new();
            for found in &opened.found {
                let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
                let entry = *self.numbers.entry(found.name.clone()).or_insert_with(|| {
                    self.pages.names.push((next, found.name.clone()));
                    next
                });
                entries.push(entry);
            }
            let subject = ledger.reference(&Reference::from_bytes(opened.subject))?;
            let subject = subject.map_or([0; 16], |subject| keyed(key, &subject));
            let case = Case::begin(&happened, entries, subject)
                .ok_or(damaged("a case that does not begin"))?;
            if u32::try_from(self.cases.len() + 1) != Ok(number) {
                return Err(damaged("a case that begins twice"));
            }
            self.cases.push(case);
            return Ok(());
        }
        let place = (number as usize).checked_sub(1);
        let case = place
            .and_then(|place| self.cases.get_mut(place))
            .ok_or(damaged("a case that did not begin"))?;
        if let What::Found {
            outcome,
            action,
            decides,
            ..
        } = happened.what
            && decides != deciding::decides(&known.policy, case, outcome, action)
        {
            return Err(damaged(
                "it is not decided by as many as the policy asks for",
            ));
        }
        case.take(&happened)
            .map_err(|_| damaged("it cannot happen to its case"))?;
        if matches!(
            happened.what,
            What::Found { decides: true, .. } | What::ComplaintDecided { .. }
        ) {
            self.tallies.set(number, case, false);
        }
        Ok(())
    }
}

pub(super) fn read_house(ledger: &Ledger) -> Result<Known, ReviewError> {
    let mut known: Option<Known> = None;
    let mut wrong = None;
    let _ = ledger.of_topic(&house_topic(), |record| {
        match take_house(&mut known, &record) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                wrong = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match wrong {
        Some(error) => Err(error),
        None => known.ok_or(ReviewError::Damaged {
            record: 1,
            what: "not how a file begins",
        }),
    }
}

/// What is known of the file after one more record about it.
fn take_house(known: &mut Option<Known>, record: &Record<'_>) -> Result<(), ReviewError> {
    let damaged = |what| ReviewError::Damaged {
        record: record.number,
        what,
    };
    let read: HouseRecord =
        event::from_bytes(record.body).ok_or(damaged("not a record of a file"))?;
    match known {
        Some(known) => known
            .take(&read)
            .map_err(|_| damaged("it cannot happen to the file")),
        None => {
            *known = Known::begin(&read);
            let begun = known.as_ref().map(|_| ());
            begun.ok_or(damaged("not how a file begins"))
        }
    }
}
