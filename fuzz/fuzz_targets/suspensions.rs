//! Bytes as a file of suspensions.
#![no_main]

use ijkpunt_fuzz::suspensions;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| suspensions::run(bytes));
