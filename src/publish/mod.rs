//! From what authorities have said to what platforms look for: the same bytes for everyone who holds the same logs.
//!
//! In: a [`Register`](crate::register::Register), and what is to be released of it: so much of each log, at a time. Out: a
//! [`Draft`](crate::snapshot::Draft), of which [`to_bytes`](crate::snapshot::Draft::to_bytes) makes a snapshot.
//!
//! A [`Release`] is small and can be read by a person. One authority makes it; the others make the snapshot of it by their own registers, compare
//! its id, look at what the release [leaves out](Release::left_out), and sign only then. It does not matter what else is in a register, in which
//! order that came, or how many threads are at work.
//!
//! Which entries go in is the [`Least`] of the release: those of the baseline, unless it says that less is enough. Words that no longer stand do not go in, and
//! no reasons.

mod release;
mod suspended;

pub use release::{Drafted, Least, LeftOut, Release, ReleaseError, Terms};
pub use suspended::{SuspensionsError, suspensions_since};
