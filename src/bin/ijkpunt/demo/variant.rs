//! Ways of making a file of one kind, taken in turn.

use image::{ImageResult, RgbImage};

/// A file as somebody uploads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// What was done, in one word, and the extension: `mirrored.jpg`.
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// The bytes of a file, made from a picture. The number tells files of one kind apart, where chance or place differ.
pub(super) type Make = fn(&RgbImage, usize) -> ImageResult<Vec<u8>>;

/// The names of files and how each is made; never empty.
pub(super) type Variants = [(&'static str, Make)];

/// The file with this number among those of its kind.
pub(super) fn make(variants: &Variants, image: &RgbImage, number: usize) -> ImageResult<Made> {
    let (name, make) = variants[number % variants.len()];
    let bytes = make(image, number)?;
    Ok(Made { name, bytes })
}
