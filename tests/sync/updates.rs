//! What honest mirrors bring.

use std::fs;

use ijkpunt::snapshot::Live;
use ijkpunt::sync::{Pace, Stop};
use ijkpunt::tuf::{Sha256, TargetName, target_path};

use super::world::*;

#[test]
fn a_newcomer_gets_the_whole_and_then_a_delta() {
    let world = World::begun();
    let first = world.round();
    assert!(is_fresh(&first));
    let update = first.update.unwrap();
    assert_eq!(update.fetched, [TargetName::full(1).unwrap()]);
    assert_eq!(update.from, None);
    let live = Live::follow(world.client(&["m"]).folder().path()).unwrap();
    assert_eq!(live.current().snapshot().id(), usual(1).id());

    assert!(world.round().update.is_none());
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    let second = world.round();
    assert!(is_fresh(&second), "{}", told(&second));
    let update = second.update.unwrap();
    assert_eq!(update.fetched, [TargetName::delta(1, 2).unwrap()]);
    assert_eq!((update.from, second.installed.id), (Some(1), usual(2).id()));
    assert_eq!(second.installed.sha256, Sha256::of(usual(2).as_bytes()));
    assert!(update.cut.is_empty());
}

#[test]
fn a_damaged_delta_gives_way_to_the_whole() {
    let world = World::begun();
    world.round();
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    let delta = ijkpunt::snapshot::Delta::between(&usual(1), &usual(2)).unwrap();
    let mut bytes = delta.to_bytes();
    let place = target_path(&TargetName::delta(1, 2).unwrap(), &Sha256::of(&bytes));
    bytes[50] ^= 1;
    world.put("m", &place, &bytes);
    let report = world.round();
    assert!(is_fresh(&report));
    assert!(told(&report).contains("another sha256"));
    let fetched = report.update.unwrap().fetched;
    assert_eq!(fetched, [TargetName::full(2).unwrap()]);
}

#[test]
fn a_delta_that_was_signed_and_leads_elsewhere_gives_way_to_the_whole() {
    let world = World::begun();
    world.round();
    let mut files = world.files("m", &[&usual(1), &usual(2)]);
    let other = ijkpunt::snapshot::Delta::between(&usual(1), &snapshot(2, 9, &[])).unwrap();
    let (name, bytes) = (TargetName::delta(1, 2).unwrap(), other.to_bytes());
    let file = files.get_mut(&name).unwrap();
    (file.length, file.sha256) = (bytes.len() as u64, Sha256::of(&bytes));
    world.put("m", &target_path(&name, &file.sha256), &bytes);
    world.publish_files("m", &Release::of(2), files);
    let report = world.round();
    assert!(is_fresh(&report));
    assert_eq!(report.installed.id, usual(2).id());
    assert_eq!(
        report.update.unwrap().fetched,
        [name, TargetName::full(2).unwrap()]
    );
}

#[test]
fn what_is_damaged_here_is_fetched_again() {
    let world = World::begun();
    let report = world.round();
    let client = world.client(&["m"]);
    let path = client
        .folder()
        .path()
        .join("snapshots")
        .join(report.installed.id.to_string());
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    let report = world.round();
    assert!(told(&report).contains("fetched again"), "{}", told(&report));
    assert!(is_fresh(&report) && report.update.is_some());
    assert_eq!(
        client.folder().open().unwrap().snapshot().id(),
        usual(1).id()
    );
}

#[test]
fn roots_are_walked_one_by_one_and_a_revoked_key_counts_no_more() {
    let mut world = World::begun();
    world.round();
    world.rotate("m", terms(2, &[2, 3, 4], PUBLISHER), &[1, 2, 3]);
    world.rotate("m", terms(3, &[2, 3, 4], PUBLISHER), &[2, 3]);
    let mut release = Release::of(2);
    release.states = vec![3, 4];
    world.publish("m", &release, &[&usual(1), &usual(2)]);
    let report = world.round();
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!((report.root.get(), report.installed.sequence), (3, 2));
    // XA's key is gone: with it there is one state.
    let mut release = Release::of(3);
    release.states = vec![1, 2];
    world.publish("m", &release, &[&usual(2), &usual(3)]);
    stays(&world.round(), 2, "1 of 2 states have signed");
}

#[test]
fn watching_goes_on_until_it_is_stopped_and_comes_back_after_trouble() {
    let world = World::new();
    let client = world.client(&["m"]);
    let (stop, mut rounds) = (Stop::new(), Vec::new());
    let mut pace = Pace::default();
    pace.interval = std::time::Duration::from_millis(1);
    client.watch(pace, &stop, now, |came| {
        rounds.push(came.is_ok());
        match rounds.len() {
            1 => world.publish("m", &Release::of(1), &[&usual(1)]),
            2 => stop.stop(),
            _ => panic!("stopped"),
        }
    });
    assert_eq!(rounds, [false, true]);
}
