//! The one way in which files come into the folder: each is a step, at which a test can stop.

use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::path::Path;

use crate::snapshot::{FolderError, replace_file};

pub(super) trait Disk: Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    /// Writes a whole file in place of the one that is there, if one is, and brings it to the disk.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError>;
}

/// That of the system.
#[derive(Debug)]
pub(super) struct System;

impl Disk for System {
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        replace_file(path, bytes)
    }
}
