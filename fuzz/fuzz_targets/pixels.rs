//! Pixels of any size.
#![no_main]

use ijkpunt_fuzz::pixels;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pixels::run(bytes));
