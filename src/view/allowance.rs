//! What views may take of an upload's limits.

use crate::hash::LONGEST_SIDE;
use crate::limits::{Exceeded, Limits, Resource};
use crate::picture::Picture;

/// What the views of one upload have taken so far.
#[derive(Debug, Default)]
pub(crate) struct Allowance {
    /// As [`Limits::view_pixels`] counts them.
    pixels: u64,
}

impl Allowance {
    /// Takes what the views of one more picture need, beside so many bytes that are held.
    ///
    /// # Errors
    /// [`Exceeded`]: there is not so much left. Then nothing is taken.
    pub(crate) fn take(
        &mut self,
        picture: &Picture<'_>,
        held_bytes: u64,
        limits: &Limits,
    ) -> Result<(), Exceeded> {
        fits(picture, held_bytes, limits)?;
        let pixels = self.pixels.saturating_add(work(picture));
        limits.check(Resource::ViewPixels, pixels)?;
        self.pixels = pixels;
        Ok(())
    }
}

/// Whether there is memory for the views of a picture, beside so many bytes that are held.
///
/// # Errors
/// [`Exceeded`]: there is not so much.
pub(crate) fn fits(
    picture: &Picture<'_>,
    held_bytes: u64,
    limits: &Limits,
) -> Result<(), Exceeded> {
    let bytes = held_bytes.saturating_add(memory_bytes(picture));
    limits.check(Resource::MemoryBytes, bytes)
}

/// Bytes of memory that the views of a picture take at most, beside those of hashing it: see [`Viewer::views`](super::Viewer::views).
pub(crate) fn memory_bytes(picture: &Picture<'_>) -> u64 {
    let [width, height] = [picture.width(), picture.height()].map(u64::from);
    let longest = LONGEST_SIDE as u64;
    let samples = (width + 15).min(longest) * height.min(longest);
    samples * 4 * 4 / 3 + (width + 15) * 4 + BESIDE_BYTES
}

/// What is looked for takes that much, and the views themselves.
const BESIDE_BYTES: u64 = 4 << 20;

/// In how many pixels the views of a picture are looked for, as [`Limits::view_pixels`] counts them.
fn work(picture: &Picture<'_>) -> u64 {
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    pixels.min(MOST_LOOKED_IN) + VIEWS_AS_PIXELS
}

/// Larger pictures are looked into at this size.
const MOST_LOOKED_IN: u64 = 1 << 18;

/// What reading the views takes, whatever the size: as long as looking into so many pixels.
const VIEWS_AS_PIXELS: u64 = 1 << 16;
