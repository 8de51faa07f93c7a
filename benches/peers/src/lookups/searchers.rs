//! Those who are measured: ours, the peers of crates.io, and the peers of PyPI behind pipes.

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;

use bk_tree::{BKTree, Metric};
use ijkpunt::hash::Pdq;
use ijkpunt::index::{Index, Kernel, Scan, Tables};
use peak_alloc::PeakAlloc;
use serde::Deserialize;

use super::data::{Data, Kind, row};
use crate::clock::cpu_nanoseconds;
use crate::rust_peers::locked;
use crate::worker::Process;

/// For what a tree in this process takes.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Codes made ready to be searched.
pub trait Searcher {
    /// As in `--peers` and in the output.
    fn name(&self) -> &str;

    /// Versions and settings, for the reader of the table.
    fn version(&self) -> &str;

    /// CPU time of making it ready.
    fn build_seconds(&self) -> f64;

    /// Memory, where it can be told.
    fn bytes(&self) -> Option<usize>;

    /// Looks up the first `count` queries of a kind, one after the other.
    fn go(&mut self, kind: Kind, count: usize) -> Result<Answers, Box<dyn Error>>;
}

/// What each query took, and which rows it found.
#[derive(Deserialize)]
pub struct Answers {
    nanoseconds: Vec<u64>,
    pub rows: Vec<Vec<u32>>,
}

impl Answers {
    pub fn microseconds(&self) -> Vec<f64> {
        let each = self.nanoseconds.iter();
        each.map(|&nanoseconds| microseconds(nanoseconds)).collect()
    }
}

/// One in this process.
pub struct InProcess<'a, F> {
    name: String,
    version: String,
    build_seconds: f64,
    bytes: Option<usize>,
    data: &'a Data,
    find: F,
}

impl<F: FnMut(Pdq) -> Vec<u32>> Searcher for InProcess<'_, F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn build_seconds(&self) -> f64 {
        self.build_seconds
    }

    fn bytes(&self) -> Option<usize> {
        self.bytes
    }

    fn go(&mut self, kind: Kind, count: usize) -> Result<Answers, Box<dyn Error>> {
        let nothing = clock_nanoseconds();
        let (mut nanoseconds, mut rows) = (Vec::new(), Vec::new());
        for &query in self.data.queries(kind).iter().take(count) {
            let begin = cpu_nanoseconds();
            let found = (self.find)(query);
            let taken = cpu_nanoseconds() - begin;
            nanoseconds.push(taken.saturating_sub(nothing));
            rows.push(found);
        }
        Ok(Answers { nanoseconds, rows })
    }
}

/// What an interval of nothing takes: it is taken off each query.
fn clock_nanoseconds() -> u64 {
    let mut intervals: Vec<u64> = (0..1001)
        .map(|_| {
            let begin = cpu_nanoseconds();
            cpu_nanoseconds() - begin
        })
        .collect();
    intervals.sort_unstable();
    intervals[intervals.len() / 2]
}

/// Our index, and what building it took.
pub struct Built {
    index: Index<'static>,
    seconds: f64,
}

pub fn index(data: &Data) -> Built {
    let (index, seconds) = timed(|| data.codes.iter().copied().collect());
    Built { index, seconds }
}

/// Ours as a caller has it, by one kernel.
pub fn ours<'a>(built: &'a Built, kernel: Kernel, data: &'a Data) -> Box<dyn Searcher + 'a> {
    by_index(kernel.name(), Tables::Best, built, kernel, data)
}

/// Ours without its tables: the first 96 bits of every code.
pub fn prefixes<'a>(built: &'a Built, kernel: Kernel, data: &'a Data) -> Box<dyn Searcher + 'a> {
    by_index("ours-prefixes", Tables::Never, built, kernel, data)
}

fn by_index<'a>(
    name: &str,
    tables: Tables,
    built: &'a Built,
    kernel: Kernel,
    data: &'a Data,
) -> Box<dyn Searcher + 'a> {
    let index = &built.index;
    Box::new(InProcess {
        name: name.to_owned(),
        version: format!("ijkpunt of this checkout, {} kernel", kernel.name()),
        build_seconds: built.seconds,
        bytes: Some(index.as_bytes().len()),
        data,
        find: move |query| {
            let mut rows = Vec::new();
            let _ = index.visit_by(kernel, tables, &[query], data.radius, |_, hit| {
                rows.push(row(hit.row));
                ControlFlow::<Infallible>::Continue(())
            });
            rows
        },
    })
}

/// Our linear loop, which is also the judge.
pub fn scan(data: &Data) -> Box<dyn Searcher + '_> {
    let (scan, build_seconds): (Scan, _) = timed(|| data.codes.iter().copied().collect());
    Box::new(InProcess {
        name: "scan".to_owned(),
        version: "ijkpunt of this checkout, the plain loop over all codes".to_owned(),
        build_seconds,
        bytes: Some(32 * scan.len()),
        data,
        find: move |query| {
            let hits = scan.search(query, data.radius);
            hits.iter().map(|hit| row(hit.row)).collect()
        },
    })
}

/// The tree keeps one of equal keys, so equal codes share a key that knows all of their rows.
pub fn tree(data: &Data) -> Box<dyn Searcher + '_> {
    let before = MEMORY.current_usage();
    let (tree, build_seconds) = timed(|| {
        let mut keys: HashMap<Pdq, Vec<u32>> = HashMap::new();
        for (place, &code) in data.codes.iter().enumerate() {
            keys.entry(code).or_default().push(row(place));
        }
        let mut tree = BKTree::new(Bits);
        tree.extend(keys.into_iter().map(|(code, rows)| Key { code, rows }));
        tree
    });
    let after = MEMORY.current_usage();
    Box::new(InProcess {
        name: "bk-tree".to_owned(),
        version: format!("{}, find", locked("bk-tree")),
        build_seconds,
        bytes: Some(after.saturating_sub(before)),
        data,
        find: move |query| {
            let (code, rows) = (query, Vec::new());
            let query = Key { code, rows };
            let found = tree.find(&query, u32::from(data.radius.bits()));
            found
                .flat_map(|(_, key)| key.rows.iter().copied())
                .collect()
        },
    })
}

struct Key {
    code: Pdq,
    rows: Vec<u32>,
}

struct Bits;

impl Metric<Key> for Bits {
    fn distance(&self, a: &Key, b: &Key) -> u32 {
        let words = |code: Pdq| {
            let bytes = code.to_bytes();
            let (words, _) = bytes.as_chunks();
            [0, 1, 2, 3].map(|place: usize| u64::from_ne_bytes(words[place]))
        };
        let (a, b) = (words(a.code), words(b.code));
        a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    fn threshold_distance(&self, a: &Key, b: &Key, threshold: u32) -> Option<u32> {
        let distance = self.distance(a, b);
        (distance <= threshold).then_some(distance)
    }
}

/// One in Python; `index_worker.py` says what the lines mean.
pub struct Worker {
    name: &'static str,
    peer: Process,
    build_seconds: f64,
    bytes: usize,
    asked: Option<Kind>,
    queries: Vec<(Kind, String)>,
}

impl Worker {
    pub fn build(python: &Path, name: &'static str, data: &Data) -> Result<Self, Box<dyn Error>> {
        let mut peer = Process::python(python, "index_worker.py", name)?;
        let answer = peer.ask(&format!("build {} {}", data.radius, data.file.display()))?;
        let (seconds, bytes) = answer
            .split_once(' ')
            .ok_or_else(|| format!("{name}: not an answer: {answer:?}"))?;
        let query_file = |kind| (kind, format!("queries {}", data.query_file(kind).display()));
        Ok(Self {
            name,
            build_seconds: seconds.parse()?,
            bytes: bytes.parse()?,
            peer,
            asked: None,
            queries: Kind::ALL.map(query_file).to_vec(),
        })
    }
}

impl Searcher for Worker {
    fn name(&self) -> &str {
        self.name
    }

    fn version(&self) -> &str {
        &self.peer.description
    }

    fn build_seconds(&self) -> f64 {
        self.build_seconds
    }

    fn bytes(&self) -> Option<usize> {
        (self.bytes > 0).then_some(self.bytes)
    }

    fn go(&mut self, kind: Kind, count: usize) -> Result<Answers, Box<dyn Error>> {
        if self.asked != Some(kind) {
            for (_, request) in self.queries.iter().filter(|(of, _)| *of == kind) {
                self.peer.ready(request)?;
            }
            self.asked = Some(kind);
        }
        let answer = self.peer.ask(&format!("go {count}"))?;
        Ok(serde_json::from_str(&answer)?)
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begin = cpu_nanoseconds();
    let done = work();
    (done, microseconds(cpu_nanoseconds() - begin) / 1e6)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "2^53 nanoseconds are a hundred days"
)]
fn microseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e3
}
