//! Files that too few have signed, or in other words.

use std::collections::BTreeMap;
use std::fs;

use ijkpunt::sign::Signer;
use ijkpunt::tuf::{
    Content, Role, Root, Sha256, TargetFile, TargetName, Targets, metadata_path, target_path,
};

use super::naive::canonical;
use super::world::*;

/// Targets of version 2, which nobody has signed yet.
fn second(world: &World) -> Content {
    let files = world.files("m", &[&usual(1), &usual(2)]);
    Targets::new(version(2), later(90), files).unwrap().into()
}

/// What comes of targets with these signatures, where the publisher passes everything on; and without these checks.
fn refused(world: &World, bytes: &[u8], why: &str, lacking: &[Check]) {
    let naive = world.naive();
    world.publish_targets("m", &Release::of(2), bytes);
    stays(&world.round(), 1, why);
    assert!(naive.without(lacking, "m", now()).has(&usual(2)));
}

fn begun() -> World {
    let world = World::begun();
    world.round();
    world
}

fn id_of(root: &Root, number: u8) -> Sha256 {
    root.key_id(Role::Targets, &key(number).public_key())
        .unwrap()
}

#[test]
fn a_key_that_is_stolen_below_the_threshold_installs_nothing() {
    let world = begun();
    let content = second(&world);
    let bytes = signed(content, &[&world.root], &[1]);
    let why = "1 of 2 states have signed";
    refused(&world, &bytes, why, &[Check::Threshold]);
}

#[test]
fn a_signature_that_is_there_twice_counts_once() {
    let world = begun();
    let content = second(&world);
    let one = (
        id_of(&world.root, 1),
        key(1).sign(&content.signed_bytes()).unwrap(),
    );
    let twice = file(&content, &[one, one]);
    let lacking = [Check::DuplicateSignatures];
    refused(&world, &twice, "has signed twice", &lacking);
    // Under the id of another state it does not fit.
    let world = begun();
    let content = second(&world);
    let other = (id_of(&world.root, 2), one.1);
    let bytes = file(&content, &[one, other]);
    let why = "1 of 2 states have signed";
    refused(&world, &bytes, why, &[Check::Signature]);
}

#[test]
fn the_publisher_cannot_sign_for_states() {
    let world = begun();
    let content = second(&world);
    let signature = key(PUBLISHER).sign(&content.signed_bytes()).unwrap();
    let ids = [1, 2].map(|number| (id_of(&world.root, number), signature));
    let bytes = file(&content, &ids);
    let why = "0 of 2 states have signed";
    refused(&world, &bytes, why, &[Check::Signature]);

    // By its own keys, of which it has two that the root names: for other roles.
    let mut world = begun();
    let mut two = terms(2, &[1, 2, 3], PUBLISHER);
    two.timestamp.push(key(101).public_key());
    world.rotate("m", two, &[1, 2]);
    let content = second(&world);
    let by_own = |number: u8| {
        let key = key(number);
        let id = world.root.key_id(Role::Timestamp, &key.public_key());
        (id.unwrap(), key.sign(&content.signed_bytes()).unwrap())
    };
    let bytes = file(&content, &[by_own(PUBLISHER), by_own(101)]);
    refused(&world, &bytes, why, &[Check::RoleOfKey]);
}

#[test]
fn a_key_that_is_moved_to_another_state_is_refused() {
    let world = begun();
    // XB's key as a second one of XA's: the id of a key covers its state.
    let good = Root::new(terms(2, &[1, 2, 3], PUBLISHER)).unwrap();
    let text = String::from_utf8(signed(good, &[&world.root], &[1, 2])).unwrap();
    assert!(text.contains("\"XB\""));
    let bytes = text.replace("\"XB\"", "\"XA\"");
    // Other words than were signed, so that it is the names of keys and the signatures that stop it.
    root_refused(
        &world,
        bytes.as_bytes(),
        "is not the id of the key",
        &[
            Check::KeyIds,
            Check::MovedKeys,
            Check::DistinctStates,
            Check::OldRootSigned,
            Check::NewRootSigned,
        ],
    );
}

/// The next root does not count; without these checks it does.
fn root_refused(world: &World, bytes: &[u8], why: &str, lacking: &[Check]) -> Naive {
    let naive = world.naive();
    world.put("m", &metadata_path(Role::Root, version(2)), bytes);
    let report = world.round();
    assert_eq!(report.root.get(), 1);
    assert!(told(&report).contains(why), "{}", told(&report));
    naive.with_root_without(lacking, "m", now())
}

/// A root of version 2 by hand, of these keys and their states, and its signatures by these keys: what [`Root::new`] refuses, too.
struct HandMade {
    text: serde_json::Value,
    ids: Vec<(u8, String)>,
}

impl HandMade {
    fn new(world: &World, threshold: u64, holders: &[(u8, &str)]) -> Self {
        let mut text: serde_json::Value = serde_json::from_slice(&world.first_root).unwrap();
        let mut text = text["signed"].take();
        text["version"] = 2.into();
        let publisher = text["roles"]["timestamp"]["keyids"][0].clone();
        let publisher = publisher.as_str().unwrap();
        let mut keys = serde_json::Map::new();
        keys.insert(publisher.to_owned(), text["keys"][publisher].clone());
        let ids = holders.iter().map(|(number, state)| {
            let held = serde_json::json!({
                "keytype": "ed25519",
                "keyval": {"public": key(*number).public_key().to_string()},
                "scheme": "ed25519",
                "x-ijkpunt-state": state,
            });
            let id = Sha256::of(&canonical(&held)).to_string();
            keys.insert(id.clone(), held);
            (*number, id)
        });
        let ids: Vec<(u8, String)> = ids.collect();
        text["keys"] = keys.into();
        for role in ["root", "targets"] {
            let mut all: Vec<&String> = ids.iter().map(|(_, id)| id).collect();
            all.sort_unstable();
            text["roles"][role] = serde_json::json!({"keyids": all, "threshold": threshold});
        }
        Self { text, ids }
    }

    fn root(&self, world: &World, old: &[u8]) -> Vec<u8> {
        let old_ids = old.iter().map(|number| {
            let id = world.root.key_id(Role::Root, &key(*number).public_key());
            (*number, id.unwrap().to_string())
        });
        let all: std::collections::BTreeSet<_> = old_ids.chain(self.ids.clone()).collect();
        Self::signed(&self.text, all)
    }

    /// Targets by the ids of this root.
    fn targets(&self, content: &Content) -> Vec<u8> {
        let text = serde_json::from_slice(&content.signed_bytes()).unwrap();
        Self::signed(&text, self.ids.iter().cloned())
    }

    fn signed(text: &serde_json::Value, by: impl IntoIterator<Item = (u8, String)>) -> Vec<u8> {
        let message = canonical(text);
        let signatures = by.into_iter().map(|(number, id)| {
            let signature = key(number).sign(&message).unwrap();
            serde_json::json!({"keyid": id, "sig": signature.to_string()})
        });
        let signatures: Vec<_> = signatures.collect();
        canonical(&serde_json::json!({"signed": text, "signatures": signatures}))
    }
}

/// The naive client that has taken a root by hand takes what its keys sign, and the real one does not.
fn takes_targets_of(world: &World, root: &HandMade, mut naive: Naive) {
    let targets = root.targets(&second(world));
    world.publish_targets("m", &Release::of(2), &targets);
    stays(&world.round(), 1, "of 2 states have signed");
    naive.follows(&["m"], now());
    assert!(naive.has(&usual(2)));
}

#[test]
fn two_keys_of_one_state_are_not_two_states() {
    let world = begun();
    // XA has two keys, and signs for two by them. XB has helped to sign the root, without reading it.
    let root = HandMade::new(&world, 2, &[(1, "XA"), (9, "XA")]);
    let lacking = [Check::DistinctStates];
    let bytes = root.root(&world, &[1, 2]);
    let naive = root_refused(&world, &bytes, "XA has two keys", &lacking);
    takes_targets_of(&world, &root, naive);
}

#[test]
fn one_secret_of_two_states_is_refused() {
    let world = begun();
    let root = HandMade::new(&world, 2, &[(9, "XA"), (9, "XD")]);
    let bytes = root.root(&world, &[1, 2]);
    let naive = root_refused(&world, &bytes, "two ids", &[Check::OneHolder]);
    takes_targets_of(&world, &root, naive);
}

#[test]
fn a_threshold_of_one_state_is_refused() {
    let world = begun();
    let mut root = HandMade::new(&world, 1, &[(1, "XA"), (2, "XB")]);
    let bytes = root.root(&world, &[1, 2]);
    let naive = root_refused(&world, &bytes, "ask for 2 at least", &[Check::LeastStates]);
    root.ids.truncate(1);
    takes_targets_of(&world, &root, naive);
}

#[test]
fn a_key_that_was_another_states_is_refused() {
    let world = begun();
    // XB's key is XA's from now on, so that one secret has signed for both.
    let root = HandMade::new(&world, 2, &[(2, "XA"), (5, "XB")]);
    let bytes = root.root(&world, &[1, 2]);
    root_refused(&world, &bytes, "is that of two", &[Check::MovedKeys]);
}

#[test]
fn a_root_that_its_own_states_did_not_sign_is_refused() {
    let world = begun();
    let next = Root::new(terms(2, &[4, 5, 6], PUBLISHER)).unwrap();
    let bytes = signed(next.clone(), &[&world.root, &next], &[1, 2, 4]);
    let why = "1 of 2 states have signed";
    root_refused(&world, &bytes, why, &[Check::NewRootSigned]);
}

#[test]
fn a_root_that_the_old_states_did_not_sign_is_refused() {
    let world = begun();
    let thief = Root::new(terms(2, &[7, 8, 9], PUBLISHER)).unwrap();
    let bytes = signed(thief.clone(), &[&thief], &[7, 8]);
    // By itself it is whole: whoever asks no more takes it, and then what its thief signs.
    let why = "0 of 2 states have signed";
    let mut naive = root_refused(&world, &bytes, why, &[Check::OldRootSigned]);
    let targets = signed(second(&world), &[&thief], &[7, 8]);
    world.publish_targets("m", &Release::of(2), &targets);
    stays(&world.round(), 1, why);
    naive.follows(&["m"], now());
    assert!(naive.has(&usual(2)));
}

#[test]
fn a_root_that_leaps_over_others_is_refused() {
    let world = begun();
    let third = Root::new(terms(3, &[1, 2, 3], PUBLISHER)).unwrap();
    let bytes = signed(third, &[&world.root], &[1, 2]);
    root_refused(&world, &bytes, "does not follow", &[Check::RootVersion]);
}

#[test]
fn an_arbitrary_target_is_refused() {
    let world = World::new();
    let files = world.files("m", &[&usual(1)]);
    world.publish_files("m", &Release::of(1), files.clone());
    let (name, listed) = files.into_iter().next().unwrap();
    let forged = snapshot(1, 40, &[]);
    let place = target_path(&name, &listed.sha256);
    world.put("m", &place, forged.as_bytes());
    let told = world.client(&["m"]).once(now()).unwrap_err().to_string();
    assert!(told.contains("more than the"), "{told}");
    // It is longer, and another one: two checks stop it.
    let naive = Naive::new(&world);
    let lacking = [Check::Length, Check::Digest];
    assert!(naive.without(&lacking, "m", now()).has(&forged));
    // Of the same length, it is the digest that tells.
    let same = snapshot(1, 1, &[log(1, 11, "two"), log(2, 11, "two")]);
    assert_eq!(same.as_bytes().len() as u64, listed.length);
    world.put("m", &place, same.as_bytes());
    let told = world.client(&["m"]).once(now()).unwrap_err().to_string();
    assert!(told.contains("another sha256"), "{told}");
    assert!(naive.without(&[Check::Digest], "m", now()).has(&same));
}

#[test]
fn an_extraneous_target_is_never_asked_for() {
    let world = begun();
    world.files("m", &[&usual(1), &usual(9)]);
    let report = world.round();
    assert!(is_fresh(&report));
    assert_eq!(report.installed.sequence, 1);
    let mut naive = world.naive();
    naive.follows(&["m"], now());
    assert!(naive.has(&usual(1)));
    let mut naive = naive.lacking(&[Check::Listed]);
    naive.follows(&["m"], now());
    assert!(naive.has(&usual(9)));
}

#[test]
fn a_signed_file_with_another_number_than_its_name_is_refused() {
    let world = begun();
    let bytes = usual(2);
    let mut files = BTreeMap::new();
    let (length, sha256) = (bytes.as_bytes().len() as u64, Sha256::of(bytes.as_bytes()));
    let name = TargetName::full(5).unwrap();
    let leap = None;
    files.insert(
        name,
        TargetFile {
            length,
            sha256,
            leap,
        },
    );
    world.put("m", &target_path(&name, &sha256), bytes.as_bytes());
    world.proofs("m", &grown(&bytes));
    let naive = world.naive();
    world.publish_files("m", &Release::of(2), files);
    stays(&world.round(), 1, "a snapshot of the number 2, and not 5");
    let naive = naive.without(&[Check::NumberInName], "m", now());
    assert!(naive.has(&usual(2)));
}

#[test]
fn a_signed_file_that_is_no_snapshot_is_refused() {
    let world = begun();
    let bytes = b"no snapshot";
    let (length, sha256) = (bytes.len() as u64, Sha256::of(bytes));
    let name = TargetName::full(2).unwrap();
    let leap = None;
    let files = BTreeMap::from([(
        name,
        TargetFile {
            length,
            sha256,
            leap,
        },
    )]);
    world.put("m", &target_path(&name, &sha256), bytes);
    let naive = world.naive();
    world.publish_files("m", &Release::of(2), files);
    let report = world.round();
    assert!(!is_fresh(&report));
    assert_eq!(report.installed.sequence, 1);
    let naive = naive.without(&[Check::Opened], "m", now());
    assert_eq!(naive.bytes(), Some(&bytes[..]));
}

#[test]
fn a_name_that_is_a_path_leads_nowhere() {
    for path in [
        "../../../../etc/passwd",
        "/etc/passwd",
        "full-0000000002.ijk/../x",
        "..\\\\x",
        "full-0000000002.ijk%2f",
    ] {
        let world = begun();
        let text = String::from_utf8(second(&world).signed_bytes()).unwrap();
        let text = text.replace("full-0000000002.ijk", path);
        let text = serde_json::from_str(&text).unwrap();
        let ids = [1, 2].map(|number| (number, id_of(&world.root, number).to_string()));
        let bytes = HandMade::signed(&text, ids);
        // Where the specification has it, for whoever takes the name.
        let bare = path.replace("\\\\", "/");
        let bare = bare.rsplit('/').next().unwrap();
        let digest = Sha256::of(usual(2).as_bytes());
        let place = format!("targets/{digest}.{bare}");
        world.put("m", &place, usual(2).as_bytes());
        let why = "numbers in ten digits";
        refused(&world, &bytes, why, &[Check::TargetNames]);
    }
}

#[test]
fn mix_and_match_is_refused() {
    let world = begun();
    world.copy("m", "old");
    let naive = world.naive();
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    // Old targets under the new version's name, and old pages under the new timestamp.
    for role in [Role::Targets, Role::Snapshot] {
        world.copy("m", "mixed");
        let old = fs::read(world.path("old").join(metadata_path(role, version(1)))).unwrap();
        world.put("mixed", &metadata_path(role, version(2)), &old);
        let report = world.client(&["mixed"]).once(now()).unwrap();
        assert_eq!(report.installed.sequence, 1);
        assert!(!is_fresh(&report));
        let told = told(&report);
        let is_told = told.contains("another sha256") || told.contains("bytes, and not");
        assert!(is_told, "{told}");
        // What is there is signed as it should be: whoever compares nothing takes it for the newest.
        let naive = naive.without(&[Check::Match], "mixed", now());
        assert!(naive.has(&usual(1)));
        fs::remove_dir_all(world.path("mixed")).unwrap();
    }
    assert_eq!(world.round().installed.sequence, 2);
}
