//! Bytes to a list: every row counted, every row's entry there, the same each time.

use ijkpunt::baseline::{List, Profile, Reading};
use ijkpunt::hash::DigestKind;
use ijkpunt::limits::Limits;

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
        assert!(
            row.part().is_some() == (row.profile() == Profile::Windows),
            "half a window"
        );
        assert!(
            row.part().is_none() || row.pdq().is_some(),
            "a digest of a part"
        );
        assert!(
            row.shown().is_none() || (row.pdq().is_some() && row.part().is_none()),
            "half a frame"
        );
        assert!(row.label() != Some(""), "an empty label");
    }
    assert!(
        list.digest() == DigestKind::Sha256.of(bytes),
        "not the digest of these bytes"
    );
    let windows = list.rows().iter().filter(|row| row.part().is_some());
    assert!(windows.count() == list.windows(), "windows are missing");
    let frames = list.rows().iter().filter(|row| row.shown().is_some());
    assert!(frames.count() == list.frames(), "frames are missing");
    assert_same(&list, &again);
    assert_saved(&list);
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
        accepted <= list.rows().len() as u64,
        "accepted rows are missing"
    );
    assert!(accepted + refused <= limits.list_rows, "above the limit");
    assert!(
        accepted > 0 || refused == 0,
        "nothing understood, and no error"
    );
    assert!(
        list.entries().len() as u64 <= accepted,
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

/// What is written is read as the same rows, and gives the same bytes again.
fn assert_saved(list: &List) {
    let written = |list: &List| {
        let mut bytes = Vec::new();
        let result = list.write_csv(&mut bytes);
        assert!(result.is_ok(), "memory refuses bytes");
        bytes
    };
    let saved = written(list);
    let Ok(again) = List::from_bytes(&saved) else {
        panic!("a saved list is not read");
    };
    assert!(again.rows() == list.rows(), "other rows after saving");
    assert!(
        again.entries() == list.entries(),
        "other entries after saving"
    );
    assert!(
        again.profile() == list.profile(),
        "another profile after saving"
    );
    assert!(written(&again) == saved, "other bytes after saving");
}

fn assert_same(list: &List, again: &List) {
    assert!(list.rows() == again.rows(), "other rows");
    assert!(list.entries() == again.entries(), "other entries");
    assert!(list.profile() == again.profile(), "another profile");
    assert!(list.windows() == again.windows(), "other windows");
    assert!(list.frames() == again.frames(), "other frames");
    assert!(list.digest() == again.digest(), "another digest");
    assert!(list.reading() == again.reading(), "another reading");
}
