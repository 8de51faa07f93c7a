//! Decoded pixels to upright pictures, and what is given of a still that is whole or damaged.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};

use crate::limits::{Exceeded, Limits, Resource};
use crate::picture::{Picture, Samples};

use super::MediaError;
use super::colour::{Layout, to_8bit};
use super::frame::Frame;

/// What is left to give of a still: its frames, and a reason why they may lack something.
pub(super) type Still = Vec<Result<Frame, MediaError>>;

/// Width times height, if the limits allow it.
pub(super) fn pixels(width: u32, height: u32, limits: &Limits) -> Result<u64, Exceeded> {
    let pixels = u64::from(width) * u64::from(height);
    limits.check(Resource::Pixels, pixels)?;
    Ok(pixels)
}

/// Decoded pixels by the rule of `colour`, turned upright.
pub(super) fn upright(
    width: u32,
    height: u32,
    pixels: Vec<u8>,
    layout: Layout,
    orientation: Orientation,
    limits: &Limits,
) -> Result<Picture<'static>, MediaError> {
    let (samples, pixels) = to_8bit(pixels, layout);
    if exchanges_sides(orientation) {
        let twice = (pixels.len() as u64).saturating_mul(2);
        limits.check(Resource::MemoryBytes, twice)?;
    }
    let image = match samples {
        Samples::Grey => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
        Samples::Rgb => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
    };
    let mut image = image.ok_or(MediaError::NotAnImage)?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    let stride = width as usize * samples.bytes();
    let pixels = image.into_bytes();
    match samples {
        Samples::Grey => Picture::grey(width, height, stride, pixels),
        Samples::Rgb => Picture::rgb(width, height, stride, pixels),
    }
    .map_err(|_| MediaError::NotAnImage)
}

pub(super) fn whole(picture: Picture<'static>) -> Frame {
    Frame {
        picture,
        number: 0,
        time: None,
        partial: false,
    }
}

/// A damaged still: as it decoded, then without a lower part of one colour, then the reason.
///
/// That part is looked for where the file's last rows are: at the bottom only if the picture was not turned.
pub(super) fn partial(
    picture: Picture<'static>,
    orientation: Orientation,
    reason: MediaError,
) -> Still {
    let kept = match orientation {
        Orientation::NoTransforms | Orientation::FlipHorizontal => rows_above_tail(&picture),
        _ => None,
    };
    let without_tail = kept.map(|rows| picture.top(rows).into_owned());
    let mut items: Still = [Some(picture), without_tail]
        .into_iter()
        .flatten()
        .map(|picture| {
            Ok(Frame {
                partial: true,
                ..whole(picture)
            })
        })
        .collect();
    items.push(Err(reason));
    items
}

/// How many rows stand above a lower part of one colour, if there are both.
fn rows_above_tail(picture: &Picture<'_>) -> Option<u32> {
    let pixel_bytes = picture.samples().bytes();
    let last = picture.rows().next_back()?;
    let colour = &last[..pixel_bytes];
    let is_filled = |row: &[u8]| row.chunks_exact(pixel_bytes).all(|pixel| pixel == colour);
    let tail = picture
        .rows()
        .rev()
        .take_while(|row| is_filled(row))
        .count();
    let tail = u32::try_from(tail).ok()?;
    let kept = picture.height() - tail;
    (tail > 0 && kept > 0).then_some(kept)
}

fn exchanges_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_one_colour_is_found_and_nothing_else() {
        let rows = |pixels: &[u8]| rows_above_tail(&Picture::grey(2, 4, 2, pixels).unwrap());
        assert_eq!(rows(&[1, 2, 3, 4, 9, 9, 9, 9]), Some(2));
        assert_eq!(rows(&[1, 2, 3, 4, 5, 6, 7, 8]), None);
        assert_eq!(rows(&[9, 9, 9, 9, 9, 9, 9, 9]), None);
        assert_eq!(rows(&[1, 2, 9, 9, 7, 7, 7, 7]), Some(2));
    }
}
