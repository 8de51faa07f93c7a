//! Bytes as a removal order, and as the answers to one.
#![no_main]

use ijkpunt_fuzz::removal_order;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| removal_order::run(bytes));
