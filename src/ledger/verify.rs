//! Whether it is still what was added.

use std::collections::HashSet;

use super::Chain;
use super::chain::Head;
use super::error::{LedgerError, at};
use super::file::Ledger;
use super::record::{Lying, Names, NewRecord, Walk};
use super::schema::TOPIC_SHIFT;

impl Ledger {
    /// Looks at everything: each record against the chain, each text that is still there against its reference, each kept value against its digest, and
    /// the file's structure, so that every way of reading gives the same. `progress` is told from time to time how many records are done, and of how many.
    ///
    /// That the head is the right one, only a head that was kept elsewhere can say: [`Ledger::holds`].
    ///
    /// # Errors
    /// [`LedgerError::Record`] names the first record that is not as it was added; [`LedgerError::Reference`], [`LedgerError::Kept`],
    /// [`LedgerError::Damaged`].
    ///
    /// # Cost
    /// Reading everything twice; 4 bytes of memory a topic and 32 a stream. Nobody can commit meanwhile.
    pub fn verify(&self, mut progress: impl FnMut(u64, u64)) -> Result<Head, LedgerError> {
        let at = at(&self.path, "verifying");
        // All of it is one state of the ledger, also within a transaction.
        self.connection
            .execute_batch("SAVEPOINT verify")
            .map_err(&at)?;
        let verified = self.verify_all(&mut progress);
        let released = self.connection.execute_batch("RELEASE verify");
        let head = verified?;
        released.map_err(&at)?;
        Ok(head)
    }

    /// Whether an earlier head of this ledger, kept elsewhere, is still part of it: if not, records were taken away or replaced since, or this is another
    /// ledger. Compares with the chain as it is stored; that the records are those of the chain says [`Ledger::verify`].
    ///
    /// # Errors
    /// [`LedgerError`]: it cannot be read.
    ///
    /// # Cost
    /// Reading one record: microseconds.
    pub fn holds(&self, head: &Head) -> Result<bool, LedgerError> {
        if head.records == 0 {
            return Ok(head.chain == Chain::before_all(self.kind));
        }
        let chain = self.record(head.records, |record| record.chain)?;
        Ok(chain == Some(head.chain))
    }

    fn verify_all(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Head, LedgerError> {
        let head = self.verify_chain(progress)?;
        self.verify_personal()?;
        self.verify_kept()?;
        self.verify_structure()?;
        Ok(head)
    }

    fn verify_chain(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Head, LedgerError> {
        let stored = self.head()?;
        let mut walked = Walked {
            head: Head {
                records: 0,
                chain: Chain::before_all(self.kind),
            },
            topics: Vec::new(),
            streams: HashSet::new(),
        };
        let mut walk = Walk::new(self, "number >= ?1 ORDER BY number")?;
        walk.each([i64::MIN], |lying, names| {
            if !walked.is_next(self, &lying, names).unwrap_or(false) {
                let (path, number) = (self.path.clone(), walked.head.records + 1);
                return Err(LedgerError::Record { path, number });
            }
            if walked.head.records.is_multiple_of(PROGRESS) {
                progress(walked.head.records, stored.records);
            }
            Ok(true)
        })?;
        progress(walked.head.records, stored.records);
        let topics = self.topics()?;
        let streams = self.number_of("SELECT count(*) + ?1 FROM streams", 0)?;
        let are_used =
            topics == walked.topics.len() as u64 && streams == walked.streams.len() as u64;
        match are_used && walked.head == stored {
            true => Ok(stored),
            false => Err(self.damaged("streams or topics without records")),
        }
    }

    /// That indexes agree with their tables, and that no page is used twice or not at all.
    fn verify_structure(&self) -> Result<(), LedgerError> {
        let check = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| {
                Ok(row.get_ref(0)?.as_str()? == "ok")
            });
        match check.map_err(at(&self.path, "checking its structure"))? {
            true => Ok(()),
            false => Err(self.damaged("its structure contradicts itself")),
        }
    }
}

/// What was met so far.
struct Walked {
    head: Head,
    /// How many records each topic has had.
    topics: Vec<u32>,
    streams: HashSet<[u8; 32]>,
}

impl Walked {
    /// Goes on by a record; false where it is not the one that was added.
    fn is_next(
        &mut self,
        ledger: &Ledger,
        lying: &Lying<'_>,
        names: &mut Names,
    ) -> Result<bool, LedgerError> {
        let record = lying.record(ledger, names)?;
        let number = self.head.records + 1;
        let added = NewRecord {
            stream: record.stream,
            place: record.place,
            topic: record.topic,
            body: record.body,
        };
        let chain = self.head.chain.after(number, &added);
        if (record.number, record.chain) != (number, chain) || !self.is_in_slot(lying.slot) {
            return Ok(false);
        }
        self.streams.insert(record.stream);
        self.head = Head {
            records: number,
            chain,
        };
        Ok(true)
    }

    /// Whether this is the next free slot of its topic, and the topic the next new one if it is new.
    fn is_in_slot(&mut self, slot: i64) -> bool {
        let (topic, place) = (slot >> TOPIC_SHIFT, slot & ((1 << TOPIC_SHIFT) - 1));
        let Some(topic) = usize::try_from(topic)
            .ok()
            .and_then(|topic| topic.checked_sub(1))
        else {
            return false;
        };
        if topic == self.topics.len() {
            self.topics.push(0);
        }
        let Some(records) = self.topics.get_mut(topic) else {
            return false;
        };
        let is_next = i64::from(*records) == place;
        *records += 1;
        is_next
    }
}

/// After how many records progress is told.
const PROGRESS: u64 = 4096;
