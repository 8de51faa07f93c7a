//! Bytes as a list of consistency proofs.
#![no_main]

use ijkpunt_fuzz::consistency_list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| consistency_list::run(bytes));
