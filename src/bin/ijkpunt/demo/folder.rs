//! The folder of a demo: whose it is, what stands where.
//!
//! `list.csv`, `installed/`, `uploads/`, `truth.csv`, and a marker. No originals: a list that is shared holds hashes and no pictures,
//! and the demo shows that this is enough.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DemoError;

/// A folder that is the demo's own.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) dir: PathBuf,
}

/// Its presence says that a demo made the folder.
const MARKER: &str = ".ijkpunt-demo";

const MARKER_TEXT: &str = "Made by `ijkpunt demo`, which makes list.csv, truth.csv, installed and uploads anew every time.\n";

/// Whether a demo made this folder.
pub(super) fn is_ours(dir: &Path) -> bool {
    dir.join(MARKER).is_file()
}

impl Folder {
    /// Looks whether `dir` may be used: it is not there, it is empty, or a demo made it. Changes nothing.
    pub(super) fn admit(dir: &Path) -> Result<Self, DemoError> {
        let folder = Self { dir: dir.into() };
        let metadata = match fs::metadata(dir) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(folder),
            Err(error) => return Err(DemoError::at(dir)(error)),
        };
        let free = metadata.is_dir() && (is_ours(dir) || is_empty(dir)?);
        if free {
            Ok(folder)
        } else {
            Err(DemoError::NotOurs { dir: dir.into() })
        }
    }

    /// Refuses photos that [`Folder::clear`] would remove.
    pub(super) fn keep_out(&self, photos: &Path) -> Result<(), DemoError> {
        let (Ok(dir), Ok(inside)) = (self.dir.canonicalize(), photos.canonicalize()) else {
            return Ok(()); // what is not there holds nothing
        };
        if inside.starts_with(&dir) {
            return Err(DemoError::PhotosInside {
                photos: photos.into(),
                dir: self.dir.clone(),
            });
        }
        Ok(())
    }

    /// Removes what an earlier demo wrote, and only that; then the folder is there, marked, with an empty `uploads`.
    pub(super) fn clear(&self) -> Result<(), DemoError> {
        fs::create_dir_all(&self.dir).map_err(DemoError::at(&self.dir))?;
        let marker = self.dir.join(MARKER);
        fs::write(&marker, MARKER_TEXT).map_err(DemoError::at(&marker))?;
        let uploads = self.uploads();
        for folder in [&uploads, &self.installed()] {
            if folder.exists() {
                fs::remove_dir_all(folder).map_err(DemoError::at(folder))?;
            }
        }
        for file in [self.list(), self.truth()] {
            if file.exists() {
                fs::remove_file(&file).map_err(DemoError::at(&file))?;
            }
        }
        fs::create_dir(&uploads).map_err(DemoError::at(&uploads))
    }

    /// The list of hashes.
    pub(super) fn list(&self) -> PathBuf {
        self.dir.join("list.csv")
    }

    /// The folder in which the list is installed, as a snapshot.
    pub(super) fn installed(&self) -> PathBuf {
        self.dir.join("installed")
    }

    /// The folder of what users sent.
    pub(super) fn uploads(&self) -> PathBuf {
        self.dir.join("uploads")
    }

    /// What every upload really is.
    pub(super) fn truth(&self) -> PathBuf {
        self.dir.join("truth.csv")
    }
}

fn is_empty(dir: &Path) -> Result<bool, DemoError> {
    let mut entries = fs::read_dir(dir).map_err(DemoError::at(dir))?;
    Ok(entries.next().is_none())
}
