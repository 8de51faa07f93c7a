//! Codes to rows within a radius: `index/scan/radius31/CODES/ANSWER`. The codes are random, so all far from one another.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::index::Scan;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("index/scan/radius31");
    for (name, count) in [("10k", 10_000), ("100k", 100_000)] {
        let listed: Vec<Pdq> = codes(1).take(count).collect();
        let scan: Scan = listed.iter().copied().collect();
        let row = count / 2;
        let hit = flipped(listed[row]);
        let Some(miss) = codes(2).next() else { return };
        assert_eq!(rows(&scan, hit), [(row, 31)]);
        assert_eq!(rows(&scan, miss), []);

        group.throughput(Throughput::Elements(count as u64));
        for (answer, query) in [("miss", miss), ("hit", hit)] {
            group.bench_function(format!("{name}/{answer}"), |bencher| {
                bencher.iter(|| scan.search(black_box(query), Radius::DEFAULT));
            });
        }
    }
    group.finish();
    criterion.final_summary();
}

/// The rows that are found, with their distances.
fn rows(scan: &Scan, query: Pdq) -> Vec<(usize, u16)> {
    let hits = scan.search(query, Radius::DEFAULT);
    hits.iter()
        .map(|hit| (hit.row, hit.distance.bits()))
        .collect()
}

/// A code 31 bits away: just within the radius.
fn flipped(code: Pdq) -> Pdq {
    let mut bytes = code.to_bytes();
    bytes[..3].iter_mut().for_each(|byte| *byte = !*byte);
    bytes[3] ^= 0x7f;
    Pdq::from_bytes(bytes)
}

/// Random codes, the same in every run (SplitMix64).
fn codes(seed: u64) -> impl Iterator<Item = Pdq> {
    let mut state = seed << 32;
    let mut next = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).to_be_bytes()
    };
    std::iter::repeat_with(move || {
        let mut bytes = [0; 32];
        bytes
            .chunks_exact_mut(8)
            .for_each(|eight| eight.copy_from_slice(&next()));
        Pdq::from_bytes(bytes)
    })
}
