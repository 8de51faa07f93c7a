//! Followers keep what they have while files of the folder are damaged or gone, and say so.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ijkpunt::hash::Radius;
use ijkpunt::snapshot::{Edition, Folder, Live, Snapshot};

use super::drawn::{by, id, pdq, snapshot, why};
use super::place::{Place, files, snapshots};
use super::started::none_starts;

/// Whether every hash of the drawn snapshot is found in what is current, and nothing is off but these.
fn is_asked_as_before(live: &Live, expected: &Snapshot, off: usize) {
    let edition = live.current();
    assert_eq!(edition.snapshot().id(), expected.id());
    assert_eq!(edition.off().len(), off);
    for seed in 0..expected.entries() as u64 / 2 {
        let hits = edition
            .snapshot()
            .wholes()
            .search(pdq(seed), Radius::DEFAULT);
        let [hit] = hits[..] else { panic!("{hits:?}") };
        let number = edition.snapshot().whole(hit.row).entry;
        assert_eq!(edition.snapshot().entry_id(number), Some(id(seed)));
    }
}

/// Whether looking fails, says why with the path of a file, and leaves everything as it was.
fn is_refused(live: &Live, before: &Arc<Edition>, place: &Place) -> String {
    let error = live.refresh().unwrap_err().to_string();
    let trouble = live.trouble().unwrap();
    assert_eq!(*trouble, error);
    assert!(
        error.contains(place.path().to_str().unwrap()),
        "{error} without a path"
    );
    let now = live.current();
    assert!(Arc::ptr_eq(now.snapshot(), before.snapshot()));
    assert_eq!(now.suspensions(), before.suspensions());
    assert_eq!(now.off(), before.off());
    error
}

#[test]
fn a_damaged_or_missing_pointer_changes_nothing_for_those_who_follow() {
    let place = Place::new("pointer");
    let first = snapshot(11, 40);
    place.folder().install(&first).unwrap();
    place.folder().suspend(id(3), &by("own"), why()).unwrap();
    let live = Live::follow(place.path()).unwrap();
    let before = live.current();
    let path = place.current();
    let whole = fs::read(&path).unwrap();
    let flipped = (0..whole.len()).flat_map(|at| {
        [0x01, 0x80].map(|mask| {
            let mut bytes = whole.clone();
            bytes[at] ^= mask;
            bytes
        })
    });
    let cut = (0..whole.len()).map(|length| whole[..length].to_vec());
    for damaged in flipped.chain(cut) {
        place.put(&path, &damaged);
        let error = is_refused(&live, &before, &place);
        assert!(error.contains("current: damaged"), "{error}");
        place.put(&path, &whole);
        live.refresh().unwrap();
        assert_eq!(live.trouble(), None);
    }
    is_asked_as_before(&live, &first, 1);
    fs::remove_file(&path).unwrap();
    let error = is_refused(&live, &before, &place);
    assert!(
        error.contains("current: gone, though something was installed"),
        "{error}"
    );
    place.put(&path, &whole);
    live.refresh().unwrap();
    assert_eq!(live.trouble(), None);
    is_asked_as_before(&live, &first, 1);
}

#[test]
fn a_snapshot_that_was_removed_is_asked_on_and_comes_back_by_installing_it_again() {
    let place = Place::new("removed");
    let folder = place.folder();
    let first = snapshot(1, 40);
    folder.install(&first).unwrap();
    folder.suspend(id(3), &by("own"), why()).unwrap();
    let live = Live::follow(place.path()).unwrap();
    let path = place.snapshot(first.id());
    fs::remove_file(&path).unwrap();
    live.refresh().unwrap();
    is_asked_as_before(&live, &first, 1);
    for error in [
        Live::follow(place.path()).unwrap_err(),
        folder.open().unwrap_err(),
    ] {
        let error = error.to_string();
        assert!(error.contains(path.to_str().unwrap()), "{error}");
    }
    // Switching goes on without it.
    assert!(folder.suspend(id(4), &by("own"), why()).unwrap());
    live.refresh().unwrap();
    is_asked_as_before(&live, &first, 2);
    let installed = folder.install(&first).unwrap();
    assert_eq!(installed.before, Some(first.id()));
    assert_eq!(installed.edition.off().len(), 2);
    for live in [live, Live::follow(place.path()).unwrap()] {
        live.refresh().unwrap();
        assert_eq!(live.trouble(), None);
        is_asked_as_before(&live, &first, 2);
    }
}

/// Copies the files that make another folder's newest snapshot the installed one, with the snapshot itself changed.
fn put_damaged(place: &Place, other: &Path, id: &str, change: impl Fn(&mut Vec<u8>)) {
    let mut all: Vec<(PathBuf, Vec<u8>)> = files(other).into_iter().collect();
    all.sort_by_key(|(path, _)| path.ends_with("current")); // the last, as in an installation
    for (path, mut bytes) in all {
        if path.ends_with(id) {
            change(&mut bytes);
        }
        place.put(
            &place.path().join(path.strip_prefix(other).unwrap()),
            &bytes,
        );
    }
}

#[test]
fn a_damaged_snapshot_is_not_taken_over_but_what_is_off_with_it_is() {
    let (place, other) = (Place::new("damaged"), Place::new("damaged-other"));
    let [first, second] = [1, 2].map(|k| snapshot(k, 40));
    place.folder().install(&first).unwrap();
    other.folder().install(&first).unwrap();
    other.folder().suspend(id(3), &by("own"), why()).unwrap();
    drop(other.folder().install(&second).unwrap());
    let live = Live::follow(place.path()).unwrap();
    let first_edition = live.current();
    assert!(first_edition.off().is_empty());
    let name = second.id().to_string();
    let length = second.as_bytes().len();
    for at in (0..length).step_by(61).chain([length - 1]) {
        for mask in [0x01, 0x80, 0xff] {
            put_damaged(&place, other.path(), &name, |bytes| bytes[at] ^= mask);
            let error = live.refresh().unwrap_err().to_string();
            assert_eq!(*live.trouble().unwrap(), error);
            assert!(error.contains(&name), "byte {at}: {error}");
            let now = live.current();
            assert!(Arc::ptr_eq(now.snapshot(), first_edition.snapshot()));
            is_asked_as_before(&live, &first, 1);
            Live::follow(place.path()).unwrap_err();
        }
    }
    for cut in [0, 1, 8, 100, length / 2, length - 1] {
        put_damaged(&place, other.path(), &name, |bytes| bytes.truncate(cut));
        let error = live.refresh().unwrap_err().to_string();
        assert!(error.contains(&name), "{cut} bytes: {error}");
        is_asked_as_before(&live, &first, 1);
    }
    // The whole of another snapshot, under its name.
    put_damaged(&place, other.path(), &name, |bytes| {
        *bytes = first.as_bytes().to_vec();
    });
    let error = live.refresh().unwrap_err().to_string();
    assert!(error.contains("holds snapshot"), "{error}");
    assert!(
        error.contains(&first.id().to_string()) && error.contains(&name),
        "{error}"
    );
    // What comes off or on meanwhile takes effect, too.
    let folder = place.folder();
    assert!(folder.suspend(id(4), &by("own"), why()).unwrap());
    live.refresh().unwrap_err();
    is_asked_as_before(&live, &first, 2);
    assert!(folder.resume(id(4), &by("own"), why()).unwrap());
    live.refresh().unwrap_err();
    is_asked_as_before(&live, &first, 1);
    folder.install(&second).unwrap();
    live.refresh().unwrap();
    assert_eq!(live.trouble(), None);
    is_asked_as_before(&live, &second, 1);
}

#[test]
fn suspensions_that_are_damaged_or_gone_change_nothing_for_those_who_follow() {
    let place = Place::new("unknown-off");
    let first = snapshot(1, 40);
    place.folder().install(&first).unwrap();
    place.folder().suspend(id(3), &by("own"), why()).unwrap();
    let live = Live::follow(place.path()).unwrap();
    let before = live.current();
    place.folder().suspend(id(4), &by("own"), why()).unwrap();
    let in_folder = files(&place.path().join("suspensions"));
    let [(path, whole)] = &in_folder.into_iter().collect::<Vec<_>>()[..] else {
        panic!("more than one");
    };
    // Cut behind a line, it would be one that is off fewer.
    let lines = whole.split_inclusive(|byte| *byte == b'\n').count();
    assert_eq!(lines, 3);
    for length in 0..whole.len() {
        place.put(path, &whole[..length]);
        let error = is_refused(&live, &before, &place);
        assert!(error.contains(path.to_str().unwrap()), "{error}");
        assert!(Folder::at(place.path()).open().is_err());
    }
    fs::remove_file(path).unwrap();
    is_refused(&live, &before, &place);
    place.folder().install(&snapshot(2, 40)).unwrap_err();
    place.put(path, whole);
    live.refresh().unwrap();
    is_asked_as_before(&live, &first, 2);
}

#[test]
fn old_snapshots_stay_as_long_as_somebody_holds_them_and_then_go() {
    let _lock = none_starts();
    let place = Place::new("old");
    let folder = place.folder();
    let all: Vec<Snapshot> = (1..=5).map(|k| snapshot(k, 40)).collect();
    let name = |k: usize| all[k - 1].id().to_string();
    folder.install(&all[0]).unwrap();
    let live = Live::follow(place.path()).unwrap();
    let held = live.current();
    for k in [2, 3] {
        folder.install(&all[k - 1]).unwrap();
        live.refresh().unwrap();
    }
    let lie_there = snapshots(place.path());
    assert!(lie_there.contains(&name(1)) && lie_there.contains(&name(3)));
    assert!(held.snapshot().as_bytes() == all[0].as_bytes());
    drop(held);
    live.refresh().unwrap(); // lets go of those that nobody holds
    folder.install(&all[3]).unwrap();
    let mut expected = [name(3), name(4)]; // it is still on the third
    expected.sort();
    assert_eq!(snapshots(place.path()), expected);
    drop(live);
    folder.install(&all[4]).unwrap();
    assert_eq!(snapshots(place.path()), [name(5)]);
}
