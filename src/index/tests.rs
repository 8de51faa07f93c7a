//! The index against the scan: sets of rows, never counts.

#![expect(
    clippy::cast_possible_truncation,
    reason = "small numbers, and any bits will do"
)]

use std::convert::Infallible;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::index::Index;
use super::kernel::Kernel;
use super::permutation::{Words, permuted, unpermuted};
use super::scan::{Hit, Scan};
use super::search::Tables;
use crate::hash::{Pdq, Radius};

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    fn words(&mut self) -> Words {
        [(); 4].map(|()| self.roll())
    }

    /// Another code, so many bits away, in the index's order: anywhere, or by a plan that is hard on pieces.
    fn flipped(&mut self, mut words: Words, bits: u16) -> Words {
        let (first, plan) = (self.below(16), self.below(4));
        let mut taken = [false; 256];
        for turn in 0..u64::from(bits) {
            let mut bit = match plan {
                // Dealt out to the pieces in turns: of 31 bits, two to each and one to the last.
                0 => (first + turn) % 16 * 16 + self.below(16),
                // One piece after the other is filled.
                1 => (first * 16 + turn) % 256,
                // Three pieces in turns.
                2 => (first + turn % 3 * 5) % 16 * 16 + self.below(16),
                _ => self.below(256),
            };
            while taken[bit as usize] {
                bit = if plan == 0 {
                    bit / 16 * 16 + self.below(16)
                } else {
                    self.below(256)
                };
            }
            taken[bit as usize] = true;
            words[bit as usize / 64] ^= 1 << (bit % 64);
        }
        words
    }
}

fn radius(bits: u16) -> Radius {
    Radius::new(bits).unwrap()
}

fn kernels() -> impl Iterator<Item = Kernel> {
    Kernel::ALL
        .into_iter()
        .filter(|kernel| kernel.is_supported())
}

/// What a way of searching finds, in order. Fails where a row is shown twice.
fn found(
    index: &Index<'_>,
    kernel: Kernel,
    tables: Tables,
    query: Pdq,
    radius: Radius,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    let (flow, _) = index.visit_by(kernel, tables, query, radius, |hit| {
        hits.push(hit);
        ControlFlow::<Infallible>::Continue(())
    });
    assert!(flow.is_continue());
    hits.sort_by_key(|hit| (hit.distance, hit.row));
    hits
}

/// Every way of searching finds what the scan finds.
fn judge(codes: &[Pdq], queries: &[(Pdq, Radius)]) {
    let scan: Scan = codes.iter().copied().collect();
    let words: Vec<Words> = codes.iter().copied().map(permuted).collect();
    let indexes = [Index::of(&words, true), Index::of(&words, false)];
    for &(query, radius) in queries {
        let expected = scan.search(query, radius);
        for (index, kernel) in indexes
            .iter()
            .flat_map(|index| kernels().map(move |k| (index, k)))
        {
            for tables in [
                Tables::Best,
                Tables::Always,
                Tables::Never,
                Tables::Until(codes.len() / 3),
            ] {
                let hits = found(index, kernel, tables, query, radius);
                assert_eq!(
                    hits,
                    expected,
                    "{} codes, {radius:?}, {kernel:?}, {tables:?}",
                    codes.len()
                );
            }
        }
        let index = &indexes[0];
        assert_eq!(index.search(query, radius), expected);
        assert_eq!(index.nearest(query, radius), expected.first().copied());
        assert_eq!(index.any(query, radius).is_some(), !expected.is_empty());
    }
}

/// A set of codes of one kind, and queries near some of them.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Distinct,
    Equal,
    Near,
    /// One family of near-duplicates among others.
    Crowd,
}

fn codes(kind: Kind, count: usize, dice: &mut Dice) -> Vec<Pdq> {
    let base = dice.words();
    (0..count)
        .map(|i| match kind {
            Kind::Distinct => dice.words(),
            Kind::Equal => base,
            Kind::Near => {
                let bits = dice.below(40) as u16;
                dice.flipped(base, bits)
            }
            Kind::Crowd if i % 3 == 0 => {
                let bits = dice.below(20) as u16;
                dice.flipped(base, bits)
            }
            Kind::Crowd => dice.words(),
        })
        .map(unpermuted)
        .collect()
}

#[test]
fn every_number_of_codes_to_1025_is_searched_as_the_scan_does() {
    for count in 0..=1025 {
        let mut dice = Dice(count as u64);
        let kind = [Kind::Distinct, Kind::Equal, Kind::Near, Kind::Crowd][count % 4];
        let codes = codes(kind, count, &mut dice);
        let near = codes.get(count / 2).map_or([0; 4], |&code| permuted(code));
        let radii = [31, (count % 65) as u16];
        let queries = radii.map(|r| (unpermuted(dice.flipped(near, r)), radius(r)));
        judge(&codes, &queries);
    }
}

/// All kinds at the numbers where blocks, tails and the like begin and end.
#[test]
fn every_kind_of_codes_is_searched_as_the_scan_does_at_every_radius() {
    let mut dice = Dice(1);
    for kind in [Kind::Distinct, Kind::Equal, Kind::Near, Kind::Crowd] {
        for count in [1, 2, 4, 8, 15, 16, 17, 31, 32, 33, 64, 400] {
            let codes = codes(kind, count, &mut dice);
            let near = permuted(codes[count / 2]);
            let mut queries: Vec<_> = (0..=64)
                .map(|r| (unpermuted(dice.flipped(near, r)), radius(r)))
                .collect();
            for r in [65, 96, 128, 200, 255, 256] {
                queries.push((unpermuted(dice.words()), radius(r)));
            }
            judge(&codes, &queries);
        }
    }
}

/// More codes of one value than are kept until they are verified, near the query and not.
#[test]
fn a_crowd_larger_than_what_is_kept_is_searched_as_the_scan_does() {
    let mut dice = Dice(2);
    for kind in [Kind::Equal, Kind::Near, Kind::Crowd] {
        let codes = codes(kind, 5000, &mut dice);
        let near = permuted(codes[17]);
        let queries =
            [0, 3, 15, 20, 31, 33].map(|r| (unpermuted(dice.flipped(near, r)), radius(r)));
        judge(&codes, &queries);
    }
}

/// Random pairs are 128 bits apart and prove nothing, so codes are planted at every distance from queries. A million pairs a
/// distance with `IJKPUNT_LONG` set, else three thousand.
#[test]
fn what_is_planted_at_every_distance_to_64_is_found_and_nothing_else() {
    let mut dice = Dice(3);
    let pairs = if std::env::var_os("IJKPUNT_LONG").is_some() {
        1_000_000
    } else {
        3_000
    };
    let listed: Vec<Words> = (0..20_000).map(|_| dice.words()).collect();
    let index = Index::of(&listed, true);
    for distance in 0..=64u16 {
        for _ in 0..pairs {
            let row = dice.below(listed.len() as u64) as usize;
            let query = unpermuted(dice.flipped(listed[row], distance));
            let within = radius(distance.max(if dice.below(2) == 0 { 31 } else { 0 }));
            let kernel = Kernel::best();
            let tables = if distance <= 63 {
                Tables::Always
            } else {
                Tables::Best
            };
            let hits = found(&index, kernel, tables, query, within);
            let rows: Vec<_> = hits
                .iter()
                .map(|hit| (hit.row, hit.distance.bits()))
                .collect();
            assert_eq!(rows, [(row, distance)], "within {within:?}");
            if distance > 0 {
                let below = radius(distance - 1);
                assert_eq!(
                    found(&index, kernel, tables, query, below),
                    [],
                    "within {below:?}"
                );
            }
        }
    }
}

#[test]
fn the_same_codes_give_the_same_bytes_and_bytes_give_the_same_index() {
    let mut dice = Dice(4);
    for count in [0, 1, 100, 12_345, 20_000] {
        let codes = codes(Kind::Distinct, count, &mut dice);
        let index: Index<'_> = codes.iter().copied().collect();
        let again: Index<'_> = codes.iter().copied().collect();
        assert!(index.as_bytes() == again.as_bytes());
        assert_eq!(index.as_bytes().as_ptr().align_offset(64), 0);
        let opened = Index::from_bytes(index.as_bytes()).unwrap();
        assert_eq!(opened.len(), count);
        for code in codes.iter().step_by(97) {
            let hits = opened.search(*code, radius(31));
            assert_eq!(hits, index.search(*code, radius(31)));
            assert!(!hits.is_empty());
        }
    }
}

#[test]
fn damaged_bytes_are_refused_or_searched_without_a_panic() {
    let mut dice = Dice(5);
    let listed: Vec<Words> = (0..40).map(|_| dice.words()).collect();
    let query = unpermuted(listed[7]);
    for with_tables in [false, true] {
        let index = Index::of(&listed, with_tables);
        let whole = index.as_bytes();
        let ends = (0..300).chain((300..whole.len()).step_by(whole.len() / 300 + 1));
        for end in ends {
            assert!(Index::from_bytes(&whole[..end]).is_err(), "{end}");
        }
        let places = (0..2200).chain((2200..whole.len()).step_by(whole.len() / 500 + 1));
        let mut bytes = whole.to_vec();
        for place in places.filter(|&place| place < whole.len()) {
            bytes[place] ^= 0xff;
            if let Ok(index) = Index::from_bytes(&bytes) {
                for kernel in kernels() {
                    found(&index, kernel, Tables::Always, query, radius(31));
                }
            }
            bytes[place] ^= 0xff;
        }
    }
}

#[test]
fn a_visitor_that_breaks_is_asked_no_more() {
    let mut dice = Dice(6);
    let codes = codes(Kind::Near, 2000, &mut dice);
    let words: Vec<Words> = codes.iter().copied().map(permuted).collect();
    for tables in [Tables::Always, Tables::Never] {
        let index = Index::of(&words, true);
        let mut asked = 0;
        let (flow, _) = index.visit_by(Kernel::best(), tables, codes[0], radius(60), |_| {
            asked += 1;
            if asked == 3 {
                ControlFlow::Break(asked)
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!((flow, asked), (ControlFlow::Break(3), 3));
    }
}

#[test]
fn debug_shows_no_code() {
    let index: Index<'_> = [Pdq::from_bytes([0xab; 32])].into_iter().collect();
    assert_eq!(format!("{index:?}"), "Index(1 codes)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_codes_are_searched_as_the_scan_does(seed: u64, count in 0usize..600, kind in 0usize..4, r in 0u16..=256, bits in 0u16..70) {
        let mut dice = Dice(seed);
        let kind = [Kind::Distinct, Kind::Equal, Kind::Near, Kind::Crowd][kind];
        let codes = codes(kind, count, &mut dice);
        let near = codes.first().map_or([0; 4], |&code| permuted(code));
        let query = unpermuted(dice.flipped(near, bits));
        judge(&codes, &[(query, radius(r))]);
    }
}

/// What a search costs, in codes whose prefix is looked at instead.
fn cost(index: &Index<'_>, tables: Tables, query: Pdq) -> f64 {
    let (_, work) = index.visit_by(Kernel::best(), tables, query, Radius::DEFAULT, |_| {
        ControlFlow::<Infallible>::Continue(())
    });
    (64 * work.probes + work.candidates / 8 + work.prefixes + 160 * work.verified) as f64
}

/// Sets on which tables alone would look at everything many times. Counted, not timed.
#[test]
fn skewed_sets_cost_little_more_than_looking_at_every_code() {
    const COUNT: usize = 60_000;
    let mut dice = Dice(7);
    let base = dice.words();
    let near = |dice: &mut Dice, most: u64| {
        let bits = dice.below(most) as u16;
        dice.flipped(base, bits)
    };
    let crowd: Vec<Words> = (0..COUNT)
        .map(|i| {
            if i % 10 == 0 {
                near(&mut dice, 21)
            } else {
                dice.words()
            }
        })
        .collect();
    let equal = vec![base; COUNT];
    let flat: Vec<Words> = (0..COUNT).map(|_| near(&mut dice, 9)).collect();
    // Every second piece of all is the same, so that every bucket of those holds all.
    let adversarial: Vec<Words> = (0..COUNT)
        .map(|_| dice.words().map(|word| word & 0xffff_0000_ffff_0000))
        .collect();
    for (name, listed) in [
        ("crowd", crowd),
        ("equal", equal),
        ("flat", flat),
        ("adversarial", adversarial),
    ] {
        let index = Index::of(&listed, true);
        let mut ratios = Vec::new();
        let mut sums = [0.0; 2];
        for turn in 0..300u16 {
            let query = match turn % 3 {
                0 => dice.flipped(base, turn % 40),
                1 => dice.flipped(listed[usize::from(turn) * 7], 20 + turn % 30),
                _ => dice.flipped(listed[usize::from(turn) * 9], turn % 20),
            };
            let query = unpermuted(query);
            let costs = [Tables::Best, Tables::Never].map(|tables| cost(&index, tables, query));
            ratios.push(costs[0] / costs[1]);
            sums = [sums[0] + costs[0], sums[1] + costs[1]];
        }
        ratios.sort_by(f64::total_cmp);
        let mean = sums[0] / sums[1];
        let p99 = ratios[ratios.len() * 99 / 100];
        assert!(
            mean <= 1.5 && p99 <= 2.0,
            "{name}: {mean:.2} in the mean, {p99:.2} at p99"
        );
        // Far from all of it nothing is paid.
        let far = cost(&index, Tables::Best, unpermuted(dice.words()));
        assert!(
            name == "adversarial" || far < COUNT as f64 / 2.0,
            "{name}: {far} far away"
        );
    }
}
