//! Bytes as a list of consistency proofs, whole and behind a good first line: what is taken is written and read as the same, and no line shows that a root
//! is another one of its size.

use std::collections::BTreeSet;

use ijkpunt::limits::Limits;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::{ConsistencyList, KeyId};

/// Longer inputs say no more.
const MOST_BYTES: usize = 64 << 10;

/// As many heads are tried in pairs.
const MOST_HEADS: usize = 16;

/// A size and its root.
type Head = (u64, TreeHash);

const FIRST: &[u8] = b"ijkpunt consistency list 0\n";

/// As much as a list may have.
pub fn run(bytes: &[u8]) {
    if bytes.len() > MOST_BYTES {
        return;
    }
    let behind = [FIRST, bytes].concat();
    for file in [bytes, &behind] {
        let Ok(read) = ConsistencyList::read(file, &Limits::default()) else {
            continue;
        };
        hold(&read.list);
        let lines = file.split_inclusive(|byte| *byte == b'\n').count();
        assert!(read.list.len() + read.left_out.len() < lines);
        let half = ConsistencyList::read(
            &file[..FIRST.len() + (file.len() - FIRST.len()) / 2],
            &Limits::default(),
        );
        let Ok(half) = half else {
            panic!("it has the first line");
        };
        let mut both = half.list;
        both.union(read.list.clone());
        assert!(both == read.list);
    }
}

/// What holds for any list.
fn hold(list: &ConsistencyList) {
    let written = list.to_bytes();
    let Ok(again) = ConsistencyList::read(&written, &Limits::default()) else {
        panic!("what was written is read");
    };
    assert!(again.list == *list && again.left_out.is_empty());
    assert!(again.list.to_bytes() == written);
    let Ok(text) = str::from_utf8(&written) else {
        panic!("JSON is text");
    };
    let (mut logs, mut heads) = (BTreeSet::new(), BTreeSet::new());
    for line in text.lines().skip(1).take(MOST_HEADS / 2) {
        let Some((log, from, to)) = heads_of(line) else {
            panic!("a line that was written");
        };
        assert!(from.0 < to.0 && list.shows(log, from, to));
        logs.insert(log);
        heads.extend([from, to]);
    }
    for log in logs {
        for from in &heads {
            for to in &heads {
                let may_be = from == to || from.0 < to.0;
                assert!(may_be || !list.shows(log, *from, *to));
            }
            let another = (from.0, TreeHash::node(from.1, from.1));
            assert!(!list.shows(log, *from, another) && !list.shows(log, another, *from));
        }
    }
}

/// The log of a line, and its two sizes and roots.
fn heads_of(line: &str) -> Option<(KeyId, Head, Head)> {
    let value = |name: &str| {
        let (_, rest) = line.split_once(&format!("\"{name}\":"))?;
        let value = rest.split([',', '}']).next()?;
        Some(value.trim_matches('"').to_owned())
    };
    let head = |size: &str, root: &str| {
        let size = value(size)?.parse().ok()?;
        Some((size, value(root)?.parse().ok()?))
    };
    let log = value("log")?.parse().ok()?;
    let (from, to) = (head("from_size", "from_root")?, head("to_size", "to_root")?);
    Some((log, from, to))
}
