//! Bytes as a delta, as they are and sealed again.
#![no_main]

use ijkpunt_fuzz::delta;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| delta::run(bytes));
