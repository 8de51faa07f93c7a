use super::*;
use crate::sign::{KeyId, Tally, Threshold, ThresholdError, Why, tally};

const MESSAGE: &[u8] = b"a message";

fn id(number: u8) -> KeyId {
    key(number).public_key().id()
}

fn signed(number: u8) -> (KeyId, Signature) {
    (id(number), key(number).sign(MESSAGE).unwrap())
}

fn of(numbers: &[u8], keys: &[AuthorityKey], at: Time) -> Tally {
    let signatures: Vec<_> = numbers.iter().map(|number| signed(*number)).collect();
    tally(
        MESSAGE,
        &signatures,
        keys,
        at,
        Threshold::new(2, 2).unwrap(),
    )
}

fn counts(tally: &Tally) -> (usize, usize, usize) {
    (
        tally.states.len(),
        tally.authorities.len(),
        tally.keys.len(),
    )
}

#[test]
fn distinct_states_are_counted() {
    let keys = [record(1, "a", "XA"), record(2, "b", "XB")];
    let both = of(&[1, 2], &keys, now());
    assert_eq!(counts(&both), (2, 2, 2));
    assert!(both.is_met() && both.refused.is_empty());
    assert!(!of(&[1], &keys, now()).is_met());
    assert!(!of(&[], &keys, now()).is_met());
}

#[test]
fn two_keys_of_one_authority_are_one_authority() {
    let keys = [record(1, "a", "XA"), record(2, "a", "XA")];
    let tally = of(&[1, 2], &keys, now());
    assert_eq!(counts(&tally), (1, 1, 2));
    assert!(!tally.is_met() && tally.refused.is_empty());
}

#[test]
fn two_authorities_of_one_state_are_one_state() {
    let keys = [
        record(1, "a", "XA"),
        record(2, "b", "XA"),
        record(3, "c", "XB"),
    ];
    let tally = of(&[1, 2], &keys, now());
    assert_eq!(counts(&tally), (1, 2, 2));
    assert!(!tally.is_met());
    let three = Threshold::new(2, 3).unwrap();
    let signatures = [1, 2, 3].map(signed);
    assert!(super::super::tally(MESSAGE, &signatures, &keys, now(), three).is_met());
    assert!(!super::super::tally(MESSAGE, &signatures[1..], &keys, now(), three).is_met());
}

#[test]
fn a_key_counts_from_its_first_second_to_its_last() {
    let second = |number: i64| Time::from_unix_seconds(number).unwrap();
    let mut one = record(1, "a", "XA");
    (one.from, one.until) = (second(10), Some(second(20)));
    let refused = |one: &AuthorityKey, at| {
        let tally = of(&[1], std::slice::from_ref(one), second(at));
        assert_eq!(tally.keys.len() + tally.refused.len(), 1);
        tally.refused.first().map(|(_, why)| *why)
    };
    assert_eq!(refused(&one, 9), Some(Why::NotYetValid));
    assert_eq!(refused(&one, 10), None);
    assert_eq!(refused(&one, 19), None);
    assert_eq!(refused(&one, 20), Some(Why::Expired));
    one.revoked_at = Some(second(15));
    assert_eq!(refused(&one, 14), None);
    assert_eq!(refused(&one, 15), Some(Why::Revoked));
    assert_eq!(refused(&one, 30), Some(Why::Revoked));
    // Revoked before it began: it never counts.
    one.revoked_at = Some(second(5));
    assert_eq!(refused(&one, 5), Some(Why::Revoked));
    assert_eq!(refused(&one, 12), Some(Why::Revoked));
}

#[test]
fn a_key_that_is_renewed_counts_in_both_times_and_revoked_in_neither() {
    let second = |number: i64| Time::from_unix_seconds(number).unwrap();
    let with = |from, until, revoked: Option<i64>| {
        let mut one = record(1, "a", "XA");
        (one.from, one.until) = (second(from), Some(second(until)));
        one.revoked_at = revoked.map(second);
        one
    };
    let renewed = [with(10, 20, None), with(30, 40, None)];
    let at = |keys: &[AuthorityKey], at| of(&[1], keys, second(at)).keys.len();
    assert_eq!(
        [5, 15, 25, 35, 45].map(|time| at(&renewed, time)),
        [0, 1, 0, 1, 0]
    );
    let revoked = [with(10, 20, Some(12)), with(10, 40, None)];
    assert_eq!([11, 15, 35].map(|time| at(&revoked, time)), [1, 0, 0]);
}

#[test]
fn a_key_of_two_authorities_counts_for_neither() {
    let keys = [record(1, "a", "XA"), record(1, "b", "XB")];
    let tally = of(&[1], &keys, now());
    assert_eq!(counts(&tally), (0, 0, 0));
    assert_eq!(tally.refused, [(id(1), Why::Shared)]);
}

#[test]
fn an_authority_of_two_states_counts_for_neither() {
    let keys = [record(1, "a", "XA"), record(2, "a", "XB")];
    let tally = of(&[1, 2], &keys, now());
    assert_eq!(counts(&tally), (0, 0, 0));
    assert_eq!(
        tally.refused,
        [(id(1), Why::TwoStates), (id(2), Why::TwoStates)]
    );
}

#[test]
fn unknown_keys_and_bad_signatures_do_not_count() {
    let keys = [record(1, "a", "XA"), record(2, "b", "XB")];
    let signatures = [signed(3), (id(1), signed(2).1), signed(2)];
    let tally = tally(MESSAGE, &signatures, &keys, now(), Threshold::ONE);
    assert_eq!(counts(&tally), (1, 1, 1));
    assert_eq!(
        tally.refused,
        [(id(3), Why::Unknown), (id(1), Why::BadSignature)]
    );
    let other = super::super::tally(b"another", &signatures[2..], &keys, now(), Threshold::ONE);
    assert!(!other.is_met());
}

/// Else whoever puts a bad signature before a good one takes it away.
#[test]
fn a_key_counts_once_and_a_bad_signature_takes_nothing_away() {
    let keys = [record(1, "a", "XA")];
    let signatures = [(id(1), signed(2).1), signed(1), signed(1)];
    let tally = tally(MESSAGE, &signatures, &keys, now(), Threshold::ONE);
    assert_eq!(counts(&tally), (1, 1, 1));
    assert_eq!(
        tally.refused,
        [(id(1), Why::BadSignature), (id(1), Why::Repeated)]
    );
}

#[test]
fn a_threshold_that_nobody_has_to_meet_is_none() {
    assert_eq!(Threshold::new(0, 0), Err(ThresholdError));
    assert_eq!(Threshold::new(0, 1), Err(ThresholdError));
    assert_eq!(Threshold::new(2, 1), Err(ThresholdError));
    assert_eq!(Threshold::new(1, 1), Ok(Threshold::ONE));
}

#[test]
fn a_key_of_an_authority_is_strict_when_read() {
    let one = record(1, "a", "XA");
    let json = serde_json::to_string(&one).unwrap();
    assert_eq!(serde_json::from_str::<AuthorityKey>(&json).unwrap(), one);
    let more = json.replacen('{', "{\"motto\":\"a\",", 1);
    assert!(serde_json::from_str::<AuthorityKey>(&more).is_err());
}
