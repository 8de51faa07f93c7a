//! What is installed at a moment.

use std::collections::HashSet;
use std::sync::Arc;

use crate::snapshot::Snapshot;

use super::Suspensions;

/// A snapshot, and which of its entries are switched off. It never changes: what is installed next is another one.
#[derive(Debug, Clone)]
pub struct Edition {
    snapshot: Arc<Snapshot>,
    suspensions: Arc<Suspensions>,
    off: Arc<HashSet<usize>>,
}

impl Edition {
    pub(in crate::snapshot) fn new(snapshot: Arc<Snapshot>, suspensions: Arc<Suspensions>) -> Self {
        let entries = suspensions.iter().map(|(entry, ..)| entry);
        let off = entries.filter_map(|entry| snapshot.find(entry)).collect();
        Self {
            snapshot,
            suspensions,
            off: Arc::new(off),
        }
    }

    /// The snapshot.
    #[must_use]
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// What is switched off, in this snapshot or in others.
    #[must_use]
    pub fn suspensions(&self) -> &Arc<Suspensions> {
        &self.suspensions
    }

    /// The numbers of the snapshot's entries that are switched off.
    #[must_use]
    pub fn off(&self) -> &Arc<HashSet<usize>> {
        &self.off
    }
}
