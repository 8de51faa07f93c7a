//! A second reader, in another language, written from FORMAT.md alone, reads the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use ijkpunt::baseline::{Code, Method, TcoTypes, Verdict};
use ijkpunt::hash::{Digest, Pdq};
use ijkpunt::snapshot::{NewEntry, Print, Row, Said, Snapshot};
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

/// Compares what the other reader reads of a file with what the snapshot says.
pub(crate) fn python_reads_the_same(path: &Path, snapshot: &Snapshot) {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshot/reader.py");
    let Ok(read) = Command::new("python3").arg(reader).arg(path).output() else {
        assert!(std::env::var_os(REQUIRED).is_none(), "there is no python3");
        return;
    };
    let told = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{told}");
    let read: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(read, expected(snapshot));
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
    let digests = |entry: &NewEntry| {
        let mut digests: Vec<_> = entry.prints.iter().filter_map(of_digest).collect();
        digests.sort_by_key(|(digest, _)| *digest);
        digests.into_iter().map(|(_, json)| json).collect()
    };
    let entries = held.entries().map(digests).enumerate();
    let entries = entries.map(|(entry, digests)| of_entry(snapshot, entry, digests));
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

fn of_entry(snapshot: &Snapshot, number: usize, digests: Vec<Value>) -> Value {
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
