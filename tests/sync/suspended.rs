//! What states have suspended, over mirrors that hold back, forge and flood.

use std::collections::BTreeSet;

use ijkpunt::baseline::{EntryId, Text, Time};
use ijkpunt::snapshot::Switched;
use ijkpunt::sync::FolderTransport;
use ijkpunt::sync::{Client, Settings, Transport};

use super::world::*;

/// The entries that are off, and by whom.
fn off(client: &Client) -> BTreeSet<(EntryId, String)> {
    let edition = client.folder().open().unwrap();
    let all = edition.suspensions().iter();
    all.map(|(entry, by, _)| (entry, by.to_string())).collect()
}

/// What is off for a naive client that has seen `before`, and lacks these checks; the whole one has off what the real one has.
fn naively(before: &Naive, lacking: &[Check], now: Time) -> BTreeSet<(EntryId, String)> {
    let mut naive = before.lacking(lacking);
    let _ = naive.round("m", now); // suspensions stand beside what may have run out
    naive.off()
}

fn by(entry: u8, by: &str) -> (EntryId, String) {
    (id(entry), by.to_owned())
}

#[test]
fn a_suspension_is_off_by_its_state_until_that_resumes_it() {
    let world = World::begun();
    world.suspensions(
        "m",
        &[(suspend(1, 11, id(5)), 1), (suspend(2, 12, id(5)), 2)],
    );
    let report = world.round();
    assert_eq!(
        (report.suspensions.off, report.suspensions.newly.len()),
        (2, 2)
    );
    assert!(report.suspensions.changed);
    let client = world.client(&["m"]);
    assert_eq!(off(&client), [by(5, "sync:XA"), by(5, "sync:XB")].into());
    let report = world.round();
    assert!(report.suspensions.newly.is_empty() && !report.suspensions.changed);
    world.suspensions("m", &[(resume(1, 12, id(5), 11), 1)]);
    assert!(world.round().suspensions.changed);
    assert_eq!(off(&client), [by(5, "sync:XB")].into());
}

#[test]
fn a_state_resumes_only_what_it_has_suspended_itself() {
    let world = World::begun();
    let lines = [(suspend(1, 11, id(5)), 1), (resume(2, 12, id(5), 11), 2)];
    world.suspensions("m", &lines);
    assert_eq!(world.round().suspensions.off, 1);
    let naive = Naive::new(&world);
    assert_eq!(naively(&naive, &[], now()), [by(5, "sync:XA")].into());
    let lacking = [Check::ResumedByOther];
    assert!(naively(&naive, &lacking, now()).is_empty());
}

#[test]
fn what_others_have_switched_off_stays_off() {
    let world = World::begun();
    world.round();
    let client = world.client(&["m"]);
    let why = || Switched {
        at: now(),
        reason: Text::new("mine").unwrap(),
    };
    for name in ["own", "breaker", "sync:us", "XA"] {
        let name = Text::new(name).unwrap();
        client.folder().suspend(id(5), &name, why()).unwrap();
    }
    world.suspensions("m", &[(suspend(1, 11, id(5)), 1)]);
    world.round();
    assert_eq!(off(&client).len(), 5);
    world.suspensions("m", &[(resume(1, 12, id(5), 11), 1)]);
    world.round();
    let theirs = ["own", "breaker", "sync:us", "XA"].map(|name| by(5, name));
    assert_eq!(off(&client), theirs.into());
}

#[test]
fn a_forged_suspension_is_left_out_and_told() {
    let world = World::begun();
    // XB's key for XA's office; a place that is settled; a key of nobody's.
    world.suspensions(
        "m",
        &[
            (suspend(1, 11, id(5)), 2),
            (suspend(2, 3, id(6)), 2),
            (suspend(1, 12, id(7)), 9),
        ],
    );
    let report = world.round();
    assert_eq!(report.suspensions.off, 0);
    let [(mirror, lines, _)] = &report.suspensions.left_out[..] else {
        panic!("one mirror");
    };
    assert_eq!((mirror.ends_with("m"), *lines), (true, 2));
    assert!(off(&world.client(&["m"])).is_empty());
    let naive = Naive::new(&world);
    assert!(naively(&naive, &[], now()).is_empty());
    let forged = [by(5, "sync:XA"), by(7, "sync:XA")].into();
    assert_eq!(naively(&naive, &[Check::SuspensionSigned], now()), forged);
    let old = [by(6, "sync:XB")].into();
    assert_eq!(naively(&naive, &[Check::Settled], now()), old);
}

#[test]
fn a_suspension_that_a_mirror_withholds_later_stays_off() {
    let world = World::begun();
    world.suspensions("m", &[(suspend(1, 11, id(5)), 1)]);
    world.round();
    let naive = world.naive();
    world.suspensions("m", &[]);
    world.round();
    std::fs::remove_file(world.path("m").join("suspensions.list")).unwrap();
    let report = world.round();
    assert_eq!(report.suspensions.off, 1);
    assert_eq!(off(&world.client(&["m"])), [by(5, "sync:XA")].into());
    // Who keeps nothing has it on.
    assert_eq!(world.newcomer(&["m"]).unwrap().suspensions.off, 0);
    assert_eq!(naively(&naive, &[], now()), [by(5, "sync:XA")].into());
    assert!(naively(&naive, &[Check::SuspensionsKept], now()).is_empty());
}

#[test]
fn a_withheld_resumption_is_had_from_another_mirror() {
    let world = World::begun();
    world.copy("m", "honest");
    let suspended = (suspend(1, 11, id(5)), 1);
    world.suspensions("m", std::slice::from_ref(&suspended));
    world.round();
    assert_eq!(world.round().suspensions.off, 1);
    let naive = world.naive();
    world.suspensions("honest", &[suspended, (resume(1, 12, id(5), 11), 1)]);
    let report = world.client(&["m", "honest"]).once(now()).unwrap();
    assert_eq!(report.suspensions.off, 0);
    // And does not come back where the first one goes on withholding it.
    assert_eq!(world.round().suspensions.off, 0);
    let after = |mut naive: Naive| {
        naive.rounds(&["m", "honest"], now());
        naive.rounds(&["m"], now());
        naive.off()
    };
    assert!(after(naive.clone()).is_empty());
    // Whoever asks one mirror has what that one wants.
    let one = after(naive.lacking(&[Check::AllMirrors]));
    assert_eq!(one, [by(5, "sync:XA")].into());
}

#[test]
fn a_flood_is_held_back_and_told() {
    let world = World::begun();
    let flood = (0..50).map(|n| (suspend(1, 20 + u64::from(n), id(n)), 1));
    let flood: Vec<_> = flood.collect();
    world.suspensions("m", &flood);
    let report = world.round();
    assert_eq!(report.suspensions.off, 10);
    let newcomer = Naive::new(&world);
    assert_eq!(naively(&newcomer, &[], now()), off(&world.client(&["m"])));
    assert_eq!(naively(&newcomer, &[Check::Bound], now()).len(), 50);
    let mut naive = world.naive();
    let xa = "XA".parse().unwrap();
    assert_eq!(report.suspensions.held.get(&xa), Some(&40));
    assert_eq!(off(&world.client(&["m"])).len(), 10);
    // XB's word still counts.
    world.suspensions("m", &[(suspend(2, 12, id(60)), 2)]);
    assert_eq!(world.round().suspensions.off, 11);
    naive.follows(&["m"], now());
    assert_eq!(naive.off(), off(&world.client(&["m"])));
    // The next day there is room again, also where a process was begun anew.
    let report = world.client(&["m"]).once(later(1)).unwrap();
    assert_eq!(report.suspensions.off, 21);
    naive.follows(&["m"], later(1));
    assert_eq!(naive.off(), off(&world.client(&["m"])));
    // Without the bound, all of it is off.
    let mut settings = Settings::new(REGISTER);
    settings.bound.least = u64::MAX;
    world.suspensions("m", &flood);
    let mirror: Box<dyn Transport> = Box::new(FolderTransport::at(world.path("m")));
    let naive = Client::new(world.path("n"), vec![mirror], &world.first_root, settings).unwrap();
    assert_eq!(naive.once(now()).unwrap().suspensions.off, 50);
}

#[test]
fn a_log_that_tells_two_stories_is_told_and_its_suspensions_stand() {
    let world = World::begun();
    world.suspensions(
        "m",
        &[
            (suspend(1, 11, id(5)), 1),
            (suspend(1, 11, id(6)), 1),
            (resume(1, 12, id(5), 11), 1),
        ],
    );
    let report = world.round();
    assert_eq!(report.suspensions.forks.len(), 1);
    assert_eq!(report.suspensions.off, 2);
    let naive = Naive::new(&world);
    assert_eq!(naively(&naive, &[], now()), off(&world.client(&["m"])));
    // A second story would switch on what the first one has switched off.
    let lacking = [Check::ForkResumesNothing];
    assert_eq!(naively(&naive, &lacking, now()), [by(6, "sync:XA")].into());
}

#[test]
fn a_snapshot_settles_what_was_suspended_before_it() {
    let world = World::begun();
    world.suspensions(
        "m",
        &[(suspend(1, 11, id(5)), 1), (suspend(1, 12, id(6)), 1)],
    );
    world.round();
    let naive = world.naive();
    // Snapshot 2 has read the logs up to place 12, and has both entries.
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    let report = world.round();
    assert_eq!(report.installed.sequence, 2);
    assert_eq!(off(&world.client(&["m"])), [by(6, "sync:XA")].into());
    assert!(report.suspensions.left_out.is_empty());
    assert_eq!(naively(&naive, &[], now()), [by(6, "sync:XA")].into());
    assert_eq!(naively(&naive, &[Check::Settled], now()).len(), 2);
}

#[test]
fn suspensions_come_also_while_metadata_has_run_out() {
    let world = World::begun();
    world.round();
    let naive = world.naive();
    world.suspensions("m", &[(suspend(1, 11, id(5)), 1)]);
    let report = world.client(&["m"]).once(later(8)).unwrap();
    assert!(!is_fresh(&report));
    assert_eq!(report.suspensions.off, 1);
    assert_eq!(naively(&naive, &[], later(8)), [by(5, "sync:XA")].into());
    let lacking = [Check::SuspensionsBeside];
    assert!(naively(&naive, &lacking, later(8)).is_empty());
}

#[test]
fn a_list_of_another_register_is_not_read() {
    let world = World::begun();
    let text = String::from_utf8(list(&[(suspend(1, 11, id(5)), 1)])).unwrap();
    let other = text.replace(&REGISTER.to_string(), &"8".repeat(64));
    world.put("m", "suspensions.list", other.as_bytes());
    let report = world.round();
    assert_eq!(report.suspensions.off, 0);
    assert!(
        told(&report).contains("of the register"),
        "{}",
        told(&report)
    );
    // What states have suspended is not known then, and that is said: the client may go by the wrong register.
    assert!(!report.suspensions.heard && !is_fresh(&report));
    // The list of one mirror is enough.
    world.copy("m", "n");
    world.suspensions("n", &[(suspend(1, 11, id(5)), 1)]);
    let report = world.client(&["m", "n"]).once(now()).unwrap();
    assert!(report.suspensions.heard && is_fresh(&report));
    assert_eq!(report.suspensions.off, 1);
    let world = World::begun();
    world.put("m", "suspensions.list", other.as_bytes());
    let naive = Naive::new(&world);
    assert!(naively(&naive, &[], now()).is_empty());
    let lacking = [Check::RegisterOfList];
    assert_eq!(naively(&naive, &lacking, now()), [by(5, "sync:XA")].into());
}
