//! Who may decide: people with roles, known by pseudonyms.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::baseline::Text;

/// What somebody is trusted to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Looks at matches, orders and samples, and decides.
    Reviewer,
    /// Decides on complaints. Never on one against their own decision.
    Complaints,
    /// Resets breakers, tells of entries that were lost, changes the policy, enrols people.
    Supervisor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Reviewer, Self::Complaints, Self::Supervisor];

    /// The name used in JSON and by the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Complaints => "complaints",
            Self::Supervisor => "supervisor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(name: &str) -> Result<Self, NoRole> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| role.name() == name).ok_or(NoRole)
    }
}

/// Not the name of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the roles are `reviewer`, `complaints` and `supervisor`: name one of them")]
#[non_exhaustive]
pub struct NoRole;

/// By what a person is known in the records: not their name.
pub type Pseudonym = Text<64>;

/// The number of a person in one file, in the order in which they were enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct PersonNumber(pub(super) u16);

/// A human being who was enrolled in a file of reviews, with their roles there: what every decision takes, and what nothing but
/// [`Reviews::person`](super::Reviews::person) makes. No program can decide without naming one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub(super) number: PersonNumber,
    pub(super) file: [u8; 16],
    pub(super) pseudonym: Pseudonym,
    pub(super) roles: BTreeSet<Role>,
}

impl Person {
    /// By what they are known.
    #[must_use]
    pub fn pseudonym(&self) -> &Pseudonym {
        &self.pseudonym
    }

    /// What they are trusted to do.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// Whether they have this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Somebody who was enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Enrolled {
    pub(super) pseudonym: Pseudonym,
    pub(super) roles: BTreeSet<Role>,
    pub(super) has_left: bool,
}
