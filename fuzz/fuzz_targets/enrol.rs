//! The bytes of a file that is to be listed.
#![no_main]

use ijkpunt_fuzz::enrol;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| enrol::run(bytes));
