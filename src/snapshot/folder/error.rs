//! Why a folder was not read or changed.

use std::io;
use std::path::PathBuf;

use crate::snapshot::{DeltaError, Id, OpenError};

use super::SuspensionsError;

/// A folder of snapshots could not be read, or not changed: but for [`FolderError::NotOnDisk`], what was installed before still is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A file operation failed.
    #[error("{}: {doing}: {source}; what was there before stays", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// Everything is done and visible, but it is not known whether it is on the disk.
    #[error("{}: {source}; what was installed is visible, but if the power fails, what was there before may come back: do it again", path.display())]
    NotOnDisk {
        /// The folder whose names were to be brought to the disk.
        path: PathBuf,
        /// Why that failed.
        source: io::Error,
    },
    /// Nothing was ever installed.
    #[error("{}: nothing is installed here: install a snapshot with `ijkpunt baseline install FILE --dir {}`", dir.display(), dir.display())]
    Empty {
        /// The folder.
        dir: PathBuf,
    },
    /// The file that says what is installed is gone, and with it what is switched off.
    #[error("{}: gone, though something was installed and switched off here: put it back, or install into a new folder and suspend again", path.display())]
    Lost {
        /// Which file.
        path: PathBuf,
    },
    /// The file that says what is installed is not as it was written.
    #[error("{}: damaged: it does not say what is installed; put it back, or install into a new folder and suspend again", path.display())]
    Pointer {
        /// Which file.
        path: PathBuf,
    },
    /// What is known of how new the snapshot is, is not as it was written.
    #[error("{}: damaged: whether something newer is there is not known until it is written anew, by the next round of the client", path.display())]
    Upkeep {
        /// Which file.
        path: PathBuf,
    },
    /// The snapshot that is installed cannot be used.
    #[error("{}: {source}{}", path.display(), what_helps(source))]
    Snapshot {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: OpenError,
    },
    /// A file holds another snapshot than its name says.
    #[error("{}: holds snapshot {found} of another number or name; install the right one again, or a newer one", path.display())]
    OtherSnapshot {
        /// Which file.
        path: PathBuf,
        /// What is in it.
        found: Id,
    },
    /// What is switched off cannot be read, so nothing can be asked; or there would be more of it than the limits let be read.
    #[error("{}: {source}: {}", path.display(), what_to_do(source))]
    Suspensions {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: SuspensionsError,
    },
    /// A higher number is installed.
    #[error("snapshot {offered} is older than the installed one, {installed}: get a newer one")]
    Older {
        /// The number of the snapshot that was offered.
        offered: u64,
        /// That of the installed one.
        installed: u64,
    },
    /// Another snapshot of this number is installed.
    #[error(
        "snapshot {found} has number {sequence}, as the installed one has, {installed}: two of one number cannot both be right; give your own a higher one, of others' ask who publishes them"
    )]
    SameNumber {
        /// The number.
        sequence: u64,
        /// Which was offered.
        found: Id,
        /// Which is installed.
        installed: Id,
    },
    /// A delta does not fit.
    #[error(transparent)]
    Delta(#[from] DeltaError),
    /// Another installation is under way.
    #[error("{}: another installation has been under way for {seconds} s; try again when it has ended", path.display())]
    Busy {
        /// The lock.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
}

/// What the error itself does not say.
fn what_helps(source: &OpenError) -> &'static str {
    match source {
        OpenError::Limit(_) => "; raise the limit",
        OpenError::Version { .. } | OpenError::Features { .. } => "",
        _ => "; install it again, or a newer one",
    }
}

fn what_to_do(source: &SuspensionsError) -> &'static str {
    match source {
        SuspensionsError::Limit(_) => "raise the limit",
        SuspensionsError::Missing | SuspensionsError::Damaged { .. } => {
            "what is switched off is not known; put the file back, or install into a new folder and suspend again"
        }
    }
}

impl FolderError {
    /// Whether what is installed is lost: trying again would not help, installing does.
    pub(super) fn is_for_good(&self) -> bool {
        match self {
            Self::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
            Self::Snapshot { source, .. } => match source {
                OpenError::Io(error) => error.kind() == io::ErrorKind::NotFound,
                _ => true,
            },
            Self::OtherSnapshot { .. } => true,
            _ => false,
        }
    }
}
