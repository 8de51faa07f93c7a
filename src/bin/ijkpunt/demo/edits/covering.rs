//! Something is laid over the picture.

use image::{Rgb, RgbImage};

use super::super::brush::{Area, BLACK, RED, WHITE, percent};
use super::super::encode::usual;
use super::super::variant::Variants;

pub(super) const CAPTIONED: &Variants = &[
    ("caption.jpg", |image, _| usual(&captioned(image))),
    ("logo.jpg", |image, _| usual(&with_logo(image))),
    ("watermark.jpg", |image, _| usual(&watermarked(image))),
];

pub(super) const COVERED: &Variants = &[
    ("sticker.jpg", |image, number| {
        usual(&with_sticker(image, number))
    }),
    ("text.jpg", |image, _| usual(&with_text(image))),
];

/// A strip at the foot with something like words in it, 6 % of the area.
fn captioned(image: &RgbImage) -> RgbImage {
    let mut changed = image.clone();
    let (all, height) = (Area::of(image), percent(image.height(), 6));
    let strip = Area {
        top: all.height - height,
        height,
        ..all
    };
    strip.fill(&mut changed, WHITE);
    strip.part([2, 0, 60, 100]).write(&mut changed, 1, BLACK);
    changed
}

/// A disc on a square in the upper right corner, 24 % of both sides.
fn with_logo(image: &RgbImage) -> RgbImage {
    let mut changed = image.clone();
    let square = Area::of(image).part([76, 0, 24, 24]);
    square.fill(&mut changed, WHITE);
    square.part([11, 11, 78, 78]).ellipse(&mut changed, RED);
    changed
}

/// Words all over, through which one half of the picture is seen.
fn watermarked(image: &RgbImage) -> RgbImage {
    let mut changed = image.clone();
    Area::of(image).write(&mut changed, 12, WHITE);
    for (Rgb(pixel), Rgb(under)) in changed.pixels_mut().zip(image.pixels()) {
        for (sample, under) in pixel.iter_mut().zip(under) {
            *sample = sample.midpoint(*under);
        }
    }
    changed
}

/// A face as wide as 44 % of each side, at one of four places in turn.
fn with_sticker(image: &RgbImage, number: usize) -> RgbImage {
    let (left, top) = [(4, 4), (52, 4), (28, 28), (52, 52)][number / COVERED.len() % 4];
    let face = Area::of(image).part([left, top, 44, 44]);
    let mut changed = image.clone();
    face.ellipse(&mut changed, Rgb([255, 204, 51]));
    for (part, colour) in [
        ([25, 28, 14, 20], BLACK),
        ([61, 28, 14, 20], BLACK),
        ([25, 60, 50, 16], RED),
    ] {
        face.part(part).ellipse(&mut changed, colour);
    }
    changed
}

/// Four lines across the picture.
fn with_text(image: &RgbImage) -> RgbImage {
    let mut changed = image.clone();
    Area::of(image)
        .part([0, 20, 100, 58])
        .write(&mut changed, 4, WHITE);
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::scene::scene;

    /// Which part of the picture is not as it was.
    fn covered(change: impl Fn(&RgbImage) -> RgbImage) -> f32 {
        let image = scene(1);
        let changed = change(&image);
        let pairs = image.pixels().zip(changed.pixels());
        let differing = pairs.filter(|(a, b)| a != b).count();
        differing as f32 / image.pixels().len() as f32
    }

    #[test]
    fn caption_and_logo_cover_about_six_per_cent() {
        for share in [covered(captioned), covered(with_logo)] {
            assert!((0.05..0.065).contains(&share), "{share}");
        }
    }

    #[test]
    fn sticker_and_text_cover_about_fifteen_per_cent() {
        let stickers = (0..8).map(|number| covered(|image| with_sticker(image, number)));
        for share in stickers.chain([covered(with_text)]) {
            assert!((0.135..0.165).contains(&share), "{share}");
        }
    }

    #[test]
    fn a_watermark_lets_half_of_the_picture_through() {
        let share = covered(watermarked);
        assert!((0.15..0.4).contains(&share), "{share}");
        let black = RgbImage::new(200, 200);
        let mut values: Vec<u8> = watermarked(&black)
            .pixels()
            .map(|pixel| pixel.0[0])
            .collect();
        values.sort_unstable();
        values.dedup();
        assert_eq!(values, [0, 127]);
    }
}
