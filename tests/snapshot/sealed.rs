//! What somebody can do who knows the format: seal a changed file again. And all that can be done with a file that was opened.

use ijkpunt::baseline::Shown;
use ijkpunt::hash::{DigestKind, Pdq, Radius};
use ijkpunt::snapshot::{Audit, Snapshot};

/// Makes the length and all digests those of what is there now, as far as there is a table of sections.
pub(crate) fn sealed(bytes: &mut [u8]) {
    let number = |bytes: &[u8], at: usize| {
        let eight = bytes.get(at..).and_then(|rest| rest.first_chunk());
        usize::try_from(u64::from_le_bytes(eight.copied().unwrap_or_default())).unwrap_or(0)
    };
    let sections = (number(bytes, 8) >> 32).min(64);
    let end = 128 + 64 * sections;
    if bytes.len() < end + 32 {
        return;
    }
    let length = (bytes.len() as u64).to_le_bytes();
    bytes[24..32].copy_from_slice(&length);
    for at in (128..end).step_by(64) {
        let (place, length) = (number(bytes, at + 8), number(bytes, at + 16));
        let held = bytes.get(place..).and_then(|rest| rest.get(..length));
        let digest = held.map(|held| *blake3::hash(held).as_bytes());
        bytes[at + 32..at + 64].copy_from_slice(&digest.unwrap_or_default());
    }
    let digest = *blake3::hash(&bytes[..end]).as_bytes();
    bytes[end..end + 32].copy_from_slice(&digest);
}

/// Does everything that can be done with a snapshot; what the audit says, unless it says that there can be no such snapshot.
pub(crate) fn used(snapshot: &Snapshot) -> Option<Audit> {
    for number in 0..snapshot.entries() {
        let id = snapshot.entry(number).map(|entry| entry.id);
        assert_eq!(id, snapshot.entry_id(number));
        assert_eq!(id.and_then(|id| snapshot.find(id)), Some(number));
        for row in snapshot.wholes_of(number) {
            assert_eq!(snapshot.whole(row).entry, number);
        }
        for row in snapshot.windows_of(number) {
            assert_eq!(snapshot.window(row).entry, number);
        }
        let mut before = 0;
        for row in snapshot.frames_of(number) {
            let row = snapshot.frame(row);
            let at = row.shown.map(Shown::at_ms);
            assert_eq!(row.entry, number);
            assert!(at >= Some(before), "a frame without time, or out of order");
            before = at.unwrap_or(before);
        }
    }
    for index in [snapshot.wholes(), snapshot.windows(), snapshot.frames()] {
        for query in index.codes().chain([Pdq::from_bytes([0x5a; 32])]) {
            let hits = index.search(query, Radius::DEFAULT);
            assert!(hits.iter().all(|hit| hit.row < index.len()));
        }
    }
    for kind in DigestKind::ALL {
        let _ = (
            snapshot.has_digests(kind),
            snapshot.exactly(kind.of(b"")).count(),
        );
    }
    let _ = snapshot.to_list();
    snapshot.audit().ok()
}
