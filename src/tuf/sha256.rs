//! Digests, as TUF uses them: of files, and as names of keys.

use std::fmt;
use std::str::FromStr;

use sha2::Digest;

use crate::baseline::{bytes_32, serde_as_text};
use crate::sign::HexError;
use crate::sign::tree::TreeHash;

/// A SHA-256 digest, 64 small hexadecimal digits as text: what `sha256sum` prints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

bytes_32!(Sha256);

impl Sha256 {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl FromStr for Sha256 {
    type Err = HexError;

    /// Reads 64 small hexadecimal digits, nothing before or after them.
    fn from_str(text: &str) -> Result<Self, HexError> {
        // Hashes of trees are 32 bytes in the same digits, and their reader is as strict.
        Ok(Self(text.parse::<TreeHash>()?.to_bytes()))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

serde_as_text!(Sha256, [u8; 32]);
