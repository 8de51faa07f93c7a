//! A platform's client: from mirrors that nobody trusts to a folder of snapshots at the newest that the states have signed.
//!
//! In: a folder of its own, mirrors ([`Transport`]), the root that the program is shipped with, and the time. Out: what is installed in
//! [`Client::folder`], which screeners follow, and a [`Report`] of each round. What enough distinct states have signed is asked of the room `tuf`; what is a good
//! file, of `snapshot`; which suspensions count, of `sign`. Why the client of `tough` is not used stands in [`manual`](crate::manual).
//!
//! A round ([`Client::once`]) goes so:
//!
//! 1. It locks the folder, reads what was kept, and brings it together with what is installed.
//! 2. It goes from the kept root to the newest, one by one. That there is no next one counts only if no mirror has one.
//! 3. It takes the newest timestamp of all mirrors that is signed, not older than one that was seen, and not expired. Snapshot and targets come from
//!    whichever mirror has the bytes that were promised. A timestamp of which nobody has the files blocks nothing: a lower one is tried.
//! 4. It fetches the newest snapshot, by deltas where that is shorter, and whole where one does not fit. What was signed is still compared with what
//!    is installed: the number rises, logs of authorities go on. Of a log that has grown, the lists of consistency proofs of all mirrors together have to
//!    show that it holds what it held ([`ConsistencyList`](crate::sign::ConsistencyList)), from the installed root to the new one.
//! 5. It installs, and keeps what it has seen.
//! 6. It reads the lists of suspensions of all mirrors together with the one that was kept, and switches off and on, within a
//!    [`Bound`](crate::sign::suspensions::Bound), what states say. Such entries are off by `sync:` and the letters of the state; what others
//!    have switched off, it leaves alone.
//!
//! What is guaranteed, whatever mirrors do: nothing is installed that too few states have signed, nothing older than what was, nothing in which a
//! log has lost or changed an event that it had, unless states have closed it, and that is told ([`Update::cut`]); what is
//! installed stays until something newer is there as a whole; that it may not be the newest is said ([`Freshness::Stale`]), with the reason, also with
//! every answer of those who screen ([`ListInfo::stale`](crate::screen::ListInfo::stale)).
//! Mirrors can hold back, a proof too, and for no longer than the timestamp counts without its being told. What was seen outlives the process in one file, replaced as a
//! whole; if that cannot be read, it is an error, and never a new beginning. The latest time at which metadata counted is kept: a clock
//! that is set back makes nothing new ([`ClockBehind`], [`Client::forget_time`]).
//!
//! What is left to others: a first installation takes the logs as states have signed them, and two platforms may be shown two stories as long as nobody
//! compares their roots. A platform that was away for longer than the lists of proofs go back begins anew. The folder is for this client alone; who may
//! write in it may install.
//!
//! Cost: where nothing is new, three small files a mirror. A list of proofs is asked for only where a log has grown. A snapshot is in memory as a whole while it is installed.

mod client;
mod error;
mod http;
mod install;
mod place;
mod report;
mod round;
mod state;
mod suspended;
mod transport;
mod watch;

pub use client::{Client, Settings};
pub use error::SyncError;
pub use http::{HttpSettings, HttpTransport};
pub use place::Place;
pub use report::{
    ClockBehind, Freshness, Installed, Report, SuspensionReport, Trouble, Update, Why,
};
pub use transport::{FolderTransport, Transport, TransportError};
pub use watch::{Pace, Stop};
