//! Videos: frame by frame from your own decoder, or by ffmpeg.

use std::time::Duration;

use crate::media::{MediaError, VideoFault};
use crate::picture::Picture;

use super::counts::Counters;
use super::query::Provenance;
use super::run::{Pace, Run};
use super::verdict::Screening;
use super::viewers::Lent;

/// A video whose frames your own decoder hands out, one after the other: see [`Screener::video`](super::Screener::video).
///
/// ```
/// use std::time::Duration;
///
/// use ijkpunt::baseline::List;
/// use ijkpunt::picture::Picture;
/// use ijkpunt::screen::{Call, Screener, Screening, Surface};
///
/// let csv = "id,pdq\nitem-1,f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22\n";
/// let screener = Screener::builder()
///     .list("own", List::from_bytes(csv.as_bytes())?)
///     .surface(Surface::Public)
///     .build()?;
/// let mut video = screener.video(Call::new());
/// for number in 0..4 {
///     let pixels: Vec<u8> = (0..64 * 64).map(|k: usize| (k * (k / 64 + number) % 251) as u8).collect();
///     video.push(&Picture::grey(64, 64, 64, &pixels)?, Duration::from_millis(500 * number as u64));
/// }
/// assert!(matches!(video.finish(), Screening::NoMatch(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "call `finish`"]
pub struct VideoScreening<'a> {
    pub(super) run: Run<'a>,
    pub(super) viewer: Lent<'a>,
    pub(super) counters: &'a Counters,
    pub(super) frames: u32,
}

impl VideoScreening<'_> {
    /// Takes the next frame: upright, at its full size, with the time from the start of the video at which it begins to show. Two frames a second are enough, and
    /// more find shorter copies. Times that go back count as standing still.
    ///
    /// False once the call's deadline has passed or it was cancelled: no more need be decoded.
    ///
    /// # Cost
    /// A hash and eight lookups a list, up to 48 bits wide where it has videos; where it shows what the frame before did, the hash alone; once a shot, at
    /// most every third frame, that of its views.
    pub fn push(&mut self, picture: &Picture<'_>, at: Duration) -> bool {
        self.push_held(picture, at, 0)
    }

    pub(super) fn push_held(&mut self, picture: &Picture<'_>, at: Duration, held: u64) -> bool {
        if !self.run.goes_on() {
            return false;
        }
        let of = Provenance {
            frame: self.frames,
            frame_time: Some(at),
            ..Provenance::NONE
        };
        self.run.call().tell(at);
        self.frames = self.frames.saturating_add(1);
        self.run
            .take_picture(&mut self.viewer, picture, &of, held, Pace::Shots);
        true
    }

    /// States that there is more of the video which could not be decoded, and why: where nothing matches, the verdict is undecided.
    pub fn broke_off(&mut self, reason: impl Into<Box<str>>) {
        let fault = VideoFault::Truncated;
        let reason = reason.into();
        self.run.note(MediaError::Video { fault, reason }.into());
    }

    /// The verdict.
    pub fn finish(self) -> Screening {
        self.run.finish(self.counters)
    }
}

impl std::fmt::Debug for VideoScreening<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VideoScreening")
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

#[cfg(all(feature = "video", unix))]
pub(super) mod by_ffmpeg {
    //! Videos that are decoded here.

    use std::fs::File;
    use std::io::{self, Read};
    use std::path::Path;

    use super::VideoScreening;
    use crate::media::video::{Container, Ffmpeg, Sampling, VideoError, VideoFrames};
    use crate::media::{Format, MediaError};

    /// By which ffmpeg, and which frames.
    #[derive(Debug, Clone)]
    pub(in crate::screen) struct Videos {
        pub(in crate::screen) ffmpeg: Ffmpeg,
        pub(in crate::screen) sampling: Sampling,
    }

    /// Whether a file begins as a video, and as no picture beside it.
    pub(in crate::screen) fn is_video(path: &Path) -> io::Result<bool> {
        let mut start = Vec::new();
        File::open(path)?.take(1024).read_to_end(&mut start)?;
        let is_video = Container::sniff(&start).is_some();
        Ok(is_video && Format::sniff(&start) != Some(Format::Avif))
    }

    impl VideoScreening<'_> {
        /// All frames, and what came behind them.
        pub(in crate::screen) fn take(&mut self, frames: Result<VideoFrames, VideoError>) {
            let frames = match frames {
                Ok(frames) => frames,
                Err(error) => return self.run.note(MediaError::from(error).into()),
            };
            for frame in frames {
                let goes_on = match frame {
                    Ok(frame) => {
                        let picture = frame.picture();
                        let held = picture.stride() as u64 * u64::from(picture.height());
                        self.push_held(picture, frame.at(), held)
                    }
                    Err(error) => {
                        self.run.note(MediaError::from(error).into());
                        false
                    }
                };
                if !goes_on {
                    break;
                }
            }
        }
    }
}
