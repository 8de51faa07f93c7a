//! Why something was not recorded.

use crate::ledger::LedgerError;
use crate::limits::Exceeded;

use super::case::CaseId;
use super::fold::Misfit;
use super::people::Role;

/// Something could not be recorded, or read. What was recorded before still is, and of what was refused nothing is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// The file could not be read or added to.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// There is no such case.
    #[error("there is no case {case}: the last one is {last}")]
    NoCase {
        /// Which was asked for.
        case: CaseId,
        /// How many there are.
        last: u32,
    },
    /// Nobody is enrolled under this pseudonym, or not any more.
    #[error("nobody is enrolled here as {0}: let a supervisor enrol them")]
    NotEnrolled(Box<str>),
    /// A person of another file, or one who has left since.
    #[error("this person is not enrolled in this file any more: ask it for them anew")]
    OtherFile,
    /// Somebody without the role that it takes.
    #[error(
        "this takes the role {needs}, which {who} does not have: let somebody do it who has, or let a supervisor give it"
    )]
    Role {
        /// Who tried.
        who: Box<str>,
        /// What it takes.
        needs: Role,
    },
    /// Nobody would be left who may enrol people.
    #[error("nobody would be left with the role supervisor: give it to somebody first")]
    LastSupervisor,
    /// The case is not where that could happen.
    #[error("case {case}: {why}")]
    Misfit {
        /// Which case.
        case: CaseId,
        /// Why not.
        why: Misfit,
    },
    /// A policy that cannot be.
    #[error("{0}")]
    Policy(&'static str),
    /// A match that cannot be.
    #[error("{0}")]
    Match(&'static str),
    /// An entry that no case has.
    #[error(
        "no case is about the entry {0}: look at `affected`, or at the spelling of the list and the entry"
    )]
    NoEntry(Box<str>),
    /// The entry is not switched off by the breaker.
    #[error("the breaker has not switched the entry {0} off")]
    NotTripped(Box<str>),
    /// Something is too long.
    #[error("{0}; shorten it, or raise the limit")]
    Limit(#[from] Exceeded),
    /// The clock went back.
    #[error("something was recorded later than that: set the clock right")]
    Clock,
    /// A record that is none of this room's, or does not follow from those before.
    #[error(
        "record {record} is not one of a file of reviews ({what}): put a copy back, and verify it"
    )]
    Damaged {
        /// Which.
        record: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// What is kept beside the records is not what they come to.
    #[error(
        "what is kept beside the records is not what they come to ({0}): derive it anew with `Reviews::rebuild`"
    )]
    Kept(&'static str),
    /// The entry could not be switched off or on in a list that is followed; it is recorded, and is tried again when the file is opened.
    #[error("it is recorded, but the list {list} could not be changed: {why}")]
    Switch {
        /// Which list.
        list: Box<str>,
        /// Why not.
        why: String,
    },
    /// As many people, cases or entries as there can be.
    #[error("a file of reviews holds at most {0}: begin another one")]
    Full(&'static str),
}
