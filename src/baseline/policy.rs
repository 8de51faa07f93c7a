//! When what authorities say is a consensus.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::spelling::{hex_name, name_of};
use super::{MemberState, Text, Time};

mod error;

pub use error::PolicyError;

const CONTEXT: &str = "ijkpunt 2026 policy v0";

/// The name of a [`Policy`], made of its terms: see [`Policy::id`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId([u8; 32]);

hex_name!(PolicyId);

impl fmt::Debug for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyId({self})")
    }
}

/// How many of the denominator have to say "terrorist".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// All of them, two at least.
    All,
    /// So many.
    AtLeast(u32),
    /// This part of them, rounded up, two at least.
    Fraction {
        /// So many.
        numerator: u32,
        /// Of so many.
        denominator: u32,
    },
}

impl Rule {
    /// How many of `n` states it asks for.
    #[must_use]
    pub fn needed(self, n: u32) -> u32 {
        match self {
            // One state is no consensus, even where it is the only one that there is.
            Self::All => n.max(2),
            Self::AtLeast(k) => k,
            Self::Fraction {
                numerator,
                denominator,
            } => {
                let part = u64::from(n) * u64::from(numerator);
                let part = part.div_ceil(u64::from(denominator.max(1)));
                u32::try_from(part).unwrap_or(u32::MAX).max(2)
            }
        }
    }
}

/// A state that has named its authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Designation {
    /// The state.
    pub state: MemberState,
    /// Since when.
    pub since: Time,
}

/// Which states are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denominator {
    /// Those that have named their authorities.
    Designated(Vec<Designation>),
    /// Those that have said something of the entry other than that they abstain.
    Responding,
    /// These.
    Explicit(Vec<MemberState>),
}

impl Denominator {
    fn states(&self) -> Option<Vec<MemberState>> {
        match self {
            Self::Designated(list) => Some(list.iter().map(|one| one.state).collect()),
            Self::Responding => None,
            Self::Explicit(list) => Some(list.clone()),
        }
    }
}

/// What one "not terrorist" of the denominator does. With either the entry is in no baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objection {
    /// The entry is rejected.
    Blocks,
    /// The entry is disputed where another state says "terrorist", and rejected where none does.
    Disputes,
}

/// What it means if a state of the denominator says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// Nothing.
    None,
    /// Consent, so many days after the entry was made, or after the state was designated if that was later. It adds to two
    /// states that say "terrorist"; it makes no consensus of fewer.
    TacitAfterDays(u32),
}

/// What a policy says, to be checked by [`Policy::new`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What people call it.
    pub name: Text<64>,
    /// Counted up with each change.
    pub version: u32,
    /// How many have to say "terrorist".
    pub rule: Rule,
    /// Of which states.
    pub denominator: Denominator,
    /// What one "not terrorist" does.
    pub objection: Objection,
    /// What it means to say nothing.
    pub silence: Silence,
    /// Days after which an assessment counts no more, whatever its own `valid_until` says.
    pub expiry_days: Option<u32>,
    /// Days after its designation before a state is missed among those who assess older entries.
    pub grace_days: u32,
    /// Whether the states have to name a common type of article 2(7).
    pub types_must_overlap: bool,
    /// Whether verdicts count that an authority took over from another one.
    pub counts_adopted: bool,
}

/// A checked policy: whoever holds one can ask for a [`consensus`](super::consensus()).
///
/// Its states are kept in order, so that one policy has one id however it was listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Policy(Terms);

impl Policy {
    /// Checks the terms.
    ///
    /// # Errors
    /// [`PolicyError`]: terms that nothing, or everything, could meet.
    pub fn new(mut terms: Terms) -> Result<Self, PolicyError> {
        match &mut terms.denominator {
            Denominator::Designated(list) => list.sort_unstable(),
            Denominator::Explicit(list) => list.sort_unstable(),
            Denominator::Responding => {}
        }
        check(&terms)?;
        Ok(Self(terms))
    }

    /// The baseline: all designated states, one objection blocks, silence is no consent, the types overlap, and adopted
    /// verdicts do not count. A newly designated state has 90 days to look at older entries.
    ///
    /// # Errors
    /// [`PolicyError`]: fewer than two states, or one twice.
    pub fn baseline(designated: Vec<Designation>) -> Result<Self, PolicyError> {
        Self::new(Terms {
            name: Text::new("baseline")?,
            version: 1,
            rule: Rule::All,
            denominator: Denominator::Designated(designated),
            objection: Objection::Blocks,
            silence: Silence::None,
            expiry_days: None,
            grace_days: 90,
            types_must_overlap: true,
            counts_adopted: false,
        })
    }

    /// A working list, for review only: two of the designated states, whatever the types; an objection makes it disputed.
    ///
    /// # Errors
    /// [`PolicyError`]: fewer than two states, or one twice.
    pub fn working(designated: Vec<Designation>) -> Result<Self, PolicyError> {
        Self::new(Terms {
            name: Text::new("working")?,
            version: 1,
            rule: Rule::AtLeast(2),
            denominator: Denominator::Designated(designated),
            objection: Objection::Disputes,
            silence: Silence::None,
            expiry_days: None,
            grace_days: 0,
            types_must_overlap: false,
            counts_adopted: false,
        })
    }

    /// What it says.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.0
    }

    /// Its name, made of its terms: BLAKE3 in the mode for deriving keys, with the context `ijkpunt 2026 policy v0`, over
    /// their postcard bytes.
    #[must_use]
    pub fn id(&self) -> PolicyId {
        PolicyId(name_of(CONTEXT, self))
    }
}

impl TryFrom<Terms> for Policy {
    type Error = PolicyError;

    fn try_from(terms: Terms) -> Result<Self, PolicyError> {
        Self::new(terms)
    }
}

impl From<Policy> for Terms {
    fn from(policy: Policy) -> Self {
        policy.0
    }
}

fn check(terms: &Terms) -> Result<(), PolicyError> {
    let listed = terms.denominator.states();
    match terms.rule {
        Rule::AtLeast(0) => return Err(PolicyError::NobodyNeeded),
        Rule::Fraction {
            numerator,
            denominator,
        } if numerator == 0 || numerator > denominator => return Err(PolicyError::Fraction),
        Rule::All | Rule::AtLeast(_) | Rule::Fraction { .. } => {}
    }
    if let Some(states) = &listed {
        check_listed(terms.rule, states)?;
    }
    match terms.silence {
        Silence::TacitAfterDays(0) => Err(PolicyError::NoDays),
        Silence::TacitAfterDays(_) if listed.is_none() => Err(PolicyError::SilenceOfResponding),
        _ if terms.expiry_days == Some(0) => Err(PolicyError::NoDays),
        Silence::TacitAfterDays(_) | Silence::None => Ok(()),
    }
}

/// `states` are in order.
fn check_listed(rule: Rule, states: &[MemberState]) -> Result<(), PolicyError> {
    if states.is_empty() {
        return Err(PolicyError::NoStates);
    }
    if let Some(twice) = states.windows(2).find(|two| two[0] == two[1]) {
        return Err(PolicyError::Twice(twice[0]));
    }
    let n = u32::try_from(states.len()).unwrap_or(u32::MAX);
    match rule.needed(n) {
        needed if needed > n => Err(PolicyError::TooMany { needed, n }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
