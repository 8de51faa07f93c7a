//! A second reader, in another language, written from FORMAT.md alone, reads the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use ijkpunt::baseline::{Code, Method, TcoTypes, Verdict};
use ijkpunt::hash::{Digest, Pdq};
use ijkpunt::snapshot::{Delta, NewEntry, Print, Row, Said, Snapshot};
use serde_json::{Value, json};

use super::drawn::draft;

/// Set where a machine without Python is no reason to pass.
const REQUIRED: &str = "CI";

#[test]
fn the_reader_in_python_reads_the_same() {
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("snapshot-{}", std::process::id()));
    for seeds in [0..0, 0..1, 0..25] {
        let bytes = draft(seeds).to_bytes().unwrap();
        fs::write(&path, &bytes).unwrap();
        python_reads_the_same(&path, &Snapshot::from_bytes(bytes).unwrap());
    }
    fs::remove_file(&path).unwrap();
}

#[test]
fn the_reader_in_python_reads_deltas_the_same() {
    let path = |name: &str| {
        let name = format!("{name}-{}", std::process::id());
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
    };
    let [base, delta] = ["base", "delta"].map(path);
    let [old, new] =
        [0..9, 4..25].map(|seeds| Snapshot::from_bytes(draft(seeds).to_bytes().unwrap()).unwrap());
    fs::write(&base, old.as_bytes()).unwrap();
    fs::write(&delta, Delta::between(&old, &new).unwrap().to_bytes()).unwrap();
    python_reads_the_same_change([&delta, &base], [&old, &new]);
    fs::remove_file(base).unwrap();
    fs::remove_file(delta).unwrap();
}

/// Compares what the other reader reads of a file with what the snapshot says.
pub(crate) fn python_reads_the_same(path: &Path, snapshot: &Snapshot) {
    if let Some(read) = read_by_python(&[path]) {
        assert_eq!(read, expected(snapshot));
    }
}

/// Compares what the other reader reads of a delta with what is not the same in both snapshots.
pub(crate) fn python_reads_the_same_change(paths: [&Path; 2], [old, new]: [&Snapshot; 2]) {
    let Some(mut read) = read_by_python(&paths) else {
        return;
    };
    let [before, mut after] = [old, new].map(expected);
    let without_order = |entries: &mut Value| {
        for entry in entries.as_array_mut().unwrap() {
            for part in ["hashes", "digests"] {
                let prints = entry[part].as_array_mut().unwrap();
                prints.sort_by_key(ToString::to_string);
            }
        }
    };
    let held = |of: &Value| of["entries"].as_array().unwrap().clone();
    let is_in = |entries: &[Value], id: &Value| entries.iter().any(|one| one["id"] == *id);
    let (of_old, of_new) = (held(&before), held(&after));
    let gone = of_old.iter().map(|entry| entry["id"].clone());
    let gone: Vec<Value> = gone.filter(|id| !is_in(&of_new, id)).collect();
    let mut here: Value = of_new
        .into_iter()
        .filter(|entry| !of_old.contains(entry))
        .collect();
    without_order(&mut here);
    without_order(&mut read["here"]);
    let mut changed = |part: &str| match after[part].take() {
        same if same == before[part] => Value::Null,
        other => other,
    };
    let policy = match changed("policy") {
        Value::Null if new.policy() == old.policy() => Value::Null,
        policy => json!([policy.get(1)]),
    };
    let expected = json!({
        "base": old.id().to_string(),
        "target": new.id().to_string(),
        "sequence": new.sequence(),
        "created_at": new.created_at().unix_seconds(),
        "valid_until": new.valid_until().map(|until| until.unix_seconds()),
        "policy": policy,
        "authorities": changed("authorities"),
        "logs": changed("logs"),
        "gone": gone,
        "here": here,
    });
    assert_eq!(read, expected);
}

fn read_by_python(paths: &[&Path]) -> Option<Value> {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshot/reader.py");
    let Ok(read) = Command::new("python3").arg(reader).args(paths).output() else {
        assert!(std::env::var_os(REQUIRED).is_none(), "there is no python3");
        return None;
    };
    let told = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{told}");
    Some(serde_json::from_slice(&read.stdout).unwrap())
}

fn expected(snapshot: &Snapshot) -> Value {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    let logs = snapshot.logs().iter();
    let logs = logs.map(|log| {
        let (name, root) = (hex(&log.name), hex(&log.root));
        let key = log.key.map(|key| hex(&key));
        json!([
            log.authority.as_str(),
            name,
            log.begins,
            log.size,
            root,
            key
        ])
    });
    let authorities = snapshot.authorities().iter().map(|one| {
        let roles: Vec<_> = one.roles.iter().map(|role| *role as u8).collect();
        json!([one.id.as_str(), one.state, one.name.as_str(), roles])
    });
    let held = snapshot.to_draft().unwrap();
    let digests = |entry: &NewEntry| -> Vec<Value> {
        let mut digests: Vec<_> = entry.prints.iter().filter_map(of_digest).collect();
        digests.sort_by_key(|(digest, _)| *digest);
        digests.into_iter().map(|(_, json)| json).collect()
    };
    let entries = held.entries().map(digests).enumerate();
    let entries = entries.map(|(entry, digests)| of_entry(snapshot, entry, &digests));
    json!({
        "id": snapshot.id().to_string(),
        "sequence": snapshot.sequence(),
        "created_at": snapshot.created_at().unix_seconds(),
        "valid_until": snapshot.valid_until().map(|until| until.unix_seconds()),
        "logs": logs.collect::<Vec<_>>(),
        "authorities": authorities.collect::<Vec<_>>(),
        "policy": snapshot.policy().map(|policy| json!([policy.id().to_string(), policy.terms()])),
        "entries": entries.collect::<Vec<_>>(),
    })
}

fn of_entry(snapshot: &Snapshot, number: usize, digests: &[Value]) -> Value {
    let entry = snapshot.entry(number).unwrap();
    let wholes: Vec<_> = snapshot.wholes().codes().collect();
    let windows: Vec<_> = snapshot.windows().codes().collect();
    let wholes = snapshot
        .wholes_of(number)
        .map(|row| of_row(wholes[row], snapshot.whole(row)));
    let windows = snapshot
        .windows_of(number)
        .map(|row| of_row(windows[row], snapshot.window(row)));
    let frames: Vec<_> = snapshot.frames().codes().collect();
    let frames = snapshot
        .frames_of(number)
        .map(|row| of_row(frames[row], snapshot.frame(row)));
    let source = entry.source.as_ref();
    let source = source.map(|it| json!([it.sha256.to_string(), it.size, it.mime.as_str()]));
    let state = entry
        .state
        .map(|state| match serde_json::to_value(state).unwrap() {
            Value::String(name) => json!([name]),
            emerging => {
                let [k, n] = ["k", "n"].map(|part| emerging["emerging"][part].clone());
                json!(["emerging", k, n])
            }
        });
    json!({
        "id": entry.id.to_string(),
        "title": entry.title,
        "media": entry.media,
        "source": source,
        "context": entry.context,
        "created_at": entry.created_at.map(|at| at.unix_seconds()),
        "state": state,
        "types": entry.types.map(TcoTypes::bits),
        "said": entry.said.iter().map(of_said).collect::<Vec<_>>(),
        "hashes": wholes.chain(windows).chain(frames).collect::<Vec<_>>(),
        "digests": digests,
    })
}

fn of_digest(print: &Print) -> Option<(Digest, Value)> {
    let Code::Digest(digest) = print.code else {
        return None;
    };
    let told = json!([digest.kind().name(), digest.to_string(), print.label]);
    Some((digest, told))
}

fn of_row(pdq: Pdq, row: Row<'_>) -> Value {
    json!({
        "pdq": pdq.to_string(),
        "quality": row.quality.map(|quality| quality.get()),
        "profile": row.profile.name(),
        "part": row.part.map(|part| part.sides()),
        "shown": row.shown.map(|it| json!([it.at_ms(), it.lasts_cs(), it.role().name()])),
        "label": row.label,
    })
}

fn of_said(said: &Said) -> Value {
    let (verdict, types) = match said.verdict {
        Verdict::Terrorist(types) => ("terrorist", types.bits()),
        Verdict::NotTerrorist => ("not_terrorist", 0),
        Verdict::TerroristOnlyInContext(types) => ("terrorist_only_in_context", types.bits()),
        Verdict::InsufficientInformation => ("insufficient_information", 0),
        Verdict::Abstain => ("abstain", 0),
    };
    let (method, from) = match &said.method {
        Method::ViewedByOne => (0, None),
        Method::ViewedByTwo => (1, None),
        Method::Adopted { from } => (2, Some(from.as_str())),
    };
    json!({
        "authority": said.authority.as_str(),
        "verdict": verdict,
        "types": types,
        "method": method,
        "from": from,
        "made_at": said.made_at.unix_seconds(),
        "valid_until": said.valid_until.map(|until| until.unix_seconds()),
    })
}
