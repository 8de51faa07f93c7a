//! Decoded pixels to upright pictures, and what is given of a still that is whole or damaged.

use std::collections::HashSet;
use std::time::Duration;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use sha2::{Digest, Sha256};

use crate::limits::{Exceeded, Limits, Resource};
use crate::picture::{Picture, Samples};

use super::MediaError;
use super::colour::{Layout, on_white, shows_background, to_8bit};
use super::frame::{Background, Frame};

/// What is left to give of a still: its frames, and a reason why they may lack something.
pub(super) type Still = Vec<Result<Frame, MediaError>>;

/// Width times height, if the limits allow it.
pub(super) fn pixels(width: u32, height: u32, limits: &Limits) -> Result<u64, Exceeded> {
    let pixels = u64::from(width) * u64::from(height);
    limits.check(Resource::Pixels, pixels)?;
    Ok(pixels)
}

/// What a decoder gave: pixels in its own layout, and how they are to be turned.
pub(super) struct Canvas {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Vec<u8>,
    pub(super) layout: Layout,
    pub(super) orientation: Orientation,
}

impl Canvas {
    /// By the rule of `colour`, upright, on every background that makes a difference.
    pub(super) fn shown(self, limits: &Limits) -> Result<Shown, MediaError> {
        let on_white = self.on_white(limits); // first: on black is made in place
        let size = (self.width, self.height);
        let pixels = to_8bit(self.pixels, self.layout);
        let samples = self.layout.samples();
        Ok(Shown {
            on_black: upright(size, samples, pixels, self.orientation, limits)?,
            on_white,
            orientation: self.orientation,
        })
    }

    fn on_white(&self, limits: &Limits) -> Result<Option<Picture<'static>>, MediaError> {
        if !shows_background(&self.pixels, self.layout) {
            return Ok(None);
        }
        let samples = self.layout.samples();
        let white = u64::from(self.width) * u64::from(self.height) * samples.bytes() as u64;
        let turned = if exchanges_sides(self.orientation) {
            white
        } else {
            0
        };
        let held = self.pixels.len() as u64;
        limits.check(Resource::MemoryBytes, held + white + turned)?;
        let pixels = on_white(&self.pixels, self.layout);
        let size = (self.width, self.height);
        upright(size, samples, pixels, self.orientation, limits).map(Some)
    }
}

/// The canvases that were met. Compared by SHA-256: nobody can make two that agree.
#[derive(Default)]
pub(super) struct Repeats(HashSet<[u8; 32]>);

impl Repeats {
    /// Whether an equal canvas was met before.
    pub(super) fn has(&mut self, canvas: &Canvas) -> bool {
        let mut digest = Sha256::new();
        digest.update(canvas.width.to_le_bytes());
        digest.update([canvas.orientation.to_exif()]);
        digest.update(format!("{:?}", canvas.layout));
        digest.update(&canvas.pixels);
        !self.0.insert(digest.finalize().into())
    }
}

/// A picture on black, and on white where that differs: or the reason why there was no room for it.
pub(super) struct Shown {
    on_black: Picture<'static>,
    on_white: Result<Option<Picture<'static>>, MediaError>,
    orientation: Orientation,
}

impl Shown {
    /// As a frame of an animation.
    pub(super) fn frames(self, number: u32, time: Option<Duration>) -> Still {
        let frame = move |(picture, background)| Frame {
            picture,
            number,
            time,
            partial: false,
            background,
            held_bytes: 0, // until all that is made with it is known
        };
        let black = frame((self.on_black, Background::Black));
        let white = self.on_white.transpose();
        let white = white.map(|white| white.map(|picture| frame((picture, Background::White))));
        [Some(Ok(black)), white].into_iter().flatten().collect()
    }

    /// A still of which nothing is missing.
    pub(super) fn whole(self) -> Still {
        self.frames(0, None)
    }

    /// A damaged still: as it decoded, then without a lower part of one colour, on each background; then the reason.
    pub(super) fn partial(self, reason: MediaError, limits: &Limits) -> Still {
        let orientation = self.orientation;
        let mut items = Still::new();
        for frame in self.whole().into_iter().flatten() {
            let without = without_tail(&frame.picture, orientation, limits);
            let damaged = |picture| Frame {
                picture,
                number: frame.number,
                time: frame.time,
                partial: true,
                background: frame.background,
                held_bytes: 0,
            };
            let without = without.map(damaged);
            items.push(Ok(damaged(frame.picture)));
            items.extend(without.map(Ok));
        }
        items.push(Err(reason));
        items
    }
}

/// Samples turned upright.
fn upright(
    (width, height): (u32, u32),
    samples: Samples,
    pixels: Vec<u8>,
    orientation: Orientation,
    limits: &Limits,
) -> Result<Picture<'static>, MediaError> {
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

/// A damaged picture without its lower part of one colour. That part is looked for where the file's last rows are: at
/// the bottom only if the picture was not turned. Where there is no memory for a second picture there is none.
fn without_tail(
    picture: &Picture<'_>,
    orientation: Orientation,
    limits: &Limits,
) -> Option<Picture<'static>> {
    if !matches!(
        orientation,
        Orientation::NoTransforms | Orientation::FlipHorizontal
    ) {
        return None;
    }
    let rows = rows_above_tail(picture)?;
    let bytes = u64::from(picture.width()) * picture.samples().bytes() as u64;
    let both = bytes * (u64::from(picture.height()) + u64::from(rows));
    limits.check(Resource::MemoryBytes, both).ok()?;
    let stride = usize::try_from(bytes).ok()?;
    let mut kept = Vec::with_capacity(stride * rows as usize);
    let upper = picture.top(rows);
    upper.rows().for_each(|row| kept.extend_from_slice(row));
    match picture.samples() {
        Samples::Grey => Picture::grey(picture.width(), rows, stride, kept),
        Samples::Rgb => Picture::rgb(picture.width(), rows, stride, kept),
    }
    .ok()
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
    use crate::media::colour::{Alpha, Depth, Ink};

    #[test]
    fn equal_canvases_are_met_once() {
        let canvas = |width, shade, orientation| Canvas {
            width,
            height: 4 / width,
            pixels: vec![shade; 4],
            layout: Layout::eight(Ink::Grey, Alpha::None),
            orientation,
        };
        let as_is = Orientation::NoTransforms;
        let deep = Canvas {
            layout: Layout {
                depth: Depth::SixteenBig,
                ..canvas(2, 1, as_is).layout
            },
            height: 1,
            ..canvas(2, 1, as_is)
        };
        let mut repeats = Repeats::default();
        let distinct = [
            canvas(2, 1, as_is),
            canvas(1, 1, as_is),
            canvas(2, 2, as_is),
            canvas(2, 1, Orientation::Rotate180),
            deep,
        ];
        assert!(distinct.iter().all(|canvas| !repeats.has(canvas)));
        assert!(distinct.iter().all(|canvas| repeats.has(canvas)));
    }

    #[test]
    fn the_tail_of_one_colour_is_found_and_nothing_else() {
        let rows = |pixels: &[u8]| rows_above_tail(&Picture::grey(2, 4, 2, pixels).unwrap());
        assert_eq!(rows(&[1, 2, 3, 4, 9, 9, 9, 9]), Some(2));
        assert_eq!(rows(&[1, 2, 3, 4, 5, 6, 7, 8]), None);
        assert_eq!(rows(&[9, 9, 9, 9, 9, 9, 9, 9]), None);
        assert_eq!(rows(&[1, 2, 9, 9, 7, 7, 7, 7]), Some(2));
    }
}
