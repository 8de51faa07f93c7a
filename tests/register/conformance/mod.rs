//! A small history of a register, for those who implement the format in another language: `testdata/conformance/register/`.
//!
//! The files are made here, and compared byte by byte with those of the folder; after a change:
//!
//! ```sh
//! IJKPUNT_WRITE_CASES=1 cargo test --all-features --test register
//! ```
//!
//! Then the folder is read as somebody else would read it: merged in other orders, derived by the model, its payloads by the tables of its README.

mod expected;
mod export;
mod judged;
mod naive;
mod refused;
mod statements;
mod story;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use ijkpunt::limits::Limits;
use ijkpunt::register::{Register, RegisterError};
use ijkpunt::sign::Envelope;
use serde_json::{Value, json};

use crate::author::{file, line};
use crate::history::{Folder, genesis as founded_by};
use expected::{DAYS, PROOF_DAY, laid_out};
use story::{STATES, Story, story};
use words::{Hand, day};

/// Set to write the files instead of comparing.
const WRITE: &str = "IJKPUNT_WRITE_CASES";

const OTHER: &str = "other-register.jsonl";

/// All files but the README, made once, and written where that is asked for before anything is read.
static MADE: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let files = made();
    for (name, bytes) in files.iter().filter(|_| is_writing()) {
        fs::write(path(name), bytes).unwrap();
    }
    files
});

fn is_writing() -> bool {
    std::env::var_os(WRITE).is_some()
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.join("testdata/conformance/register").join(name)
}

/// A file of the folder.
fn read(name: &str) -> Vec<u8> {
    if is_writing() {
        LazyLock::force(&MADE);
    }
    fs::read(path(name)).unwrap()
}

fn read_json(name: &str) -> Value {
    serde_json::from_slice(&read(name)).unwrap()
}

fn read_genesis() -> Envelope {
    Envelope::from_json(read("genesis.json").trim_ascii(), &Limits::default()).unwrap()
}

/// The merge files, in their order.
fn merge_files() -> Vec<(String, Vec<u8>)> {
    let names = (1..=4).map(|number| format!("merge-{number}.jsonl"));
    names.map(|name| (name.clone(), read(&name))).collect()
}

fn made() -> BTreeMap<String, Vec<u8>> {
    let story = story();
    let (genesis, entry) = (&story.genesis, story.entries.first.id());
    let mut files = BTreeMap::from([("genesis.json".to_owned(), line(genesis))]);
    for one in &story.files {
        let lines: Vec<_> = one.lines.iter().map(|(line, _)| line.clone()).collect();
        files.insert(one.name.to_owned(), file(genesis, &lines));
    }
    let other = founded_by(2);
    let elsewhere = Hand::open(0, &other, 1).log.file(&other);
    let kinds = about(STATEMENTS, statements::statements(genesis, &story.files));
    let folder = Folder::new("conformance-made");
    let mut register = folder.register("own", genesis);
    let told = told(&story, &mut register, &files);
    let proof = register.proof(entry, day(PROOF_DAY)).unwrap();
    let proof = proof.unwrap().to_json().into_bytes();
    let why = refusal(&mut register, &elsewhere);
    let expected = json!({
        "files": told,
        "refused_files": [{"file": OTHER, "why": why}],
        "after": expected::held(&register),
        "at": DAYS.map(|number| expected::at(&register, day(number))),
        "proof": expected::proven(&proof),
    });
    let expected = about(EXPECTED, expected);
    files.extend([
        (OTHER.to_owned(), elsewhere),
        ("statements.json".to_owned(), written(&kinds)),
        ("proof.json".to_owned(), proof),
        ("expected.json".to_owned(), written(&expected)),
    ]);
    files
}

/// What each merge file adds, and what is left out of it.
fn told(story: &Story, register: &mut Register, files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let mut told = Vec::new();
    for one in &story.files {
        let merged = crate::history::merge(register, &files[one.name]);
        let mut left_out: Vec<u64> = merged.left_out.iter().map(|(line, _)| *line).collect();
        left_out.sort_unstable();
        // The genesis is the first line.
        let lines = (2..).zip(&one.lines);
        let wrong = lines.filter(|(_, (_, wrong))| wrong.is_some());
        let wrong: Vec<u64> = wrong.map(|(number, _)| number).collect();
        let why = &merged.left_out;
        assert_eq!(left_out, wrong, "{}: {why:#?}", one.name);
        let meant = |number| one.lines[usize::try_from(number).unwrap() - 2].1;
        told.push(expected::merged(one.name, &merged, meant));
    }
    told
}

/// Why a file is not merged at all.
fn refusal(register: &mut Register, file: &[u8]) -> &'static str {
    match register.merge(file, &Limits::default(), |_| ()) {
        Err(RegisterError::OtherRegister { .. }) => "OtherRegister",
        other => panic!("{other:?}"),
    }
}

fn about(words: &str, mut value: Value) -> Value {
    value["about"] = json!(words);
    value
}

fn written(value: &Value) -> Vec<u8> {
    (laid_out(value, 4) + "\n").into_bytes()
}

#[test]
fn the_folder_is_what_is_made_here() {
    for (name, bytes) in &*MADE {
        let is_same = fs::read(path(name)).is_ok_and(|read| read == *bytes);
        assert!(
            is_same,
            "{name}: run with {WRITE}=1, and look at what changed"
        );
    }
    let names = fs::read_dir(path("")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != "README.md").collect();
    names.sort();
    assert!(names.iter().eq(MADE.keys()), "{names:?}");
}

/// Merges files again and again until nothing is added.
fn merge_all(register: &mut Register, files: &[&(String, Vec<u8>)]) {
    let mut before = Vec::new();
    loop {
        for (_, file) in files {
            crate::history::merge(register, file);
        }
        let after = crate::history::exported(register);
        if after == before {
            return;
        }
        before = after;
    }
}

#[test]
fn whichever_file_comes_first_what_is_expected_comes_out() {
    let (files, expected) = (merge_files(), read_json("expected.json"));
    let (genesis, folder) = (read_genesis(), Folder::new("conformance-orders"));
    for order in [
        [0_usize, 1, 2, 3],
        [3, 2, 1, 0],
        [1, 0, 3, 2],
        [2, 0, 1, 3],
        [0, 2, 3, 1],
    ] {
        let name = format!("{order:?}");
        let mut register = folder.register(&name, &genesis);
        merge_all(&mut register, &order.map(|number| &files[number]));
        let why = refusal(&mut register, &read(OTHER));
        assert_eq!(expected["refused_files"][0]["why"], why);
        assert_eq!(expected::held(&register), expected["after"], "{name}");
        let days = DAYS.map(|number| expected::at(&register, day(number)));
        assert_eq!(json!(days), expected["at"], "{name}");
        let id = expected["proof"]["entry"].as_str().unwrap();
        let proof = register.proof(id.parse().unwrap(), day(PROOF_DAY)).unwrap();
        assert_eq!(proof.unwrap().to_json().into_bytes(), read("proof.json"));
        register.verify(|_| ()).unwrap();
    }
    assert_eq!(expected::proven(&read("proof.json")), expected["proof"]);
}

#[test]
fn states_are_those_that_were_derived_by_hand() {
    let expected = read_json("expected.json");
    let told = expected["at"].as_array().unwrap();
    assert_eq!(told.len(), STATES.len());
    for (told, (number, states)) in told.iter().zip(STATES) {
        assert_eq!(told["now"], json!(day(number)));
        let told = told["entries"].as_array().unwrap().iter().map(|entry| {
            let title = entry["title"].as_str().unwrap();
            let state: ijkpunt::baseline::ConsensusState =
                serde_json::from_value(entry["state"].clone()).unwrap();
            let first = title.split(' ').next().unwrap();
            (first.to_owned(), state.to_string())
        });
        let by_hand = states.iter();
        let by_hand = by_hand.map(|(title, state)| ((*title).to_owned(), (*state).to_owned()));
        assert_eq!(
            told.collect::<BTreeMap<_, _>>(),
            by_hand.collect::<BTreeMap<_, _>>(),
            "day {number}"
        );
    }
}

const EXPECTED: &str = "What comes of the merge files: what each adds and what is left out of it, in their order; what is held after all of them; \
     what holds on some days; what the proof proves. README.md says what must be equal.";

const STATEMENTS: &str = "Keys by their seeds, the genesis, and of each kind of statement the one with the longest payload: its bytes, its leaf, its \
     signatures, and its value. README.md says how the bytes are read.";
