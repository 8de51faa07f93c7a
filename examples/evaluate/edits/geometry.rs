//! The picture in another size or direction, or only a part of it.

use image::RgbImage;
use image::imageops::{self, crop_imm};
use serde::Deserialize;

use super::Means;
use crate::drawing::{px, scaled};

/// Of the width and the height.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Percent {
    width: f32,
    height: f32,
}

pub(super) fn resized(image: &RgbImage, percent: Percent) -> RgbImage {
    let (width, height) = image.dimensions();
    let side = |side: u32, percent: f32| px(side as f32 * percent / 100.0);
    scaled(
        image,
        (side(width, percent.width), side(height, percent.height)),
    )
}

/// What is left of a picture when so much of each side's length is gone.
fn left_of(image: &RgbImage, percent: f32) -> (u32, u32) {
    let (width, height) = image.dimensions();
    let side = |side: u32| px(side as f32 * (1.0 - percent / 100.0)).max(1);
    (side(width), side(height))
}

pub(super) fn crop_centred(image: &RgbImage, percent: f32) -> RgbImage {
    let (width, height) = left_of(image, percent);
    let left = (image.width() - width) / 2;
    let top = (image.height() - height) / 2;
    crop_imm(image, left, top, width, height).to_image()
}

pub(super) fn crop_anywhere(image: &RgbImage, percent: f32, means: &mut Means<'_>) -> RgbImage {
    let (width, height) = left_of(image, percent);
    let left = means.up_to(image.width() - width);
    let top = means.up_to(image.height() - height);
    crop_imm(image, left, top, width, height).to_image()
}

/// Left and right exchanged.
pub(super) fn mirrored(image: &RgbImage) -> RgbImage {
    imageops::flip_horizontal(image)
}

/// Top and bottom exchanged.
pub(super) fn flipped(image: &RgbImage) -> RgbImage {
    imageops::flip_vertical(image)
}

/// Clockwise.
pub(super) fn turned(image: &RgbImage, quarters: u8) -> RgbImage {
    match quarters % 4 {
        1 => imageops::rotate90(image),
        2 => imageops::rotate180(image),
        3 => imageops::rotate270(image),
        _ => image.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::scene::scene;

    #[test]
    fn crops_leave_what_they_say_and_stand_where_they_should() {
        let image = RgbImage::from_fn(400, 300, |x, y| {
            let of = |place: u32| u8::try_from(place / 2).unwrap();
            image::Rgb([of(x), of(y), 0])
        });
        let crop = crop_centred(&image, 10.0);
        assert_eq!(crop.dimensions(), (360, 270));
        assert_eq!(crop.get_pixel(0, 0), image.get_pixel(20, 15));
        let mut corners = std::collections::HashSet::new();
        for seed in 0..20 {
            let mut means = Means {
                dice: Dice::new(seed),
                others: &[],
            };
            let crop = crop_anywhere(&image, 30.0, &mut means);
            assert_eq!(crop.dimensions(), (280, 210));
            let corner = crop.get_pixel(0, 0).0;
            assert!(corner[0] <= 60 && corner[1] <= 45);
            corners.insert(corner);
        }
        assert!(corners.len() > 15, "{}", corners.len());
    }

    #[test]
    fn sizes_change_as_the_words_say_and_four_turns_are_none() {
        let image = scene(4);
        let (width, height) = image.dimensions();
        let percent = Percent {
            width: 50.0,
            height: 100.0,
        };
        assert_eq!(resized(&image, percent).dimensions(), (width / 2, height));
        let turned = (0..4).fold(image.clone(), |it, _| turned(&it, 1));
        assert_eq!(turned, image);
        assert_eq!(turned_twice(&image), flipped(&mirrored(&image)));
    }

    fn turned_twice(image: &RgbImage) -> RgbImage {
        turned(image, 2)
    }
}
