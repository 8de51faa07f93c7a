//! The one way in which files and folders come into the repository: each is a step, at which a test can stop.

use std::fmt::Debug;
use std::fs;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::path::Path;

use crate::snapshot::{FolderError, above, replace_file, sync_name};

use super::RepositoryError;
use super::error::at;

pub(super) trait Disk: Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    /// Writes a whole file in place of the one that is there, if one is, and brings it to the disk.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError>;

    /// Brings the name of a new folder to the disk.
    fn sync_name(&self, path: &Path) -> Result<(), FolderError>;
}

/// That of the system.
#[derive(Debug)]
pub(super) struct System;

impl Disk for System {
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        replace_file(path, bytes)
    }

    fn sync_name(&self, path: &Path) -> Result<(), FolderError> {
        sync_name(path)
    }
}

/// Makes a folder, and those above it that are not there. A file in it outlives a power cut only if all their names do.
pub(super) fn make_folder(disk: &dyn Disk, path: &Path) -> Result<(), RepositoryError> {
    if path.is_dir() {
        return Ok(());
    }
    make_folder(disk, above(path))?;
    fs::create_dir_all(path).map_err(at(path, "making the folder"))?;
    Ok(disk.sync_name(path)?)
}
