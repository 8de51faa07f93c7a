//! What the states say together of an entry, by a policy, at a time: a pure function of the events.
//!
//! In: the [head](EntryHead) of an entry, events in any order and any number of times, a [`Policy`], and the time. Out: a
//! [`ConsensusState`], with an [`Explanation`] of who said what, and why it counts. Whoever has the logs gets the same.
//! Whether events are truly their authority's is not asked here: whoever calls has verified them. Nor is it asked whether a log
//! has events of two kinds at one place: what stops an entry stops it.
//!
//! # What is there
//!
//! 1. Events of other entries are left out, and so are those whose time is after `now`. The end of an act is about no entry, and
//!    is there for all of them. What came of matches ([`Feedback`](super::Feedback)) is no word of a state and never looked at.
//! 2. Of an authority's assessments only those of the highest sequence are looked at. An earlier one never comes back.
//! 3. Is that withdrawn, by the authority itself, then the authority's word is *withdrawn*. (One of several at one sequence is
//!    withdrawn with the others.) A withdrawal of the whole entry withdraws its authority's assessments of lower sequence,
//!    whether or not that authority made the entry.
//! 4. So it is, with the others of its sequence, if it rests on an act that has ended: whoever said it, and whether before the
//!    end or after. It is the act that ended if kind, issuing state and reference are the same. An end counts if the issuing
//!    state tells of it, or, of a removal order, if scrutiny found an infringement, whichever state tells: the host's
//!    scrutinises. It is for good. Whether an act is final, or its scrutiny is over, is not asked.
//! 5. Else, if there are several that differ, they are a *conflict*, and none counts.
//! 6. Else, from its `valid_until` on, or `expiry_days` after it was made, it is *expired*.
//! 7. Else, if it was adopted from another authority and the policy does not count that, it is *adopted only*.
//! 8. Else it is live.
//!
//! # What a state says
//!
//! 9. Live verdicts of a state's authorities that do not abstain are its verdict, if they are of one kind and, where they name
//!    types, have types in common, which are its types. Otherwise it is *divided*, and counts for nobody.
//! 10. A state without such verdicts *abstains*, is in *conflict*, is *adopted only*, *expired* or *withdrawn*, whichever of
//!     its authorities' words comes first in this order; or is *silent*.
//!
//! # Who is asked
//!
//! 11. Designated states: from their designation on for younger entries, and `grace_days` later for older ones, or as soon as they
//!     say "terrorist" or "not terrorist" in that time. Explicit ones: always. Responding ones: those who have a
//!     verdict other than abstaining and are not divided. Others count neither for nor against.
//!
//! # What they say together
//!
//! 12. Those asked who say "terrorist" *support*; if types must overlap, only those that name the type that most of them name
//!     (of several, the first letter). Their common types are the entry's.
//! 13. Those asked who say "not terrorist" *object*.
//! 14. Those asked who are silent *consent*, if the policy lets silence be consent, once its days are over, counted from the making
//!     of the entry, or from the state's designation if that was later. Fewer than two who support have nobody's consent.
//!
//! # The state: the first that holds
//!
//! | state | holds if |
//! |---|---|
//! | withdrawn | the authority that made the entry has withdrawn the whole of it; for good |
//! | suspended | an authority has suspended it, and not resumed it later in its log |
//! | rejected | somebody objects and objections block, or nobody supports |
//! | disputed | somebody objects |
//! | baseline | as many support as the rule asks for |
//! | baseline by silence | as many support or consent |
//! | emerging | two or more support |
//! | national | one supports |
//! | under assessment | some authority's word is live, adopted only or a conflict |
//! | expired | some authority's word is expired |
//! | candidate | otherwise |
//!
//! # Laws
//!
//! Order and repetition of events change nothing, and what came of matches does not. The end of an act does what all who rest
//! their latest words on it would do if each withdrew that word: it can raise a state, too, where an objection rested on the
//! act. One that does not count, or on which nobody rests, changes nothing. What is expired or withdrawn never counts; adding
//! what is expired, by an authority that has said nothing else, turns a candidate into "expired", and nothing into anything
//! else; but who has spoken once is not silent, so that tacit consent ends. A live "terrorist" of the same types, by a state
//! that had said nothing, never lowers a state in the order of [`ConsensusState`]. Only `now` is a clock.
//!
//! Cost: one pass over the events; of those of this entry, every authority's latest word is compared with every withdrawal, and
//! every suspension with every resumption. Acts that have ended are kept by name, so that many of them cost little.

mod ends;
mod explanation;
mod latest;
mod sentence;
mod voices;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Assessment, EntryHead, Event, Policy, Time};

use latest::{Worth, latest, worth};

pub use ends::Fallen;
pub use explanation::{Explanation, Suspender, Withdrawer};
pub use voices::{Conflict, Effect, Membership, Position, Voice};

/// What the states say together, in the order from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ConsensusState {
    /// The authority that made the entry has withdrawn it.
    Withdrawn,
    /// An authority has suspended it.
    Suspended,
    /// An objection keeps it out.
    Rejected,
    /// Some say "terrorist", some say "not terrorist".
    Disputed,
    /// Nobody has said anything.
    Candidate,
    /// What was said has run out.
    Expired,
    /// Something was said, and nothing that counts as support.
    UnderAssessment,
    /// One state says "terrorist".
    National,
    /// Several states say so, too few yet.
    Emerging {
        /// So many.
        k: u32,
        /// Of so many who are asked.
        n: u32,
    },
    /// Enough states say so, or are silent.
    BaselineBySilence,
    /// Enough states say so.
    Baseline,
}

impl ConsensusState {
    /// Whether it may be looked for: at least one state says "terrorist", and nothing stops it. What is less than [`ConsensusState::National`]
    /// may not.
    #[must_use]
    pub fn may_be_listed(self) -> bool {
        self >= Self::National
    }
}

/// As people read it: `under assessment`, `emerging, 3 of 23`.
impl fmt::Display for ConsensusState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Withdrawn => "withdrawn",
            Self::Suspended => "suspended",
            Self::Rejected => "rejected",
            Self::Disputed => "disputed",
            Self::Candidate => "candidate",
            Self::Expired => "expired",
            Self::UnderAssessment => "under assessment",
            Self::National => "national",
            Self::Emerging { k, n } => return write!(f, "emerging, {k} of {n}"),
            Self::BaselineBySilence => "baseline by silence",
            Self::Baseline => "baseline",
        };
        f.write_str(name)
    }
}

/// The state of an entry, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consensus {
    /// The state.
    pub state: ConsensusState,
    /// Who said what, and why it counts.
    pub explanation: Explanation,
}

/// The state of an entry by a policy at a time; the rules stand in the [module's documentation](self).
///
/// ```
/// use ijkpunt::baseline::{ConsensusState, Designation, EntryHead, EntryId, Policy, consensus};
///
/// let since = "2025-01-01T00:00:00Z".parse()?;
/// let designated = ["XA", "XB"].map(|state| state.parse().map(|state| Designation { state, since }));
/// let policy = Policy::baseline(designated.into_iter().collect::<Result<_, _>>()?)?;
/// let entry = EntryHead {
///     id: EntryId::from_bytes([7; 32]),
///     created_by: "xa-first".parse()?,
///     created_at: "2026-01-01T00:00:00Z".parse()?,
/// };
/// let now = "2026-02-01T00:00:00Z".parse()?;
/// let consensus = consensus(&entry, &[], &policy, now);
/// assert_eq!(consensus.state, ConsensusState::Candidate);
/// assert_eq!(
///     consensus.explanation.to_string(),
///     "0 of 2 designated states say terrorist; missing: XA, XB; no objection"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn consensus<'a>(
    entry: &EntryHead,
    events: impl IntoIterator<Item = &'a Event>,
    policy: &Policy,
    now: Time,
) -> Consensus {
    let facts = Facts::until(now, entry, events);
    let explanation = Explanation::new(entry, &facts, policy, now);
    Consensus {
        state: explanation.state,
        explanation,
    }
}

/// The words that stand at a time, one an authority, in the order of their ids: of each its latest, unless that was taken back, fell with the act
/// that it rested on, has run out, was only taken over where the policy does not count that, or is one of two at one place of its log.
///
/// These are the words that make up what the states say; the rules are those of [`consensus`].
#[must_use]
pub fn live_assessments<'a>(
    entry: &EntryHead,
    events: impl IntoIterator<Item = &'a Event>,
    policy: &Policy,
    now: Time,
) -> Vec<&'a Assessment> {
    let facts = Facts::until(now, entry, events);
    let of_each = latest(&facts.assessments).into_values();
    let live = of_each.filter(|latest| worth(latest, &facts, policy.terms(), now) == Worth::Live);
    live.flatten().collect()
}

/// The events of one entry that are there, and the ends of acts.
#[derive(Default)]
struct Facts<'a> {
    assessments: Vec<&'a Assessment>,
    withdrawals: Vec<&'a super::Withdrawal>,
    suspensions: Vec<&'a super::Suspension>,
    resumptions: Vec<&'a super::Resumption>,
    ends: ends::Ends<'a>,
}

impl<'a> Facts<'a> {
    /// What was said up to a time.
    fn until(now: Time, entry: &EntryHead, events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut facts = Self::default();
        let events = events.into_iter().filter(|event| event.at() <= now);
        events.for_each(|event| facts.take(entry, event));
        facts
    }

    fn take(&mut self, entry: &EntryHead, event: &'a Event) {
        match event {
            Event::Assessed(one) if one.entry == entry.id => self.assessments.push(one),
            Event::Withdrawn(one) if one.entry == entry.id => self.withdrawals.push(one),
            Event::Suspended(one) if one.entry == entry.id => self.suspensions.push(one),
            Event::Resumed(one) if one.entry == entry.id => self.resumptions.push(one),
            Event::InstrumentEnded(end) => self.ends.take(end),
            // Its making says nothing that the head does not say, feedback is no word of a state, and all else is of other
            // entries.
            Event::EntryCreated(_)
            | Event::Assessed(_)
            | Event::Withdrawn(_)
            | Event::Suspended(_)
            | Event::Resumed(_)
            | Event::Feedback(_) => {}
        }
    }
}
