//! Who assesses: the competent authorities of article 12 TCO.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{MemberState, Text};

/// The name by which an authority signs: 1 to 64 of `a` to `z`, `0` to `9` and `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthorityId(Arc<str>);

impl AuthorityId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AuthorityId {
    type Error = AuthorityIdError;

    fn try_from(text: String) -> Result<Self, AuthorityIdError> {
        let is_of_it = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if (1..=64).contains(&text.len()) && text.bytes().all(is_of_it) {
            Ok(Self(text.into()))
        } else {
            Err(AuthorityIdError)
        }
    }
}

impl FromStr for AuthorityId {
    type Err = AuthorityIdError;

    fn from_str(text: &str) -> Result<Self, AuthorityIdError> {
        Self::try_from(text.to_owned())
    }
}

impl From<AuthorityId> for String {
    fn from(id: AuthorityId) -> Self {
        id.0.as_ref().into()
    }
}

impl fmt::Display for AuthorityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AuthorityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Not the id of an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the authority's id in 1 to 64 of a to z, 0 to 9 and -")]
pub struct AuthorityIdError;

/// What a state has appointed an authority for: the four tasks of article 12(1) TCO, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Issues removal orders (article 3).
    IssueOrders,
    /// Scrutinises the removal orders of other states (article 4).
    Scrutinise,
    /// Oversees the specific measures of exposed hosts (article 5).
    OverseeMeasures,
    /// Imposes penalties (article 18).
    ImposePenalties,
}

/// As people read it: `issue orders`.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IssueOrders => "issue orders",
            Self::Scrutinise => "scrutinise",
            Self::OverseeMeasures => "oversee measures",
            Self::ImposePenalties => "impose penalties",
        })
    }
}

/// A competent authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The name by which it signs.
    pub id: AuthorityId,
    /// The state that it speaks for.
    pub state: MemberState,
    /// What people call it.
    pub name: Text<120>,
    /// What it was appointed for.
    pub roles: BTreeSet<Role>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_strict_when_read_too() {
        let longest = "a".repeat(64);
        for text in ["a", "xa-authority-2", &longest] {
            assert_eq!(text.parse::<AuthorityId>().unwrap().as_str(), text);
        }
        let too_long = "a".repeat(65);
        for text in ["", "A", "a b", "a_b", "ä", &too_long] {
            assert_eq!(text.parse::<AuthorityId>(), Err(AuthorityIdError), "{text}");
            let json = serde_json::to_string(text).unwrap();
            assert!(serde_json::from_str::<AuthorityId>(&json).is_err());
            let bytes = postcard::to_stdvec(text).unwrap();
            assert!(postcard::from_bytes::<AuthorityId>(&bytes).is_err());
        }
    }

    #[test]
    fn a_role_that_is_not_known_is_refused_by_name() {
        let json = r#"{"id":"a","state":"XA","name":"A","roles":["issue_orders","foretell"]}"#;
        let error = serde_json::from_str::<Authority>(json).unwrap_err();
        assert!(error.to_string().contains("`foretell`"), "{error}");
        let json = r#"{"id":"a","state":"XA","name":"A","roles":[],"motto":"b"}"#;
        let error = serde_json::from_str::<Authority>(json).unwrap_err();
        assert!(error.to_string().contains("`motto`"), "{error}");
    }
}
