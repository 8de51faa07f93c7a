//! The picture as it is, in a file that does not show it at first sight.

use image::{Rgb, RgbImage, Rgba, RgbaImage};

use super::super::brush::blank;
use super::super::chunks::animation;
use super::super::encode::{gif, png_with_alpha, tiff};
use super::super::scene::sample;
use super::super::variant::Variants;

pub(super) const HIDDEN: &Variants = &[
    ("hidden.gif", |image, _| gif([blank(image), image.clone()])),
    ("hidden.png", |image, _| {
        animation([&blank(image), image], 2)
    }),
    ("hidden.tiff", |image, _| tiff([&blank(image), image])),
];

pub(super) const SEE_THROUGH: &Variants = &[
    ("ink.png", |image, _| png_with_alpha(&ink(image))),
    ("soft-edges.png", |image, _| {
        png_with_alpha(&with_soft_edges(image))
    }),
];

/// Black that lets through what is light: on a white page it shows a grey picture, on a black one nothing.
fn ink(image: &RgbImage) -> RgbaImage {
    let pixel = |x, y| {
        let Rgb(samples) = image.get_pixel(x, y);
        let sum: f32 = samples.iter().copied().map(f32::from).sum();
        Rgba([0, 0, 0, sample(255.0 - sum / 3.0)])
    };
    RgbaImage::from_fn(image.width(), image.height(), pixel)
}

/// Fades to nothing towards all sides, over 3 % of the shorter one.
fn with_soft_edges(image: &RgbImage) -> RgbaImage {
    let (width, height) = image.dimensions();
    let edge = width.min(height) as f32 * 0.03;
    RgbaImage::from_fn(width, height, |x, y| {
        let Rgb([red, green, blue]) = *image.get_pixel(x, y);
        let depth = x.min(y).min(width - 1 - x).min(height - 1 - y);
        Rgba([red, green, blue, sample(255.0 * depth as f32 / edge)])
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::AnimationDecoder;
    use image::codecs::gif::GifDecoder;
    use tiff::decoder::{Decoder, DecodingResult};

    use super::*;
    use crate::demo::scene::scene;

    #[test]
    fn the_first_frame_shows_nothing() {
        let image = scene(1);
        let gif = HIDDEN[0].1(&image, 0).unwrap();
        let frames = GifDecoder::new(Cursor::new(&gif)).unwrap().into_frames();
        let frames: Vec<_> = frames.map(|frame| frame.unwrap().into_buffer()).collect();
        assert_eq!(frames.len(), 2);
        assert!(frames[0].pixels().all(|Rgba(pixel)| *pixel == [255; 4]));
        assert!(frames[1].pixels().any(|Rgba(pixel)| *pixel != [255; 4]));
    }

    fn page(decoder: &mut Decoder<Cursor<&Vec<u8>>>) -> Vec<u8> {
        match decoder.read_image().unwrap() {
            DecodingResult::U8(samples) => samples,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages_are_those_that_were_given() {
        let image = scene(1);
        let bytes = HIDDEN[2].1(&image, 0).unwrap();
        let mut decoder = Decoder::new(Cursor::new(&bytes)).unwrap();
        assert!(page(&mut decoder).iter().all(|&sample| sample == 255));
        decoder.next_image().unwrap();
        assert_eq!(&page(&mut decoder), image.as_raw());
        assert!(!decoder.more_images());
    }

    #[test]
    fn ink_shows_on_white_only() {
        let image = scene(1);
        for (Rgba([red, green, blue, alpha]), Rgb(under)) in
            ink(&image).pixels().zip(image.pixels())
        {
            assert_eq!([red, green, blue], [&0; 3]);
            let on_white = 255 - i32::from(*alpha);
            let grey = under.iter().map(|&sample| i32::from(sample)).sum::<i32>() / 3;
            assert!((on_white - grey).abs() <= 1);
        }
    }

    #[test]
    fn soft_edges_take_about_an_eighth() {
        let image = scene(1);
        let soft = with_soft_edges(&image);
        let faded = soft.pixels().filter(|pixel| pixel.0[3] < 255).count();
        let share = faded as f32 / soft.pixels().len() as f32;
        assert!((0.09..0.15).contains(&share), "{share}");
        assert_eq!(soft.get_pixel(0, 0).0[3], 0);
        assert_eq!(
            soft.get_pixel(soft.width() / 2, soft.height() / 2).0[3],
            255
        );
    }
}
