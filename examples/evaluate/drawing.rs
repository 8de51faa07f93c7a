//! What edits draw with, beyond rectangles and ellipses.

use image::imageops::{self, FilterType, crop_imm};
use image::{Rgb, RgbImage};

use crate::brush::Area;

/// A length in whole pixels, rounded; at least 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides of pictures, and never below 0"
)]
pub(crate) fn px(length: f32) -> u32 {
    (length + 0.5).max(0.0) as u32
}

/// A rectangle inside another: its left and top, its width and height, as parts of the other's sides.
pub(crate) fn inside(area: Area, [left, top, width, height]: [f32; 4]) -> Area {
    let (across, down) = (area.width as f32, area.height as f32);
    Area {
        left: area.left + px(left * across),
        top: area.top + px(top * down),
        width: px(width * across).max(1),
        height: px(height * down).max(1),
    }
}

/// The strip of a rectangle from `top`, in pixels below its upper edge.
pub(crate) fn strip(area: Area, top: u32, height: u32) -> Area {
    Area {
        top: area.top + top,
        height,
        ..area
    }
}

pub(crate) fn scaled(image: &RgbImage, (width, height): (u32, u32)) -> RgbImage {
    imageops::resize(image, width.max(1), height.max(1), FilterType::CatmullRom)
}

/// Cut in the middle to this shape, and scaled to this size.
pub(crate) fn covering(image: &RgbImage, (width, height): (u32, u32)) -> RgbImage {
    let (from_width, from_height) = image.dimensions();
    let ratio = width.max(1) as f32 / height.max(1) as f32;
    let cut_width = px(from_height as f32 * ratio).clamp(1, from_width);
    let cut_height = px(from_width as f32 / ratio).clamp(1, from_height);
    let left = (from_width - cut_width) / 2;
    let top = (from_height - cut_height) / 2;
    let cut = crop_imm(image, left, top, cut_width, cut_height).to_image();
    scaled(&cut, (width, height))
}

/// The largest size of the picture's shape within these sides.
pub(crate) fn fitting(image: &RgbImage, (width, height): (f32, f32)) -> (u32, u32) {
    let (from_width, from_height) = (image.width() as f32, image.height() as f32);
    let scale = (width / from_width).min(height / from_height);
    let side = |from: f32| px(from * scale).max(1);
    (side(from_width), side(from_height))
}

/// Puts a picture on a larger one. What lies outside is not drawn; corners are rounded by so many pixels.
pub(crate) fn paste(
    canvas: &mut RgbImage,
    image: &RgbImage,
    (left, top): (u32, u32),
    radius_px: u32,
) {
    let (width, height) = image.dimensions();
    for (x, y, pixel) in image.enumerate_pixels() {
        let (to_x, to_y) = (left + x, top + y);
        let is_on = to_x < canvas.width() && to_y < canvas.height();
        if is_on && is_in_rounded((x, y), (width, height), radius_px) {
            canvas.put_pixel(to_x, to_y, *pixel);
        }
    }
}

/// A filled rectangle with rounded corners.
pub(crate) fn rounded(canvas: &mut RgbImage, area: Area, radius_px: u32, colour: Rgb<u8>) {
    let block = RgbImage::from_pixel(area.width, area.height, colour);
    paste(canvas, &block, (area.left, area.top), radius_px);
}

fn is_in_rounded((x, y): (u32, u32), (width, height): (u32, u32), radius: u32) -> bool {
    let beyond = |place: u32, side: u32| {
        let edge = place.min(side - 1 - place);
        radius.saturating_sub(edge)
    };
    let (across, down) = (beyond(x, width), beyond(y, height));
    across * across + down * down <= radius * radius
}

/// The outline of an ellipse: what is inside is filled with the colour of the page.
pub(crate) fn ring(canvas: &mut RgbImage, area: Area, colour: Rgb<u8>, page: Rgb<u8>) {
    area.ellipse(canvas, colour);
    inside(area, [0.14, 0.14, 0.72, 0.72]).ellipse(canvas, page);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brush::{BLACK, WHITE};

    #[test]
    fn sizes_keep_the_shape_and_cover_what_they_should() {
        let image = RgbImage::new(480, 320);
        assert_eq!(fitting(&image, (240.0, 400.0)), (240, 160));
        assert_eq!(fitting(&image, (400.0, 80.0)), (120, 80));
        assert_eq!(covering(&image, (100, 300)).dimensions(), (100, 300));
    }

    #[test]
    fn what_is_pasted_has_round_corners_and_may_stand_over_the_edge() {
        let mut canvas = RgbImage::from_pixel(100, 100, WHITE);
        let block = RgbImage::from_pixel(60, 60, BLACK);
        paste(&mut canvas, &block, (10, 60), 10);
        assert_eq!(*canvas.get_pixel(10, 60), WHITE);
        assert_eq!(*canvas.get_pixel(40, 60), BLACK);
        assert_eq!(*canvas.get_pixel(40, 99), BLACK);
        assert_eq!(*canvas.get_pixel(40, 59), WHITE);
    }
}
