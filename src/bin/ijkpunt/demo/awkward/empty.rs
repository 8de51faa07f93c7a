//! Pictures that are whole and show nothing of which a hash could say something.

use image::imageops::thumbnail;
use image::{Rgb, RgbImage, Rgba, RgbaImage};

use super::super::encode::{gif, png, png_with_alpha, usual};
use super::super::scene::sample;
use super::super::variant::Variants;

pub(super) const EMPTY: &Variants = &[
    ("blank.png", |_, _| png(&plain(320, 240))),
    ("one-pixel.png", |_, _| png(&plain(1, 1))),
    ("thin.png", |_, _| png(&plain(1, 65_000))),
    ("clear.png", |image, _| png_with_alpha(&clear(image))),
    ("blank.jpg", |_, _| usual(&plain(320, 240))),
    ("blank.gif", |_, _| {
        gif([plain(90, 90), RgbImage::new(90, 90)])
    }),
    ("gradient.png", |_, _| png(&gradient())),
    ("tiny.png", |image, _| png(&thumbnail(image, 4, 4))),
];

fn plain(width: u32, height: u32) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb([120, 130, 150]))
}

/// From one grey to another, over the whole height.
fn gradient() -> RgbImage {
    RgbImage::from_fn(160, 120, |_, y| Rgb([sample(60.0 + y as f32); 3]))
}

/// The colours of a picture, of which nothing is seen: all of it is transparent.
fn clear(image: &RgbImage) -> RgbaImage {
    RgbaImage::from_fn(image.width(), image.height(), |x, y| {
        let Rgb([red, green, blue]) = *image.get_pixel(x, y);
        Rgba([red, green, blue, 0])
    })
}
