//! `index`: the same codes and queries for everyone, what each finds beside what is there, and its time beside ours.
//!
//! Peers come one after the other, each beside ours alone: a peer of ten million codes takes gigabytes.

mod data;
mod report;
mod searchers;

use std::error::Error;
use std::path::Path;

use ijkpunt::hash::Radius;
use ijkpunt::index::Kernel;

pub use data::Set;
use data::{Data, Kind};
pub use report::{Row, markdown, table};
use searchers::{Answers, Searcher, Worker};

use crate::clock::median;

/// What is asked of a run.
pub struct Plan<'a> {
    pub peers: &'a [&'static str],
    pub kernels: &'a [Kernel],
    pub radius: Radius,
    pub queries: usize,
    pub rounds: usize,
    pub scratch: &'a Path,
    pub python: Option<&'a Path>,
}

impl Plan<'_> {
    /// One set of one size, all peers. Shows each row when it is there.
    pub fn run(
        &self,
        set: Set,
        codes: usize,
        mut show: impl FnMut(Row) -> Result<(), Box<dyn Error>>,
    ) -> Result<(), Box<dyn Error>> {
        let data = Data::load(set, codes, self.queries, self.radius, self.scratch)?;
        eprintln!("{}", data.described());
        let index = searchers::index(&data);
        for &peer in self.peers {
            let mut searchers = Vec::new();
            for &kernel in self.kernels {
                searchers.push(searchers::ours(&index, kernel, &data));
            }
            eprintln!("  {peer}");
            searchers.push(self.peer(peer, &index, &data)?);
            for kind in Kind::ALL {
                let measured = self.measure(&mut searchers, &data, kind)?;
                for row in self.rows(&searchers, &measured, &data, kind) {
                    show(row)?;
                }
            }
        }
        Ok(())
    }

    fn peer<'a>(
        &self,
        peer: &'static str,
        index: &'a searchers::Built,
        data: &'a Data,
    ) -> Result<Box<dyn Searcher + 'a>, Box<dyn Error>> {
        Ok(match peer {
            "ours-prefixes" => searchers::prefixes(index, self.kernels[0], data),
            "scan" => searchers::scan(data),
            "bk-tree" => searchers::tree(data),
            _ => {
                let python = self
                    .python
                    .ok_or("peers of PyPI: start this by benches/peers/run, which installs them")?;
                Box::new(Worker::build(python, peer, data)?)
            }
        })
    }

    /// First checks what all find, then times them. In a round all have one turn; who begins changes.
    fn measure(
        &self,
        searchers: &mut [Box<dyn Searcher + '_>],
        data: &Data,
        kind: Kind,
    ) -> Result<Vec<Measured>, Box<dyn Error>> {
        let mut measured = Vec::new();
        let ours = self.kernels.len();
        for (place, searcher) in searchers.iter_mut().enumerate() {
            let most = data.queries(kind).len();
            let few = searcher.go(kind, most.min(3))?;
            let count = count_for(median(&few.microseconds()), most);
            let found = data.judge(kind, &searcher.go(kind, count)?.rows);
            if place < ours && !found.is_exact() {
                let name = searcher.name();
                return Err(
                    format!("{name}: {found:?}, and we are exact; nothing was timed").into(),
                );
            }
            measured.push(Measured {
                count,
                found,
                rounds: Vec::new(),
            });
        }
        for round in 0..self.rounds {
            for turn in 0..searchers.len() {
                let who = (round + turn) % searchers.len();
                let count = measured[who].count;
                searchers[who].go(kind, count.div_ceil(WARMING))?; // others had the caches
                let answers = searchers[who].go(kind, count)?;
                measured[who].rounds.push(Turn::of(&answers));
            }
        }
        Ok(measured)
    }

    fn rows(
        &self,
        searchers: &[Box<dyn Searcher + '_>],
        measured: &[Measured],
        data: &Data,
        kind: Kind,
    ) -> Vec<Row> {
        let ours = self.kernels.len();
        let (peer, theirs) = (&searchers[ours], &measured[ours]);
        let mut rows = Vec::new();
        for (place, kernel) in self.kernels.iter().enumerate() {
            let (our, ours) = (&searchers[place], &measured[place]);
            rows.push(Row {
                n: data.codes.len(),
                set: data.set.name().to_owned(),
                kind: kind.name().to_owned(),
                radius: self.radius.bits(),
                peer: peer.name().to_owned(),
                kernel: kernel.name().to_owned(),
                recall: theirs.found.recall(),
                extra: theirs.found.extra,
                queries: theirs.count,
                ours_bytes_per_code: data.each(our.bytes()),
                peer_bytes_per_code: data.each(peer.bytes()),
                ours_build_s: report::rounded(our.build_seconds()),
                peer_build_s: report::rounded(peer.build_seconds()),
                version: peer.version().to_owned(),
                ..Row::of_times(&ours.rounds, &theirs.rounds)
            });
        }
        rows
    }
}

struct Measured {
    count: usize,
    found: data::Found,
    rounds: Vec<Turn>,
}

/// One contestant's turn: what of its queries took how many microseconds.
pub struct Turn {
    pub median_us: f64,
    /// Where there were enough queries for it.
    pub p99_us: Option<f64>,
}

impl Turn {
    fn of(answers: &Answers) -> Self {
        let mut times = answers.microseconds();
        times.sort_by(f64::total_cmp);
        let p99 = times.get(times.len() * 99 / 100).copied();
        Self {
            median_us: median(&times).max(LEAST_US),
            p99_us: p99.filter(|_| times.len() >= ENOUGH_FOR_P99),
        }
    }
}

/// How many queries a turn of about half a second has: the first ones of the list, at least 5.
fn count_for(each_us: f64, most: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped before"
    )]
    let count = (TURN_US / each_us.max(1.0)).clamp(5.0, 1e6) as usize;
    count.min(most)
}

/// One query in so many is looked up before a turn.
const WARMING: usize = 5;

/// What the clock cannot tell from nothing, so that ratios stay numbers.
const LEAST_US: f64 = 0.01;
const TURN_US: f64 = 500_000.0;
const ENOUGH_FOR_P99: usize = 100;
