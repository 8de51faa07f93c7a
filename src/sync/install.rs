//! From the list of targets to what is installed.

use std::time::Duration;

use crate::limits::Resource;
use crate::sign::tree::TreeHash;
use crate::sign::{ConsistencyList, KeyId};
use crate::snapshot::{Delta, Log, Snapshot};
use crate::tuf::{Mismatch, Route, Sha256, TargetFile, TargetName, Targets};

use super::round::Round;
use super::state::Version;
use super::{Place, SyncError, Trouble, Update, Why};

impl Round<'_> {
    /// Installs the newest snapshot, unless it is installed; whether it is now.
    pub(super) fn install(&mut self, targets: &Targets) -> Result<bool, SyncError> {
        let (name, file) = targets.newest();
        if let Err(why) = self.is_newer(name, &file) {
            self.trouble(None, Some(&Place::target(&name, &file.sha256)), why);
            return Ok(false);
        }
        let installed = self.state.installed.as_ref().map(|one| one.sha256);
        let route = match installed.filter(|_| self.is_usable) {
            Some(installed) => targets.route(&installed),
            None => Route::Full(name),
        };
        let mut update = Update {
            from: self.state.installed.as_ref().map(|one| one.sequence),
            fetched: Vec::new(),
            fetched_bytes: 0,
            cut: Vec::new(),
        };
        let by_deltas = match route {
            Route::Current => return Ok(true),
            Route::Full(_) => None,
            Route::Deltas(names) => self.by_deltas(targets, &names, &mut update),
        };
        let found = match by_deltas {
            Some(snapshot) => Some(snapshot),
            None => self.whole(name, &file, &mut update),
        };
        let Some(snapshot) = found else {
            return Ok(false);
        };
        if let Err(why) = self.check(&snapshot, name, &mut update) {
            self.trouble(None, Some(&Place::target(&name, &file.sha256)), why);
            return Ok(false);
        }
        // Kept before and after: whoever is killed in between knows the next time what lies there.
        self.state.pending = Some(Version::of(&snapshot, file.sha256));
        self.home.keep(&self.state)?;
        self.client.folder.install(&snapshot)?;
        self.state.installed = self.state.pending.take();
        self.home.keep(&self.state)?;
        self.is_usable = true;
        self.update = Some(update);
        Ok(true)
    }

    fn is_newer(&self, name: TargetName, file: &TargetFile) -> Result<(), Why> {
        let Some(installed) = &self.state.installed else {
            return Ok(());
        };
        let (offered, installed, is_same) = (
            name.to(),
            installed.sequence,
            installed.sha256 == file.sha256,
        );
        if offered < installed {
            Err(Why::OlderSnapshot { offered, installed })
        } else if offered == installed && !is_same {
            Err(Why::SameNumber(offered))
        } else {
            Ok(())
        }
    }

    /// The whole file.
    fn whole(
        &mut self,
        name: TargetName,
        file: &TargetFile,
        update: &mut Update,
    ) -> Option<Snapshot> {
        self.fetch(name, file, update, |bytes| Ok(Snapshot::from_bytes(bytes)?))
    }

    /// What deltas make of the installed snapshot; none where one of them does not do so, and the whole file is the way.
    fn by_deltas(
        &mut self,
        targets: &Targets,
        names: &[TargetName],
        update: &mut Update,
    ) -> Option<Snapshot> {
        let edition = self.client.folder.open().ok()?;
        let mut last: Option<Snapshot> = None;
        for name in names {
            let file = targets.files().get(name)?;
            let base = last.as_ref().unwrap_or(edition.snapshot());
            let next = self.fetch(*name, file, update, |bytes| {
                let made = Delta::from_bytes(&bytes)?.apply(base)?;
                if let Some(leap) = &file.leap {
                    has(&made, leap.length, leap.sha256)?;
                }
                Ok(Snapshot::from_bytes(made)?)
            })?;
            last = Some(next);
        }
        last
    }

    /// The first good copy of a target, of whichever mirror.
    fn fetch<T>(
        &mut self,
        name: TargetName,
        file: &TargetFile,
        update: &mut Update,
        read: impl Fn(Vec<u8>) -> Result<T, Why>,
    ) -> Option<T> {
        let place = Place::target(&name, &file.sha256);
        let settings = &self.client.settings;
        let made = file.leap.map_or(0, |leap| leap.length);
        let most = file.length.max(made);
        if let Err(exceeded) = settings.limits.check(Resource::SnapshotBytes, most) {
            self.trouble(None, Some(&place), exceeded.into());
            return None;
        }
        let seconds = file.length / settings.least_bytes_per_second.max(1);
        let patience = settings.short.saturating_add(Duration::from_secs(seconds));
        for mirror in &self.client.mirrors {
            let answer = self.ask(&**mirror, &place, file.length, patience);
            let checked = answer.and_then(|bytes| {
                let bytes = bytes.ok_or(Why::Missing)?;
                has(&bytes, file.length, file.sha256)?;
                Ok(bytes)
            });
            // Another copy of the same bytes would be read the same way.
            match checked {
                Ok(bytes) => {
                    update.fetched.push(name);
                    update.fetched_bytes += file.length;
                    match read(bytes) {
                        Ok(found) => return Some(found),
                        Err(why) => self.trouble(None, Some(&place), why),
                    }
                    return None;
                }
                Err(why) => self.trouble(Some(&**mirror), Some(&place), why),
            }
        }
        None
    }

    /// What states have signed is still compared with what they signed before.
    fn check(
        &mut self,
        snapshot: &Snapshot,
        name: TargetName,
        update: &mut Update,
    ) -> Result<(), Why> {
        let (said, found) = (name.to(), snapshot.sequence());
        if said != found {
            return Err(Why::OtherNumber { said, found });
        }
        let before = self.state.installed.as_ref();
        let mut grown = Vec::new();
        for log in before.iter().flat_map(|one| &one.logs) {
            match goes_on(log, snapshot.logs())? {
                Follows::Same => {}
                Follows::Grown(next) => grown.push((log.clone(), next)),
                Follows::Cut => update.cut.push(log.authority.clone()),
            }
        }
        if grown.is_empty() {
            return Ok(());
        }
        let proofs = self.proofs();
        for (log, next) in grown {
            let name = KeyId::from_bytes(log.name);
            if proofs.shows(name, head(&log), head(next)) {
                continue;
            }
            // Of two stories states may keep the longer one, too.
            if next.key.is_none() {
                update.cut.push(log.authority);
                continue;
            }
            return Err(Why::LogNotShown {
                authority: log.authority,
                before: log.size,
                found: next.size,
            });
        }
        Ok(())
    }

    /// What all mirrors together show of logs that have grown.
    fn proofs(&mut self) -> ConsistencyList {
        let client = self.client;
        let (limits, place) = (&client.settings.limits, Place::consistency());
        let mut proofs = ConsistencyList::default();
        for (mirror, file) in self.lists(&place, limits.consistency_list_bytes).0 {
            let why = match ConsistencyList::read(&file, limits) {
                Ok(read) => {
                    proofs.union(read.list);
                    let lines = read.left_out.len();
                    let first = read.left_out.into_iter().next();
                    first.map(|first| Why::ConsistencyLines { lines, first })
                }
                Err(why) => Some(why.into()),
            };
            self.troubles.extend(why.map(|why| Trouble {
                mirror: Some(mirror),
                place: Some(place.clone()),
                why,
            }));
        }
        proofs
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Follows<'s> {
    /// As it was, or it had nothing.
    Same,
    /// Longer: it has to be shown that it holds what it held.
    Grown(&'s Log),
    /// The states have closed it, earlier than it was read before, or with another story.
    Cut,
}

/// How a log goes on in a newer snapshot.
fn goes_on<'s>(before: &Log, logs: &'s [Log]) -> Result<Follows<'s>, Why> {
    let authority = || before.authority.clone();
    let is_it = |log: &&Log| log.authority == before.authority && log.name == before.name;
    let log = logs.iter().find(is_it);
    let log = log.ok_or_else(|| Why::LogGone(authority()))?;
    let is_shorter = log.size < before.size;
    let is_other = log.size == before.size && log.root != before.root;
    // Revoking a stolen key closes the log at an earlier place, and of two stories states keep one: that is theirs to decide, and is told.
    let is_closed = log.key.is_none();
    if log.begins != before.begins {
        Err(Why::LogGone(authority()))
    } else if (is_shorter || is_other) && is_closed {
        Ok(Follows::Cut)
    } else if is_shorter {
        Err(Why::LogShorter {
            authority: authority(),
            before: before.size,
            found: log.size,
        })
    } else if is_other {
        Err(Why::LogForked(authority()))
    } else if log.size == before.size || before.size == 0 {
        Ok(Follows::Same)
    } else {
        Ok(Follows::Grown(log))
    }
}

fn head(log: &Log) -> (u64, TreeHash) {
    (log.size, TreeHash::from_bytes(log.root))
}

/// Whether these bytes are those of which metadata speaks.
fn has(bytes: &[u8], said: u64, sha256: Sha256) -> Result<(), Mismatch> {
    let found = bytes.len() as u64;
    if found != said {
        Err(Mismatch::Length { said, found })
    } else if Sha256::of(bytes) != sha256 {
        Err(Mismatch::Sha256)
    } else {
        Ok(())
    }
}
