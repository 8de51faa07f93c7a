//! What a register begins with: who the first authorities are, by which policy their word counts, and how many of them change that.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::baseline::{Authority, AuthorityId, Policy, Text, Time};

use super::spelling::hex_32;
use super::{AuthorityKey, Envelope, OpenError, Payload, PublicKey, Threshold, Verified};

const CONTEXT: &str = "ijkpunt 2026 genesis v0";

/// The name of a register, made of its [`Genesis`]: see [`Genesis::id`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GenesisId([u8; 32]);

hex_32!(GenesisId);

/// An authority that is there from the beginning, and its first key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founder {
    /// Who.
    pub authority: Authority,
    /// The key by which its log is opened.
    pub key: PublicKey,
}

/// What a [`Genesis`] says, to be checked by [`Genesis::new`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founding {
    /// What people call the register.
    pub name: Text<64>,
    /// When it begins.
    pub at: Time,
    /// Authorities of so many distinct states admit others, revoke keys and change the policy.
    pub needed_states: u32,
    /// When what authorities say is a consensus.
    pub policy: Policy,
    /// The first authorities, all of which sign this.
    pub founders: Vec<Founder>,
}

/// What a register begins with, checked. All its founders sign it; what came of it later is derived from their logs.
///
/// Founders are kept in order of their ids, so that one genesis has one id however it was listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Founding", into = "Founding")]
pub struct Genesis(Founding);

impl Genesis {
    /// Checks it.
    ///
    /// # Errors
    /// [`GenesisError`]: an authority or a key that is there twice, or a number of states that one state, or nobody, could reach.
    pub fn new(mut founding: Founding) -> Result<Self, GenesisError> {
        let id = |founder: &Founder| founder.authority.id.clone();
        founding.founders.sort_by_key(id);
        let (mut ids, mut keys, mut states) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for founder in &founding.founders {
            if !ids.insert(&founder.authority.id) {
                return Err(GenesisError::Twice(founder.authority.id.clone()));
            }
            if !keys.insert(founder.key) {
                return Err(GenesisError::Key(founder.authority.id.clone()));
            }
            states.insert(founder.authority.state);
        }
        check_needed(founding.needed_states, states.len())?;
        Ok(Self(founding))
    }

    /// What it says.
    #[must_use]
    pub fn founding(&self) -> &Founding {
        &self.0
    }

    /// Its name, made of what it says: BLAKE3 in the mode for deriving keys, with the context `ijkpunt 2026 genesis v0`, over its
    /// postcard bytes.
    #[must_use]
    pub fn id(&self) -> GenesisId {
        let Ok(bytes) = postcard::to_stdvec(self) else {
            unreachable!("a genesis was checked, and has postcard bytes");
        };
        GenesisId(blake3::derive_key(CONTEXT, &bytes))
    }

    /// What an envelope says, whoever has signed it: for those who are asked to sign it, too.
    ///
    /// # Errors
    /// [`OpenError`]: another type, or not as this version writes it.
    pub fn unverified(envelope: &Envelope) -> Result<Self, OpenError> {
        envelope.unverified()
    }

    /// The genesis of an envelope, if all that it lists have signed it. Whether it is the one that is meant is known by its
    /// [id](Genesis::id), which comes from elsewhere: anybody can found a register.
    ///
    /// # Errors
    /// [`OpenError`]: another type, not as this version writes it, or somebody of the list has not signed.
    pub fn open(envelope: &Envelope) -> Result<Verified<Self>, OpenError> {
        let genesis = Self::unverified(envelope)?;
        let founding = &genesis.0;
        let record = |founder: &Founder| AuthorityKey {
            key: founder.key,
            authority: founder.authority.id.clone(),
            state: founder.authority.state,
            from: founding.at,
            until: None,
            revoked_at: None,
        };
        let keys: Vec<_> = founding.founders.iter().map(record).collect();
        let states: BTreeSet<_> = keys.iter().map(|key| key.state).collect();
        let all = Threshold::new(states.len(), keys.len()).map_err(|_| OpenError::Payload)?;
        envelope.open(&keys, founding.at, all)
    }

    /// The same envelope as everybody keeps it: signatures of founders alone, in the order in which they are listed. Signatures are no part of a
    /// register's name, so that copies of one genesis may carry them in any order, and others beside them.
    #[cfg(feature = "authority")]
    pub(crate) fn in_order(&self, envelope: &Envelope) -> Envelope {
        let founders = self.0.founders.iter().map(|founder| founder.key.id());
        let signature = |key| {
            let mut signatures = envelope.signatures.iter();
            signatures.find(|(id, _)| *id == key).copied()
        };
        Envelope {
            signatures: founders.filter_map(signature).collect(),
            ..envelope.clone()
        }
    }
}

/// One state alone decides nothing, and not more can be asked than there are.
pub(super) fn check_needed(needed: u32, states: usize) -> Result<(), GenesisError> {
    match needed {
        ..2 => Err(GenesisError::TooFew),
        _ if usize::try_from(needed).is_ok_and(|needed| needed <= states) => Ok(()),
        _ => Err(GenesisError::TooMany { needed, states }),
    }
}

impl Payload for Genesis {
    const TYPE: &'static str = super::GENESIS;
}

impl TryFrom<Founding> for Genesis {
    type Error = GenesisError;

    fn try_from(founding: Founding) -> Result<Self, GenesisError> {
        Self::new(founding)
    }
}

impl From<Genesis> for Founding {
    fn from(genesis: Genesis) -> Self {
        genesis.0
    }
}

impl fmt::Display for Genesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let founding = &self.0;
        write!(f, "{} of {}: ", founding.name, founding.at)?;
        for (i, founder) in founding.founders.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            let Authority { id, state, .. } = &founder.authority;
            write!(f, "{comma}{id} ({state})")?;
        }
        write!(
            f,
            "; {} states admit, revoke and change",
            founding.needed_states
        )
    }
}

/// Not what a register can begin with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenesisError {
    /// An authority is there twice.
    #[error("{0} is listed twice: list each authority once")]
    Twice(AuthorityId),
    /// Two authorities have one key.
    #[error("the key of {0} is another authority's, too: ask each for a key of its own")]
    Key(AuthorityId),
    /// One state would decide alone.
    #[error("one state alone decides nothing: ask for two states at least")]
    TooFew,
    /// More states are asked for than there are.
    #[error("{needed} states cannot sign, since there are {states}: ask for fewer, or list more")]
    TooMany {
        /// How many are asked for.
        needed: u32,
        /// How many there are.
        states: usize,
    },
}
