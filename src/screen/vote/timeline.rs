//! When a video shows what.

use crate::hash::frames::{FrameHashes, contents};

/// What a vote has to know of a video: when its frames show, and which of them show the same. Made once an entry or upload.
///
/// # Cost
/// That of [`contents`]; 24 bytes a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    frames: Vec<Moment>,
    distinct: usize,
}

/// A frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) at_ms: u32,
    /// Within a second of `at_ms`.
    pub(super) ends_ms: u32,
    /// Equal numbers show the same.
    pub(super) content: usize,
}

impl Timeline {
    /// That of a video's frames.
    ///
    /// Of an entry, it is that of its core: leave out what is in other films as well, such as a title card, so that time and
    /// distinct frames are counted of what belongs to the entry alone.
    #[must_use]
    pub fn of(frames: &FrameHashes) -> Self {
        let frames = frames.as_slice();
        let numbers = contents(frames.iter().map(|frame| frame.pdq));
        let moments = frames.iter().zip(numbers).map(|(frame, content)| Moment {
            at_ms: frame.at_ms,
            ends_ms: frame.ends_ms().min(frame.at_ms.saturating_add(MOST_MS)),
            content,
        });
        Self::from_moments(moments.collect())
    }

    /// Frames with distinct content.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// How many frames there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn from_moments(frames: Vec<Moment>) -> Self {
        let distinct = frames.iter().map(|frame| frame.content + 1).max();
        Self {
            frames,
            distinct: distinct.unwrap_or(0),
        }
    }

    pub(super) fn frame(&self, number: usize) -> Option<&Moment> {
        self.frames.get(number)
    }

    /// How many frames begin between these two, the first moment with them.
    pub(super) fn begin_in(&self, [from, to]: [u32; 2]) -> usize {
        let before = |ms: u32| self.frames.partition_point(|frame| frame.at_ms < ms);
        before(to) - before(from)
    }

    /// How much of the time from the first frame to the end of the last one lies between these two, in thousandths.
    pub(super) fn permille([from, to]: [u32; 2], of: &Self) -> u16 {
        let ends = of.frames.iter().map(|frame| frame.ends_ms).max();
        let (Some(first), Some(ends)) = (of.frames.first(), ends) else {
            return 0;
        };
        let (part, whole) = (u64::from(to - from), u64::from(ends - first.at_ms));
        // A single frame without a duration is all there is.
        let permille = (1000 * part).checked_div(whole).unwrap_or(1000);
        u16::try_from(permille.min(1000)).unwrap_or(1000)
    }
}

/// A frame lasts until the next sample, which may be far off; that it still shows what it did is known for a second, in which equal
/// samples are merged into it.
const MOST_MS: u32 = 1000;
