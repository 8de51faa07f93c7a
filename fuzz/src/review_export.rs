//! Bytes as the export of a file of cases: what is verified is so however it comes in, and not with a line less or a line more.

use std::io::BufReader;

use ijkpunt::limits::Limits;
use ijkpunt::review::verify_export;

/// As many lines as there are.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let verified = verify_export(bytes, &limits).ok();
    let slowly = verify_export(BufReader::with_capacity(7, bytes), &limits).ok();
    assert_eq!(verified, slowly);
    let Some(head) = verified else {
        return;
    };
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    assert_eq!(head.records + 1, lines.len() as u64);
    let Some((last, others)) = lines.split_last() else {
        panic!("an export has a first line");
    };
    assert!(verify_export(&others.concat()[..], &limits).is_err());
    let end: &[u8] = if last.ends_with(b"\n") { b"" } else { b"\n" };
    let twice = [bytes, end, last].concat();
    assert!(verify_export(&twice[..], &limits).is_err());
}
