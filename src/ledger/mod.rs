//! Files to which records are only ever added: each record is chained to all before it, and a commit outlives a crash.
//!
//! In: records, which are bytes with a stream, a place in it and a topic. Out: the same records, by number, by stream, or topic by
//! topic; and a [`Head`], 32 bytes that stand for all of them in their order. What the bytes mean, and who signed them, is not known here.
//!
//! - [`Ledger`]: a connection to one SQLite file of one [`Kind`]. Each thread or process opens its own.
//! - [`Append`]: one transaction. What it committed is there after a crash, what it did not is gone entirely.
//! - [`Reference`]: stands in a body for a text about a person, which lies beside the chain and can be [erased](Ledger::erase) from it.
//! - [`Ledger::verify`] walks the whole chain; [`Ledger::holds`] compares with a head that was kept elsewhere.
//!
//! The file's own triggers refuse changes by any program. Who takes them out is noticed when the ledger is opened, who puts them back
//! afterwards by [`Ledger::verify`], and who builds the whole chain anew by [`Ledger::holds`] only: keep heads where others see them.
//!
//! # The file
//!
//! | table | what |
//! |---|---|
//! | `about` | the kind, in one row |
//! | `records` | by slot: the topic's number times 2^24, plus the record's place among those of the topic; so a topic's records lie together |
//! | `streams`, `topics` | their 32 bytes, once; numbered from 1 as they come |
//! | `personal` | texts about persons, each with its commitment and its salt; when it is erased, the row stays and its bytes are zero |
//! | `kept` | small values that may change, each with a digest |
//!
//! SQLite keeps a rollback journal beside the file while something is written, and none otherwise: then the file can be copied.
//!
//! Cost: see each function; measured by `cargo test --features authority --lib ledger::tests::speed -- --ignored --nocapture`.

mod append;
mod chain;
mod error;
mod file;
mod kept;
mod personal;
mod record;
mod schema;
mod verify;

#[cfg(test)]
mod tests;

pub use append::Append;
pub use chain::{Chain, Head};
pub use error::LedgerError;
pub use file::Ledger;
pub use personal::Reference;
pub use record::{NewRecord, Record};
pub use schema::{Kind, KindError};
