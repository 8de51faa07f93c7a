//! Which frames show the same.

use std::collections::HashMap;

use super::are_same;
use crate::hash::Pdq;

/// For each frame, in the order of time, the number of what it shows: that of the first frame within 6 bits that showed something
/// new, or else the next number. So the numbers count from 0, and what comes back later has the number that it had.
///
/// A match rests on *distinct* frames: a hundred frames of one still picture say no more than one of them.
///
/// # Cost
/// Of 8 pieces of a hash, 6 differing bits leave 2 as they are: frames are looked up by their pieces, and only those compared that share
/// one. Eight look-ups a frame for what real videos hold; codes that were made to share a piece are all compared with each other. About
/// 200 bytes a distinct frame while it works.
#[must_use]
pub fn contents(frames: impl IntoIterator<Item = Pdq>) -> Vec<usize> {
    let mut firsts = Firsts::default();
    frames.into_iter().map(|pdq| firsts.number(pdq)).collect()
}

/// The frames that showed something new, and where they are found by each of their pieces.
#[derive(Default)]
struct Firsts {
    codes: Vec<Pdq>,
    shelves: [HashMap<[u8; 4], Vec<usize>>; 8],
}

impl Firsts {
    fn number(&mut self, pdq: Pdq) -> usize {
        let bytes = pdq.to_bytes();
        let (pieces, _) = bytes.as_chunks::<4>();
        let on_shelves = self.shelves.iter().zip(pieces);
        let found = on_shelves
            .filter_map(|(shelf, piece)| shelf.get(piece))
            .flatten()
            .copied()
            .filter(|&number| are_same(self.codes[number], pdq))
            .min();
        found.unwrap_or_else(|| {
            let number = self.codes.len();
            self.codes.push(pdq);
            for (shelf, piece) in self.shelves.iter_mut().zip(pieces) {
                shelf.entry(*piece).or_default().push(number);
            }
            number
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Compares each frame with every first one.
    fn naive(frames: &[Pdq]) -> Vec<usize> {
        let mut firsts: Vec<Pdq> = Vec::new();
        let mut numbers = Vec::new();
        for &frame in frames {
            let found = firsts
                .iter()
                .position(|first| first.distance(frame).bits() <= 6);
            numbers.push(found.unwrap_or(firsts.len()));
            if found.is_none() {
                firsts.push(frame);
            }
        }
        numbers
    }

    /// A few hashes, each with up to nine bits changed anywhere.
    fn near_each_other() -> impl Strategy<Value = Vec<Pdq>> {
        let frame = (0u8..4, vec(0usize..256, 0..10)).prop_map(|(of, flipped)| {
            let mut bytes = [of; 32];
            for bit in flipped {
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            Pdq::from_bytes(bytes)
        });
        vec(frame, 0..40)
    }

    proptest! {
        #[test]
        fn frames_are_numbered_as_by_comparing_all(frames in near_each_other()) {
            prop_assert_eq!(contents(frames.iter().copied()), naive(&frames));
        }
    }

    #[test]
    fn what_comes_back_has_the_number_that_it_had() {
        let frames = [0u8, 0x0f, 0, 0xf0, 0x0f].map(|byte| Pdq::from_bytes([byte; 32]));
        assert_eq!(contents(frames), [0, 1, 0, 2, 1]);
    }

    #[test]
    fn six_bits_in_six_pieces_are_the_same_and_seven_are_not() {
        let with = |flips: usize| {
            let mut bytes = [0u8; 32];
            (0..flips).for_each(|piece| bytes[4 * piece] = 1);
            contents([Pdq::from_bytes([0; 32]), Pdq::from_bytes(bytes)])
        };
        assert_eq!((with(6), with(7)), (vec![0, 0], vec![0, 1]));
    }
}
