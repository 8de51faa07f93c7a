//! What was signed, with those who did.

use std::collections::BTreeSet;
use std::ops::Deref;

use crate::baseline::{AuthorityId, MemberState};

use super::KeyId;

/// A value whose signatures were verified, and by whom. Only this room makes one, so whoever asks for one has it in the type.
///
/// It says who signed the bytes, not that these were allowed to say so: whether they speak for what stands in the value is the
/// next question, for which [`Verified::is_signed_by`] helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    keys: BTreeSet<KeyId>,
    authorities: BTreeSet<AuthorityId>,
    states: BTreeSet<MemberState>,
}

impl<T> Verified<T> {
    pub(super) fn new(
        value: T,
        keys: BTreeSet<KeyId>,
        authorities: BTreeSet<AuthorityId>,
        states: BTreeSet<MemberState>,
    ) -> Self {
        Self {
            value,
            keys,
            authorities,
            states,
        }
    }

    /// The keys whose signatures counted.
    #[must_use]
    pub fn keys(&self) -> &BTreeSet<KeyId> {
        &self.keys
    }

    /// The authorities whose keys these are; none where the key is that of a log.
    #[must_use]
    pub fn authorities(&self) -> &BTreeSet<AuthorityId> {
        &self.authorities
    }

    /// The states that these authorities speak for.
    #[must_use]
    pub fn states(&self) -> &BTreeSet<MemberState> {
        &self.states
    }

    /// Whether a key of this authority is among them.
    #[must_use]
    pub fn is_signed_by(&self, authority: &AuthorityId) -> bool {
        self.authorities.contains(authority)
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
