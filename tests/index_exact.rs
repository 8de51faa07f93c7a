//! The index through its front door against a second judge, a BK-tree, and at the numbers of codes at which it changes.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::ControlFlow;

use bk_tree::{BKTree, Metric};
use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::index::{Hit, Index, Kernel, Scan, Tables};

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

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }

    fn code(&mut self) -> Pdq {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&self.roll().to_le_bytes());
        }
        Pdq::from_bytes(bytes)
    }

    fn flipped(&mut self, code: Pdq, bits: u16) -> Pdq {
        let mut bytes = code.to_bytes();
        let mut taken = BTreeSet::new();
        while taken.len() < usize::from(bits) {
            let bit = self.below(256);
            if taken.insert(bit) {
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
        }
        Pdq::from_bytes(bytes)
    }
}

fn radius(bits: u16) -> Radius {
    Radius::new(bits).unwrap()
}

/// Rows with their distances.
fn rows(hits: &[Hit]) -> Vec<(usize, u16)> {
    hits.iter()
        .map(|hit| (hit.row, hit.distance.bits()))
        .collect()
}

/// What every kernel finds in one way.
fn found(index: &Index<'_>, tables: Tables, query: Pdq, radius: Radius) -> Vec<(usize, u16)> {
    let mut kernels = Kernel::ALL
        .into_iter()
        .filter(|kernel| kernel.is_supported());
    let by = |kernel| {
        let mut hits = Vec::new();
        let (flow, _) = index.visit_by(kernel, tables, &[query], radius, |_, hit| {
            hits.push(hit);
            ControlFlow::<Infallible>::Continue(())
        });
        assert!(flow.is_continue());
        hits.sort_unstable_by_key(|hit| (hit.distance, hit.row));
        rows(&hits)
    };
    let first = by(kernels.next().unwrap());
    for kernel in kernels {
        assert_eq!(by(kernel), first, "{kernel:?}, {tables:?}");
    }
    first
}

struct Bits;

impl Metric<Pdq> for Bits {
    fn distance(&self, a: &Pdq, b: &Pdq) -> u32 {
        a.distance(*b).bits().into()
    }

    fn threshold_distance(&self, a: &Pdq, b: &Pdq, threshold: u32) -> Option<u32> {
        let distance = self.distance(a, b);
        (distance <= threshold).then_some(distance)
    }
}

/// A BK-tree of codes, which keeps equal ones as one, and the rows of each.
struct Judge {
    tree: BKTree<Pdq, Bits>,
    rows: BTreeMap<Pdq, Vec<usize>>,
}

impl Judge {
    fn add(&mut self, code: Pdq, row: usize) {
        let rows = self.rows.entry(code).or_default();
        if rows.is_empty() {
            self.tree.add(code);
        }
        rows.push(row);
    }

    fn found(&self, query: Pdq, radius: Radius) -> Vec<(usize, u16)> {
        let mut found = Vec::new();
        for (distance, code) in self.tree.find(&query, radius.bits().into()) {
            let distance = u16::try_from(distance).unwrap();
            found.extend(self.rows[code].iter().map(|&row| (row, distance)));
        }
        found.sort_unstable_by_key(|&(row, distance)| (distance, row));
        found
    }
}

/// How a set grows.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Distinct,
    /// Of three values.
    Equal,
    Near,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Distinct, Self::Equal, Self::Near];

    fn code(self, base: Pdq, dice: &mut Dice) -> Pdq {
        match self {
            Self::Distinct => dice.code(),
            Self::Equal => {
                [[0; 32], [0xff; 32], base.to_bytes()].map(Pdq::from_bytes)[dice.below(3)]
            }
            Self::Near => {
                let bits = u16::try_from(dice.below(40)).unwrap();
                dice.flipped(base, bits)
            }
        }
    }
}

#[test]
fn every_number_of_codes_to_1025_is_searched_as_a_bk_tree_does() {
    for (turn, kind) in Kind::ALL.into_iter().enumerate() {
        let mut dice = Dice(1 + turn as u64);
        let base = dice.code();
        let mut codes: Vec<Pdq> = Vec::new();
        let mut judge = Judge {
            tree: BKTree::new(Bits),
            rows: BTreeMap::new(),
        };
        let mut hits = 0;
        for count in 0..=1025 {
            hits += judged(&judge, &codes, base, false, &mut dice);
            // Tables take a millisecond to build: for every number once, by kinds in turns.
            if count % Kind::ALL.len() == turn {
                hits += judged(&judge, &codes, base, true, &mut dice);
            }
            let code = kind.code(base, &mut dice);
            judge.add(code, count);
            codes.push(code);
        }
        assert!(hits > 1025, "{kind:?}: {hits}");
    }
}

/// Finds near some of the codes what the tree finds; how many hits that were.
fn judged(judge: &Judge, codes: &[Pdq], base: Pdq, with_tables: bool, dice: &mut Dice) -> usize {
    let index = Index::with_tables(codes.iter().copied(), with_tables);
    assert_eq!(
        (index.len(), index.is_empty()),
        (codes.len(), codes.is_empty())
    );
    let mut hits = 0;
    for bits in [0, 15, 31, u16::try_from(codes.len() % 65).unwrap()] {
        let near = *codes.get(dice.below(codes.len().max(1))).unwrap_or(&base);
        let away = u16::try_from(dice.below(usize::from(bits) + 2)).unwrap();
        let query = dice.flipped(near, away);
        let expected = judge.found(query, radius(bits));
        assert_eq!(
            rows(&index.search(query, radius(bits))),
            expected,
            "{} codes",
            codes.len()
        );
        for tables in [Tables::Always, Tables::Never] {
            assert_eq!(
                found(&index, tables, query, radius(bits)),
                expected,
                "{} codes",
                codes.len()
            );
        }
        hits += expected.len();
    }
    hits
}

/// Whether an index has tables, as its bytes say.
fn has_tables(index: &Index<'_>) -> bool {
    index.as_bytes()[16] == 1
}

/// Queries at several distances from the codes of some rows find these alone, in every way.
fn planted_is_found(
    index: &Index<'_>,
    code_of: impl Fn(usize) -> Pdq,
    rows: &[usize],
    dice: &mut Dice,
) {
    let opened = Index::from_bytes(index.as_bytes()).unwrap();
    for &row in rows {
        for bits in [0, 15, 31, 48] {
            let query = dice.flipped(code_of(row), bits);
            let expected = [(row, bits)];
            for index in [index, &opened] {
                assert_eq!(self::rows(&index.search(query, radius(bits))), expected);
            }
            for tables in [Tables::Best, Tables::Always, Tables::Never] {
                assert_eq!(
                    found(index, tables, query, radius(bits)),
                    expected,
                    "{tables:?}"
                );
                if bits > 0 {
                    assert_eq!(
                        found(index, tables, query, radius(bits - 1)),
                        [],
                        "{tables:?}"
                    );
                }
            }
        }
    }
}

/// The first and last rows, and those around the first and last blocks of 16 and of 32.
fn rows_at_boundaries(count: usize) -> Vec<usize> {
    let mut rows = vec![0, 1, count / 2, count - 2, count - 1];
    for block in [16, 32] {
        for boundary in [
            block,
            count / 2 / block * block,
            (count - 1) / block * block,
        ] {
            rows.extend([boundary - 1, boundary, boundary + 1]);
        }
    }
    rows.retain(|&row| row < count);
    rows.sort_unstable();
    rows.dedup();
    rows
}

#[test]
fn tables_begin_at_16384_codes_and_nothing_else_changes() {
    let mut dice = Dice(2);
    let codes: Vec<Pdq> = (0..17_409).map(|_| dice.code()).collect();
    for count in [16_383, 16_384, 16_385, 16_400, 17_407, 17_408, 17_409] {
        let index: Index<'_> = codes[..count].iter().copied().collect();
        assert_eq!(index.len(), count);
        assert_eq!(has_tables(&index), count >= 16_384, "{count} codes");
        planted_is_found(
            &index,
            |row| codes[row],
            &rows_at_boundaries(count),
            &mut dice,
        );
    }
}

/// So many that the 65,536 values of a piece have more than a cache line of codes each, with a crowd among them.
#[test]
fn nearly_two_million_codes_are_searched_as_the_scan_does() {
    let mut dice = Dice(3);
    let base = dice.code();
    let codes: Vec<Pdq> = (0..1_900_000)
        .map(|row| {
            if row % 4000 == 0 {
                let bits = u16::try_from(row / 4000 % 41).unwrap();
                dice.flipped(base, bits)
            } else {
                dice.code()
            }
        })
        .collect();
    let index: Index<'_> = codes.iter().copied().collect();
    let scan: Scan = codes.iter().copied().collect();
    for bits in [0, 15, 31, 48] {
        let query = dice.flipped(base, bits / 2);
        let expected = rows(&scan.search(query, radius(bits)));
        assert!(bits < 15 || expected.len() > 50);
        for tables in [Tables::Best, Tables::Always] {
            assert_eq!(
                found(&index, tables, query, radius(bits)),
                expected,
                "{tables:?}"
            );
        }
    }
    planted_is_found(&index, |row| codes[row], &[1, codes.len() - 1], &mut dice);
}

/// Above 2^24 codes a row takes four bytes. With `IJKPUNT_LONG` only: a minute, and 3 GB.
#[test]
fn rows_of_three_and_of_four_bytes_are_found() {
    if std::env::var_os("IJKPUNT_LONG").is_none() {
        return;
    }
    // The code of a row, so that none is kept.
    let code_of = |row: usize| Dice((row as u64) << 24).code();
    for count in [1 << 24, (1 << 24) + 2] {
        let index: Index<'_> = (0..count).map(code_of).collect();
        planted_is_found(&index, code_of, &rows_at_boundaries(count), &mut Dice(4));
    }
}
