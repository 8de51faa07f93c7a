//! Text of vPDQ.
#![no_main]

use ijkpunt_fuzz::vpdq;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| vpdq::run(bytes));
