//! Removal orders become cases, too: with a clock of one hour.

use crate::baseline::{MediaKind, Time};

use super::case::{Case, CaseId, Origin};
use super::error::ReviewError;
use super::event::{Opened, What};
use super::grounds::{OrderEnd, OrderGround};
use super::opening::check_subject;
use super::order::SealedOrder;
use super::outcome::Action;
use super::people::{Person, Role};
use super::reviews::Reviews;

impl Reviews {
    /// Records that a removal order was received for an upload. The order is kept beside the chain, without the addresses of content.
    ///
    /// # Errors
    /// [`ReviewError::Role`], [`ReviewError::Match`] for a subject that is none.
    pub fn receive_order(
        &mut self,
        subject: &str,
        media: MediaKind,
        order: &SealedOrder,
        received_at: Time,
        by: &Person,
        now: Time,
    ) -> Result<CaseId, ReviewError> {
        check_subject(subject)?;
        if received_at > now {
            return Err(ReviewError::Clock);
        }
        let mut change = self.begin()?;
        change.authorise(by, Role::Reviewer)?;
        let opened = Opened {
            origin: Origin::Order,
            subject: change.text(Some(subject))?.unwrap_or_default(),
            media,
            screened_at: received_at,
            found: Vec::new(),
            ordered: Some(order.types),
            withheld_until: order.non_disclosure.as_ref().map(|ban| ban.ends_at(now)),
            is_measure: false,
            hold_until: None,
            evidence: change.text(Some(&order.to_json()))?.into_iter().collect(),
        };
        let id = change.open(opened, subject, now)?;
        change.commit()?;
        Ok(id)
    }

    /// Records that an order was carried out, by removing the content or disabling access to it (annex II).
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where no order waits.
    pub fn order_done(
        &mut self,
        id: CaseId,
        by: &Person,
        action: Action,
        now: Time,
    ) -> Result<Case, ReviewError> {
        self.record(id, by, What::OrderDone { action }, now)
    }

    /// Records that an order cannot be carried out, and that its authority was told (annex III). Its hour stands still.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where no order waits.
    pub fn order_refused(
        &mut self,
        id: CaseId,
        by: &Person,
        ground: OrderGround,
        note: Option<&str>,
        now: Time,
    ) -> Result<Case, ReviewError> {
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Reviewer)?;
        let note = change.text(note)?;
        let case = change.happen(id, Some(number), What::OrderRefused { ground, note }, now)?;
        change.commit()?;
        Ok(case)
    }

    /// Records that what stood in the way of an order is gone: its hour begins now (article 3(7) and (8) TCO).
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where nothing stood in its way.
    pub fn order_cleared(
        &mut self,
        id: CaseId,
        by: &Person,
        now: Time,
    ) -> Result<Case, ReviewError> {
        self.record(id, by, What::OrderCleared, now)
    }

    /// Records that an order has no effect any more. What was taken down for it is to be put back.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where it ended before.
    pub fn order_ended(
        &mut self,
        id: CaseId,
        by: &Person,
        why: OrderEnd,
        now: Time,
    ) -> Result<Case, ReviewError> {
        self.record(id, by, What::OrderEnded { why }, now)
    }

    /// Records that the authority of an order asks not to tell the uploader until a moment (article 11(3) TCO): six weeks from its decision at most, and six more.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where the case has no order.
    pub fn withhold(
        &mut self,
        id: CaseId,
        by: &Person,
        until: Time,
        now: Time,
    ) -> Result<Case, ReviewError> {
        self.record(id, by, What::Withheld { until }, now)
    }
}
