//! GIF: its blocks walked, and its frames through the crate `image`.
//!
//! A screen that is smaller than the first picture is enlarged to hold it, as browsers do: the decoder would cut the picture
//! off. Later pictures are cut off by browsers too.

use std::io::BufReader;

use image::codecs::gif::GifDecoder;

use crate::limits::Limits;

use super::decode::{animation, from_image};
use super::frame::Source;
use super::patched::Patched;
use super::{Format, MediaError};

const FORMAT: Format = Format::Gif;

pub(super) fn open<'a>(bytes: &'a [u8], limits: &'a Limits) -> Result<Source<'a>, MediaError> {
    let instead = larger_screen(bytes).map(|screen| (SCREEN, screen.to_vec()));
    let file = BufReader::new(Patched::new(bytes, instead.into_iter().collect()));
    let decoder = GifDecoder::new(file).map_err(|error| from_image(&error, FORMAT, limits))?;
    animation(decoder, FORMAT, limits)
}

/// Where the file ends: behind its trailer.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    let mut blocks = Blocks::of(bytes)?;
    loop {
        if let Block::Trailer = blocks.next()? {
            return Some(blocks.at);
        }
    }
}

/// The screen's sides as they have to read for the first picture to lie inside, if they do not.
fn larger_screen(bytes: &[u8]) -> Option<[u8; 4]> {
    let mut blocks = Blocks::of(bytes)?;
    let picture = loop {
        match blocks.next()? {
            Block::Picture(picture) => break picture,
            Block::Trailer => return None,
            Block::Other => {}
        }
    };
    let side = |screen: usize, from: usize| {
        let screen = short(bytes, SCREEN + screen)?;
        let end = short(bytes, picture + from)?.saturating_add(short(bytes, picture + from + 4)?);
        Some((end > screen, end.max(screen).to_le_bytes()))
    };
    let ((wider, width), (higher, height)) = (side(0, 1)?, side(2, 3)?);
    (wider || higher).then_some([width[0], width[1], height[0], height[1]])
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Where the screen's sides stand.
const SCREEN: usize = 6;

/// The blocks of a file, one behind the other.
struct Blocks<'a> {
    bytes: &'a [u8],
    at: usize,
}

enum Block {
    /// Where its descriptor stands.
    Picture(usize),
    Other,
    Trailer,
}

impl<'a> Blocks<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let at = 13 + colours(*bytes.get(10)?);
        Some(Self { bytes, at })
    }

    /// None where the bytes end before the block does, or it is none.
    fn next(&mut self) -> Option<Block> {
        let begins = self.at;
        let block = match *self.bytes.get(begins)? {
            0x3b => {
                self.at += 1;
                return Some(Block::Trailer);
            }
            0x2c => {
                // The descriptor, its colours, the code size.
                self.at += 11 + colours(*self.bytes.get(begins + 9)?);
                Block::Picture(begins)
            }
            0x21 => {
                self.at += 2;
                Block::Other
            }
            _ => return None,
        };
        loop {
            let length = usize::from(*self.bytes.get(self.at)?);
            self.at += 1 + length;
            if length == 0 {
                return Some(block);
            }
        }
    }
}

/// Bytes of the table of colours that these flags announce.
fn colours(flags: u8) -> usize {
    match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_end_of_a_gif_is_behind_its_trailer() {
        let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0".to_vec();
        gif.extend([0; 6]);
        gif.extend(b"\x21\xfe\x01\x3b\0"); // a comment with the trailer's byte
        gif.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x3b\x01\0\x3b");
        let length = gif.len();
        gif.extend(b"more \x3b");
        assert_eq!(end(&gif), Some(length));
        for cut in 0..length {
            assert_eq!(end(&gif[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn a_screen_is_enlarged_to_its_first_picture_only() {
        let file = |screen: [u8; 2], pictures: &[[u8; 4]]| {
            let mut gif = b"GIF89a".to_vec();
            gif.extend([screen[0], 0, screen[1], 0, 0, 0, 0]);
            for [left, top, width, height] in pictures {
                gif.extend([
                    0x2c, *left, 0, *top, 0, *width, 0, *height, 0, 0, 2, 1, 0, 0,
                ]);
            }
            gif.push(0x3b);
            larger_screen(&gif)
        };
        assert_eq!(file([9, 9], &[[0, 0, 9, 9]]), None);
        assert_eq!(file([9, 9], &[[0, 0, 10, 8]]), Some([10, 0, 9, 0]));
        assert_eq!(file([9, 9], &[[4, 3, 5, 7]]), Some([9, 0, 10, 0]));
        assert_eq!(file([9, 9], &[[0, 0, 9, 9], [5, 5, 9, 9]]), None);
        assert_eq!(file([9, 9], &[]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let behind = [b"GIF89a\x01\0\x01\0\0\0\0", &bytes[..]].concat();
            for bytes in [bytes, behind] {
                let _ = (end(&bytes), larger_screen(&bytes));
            }
        }
    }
}
