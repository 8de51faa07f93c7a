//! Bytes as a screened upload, to be reviewed on a page.
#![no_main]

use ijkpunt_fuzz::upload;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| upload::run(bytes));
