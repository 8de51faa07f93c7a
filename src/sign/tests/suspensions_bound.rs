//! How much a state can switch off within a day.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::suspensions::{entry, file, line, read_all, resume, speakers, suspend};
use super::world::at;
use super::*;
use crate::baseline::{EntryId, Event};
use crate::sign::suspensions::{Accepted, Bound, Bounded, Off};
use crate::sign::{SuspensionList, What};

const DAY: u32 = 24 * 60 * 60;

fn list(lines: &[String]) -> SuspensionList {
    let read = read_all(&[file(lines)]);
    assert_eq!(read.files, [Ok(vec![])]);
    read.list
}

/// Suspensions of these entries, each at the place of its number.
fn flood(by: usize, numbers: impl IntoIterator<Item = u8>) -> Vec<String> {
    let number = u8::try_from(by).unwrap() + 1;
    let one = |entry: u8| line(&suspend(by, 2 + u64::from(entry), entry), &[number]);
    numbers.into_iter().map(one).collect()
}

fn state(text: &str) -> MemberState {
    text.parse().unwrap()
}

fn entries(those: &[Off], of: &str) -> BTreeSet<EntryId> {
    let of = state(of);
    let of = those.iter().filter(|one| one.state == of);
    of.map(|one| one.entry).collect()
}

fn numbers(range: impl IntoIterator<Item = u8>) -> BTreeSet<EntryId> {
    range.into_iter().map(entry).collect()
}

/// Asks at one moment after another, each time with what came of it the last time.
struct Client {
    bound: Bound,
    accepted: Accepted,
}

impl Client {
    fn new() -> Self {
        Self {
            bound: Bound::default(),
            accepted: Accepted::default(),
        }
    }

    fn ask(&mut self, list: &SuspensionList, seconds: u32) -> Bounded {
        let bounded = self.bound.apply(list, 100, &self.accepted, at(seconds));
        let kept = serde_json::to_string(&bounded.accepted).unwrap();
        self.accepted = serde_json::from_str(&kept).unwrap();
        assert_eq!(self.accepted, bounded.accepted);
        bounded
    }
}

#[test]
fn a_share_of_the_entries_or_ten_whichever_is_more() {
    let bound = Bound::default();
    for (entries, most) in [(0, 10), (1000, 10), (1001, 11), (1100, 11), (100_000, 1000)] {
        assert_eq!(bound.most(entries), most);
    }
    assert_eq!(bound.most(u64::MAX), u64::MAX / 100 + 1);
    let all = Bound {
        thousandths: u32::MAX,
        ..bound
    };
    assert_eq!(all.most(u64::MAX), u64::MAX);
}

#[test]
fn a_flood_by_one_state_leaves_the_suspension_of_another_alone() {
    let list = list(&[flood(0, 0..40), flood(1, 50..51)].concat());
    let bounded = Client::new().ask(&list, 0);
    assert_eq!(entries(&bounded.off, "XA"), numbers(0..10));
    assert_eq!(entries(&bounded.off, "XB"), numbers(50..51));
    assert_eq!(bounded.newly, bounded.off);
    assert_eq!(bounded.held.len(), 30);
    assert_eq!(bounded.held_by(), BTreeMap::from([(state("XA"), 30)]));
    assert_eq!(bounded.accepted.iter().count(), 11);
}

#[test]
fn a_flood_in_one_log_leaves_room_for_the_other_log_of_its_state() {
    let list = list(&[flood(0, 0..40), flood(2, 50..53)].concat());
    let bounded = Client::new().ask(&list, 0);
    let taken = numbers((0..7).chain(50..53));
    assert_eq!(entries(&bounded.off, "XA"), taken);
}

#[test]
fn what_is_held_back_is_taken_when_there_is_room_in_the_order_of_places() {
    let all = list(&flood(0, 0..25));
    let mut client = Client::new();
    assert_eq!(client.ask(&all, 0).off.len(), 10);
    let late = client.ask(&all, DAY - 1);
    assert_eq!((late.off.len(), late.newly.len()), (10, 0));
    let next = client.ask(&all, DAY);
    assert_eq!(entries(&next.newly, "XA"), numbers(10..20));
    assert_eq!(entries(&next.off, "XA"), numbers(0..20));
    let last = client.ask(&all, 2 * DAY);
    assert_eq!((last.off.len(), last.held), (25, vec![]));
}

#[test]
fn what_stands_no_more_is_not_taken_late() {
    let mut client = Client::new();
    client.ask(&list(&flood(0, 0..12)), 0);
    let resumed = [flood(0, 0..12), vec![line(&resume(0, 50, 10, 12), &[1])]].concat();
    let next = client.ask(&list(&resumed), DAY);
    assert_eq!(entries(&next.newly, "XA"), numbers(11..12));
}

#[test]
fn a_date_of_the_signer_gives_no_room() {
    let dated = |number: u8, at: Time| {
        let mut one = suspend(0, 2 + u64::from(number), number);
        if let What::Event(Event::Suspended(suspension)) = &mut one.what {
            suspension.at = at;
        }
        line(&one, &[1])
    };
    // From long ago to long from now, and seen on one day.
    let years = (0..40).map(|n| dated(n, Time::MIN.plus_days(u32::from(n) * 90_000).unwrap()));
    let all = list(&years.collect::<Vec<_>>());
    for seconds in [0, 365 * DAY] {
        assert_eq!(Client::new().ask(&all, seconds).off.len(), 10);
    }
    let early = Time::from_unix_seconds(now().unix_seconds() - i64::from(DAY)).unwrap();
    let bounded = Bound::default().apply(&all, 100, &Accepted::default(), early);
    assert_eq!(bounded.off.len(), 10);
}

#[test]
fn who_suspends_and_resumes_in_turn_gains_no_room() {
    let mut client = Client::new();
    let mut said = flood(0, 0..10);
    assert_eq!(client.ask(&list(&said), 0).off.len(), 10);
    let lifted = |n: u8| line(&resume(0, 100 + u64::from(n), n, 2 + u64::from(n)), &[1]);
    said.extend((0..10).map(lifted));
    assert_eq!(client.ask(&list(&said), 60).off, []);
    said.extend(flood(0, 10..30));
    let bounded = client.ask(&list(&said), 120);
    assert_eq!((bounded.off, bounded.held.len()), (vec![], 20));
    // The very same ones may go off again: they count already, and from now on anew.
    said.push(line(&suspend(0, 200, 3), &[1]));
    let again = client.ask(&list(&said), DAY - 1);
    assert_eq!(entries(&again.off, "XA"), numbers(3..4));
    let next = client.ask(&list(&said), DAY);
    assert_eq!(entries(&next.newly, "XA"), numbers(10..19));
}

#[test]
fn an_entry_that_the_state_has_off_already_takes_no_room() {
    let mut client = Client::new();
    client.ask(&list(&flood(0, 0..10)), 0);
    let both = [flood(0, 0..10), flood(2, 5..12)].concat();
    let bounded = client.ask(&list(&both), 60);
    assert_eq!(entries(&bounded.off, "XA"), numbers(0..10));
    assert_eq!((bounded.off.len(), bounded.newly.len()), (15, 5));
    assert_eq!(entries(&bounded.held, "XA"), numbers(10..12));
    // Nor does it when the time has passed.
    let next = client.ask(&list(&both), DAY);
    assert_eq!(entries(&next.newly, "XA"), numbers(10..12));
}

#[test]
fn what_was_taken_is_forgotten_when_it_stands_no_more_and_the_window_has_passed() {
    let mut client = Client::new();
    client.ask(&list(&flood(0, 0..3)), 0);
    let none = list(&[]);
    assert_eq!(client.ask(&none, DAY - 1).accepted.iter().count(), 3);
    assert_eq!(client.ask(&none, DAY).accepted, Accepted::default());
}

#[test]
fn a_clock_that_was_wrong_blocks_nobody_for_longer_than_the_window() {
    let mut client = Client::new();
    client.ask(&list(&flood(0, 0..10)), 100 * DAY);
    let all = list(&flood(0, 0..20));
    assert_eq!(client.ask(&all, 0).off.len(), 10);
    assert_eq!(client.ask(&all, DAY - 1).off.len(), 10);
    assert_eq!(client.ask(&all, DAY).off.len(), 20);
}

#[test]
fn what_comes_back_through_a_fork_needs_room_again() {
    let mut client = Client::new();
    let mut said = flood(0, 0..10);
    client.ask(&list(&said), 0);
    let lifted = |n: u8| line(&resume(0, 100 + u64::from(n), n, 2 + u64::from(n)), &[1]);
    said.extend((0..10).map(lifted));
    assert_eq!(client.ask(&list(&said), 60).off, []);
    said.extend(flood(0, 20..30));
    assert_eq!(client.ask(&list(&said), DAY).newly.len(), 10);
    // Two stories from place 90 on: no resumption holds.
    said.extend([40, 41].map(|n| line(&suspend(0, 90, n), &[1])));
    let bounded = client.ask(&list(&said), DAY + 60);
    assert_eq!(entries(&bounded.off, "XA"), numbers(20..30));
    assert_eq!(bounded.held_by(), BTreeMap::from([(state("XA"), 12)]));
}

/// What a log says at one of its places, and when it is there to be read.
fn histories() -> impl Strategy<Value = Vec<(usize, u8, u8, u32)>> {
    prop::collection::vec((0..3_usize, 0..6_u8, 0..8_u8, 0..60_u32), 0..30)
}

proptest! {
    #[test]
    fn within_any_window_no_state_switches_off_more_than_it_may(
        history in histories(),
        moments in prop::collection::btree_set(0..70_u32, 1..12),
        least in 0..4_u64,
    ) {
        let bound = Bound { thousandths: 0, least, window: Duration::from_secs(10) };
        let mut places = [2_u64; 3];
        let mut said: Vec<(u32, usize, String)> = Vec::new();
        let mut suspended: Vec<(usize, u64, u8)> = Vec::new();
        for (log, number, what, since) in history {
            let mut own = suspended.iter().rev().filter(|one| one.0 == log);
            let key = u8::try_from(log).unwrap() + 1;
            let place = places[log];
            let statement = match (what, own.next()) {
                (0..3, Some((_, lifts, number))) => resume(log, place, *number, *lifts),
                _ => {
                    suspended.push((log, place, number));
                    suspend(log, place, number)
                }
            };
            said.push((since, log, line(&statement, &[key])));
            // Now and then two stories.
            places[log] += u64::from(what < 7);
        }
        let (mut accepted, mut before) = (Accepted::default(), BTreeSet::new());
        let mut went_off: Vec<(u32, MemberState, EntryId)> = Vec::new();
        for moment in moments {
            let there: Vec<_> = said.iter().filter(|one| one.0 <= moment).map(|one| one.2.clone()).collect();
            let mut turned = there.clone();
            turned.reverse();
            let (list, other) = (list(&there), list(&turned));
            let bounded = bound.apply(&list, 100, &accepted, at(moment));
            prop_assert_eq!(&bound.apply(&other, 100, &accepted, at(moment)), &bounded);
            // Each that stands counts or is held back.
            let mut all = [bounded.off.clone(), bounded.held.clone()].concat();
            let key = |one: &Off| (one.entry, one.log, one.sequence, one.leaf);
            all.sort_by_key(key);
            prop_assert_eq!(all, list.off());
            // What counted and stands counts on, and what is new is told.
            let off: BTreeSet<_> = bounded.off.iter().map(key).collect();
            let held: BTreeSet<_> = bounded.held.iter().map(key).collect();
            let newly: BTreeSet<_> = bounded.newly.iter().map(key).collect();
            prop_assert!(before.is_disjoint(&held));
            prop_assert_eq!(&off - &before, newly);
            // Asked once more at the same moment, nothing changes.
            let again = bound.apply(&list, 100, &bounded.accepted, at(moment));
            prop_assert_eq!(&again.accepted, &bounded.accepted);
            prop_assert_eq!((&again.off, again.newly.len()), (&bounded.off, 0));
            let of_state: BTreeSet<_> = bounded.off.iter().map(|one| (one.state, one.entry)).collect();
            let name = |(entry, log, ..): &(EntryId, _, _, _)| {
                let speaker = speakers().into_iter().find(|one| one.log == *log);
                (speaker.unwrap().state, *entry)
            };
            let was: BTreeSet<_> = before.iter().map(name).collect();
            for (state, entry) in of_state.difference(&was) {
                went_off.push((moment, *state, *entry));
            }
            (accepted, before) = (bounded.accepted, off);
        }
        for (end, state, _) in &went_off {
            let within = went_off.iter().filter(|(moment, of, _)| of == state && moment <= end && moment + 10 > *end);
            let entries: BTreeSet<_> = within.map(|(.., entry)| entry).collect();
            prop_assert!(entries.len() as u64 <= least);
        }
    }
}
