//! What authorities say of an entry, and take back.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AuthorityId, Commitment, EntryId, LegalInstrument, MemberState, TcoTypes, Text, Time};

/// What an authority says an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Terrorist content of these kinds, wherever it is shown, the exempt purposes of article 1(3) aside.
    Terrorist(TcoTypes),
    /// Not terrorist content.
    NotTerrorist,
    /// Terrorist content of these kinds in some contexts only. It supports nothing and objects to nothing.
    TerroristOnlyInContext(TcoTypes),
    /// The authority looked, and cannot say.
    InsufficientInformation,
    /// The authority will not say.
    Abstain,
}

/// As people read it: `terrorist, types A and D`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terrorist(types) => write!(f, "terrorist, {}{types}", type_or_types(*types)),
            Self::NotTerrorist => f.write_str("not terrorist"),
            Self::TerroristOnlyInContext(types) => {
                write!(
                    f,
                    "terrorist only in context, {}{types}",
                    type_or_types(*types)
                )
            }
            Self::InsufficientInformation => f.write_str("insufficient information"),
            Self::Abstain => f.write_str("abstains"),
        }
    }
}

fn type_or_types(types: TcoTypes) -> &'static str {
    if types.iter().count() == 1 {
        "type "
    } else {
        "types "
    }
}

/// How the authority came to its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// One person viewed it.
    ViewedByOne,
    /// Two persons viewed it.
    ViewedByTwo,
    /// Nobody viewed it here: the verdict is another authority's.
    Adopted {
        /// Whose.
        from: AuthorityId,
    },
}

/// Why: in short here, and at length elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reasons {
    /// In short, without personal data.
    pub short: Text<500>,
    /// The SHA-256 of the long text, which stays with the authority.
    pub long: Option<Commitment>,
}

/// What one authority says of one entry.
///
/// The latest of an authority, by `sequence`, stands for all it has said. An earlier one does not come back when the latest
/// expires or is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Of what.
    pub entry: EntryId,
    /// By whom.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the authority's log.
    pub sequence: u64,
    /// What the authority says.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Reasons,
    /// Whether it was asked if the item stands in education, journalism, art, research or the like (article 1(3) TCO).
    pub exempt_purpose_considered: bool,
    /// How the authority came to its verdict.
    pub method: Method,
    /// The SHA-256 of the file that was viewed, whether or not it is the very file of the entry's [`Source`](super::Source): who viewed says what,
    /// who adopted viewed nothing, and who abstains need not have viewed it. Logs hold to that.
    pub viewed: Option<Commitment>,
    /// The act that it rests on, and with which it falls: see [`InstrumentEnd`](super::InstrumentEnd).
    pub based_on: Option<LegalInstrument>,
    /// When it was made.
    pub made_at: Time,
    /// From when on it does not hold any more.
    pub valid_until: Option<Time>,
}

/// Why something is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WithdrawalReason {
    /// The authority thinks otherwise now.
    AssessmentRevoked,
    /// The order that it rests on was annulled.
    OrderAnnulled,
    /// Scrutiny found the order to infringe the Regulation or fundamental rights (article 4 TCO).
    ScrutinyInfringement,
    /// A complaint was upheld.
    ComplaintUpheld,
    /// The hashes are of other media than was meant.
    WrongMedia,
    /// It matches more than was meant.
    OverBroad,
    /// It serves an exempt purpose (article 1(3) TCO).
    ExemptPurpose,
    /// Another entry takes its place.
    Superseded,
    /// Its time is over.
    Expired,
    /// The key that signed it was in other hands.
    KeyCompromise,
    /// Reviews overturned too many of its matches.
    HighOverturnRate,
    /// A court ordered it.
    CourtOrder,
}

impl WithdrawalReason {
    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::AssessmentRevoked => "assessment revoked",
            Self::OrderAnnulled => "order annulled",
            Self::ScrutinyInfringement => "scrutiny infringement",
            Self::ComplaintUpheld => "complaint upheld",
            Self::WrongMedia => "wrong media",
            Self::OverBroad => "over-broad",
            Self::ExemptPurpose => "exempt purpose",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::KeyCompromise => "key compromise",
            Self::HighOverturnRate => "high overturn rate",
            Self::CourtOrder => "court order",
        }
    }
}

/// As people read it: `order annulled`.
impl fmt::Display for WithdrawalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// All that the authority has said of the entry before; and, if it made the entry, the entry itself, for everybody.
    Whole,
    /// One assessment. It counts only by the authority that made it.
    Assessment {
        /// Whose.
        authority: AuthorityId,
        /// Its place in that authority's log.
        sequence: u64,
    },
}

/// An authority takes something back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Of or on which entry.
    pub entry: EntryId,
    /// Who withdraws.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the authority's log.
    pub sequence: u64,
    /// What is withdrawn.
    pub target: Target,
    /// Why.
    pub reason: WithdrawalReason,
    /// From when on.
    pub effective_at: Time,
    /// Whether what was removed for it has to be put back.
    pub reinstatement_required: bool,
}

/// An authority stops an entry at once, for everybody, until it [resumes](Resumption).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Which entry.
    pub entry: EntryId,
    /// Who suspends it.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the authority's log.
    pub sequence: u64,
    /// Why, in short, without personal data.
    pub reason: Text<500>,
    /// From when on.
    pub at: Time,
}

/// An authority lifts one of its own suspensions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resumption {
    /// Of which entry.
    pub entry: EntryId,
    /// Who lifts: nobody but the one who suspended.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the authority's log, behind that of the suspension.
    pub sequence: u64,
    /// The place of the suspension in the same log.
    pub lifts: u64,
    /// From when on.
    pub at: Time,
}
