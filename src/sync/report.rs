//! What came of a round.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU64;

use crate::baseline::{AuthorityId, MemberState, Time};
use crate::limits::Exceeded;
use crate::sign::consistency;
use crate::sign::suspensions::{FileError, LeftOut, ListFork, Off, SpeakerTwice};
use crate::snapshot::{DeltaError, Id, OpenError};
use crate::tuf::{MetadataError, Mismatch, Role, Sha256, TargetName};

use super::{Place, TransportError};

/// What is installed after a round, how it came there, and all that was in the way.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What is installed.
    pub installed: Installed,
    /// What was installed in this round, if something was.
    pub update: Option<Update>,
    /// Whether it is known to be the newest.
    pub freshness: Freshness,
    /// The version of the trusted root.
    pub root: NonZeroU64,
    /// What was in the way, mirror by mirror. Some of it is usual: a mirror may be down.
    pub troubles: Vec<Trouble>,
    /// What states have suspended.
    pub suspensions: SuspensionReport,
    /// The clock was set back.
    pub clock_behind: Option<ClockBehind>,
}

/// A snapshot that is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Installed {
    /// Which.
    pub id: Id,
    /// Its number.
    pub sequence: u64,
    /// The SHA-256 of its file.
    pub sha256: Sha256,
}

/// What was installed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// The number of the snapshot before.
    pub from: Option<u64>,
    /// What was fetched for it.
    pub fetched: Vec<TargetName>,
    /// Bytes that were fetched for it.
    pub fetched_bytes: u64,
    /// The logs of authorities that the states have closed earlier than they were read before, or with another story: in any case
    /// none that is shown to hold what it held. Each is worth a question.
    pub cut: Vec<AuthorityId>,
}

/// Whether what is installed is known to be the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It is; the metadata that says so counts until then.
    Fresh {
        /// The first second at which it counts no more.
        until: Time,
    },
    /// It is not known, of the snapshot or of what states have suspended since: the troubles of the report say why. What is installed stays.
    Stale,
}

/// The clock says less than it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockBehind {
    /// The latest time at which metadata counted here. Whether metadata has run out is asked of this one, so that setting the clock back makes nothing new.
    pub latest: Time,
    /// What the clock says.
    pub now: Time,
}

/// What states have suspended since the installed snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuspensionReport {
    /// The suspensions that count.
    pub off: usize,
    /// Those that count from now on.
    pub newly: Vec<Off>,
    /// How many entries of each state are held back by the bound.
    pub held: BTreeMap<MemberState, usize>,
    /// The logs that have told two stories, with the proofs.
    pub forks: Vec<ListFork>,
    /// Of each mirror, how many lines were left out that the snapshot has not settled, and the first of them.
    pub left_out: Vec<(String, usize, LeftOut)>,
    /// Whether anything was switched off or on in this round.
    pub changed: bool,
    /// Whether the list of a mirror was read, or one says that there is none, which is as if it had an empty one. If not, what is off stays off, and it
    /// is not known whether more is: the report is [`Freshness::Stale`].
    pub heard: bool,
}

/// Something that was in the way.
#[derive(Debug)]
#[non_exhaustive]
pub struct Trouble {
    /// Of which mirror; none where it is of all of them.
    pub mirror: Option<String>,
    /// Of which file; none where it is of no single one.
    pub place: Option<Place>,
    /// What.
    pub why: Why,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(mirror) = &self.mirror {
            write!(f, "{mirror}: ")?;
        }
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        fmt::Display::fmt(&self.why, f)
    }
}

/// What was in the way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// The mirror was not asked, or did not answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The mirror says that it has no such file.
    #[error("the mirror does not have it")]
    Missing,
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Metadata was not read, or not enough have signed it.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Not the file of which metadata speaks.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// Metadata that counts no more.
    #[error(
        "{role} ran out at {expires}: the mirror hands out the past, the publisher does not publish, or the clock is wrong"
    )]
    Expired {
        /// Of which role.
        role: Role,
        /// When.
        expires: Time,
    },
    /// Metadata that is older than what was seen.
    #[error(
        "{role} of version {version}, and {seen} was seen before: the mirror hands out the past"
    )]
    Older {
        /// Of which role.
        role: Role,
        /// What the mirror has.
        version: NonZeroU64,
        /// What was seen before.
        seen: NonZeroU64,
    },
    /// The newest snapshot is older than the installed one.
    #[error(
        "the newest snapshot is {offered}, and {installed} is installed: ask who signed targets"
    )]
    OlderSnapshot {
        /// The number of the newest.
        offered: u64,
        /// That of the installed one.
        installed: u64,
    },
    /// Two snapshots of one number.
    #[error("another snapshot of the number {0}, which is installed: ask who signed targets")]
    SameNumber(u64),
    /// A snapshot whose number is not that of its name.
    #[error("a snapshot of the number {found}, and not {said}: ask who signed targets")]
    OtherNumber {
        /// What its name says.
        said: u64,
        /// What it says.
        found: u64,
    },
    /// A snapshot that cannot be used.
    #[error(transparent)]
    Snapshot(#[from] OpenError),
    /// A delta that cannot be used.
    #[error(transparent)]
    Delta(#[from] DeltaError),
    /// A log that was there is not in the snapshot, or begins elsewhere.
    #[error(
        "the log of {0} that was read before is gone from the snapshot: ask the states that signed it"
    )]
    LogGone(AuthorityId),
    /// A log that goes on, and was longer.
    #[error(
        "the log of {authority} has {found} events, and had {before}: ask the states that signed it"
    )]
    LogShorter {
        /// Whose.
        authority: AuthorityId,
        /// How many it had.
        before: u64,
        /// How many it has.
        found: u64,
    },
    /// A log that goes on, and has told two stories.
    #[error(
        "the log of {0} is as long as before and not the same: it has told two stories; ask the states that signed it"
    )]
    LogForked(AuthorityId),
    /// A log that goes on, and of which no mirror shows that it holds what it held.
    #[error(
        "the log of {authority} has grown from {before} events to {found}, and no mirror shows that it still holds what it held: try again, or add a mirror; if that does not help, ask the states that signed it; only who was away for longer than lists of proofs go back begins in a new folder"
    )]
    LogNotShown {
        /// Whose.
        authority: AuthorityId,
        /// How many events it had.
        before: u64,
        /// How many it has.
        found: u64,
    },
    /// A list of consistency proofs of which nothing was read.
    #[error(transparent)]
    ConsistencyFile(#[from] consistency::FileError),
    /// Lines of a list of consistency proofs that were left out.
    #[error("wrong lines were left out, {lines} of them, the first one line {}: {}", first.line, first.why)]
    ConsistencyLines {
        /// How many.
        lines: usize,
        /// The first of them.
        first: consistency::LeftOut,
    },
    /// The installed snapshot is damaged, and is fetched again.
    #[error("what is installed cannot be used, and is fetched again as a whole: {0}")]
    Damaged(String),
    /// A list of suspensions of which nothing was read.
    #[error(transparent)]
    SuspensionFile(#[from] FileError),
    /// The installed snapshot names no one who may suspend.
    #[error(transparent)]
    Speakers(#[from] SpeakerTwice),
    /// A log whose key is none.
    #[error("the snapshot has no good key for the log of {0}: its suspensions cannot be read")]
    LogKey(AuthorityId),
}
