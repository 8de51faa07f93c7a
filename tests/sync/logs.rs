//! Logs of authorities, from one snapshot to the next.

use std::fs::{self, File};

use ijkpunt::sign::ConsistencyList;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::snapshot::{Log, Snapshot};
use ijkpunt::sync::Report;
use ijkpunt::tuf::CONSISTENCY_LIST;

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
    let stories = [
        log(1, 10, "one"),
        log(1, 11, "another"),
        log(1, 12, "another"),
    ];
    for closed in stories {
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

#[test]
fn a_log_that_states_have_closed_later_is_no_cut_one() {
    let closed = Log {
        key: None,
        ..log(1, 13, "one")
    };
    let (_world, report, _) = second(&[closed, log(2, 11, "one")]);
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!(report.update.unwrap().cut, []);
}

const NOT_SHOWN: &str =
    "xa-office has grown from 11 events to 12, and no mirror shows that it still holds";

#[test]
fn a_log_that_has_grown_with_another_story_is_refused() {
    let logs = [log(1, 12, "another"), log(2, 12, "one")];
    let world = refused(&logs, NOT_SHOWN, Check::LogShown);
    // Who did not see the other story takes this one.
    assert_eq!(world.newcomer(&["m"]).unwrap().installed.sequence, 2);
}

/// A mirror writes the roots that would be needed over a proof of something else.
#[test]
fn a_forged_proof_counts_for_nothing() {
    let world = World::begun();
    world.round();
    let naive = world.naive();
    let logs = [log(1, 12, "another"), log(2, 12, "one")];
    world.publish("m", &Release::of(2), &[&usual(1), &next(&logs)]);
    let root = |story| {
        let root = TreeHash::from_bytes(log(1, 11, story).root);
        root.to_string()
    };
    let honest = String::from_utf8(grown(&next(&logs)).to_bytes()).unwrap();
    let forged = honest.replace(&root("another"), &root("one"));
    assert_ne!(forged, honest);
    world.put("m", CONSISTENCY_LIST, forged.as_bytes());
    let report = world.round();
    stays(&report, 1, NOT_SHOWN);
    assert!(told(&report).contains("wrong lines were left out, 1 of them"));
    let naive = naive.without(&[Check::LogShown], "m", now());
    assert!(naive.has(&next(&logs)));
}

/// A client that has snapshot 1, and mirrors with snapshot 2 but without what shows that logs have grown.
fn unproven(mirrors: &[&str]) -> World {
    let world = World::begun();
    world.round();
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    fs::remove_file(world.path("m").join(CONSISTENCY_LIST)).unwrap();
    mirrors.iter().for_each(|mirror| world.copy("m", mirror));
    world
}

#[test]
fn a_withheld_proof_installs_nothing_and_is_told() {
    let world = World::begun();
    world.round();
    let naive = world.naive();
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    fs::remove_file(world.path("m").join(CONSISTENCY_LIST)).unwrap();
    let report = world.round();
    stays(&report, 1, NOT_SHOWN);
    assert!(told(&report).contains("consistency.list: the mirror does not have it"));
    assert!(naive.without(&[Check::LogShown], "m", now()).has(&usual(2)));
    assert_eq!(world.newcomer(&["m"]).unwrap().installed.sequence, 2);
    world.proofs("m", &grown(&usual(2)));
    let report = world.round();
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!(report.installed.sequence, 2);
}

#[test]
fn a_proof_of_one_log_shows_nothing_of_another() {
    let world = unproven(&[]);
    let mut list = ConsistencyList::default();
    grow(&mut list, 2, "one", 11, 12);
    world.proofs("m", &list);
    stays(&world.round(), 1, NOT_SHOWN);
    grow(&mut list, 1, "one", 11, 13);
    world.proofs("m", &list);
    stays(&world.round(), 1, NOT_SHOWN);
    grow(&mut list, 1, "one", 11, 12);
    world.proofs("m", &list);
    assert_eq!(world.round().installed.sequence, 2);
}

#[test]
fn a_proof_from_another_mirror_counts() {
    let world = unproven(&["other"]);
    world.proofs("other", &grown(&usual(2)));
    let report = world.client(&["m", "other"]).once(now()).unwrap();
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!(report.installed.sequence, 2);
}

#[test]
fn a_platform_that_was_away_follows_the_chain() {
    let world = World::begun();
    world.round();
    let mut naive = world.naive();
    let snapshots = [1, 2, 3, 4].map(usual);
    let all: Vec<_> = snapshots.iter().collect();
    world.publish("m", &Release::of(4), &all);
    fs::remove_file(world.path("m").join(CONSISTENCY_LIST)).unwrap();
    world.copy("m", "other");
    let step = |mirror: &str, from: u64| {
        let mut list = ConsistencyList::default();
        [1, 2]
            .into_iter()
            .for_each(|number| grow(&mut list, number, "one", from, from + 1));
        world.proofs(mirror, &list);
    };
    [11, 13].into_iter().for_each(|from| step("m", from));
    let why = "xa-office has grown from 11 events to 14, and no mirror";
    stays(&world.round(), 1, why);
    // What one mirror lacks of the chain, another one has.
    step("other", 12);
    stays(&world.client(&["other"]).once(now()).unwrap(), 1, why);
    let report = world.client(&["m", "other"]).once(now()).unwrap();
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!(report.installed.sequence, 4);
    step("m", 12);
    naive.follows(&["m"], now());
    assert!(naive.has(&usual(4)));
}

#[test]
fn junk_beside_a_proof_is_told_and_takes_nothing_with_it() {
    let world = unproven(&["junk", "other"]);
    let good = String::from_utf8(grown(&usual(2)).to_bytes()).unwrap();
    let mixed = good.replacen('\n', "\njunk\n{}\n", 1);
    world.put("other", CONSISTENCY_LIST, mixed.as_bytes());
    world.put("junk", CONSISTENCY_LIST, b"<html>");
    let folder = world.path("endless");
    world.copy("m", "endless");
    let file = File::create(folder.join(CONSISTENCY_LIST)).unwrap();
    file.set_len((32 << 20) + 1).unwrap();
    let none = world.client(&["junk", "endless"]).once(now()).unwrap();
    stays(&none, 1, NOT_SHOWN);
    let mirrors = ["junk", "endless", "other"];
    let report = world.client(&mirrors).once(now()).unwrap();
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!(report.installed.sequence, 2);
    let told = told(&report);
    for why in [
        "consistency.list: no list of consistency proofs",
        "more than the 33554432 bytes",
        "consistency.list: wrong lines were left out, 2 of them, the first one line 2: not as such",
    ] {
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn lists_of_proofs_are_asked_for_only_where_a_log_has_grown() {
    let world = World::begun();
    fs::remove_file(world.path("m").join(CONSISTENCY_LIST)).unwrap();
    let [first, again] = [world.round(), world.round()];
    let same = [log(1, 11, "one"), log(2, 11, "one")];
    world.publish("m", &Release::of(2), &[&usual(1), &next(&same)]);
    world.put("m", CONSISTENCY_LIST, b"junk");
    for report in [first, again, world.round()] {
        assert!(is_fresh(&report));
        assert!(!told(&report).contains(CONSISTENCY_LIST));
    }
}
