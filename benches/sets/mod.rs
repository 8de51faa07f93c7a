//! Sets of codes to measure lookups with, the same in every run, on every machine, with any number of threads.
//!
//! [`uniform`]: random codes with exactly 128 ones, as PDQ hashes have. All are far from one another.
//!
//! [`realistic`]: PDQ hashes of small grey pictures that are drawn for it (64 x 64 pixels, to which PDQ shrinks every picture). Half
//! of the scenes are disks over each other, few large and many small ("dead leaves": edges as in photographs), a quarter pages of
//! text, a quarter gradients with shapes. 22 % of the scenes stand for a family of 2 to 50 near-duplicates, small families far more
//! often: brightness and contrast, noise, coarse levels, crops of up to 4 % a side, an overlay, up to three of them at once. So two
//! codes of three are of a family, half of all have another within 31 bits, bits are correlated, and some pieces of codes are far more
//! frequent than others. Pictures of a quality below 50 are left out, as lists leave them out. The first codes of a larger set are
//! those of a smaller one.
//!
//! Queries are [`strangers`] (mostly misses: the caller drops what is near a listed code) and [`flipped`] (hits).
//!
//! Cost: 0.1 microseconds a uniform code, 15 to 20 a realistic one on one core.

#![allow(
    dead_code,
    reason = "who includes this folder needs one part or another"
)]

mod dice;
mod edits;
mod scenes;

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use ijkpunt::hash::{Hasher, Pdq, Quality};
use ijkpunt::picture::Picture;

pub(crate) use dice::Dice;
pub(crate) use edits::Edit;
pub(crate) use scenes::draw;

/// Changes whenever the same count and seed give other codes than before: for the names of files that keep a set.
pub(crate) const VERSION: u32 = 1;

/// Random codes with exactly 128 ones.
pub(crate) fn uniform(count: usize, seed: u64) -> Vec<Pdq> {
    let mut dice = Dice::new(seed, 0);
    let of_weight_128 = || {
        let mut words = [(); 4].map(|()| dice.bits());
        // A random code weighs 128 give or take 8; random flips towards 128 favour no place.
        loop {
            let weight: u32 = words.iter().map(|word| word.count_ones()).sum();
            if weight == 128 {
                return pdq(words);
            }
            let place = dice.below(256);
            let (word, bit) = (place / 64, 1 << (place % 64));
            if (words[word] & bit != 0) == (weight > 128) {
                words[word] ^= bit;
            }
        }
    };
    std::iter::repeat_with(of_weight_128).take(count).collect()
}

/// Hashes of drawn scenes and of their near-duplicates, made by all cores.
pub(crate) fn realistic(count: usize, seed: u64) -> Vec<Pdq> {
    realistic_by(cores(), count, seed)
}

/// The same by so many threads: for the test that their number does not matter.
pub(crate) fn realistic_by(threads: NonZero<usize>, count: usize, seed: u64) -> Vec<Pdq> {
    of_scenes(threads, count, |hashes, number| hashes.family(seed, number))
}

/// Hashes of drawn scenes without near-duplicates. With another seed than the listed ones', few are near a listed code.
pub(crate) fn strangers(count: usize, seed: u64) -> Vec<Pdq> {
    of_scenes(cores(), count, |hashes, number| hashes.single(seed, number))
}

/// Listed codes, chosen at random, with 0 to `most` random bits flipped, each number as often.
pub(crate) fn flipped(listed: &[Pdq], count: usize, most: u16, seed: u64) -> Vec<Pdq> {
    let mut dice = Dice::new(seed, 1);
    let one = || {
        let mut bytes = listed.get(dice.below(listed.len()))?.to_bytes();
        let mut flips = dice.below(usize::from(most) + 1);
        let mut done = [0u8; 32];
        while flips > 0 {
            let place = dice.below(256);
            let (byte, bit) = (place / 8, 1 << (place % 8));
            if done[byte] & bit == 0 {
                done[byte] |= bit;
                bytes[byte] ^= bit;
                flips -= 1;
            }
        }
        Some(Pdq::from_bytes(bytes))
    };
    std::iter::repeat_with(one)
        .map_while(|code| code)
        .take(count)
        .collect()
}

/// The first `count` codes that scenes give, by their numbers. Each scene depends on its number alone.
fn of_scenes(
    threads: NonZero<usize>,
    count: usize,
    codes_of: impl Fn(&mut Hashes, u64) + Sync,
) -> Vec<Pdq> {
    let mut codes = Vec::with_capacity(count);
    let mut scenes = 0..0;
    while codes.len() < count {
        let more = ((count - codes.len()) as u64 / 2).clamp(64, 1 << 16);
        scenes = scenes.end..scenes.end + more;
        codes.extend(in_parallel(threads, scenes.clone(), &codes_of));
    }
    codes.truncate(count);
    codes
}

fn cores() -> NonZero<usize> {
    thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

fn in_parallel(
    threads: NonZero<usize>,
    scenes: Range<u64>,
    codes_of: &(impl Fn(&mut Hashes, u64) + Sync),
) -> Vec<Pdq> {
    let threads = threads.get() as u64;
    let each = (scenes.end - scenes.start).div_ceil(threads);
    let share = |thread: u64| {
        let begin = (scenes.start + thread * each).min(scenes.end);
        begin..(begin + each).min(scenes.end)
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let scenes = share(thread);
                scope.spawn(|| {
                    let mut hashes = Hashes::default();
                    scenes.for_each(|number| codes_of(&mut hashes, number));
                    hashes.codes
                })
            })
            .collect();
        let done = running.into_iter().map(|thread| {
            let codes = thread.join();
            codes.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        done.flatten().collect()
    })
}

/// A thread's part of a set.
#[derive(Default)]
struct Hashes {
    hasher: Hasher,
    codes: Vec<Pdq>,
    scene: Vec<u8>,
    copy: Vec<u8>,
}

impl Hashes {
    fn single(&mut self, seed: u64, number: u64) {
        draw(&mut Dice::new(seed, number), SIDE_PX, &mut self.scene);
        let code = listed(&mut self.hasher, &self.scene);
        self.codes.extend(code);
    }

    fn family(&mut self, seed: u64, number: u64) {
        self.single(seed, number);
        let mut dice = Dice::new(!seed, number);
        for _ in 1..family_size(&mut dice) {
            self.copy.clone_from(&self.scene);
            for _ in 0..=dice.below(3) {
                Edit::any(&mut dice).apply(&mut dice, SIDE_PX, &mut self.copy);
            }
            let code = listed(&mut self.hasher, &self.copy);
            self.codes.extend(code);
        }
    }
}

/// 1, or 2 to 50, of which a size s is as frequent as 1 / s^2.
fn family_size(dice: &mut Dice) -> usize {
    if !dice.percent(22) {
        return 1;
    }
    let size = 2.0 / (1.0 - 0.961 * dice.unit());
    let whole = (2..=50u8).rev().find(|&whole| f32::from(whole) <= size);
    whole.map_or(2, usize::from)
}

/// The hash of a picture that has enough detail for a list.
fn listed(hasher: &mut Hasher, pixels: &[u8]) -> Option<Pdq> {
    let side = u32::try_from(SIDE_PX).ok()?;
    let picture = Picture::grey(side, side, SIDE_PX, pixels).ok()?;
    let transform = hasher.hash(&picture).ok()?;
    (transform.quality() >= Quality::DEFAULT_MINIMUM).then(|| transform.pdq())
}

fn pdq(words: [u64; 4]) -> Pdq {
    let mut bytes = [0; 32];
    for (eight, word) in bytes.chunks_exact_mut(8).zip(words) {
        eight.copy_from_slice(&word.to_be_bytes());
    }
    Pdq::from_bytes(bytes)
}

/// What PDQ shrinks pictures to, and takes as it is.
const SIDE_PX: usize = 64;
