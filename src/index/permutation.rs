//! The order in which an index sees the bits of a code.
//!
//! PDQ's bits are correlated: neighbours in a row or column of coefficients tend to be equal, so that pieces of a code as it is
//! fall into few buckets. A fixed random order makes pieces of real hashes behave like pieces of random ones. Distances do not
//! change, since every code and every query is reordered alike.

use crate::hash::Pdq;

/// The 256 bits of a code in the index's order, the first in the lowest bit of the first word.
pub(super) type Words = [u64; 4];

/// The place that each bit of a code takes: byte `b`, bit `i` (0 the lowest) is at `8 * b + i`.
///
/// Shuffled by Fisher and Yates with SplitMix64 from seed 1; part of the format, so never to be changed.
const PLACES: [u8; 256] = {
    let mut places = [0; 256];
    let mut place = 0u8;
    while place < 255 {
        place += 1;
        places[place as usize] = place;
    }
    let mut state = 1u64;
    let mut left = 256u64;
    while left > 1 {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let other = (z % left).to_le_bytes()[0] as usize; // below 256
        left -= 1;
        places.swap(left.to_le_bytes()[0] as usize, other);
    }
    places
};

/// What each half of each byte becomes.
static HALVES: [[Words; 16]; 64] = {
    let mut halves = [[[0; 4]; 16]; 64];
    let mut half = 0;
    while half < 64 {
        let mut value = 0;
        while value < 16 {
            let mut bit = 0;
            while bit < 4 {
                if value >> bit & 1 == 1 {
                    let place = PLACES[4 * half + bit] as usize;
                    halves[half][value][place / 64] |= 1 << (place % 64);
                }
                bit += 1;
            }
            value += 1;
        }
        half += 1;
    }
    halves
};

pub(super) fn permuted(code: Pdq) -> Words {
    let mut words = [0; 4];
    for (byte, halves) in code.to_bytes().into_iter().zip(HALVES.as_chunks().0) {
        let [low, high] = halves;
        let (low, high) = (low[usize::from(byte & 15)], high[usize::from(byte >> 4)]);
        for ((word, low), high) in words.iter_mut().zip(low).zip(high) {
            *word |= low | high;
        }
    }
    words
}

/// The code that [`permuted`] makes these of.
pub(super) fn unpermuted(words: Words) -> Pdq {
    let mut bytes = [0; 32];
    for (bit, &place) in PLACES.iter().enumerate() {
        let place = usize::from(place);
        bytes[bit / 8] |= u8::from(words[place / 64] >> (place % 64) & 1 == 1) << (bit % 8);
    }
    Pdq::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_bit_has_a_place_of_its_own() {
        let mut places = PLACES;
        places.sort_unstable();
        assert!(
            places
                .iter()
                .enumerate()
                .all(|(i, &place)| i == usize::from(place))
        );
    }

    /// Index files would be read wrongly by a version with another order.
    #[test]
    fn the_order_is_what_it_always_was() {
        assert_eq!(PLACES[..8], [86, 84, 62, 52, 122, 157, 182, 140]);
    }

    proptest! {
        #[test]
        fn bits_go_to_their_places(bytes: [u8; 32]) {
            let words = permuted(Pdq::from_bytes(bytes));
            prop_assert_eq!(unpermuted(words), Pdq::from_bytes(bytes));
            for (bit, &place) in PLACES.iter().enumerate() {
                let before = bytes[bit / 8] >> (bit % 8) & 1;
                let after = words[usize::from(place) / 64] >> (place % 64) & 1;
                prop_assert_eq!(u64::from(before), after);
            }
        }
    }
}
