//! Bytes as what a platform tells of its reviews: as the file, and as a payload that the platform has signed. What is read is written as it
//! was, and no other key reads it.

use ijkpunt::limits::Limits;
use ijkpunt::sign::{
    Envelope, PLATFORM_FEEDBACK, PlatformCounts, PlatformFeedback, Signer, SigningKey,
};

/// As much as an envelope may have.
pub fn run(bytes: &[u8]) {
    let key = SigningKey::from_seed(&[1; 32]); // that of the seeds
    read(bytes, &key);
    // Nobody guesses a signature; so what somebody else has signed, and any bytes at all, are signed here.
    if let Ok(envelope) = Envelope::from_json(bytes, &Limits::default()) {
        let payload = envelope.unverified_payload().to_vec();
        if let Ok(signed) = Envelope::sign(envelope.payload_type(), payload, &[&key]) {
            let is_read = read(signed.to_json().as_bytes(), &key);
            assert!(!is_read || envelope.payload_type() == PLATFORM_FEEDBACK);
        }
    }
    if let Ok(signed) = Envelope::sign(PLATFORM_FEEDBACK, bytes.to_vec(), &[&key]) {
        read(signed.to_json().as_bytes(), &key);
    }
}

/// Whether it is one.
fn read(file: &[u8], key: &SigningKey) -> bool {
    let (limits, public) = (Limits::default(), key.public_key());
    let Ok(told) = PlatformFeedback::verify(file, &public, &limits) else {
        return false;
    };
    assert!(told.from < told.until);
    assert!(told.keys().iter().eq([&public.id()]) && told.authorities().is_empty());
    let other = SigningKey::from_seed(&[2; 32]).public_key();
    assert!(PlatformFeedback::verify(file, &other, &limits).is_err());
    let counts = PlatformCounts::from(PlatformFeedback::clone(&told));
    let again = PlatformFeedback::new(counts).and_then(|again| Ok(again.sign(key)?));
    let written = Envelope::from_json(file, &limits);
    assert!(again.is_ok() && again.ok() == written.ok());
    true
}
