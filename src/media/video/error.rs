//! Why something of a video could not be looked at.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::limits::Exceeded;
use crate::media::Format;

use super::Container;

/// A video, or the rest of it, was not looked at: a gap in what was seen, never a verdict. Frames that came before it are good.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VideoError {
    /// There is no ffmpeg. Install it, or name it with [`Ffmpeg::at`](super::Ffmpeg::at).
    #[error(
        "no ffmpeg at {program}: install the package ffmpeg (`apt-get install ffmpeg`, `brew install ffmpeg`)"
    )]
    NoFfmpeg {
        /// Where it was looked for.
        program: PathBuf,
    },
    /// The bytes begin as no container that is opened. Nothing was started.
    #[error("not a video: no container that is opened")]
    NotAVideo,
    /// Sound alone, or a cover and sound.
    #[error("no video stream in the {container}")]
    NoVideoStream {
        /// The container.
        container: Container,
    },
    /// Not one frame came out: the file is damaged from its start on, or in a codec that this ffmpeg lacks.
    #[error("nothing decoded of the {container}{}", told(said))]
    NothingDecoded {
        /// The container.
        container: Container,
        /// The last complaint of ffmpeg, cut to 120 printable characters; it may hold text of the file.
        said: String,
    },
    /// The file is cut short or damaged: the frames that came are those that decoded, and others are missing or may be
    /// filled up.
    #[error("broke off or damaged: {frames} frames to {} s decoded of the {container}{}", at.as_secs_f32(), told(said))]
    Damaged {
        /// The container.
        container: Container,
        /// Frames that came.
        frames: u64,
        /// When the last of them shows.
        at: Duration,
        /// The last complaint of ffmpeg, cut to 120 printable characters; it may hold text of the file.
        said: String,
    },
    /// All frames of the first stream came, and there are others, which a player may show.
    #[error("only the first of {} video streams in the {container} was looked at", others + 1)]
    MoreStreams {
        /// The container.
        container: Container,
        /// How many were not looked at.
        others: u32,
    },
    /// The bytes begin as no still that is decoded here. Nothing was started.
    #[error("not a still in AVIF, HEIC or JPEG XL: hand other pictures to `media::frames`")]
    NotAStill,
    /// A still that is more or less than one coded picture. Nothing was started.
    #[error("unsupported {format}: {feature}")]
    UnsupportedStill {
        /// The format.
        format: Format,
        /// What it is.
        feature: &'static str,
    },
    /// The headers of a still are cut short, or contradict themselves. Nothing was started.
    #[error("malformed {format}: {detail}")]
    MalformedStill {
        /// The format.
        format: Format,
        /// Where.
        detail: &'static str,
    },
    /// A still was decoded in another size than its file states, so that it is not what viewers would show.
    #[error("malformed {format}: {} x {} pixels stated, {} x {} decoded", stated[0], stated[1], decoded[0], decoded[1])]
    OtherSize {
        /// The format.
        format: Format,
        /// Width and height that the file states.
        stated: [u32; 2],
        /// Width and height that came.
        decoded: [u32; 2],
    },
    /// A limit was reached, and the process was ended. Raise that field of `Limits` where such videos are to be looked at.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// What ffmpeg wrote and what it said of it do not agree, so that no more of it is believed. Try ffmpeg 5.1 or
    /// later; if it is that, tell us.
    #[error("ffmpeg was not understood after {frames} frames: {what}")]
    NotUnderstood {
        /// Frames that came.
        frames: u64,
        /// Where they disagree.
        what: &'static str,
    },
    /// Somebody else ended the process: a person, or a system without memory.
    #[error("ffmpeg was ended by signal {signal} after {frames} frames")]
    Ended {
        /// Frames that came.
        frames: u64,
        /// The number of the signal.
        signal: i32,
    },
    /// The system failed, not the video.
    #[error("cannot {doing}")]
    Io {
        /// What was about to be done.
        doing: &'static str,
        /// The system's word.
        source: io::Error,
    },
}

impl VideoError {
    /// For `map_err`.
    pub(super) fn io<E: Into<io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Io {
            doing,
            source: source.into(),
        }
    }
}

fn told(said: &str) -> String {
    if said.is_empty() {
        String::new()
    } else {
        format!(" (ffmpeg: {said})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ffmpeg_that_is_not_there_is_told_with_its_package() {
        let program = PathBuf::from("/nowhere/ffmpeg");
        let told = VideoError::NoFfmpeg { program }.to_string();
        assert!(told.contains("/nowhere/ffmpeg") && told.contains("apt-get install ffmpeg"));
    }

    #[test]
    fn a_break_is_told_with_its_place_and_complaint() {
        let error = VideoError::Damaged {
            container: Container::Mp4,
            frames: 7,
            at: Duration::from_millis(3500),
            said: "partial file".to_owned(),
        };
        assert_eq!(
            error.to_string(),
            "broke off or damaged: 7 frames to 3.5 s decoded of the MP4 or QuickTime (ffmpeg: partial file)"
        );
    }
}
