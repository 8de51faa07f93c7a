//! A payload with its type and the signatures of many, in the form of DSSE.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::baseline::Time;
use crate::limits::{Exceeded, Limits, Resource};

use super::spelling::{base64, from_base64};
use super::{AuthorityKey, KeyId, SignError, Signature, Signer, Tally, Threshold, Verified, tally};

/// The type of a [`Statement`](super::Statement) as postcard bytes.
pub const STATEMENT: &str = "application/vnd.ijkpunt.statement.v0+postcard";

/// The type of a [`Genesis`](super::Genesis) as postcard bytes.
pub const GENESIS: &str = "application/vnd.ijkpunt.genesis.v0+postcard";

/// The type of a snapshot: the bytes of its file.
pub const SNAPSHOT: &str = "application/vnd.ijkpunt.snapshot.v0";

/// A type is a word of so many bytes.
const LONGEST_TYPE: usize = 255;

/// A value that is signed as an envelope's payload, in its postcard bytes.
pub trait Payload: Serialize + DeserializeOwned + sealed::Sealed {
    /// The type by which the payload is told from all others.
    const TYPE: &'static str;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for crate::sign::Statement {}
    impl Sealed for crate::sign::Genesis {}
    impl Sealed for crate::sign::PlatformFeedback {}
}

/// What is signed: the pre-authentication encoding of DSSE 1, in which type and payload cannot run into each other.
///
/// # Cost
/// A copy of the payload.
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let (type_length, length) = (payload_type.len(), payload.len());
    let mut bytes = format!("DSSEv1 {type_length} {payload_type} {length} ").into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// A payload and signatures, one a key. That it can be read says nothing of whether the signatures are good: see [`Envelope::open`]. `Debug`
/// shows no payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    pub(super) payload_type: String,
    pub(super) payload: Vec<u8>,
    pub(super) signatures: Vec<(KeyId, Signature)>,
}

impl Envelope {
    /// An envelope with the signatures of these signers, in their order.
    ///
    /// # Errors
    /// [`EnvelopeError`]: a type that is none, a signer who did not sign, whose signature does not fit its key, or who is there twice.
    pub fn sign(
        payload_type: &str,
        payload: Vec<u8>,
        signers: &[&dyn Signer],
    ) -> Result<Self, EnvelopeError> {
        check_type(payload_type)?;
        let mut envelope = Self {
            payload_type: payload_type.to_owned(),
            payload,
            signatures: Vec::new(),
        };
        for signer in signers {
            envelope.add(*signer)?;
        }
        Ok(envelope)
    }

    /// An envelope of a value.
    ///
    /// # Errors
    /// As [`Envelope::sign`].
    pub fn of<T: Payload>(value: &T, signers: &[&dyn Signer]) -> Result<Self, EnvelopeError> {
        let payload = postcard::to_stdvec(value).map_err(|_| EnvelopeError::Payload)?;
        Self::sign(T::TYPE, payload, signers)
    }

    /// Adds the signature of another signer. Who signs should have read the payload, and not what somebody says of it.
    ///
    /// # Errors
    /// [`EnvelopeError`]: a signer who did not sign, whose signature does not fit its key, or who is there already. The envelope is
    /// then as before.
    pub fn add(&mut self, signer: &dyn Signer) -> Result<(), EnvelopeError> {
        let (key, message) = (signer.public_key(), self.message());
        if self.signatures.iter().any(|(other, _)| *other == key.id()) {
            return Err(EnvelopeError::Repeated(key.id()));
        }
        let signature = signer.sign(&message)?;
        // A token that has gone wrong is found now, and not when the key is needed.
        if key.verify(&message, &signature).is_err() {
            return Err(EnvelopeError::BadSigner(key.id()));
        }
        self.signatures.push((key.id(), signature));
        Ok(())
    }

    /// The type of the payload.
    #[must_use]
    pub fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The payload, unverified.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signatures, unverified, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[(KeyId, Signature)] {
        &self.signatures
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// The payload's bytes, if it is of this type and enough have signed it: see [`tally`] for whom it counts and what `at` must be.
    ///
    /// # Errors
    /// [`OpenError`]: another type, or too few; then with every reason why a signature did not count.
    pub fn verify(
        &self,
        payload_type: &str,
        keys: &[AuthorityKey],
        at: Time,
        needed: Threshold,
    ) -> Result<Verified<Vec<u8>>, OpenError> {
        if self.payload_type != payload_type {
            return Err(OpenError::Type);
        }
        let tally = tally(&self.message(), &self.signatures, keys, at, needed);
        if !tally.is_met() {
            return Err(OpenError::TooFew(Box::new(tally)));
        }
        Ok(Verified::new(
            self.payload.clone(),
            tally.keys,
            tally.authorities,
            tally.states,
        ))
    }

    /// The value, if enough have signed it. Nothing of it is read before.
    ///
    /// # Errors
    /// [`OpenError`]: as [`Envelope::verify`], or bytes that this version does not read or would write otherwise.
    pub fn open<T: Payload>(
        &self,
        keys: &[AuthorityKey],
        at: Time,
        needed: Threshold,
    ) -> Result<Verified<T>, OpenError> {
        let bytes = self.verify(T::TYPE, keys, at, needed)?;
        Ok(Verified::new(
            read(&bytes)?,
            bytes.keys().clone(),
            bytes.authorities().clone(),
            bytes.states().clone(),
        ))
    }

    /// The value, if the payload is of its type, whoever signed it: for values that name the keys themselves by which they are signed.
    pub(super) fn unverified<T: Payload>(&self) -> Result<T, OpenError> {
        if self.payload_type != T::TYPE {
            return Err(OpenError::Type);
        }
        read(&self.payload)
    }

    /// As JSON of DSSE, without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Ok(json) = serde_json::to_string(&self.written()) else {
            unreachable!("three strings and a list of strings are JSON");
        };
        json
    }

    /// Reads JSON of DSSE: base64 in the standard alphabet with padding, a key id of this crate beside each signature, no other members.
    ///
    /// # Errors
    /// [`EnvelopeError`]: a limit was reached ([`Limits::envelope_bytes`], [`Limits::signatures`]), or something is not as it
    /// is written here.
    ///
    /// # Cost
    /// Memory for twice the bytes.
    pub fn from_json(json: &[u8], limits: &Limits) -> Result<Self, EnvelopeError> {
        limits.check(Resource::EnvelopeBytes, json.len() as u64)?;
        let written: Written =
            serde_json::from_slice(json).map_err(|error| EnvelopeError::Json {
                line: error.line(),
                column: error.column(),
            })?;
        Self::of_written(&written, limits)
    }

    fn written(&self) -> Written {
        let signatures = self
            .signatures
            .iter()
            .map(|(key, signature)| WrittenSignature {
                keyid: key.to_string(),
                sig: base64(&signature.to_bytes()),
            });
        Written {
            payload: base64(&self.payload),
            payload_type: self.payload_type.clone(),
            signatures: signatures.collect(),
        }
    }

    fn of_written(written: &Written, limits: &Limits) -> Result<Self, EnvelopeError> {
        limits.check(Resource::Signatures, written.signatures.len() as u64)?;
        check_type(&written.payload_type)?;
        let payload = from_base64(&written.payload).ok_or(EnvelopeError::Base64)?;
        let (mut signatures, mut seen) = (Vec::new(), BTreeSet::new());
        for WrittenSignature { keyid, sig } in &written.signatures {
            let key: KeyId = keyid.parse().map_err(|_| EnvelopeError::KeyId)?;
            let bytes = from_base64(sig).ok_or(EnvelopeError::Base64)?;
            let bytes = <[u8; 64]>::try_from(bytes).map_err(|_| EnvelopeError::Length(key))?;
            if !seen.insert(key) {
                return Err(EnvelopeError::Repeated(key));
            }
            signatures.push((key, Signature::from_bytes(bytes)));
        }
        Ok(Self {
            payload_type: written.payload_type.clone(),
            payload,
            signatures,
        })
    }
}

/// Within another document: the same object.
impl Serialize for Envelope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(serializer)
    }
}

/// By the default [`Limits`]; those of bytes are for whoever reads the document.
impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Self::of_written(&written, &Limits::default()).map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.signatures.iter().map(|(key, _)| key).collect();
        f.debug_struct("Envelope")
            .field("payload_type", &self.payload_type)
            .field("payload", &self.payload.len())
            .field("signatures", &keys)
            .finish()
    }
}

/// One spelling, and nothing behind it.
pub(super) fn read<T: Payload>(bytes: &[u8]) -> Result<T, OpenError> {
    let value: T = postcard::from_bytes(bytes).map_err(|_| OpenError::Payload)?;
    if postcard::to_stdvec(&value).as_deref() == Ok(bytes) {
        Ok(value)
    } else {
        Err(OpenError::Payload)
    }
}

pub(super) fn check_type(payload_type: &str) -> Result<(), EnvelopeError> {
    let is_word = payload_type.bytes().all(|byte| byte.is_ascii_graphic());
    if is_word && (1..=LONGEST_TYPE).contains(&payload_type.len()) {
        Ok(())
    } else {
        Err(EnvelopeError::Type)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<WrittenSignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSignature {
    keyid: String,
    sig: String,
}

/// An envelope cannot be made, or not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Not the JSON of an envelope.
    #[error(
        "line {line}, column {column}: write an object of \"payload\", \"payloadType\" and \"signatures\", each of \"keyid\" and \"sig\", and nothing else"
    )]
    Json {
        /// Where, counted from 1.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// Not a type.
    #[error("write the payload's type as 1 to 255 ASCII characters without spaces")]
    Type,
    /// Not base64.
    #[error("write payload and signatures in base64 of the standard alphabet, with padding")]
    Base64,
    /// Not the name of a key.
    #[error("write the key's id as 64 digits of 0 to 9 and a to f")]
    KeyId,
    /// A signature of another length.
    #[error("the signature of {0} does not have 64 bytes: ask for it again")]
    Length(KeyId),
    /// A key has signed twice.
    #[error("{0} is there twice: leave one signature of it out")]
    Repeated(KeyId),
    /// A key was not used.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A signer gave something that its key does not verify.
    #[error(
        "what {0} gave is no signature by that key: do not use the signer before it was looked into"
    )]
    BadSigner(KeyId),
    /// Bytes that end within the signatures.
    #[error("cut off within the signatures: put a copy back")]
    Compact,
    /// The value has no bytes.
    #[error("the payload cannot be written: report this as a bug")]
    Payload,
}

/// An envelope is not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The payload is of another type.
    #[error("the envelope holds another type of payload: take the one that was meant")]
    Type,
    /// Not enough have signed.
    #[error(
        "signed by {} of {} states and {} of {} authorities, {} signatures do not count: ask those who are missing to sign",
        .0.states.len(), .0.needed.states(), .0.authorities.len(), .0.needed.authorities(), .0.refused.len()
    )]
    TooFew(Box<Tally>),
    /// Not understood.
    #[error("the payload is not as this version writes it: update, or ask who signed it")]
    Payload,
}
