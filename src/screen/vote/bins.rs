//! Where to look for lines: runs of hits whose offsets, at one of the speeds, fall into one bin.

use std::cmp::Reverse;

use super::LEAST_DISTINCT;
use super::board::{Board, Mark};
use super::line::{Line, ONE, Point, SPEEDS};
use super::pairs::closeness;

/// A run of hits that may be on a line. The order says which is looked at first: the strongest, then that of most frames, then the speed
/// nearest to 1; and what comes then only makes the order the same each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    weight: (u64, usize),
    /// Steps of speed from 1, and the bin.
    order: (Reverse<usize>, Reverse<usize>, Reverse<i64>),
    /// The first hit and the last one.
    pub(super) run: (Reverse<usize>, Reverse<usize>),
    /// How many segments had claimed hits when it was counted.
    pub(super) claims: usize,
}

impl Candidate {
    /// Its first hit and its last one.
    pub(super) fn hits(&self) -> (usize, usize) {
        (self.run.0.0, self.run.1.0)
    }

    /// The line amid its bin.
    pub(super) fn line(&self) -> Line {
        Line {
            query_ms: 0,
            entry_ms: (self.bin() + 1) * STEP_MS,
            speed: SPEEDS[self.speed()],
        }
    }

    fn speed(&self) -> usize {
        self.order.1.0
    }

    fn bin(&self) -> i64 {
        self.order.2.0
    }
}

impl Board {
    /// The best runs of what is not claimed, at all speeds, and whether they are all.
    pub(super) fn candidates(&mut self) -> (Vec<Candidate>, bool) {
        let (mut found, mut are_all) = (Vec::new(), true);
        let mut binned: Vec<(i64, usize)> = Vec::new();
        for speed in 0..SPEEDS.len() {
            binned.clear();
            for (n, mark) in self.marks().iter().enumerate() {
                if !self.is_claimed(n) {
                    let step = step(mark.point(), speed);
                    binned.extend([(step - 1, n), (step, n)]);
                }
            }
            binned.sort_unstable();
            for bin in binned.chunk_by(|a, b| a.0 == b.0) {
                self.runs(bin.iter().map(|hit| hit.1), (speed, bin[0].0), &mut found);
            }
            are_all &= !cut_to_the_best(&mut found);
        }
        (found, are_all)
    }

    /// The same run, of what has not been claimed since: one, several, or none.
    pub(super) fn counted_again(&mut self, candidate: &Candidate) -> Vec<Candidate> {
        let (first, last) = candidate.hits();
        let (speed, bin) = (candidate.speed(), candidate.bin());
        self.look((last - first) as u64);
        let left: Vec<usize> = (first..=last)
            .filter(|&n| {
                let step = step(self.marks()[n].point(), speed);
                !self.is_claimed(n) && (step == bin || step == bin + 1)
            })
            .collect();
        let mut found = Vec::new();
        self.runs(left.into_iter(), (speed, bin), &mut found);
        found
    }

    /// Cuts hits of one bin, in the order of time, at gaps, and counts what is between.
    fn runs(
        &mut self,
        hits: impl Iterator<Item = usize>,
        (speed, bin): (usize, i64),
        found: &mut Vec<Candidate>,
    ) {
        let mut run: Option<(usize, usize)> = None;
        let mut weigh = |board: &mut Self, (first, last): (usize, usize)| {
            if board.count.distinct() >= LEAST_DISTINCT {
                found.push(Candidate {
                    weight: board.count.weight(),
                    order: (
                        Reverse(speed.abs_diff(SPEEDS.len() / 2)),
                        Reverse(speed),
                        Reverse(bin),
                    ),
                    run: (Reverse(first), Reverse(last)),
                    claims: board.claims(),
                });
            }
        };
        for n in hits {
            self.look(1);
            match &mut run {
                Some((_, last)) if self.are_within_a_gap(*last, n) => *last = n,
                _ => {
                    if let Some(run) = run.replace((n, n)) {
                        weigh(self, run);
                    }
                    self.count.begin();
                }
            }
            self.tell(n);
        }
        if let Some(run) = run {
            weigh(self, run);
        }
    }
}

/// Distinct frames on both sides of a run, and how strong they are.
#[derive(Default)]
pub(super) struct Count {
    run: u64,
    query: Side,
    entry: Side,
    frames: usize,
    last: Option<usize>,
}

/// One side of a run.
#[derive(Default)]
struct Side {
    /// Of each content the run that it was met in last, so that nothing has to be cleared, and how close its nearest hit there is.
    met: Vec<(u64, u64)>,
    distinct: usize,
    strength: u64,
}

impl Side {
    fn add(&mut self, content: usize, run: u64, close: u64) {
        let met = &mut self.met[content];
        if met.0 != run {
            *met = (run, 0);
            self.distinct += 1;
        }
        let closer = close.saturating_sub(met.1);
        met.1 += closer;
        self.strength += closer;
    }
}

impl Count {
    /// Of contents whose numbers are below these.
    pub(super) fn new(query: usize, entry: usize) -> Self {
        let mut count = Self::default();
        count.query.met = vec![(0, 0); query];
        count.entry.met = vec![(0, 0); entry];
        count
    }

    fn begin(&mut self) {
        self.run += 1;
        for side in [&mut self.query, &mut self.entry] {
            (side.distinct, side.strength) = (0, 0);
        }
        (self.frames, self.last) = (0, None);
    }

    /// Hits come in the order of query frames.
    pub(super) fn add(&mut self, mark: &Mark) {
        let close = closeness(mark.distance);
        self.query.add(mark.query_content, self.run, close);
        self.entry.add(mark.entry_content, self.run, close);
        self.frames += usize::from(self.last.replace(mark.query) != Some(mark.query));
    }

    fn distinct(&self) -> usize {
        self.query.distinct.min(self.entry.distinct)
    }

    fn weight(&self) -> (u64, usize) {
        (self.query.strength.min(self.entry.strength), self.frames)
    }
}

/// Leaves the best candidates where there are too many, and says whether it did.
fn cut_to_the_best(found: &mut Vec<Candidate>) -> bool {
    if found.len() <= MOST_CANDIDATES {
        return false;
    }
    found.select_nth_unstable_by(MOST_CANDIDATES, |a, b| b.cmp(a));
    found.truncate(MOST_CANDIDATES);
    true
}

/// In which half second of offsets a hit falls at a speed. Bin `b` holds the half seconds `b` and `b + 1`, so that what lies close together is
/// in one bin, wherever the half seconds begin.
fn step((query_ms, entry_ms): Point, speed: usize) -> i64 {
    (entry_ms * ONE - SPEEDS[speed] * query_ms).div_euclid(STEP_MS * ONE)
}

const STEP_MS: i64 = 500;

/// Candidates that are held at a time: 1.5 MB. A film of three hours that is found whole has some hundred thousand, all but a few of which are
/// its own frames at wrong speeds.
const MOST_CANDIDATES: usize = 16 * 1024;
