//! What is written, and that it is read again.

use ijkpunt::baseline::{FrameRole, List, MediaKind, NewRow, Profile, Shown};
use ijkpunt::hash::{DigestKind, Radius};
use ijkpunt::index::Scan;
use ijkpunt::snapshot::{Audit, Draft, DraftError, NewEntry, Snapshot};

use super::drawn::{authority, draft, entry, list, pdq, time};

#[test]
fn the_order_of_adding_changes_nothing() {
    let bytes = draft(0..20).to_bytes().unwrap();
    assert!(draft((0..20).rev()).to_bytes().unwrap() == bytes);
    assert!(draft((0..20).chain(0..20)).to_bytes().unwrap() == bytes);
    let mut turned = draft([]);
    for seed in 0..20 {
        let mut entry = entry(seed, seed % 4, (seed % 6) as u8);
        entry.prints.reverse();
        entry.said.reverse();
        entry.prints.push(entry.prints[0].clone());
        turned.entry(entry.clone()).unwrap();
        entry.prints.rotate_left(1);
        turned.entry(entry).unwrap();
    }
    assert!(turned.to_bytes().unwrap() == bytes);
    assert!(draft(0..19).to_bytes().unwrap() != bytes);
}

#[test]
fn what_was_written_is_read() {
    let snapshot = Snapshot::from_bytes(draft(0..20).to_bytes().unwrap()).unwrap();
    assert_eq!(snapshot.sequence(), 7);
    assert_eq!(snapshot.created_at(), time("2026-11-22T10:00:00Z"));
    assert_eq!(snapshot.valid_until(), Some(time("2026-12-22T10:00:00Z")));
    assert_eq!(snapshot.authorities().len(), 5);
    let logs: Vec<_> = snapshot
        .logs()
        .iter()
        .map(|log| (log.authority.clone(), log.size))
        .collect();
    let mut expected: Vec<_> = (0..5).map(|k| (authority(k), 100 + u64::from(k))).collect();
    expected.insert(4, (authority(3), 2));
    assert_eq!(logs, expected);
    assert_eq!(snapshot.entries(), 20);
    for seed in 0..20 {
        let expected = entry(seed, seed % 4, (seed % 6) as u8);
        let number = snapshot.find(expected.id).unwrap();
        let found = snapshot.entry(number).unwrap();
        assert_eq!((found.id, found.title), (expected.id, &*expected.title));
        assert_eq!(
            (found.media, &found.source),
            (expected.media, &expected.source)
        );
        assert_eq!(
            (found.context, found.created_at),
            (expected.context, expected.created_at)
        );
        assert_eq!((found.types, &found.said), (expected.types, &expected.said));
        let [whole] = snapshot.wholes_of(number).collect::<Vec<_>>()[..] else {
            panic!("one hash of the whole")
        };
        let row = snapshot.whole(whole);
        assert_eq!(
            (row.entry, row.quality),
            (number, expected.prints[0].quality)
        );
        assert_eq!(row.label, expected.prints[0].label.as_deref());
        assert_eq!(snapshot.windows_of(number).len(), (seed % 4) as usize);
        for window in snapshot.windows_of(number) {
            let window = snapshot.window(window);
            assert!(
                expected
                    .prints
                    .iter()
                    .any(|print| print.part == window.part)
            );
        }
        let of_frames = expected.prints.iter().filter(|it| it.shown.is_some());
        let mut shown: Vec<_> = of_frames.map(|it| (it.shown, it.code)).collect();
        shown.sort_by_key(|(shown, _)| *shown);
        assert_eq!(
            shown.len(),
            [0, 0, 2 + seed as usize % 2][seed as usize % 3]
        );
        let found = snapshot.frames_of(number).map(|row| {
            let code = snapshot.frames().code(row);
            (snapshot.frame(row).shown, code.into())
        });
        assert_eq!(found.collect::<Vec<_>>(), shown);
        let kind = DigestKind::ALL[seed as usize % 3];
        let exactly: Vec<_> = snapshot.exactly(kind.of(&seed.to_le_bytes())).collect();
        assert_eq!(exactly, [(number, None)]);
    }
    assert_eq!(snapshot.find(entry(99, 0, 0).id), None);
    assert_eq!(snapshot.exactly(DigestKind::Md5.of(b"else")).count(), 0);
}

#[test]
fn lookups_are_those_of_a_scan() {
    let seeds = 0..300;
    let snapshot = Snapshot::from_bytes(draft(seeds).to_bytes().unwrap()).unwrap();
    for index in [snapshot.wholes(), snapshot.windows(), snapshot.frames()] {
        let scan: Scan = index.codes().collect();
        for query in index.codes().step_by(7).chain((5000..5020).map(pdq)) {
            let radius = Radius::new(110).unwrap();
            assert_eq!(index.search(query, radius), scan.search(query, radius));
        }
    }
}

#[test]
fn what_is_empty_is_a_snapshot_too() {
    let bytes = Draft::new(1, time("2026-11-22T10:00:00Z"))
        .to_bytes()
        .unwrap();
    let snapshot = Snapshot::from_bytes(bytes).unwrap();
    assert_eq!((snapshot.entries(), snapshot.wholes().len()), (0, 0));
    assert_eq!(
        (snapshot.valid_until(), snapshot.find(entry(1, 0, 0).id)),
        (None, None)
    );
    assert!(!snapshot.has_digests(DigestKind::Md5));
    assert_eq!(snapshot.audit(), Ok(Audit::Same));
}

#[test]
fn what_was_read_is_written_again_byte_by_byte() {
    for seeds in [0..1, 0..20, 100..250] {
        let snapshot = Snapshot::from_bytes(draft(seeds).to_bytes().unwrap()).unwrap();
        assert_eq!(snapshot.audit(), Ok(Audit::Same));
    }
}

#[test]
fn a_list_goes_in_and_comes_out() {
    let mut draft = Draft::new(1, time("2026-11-22T10:00:00Z"));
    draft.list(&list(41)).unwrap().list(&list(41)).unwrap();
    let snapshot = Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap();
    assert_eq!(snapshot.entries(), 21);
    let sorted = |list: &List| {
        let mut bytes = Vec::new();
        list.write_csv(&mut bytes).unwrap();
        let mut lines: Vec<String> = String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(Into::into)
            .collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&snapshot.to_list().unwrap()), sorted(&list(41)));
}

#[test]
fn an_entry_of_a_list_is_a_video_if_it_has_frames() {
    let shown = |at_ms| Shown::new(at_ms, 0, FrameRole::Core);
    let frame = |id, at_ms| NewRow::new(id, pdq(1)).shown(shown(at_ms));
    let rows = |rows: Vec<NewRow>| {
        let mut draft = Draft::new(1, time("2026-11-22T10:00:00Z"));
        draft.list(&List::from_rows(rows).unwrap()).unwrap();
        Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap()
    };
    let still = || NewRow::new("a", pdq(1));
    let video = rows(vec![still(), frame("a", 500), frame("a", 0)]);
    assert!(video.as_bytes() == rows(vec![frame("a", 0), frame("a", 500), still()]).as_bytes());
    assert_eq!(video.entry(0).unwrap().media, MediaKind::Video);
    let times = video.frames_of(0).map(|row| video.frame(row).shown);
    assert_eq!(
        times.collect::<Vec<_>>(),
        [0, 500].map(|at| Some(shown(at)))
    );
    // A frame that shows at 0 for no time has the bytes of a whole picture, and is none.
    let (still, frame) = (rows(vec![still()]), rows(vec![frame("a", 0)]));
    assert_eq!(still.entry(0).unwrap().media, MediaKind::Image);
    assert_eq!((still.wholes().len(), still.frames().len()), (1, 0));
    assert_eq!((frame.wholes().len(), frame.frames().len()), (0, 1));
    assert_ne!(still.entry_id(0), frame.entry_id(0));
}

#[test]
fn what_is_no_snapshot_is_not_made() {
    let id = entry(1, 0, 0).id;
    let mut draft = draft([1]);
    assert!(draft.entry(entry(1, 1, 1)).is_ok());
    let other = NewEntry {
        title: "other".into(),
        ..entry(1, 1, 1)
    };
    assert_eq!(
        draft.entry(other).map(|_| ()),
        Err(DraftError::EntryTwice { id })
    );
    let none = NewEntry {
        prints: Vec::new(),
        ..entry(2, 0, 0)
    };
    let refused = draft.entry(none).map(|_| ());
    assert!(
        matches!(refused, Err(DraftError::NoFingerprint { .. })),
        "{refused:?}"
    );
    let mut twice = entry(4, 0, 3);
    twice.said.push(twice.said[1].clone());
    let refused = draft.entry(twice).map(|_| ());
    let (id, of) = (entry(4, 0, 3).id, authority(1));
    assert_eq!(refused, Err(DraftError::TwoVerdicts { id, authority: of }));
    for (print, part) in [(0, true), (1, false)] {
        let mut half = entry(5, 1, 0);
        let part = half.prints[1].part.filter(|_| part);
        half.prints[print].part = part;
        let refused = draft.entry(half).map(|_| ());
        let id = entry(5, 1, 0).id;
        assert_eq!(refused, Err(DraftError::HalfAWindow { id }), "{print}");
    }
    for half in [1, 2] {
        // The time of a frame with a part, and with a digest.
        let mut entry = entry(4, 1, 0);
        entry.prints[half].shown = Some(Shown::new(0, 50, FrameRole::Core));
        let id = entry.id;
        let refused = draft.entry(entry).map(|_| ());
        assert_eq!(refused, Err(DraftError::HalfAFrame { id }), "{half}");
    }
    let mut of_window = entry(4, 0, 0);
    of_window.prints[0].shown = Some(Shown::new(0, 50, FrameRole::Core));
    of_window.prints[0].profile = Profile::Windows;
    let id = of_window.id;
    let refused = draft.entry(of_window).map(|_| ());
    assert_eq!(refused, Err(DraftError::HalfAWindow { id }));
    draft.entry(entry(3, 0, 9)).unwrap();
    let refused = draft.to_bytes().map(|bytes| bytes.len());
    let authority = authority(5);
    assert_eq!(refused, Err(DraftError::UnknownAuthority { authority }));
}

#[test]
fn nothing_of_the_list_is_shown_by_debug() {
    let snapshot = Snapshot::from_bytes(draft(0..3).to_bytes().unwrap()).unwrap();
    let shown = format!("{snapshot:?} {:?}", draft(0..3));
    for seed in 0..3 {
        assert!(!shown.contains(&pdq(seed).to_string()[..8]), "{shown}");
    }
}
