//! Media to a proposal, and proposals to a list.

use std::fmt;
use std::time::Duration;

use crate::baseline::generic::Warning;
use crate::baseline::{FrameRole, List, ListError, NewRow, Part};
use crate::hash::frames::{self, FrameCounts, FrameHashes};
use crate::hash::{Digest, DigestKind, Pdq, Quality, TooSmall, Transform};
use crate::limits::Limits;
use crate::media::{self, Background, MediaError};
use crate::picture::Picture;
use crate::view::{Allowance, Place, View, Viewer};

/// Makes proposals, one after the other.
#[derive(Debug, Default)]
pub struct Enroller {
    pub(super) viewer: Viewer,
}

/// What is proposed of one file or picture: hashes, and never the media.
#[derive(Clone, PartialEq)]
pub struct Proposal {
    pub(super) sha256: Option<Digest>,
    pub(super) fingerprints: Vec<Fingerprint>,
    pub(super) frames: FrameHashes,
    /// Of each of those frames.
    pub(super) roles: Vec<FrameRole>,
    pub(super) counts: FrameCounts,
    pub(super) gaps: Vec<MediaError>,
}

/// What is kept of one frame.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Fingerprint {
    /// The frame, counted from 0; 0 for stills.
    pub frame: u32,
    /// When it begins to show; none for stills.
    pub frame_time: Option<Duration>,
    /// What it was put on, if it is transparent.
    pub background: Background,
    /// Whether it was cut short or damaged.
    pub partial: bool,
    /// Its hash as a whole.
    pub pdq: Pdq,
    /// Its quality as a whole. Below 50 it is not looked up.
    pub quality: Quality,
    /// Its windows, the surest first.
    pub windows: Vec<Window>,
}

/// A part of a frame that is found again in copies of which the rest is gone.
#[derive(Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Window {
    /// Where it lies.
    pub part: Part,
    /// Its hash.
    pub pdq: Pdq,
    /// Its quality: 80 at least.
    pub quality: Quality,
}

impl Enroller {
    /// With the fastest kernel that the CPU has.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Proposes the bytes of a file: their SHA-256, and all their distinct frames. What could not be looked at stands in
    /// [`Proposal::gaps`].
    ///
    /// # Cost
    /// Decoding, and of each frame that of [`Viewer::windows_to_keep`].
    #[must_use]
    pub fn propose(&mut self, bytes: &[u8], limits: &Limits) -> Proposal {
        let mut proposal = Proposal {
            sha256: Some(DigestKind::Sha256.of(bytes)),
            fingerprints: Vec::new(),
            frames: FrameHashes::default(),
            roles: Vec::new(),
            counts: FrameCounts::default(),
            gaps: Vec::new(),
        };
        let (mut allowance, mut is_cut) = (Allowance::default(), false);
        for item in media::frames(bytes, limits) {
            let frame = match item {
                Ok(frame) => frame,
                Err(error) => {
                    proposal.gaps.push(error);
                    continue;
                }
            };
            // A frame that is too small beside others is nothing that anybody would look up.
            let Ok(transform) = self.viewer.hash(frame.picture()) else {
                continue;
            };
            let windows = match allowance.take(frame.picture(), frame.held_bytes(), limits) {
                Ok(()) => self.windows(frame.picture()),
                Err(exceeded) => {
                    if !is_cut {
                        proposal.gaps.push(exceeded.into());
                        is_cut = true;
                    }
                    Vec::new()
                }
            };
            proposal.fingerprints.push(Fingerprint {
                frame: frame.number(),
                frame_time: frame.time(),
                background: frame.background(),
                partial: frame.is_partial(),
                ..Fingerprint::of_still(&transform, windows)
            });
        }
        proposal
    }

    /// Proposes a picture that your own decoder made. It has no digest.
    ///
    /// # Errors
    /// [`TooSmall`]: a side is below 5 pixels.
    pub fn propose_picture(&mut self, picture: &Picture<'_>) -> Result<Proposal, TooSmall> {
        Ok(Proposal {
            sha256: None,
            fingerprints: vec![Fingerprint::of_still(
                &self.viewer.hash(picture)?,
                self.windows(picture),
            )],
            frames: FrameHashes::default(),
            roles: Vec::new(),
            counts: FrameCounts::default(),
            gaps: Vec::new(),
        })
    }

    fn windows(&self, picture: &Picture<'_>) -> Vec<Window> {
        let [width, height] = [picture.width(), picture.height()];
        let windows = self.viewer.windows_to_keep(picture);
        let window = |view: &View| {
            Some(Window {
                part: part(&view.place(), width, height)?,
                pdq: view.transform().pdq(),
                quality: view.quality(),
            })
        };
        windows.iter().filter_map(window).collect()
    }
}

/// A place in a picture of this size, to a ten-thousandth of its sides.
fn part(place: &Place, width: u32, height: u32) -> Option<Part> {
    let [left, top, right, bottom] = place.bounds().map(f64::from);
    let (width, height) = (f64::from(width), f64::from(height));
    let sides = [left / width, top / height, right / width, bottom / height];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 10,000, rounded"
    )]
    let sides = sides.map(|side| (side * 10_000.0).round().clamp(0.0, 10_000.0) as u16);
    Part::new(sides).ok()
}

impl Proposal {
    /// The SHA-256 of the file's bytes; none of a bare picture.
    #[must_use]
    pub fn sha256(&self) -> Option<Digest> {
        self.sha256
    }

    /// What is kept of each distinct frame; empty where nothing could be looked at.
    #[must_use]
    pub fn fingerprints(&self) -> &[Fingerprint] {
        &self.fingerprints
    }

    /// What could not be looked at; or, where a limit says so, of which frames there are no windows.
    #[must_use]
    pub fn gaps(&self) -> &[MediaError] {
        &self.gaps
    }

    /// Of frames that are so plain that harmless pictures match them, what is done about it: for whoever decides whether to list it.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        let frames = self.fingerprints.iter();
        frames.filter_map(|frame| Warning::of(frame.pdq))
    }

    /// Whether copies can be found: some frame has the quality that is asked of frames, or a window. Otherwise only the very file is.
    #[must_use]
    pub fn is_findable(&self) -> bool {
        let has_detail = |frame: &Fingerprint| {
            frame.quality >= Quality::DEFAULT_MINIMUM || !frame.windows.is_empty()
        };
        self.fingerprints.iter().any(has_detail) || self.distinct_frames() >= LEAST_DISTINCT
    }

    /// How many of a video's core frames show something that no earlier one shows. With fewer than 3, no stretch of it is ever found: list its
    /// pictures as well.
    #[must_use]
    pub fn distinct_frames(&self) -> usize {
        let codes = self.core().map(|frame| frame.pdq);
        frames::contents(codes)
            .into_iter()
            .max()
            .map_or(0, |last| last + 1)
    }

    /// The rows of a list that it makes under this id: the digest, and of each frame the whole and the windows; of a video its frames.
    pub fn rows(&self, id: &str) -> impl Iterator<Item = NewRow> {
        let digest = self.sha256.map(|digest| NewRow::new(id, digest));
        let frames = self.fingerprints.iter().flat_map(move |frame| {
            let label = frame.label();
            let whole = NewRow::new(id, frame.pdq).quality(frame.quality);
            let window = |window: &Window| {
                NewRow::new(id, window.pdq)
                    .quality(window.quality)
                    .window(window.part)
            };
            let rows = std::iter::once(whole).chain(frame.windows.iter().map(window));
            let labelled = rows.map(move |row| match &label[..] {
                "" => row,
                label => row.label(label),
            });
            labelled.collect::<Vec<_>>()
        });
        let pictures = digest.into_iter().chain(frames);
        pictures.chain(self.frame_rows(id))
    }
}

/// Distinct frames without which nothing of a video is found.
const LEAST_DISTINCT: usize = 3;

impl Fingerprint {
    fn of_still(transform: &Transform, windows: Vec<Window>) -> Self {
        Self {
            frame: 0,
            frame_time: None,
            background: Background::Black,
            partial: false,
            pdq: transform.pdq(),
            quality: transform.quality(),
            windows,
        }
    }

    /// What tells it from the other frames; empty of a still.
    fn label(&self) -> String {
        let mut words = Vec::new();
        if self.frame > 0 {
            words.push(format!("frame {}", self.frame));
        }
        if self.background == Background::White {
            words.push("on white".to_owned());
        }
        words.join(" ")
    }
}

impl List {
    /// A list of proposals, each under its id, with their windows: what lists are made of where the media are at hand.
    ///
    /// # Errors
    /// As [`List::from_rows`].
    pub fn from_proposals<'p>(
        proposals: impl IntoIterator<Item = (impl AsRef<str>, &'p Proposal)>,
    ) -> Result<Self, ListError> {
        let rows = proposals.into_iter().flat_map(|(id, proposal)| {
            let rows: Vec<NewRow> = proposal.rows(id.as_ref()).collect();
            rows
        });
        Self::from_rows(rows)
    }
}

/// Shows counts, no hash.
impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proposal")
            .field("fingerprints", &self.fingerprints)
            .field("frames", &self.frames)
            .field("core_frames", &self.core_frames())
            .field("gaps", &self.gaps)
            .finish_non_exhaustive()
    }
}

/// Shows the frame and counts, no hash.
impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fingerprint")
            .field("frame", &self.frame)
            .field("quality", &self.quality)
            .field("windows", &self.windows.len())
            .finish_non_exhaustive()
    }
}

/// Shows the part, no hash.
impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("part", &self.part)
            .field("quality", &self.quality)
            .finish_non_exhaustive()
    }
}
