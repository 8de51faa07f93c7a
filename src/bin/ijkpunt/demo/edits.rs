//! Eight ways in which people change a picture before they upload it again, from harmless to disguising.

use image::imageops::{self, FilterType};
use image::{ImageResult, Rgb, RgbImage};

use super::encode::{Made, gif, jpeg, png};
use super::scene::sample;

/// A way in which a copy was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Poorer,
    Halved,
    Recoloured,
    Turned,
    Hidden,
    Captioned,
    Framed,
    Cropped,
}

impl Edit {
    pub(super) const ALL: [Self; 8] = [
        Self::Poorer,
        Self::Halved,
        Self::Recoloured,
        Self::Turned,
        Self::Hidden,
        Self::Captioned,
        Self::Framed,
        Self::Cropped,
    ];

    /// What was done, for somebody who reads the table.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Poorer => "saved again as a much poorer JPEG",
            Self::Halved => "shrunk to half the size",
            Self::Recoloured => "brightness, contrast, colours changed",
            Self::Turned => "mirrored, or turned by a quarter",
            Self::Hidden => "hidden in a GIF behind a blank frame",
            Self::Captioned => "caption or logo over 6 % of the area",
            Self::Framed => "framed by a border of 12 %",
            Self::Cropped => "cropped to the middle 80 %",
        }
    }

    /// The changed copy. Where a way has two variants, `number` decides.
    pub(super) fn apply(self, image: &RgbImage, number: usize) -> ImageResult<Made> {
        let first = number.is_multiple_of(2);
        let (name, bytes) = match self {
            Self::Poorer => ("poorer.jpg", jpeg(image, 35)?),
            Self::Halved => ("halved.png", png(&halved(image))?),
            Self::Recoloured => ("recoloured.jpg", jpeg(&recoloured(image), USUAL)?),
            Self::Turned if first => (
                "mirrored.jpg",
                jpeg(&imageops::flip_horizontal(image), USUAL)?,
            ),
            Self::Turned => ("turned.jpg", jpeg(&imageops::rotate90(image), USUAL)?),
            Self::Hidden => ("hidden.gif", gif([blank(image), image.clone()])?),
            Self::Captioned if first => ("caption.jpg", jpeg(&captioned(image), USUAL)?),
            Self::Captioned => ("logo.jpg", jpeg(&with_logo(image), USUAL)?),
            Self::Framed => ("framed.jpg", jpeg(&framed(image, first), USUAL)?),
            Self::Cropped => ("cropped.jpg", jpeg(&cropped(image), USUAL)?),
        };
        Ok(Made { name, bytes })
    }
}

/// The JPEG quality of what is not poor on purpose.
pub(super) const USUAL: u8 = 85;

const WHITE: Rgb<u8> = Rgb([255; 3]);
const BLACK: Rgb<u8> = Rgb([16; 3]);

fn halved(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let half = |side: u32| (side / 2).max(1);
    imageops::resize(image, half(width), half(height), FilterType::Triangle)
}

fn recoloured(image: &RgbImage) -> RgbImage {
    let mut changed = image.clone();
    for pixel in changed.pixels_mut() {
        let samples = pixel.0.map(f32::from);
        let grey = (samples[0] + samples[1] + samples[2]) / 3.0;
        pixel.0 = samples.map(|value| {
            let faded = grey + (value - grey) * 0.5;
            sample((faded - 128.0) * 1.2 + 128.0 + 15.0)
        });
    }
    changed
}

fn blank(image: &RgbImage) -> RgbImage {
    RgbImage::from_pixel(image.width(), image.height(), WHITE)
}

/// A strip at the foot with something like words in it.
fn captioned(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let strip = part(height, 6);
    let mut changed = image.clone();
    fill(&mut changed, (0, height - strip), (width, strip), WHITE);
    let (letter, line) = ((strip / 3).max(1), (strip / 2).max(1));
    let top = height - strip + strip / 4;
    for (place, _) in CAPTION.char_indices().filter(|(_, c)| *c != ' ') {
        let left = letter * 2 + u32::try_from(place).unwrap_or(0) * (letter + letter / 2 + 1);
        fill(&mut changed, (left, top), (letter, line), BLACK);
    }
    changed
}

/// Drawn as blocks: a font would not change what a hash of the whole picture sees.
const CAPTION: &str = "share this before it is taken down";

/// A disc on a square in the upper right corner, 24 % of both sides.
fn with_logo(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let (across, down) = (part(width, 24), part(height, 24));
    let left = width - across;
    let mut changed = image.clone();
    fill(&mut changed, (left, 0), (across, down), WHITE);
    for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
        let from_centre = |place: u32, side: u32| (place as f32 + 0.5) * 2.0 / side as f32 - 1.0;
        let (u, v) = (from_centre(x, across), from_centre(y, down));
        if u * u + v * v < 0.6 {
            changed.put_pixel(left + x, y, Rgb([200, 30, 40]));
        }
    }
    changed
}

fn framed(image: &RgbImage, black: bool) -> RgbImage {
    let (width, height) = image.dimensions();
    let (across, down) = (part(width, 12), part(height, 12));
    let colour = if black { BLACK } else { WHITE };
    let mut changed = RgbImage::from_pixel(width + 2 * across, height + 2 * down, colour);
    imageops::replace(&mut changed, image, across.into(), down.into());
    changed
}

fn cropped(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let (left, top) = (width / 10, height / 10);
    imageops::crop_imm(image, left, top, width - 2 * left, height - 2 * top).to_image()
}

/// So many per cent of a side, and at least a pixel.
fn part(side: u32, percent: u32) -> u32 {
    (side * percent / 100).max(1)
}

/// Fills what of a rectangle lies inside.
fn fill(
    image: &mut RgbImage,
    (left, top): (u32, u32),
    (width, height): (u32, u32),
    colour: Rgb<u8>,
) {
    let right = (left + width).min(image.width());
    let bottom = (top + height).min(image.height());
    for y in top..bottom {
        for x in left..right {
            image.put_pixel(x, y, colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::scene::scene;

    #[test]
    fn caption_and_logo_cover_about_six_per_cent() {
        let image = scene(1);
        for changed in [captioned(&image), with_logo(&image)] {
            let differing = image
                .pixels()
                .zip(changed.pixels())
                .filter(|(a, b)| a != b)
                .count();
            let share = differing as f32 / image.pixels().len() as f32;
            assert!((0.05..0.065).contains(&share), "{share}");
        }
    }

    #[test]
    fn every_way_copes_with_the_smallest_and_the_oddest_shapes() {
        for (width, height) in [(1, 1), (5, 5), (1, 700), (700, 1), (64, 65)] {
            let image = RgbImage::from_pixel(width, height, WHITE);
            for edit in Edit::ALL {
                for number in 0..2 {
                    assert!(!edit.apply(&image, number).unwrap().bytes.is_empty());
                }
            }
        }
    }
}
