//! What may not be installed is refused, says why, and changes nothing; deltas, and folders in which nothing is.

use std::fs;

use ijkpunt::Limits;
use ijkpunt::snapshot::{Delta, DeltaError, Folder, FolderError, Live};

use super::drawn::{by, draft, entry, id, opened, pdq, snapshot, why};
use super::place::{Place, files};
use super::started::none_starts;

#[test]
fn an_older_snapshot_or_another_of_the_same_number_is_refused_and_changes_nothing() {
    let place = Place::new("older");
    let folder = place.folder();
    let [older, second] = [9, 10].map(|k| snapshot(k, 40));
    let other = snapshot(10, 41);
    folder.install(&second).unwrap();
    folder.suspend(id(3), &by("own"), why()).unwrap();
    let live = Live::follow(place.path()).unwrap();
    let before = files(place.path());
    let refused = folder.install(&older).unwrap_err();
    let told = "snapshot 9 is older than the installed one, 10: get a newer one";
    assert_eq!(refused.to_string(), told);
    assert!(matches!(
        refused,
        FolderError::Older {
            offered: 9,
            installed: 10
        }
    ));
    let refused = folder.install(&other).unwrap_err();
    let [other, installed] = [other.id(), second.id()];
    let told = format!(
        "snapshot {other} has number 10, as the installed one has, {installed}: two of one number cannot both be right; \
         give your own a higher one, of others' ask who publishes them"
    );
    assert_eq!(refused.to_string(), told);
    assert!(files(place.path()) == before);
    // Also where the installed one is lost, which its number is not.
    let path = place.snapshot(second.id());
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(matches!(
        folder.install(&older).unwrap_err(),
        FolderError::Older { .. }
    ));
    place.put(&path, &bytes);
    let again = folder.install(&second).unwrap();
    assert_eq!(again.before, Some(second.id()));
    assert_eq!((again.carried, again.gone), (vec![], vec![]));
    assert!(files(place.path()) == before);
    live.refresh().unwrap();
    assert_eq!(live.current().snapshot().id(), second.id());
    assert_eq!(live.current().off().len(), 1);
}

#[test]
fn a_delta_installs_what_the_whole_snapshot_does() {
    let _lock = none_starts();
    let [by_delta, whole] = ["by-delta", "whole"].map(Place::new);
    let all = [1, 2, 3].map(|k| snapshot(k, 40 + k));
    for place in [&by_delta, &whole] {
        place.folder().install(&all[0]).unwrap();
        place.folder().suspend(id(3), &by("own"), why()).unwrap();
    }
    for pair in all.windows(2) {
        let bytes = Delta::between(&pair[0], &pair[1]).unwrap().to_bytes();
        let delta = Delta::from_bytes(&bytes).unwrap();
        whole.folder().install(&pair[1]).unwrap();
        // The second time it is installed already.
        for before in pair {
            let installed = by_delta.folder().install_delta(&delta).unwrap();
            assert_eq!(installed.before, Some(before.id()));
            assert!(installed.edition.snapshot().as_bytes() == pair[1].as_bytes());
            assert_eq!(installed.edition.off().len(), 1);
        }
        let relative = |place: &Place| -> Vec<_> {
            let all = files(place.path()).into_iter();
            let relative = all.map(|(path, bytes)| {
                let path = path.strip_prefix(place.path()).unwrap();
                (path.to_owned(), bytes)
            });
            let mut relative: Vec<_> = relative.collect();
            relative.retain(|(path, _)| !path.ends_with(pair[0].id().to_string()));
            relative
        };
        assert!(relative(&by_delta) == relative(&whole));
    }
}

#[test]
fn a_delta_of_another_snapshot_or_to_an_older_one_is_refused_and_changes_nothing() {
    let place = Place::new("delta");
    let folder = place.folder();
    let all = [1, 2, 3].map(|k| snapshot(k, 40));
    folder.install(&all[1]).unwrap();
    let before = files(place.path());
    let other = Delta::between(&all[0], &all[2]).unwrap();
    let refused = folder.install_delta(&other).unwrap_err();
    let FolderError::Delta(DeltaError::OtherBase { expected, found }) = refused else {
        panic!("{refused}");
    };
    assert_eq!((expected, found), (all[0].id(), all[1].id()));
    let back = Delta::between(&all[1], &all[0]).unwrap();
    let refused = folder.install_delta(&back).unwrap_err();
    assert!(matches!(refused, FolderError::Older { .. }), "{refused}");
    assert!(files(place.path()) == before);
    let empty = Place::new("delta-empty");
    let refused = empty.folder().install_delta(&back).unwrap_err();
    assert!(matches!(refused, FolderError::Empty { .. }), "{refused}");
}

#[test]
fn where_nothing_is_installed_the_error_names_the_command_that_installs() {
    let place = Place::new("empty");
    for dir in [place.path().to_owned(), place.path().join("not there")] {
        let told = [
            Live::follow(&dir).unwrap_err().to_string(),
            Folder::at(&dir).open().unwrap_err().to_string(),
        ];
        let expected = format!("`ijkpunt baseline install FILE --dir {}`", dir.display());
        assert!(told.iter().all(|told| told.contains(&expected)), "{told:?}");
        assert!(!Folder::is_at(&dir));
    }
    assert!(
        files(place.path()).is_empty(),
        "asking makes no files or folders"
    );
    let switched = place
        .folder()
        .suspend(id(3), &by("own"), why())
        .unwrap_err();
    assert!(matches!(switched, FolderError::Empty { .. }), "{switched}");
    place.folder().install(&snapshot(1, 4)).unwrap();
    assert!(Folder::is_at(place.path()));
}

#[test]
fn an_expired_snapshot_is_followed_and_says_that_it_is() {
    let place = Place::new("expired");
    let mut drawn = draft(1, [entry(1, [pdq(1)])]);
    let until = "2020-01-01T00:00:00Z".parse().unwrap();
    drawn.valid_until(until);
    place.folder().install(&opened(&drawn)).unwrap();
    let live = Live::follow(place.path()).unwrap();
    assert_eq!(live.current().snapshot().valid_until(), Some(until));
}

#[test]
fn a_snapshot_beyond_the_limit_is_not_installed() {
    let place = Place::new("limit");
    let [small, large] = [snapshot(1, 10), snapshot(2, 400)];
    let mut limits = Limits::default();
    limits.snapshot_bytes = large.as_bytes().len() as u64 - 1;
    let folder = Folder::within(place.path(), &limits);
    folder.install(&small).unwrap();
    let live = Live::follow_within(place.path(), &limits).unwrap();
    let refused = folder.install(&large).unwrap_err().to_string();
    assert!(refused.contains("bytes of snapshot"), "{refused}");
    assert_eq!(folder.open().unwrap().snapshot().id(), small.id());
    // One who allows more installs it; those who follow within the limit keep what they have.
    place.folder().install(&large).unwrap();
    let refused = live.refresh().unwrap_err().to_string();
    assert!(refused.contains("bytes of snapshot"), "{refused}");
    assert_eq!(live.current().snapshot().id(), small.id());
}
