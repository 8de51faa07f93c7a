//! Clocks, over the ends of months, years and February.

use super::*;

const RECEIVED: &str = "2024-02-28T23:30:00Z";

fn hindrance(told_at: &str, ended_at: Option<&str>) -> Hindrance {
    Hindrance {
        told_at: time(told_at),
        ended_at: ended_at.map(time),
    }
}

#[test]
fn an_order_is_due_an_hour_after_receipt() {
    for (received_at, due) in [
        (RECEIVED, "2024-02-29T00:30:00Z"),
        ("2023-02-28T23:30:00Z", "2023-03-01T00:30:00Z"),
        ("2024-12-31T23:00:01Z", "2025-01-01T00:00:01Z"),
    ] {
        let received_at = time(received_at);
        assert_eq!(due_at(received_at, &[], received_at), Some(time(due)));
    }
    assert_eq!(due_at(Time::MAX, &[], Time::MAX), Some(Time::MAX));
}

#[test]
fn the_hour_is_met_at_its_last_second_and_missed_a_second_later() {
    let (received_at, due_at) = (time(RECEIVED), time("2024-02-29T00:30:00Z"));
    let late = time("2024-02-29T00:30:01Z");
    assert_eq!(
        hour(received_at, &[], None, due_at),
        Hour::Running { due_at }
    );
    assert_eq!(hour(received_at, &[], None, late), Hour::Overdue { due_at });
    assert_eq!(hour(received_at, &[], Some(due_at), late), Hour::Met);
    assert_eq!(
        hour(received_at, &[], Some(late), late),
        Hour::Late { due_at }
    );
    // What is yet to come has not been done.
    let running = hour(received_at, &[], Some(late), due_at);
    assert_eq!(running, Hour::Running { due_at });
}

#[test]
fn a_hindrance_stops_the_hour_and_its_end_begins_it_anew() {
    let received_at = time(RECEIVED);
    let open = [hindrance("2024-02-28T23:50:00Z", None)];
    let later = time("2024-03-01T12:00:00Z");
    assert_eq!(hour(received_at, &open, None, later), Hour::Suspended);
    assert_eq!(hour(received_at, &open, Some(later), later), Hour::Met);
    let before = time("2024-02-28T23:49:59Z");
    let due_at = time("2024-02-29T00:30:00Z");
    let unheard = hour(received_at, &open, None, before);
    assert_eq!(unheard, Hour::Running { due_at }, "not told yet");

    let ended = [hindrance(
        "2024-02-28T23:50:00Z",
        Some("2024-02-29T23:30:00Z"),
    )];
    let due_at = time("2024-03-01T00:30:00Z");
    assert_eq!(
        hour(received_at, &ended, None, due_at),
        Hour::Running { due_at }
    );
    assert_eq!(
        hour(received_at, &ended, None, later),
        Hour::Overdue { due_at }
    );
    let during = time("2024-02-29T12:00:00Z");
    assert_eq!(hour(received_at, &ended, None, during), Hour::Suspended);
}

#[test]
fn the_last_of_several_hindrances_counts_in_any_order() {
    let received_at = time(RECEIVED);
    let mut both = [
        hindrance("2024-02-29T00:00:00Z", Some("2024-02-29T03:00:00Z")),
        // Told within the hour that the first one began anew.
        hindrance("2024-02-29T03:59:00Z", Some("2024-02-29T05:00:00Z")),
    ];
    let now = time("2024-03-02T00:00:00Z");
    let due = Some(time("2024-02-29T06:00:00Z"));
    assert_eq!(due_at(received_at, &both, now), due);
    both.reverse();
    assert_eq!(due_at(received_at, &both, now), due);
    // One that ended before it was told never shortens the hour.
    let past = [hindrance(
        "2024-02-28T23:40:00Z",
        Some("2024-02-28T20:00:00Z"),
    )];
    let due = Some(time("2024-02-29T00:30:00Z"));
    assert_eq!(due_at(received_at, &past, now), due);
}

#[test]
fn a_hindrance_told_after_the_hour_is_none() {
    let received_at = time(RECEIVED);
    let due = time("2024-02-29T00:30:00Z");
    let now = time("2024-03-02T00:00:00Z");
    let just = [hindrance("2024-02-29T00:30:00Z", None)];
    assert_eq!(due_at(received_at, &just, now), None);
    let late = [hindrance("2024-02-29T00:30:01Z", None)];
    assert_eq!(due_at(received_at, &late, now), Some(due));
}

#[test]
fn what_annex_iii_told_is_the_hindrance() {
    let answer = impossibility();
    let told = answer.hindrance(None);
    let now = time("2024-02-29T08:00:00Z");
    assert_eq!(
        hour(answer.received_at, &[told], None, now),
        Hour::Suspended
    );
}

#[test]
fn windows_close_after_their_hours() {
    let from = time("2024-02-28T10:00:00Z");
    for (window, until) in [
        (host_may_ask(from), "2024-03-01T10:00:00Z"),
        (author_may_ask(from), "2024-03-01T10:00:00Z"),
        (authority_may_scrutinise(from), "2024-03-02T10:00:00Z"),
        (decision_on_request(from), "2024-03-02T10:00:00Z"),
    ] {
        assert_eq!(window.until, time(until));
        assert!(window.is_open(from) && window.is_open(window.until));
        let second = |seconds| Time::from_unix_seconds(seconds).unwrap();
        assert!(!window.is_open(second(window.until.unix_seconds() + 1)));
        assert!(!window.is_open(second(from.unix_seconds() - 1)));
    }
    let in_another_year = host_may_ask(time("2023-02-28T10:00:00Z"));
    assert_eq!(in_another_year.until, time("2023-03-02T10:00:00Z"));
}

#[test]
fn an_order_is_final_when_no_appeal_is_open() {
    use crate::baseline::Finality;
    let (until, at) = (time("2024-04-11T00:00:00Z"), time("2024-04-01T00:00:00Z"));
    let (after, before) = (time("2024-04-11T00:00:01Z"), time("2024-03-01T00:00:00Z"));
    let none = |now| finality(Some(until), Appeal::NotLodged, now);
    assert_eq!(none(until), Standing::Open(until));
    assert_eq!(none(after), Standing::Final(until));
    assert_eq!(finality(None, Appeal::NotLodged, after), Standing::Unknown);
    let with = |appeal, now| finality(Some(until), appeal, now);
    assert_eq!(with(Appeal::Lodged(at), after), Standing::Appealed);
    assert_eq!(with(Appeal::Lodged(at), before), Standing::Open(until));
    assert_eq!(with(Appeal::Lodged(after), until), Standing::Open(until));
    assert_eq!(with(Appeal::Confirmed(at), before), Standing::Appealed);
    assert_eq!(with(Appeal::Confirmed(at), at), Standing::Final(at));
    assert_eq!(with(Appeal::Annulled(at), at), Standing::Annulled(at));
    assert_eq!(Standing::Annulled(at).finality(), None);
    assert_eq!(none(after).finality(), Some(Finality::Final));
    assert_eq!(none(until).finality(), Some(Finality::Appealable));
    assert_eq!(Standing::Unknown.finality(), Some(Finality::Unknown));
}

#[test]
fn the_author_is_told_after_six_weeks_and_after_six_more_at_the_latest() {
    let mut ban = non_disclosure();
    let (first, second) = (time("2024-03-13T12:00:00Z"), time("2024-04-24T12:00:00Z"));
    let now = time("2024-12-01T00:00:00Z");
    assert_eq!(
        ban.ends_at(time("2024-02-29T23:59:59Z")),
        first,
        "not prolonged yet"
    );
    assert_eq!(ban.ends_at(now), second);
    // However long it was ordered for.
    ban.until = Time::MAX;
    assert_eq!(ban.ends_at(time("2024-02-01T00:00:00Z")), first);
    if let Some(more) = &mut ban.prolonged {
        more.until = Time::MAX;
    }
    assert_eq!(ban.ends_at(now), second);
    // A ban that is over is not prolonged.
    if let Some(more) = &mut ban.prolonged {
        more.decided_at = time("2024-03-13T12:00:01Z");
    }
    assert_eq!(ban.ends_at(now), first);
    ban.until = time("2024-02-10T00:00:00Z");
    assert_eq!(ban.ends_at(now), ban.until, "ordered for less");
}

#[test]
fn a_ban_binds_from_its_decision_until_its_end() {
    let ban = non_disclosure();
    for (at, binds) in [
        ("2024-01-31T11:59:59Z", false),
        ("2024-01-31T12:00:00Z", true),
        ("2024-04-24T11:59:59Z", true),
        ("2024-04-24T12:00:00Z", false),
    ] {
        assert_eq!(ban.binds(time(at)), binds, "{at}");
    }
}

#[test]
fn a_first_order_is_announced_twelve_hours_before() {
    for (announcement, is_fine) in [
        (Announcement::At(time("2024-02-28T11:30:00Z")), true),
        (Announcement::At(time("2024-02-28T11:30:01Z")), false),
        (Announcement::NotFirst, true),
        (Announcement::Urgent, true),
        (Announcement::Missing, false),
    ] {
        let order = RemovalOrder {
            announcement,
            ..order()
        };
        assert_eq!(order.was_announced_in_time(), is_fine, "{announcement:?}");
    }
}
