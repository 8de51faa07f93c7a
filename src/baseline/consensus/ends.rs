//! The acts that have ended, and the words that fell with them: rule 4.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::baseline::{
    Assessment, AuthorityId, EndReason, InstrumentEnd, InstrumentName, MemberState,
};

/// An authority's latest word that fell with the act that it rested on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fallen {
    /// The state that it was said for.
    pub state: MemberState,
    /// The act.
    pub instrument: InstrumentName,
    /// Why that is gone: what was told first.
    pub reason: EndReason,
    /// The state that told of it.
    pub ended_in: MemberState,
    /// The authority that told of it.
    pub ended_by: AuthorityId,
    /// Whose word it was.
    pub authority: AuthorityId,
    /// Its place in that authority's log.
    pub sequence: u64,
}

/// Of each act that has ended the end that was told first.
#[derive(Default)]
pub(super) struct Ends<'a>(BTreeMap<&'a InstrumentName, &'a InstrumentEnd>);

impl<'a> Ends<'a> {
    pub(super) fn take(&mut self, end: &'a InstrumentEnd) {
        if !end.counts() {
            return;
        }
        let first = self.0.entry(&end.instrument).or_insert(end);
        if rank(end) < rank(first) {
            *first = end;
        }
    }

    /// How the act ended that an assessment rests on, if it did.
    pub(super) fn under(&self, one: &Assessment) -> Option<&'a InstrumentEnd> {
        self.0.get(&one.based_on.as_ref()?.name()).copied()
    }

    /// The assessment as one that fell, if it did.
    pub(super) fn fallen(&self, one: &Assessment) -> Option<Fallen> {
        let end = self.under(one)?;
        Some(Fallen {
            state: one.state,
            instrument: end.instrument.clone(),
            reason: end.reason,
            ended_in: end.state,
            ended_by: end.by.clone(),
            authority: one.authority.clone(),
            sequence: one.sequence,
        })
    }
}

/// All that an explanation shows of an end is in it: the order of the events must decide nothing.
fn rank(end: &InstrumentEnd) -> impl Ord + use<'_> {
    (end.at, end.state, &end.by, end.sequence, end.reason)
}
