//! The small files that go from desk to desk.

use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::limits::Limits;
use ijkpunt::publish::{Release, Repository};
use ijkpunt::tuf::{Request, SignatureFile};

use crate::Failure;

#[derive(clap::Args)]
pub(super) struct Folder {
    /// The repository: the folder that is handed out, or a copy of it
    #[arg(long, value_name = "DIR", default_value = "repository")]
    pub(super) repository: PathBuf,
}

impl Folder {
    pub(super) fn open(&self) -> Result<Repository, Failure> {
        Ok(Repository::open(&self.repository)?)
    }
}

pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)
}

pub(super) fn release(path: &Path) -> Result<Release, Failure> {
    let release = serde_json::from_slice(&bytes(path)?);
    Ok(release.map_err(|error| {
        format!(
            "{}: no release, such as `publish release` writes: {error}",
            path.display()
        )
    })?)
}

pub(super) fn request(path: &Path) -> Result<Request, Failure> {
    let request = Request::read(&bytes(path)?, &Limits::default());
    Ok(request.map_err(|error| format!("{}: {error}", path.display()))?)
}

pub(super) fn signatures(paths: &[PathBuf]) -> Result<Vec<SignatureFile>, Failure> {
    let read = |path: &PathBuf| -> Result<SignatureFile, Failure> {
        let file = SignatureFile::read(&bytes(path)?, &Limits::default());
        Ok(file.map_err(|error| format!("{}: {error}", path.display()))?)
    };
    paths.iter().map(read).collect()
}
