//! PNG by its chunks: what the encoder does not write, namely animations and headers that promise too much.

use image::{ImageResult, RgbImage};

use super::encode::png;

/// A chunk: its kind and its data.
pub(super) type Chunk = ([u8; 4], Vec<u8>);

/// A file of these chunks, and of the one that ends it.
pub(super) fn file(chunks: &[Chunk]) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    for (kind, data) in chunks.iter().chain(&[(*b"IEND", Vec::new())]) {
        bytes.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
        let checked = [kind, &data[..]].concat();
        bytes.extend(&checked);
        bytes.extend(crc32(&checked).to_be_bytes());
    }
    bytes
}

/// What a picture has in a pixel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pixel {
    /// One bit, black or white.
    Bit,
    /// 8 bits each of red, green and blue.
    Rgb,
}

/// The header of a picture.
pub(super) fn header(width: u32, height: u32, pixel: Pixel) -> Chunk {
    let kind = match pixel {
        Pixel::Bit => [1, 0, 0, 0, 0],
        Pixel::Rgb => [8, 2, 0, 0, 0],
    };
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    (*b"IHDR", [&sides[..], &kind].concat())
}

/// An animation, a second a frame, that announces so many frames. All pictures have one size.
pub(super) fn animation<const N: usize>(
    images: [&RgbImage; N],
    announced: u32,
) -> ImageResult<Vec<u8>> {
    let Some((width, height)) = images.first().map(|image| image.dimensions()) else {
        return Ok(file(&[]));
    };
    let mut chunks = vec![header(width, height, Pixel::Rgb)];
    chunks.push((*b"acTL", [announced.to_be_bytes(), [0; 4]].concat()));
    let mut sequence = 0u32;
    let mut numbered = |rest: &[u8]| {
        let data = [&sequence.to_be_bytes(), rest].concat();
        sequence += 1;
        data
    };
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let control = [&sides[..], &[0; 8], &[0, 1, 0, 1], &[0, 0]].concat(); // 1/1 s, as it is
    for (place, image) in images.into_iter().enumerate() {
        chunks.push((*b"fcTL", numbered(&control)));
        let data = image_data(&png(image)?);
        chunks.push(match place {
            0 => (*b"IDAT", data),
            _ => (*b"fdAT", numbered(&data)),
        });
    }
    Ok(file(&chunks))
}

/// The compressed rows of a PNG, as its chunks hold them one after the other.
pub(super) fn image_data(png: &[u8]) -> Vec<u8> {
    let mut rest = png.strip_prefix(SIGNATURE).unwrap_or_default();
    let mut all = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        let data = behind.get(4..4 + length).unwrap_or_default();
        if behind.starts_with(b"IDAT") {
            all.extend(data);
        }
        rest = behind.get(4 + length + 4..).unwrap_or_default();
    }
    all
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// PNG's checksum (annex D of its specification), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32| (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1));
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| shift(crc))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::png::PngDecoder;
    use image::{AnimationDecoder, DynamicImage, Rgb};

    use super::*;
    use crate::demo::scene::scene;

    #[test]
    fn the_checksum_is_that_of_every_png() {
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn a_picture_taken_apart_and_put_together_is_the_same() {
        let image = scene(3);
        let whole = png(&image).unwrap();
        let data = image_data(&whole);
        let (width, height) = image.dimensions();
        let again = file(&[header(width, height, Pixel::Rgb), (*b"IDAT", data)]);
        assert_eq!(image::load_from_memory(&again).unwrap().into_rgb8(), image);
    }

    #[test]
    fn an_animation_shows_every_picture() {
        let (first, second) = (RgbImage::from_pixel(480, 360, Rgb([1, 2, 3])), scene(5));
        let second = image::imageops::thumbnail(&second, 480, 360);
        let bytes = animation([&first, &second], 2).unwrap();
        let decoder = PngDecoder::new(Cursor::new(&bytes)).unwrap();
        let frames = decoder.apng().unwrap().into_frames();
        let frames: Vec<_> = frames.map(|frame| frame.unwrap().into_buffer()).collect();
        assert_eq!(frames.len(), 2);
        for (frame, image) in frames.into_iter().zip([first, second]) {
            assert_eq!(DynamicImage::from(frame).into_rgb8(), image);
        }
    }
}
