//! From what authorities have said to what platforms fetch: the same bytes for everyone who holds the same logs, and the folder that hands them out.
//!
//! In: a [`Register`](crate::register::Register), and what is to be released of it: so much of each log, at a time. Out: a
//! [`Draft`](crate::snapshot::Draft), of which [`to_bytes`](crate::snapshot::Draft::to_bytes) makes a snapshot, and a [`Repository`] in which
//! the snapshots lie with metadata that states have signed.
//!
//! A [`Release`] is small and can be read by a person. One authority makes it; the others make the snapshot of it by their own registers, compare
//! its id, look at what the release [leaves out](Release::left_out), and sign only then. It does not matter what else is in a register, in which
//! order that came, or how many threads are at work.
//!
//! Which entries go in is the [`Least`] of the release: those of the baseline, unless it says that less is enough. Words that no longer stand do not go in, and
//! no reasons.
//!
//! # From a release to platforms
//!
//! 1. Once, and whenever keys change: [`Repository::propose_root`] asks for signatures, [`Repository::add_root`] takes them.
//! 2. [`Repository::plan`]: the files of the next publication, and a request for the states. The same inputs give the same bytes, so a plan need not
//!    be kept while the states sign: it is made again.
//! 3. Each state: [`Checked::new`] makes the snapshot by its own register and compares; [`Checked::sign`] signs.
//! 4. [`consistency_since`] and [`Repository::write_consistency`]: proofs that logs hold what they held, which platforms ask for before they install.
//! 5. [`Repository::publish`] with the signatures of enough states, and the publisher's own. Wherever it is interrupted, platforms find the old
//!    publication whole or the new one, and publishing again completes it.
//! 6. In between: [`Repository::refresh_timestamp`], and for what cannot wait [`suspensions_since`] and [`Repository::write_suspensions`].
//!
//! Nothing here asks for the time, keeps a key or uses the network. Who restores the folder from a backup goes back in its versions, and platforms refuse
//! that: take it from the mirror that is the newest.

mod checked;
mod grown;
mod release;
mod repository;
mod suspended;

pub use checked::{CheckError, Checked};
pub use grown::{GrownError, consistency_since};
pub use release::{Drafted, Least, LeftOut, Release, ReleaseError, Terms};
pub use repository::{
    Changes, Page, Plan, PlanTerms, Published, Publisher, Repository, RepositoryError,
};
pub use suspended::{SuspensionsError, suspensions_since};
