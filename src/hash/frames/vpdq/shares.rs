//! vPDQ's rule for a match: which share of the frames of each of two videos is near to one of the other.

use std::ops::Range;

use super::Frame;
use crate::hash::{Pdq, Quality, Radius};

/// How many frames of two videos are near to one of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shares {
    /// Of the video that was asked for.
    pub query: Share,
    /// Of the one that is known.
    pub entry: Share,
}

/// How many of a video's frames were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Share {
    /// Frames that were found in the other video.
    pub found: usize,
    /// Frames of a quality of 50 or more; never 0.
    pub of: usize,
}

impl Share {
    /// 0 to 100, as vPDQ tells it.
    #[must_use]
    pub fn percent(self) -> f64 {
        self.found as f64 * 100.0 / self.of as f64
    }
}

/// The shares of two videos' frames that are near to a frame of the other, by vPDQ's rule: frames of a quality below 50 count on neither side, and
/// of the others each is found if any frame of the other video is within `radius`, whatever the order. None where a video has no
/// frame left: then there is nothing to compare, which is another thing than nothing in common. The reference divides by zero there.
///
/// At the radius counts, as in vPDQ's README and its Python package; its C++ takes only what is nearer (`<`), so for its figures at a distance of 31
/// ask with a radius of 30. Which shares make a match is for the caller to say: the README names 80 % of the entry, the Python package
/// 80 % of the query.
///
/// # Cost
/// Frames that follow each other and are alike are compared as one, which the triangle inequality allows: one comparison for each pair of shots
/// that are not near, and up to one comparison for each pair of frames otherwise. 33 bytes a frame.
#[must_use]
pub fn shares(query: &[Frame], entry: &[Frame], radius: Radius) -> Option<Shares> {
    let (mut query, mut entry) = (Shots::of(query)?, Shots::of(entry)?);
    for a in &query.shots {
        for b in &entry.shots {
            // Two frames are at least as far apart as the first ones, less what each is away from its first one.
            let nearest = query.codes[a.start].distance(entry.codes[b.start]);
            if nearest.bits() <= radius.bits() + 2 * SHOT_BITS {
                let a = (&query.codes[a.clone()], &mut query.is_found[a.clone()]);
                let b = (&entry.codes[b.clone()], &mut entry.is_found[b.clone()]);
                find(a, b, radius);
            }
        }
    }
    Some(Shares {
        query: query.share(),
        entry: entry.share(),
    })
}

/// The frames of a video that count, and runs of them within [`SHOT_BITS`] of their first one.
struct Shots {
    codes: Vec<Pdq>,
    is_found: Vec<bool>,
    shots: Vec<Range<usize>>,
}

impl Shots {
    fn of(frames: &[Frame]) -> Option<Self> {
        let good = frames
            .iter()
            .filter(|frame| frame.quality >= Quality::DEFAULT_MINIMUM);
        let codes: Vec<Pdq> = good.map(|frame| frame.pdq).collect();
        if codes.is_empty() {
            return None;
        }
        let mut shots: Vec<Range<usize>> = Vec::new();
        for (n, code) in codes.iter().enumerate() {
            match shots.last_mut() {
                Some(shot) if codes[shot.start].distance(*code).bits() <= SHOT_BITS => {
                    shot.end = n + 1;
                }
                _ => shots.push(n..n + 1),
            }
        }
        Some(Self {
            is_found: vec![false; codes.len()],
            codes,
            shots,
        })
    }

    fn share(&self) -> Share {
        Share {
            found: self.is_found.iter().filter(|found| **found).count(),
            of: self.codes.len(),
        }
    }
}

/// Marks the frames of two shots that are near to one of the other; pairs that were both found already tell nothing new.
fn find((query, query_found): Side<'_>, (entry, entry_found): Side<'_>, radius: Radius) {
    for (a, a_found) in query.iter().zip(query_found) {
        for (b, b_found) in entry.iter().zip(&mut *entry_found) {
            if !(*a_found && *b_found) && radius.covers(a.distance(*b)) {
                (*a_found, *b_found) = (true, true);
            }
        }
    }
}

/// The frames of a shot, and which of them were found.
type Side<'a> = (&'a [Pdq], &'a mut [bool]);

/// How far a frame of a shot may be from its first one. Half the radius: then shots are long, and few of those that have nothing to do with each
/// other are looked into.
const SHOT_BITS: u16 = 16;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::hash::frames::vpdq::{read, write};
    use crate::limits::Limits;

    fn frame(code: Pdq, quality: u8) -> Frame {
        Frame {
            frame: 0,
            quality: Quality::new(quality).unwrap(),
            pdq: code,
            at_ms: 0,
        }
    }

    /// Each frame with each.
    fn naive(
        query: &[Frame],
        entry: &[Frame],
        radius: u16,
    ) -> Option<((usize, usize), (usize, usize))> {
        let share = |of: &[Frame], with: &[Frame]| {
            let good = |frames: &[Frame]| -> Vec<Frame> {
                frames
                    .iter()
                    .filter(|frame| frame.quality.get() >= 50)
                    .copied()
                    .collect()
            };
            let (of, with) = (good(of), good(with));
            let is_found = |a: &&Frame| with.iter().any(|b| a.pdq.distance(b.pdq).bits() <= radius);
            (of.iter().filter(is_found).count(), of.len())
        };
        let both = (share(query, entry), share(entry, query));
        (both.0.1 > 0 && both.1.1 > 0).then_some(both)
    }

    fn told(shares: Option<Shares>) -> Option<((usize, usize), (usize, usize))> {
        shares.map(|Shares { query, entry }| ((query.found, query.of), (entry.found, entry.of)))
    }

    /// Frames that drift, with jumps, some of them flat. All bits that are set come first, so that distances are differences.
    fn videos() -> impl Strategy<Value = Vec<Frame>> {
        let step = prop_oneof![4 => 0..8usize, 1 => 0..256usize];
        let quality = prop_oneof![5 => Just(100u8), 1 => Just(50), 1 => Just(49)];
        vec((step, quality), 0..25).prop_map(|steps| {
            let mut bits = 0;
            let frames = steps.into_iter().map(|(step, quality)| {
                bits = (bits + step) % 257;
                frame(
                    Pdq::from_coefficients(|row, column| 16 * row + column < bits),
                    quality,
                )
            });
            frames.collect()
        })
    }

    proptest! {
        #[test]
        fn the_shares_are_those_of_comparing_each_with_each(
            query in videos(),
            entry in videos(),
            radius in prop_oneof![Just(31u16), 0..=256u16],
        ) {
            let shares = shares(&query, &entry, Radius::new(radius).unwrap());
            prop_assert_eq!(told(shares), naive(&query, &entry, radius));
        }

        #[test]
        fn a_video_is_found_whole_in_itself(video in videos()) {
            if let Some(shares) = shares(&video, &video, Radius::new(0).unwrap()) {
                prop_assert_eq!((shares.query.percent(), shares.entry.percent()), (100.0, 100.0));
            }
        }
    }

    #[test]
    fn at_the_radius_counts_and_one_more_does_not() {
        let with = |bits: usize| {
            let code = Pdq::from_coefficients(|row, column| 16 * row + column < bits);
            let (a, b) = (frame(Pdq::from_bytes([0; 32]), 100), frame(code, 100));
            told(shares(&[a], &[b], Radius::DEFAULT)).unwrap()
        };
        assert_eq!((with(31), with(32)), (((1, 1), (1, 1)), ((0, 1), (0, 1))));
    }

    #[test]
    fn a_video_without_a_good_frame_has_no_share() {
        let good = [frame(Pdq::from_bytes([7; 32]), 50)];
        let flat = [frame(Pdq::from_bytes([7; 32]), 49)];
        for (query, entry) in [
            (&good[..], &flat[..]),
            (&flat, &good),
            (&good, &[]),
            (&[], &good),
        ] {
            assert_eq!(shares(query, entry, Radius::DEFAULT), None);
        }
    }

    #[test]
    fn one_frame_may_find_many() {
        let (a, b) = (
            frame(Pdq::from_bytes([0; 32]), 100),
            frame(Pdq::from_bytes([255; 32]), 100),
        );
        let shares = shares(&[a], &[a, a, a, b], Radius::DEFAULT).unwrap();
        assert_eq!(
            (shares.query.percent(), shares.entry.percent()),
            (100.0, 75.0)
        );
    }

    /// The reference's own files, where they are.
    #[test]
    fn files_of_the_reference_go_round_and_an_edit_is_found_as_the_naive_rule_finds_it() {
        let Some(corpus) = std::env::var_os("IJKPUNT_CORPUS") else {
            return;
        };
        let folder = Path::new(&corpus).join("videos/vpdq-hashes");
        let video = |name: &str| {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            let frames = read(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(write(&frames), text, "{name}");
            frames
        };
        let names = [
            "chair-orig-22-sd-bar.txt",
            "chair-22-with-large-logo-bar.txt",
            "doorknob-hd-no-bar.txt",
            "pattern-hd-no-bar.txt",
        ];
        let videos = names.map(video);
        for query in &videos {
            for entry in &videos {
                let shares = shares(query, entry, Radius::DEFAULT);
                assert_eq!(told(shares), naive(query, entry, 31));
            }
        }
        let edit = shares(&videos[1], &videos[0], Radius::DEFAULT).unwrap();
        assert_eq!(told(Some(edit)), Some(((74, 673), (68, 673))));
    }
}
