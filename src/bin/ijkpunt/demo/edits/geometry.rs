//! The picture in another size, shape or direction, or only a part of it.

use image::RgbImage;
use image::imageops::{self, FilterType, interpolate_bilinear};

use super::super::brush::{BLACK, percent};
use super::super::encode::{png, usual};
use super::super::variant::Variants;

pub(super) const RESIZED: &Variants = &[
    ("halved.png", |image, _| png(&scaled(image, (50, 50)))),
    ("stretched.jpg", |image, _| {
        usual(&scaled(image, (133, 100)))
    }),
];

pub(super) const TURNED: &Variants = &[
    ("mirrored.jpg", |image, _| usual(&mirrored(image))),
    ("turned.jpg", |image, _| usual(&imageops::rotate90(image))),
];

pub(super) const TILTED: &Variants = &[
    ("tilted-right.jpg", |image, _| usual(&tilted(image, SINE_5))),
    ("tilted-left.jpg", |image, _| usual(&tilted(image, -SINE_5))),
];

pub(super) const CROPPED: &Variants = &[("cropped.jpg", |image, _| {
    usual(&cropped(image, (80, 80), (10, 10)))
})];

pub(super) const CROPPED_ASIDE: &Variants = &[
    ("cropped-right.jpg", |image, _| {
        usual(&cropped(image, (84, 84), (0, 5)))
    }),
    ("cropped-left.jpg", |image, _| {
        usual(&cropped(image, (84, 84), (16, 10)))
    }),
    ("cropped-above.jpg", |image, _| {
        usual(&cropped(image, (90, 78), (3, 22)))
    }),
    ("cropped-below.jpg", |image, _| {
        usual(&cropped(image, (90, 78), (8, 0)))
    }),
];

pub(super) const SLANTED: &Variants = &[
    ("at-an-angle.jpg", |image, _| usual(&at_an_angle(image))),
    ("sheared.jpg", |image, _| usual(&sheared(image))),
];

/// To so many per cent of its width and height.
fn scaled(image: &RgbImage, (across, down): (u32, u32)) -> RgbImage {
    let (width, height) = image.dimensions();
    let (width, height) = (percent(width, across), percent(height, down));
    imageops::resize(image, width, height, FilterType::Triangle)
}

pub(super) fn mirrored(image: &RgbImage) -> RgbImage {
    imageops::flip_horizontal(image)
}

/// So many per cent of both sides, from a place that is given in per cent too.
fn cropped(image: &RgbImage, (across, down): (u32, u32), (left, top): (u32, u32)) -> RgbImage {
    let (width, height) = image.dimensions();
    let (left, top) = (width * left / 100, height * top / 100);
    let (width, height) = (percent(width, across), percent(height, down));
    imageops::crop_imm(image, left, top, width, height).to_image()
}

/// Sines differ between machines, so both are written down. Of 5 degrees.
const SINE_5: f32 = 0.087_155_74;
const COSINE_5: f32 = 0.996_194_7;

/// Turned about its centre, in a canvas of the same size.
fn tilted(image: &RgbImage, sine: f32) -> RgbImage {
    warped(image, |(x, y), _| {
        (x * COSINE_5 + y * sine, y * COSINE_5 - x * sine)
    })
}

/// As on a wall that is nearer on the right: the left edge is about three quarters as high.
fn at_an_angle(image: &RgbImage) -> RgbImage {
    const NEARER: f32 = 0.15;
    warped(image, |(x, y), (half_width, _)| {
        let scale = (1.0 + NEARER) / (1.0 + NEARER * x / half_width);
        (x * scale, y * scale)
    })
}

/// Narrower by a sixth, and the lower edge pushed to the right by as much.
fn sheared(image: &RgbImage) -> RgbImage {
    const PUSH: f32 = 0.2;
    warped(image, |(x, y), (half_width, half_height)| {
        (x * (1.0 + PUSH) - y * PUSH * half_width / half_height, y)
    })
}

/// Every pixel comes from where `from` says, told its place and half the sides. Places are pixels from the centre; what
/// comes from outside is black.
fn warped(image: &RgbImage, from: impl Fn((f32, f32), (f32, f32)) -> (f32, f32)) -> RgbImage {
    let (width, height) = image.dimensions();
    let half = |side: u32| (side as f32 / 2.0 - 0.5).max(0.5);
    let (half_width, half_height) = (half(width), half(height));
    RgbImage::from_fn(width, height, |x, y| {
        let place = (x as f32 - half_width, y as f32 - half_height);
        let (x, y) = from(place, (half_width, half_height));
        interpolate_bilinear(image, x + half_width, y + half_height).unwrap_or(BLACK)
    })
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;
    use crate::demo::brush::WHITE;
    use crate::demo::scene::scene;

    fn white() -> RgbImage {
        RgbImage::from_pixel(480, 360, WHITE)
    }

    /// Which part of a white picture has become black.
    fn filled(changed: &RgbImage) -> f32 {
        assert_eq!(changed.dimensions(), (480, 360));
        let black = changed.pixels().filter(|pixel| **pixel == BLACK).count();
        black as f32 / (480.0 * 360.0)
    }

    #[test]
    fn tilting_fills_the_corners_and_turns_by_five_degrees() {
        for sine in [SINE_5, -SINE_5] {
            let changed = tilted(&white(), sine);
            assert!(
                (0.04..0.05).contains(&filled(&changed)),
                "{}",
                filled(&changed)
            );
            for (x, y) in [(0, 0), (479, 0), (0, 359), (479, 359)] {
                assert_eq!(*changed.get_pixel(x, y), BLACK, "{x} {y}");
            }
        }
        // A red dot 200 pixels to the right of the centre sinks by 200 times the sine of 5 degrees.
        let mut dotted = white();
        dotted.put_pixel(440, 180, Rgb([255, 0, 0]));
        let tilted = tilted(&dotted, SINE_5);
        let red = |Rgb([red, green, _]): &Rgb<u8>| red.saturating_sub(*green);
        let reddest = tilted
            .enumerate_pixels()
            .max_by_key(|(.., pixel)| red(pixel));
        let (x, y, _) = reddest.unwrap();
        assert!(x.abs_diff(439) <= 1 && y.abs_diff(197) <= 1, "{x} {y}");
    }

    #[test]
    fn slanting_shows_the_whole_picture_in_another_shape() {
        let angle = at_an_angle(&white());
        let sheared = sheared(&white());
        assert!((0.15..0.3).contains(&filled(&angle)), "{}", filled(&angle));
        assert!(
            (0.13..0.2).contains(&filled(&sheared)),
            "{}",
            filled(&sheared)
        );
        let height = |image: &RgbImage, x| {
            (0..360)
                .filter(|&y| *image.get_pixel(x, y) == WHITE)
                .count()
        };
        assert!(height(&angle, 478) > 355);
        assert!(
            (250..300).contains(&height(&angle, 60)),
            "{}",
            height(&angle, 60)
        );
        assert_eq!(height(&sheared, 240), 360);
    }

    #[test]
    fn crops_keep_what_they_say() {
        let image = scene(4);
        let (width, height) = image.dimensions();
        let all = f64::from(width) * f64::from(height);
        let kept = |crop: &RgbImage| f64::from(crop.width()) * f64::from(crop.height()) / all;
        let decoded = |variants: &Variants| -> Vec<RgbImage> {
            let made = variants.iter().map(|(_, make)| make(&image, 0).unwrap());
            made.map(|bytes| image::load_from_memory(&bytes).unwrap().into_rgb8())
                .collect()
        };
        let [middle] = &decoded(CROPPED)[..] else {
            panic!("one crop");
        };
        assert!((0.63..0.65).contains(&kept(middle)), "{}", kept(middle));
        for aside in decoded(CROPPED_ASIDE) {
            assert!((0.69..0.71).contains(&kept(&aside)), "{}", kept(&aside));
        }
    }

    #[test]
    fn sizes_and_shapes_change_as_the_words_say() {
        let image = scene(4);
        let (width, height) = image.dimensions();
        assert_eq!(
            scaled(&image, (50, 50)).dimensions(),
            (width / 2, height / 2)
        );
        assert_eq!(
            scaled(&image, (133, 100)).dimensions(),
            (width * 133 / 100, height)
        );
    }
}
