//! One statement of each kind, as bytes and in words.

use std::collections::BTreeMap;

use ijkpunt::baseline::Event;
use ijkpunt::limits::Limits;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::*;
use serde_json::{Value, json};

use super::expected::hex;
use super::story::MergeFile;
use crate::history::key;

/// The kinds, in the order of their numbers.
pub(super) const KINDS: [&str; 12] = [
    "opened",
    "rotated",
    "endorsed admit",
    "endorsed revoke",
    "endorsed adopt",
    "event entry_created",
    "event assessed",
    "event withdrawn",
    "event suspended",
    "event resumed",
    "event instrument_ended",
    "event feedback",
];

/// The seeds of all keys: 32 times this byte.
const SEEDS: [u8; 10] = [0, 1, 2, 3, 4, 10, 12, 66, 77, 88];

fn kind(what: &What) -> &'static str {
    let number = match what {
        What::Opened(_) => 0,
        What::Rotated(_) => 1,
        What::Endorsed(one) => match one.motion {
            Motion::Admit(_) => 2,
            Motion::Revoke(_) => 3,
            Motion::Adopt(_) => 4,
            _ => panic!("a kind of motion that is not listed"),
        },
        What::Event(event) => match event {
            Event::EntryCreated(_) => 5,
            Event::Assessed(_) => 6,
            Event::Withdrawn(_) => 7,
            Event::Suspended(_) => 8,
            Event::Resumed(_) => 9,
            Event::InstrumentEnded(_) => 10,
            Event::Feedback(_) => 11,
            _ => panic!("a kind of event that is not listed"),
        },
        _ => panic!("a kind of statement that is not listed"),
    };
    KINDS[number]
}

/// The envelopes of lines that hold one.
pub(super) fn envelopes<'a>(
    lines: impl IntoIterator<Item = &'a [u8]>,
) -> impl Iterator<Item = Envelope> {
    let lines = lines.into_iter();
    lines.filter_map(|line| Envelope::from_json(line.trim_ascii(), &Limits::default()).ok())
}

/// Of each kind the statement that says most: that of the longest payload.
pub(super) fn statements(genesis: &Envelope, files: &[MergeFile]) -> Value {
    let mut chosen: BTreeMap<&str, Envelope> = BTreeMap::new();
    let lines = files.iter().flat_map(|file| &file.lines);
    let good = lines.filter(|(_, wrong)| wrong.is_none());
    for envelope in envelopes(good.map(|(line, _)| &line[..])) {
        let claim = Claim::read(&envelope).unwrap();
        let kind = kind(&claim.unverified().what);
        let known = chosen.get(kind).map(|one| one.unverified_payload().len());
        if known.is_none_or(|known| known < envelope.unverified_payload().len()) {
            chosen.insert(kind, envelope);
        }
    }
    let keys = SEEDS.map(|seed| {
        let public = key(seed).public_key();
        json!({"seed": hex(&[seed; 32]), "public": public, "id": public.id()})
    });
    let founding = Genesis::open(genesis).unwrap();
    let statements = KINDS.map(|kind| statement(kind, &chosen[kind]));
    json!({
        "keys": keys,
        "empty_root": TreeHash::empty(),
        "genesis": {
            "id": founding.id(),
            "payload_type": genesis.payload_type(),
            "payload": hex(genesis.unverified_payload()),
            "value": *founding,
        },
        "statements": statements,
    })
}

fn statement(kind: &str, envelope: &Envelope) -> Value {
    let signatures = envelope
        .signatures()
        .iter()
        .map(|(key, signature)| json!({"key": key, "signature": signature}));
    let claim = Claim::read(envelope).unwrap();
    json!({
        "kind": kind,
        "payload_type": envelope.payload_type(),
        "payload": hex(envelope.unverified_payload()),
        "leaf": claim.leaf(),
        "signatures": signatures.collect::<Vec<_>>(),
        "statement": claim.unverified(),
    })
}
