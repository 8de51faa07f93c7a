//! Codes to rows within a radius: `index/CODES/radius31/ANSWER` by the best kernel and way, and beside it by each kernel, by
//! prefixes alone, and by the scan. The codes are random, so all far from one another.
//!
//! A million codes are searched where `IJKPUNT_LARGE` is set.

use std::convert::Infallible;
use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{BatchSize, Criterion, Throughput};
use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::index::{Hit, Index, Kernel, Scan, Tables};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("index");
    let mut sizes = vec![("10k", 10_000), ("100k", 100_000)];
    if std::env::var_os("IJKPUNT_LARGE").is_some() {
        sizes.push(("1m", 1_000_000));
    }
    for (name, count) in sizes {
        let listed: Vec<Pdq> = codes(1).take(count).collect();
        let index: Index<'_> = listed.iter().copied().collect();
        let scan: Scan = listed.iter().copied().collect();
        let mut misses = codes(2);
        let hit = flipped(listed[count / 2]);
        assert_eq!(rows(&index.search(hit, Radius::DEFAULT)), [(count / 2, 31)]);
        assert_eq!(
            scan.search(hit, Radius::DEFAULT),
            index.search(hit, Radius::DEFAULT)
        );

        for radius in [0, 15, 31, 40, 48].map(Radius::new).into_iter().flatten() {
            group.bench_function(format!("{name}/radius{radius}/miss"), |bencher| {
                bencher.iter_batched(
                    || misses.next(),
                    |query| query.map(|query| index.search(query, radius)),
                    BatchSize::SmallInput,
                );
            });
        }
        group.bench_function(format!("{name}/radius31/hit"), |bencher| {
            bencher.iter(|| index.search(black_box(hit), Radius::DEFAULT));
        });
        let kernels = Kernel::ALL
            .into_iter()
            .filter(|kernel| kernel.is_supported());
        for kernel in kernels {
            for (way, tables) in [("best", Tables::Best), ("prefixes", Tables::Never)] {
                let name = format!("{name}/radius31/miss/{}/{way}", kernel.name());
                group.bench_function(name, |bencher| {
                    bencher.iter_batched(
                        || misses.next(),
                        |query| query.map(|query| visited(&index, kernel, tables, query)),
                        BatchSize::SmallInput,
                    );
                });
            }
        }
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("{name}/radius31/miss/scan"), |bencher| {
            bencher.iter_batched(
                || misses.next(),
                |query| query.map(|query| scan.search(query, Radius::DEFAULT)),
                BatchSize::SmallInput,
            );
        });
        group.bench_function(format!("{name}/build"), |bencher| {
            bencher.iter(|| listed.iter().copied().collect::<Index<'_>>());
        });
    }
    group.finish();
    criterion.final_summary();
}

fn visited(index: &Index<'_>, kernel: Kernel, tables: Tables, query: Pdq) -> usize {
    let mut hits = 0;
    let _ = index.visit_by(kernel, tables, &[query], Radius::DEFAULT, |_, _| {
        hits += 1;
        ControlFlow::<Infallible>::Continue(())
    });
    hits
}

/// The rows that are found, with their distances.
fn rows(hits: &[Hit]) -> Vec<(usize, u16)> {
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
