//! Keys and signatures: Ed25519 in its strict form.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, VerifyingKey};
use zeroize::Zeroizing;

use super::HexError;
use super::spelling::{bytes_of, hex_32, hex_text};

/// Keys get names of their own, which nothing else has.
const CONTEXT: &str = "ijkpunt 2026 public key v0";

/// The name of a [`PublicKey`], made of its bytes: see [`PublicKey::id`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 32]);

hex_32!(KeyId);

/// A key by which signatures are verified, checked when it is made: 64 small hexadecimal digits as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Checks the bytes.
    ///
    /// # Errors
    /// [`PublicKeyError`]: bytes that no honest signer has for a key, and for which one signature could fit many messages, or one
    /// key have several spellings.
    ///
    /// # Cost
    /// About one verification.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, PublicKeyError> {
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| PublicKeyError::NoPoint)?;
        let point = key.to_edwards();
        if point.compress().to_bytes() != bytes {
            return Err(PublicKeyError::Spelling);
        }
        if key.is_weak() {
            return Err(PublicKeyError::Weak);
        }
        if !point.is_torsion_free() {
            return Err(PublicKeyError::Mixed);
        }
        Ok(Self(bytes))
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Its name: BLAKE3 in the mode for deriving keys, with the context `ijkpunt 2026 public key v0`, over its bytes.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId(blake3::derive_key(CONTEXT, &self.0))
    }

    /// Whether this key signed this message.
    ///
    /// # Errors
    /// [`BadSignature`] where it did not, or where the signature is written in a way that no signer writes it.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        // Strict: else a signature could be changed into another one that is as good.
        key.verify_strict(message, &signature)
            .map_err(|_| BadSignature)
    }
}

impl TryFrom<[u8; 32]> for PublicKey {
    type Error = PublicKeyError;

    fn try_from(bytes: [u8; 32]) -> Result<Self, PublicKeyError> {
        Self::from_bytes(bytes)
    }
}

impl From<PublicKey> for [u8; 32] {
    fn from(key: PublicKey) -> Self {
        key.0
    }
}

impl FromStr for PublicKey {
    type Err = PublicKeyError;

    fn from_str(text: &str) -> Result<Self, PublicKeyError> {
        Self::from_bytes(bytes_of(text)?)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

hex_text!(PublicKey, [u8; 32]);

/// Not a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// Not hexadecimal digits.
    #[error(transparent)]
    Hex(#[from] HexError),
    /// No point of the curve.
    #[error("no point of Ed25519: copy the public key again")]
    NoPoint,
    /// A point in a spelling that is not its own.
    #[error("a point of Ed25519 in a second spelling: ask the key's holder for another key")]
    Spelling,
    /// A point of small order, for which anybody can make signatures.
    #[error("a weak point, for which anybody can sign: ask the key's holder for another key")]
    Weak,
    /// A point with a part of small order, which no honest signer makes.
    #[error("a point outside of Ed25519's main group: ask how it was made, and for another key")]
    Mixed,
}

/// A signature: 128 small hexadecimal digits as text. Whether it is one is known when a key verifies it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature([u8; 64]);

impl Signature {
    /// From its 64 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// Its 64 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 64] {
        self.0
    }
}

impl FromStr for Signature {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        bytes_of(text).map(Self)
    }
}

/// Serde knows arrays up to 32.
type Halves = [[u8; 32]; 2];

impl From<Halves> for Signature {
    fn from(halves: Halves) -> Self {
        let mut bytes = [0; 64];
        bytes.copy_from_slice(halves.as_flattened());
        Self(bytes)
    }
}

impl From<Signature> for Halves {
    fn from(signature: Signature) -> Self {
        let mut halves = [[0; 32]; 2];
        halves.as_flattened_mut().copy_from_slice(&signature.0);
        halves
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

hex_text!(Signature, Halves);

/// The key did not sign this message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit the key and the message")]
pub struct BadSignature;

/// Who can sign: a key in memory, in a token, or behind another program.
pub trait Signer {
    /// By which its signatures are verified.
    fn public_key(&self) -> PublicKey;

    /// Signs the bytes as they are.
    ///
    /// # Errors
    /// [`SignError`] where the key could not be used.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError>;
}

/// A key could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("key {key} did not sign: {reason}")]
pub struct SignError {
    /// Which.
    pub key: KeyId,
    /// Why, in the words of whatever holds it; what to do, such as "put the card into the reader".
    pub reason: String,
}

/// A key that signs, in memory, wiped when it is dropped. `Debug` shows the name of its public key.
///
/// ```
/// use ijkpunt::sign::{Signer, SigningKey};
///
/// let key = SigningKey::generate()?;
/// let signature = key.sign(b"a message")?;
/// assert!(key.public_key().verify(b"a message", &signature).is_ok());
/// assert!(key.public_key().verify(b"another", &signature).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A new key, of the system's randomness.
    ///
    /// # Errors
    /// [`NoRandomness`] where the system has none.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|_| NoRandomness)?;
        Ok(Self::from_seed(&seed))
    }

    /// The key of 32 bytes, which whoever knows them can use: they come from a good source of randomness, and are wiped by the caller.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    pub(super) fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl Signer for SigningKey {
    fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        Ok(Signature(self.0.sign(message).to_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public_key().id())
    }
}

/// No key can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no randomness: make keys on a machine that has some")]
pub struct NoRandomness;
