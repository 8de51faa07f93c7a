//! `tough` as a second judge: what we hand out it takes, and what it takes too lightly we refuse.

use tough::schema::{self, Signed};

use super::*;

fn read<T: serde::de::DeserializeOwned>(file: &[u8]) -> Signed<T> {
    serde_json::from_slice(file).unwrap()
}

#[test]
fn tough_verifies_all_that_is_handed_out() {
    let [root, targets, snapshot, timestamp] = repository();
    let root: Signed<schema::Root> = read(&root);
    root.signed.verify_role(&root).unwrap();
    let judge = &root.signed;
    judge
        .verify_role(&read::<schema::Targets>(&targets))
        .unwrap();
    judge
        .verify_role(&read::<schema::Snapshot>(&snapshot))
        .unwrap();
    judge
        .verify_role(&read::<schema::Timestamp>(&timestamp))
        .unwrap();
    let mut next = terms();
    next.version = version(2);
    next.root = states(3, 4);
    let next = signed(Root::new(next).unwrap(), &[1, 2, 4], Some(&first())).unwrap();
    let next: Signed<schema::Root> = read(&next);
    judge.verify_role(&next).unwrap();
    next.signed.verify_role(&next).unwrap();
}

/// A root as an attacker would have it: three ids of what is one voice, and targets signed under two of them.
fn one_voice(numbers: [u8; 2], members: [&[(&str, Value)]; 2]) -> (Vec<u8>, Vec<u8>) {
    let mut part = value(first().file())["signed"].take();
    let mut signing = Vec::new();
    for (number, members) in numbers.into_iter().zip(members) {
        let mut written = json!({
            "keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public(number).to_string()},
        });
        for (name, value) in members {
            written[*name] = value.clone();
        }
        let id = Sha256::of(&json::written(written.clone())).to_string();
        part["keys"][&id] = written;
        signing.push((number, id));
    }
    let ids: Vec<_> = signing.iter().map(|(_, id)| id.clone()).collect();
    part["roles"]["targets"]["keyids"] = json!(ids);
    let targets = value(&repository()[1])["signed"].take();
    let signatures = |part: &Value| {
        let message = json::written(part.clone());
        let sign = |(number, id): &(u8, String)| json!({"keyid": id, "sig": key(*number).sign(&message).unwrap().to_string()});
        signing.iter().map(sign).collect::<Vec<_>>()
    };
    let written = json::written(json!({"signatures": signatures(&targets), "signed": targets}));
    (forged(&part, TWO), written)
}

#[test]
fn two_keys_of_one_state_are_two_for_tough_and_a_refusal_here() {
    let xa = [("x-ijkpunt-state", json!("XA"))];
    let (root, targets) = one_voice([1, 9], [&xa, &xa]);
    let judge: Signed<schema::Root> = read(&root);
    judge.signed.verify_role(&judge).unwrap();
    judge
        .signed
        .verify_role(&read::<schema::Targets>(&targets))
        .unwrap();
    assert_eq!(
        verify_root(&root, &limits()).unwrap_err(),
        TermsError::TwoKeys(Role::Targets, state("XA")).into()
    );
}

#[test]
fn one_secret_under_two_ids_is_two_for_tough_and_a_refusal_here() {
    let (plain, more) = (
        [("x-ijkpunt-state", json!("XA"))],
        [("x-ijkpunt-state", json!("XZ"))],
    );
    let (root, targets) = one_voice([1, 1], [&plain, &more]);
    let judge: Signed<schema::Root> = read(&root);
    judge.signed.verify_role(&judge).unwrap();
    judge
        .signed
        .verify_role(&read::<schema::Targets>(&targets))
        .unwrap();
    assert_eq!(
        verify_root(&root, &limits()).unwrap_err(),
        MetadataError::KeyOfTwoIds
    );
}

/// Even behind the checks of a root, counting is by states: no list of signatures makes one secret two.
#[test]
fn counting_does_not_rest_on_the_checks_of_a_root() {
    let mut root = first().into_inner();
    let message = b"a message";
    let mut signatures = Vec::new();
    for letters in ["XA", "XQ", "XR"] {
        let held = HeldKey {
            key: public(1),
            state: Some(state(letters)),
        };
        root.keys.insert(held.id(), held);
        root.roles
            .get_mut(&Role::Targets)
            .unwrap()
            .ids
            .insert(held.id());
        signatures.push((held.id(), key(1).sign(message).unwrap()));
    }
    let counted = verify::count(&root, Role::Targets, message, &signatures);
    assert!(
        matches!(counted, Err(MetadataError::TooFew { .. })),
        "{counted:?}"
    );
    let mut root = first().into_inner();
    signatures.clear();
    for number in [1, 9, 10] {
        let held = HeldKey {
            key: public(number),
            state: Some(state("XA")),
        };
        root.keys.insert(held.id(), held);
        root.roles
            .get_mut(&Role::Targets)
            .unwrap()
            .ids
            .insert(held.id());
        signatures.push((held.id(), key(number).sign(message).unwrap()));
    }
    let counted = verify::count(&root, Role::Targets, message, &signatures);
    assert!(
        matches!(counted, Err(MetadataError::TooFew { .. })),
        "{counted:?}"
    );
}
