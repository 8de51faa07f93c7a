//! Files made to hurt: headers that promise what they do not hold, and bombs.

#![allow(
    clippy::cast_possible_truncation,
    reason = "segments and chunks here are small"
)]

pub(crate) mod gif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod tiff;

/// A PNG of one colour type and size whose data is `idat`, already compressed.
pub(crate) fn still_png(width: u32, height: u32, depth: u8, colour: u8, idat: &[u8]) -> Vec<u8> {
    let header = png::header(width, height, depth, colour);
    png::file(&[
        (*b"IHDR", header),
        (*b"IDAT", idat.to_vec()),
        (*b"IEND", Vec::new()),
    ])
}

/// A grey progressive JPEG with one DC scan and `scans` - 1 AC scans, all of it flat: a few bytes a scan make the
/// decoder visit every block. `dc_bytes` cuts the DC scan's data.
pub(crate) fn progressive(
    width: u16,
    height: u16,
    scans: usize,
    dc_bytes: Option<usize>,
) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    segment(&mut file, 0xdb, &[&[0][..], &[1; 64]].concat());
    let [w, h] = [width, height].map(u16::to_be_bytes);
    segment(&mut file, 0xc2, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0]);
    // One code of one bit: DC difference 0; AC end of band for 2^14 + (14 more bits) blocks.
    for (class, symbol) in [(0x00, 0x00), (0x10, 0xe0)] {
        let mut table = vec![class, 1];
        table.extend([0; 15]);
        table.push(symbol);
        segment(&mut file, 0xc4, &table);
    }
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    segment(&mut file, 0xda, &[1, 1, 0x00, 0, 0, 0]);
    file.extend(vec![0; dc_bytes.unwrap_or(blocks.div_ceil(8))]);
    let band = end_of_bands(blocks);
    for _ in 1..scans {
        segment(&mut file, 0xda, &[1, 1, 0x00, 1, 63, 0]);
        file.extend(&band);
    }
    file.extend([0xff, 0xd9]);
    file
}

/// A grey baseline JPEG of this size with `data` in its only scan.
pub(crate) fn baseline(width: u16, height: u16, data: &[u8]) -> Vec<u8> {
    let mut file = progressive(width, height, 1, Some(0));
    let frame = file
        .windows(2)
        .position(|w| w == [0xff, 0xc2])
        .expect("a frame header");
    file[frame + 1] = 0xc0;
    let scan = file
        .windows(2)
        .position(|w| w == [0xff, 0xda])
        .expect("a scan header");
    file.truncate(scan);
    segment(&mut file, 0xda, &[1, 1, 0x00, 0, 63, 0]);
    file.extend(data);
    file.extend([0xff, 0xd9]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, data: &[u8]) {
    file.extend([0xff, marker]);
    file.extend((data.len() as u16 + 2).to_be_bytes());
    file.extend(data);
}

/// Codes `0` and 14 bits for runs that cover `blocks`, padded with ones.
fn end_of_bands(blocks: usize) -> Vec<u8> {
    let mut bits = Vec::new();
    let mut left = blocks;
    while left > 0 {
        let run = left.clamp(1 << 14, (1 << 15) - 1);
        bits.push(0);
        bits.extend((0..14).rev().map(|bit| (run - (1 << 14)) >> bit & 1));
        left = left.saturating_sub(run);
    }
    bits.resize(bits.len().next_multiple_of(8), 1);
    let mut bytes = Vec::new();
    for eight in bits.chunks(8) {
        let byte = eight.iter().fold(0u8, |byte, &bit| byte << 1 | bit as u8);
        bytes.push(byte);
        if byte == 0xff {
            bytes.push(0);
        }
    }
    bytes
}

/// The beginnings of files that are recognised and not opened.
pub(crate) const NOT_OPENED: [(&[u8], &str); 12] = [
    (
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "unsupported format HEIC",
    ),
    (
        b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
        "unsupported format AVIF",
    ),
    (
        b"\xff\x0a and the rest of the codestream",
        "unsupported format JPEG XL",
    ),
    (
        b"8BPS\0\x01 and the rest of the layers",
        "unsupported format PSD",
    ),
    (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "unsupported format SVG",
    ),
    (
        b"%PDF-1.7 and the rest of the document",
        "unsupported format PDF",
    ),
    (
        b"PK\x03\x04 and the rest of the archive",
        "unopened archive (ZIP)",
    ),
    (
        b"\x1f\x8b\x08\0 and the rest of the stream",
        "unopened archive (gzip)",
    ),
    (
        b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1",
        "unopened video (MP4 or QuickTime)",
    ),
    (
        b"\x1a\x45\xdf\xa3 and the rest of the file",
        "unopened video (Matroska or WebM)",
    ),
    (b"RIFF....AVI LIST and the rest", "unopened video (AVI)"),
    (
        b"OggS\0\x02 and the rest of the stream",
        "unopened video (Ogg)",
    ),
];
