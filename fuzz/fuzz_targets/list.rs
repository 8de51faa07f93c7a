//! A list's bytes.
#![no_main]

use ijkpunt_fuzz::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| list::run(bytes));
