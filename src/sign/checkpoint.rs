//! What a log has promised: its size and root, as a signed note.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::limits::{Exceeded, Limits, Resource};

use super::spelling::{base64, from_base64};
use super::tree::{ProofError, TreeHash, verify_consistency};
use super::{BadSignature, KeyId, PublicKey, SignError, Signature, Signer, Verified};

/// The name of a log, or of a key that signs its checkpoints: 1 to 255 ASCII characters without space and `+`, such as
/// `example.org/log-2026`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogName(String);

impl LogName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogName {
    type Err = LogNameError;

    fn from_str(text: &str) -> Result<Self, LogNameError> {
        let is_of_it = |byte: u8| byte.is_ascii_graphic() && byte != b'+';
        if (1..=255).contains(&text.len()) && text.bytes().all(is_of_it) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LogNameError)
        }
    }
}

impl fmt::Display for LogName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LogName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Not the name of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the log's name in 1 to 255 ASCII characters, without spaces and +")]
pub struct LogNameError;

/// What a log says of itself: so many leaves, with this root. As text it has three lines, those of C2SP's tlog-checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    /// The log.
    pub origin: LogName,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: TreeHash,
}

impl Checkpoint {
    /// The bytes that are signed.
    #[must_use]
    pub fn to_text(&self) -> String {
        let root = base64(&self.root.to_bytes());
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.split_terminator('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = <[u8; 32]>::try_from(from_base64(root)?).ok()?;
        Some(Self {
            origin: origin.parse().ok()?,
            size: size.parse().ok()?,
            root: root.into(),
        })
    }
}

/// What stands before a signature.
const DASH: &str = "\u{2014} ";

/// Ed25519 over the text alone, in the list of C2SP.
const ED25519: u8 = 1;

/// A line with a signature: by a key of this room, or by a witness of another kind, which is kept and not looked at.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    name: LogName,
    /// By which the right key is found among those of the name; it proves nothing.
    key_hash: [u8; 4],
    signature: Vec<u8>,
}

/// A checkpoint with signatures: a signed note of C2SP. That it can be read says nothing of whether the signatures are good: see
/// [`SignedCheckpoint::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    lines: Vec<Line>,
}

impl SignedCheckpoint {
    /// Signs a checkpoint, under the name of its log.
    ///
    /// # Errors
    /// As [`SignedCheckpoint::add`].
    pub fn sign(checkpoint: Checkpoint, signer: &dyn Signer) -> Result<Self, CheckpointError> {
        let name = checkpoint.origin.clone();
        let mut signed = Self {
            checkpoint,
            lines: Vec::new(),
        };
        signed.add(&name, signer)?;
        Ok(signed)
    }

    /// Adds another signature, such as that of a witness under a name of its own.
    ///
    /// # Errors
    /// [`CheckpointError`]: a signer who did not sign, whose signature does not fit its key, or who is there already.
    pub fn add(&mut self, name: &LogName, signer: &dyn Signer) -> Result<(), CheckpointError> {
        let key = signer.public_key();
        let line = |line: &Line| line.name == *name && line.key_hash == key_hash(name, key);
        if self.lines.iter().any(line) {
            return Err(CheckpointError::Repeated(name.clone()));
        }
        let text = self.checkpoint.to_text();
        let signature = signer.sign(text.as_bytes())?;
        if key.verify(text.as_bytes(), &signature).is_err() {
            return Err(CheckpointError::BadSigner(key.id()));
        }
        self.lines.push(Line {
            name: name.clone(),
            key_hash: key_hash(name, key),
            signature: signature.to_bytes().to_vec(),
        });
        Ok(())
    }

    /// What it says, unverified.
    #[must_use]
    pub fn unverified(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The names of those who signed, unverified.
    pub fn unverified_names(&self) -> impl Iterator<Item = &LogName> {
        self.lines.iter().map(|line| &line.name)
    }

    /// The checkpoint, if this key signed it under this name.
    ///
    /// # Errors
    /// [`BadSignature`] where there is no signature of the name and key, or a bad one.
    pub fn verify(
        &self,
        name: &LogName,
        key: &PublicKey,
    ) -> Result<Verified<Checkpoint>, BadSignature> {
        let hash = key_hash(name, *key);
        let line = self
            .lines
            .iter()
            .find(|line| line.name == *name && line.key_hash == hash);
        let signature = line.map(|line| <[u8; 64]>::try_from(line.signature.as_slice()));
        let signature = signature.ok_or(BadSignature)?.map_err(|_| BadSignature)?;
        let text = self.checkpoint.to_text();
        key.verify(text.as_bytes(), &Signature::from_bytes(signature))?;
        Ok(Verified::new(
            self.checkpoint.clone(),
            BTreeSet::from([key.id()]),
            BTreeSet::new(),
            BTreeSet::new(),
        ))
    }

    /// As a note: the text, an empty line, a line each signature.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut note = self.checkpoint.to_text();
        note.push('\n');
        for line in &self.lines {
            let bytes = [line.key_hash.as_slice(), &line.signature].concat();
            note += &format!("{DASH}{} {}\n", line.name, base64(&bytes));
        }
        note.into_bytes()
    }

    /// Reads a note with one signature at least. Lines that a log may add behind the root are refused: this crate's logs write none.
    ///
    /// # Errors
    /// [`CheckpointError`]: a limit was reached ([`Limits::envelope_bytes`], [`Limits::signatures`]), two signatures of one key, or
    /// anything that would be written otherwise.
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Self, CheckpointError> {
        limits.check(Resource::EnvelopeBytes, bytes.len() as u64)?;
        let note = str::from_utf8(bytes).map_err(|_| CheckpointError::Form)?;
        let (text, signatures) = note.split_once("\n\n").ok_or(CheckpointError::Form)?;
        let checkpoint = Checkpoint::from_text(text).ok_or(CheckpointError::Form)?;
        let mut lines: Vec<Line> = Vec::new();
        for line in signatures.split_terminator('\n') {
            limits.check(Resource::Signatures, lines.len() as u64 + 1)?;
            let line = read_line(line).ok_or(CheckpointError::Form)?;
            let is_same = |other: &Line| other.name == line.name && other.key_hash == line.key_hash;
            if lines.iter().any(is_same) {
                return Err(CheckpointError::Repeated(line.name));
            }
            lines.push(line);
        }
        let read = Self { checkpoint, lines };
        // One spelling: a number with a zero before it, a fourth line, a missing end of line.
        if read.lines.is_empty() || read.to_bytes() != bytes {
            return Err(CheckpointError::Form);
        }
        Ok(read)
    }
}

impl fmt::Debug for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.unverified_names().collect();
        f.debug_struct("SignedCheckpoint")
            .field("checkpoint", &self.checkpoint)
            .field("names", &names)
            .finish()
    }
}

fn read_line(line: &str) -> Option<Line> {
    let (name, encoded) = line.strip_prefix(DASH)?.split_once(' ')?;
    let bytes = from_base64(encoded)?;
    let (key_hash, signature) = bytes.split_first_chunk()?;
    Some(Line {
        name: name.parse().ok()?,
        key_hash: *key_hash,
        signature: signature.to_vec(),
    })
}

/// C2SP's key id: the first four bytes of SHA-256 over the name, an end of line, the kind of key, and the key.
pub(super) fn key_hash(name: &LogName, key: PublicKey) -> [u8; 4] {
    let hasher = Sha256::new_with_prefix(name.as_str());
    let hasher = hasher
        .chain_update([b'\n', ED25519])
        .chain_update(key.to_bytes());
    let [a, b, c, d, ..]: [u8; 32] = hasher.finalize().into();
    [a, b, c, d]
}

/// A checkpoint cannot be signed, or not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Not a signed checkpoint.
    #[error(
        "no signed checkpoint: write the log's name, its size, its root in base64, an empty line, and signatures, as C2SP says"
    )]
    Form,
    /// A key has signed twice.
    #[error("a key of {0} is there twice: leave one signature of it out")]
    Repeated(LogName),
    /// A key was not used.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A signer gave something that its key does not verify.
    #[error(
        "what {0} gave is no signature by that key: do not use the signer before it was looked into"
    )]
    BadSigner(KeyId),
}

/// A log has signed two roots for one size: it told two stories. Both signed checkpoints together prove it to everybody; keep them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fork {
    /// How many leaves both have.
    pub size: u64,
    /// The two roots.
    pub roots: [TreeHash; 2],
}

/// Two checkpoints that say nothing of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unrelated {
    /// They are of two logs.
    #[error("the checkpoints are of two logs: compare those of one")]
    Origin,
    /// They were verified by two keys.
    #[error("the checkpoints were verified by two keys: verify both by the same one")]
    Key,
}

/// The fork that two checkpoints of one log prove, if they do: one size, one key, two roots.
///
/// # Errors
/// [`Unrelated`]: of two logs, or verified by two keys.
pub fn fork(a: &Verified<Checkpoint>, b: &Verified<Checkpoint>) -> Result<Option<Fork>, Unrelated> {
    if a.origin != b.origin {
        return Err(Unrelated::Origin);
    }
    if a.keys() != b.keys() {
        return Err(Unrelated::Key);
    }
    let is_fork = a.size == b.size && a.root != b.root;
    Ok(is_fork.then_some(Fork {
        size: a.size,
        roots: [a.root, b.root],
    }))
}

/// Whether the newer checkpoint keeps all that the older one promised; the proof is empty where both have one size.
///
/// # Errors
/// [`Inconsistent`]
pub fn consistent(
    older: &Verified<Checkpoint>,
    newer: &Verified<Checkpoint>,
    proof: &[TreeHash],
) -> Result<(), Inconsistent> {
    if let Some(fork) = fork(older, newer)? {
        return Err(Inconsistent::Fork(fork));
    }
    verify_consistency((older.size, older.root), (newer.size, newer.root), proof)?;
    Ok(())
}

/// It is not shown that a log has kept what it promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Inconsistent {
    /// The checkpoints say nothing of each other.
    #[error(transparent)]
    Unrelated(#[from] Unrelated),
    /// The log has forked: this is proved.
    #[error("the log has signed two roots for {} leaves: keep both checkpoints, and trust neither", .0.size)]
    Fork(Fork),
    /// The proof does not hold. Whoever made it may have erred: a log that cannot give one that holds has forked.
    #[error(transparent)]
    Proof(#[from] ProofError),
}
