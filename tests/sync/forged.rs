//! Files that too few have signed, or in other words.

use std::collections::BTreeMap;
use std::fs;

use ijkpunt::sign::Signer;
use ijkpunt::snapshot::Snapshot;
use ijkpunt::tuf::{
    Content, Metadata, Role, Root, Sha256, TargetFile, TargetName, Targets, metadata_path,
    target_path,
};

use super::world::*;

/// Targets of version 2, which nobody has signed yet.
fn second(world: &World) -> Content {
    let files = world.files("m", &[&usual(1), &usual(2)]);
    Targets::new(version(2), later(90), files).unwrap().into()
}

/// What comes of targets with these signatures, where the publisher passes everything on.
fn refused(world: &World, bytes: &[u8], why: &str) {
    world.publish_targets("m", &Release::of(2), bytes);
    stays(&world.round(), 1, why);
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
    let bytes = signed(content.clone(), &[&world.root], &[1]);
    refused(&world, &bytes, "1 of 2 states have signed");
    // Whoever counts one signature for enough takes it.
    let naive = Root::states(&world.root, Role::Targets).any(|(_, key)| {
        let signature = self::key(1).sign(&content.signed_bytes()).unwrap();
        key.verify(&content.signed_bytes(), &signature).is_ok()
    });
    assert!(naive);
}

#[test]
fn a_signature_that_is_there_twice_counts_once() {
    let world = begun();
    let content = second(&world);
    let one = (
        id_of(&world.root, 1),
        key(1).sign(&content.signed_bytes()).unwrap(),
    );
    refused(&world, &file(&content, &[one, one]), "has signed twice");
    // Under the id of another state it does not fit.
    let other = (id_of(&world.root, 2), one.1);
    refused(
        &world,
        &file(&content, &[one, other]),
        "1 of 2 states have signed",
    );
}

#[test]
fn the_publisher_cannot_sign_for_states() {
    let world = begun();
    let content = second(&world);
    let signature = key(PUBLISHER).sign(&content.signed_bytes()).unwrap();
    let ids = [1, 2].map(|number| (id_of(&world.root, number), signature));
    refused(&world, &file(&content, &ids), "0 of 2 states have signed");
}

#[test]
fn a_key_that_is_moved_to_another_state_is_refused() {
    let world = begun();
    // XB's key as a second one of XA's: the id of a key covers its state.
    let good = Root::new(terms(2, &[1, 2, 3], PUBLISHER)).unwrap();
    let text = String::from_utf8(signed(good, &[&world.root], &[1, 2])).unwrap();
    assert!(text.contains("\"XB\""));
    let bytes = text.replace("\"XB\"", "\"XA\"");
    let place = metadata_path(Role::Root, version(2));
    world.put("m", &place, bytes.as_bytes());
    let report = world.round();
    assert_eq!(report.root.get(), 1);
    assert!(
        told(&report).contains("is not the id of the key"),
        "{}",
        told(&report)
    );
}

#[test]
fn a_root_that_the_old_states_did_not_sign_is_refused() {
    let world = begun();
    let thief = Root::new(terms(2, &[7, 8, 9], PUBLISHER)).unwrap();
    let bytes = signed(thief.clone(), &[&thief], &[7, 8]);
    world.put("m", &metadata_path(Role::Root, version(2)), &bytes);
    let report = world.round();
    assert_eq!(report.root.get(), 1);
    assert!(told(&report).contains("0 of 2 states have signed"));
    // By itself it is whole: whoever asks no more takes it.
    let limits = ijkpunt::limits::Limits::default();
    assert!(ijkpunt::tuf::verify_root(&bytes, &limits).is_ok());
}

#[test]
fn a_root_that_leaps_over_others_is_refused() {
    let world = begun();
    let third = Root::new(terms(3, &[1, 2, 3], PUBLISHER)).unwrap();
    let bytes = signed(third, &[&world.root], &[1, 2]);
    world.put("m", &metadata_path(Role::Root, version(2)), &bytes);
    let report = world.round();
    assert_eq!(report.root.get(), 1);
    assert!(
        told(&report).contains("does not follow"),
        "{}",
        told(&report)
    );
}

#[test]
fn a_target_of_somebody_elses_is_refused() {
    let world = World::new();
    let files = world.files("m", &[&usual(1)]);
    world.publish_files("m", &Release::of(1), files.clone());
    let (name, listed) = files.into_iter().next().unwrap();
    let forged = snapshot(1, 40, &[]);
    let place = target_path(&name, &listed.sha256);
    world.put("m", &place, forged.as_bytes());
    let told = world.client(&["m"]).once(now()).unwrap_err().to_string();
    assert!(told.contains("more than the"), "{told}");
    // It is a good snapshot: whoever does not compare would install it.
    assert!(Snapshot::from_bytes(forged.as_bytes().to_vec()).is_ok());
    // Of the same length, it is the digest that tells.
    let mut same = usual(1).as_bytes().to_vec();
    same[100] ^= 1;
    world.put("m", &place, &same);
    let told = world.client(&["m"]).once(now()).unwrap_err().to_string();
    assert!(told.contains("another sha256"), "{told}");
}

#[test]
fn an_extraneous_target_is_never_asked_for() {
    let world = begun();
    world.files("m", &[&usual(1), &usual(9)]);
    let report = world.round();
    assert!(is_fresh(&report));
    assert_eq!(report.installed.sequence, 1);
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
    world.publish_files("m", &Release::of(2), files);
    stays(&world.round(), 1, "a snapshot of the number 2, and not 5");
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
    world.publish_files("m", &Release::of(2), files);
    let report = world.round();
    assert!(!is_fresh(&report));
    assert_eq!(report.installed.sequence, 1);
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
        let content = second(&world);
        let text = String::from_utf8(content.signed_bytes()).unwrap();
        let text = text.replace("full-0000000002.ijk", path);
        let ids = [1, 2].map(|number| {
            let signature = key(number).sign(text.as_bytes()).unwrap();
            serde_json::json!({"keyid": id_of(&world.root, number).to_string(), "sig": signature.to_string()})
        });
        let bytes = format!(
            "{{\"signed\":{text},\"signatures\":{}}}",
            serde_json::to_string(&ids).unwrap()
        );
        refused(&world, bytes.as_bytes(), "numbers in ten digits");
    }
}

#[test]
fn mix_and_match_is_refused() {
    let world = begun();
    world.copy("m", "old");
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
        // What is there is signed as it should be: whoever compares no digests takes it.
        let limits = ijkpunt::limits::Limits::default();
        if role == Role::Targets {
            let taken = ijkpunt::tuf::verify_targets(&world.root, &old, &limits).unwrap();
            assert_eq!(taken.version(), version(1));
        }
        fs::remove_dir_all(world.path("mixed")).unwrap();
    }
    assert_eq!(world.round().installed.sequence, 2);
}
