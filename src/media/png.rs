//! PNG: the default image, and every frame of an animation.
//!
//! The chunks are walked first: they tell what the decoder does not, namely whether the default image is part of the
//! animation, how many frames there are against how many were announced, and where the file ends.
//!
//! The default image is looked at in every case, since viewers without animation show it. Where it is not part of the
//! animation it is frame 0, without a time, and the animation's frames are counted from 1. Where the animation cannot be
//! composed (16 bits, or a canvas too large for the copies that composing takes) it stands alone, and an error says so.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::png::PngDecoder;
use image::metadata::Orientation;

use crate::limits::{Limits, Resource};

use super::decode::{
    KEPT_BYTES_A_PIXEL, allocation, composed, decode_still, from_image, steps, still,
};
use super::frame::Source;
use super::still::{Still, pixels};
use super::{Format, MediaError};

const FORMAT: Format = Format::Png;

pub(super) fn open<'a>(bytes: &'a [u8], limits: &'a Limits) -> Result<Source<'a>, MediaError> {
    let fail = |error| from_image(&error, FORMAT, limits);
    let mut decoder = reader(bytes, limits)?;
    let chunks = Chunks::walk(bytes);
    if !decoder.is_apng().map_err(fail)? {
        // One that announces no frame and has some is a still to browsers, but not to everyone.
        let mut items = decode_still(decoder, FORMAT, limits)?;
        items.extend(chunks.gap().map(Err));
        return Ok(still(FORMAT, items));
    }
    if let Err(gap) = admit(&chunks, limits) {
        let mut items = decode_still(decoder, FORMAT, limits)?;
        items.push(Err(gap));
        return Ok(still(FORMAT, items));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (before, first_number) = if chunks.default_is_frame {
        (Still::new(), 0)
    } else {
        (decode_still(decoder, FORMAT, limits)?, 1)
    };
    let animation = reader(bytes, limits)?.apng().map_err(fail)?;
    let gap = chunks.gap();
    let rest = gap.clone().map(Err);
    // Whatever the decoder says about frames that are not there, they are missing.
    let named = move |error| match (error, gap.clone()) {
        (MediaError::Malformed { .. }, Some(gap)) => gap,
        (error, _) => error,
    };
    let frames = composed(animation, first_number, orientation, FORMAT, limits);
    let frames = frames.map(move |item| item.map_err(&named));
    let area = u64::from(chunks.width) * u64::from(chunks.height);
    Ok(Source {
        format: FORMAT,
        kept_bytes: area.saturating_mul(KEPT_BYTES_A_PIXEL) + BESIDE_BYTES,
        steps: Box::new(steps(before).chain(frames).chain(rest)),
    })
}

fn reader<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<PngDecoder<Cursor<&'a [u8]>>, MediaError> {
    let mut beside = allocation(limits);
    beside.max_alloc = Some(limits.memory_bytes.min(BESIDE_BYTES));
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), beside)
        .map_err(|error| from_image(&error, FORMAT, limits))?;
    decoder
        .set_limits(allocation(limits)) // of what is composed; those above stay with the inner decoder
        .map_err(|error| from_image(&error, FORMAT, limits))?;
    Ok(decoder)
}

/// Whether the animation can be composed.
fn admit(chunks: &Chunks, limits: &Limits) -> Result<(), MediaError> {
    if chunks.depth == 16 {
        let feature = Some("animated PNG of 16 bits, only its default image is looked at");
        return Err(MediaError::Unsupported {
            format: FORMAT,
            feature,
        });
    }
    let pixels = pixels(chunks.width, chunks.height, limits)?;
    let bytes = pixels.saturating_mul(COMPOSING_BYTES_A_PIXEL) + BESIDE_BYTES;
    Ok(limits.check(Resource::MemoryBytes, bytes)?)
}

/// What texts and profiles may take, inflated: they are never looked at, but the decoder keeps them.
pub(super) const BESIDE_BYTES: u64 = 32 * 1024 * 1024;

/// What composing takes at the worst: two canvases of 4, and a list of 12 a pixel that is to be cleared, which grows by
/// doubling and is copied as it does.
const COMPOSING_BYTES_A_PIXEL: u64 = 8 + 12 * 3;

/// What the chunks say, up to the end.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    width: u32,
    height: u32,
    depth: u8,
    /// Frames that are announced, if any are.
    announced: Option<u32>,
    /// Frames that are begun.
    begun: u32,
    /// Whether a frame begins before the default image, which is its first then.
    default_is_frame: bool,
    /// Where the file ends: behind `IEND`.
    pub(super) end: Option<usize>,
}

impl Chunks {
    pub(super) fn walk(bytes: &[u8]) -> Self {
        let mut chunks = Self::default();
        let mut at = SIGNATURE_BYTES;
        let mut data_met = false;
        while let Some((kind, data, next)) = chunk(bytes, at) {
            match kind {
                b"IHDR" => chunks.read_header(data),
                b"acTL" if !data_met => chunks.announced = chunks.announced.or(number(data, 0)),
                b"fcTL" => {
                    chunks.begun = chunks.begun.saturating_add(1);
                    chunks.default_is_frame |= !data_met;
                }
                b"IDAT" => data_met = true,
                b"IEND" => {
                    chunks.end = Some(next);
                    break;
                }
                _ => {}
            }
            at = next;
        }
        chunks
    }

    fn read_header(&mut self, data: &[u8]) {
        self.width = number(data, 0).unwrap_or(0);
        self.height = number(data, 4).unwrap_or(0);
        self.depth = data.get(8).copied().unwrap_or(0);
    }

    /// What is wrong with an animation as a whole. Frames beyond those announced are shown by some viewers.
    fn gap(&self) -> Option<MediaError> {
        let announced = self.announced?;
        if self.end.is_none() || self.begun < announced {
            return Some(MediaError::Truncated { format: FORMAT });
        }
        let detail = || format!("{} frames, {announced} announced", self.begun);
        (self.begun > announced).then(|| MediaError::malformed(FORMAT, &detail()))
    }
}

/// The chunk at `at`: its kind, its data, and where the next one begins.
fn chunk(bytes: &[u8], at: usize) -> Option<(&[u8; 4], &[u8], usize)> {
    let length = usize::try_from(number(bytes, at)?).ok()?;
    let kind = bytes.get(at + 4..at + 8)?.try_into().ok()?;
    let end = at.checked_add(8)?.checked_add(length)?;
    let data = bytes.get(at + 8..end)?;
    let next = end.checked_add(4)?;
    (next <= bytes.len()).then_some((kind, data, next))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

const SIGNATURE_BYTES: usize = 8;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, data) in chunks {
            bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
            bytes.extend(*kind);
            bytes.extend(*data);
            bytes.extend([0; 4]);
        }
        bytes
    }

    fn gap(chunks: &[(&[u8; 4], &[u8])]) -> Option<MediaError> {
        Chunks::walk(&file(chunks)).gap()
    }

    const TWO: &[u8] = &[0, 0, 0, 2, 0, 0, 0, 0];

    #[test]
    fn frames_are_counted_against_what_is_announced() {
        let actl = (b"acTL", TWO);
        let fctl = (b"fcTL", &[0; 26][..]);
        let (idat, iend) = ((b"IDAT", &[1][..]), (b"IEND", &[][..]));
        let truncated = Some(MediaError::Truncated { format: FORMAT });
        assert_eq!(gap(&[idat, iend]), None);
        assert_eq!(gap(&[actl, fctl, idat, fctl, iend]), None);
        assert_eq!(gap(&[actl, fctl, idat, iend]), truncated);
        assert_eq!(gap(&[actl, fctl, idat, fctl]), truncated);
        let more = gap(&[actl, fctl, idat, fctl, fctl, iend]);
        assert!(matches!(more, Some(MediaError::Malformed { .. })));
    }

    #[test]
    fn a_default_image_before_the_first_frame_is_not_of_the_animation() {
        let fctl = (b"fcTL", &[0; 26][..]);
        let idat = (b"IDAT", &[1][..]);
        assert!(Chunks::walk(&file(&[fctl, idat, fctl])).default_is_frame);
        assert!(!Chunks::walk(&file(&[idat, fctl, fctl])).default_is_frame);
    }

    #[test]
    fn the_end_is_behind_the_checksum_of_the_last_chunk() {
        let mut bytes = file(&[(b"IDAT", &[1]), (b"IEND", &[])]);
        let end = bytes.len();
        bytes.extend(b"IEND and more");
        assert_eq!(Chunks::walk(&bytes).end, Some(end));
        assert_eq!(Chunks::walk(&bytes[..end - 1]).end, None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = Chunks::walk(&bytes).gap();
            let mut behind = file(&[(b"acTL", TWO)]);
            behind.extend(bytes);
            let _ = Chunks::walk(&behind).gap();
        }
    }
}
