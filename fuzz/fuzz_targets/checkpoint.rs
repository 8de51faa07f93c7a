//! Bytes as a signed checkpoint.
#![no_main]

use ijkpunt_fuzz::checkpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| checkpoint::run(bytes));
