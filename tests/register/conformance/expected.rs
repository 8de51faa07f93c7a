//! What follows from the files, as JSON.

use std::fmt::Debug;

use ijkpunt::baseline::{EntryId, Event, Time};
use ijkpunt::limits::Limits;
use ijkpunt::register::{Account, Evidence, LeftOut, Merged, Register};
use ijkpunt::sign::{Proof, Refused};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::words::day;
use crate::history::exported;

/// The days for which it is told what holds.
pub(super) const DAYS: [i64; 7] = [10, 13, 21, 27, 35, 44, 70];

/// The day of the proof.
pub(super) const PROOF_DAY: i64 = 44;

/// What a merge has told; `meant` says of each line what is wrong with it.
pub(super) fn merged(
    name: &str,
    merged: &Merged,
    meant: impl Fn(u64) -> Option<&'static str>,
) -> Value {
    let logs = merged.logs.iter().map(|(log, one)| {
        json!({"log": log, "authority": one.authority, "added": one.added, "known": one.known})
    });
    // What cannot be read is told first.
    let mut left_out: Vec<&(u64, LeftOut)> = merged.left_out.iter().collect();
    left_out.sort_by_key(|(line, _)| *line);
    let left_out = left_out.into_iter().map(|(line, why)| {
        json!({"line": line, "meant": meant(*line), "why": why_left_out(why), "told": why.to_string()})
    });
    json!({
        "file": name,
        "logs": logs.collect::<Vec<_>>(),
        "checkpoints": merged.checkpoints,
        "forked": merged.forked,
        "left_out": left_out.collect::<Vec<_>>(),
    })
}

/// The name of the variant that says why.
fn why_left_out(why: &LeftOut) -> String {
    match why {
        LeftOut::Refused(Refused::Open(why)) => variant(why),
        LeftOut::Refused(why) => variant(why),
        LeftOut::Envelope(why) => variant(why),
        LeftOut::Checkpoint(why) => variant(why),
        why => variant(why),
    }
}

fn variant(value: &impl Debug) -> String {
    let shown = format!("{value:?}");
    let end = shown.find(|letter: char| !letter.is_ascii_alphanumeric());
    shown[..end.unwrap_or(shown.len())].to_owned()
}

/// What a register holds, whatever the time.
pub(super) fn held(register: &Register) -> Value {
    let file = exported(register);
    let reports = register.logs(day(DAYS[0])).unwrap();
    let logs = reports.iter().map(|one| {
        // Where it ends, and when, a report tells of the story that came first: so all are told here.
        let stories = register.stories(one.log, None).unwrap();
        let stories = stories
            .iter()
            .map(|kept| json!({"until": kept.until, "root": kept.root}));
        json!({
            "authority": one.authority, "state": one.state, "log": one.log, "begins": one.begins,
            "forked_at": one.forked_at, "stories": stories.collect::<Vec<_>>(),
        })
    });
    let forks = register.forks().unwrap().into_iter().map(|fork| {
        let evidence = match fork.evidence {
            Evidence::Statements(_) => "two statements",
            Evidence::Checkpoint(..) => "a checkpoint",
        };
        json!({"authority": fork.authority, "log": fork.log, "at": fork.at, "evidence": evidence})
    });
    json!({
        "register": register.id(),
        "export": {
            "bytes": file.len(),
            "lines": file.split_inclusive(|byte| *byte == b'\n').count(),
            "sha256": sha256(&file),
        },
        "logs": logs.collect::<Vec<_>>(),
        "forks": forks.collect::<Vec<_>>(),
    })
}

/// SHA-256 in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    hex(&digest)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What holds at a time.
pub(super) fn at(register: &Register, now: Time) -> Value {
    let standing = register.standing(now).unwrap();
    let members = standing.members().values().map(|one| {
        let logs = one
            .spans
            .iter()
            .map(|span| json!({"log": span.log, "from": span.from, "kept": span.kept}));
        json!({
            "authority": one.authority.id, "state": one.authority.state, "roles": one.authority.roles,
            "since": one.since, "logs": logs.collect::<Vec<_>>(),
        })
    });
    let motions = standing.motions().iter().map(|(id, one)| {
        let signed: Vec<_> = one.signed.keys().collect();
        json!({"id": id, "motion": one.motion.to_string(), "signed": signed, "outcome": one.outcome.to_string()})
    });
    let states = register.states(now, 1, |case| case.id).unwrap();
    let entries = states.into_values().map(|id| {
        let account = register.account(id, now).unwrap();
        entry(id, &account.unwrap())
    });
    json!({
        "now": now,
        "policy": standing.policy().id(),
        "needed_states": standing.needed_states(),
        "members": members.collect::<Vec<_>>(),
        "motions": motions.collect::<Vec<_>>(),
        "entries": entries.collect::<Vec<_>>(),
    })
}

fn entry(id: EntryId, account: &Account) -> Value {
    let void = account.void.iter().map(
        |(place, why)| json!({"log": place.log, "sequence": place.sequence, "why": variant(why)}),
    );
    // Which story has which number depends on which came first.
    let mut void: Vec<Value> = void.collect();
    void.sort_by_cached_key(Value::to_string);
    json!({
        "id": id,
        "title": account.entry.title,
        "state": account.consensus.state,
        "sentence": account.consensus.explanation.to_string(),
        "counted": counted(&account.counted),
        "void": void,
    })
}

/// Authority and place of each.
fn counted(events: &[Event]) -> Vec<Value> {
    let places = events.iter();
    places
        .map(|event| json!([event.authority(), event.sequence()]))
        .collect()
}

/// What follows from a proof.
pub(super) fn proven(json: &[u8]) -> Value {
    let proof = Proof::from_json(json, &Limits::default()).unwrap();
    let proven = proof.verify().unwrap();
    let heads = proven.heads.iter().map(|head| {
        json!({"authority": head.authority, "state": head.state, "log": head.log, "size": head.size, "root": head.root})
    });
    json!({
        "register": proven.register,
        "at": proven.at,
        "entry": proven.entry.id(),
        "state": proven.consensus.state,
        "sentence": proven.consensus.explanation.to_string(),
        "counted": counted(&proven.counted),
        "heads": heads.collect::<Vec<_>>(),
    })
}

/// JSON with a line for each member, down to a depth.
pub(super) fn laid_out(value: &Value, depth: usize) -> String {
    let opened = |open: char, items: Vec<String>, close: char| {
        let items = items.join(",\n").replace('\n', "\n ");
        format!("{open}\n {items}\n{close}")
    };
    match value {
        Value::Object(members) if depth > 0 && !members.is_empty() => {
            let item = |(name, value): (&String, &Value)| {
                format!("{}: {}", json!(name), laid_out(value, depth - 1))
            };
            opened('{', members.iter().map(item).collect(), '}')
        }
        Value::Array(items) if depth > 0 && !items.is_empty() => {
            let items = items.iter().map(|item| laid_out(item, depth - 1));
            opened('[', items.collect(), ']')
        }
        value => value.to_string(),
    }
}
