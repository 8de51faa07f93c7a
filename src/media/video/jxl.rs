//! The header of a JPEG XL codestream: its size, and what else would make a frame more or less than the picture.

use super::heif::{Boxes, Fault};

use Fault::{Malformed, Unsupported};

/// A codestream, out of its boxes if it came in some.
#[derive(Debug)]
pub(super) struct Codestream<'a> {
    pieces: Vec<&'a [u8]>,
    /// Width and height as they are shown: the decoder turns it by the header itself.
    pub(super) size: [u32; 2],
}

impl<'a> Codestream<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let pieces = pieces(bytes)?;
        let start = pieces.iter().flat_map(|piece| piece.iter().copied());
        let start: Vec<u8> = start.take(HEADER_BYTES).collect();
        let header = start.strip_prefix(&[0xff, 0x0a]);
        let size = size(&mut Bits::new(header.ok_or(Malformed("no codestream"))?))?;
        Ok(Self { pieces, size })
    }

    pub(super) fn stream(&self) -> Vec<u8> {
        self.pieces.concat()
    }
}

/// The codestream itself, or its parts in boxes `jxlc` or `jxlp`, in order.
fn pieces(bytes: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    if bytes.starts_with(&[0xff, 0x0a]) {
        return Ok(vec![bytes]);
    }
    let (mut wholes, mut parts, mut is_ended) = (Vec::new(), Vec::new(), false);
    for item in Boxes::over(bytes) {
        let item = match item {
            Ok(item) => item,
            // Behind all parts anything may stand: it is told by whoever looks for other files there.
            Err(_) if !wholes.is_empty() || is_ended => break,
            Err(fault) => return Err(fault),
        };
        match &item.kind {
            b"jxlc" => wholes.push(item.body),
            b"jxlp" => {
                let cut = Malformed("cut short: a part of the codestream");
                let (number, part) = item.body.split_first_chunk::<4>().ok_or(cut)?;
                let number = u32::from_be_bytes(*number);
                if usize::try_from(number & 0x7fff_ffff) != Ok(parts.len()) || is_ended {
                    return Err(Malformed("parts of the codestream out of order"));
                }
                is_ended = number >> 31 == 1;
                parts.push(part);
            }
            _ => {}
        }
    }
    match (wholes.len(), parts.is_empty()) {
        (1, true) => Ok(wholes),
        (0, false) if is_ended => Ok(parts),
        (0, false) => Err(Malformed(
            "cut short: the last part of the codestream is missing",
        )),
        (0, true) => Err(Malformed("no codestream")),
        _ => Err(Malformed("two codestreams")),
    }
}

/// The shown size, where a frame is all of the picture and the picture all of the file.
fn size(bits: &mut Bits<'_>) -> Result<[u32; 2], Fault> {
    let [width, height] = sides(bits)?;
    let is_plain = bits.flag()?;
    if is_plain {
        return Ok([width, height]);
    }
    let mut orientation = 0;
    if bits.flag()? {
        orientation = bits.number(3)?;
        if bits.flag()? {
            // The size that a viewer is asked to show it in: the same picture.
            sides(bits)?;
        }
        if bits.flag()? {
            return Err(Unsupported("a preview beside the picture"));
        }
        if bits.flag()? {
            return Err(Unsupported("an animation"));
        }
    }
    let is_float = bits.flag()?;
    if is_float {
        bits.choice([(32, 0), (16, 0), (24, 0), (1, 6)])?;
        bits.number(4)?;
    } else {
        bits.choice([(8, 0), (10, 0), (12, 0), (1, 6)])?;
    }
    bits.flag()?; // whether 16 bits are enough to decode it
    if bits.choice([(0, 0), (1, 0), (2, 4), (1, 12)])? > 0 {
        return Err(Unsupported("transparency or other channels beside colour"));
    }
    Ok(match orientation {
        0..=3 => [width, height],
        _ => [height, width],
    })
}

/// Width and height, both at least 1.
fn sides(bits: &mut Bits<'_>) -> Result<[u32; 2], Fault> {
    let is_eights = bits.flag()?;
    let side = |bits: &mut Bits<'_>| {
        if is_eights {
            Ok(8 * (1 + bits.number(5)?))
        } else {
            bits.choice([(1, 9), (1, 13), (1, 18), (1, 30)])
        }
    };
    let height = side(bits)?;
    let (over, under) = match bits.number(3)? {
        0 => return Ok([side(bits)?, height]),
        1 => (1, 1),
        2 => (12, 10),
        3 => (4, 3),
        4 => (3, 2),
        5 => (16, 9),
        6 => (5, 4),
        _ => (2, 1),
    };
    let width = u64::from(height) * over / under;
    let width = u32::try_from(width).ok().filter(|width| *width > 0);
    Ok([
        width.ok_or(Malformed("a size of nothing or too large"))?,
        height,
    ])
}

/// Bits, the lowest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn flag(&mut self) -> Result<bool, Fault> {
        let byte = self.bytes.get(self.at / 8);
        let byte = byte.ok_or(Malformed("cut short: the header of the codestream"))?;
        let bit = byte >> (self.at % 8) & 1;
        self.at += 1;
        Ok(bit == 1)
    }

    /// Of at most 30 bits.
    fn number(&mut self, bits: u32) -> Result<u32, Fault> {
        (0..bits).try_fold(0, |sum, place| Ok(sum | u32::from(self.flag()?) << place))
    }

    /// Two bits choose how it is written: a base, and bits that are added to it.
    fn choice(&mut self, ways: [(u32, u32); 4]) -> Result<u32, Fault> {
        let way = self.number(2)?;
        let (base, bits) = ways.into_iter().nth(way as usize).unwrap_or_default();
        Ok(base + self.number(bits)?)
    }
}

/// Longer than all that is read of it.
const HEADER_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 128 x 96 in eights by a ratio, then these bits.
    fn header(rest: &[u8]) -> Vec<u8> {
        let bits = [&[1, 1, 1, 0, 1, 0, 1, 1, 0][..], rest].concat();
        let byte = |bits: &[u8]| bits.iter().rev().fold(0, |sum, bit| sum << 1 | bit);
        let mut bytes = vec![0xff, 0x0a];
        bytes.extend(bits.chunks(8).map(byte));
        bytes.extend([0; 8]);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<[u32; 2], Fault> {
        Codestream::read(bytes).map(|stream| stream.size)
    }

    #[test]
    fn sizes_are_read_in_every_way_of_writing() {
        assert_eq!(read(&header(&[1])), Ok([128, 96]));
        // 1 + 99 in 9 bits, no ratio, 1 + 8191 in 13 bits.
        let bits: Vec<u8> = [0, 0, 0]
            .into_iter()
            .chain((0..9).map(|k| u8::from(99u16 >> k & 1 == 1)))
            .collect();
        let bits = [&bits[..], &[0, 0, 0, 1, 0], &[1; 13], &[1]].concat();
        let byte = |bits: &[u8]| bits.iter().rev().fold(0u8, |sum, bit| sum << 1 | bit);
        let bytes: Vec<u8> = bits.chunks(8).map(byte).collect();
        assert_eq!(read(&[&[0xff, 0x0a][..], &bytes].concat()), Ok([8192, 100]));
    }

    #[test]
    fn turns_exchange_the_sides_and_more_than_a_picture_is_named() {
        let plain = [0, 0, 0, 0, 0, 0, 0, 0, 0];
        let turned = |o: u8| header(&[&[0, 1, o & 1, o >> 1 & 1, o >> 2][..], &plain].concat());
        for orientation in 0..8 {
            let sides = if orientation < 4 {
                [128, 96]
            } else {
                [96, 128]
            };
            assert_eq!(read(&turned(orientation)), Ok(sides));
        }
        for (bits, word) in [
            (&[0, 1, 0, 0, 0, 0, 1][..], "preview"),
            (&[0, 1, 0, 0, 0, 0, 0, 1], "animation"),
            (&[0, 0, 0, 0, 0, 1, 1, 0], "transparency"),
        ] {
            let Err(Unsupported(what)) = read(&header(bits)) else {
                panic!("{word}");
            };
            assert!(what.contains(word), "{what}");
        }
    }

    #[test]
    fn parts_in_boxes_are_put_together_in_their_order() {
        let stream = header(&[1]);
        let in_box = |kind: &[u8], body: &[u8]| {
            let length = u32::try_from(8 + body.len()).unwrap();
            [&length.to_be_bytes()[..], kind, body].concat()
        };
        let start = b"\0\0\0\x0cJXL \r\n\x87\n";
        let part =
            |number: u32, body: &[u8]| in_box(b"jxlp", &[&number.to_be_bytes()[..], body].concat());
        let file = |boxes: &[Vec<u8>]| [&start[..], &boxes.concat()].concat();
        let whole = file(&[in_box(b"jxlc", &stream)]);
        assert_eq!(Codestream::read(&whole).unwrap().stream(), stream);
        let two = [part(0, &stream[..3]), part(0x8000_0001, &stream[3..])];
        assert_eq!(Codestream::read(&file(&two)).unwrap().stream(), stream);
        for wrong in [
            file(&[]),
            file(&two[..1]),
            file(&[two[1].clone(), two[0].clone()]),
            file(&[in_box(b"jxlc", &stream), in_box(b"jxlc", &stream)]),
            file(&[in_box(b"jxlc", &stream), two[0].clone()]),
        ] {
            assert!(matches!(read(&wrong), Err(Malformed(_))));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_size_or_a_fault(rest in proptest::collection::vec(any::<u8>(), 0..80), in_boxes: bool) {
            let start: &[u8] = if in_boxes { b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\0jxlc\xff\x0a" } else { b"\xff\x0a" };
            if let Ok(stream) = Codestream::read(&[start, &rest].concat()) {
                prop_assert!(stream.size.iter().all(|side| *side > 0));
                prop_assert!(stream.stream().len() <= rest.len() + 2);
            }
        }
    }
}
