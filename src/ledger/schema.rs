//! What is in a file of this version, to the letter.

use std::fmt;

use rusqlite::Connection;

/// What a ledger is for, so that one of reviews is not taken for one of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind(&'static str);

/// Not the name of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("name a kind of ledger with 1 to 32 small letters and hyphens")]
#[non_exhaustive]
pub struct KindError;

impl Kind {
    /// The kind of this name: 1 to 32 small letters of ASCII and hyphens.
    ///
    /// # Errors
    /// [`KindError`] for any other.
    pub const fn new(name: &'static str) -> Result<Self, KindError> {
        let bytes = name.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !(bytes[at].is_ascii_lowercase() || bytes[at] == b'-') {
                return Err(KindError);
            }
            at += 1;
        }
        match bytes.len() {
            1..=32 => Ok(Self(name)),
            _ => Err(KindError),
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Tells a ledger from other SQLite files, also for `file`.
pub(super) const APPLICATION: i32 = i32::from_be_bytes(*b"IJKl");

/// The version of everything below.
pub(super) const VERSION: i32 = 1;

/// A slot is the number of a topic, times two to this, plus the record's place in it.
pub(super) const TOPIC_SHIFT: u32 = 24;

/// Tables, indexes and triggers, each with its name.
///
/// `INSERT OR REPLACE` deletes without a trigger where the program that says it does not ask for that: so the triggers before an
/// insertion look at every key themselves.
pub(super) const OBJECTS: [(&str, &str); 21] = [
    (
        "about",
        "CREATE TABLE about (one INTEGER PRIMARY KEY CHECK (one = 1), kind TEXT NOT NULL) STRICT",
    ),
    (
        "streams",
        "CREATE TABLE streams (number INTEGER PRIMARY KEY, stream BLOB NOT NULL CHECK (length(stream) = 32)) STRICT",
    ),
    (
        "topics",
        "CREATE TABLE topics (number INTEGER PRIMARY KEY, topic BLOB NOT NULL CHECK (length(topic) = 32)) STRICT",
    ),
    (
        "records",
        "CREATE TABLE records (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL, stream INTEGER NOT NULL, \
         place INTEGER NOT NULL CHECK (place >= 0), chain BLOB NOT NULL CHECK (length(chain) = 32), body BLOB NOT NULL) STRICT",
    ),
    (
        "personal",
        "CREATE TABLE personal (number INTEGER PRIMARY KEY, commitment BLOB NOT NULL CHECK (length(commitment) = 32), \
         salted BLOB NOT NULL) STRICT",
    ),
    (
        "kept",
        "CREATE TABLE kept (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL, digest BLOB NOT NULL) STRICT, WITHOUT ROWID",
    ),
    (
        "streams_once",
        "CREATE UNIQUE INDEX streams_once ON streams (stream)",
    ),
    (
        "topics_once",
        "CREATE UNIQUE INDEX topics_once ON topics (topic)",
    ),
    (
        "records_in_order",
        "CREATE UNIQUE INDEX records_in_order ON records (number)",
    ),
    (
        "records_of_stream",
        "CREATE UNIQUE INDEX records_of_stream ON records (stream, place)",
    ),
    (
        "personal_once",
        "CREATE UNIQUE INDEX personal_once ON personal (commitment)",
    ),
    (
        "about_is_set",
        "CREATE TRIGGER about_is_set BEFORE INSERT ON about WHEN EXISTS (SELECT 1 FROM about) \
         BEGIN SELECT RAISE(ABORT, 'a ledger keeps its kind'); END",
    ),
    (
        "about_stays",
        "CREATE TRIGGER about_stays BEFORE UPDATE ON about BEGIN SELECT RAISE(ABORT, 'a ledger keeps its kind'); END",
    ),
    (
        "streams_grow",
        "CREATE TRIGGER streams_grow BEFORE INSERT ON streams \
         WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM streams) \
         OR EXISTS (SELECT 1 FROM streams WHERE stream = NEW.stream) \
         BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "streams_stay",
        "CREATE TRIGGER streams_stay BEFORE UPDATE ON streams BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "topics_grow",
        "CREATE TRIGGER topics_grow BEFORE INSERT ON topics \
         WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM topics) \
         OR EXISTS (SELECT 1 FROM topics WHERE topic = NEW.topic) \
         BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "topics_stay",
        "CREATE TRIGGER topics_stay BEFORE UPDATE ON topics BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "records_grow",
        "CREATE TRIGGER records_grow BEFORE INSERT ON records \
         WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM records) \
         OR NEW.slot IS NOT (SELECT coalesce(max(slot) + 1, NEW.slot >> 24 << 24) FROM records \
         WHERE slot BETWEEN NEW.slot >> 24 << 24 AND (NEW.slot >> 24 << 24) + 16777215) \
         OR NOT EXISTS (SELECT 1 FROM topics WHERE number = NEW.slot >> 24) \
         OR NOT EXISTS (SELECT 1 FROM streams WHERE number = NEW.stream) \
         OR EXISTS (SELECT 1 FROM records WHERE stream = NEW.stream AND place = NEW.place) \
         BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "records_stay",
        "CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "personal_grows",
        "CREATE TRIGGER personal_grows BEFORE INSERT ON personal \
         WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM personal) \
         OR EXISTS (SELECT 1 FROM personal WHERE commitment = NEW.commitment) \
         BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "personal_is_erased",
        "CREATE TRIGGER personal_is_erased BEFORE UPDATE ON personal \
         WHEN NEW.number IS NOT OLD.number OR NEW.commitment IS NOT OLD.commitment \
         OR NEW.salted IS NOT zeroblob(length(OLD.salted)) \
         BEGIN SELECT RAISE(ABORT, 'a reference can be erased, and not changed'); END",
    ),
];

/// The tables of which no row is ever deleted.
pub(super) const NEVER_DELETED: [(&str, &str); 5] = [
    (
        "about_is_kept",
        "CREATE TRIGGER about_is_kept BEFORE DELETE ON about BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "streams_are_kept",
        "CREATE TRIGGER streams_are_kept BEFORE DELETE ON streams BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "topics_are_kept",
        "CREATE TRIGGER topics_are_kept BEFORE DELETE ON topics BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "records_are_kept",
        "CREATE TRIGGER records_are_kept BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
    (
        "personal_is_kept",
        "CREATE TRIGGER personal_is_kept BEFORE DELETE ON personal BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END",
    ),
];

/// Everything that a file has, in the order in which it is made.
pub(super) fn objects() -> impl Iterator<Item = (&'static str, &'static str)> {
    OBJECTS.into_iter().chain(NEVER_DELETED)
}

/// Makes all of it, in the transaction of the caller.
pub(super) fn write(connection: &Connection, kind: Kind) -> rusqlite::Result<()> {
    for (_, sql) in objects() {
        connection.execute_batch(sql)?;
    }
    connection.execute(
        "INSERT INTO about (one, kind) VALUES (1, ?1)",
        [kind.name()],
    )?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", VERSION)
}

/// The name of something that is in the file and should not be, is not there, or is not as it was made; none where all is right.
pub(super) fn difference(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let mut there = connection.prepare("SELECT name, sql FROM sqlite_schema")?;
    let mut rows = there.query([])?;
    let mut missing: Vec<_> = objects().collect();
    while let Some(row) = rows.next()? {
        let name = row.get_ref(0)?.as_str()?;
        let sql = row.get_ref(1)?.as_str_or_null()?;
        match missing
            .iter()
            .position(|(known, right)| *known == name && Some(*right) == sql)
        {
            Some(place) => drop(missing.swap_remove(place)),
            None => return Ok(Some(name.to_owned())),
        }
    }
    Ok(missing.first().map(|(name, _)| (*name).to_owned()))
}
