//! A folder of snapshots and those who follow it: while it is changed, by many threads and processes, when an installer is killed, and
//! when files are damaged. Nothing is lost, nothing mixed, and what is off stays off.
//!
//! `IJKPUNT_LONG=1` looks ten times as often.

#![cfg(unix)] // elsewhere a file that is mapped cannot be removed or replaced, as these tests do
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    reason = "a test may stop at what it did not expect, knows its numbers, and tells what it counted"
)]

mod drawn;
mod kept;
mod killed;
mod place;
mod processes;
mod refused;
mod started;
mod suspended;
mod swaps;
mod troubled;

/// `usual`, or `long` where there is time.
fn often(usual: u64, long: u64) -> u64 {
    match std::env::var_os("IJKPUNT_LONG") {
        Some(_) => long,
        None => usual,
    }
}
