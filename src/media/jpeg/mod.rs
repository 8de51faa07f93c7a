//! JPEG: the markers are walked first, then `zune-jpeg` decodes.
//!
//! `zune-jpeg` is used directly and not through `image`, because only its strict mode tells that the entropy-coded data
//! ended early; the lenient one, which `image` asks for, fills the rest with grey and says nothing. So: strict first;
//! where that fails, lenient, and the picture is marked partial.
//!
//! Strict mode alone is deceived by an end marker put behind a file that was cut: a marker inside a scan makes every
//! decoder go on with zero bits. Three checks close that:
//!
//! - Sequential, one scan: ones are put before the end marker. No Huffman code consists of ones only, so a decoder that
//!   still needs data there fails, and one that has all it needs never looks at them.
//! - Progressive: the first DC scans are walked, to see that there is a code for every block. Later scans only refine;
//!   where they are missing, everybody sees the picture as coarse as it is hashed here.
//! - Sequential, several scans, and the parts of a TIFF: every scan is walked. Such files are rare, and the time is less
//!   than what decoding takes.

mod declared;
mod header;
mod scans;

use image::metadata::Orientation;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use crate::limits::{Limits, Resource};

use super::colour::{Alpha, Ink, Layout};
use super::still::{Canvas, Still, pixels};
use super::{Format, MediaError};
pub(super) use declared::declared_pictures;
use header::{Coding, Header};

const FORMAT: Format = Format::Jpeg;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Still, MediaError> {
    let walked = Header::walk(bytes);
    let header = walked.ok_or(MediaError::Truncated { format: FORMAT })?;
    let layout = admit(&header, bytes.len() as u64, limits)?;
    let (decoded, reason) = match strict(bytes, &header, layout, limits) {
        Ok(decoded) => (decoded, None),
        Err(reason) => {
            // Without an end marker the decoder fills what is missing with one colour, which `partial` takes away.
            let data = &bytes[..header.end.unwrap_or(bytes.len())];
            let lenient = run(data, &header, layout, limits, Mode::Lenient);
            (lenient.map_err(|_| reason.clone())?, Some(reason))
        }
    };
    let (pixels, orientation) = decoded;
    let canvas = Canvas {
        width: header.width.into(),
        height: header.height.into(),
        pixels,
        layout,
        orientation,
    };
    let shown = canvas.shown(limits)?;
    Ok(match reason {
        None => shown.whole(),
        Some(reason) => shown.partial(reason, limits),
    })
}

/// Where the first picture ends: behind its end marker.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    Header::walk(bytes)?.end.map(|marker| marker + 2)
}

/// What decoding one part of a TIFF costs in memory, if it is a whole JPEG of at most these sides. Its tables may stand
/// before all parts.
pub(super) fn admit_part(
    bytes: &[u8],
    tables: &[u8],
    (width, height): (u32, u32),
    limits: &Limits,
) -> Result<u64, MediaError> {
    let format = Format::Tiff;
    let malformed = |detail: &str| MediaError::malformed(format, &detail);
    let header = Header::walk(bytes).ok_or(MediaError::Truncated { format })?;
    if header.end.is_none() {
        return Err(MediaError::Truncated { format });
    }
    if u32::from(header.width) > width || u32::from(header.height) > height {
        return Err(malformed("a part is larger than the picture has it"));
    }
    let layout = admit(&header, bytes.len() as u64, limits)?;
    if !scans::are_complete_with(tables, bytes, &header) {
        return Err(malformed(ENDS_EARLY));
    }
    let pixels = u64::from(header.width) * u64::from(header.height);
    Ok(header.decoder_bytes() + bytes.len() as u64 + 2 * pixels * channels(layout) as u64)
}

/// The picture, if the file holds all of it.
fn strict(
    bytes: &[u8],
    header: &Header,
    layout: Layout,
    limits: &Limits,
) -> Result<Decoded, MediaError> {
    let end = header.end.ok_or(MediaError::Truncated { format: FORMAT })?;
    if !header.needs_padding() && !scans::are_complete(bytes, header) {
        return Err(MediaError::malformed(FORMAT, &ENDS_EARLY));
    }
    let padded;
    let mut data = bytes;
    if header.needs_padding() {
        padded = [&bytes[..end], &[0xff, 0x00].repeat(16), &[0xff, 0xd9]].concat();
        data = &padded;
    }
    run(data, header, layout, limits, Mode::Strict)
        .map_err(|complaint| MediaError::malformed(FORMAT, &said(&complaint)))
}

const ENDS_EARLY: &str = "a scan ends before it holds every block";

/// What the decoder will be asked for, once the limits have seen what it will cost.
fn admit(header: &Header, bytes: u64, limits: &Limits) -> Result<Layout, MediaError> {
    let unsupported = |feature| MediaError::Unsupported {
        format: FORMAT,
        feature: Some(feature),
    };
    match header.coding {
        Coding::Huffman | Coding::Progressive => {}
        Coding::Arithmetic => return Err(unsupported("arithmetic coding")),
        Coding::Lossless => return Err(unsupported("lossless or hierarchical coding")),
    }
    let layout = match header.components.len() {
        1 => Layout::eight(Ink::Grey, Alpha::None),
        3 => Layout::eight(Ink::Rgb, Alpha::None),
        4 if header.is_ycck() => Layout::eight(Ink::Rgb, Alpha::None),
        4 => Layout::eight(
            Ink::Cmyk {
                inverted: header.adobe.is_some(),
            },
            Alpha::None,
        ),
        _ => return Err(unsupported("neither 1, 3 nor 4 components")),
    };
    let pixels = pixels(header.width.into(), header.height.into(), limits)?;
    if pixels == 0 {
        return Err(MediaError::malformed(FORMAT, &"a side of 0 pixels"));
    }
    limits.check(Resource::Scans, header.scans)?;
    limits.check(Resource::ScanPixels, pixels.saturating_mul(header.scans))?;
    let out = pixels * channels(layout) as u64;
    let copied = if header.needs_padding() { bytes } else { 0 };
    limits.check(Resource::MemoryBytes, out + header.decoder_bytes() + copied)?;
    Ok(layout)
}

/// Pixels as the decoder gives them, and how they are to be turned.
type Decoded = (Vec<u8>, Orientation);

#[derive(Clone, Copy)]
enum Mode {
    Strict,
    Lenient,
}

fn run(
    bytes: &[u8],
    header: &Header,
    layout: Layout,
    limits: &Limits,
    mode: Mode,
) -> Result<Decoded, DecodeErrors> {
    let options = DecoderOptions::default()
        .set_strict_mode(matches!(mode, Mode::Strict))
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_max_scans(usize::try_from(limits.scans).unwrap_or(usize::MAX))
        .jpeg_set_out_colorspace(match layout.ink {
            Ink::Grey => ColorSpace::Luma,
            Ink::Rgb => ColorSpace::RGB,
            Ink::Cmyk { .. } => ColorSpace::CMYK,
        });
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers()?;
    let seen = decoder
        .info()
        .map(|info| (info.width, info.height, usize::from(info.components)));
    if seen != Some((header.width, header.height, header.components.len())) {
        // Two readers that disagree about the size: what the limits admitted is not what would be decoded.
        return Err(DecodeErrors::FormatStatic("two frame headers"));
    }
    let orientation = decoder
        .exif()
        .and_then(|exif| Orientation::from_exif_chunk(exif))
        .unwrap_or(Orientation::NoTransforms);
    let area = usize::from(header.width) * usize::from(header.height);
    let mut pixels = vec![0; area * channels(layout)];
    decoder.decode_into(&mut pixels)?;
    Ok((pixels, orientation))
}

fn channels(layout: Layout) -> usize {
    match layout.ink {
        Ink::Grey => 1,
        Ink::Rgb => 3,
        Ink::Cmyk { .. } => 4,
    }
}

/// The decoder's message; some kinds print only through `Debug`.
fn said(error: &DecodeErrors) -> String {
    format!("{error:?}")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The decoder has kernels for some instruction sets. Hashes must not depend on the CPU, so neither may pixels.
    #[test]
    fn the_decoders_kernels_give_the_pixels_of_its_plain_code() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures/jpeg");
        let mut compared = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let decode = |kernels: bool| {
                let options = DecoderOptions::default().set_use_unsafe(kernels);
                JpegDecoder::new_with_options(ZCursor::new(&bytes[..]), options).decode()
            };
            assert_eq!(
                decode(true).unwrap(),
                decode(false).unwrap(),
                "{}",
                path.display()
            );
            compared += 1;
        }
        assert!(compared > 10);
    }

    /// Also those that are padded instead: no whole picture may be taken for one that was cut.
    #[test]
    fn the_scans_of_whole_pictures_are_complete() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures/jpeg");
        let corpus = std::env::var_os("IJKPUNT_CORPUS").map(|path| Path::new(&path).join("pdq"));
        let mut folders = vec![own];
        folders.extend(corpus.filter(|path| path.is_dir()));
        let mut walked = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = fs::read(&path).unwrap();
                let header = bytes
                    .starts_with(b"\xff\xd8\xff")
                    .then(|| Header::walk(&bytes));
                if let Some(header) = header.flatten() {
                    assert!(scans::are_complete(&bytes, &header), "{}", path.display());
                    walked += 1;
                }
            }
        }
        assert!(walked > 10);
    }

    #[test]
    fn what_is_not_decoded_is_named() {
        let arithmetic = Header {
            width: 8,
            height: 8,
            components: Vec::new(),
            coding: Coding::Arithmetic,
            scans: 1,
            in_first_scan: 0,
            adobe: None,
            end: None,
        };
        let reason = |header: &Header| {
            admit(header, 0, &Limits::default())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(reason(&arithmetic), "unsupported JPEG: arithmetic coding");
        let two = Header {
            coding: Coding::Huffman,
            ..arithmetic
        };
        assert_eq!(
            reason(&two),
            "unsupported JPEG: neither 1, 3 nor 4 components"
        );
    }
}
