//! The client against mirrors that lie, hold back, mix and flood. Beside each attack stands a client that lacks just the check that stops it,
//! and is taken in: see `naive`.
#![cfg(feature = "sync")]
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may stop at what it did not expect"
)]

mod answers;
mod clock;
mod drawn;
mod forged;
mod http;
mod kept;
mod logs;
mod mirrors;
mod naive;
mod old;
mod suspended;
mod tls;
mod updates;
mod world;
