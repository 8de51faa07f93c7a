//! From assessments to what each authority says, and from there to what each state says.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::latest::{Worth, latest, worth};
use super::{Facts, Fallen};
use crate::baseline::{
    AuthorityId, Denominator, EntryHead, MemberState, Policy, TcoTypes, Terms, Time, Verdict,
};

/// What a state says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Position {
    /// Terrorist content of these kinds.
    Terrorist(TcoTypes),
    /// Not terrorist content.
    NotTerrorist,
    /// Terrorist content of these kinds in some contexts only.
    TerroristOnlyInContext(TcoTypes),
    /// It cannot say.
    InsufficientInformation,
    /// Its authorities contradict each other.
    Divided,
    /// It will not say.
    Abstains,
    /// An authority said two things at one place of its log.
    Conflict,
    /// It only took over what others say, which does not count.
    AdoptedOnly,
    /// What it said has run out.
    Expired,
    /// It took back what it said, or that fell with the act that it rested on.
    Withdrawn,
    /// It has said nothing.
    Silent,
}

/// Whether a state is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// It is.
    Asked,
    /// It will be, from then on.
    Joins(Time),
    /// It is not.
    Outside,
}

/// What a state's word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It supports.
    Supports,
    /// It says "terrorist", but names none of the types on which the others agree.
    OtherTypes,
    /// It consents by silence.
    Consents,
    /// It objects.
    Objects,
    /// Nothing: its position or its membership says why.
    Nothing,
}

/// What a state says, and what that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Voice {
    /// The state.
    pub state: MemberState,
    /// What it says.
    pub position: Position,
    /// Whether it is asked.
    pub membership: Membership,
    /// What its word does.
    pub effect: Effect,
}

/// An authority that said two things at one place of its log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Conflict {
    /// Who.
    pub authority: AuthorityId,
    /// The place.
    pub sequence: u64,
}

/// What is heard of all authorities.
pub(super) struct Heard {
    /// All states that are asked or have said something, in order. No effect is filled in yet but objections.
    pub(super) voices: Vec<Voice>,
    pub(super) conflicts: BTreeSet<Conflict>,
    pub(super) fallen: BTreeSet<Fallen>,
}

pub(super) fn heard(entry: &EntryHead, facts: &Facts<'_>, policy: &Policy, now: Time) -> Heard {
    let (mut conflicts, mut fallen) = (BTreeSet::new(), BTreeSet::new());
    let mut said: BTreeMap<MemberState, Vec<(Worth, Verdict)>> = BTreeMap::new();
    for state in listed(&policy.terms().denominator) {
        said.entry(state).or_default();
    }
    for latest in latest(&facts.assessments).into_values() {
        let worth = worth(&latest, facts, policy.terms(), now);
        for one in latest {
            fallen.extend(facts.ends.fallen(one));
            if worth == Worth::Conflict {
                conflicts.insert(Conflict {
                    authority: one.authority.clone(),
                    sequence: one.sequence,
                });
            }
            said.entry(one.state)
                .or_default()
                .push((worth, one.verdict));
        }
    }
    let voice = |(state, said): (MemberState, Vec<_>)| {
        let position = position(&said);
        let membership = membership(state, position, entry, policy.terms(), now);
        let effect = match (membership, position) {
            (Membership::Asked, Position::NotTerrorist) => Effect::Objects,
            _ => Effect::Nothing,
        };
        Voice {
            state,
            position,
            membership,
            effect,
        }
    };
    Heard {
        voices: said.into_iter().map(voice).collect(),
        conflicts,
        fallen,
    }
}

fn listed(denominator: &Denominator) -> Vec<MemberState> {
    match denominator {
        Denominator::Designated(list) => list.iter().map(|one| one.state).collect(),
        Denominator::Explicit(list) => list.clone(),
        Denominator::Responding => Vec::new(),
    }
}

/// Rules 9 and 10.
fn position(said: &[(Worth, Verdict)]) -> Position {
    let live = said.iter().filter(|(worth, _)| *worth == Worth::Live);
    let live = live.map(|&(_, verdict)| verdict);
    let spoken = live.filter(|verdict| *verdict != Verdict::Abstain);
    if let Some(joint) = spoken.map(Position::of).reduce(Position::joined) {
        return joint;
    }
    match said.iter().map(|(worth, _)| worth).min() {
        Some(Worth::Live) => Position::Abstains,
        Some(Worth::Conflict) => Position::Conflict,
        Some(Worth::AdoptedOnly) => Position::AdoptedOnly,
        Some(Worth::Expired) => Position::Expired,
        Some(Worth::Withdrawn) => Position::Withdrawn,
        None => Position::Silent,
    }
}

impl Position {
    fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Terrorist(types) => Self::Terrorist(types),
            Verdict::NotTerrorist => Self::NotTerrorist,
            Verdict::TerroristOnlyInContext(types) => Self::TerroristOnlyInContext(types),
            Verdict::InsufficientInformation => Self::InsufficientInformation,
            Verdict::Abstain => Self::Abstains,
        }
    }

    /// What two authorities of a state say together. It does not matter in which order several are joined.
    fn joined(self, other: Self) -> Self {
        let joint =
            |common: Option<TcoTypes>, of: fn(TcoTypes) -> Self| common.map_or(Self::Divided, of);
        match (self, other) {
            (Self::Terrorist(a), Self::Terrorist(b)) => joint(a.common(b), Self::Terrorist),
            (Self::TerroristOnlyInContext(a), Self::TerroristOnlyInContext(b)) => {
                joint(a.common(b), Self::TerroristOnlyInContext)
            }
            (a, b) if a == b => a,
            _ => Self::Divided,
        }
    }

    /// Whether some authority's word is behind it that has not run out and is not withdrawn.
    pub(super) fn is_said(self) -> bool {
        !matches!(self, Self::Expired | Self::Withdrawn | Self::Silent)
    }
}

/// Rule 11.
fn membership(
    state: MemberState,
    position: Position,
    entry: &EntryHead,
    terms: &Terms,
    now: Time,
) -> Membership {
    let asked_if = |asked| {
        if asked {
            Membership::Asked
        } else {
            Membership::Outside
        }
    };
    match &terms.denominator {
        Denominator::Explicit(list) => asked_if(list.contains(&state)),
        Denominator::Responding => asked_if(matches!(
            position,
            Position::Terrorist(_)
                | Position::NotTerrorist
                | Position::TerroristOnlyInContext(_)
                | Position::InsufficientInformation
        )),
        Denominator::Designated(list) => {
            let Some(one) = list.iter().find(|one| one.state == state) else {
                return Membership::Outside;
            };
            let joins = joins_at(one.since, entry.created_at, terms.grace_days);
            let takes_part = matches!(position, Position::Terrorist(_) | Position::NotTerrorist);
            if joins <= now || (one.since <= now && takes_part) {
                Membership::Asked
            } else {
                Membership::Joins(joins)
            }
        }
    }
}

fn joins_at(since: Time, created_at: Time, grace_days: u32) -> Time {
    if since <= created_at {
        since
    } else {
        since.plus_days(grace_days).unwrap_or(Time::MAX)
    }
}
