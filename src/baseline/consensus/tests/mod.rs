//! The oracle judges, the laws hold. What single rules do stands in `tests/consensus.rs`.

mod draw;
mod oracle;

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::baseline::consensus::Position;
use crate::baseline::*;
use draw::{
    ENTRY, assessment, authority, day, end, events, feedback, head, now, policy, suspension, types,
};

fn state(entry: &EntryHead, events: &[Event], policy: &Policy, now: Time) -> ConsensusState {
    consensus(entry, events, policy, now).state
}

/// A state that no drawn authority speaks for, and an authority of it.
const NEW: (&str, u8) = ("authority-new", 5);

/// The policy with the new state on its list, too.
fn with_new_state(policy: &Policy, since: Time) -> Option<Policy> {
    let mut terms = policy.terms().clone();
    match &mut terms.denominator {
        Denominator::Designated(list) => list.push(Designation {
            state: draw::state(NEW.1),
            since,
        }),
        Denominator::Explicit(list) => list.push(draw::state(NEW.1)),
        Denominator::Responding => {}
    }
    Policy::new(terms).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn the_oracle_agrees(entry in head(), events in events(), policy in policy(), now in now()) {
        let ours = consensus(&entry, &events, &policy, now);
        prop_assert_eq!(ours.state, oracle::state(&entry, &events, &policy, now), "{}", ours.explanation);
        prop_assert_eq!(ours.explanation.state, ours.state);
        let fallen: BTreeSet<_> = ours.explanation.fallen.into_iter().map(|one| {
            (one.authority, one.sequence, one.instrument)
        }).collect();
        prop_assert_eq!(fallen, oracle::fallen(&entry, &events, &policy, now));
    }
}

proptest! {
    #[test]
    fn order_and_repetition_of_events_change_nothing(
        entry in head(),
        (events, again) in events().prop_flat_map(|events| {
            let twice = [events.clone(), events.clone()].concat();
            (Just(events), Just(twice).prop_shuffle())
        }),
        policy in policy(),
        now in now(),
    ) {
        // The explanation is the same, too.
        prop_assert_eq!(consensus(&entry, &events, &policy, now), consensus(&entry, &again, &policy, now));
    }

    #[test]
    fn merging_logs_is_set_union(
        entry in head(), a in events(), b in events(), policy in policy(), now in now(),
    ) {
        let mut union: Vec<Event> = Vec::new();
        for event in a.iter().chain(&b) {
            if !union.contains(event) {
                union.push(event.clone());
            }
        }
        let merged = [b, a].concat();
        prop_assert_eq!(consensus(&entry, &merged, &policy, now), consensus(&entry, &union, &policy, now));
    }

    #[test]
    fn an_expired_or_withdrawn_assessment_never_counts(
        entry in head(), events in events(), policy in policy(), now in now(), types in types(), withdrawn: bool,
    ) {
        let policy = with_new_state(&policy, day(0)).unwrap();
        let before = state(&entry, &events, &policy, now);
        let one = Assessment {
            made_at: day(0),
            valid_until: (!withdrawn).then_some(now),
            ..assessment(NEW.0, draw::state(NEW.1), 3, Verdict::Terrorist(types))
        };
        let withdrawal = Event::Withdrawn(taking_back(&one));
        let mut later = events.clone();
        later.push(Event::Assessed(one));
        later.extend(withdrawn.then_some(withdrawal));
        let after = state(&entry, &later, &policy, now);
        let is_tacit = policy.terms().silence != Silence::None;
        match before {
            ConsensusState::Candidate if !withdrawn => prop_assert_eq!(after, ConsensusState::Expired),
            // Who takes back what it said is not silent any more, so its silence is no consent.
            _ if is_tacit => prop_assert!(after <= before),
            _ => prop_assert_eq!(after, before),
        }
    }

    #[test]
    fn the_end_of_an_act_does_what_withdrawals_of_all_that_rests_on_it_do(
        entry in head(), events in events(), policy in policy(), now in now(), end in end(),
    ) {
        let mut ended = events.clone();
        ended.push(Event::InstrumentEnded(end.clone()));
        let by_scrutiny = end.reason == EndReason::ScrutinyInfringement
                && end.instrument.kind == InstrumentKind::RemovalOrder;
            let is_there =
                end.at <= now && (end.state == end.instrument.issued_by || by_scrutiny);
        // A withdrawal knows the place of a word only, where there may be another word that is yet to come.
        let rests = |one: &Assessment| one.made_at <= now && one.based_on.as_ref().is_some_and(|act| act.name() == end.instrument);
        let mut withdrawn = events.clone();
        for event in &events {
            if let Event::Assessed(one) = event && is_there && rests(one) {
                withdrawn.push(Event::Withdrawn(taking_back(one)));
            }
        }
        let (ended, withdrawn) = (consensus(&entry, &ended, &policy, now), consensus(&entry, &withdrawn, &policy, now));
        prop_assert_eq!(&ended.explanation.voices, &withdrawn.explanation.voices);
        prop_assert_eq!(ended.state, withdrawn.state);
    }

    #[test]
    fn an_end_that_nobody_rests_on_or_that_is_not_for_that_state_to_say_changes_nothing(
        entry in head(), events in events(), policy in policy(), now in now(), end in end(), other: bool,
    ) {
        let before = consensus(&entry, &events, &policy, now);
        let end = if other {
            // Nobody rests on acts of this state.
            InstrumentEnd { instrument: InstrumentName { issued_by: draw::state(NEW.1), ..end.instrument }, ..end }
        } else {
            InstrumentEnd { state: draw::state(NEW.1), reason: EndReason::CourtOrder, ..end }
        };
        let mut later = events.clone();
        later.push(Event::InstrumentEnded(end));
        prop_assert_eq!(consensus(&entry, &later, &policy, now), before);
    }

    #[test]
    fn what_came_of_matches_changes_nothing(
        entry in head(), events in events(), policy in policy(), now in now(), feedback in feedback(),
    ) {
        let before = consensus(&entry, &events, &policy, now);
        let mut later = events.clone();
        later.push(Event::Feedback(feedback));
        prop_assert_eq!(consensus(&entry, &later, &policy, now), before);
    }

    #[test]
    fn one_more_state_that_says_terrorist_never_lowers_a_state(
        entry in head(), events in events(), policy in policy(), now in now(), since in 0..30_u32, types in types(),
    ) {
        let policy = with_new_state(&policy, day(since)).unwrap();
        let before = consensus(&entry, &events, &policy, now);
        let types = before.explanation.types.unwrap_or(types);
        // Made now, so that it has not run out.
        let one = Assessment { made_at: now, ..assessment(NEW.0, draw::state(NEW.1), 3, Verdict::Terrorist(types)) };
        let mut later = events.clone();
        later.push(Event::Assessed(one));
        let after = consensus(&entry, &later, &policy, now);
        prop_assert!(after.state >= before.state, "{}\n{}", before.explanation, after.explanation);
    }

    #[test]
    fn nothing_is_unanimous_while_one_designated_state_is_missing(
        entry in head(), events in events(), now in now(), missing in 0..5_u8,
    ) {
        let all = (0..5).map(|number| Designation { state: draw::state(number), since: day(0) });
        let policy = Policy::baseline(all.collect()).unwrap();
        let speaks = |event: &Event| matches!(event, Event::Assessed(one) if one.state == draw::state(missing));
        let events: Vec<Event> = events.into_iter().filter(|event| !speaks(event)).collect();
        let consensus = consensus(&entry, &events, &policy, now);
        prop_assert!(consensus.state < ConsensusState::BaselineBySilence);
        prop_assert!(consensus.explanation.missing().any(|voice| voice.state == draw::state(missing)));
    }

    #[test]
    fn what_one_authority_suspends_stays_so_until_that_authority_resumes_it(
        entry in head(), events in events(), policy in policy(), now in now(),
    ) {
        let stop = suspension(authority(NEW.0), draw::state(NEW.1), ENTRY, 7, day(0));
        let go = |by: &str, lifts, sequence| Event::Resumed(Resumption {
            entry: ENTRY,
            by: authority(by),
            state: stop.state,
            sequence,
            lifts,
            at: day(0),
        });
        let before = state(&entry, &events, &policy, now);
        let mut stopped = events.clone();
        stopped.push(Event::Suspended(stop.clone()));
        stopped.extend([go("authority-0", 7, 8), go(NEW.0, 6, 9), go(NEW.0, 7, 7)]);
        let expected = before.min(ConsensusState::Suspended);
        prop_assert_eq!(state(&entry, &stopped, &policy, now), expected);
        stopped.push(go(NEW.0, 7, 8));
        prop_assert_eq!(state(&entry, &stopped, &policy, now), before);
    }

    #[test]
    fn what_is_yet_to_come_changes_nothing(
        entry in head(), events in events(), policy in policy(), now in now(),
    ) {
        let there: Vec<Event> = events.iter().filter(|event| event.at() <= now).cloned().collect();
        prop_assert_eq!(consensus(&entry, &events, &policy, now), consensus(&entry, &there, &policy, now));
    }

    #[test]
    fn live_words_are_those_that_states_speak_by(entry in head(), events in events(), policy in policy(), now in now()) {
        let live = live_assessments(&entry, &events, &policy, now);
        let ids: Vec<_> = live.iter().map(|one| &one.authority).collect();
        prop_assert!(ids.is_sorted() && ids.iter().collect::<BTreeSet<_>>().len() == ids.len());
        let alone: Vec<Event> = live.iter().map(|one| Event::Assessed((*one).clone())).collect();
        let positions = |events: &[Event]| -> std::collections::BTreeMap<_, _> {
            let voices = consensus(&entry, events, &policy, now).explanation.voices;
            voices.iter().map(|voice| (voice.state, voice.position)).collect()
        };
        let (of_all, of_live) = (positions(&events), positions(&alone));
        for (state, position) in &of_all {
            let speaks = live.iter().any(|one| one.state == *state);
            match position {
                Position::Conflict | Position::AdoptedOnly | Position::Expired | Position::Withdrawn | Position::Silent => {
                    prop_assert!(!speaks, "{} {:?}", state, position);
                }
                _ => prop_assert_eq!(of_live.get(state), Some(position)),
            }
        }
    }

    #[test]
    fn events_go_round_as_json_and_as_bytes(events in events(), policy in policy()) {
        let json = serde_json::to_string(&events).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Vec<Event>>(&json).unwrap(), &events);
        let bytes = postcard::to_stdvec(&events).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<Vec<Event>>(&bytes).unwrap(), &events);
        let bytes = postcard::to_stdvec(&policy).unwrap();
        let again = postcard::from_bytes::<Policy>(&bytes).unwrap();
        prop_assert_eq!(again.id(), policy.id());
    }
}

/// The one who said it takes it back.
fn taking_back(one: &Assessment) -> Withdrawal {
    Withdrawal {
        entry: one.entry,
        by: one.authority.clone(),
        state: one.state,
        sequence: 9,
        target: Target::Assessment {
            authority: one.authority.clone(),
            sequence: one.sequence,
        },
        reason: WithdrawalReason::OrderAnnulled,
        effective_at: day(0),
        reinstatement_required: true,
    }
}

#[test]
fn the_drawn_cases_meet_every_state() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut met = BTreeSet::new();
    for _ in 0..20_000 {
        let drawn = (head(), events(), policy(), now()).new_tree(&mut runner);
        let (entry, events, policy, now) = drawn.unwrap().current();
        let state = state(&entry, &events, &policy, now);
        let text = format!("{state:?}");
        met.insert(text.split(' ').next().unwrap_or_default().to_owned());
    }
    assert_eq!(met.len(), 11, "{met:?}");
}
