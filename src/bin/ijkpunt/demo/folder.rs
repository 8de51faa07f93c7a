//! The folder of a demo: whose it is, what stands where.
//!
//! `list.csv`, `installed/`, `uploads/`, `truth.csv`, `review/` (in a build with reviews), and a marker. No originals: a list that is shared holds hashes and no pictures,
//! and the demo shows that this is enough.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DemoError;

/// A folder that is the demo's own.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) dir: PathBuf,
}

/// A file whose presence says which demo made a folder.
#[derive(Debug)]
pub(super) struct Marker {
    name: &'static str,
    text: &'static str,
}

const PLATFORM: Marker = Marker {
    name: ".ijkpunt-demo",
    text: "Made by `ijkpunt demo`, which makes list.csv, truth.csv, installed, uploads and review anew every time.\n",
};

/// Another demo, another folder: neither removes what it did not make.
pub(super) const AUTHORITIES: Marker = Marker {
    name: ".ijkpunt-demo-authorities",
    text: "Made by `ijkpunt demo --authorities`, which makes what it wrote here anew every time.\n",
};

/// Whether a demo made this folder.
pub(super) fn is_ours(dir: &Path) -> bool {
    [PLATFORM, AUTHORITIES]
        .iter()
        .any(|marker| marker.is_in(dir))
}

impl Marker {
    fn is_in(&self, dir: &Path) -> bool {
        dir.join(self.name).is_file()
    }
}

impl Folder {
    /// Looks whether `dir` may be used: it is not there, it is empty, or the platform's demo made it. Changes nothing.
    pub(super) fn admit(dir: &Path) -> Result<Self, DemoError> {
        Self::admit_of(dir, &PLATFORM)
    }

    /// As [`Folder::admit`], for the demo of this marker.
    pub(super) fn admit_of(dir: &Path, marker: &Marker) -> Result<Self, DemoError> {
        let folder = Self { dir: dir.into() };
        let metadata = match fs::metadata(dir) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(folder),
            Err(error) => return Err(DemoError::at(dir)(error)),
        };
        let free = metadata.is_dir() && (marker.is_in(dir) || is_empty(dir)?);
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
        self.mark(&PLATFORM)?;
        let uploads = self.uploads();
        for folder in [&uploads, &self.installed(), &self.review()] {
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

    /// From here on the folder is there, and that demo's.
    pub(super) fn mark(&self, marker: &Marker) -> Result<(), DemoError> {
        fs::create_dir_all(&self.dir).map_err(DemoError::at(&self.dir))?;
        let path = self.dir.join(marker.name);
        fs::write(&path, marker.text).map_err(DemoError::at(&path))
    }

    /// The list of hashes.
    pub(super) fn list(&self) -> PathBuf {
        self.dir.join("list.csv")
    }

    /// The folder in which the list is installed, as a snapshot.
    pub(super) fn installed(&self) -> PathBuf {
        self.dir.join("installed")
    }

    /// The folder of what people made of the matches.
    pub(super) fn review(&self) -> PathBuf {
        self.dir.join("review")
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
