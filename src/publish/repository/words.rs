//! What a plan changes, for people.

use std::fmt;

use crate::baseline::EntryId;
use crate::tuf::{Metadata, Role, Root, Route, Sha256, Targets};

use super::Plan;
use super::plan::snapshots_of;

/// How many ids of a kind are written out; all of them stand in [`Plan::changes`].
const MOST_IDS: usize = 20;

/// What changes, who has to sign, and what a platform will fetch: a sentence a line.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, file) = self.targets.newest();
        let (version, expires) = (self.targets.version(), self.targets.expires());
        writeln!(f, "targets of version {version}, until {expires}")?;
        let (number, length) = (name.to(), file.length);
        let entries = count(self.entries, "entry", "entries");
        write!(f, "snapshot {number}: {entries}, {length} bytes")?;
        match self.valid_until {
            Some(until) => writeln!(f, ", valid until {until}")?,
            None => writeln!(f, ", valid without end")?,
        }
        let changes = &self.changes;
        ids(f, "added", &changes.added)?;
        ids(f, "removed", &changes.removed)?;
        ids(f, "changed", &changes.changed)?;
        self.write_files(f)?;
        let root: &Root = &self.root;
        let states = root.states(Role::Targets).map(|(state, _)| state);
        let states: Vec<String> = states.map(|state| state.to_string()).collect();
        let (needed, all) = (root.threshold(Role::Targets), states.join(", "));
        let by = root.version();
        writeln!(f, "to be signed by {needed} of {all}, by root {by}")?;
        write!(f, "a newcomer fetches {length} bytes")?;
        for (from, sha256) in snapshots_of(self.before.as_ref()) {
            write_route(f, &self.targets, from, &sha256)?;
        }
        Ok(())
    }
}

impl Plan {
    fn write_files(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.before.as_ref().map(Targets::files);
        for (name, file) in self.targets.files() {
            if before.is_none_or(|before| !before.contains_key(name)) {
                let (length, sha256) = (file.length, file.sha256);
                writeln!(f, "new file {name}: {length} bytes, sha256 {sha256}")?;
            }
        }
        for name in before.into_iter().flat_map(|before| before.keys()) {
            if !self.targets.files().contains_key(name) {
                writeln!(f, "no longer listed: {name}")?;
            }
        }
        Ok(())
    }
}

fn ids(f: &mut fmt::Formatter<'_>, what: &str, ids: &[EntryId]) -> fmt::Result {
    write!(f, "{} {what}", count(ids.len(), "entry", "entries"))?;
    for (number, id) in ids.iter().take(MOST_IDS).enumerate() {
        let between = if number == 0 { ": " } else { ", " };
        write!(f, "{between}{id}")?;
    }
    match ids.len().saturating_sub(MOST_IDS) {
        0 => writeln!(f),
        more => writeln!(f, " and {more} more"),
    }
}

fn write_route(
    f: &mut fmt::Formatter<'_>,
    targets: &Targets,
    from: u64,
    sha256: &Sha256,
) -> fmt::Result {
    let bytes = |names: &[_]| {
        let files = names.iter().filter_map(|name| targets.files().get(name));
        files.map(|file| file.length).sum::<u64>()
    };
    let route = targets.route(sha256);
    write!(f, "\nwho has snapshot {from} fetches ")?;
    match &route {
        Route::Current => write!(f, "nothing"),
        Route::Full(name) => write!(f, "the whole, {} bytes", bytes(&[*name])),
        Route::Deltas(names) => {
            let deltas = count(names.len(), "delta", "deltas");
            write!(f, "{deltas}, {} bytes", bytes(names))
        }
    }
}

fn count(number: usize, one: &str, several: &str) -> String {
    let what = if number == 1 { one } else { several };
    format!("{number} {what}")
}
