//! What authorities have said: one signed log each, in one file, merged as sets.
//!
//! In: merge files, untrusted, and what one's own authority says. Out: who there is and what counts, at a time; the state of an entry with
//! who said what; and merge files again. A register is a set of logs: merging adds what the file has and the register has not, so the
//! order in which files come changes nothing of what is derived.
//!
//! - What is against the rules of its own log (unsigned, by a retired key, back-dated, twice, moved from elsewhere) is refused when it comes, by
//!   [`sign::Log`](crate::sign::Log), and not kept.
//! - What depends on other logs (an authority that is not admitted yet, an entry that is not here yet) is kept, and looked at anew whenever it is
//!   asked: by [`sign::Standing`](crate::sign::Standing) and [`sign::Hearing`](crate::sign::Hearing).
//! - Two statements of one log at one place, both signed by its key, are a fork: both are kept, as the proof, and the log counts up to there, until
//!   states say which story is kept. A [checkpoint](crate::sign::Checkpoint) that contradicts the log is kept as well.
//!
//! # Merge files
//!
//! A line each: first the envelope of the genesis, then envelopes of statements, those of one log in their order, and checkpoints as
//! `{"checkpoint": "the signed note"}`. Envelopes are JSON of DSSE; payloads are postcard.
//!
//! # The file
//!
//! A [`Ledger`] of the kind `register`: a record for each statement, filed under its log, its place and the entry that it is about. Kept beside the
//! records: the tree of each log as tiles of 256 hashes, where each log ends, the list of logs, all keys, and which checkpoints no log bears out. When a log is opened for more, its end is compared with what its
//! last statement was signed with; [`Register::verify`] verifies everything.
//!
//! Cost, by `cargo bench --bench register` on two cores of a server, for 100,000 entries and what 23 states say of each, 2.4 million statements: merging
//! them 180 s, of which most is signatures; the states of all entries 2.0 s (3.9 s by one thread); opening the file and explaining one entry 4.9 ms;
//! saying something 3.5 ms; verifying everything 110 s; 484 bytes a statement on the disk.

mod checkpoints;
mod cut;
mod error;
mod explain;
mod file;
mod fork;
mod items;
mod lines;
mod list;
mod merge;
mod pages;
mod say;
mod state;
mod tiles;
mod verify;
mod view;

pub use cut::{Counting, Cut, CutLog};
pub use error::RegisterError;
pub use file::LeftOut;
pub use fork::{Evidence, ForkProof};
pub use merge::{Merged, MergedLog};
pub use say::Slot;
pub use state::{Account, Case, LogReport};
pub use verify::VerifiedRegister;

use std::io::Write;
use std::path::Path;

use crate::baseline::AuthorityId;
use crate::ledger::{Kind, Ledger, NewRecord};
use crate::limits::Limits;
use crate::sign::{Envelope, Genesis, GenesisId, SignedCheckpoint, Verified};

use lines::LineRow;

/// What a register's file is called in its header.
fn kind() -> Result<Kind, RegisterError> {
    Kind::new("register").map_err(|_| RegisterError::Damaged("its kind"))
}

/// Where the genesis is filed, and under which topic.
const GENESIS: [u8; 32] = [2; 32];

/// A file with the logs of authorities; see the [module](self).
#[derive(Debug)]
pub struct Register {
    ledger: Ledger,
    envelope: Envelope,
    genesis: Verified<Genesis>,
    id: GenesisId,
}

impl Register {
    /// Makes a register that begins with this genesis. Compare its [id](Genesis::id) with what its founders tell you: anybody can found one.
    ///
    /// # Errors
    /// [`RegisterError`]: not all founders have signed, or the file is there or cannot be written.
    pub fn create(path: impl AsRef<Path>, genesis: &Envelope) -> Result<Self, RegisterError> {
        let signed = genesis;
        let genesis = Genesis::open(signed)?;
        let envelope = genesis.in_order(signed);
        let mut ledger = Ledger::create(path, kind()?)?;
        let mut append = ledger.begin()?;
        append.add(&NewRecord {
            stream: GENESIS,
            place: 0,
            topic: GENESIS,
            body: envelope.to_json().as_bytes(),
        })?;
        append.commit()?;
        let id = genesis.id();
        Ok(Self {
            ledger,
            envelope,
            genesis,
            id,
        })
    }

    /// Opens a register, to read it and to add to it.
    ///
    /// # Errors
    /// [`RegisterError`]: it is no register, or damaged. The records are not looked at: [`Register::verify`] does.
    ///
    /// # Cost
    /// Milliseconds, however much it holds.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RegisterError> {
        Self::opened(Ledger::open(path, kind()?)?)
    }

    /// Opens a register for reading only.
    ///
    /// # Errors
    /// As [`Register::open`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, RegisterError> {
        Self::opened(Ledger::read(path, kind()?)?)
    }

    fn opened(ledger: Ledger) -> Result<Self, RegisterError> {
        let first = ledger.record(1, |record| {
            (record.stream == GENESIS).then(|| record.body.to_vec())
        })?;
        let first = first.flatten();
        let first = first.ok_or(RegisterError::Damaged("it does not begin with a genesis"))?;
        let envelope = Envelope::from_json(&first, &Limits::default());
        let envelope = envelope.map_err(|_| RegisterError::Damaged("the genesis"))?;
        let genesis = Genesis::open(&envelope)?;
        let id = genesis.id();
        Ok(Self {
            ledger,
            envelope,
            genesis,
            id,
        })
    }

    /// What it begins with.
    #[must_use]
    pub fn genesis(&self) -> &Verified<Genesis> {
        &self.genesis
    }

    /// Its name: that of its genesis.
    #[must_use]
    pub fn id(&self) -> GenesisId {
        self.id
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.ledger.path()
    }

    /// The genesis that a merge file, or the file of a genesis, begins with: for whoever makes a register of it, once its id was compared with what the
    /// founders tell.
    ///
    /// # Errors
    /// [`RegisterError`]: no envelope, or not all founders have signed.
    pub fn genesis_of(
        first_line: &[u8],
        limits: &Limits,
    ) -> Result<Verified<Genesis>, RegisterError> {
        let envelope = Envelope::from_json(first_line, limits);
        let envelope = envelope.map_err(RegisterError::NoMergeFile)?;
        Ok(Genesis::open(&envelope)?)
    }

    /// Writes all that it holds, or the logs of these authorities, as a merge file: the same bytes from every register that holds the same.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read, or the file not be written.
    ///
    /// # Cost
    /// About 10 microseconds a statement.
    pub fn export(
        &self,
        of: impl Fn(&AuthorityId) -> bool,
        out: &mut impl Write,
    ) -> Result<(), RegisterError> {
        file::write_envelope(&self.envelope, out)?;
        let rows = self.rows()?;
        let logs = rows.chunk_by(|a, b| a.log == b.log);
        let is_wanted = |rows: &&[LineRow]| rows.iter().any(|row| of(&row.authority));
        let wanted: Vec<&[LineRow]> = logs.filter(is_wanted).collect();
        for rows in &wanted {
            self.export_log(rows, out)?;
        }
        for rows in &wanted {
            let Some(first) = rows.first() else {
                continue;
            };
            let mut notes = checkpoints::signed(&self.ledger, rows, first.log)?;
            notes.sort_by_cached_key(SignedCheckpoint::to_bytes);
            for note in &notes {
                file::write_checkpoint(note, out)?;
            }
        }
        Ok(())
    }

    /// The statements of a log in their order; where it has forked, those of one place in the order of their leaves, whichever came here first.
    fn export_log(&self, rows: &[LineRow], out: &mut impl Write) -> Result<(), RegisterError> {
        if let [one] = rows {
            return lines::each_own(&self.ledger, one, u64::MAX, &mut |envelope| {
                file::write_envelope(&envelope, out)
            });
        }
        let mut all = Vec::new();
        for row in rows {
            lines::each_own(&self.ledger, row, u64::MAX, &mut |envelope| {
                let claim = lines::claim_of(&envelope)?;
                all.push((claim.unverified().sequence(), claim.leaf(), envelope));
                Ok(())
            })?;
        }
        all.sort_by_key(|(sequence, leaf, _)| (*sequence, *leaf));
        all.iter()
            .try_for_each(|(_, _, envelope)| file::write_envelope(envelope, out))
    }

    fn rows(&self) -> Result<Vec<LineRow>, RegisterError> {
        list::rows(&self.ledger)
    }
}
