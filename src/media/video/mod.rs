//! Frames of a video, by a program that is not part of this one: `ffmpeg`.
//!
//! In: the path of a video, or its bytes; a [`Sampling`] plan and [`Limits`]. Out: [`VideoFrames`], an iterator of upright
//! RGB pictures at their full size, each with its time; whatever keeps it from showing all that the plan promises comes out as
//! a [`VideoError`] behind the frames, so that nothing unseen is mistaken for nothing found.
//!
//! What is promised: key frames, and between them a frame each step of the plan, of the first video stream that is no
//! cover, with the rotation of the file applied. Further video streams are not looked at, and are an error behind the frames; covers,
//! subtitles and sound are none.
//!
//! Parsers of video are large, and written in C, so they stay in a process of their own:
//!
//! - Only bytes that begin as a [`Container`] get that far, and ffmpeg has to read them as that container: a playlist, or a
//!   script that names other files, is not opened, whatever it is called. It may open files and nothing else: no network.
//! - The video is the process's standard input, so its name stands in no argument. There is no shell, and no variable of ours
//!   but the path of libraries.
//! - It is in a process group of its own, which is killed when a limit is reached, an error comes, or the iterator is dropped.
//! - On Linux its memory (`Limits::video_memory_bytes`), its CPU time (`Limits::video_cpu_time`), files that it writes (none), core dumps
//!   (none) and open files are limited by the system; it has been running for some microseconds then. Elsewhere only the
//!   limits below hold.
//! - Everywhere: the time of a whole video from the start of the process, with that of the caller between frames
//!   (`Limits::video_time`), frames (`Limits::video_frames`), pixels of a frame (`Limits::pixels`, `Limits::memory_bytes`; both from its size, before it is
//!   read), bytes of all of them (`Limits::video_output_bytes`) and of the file (`Limits::video_bytes`).
//!
//! Sizes and times come from ffmpeg's log, in which much is copied from the file; see the folder's `showinfo` for how its lines are
//! told from those. If log and pixels do not agree to the last byte, that is an error.
//!
//! A file that is cut short is known by its own sizes (MP4, Matroska, AVI) or by a frame that does not decode. Where the others are cut
//! between two frames, nobody can tell; a decoder that fills up what is missing, and says nothing, is not noticed either.
//!
//! Where ffmpeg must not be started, frames can be handed in: decode them elsewhere, make each a
//! [`Picture`](crate::picture::Picture) (`Picture::rgb`), upright and not scaled, with its time from the start of the video, as
//! [`VideoFrame::new`]; the plan says which ([`Sampling::step_at`]). Other sizes and other decoders give hashes some bits away.
//!
//! Frames are not scaled before they are hashed: ffmpeg's own scaling moves hashes by 3 to 11 bits, and saves no time.
//!
//! Cost: one frame in memory at a time, 3 bytes a pixel; bytes that are handed in are copied once. Nearly all of the time is
//! ffmpeg's, which decodes every frame to find those of the plan.
//!
//! # Stills
//!
//! [`Ffmpeg::still`] gives the picture of a still in AVIF, HEIC or JPEG XL by the same door, under the same limits. Their boxes and headers are
//! read here ([`Still`]), and only the one coded picture that they name is handed on, as a bare stream, so that what is decoded is what viewers
//! show, whichever version of ffmpeg it is. It has to come in the size that the file states.
//!
//! Turns and mirrorings of a container are applied here, those of a JPEG XL codestream by its decoder. Undecided, with a name, is what is not one
//! coded picture: tiled (most HEICs of phones), layered, cropped by its container, transparent, or two things that contradict each other. Not promised:
//! thumbnails, and pictures of a collection that are not its primary one.
//!
//! Transparent stills are undecided, since what lies under them is of any colour, and ffmpeg gives no picture on black and on white as the other
//! formats have it. An animated AVIF is a video, and its primary picture a still beside it.
//!
//! Needs ffmpeg 5.1 or later, and Unix. Stills need its libdav1d or libaom, and libjxl; without one, nothing is decoded.

mod arguments;
mod child;
mod container;
mod error;
mod frames;
pub(in crate::media) mod heif;
mod input;
mod jxl;
mod log;
mod sampling;
mod showinfo;
mod still;
mod streams;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use container::Container;
pub use error::VideoError;
pub use frames::{VideoFrame, VideoFrames};
pub use sampling::Sampling;
pub use still::Still;

use crate::limits::Limits;

use input::Input;

/// Where ffmpeg is, and how it is run.
///
/// ```no_run
/// use std::path::Path;
///
/// use ijkpunt::limits::Limits;
/// use ijkpunt::media::video::{Ffmpeg, Sampling};
///
/// let (plan, limits) = (Sampling::default(), Limits::default());
/// for frame in Ffmpeg::find()?.open(Path::new("upload.mp4"), &plan, &limits)? {
///     let frame = frame?; // an error is a gap: not all was looked at
///     println!("{:?} at {:?}", frame.picture(), frame.at());
/// }
/// # Ok::<(), ijkpunt::media::video::VideoError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ffmpeg {
    program: PathBuf,
    threads: u32,
}

impl Ffmpeg {
    /// The first `ffmpeg` in the folders of `PATH`.
    ///
    /// # Errors
    /// [`VideoError::NoFfmpeg`], with the package that holds it.
    pub fn find() -> Result<Self, VideoError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        folders
            .map(|folder| folder.join("ffmpeg"))
            .find_map(|program| Self::at(program).ok())
            .ok_or_else(|| no_ffmpeg("ffmpeg".into()))
    }

    /// The ffmpeg at this place.
    ///
    /// # Errors
    /// [`VideoError::NoFfmpeg`] where there is no file that may be run.
    pub fn at(program: impl Into<PathBuf>) -> Result<Self, VideoError> {
        let program = program.into();
        // Absolute, since it is started from another folder, and since a bare name would be looked for.
        match std::path::absolute(&program) {
            Ok(program) if is_program(&program) => Ok(Self {
                program,
                threads: 1,
            }),
            _ => Err(no_ffmpeg(program)),
        }
    }

    /// How many threads decode. Default 1: many uploads at a time are the better use of many cores. Each thread takes some
    /// of `Limits::video_memory_bytes`. At least 1, at most 16.
    #[must_use]
    pub fn threads(self, threads: u32) -> Self {
        Self {
            threads: threads.clamp(1, 16),
            ..self
        }
    }

    /// The frames of the video at `path`.
    ///
    /// # Errors
    /// [`VideoError::NotAVideo`] for what is no file or begins as no container, [`VideoError::Limit`] for a file that is too long,
    /// [`VideoError::NoFfmpeg`] and [`VideoError::Io`]. All that is wrong inside comes out of the iterator.
    ///
    /// # Cost
    /// Starts a process: some 30 ms.
    pub fn open(
        &self,
        path: &Path,
        sampling: &Sampling,
        limits: &Limits,
    ) -> Result<VideoFrames, VideoError> {
        VideoFrames::start(self, Input::file(path, limits)?, Some(sampling), limits)
    }

    /// The frames of a video in memory, which is copied, so that ffmpeg can seek in it: to a file that is in memory too, and on
    /// other systems than Linux to one without a name in the folder for temporary files.
    ///
    /// # Errors
    /// As [`Ffmpeg::open`].
    pub fn read(
        &self,
        bytes: &[u8],
        sampling: &Sampling,
        limits: &Limits,
    ) -> Result<VideoFrames, VideoError> {
        VideoFrames::start(self, Input::bytes(bytes, limits)?, Some(sampling), limits)
    }
}

fn no_ffmpeg(program: PathBuf) -> VideoError {
    VideoError::NoFfmpeg { program }
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    std::fs::metadata(path)
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}
