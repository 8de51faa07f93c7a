//! From a candidate to the line that its hits are on.

use super::bins::Candidate;
use super::board::Board;
use super::line::Line;
use super::pairs::Pairs;
use super::{LEAST_DISTINCT, TOLERANCE_MS};

/// A line with the frames on it.
pub(super) struct Found {
    pub(super) line: Line,
    pub(super) pairs: Pairs,
    /// All hits on the line, in order: those that are in no pair, too.
    pub(super) hits: Vec<usize>,
}

impl Board {
    /// The best line that is found from a candidate, if it has enough distinct frames.
    pub(super) fn refined(&mut self, candidate: &Candidate) -> Option<Found> {
        let mut line = candidate.line();
        let mut run = candidate.hits();
        let mut best: Option<Found> = None;
        for tolerance_ms in TOLERANCES_MS {
            let Some(found) = self.on(line, run, tolerance_ms) else {
                break;
            };
            let fitted = Line::through(&found.pairs.points());
            run = ends(&found.hits).unwrap_or(run);
            if tolerance_ms == TOLERANCE_MS {
                // Of two as good ones, it is the one that was fitted once more.
                let is_better = |best: &Found| found.pairs.weight() >= best.pairs.weight();
                if best.as_ref().is_none_or(is_better) {
                    best = Some(found);
                }
            }
            match fitted {
                Some(fitted) if fitted != line => line = fitted,
                _ if tolerance_ms == TOLERANCE_MS => break,
                _ => {}
            }
        }
        best.filter(|best| best.pairs.distinct() >= LEAST_DISTINCT)
    }

    /// The best stretch of a line around a run of hits: from there outwards, until there is a gap.
    fn on(
        &mut self,
        line: Line,
        (first, last): (usize, usize),
        tolerance_ms: i64,
    ) -> Option<Found> {
        let hits = self.near(&line, (first, last), tolerance_ms);
        let mut best: Option<Found> = None;
        for piece in hits.chunk_by(|&a, &b| self.are_within_a_gap(a, b)) {
            let piece = self.without_lone_ends(piece);
            let marks = piece.iter().map(|&n| self.marks()[n]);
            let pairs = Pairs::of(marks, &line);
            if best
                .as_ref()
                .is_none_or(|best| pairs.weight() > best.pairs.weight())
            {
                best = Some(Found {
                    line,
                    pairs,
                    hits: piece.to_vec(),
                });
            }
        }
        best
    }

    /// Hits without those at either end that are far from the next one: chance puts single ones there, which would make a segment seconds
    /// longer than it is.
    fn without_lone_ends<'a>(&self, mut hits: &'a [usize]) -> &'a [usize] {
        let query_ms = |n: usize| self.marks()[n].point().0;
        let is_far = |a: usize, b: usize| query_ms(b) - query_ms(a) > LONE_MS;
        while let [first, rest @ ..] = hits
            && rest.first().is_some_and(|next| is_far(*first, *next))
        {
            hits = rest;
        }
        while let [rest @ .., last] = hits
            && rest.last().is_some_and(|next| is_far(*next, *last))
        {
            hits = rest;
        }
        hits
    }

    /// The hits near a line in a run, and behind and before it without a gap, in order.
    fn near(
        &mut self,
        line: &Line,
        (first, last): (usize, usize),
        tolerance_ms: i64,
    ) -> Vec<usize> {
        let marks = self.marks();
        let is_near =
            |n: usize| !self.is_claimed(n) && line.residual(marks[n].point()).abs() <= tolerance_ms;
        let mut looks = 0;
        let mut walk = |numbers: &mut dyn Iterator<Item = usize>, from: usize| {
            let (mut found, mut edge) = (Vec::new(), from);
            for n in numbers {
                looks += 1;
                if !self.are_within_a_gap(edge.min(n), edge.max(n)) {
                    break;
                }
                if is_near(n) {
                    found.push(n);
                    edge = n;
                }
            }
            found
        };
        let mut hits = walk(&mut (0..first).rev(), first);
        hits.reverse();
        let behind = walk(&mut (last + 1..marks.len()), last);
        hits.extend((first..=last).filter(|&n| is_near(n)));
        hits.extend(behind);
        looks += (last - first + 1) as u64;
        self.look(looks);
        hits
    }
}

fn ends(hits: &[usize]) -> Option<(usize, usize)> {
    Some((*hits.first()?, *hits.last()?))
}

/// How far the first hit of a segment may be from the second one, and the last one from the one before, in milliseconds: a sample has
/// a frame at least each second.
const LONE_MS: i64 = 2000;

/// How near a hit has to be to the line, each time it is fitted: at first as near as to be in the bin, in the end as near as counts. Each time a
/// segment grows beyond what was known of it, so there are some more rounds than a short one needs.
const TOLERANCES_MS: [i64; 10] = [
    600,
    450,
    TOLERANCE_MS,
    TOLERANCE_MS,
    TOLERANCE_MS,
    TOLERANCE_MS,
    TOLERANCE_MS,
    TOLERANCE_MS,
    TOLERANCE_MS,
    TOLERANCE_MS,
];
