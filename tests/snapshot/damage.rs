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

/// What is done to a row.
type Change<'a> = &'a dyn Fn(&mut [u8]);

#[test]
fn every_damage_to_the_row_of_a_frame_is_refused_or_found_by_the_audit() {
    let whole = draft([2, 5]).to_bytes().unwrap();
    let snapshot = Snapshot::from_bytes(&*whole).unwrap();
    let [first, second] = [0, 1].map(|entry| snapshot.frames_of(entry));
    assert_eq!([first, second], [0..3, 3..5]);
    let at = 128 + 64 * 6; // the rows are the seventh section
    let place = u64::from_le_bytes(*whole[at + 8..].first_chunk().unwrap()) as usize;
    let begin = place + 20 * (snapshot.wholes().len() + snapshot.windows().len());
    let changed = |row: usize, change: Change<'_>| {
        let mut bytes = whole.clone();
        change(&mut bytes[begin + 20 * row..][..20]);
        sealed(&mut bytes);
        opened(&bytes)
    };
    let cases: [(usize, Change<'_>, &str); 10] = [
        (
            0,
            &|row| row[0] = 2,
            "expected an entry from 0 to below 2, found 2",
        ),
        (
            3,
            &|row| row[0] = 0,
            "expected frames in the order of their times",
        ),
        (
            4,
            &|row| row[0] = 0,
            "expected an entry from 1 to below 2, found 0",
        ),
        (0, &|row| row[7] = 9, "expected a text below"),
        (
            0,
            &|row| row[9] = 9,
            "expected frames in the order of their times, behind one at 2304 ms, found an earlier one",
        ),
        (
            1,
            &|row| row[12] = 9,
            "expected frames in the order of their times, behind one at 0 ms, found an earlier one",
        ),
        (1, &|row| row[14] = 6, "expected a role of 0 to 5"),
        (1, &|row| row[15] = 1, "expected a zero behind the role"),
        (
            1,
            &|row| row[17] = 2,
            "expected a part where the profile is windows/1, and nowhere else",
        ),
        (1, &|row| row[19] = 1, "expected two zeros"),
    ];
    for (row, change, says) in cases {
        let refused = changed(row, change).unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
        assert!(refused.contains("section rows"), "{refused}");
    }
    // Two that begin at once and show as long, in the order of their roles.
    let twins = changed(4, &|row| row[12] = 30).unwrap();
    let shown = |row: usize| twins.frame(row).shown.unwrap();
    assert!(shown(3).role() < shown(4).role() && shown(3).lasts_cs() == shown(4).lasts_cs());
    assert_eq!(used(&twins), Some(Audit::Same));
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
