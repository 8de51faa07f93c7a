//! Logs of authorities, from one snapshot to the next.

use ijkpunt::snapshot::{Log, Snapshot};
use ijkpunt::sync::Report;

use super::world::*;

/// What comes of a second snapshot with these logs, and a naive client that has seen the first one.
fn second(logs: &[Log]) -> (World, Report, Naive) {
    let world = World::begun();
    world.round();
    let naive = world.naive();
    world.publish("m", &Release::of(2), &[&usual(1), &next(logs)]);
    let report = world.round();
    (world, report, naive)
}

fn next(logs: &[Log]) -> Snapshot {
    snapshot(2, 2, logs)
}

/// It stays with the first one for this reason; without this check it does not.
fn refused(logs: &[Log], why: &str, lacking: Check) -> World {
    let (world, report, naive) = second(logs);
    stays(&report, 1, why);
    let naive = naive.without(&[lacking], "m", now());
    assert!(naive.has(&next(logs)));
    world
}

#[test]
fn a_forked_log_is_refused() {
    let logs = [log(1, 11, "another"), log(2, 11, "one")];
    let why = "xa-office is as long as before and not the same";
    let world = refused(&logs, why, Check::LogForked);
    // Who did not see the other story takes this one.
    assert_eq!(world.newcomer(&["m"]).unwrap().installed.sequence, 2);
}

#[test]
fn a_log_that_is_shorter_or_gone_is_refused() {
    let shorter = [log(1, 10, "one"), log(2, 11, "one")];
    let why = "xa-office has 10 events, and had 11";
    refused(&shorter, why, Check::LogShorter);
    let why = "xa-office that was read before is gone";
    refused(&[log(2, 11, "one")], why, Check::LogGone);
    let mut elsewhere = log(1, 11, "one");
    elsewhere.begins = 3;
    let elsewhere = [elsewhere, log(2, 11, "one")];
    refused(&elsewhere, why, Check::LogGone);
}

#[test]
fn a_log_that_states_have_closed_earlier_is_taken_and_told() {
    for closed in [log(1, 10, "one"), log(1, 11, "another")] {
        let closed = Log {
            key: None,
            ..closed
        };
        let logs = [closed.clone(), log(2, 11, "one")];
        let (_world, report, mut naive) = second(&logs);
        assert!(is_fresh(&report), "{}", told(&report));
        naive.follows(&["m"], now());
        assert!(naive.has(&next(&logs)));
        assert_eq!(report.update.unwrap().cut, [closed.authority]);
    }
}
