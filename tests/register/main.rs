//! Registers by the public interface: authorities that found one, say things, merge, and come to the same.
//!
//! `conformance` makes and judges `testdata/conformance/register/`.
#![cfg(feature = "authority")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod attacks;
mod author;
mod changed;
mod conformance;
mod forks;
mod grown;
mod history;
mod killed;
mod machine;
mod merging;
mod model;
mod promises;
mod proofs;
mod releases;
mod repository;
mod seeds;
mod sly;
mod steps;
mod strangers;
