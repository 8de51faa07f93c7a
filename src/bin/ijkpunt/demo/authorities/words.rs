//! What authorities say, as statements; and the sentences that the library makes of them.

use ijkpunt::baseline::{
    Assessment, Commitment, EndReason, EntryId, Event, InstrumentEnd, LegalInstrument, Method,
    Reasons, Resumption, Suspension, TcoType, Text, Verdict,
};
use ijkpunt::register::{Account, Slot};
use ijkpunt::sign::{Endorsement, Motion, What};

use crate::Failure;

use super::pictures::Picture;

/// What an authority says of a picture, and why.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) verdict: Verdict,
    pub(super) why: Text<500>,
    pub(super) based_on: Option<LegalInstrument>,
}

impl Word {
    pub(super) fn terrorist(why: &str) -> Result<Self, Failure> {
        Self::new(Verdict::Terrorist(TcoType::A.into()), why)
    }

    pub(super) fn new(verdict: Verdict, why: &str) -> Result<Self, Failure> {
        Ok(Self {
            verdict,
            why: Text::new(why)?,
            based_on: None,
        })
    }

    pub(super) fn based_on(self, act: LegalInstrument) -> Self {
        Self {
            based_on: Some(act),
            ..self
        }
    }

    pub(super) fn of(self, picture: &Picture) -> impl FnOnce(Slot) -> What + use<> {
        let (entry, viewed) = (picture.entry, Commitment::to(&picture.bytes));
        move |slot| {
            What::Event(Event::Assessed(Assessment {
                entry,
                authority: slot.by,
                state: slot.state,
                sequence: slot.sequence,
                verdict: self.verdict,
                reasons: Reasons {
                    short: self.why,
                    long: None,
                },
                exempt_purpose_considered: true,
                method: Method::ViewedByTwo,
                viewed: Some(viewed),
                based_on: self.based_on,
                made_at: slot.at,
                valid_until: None,
            }))
        }
    }
}

pub(super) fn endorses(motion: Motion) -> impl FnOnce(Slot) -> What {
    move |slot| {
        What::Endorsed(Endorsement {
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            motion,
        })
    }
}

pub(super) fn suspends(entry: EntryId, why: &str) -> Result<impl FnOnce(Slot) -> What, Failure> {
    let reason = Text::new(why)?;
    Ok(move |slot: Slot| {
        What::Event(Event::Suspended(Suspension {
            entry,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            reason,
            at: slot.at,
        }))
    })
}

pub(super) fn lifts(entry: EntryId, suspension: u64) -> impl FnOnce(Slot) -> What {
    move |slot| {
        What::Event(Event::Resumed(Resumption {
            entry,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            lifts: suspension,
            at: slot.at,
        }))
    }
}

/// An authority tells that an act of its state was annulled, and that what was removed for it has to be put back.
pub(super) fn annulled(act: &LegalInstrument) -> impl FnOnce(Slot) -> What + use<> {
    let instrument = act.name();
    move |slot| {
        What::Event(Event::InstrumentEnded(InstrumentEnd {
            instrument,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            reason: EndReason::Annulled,
            reinstatement_required: true,
        }))
    }
}

/// The state of an entry and why, as the library tells it.
pub(super) fn state_of(picture: &Picture, account: &Account) -> String {
    let consensus = &account.consensus;
    format!(
        "picture {} is \"{}\": {}",
        picture.number, consensus.state, consensus.explanation
    )
}

/// Of an id the beginning, by which people tell it from others.
pub(super) fn beginning(id: &impl std::fmt::Display) -> String {
    id.to_string().chars().take(12).collect()
}

/// A word and its number: `1 statement`.
pub(super) use crate::output::count;
