//! The headers of a still.
#![no_main]

use ijkpunt_fuzz::heif;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| heif::run(bytes));
