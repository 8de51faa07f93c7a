//! Files with other bytes than were written.

use std::fs;

use super::{KIND, Place, Plain, all, collect, filled, new};
use crate::ledger::{Head, Ledger, LedgerError, Reference};

/// Everything that can be read, by every way of reading.
type Everything = (
    Head,
    Vec<Vec<Plain>>,
    Vec<Option<String>>,
    Vec<Option<Vec<u8>>>,
);

fn everything(ledger: &Ledger, references: &[Reference]) -> Result<Everything, LedgerError> {
    let walks = [
        all(ledger)?,
        collect(|visit| ledger.of_topics(0..9, visit))?,
        collect(|visit| ledger.of_topic(&[8; 32], visit))?,
        collect(|visit| ledger.of_topic(&[9; 32], visit))?,
        collect(|visit| ledger.of_stream(&[1; 32], 0, visit))?,
        collect(|visit| ledger.of_stream(&[2; 32], 0, visit))?,
    ];
    let texts = references
        .iter()
        .map(|reference| ledger.reference(reference));
    let kept = [b"one", b"two"].map(|key| ledger.kept(key));
    Ok((
        ledger.head()?,
        walks.to_vec(),
        texts.collect::<Result<_, _>>()?,
        kept.into_iter().collect::<Result<_, _>>()?,
    ))
}

#[test]
fn whatever_byte_is_changed_it_is_found_or_everything_is_read_as_before() {
    let place = Place::new();
    let (ledger, references) = filled(&place);
    let right = everything(&ledger, &references).unwrap();
    drop(ledger);
    // On small pages, so that less of it is free.
    place
        .raw()
        .execute_batch("PRAGMA page_size = 512; VACUUM")
        .unwrap();
    let bytes = fs::read(place.path()).unwrap();
    let (mut found, mut same) = (0, 0);
    let mut changed = bytes.clone();
    for offset in 0..bytes.len() {
        // What is behind the header and zero is mostly free: one change is enough there.
        let masks: &[u8] = match bytes[offset] {
            0 if offset >= 100 => &[0x01],
            _ => &[0x01, 0x03, 0x80, 0xff],
        };
        for mask in masks {
            changed[offset] = bytes[offset] ^ mask;
            let other = place.dir().join("changed");
            fs::write(&other, &changed).unwrap();
            let read = Ledger::read(&other, KIND).and_then(|ledger| {
                let _ = everything(&ledger, &references); // without a panic, also before it is verified
                ledger.verify(|_, _| ())?;
                everything(&ledger, &references)
            });
            match read {
                Ok(read) => {
                    assert!(read == right, "byte {offset} ^ {mask:#x}");
                    same += 1;
                }
                Err(_) => found += 1,
            }
        }
        changed[offset] = bytes[offset];
    }
    println!("{found} found, {same} harmless");
    assert!(found > 1000);
}

#[test]
fn a_file_that_was_cut_is_found_out() {
    let place = Place::new();
    let (ledger, references) = filled(&place);
    let right = everything(&ledger, &references).unwrap();
    drop(ledger);
    let bytes = fs::read(place.path()).unwrap();
    for length in
        (0..bytes.len()).filter(|length| *length < 600 || length % 61 == 0 || length % 4096 < 3)
    {
        let other = place.dir().join("cut");
        fs::write(&other, &bytes[..length]).unwrap();
        let read = Ledger::read(&other, KIND).and_then(|ledger| {
            let _ = everything(&ledger, &references);
            ledger.verify(|_, _| ())?;
            everything(&ledger, &references)
        });
        assert!(read.is_err() || read.unwrap() == right, "{length}");
    }
}

#[test]
fn verify_names_the_first_record_that_was_changed() {
    for (number, sql) in [
        (3, "UPDATE records SET body = x'ff' WHERE number >= 3"),
        (
            2,
            "UPDATE records SET chain = zeroblob(32) WHERE number = 2",
        ),
        (4, "UPDATE records SET place = 99 WHERE number = 4"),
        (
            5,
            "UPDATE records SET stream = 1, place = 99 WHERE number = 5",
        ),
        // Other slots of the same topic: the order within the topic would be another.
        (
            1,
            "UPDATE records SET slot = slot + 16777200 WHERE number = 1",
        ),
        // Both topics change their numbers, and so do all slots: the walk by topics would be another.
        (
            1,
            "UPDATE topics SET number = 3 - number + 100; UPDATE topics SET number = number - 100; \
             UPDATE records SET slot = slot + (1 << 30); \
             UPDATE records SET slot = ((3 - ((slot - (1 << 30)) >> 24)) << 24) + (slot & 16777215)",
        ),
        (3, "DELETE FROM records WHERE number = 3"),
    ] {
        let place = Place::new();
        drop(filled(&place));
        unlocked(&place, sql);
        let found = place.open().unwrap().verify(|_, _| ()).unwrap_err();
        assert!(
            matches!(found, LedgerError::Record { number: found, .. } if found == number),
            "{sql}: {found}"
        );
    }
}

#[test]
fn verify_finds_names_without_records_and_other_texts_and_values() {
    let found = |sql: &str| {
        let place = Place::new();
        drop(filled(&place));
        unlocked(&place, sql);
        place.open().unwrap().verify(|_, _| ()).unwrap_err()
    };
    let spare = "INSERT INTO topics SELECT 3, zeroblob(32)";
    assert!(matches!(found(spare), LedgerError::Damaged { .. }));
    let spare = "INSERT INTO streams SELECT 3, zeroblob(32)";
    assert!(matches!(found(spare), LedgerError::Damaged { .. }));
    let other = "UPDATE personal SET salted = x'01' WHERE number = 2";
    assert!(matches!(found(other), LedgerError::Reference { .. }));
    let other = "UPDATE kept SET value = x'01' WHERE key = CAST('two' AS BLOB)";
    assert!(matches!(found(other), LedgerError::Kept { .. }));
}

#[test]
fn other_texts_and_values_are_not_read_either() {
    let place = Place::new();
    let (ledger, [one, _]) = filled(&place);
    drop(ledger);
    unlocked(
        &place,
        "UPDATE personal SET salted = x'01'; UPDATE kept SET value = x'01'",
    );
    let ledger = place.open().unwrap();
    assert!(matches!(
        ledger.reference(&one),
        Err(LedgerError::Reference { .. })
    ));
    assert!(matches!(ledger.kept(b"one"), Err(LedgerError::Kept { .. })));
}

/// By the structure alone: the chain is read by other ways.
#[test]
fn an_index_that_says_something_else_is_found() {
    let place = Place::new();
    drop(filled(&place));
    let raw = place.raw();
    raw.execute_batch(
        "PRAGMA writable_schema = ON; \
         UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'streams_once') WHERE name = 'topics_once'",
    )
    .unwrap();
    drop(raw);
    let found = place.open().and_then(|ledger| ledger.verify(|_, _| ()));
    assert!(
        matches!(found, Err(LedgerError::Damaged { .. })),
        "{found:?}"
    );
}

#[test]
fn a_head_that_was_kept_finds_what_was_taken_away_or_replaced() {
    let place = Place::new();
    let (mut ledger, _) = filled(&place);
    let before = ledger.head().unwrap();
    let copy = place.dir().join("copy");
    fs::copy(place.path(), &copy).unwrap();
    let mut append = ledger.begin().unwrap();
    append.add(&new(1, 50, 8, b"more")).unwrap();
    let after = append.commit().unwrap();
    assert!(ledger.holds(&before).unwrap() && ledger.holds(&after).unwrap());
    let older = Ledger::open(&copy, KIND).unwrap();
    assert!(older.holds(&before).unwrap() && !older.holds(&after).unwrap());
    let elsewhere = Place::new();
    let mut other = elsewhere.create();
    let empty = other.head().unwrap();
    let mut append = other.begin().unwrap();
    for number in 0..6 {
        append.add(&new(1, number, 8, b"other")).unwrap();
    }
    append.commit().unwrap();
    other.verify(|_, _| ()).unwrap();
    assert!(!other.holds(&after).unwrap() && other.holds(&empty).unwrap());
    let mut wrong = empty;
    wrong.chain = after.chain;
    assert!(
        !other.holds(&wrong).unwrap(),
        "no records come to something else"
    );
}

/// Does it without the triggers, and puts them back.
fn unlocked(place: &Place, sql: &str) {
    let raw = place.raw();
    let triggers: Vec<_> = crate::ledger::schema::objects()
        .filter(|(_, sql)| sql.contains("TRIGGER"))
        .collect();
    for (name, _) in &triggers {
        raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    raw.execute_batch(sql).unwrap();
    for (_, sql) in &triggers {
        raw.execute_batch(sql).unwrap();
    }
}
