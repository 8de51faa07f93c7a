//! Why a round did not end with something installed, or could not begin.

use std::io;
use std::path::PathBuf;

use crate::snapshot::{FolderError, Id};
use crate::tuf::MetadataError;

use super::Trouble;

/// Something here is not as it should be; what is wrong with mirrors stands in the [`Report`](super::Report). What was installed stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
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
    /// The folder of snapshots, or the state's file was not written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The root that the program is shipped with is not read.
    #[error("the root that this program is shipped with: {0}")]
    ShippedRoot(#[source] MetadataError),
    /// Nobody to ask.
    #[error("no mirror is named: name one at least")]
    NoMirror,
    /// Another process is at it.
    #[error("{}: another process is at it; leave it to that one", path.display())]
    Busy {
        /// The lock.
        path: PathBuf,
    },
    /// What was seen is not known.
    #[error("{}: damaged or cut off, or of another version: what was seen before is not known, so old lists could pass for new ones; put the file back from a backup, or begin in a new folder, with a root that you have compared", path.display())]
    State {
        /// The file.
        path: PathBuf,
    },
    /// What was seen is gone.
    #[error("{}: gone, though something is installed here: put it back from a backup, or begin in a new folder, with a root that you have compared", path.display())]
    StateLost {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else has installed something.
    #[error("{}: snapshot {found} is installed, and not by this client: keep the folder for the client alone, put back what was there, or begin in a new folder", dir.display())]
    OtherInstalled {
        /// The folder.
        dir: PathBuf,
        /// What is in it.
        found: Id,
    },
    /// There is nothing to screen with.
    #[error(
        "nothing that can be used is installed, nor could be: {}",
        told(troubles)
    )]
    NothingInstalled {
        /// Why.
        troubles: Vec<Trouble>,
    },
}

pub(super) fn told(troubles: &[Trouble]) -> String {
    let all: Vec<String> = troubles.iter().map(ToString::to_string).collect();
    all.join("; ")
}
