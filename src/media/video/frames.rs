//! Frames as they come out of the process.

use std::hash::BuildHasher;
use std::time::{Duration, Instant};

use crate::limits::{Exceeded, Limits, Resource};
use crate::picture::Picture;

use super::arguments::arguments;
use super::child::{self, Got, Running};
use super::input::Input;
use super::log::{Complaint, Heard, Log};
use super::showinfo::{self, FrameLine, Line};
use super::{Container, Ffmpeg, Sampling, VideoError};

/// A frame of a video: what it shows, and when.
#[derive(Debug, Clone)]
pub struct VideoFrame {
    picture: Picture<'static>,
    at: Duration,
    is_key: bool,
}

impl VideoFrame {
    /// A frame that was decoded elsewhere: upright, at its full size, with the time from the start of the video.
    #[must_use]
    pub fn new(picture: Picture<'static>, at: Duration, is_key: bool) -> Self {
        Self {
            picture,
            at,
            is_key,
        }
    }

    /// What it shows, upright.
    #[must_use]
    pub fn picture(&self) -> &Picture<'static> {
        &self.picture
    }

    pub(super) fn into_picture(self) -> Picture<'static> {
        self.picture
    }

    /// When it begins to show, from the start of the video, as the file says; 0 for what the file puts before that. A
    /// frame without a time has that of the frame before.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// Whether the file holds it whole, and not as a difference to others.
    #[must_use]
    pub fn is_key(&self) -> bool {
        self.is_key
    }
}

/// The frames of a video, one in memory at a time. Dropped, it ends the process.
///
/// After an error nothing comes any more. Without one, all that the plan promises was given.
#[derive(Debug)]
pub struct VideoFrames {
    container: Container,
    limits: Limits,
    started: Instant,
    deadline: Instant,
    /// None once it is over.
    source: Option<Source>,
    is_cut: bool,
    clock: (u64, u64),
    /// What the next frame is called in the log.
    next_number: u64,
    frames: u64,
    output_bytes: u64,
    at: Duration,
}

struct Source {
    running: Running,
    log: Log,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source")
    }
}

impl VideoFrames {
    pub(super) fn start(
        ffmpeg: &Ffmpeg,
        input: Input,
        sampling: Option<&Sampling>,
        limits: &Limits,
    ) -> Result<Self, VideoError> {
        let name = drawn_name();
        let arguments = arguments(input.container, sampling, ffmpeg.threads, &name);
        let started = Instant::now();
        let (running, stderr) = Running::start(&ffmpeg.program, &arguments, input.file, limits)?;
        let log = Log::follow(stderr, name).map_err(VideoError::io("read ffmpeg's log"))?;
        let deadline = started.checked_add(limits.video_time);
        Ok(Self {
            container: input.container,
            limits: limits.clone(),
            started,
            deadline: deadline.unwrap_or(started + FOR_EVER),
            source: Some(Source { running, log }),
            is_cut: input.is_cut,
            clock: (0, 1),
            next_number: 0,
            frames: 0,
            output_bytes: 0,
            at: Duration::ZERO,
        })
    }

    /// The container that the video came in.
    #[must_use]
    pub fn container(&self) -> Container {
        self.container
    }

    #[cfg(test)]
    pub(super) fn process(&self) -> u32 {
        self.source.as_ref().unwrap().running.id()
    }

    fn advance(&mut self, source: &mut Source) -> Result<Option<VideoFrame>, VideoError> {
        let Some(line) = self.next_frame(source)? else {
            return self.finish(source).map(|()| None);
        };
        let bytes = self.admit(&line)?;
        let mut pixels = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)];
        match source.running.fill(&mut pixels, self.deadline)? {
            Got::All => {}
            Got::End => return Err(self.broken(source, "a frame that was said ends early")),
            Got::TooLate => return Err(self.too_late()),
        }
        if let Some(units) = line.time {
            self.at = showinfo::time(units, self.clock.0, self.clock.1);
        }
        self.frames += 1;
        let picture = Picture::rgb(line.width, line.height, 3 * line.width as usize, pixels)
            .map_err(|_| self.not_understood("a frame without pixels"))?;
        Ok(Some(VideoFrame::new(picture, self.at, line.is_key)))
    }

    /// The line of the next frame; none once the log has ended.
    fn next_frame(&mut self, source: &Source) -> Result<Option<FrameLine>, VideoError> {
        loop {
            match source.log.next(self.deadline) {
                Heard::Line(Line::Frame(line)) => return Ok(Some(line)),
                Heard::Line(Line::Clock {
                    numerator,
                    denominator,
                }) => {
                    self.clock = (numerator, denominator);
                    self.next_number = 0;
                }
                Heard::Line(Line::Strange) => {
                    return Err(self.not_understood("a line of the log in other words"));
                }
                Heard::Line(Line::Other) => {}
                Heard::End => return Ok(None),
                Heard::TooLate => return Err(self.too_late()),
            }
        }
    }

    /// The bytes of a frame that keeps the limits: nothing of it was read or allocated yet.
    fn admit(&mut self, line: &FrameLine) -> Result<u64, VideoError> {
        if Instant::now() >= self.deadline {
            return Err(self.too_late());
        }
        if line.number != self.next_number || self.clock.0 == 0 {
            return Err(self.not_understood("frames out of order"));
        }
        self.next_number += 1;
        let pixels = u64::from(line.width) * u64::from(line.height);
        let bytes = pixels.saturating_mul(3);
        self.output_bytes = self.output_bytes.saturating_add(bytes);
        self.limits.check(Resource::VideoFrames, self.frames + 1)?;
        self.limits.check(Resource::Pixels, pixels)?;
        self.limits.check(Resource::MemoryBytes, bytes)?;
        self.limits
            .check(Resource::VideoOutputBytes, self.output_bytes)?;
        Ok(bytes)
    }

    /// The log has ended: so must the output have, and the process, without a complaint.
    fn finish(&mut self, source: &mut Source) -> Result<(), VideoError> {
        match source.running.fill(&mut [0], self.deadline)? {
            Got::All => return Err(self.not_understood("pixels of no frame")),
            Got::End => {}
            Got::TooLate => return Err(self.too_late()),
        }
        let ended = source.running.end(self.deadline);
        let Some(status) = ended.map_err(VideoError::io("wait for ffmpeg"))? else {
            return Err(self.too_late());
        };
        let complaint = source.log.close();
        if !status.success() || self.frames == 0 || self.is_cut {
            return Err(self.reason(status, complaint));
        }
        match complaint.streams {
            streams @ 2.. => Err(VideoError::MoreStreams {
                container: self.container,
                others: streams - 1,
            }),
            _ => Ok(()),
        }
    }

    /// Something is missing that the log promised: mostly, the process was ended.
    fn broken(&self, source: &mut Source, what: &'static str) -> VideoError {
        match source.running.end(self.deadline) {
            Ok(Some(status)) if !status.success() => self.reason(status, source.log.close()),
            Ok(Some(_)) => self.not_understood(what),
            Ok(None) => self.too_late(),
            Err(error) => VideoError::io("wait for ffmpeg")(error),
        }
    }

    fn reason(&self, status: std::process::ExitStatus, complaint: Complaint) -> VideoError {
        let Complaint {
            said,
            no_stream,
            no_memory,
            ..
        } = complaint;
        let (container, frames, at) = (self.container, self.frames, self.at);
        if let Some(signal) = child::signal(status) {
            return self
                .cpu_time_is_up()
                .unwrap_or(VideoError::Ended { frames, signal });
        }
        if no_memory && !status.success() {
            return self.over(Resource::VideoMemoryBytes, self.limits.video_memory_bytes);
        }
        match frames {
            0 if no_stream => VideoError::NoVideoStream { container },
            0 => VideoError::NothingDecoded { container, said },
            _ => VideoError::Damaged {
                container,
                frames,
                at,
                said,
            },
        }
    }

    /// Whether there was time for the process to use up its share; if not, somebody else ended it.
    fn cpu_time_is_up(&self) -> Option<VideoError> {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
        let allowed = child::cpu_seconds(&self.limits);
        let most = self
            .started
            .elapsed()
            .as_secs()
            .saturating_add(1)
            .saturating_mul(cores);
        let milliseconds = allowed.saturating_mul(1000);
        (most >= allowed).then(|| self.over(Resource::VideoCpuMilliseconds, milliseconds))
    }

    fn too_late(&self) -> VideoError {
        let allowed = u64::try_from(self.limits.video_time.as_millis()).unwrap_or(u64::MAX);
        self.over(Resource::VideoMilliseconds, allowed)
    }

    /// For what is not counted here: it was more than is allowed.
    fn over(&self, what: Resource, allowed: u64) -> VideoError {
        let asked = allowed.saturating_add(1);
        VideoError::Limit(Exceeded {
            what,
            asked,
            allowed,
        })
    }

    fn not_understood(&self, what: &'static str) -> VideoError {
        let frames = self.frames;
        VideoError::NotUnderstood { frames, what }
    }
}

impl Iterator for VideoFrames {
    type Item = Result<VideoFrame, VideoError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut source = self.source.take()?;
        let item = self.advance(&mut source).transpose();
        if matches!(item, Some(Ok(_))) {
            self.source = Some(source);
        } // else it is dropped, and with it the process ended
        item
    }
}

impl std::iter::FusedIterator for VideoFrames {}

/// A name that no file could have foreseen.
fn drawn_name() -> String {
    let state = std::hash::RandomState::new();
    format!("showinfo@{:016x}", state.hash_one(Instant::now()))
}

/// Ten years, for a limit that is none.
const FOR_EVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);
