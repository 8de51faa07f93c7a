//! The file operations of which an installation consists: each is a step, at which a test can fail or stop it.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::path::{Path, PathBuf};

pub(in crate::snapshot) trait Files:
    Debug + Send + Sync + UnwindSafe + RefUnwindSafe
{
    /// Makes a folder, and those above it.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Opens a file, which is made if it is not there, and locks it, unless another has; the lock ends with the file.
    fn lock(&self, path: &Path) -> Result<File, TryLockError>;

    /// Opens a file for reading.
    fn open(&self, path: &Path) -> io::Result<File>;

    /// Writes a file anew.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Waits until the content of a file is on the disk.
    fn sync(&self, path: &Path) -> io::Result<()>;

    /// Takes away the leave to write a file.
    fn protect(&self, path: &Path) -> io::Result<()>;

    /// Gives a file another name, at which there may be one.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Waits until the names in a folder are on the disk.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// What is in a folder.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;

    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// Those of the system.
#[derive(Debug)]
pub(in crate::snapshot) struct System;

impl Files for System {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn lock(&self, path: &Path) -> Result<File, TryLockError> {
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path);
        let file = open.map_err(TryLockError::Error)?;
        file.try_lock().map(|()| file)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {} // what an installer left that was killed
        }
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn protect(&self, path: &Path) -> io::Result<()> {
        let mut permissions = fs::metadata(path)?.permissions();
        permissions.set_readonly(true);
        fs::set_permissions(path, permissions)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(unix)]
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    /// Elsewhere a folder cannot be opened, and the system sees to its names itself.
    #[cfg(not(unix))]
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
