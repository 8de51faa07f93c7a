//! An upload's bytes against a list.
#![no_main]

use ijkpunt_fuzz::screen;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| screen::run(bytes));
