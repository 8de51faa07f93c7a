//! What states say together: the cases of `testdata/conformance/consensus.json`, through the public API.
//!
//! The file is written from `cases.rs`, where the expected states stand; after a change there:
//!
//! ```sh
//! IJKPUNT_WRITE_CASES=1 cargo test --test consensus
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]

mod cases;
mod words;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ijkpunt::baseline::{
    Consensus, ConsensusState, Creation, EndReason, Entry, EntryHead, Event, Policy, Target, Time,
    WithdrawalReason, consensus,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use cases::{Case, cases, entry};
use words::{
    authority, end, feedback, resumption, says, state, suspension, terrorist, time, withdrawal,
};

const FILE: &str = "testdata/conformance/consensus.json";

fn read<T: DeserializeOwned>(value: &Value) -> T {
    T::deserialize(value).unwrap()
}

fn document() -> Value {
    serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}

/// What comes out of a case of the file.
fn outcome(case: &Value) -> Consensus {
    let events: Vec<Event> = read(&case["events"]);
    let (entry, policy): (EntryHead, Policy) = (read(&case["entry"]), read(&case["policy"]));
    consensus(&entry, &events, &policy, read(&case["now"]))
}

#[test]
fn every_case_of_the_file_has_its_state_and_its_sentence() {
    if std::env::var_os("IJKPUNT_WRITE_CASES").is_some() {
        std::fs::write(FILE, written()).unwrap();
    }
    let document = document();
    let cases = document["cases"].as_array().unwrap();
    assert!(cases.len() > 60, "{} cases", cases.len());
    for case in cases {
        let ours = outcome(case);
        let name = &case["name"];
        assert_eq!(
            ours.state,
            read(&case["state"]),
            "{name}: {}",
            ours.explanation
        );
        assert_eq!(
            ours.explanation.to_string(),
            case["sentence"].as_str().unwrap(),
            "{name}"
        );
    }
    let entry: Entry = read(&document["entry"]);
    assert_eq!(entry.id(), read(&document["entry_id"]));
}

#[test]
fn every_case_comes_out_as_it_is_written_by_hand() {
    for case in cases() {
        let ours = case.outcome();
        assert_eq!(
            ours.state, case.state,
            "{}: {}",
            case.name, ours.explanation
        );
    }
}

#[test]
fn the_file_is_what_the_cases_say() {
    let is_written = std::env::var_os("IJKPUNT_WRITE_CASES").is_some();
    let told = "run with IJKPUNT_WRITE_CASES=1, and look at what changed";
    assert!(
        is_written || std::fs::read_to_string(FILE).unwrap() == written(),
        "{told}"
    );
}

#[test]
fn the_cases_cover_every_state_and_have_names_of_their_own() {
    let cases = cases();
    let kind = |state: &ConsensusState| std::mem::discriminant(state);
    let met: Vec<_> = cases.iter().map(|case| kind(&case.state)).collect();
    for state in [
        ConsensusState::Withdrawn,
        ConsensusState::Suspended,
        ConsensusState::Rejected,
        ConsensusState::Disputed,
        ConsensusState::Candidate,
        ConsensusState::Expired,
        ConsensusState::UnderAssessment,
        ConsensusState::National,
        ConsensusState::Emerging { k: 0, n: 0 },
        ConsensusState::BaselineBySilence,
        ConsensusState::Baseline,
    ] {
        assert!(met.contains(&kind(&state)), "{state:?}");
    }
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len());
}

#[test]
fn sentences_say_who_and_why() {
    let sentence = |name: &str| {
        let case = cases().into_iter().find(|case| case.name == name).unwrap();
        case.outcome().explanation.to_string()
    };
    for (name, expected) in [
        (
            "18 of 23 are not all",
            "18 of 23 designated states say terrorist, types A and D; missing: XB, XC, XF, XK, XQ; no objection",
        ),
        (
            "one objection blocks",
            "2 of 3 designated states say terrorist, type A; objection: XC",
        ),
        (
            "types must overlap",
            "2 of 3 designated states say terrorist, type B; other types only: XC; no objection",
        ),
        (
            "silence is consent after its days",
            "2 of 4 designated states say terrorist, type A; consent by silence: XC, XD; no objection",
        ),
        (
            "a new state is not missed during its grace",
            "2 of 2 designated states say terrorist, type A; joining: XC on 2026-05-02T00:00:00Z; no objection",
        ),
        (
            "two words at one place are a conflict",
            "1 of 2 designated states says terrorist, type A; missing: XB (conflict); \
             two words at one place: xb-first at 1; no objection",
        ),
        (
            "its maker withdraws the entry",
            "withdrawn by xa-first: order annulled. 1 of 2 designated states says terrorist, type A; \
             missing: XA (withdrawn); no objection",
        ),
        (
            "one state suspends",
            "suspended by xb-first (XB). 2 of 2 designated states say terrorist, type A; no objection",
        ),
        (
            "an order annulled takes an entry out of the baseline",
            "1 of 2 designated states says terrorist, type A; missing: XA (withdrawn); \
             XA's word rested on removal order R-17, which was annulled; no objection",
        ),
        (
            "of two ends the first is told",
            "1 of 2 designated states says terrorist, type A; missing: XA (withdrawn); \
             XA's word rested on removal order R-17, in which XC's scrutiny found an infringement; no objection",
        ),
        (
            "two authorities of a state fall together",
            "1 of 2 designated states says terrorist, type A; missing: XA (withdrawn); \
             XA's word rested on removal order R-17, which was annulled; no objection",
        ),
        (
            "all who rest on an order fall with it",
            "0 of 2 designated states say terrorist; missing: XA (withdrawn), XB (withdrawn); \
             XA's word rested on removal order R-17, which was annulled; \
             XB's word rested on removal order R-17 of XA, which was annulled; no objection",
        ),
    ] {
        assert_eq!(sentence(name), expected, "{name}");
    }
}

#[test]
fn the_explanation_shows_what_fell_with_which_act() {
    let name = "all who rest on an order fall with it";
    let case = cases().into_iter().find(|case| case.name == name).unwrap();
    let fallen = |code: &str, authority: &str| {
        json!({
            "state": code,
            "instrument": {"kind": "removal_order", "issued_by": "XA", "reference": "R-17"},
            "reason": "annulled",
            "ended_in": "XA",
            "ended_by": "xa-first",
            "authority": authority,
            "sequence": 1,
        })
    };
    let explanation = json!(case.outcome().explanation);
    let expected = json!([fallen("XA", "xa-first"), fallen("XB", "xb-first")]);
    assert_eq!(explanation["fallen"], expected);
}

#[test]
fn what_a_later_version_adds_is_refused_by_name() {
    let document = document();
    let cases = document["cases"].as_array().unwrap();
    let events = |case: &Value| case["events"].as_array().unwrap().clone();
    let assessed = cases
        .iter()
        .flat_map(events)
        .find(|event| event.get("assessed").is_some());
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut event = assessed.clone().unwrap();
        change(&mut event["assessed"]);
        serde_json::from_value::<Event>(event)
            .unwrap_err()
            .to_string()
    };
    let named =
        |error: String, name: &str| assert!(error.contains(&format!("`{name}`")), "{error}");
    named(
        refused(&|one| one["verdict"] = json!("borderline")),
        "borderline",
    );
    named(
        refused(&|one| one["verdict"] = json!({"terrorist": ["F"]})),
        "F",
    );
    named(refused(&|one| one["method"] = json!("guessed")), "guessed");
    named(
        refused(&|one| one["uploader"] = json!("somebody")),
        "uploader",
    );
    let event = json!({"escalated": {}});
    named(
        serde_json::from_value::<Event>(event)
            .unwrap_err()
            .to_string(),
        "escalated",
    );
    let empty = refused(&|one| one["verdict"] = json!({"terrorist": []}));
    assert!(empty.contains("at least one"), "{empty}");
}

#[test]
fn every_event_knows_its_log_its_place_its_time_its_state_and_its_entry() {
    let created = Event::EntryCreated(Creation {
        sequence: 0,
        entry: entry(),
    });
    let told = Target::Whole;
    let events = [
        (created, 0, "2026-01-01"),
        (says("XA", terrorist("A")), 1, "2026-01-15"),
        (
            withdrawal("XA", told, WithdrawalReason::OverBroad),
            5,
            "2026-02-01",
        ),
        (suspension("XA"), 6, "2026-02-01"),
        (resumption("XA", 6, "2026-02-10"), 7, "2026-02-10"),
        (
            Event::InstrumentEnded(end("XA", EndReason::Revoked)),
            4,
            "2026-02-01",
        ),
        (feedback("XA"), 3, "2026-02-01"),
    ];
    for (event, sequence, at) in events {
        assert_eq!(event.authority(), &authority("xa-first"));
        assert_eq!((event.sequence(), event.at()), (sequence, time(at)));
        let is_of_many = matches!(event, Event::InstrumentEnded(_));
        assert_eq!(event.entry(), (!is_of_many).then(|| entry().id()));
        let speaks_for_nobody = matches!(event, Event::EntryCreated(_));
        assert_eq!(event.state(), (!speaks_for_nobody).then(|| state("XA")));
        let again: Event = serde_json::from_str(&json!(event).to_string()).unwrap();
        assert_eq!(again, event);
        let bytes = postcard::to_stdvec(&event).unwrap();
        assert_eq!(postcard::from_bytes::<Event>(&bytes).unwrap(), event);
    }
}

impl Case {
    fn outcome(&self) -> Consensus {
        consensus(&self.entry, &self.events, &self.policy, self.now)
    }
}

/// The file: one line for each thing that a person may want to compare.
fn written() -> String {
    let line = |value: Value| value.to_string();
    let mut text = String::from("{\n");
    for (place, words) in ABOUT.iter().enumerate() {
        let start = if place == 0 { "\"about\": [" } else { "" };
        let end = if place + 1 == ABOUT.len() { "]," } else { "," };
        writeln!(text, " {start}{}{end}", line(json!(words))).unwrap();
    }
    writeln!(text, " \"entry\": {},", line(json!(entry()))).unwrap();
    writeln!(text, " \"entry_id\": {},", line(json!(entry().id()))).unwrap();
    text.push_str(" \"cases\": [\n");
    let cases: Vec<String> = cases().iter().map(one_case).collect();
    text.push_str(&cases.join(",\n"));
    text.push_str("\n ]\n}\n");
    text
}

fn one_case(case: &Case) -> String {
    let now: Time = case.now;
    let events: Vec<String> = case
        .events
        .iter()
        .map(|event| format!("    {}", json!(event)))
        .collect();
    let events = match events.as_slice() {
        [] => "[]".to_owned(),
        events => format!("[\n{}\n   ]", events.join(",\n")),
    };
    format!(
        "  {{\"name\": {},\n   \"policy\": {},\n   \"entry\": {},\n   \"events\": {events},\n   \"now\": {},\n   \
         \"state\": {},\n   \"sentence\": {}}}",
        json!(case.name),
        json!(case.policy),
        json!(case.entry),
        json!(now),
        json!(case.state),
        json!(case.outcome().explanation.to_string()),
    )
}

const ABOUT: [&str; 4] = [
    "What states say together of an entry: for each case a policy, an entry, events in any order, and the time; then the state, and a sentence that explains it.",
    "The rules stand in src/baseline/consensus/mod.rs. The states were written by hand, the sentences by ijkpunt.",
    "entry is what all cases are about; entry_id is BLAKE3 (derive_key, context \"ijkpunt 2026 entry v0\") of its postcard bytes, fingerprints in the order of theirs.",
    "XA to XZ are user-assigned codes of no state. Everything is made up. License: MIT OR Apache-2.0.",
];
