//! What stands behind a picture's end: archives, videos and pictures that its viewers do not show.
//!
//! Padding, text and makers' notes are no gap. Looked for are: a ZIP by its directory at the file's end, wherever it
//! begins, since that is how it is opened; a video or picture in ISO boxes, a RAR, a 7z or a PNG anywhere behind the end;
//! any other format that begins right behind the end, or behind padding. The pictures that a JPEG declares (gain maps,
//! previews, other views) are passed over: they show what the main one shows, and are not promised.
//!
//! Cost: one pass over what stands behind the end, and over the markers, chunks or blocks before it.

use super::sniff::Kind;
#[cfg(all(feature = "video", unix))]
use super::video::heif;
use super::{Format, MediaError};
#[cfg(feature = "image")]
use super::{gif, jpeg, png, tiff};

/// The first thing that was not opened behind the end of the file's own picture.
pub(super) fn gap(format: Format, bytes: &[u8]) -> Option<MediaError> {
    let end = end(format, bytes);
    let behind = behind(format, bytes, end);
    let found = if ends_as_zip(bytes) {
        Some(Format::Zip)
    } else {
        anywhere(behind)
            .or_else(|| video_of_samsung(format, behind))
            .or_else(|| next_in(format, bytes, end?))
    };
    found.map(|inside| MediaError::Unsupported {
        format: inside,
        feature: Some(place(inside, format)),
    })
}

/// What stands behind the end. A bare JPEG XL has one that only its decoder knows: of it, all is looked through.
fn behind(format: Format, bytes: &[u8], end: Option<usize>) -> &[u8] {
    let all = || (format == Format::JpegXl).then_some(2);
    let end = end.or_else(all);
    end.and_then(|end| bytes.get(end..)).unwrap_or(&[])
}

/// Where the video of a motion photo begins, if it is the first file that is found behind the picture's end.
#[cfg(all(feature = "video", unix))]
pub(super) fn video(format: Format, bytes: &[u8]) -> Option<usize> {
    let behind = behind(format, bytes, end(format, bytes));
    let (at, inside) = first_anywhere(behind)?;
    (inside == Format::Mp4).then_some(bytes.len() - behind.len() + at)
}

/// The first thing that was not opened behind that video.
#[cfg(all(feature = "video", unix))]
pub(super) fn gap_behind_video(format: Format, bytes: &[u8], start: usize) -> Option<MediaError> {
    let video = bytes.get(start..)?;
    let end = start + heif::own_end(video);
    let found = if ends_as_zip(bytes) {
        Some(Format::Zip)
    } else {
        let next = || begins(bytes, end).map(|(_, inside)| inside);
        anywhere(bytes.get(end..)?).or_else(next)
    };
    found.map(|inside| MediaError::Unsupported {
        format: inside,
        feature: Some(place(inside, format)),
    })
}

fn place(inside: Format, format: Format) -> &'static str {
    let is_picture = matches!(inside.kind(), Kind::Decoded | Kind::Picture);
    match (format, is_picture) {
        (Format::Jpeg, false) => "behind the JPEG",
        (Format::Jpeg, true) => "a second file behind the JPEG",
        (Format::Png, false) => "behind the PNG",
        (Format::Png, true) => "a second file behind the PNG",
        (Format::Gif, false) => "behind the GIF",
        (Format::Gif, true) => "a second file behind the GIF",
        (Format::WebP, false) => "behind the WebP",
        (Format::WebP, true) => "a second file behind the WebP",
        (Format::Bmp, false) => "behind the BMP",
        (Format::Bmp, true) => "a second file behind the BMP",
        (Format::Tiff, false) => "behind the TIFF",
        (Format::Tiff, true) => "a second file behind the TIFF",
        (_, false) => "behind the picture",
        (_, true) => "a second file behind the picture",
    }
}

/// Where the file ends by its format. BMP and TIFF have no end marker: it is where the last thing ends that they point at.
fn end(format: Format, bytes: &[u8]) -> Option<usize> {
    match format {
        #[cfg(feature = "image")]
        Format::Jpeg => jpeg::end(bytes),
        #[cfg(feature = "image")]
        Format::Png => png::Chunks::walk(bytes).end,
        #[cfg(feature = "image")]
        Format::Gif => gif::end(bytes),
        Format::WebP => riff_end(bytes),
        Format::Bmp => bmp_end(bytes),
        #[cfg(feature = "image")]
        Format::Tiff => tiff::end(bytes),
        #[cfg(all(feature = "video", unix))]
        Format::Avif | Format::Heic => Some(heif::own_end(bytes)),
        #[cfg(all(feature = "video", unix))]
        Format::JpegXl if !bytes.starts_with(b"\xff\x0a") => Some(heif::own_end(bytes)),
        _ => None,
    }
}

/// The length in the header, and a byte of padding where it is odd.
fn riff_end(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let end = usize::try_from(length).ok()?.checked_add(8)?;
    Some((end + end % 2).min(bytes.len()))
}

/// The pixels of a Windows or OS/2 bitmap. Packed ones say how long they are; where they do not, the header's length of the
/// file is taken.
fn bmp_end(bytes: &[u8]) -> Option<usize> {
    let long = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let short = |at: usize| Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let (width, height) = bmp_sides(bytes)?;
    let (bits, packing) = match long(14)? {
        12 => (short(24)?, 0),
        _ => (short(28)?, long(30)?),
    };
    let row_bits = u64::from(width).checked_mul(bits.into())?;
    let pixels = match packing {
        0 | 3 | 6 => row_bits.div_ceil(32).checked_mul(4 * u64::from(height))?,
        _ => u64::from(long(34)?),
    };
    let end = match pixels {
        0 => u64::from(long(2)?),
        _ => u64::from(long(10)?).checked_add(pixels)?,
    };
    Some(usize::try_from(end).unwrap_or(usize::MAX).min(bytes.len()))
}

/// Width and height of a Windows or OS/2 bitmap, as its header has them: a negative width, which is wrong, is a large one.
pub(super) fn bmp_sides(bytes: &[u8]) -> Option<(u32, u32)> {
    let long = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let short = |at: usize| Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    match long(14)? {
        12 => Some((short(18)?.into(), short(20)?.into())),
        _ => Some((long(18)?, long(22)?.cast_signed().unsigned_abs())),
    }
}

/// Whether the end of the file is the end of a ZIP: its last record, which says where the directory is, and the directory
/// where it says. Other bytes may follow, as readers allow them; the record is at most 64 KiB and 22 bytes from the end.
fn ends_as_zip(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(ZIP_RECORD_BYTES + 0xffff);
    let tail = &bytes[from..];
    let records = tail.windows(ZIP_RECORD_BYTES).enumerate();
    records
        .filter(|(_, record)| record.starts_with(b"PK\x05\x06"))
        .any(|(at, record)| is_zip_record(bytes, from + at, record))
}

fn is_zip_record(bytes: &[u8], at: usize, record: &[u8]) -> bool {
    let long =
        |i: usize| u32::from_le_bytes([record[i], record[i + 1], record[i + 2], record[i + 3]]);
    let (length, offset) = (long(12), long(16));
    if offset == u32::MAX || length == u32::MAX {
        // ZIP64: a locator of 20 bytes stands before.
        return at >= 20 && bytes[at - 20..].starts_with(b"PK\x06\x07");
    }
    // Offsets count from the file's start or from where the ZIP begins: what is sure is that the directory is just before.
    let directory = usize::try_from(length).ok().and_then(|n| at.checked_sub(n));
    directory.is_some_and(|d| bytes[d..].starts_with(b"PK\x01\x02"))
}

/// What is told by so many bytes that it is believed wherever it stands.
fn anywhere(behind: &[u8]) -> Option<Format> {
    first_anywhere(behind).map(|(_, format)| format)
}

/// And where it begins.
fn first_anywhere(behind: &[u8]) -> Option<(usize, Format)> {
    (0..behind.len()).find_map(|at| {
        let rest = &behind[at..];
        match rest[0] {
            b'f' if rest.starts_with(b"ftyp") => {
                let start = at.checked_sub(4)?;
                iso_file(behind, start).map(|format| (start, format))
            }
            b'7' | b'R' | 0x89 => LONG_MAGIC
                .iter()
                .find(|(magic, _)| rest.starts_with(magic))
                .map(|(_, format)| (at, *format)),
            _ => None,
        }
    })
}

/// A first box of a plausible length, with a brand of printable letters.
fn iso_file(behind: &[u8], at: usize) -> Option<Format> {
    let start = behind.get(at..at + 12)?;
    let length = u32::from_be_bytes([start[0], start[1], start[2], start[3]]);
    let brand = start[8..12].iter().all(|b| (b' '..=b'~').contains(b));
    (brand && (16..=1024).contains(&length)).then(|| Format::sniff(&behind[at..]))?
}

/// The name under which Samsung's cameras append a video, whatever its container.
fn video_of_samsung(format: Format, behind: &[u8]) -> Option<Format> {
    const NAME: &[u8] = b"MotionPhoto_Data";
    let is_named = format == Format::Jpeg && behind.windows(NAME.len()).any(|w| w == NAME);
    is_named.then_some(Format::Mp4)
}

/// What begins at `end` or behind padding; in a JPEG, behind the pictures that it declares.
fn next_in(format: Format, bytes: &[u8], end: usize) -> Option<Format> {
    #[cfg(not(feature = "image"))]
    {
        let _ = format;
        begins(bytes, end).map(|(_, inside)| inside)
    }
    #[cfg(feature = "image")]
    {
        let mut declared = match format {
            Format::Jpeg => jpeg::declared_pictures(bytes),
            _ => Vec::new(),
        };
        let mut at = end;
        loop {
            let (start, inside) = begins(bytes, at)?;
            let known = declared.iter().position(|&d| d.is_none_or(|d| d == start));
            match known {
                Some(known) if inside == Format::Jpeg => {
                    declared.swap_remove(known);
                    at = start + jpeg::end(&bytes[start..])?;
                }
                _ => return Some(inside),
            }
        }
    }
}

/// What begins at `at` or behind padding, and where. Padding may be the first bytes of a format: up to four of it are
/// tried as such.
fn begins(bytes: &[u8], at: usize) -> Option<(usize, Format)> {
    let is_padding = |b: &u8| matches!(b, 0 | 0xff | b'\r' | b'\n' | b'\t' | b' ');
    let padding = bytes
        .get(at..)?
        .iter()
        .take_while(|b| is_padding(b))
        .count();
    let first = at + padding;
    let candidates = [at]
        .into_iter()
        .chain(first.saturating_sub(4).max(at)..=first);
    candidates
        .filter_map(|start| Some((start, Format::sniff(bytes.get(start..)?)?)))
        .find(|(_, format)| !is_weak(*format))
}

/// Formats told by so few bytes that padding and makers' notes would be taken for them.
fn is_weak(format: Format) -> bool {
    matches!(
        format,
        Format::Ico | Format::JpegXl | Format::Bmp | Format::MpegTs
    )
}

const ZIP_RECORD_BYTES: usize = 22;

const LONG_MAGIC: [(&[u8], Format); 3] = [
    (b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
    (b"Rar!\x1a\x07", Format::Rar),
    (b"\x89PNG\r\n\x1a\n", Format::Png),
];

#[cfg(test)]
mod tests {
    use super::*;

    const ZIP: &[u8] =
        b"PK\x03\x04....PK\x01\x02....PK\x05\x06\0\0\0\0\x01\0\x01\0\x08\0\0\0\x08\0\0\0\0\0";

    #[test]
    fn a_zip_is_found_by_its_directory_and_not_by_four_letters() {
        assert!(ends_as_zip(ZIP));
        assert!(ends_as_zip(&[&[7; 90_000], ZIP, b"a comment"].concat()));
        assert!(!ends_as_zip(&[ZIP, &[0; 70_000]].concat()));
        assert!(!ends_as_zip(
            b"PK\x05\x06 is how this text of some length begins"
        ));
        for cut in 0..ZIP.len() {
            assert!(!ends_as_zip(&ZIP[..cut]), "{cut}");
        }
    }

    #[test]
    fn padding_is_skipped_and_may_be_the_beginning_of_a_format() {
        let found = |behind: &[u8]| begins(behind, 0).map(|(_, format)| format);
        assert_eq!(found(b"\0\0\0\0"), None);
        assert_eq!(found(b""), None);
        assert_eq!(found(b"\r\n a text by the camera"), None);
        assert_eq!(found(b"\0\0\0\0\0PK\x03\x04...."), Some(Format::Zip));
        assert_eq!(found(b"\0\0\0\xff\xff\xd8\xff\xe0"), Some(Format::Jpeg));
        assert_eq!(
            found(b"\0\0\0\0\0\0\x08wide\0\0\0\0mdat"),
            Some(Format::Mp4)
        );
    }

    #[test]
    fn videos_and_long_magics_are_found_behind_other_bytes() {
        let note = |rest: &[u8]| anywhere(&[b"a maker's note, ftyp and 7z", rest].concat());
        assert_eq!(note(b""), None);
        assert_eq!(
            note(b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1"),
            Some(Format::Mp4)
        );
        assert_eq!(
            note(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
            Some(Format::Heic)
        );
        assert_eq!(note(b"Rar!\x1a\x07\0"), Some(Format::Rar));
    }
}
