//! What a host answers: annexes II and III.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::baseline::{InstrumentKind, InstrumentName, MemberState, Text, Time};
use crate::limits::Limits;
use crate::review::Language;

use super::error::{read, write};
use super::{Format, Hindrance, OrderError, Prose, Several, form};

/// What an order is called in an answer to it: whose, and by its number (section A of both annexes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderName {
    /// The authority that issued it.
    pub authority: Text<200>,
    /// Its state.
    pub state: MemberState,
    /// The authority's number.
    pub reference: Text<200>,
}

impl OrderName {
    /// The same as the name of an act on which assessments rest.
    #[must_use]
    pub fn instrument(&self) -> InstrumentName {
        InstrumentName {
            kind: InstrumentKind::RemovalOrder,
            issued_by: self.state,
            reference: self.reference.clone(),
        }
    }
}

/// Who answers (section C of both annexes \[check\]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Responder {
    /// The host.
    pub host: Text<200>,
    /// Its legal representative, where it has one.
    pub representative: Option<Text<200>>,
    /// The state of the main establishment, or where the representative is.
    pub state: MemberState,
    /// Who answers for it: a person by a pseudonym of the host, or a unit. The annexes ask for the name of an authorised person \[check\]; who sends the form
    /// writes it in there.
    pub by: Text<120>,
    /// Where they are reached.
    pub contact: Option<Text<300>>,
}

/// That an order was executed (article 3(6), annex II).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Which order (section A).
    pub order: OrderName,
    /// The number under which the host knows it (section A).
    pub own_reference: Option<Text<200>>,
    /// When the host received it (section A).
    pub received_at: Time,
    /// What was done, by item (section B). The annex has one tick and one time for all \[check\]: the form ticks each measure that was taken.
    pub taken: Several<Taken, 1000>,
    /// Who answers (section C).
    pub responder: Responder,
    /// When it was written (section C).
    pub written_at: Time,
}

/// What was done about one item of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// Its place among the order's addresses, counted from 1.
    pub item: NonZeroU32,
    /// What was done.
    pub measure: Measure,
    /// When it had been done.
    pub at: Time,
}

/// How an order is executed (article 3(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The content was removed.
    Removed,
    /// Access to it was disabled, in all Member States.
    AccessDisabled,
}

impl Feedback {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`OrderError`]: more than [`Limits::record_bytes`], or something is not as it is written here.
    pub fn read(json: &[u8], limits: &Limits) -> Result<Self, OrderError> {
        read(json, limits, "feedback on a removal order")
    }

    /// As JSON, without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        write(self)
    }

    /// When the last of the measures had been taken.
    #[must_use]
    pub fn done_at(&self) -> Time {
        let last = self.taken.iter().map(|one| one.at).max();
        last.unwrap_or(self.written_at)
    }

    /// Whether a measure of this kind was taken.
    #[must_use]
    pub fn has(&self, measure: Measure) -> bool {
        self.taken.iter().any(|one| one.measure == measure)
    }

    /// Items of an order of so many of which nothing is said, in their order.
    pub fn missing(&self, of: u32) -> impl Iterator<Item = NonZeroU32> {
        let told: BTreeSet<NonZeroU32> = self.taken.iter().map(|one| one.item).collect();
        let all = (1..=of).filter_map(NonZeroU32::new);
        all.filter(move |item| !told.contains(item))
    }

    /// The form to send.
    ///
    /// # Errors
    /// [`OrderError::Form`], which would be a bug.
    pub fn form(&self, language: Language, format: Format) -> Result<String, OrderError> {
        form::feedback(self, language, format)
    }
}

/// That an order cannot be executed, or not in time (article 3(7) and (8), annex III).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impossibility {
    /// Which order (section A).
    pub order: OrderName,
    /// The number under which the host knows it (section A).
    pub own_reference: Option<Text<200>>,
    /// When the host received it (section A).
    pub received_at: Time,
    /// Why it cannot (section B).
    pub ground: Ground,
    /// Who answers (section C).
    pub responder: Responder,
    /// When it was told to the authority (section C).
    pub written_at: Time,
}

/// Why an order cannot be executed: the ticks of section B.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ground {
    /// Force majeure, or de facto impossibility that is not the host's doing, objective technical or operational reasons among them (article 3(7)).
    Impossible {
        /// What stands in the way.
        explanation: Prose<5000>,
    },
    /// The order contains manifest errors (article 3(8)).
    ManifestErrors {
        /// Which.
        explanation: Prose<5000>,
        /// What the authority has to make clear.
        needed: Prose<2000>,
    },
    /// The order does not say enough to execute it (article 3(8)).
    InsufficientInformation {
        /// What was tried, and why it is not enough.
        explanation: Prose<5000>,
        /// What the authority has to add.
        needed: Prose<2000>,
    },
}

impl Ground {
    /// Why, in the host's words.
    #[must_use]
    pub fn explanation(&self) -> &Prose<5000> {
        match self {
            Self::Impossible { explanation }
            | Self::ManifestErrors { explanation, .. }
            | Self::InsufficientInformation { explanation, .. } => explanation,
        }
    }

    /// What is asked of the authority, where something is.
    #[must_use]
    pub fn needed(&self) -> Option<&Prose<2000>> {
        match self {
            Self::Impossible { .. } => None,
            Self::ManifestErrors { needed, .. } | Self::InsufficientInformation { needed, .. } => {
                Some(needed)
            }
        }
    }
}

impl Impossibility {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`OrderError`]: more than [`Limits::record_bytes`], or something is not as it is written here.
    pub fn read(json: &[u8], limits: &Limits) -> Result<Self, OrderError> {
        read(
            json,
            limits,
            "answer that a removal order cannot be executed",
        )
    }

    /// As JSON, without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        write(self)
    }

    /// What stands still for it: the hour begins anew once the ground has ceased, or the authority has made clear what it was asked.
    #[must_use]
    pub fn hindrance(&self, ended_at: Option<Time>) -> Hindrance {
        Hindrance {
            told_at: self.written_at,
            ended_at,
        }
    }

    /// The form to send.
    ///
    /// # Errors
    /// [`OrderError::Form`], which would be a bug.
    pub fn form(&self, language: Language, format: Format) -> Result<String, OrderError> {
        form::impossibility(self, language, format)
    }
}
