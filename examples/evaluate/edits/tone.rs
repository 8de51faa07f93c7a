//! Every pixel stays where it is, and looks different.

use image::imageops::fast_blur;
use image::{ImageResult, Rgb, RgbImage};
use serde::Deserialize;

use super::jpeg;
use crate::dice::Dice;
use crate::scene::sample;

/// Brightness in levels, contrast and saturation as factors.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Levels {
    brightness: f32,
    contrast: f32,
    saturation: f32,
}

impl Default for Levels {
    fn default() -> Self {
        Self {
            brightness: 0.0,
            contrast: 1.0,
            saturation: 1.0,
        }
    }
}

impl Levels {
    pub(super) fn apply(self, image: &RgbImage) -> RgbImage {
        each_pixel(image, |samples| {
            let grey = luma(samples);
            samples.map(|value| {
                let coloured = grey + (value - grey) * self.saturation;
                (coloured - 128.0) * self.contrast + 128.0 + self.brightness
            })
        })
    }
}

/// Encoded with this quality, and decoded.
pub(super) fn poorer(image: &RgbImage, quality: u8) -> ImageResult<RgbImage> {
    Ok(image::load_from_memory(&jpeg(image, quality)?)?.into_rgb8())
}

/// As an old photograph: shades of brown.
pub(super) fn sepia(image: &RgbImage) -> RgbImage {
    each_pixel(image, |samples| {
        let grey = luma(samples);
        [grey * 1.15, grey, grey * 0.75]
    })
}

pub(super) fn grey(image: &RgbImage) -> RgbImage {
    each_pixel(image, |samples| [luma(samples); 3])
}

/// As out of focus, by so many thousandths of the longer side.
pub(super) fn blurred(image: &RgbImage, per_mille: f32) -> RgbImage {
    let longer = image.width().max(image.height()) as f32;
    fast_blur(image, longer * per_mille / 1000.0)
}

/// Every sample by chance brighter or darker. The sum of four even chances is close to normal, and exact.
pub(super) fn noisy(image: &RgbImage, deviation: f32, dice: &mut Dice) -> RgbImage {
    let reach = deviation * 3f32.sqrt() / 2.0; // an even chance from -1 to 1 has the deviation 1 / sqrt(3)
    let mut changed = image.clone();
    for Rgb(samples) in changed.pixels_mut() {
        *samples = samples.map(|value| {
            let chance: f32 = (0..4).map(|_| dice.between(-reach, reach)).sum();
            sample(f32::from(value) + chance)
        });
    }
    changed
}

fn luma([red, green, blue]: [f32; 3]) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
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
    use crate::scene::scene;

    #[test]
    fn noise_has_the_deviation_that_it_says() {
        let image = RgbImage::from_pixel(200, 100, Rgb([128; 3]));
        let noisy = noisy(&image, 20.0, &mut Dice::new(1));
        let squares = noisy
            .as_raw()
            .iter()
            .map(|&it| (f64::from(it) - 128.0).powi(2));
        let deviation = (squares.sum::<f64>() / 60_000.0).sqrt();
        assert!((19.5..20.5).contains(&deviation), "{deviation}");
    }

    #[test]
    fn colours_change_as_the_words_say() {
        let image = scene(2);
        let is_grey = |Rgb([r, g, b]): &Rgb<u8>| r == g && g == b;
        assert!(grey(&image).pixels().all(is_grey));
        let faded = Levels {
            saturation: 0.0,
            ..Levels::default()
        };
        assert!(faded.apply(&image).pixels().all(is_grey));
        assert_eq!(Levels::default().apply(&image), image);
        assert!(
            sepia(&image)
                .pixels()
                .all(|Rgb([r, g, b])| r >= g && g >= b)
        );
    }
}
