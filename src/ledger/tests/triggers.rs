//! The file itself refuses changes, by whatever program.

use super::{Place, filled};
use crate::ledger::{LedgerError, schema};

const CHAIN: &str = "x'0000000000000000000000000000000000000000000000000000000000000000'";

/// What no program may do, with the name of the trigger that refuses it.
const FORBIDDEN: [(&str, &str); 33] = [
    ("about_stays", "UPDATE about SET kind = 'other'"),
    ("about_is_kept", "DELETE FROM about"),
    (
        "about_is_set",
        "INSERT OR REPLACE INTO about (one, kind) VALUES (1, 'other')",
    ),
    (
        "streams_stay",
        "UPDATE streams SET stream = zeroblob(32) WHERE number = 1",
    ),
    (
        "streams_stay",
        "UPDATE OR REPLACE streams SET number = 1 WHERE number = 2",
    ),
    ("streams_are_kept", "DELETE FROM streams"),
    ("streams_are_kept", "DELETE FROM streams WHERE number = 2"),
    (
        "streams_grow",
        "INSERT INTO streams (number, stream) VALUES (9, zeroblob(32))",
    ),
    (
        "streams_grow",
        "INSERT OR REPLACE INTO streams (number, stream) VALUES (1, zeroblob(32))",
    ),
    (
        "streams_grow",
        "INSERT OR REPLACE INTO streams (number, stream) SELECT 3, stream FROM streams WHERE number = 1",
    ),
    (
        "topics_stay",
        "UPDATE topics SET topic = zeroblob(32) WHERE number = 1",
    ),
    ("topics_are_kept", "DELETE FROM topics"),
    (
        "topics_grow",
        "INSERT INTO topics (number, topic) VALUES (9, zeroblob(32))",
    ),
    (
        "topics_grow",
        "INSERT OR REPLACE INTO topics (number, topic) VALUES (1, zeroblob(32))",
    ),
    (
        "topics_grow",
        "INSERT OR REPLACE INTO topics (number, topic) SELECT 3, topic FROM topics WHERE number = 1",
    ),
    ("records_stay", "UPDATE records SET body = x'01'"),
    (
        "records_stay",
        "UPDATE OR IGNORE records SET body = x'01' WHERE number = 5",
    ),
    (
        "records_stay",
        "UPDATE records SET slot = slot + 100 WHERE number = 5",
    ),
    ("records_are_kept", "DELETE FROM records"),
    ("records_are_kept", "DELETE FROM records WHERE number = 5"),
    // A wrong number, slot, topic, stream and place, each in an otherwise right record; then rows that would take others' places.
    (
        "records_grow",
        "INSERT INTO records SELECT (1 << 24) + 3, 7, 1, 50, CHAIN, x'00'",
    ),
    (
        "records_grow",
        "INSERT INTO records SELECT (1 << 24) + 4, 6, 1, 50, CHAIN, x'00'",
    ),
    (
        "records_grow",
        "INSERT INTO records SELECT (9 << 24), 6, 1, 50, CHAIN, x'00'",
    ),
    (
        "records_grow",
        "INSERT INTO records SELECT (1 << 24) + 3, 6, 9, 50, CHAIN, x'00'",
    ),
    (
        "records_grow",
        "INSERT OR REPLACE INTO records SELECT (1 << 24) + 3, 6, 1, 0, CHAIN, x'00'",
    ),
    (
        "records_grow",
        "INSERT OR REPLACE INTO records SELECT (1 << 24) + 3, 5, 1, 50, CHAIN, x'00'",
    ),
    (
        "records_grow",
        "INSERT OR REPLACE INTO records SELECT (1 << 24) + 2, 6, 1, 50, CHAIN, x'00'",
    ),
    (
        "personal_is_erased",
        "UPDATE personal SET salted = x'01' WHERE number = 1",
    ),
    (
        "personal_is_erased",
        "UPDATE personal SET commitment = zeroblob(32) WHERE number = 1",
    ),
    ("personal_is_kept", "DELETE FROM personal WHERE number = 1"),
    (
        "personal_grows",
        "INSERT INTO personal VALUES (9, zeroblob(32), x'01')",
    ),
    (
        "personal_grows",
        "INSERT OR REPLACE INTO personal VALUES (1, zeroblob(32), x'01')",
    ),
    (
        "personal_grows",
        "INSERT OR REPLACE INTO personal SELECT 3, commitment, x'01' FROM personal WHERE number = 1",
    ),
];

#[test]
fn no_program_can_change_replace_or_delete_what_was_added() {
    let place = Place::new();
    let (ledger, _) = filled(&place);
    let before = super::all(&ledger).unwrap();
    let raw = place.raw();
    for (_, sql) in FORBIDDEN {
        let refused = raw.execute_batch(&sql.replace("CHAIN", CHAIN)).unwrap_err();
        let told = refused.to_string();
        assert!(
            told.contains("ledger") || told.contains("erased"),
            "{sql}: {told}"
        );
    }
    ledger.verify(|_, _| ()).unwrap();
    assert_eq!(super::all(&ledger).unwrap(), before);
}

#[test]
fn each_trigger_is_what_refuses() {
    for (trigger, sql) in FORBIDDEN {
        let place = Place::new();
        drop(filled(&place));
        let raw = place.raw();
        raw.execute_batch(&format!("DROP TRIGGER {trigger}"))
            .unwrap();
        let done = raw.execute_batch(&sql.replace("CHAIN", CHAIN));
        assert!(done.is_ok(), "{sql}: {done:?}");
    }
    let tried = |name: &str| FORBIDDEN.iter().any(|(trigger, _)| *trigger == name);
    for (name, sql) in schema::objects() {
        assert!(!sql.starts_with("CREATE TRIGGER") || tried(name), "{name}");
    }
}

#[test]
fn what_was_changed_without_its_trigger_is_found_when_it_is_opened_and_by_verify_when_it_is_put_back()
 {
    for (trigger, sql) in FORBIDDEN {
        let place = Place::new();
        let head = filled(&place).0.head().unwrap();
        let raw = place.raw();
        raw.execute_batch(&format!(
            "DROP TRIGGER {trigger}; {}",
            sql.replace("CHAIN", CHAIN)
        ))
        .unwrap();
        let refused = place.open().unwrap_err();
        assert!(
            matches!(&refused, LedgerError::Schema { what, .. } if what == trigger),
            "{refused}"
        );
        let (_, create) = schema::objects()
            .find(|(name, _)| *name == trigger)
            .unwrap();
        raw.execute_batch(create).unwrap();
        drop(raw);
        // A row of `personal` that is gone may have been taken away by whoever wrote the file; nothing chained depends on it.
        let held = place.open().and_then(|ledger| {
            ledger.verify(|_, _| ())?;
            ledger.holds(&head)
        });
        // A chain that ends earlier is a chain: that it was longer, only a head that was kept elsewhere says.
        let is_found = match sql {
            "DELETE FROM records WHERE number = 5" => !held.unwrap(),
            _ => held.is_err(),
        };
        assert!(is_found || sql.starts_with("DELETE FROM personal"), "{sql}");
    }
}

#[test]
fn a_schema_that_is_changed_in_any_place_is_refused() {
    for (name, sql) in schema::objects() {
        let place = Place::new();
        drop(filled(&place));
        let raw = place.raw();
        let kind = sql
            .split(' ')
            .nth(if sql.contains("UNIQUE") { 2 } else { 1 })
            .unwrap();
        raw.execute_batch(&format!("DROP {kind} {name}")).unwrap();
        assert!(
            matches!(place.open(), Err(LedgerError::Schema { .. })),
            "{name}"
        );
    }
    for more in [
        "CREATE TABLE more (a)",
        "CREATE INDEX more ON records (chain)",
        "CREATE VIEW more AS SELECT 1",
        "CREATE TRIGGER more AFTER INSERT ON records BEGIN DELETE FROM kept; END",
        "ALTER TABLE kept ADD COLUMN more BLOB",
        "DROP TRIGGER records_stay; CREATE TRIGGER records_stay BEFORE UPDATE ON records WHEN 0 BEGIN SELECT 1; END",
        "PRAGMA user_version = 0",
        "PRAGMA journal_mode = WAL",
    ] {
        let place = Place::new();
        drop(filled(&place));
        place.raw().execute_batch(more).unwrap();
        assert!(
            matches!(place.open(), Err(LedgerError::Schema { .. })),
            "{more}"
        );
    }
}
