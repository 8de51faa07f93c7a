//! From frames that look alike to stretches of video that run alike.
//!
//! In: [`Hit`]s, each of which says that a frame of an upload is near to a frame of one entry, and the [`Timeline`]s of both. Out:
//! [`Segment`]s: from when to when the upload shows which part of the entry, how fast, and what speaks for it. [`is_match`] says which
//! segments are enough for a match. Single frames are not: other people's films share shots, title cards and black frames.
//!
//! The model is a line: `entry time = speed * query time + offset`, with speeds from 0.5 to 2. A cut, a splice or another order makes
//! several lines, each with a stretch of its own.
//!
//! ```text
//! of each query frame, keep the 8 nearest entry frames
//! for each of 35 speeds, 4 % apart: for each hit: put it into the bins of its offset, 1 s wide, one each 0.5 s
//!     of each bin, cut at gaps above 4 s, each run with 3 distinct frames on both sides is a candidate
//! while there is a candidate, the strongest first (each distinct frame counts, a near one more than a far one):
//!     count it again, if hits have been claimed since
//!     refine it: collect hits near its line, from the run outwards until a gap above 4 s; pair frames one to one, those with
//!         the nearest hashes first; fit the line to the pairs by least squares; again, with less tolerance
//!     if 3 distinct frames are left on both sides, it is a segment, and claims
//!         every hit of its query frames, and all hits within 1.5 s of its line
//! ```
//!
//! Lines are judged by their best run and not by all their hits: over hours of video chance puts more hits on some line than a copy of
//! ten seconds has. Claims are wide, because frames half a second apart look alike, and would make of every segment a second one half a
//! second beside it.
//!
//! Invariants: the same hits in any order give the same segments. All arithmetic is on integers (milliseconds, millionths of
//! speed). Cost: linear in the hits that are kept, of which there are at most 8 a query frame, but for the sorting: at most 3,000
//! looks at each, some 150 where a copy is found. About 150 bytes of memory a hit, and 3 MB.

mod bins;
mod board;
mod line;
mod pairs;
mod refine;
mod timeline;

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
mod tests;

use serde::Serialize;

use crate::hash::Distance;

use board::Board;

pub use timeline::Timeline;

/// A frame of an upload is near to a frame of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hit {
    /// The frame's number in the upload's [`Timeline`].
    pub query: usize,
    /// The frame's number in the entry's.
    pub entry: usize,
    /// How far their hashes are apart.
    pub distance: Distance,
    /// Whether it was the mirrored frame that was near. Hits of the two kinds never make a segment together.
    pub mirrored: bool,
}

/// A stretch of an upload that runs like a stretch of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Segment {
    /// From when to when in the upload, in milliseconds: from the first frame's beginning to the last one's end, but no more than a
    /// second behind its beginning.
    pub query_ms: [u32; 2],
    /// The same in the entry.
    pub entry_ms: [u32; 2],
    /// From the beginning of the first frame to that of the last one in the entry, in milliseconds: so much was seen for sure.
    pub span_ms: u32,
    /// How much faster than the entry the upload runs: 1000 is as fast, 2000 twice as fast. The table of speeds ends at 500 and 2000, and
    /// what is measured may be 4 % beyond.
    pub speed_permille: u16,
    /// Whether the upload is mirrored.
    pub mirrored: bool,
    /// Pairs of frames, each frame in one of them at most.
    pub frames: usize,
    /// How many that is of the frames that begin in the segment, in thousandths: of the upload's or of the entry's, whichever has fewer there.
    pub density_permille: u16,
    /// Of those, with distinct content on both sides: the smaller number of the two sides.
    pub distinct: usize,
    /// The nearest pair.
    pub best_distance: Distance,
    /// The mean of all pairs, to the nearest bit.
    pub mean_distance: Distance,
    /// How much of the upload it is, in thousandths of the time from its first frame to the end of its last one.
    pub query_permille: u16,
    /// How much of the entry it is.
    pub entry_permille: u16,
}

/// The stretches of an upload that run like stretches of the entry that `hits` are of, in the order of their times in the upload; at most 16.
/// A moment of the upload is in one of them at most, unless its frames belong to two in turn.
///
/// Which entry and how many hits it has is not looked at: whoever asks skips entries with fewer hits than [`is_match`] takes.
///
/// ```
/// use ijkpunt::hash::Pdq;
/// use ijkpunt::hash::frames::{FrameHash, FrameHashes};
/// use ijkpunt::screen::vote::{Hit, Timeline, is_match, segments};
///
/// // Ten frames, half a second apart and nothing alike; of the upload's eight, five are from 2 s on in the entry.
/// let video = |codes: &[u8]| -> Result<_, Box<dyn std::error::Error>> {
///     let frames = codes.iter().zip(0u32..).map(|(&code, n)| FrameHash {
///         at_ms: 500 * n,
///         lasts_cs: 50,
///         quality: ijkpunt::Quality::DEFAULT_MINIMUM,
///         pdq: Pdq::from_bytes([code; 32]),
///     });
///     Ok(FrameHashes::new(frames.collect())?)
/// };
/// let entry = video(&[0x01, 0x02, 0x04, 0x08, 0x17, 0x2b, 0x4d, 0x8e, 0x71, 0xb2])?;
/// let upload = video(&[0xfe, 0xfd, 0xfb, 0x17, 0x2b, 0x4d, 0x8e, 0x71])?;
///
/// let mut hits = Vec::new();
/// for (query, a) in upload.as_slice().iter().enumerate() {
///     for (entry, b) in entry.as_slice().iter().enumerate() {
///         let distance = a.pdq.distance(b.pdq);
///         if ijkpunt::Radius::DEFAULT.covers(distance) {
///             hits.push(Hit { query, entry, distance, mirrored: false });
///         }
///     }
/// }
/// let (upload, entry) = (Timeline::of(&upload), Timeline::of(&entry));
/// let found = segments(&hits, &upload, &entry)?;
/// assert_eq!((found[0].query_ms, found[0].entry_ms), ([1500, 4000], [2000, 4500]));
/// assert_eq!((found[0].distinct, found[0].speed_permille), (5, 1000));
/// assert!(!is_match(&found[0], &entry)); // two seconds of five: a shot that others may have, too
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`NoSuchFrame`] where a hit names a frame that a timeline does not have: the hits are not of these two.
///
/// # Cost
/// See the module.
pub fn segments(
    hits: &[Hit],
    query: &Timeline,
    entry: &Timeline,
) -> Result<Vec<Segment>, NoSuchFrame> {
    Board::new(hits, query, entry).map(|board| board.segments().0)
}

/// Whether a segment is enough for a match with the entry that it is of.
///
/// It needs enough distinct frames: 5 on both sides, or 3 where the entry has fewer than 5; and enough time: 3 s of the entry, or four fifths of all
/// there is of it. And a quarter of the frames there have to be paired: over minutes chance puts a few on a line. Time is the entry's and not the upload's, so that slowing a shot down does not make it longer; and it is counted from
/// frame to frame, without how long the last one stood.
///
/// Measured by `examples/evaluate` on drawn films: of 12 uploads that share a shot of 2.5 s with an entry, 9 were matches by any frame, none is by
/// this rule, and the longest segment of one was 2.1 s. An entry with fewer than 3 distinct frames, such as a speech over one still picture, is
/// never matched here; its picture is, as a picture.
#[must_use]
pub fn is_match(segment: &Segment, entry: &Timeline) -> bool {
    let needed = match entry.distinct() < MATCH_DISTINCT {
        true => LEAST_DISTINCT,
        false => MATCH_DISTINCT,
    };
    let is_long = segment.span_ms >= MATCH_SPAN_MS || segment.entry_permille >= MATCH_PERMILLE;
    let is_dense = segment.density_permille >= MATCH_DENSITY;
    segment.distinct >= needed && is_long && is_dense
}

/// A hit names a frame that is not in its timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hit names frame {frame} of the {side}, which has {frames}")]
#[non_exhaustive]
pub struct NoSuchFrame {
    /// `upload` or `entry`.
    pub side: &'static str,
    /// The frame that is named, counted from 0.
    pub frame: usize,
    /// How many there are.
    pub frames: usize,
}

/// Distinct frames on both sides without which nothing is a segment: two frames are on a line wherever they are.
pub(super) const LEAST_DISTINCT: usize = 3;

/// Distinct frames that a match needs.
const MATCH_DISTINCT: usize = 5;

/// How much of an entry a match needs, in milliseconds.
const MATCH_SPAN_MS: u32 = 3000;

/// Or else, in thousandths of the whole.
const MATCH_PERMILLE: u16 = 800;

/// How much of the frames there a match needs, in thousandths. Of 267 copies that were found, none had less than 315.
const MATCH_DENSITY: u16 = 250;

/// Segments that are looked for.
const MOST_SEGMENTS: usize = 16;

/// Entry frames that are looked at for each query frame, the nearest first. Without a bound, a hundred frames of a still picture
/// against a hundred others are ten thousand hits that say nothing.
pub(super) const MOST_HITS: usize = 8;

/// A longer time without a hit in the upload ends a segment, in milliseconds.
const GAP_MS: i64 = 4000;

/// How far a hit may be from a line, in milliseconds of the entry: half the time between two frames of a sample, and some jitter.
const TOLERANCE_MS: i64 = 350;

/// How far from its line a segment claims hits, in milliseconds of the entry.
const CLAIM_MS: i64 = 1500;
