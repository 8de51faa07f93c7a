//! A folder of installed snapshots: what is installed is always a whole one, with all that is switched off.
//!
//! | file | what |
//! |---|---|
//! | `current` | which snapshot is installed, and which suspensions: the one file that changes, by being replaced |
//! | `snapshots/ID` | snapshots under their ids, read-only; older ones until nobody maps them |
//! | `suspensions/DIGEST` | what is switched off, named by the digest of its bytes |
//! | `upkeep` | how new the snapshot is known to be, where a client keeps the folder up |
//! | `lock` | held by whoever changes something |
//!
//! Each file is written under a name that nobody reads, brought to the disk, and renamed; `current` is the last. So whoever looks sees what was installed
//! before or what is installed now, a snapshot always with its suspensions, wherever an installation ends.

mod edition;
mod error;
mod files;
mod install;
mod pointer;
mod suspensions;
#[cfg(test)]
mod tests;
mod upkeep;

use std::fs::{File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::limits::Limits;

use super::Snapshot;
use files::{Files, System};

pub use edition::Edition;
pub use error::FolderError;
pub use install::{Installed, replace_file};
#[cfg(feature = "authority")]
pub(crate) use install::{above, sync_name};
pub(super) use pointer::Pointer;
pub use suspensions::{Suspender, Suspensions, SuspensionsError, Switched};
pub use upkeep::Upkeep;

/// A folder in which snapshots are installed, and from which processes [follow](super::Live) them.
///
/// Whoever may read the folder may read the list: give it to the group of those who screen.
///
/// ```
/// use ijkpunt::baseline::List;
/// use ijkpunt::snapshot::{Draft, Folder, Live, Snapshot};
///
/// # let dir = std::env::temp_dir().join(format!("ijkpunt-folder-{}", std::process::id()));
/// let list = List::from_bytes(b"id,sha1\nitem,da39a3ee5e6b4b0d3255bfef95601890afd80709\n")?;
/// let mut draft = Draft::new(1, "2026-11-22T10:00:00Z".parse()?);
/// let snapshot = Snapshot::from_bytes(draft.list(&list)?.to_bytes()?)?;
/// Folder::at(&dir).install(&snapshot)?;
///
/// let live = Live::follow(&dir)?;
/// assert_eq!(live.current().snapshot().id(), snapshot.id());
/// # std::fs::remove_dir_all(dir)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Folder {
    dir: PathBuf,
    limits: Limits,
    files: Arc<dyn Files>,
}

impl Folder {
    /// The folder at this path, which need not be there yet. Nothing is read or written.
    #[must_use]
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self::within(dir, &Limits::default())
    }

    /// As [`Folder::at`]; what is read of it is held to these limits.
    #[must_use]
    pub fn within(dir: impl Into<PathBuf>, limits: &Limits) -> Self {
        Self::with(dir.into(), limits, Arc::new(System))
    }

    fn with(dir: PathBuf, limits: &Limits, files: Arc<dyn Files>) -> Self {
        Self {
            dir,
            limits: limits.clone(),
            files,
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// Whether something is installed in the folder at this path: whether it has a file `current`.
    #[must_use]
    pub fn is_at(dir: &Path) -> bool {
        dir.join(CURRENT).is_file()
    }

    /// Which snapshot is installed, and its number: by what the folder says, without opening it.
    ///
    /// # Errors
    /// [`FolderError`]: nothing is, or the folder does not say.
    pub fn installed(&self) -> Result<(super::Id, u64), FolderError> {
        let pointer = self.pointer()?;
        Ok((pointer.snapshot, pointer.sequence))
    }

    /// What is installed now.
    ///
    /// # Errors
    /// [`FolderError`]: nothing is, or it cannot be used.
    ///
    /// # Cost
    /// The snapshot is mapped and checked.
    pub fn open(&self) -> Result<Edition, FolderError> {
        Ok(self.open_named()?.1)
    }

    /// As [`Folder::open`], with the names of what was opened.
    pub(super) fn open_named(&self) -> Result<(Pointer, Edition), FolderError> {
        let mut pointer = self.pointer()?;
        loop {
            let opened = self.suspensions(&pointer).and_then(|suspensions| {
                let snapshot = self.snapshot(&pointer)?;
                Ok((pointer, Edition::new(snapshot, Arc::new(suspensions))))
            });
            if opened.is_ok() {
                return opened;
            }
            let now = self.pointer()?;
            if now == pointer {
                return opened;
            }
            pointer = now; // what it named before may be gone
        }
    }

    /// What is installed, by name.
    pub(super) fn pointer(&self) -> Result<Pointer, FolderError> {
        let path = self.dir.join(CURRENT);
        let mut file = match self.files.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let dir = self.dir.clone();
                return Err(match self.had_suspensions()? {
                    true => FolderError::Lost { path },
                    false => FolderError::Empty { dir },
                });
            }
            Err(error) => return Err(at(&path, "opening it")(error)),
        };
        let mut bytes = Vec::new();
        let most = pointer::MOST as u64 + 1;
        let read = (&mut file).take(most).read_to_end(&mut bytes);
        read.map_err(at(&path, "reading it"))?;
        Pointer::of_text(&bytes).ok_or(FolderError::Pointer { path })
    }

    /// Whether something lies there that was switched off or on: then something was installed, whatever else is lost.
    fn had_suspensions(&self) -> Result<bool, FolderError> {
        let folder = self.dir.join(SUSPENSIONS);
        let files = match self.files.list(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            files => files.map_err(at(&folder, "listing it"))?,
        };
        let none = self.suspensions_path(blake3::hash(&Suspensions::default().to_bytes()));
        let mut whole = files.iter().filter(|path| path.extension().is_none());
        Ok(whole.any(|path| *path != none))
    }

    /// When the file of the snapshot that is installed was last changed, and how long it is.
    pub(super) fn stamp(&self, pointer: &Pointer) -> Option<(SystemTime, u64)> {
        let file = self
            .files
            .open(&self.snapshot_path(pointer.snapshot))
            .ok()?;
        let metadata = file.metadata().ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    }

    /// The suspensions that are installed.
    pub(super) fn suspensions(&self, pointer: &Pointer) -> Result<Suspensions, FolderError> {
        let path = self.suspensions_path(pointer.suspensions);
        let mut file = match self.files.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let source = SuspensionsError::Missing;
                return Err(FolderError::Suspensions { path, source });
            }
            Err(error) => return Err(at(&path, "opening it")(error)),
        };
        let mut bytes = Vec::new();
        let most = self.limits.list_bytes.saturating_add(1);
        let read = (&mut file).take(most).read_to_end(&mut bytes);
        read.map_err(at(&path, "reading it"))?;
        let read = Suspensions::from_bytes(&bytes, &self.limits);
        let read = read.and_then(|read| {
            let is_named = blake3::hash(&bytes) == pointer.suspensions;
            is_named
                .then_some(read)
                .ok_or(SuspensionsError::Damaged { line: 1 })
        });
        read.map_err(|source| FolderError::Suspensions { path, source })
    }

    /// The snapshot that is installed, mapped.
    pub(super) fn snapshot(&self, pointer: &Pointer) -> Result<Arc<Snapshot>, FolderError> {
        let path = self.snapshot_path(pointer.snapshot);
        let file = match self.files.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let source = error.into();
                return Err(FolderError::Snapshot { path, source });
            }
            Err(error) => return Err(at(&path, "opening it")(error)),
        };
        // Whoever removes older snapshots leaves those that somebody has locked.
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                let gone = io::Error::new(io::ErrorKind::NotFound, "it is being removed");
                return Err(at(&path, "locking it")(gone));
            }
            // Where files cannot be locked, they go when they are older; who maps one that is gone keeps what it holds.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let snapshot = match self.map(file) {
            Ok(snapshot) => snapshot,
            Err(source) => return Err(FolderError::Snapshot { path, source }),
        };
        if snapshot.id() != pointer.snapshot || snapshot.sequence() != pointer.sequence {
            let found = snapshot.id();
            return Err(FolderError::OtherSnapshot { path, found });
        }
        Ok(Arc::new(snapshot))
    }

    #[expect(
        unsafe_code,
        reason = "mapping a file that this folder's own code installed"
    )]
    fn map(&self, file: File) -> Result<Snapshot, super::OpenError> {
        // SAFETY: snapshots of a folder are written under another name, and renamed when they are whole; from then on they are read-only, and nothing
        // here writes to them or shortens them, but removes them at most. Who changes a file in the folder by other means breaks what
        // `Snapshot::map` asks for; the documentation of `Live` says so.
        unsafe { Snapshot::map_file(file, &self.limits) }
    }

    fn snapshot_path(&self, id: super::Id) -> PathBuf {
        self.dir.join(SNAPSHOTS).join(id.to_string())
    }

    fn suspensions_path(&self, digest: blake3::Hash) -> PathBuf {
        self.dir.join(SUSPENSIONS).join(digest.to_hex().as_str())
    }
}

const CURRENT: &str = "current";
const LOCK: &str = "lock";
const SNAPSHOTS: &str = "snapshots";
const SUSPENSIONS: &str = "suspensions";

/// What was being done where, for an error.
fn at(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io {
        path,
        doing,
        source,
    }
}
