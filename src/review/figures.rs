//! What the records come to: the counts of a year, and how well the automated means did.

use std::collections::BTreeMap;

use crate::baseline::{TcoTypes, Time};

use super::case::{Case, Origin};
use super::error::ReviewError;
use super::grounds::{OrderGround, Proceedings, PutBack};
use super::report::means::{Means, Sample};
use super::report::year::{self, Basis, Court, Refusal, Reinstated, Year};
use super::reviews::Reviews;

/// A time, and how much was screened in it: what only the platform knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// The first second.
    pub from: Time,
    /// The first second that is not counted any more.
    pub until: Time,
    /// How many uploads were screened.
    pub screened: u64,
}

impl Reviews {
    /// The counts of a year (UTC) for the transparency report of article 7 TCO.
    ///
    /// An item counts in the year in which it was first taken down; an order, in the year in which it was received, unless it ended before it was carried out. Orders and complaints are counted as
    /// they stood when the year ended, or as they stand now.
    ///
    /// # Errors
    /// [`ReviewError::Match`] for a year of more than four digits; as [`Reviews::each`].
    ///
    /// # Cost
    /// Reading all cases.
    pub fn year(&self, year: u16) -> Result<Year, ReviewError> {
        let begin = |year: u16| format!("{year:04}-01-01T00:00:00Z").parse::<Time>();
        let (Ok(from), Ok(until)) = (begin(year), begin(year.saturating_add(1))) else {
            return Err(ReviewError::Match(
                "years have four digits, and end before 9999",
            ));
        };
        let mut count = Count {
            from,
            until,
            year: empty(self, year),
            hours: Vec::new(),
        };
        self.each(|_, case| {
            count.add(case);
            true
        })?;
        let mut counted = count.year;
        count.hours.sort_unstable();
        counted.complaints.median_hours = count.hours.get(count.hours.len() / 2).copied();
        Ok(counted)
    }

    /// How well the automated means did (Implementing Regulation (EU) 2024/2835, part 8): a match was right where the decision that stands says that the content is
    /// terrorist. Whatever else people found, exempt or legal among it, counts as an error of the means. What was missed is known from samples that were drawn
    /// and looked at in this time only.
    ///
    /// # Errors
    /// As [`Reviews::each`].
    ///
    /// # Cost
    /// Reading all cases.
    pub fn means(&self, traffic: Traffic) -> Result<Means, ReviewError> {
        let Traffic {
            from,
            until,
            screened,
        } = traffic;
        let inside = |draw: &super::Draw| from <= draw.from && draw.until <= until;
        let draws: Vec<bool> = self.draws().iter().map(inside).collect();
        let (mut matches, mut reviewed, mut confirmed) = (0, 0, 0);
        let mut sample = Sample {
            drawn: 0,
            reviewed: 0,
            missed: 0,
        };
        self.each(|_, case| {
            let decided = case.decision.as_ref();
            let is_right = decided.is_some_and(|decision| {
                decision.outcome.is_terrorist() && decision.overturned_at.is_none()
            });
            match case.origin {
                Origin::Match if (from..until).contains(&case.screened_at) => {
                    matches += 1;
                    reviewed += u64::from(decided.is_some());
                    confirmed += u64::from(is_right);
                }
                Origin::Sample(draw) if draws.get(draw as usize) == Some(&true) => {
                    sample.drawn += 1;
                    sample.reviewed += u64::from(decided.is_some());
                    sample.missed += u64::from(is_right);
                }
                _ => {}
            }
            true
        })?;
        Ok(Means {
            from,
            until,
            screened,
            matches,
            reviewed_matches: reviewed,
            confirmed,
            sample: (sample.drawn > 0).then_some(sample),
        })
    }
}

fn empty(reviews: &Reviews, year: u16) -> Year {
    Year {
        platform: reviews.policy().platform.clone(),
        year,
        removed: BTreeMap::new(),
        orders: year::Orders::default(),
        complaints: year::Complaints::default(),
        proceedings: BTreeMap::new(),
        reinstated: BTreeMap::new(),
        escalations: 0,
        holds_released_undecided: 0,
    }
}

struct Count {
    from: Time,
    until: Time,
    year: Year,
    /// How long each complaint took.
    hours: Vec<u64>,
}

impl Count {
    fn is_in(&self, at: Option<Time>) -> bool {
        at.is_some_and(|at| (self.from..self.until).contains(&at))
    }

    fn add(&mut self, case: &Case) {
        self.add_removal(case);
        self.add_order(case);
        self.add_complaints(case);
        self.add_proceedings(case);
        if let Some((_, why)) = case.was_put_back.filter(|(at, _)| self.is_in(Some(*at))) {
            *self.year.reinstated.entry(reinstated(why)).or_default() += 1;
        }
        self.year.escalations += u64::from(self.is_in(case.police_at));
        let ran_out = case
            .hold
            .filter(|hold| hold.ran_out)
            .and_then(|hold| hold.ended_at);
        self.year.holds_released_undecided += u64::from(self.is_in(ran_out));
    }

    fn add_removal(&mut self, case: &Case) {
        if !self.is_in(case.taken_down_at) {
            return;
        }
        let basis = match (case.origin, case.is_measure) {
            (Origin::Order, _) => Basis::Order,
            (_, true) => Basis::SpecificMeasure,
            _ => Basis::OwnDecision,
        };
        let items = self.year.removed.entry(basis).or_default();
        items.items += 1;
        for kind in case.taken_down_for.iter().copied().flat_map(TcoTypes::iter) {
            *items.types.entry(kind).or_default() += 1;
        }
    }

    fn add_order(&mut self, case: &Case) {
        let Some(order) = case.order.filter(|_| self.is_in(Some(case.screened_at))) else {
            return;
        };
        let is_done = order.done_at.is_some_and(|at| at < self.until);
        let refused = order.refused.filter(|(at, _)| *at < self.until);
        let orders = &mut self.year.orders;
        match (is_done, refused, order.ended) {
            (true, ..) => orders.carried_out += 1,
            (false, Some((_, ground)), _) => {
                *orders.refused.entry(refusal(ground)).or_default() += 1;
            }
            (false, None, Some(_)) => return, // taken back before its hour was over
            (false, None, None) => orders.pending += 1,
        }
        orders.received += 1;
    }

    fn add_complaints(&mut self, case: &Case) {
        for complaint in case
            .complaints
            .iter()
            .filter(|complaint| complaint.received_at < self.until)
        {
            let decided = complaint.decided.filter(|(at, _)| *at < self.until);
            if decided.is_some_and(|(at, _)| at < self.from) {
                continue;
            }
            let counts = &mut self.year.complaints;
            match complaint.received_at < self.from {
                true => counts.pending_before += 1,
                false => counts.received += 1,
            }
            match decided {
                None => counts.pending += 1,
                Some((_, true)) => counts.upheld += 1,
                Some((_, false)) => counts.rejected += 1,
            }
            if let Some((at, _)) = decided {
                let seconds = at
                    .unix_seconds()
                    .saturating_sub(complaint.received_at.unix_seconds());
                self.hours
                    .push(u64::try_from(seconds).unwrap_or(0).div_ceil(3600));
            }
        }
    }

    fn add_proceedings(&mut self, case: &Case) {
        for one in &case.proceedings {
            let court = match one.kind {
                Proceedings::Administrative => Court::Administrative,
                Proceedings::Judicial => Court::Judicial,
                Proceedings::OutOfCourt => continue, // article 21 DSA; article 7 TCO does not ask for them
            };
            if !self.is_in(Some(one.began_at)) {
                continue;
            }
            let outcome = match one.ended.filter(|(at, _)| *at < self.until) {
                None => year::Outcome::Pending,
                Some((_, true)) => year::Outcome::Annulled,
                Some((_, false)) => year::Outcome::Confirmed,
            };
            let brought = self.year.proceedings.entry(court).or_default();
            brought.brought += 1;
            *brought.outcomes.entry(outcome).or_default() += 1;
        }
    }
}

const fn refusal(ground: OrderGround) -> Refusal {
    match ground {
        OrderGround::Impossibility => Refusal::Impossible,
        OrderGround::ManifestErrors => Refusal::ManifestError,
        OrderGround::InsufficientInformation => Refusal::LackOfInformation,
    }
}

const fn reinstated(why: PutBack) -> Reinstated {
    match why {
        PutBack::Complaint => Reinstated::Complaint,
        PutBack::OrderEnded => Reinstated::OrderEnded,
        PutBack::EntryLost => Reinstated::EntryWithdrawn,
        PutBack::Proceedings => Reinstated::Proceedings,
        PutBack::NewDecision => Reinstated::OwnReview,
    }
}
