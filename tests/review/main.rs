//! Files of reviews by the public interface.
#![cfg(all(feature = "review", unix))]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod killed;
