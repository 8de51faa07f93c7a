//! Numbers without structure, the same in every run and on every machine.

/// `SplitMix64`.
pub(crate) struct Dice(u64);

impl Dice {
    /// Another sequence for each seed and number.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        Self(mixed(mixed(seed) ^ number))
    }

    /// 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        finished(self.0)
    }

    /// From 0 to `end`, without `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.bits()) * (end as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// From 0 to less than 1.
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit an f32")]
    pub(crate) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / 16_777_216.0
    }

    /// From `low` to `high`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// True so often of a hundred times.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

fn mixed(number: u64) -> u64 {
    finished(number.wrapping_add(STEP))
}

fn finished(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
