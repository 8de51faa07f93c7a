//! What can be wrong with the folder, a plan or a publication, and what to do.

use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use crate::baseline::{AuthorityId, Time};
use crate::limits::Exceeded;
use crate::sign::consistency;
use crate::sign::suspensions::{FileError, SpeakerTwice};
use crate::snapshot::{DeltaError, DraftError, FolderError, OpenError};
use crate::tuf::{
    MetadataError, Mismatch, Role, SigningError, TargetName, TargetNameError, TargetsError,
    TermsError,
};

/// The folder cannot be read or written, or something must not be published. Platforms find what was published before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// A file operation failed.
    #[error("{}: {doing}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// A file could not be written. Files that nobody is told of may have been: do the same again.
    #[error(transparent)]
    Write(#[from] FolderError),
    /// Somebody else writes.
    #[error("{}: another program is writing here: try again when it has ended", path.display())]
    Busy {
        /// The lock.
        path: PathBuf,
    },
    /// Not such a folder.
    #[error("{}: no repository: there is no folder `metadata` in it; create one, or name the right folder", dir.display())]
    NotARepository {
        /// The folder.
        dir: PathBuf,
    },
    /// There is something already.
    #[error("{}: there is something here already: open it, or create the repository in an empty folder", dir.display())]
    NotEmpty {
        /// The folder.
        dir: PathBuf,
    },
    /// No state has signed whose keys count.
    #[error("{}: there is no root yet: propose one, and add it with the signatures of states", dir.display())]
    NoRoot {
        /// The folder.
        dir: PathBuf,
    },
    /// Nothing was ever published.
    #[error("{}: nothing is published yet: plan a snapshot, and publish it", dir.display())]
    NothingPublished {
        /// The folder.
        dir: PathBuf,
    },
    /// A file is gone.
    #[error("{}: gone, though other files name it: put it back from a mirror", path.display())]
    Lost {
        /// Which file.
        path: PathBuf,
    },
    /// A limit was reached.
    #[error("{}: {source}", path.display())]
    Limit {
        /// Which file.
        path: PathBuf,
        /// How much was asked for.
        source: Exceeded,
    },
    /// A file of metadata is not what it was.
    #[error("{}: {source}; put the file back from a mirror", path.display())]
    Metadata {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: MetadataError,
    },
    /// A file is not the one that metadata names.
    #[error("{}: {source}", path.display())]
    Mismatch {
        /// Which file.
        path: PathBuf,
        /// How it differs.
        source: Mismatch,
    },
    /// A published snapshot is not one.
    #[error("{}: {source}; it is listed as it is, so plan with fewer older snapshots", path.display())]
    Snapshot {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: OpenError,
    },
    /// The terms of a root.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// Not the version that follows.
    #[error("the next root is of version {expected}, and this one of {found}")]
    RootVersion {
        /// The version that follows.
        expected: NonZeroU64,
        /// What was given.
        found: NonZeroU64,
    },
    /// A request for something else than a root.
    #[error("{0} was asked to be signed, and not a root")]
    NotARoot(Role),
    /// Signatures do not suffice, or do not fit.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// Snapshots are handed out in the order of their numbers.
    #[error(
        "snapshot {offered} is not above the published one, {published}: give it a higher number"
    )]
    NotAbove {
        /// Its number.
        offered: u64,
        /// That of the published one.
        published: u64,
    },
    /// The list of files would outlive what is in it.
    #[error(
        "the targets would count until {expires}, and their snapshot only until {valid_until}: let them end earlier"
    )]
    Outlives {
        /// The end of the targets.
        expires: Time,
        /// That of the snapshot.
        valid_until: Time,
    },
    /// Platforms would refuse it at once.
    #[error("{role} ends at {expires}, and it is {now}: let it end later, or make it anew")]
    Ended {
        /// Of which role.
        role: Role,
        /// Its end.
        expires: Time,
        /// The time that was given.
        now: Time,
    },
    /// Something was published after the plan was made, or the root was changed.
    #[error(
        "the plan was made for another state of the repository: plan anew, and have that signed"
    )]
    Outdated,
    /// What was published counts no more by the newest root.
    #[error("{} no longer counts by the newest root: {}", list(.0), what_renews(.0))]
    NotByNewestRoot(Vec<Role>),
    /// The number has no name.
    #[error(transparent)]
    Name(#[from] TargetNameError),
    /// The files contradict each other.
    #[error(transparent)]
    Targets(#[from] TargetsError),
    /// A delta does not lead from the published snapshot to the new one.
    #[error("{name}: {source}; report this as a bug, and plan without deltas")]
    Delta {
        /// Which delta.
        name: TargetName,
        /// Why.
        source: DeltaError,
    },
    /// A snapshot gave no delta.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// There is no higher version.
    #[error(
        "{0} has the highest version that there is: change its key in a new root, and begin a new repository"
    )]
    Versions(Role),
    /// The list of suspensions that is here is no such list, or one of another register.
    #[error("{}: {source}; put the file back from a mirror, or move it away", path.display())]
    SuspensionFile {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: FileError,
    },
    /// The list of consistency proofs that is here is no such list.
    #[error("{}: {source}; put the file back from a mirror, or move it away", path.display())]
    ConsistencyFile {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: consistency::FileError,
    },
    /// The list was read for other logs.
    #[error(transparent)]
    Speakers(#[from] SpeakerTwice),
    /// The list was read for another snapshot.
    #[error(
        "the list was not read for the log of {authority} as published snapshot {snapshot} has it: read it again for the speakers of that"
    )]
    OtherSpeakers {
        /// The first authority of which that is so.
        authority: AuthorityId,
        /// The number of the published snapshot.
        snapshot: u64,
    },
    /// What was suspended would come back on.
    #[error(
        "the list lacks {0} statements that are handed out and not settled: read the files of both together, and write their union"
    )]
    TakesAway(usize),
}

fn list(roles: &[Role]) -> String {
    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    names.join(", ")
}

fn what_renews(roles: &[Role]) -> &'static str {
    if roles.contains(&Role::Targets) {
        "let states sign a new plan, or one that renews"
    } else {
        "refresh the snapshot"
    }
}

/// What was being done where, for an error.
pub(super) fn at(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> RepositoryError {
    let path = path.to_owned();
    move |source| RepositoryError::Io {
        path,
        doing,
        source,
    }
}

pub(super) fn metadata(path: &Path) -> impl FnOnce(MetadataError) -> RepositoryError {
    let path = path.to_owned();
    move |source| RepositoryError::Metadata { path, source }
}

pub(super) fn mismatch(path: &Path) -> impl FnOnce(Mismatch) -> RepositoryError {
    let path = path.to_owned();
    move |source| RepositoryError::Mismatch { path, source }
}
