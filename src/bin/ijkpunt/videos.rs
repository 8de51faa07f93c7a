//! Videos among what is read: which inputs are some, and what opens them.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use ijkpunt::enrol::{Enroller, Proposal};
use ijkpunt::limits::Limits;
#[cfg(all(feature = "video", unix))]
use ijkpunt::media::video::{Container, Ffmpeg, Sampling};

use ijkpunt::screen::Builder;

use crate::files::Input;

const MEBI: u64 = 1024 * 1024;

#[derive(clap::Args)]
pub(crate) struct Opener {
    /// The ffmpeg that opens videos; by default the first on PATH
    #[cfg(all(feature = "video", unix))]
    #[arg(long, value_name = "PATH")]
    ffmpeg: Option<std::path::PathBuf>,
}

/// What opens videos, or why nothing does: looked for once.
#[derive(Debug)]
pub(crate) struct Videos {
    #[cfg(all(feature = "video", unix))]
    ffmpeg: Result<Ffmpeg, String>,
}

impl Videos {
    #[cfg(all(feature = "video", unix))]
    pub(crate) fn find(args: &Opener) -> Self {
        let ffmpeg = match &args.ffmpeg {
            Some(program) => Ffmpeg::at(program),
            None => Ffmpeg::find(),
        };
        Self {
            ffmpeg: ffmpeg.map_err(|error| error.to_string()),
        }
    }

    #[cfg(not(all(feature = "video", unix)))]
    pub(crate) fn find(_: &Opener) -> Self {
        Self {}
    }

    /// Why no video can be opened, and what to do about it.
    #[cfg(all(feature = "video", unix))]
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.ffmpeg.as_ref().err().map(String::as_str)
    }

    #[cfg(not(all(feature = "video", unix)))]
    pub(crate) fn trouble(&self) -> Option<&str> {
        Some("this build opens no videos: build it on Unix with the feature `video`")
    }

    #[cfg(all(feature = "video", unix))]
    pub(crate) fn ffmpeg(&self) -> Result<&Ffmpeg, String> {
        self.ffmpeg.as_ref().map_err(Clone::clone)
    }

    /// A screener that opens videos, where something does.
    pub(crate) fn add_to(&self, builder: Builder) -> Builder {
        #[cfg(all(feature = "video", unix))]
        if let Ok(ffmpeg) = &self.ffmpeg {
            return builder.videos(ffmpeg.clone());
        }
        builder
    }

    /// What is to be listed of an input. A video stays in its file, so that it may be longer than pictures.
    pub(crate) fn propose(
        &self,
        input: &Input,
        step: Step,
        limits: &Limits,
    ) -> Result<Proposal, String> {
        if let Some(path) = file(input) {
            return self.propose_file(path, step, limits);
        }
        let bytes = input.read(limits)?;
        if begins_as_video(&bytes) {
            return self.propose_bytes(&bytes, step, limits);
        }
        Ok(Enroller::new().propose(&bytes, limits))
    }

    #[cfg(all(feature = "video", unix))]
    fn propose_file(&self, path: &Path, step: Step, limits: &Limits) -> Result<Proposal, String> {
        let proposal = Enroller::new().propose_video(path, self.ffmpeg()?, &step.plan(), limits);
        proposal.map_err(|error| format!("cannot be read: {error}"))
    }

    #[cfg(all(feature = "video", unix))]
    fn propose_bytes(&self, bytes: &[u8], step: Step, limits: &Limits) -> Result<Proposal, String> {
        let frames = self.ffmpeg()?.read(bytes, &step.plan(), limits);
        let frames = frames.map_err(|error| error.to_string())?;
        let mut enroller = Enroller::new();
        let mut video = enroller.video();
        for frame in frames {
            match frame {
                Ok(frame) => video.push(frame.picture(), frame.at()),
                Err(error) => video.gap(error.into()),
            }
        }
        Ok(video.finish(Some(ijkpunt::hash::DigestKind::Sha256.of(bytes))))
    }

    #[cfg(not(all(feature = "video", unix)))]
    fn propose_file(&self, _: &Path, _: Step, _: &Limits) -> Result<Proposal, String> {
        Err(self.trouble().unwrap_or_default().to_owned())
    }

    #[cfg(not(all(feature = "video", unix)))]
    fn propose_bytes(&self, _: &[u8], _: Step, _: &Limits) -> Result<Proposal, String> {
        Err(self.trouble().unwrap_or_default().to_owned())
    }
}

/// How far the frames of a video are apart that are looked at; that of the library's plan where nobody says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Step(
    #[cfg_attr(
        not(all(feature = "video", unix)),
        expect(dead_code, reason = "nothing is looked at then")
    )]
    pub(crate) Option<Duration>,
);

#[cfg(all(feature = "video", unix))]
impl Step {
    fn plan(self) -> Sampling {
        self.0.map_or_else(Sampling::default, Sampling::every)
    }
}

/// The path of an input that is a file and begins as a video.
pub(crate) fn file(input: &Input) -> Option<&Path> {
    let Input::File(path) = input else {
        return None;
    };
    // A pipe is not opened: it would lose what is read here.
    if !path.metadata().is_ok_and(|about| about.is_file()) {
        return None;
    }
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
    (read.is_ok() && begins_as_video(&start)).then_some(path)
}

/// Bytes by which a video is told.
const START: u64 = 1024;

#[cfg(all(feature = "video", unix))]
pub(crate) fn begins_as_video(bytes: &[u8]) -> bool {
    Container::sniff(bytes).is_some()
}

#[cfg(not(all(feature = "video", unix)))]
pub(crate) fn begins_as_video(bytes: &[u8]) -> bool {
    let format = ijkpunt::media::Format::sniff(bytes);
    format.is_some_and(|format| format.mime().starts_with("video/"))
}

/// What looking at an input may take of memory.
pub(crate) fn memory(input: &Input, limits: &Limits) -> u64 {
    match (input, file(input)) {
        // What standard input is, is not known yet.
        (Input::Stdin, _) | (_, Some(_)) => limits.video_memory_bytes + 256 * MEBI,
        _ => 128 * MEBI,
    }
}
