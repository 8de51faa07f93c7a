use ed25519_dalek::{Verifier as _, VerifyingKey};
use proptest::prelude::*;

use super::*;
use crate::sign::{BadSignature, HexError, KeyId, PublicKeyError};

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    crate::sign::spelling::bytes_of(hex).unwrap()
}

#[test]
fn the_first_vector_of_rfc_8032_holds() {
    let seed = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let signer = SigningKey::from_seed(&seed);
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_eq!(signer.public_key().to_string(), public);
    let signature = signer.sign(b"").unwrap();
    assert_eq!(
        signature.to_string(),
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    );
    assert_eq!(signer.public_key().verify(b"", &signature), Ok(()));
}

/// A name that changed would part every signature from its key.
#[test]
fn the_name_of_a_key_stays_what_it_is() {
    let id = key(1).public_key().id();
    assert_eq!(
        id.to_string(),
        "90488bd3bb65195e5820bcda51a98d5296e54a1d285d45922ae630ae28e649a8"
    );
    assert_ne!(id, key(2).public_key().id());
    assert_eq!(format!("{:?}", key(1)), format!("SigningKey({id})"));
}

#[test]
fn weak_points_are_no_keys() {
    for hex in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    ] {
        assert_eq!(hex.parse::<PublicKey>(), Err(PublicKeyError::Weak), "{hex}");
    }
}

#[test]
fn a_point_in_a_second_spelling_is_no_key() {
    let mut strong = 0;
    for y in 0..19 {
        let (mut first, mut second) = ([0; 32], [0xff; 32]);
        first[0] = y;
        second[0] = 0xed + y;
        second[31] = 0x7f;
        let is_point = VerifyingKey::from_bytes(&second).is_ok();
        let refusal = if is_point {
            PublicKeyError::Spelling
        } else {
            PublicKeyError::NoPoint
        };
        assert_eq!(PublicKey::from_bytes(second), Err(refusal), "{y}");
        let first = PublicKey::from_bytes(first);
        strong += usize::from(is_point && first != Err(PublicKeyError::Weak));
    }
    assert!(strong > 0, "only weak points were tried");
}

#[test]
fn a_key_with_a_weak_part_is_no_key() {
    let honest = VerifyingKey::from_bytes(&key(1).public_key().to_bytes()).unwrap();
    let weak = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    let weak = VerifyingKey::from_bytes(&bytes(weak)).unwrap();
    let mixed = honest.to_edwards() + weak.to_edwards();
    let mixed = PublicKey::from_bytes(mixed.compress().to_bytes());
    assert_eq!(mixed, Err(PublicKeyError::Mixed));
}

#[test]
fn what_is_no_point_or_not_written_as_a_key_is_none() {
    let mut two = [0; 32];
    two[0] = 2;
    assert_eq!(PublicKey::from_bytes(two), Err(PublicKeyError::NoPoint));
    let right = key(1).public_key().to_string();
    let refusal = PublicKeyError::Hex(HexError { digits: 64 });
    for text in [
        "",
        &right[1..],
        &format!("{right}0"),
        &right.to_uppercase(),
        &right.replace('8', "g"),
    ] {
        assert_eq!(text.parse::<PublicKey>(), Err(refusal), "{text}");
        assert!(serde_json::from_str::<PublicKey>(&format!("{text:?}")).is_err());
    }
    assert!(right.to_uppercase().parse::<KeyId>().is_err());
    assert!(postcard::from_bytes::<PublicKey>(&two).is_err());
}

/// With R the neutral element, s = ka fits by the plain equation; such a signature says nothing of whether its maker chose the message.
#[test]
fn signatures_that_only_the_lenient_way_accepts_are_refused() {
    let hex = "01000000000000000000000000000000000000000000000000000000000000004f8ccc002d340c0c5601f66c60479bf55c2ba4ac7e63d958026062464a3c3b0a";
    let lenient = VerifyingKey::from_bytes(&key(1).public_key().to_bytes()).unwrap();
    let signature = ed25519_dalek::Signature::from_bytes(&bytes(hex));
    assert!(lenient.verify(b"strict", &signature).is_ok());
    let refused = key(1).public_key().verify(b"strict", &hex.parse().unwrap());
    assert_eq!(refused, Err(BadSignature));
}

#[test]
fn a_new_key_is_another_one() {
    let (one, other) = (
        SigningKey::generate().unwrap(),
        SigningKey::generate().unwrap(),
    );
    assert_ne!(one.public_key(), other.public_key());
    assert_ne!(one.seed(), &[0; 32]);
}

proptest! {
    #[test]
    fn a_signature_fits_its_message_and_no_other(seed: [u8; 32], message: Vec<u8>, place in 0..512_usize, more: u8) {
        let signer = SigningKey::from_seed(&seed);
        let signature = signer.sign(&message).unwrap();
        let public = signer.public_key();
        prop_assert_eq!(public.verify(&message, &signature), Ok(()));
        let mut longer = message.clone();
        longer.push(more);
        prop_assert!(public.verify(&longer, &signature).is_err());
        let mut changed = signature.to_bytes();
        changed[place / 8] ^= 1 << (place % 8);
        prop_assert!(public.verify(&message, &Signature::from_bytes(changed)).is_err());
    }

    #[test]
    fn keys_and_signatures_go_round_as_text_and_as_bytes(seed: [u8; 32]) {
        let public = SigningKey::from_seed(&seed).public_key();
        let signature = SigningKey::from_seed(&seed).sign(b"").unwrap();
        let (id, all) = (public.id(), (public, public.id(), signature));
        prop_assert_eq!(public.to_string().parse(), Ok(public));
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(signature.to_string().parse(), Ok(signature));
        let json = serde_json::to_string(&all).unwrap();
        prop_assert_eq!(&json, &format!("[\"{public}\",\"{id}\",\"{signature}\"]"));
        prop_assert_eq!(serde_json::from_str::<(PublicKey, KeyId, Signature)>(&json).unwrap(), all);
        let bytes = postcard::to_stdvec(&all).unwrap();
        prop_assert_eq!(bytes.len(), 128);
        prop_assert_eq!(postcard::from_bytes::<(PublicKey, KeyId, Signature)>(&bytes).unwrap(), all);
    }
}
