//! An upload's bytes, decoded and hashed.
#![no_main]

use ijkpunt_fuzz::decode_and_hash;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| decode_and_hash::run(bytes));
