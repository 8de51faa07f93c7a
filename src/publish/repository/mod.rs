//! The folder that a static web server hands out.
//!
//! | file | what |
//! |---|---|
//! | `metadata/N.root.json` | whose keys count, from the first on; all stay |
//! | `metadata/N.targets.json`, `metadata/N.snapshot.json` | the files, and which list of them |
//! | `metadata/timestamp.json` | which of these are the newest: the one file that changes, by being replaced |
//! | `targets/SHA256.NAME` | snapshots as a whole, and deltas |
//! | `suspensions.list` | what states have suspended since, replaced as a whole |
//! | `consistency.list` | proofs that logs which have grown hold what they held, replaced as a whole by a longer one |
//! | `lock` | held by whoever writes; empty |
//!
//! Files end in `.new` until they are whole. Nothing else in the folder is looked at or touched.

mod clean;
mod consistency;
mod disk;
mod error;
mod plan;
mod publication;
mod root;
mod state;
mod suspensions;
#[cfg(test)]
mod tests;
mod words;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::limits::Limits;
use crate::snapshot::Snapshot;
use crate::tuf::{Root, Trusted};

use disk::{Disk, System, make_folder};
use error::at;
use state::{METADATA, State, TARGETS};

pub use error::RepositoryError;
pub(super) use plan::snapshots_of;
pub use plan::{Changes, Plan, PlanTerms};
pub use publication::{Page, Publisher};
pub use state::Published;

/// A folder to be handed out, as it was when it was opened or last written by this value; see [`publish`](crate::publish) for the walk.
///
/// Each change takes the folder's lock and reads the metadata again, so that two programs never write at once, nor one over what the other wrote.
#[derive(Debug)]
pub struct Repository {
    dir: PathBuf,
    limits: Limits,
    disk: Arc<dyn Disk>,
    state: State,
}

impl Repository {
    /// Makes a repository without a root in a folder that is empty or not there.
    ///
    /// # Errors
    /// [`RepositoryError::NotEmpty`], or the folder could not be made.
    pub fn create(dir: impl Into<PathBuf>) -> Result<Self, RepositoryError> {
        Self::create_on(dir.into(), Arc::new(System))
    }

    fn create_on(dir: PathBuf, disk: Arc<dyn Disk>) -> Result<Self, RepositoryError> {
        make_folder(&*disk, &dir)?;
        if !state::names(&dir)?.is_empty() {
            return Err(RepositoryError::NotEmpty { dir });
        }
        // That of the metadata last: it is by that one that a repository is known.
        for name in [TARGETS, METADATA] {
            make_folder(&*disk, &dir.join(name))?;
        }
        Self::with(dir, &Limits::default(), disk)
    }

    /// Opens one, as [`Repository::open_within`] with [`Limits::default`].
    ///
    /// # Errors
    /// As there.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self, RepositoryError> {
        Self::open_within(dir, &Limits::default())
    }

    /// Reads what is published, as a platform would: the roots from the first on, each verified by the one before, then timestamp, snapshot and targets,
    /// each under the name and digest that the one before gives. What has ended is read, too, to be renewed. Files that nothing names are not looked at:
    /// a publication that was interrupted leaves some, and doing it again completes it.
    ///
    /// # Errors
    /// [`RepositoryError`]: a file that is named is gone, is another one, or is not signed by enough; or the folder is no repository.
    ///
    /// # Cost
    /// A few verifications a file of metadata. Of targets the length is looked at, and their bytes by [`Repository::audit`].
    pub fn open_within(dir: impl Into<PathBuf>, limits: &Limits) -> Result<Self, RepositoryError> {
        Self::with(dir.into(), limits, Arc::new(System))
    }

    fn with(dir: PathBuf, limits: &Limits, disk: Arc<dyn Disk>) -> Result<Self, RepositoryError> {
        let state = State::read(&dir, limits)?;
        Ok(Self {
            dir,
            limits: limits.clone(),
            disk,
            state,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The newest root, if there is one.
    #[must_use]
    pub fn root(&self) -> Option<&Trusted<Root>> {
        self.state.roots.last()
    }

    /// What platforms find, if anything was published.
    #[must_use]
    pub fn published(&self) -> Option<&Published> {
        self.state.published.as_ref()
    }

    /// The newest published snapshot.
    ///
    /// # Errors
    /// [`RepositoryError::NothingPublished`], or the file is damaged.
    ///
    /// # Cost
    /// The file is read into memory, its digest is taken, and it is checked as [`Snapshot::from_bytes`] does.
    pub fn newest(&self) -> Result<Snapshot, RepositoryError> {
        let (name, file) = self.some_published()?.targets.newest();
        state::whole(&self.dir, &name, &file, &self.limits)
    }

    /// Reads each target that is listed, and compares its digest.
    ///
    /// # Errors
    /// [`RepositoryError`]: the first that is gone or damaged.
    ///
    /// # Cost
    /// All files are read, one after the other; memory for the largest.
    pub fn audit(&self) -> Result<(), RepositoryError> {
        let listed = self.published().map(|published| published.targets.files());
        for (name, file) in listed.into_iter().flatten() {
            state::target(&self.dir, name, file, &self.limits)?;
        }
        Ok(())
    }

    fn some_published(&self) -> Result<&Published, RepositoryError> {
        let dir = self.dir.clone();
        self.published()
            .ok_or(RepositoryError::NothingPublished { dir })
    }

    fn some_root(&self) -> Result<&Trusted<Root>, RepositoryError> {
        let dir = self.dir.clone();
        self.root().ok_or(RepositoryError::NoRoot { dir })
    }

    /// Keeps others from writing until the file is closed, and reads what they have written before.
    fn lock(&mut self) -> Result<File, RepositoryError> {
        let path = self.dir.join(LOCK);
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let file = open.map_err(at(&path, "opening it"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RepositoryError::Busy { path }),
            Err(TryLockError::Error(error)) => return Err(at(&path, "locking it")(error)),
        }
        self.state = State::read(&self.dir, &self.limits)?;
        Ok(file)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), RepositoryError> {
        Ok(self.disk.write(&self.dir.join(path), bytes)?)
    }

    fn read_again(&mut self) -> Result<(), RepositoryError> {
        self.state = State::read(&self.dir, &self.limits)?;
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<(), RepositoryError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(at(path, "removing it")),
        }
    }
}

const LOCK: &str = "lock";
