//! Snapshots: the same content gives the same bytes, what was written is read, and nothing of a damaged file is used.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may stop at what it did not expect, and knows its numbers"
)]

mod damage;
mod delta;
mod drawn;
mod format;
mod golden;
mod reader;
mod sealed;
mod seeds;
mod written;
