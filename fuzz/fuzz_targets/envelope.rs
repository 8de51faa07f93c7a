//! Bytes as the JSON of an envelope.
#![no_main]

use ijkpunt_fuzz::envelope;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| envelope::run(bytes));
