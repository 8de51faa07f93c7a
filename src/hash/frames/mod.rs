//! A video's fingerprint: the hashes of its frames, each with the time at which it shows.
//!
//! In: frames in the order in which they show, as a hash, its quality and a time. Out: [`FrameHashes`], thinned by a [`Keeper`]: frames of
//! little detail are left out, and a picture that stands still is kept about once a second. [`contents`] tells which frames show the same, so
//! that distinct ones can be counted, and [`vpdq`] reads and writes the text that others keep such hashes in.
//!
//! Invariants: times never go back; nothing here decodes, reads a file or knows a clock. Cost: 40 bytes a frame that is kept.

mod contents;
mod keeper;
pub mod vpdq;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Pdq, Quality};

pub use contents::contents;
pub use keeper::{Fate, FrameCounts, Keeper};

/// The hash of a frame, and when it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FrameHash {
    /// When it begins to show, in milliseconds from the beginning of the video: up to 49 days.
    pub at_ms: u32,
    /// For how long it shows, in hundredths of a second: up to 655 s, and what shows longer says so.
    pub lasts_cs: u16,
    /// How much detail it has.
    pub quality: Quality,
    /// Its hash.
    pub pdq: Pdq,
}

impl FrameHash {
    /// When it ceases to show, in milliseconds from the beginning of the video.
    #[must_use]
    pub fn ends_ms(&self) -> u32 {
        self.at_ms.saturating_add(10 * u32::from(self.lasts_cs))
    }
}

/// Hours of video are tens of thousands of frames, and a baseline holds many videos.
const _: () = assert!(size_of::<FrameHash>() <= 40);

/// The frames of one video, in the order of their times; two may begin at the same time.
///
/// Serde gives them as a list, and refuses one whose times go back. `Debug` shows counts alone, since lists are sensitive.
///
/// ```
/// use ijkpunt::hash::Pdq;
/// use ijkpunt::hash::frames::{FrameHash, FrameHashes};
///
/// let frame = |at_ms| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(FrameHash { at_ms, lasts_cs: 50, quality: 90.try_into()?, pdq: Pdq::from_bytes([7; 32]) })
/// };
/// let frames = FrameHashes::new(vec![frame(0)?, frame(500)?])?;
/// assert_eq!(frames.ends_ms(), 1000);
/// assert!(FrameHashes::new(vec![frame(500)?, frame(0)?]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<FrameHash>")]
pub struct FrameHashes(Vec<FrameHash>);

impl FrameHashes {
    /// Frames in the order of their times.
    ///
    /// # Errors
    /// [`Backwards`] where a frame begins before the one in front of it. Frames are not sorted here: where their order and their times
    /// disagree, one of the two is wrong, and whoever made them knows which.
    pub fn new(frames: Vec<FrameHash>) -> Result<Self, Backwards> {
        for pair in frames.windows(2) {
            Backwards::check(pair[0].at_ms, pair[1].at_ms)?;
        }
        Ok(Self(frames))
    }

    /// The frames, in the order of their times.
    #[must_use]
    pub fn as_slice(&self) -> &[FrameHash] {
        &self.0
    }

    /// How many frames there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none: nothing of the video can be recognised.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When the last one ceases to show, in milliseconds; 0 where there are none.
    #[must_use]
    pub fn ends_ms(&self) -> u32 {
        self.0.last().map_or(0, FrameHash::ends_ms)
    }
}

impl TryFrom<Vec<FrameHash>> for FrameHashes {
    type Error = Backwards;

    fn try_from(frames: Vec<FrameHash>) -> Result<Self, Backwards> {
        Self::new(frames)
    }
}

/// Shows counts, never a hash.
impl fmt::Debug for FrameHashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameHashes")
            .field("frames", &self.len())
            .field("ends_ms", &self.ends_ms())
            .finish_non_exhaustive()
    }
}

/// A frame begins before the one in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a frame at {at_ms} ms comes behind one at {after_ms} ms")]
#[non_exhaustive]
pub struct Backwards {
    /// When the frame begins, in milliseconds.
    pub at_ms: u32,
    /// When the one in front of it does.
    pub after_ms: u32,
}

impl Backwards {
    fn check(after_ms: u32, at_ms: u32) -> Result<(), Self> {
        match at_ms < after_ms {
            true => Err(Self { at_ms, after_ms }),
            false => Ok(()),
        }
    }
}

/// Frames within so many bits show the same. The same frame, coded once more, is 0 to 4 bits away; the steps of a slow pan are
/// farther apart within a second.
const SAME_BITS: u16 = 6;

fn are_same(a: Pdq, b: Pdq) -> bool {
    a.distance(b).bits() <= SAME_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(at_ms: u32) -> FrameHash {
        FrameHash {
            at_ms,
            lasts_cs: 7,
            quality: Quality::new(80).unwrap(),
            pdq: Pdq::from_bytes([0xab; 32]),
        }
    }

    #[test]
    fn times_may_stand_still_and_not_go_back() {
        assert!(FrameHashes::new(vec![frame(5), frame(5), frame(6)]).is_ok());
        let refused = FrameHashes::new(vec![frame(5), frame(6), frame(5)]).unwrap_err();
        assert_eq!((refused.at_ms, refused.after_ms), (5, 6));
        assert_eq!(
            refused.to_string(),
            "a frame at 5 ms comes behind one at 6 ms"
        );
    }

    #[test]
    fn serde_goes_round_in_text_and_in_bytes() {
        let frames = FrameHashes::new(vec![frame(5), frame(600)]).unwrap();
        let json = serde_json::to_string(&frames).unwrap();
        assert!(json.starts_with(r#"[{"at_ms":5,"lasts_cs":7,"quality":80,"pdq":"abab"#));
        assert_eq!(serde_json::from_str::<FrameHashes>(&json).unwrap(), frames);
        let bytes = postcard::to_stdvec(&frames).unwrap();
        assert_eq!(postcard::from_bytes::<FrameHashes>(&bytes).unwrap(), frames);
    }

    #[test]
    fn serde_refuses_times_that_go_back() {
        let json = serde_json::to_string(&[frame(600), frame(5)]).unwrap();
        let refused = serde_json::from_str::<FrameHashes>(&json).unwrap_err();
        assert!(refused.to_string().contains("a frame at 5 ms"));
    }

    #[test]
    fn debug_shows_counts_and_no_hash() {
        let frames = FrameHashes::new(vec![frame(5), frame(600)]).unwrap();
        assert_eq!(
            format!("{frames:?}"),
            "FrameHashes { frames: 2, ends_ms: 670, .. }"
        );
        assert!(!format!("{:?}", frame(5)).contains("ab"));
    }

    #[test]
    fn an_end_beyond_the_last_millisecond_is_the_last_millisecond() {
        assert_eq!(frame(u32::MAX - 5).ends_ms(), u32::MAX);
        assert_eq!(FrameHashes::default().ends_ms(), 0);
    }
}
