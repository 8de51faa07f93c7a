//! Bytes as a signed checkpoint: read, it is written as those very bytes; an own signature of it is verified, and it is no fork of itself.

use ijkpunt::limits::Limits;
use ijkpunt::sign::{CheckpointError, SignedCheckpoint, Signer, SigningKey, consistent, fork};

/// As much as a checkpoint may have.
pub fn run(bytes: &[u8]) {
    let Ok(read) = SignedCheckpoint::from_bytes(bytes, &Limits::default()) else {
        return;
    };
    assert_eq!(read.to_bytes(), bytes);
    let (key, name) = (
        SigningKey::from_seed(&[9; 32]),
        read.unverified().origin.clone(),
    );
    let mut signed = read.clone();
    match signed.add(&name, &key) {
        Ok(()) => {
            let Ok(verified) = signed.verify(&name, &key.public_key()) else {
                panic!("what was signed is verified");
            };
            assert_eq!(*verified, *read.unverified());
            assert_eq!(fork(&verified, &verified), Ok(None));
            // A log of no leaves has one root.
            let is_itself = consistent(&verified, &verified, &[]).is_ok();
            assert!(is_itself || verified.size == 0);
        }
        Err(error) => assert_eq!(error, CheckpointError::Repeated(name)),
    }
}
