//! Pictures to bytes, and their hash.

use ijkpunt::Picture;
use ijkpunt::picture::PictureError;
use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{Delay, DynamicImage, ExtendedColorType, Frame, ImageEncoder, ImageResult, RgbImage};

/// A file as somebody uploads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// What was done, in one word, and the extension: `mirrored.jpg`.
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn jpeg(image: &RgbImage, quality: u8) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image)?;
    Ok(bytes)
}

pub(super) fn png(image: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    write(PngEncoder::new(&mut bytes), image)?;
    Ok(bytes)
}

/// Lossless, which is all that the encoder knows.
pub(super) fn webp(image: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    write(WebPEncoder::new_lossless(&mut bytes), image)?;
    Ok(bytes)
}

/// An animation, a second a frame.
pub(super) fn gif<const N: usize>(images: [RgbImage; N]) -> ImageResult<Vec<u8>> {
    /// 1 is best, 30 fastest.
    const SPEED: i32 = 20;
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, SPEED);
    let delay = Delay::from_numer_denom_ms(1000, 1);
    for image in images {
        let rgba = DynamicImage::from(image).into_rgba8();
        encoder.encode_frame(Frame::from_parts(rgba, 0, 0, delay))?;
    }
    drop(encoder);
    Ok(bytes)
}

fn write(encoder: impl ImageEncoder, image: &RgbImage) -> ImageResult<()> {
    let (width, height) = image.dimensions();
    encoder.write_image(image.as_raw(), width, height, ExtendedColorType::Rgb8)
}

/// The same pixels as the library wants them.
pub(super) fn picture(image: &RgbImage) -> Result<Picture<'_>, PictureError> {
    let (width, height) = image.dimensions();
    Picture::rgb(width, height, 3 * width as usize, image.as_raw().as_slice())
}
