//! Bytes as the lines of a merge file.
#![no_main]

use ijkpunt_fuzz::merge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| merge::run(bytes));
