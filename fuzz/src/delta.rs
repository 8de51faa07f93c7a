//! Bytes as a delta, as they are and sealed again for a snapshot that is there: it gives the snapshot that it names, or nothing.

use std::sync::OnceLock;

use ijkpunt::baseline::List;
use ijkpunt::snapshot::{Delta, Draft, Snapshot};

/// A delta; behind its head, what stands in one.
pub fn run(bytes: &[u8]) {
    applied(bytes);
    let base = base();
    let mut sealed = Vec::from(*b"ijkdelt\0\0\0\0\0");
    sealed.extend(base.id().to_bytes());
    sealed.extend([0x5a; 32]);
    sealed.extend(bytes.get(76..).unwrap_or(bytes));
    sealed.extend(blake3::hash(&sealed).as_bytes());
    applied(&sealed);
}

fn applied(bytes: &[u8]) {
    let Ok(delta) = Delta::from_bytes(bytes) else {
        return;
    };
    assert_eq!(Delta::from_bytes(&delta.to_bytes()).as_ref(), Ok(&delta));
    if let Ok(made) = delta.apply(base()) {
        let made = Snapshot::from_bytes(made).map(|made| made.id());
        assert_eq!(made.ok(), Some(delta.target()));
    }
}

/// A snapshot of four hashes, one of them of a frame, and two digests.
fn base() -> &'static Snapshot {
    static BASE: OnceLock<Snapshot> = OnceLock::new();
    BASE.get_or_init(|| {
        let line = |k: u8| {
            let hash = format!("{k:02x}").repeat(32);
            match k % 3 {
                0 => format!("item-{k},,{hash},,,,\n"),
                1 => format!("item-{k},{hash},,90,windows/1,0 0 5000 5000,\n"),
                _ if k == 2 => format!("item-{k},{hash},,80,,,500 1000\n"),
                _ => format!("item-{k},{hash},,80,,,\n"),
            }
        };
        let rows: String = (1..7).map(line).collect();
        let list = format!("id,pdq,sha256,quality,profile,part,shown\n{rows}");
        let list = List::from_bytes(list.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let created_at = "2026-11-22T10:00:00Z".parse();
        let mut draft = Draft::new(1, created_at.unwrap_or_else(|error| panic!("{error}")));
        let bytes = draft.list(&list).and_then(|draft| draft.to_bytes());
        let bytes = bytes.unwrap_or_else(|error| panic!("{error}"));
        Snapshot::from_bytes(bytes).unwrap_or_else(|error| panic!("{error}"))
    })
}
