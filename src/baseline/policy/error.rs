//! What is wrong with terms.

use crate::baseline::{MemberState, TextError};

/// Terms that make no policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// An empty list of states.
    #[error("no state is asked: list at least one")]
    NoStates,
    /// A state that is listed twice.
    #[error("{0} is listed twice: each state counts once")]
    Twice(MemberState),
    /// A rule that everything meets.
    #[error("at least 0 states: ask for 1 or more")]
    NobodyNeeded,
    /// A rule that nothing can meet.
    #[error(
        "{needed} states are needed and {n} listed: list more states, or ask for at least {n} or fewer"
    )]
    TooMany {
        /// States that the rule asks for; for all and for a fraction never fewer than two.
        needed: u32,
        /// States that are listed.
        n: u32,
    },
    /// A fraction that is 0 or above 1.
    #[error("the fraction must be above 0 and at most 1")]
    Fraction,
    /// 0 days of silence or of validity.
    #[error("0 days: give 1 or more, or leave silence or expiry out")]
    NoDays,
    /// Silence among those who are asked only because they spoke.
    #[error("responding states are not silent: list the states, or let silence mean nothing")]
    SilenceOfResponding,
    /// A name that is no short text.
    #[error("the policy's name: {0}")]
    Name(#[from] TextError),
}
