//! Hits on a line to pairs of frames, one to one.

use std::collections::HashSet;

use super::LEAST_DISTINCT;
use super::board::Mark;
use super::line::{Line, Point};
use crate::hash::Distance;

/// Pairs of frames on a line: no frame is in two of them. In the order of their times in the upload.
pub(super) struct Pairs {
    marks: Vec<Mark>,
    distinct: usize,
    strength: u64,
}

impl Pairs {
    /// Of these hits, those with the nearest hashes first, as long as both frames are free.
    ///
    /// Those nearest to the line first would hold on to any line that is about right: half a second beside the frame that was copied
    /// there is another one, which looks alike.
    pub(super) fn of(marks: impl Iterator<Item = Mark>, line: &Line) -> Self {
        let mut marks: Vec<Mark> = marks.collect();
        marks.sort_unstable_by_key(|mark| {
            let off_ms = line.residual(mark.point()).abs();
            (mark.distance, off_ms, mark.query, mark.entry)
        });
        let (mut queries, mut entries) = (HashSet::new(), HashSet::new());
        marks.retain(|mark| {
            let is_free = !queries.contains(&mark.query) && !entries.contains(&mark.entry);
            is_free && queries.insert(mark.query) && entries.insert(mark.entry)
        });
        let (query_distinct, query_strength) = side(&marks, |mark| mark.query_content);
        let (entry_distinct, entry_strength) = side(&marks, |mark| mark.entry_content);
        marks.sort_unstable_by_key(|mark| mark.query);
        Self {
            marks,
            distinct: query_distinct.min(entry_distinct),
            strength: query_strength.min(entry_strength),
        }
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Pairs with distinct content, on the side that has fewer.
    pub(super) fn distinct(&self) -> usize {
        self.distinct
    }

    /// What makes pairs better than others: enough distinct content, then how much there is of it and how near it is.
    pub(super) fn weight(&self) -> (bool, u64) {
        (self.distinct >= LEAST_DISTINCT, self.strength)
    }

    /// What to fit a line to: the pairs that no other hit of their query frame is nearer than, if there are enough.
    ///
    /// Where a line is a little askew, the frames that were copied are too far from it towards its ends, and those beside them, which look
    /// alike, are in their place: they would keep it askew.
    pub(super) fn points(&self) -> Vec<Point> {
        let nearest = self.marks.iter().filter(|mark| mark.is_nearest);
        let nearest: Vec<Point> = nearest.map(Mark::point).collect();
        match nearest.len() >= LEAST_DISTINCT {
            true => nearest,
            false => self.marks.iter().map(Mark::point).collect(),
        }
    }
}

/// How many distinct contents one side has, and how close the nearest pair of each is, together; pairs come the nearest first.
fn side(marks: &[Mark], content: impl Fn(&Mark) -> usize) -> (usize, u64) {
    let mut met = HashSet::new();
    let firsts = marks.iter().filter(|mark| met.insert(content(mark)));
    let strength = firsts.map(|mark| closeness(mark.distance)).sum();
    (met.len(), strength)
}

/// What a pair counts for: a near one for more than two that are just within reach, so that a line through the frames that were copied is
/// better than one that is askew and grazes a few more.
pub(super) fn closeness(distance: Distance) -> u64 {
    u64::from(FAR_BITS.saturating_sub(distance.bits())).pow(2)
}

/// From here on, hashes of pictures that have nothing to do with each other begin.
const FAR_BITS: u16 = 64;
