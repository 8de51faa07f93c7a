//! Pictures to bytes, and their hash.

use std::io::Cursor;

use ijkpunt::Picture;
use ijkpunt::picture::PictureError;
use image::codecs::bmp::BmpEncoder;
use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::error::{EncodingError, ImageFormatHint};
use image::{
    Delay, DynamicImage, ExtendedColorType, Frame, ImageEncoder, ImageError, ImageResult, RgbImage,
    RgbaImage,
};
use tiff::encoder::{Compression, TiffEncoder, colortype};
use tiff::{TiffError, TiffResult};

/// A JPEG that is not poor on purpose.
pub(super) fn usual(image: &RgbImage) -> ImageResult<Vec<u8>> {
    jpeg(image, 85)
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

/// A PNG with an alpha channel.
pub(super) fn png_with_alpha(image: &RgbaImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let (width, height) = image.dimensions();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(image.as_raw(), width, height, ExtendedColorType::Rgba8)?;
    Ok(bytes)
}

/// Lossless, which is all that the encoder knows.
pub(super) fn webp(image: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    write(WebPEncoder::new_lossless(&mut bytes), image)?;
    Ok(bytes)
}

pub(super) fn bmp(image: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    write(BmpEncoder::new(&mut bytes), image)?;
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

/// A page for each picture.
pub(super) fn tiff<'a>(pages: impl IntoIterator<Item = &'a RgbImage>) -> ImageResult<Vec<u8>> {
    pages_of(pages, Compression::Lzw).map_err(tiff_failed)
}

/// The same without compression, which takes longer for a tiny page than the page is worth.
pub(super) fn unpacked_tiff<'a>(
    pages: impl IntoIterator<Item = &'a RgbImage>,
) -> ImageResult<Vec<u8>> {
    pages_of(pages, Compression::Uncompressed).map_err(tiff_failed)
}

fn pages_of<'a>(
    pages: impl IntoIterator<Item = &'a RgbImage>,
    compression: Compression,
) -> TiffResult<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)?.with_compression(compression);
    for page in pages {
        let (width, height) = page.dimensions();
        encoder.write_image::<colortype::RGB8>(width, height, page.as_raw())?;
    }
    Ok(bytes.into_inner())
}

fn tiff_failed(error: TiffError) -> ImageError {
    let format = ImageFormatHint::Name("TIFF".into());
    ImageError::Encoding(EncodingError::new(format, error))
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
