//! What a client keeps: damaged, gone, or of a process that was killed.

use std::fs;

use ijkpunt::sync::SyncError;

use super::old::ROLLBACK;
use super::world::*;

#[test]
fn a_state_that_is_cut_or_changed_anywhere_is_refused() {
    let world = World::begun();
    let first = world.round();
    let path = world.path("c").join("state");
    let whole = fs::read(&path).unwrap();
    let cut = (0..whole.len()).map(|length| whole[..length].to_vec());
    let flipped = (0..whole.len()).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    });
    let client = world.client(&["m"]);
    for damaged in cut.chain(flipped) {
        fs::write(&path, &damaged).unwrap();
        let error = client.once(now()).unwrap_err();
        assert!(matches!(error, SyncError::State { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
    fs::write(&path, [whole.as_slice(), b"x"].concat()).unwrap();
    assert!(client.once(now()).is_err());
    fs::write(&path, &whole).unwrap();
    assert_eq!(client.once(now()).unwrap().installed, first.installed);
}

#[test]
fn a_state_that_is_gone_is_no_new_beginning() {
    let world = World::begun();
    world.copy("m", "old");
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    world.round();
    fs::remove_file(world.path("c").join("state")).unwrap();
    let mut naive = world.naive();
    let error = world.client(&["old"]).once(now()).unwrap_err();
    assert!(matches!(error, SyncError::StateLost { .. }), "{error}");
    // Whoever begins anew where nothing can be read is shown the past.
    naive.loses_all();
    let naive = naive.without(&[Check::KeptState], "old", now());
    assert!(naive.has(&usual(1)));
}

#[test]
fn whoever_is_killed_between_installing_and_keeping_goes_on() {
    let world = World::begun();
    world.round();
    let path = world.path("c").join("state");
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    // The folder refuses the installation, after what was about to be installed was kept.
    let snapshots = world.path("c").join("baseline/lock");
    fs::remove_file(&snapshots).unwrap();
    fs::create_dir(&snapshots).unwrap();
    let error = world.client(&["m"]).once(now()).unwrap_err();
    assert!(matches!(error, SyncError::Folder(_)), "{error}");
    fs::remove_dir(&snapshots).unwrap();
    let about_to = fs::read(&path).unwrap();
    // As if it had been killed right behind the installation:
    let client = world.client(&["m"]);
    client.folder().install(&usual(2)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), about_to);
    let report = client.once(now()).unwrap();
    assert!(is_fresh(&report) && report.update.is_none());
    assert_eq!(report.installed.sequence, 2);
    // And as if right before it:
    fs::remove_dir_all(world.path("c").join("baseline")).unwrap();
    fs::write(&path, &about_to).unwrap();
    world.client(&["m"]).folder().install(&usual(1)).unwrap();
    let report = world.round();
    assert_eq!(report.update.unwrap().from, Some(1));
    assert_eq!(report.installed.sequence, 2);
}

#[test]
fn what_somebody_else_has_installed_is_an_error() {
    let world = World::begun();
    world.round();
    let client = world.client(&["m"]);
    client.folder().install(&usual(7)).unwrap();
    let error = client.once(now()).unwrap_err();
    assert!(matches!(error, SyncError::OtherInstalled { .. }), "{error}");
}

#[test]
fn a_folder_that_was_emptied_is_filled_again_and_not_with_older_things() {
    let world = World::begun();
    world.copy("m", "old");
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    world.round();
    fs::remove_dir_all(world.path("c").join("baseline")).unwrap();
    let error = world.client(&["old"]).once(now()).unwrap_err();
    assert!(error.to_string().contains("was seen before"), "{error}");
    let naive = world.naive().without(&ROLLBACK, "old", now());
    assert!(naive.has(&usual(1)));
    let report = world.round();
    assert!(is_fresh(&report) && report.update.is_some());
    let client = world.client(&["m"]);
    assert_eq!(client.folder().installed().unwrap().1, 2);
}

#[test]
fn two_processes_do_not_meet() {
    let world = World::begun();
    world.round();
    let lock = fs::File::open(world.path("c").join("lock")).unwrap();
    lock.lock().unwrap();
    let error = world.client(&["m"]).once(now()).unwrap_err();
    assert!(matches!(error, SyncError::Busy { .. }), "{error}");
    drop(lock);
    world.round();
}
