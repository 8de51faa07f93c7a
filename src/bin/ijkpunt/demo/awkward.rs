//! Files that somebody uploads by accident or on purpose, and that nobody can call "no match".

use image::{ImageResult, Rgb, RgbImage};

use super::dice::Dice;
use super::edits::USUAL;
use super::encode::{Made, jpeg, png, webp};

/// A family of files that have to come out as undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Something of the picture is missing.
    Damaged,
    /// No picture, whatever the name says.
    NoPicture,
    /// A picture that no hash can stand for, or that is not decoded.
    Unhashable,
}

impl Family {
    pub(super) const ALL: [Self; 3] = [Self::Damaged, Self::NoPicture, Self::Unhashable];

    /// What they are, for somebody who reads the table.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Damaged => "damaged: cut short, garbage inside",
            Self::NoPicture => "no picture: empty, text, ZIP, video",
            Self::Unhashable => "blank, 1 x 1, 100000 x 100000, HEIC",
        }
    }

    /// The file with this number, members of the family in turn, made from an unrelated picture where one is needed.
    pub(super) fn make(self, image: &RgbImage, number: usize) -> ImageResult<Made> {
        let (name, bytes) = match (self, number % 4) {
            (Self::Damaged, 0 | 3) => ("cut.jpg", kept(jpeg(image, USUAL)?, 50)),
            (Self::Damaged, 1) => ("cut.webp", kept(webp(image)?, 60)),
            (Self::Damaged, _) => ("garbage.jpg", with_garbage(jpeg(image, USUAL)?, number)),
            (Self::NoPicture, 0) => ("text.jpg", TEXT.into()),
            (Self::NoPicture, 1) => ("empty.png", Vec::new()),
            (Self::NoPicture, 2) => ("archive.zip", ZIP.into()),
            (Self::NoPicture, _) => ("video.mp4", MP4.into()),
            (Self::Unhashable, 0) => ("blank.png", png(&plain(320, 240))?),
            (Self::Unhashable, 1) => ("one-pixel.png", png(&plain(1, 1))?),
            (Self::Unhashable, 2) => ("huge.png", png_header(100_000, 100_000)),
            (Self::Unhashable, _) => ("phone.heic", HEIC.into()),
        };
        Ok(Made { name, bytes })
    }
}

/// A listed item whose upload broke off.
pub(super) fn cut_short(image: &RgbImage) -> ImageResult<Made> {
    Ok(Made {
        name: "broken-off.jpg",
        bytes: kept(jpeg(image, USUAL)?, 90),
    })
}

const TEXT: &[u8] = b"This is a text. Somebody gave it a name that ends in .jpg.\n";

/// A local file header, and the file: an empty one.
const ZIP: &[u8] = b"PK\x03\x04\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.txt";

const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42\0\0\0\x10mdat\0\0\0\0\0\0\0\0";

const HEIC: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x10mdat\0\0\0\0\0\0\0\0";

/// The first part, in per cent, of a file.
fn kept(mut bytes: Vec<u8>, percent: usize) -> Vec<u8> {
    bytes.truncate(bytes.len() * percent / 100);
    bytes
}

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

fn plain(width: u32, height: u32) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb([120, 130, 150]))
}

/// A PNG that claims a size and holds nothing.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for chunk in [&header[..], b"IDAT", b"IEND"] {
        bytes.extend(u32::try_from(chunk.len() - 4).unwrap_or(0).to_be_bytes());
        bytes.extend(chunk);
        bytes.extend(crc32(chunk).to_be_bytes());
    }
    bytes
}

/// PNG's checksum (annex D of its specification), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32| (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1));
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| shift(crc))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_every_png() {
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn ten_of_a_family_show_every_member() {
        let image = plain(64, 64);
        for family in Family::ALL {
            let mut names: Vec<_> = (0..10)
                .map(|number| family.make(&image, number).unwrap().name)
                .collect();
            names.sort_unstable();
            names.dedup();
            let members = if family == Family::Damaged { 3 } else { 4 };
            assert_eq!(names.len(), members);
        }
    }
}
