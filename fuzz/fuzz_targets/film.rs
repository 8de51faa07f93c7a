//! Frames of an entry and of an upload.
#![no_main]

use ijkpunt_fuzz::film;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| film::run(bytes));
