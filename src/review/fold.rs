//! What may happen to a case, and what it makes of it: every rule of the room stands here, once.
//!
//! The same function takes what is about to happen and what is read from the file, so nothing that is refused to people can stand in a file.

use crate::baseline::{TcoTypes, Time};

use super::case::{Case, Complaint, Decided, Finding, Proceeding};
use super::clock;
use super::event::{Happened, Reopening, What};
use super::grounds::{OrderEnd, OrderGround, PutBack, Stage, Tell};
use super::outcome::{Action, Outcome};
use super::people::PersonNumber;

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
            (What::Complained { received_at, .. }, _) => self.complained(*received_at, at),
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
        if action.is_down() && self.put_back.is_some_and(|(_, why)| why.binds()) {
            return Err(Misfit::Nothing(
                "an authority, a court or a complaint has it put back: put it back first, and record that",
            ));
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
            (false, true) => self.ask_back(at, PutBack::NewDecision),
            (false, false) => {}
        }
    }

    /// What is down is to be put back, unless that was so before. What others say comes before what the platform found itself.
    fn ask_back(&mut self, at: Time, why: PutBack) {
        let was_binding = self.put_back.is_some_and(|(_, before)| before.binds());
        if self.down_since.is_some() && (self.put_back.is_none() || (why.binds() && !was_binding)) {
            self.put_back = Some((at, why));
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

    fn complained(&mut self, received_at: Time, at: Time) -> Result<(), Misfit> {
        if self.down_since.is_none_or(|since| received_at < since) {
            return Err(Misfit::Nothing(
                "nothing was taken down by this case then, so there was nothing to complain of",
            ));
        }
        if received_at > at {
            return Err(Misfit::Nothing(
                "a complaint is received before it is recorded",
            ));
        }
        if self.complaint().is_some() {
            return Err(Misfit::Stage {
                is: Stage::Complaint,
                asks: "decide on that complaint first",
            });
        }
        self.complaints.push(Complaint {
            received_at,
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
        self.ask_back(at, PutBack::Complaint);
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
            Reopening::EntryLost(loss) if loss.reinstates_at_once() => {
                self.ask_back(at, PutBack::EntryLost);
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
                    && self.put_back.is_none()
                    && !self.is_contested() =>
            {
                self.deleted_at = Some(at);
                Ok(())
            }
            _ => Err(Misfit::Nothing(
                "nothing is preserved whose time is over, and that is not to be put back, complained of or contested",
            )),
        }
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
        self.ask_back(at, PutBack::OrderEnded);
        Ok(())
    }

    fn proceedings_ended(&mut self, at: Time, reinstated: bool) -> Result<(), Misfit> {
        let Some(one) = self.proceedings.iter_mut().find(|one| one.ended.is_none()) else {
            return Err(Misfit::Nothing("no proceedings go on"));
        };
        one.ended = Some((at, reinstated));
        if reinstated {
            self.ask_back(at, PutBack::Proceedings);
        }
        Ok(())
    }
}
