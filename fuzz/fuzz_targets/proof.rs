//! Bytes as the proof of an entry's state.
#![no_main]

use ijkpunt_fuzz::proof;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| proof::run(bytes));
