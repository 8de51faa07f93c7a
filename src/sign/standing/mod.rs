//! Who there is, by which keys, logs and rules: derived from the genesis and from what authorities have signed together.
//!
//! A pure function of the [`Genesis`], of the logs that there are, and of the endorsements in them, in any order:
//!
//! 1. Endorsements are taken in the order of their time, those of one second in that of authority, log, place and motion; those after `now` are left
//!    out, and so is what does not [count](Standing::counts).
//! 2. A motion takes effect with the endorsement by which authorities of as many distinct states have signed it as the rules at that time ask for.
//!    It stays in effect. Where an adoption asks for fewer, those that wait are looked at in the order of their ids.
//! 3. An admission of an authority that is there, or by the first key of a log that is an authority's, has no effect; nor has the adoption of a policy in the place of one
//!    that is not the present one, nor a revocation of another log than the authority's present one, or one that keeps less than what a revocation before it kept.
//!    An authority has no say in a revocation of its own log: whoever holds its key would have one, and choose the next key.
//! 4. A revocation works backwards: what stands behind the part of the log that is kept counts no more, and never did. So everything is
//!    counted anew without it, from the first endorsement on; only revocations that took effect before stay as they are.
//! 5. A log of which there are two stories counts up to the place where they part, until a revocation says which one is kept.

mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::baseline::{Authority, AuthorityId, EndReason, Event, MemberState, Policy, Role, Time};

use super::{Endorsement, Genesis, Kept, KeyId, Motion, MotionId, Threshold};

use run::{Revoked, Run};

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// Which of its stories, 0 where there is one.
    pub line: u32,
    /// The place in it.
    pub sequence: u64,
}

/// What has to be known of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFacts {
    /// Whose it is.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// The stories that it tells; one, unless it has forked.
    pub lines: Vec<Line>,
    /// The first place at which it is known to have told two stories, or behind which its checkpoints show that it did.
    pub forked_at: Option<u64>,
    /// What revocations keep, and on which line that is; none where the log ends before it, as far as it is known. What no line leads to is
    /// not in it.
    pub kept: BTreeMap<Kept, Option<u32>>,
}

/// A story that a log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The line, before this one, that it parts from; 0 of the first.
    pub parent: u32,
    /// The place of its first statement that is its own.
    pub from: u64,
}

impl Line {
    /// Whether a statement of a log with these lines is on one of them, or on what that parts from.
    #[must_use]
    pub fn is_on(lines: &[Self], place: &Place, line: u32) -> bool {
        let (mut at, mut until) = (line, u64::MAX);
        loop {
            let Some(here) = usize::try_from(at).ok().and_then(|at| lines.get(at)) else {
                return false;
            };
            if place.line == at {
                return (here.from..until).contains(&place.sequence);
            }
            // Lines part from those before them, so that this ends.
            if at <= here.parent {
                return false;
            }
            (at, until) = (here.parent, until.min(here.from));
        }
    }
}

impl LogFacts {
    fn begins(&self) -> Option<u64> {
        self.lines.first().map(|line| line.from)
    }
}

/// A part of an authority's word: one of its logs, and how far it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// The place at which it has to begin.
    pub from: u64,
    /// What of it is kept, if it was closed.
    pub kept: Option<Kept>,
}

/// An authority that is admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// Who.
    pub authority: Authority,
    /// Since when.
    pub since: Time,
    /// Its logs, in the order in which they go on from each other. Where the last one is closed the authority has left.
    pub spans: Vec<Span>,
}

/// Who signed a motion, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MotionReport {
    /// The motion.
    pub motion: Motion,
    /// Who signed it in a way that counts, and when.
    pub signed: BTreeMap<AuthorityId, (MemberState, Time)>,
    /// What came of it.
    pub outcome: Outcome,
}

impl MotionReport {
    /// The states that have signed.
    #[must_use]
    pub fn states(&self) -> BTreeSet<MemberState> {
        self.signed.values().map(|(state, _)| *state).collect()
    }

    fn is_signed_by(&self, needed: u32) -> bool {
        let needed = usize::try_from(needed).unwrap_or(usize::MAX);
        let threshold = Threshold::new(needed, needed);
        threshold.is_ok_and(|needed| needed.is_met(self.states().len(), self.signed.len()))
    }
}

/// What came of a motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// More states have to sign.
    Waits,
    /// It is in effect.
    InEffect(Time),
    /// Enough have signed, and it can have no effect.
    NoEffect(&'static str),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waits => f.write_str("waits for more states to sign"),
            Self::InEffect(since) => write!(f, "in effect since {since}"),
            Self::NoEffect(why) => write!(f, "without effect: {why}"),
        }
    }
}

/// Who there is, by which keys, logs and rules, at a time; see the [module](self).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    at: Time,
    policy: Policy,
    needed_states: u32,
    members: BTreeMap<AuthorityId, Member>,
    motions: BTreeMap<MotionId, MotionReport>,
    logs: BTreeMap<KeyId, LogFacts>,
}

impl Standing {
    /// Derives it.
    ///
    /// # Cost
    /// Linear in the endorsements, once more for each revocation.
    #[must_use]
    pub fn new<'a>(
        genesis: &Genesis,
        mut logs: BTreeMap<KeyId, LogFacts>,
        endorsements: impl IntoIterator<Item = (Place, &'a Endorsement)>,
        now: Time,
    ) -> Self {
        let endorsements = endorsements.into_iter().filter(|(_, one)| one.at <= now);
        let id = |(place, one): (Place, &'a Endorsement)| (place, one, one.motion.id());
        let mut endorsements: Vec<_> = endorsements.map(id).collect();
        endorsements.sort_by(|(a, x, i), (b, y, j)| (x.at, &x.by, a, i).cmp(&(y.at, &y.by, b, j)));
        let mut revoked: Vec<Revoked> = Vec::new();
        loop {
            let mut run = Run::new(genesis, logs, &revoked, now);
            let mut said = endorsements.iter();
            let next = said.find_map(|(place, one, id)| run.take(place, one, *id));
            match next {
                Some(next) => {
                    logs = run.standing.logs;
                    revoked.push(next);
                }
                None => return run.ended(),
            }
        }
    }

    /// Who there is, as somebody has derived it and put it down: these logs count, each from its first place on, and nothing else does. What that rests
    /// on is not looked at, and what is signed together decides nothing.
    #[must_use]
    pub fn stated(
        at: Time,
        policy: Policy,
        members: impl IntoIterator<Item = (Authority, Vec<(KeyId, u64)>)>,
    ) -> Self {
        let mut standing = Self {
            at,
            policy,
            needed_states: u32::MAX,
            members: BTreeMap::new(),
            motions: BTreeMap::new(),
            logs: BTreeMap::new(),
        };
        for (authority, logs) in members {
            for (log, from) in &logs {
                let facts = LogFacts {
                    authority: authority.id.clone(),
                    state: authority.state,
                    lines: vec![Line {
                        parent: 0,
                        from: *from,
                    }],
                    forked_at: None,
                    kept: BTreeMap::new(),
                };
                standing.logs.insert(*log, facts);
            }
            let span = |(log, from)| Span {
                log,
                from,
                kept: None,
            };
            let member = Member {
                spans: logs.into_iter().map(span).collect(),
                since: at,
                authority,
            };
            standing.members.insert(member.authority.id.clone(), member);
        }
        standing
    }

    /// For which time it holds.
    #[must_use]
    pub fn at(&self) -> Time {
        self.at
    }

    /// When what authorities say is a consensus.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Authorities of so many distinct states admit others, revoke keys and change the policy.
    #[must_use]
    pub fn needed_states(&self) -> u32 {
        self.needed_states
    }

    /// The authorities, those that have left among them.
    #[must_use]
    pub fn members(&self) -> &BTreeMap<AuthorityId, Member> {
        &self.members
    }

    /// What was signed together, or waits for it.
    #[must_use]
    pub fn motions(&self) -> &BTreeMap<MotionId, MotionReport> {
        &self.motions
    }

    /// The present log of an authority, and where it has to begin; none if it is unknown or has left.
    #[must_use]
    pub fn log_of(&self, authority: &AuthorityId) -> Option<&Span> {
        let last = self.members.get(authority)?.spans.last()?;
        last.kept.is_none().then_some(last)
    }

    /// Whether what an authority says at a place counts: whether it is admitted, and the place is in a part of its logs that nothing has voided.
    ///
    /// # Errors
    /// [`Void`] says why not.
    pub fn counts(&self, place: &Place, authority: &AuthorityId) -> Result<&Member, Void> {
        let member = self.members.get(authority).ok_or(Void::NotAdmitted)?;
        let facts = self.logs.get(&place.log).ok_or(Void::OtherLog)?;
        let span = member.spans.iter().find(|span| span.log == place.log);
        let span = span.filter(|span| {
            facts.authority == *authority
                && facts.state == member.authority.state
                && facts.begins() == Some(span.from)
        });
        let kept = match span.ok_or(Void::OtherLog)?.kept {
            Some(kept) if place.sequence >= kept.until => return Err(Void::Revoked(kept.until)),
            Some(kept) => *facts.kept.get(&kept).ok_or(Void::OtherStory)?,
            None => None,
        };
        match (kept, facts.forked_at) {
            (Some(line), _) if Line::is_on(&facts.lines, place, line) => Ok(member),
            (Some(_), _) => Err(Void::OtherStory),
            (None, Some(at)) if place.sequence >= at => Err(Void::Forked(at)),
            (None, _) => Ok(member),
        }
    }

    /// Whether an endorsement counts: as [`Standing::counts`], and whether its authority has a say in the motion.
    ///
    /// # Errors
    /// [`Void`]
    pub fn endorsement_counts(
        &self,
        place: &Place,
        endorsement: &Endorsement,
    ) -> Result<&Member, Void> {
        let member = self.counts(place, &endorsement.by)?;
        match &endorsement.motion {
            Motion::Revoke(revocation) if revocation.authority == endorsement.by => {
                Err(Void::OwnLog)
            }
            _ => Ok(member),
        }
    }

    /// Whether an event counts, as far as that does not depend on its entry: as [`Standing::counts`], and whether its authority was
    /// appointed for what it does.
    ///
    /// | event | appointed to |
    /// |---|---|
    /// | an entry proposed, an assessment, a withdrawal | issue orders, or scrutinise |
    /// | a suspension, its end | issue orders, scrutinise, or oversee measures |
    /// | an act that has ended | issue orders; scrutinise, where scrutiny found an infringement |
    /// | feedback of a platform | oversee measures |
    ///
    /// # Errors
    /// [`Void`]
    pub fn event_counts(&self, place: &Place, event: &Event) -> Result<(), Void> {
        let member = self.counts(place, event.authority())?;
        let roles = roles_for(event);
        if roles
            .iter()
            .any(|role| member.authority.roles.contains(role))
        {
            Ok(())
        } else {
            Err(Void::OutOfRole(roles))
        }
    }
}

/// For which of these tasks an authority has to be appointed to say this.
pub(super) fn roles_for(event: &Event) -> &'static [Role] {
    const JUDGE: [Role; 2] = [Role::IssueOrders, Role::Scrutinise];
    match event {
        Event::EntryCreated(_) | Event::Assessed(_) | Event::Withdrawn(_) => &JUDGE,
        Event::Suspended(_) | Event::Resumed(_) => {
            &[Role::IssueOrders, Role::Scrutinise, Role::OverseeMeasures]
        }
        Event::InstrumentEnded(end) if end.reason == EndReason::ScrutinyInfringement => {
            &[Role::Scrutinise]
        }
        Event::InstrumentEnded(_) => &[Role::IssueOrders],
        Event::Feedback(_) => &[Role::OverseeMeasures],
    }
}

/// Why something that was signed does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Void {
    /// The authority is not admitted.
    #[error("its authority is not admitted, or not yet: states have to sign its admission")]
    NotAdmitted,
    /// The log is not the authority's.
    #[error(
        "the log is not the one of its authority: it was opened by another key, or at another place"
    )]
    OtherLog,
    /// Behind what is kept of the log.
    #[error("its key was revoked from place {0} on: say it again by the new key")]
    Revoked(u64),
    /// Not on the story of the log that is kept.
    #[error("in another story of the log than the one that states have kept: import that one")]
    OtherStory,
    /// Behind the place where a log tells two stories.
    #[error("the log tells two stories from place {0} on: states have to say which one is kept")]
    Forked(u64),
    /// Its authority was not appointed for it.
    #[error("its authority was not appointed for it: that takes {}", Roles(.0))]
    OutOfRole(&'static [Role]),
    /// It would close the log of its own authority.
    #[error("an authority has no say in closing its own log: ask other states to sign it")]
    OwnLog,
    /// The entry is not there.
    #[error("nobody who counts has proposed the entry: import the log in which it stands")]
    NoEntry,
    /// Earlier than the entry.
    #[error("dated before the entry was proposed, on {0}")]
    BeforeEntry(Time),
}

struct Roles(&'static [Role]);

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, role) in self.0.iter().enumerate() {
            let or = if i == 0 { "" } else { " or " };
            write!(f, "{or}{role}")?;
        }
        Ok(())
    }
}
