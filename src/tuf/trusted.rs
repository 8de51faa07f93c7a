//! What enough have signed.

use std::collections::BTreeSet;
use std::ops::Deref;

use crate::baseline::MemberState;

/// Metadata that enough have signed, with the bytes of its file. Only this room makes one, so whoever asks for one has it in the type.
///
/// It says who signed, and neither that it is still valid nor that it is the newest: ask [`Metadata`](super::Metadata).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted<T> {
    value: T,
    states: BTreeSet<MemberState>,
    bytes: Vec<u8>,
}

impl<T> Trusted<T> {
    pub(super) fn new(value: T, states: BTreeSet<MemberState>, bytes: &[u8]) -> Self {
        Self {
            value,
            states,
            bytes: bytes.to_vec(),
        }
    }

    /// The distinct states whose signatures counted; none where the publisher signs.
    #[must_use]
    pub fn states(&self) -> &BTreeSet<MemberState> {
        &self.states
    }

    /// The bytes of the file, as they were read.
    #[must_use]
    pub fn file(&self) -> &[u8] {
        &self.bytes
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Trusted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
