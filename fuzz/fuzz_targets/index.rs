//! Codes near a query, and an index as bytes.
#![no_main]

use ijkpunt_fuzz::index;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| index::run(bytes));
