//! What a platform tells authorities of its reviews: counts, signed, and nothing of users or uploads.
//!
//! It is a DSSE envelope with one signature, by the platform's own key, over the postcard bytes of a [`PlatformCounts`]. A platform is no authority, and
//! its key stands in no register: whoever reads the file has the key from the platform itself.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::baseline::{EntryId, Reviews, Text, Time};
use crate::limits::Limits;

use super::spelling::hex_32;
use super::{
    BadSignature, Envelope, EnvelopeError, KeyId, OpenError, Payload, PublicKey, Signer, Verified,
    envelope,
};

/// The type of a [`PlatformFeedback`] as postcard bytes.
pub const PLATFORM_FEEDBACK: &str = "application/vnd.ijkpunt.platform-feedback.v0+postcard";

/// The name of the snapshot by which matches were found, as its file has it: 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FoundIn([u8; 32]);

hex_32!(FoundIn);

/// Why a platform tells of its reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FeedbackReason {
    /// Too many reviews went against the entry's matches: the platform has suspended it for itself.
    Tripped,
    /// A person of the platform has suspended it.
    Withdrawn,
    /// Nothing happened: it tells from time to time.
    Periodic,
}

/// As people read it: `its breaker tripped`.
impl fmt::Display for FeedbackReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tripped => "its breaker tripped",
            Self::Withdrawn => "a person suspended the entry there",
            Self::Periodic => "told from time to time",
        })
    }
}

/// What a [`PlatformFeedback`] says, to be checked by [`PlatformFeedback::new`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformCounts {
    /// What the platform calls itself.
    pub platform: Text<120>,
    /// Of which entry.
    pub entry: EntryId,
    /// By which snapshot its matches were found, and the number of that; none where there were several, or lists.
    pub found_in: Option<(FoundIn, u64)>,
    /// The first second in which the reviews were made.
    pub from: Time,
    /// The first second that is not counted any more.
    pub until: Time,
    /// What they found.
    pub reviews: Reviews,
    /// Why it is told.
    pub reason: FeedbackReason,
}

/// What a platform's reviews found of an entry, over a span of time that has a length.
///
/// ```
/// # use ijkpunt::baseline::{EntryId, Reviews, Text};
/// use ijkpunt::limits::Limits;
/// use ijkpunt::sign::{FeedbackReason, PlatformCounts, PlatformFeedback, Signer, SigningKey};
///
/// let key = SigningKey::generate()?;
/// let told = PlatformFeedback::new(PlatformCounts {
///     platform: Text::new("Example")?,
///     entry: EntryId::from_bytes([7; 32]),
///     found_in: None,
///     from: "2026-02-01T00:00:00Z".parse()?,
///     until: "2026-02-08T00:00:00Z".parse()?,
///     reviews: Reviews::new(10, 4, 1)?,
///     reason: FeedbackReason::Tripped,
/// })?;
/// let file = told.sign(&key)?.to_json();
/// let read = PlatformFeedback::verify(file.as_bytes(), &key.public_key(), &Limits::default())?;
/// assert_eq!(read.reviews.against(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PlatformCounts", into = "PlatformCounts")]
pub struct PlatformFeedback(PlatformCounts);

impl PlatformFeedback {
    /// Checks it.
    ///
    /// # Errors
    /// [`FeedbackError::Span`] where it ends before or when it begins.
    pub fn new(counts: PlatformCounts) -> Result<Self, FeedbackError> {
        if counts.from < counts.until {
            Ok(Self(counts))
        } else {
            Err(FeedbackError::Span)
        }
    }

    /// The envelope to send, signed by the platform's key.
    ///
    /// # Errors
    /// As [`Envelope::sign`].
    pub fn sign(&self, key: &dyn Signer) -> Result<Envelope, EnvelopeError> {
        Envelope::of(self, &[key])
    }

    /// Reads the JSON of an envelope that this key, and no other, has signed. Nothing of the payload is read before.
    ///
    /// # Errors
    /// [`FeedbackError`]: a limit was reached ([`Limits::envelope_bytes`], [`Limits::signatures`]), another type, key or number of signatures, a signature
    /// that does not fit, or a payload that this version would write otherwise.
    pub fn verify(
        json: &[u8],
        key: &PublicKey,
        limits: &Limits,
    ) -> Result<Verified<Self>, FeedbackError> {
        let envelope = Envelope::from_json(json, limits)?;
        if envelope.payload_type() != Self::TYPE {
            return Err(FeedbackError::Open(OpenError::Type));
        }
        // One alone: what others add is not checked, and would be passed on as if it were.
        let [(signed_by, signature)] = envelope.signatures() else {
            return Err(FeedbackError::Signatures(envelope.signatures().len()));
        };
        if *signed_by != key.id() {
            return Err(FeedbackError::Key(*signed_by));
        }
        key.verify(&envelope.message(), signature)?;
        let value = envelope::read(envelope.unverified_payload()).map_err(FeedbackError::Open)?;
        let keys = BTreeSet::from([key.id()]);
        Ok(Verified::new(value, keys, BTreeSet::new(), BTreeSet::new()))
    }
}

impl Deref for PlatformFeedback {
    type Target = PlatformCounts;

    fn deref(&self) -> &PlatformCounts {
        &self.0
    }
}

impl TryFrom<PlatformCounts> for PlatformFeedback {
    type Error = FeedbackError;

    fn try_from(counts: PlatformCounts) -> Result<Self, FeedbackError> {
        Self::new(counts)
    }
}

impl From<PlatformFeedback> for PlatformCounts {
    fn from(feedback: PlatformFeedback) -> Self {
        feedback.0
    }
}

impl Payload for PlatformFeedback {
    const TYPE: &'static str = PLATFORM_FEEDBACK;
}

/// What a platform told is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FeedbackError {
    /// Not an envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Another type of payload, or one that this version does not write.
    #[error(transparent)]
    Open(OpenError),
    /// Not one signature.
    #[error("{0} signatures: a platform signs once, with its own key; ask it for the file")]
    Signatures(usize),
    /// Another key.
    #[error(
        "signed by the key {0}, which is not the one that was given: ask the platform for its public key"
    )]
    Key(KeyId),
    /// The key did not sign this.
    #[error("{0}: ask the platform for the file again")]
    Signature(#[from] BadSignature),
    /// No time at all.
    #[error(
        "the reviews end before they begin: give a span from its first second to the first that is not counted any more"
    )]
    Span,
}

#[cfg(test)]
mod tests {
    use crate::sign::{STATEMENT, Signature, SigningKey};

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed(&[seed; 32])
    }

    fn counts() -> PlatformCounts {
        PlatformCounts {
            platform: Text::new("Example").unwrap(),
            entry: EntryId::from_bytes([7; 32]),
            found_in: Some((FoundIn::from_bytes([9; 32]), 41)),
            from: "2024-02-28T00:00:00Z".parse().unwrap(),
            until: "2024-02-29T00:00:00Z".parse().unwrap(),
            reviews: Reviews::new(10, 4, 1).unwrap(),
            reason: FeedbackReason::Tripped,
        }
    }

    fn verified(json: &[u8], seed: u8) -> Result<PlatformFeedback, FeedbackError> {
        let public = key(seed).public_key();
        PlatformFeedback::verify(json, &public, &Limits::default()).map(Verified::into_inner)
    }

    fn file() -> String {
        let told = PlatformFeedback::new(counts()).unwrap();
        told.sign(&key(1)).unwrap().to_json()
    }

    #[test]
    fn what_is_signed_comes_back_with_its_key_and_no_authority() {
        let public = key(1).public_key();
        let limits = Limits::default();
        let read = PlatformFeedback::verify(file().as_bytes(), &public, &limits).unwrap();
        assert_eq!(**read, PlatformFeedback::new(counts()).unwrap().0);
        assert!(read.keys().contains(&public.id()) && read.keys().len() == 1);
        assert!(read.authorities().is_empty() && read.states().is_empty());
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_refused() {
        let file = file().into_bytes();
        for length in 0..file.len() {
            assert!(verified(&file[..length], 1).is_err(), "{length}");
        }
        for place in 0..file.len() {
            for bit in 0..8 {
                let mut changed = file.clone();
                changed[place] ^= 1 << bit;
                assert!(verified(&changed, 1).is_err(), "{place}: bit {bit}");
            }
        }
    }

    #[test]
    fn another_key_is_refused_even_under_this_ones_name() {
        let refused = verified(file().as_bytes(), 2);
        assert_eq!(refused, Err(FeedbackError::Key(key(1).public_key().id())));
        let told = PlatformFeedback::new(counts()).unwrap();
        let mut envelope = told.sign(&key(2)).unwrap();
        envelope.signatures[0].0 = key(1).public_key().id();
        let refused = verified(envelope.to_json().as_bytes(), 1);
        assert_eq!(refused, Err(FeedbackError::Signature(BadSignature)));
    }

    #[test]
    fn another_type_is_refused_though_the_key_signed_it() {
        let payload = postcard::to_stdvec(&counts()).unwrap();
        let other = Envelope::sign(STATEMENT, payload.clone(), &[&key(1)]).unwrap();
        let refused = verified(other.to_json().as_bytes(), 1);
        assert_eq!(refused, Err(FeedbackError::Open(OpenError::Type)));
        // The same bytes under a label that was put on later: the type is signed, too.
        let mut relabelled = other;
        relabelled.payload_type = PLATFORM_FEEDBACK.to_owned();
        let refused = verified(relabelled.to_json().as_bytes(), 1);
        assert_eq!(refused, Err(FeedbackError::Signature(BadSignature)));
        let same = Envelope::sign(PLATFORM_FEEDBACK, payload, &[&key(1)]).unwrap();
        assert!(verified(same.to_json().as_bytes(), 1).is_ok());
    }

    #[test]
    fn there_is_one_signature_and_no_more() {
        let told = PlatformFeedback::new(counts()).unwrap();
        let mut envelope = told.sign(&key(1)).unwrap();
        let other = (key(2).public_key().id(), Signature::from_bytes([0; 64]));
        envelope.signatures.push(other);
        let refused = verified(envelope.to_json().as_bytes(), 1);
        assert_eq!(refused, Err(FeedbackError::Signatures(2)));
        envelope.signatures.clear();
        let refused = verified(envelope.to_json().as_bytes(), 1);
        assert_eq!(refused, Err(FeedbackError::Signatures(0)));
    }

    #[test]
    fn a_signed_payload_that_is_none_is_refused() {
        let good = postcard::to_stdvec(&counts()).unwrap();
        let backwards = PlatformCounts {
            until: counts().from,
            ..counts()
        };
        let behind = [&good[..], &[0]].concat();
        for payload in [postcard::to_stdvec(&backwards).unwrap(), behind, Vec::new()] {
            let envelope = Envelope::sign(PLATFORM_FEEDBACK, payload, &[&key(1)]).unwrap();
            let refused = verified(envelope.to_json().as_bytes(), 1);
            assert_eq!(refused, Err(FeedbackError::Open(OpenError::Payload)));
        }
        assert_eq!(PlatformFeedback::new(backwards), Err(FeedbackError::Span));
    }

    #[test]
    fn a_file_is_read_up_to_the_limit() {
        let (file, public) = (file(), key(1).public_key());
        let mut limits = Limits {
            envelope_bytes: file.len() as u64,
            ..Limits::default()
        };
        assert!(PlatformFeedback::verify(file.as_bytes(), &public, &limits).is_ok());
        limits.envelope_bytes -= 1;
        let refused = PlatformFeedback::verify(file.as_bytes(), &public, &limits);
        assert!(matches!(
            refused,
            Err(FeedbackError::Envelope(EnvelopeError::Limit(_)))
        ));
    }
}
