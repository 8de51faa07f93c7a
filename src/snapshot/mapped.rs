//! Opening a snapshot where it lies on the disk.

#![expect(
    unsafe_code,
    reason = "a mapped file is memory that others can change: who maps one says that nobody will"
)]

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::{Mmap, MmapOptions};

use crate::index::Shared;
use crate::limits::{Limits, Resource};

use super::{OpenError, Snapshot};

/// A mapped file, and the file, so that whoever locked it holds the lock for as long as it is mapped.
struct Mapped {
    map: Mmap,
    _file: File,
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}

impl Snapshot {
    /// Maps a snapshot, within `limits`: it is checked as by [`Snapshot::read`], and then used where it lies. Processes that map the same file hold
    /// it in memory once.
    ///
    /// [`Live`](super::Live) does so with the files that it installed itself, and is safe to use.
    ///
    /// # Safety
    /// From this call on, and as long as this snapshot lives, or an index of it, nobody changes the file or makes it shorter, in this process or
    /// another. To remove it, or to put another in its place by renaming, is allowed. What is read of a file that was changed is anything at all, and
    /// reading behind the end of one that was made shorter ends the process (SIGBUS).
    ///
    /// # Errors
    /// As [`Snapshot::read`].
    pub unsafe fn map(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, OpenError> {
        let file = File::open(path)?;
        // SAFETY: as the caller promises.
        unsafe { Self::map_file(file, limits) }
    }

    /// As [`Snapshot::map`], of a file that is open.
    ///
    /// # Safety
    /// As [`Snapshot::map`].
    pub(super) unsafe fn map_file(file: File, limits: &Limits) -> Result<Self, OpenError> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
        }
        limits.check(Resource::SnapshotBytes, metadata.len())?;
        // Every byte is read at once, for the digests, so the pages are asked for at once.
        let mut options = MmapOptions::new();
        // SAFETY: the caller promises that the file stays as it is.
        let map = unsafe { options.populate().map(&file) }?;
        Self::open(Shared::new(Mapped { map, _file: file }))
    }
}
