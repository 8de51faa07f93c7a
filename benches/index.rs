//! Lookups, one line each: `SET/CODES/radiusR/KIND/HOW`, with the median and p99 of a query, and what was looked at in the mean.
//!
//! Sets are `uniform` and `realistic` (`sets/mod.rs`); kinds are misses and hits; looked up alone, or 8 together (the forms of a picture), or 240 (all
//! that one upload may ask at standard effort); by the best
//! kernel, at radius 31 also by each. Then sets that are made to be bad, beside looking at every prefix; and building.
//!
//! `cargo bench --bench index` takes a minute, `IJKPUNT_LARGE=1m` or `=10m` more codes (10m: 5 GB, half an hour for the realistic
//! set). An argument chooses lines that contain it. Run as a test, few codes are looked up, and only what is counted is judged: it is
//! the same on every machine, as times are not.

#![expect(clippy::print_stdout, reason = "what it is for")]

#[path = "sets/mod.rs"]
mod sets;

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::time::Instant;

use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::index::{Index, Kernel, Tables, Work};

const RADII: [u16; 5] = [0, 15, 31, 40, 48];
const TOGETHER: [usize; 3] = [1, 8, 240];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let bench = Bench {
        filter: arguments.into_iter().find(|it| !it.starts_with('-')),
        queries: if is_bench { 2000 } else { 200 },
        rounds: if is_bench { 9 } else { 1 },
        is_bench,
    };
    println!(
        "{:44} {:>9} {:>9} {:>7} {:>7} {:>9} {:>9} {:>9}",
        "", "median us", "p99 us", "homes", "lines", "prefixes", "codes", "bytes"
    );
    for &count in &bench.sizes() {
        for (set, make) in SETS {
            let is_chosen = |filter: &String| {
                let other = SETS.iter().find(|(other, _)| filter.starts_with(other));
                other.is_none_or(|(other, _)| *other == set)
            };
            if bench.filter.as_ref().is_none_or(is_chosen) {
                bench.of_set(set, &make(count, 1), count);
            }
        }
        bench.skewed(count);
    }
}

type Make = fn(usize, u64) -> Vec<Pdq>;

const SETS: [(&str, Make); 2] = [("uniform", sets::uniform), ("realistic", sets::realistic)];

struct Bench {
    filter: Option<String>,
    queries: usize,
    rounds: usize,
    is_bench: bool,
}

impl Bench {
    fn sizes(&self) -> Vec<usize> {
        let large = std::env::var("IJKPUNT_LARGE").unwrap_or_default();
        match large.as_str() {
            _ if !self.is_bench => vec![3_000, 30_000],
            "10m" => vec![1_000_000, 10_000_000],
            "" => vec![10_000, 100_000],
            _ => vec![10_000, 100_000, 1_000_000],
        }
    }

    fn of_set(&self, set: &str, listed: &[Pdq], count: usize) {
        let begin = Instant::now();
        let index: Index<'_> = listed.iter().copied().collect();
        let seconds = begin.elapsed().as_secs_f64();
        let each = index.as_bytes().len() as f64 / count as f64;
        println!("{set}/{count}: built in {seconds:.3} s, {each:.1} bytes a code");
        assert!(count < 20_000 || each <= 140.0, "{each} bytes a code");

        let misses = self.misses(set, &index);
        for bits in RADII {
            let Ok(radius) = Radius::new(bits) else {
                continue;
            };
            for together in TOGETHER {
                let name = format!("{set}/{count}/radius{bits}/miss/{together}");
                self.line(&name, &index, Kernel::best(), &misses, radius, together);
            }
            let hits = sets::flipped(listed, self.queries, bits, 2);
            let name = format!("{set}/{count}/radius{bits}/hit/1");
            self.line(&name, &index, Kernel::best(), &hits, radius, 1);
        }
        for kernel in Kernel::ALL.into_iter().filter(|it| it.is_supported()) {
            let name = format!("{set}/{count}/radius31/miss/1/{}", kernel.name());
            let work = self.line(&name, &index, kernel, &misses, Radius::DEFAULT, 1);
            if let Some(work) = work.filter(|_| !self.is_bench && count >= 20_000) {
                judged(set, work);
            }
        }
    }

    /// Codes with nothing within 48 bits of them.
    fn misses(&self, set: &str, index: &Index<'_>) -> Vec<Pdq> {
        let more = 2 * self.queries;
        let mut codes = match set {
            "uniform" => sets::uniform(more, 3),
            _ => sets::strangers(more, 3),
        };
        let widest = Radius::new(48).unwrap_or_default();
        codes.retain(|&code| index.any(code, widest).is_none());
        codes.truncate(self.queries);
        codes
    }

    /// Measures and shows, if it is chosen. Gives the mean work of a query.
    fn line(
        &self,
        name: &str,
        index: &Index<'_>,
        kernel: Kernel,
        queries: &[Pdq],
        radius: Radius,
        together: usize,
    ) -> Option<Mean> {
        if self.filter.as_ref().is_some_and(|it| !name.contains(it)) {
            return None;
        }
        let (mut median, mut p99) = (Vec::new(), Vec::new());
        let mut work = Mean::default();
        for _ in 0..self.rounds {
            let mut times = Vec::with_capacity(queries.len());
            work = Mean::default();
            for queries in queries.chunks(together) {
                let begin = Instant::now();
                let done = visited(index, kernel, Tables::Best, queries, radius);
                times.push(begin.elapsed().as_secs_f64() * 1e6 / queries.len() as f64);
                work.add(done);
            }
            times.sort_by(f64::total_cmp);
            median.push(at(&times, 0.5));
            p99.push(at(&times, 0.99));
        }
        let work = work.of(queries.len());
        let [median, p99] = [median, p99].map(|mut rounds| {
            rounds.sort_by(f64::total_cmp);
            at(&rounds, 0.5)
        });
        println!(
            "{name:44} {median:9.2} {p99:9.2} {:7.0} {:7.0} {:9.0} {:9.1} {:9.0}",
            work.homes,
            work.lines,
            work.prefixes,
            work.codes,
            work.bytes()
        );
        Some(work)
    }

    /// Sets on which tables alone would compare everything many times: what lookups take beside looking at every prefix.
    fn skewed(&self, count: usize) {
        for (set, listed) in skewed_sets(count) {
            let name = format!("{set}/{count}/radius31");
            if self.filter.as_ref().is_some_and(|it| !name.contains(it)) {
                continue;
            }
            let index: Index<'_> = listed.iter().copied().collect();
            let near = sets::flipped(&listed, self.queries / 4, 31, 5);
            let far = sets::uniform(self.queries / 4, 6);
            let mut shown = Vec::new();
            for (kind, queries) in [("near", near), ("far", far)] {
                let [best, never] = [Tables::Best, Tables::Never].map(|tables| {
                    let time = |&query: &Pdq| {
                        let begin = Instant::now();
                        visited(&index, Kernel::best(), tables, &[query], Radius::DEFAULT);
                        begin.elapsed().as_secs_f64() * 1e6
                    };
                    let mut times: Vec<f64> = queries.iter().map(time).collect();
                    times.sort_by(f64::total_cmp);
                    (
                        times.iter().sum::<f64>() / times.len() as f64,
                        at(&times, 0.99),
                    )
                });
                let ratios = (best.0 / never.0, best.1 / never.1);
                shown.push(format!(
                    "{kind}: mean {:.1} us, {:.2} of prefixes' alone; p99 {:.2} of theirs",
                    best.0, ratios.0, ratios.1
                ));
            }
            println!("{name:44} {}", shown.join("; "));
        }
    }
}

/// A tenth within 20 bits of one code; flat pictures; all equal; and codes every second piece of which is the same.
fn skewed_sets(count: usize) -> [(&'static str, Vec<Pdq>); 4] {
    let base = sets::uniform(1, 7);
    let mut crowd = sets::uniform(count - count / 10, 8);
    crowd.extend(sets::flipped(&base, count / 10, 20, 9));
    let half_the_same = sets::uniform(count, 10).into_iter().map(|code| {
        let mut bytes = code.to_bytes();
        bytes[..16].fill(0x55);
        Pdq::from_bytes(bytes)
    });
    [
        ("crowd", crowd),
        ("flat", sets::flipped(&base, count, 8, 11)),
        ("equal", base.repeat(count)),
        ("half-the-same", half_the_same.collect()),
    ]
}

/// What misses may look at among 30,000 codes. Lines of homes and of their overflow are what takes the time.
fn judged(set: &str, work: Mean) {
    let (lines, codes) = match set {
        "uniform" => (225.0, 17.0),
        _ => (250.0, 25.0),
    };
    assert!(work.homes <= 272.0, "{} homes", work.homes);
    assert!(work.lines <= lines, "{set}: {} lines", work.lines);
    assert!(work.codes <= codes, "{set}: {} codes whole", work.codes);
    assert!(work.prefixes < 1.0, "{set}: {} prefixes", work.prefixes);
}

fn visited(
    index: &Index<'_>,
    kernel: Kernel,
    tables: Tables,
    queries: &[Pdq],
    radius: Radius,
) -> Work {
    let (flow, work) = index.visit_by(kernel, tables, queries, radius, |_, hit| {
        std::hint::black_box(hit);
        ControlFlow::<Infallible>::Continue(())
    });
    assert!(flow.is_continue());
    work
}

/// What queries looked at, in the mean.
#[derive(Clone, Copy, Default)]
struct Mean {
    homes: f64,
    lines: f64,
    prefixes: f64,
    codes: f64,
}

impl Mean {
    fn add(&mut self, work: Work) {
        self.homes += work.probes as f64;
        self.lines += work.lines as f64;
        self.prefixes += work.prefixes as f64;
        self.codes += work.verified as f64;
    }

    fn of(self, queries: usize) -> Self {
        let each = |sum: f64| sum / queries.max(1) as f64;
        Self {
            homes: each(self.homes),
            lines: each(self.lines),
            prefixes: each(self.prefixes),
            codes: each(self.codes),
        }
    }

    fn bytes(self) -> f64 {
        64.0 * self.lines + 12.0 * self.prefixes + 32.0 * self.codes
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]
fn at(sorted: &[f64], part: f64) -> f64 {
    let place = (sorted.len() as f64 * part) as usize;
    sorted.get(place).copied().unwrap_or_default()
}
