//! What has to be done, and until when.

use std::fmt;

use crate::baseline::Time;

use super::case::{Case, CaseId, Origin};
use super::clock;
use super::error::ReviewError;
use super::grounds::Stage;
use super::order::hour_after;
use super::policy::Policy;
use super::reviews::Reviews;

/// Something that has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// For which case.
    pub case: CaseId,
    /// What.
    pub what: Duty,
    /// Until when.
    pub until: Time,
}

/// What has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Duty {
    /// Tell the police of an imminent threat: at once (article 14(5) TCO).
    TellPolice,
    /// Carry out a removal order, or answer why not: within an hour (article 3(3) TCO).
    CarryOut,
    /// Put content back: at once (articles 4(7) and 10(2) TCO).
    PutBack,
    /// Release a hold, or decide before.
    ReleaseHold,
    /// Decide on a complaint: within two weeks (article 10(2) TCO).
    DecideComplaint,
    /// Tell the uploader: without undue delay (article 11 TCO, article 17 DSA).
    TellUploader,
    /// Look at a match, in the time that the policy sets.
    Review,
    /// Delete what was preserved, its time being over (article 6(2) TCO).
    Delete,
}

impl Duty {
    /// The name used in JSON and by the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TellPolice => "tell_police",
            Self::CarryOut => "carry_out",
            Self::PutBack => "put_back",
            Self::ReleaseHold => "release_hold",
            Self::DecideComplaint => "decide_complaint",
            Self::TellUploader => "tell_uploader",
            Self::Review => "review",
            Self::Delete => "delete",
        }
    }
}

/// In words.
impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TellPolice => "tell the police",
            Self::CarryOut => "carry out the order, or answer why not",
            Self::PutBack => "put the content back",
            Self::ReleaseHold => "decide, or release the hold",
            Self::DecideComplaint => "decide on the complaint",
            Self::TellUploader => "tell the uploader",
            Self::Review => "look at the match",
            Self::Delete => "delete what was preserved",
        })
    }
}

impl Case {
    /// What has to be done for it by its records and this policy, each with its time. A pure function: what of it is late is for `now` to say.
    pub fn duties(&self, policy: &Policy) -> impl Iterator<Item = (Duty, Time)> {
        let stage = self.stage();
        let police = self.police_since.filter(|_| self.police_at.is_none());
        let order = self.order.filter(|_| stage == Stage::Order);
        let hold = self.hold.filter(|hold| hold.ended_at.is_none());
        let complaint = self.complaint();
        let tell = self
            .tell
            .map(|(since, _)| self.withheld_until.map_or(since, |until| until.max(since)));
        let waits = matches!(
            stage,
            Stage::Waiting | Stage::Second | Stage::Divided | Stage::Reopened
        ) && self.origin == Origin::Match;
        let since = self.reopened.map_or(self.opened_at, |(since, _)| since);
        let review = policy
            .review_hours
            .filter(|_| waits)
            .and_then(|hours| since.plus_hours(hours));
        let is_needed = complaint.is_some() || self.put_back.is_some() || self.is_contested();
        let delete = self
            .preserve_until
            .filter(|_| self.deleted_at.is_none() && !is_needed);
        [
            (Duty::TellPolice, police),
            (
                Duty::CarryOut,
                order.map(|order| hour_after(order.runs_from)),
            ),
            (Duty::PutBack, self.put_back.map(|(since, _)| since)),
            (Duty::ReleaseHold, hold.map(|hold| hold.until)),
            (
                Duty::DecideComplaint,
                complaint.map(|complaint| clock::complaint_due(complaint.received_at)),
            ),
            (Duty::TellUploader, tell),
            (Duty::Review, review),
            (Duty::Delete, delete),
        ]
        .into_iter()
        .filter_map(|(duty, until)| Some((duty, until?)))
    }
}

impl Reviews {
    /// What has to be done until a moment, the latest first; so many at most, and how much there is in all. What was to be done before now is late.
    ///
    /// # Errors
    /// As [`Reviews::each`].
    ///
    /// # Cost
    /// Reading all cases.
    pub fn due(&self, until: Time, most: usize) -> Result<(Vec<Due>, u64), ReviewError> {
        let mut due: Vec<Due> = Vec::new();
        let mut all = 0;
        let order = |due: &Due| (due.until, due.what, due.case);
        self.each(|id, case| {
            for (what, time) in case
                .duties(self.policy())
                .filter(|(_, time)| *time <= until)
            {
                all += 1;
                due.push(Due {
                    case: id,
                    what,
                    until: time,
                });
            }
            if due.len() > most.saturating_mul(2).max(4096) {
                due.sort_unstable_by_key(order);
                due.truncate(most);
            }
            true
        })?;
        due.sort_unstable_by_key(order);
        due.truncate(most);
        Ok((due, all))
    }
}
