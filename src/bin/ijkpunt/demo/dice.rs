//! Chance that falls the same way everywhere: SplitMix64.
//!
//! The demo has to write the same bytes on every machine, so it brings its own generator, and turns its numbers into
//! floats by exact steps only.

/// A generator of numbers that depend on nothing but the seed.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// All 64 bits. (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.)
    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to `end`, exclusive; 0 where `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let roll = (self.roll() >> 48) as u16;
        usize::from(roll) * end / 65536
    }

    /// One of several.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, of: &[T; N]) -> T {
        const { assert!(N > 0) };
        of[self.below(N)]
    }

    /// From `low` up to `high`, exclusive.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        let unit = f32::from((self.roll() >> 48) as u16) / 65536.0;
        low + (high - low) * unit
    }

    /// A direction: a vector of length 1. By rejection, because sines differ between machines and square roots do not.
    pub(super) fn direction(&mut self) -> (f32, f32) {
        loop {
            let (x, y) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let square = x * x + y * y;
            if (0.01..=1.0).contains(&square) {
                let length = square.sqrt();
                return (x / length, y / length);
            }
        }
    }

    /// Mixes (Fisher, Yates).
    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_generator() {
        let mut dice = Dice::new(1_234_567);
        assert_eq!(dice.roll(), 6_457_827_717_110_365_317);
        assert_eq!(dice.roll(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_in_their_range_and_directions_have_length_one() {
        let mut dice = Dice::new(7);
        for _ in 0..2000 {
            assert!(dice.below(3) < 3);
            assert!((2.0..5.0).contains(&dice.between(2.0, 5.0)));
            let (x, y) = dice.direction();
            assert!((x * x + y * y - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn shuffling_keeps_everything() {
        let mut all: Vec<usize> = (0..100).collect();
        Dice::new(3).shuffle(&mut all);
        assert_ne!(all, (0..100).collect::<Vec<_>>());
        all.sort_unstable();
        assert_eq!(all, (0..100).collect::<Vec<_>>());
    }
}
