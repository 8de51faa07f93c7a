//! What has no edges: gradients in eight directions, dark corners, spots of light.

use image::{Rgb, RgbImage};

use crate::dice::Dice;
use crate::paper::Scheme;
use crate::scene::sample;

/// Gentle and steep. Most of the gentle ones are too flat for a hash.
pub(crate) fn gradients(dice: &mut Dice) -> Vec<RgbImage> {
    let mut sketches = Vec::new();
    for (across, down) in DIRECTIONS {
        for width in [1.0, 0.35, 0.12] {
            let width = width * dice.between(0.8, 1.2);
            let middle = dice.between(-0.5, 0.5) * (1.0 - width);
            let tilt = dice.between(-0.15, 0.15);
            sketches.push(shaded(dice, |x, y| {
                let along = x * (across + tilt) + y * (down - tilt);
                (along - middle) / (2.0 * width) + 0.5
            }));
        }
    }
    sketches
}

const DIRECTIONS: [(f32, f32); 8] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (1.0, 1.0),
    (-1.0, 1.0),
    (1.0, -1.0),
    (-1.0, -1.0),
];

/// One, soft or sharp, in the middle or not, so large that it leaves dark corners or so small that it is a dot; and several.
pub(crate) fn spots(dice: &mut Dice) -> Vec<RgbImage> {
    let mut sketches = Vec::new();
    for radius in [0.35, 0.6, 0.9, 1.3] {
        for away in [0.0, 0.04, 0.5] {
            let radius = radius * dice.between(0.85, 1.15);
            let spot = Spot::any(dice, away, radius);
            let sharpness = dice.pick(&[1.0, 2.0, 4.0]);
            sketches.push(shaded(dice, |x, y| spot.light(x, y) * sharpness));
        }
    }
    for number in [2, 3, 4, 5, 6, 8, 2, 3] {
        let spots: Vec<_> = (0..number)
            .map(|_| {
                let radius = dice.between(0.2, 0.6);
                Spot::any(dice, 0.9, radius)
            })
            .collect();
        sketches.push(shaded(dice, |x, y| {
            let lights = spots.iter().map(|spot| spot.light(x, y) * 1.5);
            lights.fold(0.0, f32::max)
        }));
    }
    sketches
}

struct Spot {
    middle: (f32, f32),
    radius: f32,
}

impl Spot {
    fn any(dice: &mut Dice, away: f32, radius: f32) -> Self {
        let middle = (dice.between(-away, away), dice.between(-away, away));
        Self { middle, radius }
    }

    /// 1 in the middle, 0 at the edge, negative outside.
    fn light(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x - self.middle.0, y - self.middle.1);
        1.0 - (x * x + y * y).sqrt() / self.radius
    }
}

/// From the colour of the page to that of the ink, as far as a function of the place says; places are from -1 to 1.
fn shaded(dice: &mut Dice, part: impl Fn(f32, f32) -> f32) -> RgbImage {
    let scheme = Scheme::any(dice);
    let mut image = scheme.sheet(dice);
    let (width, height) = (image.width() as f32, image.height() as f32);
    let (from, to) = (scheme.page.0.map(f32::from), scheme.ink.0.map(f32::from));
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let centred = |place: u32, side: f32| (place as f32 + 0.5) * 2.0 / side - 1.0;
        let part = part(centred(x, width), centred(y, height)).clamp(0.0, 1.0);
        *pixel = Rgb([0, 1, 2].map(|i: usize| sample(from[i] + (to[i] - from[i]) * part)));
    }
    image
}
