//! The value that stands for a record and all before it.

use std::fmt;

use sha2::{Digest, Sha256};

use super::record::NewRecord;
use super::schema::Kind;

/// What all records up to one come to. Who changes, moves or leaves out one of them has another chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chain([u8; 32]);

/// How many records there are, and what they come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    /// How many.
    pub records: u64,
    /// The chain of the last of them.
    pub chain: Chain,
}

impl Chain {
    /// The chain that was once made into these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// That of a ledger of this kind without records.
    #[must_use]
    pub fn before_all(kind: Kind) -> Self {
        let mut hash = Sha256::new_with_prefix(BEFORE_ALL);
        hash.update(kind.name());
        Self(hash.finalize().into())
    }

    /// That of the record of this number, where this is the one before it: so whoever has the records can make the head anew.
    #[must_use]
    pub fn after(self, number: u64, record: &NewRecord<'_>) -> Self {
        // All but the body has a fixed length, and the body's is told: no two records are the same bytes.
        let mut hash = Sha256::new_with_prefix(RECORD);
        hash.update(self.0);
        hash.update(number.to_le_bytes());
        hash.update(record.stream);
        hash.update(record.place.to_le_bytes());
        hash.update(record.topic);
        hash.update((record.body.len() as u64).to_le_bytes());
        hash.update(record.body);
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain({self})")
    }
}

/// Small hexadecimal digits.
pub(super) fn hex(bytes: &[u8; 32], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

const BEFORE_ALL: &[u8] = b"ijkpunt ledger/1 kind\n";
const RECORD: &[u8] = b"ijkpunt ledger/1 record\n";
