//! Which frames of a video are kept.

use super::{Backwards, FrameHash, FrameHashes, are_same};
use crate::hash::{Pdq, Quality};

/// Takes the frames of a video as they come, and keeps those that a match can rest on.
///
/// 1. A frame of a quality below 50 is dropped: its hash says little.
/// 2. A frame within 6 bits of the one that was kept last, which begins within a second of that one's beginning, is merged into it.
/// 3. Every other frame is kept.
///
/// A frame is compared with the one that was *kept* last, and not with the one that was *seen* last: else a slow pan would be one
/// frame, each step being near to the step before. Because of the second, a picture that stands still is kept about once a
/// second, and what is found in it still has a time.
///
/// A frame that was kept lasts until the first frame begins that is neither it nor merged into it.
///
/// ```
/// use ijkpunt::hash::Pdq;
/// use ijkpunt::hash::frames::Keeper;
///
/// let mut keeper = Keeper::new();
/// for at_ms in [0, 400, 800, 1200] {
///     keeper.push(at_ms, Pdq::from_bytes([7; 32]), 90.try_into()?)?;
/// }
/// assert_eq!(keeper.counts().merged, 2);
/// let frames = keeper.finish(1600);
/// let kept: Vec<_> = frames.as_slice().iter().map(|frame| (frame.at_ms, frame.lasts_cs)).collect();
/// assert_eq!(kept, [(0, 120), (1200, 40)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Cost
/// A comparison a frame; 40 bytes a frame that is kept. How many frames may come is for whoever decodes them to limit.
#[derive(Debug, Clone)]
pub struct Keeper {
    minimum: Quality,
    kept: FrameHashes,
    counts: FrameCounts,
    /// When the frame that was seen last began.
    last_ms: Option<u32>,
    /// Whether what was seen last belongs to what was kept last.
    is_showing: bool,
}

/// What became of the frames of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FrameCounts {
    /// Frames that came.
    pub seen: u64,
    /// Of those, dropped for their quality.
    pub dropped: u64,
    /// Of those, merged into the frame that was kept before.
    pub merged: u64,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is kept.
    Kept,
    /// It was dropped for its quality.
    Dropped,
    /// It was merged into the frame that was kept before.
    Merged,
}

impl Default for Keeper {
    fn default() -> Self {
        Self::of_quality(Quality::DEFAULT_MINIMUM)
    }
}

impl Keeper {
    /// Without frames yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One that drops the frames below another quality than 50.
    #[must_use]
    pub fn of_quality(minimum: Quality) -> Self {
        Self {
            minimum,
            kept: FrameHashes::default(),
            counts: FrameCounts::default(),
            last_ms: None,
            is_showing: false,
        }
    }

    /// Takes the next frame, which begins to show at `at_ms` milliseconds from the beginning of the video.
    ///
    /// # Errors
    /// [`Backwards`] where it begins before the frame that came before; it is not counted, and the next one may come. Frames are not
    /// sorted here, since what is merged and how long it lasts depends on the order: a decoder that hands them out in another order
    /// than they show in is asked wrongly, and a container whose times jump back has two stories of when something shows.
    pub fn push(&mut self, at_ms: u32, pdq: Pdq, quality: Quality) -> Result<Fate, Backwards> {
        Backwards::check(self.last_ms.unwrap_or(0), at_ms)?;
        self.last_ms = Some(at_ms);
        self.show_until(at_ms);
        self.counts.seen += 1;
        if quality < self.minimum {
            self.counts.dropped += 1;
            self.is_showing = false;
            return Ok(Fate::Dropped);
        }
        self.is_showing = true;
        if self.is_still_the_last(at_ms, pdq) {
            self.counts.merged += 1;
            return Ok(Fate::Merged);
        }
        self.kept.0.push(FrameHash {
            at_ms,
            lasts_cs: 0,
            quality,
            pdq,
        });
        Ok(Fate::Kept)
    }

    /// The frames that were kept so far; how long the last one lasts is not known yet.
    #[must_use]
    pub fn kept(&self) -> &[FrameHash] {
        self.kept.as_slice()
    }

    /// What became of the frames so far.
    #[must_use]
    pub fn counts(&self) -> FrameCounts {
        self.counts
    }

    /// The frames that were kept, of a video that ends at `ends_ms`. An end before the last frame's beginning is that beginning.
    #[must_use]
    pub fn finish(mut self, ends_ms: u32) -> FrameHashes {
        self.show_until(ends_ms.max(self.last_ms.unwrap_or(0)));
        self.kept
    }

    fn is_still_the_last(&self, at_ms: u32, pdq: Pdq) -> bool {
        let last = self.kept.0.last();
        last.is_some_and(|last| at_ms - last.at_ms <= STILL_MS && are_same(last.pdq, pdq))
    }

    /// What was kept last shows until `at_ms`, unless something else came in between.
    fn show_until(&mut self, at_ms: u32) {
        if self.is_showing
            && let Some(last) = self.kept.0.last_mut()
        {
            last.lasts_cs = u16::try_from((at_ms - last.at_ms) / 10).unwrap_or(u16::MAX);
        }
    }
}

/// For how long, in milliseconds, a picture that stands still is one frame.
const STILL_MS: u32 = 1000;

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    type Pushed = (u32, Pdq, Quality);

    /// The first `bits` bits are set, so that two such hashes are as far apart as their numbers.
    fn code(bits: usize) -> Pdq {
        Pdq::from_coefficients(|row, column| 16 * row + column < bits)
    }

    fn quality(quality: u8) -> Quality {
        Quality::new(quality).unwrap()
    }

    fn keep(frames: &[Pushed], ends_ms: u32) -> (FrameHashes, FrameCounts) {
        let mut keeper = Keeper::new();
        for &(at_ms, pdq, quality) in frames {
            keeper.push(at_ms, pdq, quality).unwrap();
        }
        let counts = keeper.counts();
        (keeper.finish(ends_ms), counts)
    }

    /// The frame that number `n` is merged into, or itself: found anew from the beginning for each frame.
    fn naive_leader(frames: &[Pushed], n: usize) -> usize {
        let leader = (0..n)
            .rev()
            .find(|&m| frames[m].2.get() >= 50 && naive_leader(frames, m) == m);
        leader
            .filter(|&m| frames[n].0 - frames[m].0 <= 1000)
            .filter(|&m| frames[n].1.distance(frames[m].1).bits() <= 6)
            .unwrap_or(n)
    }

    fn naive(frames: &[Pushed], ends_ms: u32) -> Vec<FrameHash> {
        let mut kept = Vec::new();
        for n in 0..frames.len() {
            if frames[n].2.get() < 50 || naive_leader(frames, n) != n {
                continue;
            }
            let belongs = |m: &usize| frames[*m].2.get() >= 50 && naive_leader(frames, *m) == n;
            let last = (n..frames.len()).rev().find(belongs).unwrap();
            let until = frames.get(last + 1).map_or(ends_ms, |next| next.0);
            kept.push(FrameHash {
                at_ms: frames[n].0,
                lasts_cs: ((until - frames[n].0) / 10).try_into().unwrap(),
                quality: frames[n].2,
                pdq: frames[n].1,
            });
        }
        kept
    }

    /// Frames that often stand still, drift, come back and are flat.
    fn videos() -> impl Strategy<Value = (Vec<Pushed>, u32)> {
        let step = prop_oneof![Just(0u32), 30..700u32, Just(500), Just(1000), Just(1001)];
        let drift = prop_oneof![Just(0usize), 0..5usize, Just(6), Just(7), 0..200usize];
        let detail = prop_oneof![Just(49u8), Just(50), 0..=100u8];
        (vec((step, drift, detail), 0..12), 0..2000u32).prop_map(|(steps, rest)| {
            let (mut at_ms, mut bits) = (0, 0);
            let mut frames = Vec::new();
            for (step, drift, of) in steps {
                at_ms += step;
                bits = (bits + drift) % 250;
                frames.push((at_ms, code(bits), quality(of)));
            }
            (frames, at_ms + rest)
        })
    }

    proptest! {
        #[test]
        fn the_keeper_keeps_what_the_naive_one_keeps((frames, ends_ms) in videos()) {
            let (kept, counts) = keep(&frames, ends_ms);
            prop_assert_eq!(kept.as_slice(), naive(&frames, ends_ms));
            prop_assert_eq!(counts.seen, frames.len() as u64);
            prop_assert_eq!(counts.seen - counts.dropped - counts.merged, kept.len() as u64);
            let flat = frames.iter().filter(|frame| frame.2.get() < 50).count();
            prop_assert_eq!(counts.dropped, flat as u64);
        }

        #[test]
        fn what_was_kept_is_in_order_and_kept_again((frames, ends_ms) in videos()) {
            let (kept, _) = keep(&frames, ends_ms);
            prop_assert_eq!(FrameHashes::new(kept.as_slice().to_vec()), Ok(kept.clone()));
            let pushed: Vec<Pushed> = kept.as_slice().iter().map(|f| (f.at_ms, f.pdq, f.quality)).collect();
            let (again, counts) = keep(&pushed, ends_ms);
            prop_assert_eq!(counts.merged, 0);
            prop_assert_eq!(again.len(), kept.len());
        }
    }

    #[test]
    fn a_slow_pan_is_not_one_frame() {
        let steps = (0..20).zip((0..).step_by(40));
        let pan: Vec<Pushed> = steps
            .map(|(n, at_ms)| (at_ms, code(2 * n), quality(90)))
            .collect();
        let (kept, _) = keep(&pan, 800);
        let at: Vec<u32> = kept.as_slice().iter().map(|frame| frame.at_ms).collect();
        assert_eq!(at, [0, 160, 320, 480, 640]);
    }

    #[test]
    fn a_still_picture_is_kept_once_a_second() {
        let still: Vec<Pushed> = (0..100).map(|n| (100 * n, code(9), quality(90))).collect();
        let (kept, counts) = keep(&still, 10_000);
        assert_eq!((kept.len(), counts.merged), (10, 90));
        assert!(
            kept.as_slice()
                .iter()
                .all(|frame| frame.lasts_cs == 110 || frame.at_ms == 9900)
        );
    }

    #[test]
    fn six_bits_and_a_second_are_merged_and_not_more() {
        let after = |at_ms, bits| {
            let frames = [(0, code(0), quality(90)), (at_ms, code(bits), quality(90))];
            keep(&frames, 3000).0.len()
        };
        assert_eq!((after(1000, 6), after(1001, 6), after(1000, 7)), (1, 2, 2));
    }

    #[test]
    fn a_flat_frame_ends_the_one_before() {
        let frames = [
            (0, code(0), quality(50)),
            (300, code(0), quality(49)),
            (900, code(99), quality(50)),
        ];
        let (kept, counts) = keep(&frames, 5000);
        let lasts: Vec<u16> = kept.as_slice().iter().map(|frame| frame.lasts_cs).collect();
        assert_eq!((lasts, counts.dropped), (vec![30, 410], 1));
    }

    #[test]
    fn a_frame_that_goes_back_is_refused_and_the_next_one_taken() {
        let mut keeper = Keeper::new();
        keeper.push(500, code(0), quality(90)).unwrap();
        let refused = keeper.push(499, code(99), quality(90)).unwrap_err();
        assert_eq!((refused.at_ms, refused.after_ms), (499, 500));
        assert_eq!(keeper.counts().seen, 1);
        keeper.push(500, code(99), quality(90)).unwrap();
        assert_eq!(keeper.finish(0).len(), 2);
    }

    #[test]
    fn a_time_that_does_not_fit_is_the_longest_there_is() {
        let (kept, _) = keep(&[(0, code(0), quality(90))], u32::MAX);
        assert_eq!(kept.as_slice()[0].lasts_cs, u16::MAX);
        assert_eq!(keep(&[], 5000).0, FrameHashes::default());
    }
}
