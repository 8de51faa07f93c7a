//! The hits of one entry, in order, and which of them are claimed by a segment.

use std::collections::{BinaryHeap, HashSet};

use super::bins::{Candidate, Count};
use super::line::{ONE, Point, SPEEDS};
use super::refine::Found;
use super::timeline::{Moment, Timeline};
use super::{CLAIM_MS, GAP_MS, Hit, MOST_HITS, MOST_SEGMENTS, NoSuchFrame, Segment};
use crate::hash::Distance;

/// A hit, with what has to be known of its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    mirrored: bool,
    pub(super) query: usize,
    pub(super) entry: usize,
    pub(super) distance: Distance,
    query_ms: u32,
    entry_ms: u32,
    pub(super) query_content: usize,
    pub(super) entry_content: usize,
    /// Whether no other hit of its query frame is nearer.
    pub(super) is_nearest: bool,
}

impl Mark {
    /// When its frames begin, in the upload and in the entry.
    pub(super) fn point(&self) -> Point {
        (self.query_ms.into(), self.entry_ms.into())
    }
}

/// Everything that is known while segments are looked for.
pub(super) struct Board {
    /// Hits as they are, then mirrored ones; of each the order is that of time in the upload.
    marks: Vec<Mark>,
    is_claimed: Vec<bool>,
    claims: usize,
    pub(super) count: Count,
    query: Timeline,
    entry: Timeline,
    looks: u64,
}

impl Board {
    pub(super) fn new(
        hits: &[Hit],
        query: &Timeline,
        entry: &Timeline,
    ) -> Result<Self, NoSuchFrame> {
        let marks = nearest(hits).into_iter().map(|(hit, is_nearest)| {
            let (of_query, of_entry) = (
                moment("upload", query, hit.query)?,
                moment("entry", entry, hit.entry)?,
            );
            Ok(Mark {
                mirrored: hit.mirrored,
                query: hit.query,
                entry: hit.entry,
                distance: hit.distance,
                query_ms: of_query.at_ms,
                entry_ms: of_entry.at_ms,
                query_content: of_query.content,
                entry_content: of_entry.content,
                is_nearest,
            })
        });
        let mut marks = marks.collect::<Result<Vec<Mark>, NoSuchFrame>>()?;
        marks.sort_unstable();
        Ok(Self {
            is_claimed: vec![false; marks.len()],
            marks,
            claims: 0,
            count: Count::new(query.distinct(), entry.distinct()),
            query: query.clone(),
            entry: entry.clone(),
            looks: 0,
        })
    }

    /// The segments, and how often a hit was looked at.
    ///
    /// At most 17 times all candidates are counted, 70 looks a hit; as much again goes into counting some of them once more after each
    /// of 16 claims; and 64 tries take 10 looks a hit: under 3,000 together.
    pub(super) fn segments(mut self) -> (Vec<Segment>, u64) {
        let mut segments = Vec::new();
        let mut tries = 0;
        loop {
            let claims = self.claims;
            let (candidates, are_all) = self.candidates();
            let is_through = self.take(candidates, &mut tries, &mut segments);
            // Nothing has changed, or nothing is left.
            if self.claims == claims || (is_through && are_all) {
                break;
            }
        }
        segments.sort_unstable_by_key(|segment| (segment.query_ms, segment.entry_ms));
        (segments, self.looks)
    }

    /// Makes segments of candidates, the best first, and says whether it came to their end: it does not where it is
    /// cheaper by now to count all anew than to go on counting one by one.
    fn take(
        &mut self,
        candidates: Vec<Candidate>,
        tries: &mut usize,
        segments: &mut Vec<Segment>,
    ) -> bool {
        let mut candidates = BinaryHeap::from(candidates);
        let most_looks = 2 * (SPEEDS.len() * self.marks.len()) as u64;
        let mut looks = 0;
        while segments.len() < MOST_SEGMENTS
            && *tries < MOST_TRIES
            && let Some(candidate) = candidates.pop()
        {
            // Counting again can only make it less, so what is still on top is the best there is.
            if candidate.claims < self.claims {
                if looks > most_looks {
                    return false;
                }
                let before = self.looks;
                candidates.extend(self.counted_again(&candidate));
                looks += self.looks - before;
                continue;
            }
            *tries += 1;
            if let Some(found) = self.refined(&candidate) {
                segments.push(self.segment(&found));
                self.claim(&found);
                looks = 0;
            }
        }
        true
    }

    fn segment(&self, found: &Found) -> Segment {
        let marks = found.pairs.marks();
        let query_ms = shown(&self.query, marks.iter().map(|mark| mark.query));
        let entry_ms = shown(&self.entry, marks.iter().map(|mark| mark.entry));
        let begins = marks.iter().map(|mark| mark.entry_ms);
        let last_ms = begins.max().unwrap_or(entry_ms[0]);
        let distances = || marks.iter().map(|mark| mark.distance);
        let sum: usize = distances()
            .map(|distance| usize::from(distance.bits()))
            .sum();
        let mean = (sum + marks.len() / 2)
            .checked_div(marks.len())
            .unwrap_or(0);
        let there = self
            .query
            .begin_in(query_ms)
            .min(self.entry.begin_in(entry_ms));
        let density = (1000 * marks.len()).checked_div(there).unwrap_or(1000);
        Segment {
            query_ms,
            entry_ms,
            span_ms: last_ms - entry_ms[0],
            speed_permille: permille(found.line.speed),
            mirrored: marks.iter().any(|mark| mark.mirrored),
            frames: marks.len(),
            density_permille: u16::try_from(density.min(1000)).unwrap_or(1000),
            distinct: found.pairs.distinct(),
            best_distance: distances().min().unwrap_or(Distance::of_bits(0)),
            mean_distance: Distance::of_bits(u16::try_from(mean).unwrap_or(256)),
            query_permille: Timeline::permille(query_ms, &self.query),
            entry_permille: Timeline::permille(entry_ms, &self.entry),
        }
    }

    /// What is claimed is in no other segment: all hits of query frames that are on the line, and all hits that are near to it.
    fn claim(&mut self, found: &Found) {
        let (Some(first), Some(last)) = (found.hits.first(), found.hits.last()) else {
            return;
        };
        let queries: HashSet<usize> = found.hits.iter().map(|&n| self.marks[n].query).collect();
        let times = self.marks[*first].query_ms..=self.marks[*last].query_ms;
        self.look(self.marks.len() as u64);
        for (mark, is_claimed) in self.marks.iter().zip(&mut self.is_claimed) {
            let is_near = times.contains(&mark.query_ms)
                && found.line.residual(mark.point()).abs() <= CLAIM_MS;
            *is_claimed |= is_near || queries.contains(&mark.query);
        }
        self.claims += 1;
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    pub(super) fn is_claimed(&self, n: usize) -> bool {
        self.is_claimed[n]
    }

    /// How many segments have claimed hits.
    pub(super) fn claims(&self) -> usize {
        self.claims
    }

    /// Whether two hits, the second one behind the first, can be neighbours in a segment.
    pub(super) fn are_within_a_gap(&self, before: usize, after: usize) -> bool {
        let (before, after) = (&self.marks[before], &self.marks[after]);
        before.mirrored == after.mirrored && after.point().0 - before.point().0 <= GAP_MS
    }

    /// Counts a hit of the run that was begun last.
    pub(super) fn tell(&mut self, n: usize) {
        self.count.add(&self.marks[n]);
    }

    /// Hits were looked at.
    pub(super) fn look(&mut self, hits: u64) {
        self.looks += hits;
    }
}

/// Of each query frame, the hits of the entry frames that are nearest, each of them once; and whether none is nearer.
fn nearest(hits: &[Hit]) -> Vec<(Hit, bool)> {
    let mut hits = hits.to_vec();
    hits.sort_unstable_by_key(|hit| (hit.query, hit.entry, hit.mirrored, hit.distance));
    hits.dedup_by_key(|hit| (hit.query, hit.entry, hit.mirrored));
    hits.sort_unstable_by_key(|hit| (hit.query, hit.distance, hit.entry, hit.mirrored));
    let of_frames = hits.chunk_by(|a, b| a.query == b.query);
    let kept = of_frames.flat_map(|hits| {
        let is_nearest = |hit: &Hit| hit.distance == hits[0].distance;
        let kept = hits.iter().take(MOST_HITS);
        kept.map(move |hit| (*hit, is_nearest(hit)))
    });
    kept.collect()
}

fn moment<'a>(
    side: &'static str,
    timeline: &'a Timeline,
    frame: usize,
) -> Result<&'a Moment, NoSuchFrame> {
    timeline.frame(frame).ok_or(NoSuchFrame {
        side,
        frame,
        frames: timeline.len(),
    })
}

/// From when to when frames show.
fn shown(timeline: &Timeline, frames: impl Iterator<Item = usize>) -> [u32; 2] {
    let moments = frames.filter_map(|frame| timeline.frame(frame));
    let both = moments.fold(None, |both: Option<[u32; 2]>, moment| {
        let [from, to] = both.unwrap_or([moment.at_ms, moment.ends_ms]);
        Some([from.min(moment.at_ms), to.max(moment.ends_ms)])
    });
    both.unwrap_or_default()
}

/// A speed in thousandths, to the nearest.
fn permille(speed: i64) -> u16 {
    let thousandth = ONE / 1000;
    u16::try_from((speed + thousandth / 2) / thousandth).unwrap_or(u16::MAX)
}

/// Candidates that are refined, those among them of which no segment is left: four for each segment.
const MOST_TRIES: usize = 4 * MOST_SEGMENTS;
