//! What one log says of one topic, as far as the next statement depends on it.

use std::collections::BTreeSet;

use crate::baseline::{Assessment, Event, Target, Time};

use super::{Motion, MotionId, Refused, Statement, What};

/// What one log says of one [`Topic`](super::Topic): fill it with the log's statements about it, in their order.
#[derive(Debug, Clone, Default)]
pub struct Said {
    is_created: bool,
    /// Whether there is something of it that a withdrawal of the whole would take back.
    is_there: bool,
    /// The places of assessments that were not taken back.
    assessed: BTreeSet<u64>,
    /// The authority's word: the last assessment, if it was not taken back. One before it never comes back.
    word: Option<Word>,
    suspended: BTreeSet<u64>,
    endorsed: BTreeSet<MotionId>,
    ended: BTreeSet<Words>,
}

/// A name of what is said, whenever and wherever.
type Words = [u8; 32];

/// An assessment, as far as the next one is compared with it.
#[derive(Debug, Clone, Copy)]
struct Word {
    place: u64,
    words: Words,
    at: Time,
}

/// So long the same words are a slip of the hand; later they are a renewal, such as a policy asks for under which assessments expire.
const SLIP_DAYS: u32 = 1;

impl Said {
    /// Takes in another statement.
    pub fn take(&mut self, statement: &Statement) {
        let event = match &statement.what {
            What::Event(event) => event,
            What::Endorsed(endorsement) => {
                self.endorsed.insert(endorsement.motion.id());
                return;
            }
            What::Opened(_) | What::Rotated(_) => return,
        };
        match event {
            Event::EntryCreated(_) => (self.is_created, self.is_there) = (true, true),
            Event::Assessed(one) => {
                self.is_there = true;
                self.assessed.insert(one.sequence);
                self.word = Some(Word {
                    place: one.sequence,
                    words: words_of(one),
                    at: one.made_at,
                });
            }
            Event::Withdrawn(one) => match one.target {
                Target::Whole => {
                    self.assessed.clear();
                    self.word = None;
                    self.is_there = false;
                }
                Target::Assessment { sequence, .. } => {
                    self.assessed.remove(&sequence);
                    self.word = self.word.filter(|word| word.place != sequence);
                }
            },
            Event::Suspended(one) => {
                self.suspended.insert(one.sequence);
            }
            Event::Resumed(one) => {
                self.suspended.remove(&one.lifts);
            }
            Event::InstrumentEnded(one) => {
                self.ended.insert(words(&one.instrument));
            }
            Event::Feedback(_) => {}
        }
    }

    /// Whether a statement adds something, and refers to what is there. What stands before the place where this log begins is in a log that was
    /// closed, which need not be here: it can be taken back and lifted, and where there was nothing, nothing comes of it.
    pub(super) fn check(&self, statement: &Statement, begins: u64) -> Result<(), Refused> {
        let event = match &statement.what {
            What::Event(event) => event,
            What::Endorsed(endorsement) => return self.check_motion(&endorsement.motion),
            What::Opened(_) | What::Rotated(_) => return Ok(()),
        };
        match event {
            Event::EntryCreated(_) => refuse(
                self.is_created,
                Refused::Again("the entry was proposed before: assess it"),
            ),
            Event::Assessed(one) => {
                let is_slip = self.word.is_some_and(|word| {
                    let soon = word.at.plus_days(SLIP_DAYS).unwrap_or(Time::MAX);
                    word.words == words_of(one) && one.made_at < soon
                });
                refuse(
                    is_slip,
                    Refused::Again(
                        "the authority has said this within a day: there is nothing to add",
                    ),
                )
            }
            Event::Withdrawn(one) => match one.target {
                Target::Whole => refuse(
                    !self.is_there && begins == 0,
                    Refused::NoSuchThing(
                        "this log says nothing of the entry that could be withdrawn",
                    ),
                ),
                Target::Assessment { sequence, .. } => refuse(
                    sequence >= begins && !self.assessed.contains(&sequence),
                    Refused::NoSuchThing(
                        "no assessment of this entry stands at the place that is withdrawn",
                    ),
                ),
            },
            Event::Suspended(_) => refuse(
                !self.suspended.is_empty(),
                Refused::Again("the authority suspends this entry already"),
            ),
            Event::Resumed(one) => refuse(
                one.lifts >= begins && !self.suspended.contains(&one.lifts),
                Refused::NoSuchThing(
                    "no suspension of this entry stands at the place that is lifted",
                ),
            ),
            Event::InstrumentEnded(one) => refuse(
                self.ended.contains(&words(&one.instrument)),
                Refused::Again("the authority has said before that this act has lost its effect"),
            ),
            Event::Feedback(_) => Ok(()),
        }
    }

    fn check_motion(&self, motion: &Motion) -> Result<(), Refused> {
        refuse(
            self.endorsed.contains(&motion.id()),
            Refused::Again("the authority has signed this before"),
        )
    }
}

fn refuse(holds: bool, refused: Refused) -> Result<(), Refused> {
    if holds { Err(refused) } else { Ok(()) }
}

fn words_of(assessment: &Assessment) -> Words {
    // Place and time are the log's; all else is what is said.
    words(&Assessment {
        sequence: 0,
        made_at: Time::MIN,
        ..assessment.clone()
    })
}

fn words(value: &impl serde::Serialize) -> Words {
    let Ok(bytes) = postcard::to_stdvec(value) else {
        unreachable!("what is compared has postcard bytes");
    };
    blake3::hash(&bytes).into()
}
