//! Registers by the public interface: authorities that found one, say things, merge, and come to the same.
#![cfg(feature = "authority")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod forks;
mod history;
mod merging;
mod proofs;
