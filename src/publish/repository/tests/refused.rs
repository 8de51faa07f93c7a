//! What is not published, and folders that are not read.

use crate::tuf::Mismatch;

use super::*;

fn refused(repository: &mut Repository, plan: &Plan, keys: &[u8]) -> RepositoryError {
    let before = files(repository.path());
    let refused = try_publish(repository, plan, keys).unwrap_err();
    assert_eq!(files(repository.path()), before, "nothing is written");
    refused
}

#[test]
fn one_state_publishes_nothing() {
    let dir = Dir::new("one-state");
    let mut repository = dir.with(&[41]);
    let plan = repository.plan(&snapshot(42), terms()).unwrap();
    let told = refused(&mut repository, &plan, &[3]).to_string();
    assert!(told.contains("missing are XA, XB"), "{told}");
    let told = refused(&mut repository, &plan, &[3, 3]).to_string();
    assert!(told.contains("is there twice"), "{told}");
    let mut empty = Repository::create(dir.0.join("other")).unwrap();
    let request = empty.propose_root(root_terms(1, &THREE)).unwrap();
    let signatures = signed(&empty, &request, &[2]);
    let told = empty.add_root(&request, &signatures).unwrap_err();
    assert!(told.to_string().contains("1 of 2 states"), "{told}");
    assert_eq!(empty.root(), None);
}

#[test]
fn signatures_of_something_else_do_not_fit() {
    let dir = Dir::new("other-request");
    let mut repository = dir.with(&[41]);
    let plans = [42, 43].map(|number| repository.plan(&snapshot(number), terms()).unwrap());
    let signatures = signed(&repository, &plans[0].request(), &[1, 2]);
    let (snapshot_key, clock) = (key(PAGE), key(CLOCK));
    let by = publisher(&snapshot_key, &clock);
    let refused = repository.publish(&plans[1], &signatures, &by);
    assert!(matches!(
        refused,
        Err(RepositoryError::Signing(SigningError::OfAnother { .. }))
    ));
    let other = repository.add_root(&plans[0].request(), &signatures);
    assert!(matches!(
        other,
        Err(RepositoryError::NotARoot(Role::Targets))
    ));
}

#[test]
fn a_snapshot_that_is_not_above_the_published_one_is_not_planned() {
    let dir = Dir::new("not-above");
    let mut repository = dir.with(&[41, 42]);
    for number in [40, 41, 42] {
        let refused = repository.plan(&snapshot(number), terms()).unwrap_err();
        assert!(
            matches!(refused, RepositoryError::NotAbove { offered, published: 42 } if offered == number)
        );
    }
    // Planned before another one was published.
    let plan = repository.plan(&snapshot(43), terms()).unwrap();
    publish(&mut repository, 44).unwrap();
    assert!(matches!(
        refused(&mut repository, &plan, &[1, 2]),
        RepositoryError::Outdated
    ));
}

#[test]
fn what_has_ended_is_not_published() {
    let dir = Dir::new("ended");
    let mut repository = dir.with(&[41]);
    let plan = repository.plan(&snapshot(42), terms()).unwrap();
    let signatures = signed(&repository, &plan.request(), &[1, 2]);
    let (snapshot_key, clock) = (key(PAGE), key(CLOCK));
    let by = publisher(&snapshot_key, &clock);
    let ended = |result: Result<&Published, RepositoryError>| match result {
        Err(RepositoryError::Ended { role, .. }) => role,
        other => panic!("{other:?}"),
    };
    let late = Publisher { now: later(), ..by };
    assert_eq!(
        ended(repository.publish(&plan, &signatures, &late)),
        Role::Root
    );
    let short = Page {
        expires: now(),
        ..by.snapshot
    };
    let of_snapshot = Publisher {
        snapshot: short,
        ..by
    };
    let of_timestamp = Publisher {
        timestamp: Page {
            key: &clock,
            ..short
        },
        ..by
    };
    for (by, role) in [
        (of_snapshot, Role::Snapshot),
        (of_timestamp, Role::Timestamp),
    ] {
        assert_eq!(ended(repository.publish(&plan, &signatures, &by)), role);
    }
    // The pages of the first end after a week, the targets where the plan says.
    let week = time("2026-11-29T10:00:00Z");
    let next = Page {
        key: &clock,
        expires: later(),
    };
    assert_eq!(
        ended(repository.refresh_timestamp(next, week)),
        Role::Snapshot
    );
    let early = PlanTerms {
        expires: now(),
        ..terms()
    };
    let plan = repository.plan(&snapshot(42), early).unwrap();
    let signatures = signed(&repository, &plan.request(), &[1, 2]);
    assert_eq!(
        ended(repository.publish(&plan, &signatures, &by)),
        Role::Targets
    );
    let outlives = PlanTerms {
        expires: time("2027-11-22T10:00:01Z"),
        ..terms()
    };
    let refused = repository.plan(&snapshot(42), outlives).unwrap_err();
    assert!(matches!(refused, RepositoryError::Outlives { .. }));
}

#[test]
fn a_damaged_folder_is_not_opened_and_says_which_file() {
    let dir = Dir::new("damaged");
    dir.with(&[41, 42]);
    let whole = files(&dir.0);
    let needed = |name: &Path| {
        let name = name.to_str().unwrap();
        !["metadata/1.targets.json", "metadata/1.snapshot.json"].contains(&name)
    };
    for (name, bytes) in whole.iter().filter(|(name, _)| needed(name)) {
        let path = dir.0.join(name);
        let told = |what: &str| match Repository::open(&dir.0) {
            Ok(_) => panic!("{what}: {} was opened", name.display()),
            Err(error) => error.to_string(),
        };
        fs::remove_file(&path).unwrap();
        assert!(told("gone").contains("put it back from a mirror"));
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(told("cut off").contains(name.to_str().unwrap()));
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 1;
        fs::write(&path, &flipped).unwrap();
        if name.starts_with("metadata") {
            assert!(told("flipped").contains(name.to_str().unwrap()));
        } else {
            // Targets are looked at where they are needed.
            let repository = Repository::open(&dir.0).unwrap();
            let is_found = |error: RepositoryError| {
                matches!(
                    error,
                    RepositoryError::Mismatch {
                        source: Mismatch::Sha256,
                        ..
                    }
                )
            };
            assert!(is_found(repository.audit().unwrap_err()));
            // The delta is not listed any more: there is a straight one.
            let plan = repository.plan(&snapshot(43), terms());
            let is_delta = name.extension().is_some_and(|ending| ending == "ijd");
            assert_eq!(plan.is_ok(), is_delta);
            assert!(plan.map_or_else(is_found, |_| true));
        }
        fs::write(&path, bytes).unwrap();
        Repository::open(&dir.0).unwrap();
    }
}

#[test]
fn a_delta_is_made_of_the_published_snapshot_and_of_no_other() {
    let dir = Dir::new("no-delta");
    let repository = dir.with(&[41]);
    let (name, file) = repository.published().unwrap().targets.newest();
    let path = dir.0.join(target_path(&name, &file.sha256));
    let (right, mut wrong) = (snapshot(41), snapshot(43).as_bytes().to_vec());
    wrong.resize(right.as_bytes().len(), 0);
    fs::write(&path, wrong).unwrap();
    let refused = repository.plan(&snapshot(44), terms()).unwrap_err();
    assert!(matches!(
        refused,
        RepositoryError::Mismatch {
            source: Mismatch::Sha256,
            ..
        }
    ));
}

#[test]
fn a_gap_in_the_roots_is_no_end_of_them() {
    let dir = Dir::new("root-gap");
    let mut repository = dir.with(&[41]);
    for number in [2, 3] {
        let request = repository.propose_root(root_terms(number, &THREE)).unwrap();
        let signatures = signed(&repository, &request, &[1, 2]);
        repository.add_root(&request, &signatures).unwrap();
    }
    let [first, second, third] = [1, 2, 3].map(|number| {
        let path = dir.0.join(metadata_path(Role::Root, version(number)));
        (path.clone(), fs::read(path).unwrap())
    });
    fs::remove_file(&second.0).unwrap();
    let refused = Repository::open(&dir.0).unwrap_err();
    assert!(matches!(refused, RepositoryError::Lost { path } if path == second.0));
    // Another one in its place.
    fs::write(&second.0, &third.1).unwrap();
    let refused = Repository::open(&dir.0).unwrap_err();
    assert!(matches!(refused, RepositoryError::Metadata { .. }));
    fs::write(&second.0, &second.1).unwrap();
    fs::write(&first.0, &second.1).unwrap();
    let refused = Repository::open(&dir.0).unwrap_err();
    assert!(matches!(
        refused,
        RepositoryError::Mismatch {
            source: Mismatch::Version { .. },
            ..
        }
    ));
}

#[test]
fn only_one_writes_at_a_time() {
    let dir = Dir::new("busy");
    let mut first = dir.with(&[41]);
    let mut second = Repository::open(&dir.0).unwrap();
    let held = first.lock().unwrap();
    let busy =
        |result: Result<(), RepositoryError>| matches!(result, Err(RepositoryError::Busy { .. }));
    assert!(busy(publish(&mut second, 42)));
    let clock = key(CLOCK);
    assert!(busy(
        second.refresh_timestamp(page(&clock), now()).map(drop)
    ));
    assert!(busy(second.clean(1).map(drop)));
    drop(held);
    publish(&mut second, 42).unwrap();
    // The first learns of it when it writes.
    first.refresh_timestamp(page(&clock), now()).unwrap();
    let published = first.published().unwrap();
    assert_eq!(published.timestamp.version(), version(3));
}

#[test]
fn what_is_no_repository_is_told_so() {
    let dir = Dir::new("none");
    assert!(matches!(
        Repository::open(&dir.0),
        Err(RepositoryError::NotARepository { .. })
    ));
    let mut empty = Repository::create(&dir.0).unwrap();
    assert!(matches!(
        Repository::create(&dir.0),
        Err(RepositoryError::NotEmpty { .. })
    ));
    assert!(matches!(
        empty.plan(&snapshot(41), terms()),
        Err(RepositoryError::NoRoot { .. })
    ));
    for nothing in [
        empty.plan_renewal(later()).map(drop),
        empty.newest().map(drop),
        empty.clean(1).map(drop),
        empty.refresh_timestamp(page(&key(CLOCK)), now()).map(drop),
    ] {
        assert!(matches!(
            nothing,
            Err(RepositoryError::NothingPublished { .. })
        ));
    }
}
