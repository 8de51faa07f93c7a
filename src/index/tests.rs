//! The index against the scan: sets of rows, never counts.

#![expect(
    clippy::cast_possible_truncation,
    reason = "small numbers, and any bits will do"
)]

use std::convert::Infallible;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;

use proptest::prelude::*;

use super::index::{Index, IndexError};
use super::kernel::Kernel;
use super::layout::PIECES;
use super::permutation::{Words, permuted, unpermuted};
use super::ring::piece;
use super::scan::{Hit, Scan};
use super::search::Tables;
use crate::hash::{DigestKind, Pdq, Radius};

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
    fn flipped(&mut self, words: Words, bits: u16) -> Words {
        let (first, short) = (self.below(16) as usize, self.below(16) as usize);
        let counts = match self.below(5) {
            0 => dealt(first, bits),
            1 => short_of_one(first, short, bits).unwrap_or(dealt(first, bits)),
            2 => filled(first, bits),
            // Three pieces in turns, as far as they go.
            3 => {
                let mut counts = [0; PIECES];
                for turn in 0..usize::from(bits.min(48)) {
                    counts[(first + turn % 3 * 5) % PIECES] += 1;
                }
                counts
            }
            _ => [0; PIECES],
        };
        let mut flipped = self.flipped_in_pieces(words, counts);
        while distance(flipped, words) < u32::from(bits) {
            let bit = self.below(256);
            let other = with_flipped_bit(flipped, bit);
            if distance(other, words) > distance(flipped, words) {
                flipped = other;
            }
        }
        flipped
    }

    /// Another code, with so many bits of each piece flipped.
    fn flipped_in_pieces(&mut self, mut words: Words, counts: [u16; PIECES]) -> Words {
        for (piece, count) in (0..).zip(counts) {
            let mut flips = 0u16;
            while flips.count_ones() < u32::from(count) {
                flips |= 1 << self.below(16);
            }
            words[piece / 4] ^= u64::from(flips) << (16 * (piece % 4));
        }
        words
    }
}

/// Bits dealt out to the pieces in turns: of 31 bits, two to each and one to the last.
fn dealt(first: usize, bits: u16) -> [u16; PIECES] {
    let mut counts = [0; PIECES];
    for turn in 0..usize::from(bits) {
        counts[(first + turn) % PIECES] += 1;
    }
    counts
}

/// One bit more, dealt out alike, and one less in one piece, if it has one.
fn short_of_one(first: usize, short: usize, bits: u16) -> Option<[u16; PIECES]> {
    let mut counts = dealt(first, (bits + 1).min(256));
    counts[short] = counts[short].checked_sub(1)?;
    (counts.iter().sum::<u16>() == bits).then_some(counts)
}

/// One piece after the other filled: of 31 bits, 16 in one piece and 15 in the next.
fn filled(first: usize, bits: u16) -> [u16; PIECES] {
    let mut counts = [0; PIECES];
    for turn in 0..usize::from(bits) {
        counts[(first + turn / 16) % PIECES] += 1;
    }
    counts
}

fn with_flipped_bit(mut words: Words, bit: u64) -> Words {
    words[bit as usize / 64] ^= 1 << (bit % 64);
    words
}

fn distance(a: Words, b: Words) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
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
    let (flow, _) = index.visit_by(kernel, tables, &[query], radius, |_, hit| {
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
/// distance with `IJKPUNT_LONG` set, which takes half an hour to an hour of one core; else a thousand.
#[test]
fn what_is_planted_at_every_distance_to_64_is_found_and_nothing_else() {
    let mut dice = Dice(3);
    let pairs = if std::env::var_os("IJKPUNT_LONG").is_some() {
        1_000_000
    } else {
        1_000
    };
    let listed: Vec<Words> = (0..5_000).map(|_| dice.words()).collect();
    let index = Index::of(&listed, true);
    let distances = AtomicU16::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let distance @ ..=64 = distances.fetch_add(1, Ordering::Relaxed) {
                    let mut dice = Dice(u64::from(distance) << 32);
                    for _ in 0..pairs {
                        planted_is_found(&index, &listed, distance, &mut dice);
                    }
                }
            });
        }
    });
}

fn planted_is_found(index: &Index<'_>, listed: &[Words], distance: u16, dice: &mut Dice) {
    let row = dice.below(listed.len() as u64) as usize;
    let query = unpermuted(dice.flipped(listed[row], distance));
    let within = radius(distance.max(if dice.below(2) == 0 { 31 } else { 0 }));
    let found = |radius| {
        let hits = found(index, Kernel::best(), Tables::Always, query, radius);
        hits.into_iter()
            .map(|hit| (hit.row, hit.distance.bits()))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(within), [(row, distance)], "within {within:?}");
    if distance > 0 {
        let below = radius(distance - 1);
        assert_eq!(found(below), [], "within {below:?}");
    }
}

/// Codes at a distance from `base` that are hardest to find: their bits lie as evenly as can be, from every piece on; one short
/// of that in every piece, so that one piece alone gives them away; in as few pieces as can be; across every boundary of pieces.
fn hardest(base: Words, bits: u16, dice: &mut Dice) -> Vec<Words> {
    let mut codes = Vec::new();
    for first in 0..PIECES {
        let mut splits = vec![dealt(first, bits), filled(first, bits)];
        let mut backwards = filled(first, bits);
        backwards.reverse();
        splits.push(backwards);
        splits.extend((0..PIECES).filter_map(|short| short_of_one(first, short, bits)));
        codes.extend(
            splits
                .into_iter()
                .map(|split| dice.flipped_in_pieces(base, split)),
        );
        // Half of them on each side of where a piece begins.
        let start = 16 * first as u64 + 256 - u64::from(bits / 2);
        let run = start..start + u64::from(bits);
        codes.push(run.fold(base, |code, bit| with_flipped_bit(code, bit % 256)));
    }
    codes
}

/// Everything hard lies around a centre at each distance, among codes that are far from all: within the distance all of it is
/// found, within one bit less nothing.
#[test]
fn the_hardest_splits_at_every_distance_to_64_are_found_and_not_within_a_bit_less() {
    let mut dice = Dice(8);
    let mut listed: Vec<Words> = (0..90_000).map(|_| dice.words()).collect();
    let mut centres = Vec::new();
    for distance in 0..=64 {
        let choices = if (30..=32).contains(&distance) { 16 } else { 2 };
        for _ in 0..choices {
            let centre = dice.words();
            let begin = listed.len();
            listed.extend(hardest(centre, distance, &mut dice));
            centres.push((centre, distance, begin..listed.len()));
        }
    }
    let index = Index::of(&listed, true);
    for (centre, distance, rows) in centres {
        assert!(rows.len() >= 16 * 4, "{distance}");
        for kernel in kernels() {
            for tables in [Tables::Always, Tables::Best, Tables::Never] {
                let found = |bits| found(&index, kernel, tables, unpermuted(centre), radius(bits));
                let hits = found(distance);
                assert!(
                    hits.iter().all(|hit| hit.distance.bits() == distance)
                        && hits.iter().map(|hit| hit.row).eq(rows.clone()),
                    "within {distance}, {kernel:?}, {tables:?}"
                );
                if distance > 0 {
                    assert_eq!(
                        found(distance - 1),
                        [],
                        "below {distance}, {kernel:?}, {tables:?}"
                    );
                }
            }
        }
    }
}

/// So many codes of one value in the first piece, behind so many of a lower value and before some of higher ones: wherever they
/// begin and end in the lines by which tables are read, and however much of them finds no place there. All of it is near.
#[test]
fn codes_of_one_value_are_found_wherever_they_begin_and_end() {
    let mut dice = Dice(9);
    let query = unpermuted([0x4000, 0, 0, 0]);
    for before in 0..=34 {
        for count in [
            0, 1, 2, 29, 30, 31, 32, 33, 34, 59, 60, 61, 62, 63, 64, 65, 66, 96, 98,
        ] {
            let values = std::iter::repeat_n(0, before)
                .chain(std::iter::repeat_n(0x4000, count))
                .chain([0xc000; 3])
                .chain((0..100).map(|i| 0xc001 + i * 0x61));
            let listed: Vec<Words> = values
                .map(|value| {
                    let others = filled(1 + dice.below(15) as usize, 15);
                    let near = dice.flipped_in_pieces([0; 4], others);
                    [near[0] & !0xffff | value, near[1], near[2], near[3]]
                })
                .collect();
            let scan: Scan = listed.iter().copied().map(unpermuted).collect();
            let index = Index::of(&listed, true);
            for bits in [15, 16, 31] {
                let expected = scan.search(query, radius(bits));
                for kernel in kernels() {
                    let hits = found(&index, kernel, Tables::Always, query, radius(bits));
                    assert!(hits == expected, "{count} behind {before}, {kernel:?}");
                }
            }
        }
    }
}

/// Sets that a search meets otherwise than random codes.
fn long_sets(count: usize, dice: &mut Dice) -> [(&'static str, Vec<Words>); 4] {
    let uniform = (0..count).map(|_| dice.words()).collect();
    let mut base = [0; 4];
    let families = (0..count)
        .map(|row| {
            if row % 50 == 0 {
                base = dice.words();
            }
            let bits = dice.below(33) as u16;
            dice.flipped(base, bits)
        })
        .collect();
    // Four values of each piece: few buckets, all of them full.
    let values = [(); 4].map(|()| dice.words());
    let few_values = (0..count)
        .map(|_| {
            let mut words = [0; 4];
            for piece in 0..PIECES {
                let mask = 0xffff << (16 * (piece % 4));
                words[piece / 4] |= values[dice.below(4) as usize][piece / 4] & mask;
            }
            words
        })
        .collect();
    // Every second piece of all is the same.
    let half_equal = (0..count)
        .map(|_| dice.words().map(|word| word & 0xffff_0000_ffff_0000))
        .collect();
    [
        ("uniform", uniform),
        ("families", families),
        ("few values", few_values),
        ("half equal", half_equal),
    ]
}

/// Every pair of a query and a code, at all radii in turn, against the scan. 1e9 pairs a set with `IJKPUNT_LONG`, else 6e6.
#[test]
fn many_pairs_of_queries_and_codes_are_judged_as_the_scan_does() {
    let (queries, count) = if std::env::var_os("IJKPUNT_LONG").is_some() {
        (1000, 1_000_000)
    } else {
        (130, 50_000)
    };
    let mut dice = Dice(10);
    for (name, listed) in long_sets(count, &mut dice) {
        let index = Index::of(&listed, true);
        let scan: Scan = listed.iter().copied().map(unpermuted).collect();
        let (mut hits, mut queries_with_hits) = (0, 0);
        for turn in 0..queries {
            let within = radius(turn % 65);
            let near = listed[dice.below(count as u64) as usize];
            let bits = dice.below(u64::from(within.bits()) + 8) as u16;
            let query = unpermuted(dice.flipped(near, bits));
            let expected = scan.search(query, within);
            hits += expected.len();
            queries_with_hits += usize::from(!expected.is_empty());
            for tables in [Tables::Best, Tables::Always] {
                let found = found(&index, Kernel::best(), tables, query, within);
                assert!(found == expected, "{name}, {within:?}, {tables:?}");
            }
        }
        println!("{name}: {queries_with_hits} of {queries} queries found {hits} codes");
        assert!(queries_with_hits >= usize::from(queries) / 2, "{name}");
        assert!(
            name == "uniform" || hits >= 3 * usize::from(queries),
            "{name}"
        );
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

/// Files of an earlier version would be read wrongly, and authorities would disagree on digests.
#[test]
fn the_bytes_are_what_they_always_were() {
    let mut dice = Dice(12);
    let (many, some) = (dice.words(), dice.words());
    let mut listed = vec![many; 90];
    for count in 30..70u16 {
        let words = dice.words();
        listed.extend(vec![words; usize::from(count)]);
    }
    listed.extend((0..300).map(|_| dice.flipped(some, 20)));
    listed.extend((0..900).map(|_| dice.words()));
    let digests = [true, false].map(|with_tables| {
        let index = Index::of(&listed, with_tables);
        DigestKind::Sha256.of(index.as_bytes()).to_string()
    });
    let expected = [
        "07f54dbfb3b9ee53129aaf28f2072498fa880723a982f6b4a439f0bf91609699",
        "96287bb98d2a3dc4bca020b854cfbb8961e66efd06316723730482efe24bbc0a",
    ];
    assert_eq!(digests, expected);
}

/// Numbers that say otherwise how many codes are somewhere, in a line, in a run, before a home, each changed alone.
#[test]
fn tables_that_contradict_themselves_are_refused() {
    let mut dice = Dice(9);
    // A hundred equal codes go on in the overflow in several lines, forty in one.
    let (many, some) = (dice.words(), dice.words());
    let mut listed = vec![many; 100];
    listed.extend([some; 40]);
    listed.extend((0..500).map(|_| dice.words()));
    let index = Index::of(&listed, true);
    let layout = index.layout();
    let homes = layout.homes;
    for (number, table) in layout.tables.iter().enumerate() {
        let own = |words: &Words| homes.of_piece(piece(words, number)) as usize;
        let line = |words: &Words| table.lines.start + 64 * homes.lines_of(own(words)).end - 64;
        let run = |words: &Words| {
            let bytes = &index.as_bytes()[line(words)..][..64];
            2 * u32::from_le_bytes(bytes[58..62].try_into().unwrap()) as usize
        };
        let places = [
            ("a line of its own", line(&listed[400]) + 62),
            ("a line that is full", line(&some) + 62),
            ("where a run is", line(&some) + 61),
            ("where a long run is", line(&many) + 61),
            ("a long run", table.lines.start + run(&many)),
            ("before a home", table.before.start + 4),
            ("before the first home", table.before.start),
            ("a row", table.rows.start + 1),
        ];
        for (what, place) in places {
            let mut bytes = index.as_bytes().to_vec();
            bytes[place] ^= 0x13;
            let opened = Index::from_bytes(&bytes);
            assert_eq!(opened.err(), Some(IndexError::Tables), "{what}");
        }
        // A short run just behind the last line, where nothing lies that could be compared.
        let mut bytes = index.as_bytes().to_vec();
        let lane = bytes[line(&some) + 58] % 32;
        let behind = (table.lines.len() / 2) as u32 + u32::from(lane);
        bytes[line(&some) + 58..][..4].copy_from_slice(&behind.to_le_bytes());
        let opened = Index::from_bytes(&bytes);
        assert_eq!(opened.err(), Some(IndexError::Tables), "behind the lines");
    }
    assert!(Index::from_bytes(index.as_bytes()).is_ok());
}

/// Of all kinds, more queries than are kept at once, some near codes, some not: each finds its rows, and breaking ends it all.
#[test]
fn many_queries_together_find_what_each_finds_alone() {
    let mut dice = Dice(10);
    for (kind, count) in [
        (Kind::Crowd, 5_000),
        (Kind::Near, 700),
        (Kind::Distinct, 20_000),
    ] {
        let codes = codes(kind, count, &mut dice);
        let words: Vec<Words> = codes.iter().copied().map(permuted).collect();
        for with_tables in [true, false] {
            let index = Index::of(&words, with_tables);
            for within in [0, 12, 31, 37, 45, 70] {
                let queries: Vec<Pdq> = (0..41)
                    .map(|turn| match turn % 3 {
                        0 => dice.words(),
                        _ => dice.flipped(words[turn * 16], within.min(turn as u16)),
                    })
                    .map(unpermuted)
                    .collect();
                for tables in [Tables::Best, Tables::Until(count / 3), Tables::Never] {
                    let mut together = vec![Vec::new(); queries.len()];
                    let (flow, _) = index.visit_by(
                        Kernel::best(),
                        tables,
                        &queries,
                        radius(within),
                        |query, hit| {
                            together[query].push(hit);
                            ControlFlow::<Infallible>::Continue(())
                        },
                    );
                    assert!(flow.is_continue());
                    for (query, mut hits) in queries.iter().zip(together) {
                        hits.sort_by_key(|hit| (hit.distance, hit.row));
                        assert_eq!(hits, index.search(*query, radius(within)), "{within}");
                    }
                }
                let first = index.visit_each(&queries, radius(within), |query, hit| {
                    ControlFlow::Break((query, hit))
                });
                let any = queries
                    .iter()
                    .any(|&query| index.any(query, radius(within)).is_some());
                assert_eq!(first.is_break(), any);
            }
        }
    }
}

#[test]
fn rows_that_are_off_are_not_among_the_hits() {
    let mut dice = Dice(11);
    let codes = codes(Kind::Near, 300, &mut dice);
    let index: Index<'_> = codes.iter().copied().collect();
    let all = index.search(codes[3], radius(64));
    let on = index.search_where(codes[3], radius(64), |row| row % 3 == 0);
    let expected: Vec<Hit> = all.into_iter().filter(|hit| hit.row % 3 == 0).collect();
    assert!(expected.len() > 20 && on == expected);
}

#[test]
fn a_visitor_that_breaks_is_asked_no_more() {
    let mut dice = Dice(6);
    let codes = codes(Kind::Near, 2000, &mut dice);
    let words: Vec<Words> = codes.iter().copied().map(permuted).collect();
    for tables in [Tables::Always, Tables::Never] {
        let index = Index::of(&words, true);
        let mut asked = 0;
        let (flow, _) = index.visit_by(Kernel::best(), tables, &[codes[0]], radius(60), |_, _| {
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

/// Sets of which all is a crowd, or each third; and one large enough for its crowd to be worth tables, though more than is kept
/// until it is verified. A query near each, and what is to be found.
fn crowds(dice: &mut Dice) -> Vec<(Index<'static>, Pdq, Vec<Hit>)> {
    let base = dice.words();
    let query = unpermuted(dice.flipped(base, 5));
    [
        (1500, 1, 1),
        (1500, 1, 30),
        (1500, 3, 20),
        (120_000, 200, 25),
    ]
    .into_iter()
    .map(|(count, each, most)| {
        let listed: Vec<Words> = (0..count)
            .map(|row| {
                let bits = dice.below(most) as u16;
                if row % each == 0 {
                    dice.flipped(base, bits)
                } else {
                    dice.words()
                }
            })
            .collect();
        let scan: Scan = listed.iter().copied().map(unpermuted).collect();
        let expected = scan.search(query, radius(31));
        (Index::of(&listed, true), query, expected)
    })
    .collect()
}

/// What tables have shown is not shown again by whoever looks at every code instead.
#[test]
fn wherever_tables_are_given_up_every_row_is_shown_once() {
    let mut dice = Dice(12);
    for (index, query, expected) in crowds(&mut dice) {
        assert!(expected.len() > 400);
        let stops = (0..40).chain((40..30_000).step_by(211));
        for stop in stops {
            for kernel in kernels() {
                let hits = found(&index, kernel, Tables::Until(stop), query, radius(31));
                assert!(hits == expected, "{stop}, {kernel:?}");
            }
        }
    }
}

#[test]
fn a_visitor_may_break_at_any_hit() {
    let mut dice = Dice(13);
    for (index, query, expected) in crowds(&mut dice) {
        let ways = [Tables::Best, Tables::Always, Tables::Never]
            .into_iter()
            .chain([100, 1000, 3000, 10_000].map(Tables::Until));
        for tables in ways {
            for last in (1..=expected.len()).step_by(29) {
                let mut shown = Vec::new();
                let (flow, _) =
                    index.visit_by(Kernel::best(), tables, &[query], radius(31), |_, hit| {
                        shown.push(hit);
                        if shown.len() < last {
                            ControlFlow::Continue(())
                        } else {
                            ControlFlow::Break(last)
                        }
                    });
                assert_eq!(flow, ControlFlow::Break(last), "{tables:?}");
                assert_eq!(shown.len(), last, "{tables:?}");
                shown.sort_by_key(|hit| (hit.distance, hit.row));
                shown.dedup();
                assert_eq!(shown.len(), last, "{tables:?}");
                assert!(shown.iter().all(|hit| expected.contains(hit)), "{tables:?}");
            }
        }
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
    let (_, work) = index.visit_by(Kernel::best(), tables, &[query], Radius::DEFAULT, |_, _| {
        ControlFlow::<Infallible>::Continue(())
    });
    let others = work.lines.saturating_sub(work.probes); // in the overflow, one after the other
    (64 * work.probes + 18 * others + work.prefixes + 160 * work.verified) as f64
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
