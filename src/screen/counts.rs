//! Plain counters, for whatever a host uses to export metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use super::{Screening, UndecidedKind};

/// What a screener has done since it was built. Numbers only: no list, no entry, no upload can be told from them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Uploads that came out as a match.
    pub matched: u64,
    /// Uploads that came out as no match.
    pub no_match: u64,
    /// Uploads that came out as undecided, by kind, in the order of [`UndecidedKind::ALL`].
    pub undecided: Vec<(UndecidedKind, u64)>,
    /// Frames that were hashed.
    pub frames: u64,
    /// Views of frames that were looked up, beside the whole frames: see [`Effort`](super::Effort).
    pub views: u64,
    /// Lookups of a hash in a list: of a form of a frame, of its negative, or of a view.
    pub lookups: u64,
}

/// What was done for one upload; the fields are those of [`Counts`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    pub(super) frames: u64,
    pub(super) views: u64,
    pub(super) lookups: u64,
}

/// The counters behind [`Counts`].
#[derive(Debug, Default)]
pub(super) struct Counters {
    matched: AtomicU64,
    no_match: AtomicU64,
    undecided: [AtomicU64; UndecidedKind::ALL.len()],
    frames: AtomicU64,
    views: AtomicU64,
    lookups: AtomicU64,
}

impl Counters {
    pub(super) fn add(&self, screening: &Screening, work: Work) {
        let verdict = match screening {
            Screening::Match(_) => &self.matched,
            Screening::NoMatch(_) => &self.no_match,
            Screening::Undecided(undecided) => &self.undecided[undecided.kind() as usize],
        };
        verdict.fetch_add(1, Ordering::Relaxed);
        self.frames.fetch_add(work.frames, Ordering::Relaxed);
        self.views.fetch_add(work.views, Ordering::Relaxed);
        self.lookups.fetch_add(work.lookups, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            matched: read(&self.matched),
            no_match: read(&self.no_match),
            undecided: UndecidedKind::ALL
                .into_iter()
                .zip(self.undecided.iter().map(read))
                .collect(),
            frames: read(&self.frames),
            views: read(&self.views),
            lookups: read(&self.lookups),
        }
    }
}
