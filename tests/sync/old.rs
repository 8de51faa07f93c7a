//! The past, shown as if it were now.

use std::fs;

use ijkpunt::tuf::Role;

use super::world::*;

/// All that stops the past as a whole, layer behind layer.
pub(crate) const ROLLBACK: [Check; 5] = [
    Check::Rollback(Role::Timestamp),
    Check::Rollback(Role::Snapshot),
    Check::Rollback(Role::Targets),
    Check::ListRollback,
    Check::LogShorter,
];

/// A world in which snapshots 1 and 2 were published; `old` is a mirror as it was before the second.
fn moved_on() -> World {
    let world = World::begun();
    world.copy("m", "old");
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    world.round();
    world
}

#[test]
fn rollback_of_everything_is_refused() {
    let world = moved_on();
    let report = world.client(&["old"]).once(now()).unwrap();
    stays(&report, 2, "timestamp of version 1, and 2 was seen before");
    // Who remembers nothing takes it; of what is remembered, each part stops it alone.
    assert_eq!(world.newcomer(&["old"]).unwrap().installed.sequence, 1);
    let naive = world.naive().without(&ROLLBACK, "old", now());
    assert!(naive.has(&usual(1)));
}

#[test]
fn rollback_of_the_timestamp_is_refused() {
    let world = moved_on();
    let naive = world.naive();
    let mut release = Release::of(3);
    release.timestamp = 1;
    world.publish("m", &release, &[&usual(2), &usual(3)]);
    let why = "timestamp of version 1, and 2 was seen before";
    stays(&world.round(), 2, why);
    let naive = naive.without(&[Check::Rollback(Role::Timestamp)], "m", now());
    assert!(naive.has(&usual(3)));
}

#[test]
fn rollback_of_the_snapshot_page_is_refused() {
    let world = moved_on();
    let mut release = Release::of(3);
    release.snapshot = 1;
    let naive = world.naive();
    world.publish("m", &release, &[&usual(2), &usual(3)]);
    stays(
        &world.round(),
        2,
        "snapshot of version 1, and 2 was seen before",
    );
    assert_eq!(world.newcomer(&["m"]).unwrap().installed.sequence, 3);
    let naive = naive.without(&[Check::Rollback(Role::Snapshot)], "m", now());
    assert!(naive.has(&usual(3)));
}

#[test]
fn rollback_of_targets_is_refused() {
    let world = moved_on();
    let mut release = Release::of(3);
    release.targets = 1;
    let naive = world.naive();
    let why = "targets of version 1, and 2 was seen before";
    world.publish("m", &release, &[&usual(1)]);
    stays(&world.round(), 2, why);
    assert_eq!(world.newcomer(&["m"]).unwrap().installed.sequence, 1);
    // What it lists is older, too, and so are its logs: these are checks of their own.
    let lacking = [
        Check::Rollback(Role::Targets),
        Check::ListRollback,
        Check::LogShorter,
    ];
    assert!(naive.without(&lacking, "m", now()).has(&usual(1)));
    world.publish("m", &release, &[&usual(2), &usual(3)]);
    stays(&world.round(), 2, why);
    assert!(naive.without(&lacking[..1], "m", now()).has(&usual(3)));
}

#[test]
fn rollback_of_the_list_itself_is_refused_whoever_signs_it() {
    let world = moved_on();
    let naive = world.naive();
    world.publish("m", &Release::of(3), &[&usual(1)]);
    stays(
        &world.round(),
        2,
        "the newest snapshot is 1, and 2 is installed",
    );
    assert_eq!(world.newcomer(&["m"]).unwrap().installed.sequence, 1);
    // Logs that are shorter tell it, too.
    let lacking = [Check::ListRollback, Check::LogShorter];
    assert!(naive.without(&lacking, "m", now()).has(&usual(1)));
}

#[test]
fn another_snapshot_of_the_same_number_is_refused() {
    let world = moved_on();
    let other = snapshot(2, 50, &[log(1, 12, "one"), log(2, 12, "one")]);
    let naive = world.naive();
    world.publish("m", &Release::of(3), &[&other]);
    stays(&world.round(), 2, "another snapshot of the number 2");
    let naive = naive.without(&[Check::SameNumber], "m", now());
    assert!(naive.has(&other));
}

#[test]
fn rollback_of_root_is_refused() {
    let mut world = World::begun();
    world.copy("m", "old");
    // XA's and XC's keys are lost to a thief, and taken away.
    world.rotate("m", terms(2, &[2, 4, 5], PUBLISHER), &[1, 2, 4]);
    let mut release = Release::of(2);
    release.states = vec![4, 5];
    world.publish("m", &release, &[&usual(1), &usual(2)]);
    assert_eq!(world.round().root.get(), 2);
    let naive = world.naive();
    // The thief shows the old root, and signs by it.
    let thief = World::new();
    let mut release = Release::of(9);
    release.states = vec![1, 3];
    thief.publish("m", &release, &[&usual(9)]);
    let evil = thief.path("m");
    for (from, to) in [("metadata", "evil/metadata"), ("targets", "evil/targets")] {
        fs::create_dir_all(world.path(to)).unwrap();
        for file in fs::read_dir(evil.join(from)).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, world.path(to).join(file.file_name().unwrap())).unwrap();
        }
    }
    // No log of it has lost anything.
    world.proofs("evil", &grown(&usual(9)));
    let report = world.client(&["evil"]).once(now()).unwrap();
    stays(&report, 2, "0 of 2 states have signed");
    assert_eq!(report.root.get(), 2);
    // Who begins with the shipped root each time is taken in.
    assert_eq!(world.newcomer(&["evil"]).unwrap().installed.sequence, 9);
    let naive = naive.without(&[Check::KeptRoot], "evil", now());
    assert!(naive.has(&usual(9)));
}

#[test]
fn a_freeze_ends_with_the_timestamp_and_is_told() {
    let world = World::begun();
    let client = world.client(&["m"]);
    assert!(is_fresh(&client.once(now()).unwrap()));
    assert!(is_fresh(&client.once(later(6)).unwrap()));
    stays(&client.once(later(7)).unwrap(), 1, "timestamp ran out at");
    let nothing = world.client_in("other", &["m"]).once(later(7)).unwrap_err();
    assert!(nothing.to_string().contains("nothing that can be used"));
    let lacking = [Check::Expiry(Role::Timestamp)];
    let naive = world.naive();
    assert!(naive.without(&lacking, "m", later(7)).has(&usual(1)));
    // For how long, nobody tells: until something else runs out.
    naive.without(&lacking, "m", later(29));
}

#[test]
fn each_role_runs_out() {
    for role in [Role::Timestamp, Role::Snapshot, Role::Targets] {
        let world = World::begun();
        world.round();
        let mut release = Release::of(2);
        match role {
            Role::Timestamp => release.timestamp_expires = later(1),
            Role::Snapshot => release.snapshot_expires = later(1),
            _ => release.targets_expires = later(1),
        }
        let naive = world.naive();
        world.publish("m", &release, &[&usual(1), &usual(2)]);
        let report = world.client(&["m"]).once(later(1)).unwrap();
        stays(&report, 1, &format!("{role} ran out at"));
        let naive = naive.without(&[Check::Expiry(role)], "m", later(1));
        assert!(naive.has(&usual(2)));
    }
    let mut world = World::begun();
    world.round();
    let mut ran_out = terms(2, &[1, 2, 3], PUBLISHER);
    ran_out.expires = later(1);
    let naive = world.naive();
    world.rotate("m", ran_out, &[1, 2]);
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    let report = world.client(&["m"]).once(later(1)).unwrap();
    stays(&report, 1, "root ran out at");
    let naive = naive.without(&[Check::Expiry(Role::Root)], "m", later(1));
    assert!(naive.has(&usual(2)));
}

#[test]
fn what_was_settled_runs_out_as_well() {
    let world = World::begun();
    let mut release = Release::of(2);
    (release.snapshot_expires, release.timestamp_expires) = (later(1), later(9));
    world.publish("m", &release, &[&usual(1)]);
    let client = world.client(&["m"]);
    assert!(is_fresh(&client.once(now()).unwrap()));
    stays(&client.once(later(1)).unwrap(), 1, "snapshot ran out at");
    let naive = world.naive();
    naive.without(&[Check::Expiry(Role::Snapshot)], "m", later(1));
}

#[test]
fn a_fast_forward_ends_with_the_key_of_the_thief() {
    let mut world = World::begun();
    world.round();
    // A thief with the publisher's key drives the versions up, over files that states have signed.
    let mut release = Release::of(u64::MAX);
    release.targets = 1;
    world.publish("m", &release, &[&usual(1)]);
    assert!(is_fresh(&world.round()));
    let mut naive = world.naive();
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    stays(&world.round(), 1, "was seen before");
    let driven_up = [Role::Timestamp, Role::Snapshot].map(Check::Rollback);
    naive.without(&driven_up, "m", now());
    // States take the key away; what the publisher signs with the next one begins anew.
    world.rotate("m", terms(2, &[1, 2, 3], 101), &[1, 2]);
    let mut release = Release::of(2);
    release.publisher = 101;
    world.publish("m", &release, &[&usual(1), &usual(2)]);
    let report = world.round();
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!(report.installed.sequence, 2);
    naive.stopped_without(Check::Recovery, "m", now());
    naive.follows(&["m"], now());
    assert!(naive.has(&usual(2)));
    // What states signed is not forgotten with it.
    release.targets = 1;
    (release.snapshot, release.timestamp) = (3, 3);
    world.publish("m", &release, &[&usual(2), &usual(3)]);
    stays(
        &world.round(),
        2,
        "targets of version 1, and 2 was seen before",
    );
    naive.without(&[Check::Rollback(Role::Targets)], "m", now());
}

#[test]
fn a_key_that_is_added_forgets_nothing() {
    let mut world = moved_on();
    let mut more = terms(2, &[1, 2, 3], PUBLISHER);
    more.timestamp
        .push(ijkpunt::sign::Signer::public_key(&key(101)));
    let naive = world.naive();
    world.rotate("m", more, &[1, 2]);
    let mut release = Release::of(1);
    release.targets = 3;
    world.publish("m", &release, &[&usual(2), &usual(3)]);
    stays(
        &world.round(),
        2,
        "timestamp of version 1, and 2 was seen before",
    );
    // Whoever forgets at every new root can be shown the past behind each.
    let naive = naive.without(&[Check::RecoveryOnly], "m", now());
    assert!(naive.has(&usual(3)));
}
