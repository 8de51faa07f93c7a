//! What holds the video, by its content: nothing else is handed to ffmpeg.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use crate::media::Format;

/// A container that is opened. What is none of these (playlists, scripts, pictures, bare streams) starts no process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Container {
    /// MP4, QuickTime, 3GP: a box `ftyp` whose brands are not those of pictures, or the boxes of old QuickTime files.
    Mp4,
    /// Matroska and WebM: the header of EBML.
    Matroska,
    /// AVI: `RIFF` and `AVI `.
    Avi,
    /// An MPEG transport stream: four packets in a row, of 188 bytes or of 192.
    MpegTs,
    /// An MPEG program stream: the header of a pack.
    MpegPs,
    /// Flash video.
    Flv,
    /// Ogg.
    Ogg,
    /// ASF, the container of WMV.
    Asf,
    /// A still in AVIF: see [`Ffmpeg::still`](super::Ffmpeg::still).
    Avif,
    /// A still in HEIC.
    Heic,
    /// A still in JPEG XL.
    JpegXl,
}

impl Container {
    /// The container of a video that the bytes begin as; the first 1024 bytes are enough. Stills are none, and an animated AVIF is in
    /// the boxes of MP4.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"RIFF") {
            return (bytes.get(8..12) == Some(b"AVI ")).then_some(Self::Avi);
        }
        if bytes.starts_with(ASF) {
            return Some(Self::Asf);
        }
        if bytes.starts_with(b"\0\0\x01\xba") {
            return Some(Self::MpegPs);
        }
        match Format::sniff(bytes) {
            Some(Format::Mp4) => Some(Self::Mp4),
            Some(Format::Avif) => has_sequence(bytes).then_some(Self::Mp4),
            Some(Format::Matroska) => Some(Self::Matroska),
            Some(Format::Flv) => Some(Self::Flv),
            Some(Format::Ogg) => Some(Self::Ogg),
            Some(Format::MpegTs) => Some(Self::MpegTs),
            None => is_timed_transport_stream(bytes).then_some(Self::MpegTs),
            _ => None,
        }
    }

    /// The usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mp4 => "MP4 or QuickTime",
            Self::Matroska => "Matroska or WebM",
            Self::Avi => "AVI",
            Self::MpegTs => "MPEG transport stream",
            Self::MpegPs => "MPEG program stream",
            Self::Flv => "FLV",
            Self::Ogg => "Ogg",
            Self::Asf => "ASF or WMV",
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
            Self::JpegXl => "JPEG XL",
        }
    }

    /// The only demuxer that ffmpeg may use, so that it does not guess for itself.
    pub(super) fn demuxer(self) -> &'static str {
        match self {
            Self::Mp4 => "mov",
            Self::Matroska => "matroska",
            Self::Avi => "avi",
            Self::MpegTs => "mpegts",
            Self::MpegPs => "mpeg",
            Self::Flv => "flv",
            Self::Ogg => "ogg",
            Self::Asf => "asf",
            // Stills come out of their boxes, as bare streams.
            Self::Avif => "obu",
            Self::Heic => "hevc",
            Self::JpegXl => "jpegxl_pipe",
        }
    }

    /// Whether the file is shorter than it says of itself. Where the container does not tell, no.
    pub(super) fn is_cut(self, file: &mut (impl Read + Seek), length: u64) -> io::Result<bool> {
        match self {
            Self::Mp4 => is_box_cut(file, length),
            Self::Matroska => {
                let mut start = [0; 128];
                file.seek(SeekFrom::Start(0))?;
                let got = fill(file, &mut start)?;
                let end = start.get(..got).and_then(segment_end);
                Ok(end.is_some_and(|end| end > length))
            }
            Self::Avi => {
                let mut header = [0; 8];
                file.seek(SeekFrom::Start(0))?;
                file.read_exact(&mut header)?;
                let [.., a, b, c, d] = header;
                Ok(u64::from(u32::from_le_bytes([a, b, c, d])) + 8 > length)
            }
            _ => Ok(false),
        }
    }
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The first 16 bytes of ASF, a GUID.
const ASF: &[u8] = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";

/// Whether a brand of an AVIF is that of sequences.
fn has_sequence(bytes: &[u8]) -> bool {
    let length = bytes
        .first_chunk()
        .map_or(0, |length| u32::from_be_bytes(*length));
    let end = usize::try_from(length).map_or(bytes.len(), |end| end.clamp(12, 256));
    let brands = bytes.get(8..end.min(bytes.len())).unwrap_or_default();
    brands.chunks_exact(4).any(|brand| brand == b"avis")
}

/// Packets of 188 bytes, each behind 4 bytes of time, as cameras and Blu-ray discs have them.
fn is_timed_transport_stream(bytes: &[u8]) -> bool {
    (0..4).all(|packet| bytes.get(4 + 192 * packet) == Some(&0x47))
}

/// Whether the last of the outermost boxes ends behind the file. Junk behind whole boxes is no cut.
fn is_box_cut(file: &mut (impl Read + Seek), length: u64) -> io::Result<bool> {
    let mut start = 0u64;
    for _ in 0..MAX_BOXES {
        let mut header = [0; 16];
        file.seek(SeekFrom::Start(start))?;
        let got = fill(file, &mut header)?;
        let [a, b, c, d, kind @ .., _, _, _, _, _, _, _, _] = header;
        if got < 8 || !kind.iter().all(u8::is_ascii_graphic) {
            return Ok(false);
        }
        let [.., e, f, g, h, i, j, k, l] = header;
        let size = match u32::from_be_bytes([a, b, c, d]) {
            0 => return Ok(false), // to the end, wherever that is
            1 if got == 16 => u64::from_be_bytes([e, f, g, h, i, j, k, l]),
            short => u64::from(short),
        };
        if size < 8 {
            return Ok(false);
        }
        start = start.saturating_add(size);
        if start >= length {
            return Ok(start > length);
        }
    }
    Ok(false)
}

/// Where the segment of a Matroska file ends, which follows its header; none where it was written without knowing.
fn segment_end(start: &[u8]) -> Option<u64> {
    let (size, at) = ebml_size(start, 4)?;
    let segment = at.checked_add(usize::try_from(size?).ok()?)?;
    let is_segment = start.get(segment..segment.checked_add(4)?)? == b"\x18\x53\x80\x67";
    let (size, at) = ebml_size(start, segment + 4)?;
    let end = u64::try_from(at).ok()?.saturating_add(size?);
    is_segment.then_some(end)
}

/// A size of EBML at this place, and the place behind it: as many bytes more as there are zero bits before the first one; all
/// ones are "not known".
fn ebml_size(bytes: &[u8], at: usize) -> Option<(Option<u64>, usize)> {
    let first = *bytes.get(at)?;
    let more = first.leading_zeros() as usize;
    let rest = bytes.get(at + 1..(at + 1).checked_add(more)?)?;
    let bits = u64::from(first) & (0x7f >> more.min(7));
    let size = rest
        .iter()
        .fold(bits, |size, &byte| size << 8 | u64::from(byte));
    let unknown = (1u64 << (7 * (more + 1)).min(63)) - 1;
    (more < 8).then_some(((size != unknown).then_some(size), at + 1 + more))
}

fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            more => filled += more,
        }
    }
    Ok(filled)
}

/// More outermost boxes than this are not walked: fragmented files may have thousands, and their cut shows in decoding.
const MAX_BOXES: usize = 4096;

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn packets(stride: usize, first: usize) -> Vec<u8> {
        let mut bytes = vec![0; stride * 4];
        (0..4).for_each(|packet| bytes[first + stride * packet] = 0x47);
        bytes
    }

    #[test]
    fn containers_are_told_by_content() {
        let asf = [ASF, &[0; 8]].concat();
        let (plain, timed) = (packets(188, 0), packets(192, 4));
        let cases: [(&[u8], Option<Container>); 18] = [
            (b"\0\0\0\x18ftypavis\0\0\0\0avifavis", Some(Container::Mp4)),
            (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", None),
            (b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1", Some(Container::Mp4)),
            (b"\0\0\0\x14ftyp3gp4\0\0\0\x003gp4", Some(Container::Mp4)),
            (b"\0\0\0\x08wide\0\0\0\0mdat", Some(Container::Mp4)),
            (b"\x1a\x45\xdf\xa3\x9fB\x86\x81", Some(Container::Matroska)),
            (b"RIFF\x10\0\0\0AVI LIST", Some(Container::Avi)),
            (&plain, Some(Container::MpegTs)),
            (&timed, Some(Container::MpegTs)),
            (b"\0\0\x01\xba\x44\0\x04\0", Some(Container::MpegPs)),
            (b"FLV\x01\x05\0\0\0\x09", Some(Container::Flv)),
            (b"OggS\0\x02\0\0", Some(Container::Ogg)),
            (&asf, Some(Container::Asf)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", None),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", None),
            (b"#EXTM3U\n#EXTINF:1,\nhttp://a/\n", None),
            (b"ffconcat version 1.0\nfile 'a.mp4'\n", None),
            (b"", None),
        ];
        for (bytes, container) in cases {
            assert_eq!(
                Container::sniff(bytes),
                container,
                "{}",
                bytes.escape_ascii()
            );
        }
    }

    #[test]
    fn scripts_and_pictures_are_no_containers() {
        for bytes in [
            &b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n"[..],
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
            b"<?xml version='1.0'?><MPD></MPD>",
            b"ID3\x04\0\0\0\0",
            b"\0\0\0\x01\x67\x42\0\x1e", // bare H.264
        ] {
            assert_eq!(Container::sniff(bytes), None, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_box_that_ends_behind_the_file_is_a_cut_and_junk_behind_boxes_is_none() {
        let whole = b"\0\0\0\x0cftypisom\0\0\0\x01mdat\0\0\0\0\0\0\0\x14....".to_vec();
        let cut = |bytes: &[u8]| {
            let length = bytes.len() as u64;
            Container::Mp4
                .is_cut(&mut Cursor::new(bytes), length)
                .unwrap()
        };
        assert!(!cut(&whole));
        assert!(!cut(&[&whole[..], b"\0\0\0\0\0\0\0\0"].concat()));
        assert!(!cut(
            &[&whole[..], b"\xff\xff\xff\xff\xff\xff\xff\xff"].concat()
        ));
        for length in 28..whole.len() {
            assert!(cut(&whole[..length]), "{length}");
        }
    }

    #[test]
    fn a_segment_that_ends_behind_the_file_is_a_cut_unless_its_size_is_not_known() {
        let ends = |size: &[u8]| {
            let start = [
                &b"\x1a\x45\xdf\xa3\x84\x42\x82\x81w\x18\x53\x80\x67"[..],
                size,
            ]
            .concat();
            segment_end(&start)
        };
        assert_eq!(ends(b"\x85"), Some(19));
        assert_eq!(ends(b"\x01\0\0\0\0\0\x01\x00"), Some(21 + 256));
        assert_eq!(ends(b"\x40\x05"), Some(20));
        assert_eq!(ends(b"\x01\xff\xff\xff\xff\xff\xff\xff"), None);
        assert_eq!(ends(b"\xff"), None);
        assert_eq!(ends(b"\0\x01"), None);
        assert_eq!(ends(b"\x40"), None);
    }

    #[test]
    fn an_avi_shorter_than_its_header_says_is_cut() {
        let bytes = b"RIFF\x08\0\0\0AVI LIST";
        let cut = |length| {
            Container::Avi
                .is_cut(&mut Cursor::new(bytes), length)
                .unwrap()
        };
        assert_eq!([cut(15), cut(16), cut(17)], [true, false, false]);
    }
}
