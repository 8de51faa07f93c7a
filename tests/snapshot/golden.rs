//! Files of version 1, which nobody writes again: what is in them is read for ever, and today the same content still gives the same bytes.
//!
//! What they were made from stands in `golden/content.rs` and nowhere else. Where a writer of a later version writes other bytes, the comparison with what is
//! written goes, and all others stay.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use ijkpunt::baseline::Code;
use ijkpunt::hash::Radius;
use ijkpunt::snapshot::{Audit, Delta, Draft, NewEntry, Print, Record, Row, Snapshot, VERSION};

use super::reader::{python_reads_the_same, python_reads_the_same_change};

mod content;

/// Set to write the files that are not there yet; those that are stay as they are.
const WRITE: &str = "IJKPUNT_WRITE_GOLDEN";

/// Each file and the BLAKE3 of its bytes, so that none is exchanged unseen.
const FILES: [(&str, &str); 4] = [
    (
        "list.snapshot",
        "6073bae11a41a9bbc94c2b69760c945d80399baa573c721745e96a49bb4f4bf6",
    ),
    (
        "consensus.snapshot",
        "921524698230e258bcf553c3e8d6cb59e78f9a5738ba3eb1774ba770d6d57232",
    ),
    (
        "next.snapshot",
        "669d586b4a2b5859764c61830d101533e7f8e27456dc237fb2112f88a43c942b",
    ),
    (
        "consensus-to-next.delta",
        "414a5fc69d4654d8c53cbdba5e436bafc7b2192a8307210908524480f40fb344",
    ),
];

const MOST_BYTES: usize = 64 << 10;

fn path(name: &str) -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/snapshot/v1");
    data.join(name)
}

/// The golden file; where it is wanted and there is none, it is written first.
fn golden(name: &str, written: &[u8]) -> Vec<u8> {
    if std::env::var_os(WRITE).is_some() {
        let path = path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(mut file) => file.write_all(written).unwrap(),
            Err(error) => assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}"),
        }
    }
    fs::read(path(name)).unwrap()
}

fn delta() -> Delta {
    let [old, new] = [content::consensus(), content::next()]
        .map(|draft| Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap());
    Delta::between(&old, &new).unwrap()
}

/// What is written today of the content of each file.
fn written() -> [(&'static str, Vec<u8>); 4] {
    let bytes = |draft: Draft| draft.to_bytes().unwrap();
    let [list, consensus, next, leap] = FILES.map(|(name, _)| name);
    [
        (list, bytes(content::list())),
        (consensus, bytes(content::consensus())),
        (next, bytes(content::next())),
        (leap, delta().to_bytes()),
    ]
}

fn opened(name: &str, made_from: &Draft) -> Snapshot {
    let bytes = golden(name, &made_from.to_bytes().unwrap());
    Snapshot::from_bytes(bytes).unwrap()
}

#[test]
fn golden_files_are_those_that_were_written_once() {
    for ((name, written), (_, digest)) in written().into_iter().zip(FILES) {
        let bytes = golden(name, &written);
        assert_eq!(blake3::hash(&bytes).to_string(), digest, "{name}");
        assert_eq!(bytes[8..12], 1u32.to_le_bytes(), "{name}");
        assert!(bytes.len() < MOST_BYTES, "{name}: {} bytes", bytes.len());
    }
}

#[test]
fn the_same_content_gives_the_bytes_of_the_golden_files() {
    assert_eq!(VERSION, 1, "say what becomes of this test");
    for (name, written) in written() {
        assert!(golden(name, &written) == written, "{name}");
    }
}

#[test]
fn a_golden_list_holds_what_it_was_made_from() {
    let made_from = content::list();
    let snapshot = opened("list.snapshot", &made_from);
    assert_eq!((snapshot.sequence(), snapshot.entries()), (1, 4));
    assert_eq!(snapshot.created_at(), content::time("2026-11-24T00:00:00Z"));
    assert_eq!((snapshot.valid_until(), snapshot.policy()), (None, None));
    assert!(snapshot.authorities().is_empty() && snapshot.logs().is_empty());
    let tables = [snapshot.wholes(), snapshot.windows(), snapshot.frames()];
    assert_eq!(tables.map(|index| index.len()), [2, 3, 6]);
    let sorted = |list: ijkpunt::baseline::List| {
        let mut csv = Vec::new();
        list.write_csv(&mut csv).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let mut lines: Vec<String> = text.lines().map(Into::into).collect();
        lines.sort();
        lines
    };
    let rows = sorted(snapshot.to_list().unwrap());
    assert_eq!(rows, sorted(content::rows()));
    for number in 0..4 {
        let record = snapshot.entry(number).unwrap();
        assert_eq!((record.context, record.created_at), (None, None));
        assert!(["still", "cropped", "film", "file"].contains(&record.title));
    }
    holds(&snapshot, &made_from);
}

#[test]
fn a_golden_consensus_holds_what_it_was_made_from() {
    let made_from = content::consensus();
    let snapshot = opened("consensus.snapshot", &made_from);
    assert_eq!(snapshot.sequence(), 1_795_478_400);
    assert_eq!(snapshot.created_at(), content::time("2026-11-24T00:00:00Z"));
    let until = content::time("2026-12-24T00:00:00Z");
    assert_eq!(snapshot.valid_until(), Some(until));
    assert_eq!(snapshot.policy(), Some(&content::policy()));
    assert_eq!(snapshot.authorities(), content::authorities());
    assert_eq!(snapshot.logs(), content::logs());
    holds(&snapshot, &made_from);
    each_is_as_it_was(&snapshot, &content::entries());
}

#[test]
fn a_golden_delta_leads_from_one_golden_snapshot_to_the_next() {
    let old = opened("consensus.snapshot", &content::consensus());
    let new = opened("next.snapshot", &content::next());
    let bytes = golden("consensus-to-next.delta", &delta().to_bytes());
    let delta = Delta::from_bytes(&bytes).unwrap();
    assert_eq!((delta.base(), delta.target()), (old.id(), new.id()));
    assert!(delta.apply(&old).unwrap() == new.as_bytes());
    assert!(Delta::between(&old, &new).unwrap() == delta);
    assert_eq!((new.sequence(), new.valid_until()), (1_795_564_800, None));
    assert_eq!(new.policy(), Some(&content::next_policy()));
    assert_eq!(new.authorities(), content::next_authorities());
    assert_eq!(new.logs(), content::next_logs());
    holds(&new, &content::next());
    each_is_as_it_was(&new, &content::next_entries());
}

#[test]
fn the_reader_in_python_reads_the_golden_files_the_same() {
    let [list, old, new, (leap, bytes)] = written();
    let snapshots = [list, old, new].map(|(name, bytes)| {
        let snapshot = Snapshot::from_bytes(golden(name, &bytes)).unwrap();
        python_reads_the_same(&path(name), &snapshot);
        (path(name), snapshot)
    });
    golden(leap, &bytes);
    let [_, (base, old), (_, new)] = snapshots;
    python_reads_the_same_change([&path(leap), &base], [&old, &new]);
}

/// That all that a draft has is in the snapshot, and no more; and that its indexes are good.
fn holds(snapshot: &Snapshot, made_from: &Draft) {
    let read = snapshot.to_draft().unwrap();
    assert_eq!(snapshot.entries(), made_from.entries().count());
    assert!(read.entries().eq(made_from.entries()));
    for index in [snapshot.wholes(), snapshot.windows(), snapshot.frames()] {
        for (number, code) in index.codes().enumerate() {
            let hits = index.search(code, Radius::DEFAULT);
            assert!(hits.iter().any(|hit| hit.row == number));
        }
    }
    assert_eq!(snapshot.audit(), Ok(Audit::Same));
}

/// Reads everything of each entry by the doors that there are for it.
fn each_is_as_it_was(snapshot: &Snapshot, entries: &[NewEntry]) {
    assert_eq!(snapshot.entries(), entries.len());
    for entry in entries {
        let number = snapshot.find(entry.id).unwrap();
        let record = snapshot.entry(number).unwrap();
        assert_eq!(
            record,
            Record {
                id: entry.id,
                title: &entry.title,
                media: entry.media,
                source: entry.source.clone(),
                context: entry.context,
                created_at: entry.created_at,
                state: entry.state,
                types: entry.types,
                said: entry.said.clone(),
            }
        );
        let mut prints = entry.prints.clone();
        for found in prints_of(snapshot, number) {
            let place = prints.iter().position(|print| *print == found);
            prints.remove(place.unwrap());
        }
        for print in prints {
            let Code::Digest(digest) = print.code else {
                panic!("a hash of {} is not there", entry.title)
            };
            let found: Vec<_> = snapshot.exactly(digest).collect();
            assert_eq!(found, [(number, print.label.as_deref())]);
        }
    }
}

fn prints_of(snapshot: &Snapshot, number: usize) -> Vec<Print> {
    let print = |code, row: Row<'_>| {
        assert_eq!(row.entry, number);
        Print {
            code: Code::Pdq(code),
            quality: row.quality,
            profile: row.profile,
            part: row.part,
            shown: row.shown,
            label: row.label.map(Into::into),
        }
    };
    let wholes = snapshot.wholes_of(number);
    let wholes = wholes.map(|row| print(snapshot.wholes().code(row), snapshot.whole(row)));
    let windows = snapshot.windows_of(number);
    let windows = windows.map(|row| print(snapshot.windows().code(row), snapshot.window(row)));
    let frames = snapshot.frames_of(number);
    let frames = frames.map(|row| print(snapshot.frames().code(row), snapshot.frame(row)));
    wholes.chain(windows).chain(frames).collect()
}
