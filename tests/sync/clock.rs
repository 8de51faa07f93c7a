//! Clocks that are wrong by years.

use ijkpunt::tuf::Role;

use super::world::*;

#[test]
fn a_clock_that_is_set_back_makes_nothing_new() {
    let world = World::begun();
    let client = world.client(&["m"]);
    client.once(now()).unwrap();
    let mut release = Release::of(2);
    release.timestamp_expires = later(1000);
    (release.snapshot_expires, release.targets_expires) = (later(900), later(900));
    world.publish("m", &release, &[&usual(1), &usual(2)]);
    assert!(is_fresh(&client.once(later(800)).unwrap()));
    let mut naive = Naive::new(&world);
    naive.follows(&["m"], later(800));
    // A frozen mirror, and a clock that was set back to when it was right.
    world.publish("m", &Release::of(3), &[&usual(2), &usual(3)]);
    let report = client.once(now()).unwrap();
    stays(&report, 2, "timestamp ran out");
    let behind = report.clock_behind.unwrap();
    assert_eq!((behind.latest, behind.now), (later(800), now()));
    let naive = naive.without(&[Check::Clock], "m", now());
    assert!(naive.has(&usual(3)));
    // Who says that the clock is right now goes on, as one that remembers no time does.
    assert_eq!(client.forget_time().unwrap(), Some(later(800)));
    let report = client.once(now()).unwrap();
    assert!(is_fresh(&report) && report.clock_behind.is_none());
    assert_eq!(report.installed.sequence, 3);
}

#[test]
fn a_clock_that_was_years_ahead_leaves_nothing_behind() {
    let world = World::begun();
    let client = world.client(&["m"]);
    client.once(now()).unwrap();
    stays(&client.once(later(4000)).unwrap(), 1, "ran out at");
    let report = client.once(later(1)).unwrap();
    assert!(is_fresh(&report) && report.clock_behind.is_none());
    // Whoever keeps each time that a clock has told waits for that year.
    let mut naive = world.naive();
    let mut keeps = naive.lacking(&[Check::ClockCounted]);
    for client in [&mut naive, &mut keeps] {
        let came = client.round("m", later(4000));
        assert_eq!(came, Err(Check::Expiry(Role::Root)));
    }
    assert_eq!(keeps.round("m", later(1)), Err(Check::Clock));
    naive.follows(&["m"], later(1));
}

#[test]
fn a_clock_within_the_tolerance_is_not_told() {
    let world = World::begun();
    let client = world.client(&["m"]);
    client.once(now()).unwrap();
    let seconds = |less: i64| {
        let second = now().unix_seconds() - less;
        ijkpunt::baseline::Time::from_unix_seconds(second).unwrap()
    };
    assert!(client.once(seconds(300)).unwrap().clock_behind.is_none());
    assert!(client.once(seconds(301)).unwrap().clock_behind.is_some());
}
