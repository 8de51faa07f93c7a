use crate::sign::PublicKeyError;

use super::*;

fn refused(change: impl FnOnce(&mut RootTerms)) -> TermsError {
    let mut terms = terms();
    change(&mut terms);
    Root::new(terms).unwrap_err()
}

#[test]
fn one_state_has_one_key_a_role() {
    let error = refused(|terms| terms.root.keys.push((state("XA"), public(9))));
    assert_eq!(error, TermsError::TwoKeys(Role::Root, state("XA")));
    let error = refused(|terms| terms.targets.keys.push((state("XA"), public(1))));
    assert_eq!(error, TermsError::TwoKeys(Role::Targets, state("XA")));
}

#[test]
fn one_key_has_one_holder_whatever_its_roles() {
    let shared = TermsError::Shared(public(1));
    assert_eq!(
        refused(|terms| terms.root.keys.push((state("XD"), public(1)))),
        shared
    );
    assert_eq!(
        refused(
            |terms| terms.targets.keys = vec![(state("XD"), public(1)), (state("XE"), public(4))]
        ),
        shared
    );
    assert_eq!(refused(|terms| terms.snapshot = vec![public(1)]), shared);
    assert_eq!(
        refused(|terms| terms.timestamp.push(public(100))),
        TermsError::Repeated(Role::Timestamp, public(100))
    );
    assert_eq!(
        refused(|terms| terms.timestamp = vec![]),
        TermsError::NoKey(Role::Timestamp)
    );
}

#[test]
fn a_state_may_use_one_key_for_both_roles_or_two() {
    let mut terms = terms();
    assert_eq!(terms.root.keys, terms.targets.keys);
    assert_eq!(Root::new(terms.clone()).unwrap().keys.len(), 4);
    terms.targets.keys[0].1 = public(9);
    assert_eq!(Root::new(terms).unwrap().keys.len(), 5);
}

#[test]
fn a_threshold_is_two_at_least_and_can_be_reached() {
    for threshold in [0, 1, 4, usize::MAX] {
        let error = refused(|terms| terms.targets.threshold = threshold);
        let role = Role::Targets;
        assert_eq!(
            error,
            TermsError::Threshold {
                role,
                threshold,
                states: 3
            }
        );
    }
    for threshold in [2, 3] {
        let mut terms = terms();
        terms.root.threshold = threshold;
        assert_eq!(Root::new(terms).unwrap().threshold(Role::Root), threshold);
    }
}

#[test]
fn the_order_of_terms_makes_no_difference() {
    let mut turned = terms();
    turned.root.keys.reverse();
    turned.targets.keys.rotate_left(1);
    let (one, other) = (Root::new(terms()).unwrap(), Root::new(turned).unwrap());
    assert_eq!(one, other);
    assert_eq!(one.signed_bytes(), other.signed_bytes());
    let states: Vec<_> = one.states(Role::Root).map(|(state, _)| state).collect();
    assert_eq!(states, [nth(1), nth(2), nth(3)]);
    assert_eq!(
        one.publisher_keys(Role::Snapshot).collect::<Vec<_>>(),
        [public(100)]
    );
}

#[test]
fn an_untouched_root_is_read() {
    let root = changed_root(|_| ()).unwrap();
    assert_eq!(*root, *first());
    assert_eq!(root.states().len(), 2);
}

/// What a change of the signed part of a root is answered with, though two states have signed it.
#[test]
fn every_flaw_of_a_root_is_refused_by_its_name() {
    let form = MetadataError::Form { role: Role::Root };
    let spelling = MetadataError::Spelling { role: Role::Root };
    let (xa, publisher) = (id(1, Some("XA")), id(100, None));
    let of = |text: &str| text.parse::<Sha256>().unwrap();
    type Change = Box<dyn Fn(&mut Value)>;
    let set = |path: &str, to: Value| -> Change {
        let path = path.to_owned();
        Box::new(move |part: &mut Value| {
            if let Some(place) = part.pointer_mut(&path) {
                *place = to.clone();
            } else {
                let (parent, name) = path.rsplit_once('/').unwrap();
                let parent = part.pointer_mut(parent).unwrap();
                parent
                    .as_object_mut()
                    .unwrap()
                    .insert(name.to_owned(), to.clone());
            }
        })
    };
    let key_of = |member: &str| format!("/keys/{xa}/{member}");
    let cases: Vec<(Change, MetadataError)> = vec![
        (
            set("/_type", json!("targets")),
            MetadataError::Type {
                expected: Role::Root,
            },
        ),
        (
            set("/spec_version", json!("2.0.0")),
            MetadataError::SpecVersion,
        ),
        (
            set("/spec_version", json!("1.0")),
            MetadataError::SpecVersion,
        ),
        (
            set("/consistent_snapshot", json!(false)),
            MetadataError::ConsistentSnapshot,
        ),
        (
            set("/consistent_snapshot", json!(1)),
            MetadataError::ConsistentSnapshot,
        ),
        (
            set("/expires", json!("2027-11-22T10:00:00.5Z")),
            MetadataError::Expires,
        ),
        (
            set("/expires", json!("2027-11-22T11:00:00+01:00")),
            MetadataError::Expires,
        ),
        (set("/expires", json!(5)), MetadataError::Expires),
        (set("/version", json!(0)), form.clone()),
        (set("/version", json!("1")), form.clone()),
        (set("/keys", json!([])), form.clone()),
        (set("/motto", json!("e pluribus")), spelling.clone()),
        (set("/roles/root/motto", json!(1)), spelling.clone()),
        (
            set("/roles/mirrors", json!({"keyids": [], "threshold": 1})),
            MetadataError::UnknownRole,
        ),
        (
            Box::new(|part| {
                part["roles"].as_object_mut().unwrap().remove("targets");
            }),
            MetadataError::MissingRole,
        ),
        (
            set(&key_of("keytype"), json!("rsa")),
            MetadataError::KeyType(of(&xa)),
        ),
        (
            set(&key_of("scheme"), json!("ed25519ph")),
            MetadataError::KeyType(of(&xa)),
        ),
        (
            set(&key_of("keyval"), json!({})),
            MetadataError::KeyType(of(&xa)),
        ),
        (
            set(&key_of("x-ijkpunt-state"), json!("XB")),
            MetadataError::KeyIdOfAnother(of(&xa)),
        ),
        (
            set(&key_of("x-ijkpunt-state"), json!("xa")),
            MetadataError::KeyState(of(&xa)),
        ),
        (
            set(&key_of("x-ijkpunt-state"), json!(1)),
            MetadataError::KeyState(of(&xa)),
        ),
        (
            set(&key_of("motto"), json!(1)),
            MetadataError::KeyIdOfAnother(of(&xa)),
        ),
        (
            set(&key_of("keyval"), json!({"public": public(2).to_string()})),
            MetadataError::KeyIdOfAnother(of(&xa)),
        ),
        (
            set(
                &key_of("keyval"),
                json!({"public": format!("01{}", "00".repeat(31))}),
            ),
            MetadataError::Key {
                id: of(&xa),
                why: PublicKeyError::Weak,
            },
        ),
        (
            set(&format!("/keys/{}", xa.to_uppercase()), json!({})),
            MetadataError::KeyId,
        ),
        (
            set("/roles/root/keyids/0", json!("00".repeat(32))),
            MetadataError::NoSuchKey {
                role: Role::Root,
                id: Sha256::from_bytes([0; 32]),
            },
        ),
        (
            set("/roles/root/keyids", json!([xa, publisher])),
            MetadataError::NoState {
                role: Role::Root,
                id: of(&publisher),
            },
        ),
        (
            set("/roles/snapshot/keyids", json!([xa])),
            MetadataError::StateAsPublisher {
                role: Role::Snapshot,
                id: of(&xa),
            },
        ),
        (
            set("/roles/snapshot/threshold", json!(2)),
            MetadataError::PublisherThreshold {
                role: Role::Snapshot,
                threshold: version(2),
            },
        ),
        (
            set("/roles/root/threshold", json!(1)),
            TermsError::Threshold {
                role: Role::Root,
                threshold: 1,
                states: 3,
            }
            .into(),
        ),
        (
            set("/roles/root/threshold", json!(4)),
            TermsError::Threshold {
                role: Role::Root,
                threshold: 4,
                states: 3,
            }
            .into(),
        ),
        (set("/roles/root/threshold", json!(0)), form.clone()),
        (
            set("/roles/root/keyids", json!([xa, xa])),
            TermsError::TwoKeys(Role::Root, state("XA")).into(),
        ),
        (
            Box::new(|part| {
                part["roles"]["root"]["keyids"]
                    .as_array_mut()
                    .unwrap()
                    .reverse();
            }),
            spelling.clone(),
        ),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(changed_root(change).unwrap_err(), expected, "case {number}");
    }
}

/// Adds a key with whatever members, under its right id, to a role.
fn with_key(part: &mut Value, number: u8, members: &[(&str, Value)], role: &str) {
    let mut key = json!({
        "keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public(number).to_string()},
    });
    for (name, value) in members {
        key[*name] = value.clone();
    }
    let id = Sha256::of(&json::written(key.clone())).to_string();
    part["keys"][&id] = key;
    let ids = part["roles"][role]["keyids"].as_array_mut().unwrap();
    ids.push(json!(id));
    ids.sort_by_key(ToString::to_string);
}

#[test]
fn one_secret_under_a_second_id_is_refused() {
    for members in [
        vec![("x-ijkpunt-state", json!("XD"))],
        vec![],
        vec![("x-ijkpunt-state", json!("XA")), ("again", json!(1))],
    ] {
        let error = changed_root(|part| with_key(part, 1, &members, "root")).unwrap_err();
        let is_it = matches!(
            error,
            MetadataError::KeyOfTwoIds | MetadataError::KeyIdOfAnother(_)
        );
        assert!(is_it, "{error}");
    }
}

#[test]
fn a_second_key_of_a_state_is_refused_in_a_file_too() {
    let member = [("x-ijkpunt-state", json!("XA"))];
    let error = changed_root(|part| with_key(part, 9, &member, "root")).unwrap_err();
    assert_eq!(error, TermsError::TwoKeys(Role::Root, state("XA")).into());
}

#[test]
fn a_key_without_a_role_is_refused() {
    let error = changed_root(|part| {
        with_key(part, 9, &[("x-ijkpunt-state", json!("XD"))], "root");
        let unused = id(9, Some("XD"));
        let ids = part["roles"]["root"]["keyids"].as_array_mut().unwrap();
        ids.retain(|one| *one != json!(unused));
    });
    let unused: Sha256 = id(9, Some("XD")).parse().unwrap();
    assert_eq!(error.unwrap_err(), MetadataError::UnusedKey(unused));
}
