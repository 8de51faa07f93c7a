//! Views of pixels of any size.
#![no_main]

use ijkpunt_fuzz::views;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| views::run(bytes));
