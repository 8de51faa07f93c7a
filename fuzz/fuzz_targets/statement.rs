//! Bytes as an envelope of a statement or a genesis, and as a log that was kept.
#![no_main]

use ijkpunt_fuzz::statement;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| statement::run(bytes));
