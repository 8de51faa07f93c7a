//! What cannot be added, and transactions that fail; several connections at once.

use std::ops::ControlFlow;
use std::thread;

use super::{KIND, Place, all, filled, new};
use crate::ledger::{Ledger, LedgerError};
use crate::limits::Limits;

#[test]
fn a_place_is_taken_once_and_one_may_go_on() {
    let place = Place::new();
    let (mut ledger, _) = filled(&place);
    let mut append = ledger.begin().unwrap();
    let refused = append.add(&new(1, 2, 77, b"other")).unwrap_err();
    assert!(matches!(refused, LedgerError::Taken { place: 2 }));
    assert_eq!(append.add(&new(1, 3, 8, b"next")).unwrap(), 6);
    let head = append.commit().unwrap();
    assert_eq!(ledger.verify(|_, _| ()).unwrap(), head);
    assert_eq!(head.records, 6);
}

#[test]
fn a_place_that_cannot_be_counted_is_refused() {
    let place = Place::new();
    let (mut ledger, _) = filled(&place);
    let mut append = ledger.begin().unwrap();
    let most = i64::MAX as u64;
    append.add(&new(1, most, 8, b"")).unwrap();
    assert!(matches!(
        append.add(&new(1, most + 1, 8, b"")),
        Err(LedgerError::Full { .. })
    ));
    append.commit().unwrap();
    ledger.verify(|_, _| ()).unwrap();
    assert!(ledger.record(u64::MAX, |_| ()).unwrap().is_none());
}

#[test]
fn a_full_topic_is_refused() {
    let place = Place::new();
    let (mut ledger, _) = filled(&place);
    let raw = place.raw();
    let sql = "DROP TRIGGER records_grow; INSERT INTO records VALUES ((1 << 24) + 16777215, 6, 1, 70, zeroblob(32), x'')";
    raw.execute_batch(sql).unwrap();
    let mut append = ledger.begin().unwrap();
    assert!(matches!(
        append.add(&new(1, 71, 8, b"")),
        Err(LedgerError::Full { .. })
    ));
    assert_eq!(append.add(&new(1, 71, 9, b"")).unwrap(), 7);
}

#[test]
fn at_the_limit_is_allowed_and_one_byte_more_is_not() {
    let place = Place::new();
    let limits = Limits {
        record_bytes: 40,
        ..Limits::default()
    };
    let mut ledger = filled(&place).0.within(&limits);
    let mut append = ledger.begin().unwrap();
    append.add(&new(1, 10, 8, &[1; 40])).unwrap();
    append.refer(&"x".repeat(40)).unwrap();
    append.keep(&[1; 10], &[1; 30]).unwrap();
    let is_limit = |error| matches!(error, LedgerError::Limit(exceeded) if exceeded.asked == 41);
    assert!(is_limit(append.add(&new(1, 11, 8, &[1; 41])).unwrap_err()));
    assert!(is_limit(append.refer(&"x".repeat(41)).unwrap_err()));
    assert!(is_limit(append.keep(&[1; 10], &[1; 31]).unwrap_err()));
    append.commit().unwrap();
    ledger.verify(|_, _| ()).unwrap();
}

#[test]
fn after_a_failure_nothing_of_the_transaction_can_be_committed() {
    let place = Place::new();
    let (mut ledger, _) = filled(&place);
    let before = all(&ledger).unwrap();
    // A file that may not grow fails as a full disk does.
    let pages: i64 = ledger
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    ledger
        .connection
        .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        .unwrap();
    let mut append = ledger.begin().unwrap();
    append.add(&new(1, 9, 8, b"fits")).unwrap();
    assert!(matches!(
        append.add(&new(1, 10, 8, &[1; 100_000])),
        Err(LedgerError::Sqlite { .. })
    ));
    assert!(matches!(
        append.add(&new(1, 10, 8, b"")),
        Err(LedgerError::RolledBack { .. })
    ));
    assert!(matches!(
        append.keep(b"", b""),
        Err(LedgerError::RolledBack { .. })
    ));
    assert!(matches!(
        append.refer("x"),
        Err(LedgerError::RolledBack { .. })
    ));
    assert!(matches!(
        append.commit(),
        Err(LedgerError::RolledBack { .. })
    ));
    assert_eq!(all(&ledger).unwrap(), before);
    ledger.begin().unwrap().add(&new(1, 9, 8, b"fits")).unwrap();
}

#[test]
fn a_second_writer_and_a_commit_beside_a_reader_are_told_that_somebody_is_at_it() {
    let place = Place::new();
    let (mut ledger, _) = filled(&place);
    let before = ledger.head().unwrap();
    let mut second = place.open().unwrap();
    let reader = Ledger::read(place.path(), KIND).unwrap();
    let append = ledger.begin().unwrap();
    assert!(matches!(second.begin(), Err(LedgerError::Busy { .. })));
    drop(append);
    let _ = reader.records(1, |_| {
        let mut append = second.begin().unwrap();
        append.add(&new(1, 9, 8, b"")).unwrap();
        assert!(matches!(append.commit(), Err(LedgerError::Busy { .. })));
        ControlFlow::Break(())
    });
    assert_eq!(second.head().unwrap(), before);
    let mut append = second.begin().unwrap();
    append.add(&new(1, 9, 8, b"")).unwrap();
    append.commit().unwrap();
    assert_eq!(
        reader.head().unwrap().records,
        6,
        "readers see what is committed"
    );
}

#[test]
fn threads_that_add_at_once_leave_no_gap_while_others_read() {
    let place = Place::new();
    drop(place.create());
    thread::scope(|scope| {
        for stream in 0..3 {
            let place = &place;
            scope.spawn(move || {
                let mut ledger = place.open().unwrap();
                for number in 0..30 {
                    let mut append = loop {
                        match ledger.begin() {
                            Ok(append) => break append,
                            Err(LedgerError::Busy { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    };
                    append
                        .add(&new(stream, number * 2, number as u8, b"one"))
                        .unwrap();
                    append
                        .add(&new(stream, number * 2 + 1, stream, b"two"))
                        .unwrap();
                    append.commit().unwrap();
                    // Locks are not fair: the others want some, too.
                    thread::sleep(std::time::Duration::from_millis(2));
                }
            });
        }
        let reader = Ledger::read(place.path(), KIND).unwrap();
        let mut head = reader.head().unwrap();
        while head.records < 100 {
            let now = reader
                .verify(|_, _| ())
                .and_then(|now| reader.holds(&head).map(|holds| (now, holds)));
            match now {
                Ok((now, holds)) => {
                    assert!(now.records >= head.records && now.records.is_multiple_of(2));
                    assert!(holds);
                    head = now;
                }
                Err(LedgerError::Busy { .. }) => {}
                Err(error) => panic!("{error}"),
            }
            thread::sleep(std::time::Duration::from_millis(5));
        }
    });
    let ledger = place.open().unwrap();
    assert_eq!(ledger.verify(|_, _| ()).unwrap().records, 180);
    for stream in 0..3 {
        let of = super::collect(|visit| ledger.of_stream(&[stream; 32], 0, visit)).unwrap();
        assert!((0..60).eq(of.iter().map(|record| record.3)));
    }
}
