//! Bytes as a statement of reasons.
#![no_main]

use ijkpunt_fuzz::statement_of_reasons;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| statement_of_reasons::run(bytes));
