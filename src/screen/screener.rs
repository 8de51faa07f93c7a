//! The screener: lists with their policies, built once, asked by many threads.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::hash::{Pdq, Quality};
use crate::limits::Limits;
#[cfg(all(feature = "video", unix))]
use crate::media::video::{Container, Ffmpeg, Sampling, Still, VideoError, VideoFrames};
use crate::media::{self, MediaError};
#[cfg(all(feature = "video", unix))]
use crate::media::{Format, behind};
use crate::picture::Picture;

use super::call::Call;
use super::counts::{Counters, Counts};
use super::lists::{ListInfo, Named, Policy, Source};
use super::query::Provenance;
use super::run::{Pace, Run};
use super::verdict::{Gap, Screening};
use super::video::VideoScreening;
#[cfg(all(feature = "video", unix))]
use super::video::by_ffmpeg::{self, Videos};
use super::viewers::Viewers;
use super::{Clock, Effort, SystemClock};

/// Screens uploads against any number of named lists.
///
/// ```
/// use ijkpunt::baseline::List;
/// use ijkpunt::screen::{Screener, Screening, Surface};
///
/// let csv = "id,pdq\nitem-1,f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22\n";
/// let screener = Screener::builder()
///     .list("own", List::from_bytes(csv.as_bytes())?)
///     .surface(Surface::Public)
///     .build()?;
/// match screener.screen(b"no picture at all, but long enough") {
///     Screening::Match(m) => println!("for review: {}", m.evidence()[0].entry),
///     Screening::NoMatch(_) => println!("publish"),
///     Screening::Undecided(u) => println!("your policy: {}", u.reason()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Screener {
    lists: Vec<Named>,
    effort: Effort,
    limits: Limits,
    clock: Box<dyn Clock>,
    counters: Counters,
    viewers: Viewers,
    #[cfg(all(feature = "video", unix))]
    videos: Option<Videos>,
}

/// Where the upload would be seen. A property of the service, so of the [`Screener`], not of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Surface {
    /// Open to the public: the only surface that the Regulation's articles 1(2) and 2(3) speak of.
    Public,
    /// A closed group: refused.
    ClosedGroup,
    /// Private messages: refused.
    Private,
}

/// Collects what a [`Screener`] needs.
#[derive(Debug)]
#[must_use = "call `build`"]
pub struct Builder {
    lists: Vec<(Arc<str>, Source, Policy)>,
    effort: Effort,
    limits: Limits,
    surface: Option<Surface>,
    clock: Box<dyn Clock>,
    #[cfg(all(feature = "video", unix))]
    videos: Option<Videos>,
}

impl Builder {
    /// Adds a [`List`](crate::baseline::List), a [`Snapshot`](crate::snapshot::Snapshot), a [`Live`](crate::snapshot::Live) one or an
    /// [`OwnList`](super::OwnList) under a name of its own, asked with the default [`Policy`].
    ///
    /// # Cost
    /// Linear in the rows of a list; of a snapshot nothing.
    pub fn list(self, name: &str, list: impl Into<Source>) -> Self {
        self.list_with(name, list, Policy::default())
    }

    /// Adds a list under a name of its own, asked with this policy.
    pub fn list_with(mut self, name: &str, list: impl Into<Source>, policy: Policy) -> Self {
        self.lists.push((name.into(), list.into(), policy));
        self
    }

    /// States where uploads would be seen. There is no default: somebody has to say it.
    pub fn surface(mut self, surface: Surface) -> Self {
        self.surface = Some(surface);
        self
    }

    /// Sets how many disguises of an upload are looked up; [`Effort::Standard`] by default.
    pub fn effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
        self
    }

    /// Sets the limits for uploads.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the clock; the system's by default.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Opens videos with this ffmpeg, and looks at the frames of the default [`Sampling`]; videos behind the end of a picture (motion photos)
    /// and stills in AVIF, HEIC and JPEG XL too. Without it, these are undecided, as unsupported, and no process is ever started.
    #[cfg(all(feature = "video", unix))]
    pub fn videos(self, ffmpeg: Ffmpeg) -> Self {
        self.videos_with(ffmpeg, Sampling::default())
    }

    /// As [`Builder::videos`], looking at other frames.
    #[cfg(all(feature = "video", unix))]
    pub fn videos_with(mut self, ffmpeg: Ffmpeg, sampling: Sampling) -> Self {
        self.videos = Some(Videos { ffmpeg, sampling });
        self
    }

    /// Builds the screener.
    ///
    /// # Errors
    /// [`BuildError`]: no list, two lists of one name, no surface, or one that is not public.
    pub fn build(self) -> Result<Screener, BuildError> {
        match self.surface {
            Some(Surface::Public) => {}
            Some(surface) => return Err(BuildError::NotPublic { surface }),
            None => return Err(BuildError::NoSurface),
        }
        if self.lists.is_empty() {
            return Err(BuildError::NoList);
        }
        for (number, (name, ..)) in self.lists.iter().enumerate() {
            if self.lists[..number].iter().any(|(other, ..)| other == name) {
                let name = name.clone();
                return Err(BuildError::NameTwice { name });
            }
        }
        Ok(Screener {
            lists: self
                .lists
                .into_iter()
                .map(|(name, list, policy)| Named::new(name, list, policy))
                .collect(),
            effort: self.effort,
            limits: self.limits,
            clock: self.clock,
            counters: Counters::default(),
            viewers: Viewers::default(),
            #[cfg(all(feature = "video", unix))]
            videos: self.videos,
        })
    }
}

/// Why no screener was built; in every case the caller has to change the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Screening against nothing would call everything "no match".
    #[error("no list: add one with `list(name, List::open(path)?)`")]
    NoList,
    /// Evidence names its list, so names are unique.
    #[error("two lists are named `{name}`")]
    NameTwice {
        /// The name.
        name: Arc<str>,
    },
    /// Nobody said where uploads would be seen.
    #[error(
        "no surface: state with `surface(Surface::Public)` that uploads are open to the public"
    )]
    NoSurface,
    /// Closed groups and private messages are not screened.
    #[error("surface {surface:?} is refused: only what is disseminated to the public is screened")]
    NotPublic {
        /// As stated.
        surface: Surface,
    },
}

impl Screener {
    /// Begins a screener.
    pub fn builder() -> Builder {
        Builder {
            lists: Vec::new(),
            effort: Effort::default(),
            limits: Limits::default(),
            surface: None,
            clock: Box::new(SystemClock),
            #[cfg(all(feature = "video", unix))]
            videos: None,
        }
    }

    /// The lists as they are now, in the order in which they were added.
    #[must_use]
    pub fn lists(&self) -> Vec<ListInfo> {
        self.lists.iter().map(|list| list.asked().info()).collect()
    }

    /// What this screener has done since it was built.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// Screens the bytes of an upload: all its distinct frames, in all eight dihedral forms and with the disguises of the
    /// [`Effort`], against every list.
    ///
    /// Hostile bytes cost what [`Limits`] allows and end as [`Screening::Undecided`].
    pub fn screen(&self, bytes: &[u8]) -> Screening {
        self.screen_call(bytes, Call::new())
    }

    /// As [`Screener::screen`], with a deadline, or with a flag that ends the call.
    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", skip_all, fields(bytes = bytes.len()))
    )]
    pub fn screen_call(&self, bytes: &[u8], call: Call<'_>) -> Screening {
        let mut run = self.run(call);
        run.look_up_bytes(bytes);
        #[cfg(all(feature = "video", unix))]
        if let Some(videos) = &self.videos {
            return self.screen_opened(videos, run, bytes);
        }
        self.take_frames(&mut run, bytes, |_| false);
        run.finish(&self.counters)
    }

    /// Frames of a picture, and those reasons why some are missing that are not dealt with elsewhere.
    fn take_frames(
        &self,
        run: &mut Run<'_>,
        bytes: &[u8],
        mut is_dealt_with: impl FnMut(&MediaError) -> bool,
    ) {
        let mut viewer = self.viewers.lend();
        let mut frames = media::frames(bytes, &self.limits);
        while run.goes_on() {
            match frames.next() {
                Some(Err(error)) if is_dealt_with(&error) => {}
                Some(item) => run.take(&mut viewer, item),
                None => break,
            }
        }
    }

    /// A video; or a picture, and the video behind it. An animated AVIF is both.
    #[cfg(all(feature = "video", unix))]
    fn screen_opened(&self, videos: &Videos, mut run: Run<'_>, bytes: &[u8]) -> Screening {
        let is_video = Container::sniff(bytes).is_some();
        let is_still = Format::sniff(bytes).is_some_and(Still::is);
        let start = if is_video {
            Some(0)
        } else {
            behind::video(bytes)
        };
        // That there is a video is a gap no more once it is opened: only then does it matter what stands behind it.
        let mut is_behind = false;
        let mut is_opened = |error: &MediaError| {
            let format = Format::Mp4;
            let is = matches!(error, MediaError::Unsupported { format: f, feature: Some(_) } if *f == format);
            is_behind |= is && start.is_some_and(|start| start > 0);
            is && is_behind
        };
        if is_still {
            self.take_still(videos, &mut run, bytes, is_video);
            if let Some(gap) = behind::gap(bytes).filter(|gap| !is_opened(gap)) {
                run.note(gap.into());
            }
        } else if !is_video {
            self.take_frames(&mut run, bytes, &mut is_opened);
        }
        let Some(start) = start.filter(|_| run.goes_on()) else {
            return run.finish(&self.counters);
        };
        let film = bytes.get(start..).unwrap_or_default();
        let frames = videos.ffmpeg.read(film, &videos.sampling, &self.limits);
        let mut video = self.video_of(run);
        video.frames = u32::from(start > 0 || is_still); // behind the picture
        video.take(frames);
        if let Some(gap) = behind::gap_behind_video(bytes, start).filter(|_| is_behind) {
            video.run.note(gap.into());
        }
        video.finish()
    }

    #[cfg(all(feature = "video", unix))]
    fn take_still(&self, videos: &Videos, run: &mut Run<'_>, bytes: &[u8], is_video: bool) {
        if !run.goes_on() {
            return;
        }
        match videos.ffmpeg.still(bytes, &self.limits) {
            Ok(picture) => {
                let held = picture.stride() as u64 * u64::from(picture.height());
                let mut viewer = self.viewers.lend();
                run.take_picture(&mut viewer, &picture, &Provenance::NONE, held, Pace::Each);
            }
            Err(error) if is_video && Still::is_none(&error) => {}
            Err(error) => run.note(MediaError::from(error).into()),
        }
    }

    /// Screens a file, as [`Screener::screen_call`] screens its bytes; a video is not read into memory, so that it may be as long as
    /// [`Limits::video_bytes`]. What cannot be read is undecided.
    pub fn screen_file(&self, path: &Path, call: Call<'_>) -> Screening {
        self.try_file(path, call).unwrap_or_else(|error| {
            let mut run = self.run(call);
            let reason = error.to_string().into();
            run.note(Gap::Unreadable { reason });
            run.finish(&self.counters)
        })
    }

    fn try_file(&self, path: &Path, call: Call<'_>) -> io::Result<Screening> {
        #[cfg(all(feature = "video", unix))]
        if let Some(videos) = &self.videos
            && by_ffmpeg::is_video(path)?
        {
            let mut run = self.run(call);
            run.look_up_file(path, &self.limits)?;
            let frames = videos.ffmpeg.open(path, &videos.sampling, &self.limits);
            return Ok(self.screen_video(run, frames));
        }
        let mut bytes = Vec::new();
        // A byte more than is allowed, so that what is too long is told as such.
        let most = self.limits.bytes.saturating_add(1);
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
        Ok(self.screen_call(&bytes, call))
    }

    #[cfg(all(feature = "video", unix))]
    fn screen_video(&self, run: Run<'_>, frames: Result<VideoFrames, VideoError>) -> Screening {
        let mut video = self.video_of(run);
        video.take(frames);
        video.finish()
    }

    /// Screens a video that your own decoder takes apart: hand in its frames, then ask for the verdict.
    pub fn video<'a>(&'a self, call: Call<'a>) -> VideoScreening<'a> {
        self.video_of(self.run(call))
    }

    fn video_of<'a>(&'a self, run: Run<'a>) -> VideoScreening<'a> {
        VideoScreening {
            run,
            viewer: self.viewers.lend(),
            counters: &self.counters,
            frames: 0,
        }
    }

    /// Screens a picture that your own decoder made. Its memory is yours: [`Limits::memory_bytes`] counts only what is made of it.
    pub fn screen_picture(&self, picture: &Picture<'_>) -> Screening {
        let mut run = self.run(Call::new());
        let mut viewer = self.viewers.lend();
        run.take_picture(&mut viewer, picture, &Provenance::NONE, 0, Pace::Each);
        run.finish(&self.counters)
    }

    /// Screens a hash that was made elsewhere. The seven turned and mirrored forms are derived from its bits, 6 off on
    /// average; evidence says so. A bare hash has no views: what is framed or cropped is found by its picture only.
    pub fn screen_pdq(&self, pdq: Pdq, quality: Option<Quality>) -> Screening {
        let mut run = self.run(Call::new());
        run.take_bare(pdq, quality);
        run.finish(&self.counters)
    }

    fn run<'a>(&'a self, call: Call<'a>) -> Run<'a> {
        let lists = self.lists.iter().map(Named::asked).collect();
        Run::new(lists, self.clock.now(), self.effort, &self.limits, call)
    }
}
