//! Files that look suspicious and are whole: all that they show is looked at, so "no match" is right.

use image::imageops::thumbnail;
use image::{ImageResult, RgbImage};

use super::super::brush::blank;
use super::super::edits::Edit;
use super::super::encode::{gif, png, tiff, usual};
use super::super::variant::{self, Variants};
use super::bytes::{followed, segment};

pub(super) const ODD: &Variants = &[
    ("note.jpg", |image, _| {
        Ok(followed(usual(image)?, b"\r\na note by the camera"))
    }),
    ("zeros.png", |image, _| {
        Ok(followed(png(image)?, &[0; 5000]))
    }),
    ("gain-map.jpg", |image, _| with_gain_map(image)),
    ("late.gif", |image, _| gif([blank(image), image.clone()])),
    ("small-screen.gif", |image, _| {
        let mut bytes = gif([image.clone()])?;
        bytes[6..10].copy_from_slice(&[1, 0, 1, 0]); // of the screen, width and height; the picture is larger
        Ok(bytes)
    }),
    ("pages.tiff", |image, _| tiff([image, &blank(image)])),
    ("alpha.png", |image, number| {
        Ok(variant::make(Edit::SeeThrough.variants(), image, number)?.bytes)
    }),
];

/// As phones take photos for bright screens: behind the picture stands a small one that says how bright, and the first
/// declares it.
fn with_gain_map(image: &RgbImage) -> ImageResult<Vec<u8>> {
    const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0<Item:Semantic>GainMap</Item:Semantic>";
    let (first, map) = (usual(image)?, usual(&thumbnail(image, 64, 64))?);
    let (start, rest) = first.split_at(2); // the marker with which it begins
    Ok([start, &segment(0xe1, XMP), rest, &map].concat())
}
