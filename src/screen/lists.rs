//! A list as it is asked: its policy, its index, and what stands behind its answers.

use std::collections::HashMap;
use std::sync::Arc;

use crate::baseline::{Digest, List, Profile};
use crate::hash::{Quality, Radius};
use crate::index::Scan;

use super::evidence::{Evidence, MatchClass, Query};

/// How one list is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    radius: Radius,
    minimum_quality: MinimumQuality,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MinimumQuality(Quality);

impl Default for MinimumQuality {
    fn default() -> Self {
        Self(Quality::DEFAULT_MINIMUM)
    }
}

impl Policy {
    /// Matches up to this distance. Default 31.
    #[must_use]
    pub fn radius(self, radius: Radius) -> Self {
        Self { radius, ..self }
    }

    /// Asks this quality of frames, and of the list's rows that state one. Default 50.
    #[must_use]
    pub fn minimum_quality(self, quality: Quality) -> Self {
        Self {
            minimum_quality: MinimumQuality(quality),
            ..self
        }
    }
}

/// What stands behind the answers of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListInfo {
    /// The name under which it was added.
    pub name: Arc<str>,
    /// The SHA-256 of its bytes.
    pub digest: Digest,
    /// How its hashes were made.
    pub profile: Profile,
    /// Its entries.
    pub entries: usize,
    /// Rows that are searched.
    pub rows: usize,
    /// Rows that were not understood; [`List::reading`] says where and why.
    pub refused_rows: u64,
    /// Rows below the policy's minimum quality, which are not searched.
    pub low_quality_rows: usize,
}

/// A list with what is needed to ask it.
#[derive(Debug)]
pub(super) struct Screened {
    pub(super) info: ListInfo,
    list: List,
    policy: Policy,
    index: Scan,
    /// The list's row of each row of the index.
    rows: Vec<u32>,
}

impl Screened {
    pub(super) fn new(name: Arc<str>, list: List, policy: Policy) -> Self {
        let minimum = policy.minimum_quality.0;
        let is_usable = |quality: Option<Quality>| quality.is_none_or(|quality| quality >= minimum);
        let rows: Vec<u32> = (0u32..)
            .zip(list.rows())
            .filter(|(_, row)| is_usable(row.quality()))
            .map(|(number, _)| number)
            .collect();
        let index = rows
            .iter()
            .map(|&row| list.rows()[row as usize].pdq())
            .collect();
        let info = ListInfo {
            name,
            digest: list.digest(),
            profile: list.profile(),
            entries: list.entries().len(),
            rows: rows.len(),
            refused_rows: list.reading().refused(),
            low_quality_rows: list.rows().len() - rows.len(),
        };
        Self {
            info,
            list,
            policy,
            index,
            rows,
        }
    }

    pub(super) fn can_use(&self, query: &Query) -> bool {
        query
            .quality
            .is_none_or(|quality| quality >= self.policy.minimum_quality.0)
    }

    /// What the policy asks of a frame.
    pub(super) fn minimum_quality(&self) -> Quality {
        self.policy.minimum_quality.0
    }

    /// Every entry near any form of the frame, each with its nearest row and form.
    pub(super) fn look_up(&self, query: &Query, found: &mut HashMap<usize, Evidence>) {
        for (dihedral, form_origin, pdq) in query.forms() {
            for hit in self.index.search(pdq, self.policy.radius) {
                let row = &self.list.rows()[self.rows[hit.row] as usize];
                let known = found.get(&row.entry());
                if known.is_some_and(|known| known.distance <= hit.distance) {
                    continue; // the first of equally near ones stays: lower frame, earlier form, earlier row
                }
                let evidence = Evidence {
                    list: self.info.name.clone(),
                    entry: self.list.entries()[row.entry()].id().into(),
                    label: row.label().map(Into::into),
                    distance: hit.distance,
                    class: MatchClass::NearDuplicate,
                    dihedral,
                    form_origin,
                    frame: query.frame,
                    frame_time: query.frame_time,
                    partial: query.partial,
                    upload_quality: query.quality,
                    entry_quality: row.quality(),
                };
                found.insert(row.entry(), evidence);
            }
        }
    }
}
