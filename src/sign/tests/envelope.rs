use proptest::prelude::*;

use super::*;
use crate::limits::{Limits, Resource};
use crate::sign::spelling::base64;
use crate::sign::{
    Envelope, EnvelopeError, GENESIS, Genesis, OpenError, Payload, STATEMENT, Statement, Threshold,
    Why, pae,
};

const TYPE: &str = "text/plain";

fn envelope(numbers: &[u8]) -> Envelope {
    let mut envelope = Envelope::sign(TYPE, b"hello".to_vec(), &[]).unwrap();
    for number in numbers {
        envelope.add(&key(*number)).unwrap();
    }
    envelope
}

fn read(json: &str) -> Result<Envelope, EnvelopeError> {
    Envelope::from_json(json.as_bytes(), &Limits::default())
}

#[test]
fn what_is_signed_is_what_dsse_says() {
    let message = pae("http://example.com/HelloWorld", b"hello world");
    assert_eq!(
        message,
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    );
    assert_ne!(pae("a", b"1 b"), pae("a 1", b"b"));
    let (id, signature) = envelope(&[1]).signatures()[0];
    assert_eq!(id, key(1).public_key().id());
    let signed = key(1)
        .public_key()
        .verify(b"DSSEv1 10 text/plain 5 hello", &signature);
    assert_eq!(signed, Ok(()));
}

#[test]
fn an_envelope_is_written_in_one_way() {
    let envelope = envelope(&[1]);
    let (id, signature) = envelope.signatures()[0];
    let sig = base64(&signature.to_bytes());
    let json = format!(
        r#"{{"payload":"aGVsbG8=","payloadType":"text/plain","signatures":[{{"keyid":"{id}","sig":"{sig}"}}]}}"#
    );
    assert_eq!(envelope.to_json(), json);
    assert_eq!(read(&json), Ok(envelope.clone()));
    // Another program's order and white space are the same JSON.
    let other = format!(
        "{{ \"payloadType\": \"text/plain\",\n\"signatures\": [{{\"sig\": \"{sig}\", \"keyid\": \"{id}\"}}], \"payload\": \"aGVsbG8=\"}}\n"
    );
    assert_eq!(read(&other), Ok(envelope));
}

#[test]
fn damaged_envelopes_are_refused_or_others() {
    let json = envelope(&[1, 2]).to_json();
    let read = |bytes: &[u8]| Envelope::from_json(bytes, &Limits::default());
    hold_damaged(json.as_bytes(), read, |envelope| {
        envelope.to_json().into_bytes()
    });
}

#[test]
fn what_is_not_in_an_envelope_is_refused_by_place() {
    let right = envelope(&[1]).to_json();
    for (old, new) in [
        ("\"payload\":", "\"motto\":\"a\",\"payload\":"),
        ("\"payload\":", "\"payload\":\"\",\"payload\":"),
        ("\"keyid\":", "\"cert\":\"a\",\"keyid\":"),
        ("\"payloadType\":\"text/plain\",", ""),
        ("\"keyid\":", "\"key\":"),
        ("}]}", "}]} {}"),
    ] {
        let refused = read(&right.replacen(old, new, 1)).unwrap_err();
        assert!(
            matches!(refused, EnvelopeError::Json { line: 1, .. }),
            "{new}: {refused:?}"
        );
    }
}

#[test]
fn payloads_and_signatures_have_one_spelling() {
    let right = envelope(&[1]).to_json();
    let (id, signature) = envelope(&[1]).signatures()[0];
    let (bytes, sig) = (signature.to_bytes(), base64(&signature.to_bytes()));
    // No padding, bits that mean nothing, the alphabet for addresses, an end of line.
    for payload in ["aGVsbG8", "aGVsbG9=", "-_-_", "aGVs\\nbG8="] {
        let changed = right.replace("aGVsbG8=", payload);
        assert_eq!(read(&changed), Err(EnvelopeError::Base64), "{payload}");
    }
    let unpadded = right.replace(&sig, sig.trim_end_matches('='));
    assert_eq!(read(&unpadded), Err(EnvelopeError::Base64));
    for other in [&bytes[..63], &[bytes.as_slice(), &[0]].concat()] {
        let changed = right.replace(&sig, &base64(other));
        assert_eq!(read(&changed), Err(EnvelopeError::Length(id)));
    }
    let id = id.to_string();
    for other in ["", &id[1..], &id.to_uppercase()] {
        assert_eq!(read(&right.replace(&id, other)), Err(EnvelopeError::KeyId));
    }
}

#[test]
fn a_type_is_a_word() {
    let longest = "a".repeat(255);
    for right in ["a", STATEMENT, GENESIS, crate::sign::SNAPSHOT, &longest] {
        let envelope = Envelope::sign(right, Vec::new(), &[]).unwrap();
        assert_eq!(read(&envelope.to_json()), Ok(envelope));
    }
    let json = envelope(&[]).to_json();
    for wrong in ["", "a b", "\u{e4}", "a\tb", &"a".repeat(256)] {
        let refused = Err(EnvelopeError::Type);
        assert_eq!(Envelope::sign(wrong, Vec::new(), &[]), refused);
        let wrong = serde_json::to_string(wrong).unwrap();
        assert_eq!(read(&json.replace("\"text/plain\"", &wrong)), refused);
    }
}

#[test]
fn limits_hold_at_and_beyond() {
    let envelope = envelope(&[1, 2]);
    let json = envelope.to_json();
    let mut limits = Limits::default();
    (limits.envelope_bytes, limits.signatures) = (json.len() as u64, 2);
    let read = |limits: &Limits| Envelope::from_json(json.as_bytes(), limits);
    assert_eq!(read(&limits), Ok(envelope));
    limits.envelope_bytes -= 1;
    let beyond =
        |what| move |error| matches!(error, EnvelopeError::Limit(limit) if limit.what == what);
    assert!(read(&limits).is_err_and(beyond(Resource::EnvelopeBytes)));
    (limits.envelope_bytes, limits.signatures) = (json.len() as u64, 1);
    assert!(read(&limits).is_err_and(beyond(Resource::Signatures)));
}

#[test]
fn nobody_signs_twice() {
    let mut envelope = envelope(&[1, 2]);
    let refused = EnvelopeError::Repeated(key(1).public_key().id());
    assert_eq!(envelope.add(&key(1)), Err(refused.clone()));
    assert_eq!(
        Envelope::sign(TYPE, Vec::new(), &[&key(1), &key(1)]),
        Err(refused.clone())
    );
    let ids = [1, 2].map(|number| key(number).public_key().id().to_string());
    assert_eq!(
        read(&envelope.to_json().replace(&ids[1], &ids[0])),
        Err(refused)
    );
    assert_eq!(envelope.signatures().len(), 2);
}

#[test]
fn a_signer_that_fails_or_lies_leaves_the_envelope_as_it_was() {
    let mut envelope = envelope(&[2]);
    let before = envelope.clone();
    assert_eq!(envelope.add(&Absent), Err(EnvelopeError::Sign(absent())));
    let lie = EnvelopeError::BadSigner(key(1).public_key().id());
    assert_eq!(envelope.add(&Liar), Err(lie));
    assert_eq!(envelope, before);
}

#[test]
fn an_envelope_is_opened_when_enough_have_signed() {
    let keys = [record(1, "a", "XA"), record(2, "b", "XB")];
    let two = Threshold::new(2, 2).unwrap();
    let mut envelope = Envelope::of(&genesis(), &[&key(1)]).unwrap();
    let OpenError::TooFew(tally) = envelope.open::<Genesis>(&keys, now(), two).unwrap_err() else {
        panic!("one signature is too few, and nothing else");
    };
    assert_eq!((tally.states.len(), tally.refused.len()), (1, 0));
    envelope.add(&key(2)).unwrap();
    let opened = envelope.open::<Genesis>(&keys, now(), two).unwrap();
    assert_eq!(*opened, genesis());
    assert_eq!(opened.keys().len(), 2);
    assert_eq!(opened.states().len(), 2);
    assert!(opened.is_signed_by(&keys[0].authority) && opened.is_signed_by(&keys[1].authority));
    assert!(!opened.is_signed_by(&"c".parse().unwrap()));
}

/// A signature for one kind of payload is none for another.
#[test]
fn a_payload_of_another_type_is_not_opened() {
    let keys = [record(1, "a", "XA")];
    let envelope = Envelope::of(&genesis(), &[&key(1)]).unwrap();
    let opened = envelope.open::<Statement>(&keys, now(), Threshold::ONE);
    assert_eq!(opened.unwrap_err(), OpenError::Type);
    let renamed = envelope.to_json().replace(GENESIS, STATEMENT);
    let OpenError::TooFew(tally) = read(&renamed)
        .unwrap()
        .open::<Statement>(&keys, now(), Threshold::ONE)
        .unwrap_err()
    else {
        panic!("the type is signed");
    };
    assert_eq!(tally.refused, [(keys[0].key.id(), Why::BadSignature)]);
}

#[test]
fn a_payload_with_something_behind_it_is_not_understood() {
    let keys = [record(1, "a", "XA")];
    let mut payload = postcard::to_stdvec(&genesis()).unwrap();
    for (more, is_read) in [(None, true), (Some(0), false)] {
        payload.extend(more);
        let envelope = Envelope::sign(Genesis::TYPE, payload.clone(), &[&key(1)]).unwrap();
        let opened = envelope.open::<Genesis>(&keys, now(), Threshold::ONE);
        assert_eq!(opened.is_ok(), is_read);
        assert!(is_read || opened.unwrap_err() == OpenError::Payload);
    }
    // A length in two bytes where one is enough: postcard reads it, and would not write it.
    let mut padded = postcard::to_stdvec(&genesis()).unwrap();
    padded[0] |= 0x80;
    padded.insert(1, 0);
    assert!(postcard::from_bytes::<Genesis>(&padded).is_ok());
    let envelope = Envelope::sign(Genesis::TYPE, padded, &[&key(1)]).unwrap();
    let opened = envelope.open::<Genesis>(&keys, now(), Threshold::ONE);
    assert_eq!(opened.unwrap_err(), OpenError::Payload);
    let cut = Envelope::sign(Genesis::TYPE, vec![1], &[&key(1)]).unwrap();
    let opened = cut.open::<Genesis>(&keys, now(), Threshold::ONE);
    assert_eq!(opened.unwrap_err(), OpenError::Payload);
}

#[test]
fn debug_shows_no_payload() {
    let text = format!("{:?}", envelope(&[1]));
    assert!(
        text.contains("payload: 5") && !text.contains("hello") && !text.contains("104"),
        "{text}"
    );
}

proptest! {
    #[test]
    fn any_payload_goes_round(payload: Vec<u8>, name in "[!-~]{1,30}", number: u8) {
        let envelope = Envelope::sign(&name, payload.clone(), &[&key(number)]).unwrap();
        let read = read(&envelope.to_json()).unwrap();
        prop_assert_eq!(&read, &envelope);
        let keys = [record(number, "a", "XA")];
        let verified = read.verify(&name, &keys, now(), Threshold::ONE).unwrap();
        prop_assert_eq!(&*verified, &payload);
        prop_assert_eq!(verified.into_inner(), payload);
    }

    #[test]
    fn type_and_payload_never_run_into_each_other(
        a in "[a-z0-9 ]{0,6}", b in "[a-z0-9 ]{0,6}", c in "[a-z0-9 ]{0,6}", d in "[a-z0-9 ]{0,6}",
    ) {
        let is_same = pae(&a, b.as_bytes()) == pae(&c, d.as_bytes());
        prop_assert_eq!(is_same, (a, b) == (c, d));
    }
}
