//! A case as what happened to it made it.

use serde::{Deserialize, Serialize};

use crate::baseline::{MediaKind, TcoTypes, Time};
use crate::screen::{MatchClass, Tier};

use super::event::{Happened, Reopening, What};
use super::grounds::{OrderEnd, OrderGround, Proceedings, PutBack, Stage, Tell};
use super::outcome::{Action, Outcome};
use super::people::PersonNumber;

/// The number of a case in its file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaseId(pub u32);

impl std::fmt::Display for CaseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

/// Where a case comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// Screening matched an upload.
    Match,
    /// A competent authority ordered its removal (article 3 TCO).
    Order,
    /// It was drawn from what screening did not match: its draw's number, from 0.
    Sample(u32),
}

impl Origin {
    /// The name used in JSON and by the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Order => "order",
            Self::Sample(_) => "sample",
        }
    }
}

/// What is known of a case, but for the texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Case {
    /// Where it comes from.
    pub origin: Origin,
    /// What was uploaded.
    pub media: MediaKind,
    /// When the upload was screened; of an order, when it was received.
    pub screened_at: Time,
    /// When the case was opened.
    pub opened_at: Time,
    /// When something last happened to it.
    pub last_at: Time,
    /// The nearest match: what kind.
    pub class: Option<MatchClass>,
    /// The nearest match: how strong.
    pub tier: Option<Tier>,
    /// Of which types the states say that the entries are.
    pub types: Option<TcoTypes>,
    /// Whether screening was a specific measure when it was opened (article 5 TCO), and not voluntary.
    pub is_measure: bool,
    /// A hold by which the upload was not to be seen before somebody decided.
    pub hold: Option<Hold>,
    /// What people found since it was opened, or reopened, each once.
    pub findings: Vec<Finding>,
    /// The decision that stands.
    pub decision: Option<Decided>,
    /// Since when it is to be looked at again, and why.
    pub reopened: Option<(Time, Reopening)>,
    /// Since when users cannot see the content because of a decision or an order; none where they can.
    pub down_since: Option<Time>,
    /// When it was first taken down.
    pub taken_down_at: Option<Time>,
    /// Of which types it was said to be then.
    pub taken_down_for: Option<TcoTypes>,
    /// Since when it has to be put back, and why.
    pub put_back: Option<(Time, PutBack)>,
    /// When it was put back, and why.
    pub was_put_back: Option<(Time, PutBack)>,
    /// What the uploader is to be told, and since when.
    pub tell: Option<(Time, Tell)>,
    /// When the uploader was told last.
    pub informed_at: Option<Time>,
    /// Until when the uploader is not to be told (article 11(3) TCO).
    pub withheld_until: Option<Time>,
    /// Since when the police are to be informed.
    pub police_since: Option<Time>,
    /// When they were.
    pub police_at: Option<Time>,
    /// Until when what was removed is preserved.
    pub preserve_until: Option<Time>,
    /// When it was deleted.
    pub deleted_at: Option<Time>,
    /// The complaints, in their order.
    pub complaints: Vec<Complaint>,
    /// The order, if it comes from one.
    pub order: Option<Order>,
    /// Proceedings against its decision, in their order.
    pub proceedings: Vec<Proceeding>,
    /// The entries by their numbers in the file.
    pub(super) entries: Vec<u32>,
    /// A keyed hash of the subject; zeros where it was erased.
    pub(super) subject: [u8; 16],
}

/// A hold on an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hold {
    /// Until when at most.
    pub until: Time,
    /// When it ended: by a decision, or because its time was over.
    pub ended_at: Option<Time>,
    /// Whether it ended without a decision.
    pub ran_out: bool,
}

/// What one person found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    pub(super) by: PersonNumber,
    /// When.
    pub at: Time,
    /// What.
    pub outcome: Outcome,
    /// What is to be done with the content.
    pub action: Action,
}

/// What was decided, by as many people as the policy asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decided {
    /// When.
    pub at: Time,
    /// What.
    pub outcome: Outcome,
    /// What is done with the content.
    pub action: Action,
    pub(super) by: Vec<PersonNumber>,
    /// When a complaint against it was upheld.
    pub overturned_at: Option<Time>,
}

/// A complaint of an uploader (article 10 TCO).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Complaint {
    /// When it was received.
    pub received_at: Time,
    /// When it was decided, and whether it was right.
    pub decided: Option<(Time, bool)>,
    pub(super) by: Option<PersonNumber>,
}

/// Proceedings against a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Proceeding {
    /// Which.
    pub kind: Proceedings,
    /// When they began.
    pub began_at: Time,
    /// When they ended, and whether the content is to be put back.
    pub ended: Option<(Time, bool)>,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// From when on its hour runs: the receipt, or when what stood in its way was gone.
    pub runs_from: Time,
    /// When it was carried out.
    pub done_at: Option<Time>,
    /// Since when, and why, it cannot be.
    pub refused: Option<(Time, OrderGround)>,
    /// Whether it ever was refused, and why at first.
    pub was_refused: Option<OrderGround>,
    /// When it ended, and why.
    pub ended: Option<(Time, OrderEnd)>,
}

impl Case {
    /// The case that begins so; none where it does not begin.
    pub(super) fn begin(happened: &Happened, entries: Vec<u32>, subject: [u8; 16]) -> Option<Self> {
        let What::Opened(opened) = &happened.what else {
            return None;
        };
        let is_order = opened.origin == Origin::Order;
        let nearest = opened.found.first();
        let all = opened.found.iter().filter_map(|found| found.types);
        let hold = opened.hold_until.map(|until| Hold {
            until,
            ended_at: None,
            ran_out: false,
        });
        Some(Self {
            origin: opened.origin,
            media: opened.media,
            screened_at: opened.screened_at,
            opened_at: happened.at,
            last_at: happened.at,
            class: nearest.map(|found| found.class),
            tier: nearest.and_then(|found| found.tier),
            types: opened.ordered.or_else(|| all.reduce(TcoTypes::union)),
            is_measure: opened.is_measure,
            hold,
            findings: Vec::new(),
            decision: None,
            reopened: None,
            down_since: None,
            taken_down_at: None,
            taken_down_for: None,
            put_back: None,
            was_put_back: None,
            tell: None,
            informed_at: None,
            withheld_until: opened.withheld_until,
            police_since: None,
            police_at: None,
            preserve_until: None,
            deleted_at: None,
            complaints: Vec::new(),
            order: is_order.then_some(Order {
                runs_from: opened.screened_at,
                done_at: None,
                refused: None,
                was_refused: None,
                ended: None,
            }),
            proceedings: Vec::new(),
            entries,
            subject,
        })
    }

    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.complaint().is_some() {
            return Stage::Complaint;
        }
        if let Some(order) = self
            .order
            .filter(|order| order.ended.is_none() && order.done_at.is_none())
        {
            return if order.refused.is_some() {
                Stage::Refused
            } else {
                Stage::Order
            };
        }
        match (self.findings.as_slice(), &self.decision) {
            ([], _) if self.reopened.is_some() => Stage::Reopened,
            ([], Some(_)) => Stage::Decided,
            ([], None) if self.order.is_some() => Stage::Decided,
            ([], None) => Stage::Waiting,
            (findings, _) => {
                // Who could not tell does not disagree.
                let mut told = findings
                    .iter()
                    .filter(|finding| finding.outcome != Outcome::Undecided);
                let first = told.next();
                match told.all(|finding| first.is_some_and(|first| finding.agrees(first))) {
                    true => Stage::Second,
                    false => Stage::Divided,
                }
            }
        }
    }

    /// Whether somebody has to look at it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage() != Stage::Decided
    }

    /// The complaint that waits for a decision.
    #[must_use]
    pub fn complaint(&self) -> Option<&Complaint> {
        self.complaints
            .iter()
            .find(|complaint| complaint.decided.is_none())
    }

    /// Whether the upload is held now, before anybody decided.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.hold.is_some_and(|hold| hold.ended_at.is_none())
    }

    /// Whether a decision stands by which this upload is not to be asked about again for the same entries: a local exception.
    #[must_use]
    pub fn is_exception(&self) -> bool {
        let leaves = self.decision.as_ref().is_some_and(|decision| {
            decision.overturned_at.is_some() || !decision.outcome.is_terrorist()
        });
        leaves
            && self.origin == Origin::Match
            && self.stage() == Stage::Decided
            && self.subject != [0; 16]
    }

    /// How many people have to find the same, given what was found since it was opened.
    pub(super) fn agrees_with(&self, outcome: Outcome, action: Action) -> usize {
        let same = |finding: &&Finding| finding.outcome == outcome && finding.action == action;
        self.findings.iter().filter(same).count()
    }

    /// Whether people who looked found different things; those who could not tell do not count.
    pub(super) fn is_divided_by(&self, outcome: Outcome, action: Action) -> bool {
        let told = self
            .findings
            .iter()
            .filter(|finding| finding.outcome != Outcome::Undecided);
        told.filter(|finding| finding.outcome != outcome || finding.action != action)
            .count()
            > 0
    }

    /// Whether proceedings go on.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.proceedings.iter().any(|one| one.ended.is_none())
    }
}

impl Finding {
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.action == other.action
    }
}
