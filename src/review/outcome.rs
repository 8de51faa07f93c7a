//! What a person can find, and what a platform can do then.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::baseline::TcoTypes;

/// What a person found when they looked at a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Outcome {
    /// Terrorist content, of these types (article 2(7) TCO).
    ConfirmedTerrorist(TcoTypes),
    /// The listed material, shown for a purpose that article 1(3) TCO exempts.
    ConfirmedExempt(ExemptPurpose),
    /// Not the listed material.
    NotAMatch,
    /// The listed material, which should not be in the list.
    WrongEntry,
    /// The listed material, and legal here.
    Legal,
    /// Terrorist content of these types, and a life is in imminent danger: the police have to know at once (article 14(5) TCO).
    ImminentThreat(TcoTypes),
    /// This person cannot tell. Somebody else has to look.
    Undecided,
}

impl Outcome {
    /// The name used in JSON and by the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConfirmedTerrorist(_) => "confirmed_terrorist",
            Self::ConfirmedExempt(_) => "confirmed_exempt",
            Self::NotAMatch => "not_a_match",
            Self::WrongEntry => "wrong_entry",
            Self::Legal => "legal",
            Self::ImminentThreat(_) => "imminent_threat",
            Self::Undecided => "undecided",
        }
    }

    /// Whether it says that the content is terrorist: the ground on which a platform may act.
    #[must_use]
    pub const fn is_terrorist(self) -> bool {
        matches!(self, Self::ConfirmedTerrorist(_) | Self::ImminentThreat(_))
    }

    /// Whether it goes against the match or its entry: what a [breaker](super::Tripwire) counts. That something is exempt or legal does not: it was
    /// found rightly, and a person was right to look.
    #[must_use]
    pub const fn is_against(self) -> bool {
        matches!(self, Self::NotAMatch | Self::WrongEntry)
    }

    /// Of which types it says that the content is.
    #[must_use]
    pub const fn types(self) -> Option<TcoTypes> {
        match self {
            Self::ConfirmedTerrorist(types) | Self::ImminentThreat(types) => Some(types),
            _ => None,
        }
    }
}

/// As people read it: `confirmed terrorist (a, c)`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConfirmedTerrorist(types) => write!(f, "confirmed terrorist ({types})"),
            Self::ConfirmedExempt(purpose) => write!(f, "confirmed but exempt ({purpose})"),
            Self::NotAMatch => f.write_str("not a match"),
            Self::WrongEntry => f.write_str("a match, but the entry is wrong"),
            Self::Legal => f.write_str("legal"),
            Self::ImminentThreat(types) => write!(f, "imminent threat to life ({types})"),
            Self::Undecided => f.write_str("undecided"),
        }
    }
}

/// Purposes for which the dissemination of material is not the dissemination of terrorist content (article 1(3) TCO).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExemptPurpose {
    /// Education.
    Education,
    /// Journalism.
    Journalism,
    /// Art.
    Art,
    /// Research.
    Research,
    /// Preventing or countering terrorism, awareness-raising among them.
    CounteringTerrorism,
    /// The expression of polemic or controversial views in a public debate.
    PublicDebate,
}

impl ExemptPurpose {
    /// All of them, in the order of the article.
    pub const ALL: [Self; 6] = [
        Self::Education,
        Self::Journalism,
        Self::Art,
        Self::Research,
        Self::CounteringTerrorism,
        Self::PublicDebate,
    ];

    /// The name used in JSON and by the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Education => "education",
            Self::Journalism => "journalism",
            Self::Art => "art",
            Self::Research => "research",
            Self::CounteringTerrorism => "countering_terrorism",
            Self::PublicDebate => "public_debate",
        }
    }
}

impl fmt::Display for ExemptPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CounteringTerrorism => "countering terrorism",
            Self::PublicDebate => "public debate",
            other => other.name(),
        })
    }
}

/// What the platform does with the content, once a person has decided. The library records it, and does nothing itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// It stays, or is put back.
    #[default]
    Leave,
    /// It is removed, everywhere.
    Remove,
    /// Nobody in the Union can reach it.
    Disable,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Leave, Self::Remove, Self::Disable];

    /// The name used in JSON and by the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Remove => "remove",
            Self::Disable => "disable",
        }
    }

    /// Whether users cannot see the content any more.
    #[must_use]
    pub const fn is_down(self) -> bool {
        !matches!(self, Self::Leave)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
