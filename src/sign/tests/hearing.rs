use proptest::prelude::*;

use super::history::*;
use super::world::{World, at, place};
use super::*;
use crate::baseline::{ConsensusState, Creation, EndReason, Event};
use crate::sign::{Ended, Hearing, Place, Standing, Void};

fn hear<'a>(events: &[(Place, &'a Event)], standing: &Standing) -> Hearing<'a> {
    let ended = Ended::new(events.iter().copied(), standing);
    let of_entry = events.iter().filter(|(_, event)| event.entry().is_some());
    Hearing::new(of_entry.copied(), &ended, standing)
}

/// In the world of the tests of standing, a has these roles.
fn standing_of(roles: &[Role]) -> Standing {
    let mut world = World::new();
    let mut founding = world.genesis.founding().clone();
    for founder in &mut founding.founders {
        founder.authority.roles = roles.iter().copied().collect();
    }
    world.genesis = Genesis::new(founding).unwrap();
    world.standing()
}

/// One of each kind, all of a.
fn events() -> Vec<(Place, Event)> {
    let desk = Desk::new();
    let mut assessment = desk.assessment();
    assessment.based_on = Some(order());
    let events = [
        desk.creation(),
        Event::Assessed(assessment),
        Event::Withdrawn(desk.withdrawal(crate::baseline::Target::Whole)),
        Event::Suspended(desk.suspension()),
        Event::Resumed(desk.resumption(4)),
        Event::Feedback(desk.feedback()),
        Event::InstrumentEnded(desk.end(EndReason::Annulled)),
        Event::InstrumentEnded(desk.end(EndReason::ScrutinyInfringement)),
    ];
    let places = (1..).map(|sequence| place(1, sequence));
    places.zip(events).collect()
}

fn borrowed(events: &[(Place, Event)]) -> Vec<(Place, &Event)> {
    events
        .iter()
        .map(|(place, event)| (*place, event))
        .collect()
}

#[test]
fn authorities_do_what_they_were_appointed_for() {
    use Role::{ImposePenalties, IssueOrders, OverseeMeasures, Scrutinise};
    let judge: &[Role] = &[IssueOrders, Scrutinise];
    let stop: &[Role] = &[IssueOrders, Scrutinise, OverseeMeasures];
    let table: [&[Role]; 8] = [
        judge,
        judge,
        judge,
        stop,
        stop,
        &[OverseeMeasures],
        &[IssueOrders],
        &[Scrutinise],
    ];
    for role in [IssueOrders, Scrutinise, OverseeMeasures, ImposePenalties] {
        let standing = standing_of(&[role]);
        for ((place, event), roles) in events().iter().zip(table) {
            let expected = if roles.contains(&role) {
                Ok(())
            } else {
                Err(Void::OutOfRole(roles))
            };
            assert_eq!(
                standing.event_counts(place, event),
                expected,
                "{role}: {event:?}"
            );
        }
    }
    let why = Void::OutOfRole(judge).to_string();
    assert!(why.ends_with("issue orders or scrutinise"), "{why}");
}

#[test]
fn what_its_authority_may_not_say_is_void() {
    let standing = standing_of(&[Role::ImposePenalties]);
    let events = events();
    let heard = hear(&borrowed(&events), &standing);
    assert_eq!((heard.counted.len(), heard.void.len()), (0, 6));
    assert!(
        heard
            .void
            .iter()
            .all(|(_, why)| matches!(why, Void::OutOfRole(_)))
    );
    assert!(heard.creation.is_none());
    assert!(heard.consensus(&standing).is_none());
}

#[test]
fn what_stands_in_no_log_of_its_authority_is_void() {
    let standing = World::new().standing();
    let event = Desk::new().creation();
    let elsewhere = place(2, 1);
    let heard = hear(&[(elsewhere, &event)], &standing);
    assert_eq!(heard.void, [(elsewhere, Void::OtherLog)]);
    assert!(heard.creation.is_none());
}

#[test]
fn without_an_entry_nothing_counts() {
    let (standing, events) = (World::new().standing(), events());
    let heard = hear(&borrowed(&events[1..4]), &standing);
    assert!(heard.counted.is_empty() && heard.creation.is_none());
    let void = [2, 3, 4].map(|sequence| (place(1, sequence), Void::NoEntry));
    assert_eq!(heard.void, void);
}

#[test]
fn nothing_counts_that_is_dated_before_the_entry() {
    let standing = World::new().standing();
    let mut events = events();
    let early = time("2026-11-22T09:59:59Z");
    let mut other = Desk::new().assessment();
    (other.authority, other.state, other.made_at) =
        ("b".parse().unwrap(), "XB".parse().unwrap(), early);
    events.insert(0, (place(2, 1), Event::Assessed(other.clone())));
    let heard = hear(&borrowed(&events[..3]), &standing);
    assert_eq!(heard.void, [(place(2, 1), Void::BeforeEntry(now()))]);
    assert_eq!(heard.counted.len(), 2);
    other.made_at = now();
    events[0].1 = Event::Assessed(other);
    let heard = hear(&borrowed(&events[..3]), &standing);
    assert_eq!(
        (heard.counted.len(), heard.void.len()),
        (3, 0),
        "in the same second"
    );
}

#[test]
fn ends_of_acts_reach_the_entries_that_rest_on_them() {
    let standing = World::new().standing();
    let events = events();
    // Scrutiny is not what they were appointed for.
    let heard = hear(&borrowed(&events), &standing);
    let ends: Vec<_> = heard
        .counted
        .iter()
        .filter(|event| event.entry().is_none())
        .collect();
    assert_eq!(ends, [&&events[6].1]);
    let apart = [&events[..1], &events[6..]].concat();
    let heard = hear(&borrowed(&apart), &standing);
    assert_eq!(heard.counted, [&events[0].1], "nothing rests on it");
    let mut other = events.clone();
    let Event::InstrumentEnded(end) = &mut other[6].1 else {
        panic!("an end");
    };
    end.instrument.reference = Text::new("R-18").unwrap();
    let heard = hear(&borrowed(&other), &standing);
    assert!(
        heard.counted.iter().all(|event| event.entry().is_some()),
        "another act"
    );
}

#[test]
fn an_entry_that_is_there_has_a_consensus() {
    let (standing, events) = (World::new().standing(), events());
    let heard = hear(&borrowed(&events[..2]), &standing);
    let consensus = heard.consensus(&standing).unwrap();
    assert_ne!(consensus.state, ConsensusState::Baseline);
    let heard = hear(&borrowed(&events[..4]), &standing);
    let stopped = heard.consensus(&standing).unwrap();
    assert_ne!(stopped.state, consensus.state);
}

#[test]
fn what_is_void_is_listed_by_place() {
    let (standing, desk) = (standing_of(&[Role::ImposePenalties]), Desk::new());
    let mut late = desk.suspension();
    late.at = at(2);
    let (late, early) = (Event::Suspended(late), Event::Suspended(desk.suspension()));
    let heard = hear(&[(place(1, 6), &early), (place(1, 2), &late)], &standing);
    let places: Vec<_> = heard.void.iter().map(|(place, _)| place.sequence).collect();
    assert_eq!(places, [2, 6]);
}

/// The log that goes on from a closed one does not know what that said.
#[test]
fn of_two_proposals_the_first_is_the_entrys() {
    let standing = World::new().standing();
    let proposal = |sequence| {
        let creation = Creation {
            sequence,
            entry: entry("a"),
        };
        (place(1, sequence), Event::EntryCreated(creation))
    };
    let events = [proposal(5), proposal(1)];
    let heard = hear(&borrowed(&events), &standing);
    assert_eq!(heard.creation.unwrap().sequence, 1);
}

proptest! {
    #[test]
    fn the_order_of_events_changes_nothing(
        order in Just((0..10).collect::<Vec<usize>>()).prop_shuffle(),
        seconds in prop::collection::vec(0..3_u32, 10),
    ) {
        let mut all = events();
        let mut assessment = Desk::new().assessment();
        (assessment.authority, assessment.state) = ("b".parse().unwrap(), "XB".parse().unwrap());
        assessment.made_at = at(seconds[0]);
        all.push((place(2, 9), Event::Assessed(assessment.clone())));
        assessment.made_at = time("2026-11-22T09:00:00Z");
        all.push((place(2, 3), Event::Assessed(assessment)));
        for ((_, event), seconds) in all.iter_mut().zip(&seconds) {
            match event {
                Event::Suspended(one) => one.at = at(*seconds),
                Event::InstrumentEnded(one) => one.at = at(*seconds),
                Event::Feedback(one) => one.at = at(*seconds),
                _ => {}
            }
        }
        let standing = standing_of(&[Role::IssueOrders, Role::Scrutinise]);
        let shuffled: Vec<_> = order.iter().map(|i| all[*i].clone()).collect();
        let (all, shuffled) = (borrowed(&all), borrowed(&shuffled));
        let (one, other) = (hear(&all, &standing), hear(&shuffled, &standing));
        prop_assert_eq!(one.creation, other.creation);
        prop_assert_eq!(one.counted, other.counted);
        prop_assert_eq!(one.void, other.void);
    }
}
