//! A folder of a test's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::snapshot::{Folder, Id};

/// Gone when it is dropped.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("ijkpunt-live-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path); // of a process of the same number that was killed
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::at(&self.0)
    }

    pub(crate) fn current(&self) -> PathBuf {
        self.0.join("current")
    }

    pub(crate) fn snapshot(&self, id: Id) -> PathBuf {
        self.0.join("snapshots").join(id.to_string())
    }

    /// Puts a file in place as an installation does: one that is mapped is not touched, only its name taken.
    pub(crate) fn put(&self, path: &Path, bytes: &[u8]) {
        let aside = self.0.join("aside");
        fs::write(&aside, bytes).unwrap();
        fs::rename(aside, path).unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files in a folder and below, but for the lock, with what is in them.
pub(crate) fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.file_name().unwrap() != "lock" {
            let bytes = fs::read(&path).unwrap();
            all.insert(path, bytes);
        }
    }
    all
}

/// The names of the snapshots that lie in a folder.
pub(crate) fn snapshots(dir: &Path) -> Vec<String> {
    let paths = files(&dir.join("snapshots")).into_keys();
    paths
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}
