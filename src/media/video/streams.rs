//! Coded pictures as they stand in boxes, made bare streams, which decoders read without any box.

/// AV1: units that each say their length, as the demuxer wants it, behind the mark of a new picture.
pub(super) fn av1(data: &[u8]) -> Option<Vec<u8>> {
    let mut stream = vec![DELIMITER << 3 | HAS_SIZE, 0];
    let mut rest = data;
    while let Some((&head, behind)) = rest.split_first() {
        let mut body = behind;
        let extension = if head & HAS_EXTENSION == 0 {
            &[][..]
        } else {
            let (extension, behind) = body.split_at_checked(1)?;
            body = behind;
            extension
        };
        let length = if head & HAS_SIZE == 0 {
            body.len() // the last one need not say it
        } else {
            let (length, behind) = leb128(body)?;
            body = behind;
            length
        };
        let (unit, behind) = body.split_at_checked(length)?;
        rest = behind;
        if head >> 3 & 15 != DELIMITER {
            stream.push(head | HAS_SIZE);
            stream.extend(extension);
            push_leb128(&mut stream, length);
            stream.extend(unit);
        }
    }
    (stream.len() > 2).then_some(stream)
}

/// HEVC: the parameter sets of `hvcC`, then the picture's units, each behind a start code.
pub(super) fn hevc(configuration: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let (head, mut sets) = configuration.split_at_checked(23)?;
    let length_bytes = usize::from(head.get(21)? & 3) + 1;
    let mut stream = Vec::new();
    for _ in 0..*head.get(22)? {
        let (about, behind) = sets.split_at_checked(3)?;
        sets = behind;
        for _ in 0..number(about.get(1..)?) {
            sets = push_unit(&mut stream, sets, 2)?;
        }
    }
    let before = stream.len();
    let mut rest = data;
    while !rest.is_empty() {
        rest = push_unit(&mut stream, rest, length_bytes)?;
    }
    (stream.len() > before).then_some(stream)
}

/// Moves a unit behind its length; gives what is behind it.
fn push_unit<'a>(stream: &mut Vec<u8>, bytes: &'a [u8], length_bytes: usize) -> Option<&'a [u8]> {
    let (length, behind) = bytes.split_at_checked(length_bytes)?;
    let (unit, behind) = behind.split_at_checked(number(length))?;
    // A length of nothing would make a long stream of few bytes.
    if unit.is_empty() {
        return None;
    }
    stream.extend([0, 0, 0, 1]);
    stream.extend(unit);
    Some(behind)
}

fn number(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |sum, &byte| sum << 8 | usize::from(byte))
}

/// Seven bits a byte, the lowest first; above 28 bits it is none that a picture has, but zeros pad it to eight bytes at most.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut sum = 0;
    for place in 0..8 {
        let byte = *bytes.get(place)?;
        let low = usize::from(byte & 0x7f);
        match place {
            0..4 => sum |= low << (7 * place),
            _ if low != 0 => return None,
            _ => {}
        }
        if byte & 0x80 == 0 {
            return Some((sum, bytes.get(place + 1..)?));
        }
    }
    None
}

fn push_leb128(stream: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            return stream.push(low);
        }
        stream.push(low | 0x80);
    }
}

const DELIMITER: u8 = 2;
const HAS_EXTENSION: u8 = 4;
const HAS_SIZE: u8 = 2;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_of_av1_say_their_length_and_stand_behind_one_mark() {
        let units = [&[0x12, 0][..], &[0x0a, 2, 7, 8], &[0x34, 0x08, 9, 9, 9]].concat();
        let stream = av1(&units).unwrap();
        assert_eq!(stream, [0x12, 0, 0x0a, 2, 7, 8, 0x36, 0x08, 3, 9, 9, 9]);
        assert_eq!(av1(&[0x0a, 3, 7, 8]), None);
        assert_eq!(av1(&[]), None);
        assert_eq!(av1(&[0x12, 0]), None);
    }

    #[test]
    fn lengths_are_read_as_they_are_written() {
        for number in [0, 1, 127, 128, 300, 20_000, 3_000_000, (1 << 28) - 1] {
            let mut bytes = Vec::new();
            push_leb128(&mut bytes, number);
            bytes.push(0xee);
            assert_eq!(leb128(&bytes), Some((number, &[0xee][..])));
        }
        assert_eq!(
            leb128(&[0x85, 0x80, 0x80, 0x80, 0x00, 1]),
            Some((5, &[1][..]))
        );
        assert_eq!(
            leb128(&[0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
            None
        );
        assert_eq!(leb128(&[0xff; 9]), None);
        assert_eq!(leb128(&[0x80]), None);
    }

    #[test]
    fn units_of_hevc_stand_behind_start_codes() {
        let mut head = [0; 23];
        (head[21], head[22]) = (1, 1);
        let configuration = [&head[..], &[32, 0, 1, 0, 2, 5, 6]].concat();
        let stream = hevc(&configuration, &[0, 1, 9]).unwrap();
        assert_eq!(stream, [0, 0, 0, 1, 5, 6, 0, 0, 0, 1, 9]);
        assert_eq!(hevc(&configuration, &[0, 2, 9]), None);
        assert_eq!(hevc(&configuration, &[0, 0]), None);
        assert_eq!(hevc(&configuration, &[]), None);
        assert_eq!(hevc(&configuration[..24], &[0, 1, 9]), None);
    }

    proptest! {
        #[test]
        fn streams_of_any_bytes_are_bounded(a in proptest::collection::vec(any::<u8>(), 0..300), b in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Some(stream) = av1(&a) {
                prop_assert!(stream.len() <= 2 + 6 * a.len());
            }
            if let Some(stream) = hevc(&a, &b) {
                prop_assert!(stream.len() <= 5 * (a.len() + b.len()));
            }
        }
    }
}
