//! Bytes as the JSON of an envelope: read, it comes back from what it is written as; nobody's keys open it, and one more signature
//! counts.

use std::slice;

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::sign::{
    AuthorityKey, Envelope, EnvelopeError, Genesis, Signer, SigningKey, Statement, Threshold, tally,
};

/// As much as an envelope may have.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(read) = Envelope::from_json(bytes, &limits) else {
        return;
    };
    let mut wide = limits.clone();
    wide.envelope_bytes *= 2; // an escape in a string can be shorter than what it is written as, and white space longer
    let again = Envelope::from_json(read.to_json().as_bytes(), &wide);
    assert_eq!(again.as_ref(), Ok(&read));
    let at = Time::MIN;
    assert!(read.open::<Genesis>(&[], at, Threshold::ONE).is_err());
    assert!(read.open::<Statement>(&[], at, Threshold::ONE).is_err());
    let key = SigningKey::from_seed(&[9; 32]);
    let (Ok(authority), Ok(state)) = ("fuzz".parse(), "XA".parse()) else {
        panic!("an authority and a state");
    };
    let known = AuthorityKey {
        key: key.public_key(),
        authority,
        state,
        from: at,
        until: None,
        revoked_at: None,
    };
    let mut signed = read.clone();
    match signed.add(&key) {
        Ok(()) => {
            let tally = tally(
                &signed.message(),
                signed.signatures(),
                slice::from_ref(&known),
                at,
                Threshold::ONE,
            );
            assert!(tally.is_met());
            assert_eq!(tally.refused.len(), read.signatures().len());
            assert!(
                signed
                    .verify(read.payload_type(), &[known], at, Threshold::ONE)
                    .is_ok()
            );
        }
        Err(error) => assert_eq!(error, EnvelopeError::Repeated(key.public_key().id())),
    }
}
