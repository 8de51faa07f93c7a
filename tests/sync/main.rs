//! The client against mirrors that lie, hold back, mix and flood. Beside a part of the attacks stands a client that lacks just what stops it, and is taken in.
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
mod old;
mod suspended;
mod tls;
mod updates;
mod world;
