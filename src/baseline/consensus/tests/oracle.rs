//! The rules once more, one quantifier after the other over all events, slowly, by nothing but the words of the module's
//! documentation.

use std::collections::BTreeSet;

use crate::baseline::*;

/// What the latest word of an authority is worth.
#[derive(Clone, Copy, PartialEq)]
enum Word {
    Live,
    Conflict,
    Adopted,
    Expired,
    Withdrawn,
}

struct Case<'a> {
    entry: &'a EntryHead,
    assessments: Vec<&'a Assessment>,
    withdrawals: Vec<&'a Withdrawal>,
    ends: Vec<&'a InstrumentEnd>,
    terms: &'a Terms,
    now: Time,
}

/// What a state says, in one letter: terrorist, not, context, insufficient; divided; abstains, other words; silent.
type Said = (char, u8);

pub(super) fn state(
    entry: &EntryHead,
    events: &[Event],
    policy: &Policy,
    now: Time,
) -> ConsensusState {
    let there = there(entry, events, now);
    let case = Case::new(entry, &there, policy, now);
    let suspended = there.iter().any(|event| {
        let Event::Suspended(stop) = event else {
            return false;
        };
        !there.iter().any(|event| {
            let Event::Resumed(go) = event else {
                return false;
            };
            go.by == stop.by && go.lifts == stop.sequence && go.sequence > stop.sequence
        })
    });
    let withdrawn = case
        .withdrawals
        .iter()
        .any(|w| w.by == entry.created_by && w.target == Target::Whole);

    // All codes that there are; most are silent and not asked.
    let codes = (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| [a, b]));
    let all: Vec<MemberState> = codes.map(|code| code.try_into().unwrap()).collect();
    let asked: Vec<MemberState> = all
        .iter()
        .copied()
        .filter(|&state| case.is_asked(state))
        .collect();
    let said = |letter: char| -> Vec<(MemberState, u8)> {
        let all = asked.iter().map(|&state| (state, case.says(state)));
        all.filter(|(_, said)| said.0 == letter)
            .map(|(state, said)| (state, said.1))
            .collect()
    };

    // Rule 12.
    let terrorist = said('t');
    let mut k = terrorist.len();
    if case.terms.types_must_overlap {
        k = (0..5)
            .map(|bit| {
                terrorist
                    .iter()
                    .filter(|(_, types)| types >> bit & 1 == 1)
                    .count()
            })
            .max()
            .unwrap();
    }
    // Rules 13 and 14.
    let objections = said('n').len();
    let mut tacit = 0;
    if let Silence::TacitAfterDays(days) = case.terms.silence
        && k >= 2
    {
        let silent = said('-');
        tacit = silent
            .iter()
            .filter(|(state, _)| case.asked_since(*state).plus_days(days).unwrap() <= now)
            .count();
    }
    let n = asked.len();
    let enough = match case.terms.rule {
        Rule::All => n.max(2),
        Rule::AtLeast(k) => k as usize,
        // The first number that is as large as the part.
        Rule::Fraction {
            numerator,
            denominator,
        } => (2..)
            .find(|&k| k * (denominator as usize) >= n * (numerator as usize))
            .unwrap(),
    };

    // The table, from its last row to its first.
    let mut state = ConsensusState::Candidate;
    let words: Vec<Word> = case.latest().map(|one| case.word(one)).collect();
    let some = |word| words.contains(&word);
    if some(Word::Expired) {
        state = ConsensusState::Expired;
    }
    if some(Word::Live) || some(Word::Conflict) || some(Word::Adopted) {
        state = ConsensusState::UnderAssessment;
    }
    if k == 1 {
        state = ConsensusState::National;
    }
    if k >= 2 {
        let [k, n] = [k, n].map(|count| u32::try_from(count).unwrap());
        state = ConsensusState::Emerging { k, n };
    }
    if k + tacit >= enough {
        state = ConsensusState::BaselineBySilence;
    }
    if k >= enough {
        state = ConsensusState::Baseline;
    }
    if objections > 0 {
        state = ConsensusState::Disputed;
    }
    if objections > 0 && (k == 0 || case.terms.objection == Objection::Blocks) {
        state = ConsensusState::Rejected;
    }
    if suspended {
        state = ConsensusState::Suspended;
    }
    if withdrawn {
        state = ConsensusState::Withdrawn;
    }
    state
}

/// Whose latest word of which place fell with which act.
pub(super) fn fallen(
    entry: &EntryHead,
    events: &[Event],
    policy: &Policy,
    now: Time,
) -> BTreeSet<(AuthorityId, u64, InstrumentName)> {
    let there = there(entry, events, now);
    let case = Case::new(entry, &there, policy, now);
    let fell = case.latest().filter(|one| case.fell(one));
    fell.map(|one| {
        let name = one.based_on.as_ref().unwrap().name();
        (one.authority.clone(), one.sequence, name)
    })
    .collect()
}

/// Rule 1.
fn there<'a>(entry: &EntryHead, events: &'a [Event], now: Time) -> Vec<&'a Event> {
    events
        .iter()
        .filter(|event| !matches!(event, Event::EntryCreated(_) | Event::Feedback(_)))
        .filter(|event| event.entry().is_none_or(|about| about == entry.id))
        .filter(|event| event.at() <= now)
        .collect()
}

impl<'a> Case<'a> {
    fn new(entry: &'a EntryHead, there: &[&'a Event], policy: &'a Policy, now: Time) -> Self {
        let mut case = Self {
            entry,
            assessments: Vec::new(),
            withdrawals: Vec::new(),
            ends: Vec::new(),
            terms: policy.terms(),
            now,
        };
        for event in there {
            match event {
                Event::Assessed(one) => case.assessments.push(one),
                Event::Withdrawn(one) => case.withdrawals.push(one),
                Event::InstrumentEnded(one) => case.ends.push(one),
                _ => {}
            }
        }
        case
    }
}

impl Case<'_> {
    /// Rule 2: those behind which the same authority has no other.
    fn latest(&self) -> impl Iterator<Item = &Assessment> {
        let all = self.assessments.iter().copied();
        all.filter(|one| {
            !self
                .assessments
                .iter()
                .any(|other| other.authority == one.authority && other.sequence > one.sequence)
        })
    }

    /// Rule 4.
    fn fell(&self, one: &Assessment) -> bool {
        self.ends.iter().any(|end| {
            let act = &end.instrument;
            let told_by_issuer = end.state == act.issued_by;
            let by_scrutiny = act.kind == InstrumentKind::RemovalOrder
                && end.reason == EndReason::ScrutinyInfringement;
            let is_it = one.based_on.as_ref().is_some_and(|rests| {
                rests.kind == act.kind
                    && rests.issued_by == act.issued_by
                    && rests.reference == act.reference
            });
            is_it && (told_by_issuer || by_scrutiny)
        })
    }

    /// Rules 3 to 8.
    fn word(&self, one: &Assessment) -> Word {
        let twins =
            |other: &Assessment| other.authority == one.authority && other.sequence == one.sequence;
        let all = &self.assessments;
        let fallen = all.iter().any(|other| twins(other) && self.fell(other));
        let withdrawn = self.withdrawals.iter().any(|w| {
            let own = Target::Assessment {
                authority: w.by.clone(),
                sequence: one.sequence,
            };
            let whole = w.target == Target::Whole && w.sequence > one.sequence;
            w.by == one.authority && (w.target == own || whole)
        });
        let twice = all.iter().any(|other| twins(other) && **other != *one);
        let over = one.valid_until.is_some_and(|until| self.now >= until)
            || self
                .terms
                .expiry_days
                .is_some_and(|days| self.now >= one.made_at.plus_days(days).unwrap());
        let adopted = matches!(one.method, Method::Adopted { .. }) && !self.terms.counts_adopted;
        match (withdrawn || fallen, twice, over, adopted) {
            (true, ..) => Word::Withdrawn,
            (_, true, ..) => Word::Conflict,
            (_, _, true, _) => Word::Expired,
            (_, _, _, true) => Word::Adopted,
            _ => Word::Live,
        }
    }

    /// Rules 9 and 10.
    fn says(&self, state: MemberState) -> Said {
        let words: Vec<&Assessment> = self.latest().filter(|one| one.state == state).collect();
        if words.is_empty() {
            return ('-', 0);
        }
        let mut verdicts: Vec<Said> = Vec::new();
        for one in words.iter().filter(|one| self.word(one) == Word::Live) {
            match one.verdict {
                Verdict::Terrorist(types) => verdicts.push(('t', types.bits())),
                Verdict::NotTerrorist => verdicts.push(('n', 0xff)),
                Verdict::TerroristOnlyInContext(types) => verdicts.push(('c', types.bits())),
                Verdict::InsufficientInformation => verdicts.push(('i', 0xff)),
                Verdict::Abstain => {}
            }
        }
        let Some(&(kind, _)) = verdicts.first() else {
            return ('o', 0);
        };
        let types = verdicts.iter().fold(0xff, |all, (_, types)| all & types);
        if verdicts.iter().all(|verdict| verdict.0 == kind) && types != 0 {
            (kind, types)
        } else {
            ('d', 0)
        }
    }

    /// Rule 11.
    fn is_asked(&self, state: MemberState) -> bool {
        match &self.terms.denominator {
            Denominator::Explicit(list) => list.contains(&state),
            Denominator::Responding => "tnci".contains(self.says(state).0),
            Denominator::Designated(list) => list.iter().any(|one| {
                let is_younger = self.entry.created_at >= one.since;
                let grace = if is_younger { 0 } else { self.terms.grace_days };
                one.state == state
                    && one.since <= self.now
                    && ("tn".contains(self.says(state).0)
                        || one.since.plus_days(grace).unwrap() <= self.now)
            }),
        }
    }

    fn asked_since(&self, state: MemberState) -> Time {
        match &self.terms.denominator {
            Denominator::Designated(list) => {
                let since = list
                    .iter()
                    .filter(|one| one.state == state)
                    .map(|one| one.since);
                since.chain([self.entry.created_at]).max().unwrap()
            }
            _ => self.entry.created_at,
        }
    }
}
