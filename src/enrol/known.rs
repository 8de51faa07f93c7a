//! What a list already has of a proposal.

use std::collections::{HashMap, HashSet};

use crate::baseline::{Code, FrameRole, List, Row};
use crate::hash::{Digest, Dihedral, Distance, Pdq, Radius};
use crate::index::Index;

use super::Proposal;

/// The whole pictures of a list, and the frames of its videos, to compare proposals with.
#[derive(Debug)]
pub struct Known<'l> {
    list: &'l List,
    wholes: Codes,
    frames: Codes,
    /// The entries of each digest.
    exact: HashMap<Digest, Vec<usize>>,
}

#[derive(Debug)]
struct Codes {
    index: Index<'static>,
    /// The list's row of each row of the index.
    rows: Vec<usize>,
}

/// An entry that is near to a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Near<'l> {
    /// Its id.
    pub entry: &'l str,
    /// How far it is; none where a file with the very same bytes is listed.
    pub distance: Option<Distance>,
}

impl<'l> Known<'l> {
    /// # Cost
    /// Linear in the rows of the list.
    #[must_use]
    pub fn new(list: &'l List) -> Self {
        let mut exact: HashMap<Digest, Vec<usize>> = HashMap::new();
        for row in list.rows() {
            if let Code::Digest(digest) = row.code() {
                exact.entry(digest).or_default().push(row.entry());
            }
        }
        Self {
            list,
            wholes: Codes::of(list, |row| row.part().is_none() && row.shown().is_none()),
            frames: Codes::of(list, |row| {
                row.shown()
                    .is_some_and(|shown| shown.role() == FrameRole::Core)
            }),
            exact,
        }
    }

    /// The entries that are near to any frame of a proposal, turned and mirrored ones too: the nearest first, each once. Those of videos only if five
    /// frames of the proposal are near to five of theirs, in whatever order: a person looks at both before anything is listed.
    ///
    /// # Cost
    /// Eight lookups a frame.
    #[must_use]
    pub fn near(&self, proposal: &Proposal) -> Vec<Near<'l>> {
        let mut found: Vec<(Option<Distance>, usize)> = Vec::new();
        if let Some(digest) = proposal.sha256() {
            let equal = self.exact.get(&digest).into_iter().flatten();
            found.extend(equal.map(|entry| (None, *entry)));
        }
        for frame in proposal.fingerprints() {
            for (row, distance) in self.wholes.near(frame.pdq) {
                found.push((Some(distance), self.list.rows()[row].entry()));
            }
        }
        found.extend(self.near_videos(proposal));
        found.sort_unstable();
        let mut near: Vec<Near<'l>> = Vec::new();
        for (distance, entry) in found {
            let entry = self.list.entries()[entry].id();
            if !near.iter().any(|known| known.entry == entry) {
                near.push(Near { entry, distance });
            }
        }
        near
    }

    /// The videos whose core shares enough frames with a proposal's, each with its nearest.
    fn near_videos(&self, proposal: &Proposal) -> Vec<(Option<Distance>, usize)> {
        let mut shared: HashMap<usize, (Distance, HashSet<usize>, HashSet<usize>)> = HashMap::new();
        for (number, frame) in proposal.core().enumerate() {
            for (row, distance) in self.frames.near(frame.pdq) {
                let of = shared.entry(self.list.rows()[row].entry());
                let (nearest, ours, theirs) =
                    of.or_insert_with(|| (distance, HashSet::new(), HashSet::new()));
                *nearest = distance.min(*nearest);
                ours.insert(number);
                theirs.insert(row);
            }
        }
        let is_enough = |own: usize, all: usize| own >= SHARED_FRAMES.min(all.max(1));
        let all = proposal.core_frames();
        let near = shared.into_iter().filter(|(_, (_, ours, theirs))| {
            is_enough(ours.len(), all) && is_enough(theirs.len(), all)
        });
        near.map(|(entry, (distance, ..))| (Some(distance), entry))
            .collect()
    }
}

impl Codes {
    fn of(list: &List, is_one: impl Fn(&Row) -> bool) -> Self {
        let numbered = list.rows().iter().enumerate();
        let (rows, codes): (Vec<usize>, Vec<Pdq>) = numbered
            .filter(|(_, row)| is_one(row))
            .filter_map(|(number, row)| Some((number, row.pdq()?)))
            .unzip();
        Self {
            index: codes.into_iter().collect(),
            rows,
        }
    }

    /// The list's rows near to any form of a hash.
    fn near(&self, pdq: Pdq) -> impl Iterator<Item = (usize, Distance)> {
        let forms = Dihedral::ALL.into_iter().map(move |form| pdq.derived(form));
        let hits = forms.flat_map(|form| self.index.search(form, Radius::DEFAULT));
        hits.map(|hit| (self.rows[hit.row], hit.distance))
    }
}

/// Frames that two videos have to share before a person is told.
const SHARED_FRAMES: usize = 5;
