//! Which codes can be near, piece by piece: thresholds, and the lemma that makes them enough.
//!
//! A code and a query are cut into the same 16 pieces of 16 bits, which stand in a ring. Let `d[i]` be the bits in which piece `i`
//! differs, and `t[i]` a threshold for each piece, with
//!
//! ```text
//! t[0] + ... + t[15] = r - 15
//! ```
//!
//! **Lemma.** If the code is within `r` of the query, then from some piece `i` on, for every number `k` of pieces from 1 to 16,
//!
//! ```text
//! d[i] + ... + d[i + k - 1]  <=  t[i] + ... + t[i + k - 1] + k - 1        (indices modulo 16)
//! ```
//!
//! *Proof.* Let `e[i] = d[i] - t[i] - 1`, whole numbers. Their sum is at most `r - (r - 15) - 16 = -1`. Take the sums
//! `s[0] = 0, s[j] = e[0] + ... + e[j - 1]`, and let `i` be the last of `0..=15` at which `s` is greatest. From `i` to `j` behind it,
//! `s[j] < s[i]`, since `i` was the last. Once round the ring, from `i` to `j + 16`, the sum is `s[16] + s[j] - s[i]`, at most
//! `-1 + s[j] - s[i]`, which is at most `-1`, since `s[i]` is greatest. So every sum of `k` pieces from `i` on is at most -1, and
//! `d[i] + ... + d[i + k - 1] <= t[i] + ... + t[i + k - 1] + k - 1`. (This is the pigeonring principle of Qin and Xiao, VLDB 2018,
//! with the cycle lemma.)
//!
//! An index looks with `k` = 1 and 2: it visits, for each piece, the values within `t[i]` of the query's, and of the codes there
//! those whose next piece differs in at most `t[i] + t[i + 1] + 1 - d[i]` bits. A threshold of -1 means that nothing is visited.

use super::layout::PIECES;
use super::permutation::Words;

/// A threshold for each piece; at least -1.
pub(super) type Thresholds = [i32; PIECES];

/// Thresholds for a radius, as equal as can be.
pub(super) fn thresholds(radius: u16) -> Thresholds {
    let sum = i32::from(radius) - 15;
    let (each, more) = (sum.div_euclid(16), sum.rem_euclid(16));
    let mut thresholds = [each; PIECES];
    for threshold in thresholds.iter_mut().zip(0..more).map(|(t, _)| t) {
        *threshold += 1;
    }
    thresholds
}

/// By how much the next piece may differ where piece `i` differs in `bits`; none where nothing may.
#[inline]
pub(super) fn limit(thresholds: &Thresholds, i: usize, bits: u32) -> Option<u16> {
    let (own, next) = (thresholds[i], thresholds[(i + 1) % PIECES]);
    let bits = i32::try_from(bits).ok()?;
    if bits > own {
        return None;
    }
    u16::try_from(own + next + 1 - bits).ok()
}

/// The first piece at which a code is visited, if it is at all. Without branches, so that all pieces are compared at once.
#[inline(always)]
pub(super) fn first_visit(thresholds: &Thresholds, code: &Words, query: &Words) -> Option<usize> {
    let mut bits = [0; PIECES];
    for (word, bits) in bits.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let differing = code[word] ^ query[word];
        let twos = differing - (differing >> 1 & 0x5555_5555_5555_5555);
        let fours = (twos & 0x3333_3333_3333_3333) + (twos >> 2 & 0x3333_3333_3333_3333);
        let eights = (fours + (fours >> 4)) & 0x0f0f_0f0f_0f0f_0f0f;
        let pieces = (eights + (eights >> 8)) & 0x001f_001f_001f_001f;
        for (place, bits) in bits.iter_mut().enumerate() {
            *bits = (pieces >> (16 * place) & 0x1f) as i32;
        }
    }
    let mut visits = 0u32;
    for i in 0..PIECES {
        let next = (i + 1) % PIECES;
        let is_near = bits[i] <= thresholds[i];
        let are_near = bits[i] + bits[next] <= thresholds[i] + thresholds[next] + 1;
        visits |= u32::from(is_near & are_near) << i;
    }
    (visits != 0).then_some(visits.trailing_zeros() as usize)
}

/// Piece `i` of a code.
#[inline]
pub(super) fn piece(code: &Words, i: usize) -> u16 {
    let eight = code[i / 4].to_le_bytes();
    let at = 2 * (i % 4);
    u16::from_le_bytes([eight[at], eight[at + 1]])
}

/// The values of 16 bits with at most three ones, by their number.
pub(super) static FLIPS: [u16; MOST_PROBES] = {
    let mut flips = [0u16; MOST_PROBES];
    let mut end = 1;
    let mut from = 0;
    let mut ones = 0;
    while ones < 3 {
        // Each of those with so many ones, and one more above its highest.
        let to = end;
        while from < to {
            let flip = flips[from];
            let mut bit = 16 - flip.leading_zeros();
            while bit < 16 {
                flips[end] = flip | 1 << bit;
                end += 1;
                bit += 1;
            }
            from += 1;
        }
        ones += 1;
    }
    flips
};

/// How many values a threshold visits; none for thresholds above 3, which are too many.
pub(super) fn probes(threshold: i32) -> Option<usize> {
    match threshold {
        -1 => Some(0),
        0 => Some(1),
        1 => Some(1 + 16),
        2 => Some(1 + 16 + 120),
        3 => Some(MOST_PROBES),
        _ => None,
    }
}

/// All within 3.
pub(super) const MOST_PROBES: usize = 1 + 16 + 120 + 560;

#[cfg(test)]
#[expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::int_plus_one,
    reason = "small numbers, and formulas as in the text"
)]
mod tests {
    use super::*;

    /// The lemma on rings of 4 pieces of 4 bits, for the bits in which two codes differ: all of them, at all radii, with all
    /// numbers of pieces, and thresholds dealt out from any piece on.
    #[test]
    fn every_small_ring_has_the_piece_that_the_lemma_promises() {
        for difference in 0..1u32 << 16 {
            let distance = difference.count_ones() as i32;
            let d: Vec<i32> = (0..4)
                .map(|i| (difference >> (4 * i) & 15).count_ones() as i32)
                .collect();
            for radius in distance..=16 {
                let sum = radius - 3;
                for first in 0..4 {
                    let t: Vec<i32> = (0..4)
                        .map(|i| {
                            let more = (i + 4 - first) % 4 < sum.rem_euclid(4);
                            sum.div_euclid(4) + i32::from(more)
                        })
                        .collect();
                    let t = |i: i32| t[i as usize % 4];
                    let holds = |i: i32, k: i32| {
                        let left: i32 = (i..i + k).map(|j| d[j as usize % 4]).sum();
                        left <= (i..i + k).map(t).sum::<i32>() + k - 1
                    };
                    let start = (0..4).find(|&i| (1..=4).all(|k| holds(i, k)));
                    assert!(start.is_some(), "{difference:#06x} within {radius}");
                }
            }
        }
    }

    #[test]
    fn thresholds_add_up_and_are_as_equal_as_can_be() {
        for radius in 0..=256 {
            let t = thresholds(radius);
            assert_eq!(t.iter().sum::<i32>(), i32::from(radius) - 15);
            let (least, most) = (t.iter().min().unwrap(), t.iter().max().unwrap());
            assert!(most - least <= 1 && *least >= -1);
        }
        assert_eq!(thresholds(31), [1; 16]);
        assert_eq!(thresholds(15), [0; 16]);
    }

    #[test]
    fn the_first_visit_is_the_first_that_limits_allow() {
        let mut state = 1u64;
        let mut roll = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            state ^ state >> 33
        };
        for turn in 0..20_000u16 {
            let thresholds = thresholds(turn % 100);
            let query = [(); 4].map(|()| roll());
            // Of each word one bit in two, four, eight or sixteen.
            let code =
                query.map(|word| word ^ (0..=turn % 4).fold(u64::MAX, |few, _| few & roll()));
            let bits = |i: usize| (piece(&code, i % 16) ^ piece(&query, i % 16)).count_ones();
            let expected = (0..PIECES).find(|&i| {
                let limit = limit(&thresholds, i, bits(i));
                limit.is_some_and(|limit| bits(i + 1) <= u32::from(limit))
            });
            assert_eq!(first_visit(&thresholds, &code, &query), expected);
        }
    }

    #[test]
    fn flips_are_all_with_at_most_three_ones() {
        let mut seen = FLIPS.to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), MOST_PROBES);
        assert!(FLIPS.is_sorted_by_key(|flip| flip.count_ones()));
        for threshold in -1..=3 {
            let count = probes(threshold).unwrap();
            let within = FLIPS.iter().filter(|f| f.count_ones() as i32 <= threshold);
            assert_eq!(within.count(), count);
        }
        assert_eq!(probes(4), None);
    }
}
