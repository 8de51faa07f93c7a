//! Videos to proposals.

use std::time::Duration;

use crate::baseline::{FrameRole, NewRow, Shown};
use crate::hash::frames::{FrameCounts, FrameHash, FrameHashes, Keeper};
use crate::media::MediaError;
use crate::picture::Picture;

use super::{Enroller, Proposal};

/// Frames of a video on their way into a proposal: see [`Enroller::video`].
#[derive(Debug)]
#[must_use = "call `finish`"]
pub struct Filming<'e> {
    enroller: &'e mut Enroller,
    keeper: Keeper,
    last_ms: u32,
    gaps: Vec<MediaError>,
}

impl Enroller {
    /// Proposes a video that your own decoder takes apart: hand in its frames, in the order of their times.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use ijkpunt::enrol::Enroller;
    /// use ijkpunt::picture::Picture;
    ///
    /// let mut enroller = Enroller::new();
    /// let mut video = enroller.video();
    /// for number in 0..6u32 {
    ///     let pixels: Vec<u8> = (0..64 * 64u32).map(|k| (k * (k / 64 + number * 9) % 251) as u8).collect();
    ///     video.push(&Picture::grey(64, 64, 64, &pixels)?, Duration::from_millis(500 * u64::from(number)));
    /// }
    /// let proposal = video.finish(None);
    /// assert_eq!(proposal.rows("item-1").count(), proposal.frames().len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn video(&mut self) -> Filming<'_> {
        Filming {
            enroller: self,
            keeper: Keeper::new(),
            last_ms: 0,
            gaps: Vec::new(),
        }
    }

    /// Proposes a video file: the SHA-256 of its bytes, and the frames of it that a match can rest on.
    ///
    /// # Errors
    /// The file cannot be read. What of it cannot be decoded stands in [`Proposal::gaps`].
    ///
    /// # Cost
    /// Decoding; a hash a frame; 40 bytes a frame that is kept.
    #[cfg(all(feature = "video", unix))]
    pub fn propose_video(
        &mut self,
        path: &std::path::Path,
        ffmpeg: &crate::media::video::Ffmpeg,
        sampling: &crate::media::video::Sampling,
        limits: &crate::limits::Limits,
    ) -> std::io::Result<Proposal> {
        use crate::hash::{DigestKind, Digesting};

        let sha256 = Digesting::of_file(&[DigestKind::Sha256], path, limits.video_bytes)?;
        let mut video = self.video();
        match ffmpeg.open(path, sampling, limits) {
            Ok(frames) => {
                for frame in frames {
                    match frame {
                        Ok(frame) => video.push(frame.picture(), frame.at()),
                        Err(error) => video.gap(error.into()),
                    }
                }
            }
            Err(error) => video.gap(error.into()),
        }
        Ok(video.finish(sha256.first().copied()))
    }
}

impl Filming<'_> {
    /// Takes the next frame, upright, at its full size, which begins to show at this time from the start of the video. A time that goes back counts as
    /// standing still.
    pub fn push(&mut self, picture: &Picture<'_>, at: Duration) {
        let at_ms = u32::try_from(at.as_millis()).unwrap_or(u32::MAX);
        self.last_ms = self.last_ms.max(at_ms);
        // Too small for a hash is nothing that anybody would look up.
        if let Ok(transform) = self.enroller.viewer.hash(picture) {
            let pushed = self
                .keeper
                .push(self.last_ms, transform.pdq(), transform.quality());
            debug_assert!(pushed.is_ok(), "times do not go back");
        }
    }

    /// Notes what could not be looked at.
    pub fn gap(&mut self, gap: MediaError) {
        self.gaps.push(gap);
    }

    /// The proposal, with the digest of the file, if there is one.
    #[must_use]
    pub fn finish(self, sha256: Option<crate::hash::Digest>) -> Proposal {
        let counts = self.keeper.counts();
        let frames = self.keeper.finish(self.last_ms.saturating_add(LAST_MS));
        Proposal {
            sha256,
            fingerprints: Vec::new(),
            roles: vec![FrameRole::Core; frames.len()],
            frames,
            counts,
            gaps: self.gaps,
        }
    }
}

impl Proposal {
    /// What is kept of a video's frames, all of which its core is made of until a person says otherwise; none of pictures.
    #[must_use]
    pub fn frames(&self) -> &FrameHashes {
        &self.frames
    }

    /// What became of a video's frames.
    #[must_use]
    pub fn frame_counts(&self) -> FrameCounts {
        self.counts
    }

    /// States what the frames belong to that begin within a stretch of the video, its end not among them, and gives how many those are. What is said
    /// last of a frame holds. Only core frames count towards a match.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use ijkpunt::baseline::{FrameRole, List};
    /// use ijkpunt::enrol::Enroller;
    /// use ijkpunt::picture::Picture;
    ///
    /// let mut enroller = Enroller::new();
    /// let mut video = enroller.video();
    /// for number in 0..8u32 {
    ///     let pixels: Vec<u8> = (0..64 * 64u32).map(|k| (k * (k / 64 + number * 9) % 251) as u8).collect();
    ///     video.push(&Picture::grey(64, 64, 64, &pixels)?, Duration::from_millis(500 * u64::from(number)));
    /// }
    /// let mut proposal = video.finish(None);
    /// let core = proposal.core_frames();
    /// let intro = proposal.set_role(FrameRole::Intro, Duration::ZERO, Duration::from_secs(1));
    /// assert_eq!(proposal.core_frames(), core - intro);
    /// let list = List::from_proposals([("item-1", &proposal)])?;
    /// let roles = list.rows().iter().filter_map(|row| row.shown()).map(|shown| shown.role());
    /// assert_eq!(roles.filter(|role| *role == FrameRole::Intro).count(), intro);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_role(&mut self, role: FrameRole, from: Duration, to: Duration) -> usize {
        let mut set = 0;
        for (frame, of) in self.frames.as_slice().iter().zip(&mut self.roles) {
            let at = Duration::from_millis(frame.at_ms.into());
            if (from..to).contains(&at) {
                *of = role;
                set += 1;
            }
        }
        set
    }

    /// How many of a video's frames are of its core.
    #[must_use]
    pub fn core_frames(&self) -> usize {
        self.core().count()
    }

    /// The frames that count towards a match.
    pub(super) fn core(&self) -> impl Iterator<Item = &FrameHash> {
        let frames = self.frames.as_slice().iter().zip(&self.roles);
        let core = frames.filter(|(_, role)| **role == FrameRole::Core);
        core.map(|(frame, _)| frame)
    }

    /// The rows of a video's frames.
    pub(super) fn frame_rows(&self, id: &str) -> impl Iterator<Item = NewRow> {
        let frames = self.frames.as_slice().iter().zip(&self.roles);
        frames.map(move |(frame, role)| {
            NewRow::new(id, frame.pdq)
                .quality(frame.quality)
                .shown(Shown::new(frame.at_ms, frame.lasts_cs, *role))
        })
    }
}

/// How long the last frame shows, for all that is known, in milliseconds.
const LAST_MS: u32 = 500;
