//! What the bytes are, by their content.

use std::fmt;

/// A format that is recognised. Most are only named, so that "undecided" can say what it is that was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the formats' own names")]
pub enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
    Bmp,
    Heic,
    Avif,
    JpegXl,
    Jpeg2000,
    Tiff,
    Svg,
    Ico,
    Psd,
    Qoi,
    Pdf,
    Zip,
    Gzip,
    SevenZip,
    Rar,
    Mp4,
    Matroska,
    Avi,
    MpegTs,
    Flv,
    Ogg,
}

/// What kind of thing a format is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A picture, decoded here.
    Decoded,
    /// A picture or document that is not decoded here.
    Picture,
    /// Something that holds other files.
    Archive,
    /// A video.
    Video,
}

impl Format {
    /// The format that the bytes begin as.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        MAGIC
            .iter()
            .find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)))
            .map(|(_, _, format)| *format)
            .or_else(|| iso_media(bytes))
            .or_else(|| bitmap(bytes))
            .or_else(|| transport_stream(bytes))
            .or_else(|| svg(bytes))
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::WebP | Self::Bmp | Self::Tiff => {
                Kind::Decoded
            }
            Self::Heic
            | Self::Avif
            | Self::JpegXl
            | Self::Jpeg2000
            | Self::Svg
            | Self::Ico
            | Self::Psd
            | Self::Qoi
            | Self::Pdf => Kind::Picture,
            Self::Zip | Self::Gzip | Self::SevenZip | Self::Rar => Kind::Archive,
            Self::Mp4 | Self::Matroska | Self::Avi | Self::MpegTs | Self::Flv | Self::Ogg => {
                Kind::Video
            }
        }
    }

    /// The usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::JpegXl => "JPEG XL",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Tiff => "TIFF",
            Self::Svg => "SVG",
            Self::Ico => "ICO",
            Self::Psd => "PSD",
            Self::Qoi => "QOI",
            Self::Pdf => "PDF",
            Self::Zip => "ZIP",
            Self::Gzip => "gzip",
            Self::SevenZip => "7z",
            Self::Rar => "RAR",
            Self::Mp4 => "MP4 or QuickTime",
            Self::Matroska => "Matroska or WebM",
            Self::Avi => "AVI",
            Self::MpegTs => "MPEG transport stream",
            Self::Flv => "FLV",
            Self::Ogg => "Ogg",
        }
    }

    /// The media type, as IANA lists it, or what is in use where it lists none.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Bmp => "image/bmp",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::JpegXl => "image/jxl",
            Self::Jpeg2000 => "image/jp2",
            Self::Tiff => "image/tiff",
            Self::Svg => "image/svg+xml",
            Self::Ico => "image/vnd.microsoft.icon",
            Self::Psd => "image/vnd.adobe.photoshop",
            Self::Qoi => "image/qoi",
            Self::Pdf => "application/pdf",
            Self::Zip => "application/zip",
            Self::Gzip => "application/gzip",
            Self::SevenZip => "application/x-7z-compressed",
            Self::Rar => "application/vnd.rar",
            Self::Mp4 => "video/mp4",
            Self::Matroska => "video/matroska",
            Self::Avi => "video/x-msvideo",
            Self::MpegTs => "video/mp2t",
            Self::Flv => "video/x-flv",
            Self::Ogg => "video/ogg",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Offset, bytes, format.
const MAGIC: [(usize, &[u8], Format); 27] = [
    (0, b"\xff\xd8\xff", Format::Jpeg),
    (0, b"\x89PNG\r\n\x1a\n", Format::Png),
    (0, b"GIF87a", Format::Gif),
    (0, b"GIF89a", Format::Gif),
    (8, b"WEBP", Format::WebP),
    (0, b"\xff\x0a", Format::JpegXl),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", Format::JpegXl),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", Format::Jpeg2000),
    (0, b"\xff\x4f\xff\x51", Format::Jpeg2000),
    (0, b"II*\0", Format::Tiff),
    (0, b"MM\0*", Format::Tiff),
    (0, b"II+\0", Format::Tiff),
    (0, b"MM\0+", Format::Tiff),
    (0, b"\0\0\x01\0", Format::Ico),
    (0, b"8BPS", Format::Psd),
    (0, b"qoif", Format::Qoi),
    (0, b"%PDF-", Format::Pdf),
    (0, b"PK\x03\x04", Format::Zip),
    (0, b"PK\x05\x06", Format::Zip),
    (0, b"\x1f\x8b\x08", Format::Gzip),
    (0, b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
    (0, b"Rar!\x1a\x07", Format::Rar),
    (0, b"\x1a\x45\xdf\xa3", Format::Matroska),
    (8, b"AVI ", Format::Avi),
    (0, b"FLV\x01", Format::Flv),
    (0, b"OggS", Format::Ogg),
    (0, b"\0\0\x01\xba", Format::MpegTs),
];

/// ISO base media: a box `ftyp` whose brands tell pictures from videos, or the boxes of an old QuickTime file.
fn iso_media(bytes: &[u8]) -> Option<Format> {
    match bytes.get(4..8)? {
        b"ftyp" => {}
        b"moov" | b"mdat" | b"wide" => return Some(Format::Mp4),
        _ => return None,
    }
    let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let end = length.clamp(12, 256).min(bytes.len());
    let brands = || {
        bytes
            .get(8..end)
            .into_iter()
            .flat_map(|b| b.chunks_exact(4))
    };
    if brands().any(|brand| matches!(brand, b"avif" | b"avis")) {
        Some(Format::Avif)
    } else if brands().any(|brand| {
        matches!(
            brand,
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1"
        )
    }) {
        Some(Format::Heic)
    } else {
        Some(Format::Mp4)
    }
}

/// Two letters are no proof: the length of the header behind them must be one that exists.
fn bitmap(bytes: &[u8]) -> Option<Format> {
    let rest = bytes.strip_prefix(b"BM")?;
    let header = u32::from_le_bytes(rest.get(12..16)?.try_into().ok()?);
    matches!(header, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124).then_some(Format::Bmp)
}

/// Packets of 188 bytes that begin with 0x47.
fn transport_stream(bytes: &[u8]) -> Option<Format> {
    (0..4)
        .all(|packet| bytes.get(188 * packet) == Some(&0x47))
        .then_some(Format::MpegTs)
}

/// `<svg` as the first element, after white space, a declaration, comments.
fn svg(bytes: &[u8]) -> Option<Format> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = bytes.get(..bytes.len().min(1024))?.trim_ascii_start();
    let is_markup = text.starts_with(b"<");
    (is_markup
        && text
            .windows(4)
            .any(|four| four.eq_ignore_ascii_case(b"<svg")))
    .then_some(Format::Svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        let cases: [(&[u8], Option<Format>); 18] = [
            (b"\xff\xd8\xff\xe0....", Some(Format::Jpeg)),
            (b"RIFF....WEBPVP8 ", Some(Format::WebP)),
            (b"RIFF....AVI LIST", Some(Format::Avi)),
            (b"RIFF....WAVEfmt ", None),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some(Format::Heic)),
            (
                b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf",
                Some(Format::Avif),
            ),
            (b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1", Some(Format::Mp4)),
            (b"\0\0\0\x08wide\0\0\0\0mdat", Some(Format::Mp4)),
            (b"MM\0*....", Some(Format::Tiff)),
            (b"<?xml version='1.0'?>\n<SVG xmlns=''>", Some(Format::Svg)),
            (b"  <svg/>", Some(Format::Svg)),
            (b"an <svg> in a text", None),
            (b"%PDF-1.7", Some(Format::Pdf)),
            (b"PK\x03\x04....", Some(Format::Zip)),
            (b"BM is how this text begins", None),
            (b"BM....\0\0\0\0....\x28\0\0\0....", Some(Format::Bmp)),
            (b"hello, this is a text", None),
            (b"", None),
        ];
        for (bytes, format) in cases {
            assert_eq!(Format::sniff(bytes), format, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_transport_stream_is_told_by_its_packets() {
        let mut bytes = vec![0; 188 * 4];
        bytes.iter_mut().step_by(188).for_each(|b| *b = 0x47);
        assert_eq!(Format::sniff(&bytes), Some(Format::MpegTs));
    }
}
