//! What is no ledger of the right kind, each with its own error.

use std::fs;

use super::{KIND, Place, filled, new};
use crate::ledger::{Kind, KindError, Ledger, LedgerError};

/// What opening and reading say of these bytes.
fn refused(bytes: &[u8]) -> LedgerError {
    let place = Place::new();
    fs::write(place.path(), bytes).unwrap();
    let read = Ledger::read(place.path(), KIND).unwrap_err();
    let opened = place.open().unwrap_err();
    assert_eq!(read.to_string(), opened.to_string());
    assert_eq!(
        fs::read(place.path()).unwrap(),
        bytes,
        "refusing changes nothing"
    );
    opened
}

#[test]
fn each_thing_that_is_no_ledger_has_its_own_error() {
    let place = Place::new();
    assert!(matches!(place.open(), Err(LedgerError::Missing { .. })));
    assert!(!place.path().exists());
    fs::create_dir(place.path()).unwrap();
    assert!(matches!(place.open(), Err(LedgerError::NotAFile { .. })));
    assert!(matches!(refused(b""), LedgerError::Empty { .. }));
    for text in [
        "x".to_owned(),
        "id,pdq\n".to_owned(),
        "a longer text\n".repeat(1000),
    ] {
        let refused = refused(text.as_bytes());
        assert!(
            matches!(refused, LedgerError::NotSqlite { .. }),
            "{} bytes: {refused}",
            text.len()
        );
    }
    let place = Place::new();
    place.raw().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(matches!(
        place.open(),
        Err(LedgerError::Foreign { found: 0, .. })
    ));
}

#[test]
fn a_newer_version_and_another_kind_are_refused() {
    let place = Place::new();
    drop(filled(&place));
    let other = Ledger::open(place.path(), Kind::new("other").unwrap());
    assert!(matches!(
        other,
        Err(LedgerError::OtherKind {
            expected: "other",
            ..
        })
    ));
    place.raw().pragma_update(None, "user_version", 2).unwrap();
    assert!(matches!(
        place.open(),
        Err(LedgerError::Newer {
            found: 2,
            known: 1,
            ..
        })
    ));
}

#[test]
fn a_ledger_is_never_created_over_something() {
    let place = Place::new();
    for bytes in ["", "text"] {
        fs::write(place.path(), bytes).unwrap();
        let refused = Ledger::create(place.path(), KIND);
        assert!(matches!(refused, Err(LedgerError::Exists { .. })));
        assert_eq!(fs::read(place.path()).unwrap(), bytes.as_bytes());
    }
    let nowhere = Ledger::create(place.dir().join("no/folder"), KIND);
    assert!(matches!(nowhere, Err(LedgerError::Io { .. })));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    drop(place.create());
    let mode = fs::metadata(place.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn who_opened_it_for_reading_cannot_add() {
    let place = Place::new();
    drop(filled(&place));
    let mut ledger = Ledger::read(place.path(), KIND).unwrap();
    assert!(matches!(ledger.begin(), Err(LedgerError::ReadOnly { .. })));
    assert!(
        ledger
            .connection
            .execute_batch("INSERT INTO kept VALUES (x'00', x'00', x'00')")
            .is_err()
    );
    ledger.verify(|_, _| ()).unwrap();
}

#[test]
fn a_journal_that_somebody_left_is_taken_back_by_a_reader_too() {
    let place = Place::new();
    let (mut ledger, _) = filled(&place);
    let before = super::all(&ledger).unwrap();
    let copies = Place::new();
    // A cache of no size writes pages before the commit, as a large transaction does.
    ledger
        .connection
        .pragma_update(None, "cache_size", 0)
        .unwrap();
    let mut append = ledger.begin().unwrap();
    for more in 100..200 {
        append.add(&new(1, more, 8, &[more as u8; 1000])).unwrap();
    }
    for entry in fs::read_dir(place.dir()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copies.dir().join(entry.file_name())).unwrap();
    }
    drop(append);
    assert_eq!(
        fs::read_dir(copies.dir()).unwrap().count(),
        2,
        "the file and its journal"
    );
    let read = Ledger::read(copies.path(), KIND).unwrap();
    assert_eq!(super::all(&read).unwrap(), before);
    read.verify(|_, _| ()).unwrap();
    assert_eq!(fs::read_dir(copies.dir()).unwrap().count(), 1);
}

#[test]
fn the_settings_are_those_that_the_description_promises() {
    let place = Place::new();
    let ledger = place.create();
    for (name, right) in [
        ("synchronous", 3),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("mmap_size", 0),
    ] {
        let set = ledger
            .connection
            .pragma_query_value(None, name, |row| row.get(0));
        assert_eq!(set.unwrap_or(0), right, "{name}");
    }
}

#[test]
fn the_name_of_a_kind_is_short_and_plain() {
    for name in [
        "",
        "Register",
        "a b",
        "1",
        "ä",
        "abcdefghijklmnopqrstuvwxyz-abcdef",
    ] {
        assert_eq!(Kind::new(name), Err(KindError), "{name}");
    }
    for name in ["a", "review-store", "abcdefghijklmnopqrstuvwxyz-abcde"] {
        assert_eq!(Kind::new(name).unwrap().name(), name);
    }
}
