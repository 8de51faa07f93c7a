//! How bytes come from a mirror.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::path::PathBuf;
use std::time::Instant;

use super::Place;

/// A mirror that can be asked for files. Nobody trusts it: whatever comes is verified, and cut off where it is longer than it may be. To show how far a long
/// file has come, wrap one and count what is read.
pub trait Transport: Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    /// What it is called in reports, without secrets.
    fn name(&self) -> &str;

    /// The bytes of a file; none if the mirror says that it has none, and only then: what could not be asked is an error.
    ///
    /// No more than `most_bytes` are read, and nothing behind the deadline; so a reader may end there, and one that waits has to.
    ///
    /// # Errors
    /// [`TransportError`]; also as the error of a read.
    fn open(
        &self,
        place: &Place,
        most_bytes: u64,
        deadline: Instant,
    ) -> Result<Option<Box<dyn Read + '_>>, TransportError>;
}

/// A mirror could not be asked, or did not answer as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Reading or connecting failed.
    #[error("not read: {0}")]
    Io(#[from] io::Error),
    /// The server answered something else than a file.
    #[error("the server answers with status {0}: ask who runs it; redirects are not followed")]
    Status(u16),
    /// More bytes than there may be.
    #[error("more than the {most} bytes that there may be: nothing of it is used")]
    TooLong {
        /// How many there may be.
        most: u64,
    },
    /// It takes too long.
    #[error("not there in time, {read} bytes were: try another mirror, or allow more time")]
    Late {
        /// How many were read.
        read: u64,
    },
    /// No address that can be asked.
    #[error("{0}")]
    Settings(String),
}

/// Reads a file whole, if it is there: no byte more than there may be, and not behind the deadline.
pub(super) fn read(
    mirror: &dyn Transport,
    place: &Place,
    most: u64,
    deadline: Instant,
) -> Result<Option<Vec<u8>>, TransportError> {
    let Some(mut reader) = mirror.open(place, most, deadline)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let count = match reader.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                let read = bytes.len() as u64;
                return Err(TransportError::Late { read });
            }
            count => count?,
        };
        // What is said to be read may be a lie of a reader's.
        let part = chunk.get(..count).unwrap_or_default();
        if part.is_empty() {
            return Ok(Some(bytes));
        }
        if bytes.len() as u64 + part.len() as u64 > most {
            return Err(TransportError::TooLong { most });
        }
        bytes.extend_from_slice(part);
        if Instant::now() >= deadline {
            let read = bytes.len() as u64;
            return Err(TransportError::Late { read });
        }
    }
}

/// A repository in a folder: one that was carried over, or that another program keeps up to date.
#[derive(Debug, Clone)]
pub struct FolderTransport {
    dir: PathBuf,
    name: String,
}

impl FolderTransport {
    /// The folder at this path, in which `metadata`, `targets`, `suspensions.list` and `consistency.list` lie.
    #[must_use]
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        let dir = dir.into();
        let name = dir.display().to_string();
        Self { dir, name }
    }
}

impl Transport for FolderTransport {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(
        &self,
        place: &Place,
        most_bytes: u64,
        _: Instant,
    ) -> Result<Option<Box<dyn Read + '_>>, TransportError> {
        // A folder that is gone, such as a drive that is not mounted, has not said that it lacks a file.
        if !self.dir.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory).into());
        }
        let path = self.dir.join(place.as_str());
        // A pipe would wait for ever for somebody to write.
        let metadata = match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            metadata => metadata?,
        };
        if !metadata.is_file() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
        }
        let file = File::open(path)?;
        Ok(Some(Box::new(file.take(most_bytes.saturating_add(1)))))
    }
}
