//! What users, the public and the Commission's database are told: pure functions from plain data to texts and tables.
//!
//! In: structs of plain data with public fields, which whoever keeps the cases fills. Out: [`statement`]s of reasons for the DSA Transparency
//! Database, [`notice`]s to uploaders, the figures of the automated [`means`], and the counts of a [`year`]. The same data gives the same bytes:
//! there is no clock and no randomness here, and lists are sorted. No text holds a hash, a distance, an address or a mailbox: whoever reads
//! it could learn from it how far a copy must be changed until it is not found any more.
//!
//! This room knows neither cases nor ledgers, and writes no files.

pub mod means;
pub mod notice;
pub mod statement;
pub mod year;

mod country;
mod table;
mod tells;
mod words;

#[cfg(test)]
mod golden;

pub use country::{Country, NoCountry};
pub use tells::Tells;
