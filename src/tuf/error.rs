//! What can be wrong, and what to do.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use crate::baseline::MemberState;
use crate::limits::Exceeded;
use crate::sign::{PublicKey, PublicKeyError, SignError};

use super::{Role, Sha256, TargetName, TargetNameError};

/// The terms of a root would let somebody sign for others, or nobody at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TermsError {
    /// Fewer than two, or more than there are.
    #[error(
        "{role} asks for {threshold} of {states} states: ask for 2 at least, and for no more than there are"
    )]
    Threshold {
        /// The role.
        role: Role,
        /// How many it asks for.
        threshold: usize,
        /// How many have a key.
        states: usize,
    },
    /// Two keys of one state.
    #[error("{1} has two keys for {0}: keep one, since a state has one voice")]
    TwoKeys(Role, MemberState),
    /// One key of two.
    #[error(
        "the key {0} is that of two: whoever holds it would sign for both, so ask one of them for another key"
    )]
    Shared(PublicKey),
    /// A key of the publisher that is there twice.
    #[error("the key {1} is there twice for {0}: leave it out once")]
    Repeated(Role, PublicKey),
    /// Nobody could sign.
    #[error("{0} has no key: name one of the publisher's")]
    NoKey(Role),
    /// Not the version that follows.
    #[error(
        "version {version} does not follow the trusted version {trusted}: take each root in turn"
    )]
    NotNext {
        /// The trusted one.
        trusted: NonZeroU64,
        /// What was given.
        version: NonZeroU64,
    },
}

/// Files that cannot be handed out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetsError {
    /// Nothing at all.
    #[error("there are no files: list the newest snapshot")]
    None,
    /// A file without bytes.
    #[error("{0} has no bytes: measure it again")]
    Empty(TargetName),
    /// A delta that does not say what it leads from and to, or a whole snapshot that does.
    #[error("{0}: a delta says what it leads from and to, and a whole snapshot does not")]
    Kind(TargetName),
    /// Two things are said of one snapshot, or one of two.
    #[error("the files contradict each other about snapshot {0}: make its deltas anew")]
    Contradiction(u64),
    /// The newest can be reached by deltas only.
    #[error(
        "snapshot {0} is the newest and not there as a whole: list it, newcomers begin with it"
    )]
    NoWhole(u64),
}

/// Not the file of which metadata speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Another length.
    #[error("{found} bytes, and not {said}: fetch the file again, or from another mirror")]
    Length {
        /// What metadata says.
        said: u64,
        /// What there is.
        found: u64,
    },
    /// Another digest.
    #[error("another sha256 than metadata says: fetch the file again, or from another mirror")]
    Sha256,
    /// Another version.
    #[error("version {found}, and not {said}: the mirror mixes files, take another one")]
    Version {
        /// What metadata says.
        said: NonZeroU64,
        /// What there is.
        found: NonZeroU64,
    },
}

/// Metadata is not read, or is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Not JSON that everybody reads alike.
    #[error(
        "line {line}, column {column}: no JSON in printable ASCII, without fractions and with each member once"
    )]
    Json {
        /// Where, counted from 1.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// Not the members of its role.
    #[error("not the members of {role}: the file is damaged, or of another program")]
    Form {
        /// The role that was asked for.
        role: Role,
    },
    /// Something that would be written otherwise, such as a member that is not known.
    #[error(
        "{role} holds something that this version would write otherwise: update, or ask who signed it"
    )]
    Spelling {
        /// The role that was asked for.
        role: Role,
    },
    /// Metadata of another role.
    #[error("not {expected}: take the file that was meant")]
    Type {
        /// The role that was asked for.
        expected: Role,
    },
    /// Another specification.
    #[error("not of specification 1.0.0: update, or ask who signed it")]
    SpecVersion,
    /// Not a time in whole seconds.
    #[error("expires is no time in UTC and whole seconds, such as 2026-11-22T10:00:00Z")]
    Expires,
    /// Names of files without digests, by which mirrors mix versions.
    #[error("consistent_snapshot is not true")]
    ConsistentSnapshot,
    /// A role that TUF does not have.
    #[error("a role besides root, targets, snapshot and timestamp")]
    UnknownRole,
    /// A role that TUF has.
    #[error("one of root, targets, snapshot and timestamp has no keys")]
    MissingRole,
    /// Not a digest.
    #[error("a digest is not written in 64 digits of 0 to 9 and a to f")]
    Digest,
    /// Not the id of a key.
    #[error("the id of a key is not written in 64 digits of 0 to 9 and a to f")]
    KeyId,
    /// The id belongs to another key, or the key has further members.
    #[error("{0} is not the id of the key that stands there, of key and state alone")]
    KeyIdOfAnother(Sha256),
    /// Not Ed25519.
    #[error("the key {0} is not of type and scheme ed25519")]
    KeyType(Sha256),
    /// Not a good key.
    #[error("the key {id} is refused")]
    Key {
        /// Its id.
        id: Sha256,
        /// Why.
        #[source]
        why: PublicKeyError,
    },
    /// Not the code of a state.
    #[error("the state of the key {0} is not written as two capital letters")]
    KeyState(Sha256),
    /// One key would count twice.
    #[error("one key stands under two ids")]
    KeyOfTwoIds,
    /// A key that has no role.
    #[error("the key {0} has no role")]
    UnusedKey(Sha256),
    /// An id without a key.
    #[error("there is no key {id}, which {role} names")]
    NoSuchKey {
        /// The role.
        role: Role,
        /// The id.
        id: Sha256,
    },
    /// A key of nobody's for a role of states.
    #[error("the key {id} signs {role} and is no state's")]
    NoState {
        /// The role.
        role: Role,
        /// The id.
        id: Sha256,
    },
    /// A state's key for a role of the publisher's.
    #[error("the key {id} signs {role} and is a state's: the publisher has keys of its own")]
    StateAsPublisher {
        /// The role.
        role: Role,
        /// The id.
        id: Sha256,
    },
    /// The publisher is one.
    #[error("{role} asks for {threshold} signatures, and the publisher gives 1")]
    PublisherThreshold {
        /// The role.
        role: Role,
        /// How many it asks for.
        threshold: NonZeroU64,
    },
    /// The terms of a root.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// Targets that others than the states would list.
    #[error("targets are delegated: nothing is, here")]
    Delegations,
    /// The name of a file.
    #[error(transparent)]
    Name(#[from] TargetNameError),
    /// What is said of a file.
    #[error("what custom says of {0} is not known, or not what its name says")]
    Custom(TargetName),
    /// The files.
    #[error(transparent)]
    Targets(#[from] TargetsError),
    /// A page that speaks of something else, or not in full.
    #[error("the page does not name one file with version, length and sha256")]
    Page,
    /// Not a signature.
    #[error(
        "a signature is not written as keyid and sig, in 64 and 128 digits of 0 to 9 and a to f"
    )]
    Signature,
    /// A key has signed twice.
    #[error("{0} has signed twice")]
    RepeatedSignature(Sha256),
    /// Too few distinct states.
    #[error("{role}, by root {root}: {} of {needed} states have signed; missing are {}", .signed.len(), list(.missing))]
    TooFew {
        /// The role.
        role: Role,
        /// The version of the root that was asked.
        root: NonZeroU64,
        /// How many it asks for.
        needed: usize,
        /// Who has.
        signed: BTreeSet<MemberState>,
        /// Who could.
        missing: BTreeSet<MemberState>,
    },
    /// No signature of the publisher.
    #[error("{role} is not signed by the publisher")]
    NotThePublisher {
        /// The role.
        role: Role,
    },
}

/// A request is not read, not signed, or its signatures do not suffice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// The metadata itself, or too few signatures.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Another file.
    #[error("no request to sign that this version knows: take the file that was sent, or update")]
    NoRequest,
    /// Words that the content does not say.
    #[error(
        "the request says in words what its content does not say: do not sign, and ask who sent it"
    )]
    Misleading,
    /// Another file.
    #[error(
        "no file of a signature that this version knows: take the file that was sent, or update"
    )]
    NoSignatureFile,
    /// Only the first root goes without.
    #[error("there is no trusted root by which to count: only a root of version 1 goes without")]
    NoTrustedRoot,
    /// A key without this role.
    #[error("the key {key} does not sign {role}: take the one that root.json names")]
    NotASigner {
        /// The role.
        role: Role,
        /// The key.
        key: PublicKey,
    },
    /// A key was not used.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A signer gave something that its key does not verify.
    #[error("what the signer gave is no signature by {0}: do not use it before it was looked into")]
    BadSigner(PublicKey),
    /// A signature of something else.
    #[error(
        "{key} has signed {role} of version {version}, or another text of it: ask for a signature of this one"
    )]
    OfAnother {
        /// The id of the key.
        key: Sha256,
        /// What was signed.
        role: Role,
        /// Of which version.
        version: NonZeroU64,
    },
    /// A signature of nobody's.
    #[error("{0} does not sign this: leave its signature out")]
    Stranger(Sha256),
    /// A signature that is there twice.
    #[error("the signature of {0} is there twice: leave it out once")]
    Repeated(Sha256),
    /// A signature that does not fit.
    #[error("the signature of {0} does not fit: ask for it again")]
    BadSignature(Sha256),
    /// The file would be read otherwise by other software.
    #[error("other software would not read this file: report this as a bug, and hand nothing out")]
    SecondOpinion,
}

fn list(states: &BTreeSet<MemberState>) -> String {
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    states.join(", ")
}
