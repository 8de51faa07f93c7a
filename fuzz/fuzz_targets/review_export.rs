//! Bytes as the export of a file of cases.
#![no_main]

use ijkpunt_fuzz::review_export;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| review_export::run(bytes));
