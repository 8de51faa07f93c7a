//! The video as a file that is open: its place in the tree, or bytes in memory.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use crate::limits::{Limits, Resource};

use super::{Container, VideoError};

/// A file that begins as a container, at its start.
pub(super) struct Input {
    pub(super) file: File,
    pub(super) container: Container,
    /// Whether it is shorter than it says of itself.
    pub(super) is_cut: bool,
}

impl Input {
    pub(super) fn file(path: &Path, limits: &Limits) -> Result<Self, VideoError> {
        // Before it is opened: opening a pipe waits for somebody to write to it.
        let about = std::fs::metadata(path).map_err(VideoError::io("look at the video"))?;
        if !about.is_file() {
            return Err(VideoError::NotAVideo);
        }
        Self::new(
            File::open(path).map_err(VideoError::io("open the video"))?,
            limits,
        )
    }

    pub(super) fn bytes(bytes: &[u8], limits: &Limits) -> Result<Self, VideoError> {
        limits.check(Resource::VideoBytes, bytes.len() as u64)?;
        if Container::sniff(bytes).is_none() {
            return Err(VideoError::NotAVideo);
        }
        let file = nameless().and_then(|mut file| file.write_all(bytes).map(|()| file));
        Self::new(file.map_err(VideoError::io("hold the video"))?, limits)
    }

    /// A bare stream, made of a still: nothing is to be recognised in it.
    pub(super) fn still(
        container: Container,
        stream: &[u8],
        limits: &Limits,
    ) -> Result<Self, VideoError> {
        limits.check(Resource::VideoBytes, stream.len() as u64)?;
        let written = nameless().and_then(|mut file| {
            file.write_all(stream)?;
            file.rewind()?;
            Ok(file)
        });
        Ok(Self {
            file: written.map_err(VideoError::io("hold the still"))?,
            container,
            is_cut: false,
        })
    }

    fn new(mut file: File, limits: &Limits) -> Result<Self, VideoError> {
        file.rewind().map_err(VideoError::io("read the video"))?;
        let length = file
            .metadata()
            .map_err(VideoError::io("look at the video"))?
            .len();
        limits.check(Resource::VideoBytes, length)?;
        let known = recognise(&mut file, length).map_err(VideoError::io("read the video"))?;
        let (container, is_cut) = known.ok_or(VideoError::NotAVideo)?;
        Ok(Self {
            file,
            container,
            is_cut,
        })
    }
}

/// What it begins as, and whether it is cut.
fn recognise(file: &mut File, length: u64) -> io::Result<Option<(Container, bool)>> {
    let mut start = Vec::new();
    (&mut *file).take(SNIFFED_BYTES).read_to_end(&mut start)?;
    let Some(container) = Container::sniff(&start) else {
        return Ok(None);
    };
    let is_cut = container.is_cut(file, length)?;
    file.rewind()?; // not every system opens it anew
    Ok(Some((container, is_cut)))
}

/// A file in memory, gone with its last reader.
#[cfg(target_os = "linux")]
fn nameless() -> io::Result<File> {
    let flags = rustix::fs::MemfdFlags::CLOEXEC;
    Ok(File::from(rustix::fs::memfd_create("video", flags)?))
}

/// A file in the folder for temporary files, readable by this user only, whose name is taken away at once.
#[cfg(not(target_os = "linux"))]
fn nameless() -> io::Result<File> {
    use std::hash::BuildHasher;
    use std::os::unix::fs::OpenOptionsExt;

    let random = std::hash::RandomState::new().hash_one(std::process::id());
    let path = std::env::temp_dir().join(format!("ijkpunt-{random:016x}"));
    let mut options = File::options();
    let file = options
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Enough for four packets of a transport stream.
const SNIFFED_BYTES: u64 = 1024;
