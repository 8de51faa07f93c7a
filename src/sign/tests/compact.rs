use super::history::*;
use super::*;
use crate::limits::{Limits, Resource};
use crate::sign::{
    Envelope, EnvelopeError, GENESIS, OpenError, STATEMENT, Statement, from_compact,
};

fn compact(keys: &[u8]) -> Vec<u8> {
    let of = opening(genesis().id());
    envelope(&of, keys).to_compact().unwrap()
}

fn read(bytes: &[u8]) -> Result<Envelope, EnvelopeError> {
    Envelope::from_compact(STATEMENT, bytes, &Limits::default())
}

#[test]
fn an_envelope_is_kept_and_comes_back() {
    for keys in [&[][..], &[1], &[2, 1]] {
        let kept = envelope(&opening(genesis().id()), keys);
        let bytes = kept.to_compact().unwrap();
        let payload = kept.unverified_payload();
        assert_eq!(bytes.len(), 1 + keys.len() * 96 + payload.len());
        assert_eq!(usize::from(bytes[0]), keys.len());
        assert!(bytes.ends_with(payload));
        assert_eq!(read(&bytes), Ok(kept));
        let value = from_compact::<Statement>(&bytes);
        assert_eq!(value, Ok(opening(genesis().id())));
    }
}

/// The payload has no length of its own, so that a cut in it is found when it is read.
#[test]
fn damaged_envelopes_are_refused_or_others() {
    let bytes = compact(&[1, 2]);
    let whole = |bytes: &[u8]| {
        let value = from_compact::<Statement>(bytes);
        let envelope = read(bytes).map_err(|error| error.to_string())?;
        value.map_err(|error| error.to_string())?;
        Ok::<_, String>(envelope)
    };
    hold_damaged(&bytes, whole, |envelope| envelope.to_compact().unwrap());
    for length in 0..1 + 2 * 96 {
        let cut = &bytes[..length];
        assert_eq!(read(cut), Err(EnvelopeError::Compact), "cut at {length}");
        assert_eq!(from_compact::<Statement>(cut), Err(OpenError::Payload));
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(from_compact::<Statement>(&longer), Err(OpenError::Payload));
}

#[test]
fn a_key_signs_once() {
    let one = compact(&[1]);
    let twice = [&[2], &one[1..97], &one[1..]].concat();
    let refused = EnvelopeError::Repeated(key(1).public_key().id());
    assert_eq!(read(&twice), Err(refused));
}

#[test]
fn limits_hold_one_under_at_and_one_over() {
    let bytes = compact(&[1, 2]);
    let what = |limits: &Limits| match Envelope::from_compact(STATEMENT, &bytes, limits) {
        Ok(_) => None,
        Err(EnvelopeError::Limit(exceeded)) => Some((exceeded.what, exceeded.asked)),
        Err(error) => panic!("{error}"),
    };
    let mut limits = Limits::default();
    let length = bytes.len() as u64;
    for (allowed, over) in [(length + 1, false), (length, false), (length - 1, true)] {
        limits.envelope_bytes = allowed;
        let exceeded = over.then_some((Resource::EnvelopeBytes, length));
        assert_eq!(what(&limits), exceeded);
    }
    let mut limits = Limits::default();
    for (allowed, over) in [(3, false), (2, false), (1, true)] {
        limits.signatures = allowed;
        assert_eq!(what(&limits), over.then_some((Resource::Signatures, 2)));
    }
}

#[test]
fn more_signatures_than_a_byte_counts_are_not_written() {
    let mut envelope = envelope(&opening(genesis().id()), &[1]);
    let one = envelope.signatures[0].1;
    let named = |i: u8| crate::sign::KeyId::from_bytes([i; 32]);
    envelope.signatures = (0..=255).map(|i| (named(i), one)).collect();
    let Err(EnvelopeError::Limit(exceeded)) = envelope.to_compact() else {
        panic!("256 do not fit");
    };
    assert_eq!((exceeded.asked, exceeded.allowed), (256, 255));
    envelope.signatures.pop();
    let bytes = envelope.to_compact().unwrap();
    let limits = Limits {
        signatures: 255,
        ..Limits::default()
    };
    let read = Envelope::from_compact(STATEMENT, &bytes, &limits);
    assert_eq!(read, Ok(envelope));
}

#[test]
fn the_type_is_a_word_and_known() {
    let bytes = compact(&[1]);
    let read = |kind| Envelope::from_compact(kind, &bytes, &Limits::default());
    assert_eq!(read("a b"), Err(EnvelopeError::Type));
    assert_eq!(read(""), Err(EnvelopeError::Type));
    // By another type the signature is of another message.
    let other = read(GENESIS).unwrap();
    assert_ne!(other.message(), self::read(&bytes).unwrap().message());
    assert_eq!(from_compact::<Genesis>(&bytes), Err(OpenError::Payload));
}
