//! Envelopes as they are kept where their type is known.

use std::collections::BTreeSet;

use crate::limits::{Exceeded, Limits, Resource};

use super::envelope::{check_type, read};
use super::{Envelope, EnvelopeError, KeyId, OpenError, Payload, Signature};

/// A key's id and its signature.
const ONE: usize = 32 + 64;

impl Envelope {
    /// As it is kept where the type is known: a byte that counts the signatures, each as the 32 bytes of its key's id and its own 64, and the
    /// payload.
    ///
    /// # Errors
    /// [`EnvelopeError::Limit`] beyond 255 signatures.
    pub fn to_compact(&self) -> Result<Vec<u8>, EnvelopeError> {
        let asked = self.signatures.len();
        let count = u8::try_from(asked).map_err(|_| Exceeded {
            what: Resource::Signatures,
            asked: asked as u64,
            allowed: u64::from(u8::MAX),
        })?;
        let mut bytes = vec![count];
        for (key, signature) in &self.signatures {
            bytes.extend(key.to_bytes());
            bytes.extend(signature.to_bytes());
        }
        bytes.extend(&self.payload);
        Ok(bytes)
    }

    /// Reads what [`Envelope::to_compact`] writes of a payload of this type.
    ///
    /// # Errors
    /// [`EnvelopeError`]: a limit was reached ([`Limits::envelope_bytes`], [`Limits::signatures`]), a key has signed twice, or the bytes end within
    /// the signatures.
    pub fn from_compact(
        payload_type: &str,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Self, EnvelopeError> {
        limits.check(Resource::EnvelopeBytes, bytes.len() as u64)?;
        check_type(payload_type)?;
        let (written, payload) = split(bytes).ok_or(EnvelopeError::Compact)?;
        limits.check(Resource::Signatures, written.len() as u64)?;
        let (mut signatures, mut seen) = (Vec::new(), BTreeSet::new());
        for one in written {
            let mut signature = [0; 64];
            let (key, rest) = one.split_first_chunk().ok_or(EnvelopeError::Compact)?;
            signature.copy_from_slice(rest);
            let key = KeyId::from_bytes(*key);
            if !seen.insert(key) {
                return Err(EnvelopeError::Repeated(key));
            }
            signatures.push((key, Signature::from_bytes(signature)));
        }
        Ok(Self {
            payload_type: payload_type.to_owned(),
            payload: payload.to_vec(),
            signatures,
        })
    }
}

/// The value of a payload that was verified before it was kept in this form; the signatures are passed over.
///
/// # Errors
/// [`OpenError::Payload`]: bytes that this version does not read or would write otherwise.
pub fn from_compact<T: Payload>(bytes: &[u8]) -> Result<T, OpenError> {
    let (_, payload) = split(bytes).ok_or(OpenError::Payload)?;
    read(payload)
}

fn split(bytes: &[u8]) -> Option<(&[[u8; ONE]], &[u8])> {
    let (count, rest) = bytes.split_first()?;
    let (signatures, payload) = rest.split_at_checked(usize::from(*count) * ONE)?;
    Some((signatures.as_chunks().0, payload))
}
