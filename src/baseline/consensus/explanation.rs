//! Who said what, why it counts, and what that makes of the entry.

use serde::Serialize;

use super::voices::{Conflict, Effect, Heard, Membership, Position, Voice, heard};
use super::{ConsensusState, Facts, Fallen};
use crate::baseline::{
    AuthorityId, Denominator, EntryHead, MemberState, Objection, Policy, Resumption, Silence,
    Suspension, Target, TcoType, TcoTypes, Terms, Time, WithdrawalReason,
};

/// Who said what, why it counts, and what is missing. `Display` says it in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The state that it explains.
    pub state: ConsensusState,
    /// All states that are asked or have said something, in order.
    pub voices: Vec<Voice>,
    /// The types on which those who support agree.
    pub types: Option<TcoTypes>,
    /// How many support.
    pub k: u32,
    /// How many are asked.
    pub n: u32,
    /// How many the rule asks for.
    pub needed: u32,
    /// Authorities that said two things at one place of their log, in order.
    pub conflicts: Vec<Conflict>,
    /// Words that fell with the acts that they rested on, in order.
    pub fallen: Vec<Fallen>,
    /// Who suspends it, in order.
    pub suspended_by: Vec<Suspender>,
    /// Who withdrew it, and why.
    pub withdrawn: Option<Withdrawer>,
    /// What the states are called that are asked.
    #[serde(skip)]
    pub(super) asked: &'static str,
}

/// An authority that suspends an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Suspender {
    /// Its state.
    pub state: MemberState,
    /// The authority.
    pub authority: AuthorityId,
}

/// The authority that withdrew its entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawer {
    /// The authority.
    pub authority: AuthorityId,
    /// Why: what it said first.
    pub reason: WithdrawalReason,
}

impl Explanation {
    pub(super) fn new(entry: &EntryHead, facts: &Facts<'_>, policy: &Policy, now: Time) -> Self {
        let terms = policy.terms();
        let Heard {
            mut voices,
            conflicts,
            fallen,
        } = heard(entry, facts, policy, now);
        support(&mut voices, terms.types_must_overlap);
        consent(&mut voices, entry, terms, now);
        let n = count(
            voices
                .iter()
                .filter(|voice| voice.membership == Membership::Asked),
        );
        let mut explanation = Self {
            state: ConsensusState::Candidate,
            types: common_types(&voices),
            k: count(of(&voices, Effect::Supports)),
            n,
            needed: terms.rule.needed(n),
            voices,
            conflicts: conflicts.into_iter().collect(),
            fallen: fallen.into_iter().collect(),
            suspended_by: suspenders(facts),
            withdrawn: withdrawer(entry, facts),
            asked: match terms.denominator {
                Denominator::Designated(_) => "designated",
                Denominator::Responding => "responding",
                Denominator::Explicit(_) => "listed",
            },
        };
        explanation.state = explanation.decided(terms.objection);
        explanation
    }

    /// The table of the module's documentation, row by row.
    fn decided(&self, objection: Objection) -> ConsensusState {
        let consent = count(of(&self.voices, Effect::Consents));
        let any = |holds: &dyn Fn(&Voice) -> bool| self.voices.iter().any(holds);
        if self.withdrawn.is_some() {
            ConsensusState::Withdrawn
        } else if !self.suspended_by.is_empty() {
            ConsensusState::Suspended
        } else if any(&|voice| voice.effect == Effect::Objects) {
            match objection {
                Objection::Disputes if self.k > 0 => ConsensusState::Disputed,
                Objection::Disputes | Objection::Blocks => ConsensusState::Rejected,
            }
        } else if self.k >= self.needed {
            ConsensusState::Baseline
        } else if self.k.saturating_add(consent) >= self.needed {
            ConsensusState::BaselineBySilence
        } else if self.k > 1 {
            let (k, n) = (self.k, self.n);
            ConsensusState::Emerging { k, n }
        } else if self.k == 1 {
            ConsensusState::National
        } else if any(&|voice| voice.position.is_said()) {
            ConsensusState::UnderAssessment
        } else if any(&|voice| voice.position == Position::Expired) {
            ConsensusState::Expired
        } else {
            ConsensusState::Candidate
        }
    }

    /// The states with this effect, in order.
    pub fn states(&self, effect: Effect) -> impl Iterator<Item = MemberState> {
        of(&self.voices, effect).map(|voice| voice.state)
    }

    /// Those who are asked and neither support, consent nor object, in order.
    pub fn missing(&self) -> impl Iterator<Item = &Voice> {
        let asked = |voice: &&Voice| voice.membership == Membership::Asked;
        of(&self.voices, Effect::Nothing).filter(asked)
    }

    /// The states that will be asked, and from when on.
    pub fn joining(&self) -> impl Iterator<Item = (MemberState, Time)> {
        self.voices
            .iter()
            .filter_map(|voice| match voice.membership {
                Membership::Joins(at) => Some((voice.state, at)),
                Membership::Asked | Membership::Outside => None,
            })
    }

    /// The states whose authorities contradict each other, asked or not.
    pub fn divided(&self) -> impl Iterator<Item = MemberState> {
        let divided = |voice: &&Voice| voice.position == Position::Divided;
        self.voices.iter().filter(divided).map(|voice| voice.state)
    }
}

fn of(voices: &[Voice], effect: Effect) -> impl Iterator<Item = &Voice> {
    voices.iter().filter(move |voice| voice.effect == effect)
}

fn count<'a>(voices: impl Iterator<Item = &'a Voice>) -> u32 {
    voices.map(|_| 1_u32).sum()
}

/// The types of a state that is asked and says "terrorist".
fn named(voice: &Voice) -> Option<TcoTypes> {
    match (voice.membership, voice.position) {
        (Membership::Asked, Position::Terrorist(types)) => Some(types),
        _ => None,
    }
}

/// Rule 12.
fn support(voices: &mut [Voice], types_must_overlap: bool) {
    let naming = |kind: TcoType| {
        let names = |voice: &&Voice| named(voice).is_some_and(|types| types.contains(kind));
        count(voices.iter().filter(names))
    };
    // Of equals `max_by_key` takes the last, so the letters go backwards.
    let agreed = TcoType::ALL
        .into_iter()
        .rev()
        .max_by_key(|&kind| naming(kind));
    for voice in voices {
        let Some(types) = named(voice) else { continue };
        let agrees = agreed.is_some_and(|kind| types.contains(kind));
        voice.effect = if agrees || !types_must_overlap {
            Effect::Supports
        } else {
            Effect::OtherTypes
        };
    }
}

fn common_types(voices: &[Voice]) -> Option<TcoTypes> {
    let all = of(voices, Effect::Supports).map(named);
    all.reduce(|all, one| all?.common(one?)).flatten()
}

/// Rule 14.
fn consent(voices: &mut [Voice], entry: &EntryHead, terms: &Terms, now: Time) {
    let Silence::TacitAfterDays(days) = terms.silence else {
        return;
    };
    if count(of(voices, Effect::Supports)) < 2 {
        return;
    }
    for voice in voices {
        let asked_since = asked_since(voice.state, &terms.denominator, entry.created_at);
        let is_over = asked_since.plus_days(days).is_some_and(|end| end <= now);
        let is_silent = voice.position == Position::Silent;
        if voice.membership == Membership::Asked && is_silent && is_over {
            voice.effect = Effect::Consents;
        }
    }
}

fn asked_since(state: MemberState, denominator: &Denominator, created_at: Time) -> Time {
    let Denominator::Designated(list) = denominator else {
        return created_at;
    };
    let one = list.iter().find(|one| one.state == state);
    one.map_or(created_at, |one| one.since.max(created_at))
}

fn suspenders(facts: &Facts<'_>) -> Vec<Suspender> {
    let mut suspenders: Vec<Suspender> = facts
        .suspensions
        .iter()
        .filter(|suspension| !facts.resumptions.iter().any(|one| lifts(one, suspension)))
        .map(|suspension| Suspender {
            state: suspension.state,
            authority: suspension.by.clone(),
        })
        .collect();
    suspenders.sort_unstable();
    suspenders.dedup();
    suspenders
}

fn lifts(resumption: &Resumption, suspension: &Suspension) -> bool {
    resumption.by == suspension.by
        && resumption.lifts == suspension.sequence
        && resumption.sequence > suspension.sequence
}

fn withdrawer(entry: &EntryHead, facts: &Facts<'_>) -> Option<Withdrawer> {
    let whole = facts.withdrawals.iter().filter(|withdrawal| {
        withdrawal.by == entry.created_by && matches!(withdrawal.target, Target::Whole)
    });
    // Of two at one place of the log the order of the reasons decides: some order has to, and that of the events must not.
    let first = whole.min_by_key(|one| (one.sequence, one.reason.words()))?;
    Some(Withdrawer {
        authority: first.by.clone(),
        reason: first.reason,
    })
}
