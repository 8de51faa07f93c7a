//! A hash as text.
#![no_main]

use ijkpunt_fuzz::hex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| hex::run(bytes));
