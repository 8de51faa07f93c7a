//! Bytes as metadata, requests and signatures.
#![no_main]

use ijkpunt_fuzz::tuf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tuf::run(bytes));
