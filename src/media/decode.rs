//! Decoders by format, and WebP and BMP through the crate `image`: stills and animations, each checked against the
//! limits first.

use std::io::{self, Cursor};
use std::time::Duration;

use image::codecs::bmp::BmpDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, ColorType, ImageDecoder, ImageError};

use crate::limits::{Exceeded, Limits, Resource};

use super::colour::{Alpha, Depth, Ink, Layout};
use super::frame::{Frame, Source, Step};
use super::still::{Canvas, Repeats, Still, pixels};
use super::{Format, MediaError, gif, jpeg, png, tiff, trailing};

/// The frames of a file, and behind them what else the file holds.
pub(super) fn open<'a>(
    format: Format,
    bytes: &'a [u8],
    limits: &'a Limits,
) -> Result<Source<'a>, MediaError> {
    let mut source = open_format(format, bytes, limits)?;
    if let Some(gap) = trailing::gap(format, bytes) {
        source.steps = Box::new(source.steps.chain([Err(gap)]));
    }
    Ok(source)
}

fn open_format<'a>(
    format: Format,
    bytes: &'a [u8],
    limits: &'a Limits,
) -> Result<Source<'a>, MediaError> {
    let input = Cursor::new(bytes);
    let fail = |error| from_image(&error, format, limits);
    match format {
        Format::Jpeg => Ok(still(format, jpeg::decode(bytes, limits)?)),
        Format::Png => png::open(bytes, limits),
        Format::Tiff => tiff::open(bytes, limits),
        Format::Gif => gif::open(bytes, limits),
        Format::WebP => {
            // The decoder takes what is missing for frames that are not there, or for a corrupt bitstream.
            let cut = is_cut_riff(bytes).then_some(MediaError::Truncated { format });
            let decoder =
                WebPDecoder::new(input).map_err(|error| cut.clone().unwrap_or(fail(error)))?;
            if decoder.has_animation() {
                let mut source = animation(decoder, format, limits)?;
                if let Some(cut) = cut {
                    let whole = source.steps.take_while(Result::is_ok);
                    source.steps = Box::new(whole.chain([Err(cut)]));
                }
                return Ok(source);
            }
            match (decode_still(decoder, format, limits), cut) {
                (Ok(_), Some(cut)) | (Err(MediaError::Malformed { .. }), Some(cut)) => Err(cut),
                (items, _) => Ok(still(format, items?)),
            }
        }
        Format::Bmp => {
            // Where the bytes of a picture exceed an address, the decoder calls that a variant that it does not know.
            if let Some((width, height)) = trailing::bmp_sides(bytes) {
                pixels(width, height, limits)?;
            }
            let decoder = BmpDecoder::new(input).map_err(fail)?;
            Ok(still(format, decode_still(decoder, format, limits)?))
        }
        _ => Err(MediaError::Unsupported {
            format,
            feature: None,
        }),
    }
}

/// What is left of a still, as steps: each of its frames is looked at while all are held.
pub(super) fn steps(mut items: Still) -> impl Iterator<Item = Step> {
    let held = |item: &Result<Frame, MediaError>| {
        let frame = item.as_ref().ok();
        frame.map_or(0, |frame| frame.picture.held_bytes())
    };
    let held_bytes = items.iter().map(held).sum();
    for frame in items.iter_mut().flatten() {
        frame.held_bytes = held_bytes;
    }
    items.into_iter().map(|item| item.map(Some))
}

pub(super) fn still<'a>(format: Format, items: Still) -> Source<'a> {
    Source {
        format,
        kept_bytes: 0, // it has decoded all
        steps: Box::new(steps(items)),
    }
}

pub(super) fn decode_still(
    mut decoder: impl ImageDecoder,
    format: Format,
    limits: &Limits,
) -> Result<Still, MediaError> {
    let (width, height) = decoder.dimensions();
    let layout = layout(decoder.color_type(), format)?;
    let pixels = pixels(width, height, limits)?;
    let beside = match format {
        Format::WebP => pixels.saturating_mul(WEBP_BYTES_A_PIXEL),
        Format::Png => png::BESIDE_BYTES + u64::from(width) * 32, // rows being unfiltered
        _ => u64::from(width) * 32,
    };
    let bytes = decoder.total_bytes();
    limits.check(Resource::MemoryBytes, bytes.saturating_add(beside))?;
    decoder
        .set_limits(allocation(limits))
        .map_err(|error| from_image(&error, format, limits))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut buffer = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)];
    let canvas = |pixels, layout| Canvas {
        width,
        height,
        pixels,
        layout,
        orientation,
    };
    match decoder.read_image(&mut buffer) {
        Ok(()) => Ok(canvas(buffer, layout).shown(limits)?.whole()),
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
            let shown = canvas(buffer, Layout { depth, ..layout }).shown(limits)?;
            Ok(shown.partial(error, limits))
        }
    }
}

/// Frames as `image` composes them. Bytes a pixel at the worst: the canvas, the part that is being read, what is given
/// (4 each), and the same on white.
pub(super) fn animation<'a>(
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
    Ok(Source {
        format,
        kept_bytes: pixels.saturating_mul(KEPT_BYTES_A_PIXEL),
        steps: Box::new(composed(decoder, 0, orientation, format, limits)),
    })
}

/// The frames of an animation, converted one by one; numbers begin with `first_number`. Composing and comparing is done
/// for equal frames too, so there is a limit of their pixels.
pub(super) fn composed<'a>(
    decoder: impl AnimationDecoder<'a>,
    first_number: u32,
    orientation: Orientation,
    format: Format,
    limits: &'a Limits,
) -> impl Iterator<Item = Step> + 'a {
    let (mut time, mut work) = (Duration::ZERO, 0);
    let mut repeats = Repeats::default();
    let mut convert = move |number, frame: image::Frame| {
        let begins = time;
        time += Duration::from(frame.delay());
        let (width, height) = frame.buffer().dimensions();
        work += u64::from(width) * u64::from(height) + FRAME_AS_PIXELS;
        limits.check(Resource::FramePixels, work)?;
        let canvas = Canvas {
            width,
            height,
            pixels: frame.into_buffer().into_raw(),
            layout: Layout::eight(Ink::Rgb, Alpha::Straight),
            orientation,
        };
        if repeats.has(&canvas) {
            return Ok(vec![Ok(None)]);
        }
        let frames = canvas.shown(limits)?.frames(number, Some(begins));
        Ok(steps(frames).collect())
    };
    (first_number..)
        .zip(decoder.into_frames())
        .flat_map(move |(number, frame)| {
            frame
                .map_err(|error| from_image(&error, format, limits))
                .and_then(|frame| convert(number, frame))
                .unwrap_or_else(|error| vec![Err(error)])
        })
}

/// What stays with the decoder of an animation while a frame is looked at: the canvas, and the part that was read.
pub(super) const KEPT_BYTES_A_PIXEL: u64 = 8;

/// What a frame costs beside its pixels, in pixels.
const FRAME_AS_PIXELS: u64 = 256;

fn layout(color: ColorType, format: Format) -> Result<Layout, MediaError> {
    let (ink, alpha, depth) = match color {
        ColorType::L8 => (Ink::Grey, Alpha::None, Depth::Eight),
        ColorType::La8 => (Ink::Grey, Alpha::Straight, Depth::Eight),
        ColorType::Rgb8 => (Ink::Rgb, Alpha::None, Depth::Eight),
        ColorType::Rgba8 => (Ink::Rgb, Alpha::Straight, Depth::Eight),
        ColorType::L16 => (Ink::Grey, Alpha::None, Depth::SixteenNative),
        ColorType::La16 => (Ink::Grey, Alpha::Straight, Depth::SixteenNative),
        ColorType::Rgb16 => (Ink::Rgb, Alpha::None, Depth::SixteenNative),
        ColorType::Rgba16 => (Ink::Rgb, Alpha::Straight, Depth::SixteenNative),
        _ => {
            let feature = Some("samples that are neither 8 nor 16 bits");
            return Err(MediaError::Unsupported { format, feature });
        }
    };
    Ok(Layout { ink, alpha, depth })
}

pub(super) fn allocation(limits: &Limits) -> image::Limits {
    let mut allocation = image::Limits::no_limits();
    allocation.max_alloc = Some(limits.memory_bytes);
    allocation
}

pub(super) fn from_image(error: &ImageError, format: Format, limits: &Limits) -> MediaError {
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
