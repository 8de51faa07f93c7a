//! The way from what is installed to the newest snapshot.

use std::collections::BTreeMap;

use super::{Sha256, TargetName, Targets};

/// Longer chains take longer than a whole snapshot: each step writes one.
const MOST_DELTAS: usize = 32;

/// What to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Nothing: the newest is installed.
    Current,
    /// The newest as a whole.
    Full(TargetName),
    /// These deltas, one after the other.
    Deltas(Vec<TargetName>),
}

/// A way to a snapshot: so many deltas of so many bytes, the last of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    deltas: usize,
    bytes: u64,
    last: Option<TargetName>,
}

impl Targets {
    /// The way from the snapshot with this digest to the newest: as few deltas as possible, of those ways the one of the fewest bytes. The
    /// whole file, where there is none, where it has more than 32 deltas, or where these have more than half the bytes of the whole.
    ///
    /// What is installed is asked by its digest and not by its number, since the delta has to fit the bytes. Whether the newest is older
    /// than what is installed is for the caller to compare, by [`Targets::newest`].
    ///
    /// # Cost
    /// Some microseconds a file.
    #[must_use]
    pub fn route(&self, installed: &Sha256) -> Route {
        let (whole, file) = self.newest();
        if *installed == file.sha256 {
            return Route::Current;
        }
        match self.chain(installed, &file.sha256) {
            Some((names, bytes)) if names.len() <= MOST_DELTAS && bytes <= file.length / 2 => {
                Route::Deltas(names)
            }
            _ => Route::Full(whole),
        }
    }

    fn chain(&self, installed: &Sha256, newest: &Sha256) -> Option<(Vec<TargetName>, u64)> {
        let start = Way {
            deltas: 0,
            bytes: 0,
            last: None,
        };
        let mut ways = BTreeMap::from([(*installed, start)]);
        // Names stand in the order of where they lead, so every way to a delta's start is known when it comes.
        for (name, file) in self.files() {
            let Some((leap, way)) = file
                .leap
                .and_then(|leap| Some((leap, *ways.get(&leap.from_sha256)?)))
            else {
                continue;
            };
            let longer = Way {
                deltas: way.deltas + 1,
                bytes: way.bytes.saturating_add(file.length),
                last: Some(*name),
            };
            let best = ways.entry(leap.sha256).or_insert(longer);
            *best = longer.min(*best);
        }
        let bytes = ways.get(newest)?.bytes;
        let mut names = Vec::new();
        let mut at = *newest;
        while let Some(name) = ways.get(&at).and_then(|way| way.last) {
            names.push(name);
            at = self.files().get(&name)?.leap?.from_sha256;
        }
        names.reverse();
        Some((names, bytes))
    }
}
