//! What is switched off: by whom, over changed lists, and as bytes.

use ijkpunt::baseline::{List, NewRow, Text};
use ijkpunt::limits::Limits;
use ijkpunt::snapshot::{Draft, Live, Snapshot, Suspensions, SuspensionsError, Switched};

use super::drawn::{by, id, opened, pdq, snapshot, why};
use super::place::Place;

/// A snapshot of a list of one's own: ids, and the seeds of their hashes.
fn of_list(sequence: u64, rows: &[(&str, u64)]) -> Snapshot {
    let rows = rows.iter().map(|(id, seed)| NewRow::new(*id, pdq(*seed)));
    let mut draft = Draft::new(sequence, "2026-11-22T10:00:00Z".parse().unwrap());
    draft.list(&List::from_rows(rows).unwrap()).unwrap();
    opened(&draft)
}

fn titled(snapshot: &Snapshot, title: &str) -> usize {
    let mut all = 0..snapshot.entries();
    all.find(|number| snapshot.title(*number) == title).unwrap()
}

#[test]
fn each_source_lifts_its_own_suspension_only() {
    let place = Place::new("sources");
    place.folder().install(&snapshot(1, 40)).unwrap();
    let live = Live::follow(place.path()).unwrap();
    let is_off = || {
        let edition = live.current();
        let number = edition.snapshot().find(id(3)).unwrap();
        edition.off().contains(&number)
    };
    assert!(live.suspend(id(3), &by("platform"), why()).unwrap());
    assert!(is_off());
    let mut other = why();
    other.reason = Text::new("another reason").unwrap();
    assert!(!live.suspend(id(3), &by("platform"), other.clone()).unwrap());
    assert!(
        live.suspend(id(3), &by("xa-office"), other.clone())
            .unwrap()
    );
    let edition = live.current();
    let all: Vec<_> = edition.suspensions().of(id(3)).collect();
    let expected = [(&by("platform"), &why()), (&by("xa-office"), &other)];
    assert_eq!(all, expected);
    assert!(live.resume(id(3), &by("platform"), why()).unwrap());
    assert!(is_off());
    assert!(!live.resume(id(3), &by("platform"), why()).unwrap());
    assert!(!live.resume(id(3), &by("breaker"), why()).unwrap());
    assert!(is_off());
    assert!(live.resume(id(3), &by("xa-office"), why()).unwrap());
    assert!(!is_off());
    assert!(live.current().suspensions().is_empty());
    // An entry that is not there yet is off when it comes.
    assert!(live.suspend(id(45), &by("platform"), why()).unwrap());
    assert!(live.current().off().is_empty());
    place.folder().install(&snapshot(2, 50)).unwrap();
    live.refresh().unwrap();
    let edition = live.current();
    let number = edition.snapshot().find(id(45)).unwrap();
    assert_eq!(edition.off().iter().copied().collect::<Vec<_>>(), [number]);
}

#[test]
fn an_entry_of_a_list_stays_off_when_its_rows_change_and_one_that_is_gone_is_told() {
    let place = Place::new("carried");
    let folder = place.folder();
    let first = of_list(1, &[("one", 1), ("two", 2), ("three", 3)]);
    let other_rows = of_list(2, &[("one", 1), ("two", 20), ("two", 21), ("three", 3)]);
    let without = of_list(3, &[("one", 1), ("three", 3)]);
    let back = of_list(4, &[("one", 1), ("two", 20), ("two", 21), ("three", 3)]);
    folder.install(&first).unwrap();
    let old = first.entry_id(titled(&first, "two")).unwrap();
    folder.suspend(old, &by("platform"), why()).unwrap();
    let off = |installed: &Snapshot| {
        let edition = folder.open().unwrap();
        assert_eq!(edition.snapshot().id(), installed.id());
        let mut off: Vec<String> = edition
            .off()
            .iter()
            .map(|number| edition.snapshot().title(*number).to_owned())
            .collect();
        off.sort();
        off
    };
    assert_eq!(off(&first), ["two"]);
    let installed = folder.install(&other_rows).unwrap();
    let new = other_rows.entry_id(titled(&other_rows, "two")).unwrap();
    assert_ne!(old, new);
    assert_eq!((installed.carried, installed.gone), (vec![new], vec![]));
    assert_eq!(off(&other_rows), ["two"]);
    let edition = folder.open().unwrap();
    let carried: Vec<_> = edition.suspensions().of(new).collect();
    assert_eq!(carried, [(&by("platform"), &why())]);
    let installed = folder.install(&without).unwrap();
    assert_eq!((installed.carried, installed.gone), (vec![], vec![new]));
    assert!(off(&without).is_empty());
    let installed = folder.install(&back).unwrap();
    assert_eq!((installed.carried, installed.gone), (vec![], vec![]));
    assert_eq!(off(&back), ["two"]);
}

/// Two entries, one of them by two, with texts of more than one byte a letter.
fn drawn() -> Suspensions {
    let mut all = Suspensions::default();
    all.suspend(id(1), &by("platform"), why());
    all.suspend(id(1), &by("xa-office"), why());
    let why = Switched {
        at: "1969-07-20T20:17:40Z".parse().unwrap(),
        reason: Text::new("één reden, \u{1f4f7}").unwrap(),
    };
    all.suspend(id(2), &by("zélf"), why);
    all
}

#[test]
fn of_damaged_suspensions_nothing_is_read_that_would_be_written_otherwise() {
    let limits = Limits::default();
    let whole = drawn().to_bytes();
    let same = |bytes: &[u8]| {
        let read = Suspensions::from_bytes(bytes, &limits);
        assert!(read.as_ref().is_ok_and(|read| read.to_bytes() == bytes) || read.is_err());
        read.is_ok()
    };
    assert_eq!(Suspensions::from_bytes(&whole, &limits), Ok(drawn()));
    let ends: Vec<usize> = (0..whole.len())
        .filter(|length| same(&whole[..*length]))
        .collect();
    // Behind a line: the name of the file, which is the digest of its bytes, tells that from a whole one.
    let lines = whole.split_inclusive(|byte| *byte == b'\n');
    let lengths = lines.scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    });
    let lengths: Vec<usize> = lengths.filter(|end| *end < whole.len()).collect();
    assert_eq!(ends, lengths);
    let mut read = 0;
    for at in 0..whole.len() {
        for mask in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= mask;
            read += usize::from(same(&bytes));
        }
        for byte in [b'\n', b'\t', b'\r', 0, b' '] {
            same(&[&whole[..at], &[byte], &whole[at..]].concat());
        }
    }
    assert!(read > 0, "another digit is another entry or moment");
    let twice = [&whole[..], whole.split_at(whole.len() - 1).0].concat();
    assert!(!same(&twice));
    for more in [&b"\n"[..], b" ", b"x\n"] {
        assert!(!same(&[&whole[..], more].concat()));
    }
}

#[test]
fn suspensions_beyond_a_limit_are_refused() {
    let bytes = drawn().to_bytes();
    let longest = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .max();
    let longest = longest.unwrap() as u64;
    type Set = fn(&mut Limits, u64);
    let at: [(Set, u64); 3] = [
        (|limits, most| limits.list_rows = most, 3),
        (|limits, most| limits.list_bytes = most, bytes.len() as u64),
        (|limits, most| limits.line_bytes = most, longest),
    ];
    for (set, most) in at {
        let mut limits = Limits::default();
        set(&mut limits, most);
        assert_eq!(Suspensions::from_bytes(&bytes, &limits), Ok(drawn()));
        set(&mut limits, most - 1);
        let refused = Suspensions::from_bytes(&bytes, &limits).unwrap_err();
        let SuspensionsError::Limit(exceeded) = refused else {
            panic!("{refused}");
        };
        assert_eq!((exceeded.asked, exceeded.allowed), (most, most - 1));
    }
}
