//! How many authorities and states have signed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::baseline::{AuthorityId, MemberState, Time};

use super::{KeyId, PublicKey, Signature};

/// A key of an authority, and when it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityKey {
    /// The key.
    pub key: PublicKey,
    /// Whose it is.
    pub authority: AuthorityId,
    /// The state that the authority speaks for.
    pub state: MemberState,
    /// The first second at which it counts.
    pub from: Time,
    /// The first second at which it counts no more, if it ends.
    pub until: Option<Time>,
    /// The first second at which it was taken back, if it was.
    pub revoked_at: Option<Time>,
}

impl AuthorityKey {
    /// Whether it counts at a time.
    ///
    /// # Errors
    /// [`Why`] it does not; that it was revoked comes first.
    pub fn check(&self, at: Time) -> Result<(), Why> {
        if self.revoked_at.is_some_and(|revoked| revoked <= at) {
            Err(Why::Revoked)
        } else if at < self.from {
            Err(Why::NotYetValid)
        } else if self.until.is_some_and(|until| until <= at) {
            Err(Why::Expired)
        } else {
            Ok(())
        }
    }
}

/// How many have to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Threshold {
    states: usize,
    authorities: usize,
}

impl Threshold {
    /// One authority.
    pub const ONE: Self = Self {
        states: 1,
        authorities: 1,
    };

    /// So many distinct states, and so many distinct authorities, of whichever states.
    ///
    /// # Errors
    /// [`ThresholdError`]: what nobody, or nobody known, would have to sign.
    pub fn new(states: usize, authorities: usize) -> Result<Self, ThresholdError> {
        if states == 0 || authorities < states {
            Err(ThresholdError)
        } else {
            Ok(Self {
                states,
                authorities,
            })
        }
    }

    /// Whether so many distinct states and authorities are enough.
    #[must_use]
    pub(super) fn is_met(self, states: usize, authorities: usize) -> bool {
        states >= self.states && authorities >= self.authorities
    }

    /// How many states.
    #[must_use]
    pub fn states(self) -> usize {
        self.states
    }

    /// How many authorities.
    #[must_use]
    pub fn authorities(self) -> usize {
        self.authorities
    }
}

/// No threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ask for one state at least, and for as many authorities at least as states")]
pub struct ThresholdError;

/// Why a signature did not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// No such key is known.
    #[error("nobody's key")]
    Unknown,
    /// The key is kept for two authorities, so that it cannot be said whose signature it is.
    #[error("the key of two authorities")]
    Shared,
    /// The key's authority is kept for two states, so that it cannot be said for whom it speaks.
    #[error("the key of an authority of two states")]
    TwoStates,
    /// The key was taken back.
    #[error("revoked")]
    Revoked,
    /// The key does not count yet.
    #[error("not yet valid")]
    NotYetValid,
    /// The key counts no more.
    #[error("expired")]
    Expired,
    /// The key did not sign these bytes.
    #[error("the signature does not fit the key and the message")]
    BadSignature,
    /// The key has signed once, which is enough.
    #[error("the same key again")]
    Repeated,
}

/// Who has signed, and whose signature did not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The distinct states that signed.
    pub states: BTreeSet<MemberState>,
    /// The distinct authorities that signed.
    pub authorities: BTreeSet<AuthorityId>,
    /// The keys that signed; two of one authority are both here.
    pub keys: BTreeSet<KeyId>,
    /// The signatures that did not count, in the order in which they were given.
    pub refused: Vec<(KeyId, Why)>,
    /// What was asked for.
    pub needed: Threshold,
}

impl Tally {
    /// Whether so many signed as were asked for.
    #[must_use]
    pub fn is_met(&self) -> bool {
        let (states, authorities) = (self.states.len(), self.authorities.len());
        self.needed.is_met(states, authorities)
    }
}

/// Counts who signed a message. This is the only place where it is done; whether they are enough is for [`Threshold`] alone to say, of
/// endorsements in logs, too.
///
/// `at` is the time for which is asked, and it must not be the signer's to choose: with a time that stands in the message, whoever stole a
/// key could sign as of a day before it was revoked. Take the time at which a log received it, or now.
///
/// A key may be listed more than once, with several times at which it is valid, but for one authority; an authority may have many keys,
/// but one state.
///
/// # Cost
/// A verification for each signature by a key that is valid, some 50 microseconds.
#[must_use]
pub fn tally(
    message: &[u8],
    signatures: &[(KeyId, Signature)],
    keys: &[AuthorityKey],
    at: Time,
    needed: Threshold,
) -> Tally {
    let mut known: BTreeMap<KeyId, Vec<&AuthorityKey>> = BTreeMap::new();
    let mut states: BTreeMap<&AuthorityId, BTreeSet<MemberState>> = BTreeMap::new();
    for key in keys {
        known.entry(key.key.id()).or_default().push(key);
        states.entry(&key.authority).or_default().insert(key.state);
    }
    let mut tally = Tally {
        states: BTreeSet::new(),
        authorities: BTreeSet::new(),
        keys: BTreeSet::new(),
        refused: Vec::new(),
        needed,
    };
    for (id, signature) in signatures {
        let records = known.get(id).map_or(&[][..], Vec::as_slice);
        let holder = holder(records, &states, at).and_then(|holder| {
            let is_signed = holder.key.verify(message, signature);
            is_signed.map_err(|_| Why::BadSignature)?;
            Ok(holder)
        });
        match holder {
            // Only a signature that counts makes the next one of its key a repetition: a bad one before it takes nothing away.
            Ok(holder) if tally.keys.insert(*id) => {
                tally.states.insert(holder.state);
                tally.authorities.insert(holder.authority.clone());
            }
            Ok(_) => tally.refused.push((*id, Why::Repeated)),
            Err(why) => tally.refused.push((*id, why)),
        }
    }
    tally
}

/// Whose a key is, if it is one authority's of one state, and valid.
fn holder<'a>(
    records: &[&'a AuthorityKey],
    states: &BTreeMap<&AuthorityId, BTreeSet<MemberState>>,
    at: Time,
) -> Result<&'a AuthorityKey, Why> {
    let first = records.first().ok_or(Why::Unknown)?;
    if records.iter().any(|one| one.authority != first.authority) {
        return Err(Why::Shared);
    }
    if states
        .get(&first.authority)
        .is_none_or(|all| all.len() != 1)
    {
        return Err(Why::TwoStates);
    }
    // Revoked in one place is revoked, whatever another record says.
    if records.iter().any(|one| one.check(at) == Err(Why::Revoked)) {
        return Err(Why::Revoked);
    }
    let valid = records.iter().find(|one| one.check(at).is_ok());
    valid.copied().ok_or_else(|| {
        let begins_later = first.check(at) == Err(Why::NotYetValid);
        if begins_later {
            Why::NotYetValid
        } else {
            Why::Expired
        }
    })
}
