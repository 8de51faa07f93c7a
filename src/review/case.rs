//! A case as what happened to it made it: a pure fold, in which every rule of the room stands once.
//!
//! The same function takes what is about to happen and what is read from the file, so nothing that is refused to people can stand in a file.

use serde::{Deserialize, Serialize};

use crate::baseline::{MediaKind, TcoTypes, Time};
use crate::screen::{MatchClass, Tier};

use super::clock;
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

/// Why something cannot happen to a case now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misfit {
    /// The clock went back.
    #[error("something happened to this case later than that: set the clock right")]
    Clock,
    /// The case is at another stage.
    #[error("the case is {is}: {asks}")]
    Stage {
        /// Where it stands.
        is: Stage,
        /// What it would take.
        asks: &'static str,
    },
    /// The same person twice.
    #[error("{0}")]
    SamePerson(&'static str),
    /// Content is taken down for what was found terrorist, and for nothing else.
    #[error(
        "content is taken down only where a person finds it terrorist: leave it, or find otherwise"
    )]
    Action,
    /// There is nothing of that kind in the case.
    #[error("{0}")]
    Nothing(&'static str),
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

    /// Lets it happen.
    ///
    /// # Errors
    /// [`Misfit`]: it cannot, and nothing has changed.
    pub(super) fn take(&mut self, happened: &Happened) -> Result<(), Misfit> {
        if happened.at < self.last_at {
            return Err(Misfit::Clock);
        }
        let mut next = self.clone();
        next.step(happened)?;
        next.last_at = happened.at;
        *self = next;
        Ok(())
    }

    fn step(&mut self, happened: &Happened) -> Result<(), Misfit> {
        let (at, by) = (happened.at, happened.by);
        match (&happened.what, by) {
            (What::Opened(_), _) => Err(Misfit::Nothing("a case is opened once")),
            (What::HoldReleased, None) => self.release(at),
            (
                What::Found {
                    outcome,
                    action,
                    decides,
                    ..
                },
                Some(by),
            ) => {
                let finding = Finding {
                    by,
                    at,
                    outcome: *outcome,
                    action: *action,
                };
                self.found(finding, *decides)
            }
            (What::Informed, Some(_)) => self.informed(at),
            (What::PoliceInformed, Some(_)) => self.police_informed(at),
            (What::Withheld { until }, Some(_)) => self.withheld(*until),
            (What::Complained { .. }, _) => self.complained(at),
            (What::ComplaintDecided { upheld, .. }, Some(by)) => {
                self.complaint_decided(at, by, *upheld)
            }
            (What::Reinstated, Some(_)) => self.reinstated(at),
            (What::Reopened { why, .. }, _) => self.reopen(at, by, *why),
            (What::Preserved { until, .. }, Some(_)) => self.preserved(*until),
            (What::Deleted, Some(_)) => self.deleted(at),
            (What::OrderDone { action }, Some(_)) => self.order_done(at, *action),
            (What::OrderRefused { ground, .. }, Some(_)) => self.order_refused(at, *ground),
            (What::OrderCleared, Some(_)) => self.order_cleared(at),
            (What::OrderEnded { why }, Some(_)) => self.order_ended(at, *why),
            (What::Proceedings { kind }, Some(_)) => {
                self.proceedings.push(Proceeding {
                    kind: *kind,
                    began_at: at,
                    ended: None,
                });
                Ok(())
            }
            (What::ProceedingsEnded { reinstated }, Some(_)) => {
                self.proceedings_ended(at, *reinstated)
            }
            (What::Erased, Some(_)) => {
                self.subject = [0; 16];
                Ok(())
            }
            (_, _) => Err(Misfit::Nothing(
                "only a person does that: name one who was enrolled",
            )),
        }
    }

    fn release(&mut self, at: Time) -> Result<(), Misfit> {
        match &mut self.hold {
            Some(hold) if hold.ended_at.is_none() && hold.until <= at => {
                (hold.ended_at, hold.ran_out) = (Some(at), true);
                Ok(())
            }
            _ => Err(Misfit::Nothing("there is no hold whose time is over")),
        }
    }

    fn found(&mut self, finding: Finding, decides: bool) -> Result<(), Misfit> {
        let (outcome, action) = (finding.outcome, finding.action);
        let stage = self.stage();
        if !matches!(
            stage,
            Stage::Waiting | Stage::Second | Stage::Divided | Stage::Reopened
        ) {
            let asks = "reopen it, if it is to be looked at again; decide on a complaint or an order as such";
            return Err(Misfit::Stage { is: stage, asks });
        }
        if action.is_down() && !outcome.is_terrorist() {
            return Err(Misfit::Action);
        }
        if self.findings.iter().any(|earlier| earlier.by == finding.by) {
            return Err(Misfit::SamePerson(
                "the same person has looked at it: somebody else has to",
            ));
        }
        if outcome == Outcome::Undecided && decides {
            return Err(Misfit::Nothing(
                "nothing is decided by somebody who cannot tell",
            ));
        }
        if matches!(outcome, Outcome::ImminentThreat(_)) && self.police_since.is_none() {
            self.police_since = Some(finding.at); // one person's word is enough to call the police
        }
        self.findings.push(finding);
        if decides {
            self.decide(&finding);
        }
        Ok(())
    }

    fn decide(&mut self, last: &Finding) {
        let (at, outcome, action) = (last.at, last.outcome, last.action);
        let agreed = self.findings.iter().filter(|finding| finding.agrees(last));
        let by = agreed.map(|finding| finding.by).collect();
        self.findings.clear();
        self.reopened = None;
        self.decision = Some(Decided {
            at,
            outcome,
            action,
            by,
            overturned_at: None,
        });
        if let Some(hold) = self.hold.as_mut().filter(|hold| hold.ended_at.is_none()) {
            hold.ended_at = Some(at);
        }
        match (action.is_down(), self.down_since.is_some()) {
            (true, false) => self.take_down(at, outcome.types()),
            (true, true) => self.put_back = None, // it stays down by this decision
            (false, true) => self.put_back = self.put_back.or(Some((at, PutBack::NewDecision))),
            (false, false) => {}
        }
    }

    fn take_down(&mut self, at: Time, types: Option<TcoTypes>) {
        self.down_since = Some(at);
        self.taken_down_for = types;
        self.taken_down_at = self.taken_down_at.or(Some(at));
        self.preserve_until = Some(clock::preserved_until(at));
        self.deleted_at = None;
        self.tell = Some((at, Tell::TakenDown));
    }

    fn informed(&mut self, at: Time) -> Result<(), Misfit> {
        if self.tell.is_none() {
            return Err(Misfit::Nothing("there is nothing to tell the uploader"));
        }
        if self.withheld_until.is_some_and(|until| at < until) {
            return Err(Misfit::Nothing(
                "an authority asked not to tell the uploader yet: wait until that is over",
            ));
        }
        (self.tell, self.informed_at) = (None, Some(at));
        Ok(())
    }

    fn police_informed(&mut self, at: Time) -> Result<(), Misfit> {
        if self.police_since.is_none() || self.police_at.is_some() {
            return Err(Misfit::Nothing(
                "nobody found an imminent threat that the police do not know of",
            ));
        }
        self.police_at = Some(at);
        Ok(())
    }

    fn withheld(&mut self, until: Time) -> Result<(), Misfit> {
        if self.order.is_none() {
            return Err(Misfit::Nothing(
                "only the authority of an order asks not to tell the uploader",
            ));
        }
        self.withheld_until = Some(until);
        Ok(())
    }

    fn complained(&mut self, at: Time) -> Result<(), Misfit> {
        if self.down_since.is_none() {
            return Err(Misfit::Nothing(
                "nothing is taken down by this case, so there is nothing to complain of",
            ));
        }
        if self.complaint().is_some() {
            return Err(Misfit::Stage {
                is: Stage::Complaint,
                asks: "decide on that complaint first",
            });
        }
        self.complaints.push(Complaint {
            received_at: at,
            decided: None,
            by: None,
        });
        Ok(())
    }

    fn complaint_decided(
        &mut self,
        at: Time,
        by: PersonNumber,
        upheld: bool,
    ) -> Result<(), Misfit> {
        let decided = self.decision.as_ref();
        if decided.is_some_and(|decision| decision.by.contains(&by)) {
            return Err(Misfit::SamePerson(
                "this person decided what the complaint is about: somebody else has to decide on it",
            ));
        }
        let waiting = self
            .complaints
            .iter_mut()
            .find(|complaint| complaint.decided.is_none());
        let Some(complaint) = waiting else {
            return Err(Misfit::Nothing("no complaint waits for a decision"));
        };
        (complaint.decided, complaint.by) = (Some((at, upheld)), Some(by));
        if !upheld {
            self.tell = Some((at, Tell::ComplaintRejected));
            return Ok(());
        }
        if let Some(decision) = &mut self.decision {
            decision.overturned_at = Some(at);
        }
        self.findings.clear();
        self.reopened = None;
        if self.down_since.is_some() {
            self.put_back = self.put_back.or(Some((at, PutBack::Complaint)));
        }
        Ok(())
    }

    fn reinstated(&mut self, at: Time) -> Result<(), Misfit> {
        let Some((_, why)) = self.put_back else {
            return Err(Misfit::Nothing(
                "nothing is to be put back: uphold a complaint, decide anew, or tell which entry or order was lost",
            ));
        };
        (self.put_back, self.down_since) = (None, None);
        self.was_put_back = Some((at, why));
        self.tell = Some((at, Tell::PutBack));
        self.withheld_until = None;
        Ok(())
    }

    fn reopen(&mut self, at: Time, by: Option<PersonNumber>, why: Reopening) -> Result<(), Misfit> {
        if self.decision.is_none() {
            let asks = "there is no decision to be looked at again";
            return Err(Misfit::Stage {
                is: self.stage(),
                asks,
            });
        }
        match why {
            Reopening::ByPerson if by.is_none() => {
                return Err(Misfit::Nothing(
                    "only a person reopens a case without another reason",
                ));
            }
            Reopening::EntryLost(loss)
                if loss.reinstates_at_once() && self.down_since.is_some() =>
            {
                self.put_back = self.put_back.or(Some((at, PutBack::EntryLost)));
            }
            _ => {}
        }
        self.findings.clear();
        self.reopened = Some((at, why));
        Ok(())
    }

    fn preserved(&mut self, until: Time) -> Result<(), Misfit> {
        match self.preserve_until {
            Some(before) if self.deleted_at.is_none() && until > before => {
                self.preserve_until = Some(until);
                Ok(())
            }
            _ => Err(Misfit::Nothing(
                "what is preserved can be preserved for longer, and nothing else",
            )),
        }
    }

    fn deleted(&mut self, at: Time) -> Result<(), Misfit> {
        match self.preserve_until {
            Some(until)
                if self.deleted_at.is_none()
                    && until <= at
                    && self.complaint().is_none()
                    && !self.is_contested() =>
            {
                self.deleted_at = Some(at);
                Ok(())
            }
            _ => Err(Misfit::Nothing(
                "nothing is preserved whose time is over, without a complaint or proceedings that go on",
            )),
        }
    }

    /// Whether proceedings go on.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.proceedings.iter().any(|one| one.ended.is_none())
    }

    fn order_done(&mut self, at: Time, action: Action) -> Result<(), Misfit> {
        let is = self.stage();
        match &mut self.order {
            Some(order) if matches!(is, Stage::Order | Stage::Refused) && action.is_down() => {
                (order.done_at, order.refused) = (Some(at), None);
                if self.down_since.is_none() {
                    self.take_down(at, self.types);
                }
                Ok(())
            }
            _ => Err(Misfit::Stage {
                is,
                asks: "an order is carried out once, by taking something down",
            }),
        }
    }

    fn order_refused(&mut self, at: Time, ground: OrderGround) -> Result<(), Misfit> {
        let is = self.stage();
        match &mut self.order {
            Some(order) if is == Stage::Order => {
                order.refused = Some((at, ground));
                order.was_refused = order.was_refused.or(Some(ground));
                Ok(())
            }
            _ => Err(Misfit::Stage {
                is,
                asks: "only an order that waits can be answered so",
            }),
        }
    }

    fn order_cleared(&mut self, at: Time) -> Result<(), Misfit> {
        let is = self.stage();
        match &mut self.order {
            Some(order) if is == Stage::Refused => {
                (order.refused, order.runs_from) = (None, at);
                Ok(())
            }
            _ => Err(Misfit::Stage {
                is,
                asks: "nothing stands in the way of an order here",
            }),
        }
    }

    fn order_ended(&mut self, at: Time, why: OrderEnd) -> Result<(), Misfit> {
        let Some(order) = self.order.as_mut().filter(|order| order.ended.is_none()) else {
            return Err(Misfit::Nothing(
                "there is no order in this case that has not ended",
            ));
        };
        order.ended = Some((at, why));
        if self.down_since.is_some() {
            self.put_back = self.put_back.or(Some((at, PutBack::OrderEnded)));
        }
        Ok(())
    }

    fn proceedings_ended(&mut self, at: Time, reinstated: bool) -> Result<(), Misfit> {
        let Some(one) = self.proceedings.iter_mut().find(|one| one.ended.is_none()) else {
            return Err(Misfit::Nothing("no proceedings go on"));
        };
        one.ended = Some((at, reinstated));
        if reinstated && self.down_since.is_some() {
            self.put_back = self.put_back.or(Some((at, PutBack::Proceedings)));
        }
        Ok(())
    }
}

impl Finding {
    fn agrees(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.action == other.action
    }
}
