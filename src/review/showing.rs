//! Cases as people read them: with texts, and with what happened.

use crate::baseline::Time;
use crate::ledger::Reference;

use super::case::{Case, CaseId};
use super::error::ReviewError;
use super::event::{self, EntryName, Happened, House, Reopening, Version, What};
use super::grounds::Stage;
use super::people::PersonNumber;
use super::reviews::{Reviews, case_topic};
use super::rows;

use std::ops::ControlFlow;

/// A case with its texts, and all that happened to it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Story {
    /// Which.
    pub id: CaseId,
    /// How it stands.
    pub case: Case,
    /// The platform's reference of the upload; none where it was erased.
    pub subject: Option<String>,
    /// The entries that it came near to, and in which snapshot.
    pub entries: Vec<(EntryName, Option<Version>)>,
    /// The evidence as it was handed in, in JSON; none where there was none, or it was erased.
    pub evidence: Option<String>,
    /// What happened, in its order.
    pub steps: Vec<Step>,
    references: Vec<Reference>,
}

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// When.
    pub at: Time,
    /// Who did it, by pseudonym; none where it followed by itself, or the uploader did.
    pub by: Option<Box<str>>,
    /// What, in words.
    pub what: String,
    /// Why, or what was written; none where nothing was, or it was erased.
    pub text: Option<String>,
}

impl Story {
    /// The references to all texts.
    pub(super) fn texts(&self) -> Vec<Reference> {
        self.references.clone()
    }
}

impl std::fmt::Debug for Story {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut told = f.debug_struct("Story");
        told.field("id", &self.id).field("case", &self.case);
        told.field("steps", &self.steps.len())
            .finish_non_exhaustive()
    }
}

impl Reviews {
    /// How a case stands.
    ///
    /// # Errors
    /// [`ReviewError::NoCase`].
    ///
    /// # Cost
    /// Reading a page: microseconds.
    pub fn case(&self, id: CaseId) -> Result<Case, ReviewError> {
        let found = match id.0 {
            0 => None,
            number => rows::Pages::default().case(&self.ledger, number)?,
        };
        found.ok_or(ReviewError::NoCase {
            case: id,
            last: self.len()?,
        })
    }

    /// A case with its texts, and all that happened to it.
    ///
    /// # Errors
    /// [`ReviewError::NoCase`], [`ReviewError::Damaged`].
    ///
    /// # Cost
    /// Reading its records.
    pub fn story(&self, id: CaseId) -> Result<Story, ReviewError> {
        let case = self.case(id)?;
        let mut story = Story {
            id,
            case,
            subject: None,
            entries: Vec::new(),
            evidence: None,
            steps: Vec::new(),
            references: Vec::new(),
        };
        let mut records = Vec::new();
        let _: ControlFlow<()> = self.ledger.of_topic(&case_topic(id.0), |record| {
            records.push((record.number, event::from_bytes::<Happened>(record.body)));
            ControlFlow::Continue(())
        })?;
        for (record, happened) in records {
            let happened = happened.ok_or(ReviewError::Damaged {
                record,
                what: "not a record of a case",
            })?;
            self.tell(&mut story, &happened)?;
        }
        Ok(story)
    }

    fn tell(&self, story: &mut Story, happened: &Happened) -> Result<(), ReviewError> {
        if let What::Opened(opened) = &happened.what {
            story.subject = self.text(story, Some(opened.subject))?;
            story.entries = opened
                .found
                .iter()
                .map(|found| (found.name.clone(), found.version))
                .collect();
            for evidence in &opened.evidence {
                story.evidence = self.text(story, Some(*evidence))?;
            }
        }
        let text = self.text(story, text_of(&happened.what))?;
        story.steps.push(Step {
            at: happened.at,
            by: happened.by.map(|by| self.pseudonym(by)),
            what: in_words(&happened.what),
            text,
        });
        Ok(())
    }

    fn text(
        &self,
        story: &mut Story,
        kept: Option<event::Kept>,
    ) -> Result<Option<String>, ReviewError> {
        let Some(kept) = kept else { return Ok(None) };
        let reference = Reference::from_bytes(kept);
        story.references.push(reference);
        Ok(self.ledger.reference(&reference)?)
    }

    /// Whom a number stands for.
    pub(super) fn pseudonym(&self, number: PersonNumber) -> Box<str> {
        let known = self.house.pseudonym(number);
        known
            .map_or("somebody unknown", |person| person.pseudonym.as_str())
            .into()
    }

    /// Those who made the decision that stands.
    #[must_use]
    pub fn decided_by(&self, case: &Case) -> Vec<Box<str>> {
        let by = case.decision.iter().flat_map(|decision| &decision.by);
        by.map(|number| self.pseudonym(*number)).collect()
    }

    /// Calls `visit` with every case, in the order of their numbers, until it says false.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`], [`ReviewError::Kept`].
    ///
    /// # Cost
    /// Reading all pages: see the room's costs.
    pub fn each(&self, mut visit: impl FnMut(CaseId, &Case) -> bool) -> Result<(), ReviewError> {
        rows::each(&self.ledger, |number, case| {
            Ok(visit(CaseId(number), &case))
        })
    }

    /// Calls `visit` with every entry that a case is about, in the order in which they came.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`], [`ReviewError::Kept`].
    ///
    /// # Cost
    /// Reading their names.
    pub fn entries(&self, mut visit: impl FnMut(&EntryName)) -> Result<(), ReviewError> {
        rows::each_name(&self.ledger, |name| visit(&name))
    }

    /// The cases that somebody has to look at, the most urgent stage first, then the oldest; so many at most, and how many there are in all.
    ///
    /// # Errors
    /// As [`Reviews::each`].
    pub fn open_list(&self, most: usize) -> Result<(Vec<(CaseId, Case)>, u64), ReviewError> {
        let mut open: Vec<(CaseId, Case)> = Vec::new();
        let mut all = 0;
        let order = |(id, case): &(CaseId, Case)| (urgency(case.stage()), case.opened_at, *id);
        self.each(|id, case| {
            if case.is_open() {
                all += 1;
                open.push((id, case.clone()));
                if open.len() > most.saturating_mul(2).max(1024) {
                    open.sort_by_key(order);
                    open.truncate(most);
                }
            }
            true
        })?;
        open.sort_by_key(order);
        open.truncate(most);
        Ok((open, all))
    }
}

/// What is looked at first.
const fn urgency(stage: Stage) -> u8 {
    match stage {
        Stage::Order => 0,
        Stage::Complaint => 1,
        Stage::Reopened => 2,
        Stage::Divided => 3,
        Stage::Second => 4,
        Stage::Waiting => 5,
        Stage::Refused => 6,
        Stage::Decided => 7,
    }
}

const fn text_of(what: &What) -> Option<event::Kept> {
    match what {
        What::Found { note, .. }
        | What::ComplaintDecided { note, .. }
        | What::Reopened { note, .. }
        | What::Preserved { note, .. }
        | What::OrderRefused { note, .. } => *note,
        What::Complained { text, .. } => *text,
        _ => None,
    }
}

/// What happened to a case.
pub(super) fn in_words(what: &What) -> String {
    match what {
        What::Opened(opened) => match opened.hold_until {
            Some(until) => format!("opened, and the upload held until {until}"),
            None => "opened".to_owned(),
        },
        What::HoldReleased => "the hold ran out without a decision".to_owned(),
        What::Found {
            outcome,
            action,
            decides,
            ..
        } => {
            let decides = if *decides {
                "decided"
            } else {
                "found, not yet decided"
            };
            format!("{decides}: {outcome}; {action}")
        }
        What::Informed => "the uploader was told".to_owned(),
        What::PoliceInformed => "the police were told".to_owned(),
        What::Withheld { until } => format!("the uploader is not to be told until {until}"),
        What::Complained { received_at, .. } => {
            format!("the uploader complained, at {received_at}")
        }
        What::ComplaintDecided { upheld: true, .. } => "the complaint was upheld".to_owned(),
        What::ComplaintDecided { .. } => "the complaint was rejected".to_owned(),
        What::Reinstated => "put back".to_owned(),
        What::Reopened {
            why: Reopening::ByPerson,
            ..
        } => "reopened".to_owned(),
        What::Reopened {
            why: Reopening::EntryLost(loss),
            ..
        } => format!("reopened: the entry was lost ({loss})"),
        What::Preserved { until, .. } => format!("preserved until {until}"),
        What::Deleted => "what was preserved was deleted".to_owned(),
        What::OrderDone { action } => format!("the order was carried out: {action}"),
        What::OrderRefused { ground, .. } => format!("the order cannot be carried out: {ground}"),
        What::OrderCleared => "the order can be carried out now".to_owned(),
        What::OrderEnded { why } => format!("the order ended: {why}"),
        What::Proceedings { kind } => format!("{kind} proceedings began"),
        What::ProceedingsEnded { reinstated: true } => {
            "proceedings ended: to be put back".to_owned()
        }
        What::ProceedingsEnded { .. } => "proceedings ended: the decision stands".to_owned(),
        What::Erased => "its texts were erased".to_owned(),
    }
}

/// What happened to the file.
pub(super) fn house_in_words(what: &House) -> String {
    match what {
        House::Begun { policy, first, .. } => format!("begun for {} by {first}", policy.platform),
        House::PolicySet(_) => "the policy was changed".to_owned(),
        House::Enrolled { pseudonym, roles } => {
            let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            format!("{pseudonym} enrolled: {}", roles.join(", "))
        }
        House::Left { number } => format!("person {} left", number.0),
        House::Tripped { entry, trip } => {
            format!("the breaker switched {entry} off: {}", trip.reason())
        }
        House::Reset { entry, .. } => format!("a person switched {entry} on again"),
        House::Lost { entry, why, since } => format!("{entry} was lost since {since}: {why}"),
        House::Drawn { of, drawn, .. } => {
            format!("a sample of {drawn} was drawn from {of} uploads that did not match")
        }
    }
}
