//! What one log says of one topic, as far as the next statement depends on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::baseline::{Assessment, Event, Target};

use super::{Motion, MotionId, Refused, Statement, What};

/// What one log says of one [`Topic`](super::Topic): fill it with the log's statements about it, in their order.
#[derive(Debug, Clone, Default)]
pub struct Said {
    is_created: bool,
    /// Whether there is something of it that a withdrawal of the whole would take back.
    is_there: bool,
    /// The assessments that were not taken back, by their place; what each says, but for its place and time.
    assessed: BTreeMap<u64, Words>,
    suspended: BTreeSet<u64>,
    endorsed: BTreeSet<MotionId>,
    ended: BTreeSet<Words>,
}

/// A name of what is said, whenever and wherever.
type Words = [u8; 32];

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
                self.assessed.insert(one.sequence, words_of(one));
            }
            Event::Withdrawn(one) => match one.target {
                Target::Whole => {
                    self.assessed.clear();
                    self.is_there = false;
                }
                Target::Assessment { sequence, .. } => {
                    self.assessed.remove(&sequence);
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
                let latest = self.assessed.last_key_value().map(|(_, words)| *words);
                refuse(
                    latest == Some(words_of(one)),
                    Refused::Again("the authority says this already: there is nothing to add"),
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
                    sequence >= begins && !self.assessed.contains_key(&sequence),
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
    let Assessment {
        sequence: _,
        made_at: _,
        ..
    } = assessment;
    words(&Assessment {
        sequence: 0,
        made_at: crate::baseline::Time::MIN,
        ..assessment.clone()
    })
}

fn words(value: &impl serde::Serialize) -> Words {
    let Ok(bytes) = postcard::to_stdvec(value) else {
        unreachable!("what is compared has postcard bytes");
    };
    blake3::hash(&bytes).into()
}
