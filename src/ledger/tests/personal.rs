//! Texts about persons, and that they are gone when they are erased.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{Place, filled, new};
use crate::ledger::{LedgerError, Reference};

/// Whether these bytes are in any file of the folder.
fn is_there(dir: &Path, text: &str) -> bool {
    fs::read_dir(dir).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}

#[test]
fn an_erased_text_is_nowhere_and_the_chain_still_holds() {
    let place = Place::new();
    let (mut ledger, [one, two]) = filled(&place);
    let head = ledger.head().unwrap();
    assert_eq!(ledger.reference(&one).unwrap().unwrap(), "officer one");
    assert!(ledger.erase(&one).unwrap());
    assert!(!ledger.erase(&one).unwrap());
    assert!(!ledger.erase(&Reference::from_bytes([0; 32])).unwrap());
    assert_eq!(ledger.reference(&one).unwrap(), None);
    assert_eq!(ledger.reference(&two).unwrap().unwrap(), "officer two");
    assert_eq!(ledger.verify(|_, _| ()).unwrap(), head);
    drop(ledger); // before the file is read: closing it takes the locks of this process
    assert!(!is_there(place.dir(), "officer one"));
    assert!(is_there(place.dir(), "officer two"));
    assert_eq!(place.open().unwrap().verify(|_, _| ()).unwrap(), head);
}

#[test]
fn the_same_text_twice_has_two_references() {
    let place = Place::new();
    let mut ledger = place.create();
    let mut append = ledger.begin().unwrap();
    let [one, two] = ["same", "same"].map(|text| append.refer(text).unwrap());
    assert_ne!(one, two);
    assert_eq!(append.reference(&one).unwrap().unwrap(), "same");
    for text in ["", "a\0b", "\0"] {
        assert!(matches!(append.refer(text), Err(LedgerError::Text)));
    }
    append.commit().unwrap();
    ledger.erase(&one).unwrap();
    assert_eq!(ledger.reference(&two).unwrap().unwrap(), "same");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Short and long texts among records and kept values, which make pages split: SQLite copies rows then, and may leave bytes behind.
    #[test]
    fn of_many_texts_those_that_are_erased_are_nowhere(
        lengths in prop::collection::vec(prop_oneof![20 => 12..200_usize, 1 => 3000..9000_usize], 1..300),
        erased in prop::collection::vec(any::<bool>(), 300),
    ) {
        let place = Place::new();
        let mut ledger = place.create();
        let text = |number: usize, length: usize| format!("#{number:05}!{}", "ab#".repeat(length / 3));
        let mut references = Vec::new();
        for (part, lengths) in lengths.chunks(50).enumerate() {
            let mut append = ledger.begin().unwrap();
            for (number, length) in lengths.iter().enumerate() {
                let number = part * 50 + number;
                references.push((number, append.refer(&text(number, *length)).unwrap(), *length));
                append.add(&new(1, number as u64, number as u8, &[1; 300])).unwrap();
                append.keep(&[number as u8], &vec![2; length * 2]).unwrap();
            }
            append.commit().unwrap();
            // Some of those that are there, between additions.
            for (number, reference, _) in &references {
                if erased[*number] && number % 3 == part % 3 {
                    ledger.erase(reference).unwrap();
                }
            }
        }
        for (number, reference, length) in &references {
            if erased[*number] {
                ledger.erase(reference).unwrap();
            }
            let right = (!erased[*number]).then(|| text(*number, *length));
            prop_assert_eq!(ledger.reference(reference).unwrap(), right);
        }
        ledger.verify(|_, _| ()).unwrap();
        drop(ledger);
        let bytes = fs::read(place.path()).unwrap();
        prop_assert_eq!(fs::read_dir(place.dir()).unwrap().count(), 1);
        let marks = bytes.windows(7).filter(|window| {
            window[0] == b'#' && window[1..6].iter().all(u8::is_ascii_digit) && window[6] == b'!'
        });
        for mark in marks {
            let number: usize = std::str::from_utf8(&mark[1..6]).unwrap().parse().unwrap();
            prop_assert!(!erased[number], "{}", number);
        }
    }
}
