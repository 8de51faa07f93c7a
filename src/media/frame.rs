//! A frame, and where frames come from.

use std::time::Duration;

use crate::picture::Picture;

use super::MediaError;
use super::sniff::Format;

/// A frame of an upload, decoded; stills have one.
#[derive(Debug, Clone)]
pub struct Frame {
    pub(super) picture: Picture<'static>,
    pub(super) number: u32,
    pub(super) time: Option<Duration>,
    pub(super) partial: bool,
    pub(super) background: Background,
    /// See [`Frame::held_bytes`].
    pub(super) held_bytes: u64,
}

/// What a transparent picture was composited on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Background {
    /// Black; opaque pictures count as on black.
    Black,
    /// White, which most viewers and pages are.
    White,
}

impl Frame {
    /// What it shows, upright.
    #[must_use]
    pub fn picture(&self) -> &Picture<'static> {
        &self.picture
    }

    /// Its place in the file, counted from 0; frames equal to an earlier one count and are not given. In an animated
    /// PNG whose default image is not part of the animation, that image is 0.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// When it begins to show, from the start of the animation; none for stills.
    #[must_use]
    pub fn time(&self) -> Option<Duration> {
        self.time
    }

    /// Whether the file was cut short or damaged, so that the frame may lack something.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// What it was composited on. A frame with alpha comes twice, with the same number and time: on black, then on white.
    #[must_use]
    pub fn background(&self) -> Background {
        self.background
    }

    /// Bytes of memory that are held while it is looked at, at most: its own, those of frames that were made with it, and what its
    /// decoder keeps for the next.
    pub(crate) fn held_bytes(&self) -> u64 {
        self.held_bytes
    }
}

/// What a decoder gives, before limits of count and time are looked at.
pub(super) struct Source<'a> {
    pub(super) format: Format,
    /// Bytes that the decoder keeps from one frame to the next, at most.
    pub(super) kept_bytes: u64,
    pub(super) steps: Steps<'a>,
}

/// The steps of a decoder, in the order of the file.
pub(super) type Steps<'a> = Box<dyn Iterator<Item = Step> + 'a>;

/// A frame; none for one that is equal to a frame before it; or the reason why one is missing.
pub(super) type Step = Result<Option<Frame>, MediaError>;
