//! Changes of keys.

use super::*;

#[test]
fn a_state_gets_another_key_and_platforms_follow() {
    let dir = Dir::new("rotation");
    let mut repository = dir.with(&[41]); // signed by XA and XC
    let terms = root_terms(2, &[(1, 1), (2, 2), (3, 30)]);
    let request = repository.propose_root(terms).unwrap();
    // XC's old key is gone; its new one alone is not enough beside XA: the old root has to find two of its own.
    let signatures = signed(&repository, &request, &[1, 30]);
    let refused = repository.add_root(&request, &signatures).unwrap_err();
    assert!(refused.to_string().contains("by root 1"), "{refused}");
    let signatures = signed(&repository, &request, &[1, 2]);
    // What XC has signed by its old key counts no more, so that one of two is missing.
    let not = repository.add_root(&request, &signatures).unwrap();
    assert_eq!(not, [Role::Targets]);
    let mut repository = Repository::open(&dir.0).unwrap();
    let published = repository.published().unwrap();
    assert_eq!(published.not_by_newest_root, [Role::Targets]);
    let clock = key(CLOCK);
    let refused = repository
        .refresh_timestamp(page(&clock), now())
        .unwrap_err();
    assert!(
        matches!(&refused, RepositoryError::NotByNewestRoot(roles) if *roles == [Role::Targets])
    );
    let plan = repository.plan_renewal(later()).unwrap();
    try_publish(&mut repository, &plan, &[1, 30]).unwrap();
    assert!(fetched(&dir.0, None).1 == snapshot(41).as_bytes());
    publish_by(&mut repository, 42, &[2, 30]);
    assert!(fetched(&dir.0, Some(&snapshot(41))).1 == snapshot(42).as_bytes());
}

fn publish_by(repository: &mut Repository, number: u64, keys: &[u8]) {
    let plan = repository.plan(&snapshot(number), terms()).unwrap();
    try_publish(repository, &plan, keys).unwrap();
}

#[test]
fn a_change_costs_nothing_where_those_who_stay_have_signed() {
    let dir = Dir::new("rotation-free");
    let mut repository = dir.founded();
    publish_by(&mut repository, 41, &[1, 2]);
    let terms = root_terms(2, &[(1, 1), (2, 2), (3, 30)]);
    let request = repository.propose_root(terms).unwrap();
    let signatures = signed(&repository, &request, &[1, 2]);
    assert_eq!(repository.add_root(&request, &signatures).unwrap(), []);
    assert!(fetched(&dir.0, None).1 == snapshot(41).as_bytes());
}

#[test]
fn the_publisher_changes_its_keys_without_the_states_signing_targets() {
    let dir = Dir::new("rotation-publisher");
    let mut repository = dir.with(&[41]);
    let terms = RootTerms {
        snapshot: vec![key(102).public_key()],
        timestamp: vec![key(103).public_key()],
        ..root_terms(2, &THREE)
    };
    let request = repository.propose_root(terms).unwrap();
    let signatures = signed(&repository, &request, &[2, 3]);
    let not = repository.add_root(&request, &signatures).unwrap();
    assert_eq!(not, [Role::Snapshot, Role::Timestamp]);
    let (old, snapshot_key, clock) = (key(CLOCK), key(102), key(103));
    let refused = repository.refresh_timestamp(page(&clock), now());
    assert!(matches!(refused, Err(RepositoryError::NotByNewestRoot(_))));
    let refused = repository.refresh_snapshot(&publisher(&snapshot_key, &old));
    assert!(matches!(
        refused,
        Err(RepositoryError::Signing(SigningError::NotASigner { .. }))
    ));
    let by = publisher(&snapshot_key, &clock);
    let published = repository.refresh_snapshot(&by).unwrap();
    assert_eq!(published.not_by_newest_root, []);
    assert!(fetched(&dir.0, None).1 == snapshot(41).as_bytes());
}

#[test]
fn a_plan_of_an_older_root_is_made_anew() {
    let dir = Dir::new("rotation-plan");
    let mut repository = dir.with(&[41]);
    let plan = repository.plan(&snapshot(42), terms()).unwrap();
    let request = repository.propose_root(root_terms(2, &THREE)).unwrap();
    let signatures = signed(&repository, &request, &[1, 2]);
    repository.add_root(&request, &signatures).unwrap();
    let refused = try_publish(&mut repository, &plan, &[1, 2]).unwrap_err();
    assert!(matches!(refused, RepositoryError::Outdated));
    publish(&mut repository, 42).unwrap();
}

#[test]
fn terms_that_may_not_follow_are_refused_before_anybody_signs() {
    let dir = Dir::new("rotation-terms");
    let repository = dir.with(&[41]);
    let refused = repository.propose_root(root_terms(3, &THREE)).unwrap_err();
    assert!(matches!(refused, RepositoryError::RootVersion { .. }));
    // XC's key for XD.
    let moved = root_terms(2, &[(1, 1), (2, 2), (4, 3)]);
    let refused = repository.propose_root(moved).unwrap_err();
    assert!(matches!(refused, RepositoryError::Terms(_)), "{refused}");
    let two_keys = root_terms(2, &[(1, 1), (2, 2), (2, 3)]);
    let refused = repository.propose_root(two_keys).unwrap_err();
    assert!(matches!(refused, RepositoryError::Terms(_)), "{refused}");
}
