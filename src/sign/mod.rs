//! Who said it: keys of authorities, signatures that are counted by states, and trees that show that nothing was taken away.
//!
//! In: bytes, signatures, public keys with their validity, and a [`Time`](crate::baseline::Time) that is handed in. Out: a
//! [`Verified`] value with those who signed it, or every reason why a signature did not count. Nothing here reads a clock or a
//! file, and randomness only where a key is made ([`SigningKey::generate`]).
//!
//! - [`PublicKey`], [`KeyId`], [`Signature`]: Ed25519 in its strict form. A key that signs is a [`Signer`], in memory
//!   ([`SigningKey`], at rest a file that `openssl` reads) or in a token.
//! - [`Envelope`]: a payload with its type and the signatures of many, in the form of DSSE.
//! - [`tally`]: the one place where it is counted whose signatures stand for how many authorities and states. Two keys of one
//!   authority are one authority, two authorities of one state are one state.
//! - [`Genesis`]: what a register begins with. [`Statement`]: what an authority signs, tied to all that it said before. [`Log`]: what a log takes.
//!   [`Standing`]: who there is, by which keys and rules. [`Hearing`]: what counts of all that is said of an entry. These five are the rules of
//!   acceptance, in this one place.
//! - [`tree`]: the Merkle tree of RFC 6962, its proofs, and a [`Frontier`](tree::Frontier) by which a log grows.
//! - [`Checkpoint`]: what a log has promised, as a signed note of C2SP; two that contradict each other are a [`Fork`].
//! - [`SuspensionList`]: what states have suspended since the last snapshot, from mirrors that nobody trusts: they can delay a suspension, and neither
//!   forge nor undo one. [`suspensions`] has the rules, and the bound on what a stolen key could switch off.
//! - [`PlatformFeedback`]: what a platform tells of its reviews, by a key of its own that stands in no register.
//! - [`ConsistencyList`]: proofs that logs which have grown hold what they held, from the same mirrors; [`consistency`] has the form.
//!
//! What was written in another spelling is refused: what is read is written back as the same bytes, or, in JSON, as the same value.
//! Nothing is kept here: the logs themselves are the register's.
//!
//! Cost: 20 to 30 microseconds to sign, 40 to 60 to verify, on one core of a server, measured once by hand; a proof of a log of a million leaves is
//! 20 hashes.

mod checkpoint;
mod compact;
pub mod consistency;
mod envelope;
mod genesis;
mod hearing;
mod keyfile;
mod keys;
mod log;
mod platform_feedback;
mod proof;
mod said;
mod spelling;
pub mod standing;
mod statement;
pub mod suspensions;
mod threshold;
pub mod tree;
mod verified;

pub use checkpoint::{
    Checkpoint, CheckpointError, Fork, Inconsistent, LogName, LogNameError, SignedCheckpoint,
    Unrelated, consistent, fork,
};
pub use compact::from_compact;
pub use consistency::ConsistencyList;
pub use envelope::{
    Envelope, EnvelopeError, GENESIS, OpenError, Payload, SNAPSHOT, STATEMENT, pae,
};
pub use genesis::{Founder, Founding, Genesis, GenesisError, GenesisId};
pub use hearing::{Ended, Hearing};
pub use keyfile::KeyFileError;
pub use keys::{
    BadSignature, KeyId, NoRandomness, PublicKey, PublicKeyError, SignError, Signature, Signer,
    SigningKey,
};
pub use log::{Claim, Log, Refused, Signed};
pub use platform_feedback::{
    FeedbackError, FeedbackReason, FoundIn, PLATFORM_FEEDBACK, PlatformCounts, PlatformFeedback,
};
pub use proof::{Head, Proof, ProofRefused, Proven, ShownLog, ShownStatement};
pub use said::Said;
pub use spelling::HexError;
pub use standing::{Line, LogFacts, Member, Outcome, Place, Span, Standing, Void};
pub use statement::{
    Admission, Adoption, Endorsement, Kept, Motion, MotionId, Opening, Revocation, Rotation,
    Statement, Topic, What,
};
pub use suspensions::SuspensionList;
pub use threshold::{AuthorityKey, Tally, Threshold, ThresholdError, Why, tally};
pub use verified::Verified;

#[cfg(test)]
mod tests;
