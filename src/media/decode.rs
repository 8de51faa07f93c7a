//! PNG, GIF, WebP and BMP through the crate `image`: stills and animations, each checked against the limits first.

use std::io::{self, Cursor};
use std::time::Duration;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, ColorType, ImageDecoder, ImageError};

use crate::limits::{Exceeded, Limits, Resource};

use super::colour::{Depth, Ink, Layout};
use super::frame::{Frame, Source};
use super::still::{Still, partial, pixels, upright, whole};
use super::{Format, MediaError, jpeg};

pub(super) fn open<'a>(
    format: Format,
    bytes: &'a [u8],
    limits: &'a Limits,
) -> Result<Source<'a>, MediaError> {
    let input = Cursor::new(bytes);
    let fail = |error| from_image(&error, format, limits);
    match format {
        Format::Jpeg => Ok(still(format, jpeg::decode(bytes, limits)?)),
        Format::Png => {
            let decoder = PngDecoder::with_limits(input, allocation(limits)).map_err(fail)?;
            let animated = decoder.is_apng().map_err(fail)?;
            let mut items = decode_still(decoder, format, limits)?;
            if animated {
                let feature = Some("animated PNG, only its default image is looked at");
                items.push(Err(MediaError::Unsupported { format, feature }));
            }
            Ok(still(format, items))
        }
        Format::Gif => animation(GifDecoder::new(input).map_err(fail)?, format, limits),
        Format::WebP => {
            // The decoder takes what is missing for frames that are not there, or for a corrupt bitstream.
            let cut = is_cut_riff(bytes).then_some(MediaError::Truncated { format });
            let decoder =
                WebPDecoder::new(input).map_err(|error| cut.clone().unwrap_or(fail(error)))?;
            if decoder.has_animation() {
                let mut source = animation(decoder, format, limits)?;
                if let Some(cut) = cut {
                    let whole = source.frames.take_while(Result::is_ok);
                    source.frames = Box::new(whole.chain([Err(cut)]));
                }
                return Ok(source);
            }
            match (decode_still(decoder, format, limits), cut) {
                (Ok(_), Some(cut)) | (Err(MediaError::Malformed { .. }), Some(cut)) => Err(cut),
                (items, _) => Ok(still(format, items?)),
            }
        }
        Format::Bmp => {
            let decoder = BmpDecoder::new(input).map_err(fail)?;
            Ok(still(format, decode_still(decoder, format, limits)?))
        }
        _ => Err(MediaError::Unsupported {
            format,
            feature: None,
        }),
    }
}

fn still<'a>(format: Format, items: Still) -> Source<'a> {
    Source {
        format,
        animated: false,
        frames: Box::new(items.into_iter()),
    }
}

fn decode_still(
    mut decoder: impl ImageDecoder,
    format: Format,
    limits: &Limits,
) -> Result<Still, MediaError> {
    let (width, height) = decoder.dimensions();
    let layout = layout(decoder.color_type(), format)?;
    let pixels = pixels(width, height, limits)?;
    let beside = match format {
        Format::WebP => pixels.saturating_mul(WEBP_BYTES_A_PIXEL),
        _ => u64::from(width) * 32, // rows being unfiltered
    };
    let bytes = decoder.total_bytes();
    limits.check(Resource::MemoryBytes, bytes.saturating_add(beside))?;
    decoder
        .set_limits(allocation(limits))
        .map_err(|error| from_image(&error, format, limits))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut buffer = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)];
    match decoder.read_image(&mut buffer) {
        Ok(()) => {
            let upright = upright(width, height, buffer, layout, orientation, limits)?;
            Ok(vec![Ok(whole(upright))])
        }
        Err(error) => {
            let error = from_image(&error, format, limits);
            if format != Format::Png || matches!(error, MediaError::Limit(_)) {
                return Err(error);
            }
            // What decoded is in the buffer, as it stood in the file: big endian. The rest is zero.
            let depth = match layout.depth {
                Depth::Eight => Depth::Eight,
                Depth::SixteenNative | Depth::SixteenBig => Depth::SixteenBig,
            };
            let layout = Layout { depth, ..layout };
            let upright = upright(width, height, buffer, layout, orientation, limits)?;
            Ok(partial(upright, orientation, error))
        }
    }
}

/// Frames as `image` composes them, converted one by one. Bytes a pixel at the worst: the canvas, the part that is
/// being read, what is given (4 each), and our own 3.
fn animation<'a>(
    mut decoder: impl AnimationDecoder<'a> + ImageDecoder + 'a,
    format: Format,
    limits: &'a Limits,
) -> Result<Source<'a>, MediaError> {
    let (width, height) = decoder.dimensions();
    let pixels = pixels(width, height, limits)?;
    limits.check(Resource::MemoryBytes, pixels.saturating_mul(15))?;
    let fail = |error| from_image(&error, format, limits);
    decoder.set_limits(allocation(limits)).map_err(fail)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut time = Duration::ZERO;
    let frames = (0u32..)
        .zip(decoder.into_frames())
        .map(move |(number, frame)| {
            let frame = frame.map_err(|error| from_image(&error, format, limits))?;
            let begins = time;
            time += Duration::from(frame.delay());
            let (width, height) = frame.buffer().dimensions();
            let layout = Layout::eight(Ink::Rgb, true);
            let pixels = frame.into_buffer().into_raw();
            Ok(Frame {
                picture: upright(width, height, pixels, layout, orientation, limits)?,
                number,
                time: Some(begins),
                partial: false,
            })
        });
    Ok(Source {
        format,
        animated: true,
        frames: Box::new(frames),
    })
}

fn layout(color: ColorType, format: Format) -> Result<Layout, MediaError> {
    let (ink, alpha, depth) = match color {
        ColorType::L8 => (Ink::Grey, false, Depth::Eight),
        ColorType::La8 => (Ink::Grey, true, Depth::Eight),
        ColorType::Rgb8 => (Ink::Rgb, false, Depth::Eight),
        ColorType::Rgba8 => (Ink::Rgb, true, Depth::Eight),
        ColorType::L16 => (Ink::Grey, false, Depth::SixteenNative),
        ColorType::La16 => (Ink::Grey, true, Depth::SixteenNative),
        ColorType::Rgb16 => (Ink::Rgb, false, Depth::SixteenNative),
        ColorType::Rgba16 => (Ink::Rgb, true, Depth::SixteenNative),
        _ => {
            let feature = Some("samples that are neither 8 nor 16 bits");
            return Err(MediaError::Unsupported { format, feature });
        }
    };
    Ok(Layout { ink, alpha, depth })
}

fn allocation(limits: &Limits) -> image::Limits {
    let mut allocation = image::Limits::no_limits();
    allocation.max_alloc = Some(limits.memory_bytes);
    allocation
}

fn from_image(error: &ImageError, format: Format, limits: &Limits) -> MediaError {
    match error {
        ImageError::Limits(_) => MediaError::Limit(Exceeded {
            what: Resource::MemoryBytes,
            asked: limits.memory_bytes.saturating_add(1),
            allowed: limits.memory_bytes,
        }),
        ImageError::Unsupported(_) => MediaError::Unsupported {
            format,
            feature: Some("a variant that the decoder does not know"),
        },
        ImageError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            MediaError::Truncated { format }
        }
        _ if ends_early(error) => MediaError::Truncated { format },
        _ => MediaError::malformed(format, error),
    }
}

/// Whether an error, or one that it comes from, is that the bytes came to an end. The GIF decoder says so in words of
/// its own; taking them wrongly would change what the gap is called, not that it is one.
fn ends_early(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>()
            && io.kind() == io::ErrorKind::UnexpectedEof
        {
            return true;
        }
        let words = error.to_string().to_ascii_lowercase();
        if words.contains("unexpected end of file") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether a RIFF file is shorter than its header says.
fn is_cut_riff(bytes: &[u8]) -> bool {
    let Some(&[a, b, c, d]) = bytes.get(4..8) else {
        return true;
    };
    u64::from(u32::from_le_bytes([a, b, c, d])) + 8 > bytes.len() as u64
}

/// What the WebP decoder takes beside the picture: the planes of a lossy one, the 4-byte pixels of a lossless one,
/// and an alpha plane.
const WEBP_BYTES_A_PIXEL: u64 = 5;
