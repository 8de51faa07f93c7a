//! The canonical export, put together from the merge files by the words of the README.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::expected::sha256;
use super::naive::Tables;
use super::{merge_files, read, read_json};

/// Statements by log, then by place and leaf; and the notes of each log.
#[derive(Default)]
struct Held {
    log_of: BTreeMap<String, String>,
    statements: BTreeMap<String, BTreeMap<(u64, String), String>>,
    notes: BTreeMap<String, BTreeMap<String, String>>,
}

impl Held {
    fn take(&mut self, line: &str, tables: &Tables) {
        let json: Value = serde_json::from_str(line).unwrap();
        if let Some(note) = json["checkpoint"].as_str() {
            let origin = note.lines().next().unwrap();
            let (_, log) = origin.split_once("/log/").unwrap();
            let notes = self.notes.entry(log.to_owned()).or_default();
            notes.insert(note.to_owned(), line.to_owned());
            return;
        }
        let payload = base64(json["payload"].as_str().unwrap());
        let value = tables.read("Statement", &payload).unwrap().value;
        let (kind, mut said) = value["what"].as_object().unwrap().iter().next().unwrap();
        let signer = |number: usize| json["signatures"][number]["keyid"].as_str().unwrap();
        if kind == "opened" {
            let name = signer(0).to_owned();
            self.log_of.insert(name.clone(), name);
        }
        let log = self.log_of[signer(0)].clone();
        if kind == "rotated" {
            self.log_of.insert(signer(1).to_owned(), log.clone());
        }
        if kind == "event" {
            said = said.as_object().unwrap().values().next().unwrap();
        }
        let of = json["payloadType"].as_str().unwrap();
        let head = format!("DSSEv1 {} {of} {} ", of.len(), payload.len());
        let leaf = sha256(&[&[0], head.as_bytes(), &payload].concat());
        let place = (said["sequence"].as_u64().unwrap(), leaf);
        // What is known is not taken again, whichever signature stands first there.
        let statements = self.statements.entry(log).or_default();
        statements.entry(place).or_insert(line.to_owned());
    }
}

/// Of the standard alphabet.
fn base64(text: &str) -> Vec<u8> {
    let alphabet = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain("+/".chars());
    let values: BTreeMap<char, u32> = alphabet.zip(0..).collect();
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.trim_end_matches('=').chars() {
        bits = (bits << 6 | values[&letter]) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}

#[test]
fn the_export_is_put_together_as_the_readme_says() {
    let expected = read_json("expected.json");
    let readme = String::from_utf8(read("README.md")).unwrap();
    let (tables, mut held) = (Tables::of(&readme), Held::default());
    let told = expected["files"].as_array().unwrap();
    for ((_, file), told) in merge_files().iter().zip(told) {
        let left_out = told["left_out"].as_array().unwrap().iter();
        let left_out: BTreeSet<u64> = left_out.map(|one| one["line"].as_u64().unwrap()).collect();
        let lines = (1..).zip(str::from_utf8(file).unwrap().lines()).skip(1);
        for (_, line) in lines.filter(|(number, _)| !left_out.contains(number)) {
            held.take(line, &tables);
        }
    }
    let mut export = String::from_utf8(read("genesis.json")).unwrap();
    let statements = held.statements.values().flat_map(BTreeMap::values);
    let notes = held.notes.values().flat_map(BTreeMap::values);
    for line in statements.chain(notes) {
        export += line;
        export += "\n";
    }
    assert_eq!(expected["after"]["export"]["bytes"], export.len());
    assert_eq!(
        expected["after"]["export"]["sha256"],
        sha256(export.as_bytes())
    );
}
