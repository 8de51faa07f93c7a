//! The folder, judged by what knows little of the crate: the tables of its README, hashes by hand, and the model.

use std::collections::BTreeSet;

use ijkpunt::baseline::*;
use ijkpunt::sign::{Claim, Envelope, Motion, PublicKey, Signature, Statement, What};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::expected::{hex, sha256};
use super::naive::Tables;
use super::statements::{KINDS, envelopes};
use super::{merge_all, merge_files, read, read_genesis, read_json};
use crate::history::{Folder, derived, now};
use crate::model::Model;

fn readme() -> String {
    String::from_utf8(read("README.md")).unwrap()
}

/// All envelopes of the merge files behind the genesis.
fn all_envelopes() -> Vec<Envelope> {
    let files = merge_files();
    let lines = files
        .iter()
        .flat_map(|(_, file)| file.split(|byte| *byte == b'\n').skip(1));
    envelopes(lines).collect()
}

fn bytes_of(digits: &Value) -> Vec<u8> {
    let digits = digits.as_str().unwrap().as_bytes();
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn strings(values: &Value, member: &str) -> BTreeSet<String> {
    let values = values.as_array().unwrap().iter();
    values
        .map(|value| value[member].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn payloads_read_by_the_tables_of_the_readme() {
    let (readme, document) = (readme(), read_json("statements.json"));
    let tables = Tables::of(&readme);
    let statements = document["statements"].as_array().unwrap();
    let kinds = statements.iter().map(|one| one["kind"].as_str().unwrap());
    assert_eq!(kinds.collect::<Vec<_>>(), KINDS);
    for one in statements {
        let payload = bytes_of(&one["payload"]);
        let read = tables.read("Statement", &payload).unwrap();
        assert_eq!(read.value, one["statement"], "{}", one["kind"]);
    }
    let genesis = bytes_of(&document["genesis"]["payload"]);
    let read = tables.read("Genesis", &genesis).unwrap();
    assert_eq!(read.value, document["genesis"]["value"]);
}

#[test]
fn what_the_tables_refuse_the_crate_refuses_and_the_other_way_round() {
    let readme = readme();
    let tables = Tables::of(&readme);
    let (mut met, mut refused) = (BTreeSet::new(), 0);
    for envelope in all_envelopes() {
        let payload = envelope.unverified_payload();
        let ours: Option<Statement> = postcard::from_bytes(payload)
            .ok()
            .filter(|one| postcard::to_stdvec(one).as_deref() == Ok(payload));
        let read = tables.read("Statement", payload);
        match (&read, ours) {
            (Some(read), Some(ours)) => assert_eq!(read.value, json!(ours)),
            (None, None) => refused += 1,
            // Texts are held to their length and letters beside the tables.
            (Some(read), None) => assert!(read.value.to_string().contains("://")),
            (None, Some(ours)) => panic!("{ours:?}"),
        }
        met.extend(read.iter().flat_map(|read| read.met()).map(str::to_owned));
    }
    assert_eq!(refused, 4);
    // Every choice on which rules hang is met somewhere.
    for (name, rows) in tables.rows() {
        let count = met
            .iter()
            .filter(|one| one.starts_with(&format!("{name} ")))
            .count();
        let is_met = match name {
            "What" | "Motion" | "Event" | "Verdict" | "Method" | "Target" | "Code"
            | "MediaKind" | "Role" | "ContextDependence" => count == rows,
            _ => count > 0 || met.contains(name) || matches!(name, "Genesis" | "Founder"),
        };
        assert!(is_met, "{name}: {count}");
    }
}

/// Every name without a value, and that there are no more, is what serde makes of the number.
fn numbered<T: DeserializeOwned + Serialize>(tables: &Tables, of: &str) {
    let names = tables.names(of);
    for (number, name) in (0_u8..).zip(&names) {
        let Some(name) = name else { continue };
        let value: T = postcard::from_bytes(&[number]).unwrap();
        assert_eq!(json!(value), *name, "{of}");
    }
    let next = u8::try_from(names.len()).unwrap();
    let behind = [[next].as_slice(), &[0; 64]].concat();
    assert!(postcard::from_bytes::<T>(&behind).is_err(), "{of}");
}

#[test]
fn names_have_the_numbers_of_the_readme_and_there_are_no_others() {
    let readme = readme();
    let tables = &Tables::of(&readme);
    numbered::<Role>(tables, "Role");
    numbered::<MediaKind>(tables, "MediaKind");
    numbered::<ContextDependence>(tables, "ContextDependence");
    numbered::<InstrumentKind>(tables, "InstrumentKind");
    numbered::<Finality>(tables, "Finality");
    numbered::<Scrutiny>(tables, "Scrutiny");
    numbered::<EndReason>(tables, "EndReason");
    numbered::<WithdrawalReason>(tables, "WithdrawalReason");
    numbered::<Objection>(tables, "Objection");
    numbered::<Silence>(tables, "Silence");
    numbered::<Rule>(tables, "Rule");
    numbered::<Denominator>(tables, "Denominator");
    numbered::<Verdict>(tables, "Verdict");
    numbered::<Method>(tables, "Method");
    numbered::<Target>(tables, "Target");
    numbered::<Code>(tables, "Code");
    numbered::<Event>(tables, "Event");
    numbered::<Motion>(tables, "Motion");
    numbered::<What>(tables, "What");
}

/// The context of a name, as the README has it.
fn context<'r>(readme: &'r str, name: &str) -> &'r str {
    let row = readme
        .lines()
        .find(|line| line.starts_with(&format!("| {name} |")));
    let context = row.and_then(|row| row.split('"').nth(1));
    context.unwrap()
}

#[test]
fn names_and_hashes_are_made_as_the_readme_says() {
    let (readme, document, expected) = (
        readme(),
        read_json("statements.json"),
        read_json("expected.json"),
    );
    let tables = Tables::of(&readme);
    let name = |of: &str, bytes: &[u8]| hex(&blake3::derive_key(context(&readme, of), bytes));
    for key in document["keys"].as_array().unwrap() {
        assert_eq!(name("key id", &bytes_of(&key["public"])), key["id"]);
    }
    let genesis = bytes_of(&document["genesis"]["payload"]);
    assert_eq!(name("register id", &genesis), document["genesis"]["id"]);
    assert_eq!(sha256(&[]), document["empty_root"]);
    let last = expected["at"].as_array().unwrap().last().unwrap();
    let (motions, entries) = (
        strings(&last["motions"], "id"),
        strings(&last["entries"], "id"),
    );
    let (mut of_motions, mut of_entries, mut of_policies) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for envelope in all_envelopes() {
        let payload = envelope.unverified_payload();
        let Some(read) = tables.read("Statement", payload) else {
            continue;
        };
        of_motions.extend(read.parts("Motion").map(|bytes| name("motion id", bytes)));
        of_policies.extend(read.parts("Policy").map(|bytes| name("policy id", bytes)));
        for entry in read.parts("Entry") {
            let fingerprints: Vec<&[u8]> = read.parts("Fingerprint").collect();
            of_entries.insert(name("entry id", &canonical(entry, &fingerprints)));
        }
    }
    assert_eq!(of_motions, motions);
    assert!(of_policies.contains(last["policy"].as_str().unwrap()));
    assert_eq!((of_entries, entries.len()), (entries, 5));
}

/// An entry with its fingerprints in their order; there are no equal ones, so that their count stays.
fn canonical(entry: &[u8], fingerprints: &[&[u8]]) -> Vec<u8> {
    let listed = fingerprints.concat();
    let mut sorted = fingerprints.to_vec();
    sorted.sort();
    let Some(at) = (0..entry.len()).find(|at| entry[*at..].starts_with(&listed)) else {
        panic!("the fingerprints are in the entry");
    };
    [&entry[..at], &sorted.concat(), &entry[at + listed.len()..]].concat()
}

#[test]
fn every_signature_and_leaf_is_of_the_message_that_the_readme_names() {
    let document = read_json("statements.json");
    for one in document["statements"].as_array().unwrap() {
        let payload = bytes_of(&one["payload"]);
        let of = one["payload_type"].as_str().unwrap();
        let head = format!("DSSEv1 {} {of} {} ", of.len(), payload.len());
        let message = [head.as_bytes(), &payload].concat();
        let leaf = sha256(&[&[0][..], &message].concat());
        assert_eq!(leaf, one["leaf"]);
        for signature in one["signatures"].as_array().unwrap() {
            let keys = document["keys"].as_array().unwrap();
            let key = keys
                .iter()
                .find(|key| key["id"] == signature["key"])
                .unwrap();
            let key: PublicKey = key["public"].as_str().unwrap().parse().unwrap();
            let signature: Signature = signature["signature"].as_str().unwrap().parse().unwrap();
            key.verify(&message, &signature).unwrap();
        }
    }
}

#[test]
fn the_model_comes_to_the_same() {
    let files = merge_files();
    let genesis = read_genesis();
    let folder = Folder::new("conformance-model");
    let (mut register, mut model) = (folder.register("own", &genesis), Model::new(&genesis));
    merge_all(&mut register, &files.iter().collect::<Vec<_>>());
    for (_, file) in &files {
        model.merge(file).unwrap();
    }
    assert_eq!(derived(&register, 1), model.derived(now()));
    let exported = crate::history::exported(&register);
    let lines = exported.split(|byte| *byte == b'\n').skip(1);
    let leaves = envelopes(lines).map(|one| Claim::read(&one).unwrap().leaf());
    let (ours, model) = (leaves.collect::<BTreeSet<_>>(), model.leaves());
    assert!(ours.is_subset(&model));
    // A log that begins behind place 2^62 is nothing to the model.
    assert_eq!(model.difference(&ours).count(), 1);
}
