use crate::limits::{Exceeded, Resource};

use super::*;

#[test]
fn a_repository_verifies_from_its_root_on() {
    let [root, targets, snapshot, timestamp] = repository();
    let root = verify_root(&root, &limits()).unwrap();
    let newest = verify_timestamp(&root, &timestamp, &limits()).unwrap();
    newest.snapshot.check(&snapshot).unwrap();
    let page = verify_snapshot(&root, &snapshot, &limits()).unwrap();
    newest.snapshot.check_version(&*page).unwrap();
    page.targets.check(&targets).unwrap();
    let listed = verify_targets(&root, &targets, &limits()).unwrap();
    page.targets.check_version(&*listed).unwrap();
    assert_eq!(listed.newest().0.to(), 42);
    assert_eq!(
        newest.snapshot.check(&targets),
        Err(Mismatch::Length {
            said: snapshot.len() as u64,
            found: targets.len() as u64
        })
    );
    let mut other = snapshot.clone();
    other[0] ^= 1;
    assert_eq!(newest.snapshot.check(&other), Err(Mismatch::Sha256));
    assert_eq!(
        page.targets.check_version(&*page),
        Err(Mismatch::Version {
            said: version(7),
            found: version(8)
        })
    );
}

#[test]
fn time_and_rollback_are_asked_of_the_value() {
    let root = first();
    assert!(!root.is_expired(time("2027-11-22T09:59:59Z")));
    assert!(root.is_expired(time("2027-11-22T10:00:00Z")));
    assert!(targets().is_older_than(version(8)));
    assert!(!targets().is_older_than(version(7)));
}

fn part() -> Value {
    value(&repository()[1])["signed"].take()
}

fn read(by: &By) -> Result<Trusted<Targets>, MetadataError> {
    verify_targets(&first(), &forged(&part(), by), &limits())
}

fn is_too_few(read: &Result<Trusted<Targets>, MetadataError>) -> bool {
    matches!(read, Err(MetadataError::TooFew { .. }))
}

#[test]
fn two_states_are_two_and_one_is_one() {
    assert!(read(TWO).is_ok());
    assert!(is_too_few(&read(&[(1, Some("XA"))])));
    assert!(is_too_few(&read(&[])));
}

#[test]
fn a_signature_of_nobody_is_passed_over_and_never_counts() {
    assert!(is_too_few(&read(&[(1, Some("XA")), (9, Some("XB"))])));
    assert!(is_too_few(&read(&[(1, Some("XA")), (100, None)])));
    assert!(is_too_few(&read(&[
        (1, Some("XA")),
        (1, Some("XB")),
        (1, None)
    ])));
    let strangers = [
        (9, Some("XQ")),
        (1, Some("XA")),
        (2, Some("XB")),
        (100, None),
    ];
    assert!(read(&strangers).is_ok());
}

#[test]
fn a_key_that_signs_twice_is_refused() {
    let twice = [(1, Some("XA")), (1, Some("XA")), (2, Some("XB"))];
    let of: Sha256 = id(1, Some("XA")).parse().unwrap();
    assert_eq!(read(&twice), Err(MetadataError::RepeatedSignature(of)));
}

#[test]
fn a_signature_that_does_not_fit_takes_nothing_from_those_that_do() {
    let mut file = value(&forged(
        &part(),
        &[(1, Some("XA")), (2, Some("XB")), (3, Some("XC"))],
    ));
    file["signatures"][0]["sig"] = file["signatures"][1]["sig"].clone();
    let root = first();
    let trusted = verify_targets(&root, &json::written(file.clone()), &limits()).unwrap();
    assert_eq!(*trusted.states(), [nth(2), nth(3)].into());
    file["signatures"][2]["sig"] = file["signatures"][1]["sig"].clone();
    assert!(is_too_few(&verify_targets(
        &root,
        &json::written(file),
        &limits()
    )));
}

#[test]
fn a_key_that_the_next_root_left_out_counts_no_more() {
    let first = first();
    let mut next = terms();
    next.version = version(2);
    next.targets = StateTerms {
        threshold: 2,
        keys: [2, 3].map(|one| (nth(one), public(one))).into(),
    };
    let bytes = signed(Root::new(next).unwrap(), &[1, 2], Some(&first)).unwrap();
    let next = verify_root_chain(&first, &bytes, &limits()).unwrap();
    let file = forged(&part(), TWO);
    assert!(verify_targets(&first, &file, &limits()).is_ok());
    assert!(is_too_few(&verify_targets(&next, &file, &limits())));
}

#[test]
fn a_root_is_followed_by_its_next_only() {
    let first = first();
    let error = verify_root_chain(&first, first.file(), &limits()).unwrap_err();
    let same = TermsError::NotNext {
        trusted: version(1),
        version: version(1),
    };
    assert_eq!(error, same.into());
    let mut part = value(first.file())["signed"].take();
    part["version"] = json!(2);
    let bytes = forged(&part, &[(9, Some("XA")), (8, Some("XB"))]);
    assert!(verify_root_chain(&first, &bytes, &limits()).is_err());
    assert!(verify_root_chain(&first, &forged(&part, TWO), &limits()).is_ok());
}

#[test]
fn states_do_not_sign_for_the_publisher_nor_the_publisher_for_states() {
    let [_, targets, snapshot, timestamp] = repository().map(|file| value(&file)["signed"].take());
    let root = first();
    assert!(verify_snapshot(&root, &forged(&snapshot, PUBLISHER), &limits()).is_ok());
    for by in [TWO, &[(9, None)], &[]] {
        assert_eq!(
            verify_snapshot(&root, &forged(&snapshot, by), &limits()).unwrap_err(),
            MetadataError::NotThePublisher {
                role: Role::Snapshot
            }
        );
        assert!(verify_timestamp(&root, &forged(&timestamp, by), &limits()).is_err());
    }
    assert!(is_too_few(&verify_targets(
        &root,
        &forged(&targets, PUBLISHER),
        &limits()
    )));
}

#[test]
fn metadata_of_one_role_is_none_of_another() {
    let [root, targets, snapshot, timestamp] = repository();
    let trusted = first();
    assert!(verify_root(&targets, &limits()).is_err());
    for other in [&root, &snapshot, &timestamp] {
        assert_eq!(
            verify_targets(&trusted, other, &limits()).unwrap_err(),
            MetadataError::Type {
                expected: Role::Targets
            }
        );
    }
    assert!(verify_snapshot(&trusted, &timestamp, &limits()).is_err());
    assert!(verify_timestamp(&trusted, &snapshot, &limits()).is_err());
}

#[test]
fn every_flaw_of_targets_is_refused_by_its_name() {
    let (whole, step) = ("full-0000000042.ijk", "delta-0000000041-0000000042.ijd");
    let name = |text: &str| text.parse::<TargetName>().unwrap();
    let spelling = MetadataError::Spelling {
        role: Role::Targets,
    };
    let form = MetadataError::Form {
        role: Role::Targets,
    };
    assert!(changed_targets(|_| ()).is_ok());
    let refused = |change: &dyn Fn(&mut Value)| changed_targets(change).unwrap_err();
    assert_eq!(
        refused(&|part| part["delegations"] = json!({"keys": {}, "roles": []})),
        MetadataError::Delegations
    );
    for other in [
        "suspensions",
        "../x",
        "full-42.ijk",
        "a/full-0000000042.ijk",
    ] {
        let error = refused(&|part| part["targets"][other] = part["targets"][whole].clone());
        assert_eq!(error, TargetNameError::Form.into());
    }
    for (target, member, to) in [
        (step, "v", json!(2)),
        (step, "kind", json!("full")),
        (step, "kind", json!("patch")),
        (step, "from", json!(40)),
        (step, "to", json!(43)),
        (step, "more", json!(1)),
        (step, "from_sha256", json!("00")),
        (step, "length", json!("1000")),
        (whole, "to", json!(41)),
        (whole, "from", json!(41)),
    ] {
        let error = refused(&|part| part["targets"][target]["custom"][member] = to.clone());
        assert_eq!(error, MetadataError::Custom(name(target)), "{member}");
    }
    assert_eq!(
        refused(&|part| part["targets"][step]["custom"] = json!({})),
        MetadataError::Custom(name(step))
    );
    assert_eq!(
        refused(&|part| part["targets"][step]["note"] = json!(1)),
        spelling
    );
    assert_eq!(
        refused(&|part| part["targets"][step]["hashes"]["sha512"] = json!("00")),
        spelling
    );
    assert_eq!(
        refused(&|part| part["targets"][step]["hashes"]["sha256"] = json!("00")),
        MetadataError::Digest
    );
    assert_eq!(
        refused(&|part| part["targets"][step]["length"] = json!(-1)),
        form_or_json()
    );
    assert_eq!(
        refused(&|part| part["targets"][step]["length"] = json!("1")),
        form
    );
    assert_eq!(
        refused(&|part| part["targets"] = json!({})),
        TargetsError::None.into()
    );
    assert_eq!(
        refused(&|part| part["targets"][whole]["length"] = json!(0)),
        TargetsError::Empty(name(whole)).into()
    );
}

/// A negative number is refused where the JSON is read.
fn form_or_json() -> MetadataError {
    let mut part = part();
    part["targets"]["delta-0000000041-0000000042.ijd"]["length"] = json!(-1);
    json::read(&forged(&part, TWO)).unwrap_err()
}

#[test]
fn every_flaw_of_a_page_is_refused() {
    let part = value(&repository()[2])["signed"].take();
    let root = first();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut part = part.clone();
        change(&mut part["meta"]);
        verify_snapshot(&root, &forged(&part, PUBLISHER), &limits()).map(|_| ())
    };
    assert_eq!(changed(&|_| ()), Ok(()));
    let page = Err(MetadataError::Page);
    assert_eq!(changed(&|meta| *meta = json!({})), page);
    assert_eq!(
        changed(&|meta| meta["root.json"] = meta["targets.json"].clone()),
        page
    );
    for member in ["length", "hashes"] {
        let without = changed(&|meta| {
            meta["targets.json"].as_object_mut().unwrap().remove(member);
        });
        assert_eq!(without, page);
    }
    assert_eq!(
        changed(&|meta| meta["targets.json"]["note"] = json!(1)),
        Err(MetadataError::Spelling {
            role: Role::Snapshot
        })
    );
}

/// At the limit, and one over.
#[test]
fn limits_are_asked_before_anything_is_made() {
    let [root_file, targets, snapshot, timestamp] = repository();
    let root = first();
    type Set = fn(&mut Limits, u64);
    type Read<'a> = Box<dyn Fn(&Limits) -> Option<MetadataError> + 'a>;
    let cases: Vec<(Resource, u64, Set, Read)> = vec![
        (
            Resource::RootMetadataBytes,
            root_file.len() as u64,
            |limits, to| limits.root_metadata_bytes = to,
            Box::new(|limits| verify_root(&root_file, limits).err()),
        ),
        (
            Resource::TargetsMetadataBytes,
            targets.len() as u64,
            |limits, to| limits.targets_metadata_bytes = to,
            Box::new(|limits| verify_targets(&root, &targets, limits).err()),
        ),
        (
            Resource::SnapshotMetadataBytes,
            snapshot.len() as u64,
            |limits, to| limits.snapshot_metadata_bytes = to,
            Box::new(|limits| verify_snapshot(&root, &snapshot, limits).err()),
        ),
        (
            Resource::TimestampMetadataBytes,
            timestamp.len() as u64,
            |limits, to| limits.timestamp_metadata_bytes = to,
            Box::new(|limits| verify_timestamp(&root, &timestamp, limits).err()),
        ),
        (
            Resource::MetadataKeys,
            4,
            |limits, to| limits.metadata_keys = to,
            Box::new(|limits| verify_root(&root_file, limits).err()),
        ),
        (
            Resource::Signatures,
            2,
            |limits, to| limits.signatures = to,
            Box::new(|limits| verify_root(&root_file, limits).err()),
        ),
        (
            Resource::Targets,
            3,
            |limits, to| limits.targets = to,
            Box::new(|limits| verify_targets(&root, &targets, limits).err()),
        ),
    ];
    for (what, asked, set, read) in cases {
        let mut limits = limits();
        set(&mut limits, asked);
        assert_eq!(read(&limits), None, "{what}");
        set(&mut limits, asked - 1);
        let exceeded = Exceeded {
            what,
            asked,
            allowed: asked - 1,
        };
        assert_eq!(read(&limits), Some(exceeded.into()), "{what}");
    }
    let request = Request::new(super::targets()).to_json();
    let mut limits = limits();
    limits.request_bytes = request.len() as u64;
    assert!(Request::read(&request, &limits).is_ok());
    limits.request_bytes -= 1;
    assert!(Request::read(&request, &limits).is_err());
}
