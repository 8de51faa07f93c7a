//! What a list already has of a proposal.

use std::collections::HashMap;

use crate::baseline::{Code, List};
use crate::hash::{Digest, Dihedral, Distance, Pdq, Radius};
use crate::index::Index;

use super::Proposal;

/// The whole pictures of a list, to compare proposals with.
#[derive(Debug)]
pub struct Known<'l> {
    list: &'l List,
    index: Index<'static>,
    /// The list's row of each row of the index.
    rows: Vec<usize>,
    /// The entries of each digest.
    exact: HashMap<Digest, Vec<usize>>,
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
        let numbered = list.rows().iter().enumerate();
        let wholes = numbered.filter(|(_, row)| row.part().is_none() && row.shown().is_none());
        let (rows, codes): (Vec<usize>, Vec<Pdq>) = wholes
            .filter_map(|(number, row)| Some((number, row.pdq()?)))
            .unzip();
        let mut exact: HashMap<Digest, Vec<usize>> = HashMap::new();
        for row in list.rows() {
            if let Code::Digest(digest) = row.code() {
                exact.entry(digest).or_default().push(row.entry());
            }
        }
        Self {
            list,
            index: codes.into_iter().collect(),
            rows,
            exact,
        }
    }

    /// The entries that are near to any frame of a proposal, turned and mirrored ones too: the nearest first, each once.
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
            let forms = Dihedral::ALL.map(|form| frame.pdq.derived(form));
            for form in forms {
                for hit in self.index.search(form, Radius::DEFAULT) {
                    let row = &self.list.rows()[self.rows[hit.row]];
                    found.push((Some(hit.distance), row.entry()));
                }
            }
        }
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
}
