//! Every pixel stays where it is, and looks different.

use image::imageops::fast_blur;
use image::{Rgb, RgbImage};

use super::super::dice::Dice;
use super::super::encode::{jpeg, usual};
use super::super::scene::sample;
use super::super::variant::Variants;

pub(super) const POORER: &Variants = &[
    ("poorer.jpg", |image, _| jpeg(image, 35)),
    ("noisy.jpg", |image, number| usual(&noisy(image, number))),
    ("blurred.jpg", |image, _| usual(&blurred(image))),
];

pub(super) const RECOLOURED: &Variants = &[
    ("recoloured.jpg", |image, _| usual(&recoloured(image))),
    ("sepia.jpg", |image, _| usual(&sepia(image))),
    ("black-and-white.jpg", |image, _| {
        usual(&black_and_white(image))
    }),
];

pub(super) const INVERTED: &Variants = &[("negative.jpg", |image, _| usual(&negative(image)))];

/// Chance is added to every sample, up to a fifth of the range.
fn noisy(image: &RgbImage, number: usize) -> RgbImage {
    const MOST: f32 = 51.0;
    let mut dice = Dice::new(number as u64);
    let mut changed = image.clone();
    for Rgb(samples) in changed.pixels_mut() {
        *samples = samples.map(|value| sample(f32::from(value) + dice.between(-MOST, MOST)));
    }
    changed
}

/// As out of focus: an edge becomes about 2 % of the width wide.
fn blurred(image: &RgbImage) -> RgbImage {
    fast_blur(image, image.width() as f32 * 0.008)
}

/// Paler, with more contrast, brighter.
fn recoloured(image: &RgbImage) -> RgbImage {
    each_pixel(image, |samples| {
        let grey = mean(samples);
        samples.map(|value| {
            let faded = grey + (value - grey) * 0.5;
            (faded - 128.0) * 1.2 + 128.0 + 15.0
        })
    })
}

/// As an old photograph: shades of brown.
fn sepia(image: &RgbImage) -> RgbImage {
    each_pixel(image, |samples| {
        let grey = mean(samples);
        [grey * 1.2, grey, grey * 0.7]
    })
}

fn black_and_white(image: &RgbImage) -> RgbImage {
    each_pixel(image, |samples| [mean(samples); 3])
}

fn negative(image: &RgbImage) -> RgbImage {
    each_pixel(image, |samples| samples.map(|value| 255.0 - value))
}

fn mean([red, green, blue]: [f32; 3]) -> f32 {
    (red + green + blue) / 3.0
}

fn each_pixel(image: &RgbImage, change: impl Fn([f32; 3]) -> [f32; 3]) -> RgbImage {
    let mut changed = image.clone();
    for Rgb(samples) in changed.pixels_mut() {
        *samples = change(samples.map(f32::from)).map(sample);
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::scene::scene;

    /// How far samples are from those of the original, on average.
    fn change(image: &RgbImage, changed: &RgbImage) -> f32 {
        assert_eq!(image.dimensions(), changed.dimensions());
        let pairs = image.as_raw().iter().zip(changed.as_raw());
        let sum: u64 = pairs.map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
        sum as f32 / image.as_raw().len() as f32
    }

    /// How much neighbours in a row differ, on average.
    fn roughness(image: &RgbImage) -> f32 {
        let mut moved = image.clone();
        image::imageops::replace(&mut moved, image, 1, 0);
        change(image, &moved)
    }

    #[test]
    fn noise_makes_rough_and_blur_makes_smooth() {
        let image = scene(1);
        let noisy = noisy(&image, 1);
        assert!((20.0..26.0).contains(&change(&image, &noisy)));
        assert!(roughness(&noisy) > 3.0 * roughness(&image));
        let blurred = blurred(&image);
        assert!(
            roughness(&blurred) < 0.6 * roughness(&image),
            "{} {}",
            roughness(&blurred),
            roughness(&image)
        );
        assert!(change(&image, &blurred) > 3.0);
    }

    #[test]
    fn colours_change_as_the_words_say() {
        let image = scene(2);
        let is_grey = |Rgb([r, g, b]): &Rgb<u8>| r == g && g == b;
        let is_brown = |Rgb([r, g, b]): &Rgb<u8>| r >= g && g >= b;
        assert!(!image.pixels().all(is_brown));
        assert!(black_and_white(&image).pixels().all(is_grey));
        assert!(sepia(&image).pixels().all(is_brown));
        let moved = change(&image, &recoloured(&image));
        assert!((10.0..40.0).contains(&moved), "{moved}");
        let inverted = negative(&image);
        let sums = image.as_raw().iter().zip(inverted.as_raw());
        assert!(
            sums.map(|(a, b)| u16::from(*a) + u16::from(*b))
                .all(|sum| sum == 255)
        );
    }
}
