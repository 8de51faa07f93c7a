//! Bytes as a snapshot, as they are and sealed again: what is opened can be used.

use ijkpunt::snapshot::{Audit, Snapshot};

#[path = "../../tests/snapshot/sealed.rs"]
mod sealed;

/// A file.
pub fn run(bytes: &[u8]) {
    opened(bytes);
    let mut bytes = bytes.to_vec();
    sealed::sealed(&mut bytes);
    opened(&bytes);
}

fn opened(bytes: &[u8]) {
    let Ok(snapshot) = Snapshot::from_bytes(bytes) else {
        return;
    };
    if sealed::used(&snapshot) == Some(Audit::Same) {
        let again = snapshot.to_draft().and_then(|draft| draft.to_bytes());
        assert!(
            again.is_ok_and(|again| again == bytes),
            "not the same again"
        );
    }
}
