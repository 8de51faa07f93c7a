//! Damaged files: cut, lengthened, changed in every byte; and such that were sealed again by somebody who knows how.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ijkpunt::hash::Radius;
use ijkpunt::snapshot::{Audit, OpenError, Section, Snapshot};

use super::drawn::draft;
use super::sealed::{sealed, used};

const MASKS: [u8; 3] = [0x01, 0x80, 0xff];

fn opened(bytes: &[u8]) -> Result<Snapshot, OpenError> {
    let opened = catch_unwind(AssertUnwindSafe(|| Snapshot::from_bytes(bytes)));
    opened.unwrap_or_else(|_| panic!("opening panicked"))
}

#[test]
fn every_changed_byte_is_refused() {
    let mut bytes = draft(0..6).to_bytes().unwrap();
    let mut tried = 0;
    for at in 0..bytes.len() {
        for mask in MASKS {
            bytes[at] ^= mask;
            assert!(opened(&bytes).is_err(), "byte {at}, {mask:#x}");
            bytes[at] ^= mask;
            tried += 1;
        }
    }
    println!(
        "{} bytes changed in three ways: {tried} refused",
        bytes.len()
    );
    assert!(opened(&bytes).is_ok() && tried > 9000, "{tried}");
}

#[test]
fn every_length_but_its_own_is_refused() {
    let whole = draft(0..6).to_bytes().unwrap();
    for length in 0..whole.len() {
        assert!(opened(&whole[..length]).is_err(), "{length}");
    }
    for more in 1..=64 {
        for fill in [0, 0xa5] {
            let mut longer = whole.clone();
            longer.resize(whole.len() + more, fill);
            assert!(opened(&longer).is_err(), "{more} more");
        }
    }
}

#[test]
fn whoever_seals_a_changed_file_again_is_refused_or_found_by_the_audit() {
    let whole = draft(0..6).to_bytes().unwrap();
    let mut resealed = whole.clone();
    sealed(&mut resealed);
    assert!(resealed == whole);
    let (mut refused, mut found, mut valid) = (0, 0, 0);
    for at in 0..whole.len() {
        for mask in MASKS {
            let mut bytes = whole.clone();
            bytes[at] ^= mask;
            sealed(&mut bytes);
            if bytes == whole {
                continue; // of a digest, which was set right
            }
            let Ok(snapshot) = opened(&bytes) else {
                refused += 1;
                continue;
            };
            let audit = catch_unwind(AssertUnwindSafe(|| used(&snapshot)));
            match audit.unwrap_or_else(|_| panic!("byte {at}, {mask:#x}: using it panicked")) {
                Some(Audit::Same) => valid += 1, // another snapshot, as somebody might have made it
                Some(Audit::Differs { .. }) | None => found += 1,
            }
        }
    }
    println!(
        "sealed again: {refused} refused, {found} found by the audit, {valid} that could have been written"
    );
    assert!(
        refused > 2000 && found > 100 && valid > 1000,
        "{refused} {found} {valid}"
    );
}

#[test]
fn an_index_that_leaves_a_row_out_is_found_by_the_audit() {
    // The planes are what is searched first: a changed prefix hides a code.
    let mut bytes = draft(0..6).to_bytes().unwrap();
    let place = u64::from_le_bytes(*bytes[128 + 64 * 3 + 8..].first_chunk().unwrap()) as usize;
    let hidden = Snapshot::from_bytes(&*bytes)
        .unwrap()
        .wholes()
        .codes()
        .next()
        .unwrap();
    for plane in 0..3 {
        bytes[place + 192 + 64 * plane..][..4]
            .iter_mut()
            .for_each(|byte| *byte ^= 0xff);
    }
    sealed(&mut bytes);
    let snapshot = opened(&bytes).unwrap();
    assert!(snapshot.wholes().search(hidden, Radius::DEFAULT).is_empty());
    let audit = snapshot.audit().unwrap();
    let section = Some(Section::Wholes);
    assert!(
        matches!(audit, Audit::Differs { section: found, .. } if found == section),
        "{audit:?}"
    );
}

#[test]
fn refusals_say_what_to_do() {
    let whole = draft(0..6).to_bytes().unwrap();
    let refused = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        opened(&bytes).unwrap_err().to_string()
    };
    for (change, says) in [
        (
            &(|bytes: &mut Vec<u8>| bytes[0] = b'x') as &dyn Fn(&mut Vec<u8>),
            "baseline build",
        ),
        (&|bytes| bytes[8] = 9, "version 9"),
        (&|bytes| bytes[16] = 4, "bits 0x4"),
        (
            &|bytes| bytes.truncate(100),
            "byte 100: expected 128 bytes of a head",
        ),
        (&|bytes| bytes.truncate(1000), "expected"),
        (
            &|bytes| bytes[97] ^= 1,
            "byte 96: expected the profile pdq/full",
        ),
        (&|bytes| *bytes.last_mut().unwrap() ^= 1, "found"),
    ] {
        let refused = refused(change);
        assert!(refused.contains(says), "{refused}");
    }
}
