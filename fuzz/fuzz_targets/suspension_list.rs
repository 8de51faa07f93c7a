//! Bytes as a list of states' suspensions.
#![no_main]

use ijkpunt_fuzz::suspension_list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| suspension_list::run(bytes));
