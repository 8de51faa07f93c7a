//! Files of which something is missing or wrong.

use image::{ImageResult, RgbImage};

use super::super::brush::blank;
use super::super::chunks::{self, Pixel, animation, header, image_data};
use super::super::dice::Dice;
use super::super::encode::{bmp, gif, png, tiff, usual, webp};
use super::super::variant::Variants;
use super::bytes::{exchanged, followed, kept, place};

/// Of a listed item: its upload broke off.
pub(in super::super) const BROKEN_OFF: &Variants =
    &[("broken-off.jpg", |image, _| Ok(kept(usual(image)?, 90)))];

pub(super) const CUT: &Variants = &[
    ("cut.jpg", |image, _| Ok(kept(usual(image)?, 50))),
    ("cut.png", |image, _| Ok(kept(png(image)?, 60))),
    ("cut.gif", |image, _| Ok(kept(gif([image.clone()])?, 70))),
    ("cut.webp", |image, _| Ok(kept(webp(image)?, 60))),
    ("cut.tiff", |image, _| Ok(kept(tiff([image])?, 90))),
    ("cut.bmp", |image, _| Ok(kept(bmp(image)?, 80))),
    ("cut-animation.gif", |image, _| {
        Ok(kept(gif([blank(image), image.clone()])?, 60))
    }),
    ("cut-animation.png", |image, _| {
        Ok(kept(animation([&blank(image), image], 2)?, 60))
    }),
];

pub(super) const DAMAGED: &Variants = &[
    ("garbage.jpg", |image, number| {
        Ok(with_garbage(usual(image)?, number))
    }),
    ("wrong-sum.png", |image, _| with_wrong_sum(image)),
    ("false-end.jpg", |image, _| {
        Ok(followed(kept(usual(image)?, 60), b"\xff\xd9"))
    }),
    ("false-end.png", |image, _| ended_early(image)),
    ("false-end.gif", |image, _| {
        Ok(followed(kept(gif([image.clone()])?, 60), b"\0;"))
    }),
    ("false-end.webp", |image, _| Ok(shorter_riff(&webp(image)?))),
    ("missing-frame.png", |image, _| {
        animation([&blank(image), image], 3)
    }),
    ("loop.tiff", |image, _| Ok(leading_back(tiff([image])?))),
];

/// Chance in place of the middle tenth. It begins with a table that is none, because chance alone may decode; and it
/// holds no other marker, so that the file still comes to its end.
fn with_garbage(mut bytes: Vec<u8>, number: usize) -> Vec<u8> {
    const NO_TABLE: &[u8] = b"\xff\xc4\0\x03\x7f";
    let mut dice = Dice::new(number as u64);
    let (start, end) = (bytes.len() * 45 / 100, bytes.len() * 55 / 100);
    let mut chance = || ((dice.roll() >> 56) as u8).min(0xfe);
    let garbage = NO_TABLE
        .iter()
        .copied()
        .chain(std::iter::repeat_with(&mut chance));
    for (byte, garbage) in bytes[start..end].iter_mut().zip(garbage) {
        *byte = garbage;
    }
    bytes
}

/// A checksum that is not that of its chunk.
fn with_wrong_sum(image: &RgbImage) -> ImageResult<Vec<u8>> {
    let bytes = png(image)?;
    let end = place(&bytes, b"\0\0\0\0IEND");
    Ok(exchanged(bytes, end.saturating_sub(4), b"\0\0\0\0"))
}

/// Compressed rows that break off in a chunk with the right checksum.
fn ended_early(image: &RgbImage) -> ImageResult<Vec<u8>> {
    let (width, height) = image.dimensions();
    let data = kept(image_data(&png(image)?), 60);
    Ok(chunks::file(&[
        header(width, height, Pixel::Rgb),
        (*b"IDAT", data),
    ]))
}

/// The first six tenths of a WebP, with lengths that say that this is all.
fn shorter_riff(bytes: &[u8]) -> Vec<u8> {
    const HEADERS_BYTES: usize = 20;
    let data = bytes.len().saturating_sub(HEADERS_BYTES) * 6 / 10 / 2 * 2;
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
    let cut = bytes[..bytes.len().min(HEADERS_BYTES + data)].to_vec();
    let outer = exchanged(cut, 4, &length(HEADERS_BYTES + data - 8));
    exchanged(outer, 16, &length(data))
}

/// A page whose next page is itself.
fn leading_back(bytes: Vec<u8>) -> Vec<u8> {
    let first = bytes.get(4..8).unwrap_or_default().to_vec();
    let at = first
        .iter()
        .rev()
        .fold(0, |at, &byte| at << 8 | usize::from(byte));
    let entries = bytes.get(at).copied().map_or(0, usize::from);
    exchanged(bytes, at + 2 + 12 * entries, &first)
}
