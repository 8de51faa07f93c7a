//! One transaction.

use std::fmt;
use std::ops::Deref;

use rusqlite::params;

use crate::limits::Resource;

use super::chain::{Chain, Head};
use super::error::{LedgerError, at};
use super::file::Ledger;
use super::record::NewRecord;
use super::schema::TOPIC_SHIFT;

/// What is being added: there as a whole after [`Append::commit`], and not at all without it. It reads as the ledger does, with what was added so far.
///
/// ```
/// # use ijkpunt::ledger::{Kind, Ledger, NewRecord};
/// # let path = std::env::temp_dir().join(format!("ijkpunt-append-{}", std::process::id()));
/// # let _ = std::fs::remove_file(&path);
/// let mut ledger = Ledger::create(&path, Kind::new("example")?)?;
/// let mut append = ledger.begin()?;
/// let by = append.refer("officer 17 of the bureau")?;         // the text can be erased,
/// let body = [b"decided by ".as_slice(), &by.to_bytes()].concat(); // what stands in for it is chained
/// let number = append.add(&NewRecord { stream: [1; 32], place: 0, topic: [2; 32], body: &body })?;
/// append.keep(b"last", &number.to_le_bytes())?;
/// append.commit()?;
///
/// assert!(ledger.erase(&by)?);
/// assert_eq!(ledger.reference(&by)?, None);
/// ledger.verify(|_, _| ())?;
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Append<'l> {
    ledger: &'l mut Ledger,
    head: Head,
    /// Whether something failed halfway: then nothing may be committed.
    has_failed: bool,
}

impl<'l> Append<'l> {
    pub(super) fn begin(ledger: &'l mut Ledger) -> Result<Self, LedgerError> {
        let begun = ledger.connection.execute_batch("BEGIN IMMEDIATE");
        begun.map_err(at(&ledger.path, "beginning to add"))?;
        // Rolls back from here on, whatever fails.
        let chain = Chain::before_all(ledger.kind);
        let mut append = Self {
            ledger,
            head: Head { records: 0, chain },
            has_failed: false,
        };
        append.head = append.ledger.head()?;
        Ok(append)
    }

    /// Adds a record, and gives its number: 1 for the first of the ledger.
    ///
    /// # Errors
    /// [`LedgerError::Taken`], [`LedgerError::Limit`] (`record_bytes`) and [`LedgerError::Full`], after which one may go on; any other means that
    /// the transaction is taken back.
    ///
    /// # Cost
    /// 30 to 80 microseconds with its share of a commit of 5,000, most of it bringing pages to the disk.
    pub fn add(&mut self, record: &NewRecord<'_>) -> Result<u64, LedgerError> {
        self.alive()?;
        let limits = &self.ledger.limits;
        limits.check(Resource::RecordBytes, record.body.len() as u64)?;
        let place = i64::try_from(record.place).map_err(|_| LedgerError::Full {
            what: "places in a stream",
            most: i64::MAX as u64,
        })?;
        let slot = self.free_slot(record)?;
        let stream = match self.ledger.stream_number(&record.stream)? {
            Some(stream) if self.is_taken(stream, place)? => {
                let place = record.place;
                return Err(LedgerError::Taken { place });
            }
            stream => stream,
        };
        let number = self.head.records + 1;
        let chain = self.head.chain.after(number, record);
        self.has_failed = true; // until all is done
        let added = self.insert(record, stream, place, slot, number, chain);
        added.map_err(at(&self.ledger.path, "adding a record"))?;
        self.has_failed = false;
        self.head = Head {
            records: number,
            chain,
        };
        Ok(number)
    }

    /// Makes all of it last, and gives the head with it.
    ///
    /// # Errors
    /// [`LedgerError::Busy`] where somebody has been reading for more than 10 s: nothing was added. After any other error, open the ledger again and look
    /// at its head: a disk that fails at the last step may have it all.
    ///
    /// # Cost
    /// Bringing the changed pages to the disk, twice: milliseconds to a tenth of a second.
    pub fn commit(mut self) -> Result<Head, LedgerError> {
        self.alive()?;
        let committed = self.ledger.connection.execute_batch("COMMIT");
        committed.map_err(at(&self.ledger.path, "committing"))?;
        self.has_failed = true; // nothing is left to be taken back
        Ok(self.head)
    }

    /// Does something that is taken back with all the rest where it fails.
    pub(super) fn run<T>(
        &mut self,
        doing: &'static str,
        write: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        self.alive()?;
        let written = write(&self.ledger.connection);
        self.has_failed = written.is_err();
        written.map_err(at(&self.ledger.path, doing))
    }

    /// After some failures SQLite has taken back the transaction itself, and each addition would be one of its own.
    fn alive(&self) -> Result<(), LedgerError> {
        if self.has_failed || self.ledger.connection.is_autocommit() {
            let path = self.ledger.path.clone();
            return Err(LedgerError::RolledBack { path });
        }
        Ok(())
    }

    /// The topic's number, if it has one, and the record's place among its records.
    fn free_slot(&self, record: &NewRecord<'_>) -> Result<Option<i64>, LedgerError> {
        let Some(topic) = self.ledger.topic_number(&record.topic)? else {
            return Ok(None);
        };
        let next = self.ledger.number_of(
            "SELECT max(slot) + 1 FROM records WHERE slot BETWEEN ?1 << 24 AND (?1 << 24) + 16777215",
            topic,
        )?;
        match next >> TOPIC_SHIFT == topic {
            true => Ok(i64::try_from(next).ok()),
            false => Err(LedgerError::Full {
                what: "records of one topic",
                most: 1 << TOPIC_SHIFT,
            }),
        }
    }

    fn is_taken(&self, stream: i64, place: i64) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM records WHERE stream = ?1 AND place = ?2";
        let taken = self.ledger.connection.prepare_cached(sql);
        let taken = taken.and_then(|mut taken| taken.exists([stream, place]));
        taken.map_err(at(&self.ledger.path, "looking for a place"))
    }

    fn insert(
        &self,
        record: &NewRecord<'_>,
        stream: Option<i64>,
        place: i64,
        slot: Option<i64>,
        number: u64,
        chain: Chain,
    ) -> rusqlite::Result<()> {
        let stream = match stream {
            Some(stream) => stream,
            None => self.name(
                "INSERT INTO streams (number, stream) SELECT coalesce(max(number), 0) + 1, ?1 FROM streams",
                &record.stream,
            )?,
        };
        let slot = match slot {
            Some(slot) => slot,
            None => {
                let topic = self.name(
                    "INSERT INTO topics (number, topic) SELECT coalesce(max(number), 0) + 1, ?1 FROM topics",
                    &record.topic,
                )?;
                topic << TOPIC_SHIFT
            }
        };
        let sql = "INSERT INTO records (slot, number, stream, place, chain, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert = self.ledger.connection.prepare_cached(sql)?;
        // There are fewer records than bytes in the largest file.
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        insert.execute(params![
            slot,
            number,
            stream,
            place,
            chain.to_bytes(),
            record.body
        ])?;
        Ok(())
    }

    /// Gives 32 bytes a number.
    fn name(&self, sql: &str, bytes: &[u8; 32]) -> rusqlite::Result<i64> {
        self.ledger.connection.prepare_cached(sql)?.insert([bytes])
    }
}

impl Deref for Append<'_> {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        self.ledger
    }
}

impl Drop for Append<'_> {
    fn drop(&mut self) {
        if !self.ledger.connection.is_autocommit() {
            // Where that fails, the next connection takes it back.
            let _ = self.ledger.connection.execute_batch("ROLLBACK");
        }
    }
}

impl fmt::Debug for Append<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Append");
        told.field("ledger", &self.ledger).field("head", &self.head);
        told.finish_non_exhaustive()
    }
}
