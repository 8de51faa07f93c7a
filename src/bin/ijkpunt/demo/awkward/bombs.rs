//! A few bytes that promise, or hold, more than is decoded.

use image::imageops::thumbnail;

use super::super::chunks::{self, Pixel, header};
use super::super::encode::{bmp, gif, unpacked_tiff, usual, webp};
use super::super::variant::Variants;
use super::bytes::{exchanged, place, segment};

pub(super) const BOMBS: &Variants = &[
    ("huge.png", |_, _| {
        Ok(of_rows(100_000, Pixel::Rgb, Vec::new()))
    }),
    ("huge.jpg", |image, _| {
        Ok(exchanged_behind(usual(image)?, b"\xff\xc0", 3, &[0xff; 4]))
    }),
    ("huge.gif", |image, _| {
        Ok(exchanged(gif([image.clone()])?, 6, &[0xff; 4]))
    }),
    ("huge.webp", |image, _| {
        Ok(exchanged_behind(webp(image)?, b"VP8L", 5, &SIDES_OF_12_000))
    }),
    ("huge.bmp", |image, _| {
        Ok(exchanged(bmp(image)?, 18, &SIDES_OF_60_000))
    }),
    ("inflates.png", |_, _| {
        Ok(of_rows(FLAT, Pixel::Bit, flat_rows()))
    }),
    ("frames.gif", |_, _| Ok(flickering(600))),
    ("scans.jpg", |_, _| Ok(of_many_scans(101))),
    ("pages.tiff", |image, _| {
        unpacked_tiff(&vec![thumbnail(image, 8, 8); 513])
    }),
];

/// A square PNG with these compressed rows.
fn of_rows(side: u32, pixel: Pixel, data: Vec<u8>) -> Vec<u8> {
    chunks::file(&[header(side, side, pixel), (*b"IDAT", data)])
}

/// With other bytes at a distance from the end of a mark.
fn exchanged_behind(bytes: Vec<u8>, mark: &[u8], distance: usize, new: &[u8]) -> Vec<u8> {
    let at = place(&bytes, mark) + mark.len() + distance;
    exchanged(bytes, at, new)
}

/// As a lossless WebP has them: less one, in 14 bits each.
const SIDES_OF_12_000: [u8; 4] = [0xdf, 0xee, 0xb7, 0x0b];

const SIDES_OF_60_000: [u8; 8] = [0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0];

/// The side of a black square that is whole, and larger than what is decoded.
const FLAT: u32 = 12_000;

/// All its rows, in zlib: a zero, and then "the 258 bytes before, again" in 13 bits, as often as it takes.
fn flat_rows() -> Vec<u8> {
    let bytes = FLAT.div_ceil(8) * FLAT + FLAT; // with the filter before each row
    let repeats = bytes.div_ceil(258);
    let mut bits = vec![1, 1, 0]; // the last block, fixed codes
    bits.extend([0, 0, 1, 1, 0, 0, 0, 0]); // a zero
    for _ in 0..repeats {
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]); // 258 bytes, from one before
    }
    bits.extend([0; 7]); // the end
    let byte = |eight: &[u8]| eight.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
    let sum = ((repeats * 258 + 1) % 65_521) << 16 | 1; // Adler's, of zeros
    let data = [0x78, 0x01]
        .into_iter()
        .chain(bits.chunks(8).map(byte))
        .chain(sum.to_be_bytes());
    data.collect()
}

/// A GIF of 25 x 25 in which every frame lights another pixel.
fn flickering(frames: u16) -> Vec<u8> {
    const SIDE: u16 = 25;
    let side = SIDE.to_le_bytes();
    let mut file = [b"GIF89a", &side[..], &side, &[0x80, 0, 0]].concat();
    file.extend([0, 0, 0, 255, 255, 255]); // black and white
    for place in 0..frames {
        let (left, top) = ((place % SIDE).to_le_bytes(), (place / SIDE).to_le_bytes());
        file.extend([0x21, 0xf9, 4, 0, 10, 0, 0, 0]); // a tenth of a second
        file.extend([&[0x2c], &left[..], &top, &[1, 0, 1, 0, 0]].concat());
        file.extend([2, 2, 0x4c, 1, 0]); // one white pixel, in LZW
    }
    file.push(0x3b);
    file
}

/// A progressive JPEG of 64 x 64, all of it grey, that is refined again and again.
fn of_many_scans(scans: usize) -> Vec<u8> {
    let table =
        |class: u8, symbol: u8| segment(0xc4, &[&[class, 1][..], &[0; 15], &[symbol]].concat());
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
    file.extend(segment(0xc2, &[8, 0, 64, 0, 64, 1, 1, 0x11, 0]));
    file.extend([table(0x00, 0x00), table(0x10, 0x60)].concat()); // no change; 64 blocks and more that end here
    file.extend(segment(0xda, &[1, 1, 0, 0, 0, 0]));
    file.extend([0; 8]); // a bit for each of the 64 blocks
    for _ in 1..scans {
        file.extend(segment(0xda, &[1, 1, 0, 1, 63, 0]));
        file.push(1); // all 64 blocks end here
    }
    file.extend([0xff, 0xd9]);
    file
}
