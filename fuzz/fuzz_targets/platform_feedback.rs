//! Bytes as what a platform tells of its reviews.
#![no_main]

use ijkpunt_fuzz::platform_feedback;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| platform_feedback::run(bytes));
