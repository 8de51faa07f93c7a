//! The acts that assessments rest on, and how they lose effect.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AuthorityId, MemberState, Text, Time};

/// What kind of act an assessment rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InstrumentKind {
    /// A removal order (article 3 TCO).
    RemovalOrder,
    /// The decision of a court.
    CourtDecision,
    /// A decision under national law.
    NationalDecision,
}

/// As people read it: `removal order`.
impl fmt::Display for InstrumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RemovalOrder => "removal order",
            Self::CourtDecision => "court decision",
            Self::NationalDecision => "national decision",
        })
    }
}

/// Whether an act can still be appealed against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finality {
    /// No appeal is open.
    Final,
    /// An appeal is open, or under way.
    Appealable,
    /// Not known.
    Unknown,
}

/// What came of the scrutiny of a cross-border removal order by the state of the host (article 4 TCO).
///
/// There is no "infringement" here: it ends the act, so nobody can rest on it any more. It is an [`InstrumentEnd`], which
/// reaches those, too, who said that nothing had been found yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scrutiny {
    /// It was not scrutinised, or is no act that is.
    NotScrutinised,
    /// Scrutiny is under way.
    Pending,
    /// Scrutiny is over and found no infringement.
    NoInfringement,
}

/// The act that an assessment rests on, as the one who rests on it knew it then.
///
/// [`consensus`](super::consensus()) asks neither for its finality nor for its scrutiny, only whether it has [ended](InstrumentEnd).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalInstrument {
    /// What kind of act.
    pub kind: InstrumentKind,
    /// The state whose act it is. Authorities of others may rest on it, too.
    pub issued_by: MemberState,
    /// The number under which its author knows it.
    pub reference: Text<200>,
    /// When it was issued.
    pub issued_at: Time,
    /// Whether it can still be appealed against.
    pub finality: Finality,
    /// What came of its scrutiny.
    pub scrutiny: Scrutiny,
}

impl LegalInstrument {
    /// What it is known by, whatever else is said of it.
    ///
    /// # Cost
    /// A copy of the reference.
    #[must_use]
    pub fn name(&self) -> InstrumentName {
        InstrumentName {
            kind: self.kind,
            issued_by: self.issued_by,
            reference: self.reference.clone(),
        }
    }
}

/// What an act is known by. Two are the same act if all of it is the same, the reference letter by letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstrumentName {
    /// What kind of act.
    pub kind: InstrumentKind,
    /// The state whose act it is.
    pub issued_by: MemberState,
    /// The number under which its author knows it.
    pub reference: Text<200>,
}

/// As people read it: `removal order R-17 of XA`.
impl fmt::Display for InstrumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.kind, self.reference, self.issued_by)
    }
}

/// Why an act has no effect any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndReason {
    /// It was annulled on appeal or review.
    Annulled,
    /// Scrutiny found it to infringe the Regulation or fundamental rights (article 4 TCO).
    ScrutinyInfringement,
    /// Its author took it back.
    Revoked,
    /// A court took its effect away without annulling it.
    CourtOrder,
}

/// An act loses its effect, and with it every assessment that rests on it, of whatever entry, by whomever, made before or
/// after.
///
/// For good: an act that is to have effect again is a new act with a reference of its own, and whoever rests on it says so anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstrumentEnd {
    /// Which act.
    pub instrument: InstrumentName,
    /// Who tells of it.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the authority's log.
    pub sequence: u64,
    /// From when on.
    pub at: Time,
    /// Why.
    pub reason: EndReason,
    /// Whether what was removed for it has to be put back.
    pub reinstatement_required: bool,
}

/// As people read it: `it was annulled`.
impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Annulled => "it was annulled",
            Self::ScrutinyInfringement => "scrutiny found an infringement",
            Self::Revoked => "it was revoked",
            Self::CourtOrder => "a court stopped it",
        })
    }
}

impl InstrumentEnd {
    /// Whether it is for that state to say: the issuing state can end its own act for any reason; another one a removal order by scrutiny
    /// only, since that is done where the host is (article 4 TCO). What it is not for a state to say ends nothing.
    #[must_use]
    pub fn counts(&self) -> bool {
        let is_order = self.instrument.kind == InstrumentKind::RemovalOrder;
        let is_by_scrutiny = is_order && self.reason == EndReason::ScrutinyInfringement;
        self.state == self.instrument.issued_by || is_by_scrutiny
    }
}
