//! What happens to copies of a picture on their way.

use super::dice::Dice;
use super::scenes::{to_byte, to_f32, to_index};

/// A change that leaves a picture recognisable. How much of it is up to the dice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Brightness and contrast.
    Levels,
    /// Noise on every pixel.
    Noise,
    /// Few levels, as strong compression leaves.
    Coarse,
    /// Up to 4 % cut off, and resized back.
    Crop,
    /// A bar or a mark that covers up to a twentieth.
    Overlay,
}

impl Edit {
    pub(crate) const ALL: [Self; 5] = [
        Self::Levels,
        Self::Noise,
        Self::Coarse,
        Self::Crop,
        Self::Overlay,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Levels => "levels",
            Self::Noise => "noise",
            Self::Coarse => "coarse",
            Self::Crop => "crop",
            Self::Overlay => "overlay",
        }
    }

    /// Any of them.
    pub(crate) fn any(dice: &mut Dice) -> Self {
        Self::ALL[dice.below(Self::ALL.len())]
    }

    /// Changes `side` rows of `side` pixels.
    pub(crate) fn apply(self, dice: &mut Dice, side: usize, pixels: &mut Vec<u8>) {
        match self {
            Self::Levels => levels(dice, pixels),
            Self::Noise => noise(dice, pixels),
            Self::Coarse => coarse(dice, pixels),
            Self::Crop => *pixels = cropped(dice, side, pixels),
            Self::Overlay => overlay(dice, side, pixels),
        }
    }
}

fn levels(dice: &mut Dice, pixels: &mut [u8]) {
    let (gain, lift) = (dice.between(0.75, 1.25), dice.between(-25.0, 25.0));
    map(pixels, |value| 128.0 + gain * (value - 128.0) + lift);
}

fn coarse(dice: &mut Dice, pixels: &mut [u8]) {
    let step = dice.between(8.0, 32.0);
    map(pixels, |value| step * (value / step).round());
}

/// By a table of 256 values.
fn map(pixels: &mut [u8], change: impl Fn(f32) -> f32) {
    let mut table = [0; 256];
    for (value, changed) in (0u8..=255).zip(&mut table) {
        *changed = to_byte(change(f32::from(value)));
    }
    for pixel in pixels {
        *pixel = table[usize::from(*pixel)];
    }
}

fn noise(dice: &mut Dice, pixels: &mut [u8]) {
    let amplitude = dice.bits() % 21 + 4;
    for eight in pixels.chunks_mut(8) {
        for (pixel, random) in eight.iter_mut().zip(dice.bits().to_le_bytes()) {
            // 16 bits each, so that several are added at once.
            let add = (u16::from(random) * low_16(amplitude)) >> 7;
            let sum = u16::from(*pixel) + add;
            *pixel = low_8(sum.saturating_sub(low_16(amplitude)).min(255));
        }
    }
}

/// Bilinear in integers, each side cut by itself: a 256th of a pixel is close enough, and quick.
fn cropped(dice: &mut Dice, side: usize, pixels: &[u8]) -> Vec<u8> {
    let last = to_f32(side - 1);
    // Which pixel, and how far towards the next one.
    let mut taken = || {
        let (begin, end) = (dice.between(0.0, 0.04), dice.between(0.96, 1.0));
        let at = |i: usize| {
            let place = begin * last + (end - begin) * to_f32(i);
            let whole = to_index(place).min(side - 2);
            (whole, to_index(256.0 * (place - to_f32(whole))))
        };
        (0..side).map(at).collect::<Vec<_>>()
    };
    let (columns, rows) = (taken(), taken());
    let (mut row, mut cropped) = (vec![0; side], Vec::with_capacity(pixels.len()));
    for &(above, down) in &rows {
        let (upper, lower) = pixels[above * side..][..2 * side].split_at(side);
        for ((mixed, &a), &b) in row.iter_mut().zip(upper).zip(lower) {
            *mixed = usize::from(a) * (256 - down) + usize::from(b) * down;
        }
        cropped.extend(columns.iter().map(|&(left, right)| {
            let sum = row[left] * (256 - right) + row[left + 1] * right;
            low_8(low_16((sum >> 16) as u64))
        }));
    }
    cropped
}

fn overlay(dice: &mut Dice, side: usize, pixels: &mut [u8]) {
    let of_side = |part: f32| to_index(part * to_f32(side));
    let (width, height) = if dice.percent(50) {
        (side, of_side(dice.between(0.02, 0.05)))
    } else {
        (
            of_side(dice.between(0.1, 0.3)),
            of_side(dice.between(0.05, 0.16)),
        )
    };
    let (left, top) = (dice.below(side - width + 1), dice.below(side - height + 1));
    let shade = to_byte(dice.between(0.0, 255.0));
    for row in pixels.chunks_exact_mut(side).skip(top).take(height) {
        row[left..left + width].fill(shade);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "below 2^16 here")]
fn low_16(number: u64) -> u16 {
    number as u16
}

#[expect(clippy::cast_possible_truncation, reason = "below 2^8 here")]
fn low_8(number: u16) -> u8 {
    number as u8
}
