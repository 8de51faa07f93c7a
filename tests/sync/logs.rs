//! Logs of authorities, from one snapshot to the next.

use super::world::*;

fn second(logs: &[ijkpunt::snapshot::Log]) -> (World, ijkpunt::sync::Report) {
    let world = World::begun();
    world.round();
    let next = snapshot(2, 2, logs);
    world.publish("m", &Release::of(2), &[&usual(1), &next]);
    let report = world.round();
    (world, report)
}

#[test]
fn a_forked_log_is_refused() {
    let (world, report) = second(&[log(1, 11, "another"), log(2, 11, "one")]);
    stays(
        &report,
        1,
        "xa-office is as long as before and not the same",
    );
    // Who did not see the other story takes this one.
    assert_eq!(world.newcomer(&["m"]).unwrap().installed.sequence, 2);
}

#[test]
fn a_log_that_is_shorter_or_gone_is_refused() {
    let (_world, report) = second(&[log(1, 10, "one"), log(2, 11, "one")]);
    stays(&report, 1, "xa-office has 10 events, and had 11");
    let (_world, report) = second(&[log(2, 11, "one")]);
    stays(&report, 1, "xa-office that was read before is gone");
    let mut elsewhere = log(1, 11, "one");
    elsewhere.begins = 3;
    let (_world, report) = second(&[elsewhere, log(2, 11, "one")]);
    stays(&report, 1, "xa-office that was read before is gone");
}

#[test]
fn a_log_that_states_have_closed_earlier_is_taken_and_told() {
    for closed in [log(1, 10, "one"), log(1, 11, "another")] {
        let closed = ijkpunt::snapshot::Log {
            key: None,
            ..closed
        };
        let (_world, report) = second(&[closed.clone(), log(2, 11, "one")]);
        assert!(is_fresh(&report), "{}", told(&report));
        assert_eq!(report.update.unwrap().cut, [closed.authority]);
    }
}
