//! Bytes as a snapshot, as they are and sealed again.
#![no_main]

use ijkpunt_fuzz::snapshot;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| snapshot::run(bytes));
