//! Bytes to a list: every row counted, every row's entry there, the same each time.

use ijkpunt::baseline::{List, Reading};
use ijkpunt::limits::Limits;
use sha2::{Digest as _, Sha256};

/// Any bytes; panics where something is not as promised.
pub fn run(bytes: &[u8]) {
    let limits = limits();
    let (list, again) = match (List::read(bytes, &limits), List::read(bytes, &limits)) {
        (Ok(list), Ok(again)) => (list, again),
        (Err(error), Err(again)) => {
            assert!(
                error.to_string() == again.to_string(),
                "two errors of one list"
            );
            return;
        }
        _ => panic!("read once of two times"),
    };
    assert!(bytes.len() as u64 <= limits.list_bytes, "above the limit");
    assert_counts(&list, &limits);
    for row in list.rows() {
        let entry = list.entries().get(row.entry());
        assert!(
            entry.is_some_and(|entry| !entry.id().is_empty()),
            "a row without entry"
        );
        assert!(row.label() != Some(""), "an empty label");
    }
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    assert!(
        list.digest().to_bytes() == digest,
        "not the digest of these bytes"
    );
    assert_same(&list, &again);
}

/// Small enough that inputs of a few hundred bytes meet each of them.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.list_bytes = 4096;
    limits.list_rows = 24;
    limits.line_bytes = 256;
    limits
}

fn assert_counts(list: &List, limits: &Limits) {
    let reading = list.reading();
    let (accepted, refused) = (reading.accepted(), reading.refused());
    assert!(
        accepted == list.rows().len() as u64,
        "accepted rows are missing"
    );
    assert!(accepted + refused <= limits.list_rows, "above the limit");
    assert!(
        accepted > 0 || refused == 0,
        "nothing understood, and no error"
    );
    assert!(
        list.entries().len() <= list.rows().len(),
        "an entry without row"
    );
    let kept = reading.first_refused();
    assert!(
        kept.len() as u64 == refused.min(Reading::KEPT as u64),
        "problems are missing"
    );
    let lines = kept.iter().map(|problem| problem.place.line);
    assert!(lines.is_sorted_by(|a, b| a < b), "problems out of order");
}

fn assert_same(list: &List, again: &List) {
    assert!(list.rows() == again.rows(), "other rows");
    assert!(list.entries() == again.entries(), "other entries");
    assert!(list.profile() == again.profile(), "another profile");
    assert!(list.digest() == again.digest(), "another digest");
    assert!(list.reading() == again.reading(), "another reading");
}
