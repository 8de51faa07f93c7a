//! What the next publication consists of, before anybody has signed it.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU64;

use crate::baseline::{EntryId, Time};
use crate::snapshot::{Delta, DeltaError, DraftError, Snapshot};
use crate::tuf::{
    Leap, Metadata, Request, Role, Root, Sha256, TargetFile, TargetName, Targets, Trusted,
};

use super::{Repository, RepositoryError, state};

/// What is to be decided of a publication, beside its snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanTerms {
    /// The first second at which the list of files counts no more: not behind the end of the snapshot.
    pub expires: Time,
    /// From how many of the newest published snapshots a delta leads straight to the new one.
    pub deltas: usize,
    /// How many older snapshots stay listed as a whole. Of these the next deltas are made, so no fewer than `deltas`.
    pub wholes: usize,
    /// How many older deltas stay listed, the newest first: for platforms whose snapshot is older than that of any new delta. A way of more than
    /// 32 deltas is taken by nobody.
    pub older_deltas: usize,
}

/// The files of a publication, and what states are asked to sign for it; `Display` says what changes.
///
/// The same snapshot and terms, planned in the same state of a repository, give the same plan to the byte: it need not be kept, and signatures of one fit
/// the other. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct Plan {
    /// The digests of the root and of the targets for which it was made.
    pub(super) base: Base,
    pub(super) root: Trusted<Root>,
    pub(super) before: Option<Targets>,
    pub(super) targets: Targets,
    /// Files that are not there yet.
    pub(super) files: BTreeMap<TargetName, Vec<u8>>,
    pub(super) entries: usize,
    pub(super) valid_until: Option<Time>,
    pub(super) changes: Changes,
}

/// What a plan was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) root: Sha256,
    pub(super) targets: Option<Sha256>,
}

/// Entries that are not as in the snapshot that is published, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Not there before.
    pub added: Vec<EntryId>,
    /// No longer there.
    pub removed: Vec<EntryId>,
    /// There before and after, with other hashes, words or verdicts.
    pub changed: Vec<EntryId>,
}

impl Plan {
    /// What the states are asked to sign.
    #[must_use]
    pub fn request(&self) -> Request {
        Request::new(self.targets.clone())
    }

    /// The list of files.
    #[must_use]
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// The files that it adds, by name.
    pub fn files(&self) -> impl Iterator<Item = (TargetName, &[u8])> {
        self.files.iter().map(|(name, file)| (*name, &file[..]))
    }

    /// What becomes of the entries.
    #[must_use]
    pub fn changes(&self) -> &Changes {
        &self.changes
    }
}

impl Repository {
    /// Plans the publication of a snapshot: as a whole, with deltas from the newest published ones that are still listed. Each delta is applied, and has to
    /// give the snapshot's bytes; one of more than half of them is left out, as platforms take the whole then. Nothing is written.
    ///
    /// # Errors
    /// [`RepositoryError`]: there is no root, the number is not above the published one, the terms outlive the snapshot, or a file that is to stay listed is
    /// gone or damaged.
    ///
    /// # Cost
    /// For each delta a pass over two snapshots and the building of one; each file that stays listed is read. Memory for some four snapshots.
    pub fn plan(&self, snapshot: &Snapshot, terms: PlanTerms) -> Result<Plan, RepositoryError> {
        let (offered, before) = (snapshot.sequence(), self.listed());
        if let Some(published) = before.map(|targets| targets.newest().0.to())
            && published >= offered
        {
            return Err(RepositoryError::NotAbove { offered, published });
        }
        let name = TargetName::full(offered)?;
        let bytes = snapshot.as_bytes();
        let whole = file_of(bytes, None);
        let mut files = BTreeMap::from([(name, whole)]);
        let mut new = BTreeMap::from([(name, bytes.to_vec())]);
        let mut changes = None;
        for (number, (old_name, old_file)) in wholes(before)
            .take(terms.deltas.max(1)) // the newest is asked for the changes
            .enumerate()
        {
            let old = state::whole(&self.dir, &old_name, &old_file, &self.limits)?;
            if changes.is_none() {
                changes = Some(Changes::between(Some(&old), snapshot)?);
            }
            if number < terms.deltas {
                let name = TargetName::delta(old_name.to(), offered)?;
                let delta = delta(name, &old, snapshot)?;
                let leap = Leap {
                    from_sha256: old_file.sha256,
                    sha256: whole.sha256,
                    length: whole.length,
                };
                if delta.len() <= bytes.len() / 2 {
                    files.insert(name, file_of(&delta, Some(leap)));
                    new.insert(name, delta);
                }
            }
        }
        for (name, file) in wholes(before).take(terms.wholes) {
            files.insert(name, file);
        }
        for (name, file) in useful_deltas(before, &files, terms.older_deltas) {
            files.insert(name, file);
        }
        let changes = match changes {
            Some(changes) => changes,
            None => Changes::between(None, snapshot)?,
        };
        self.planned(snapshot, terms.expires, files, new, changes)
    }

    /// Plans to publish the same files anew: with a later end, or signed by the states of a new root.
    ///
    /// # Errors
    /// As [`Repository::plan`]; [`RepositoryError::NothingPublished`].
    ///
    /// # Cost
    /// Each file that is listed is read.
    pub fn plan_renewal(&self, expires: Time) -> Result<Plan, RepositoryError> {
        let snapshot = self.newest()?;
        let files = self.some_published()?.targets.files().clone();
        let (new, changes) = (BTreeMap::new(), Changes::default());
        self.planned(&snapshot, expires, files, new, changes)
    }

    fn planned(
        &self,
        snapshot: &Snapshot,
        expires: Time,
        files: BTreeMap<TargetName, TargetFile>,
        new: BTreeMap<TargetName, Vec<u8>>,
        changes: Changes,
    ) -> Result<Plan, RepositoryError> {
        let valid_until = snapshot.valid_until();
        check_end(expires, valid_until)?;
        // States sign that they are there: what is damaged is found before, and not by platforms.
        for (name, file) in files.iter().filter(|(name, _)| !new.contains_key(name)) {
            state::target(&self.dir, name, file, &self.limits)?;
        }
        let before = self.listed();
        let version = before.map_or(Some(NonZeroU64::MIN), |before| {
            before.version().checked_add(1)
        });
        let version = version.ok_or(RepositoryError::Versions(Role::Targets))?;
        Ok(Plan {
            base: self.base()?,
            root: self.some_root()?.clone(),
            before: before.cloned(),
            targets: Targets::new(version, expires, files)?,
            files: new,
            entries: snapshot.entries(),
            valid_until,
            changes,
        })
    }

    /// What a plan that is made now is made for.
    pub(super) fn base(&self) -> Result<Base, RepositoryError> {
        let targets = self.published().map(|published| published.targets.file());
        Ok(Base {
            root: Sha256::of(self.some_root()?.file()),
            targets: targets.map(Sha256::of),
        })
    }

    fn listed(&self) -> Option<&Targets> {
        self.published().map(|published| &*published.targets)
    }
}

/// Nobody relies on a list longer than on the snapshot in it.
pub(in crate::publish) fn check_end(
    expires: Time,
    valid_until: Option<Time>,
) -> Result<(), RepositoryError> {
    match valid_until {
        Some(valid_until) if expires > valid_until => Err(RepositoryError::Outlives {
            expires,
            valid_until,
        }),
        _ => Ok(()),
    }
}

impl Changes {
    fn between(old: Option<&Snapshot>, new: &Snapshot) -> Result<Self, DraftError> {
        let (old, new) = (old.map(Snapshot::to_draft).transpose()?, new.to_draft()?);
        let mut changes = Self::default();
        for entry in new.entries() {
            match old.as_ref().and_then(|old| old.get(entry.id)) {
                None => changes.added.push(entry.id),
                Some(before) if before != entry => changes.changed.push(entry.id),
                Some(_) => {}
            }
        }
        let before = old.iter().flat_map(|old| old.entries());
        let gone = before.filter(|entry| new.get(entry.id).is_none());
        changes.removed = gone.map(|entry| entry.id).collect();
        for ids in [
            &mut changes.added,
            &mut changes.removed,
            &mut changes.changed,
        ] {
            ids.sort_unstable();
        }
        Ok(changes)
    }
}

fn file_of(bytes: &[u8], leap: Option<Leap>) -> TargetFile {
    TargetFile {
        length: bytes.len() as u64,
        sha256: Sha256::of(bytes),
        leap,
    }
}

/// The snapshots that are listed as a whole, the newest first.
fn wholes(targets: Option<&Targets>) -> impl Iterator<Item = (TargetName, TargetFile)> {
    let files = targets.into_iter().flat_map(|targets| targets.files());
    let mut wholes: Vec<_> = files
        .filter(|(name, _)| name.from().is_none())
        .map(|(name, file)| (*name, *file))
        .collect();
    wholes.sort_by_key(|(name, _)| std::cmp::Reverse(name.to()));
    wholes.into_iter()
}

/// The snapshots that platforms may have: all of which the list before speaks.
pub(in crate::publish) fn snapshots_of(before: Option<&Targets>) -> BTreeMap<u64, Sha256> {
    let mut known = BTreeMap::new();
    for (name, file) in before.into_iter().flat_map(|before| before.files()) {
        let (to, from) = match file.leap {
            None => (file.sha256, None),
            Some(leap) => (leap.sha256, Some(leap.from_sha256)),
        };
        known.insert(name.to(), to);
        known.extend(name.from().zip(from));
    }
    known
}

/// The bytes of what leads from one to the other, read and applied as a platform does.
fn delta(name: TargetName, old: &Snapshot, new: &Snapshot) -> Result<Vec<u8>, RepositoryError> {
    let bytes = Delta::between(old, new)?.to_bytes();
    let applied = Delta::from_bytes(&bytes).and_then(|delta| delta.apply(old));
    let fits = applied.and_then(|applied| match applied == new.as_bytes() {
        true => Ok(bytes),
        false => Err(DeltaError::OtherTarget),
    });
    fits.map_err(|source| RepositoryError::Delta { name, source })
}

/// Deltas that were listed before and from whose ends a way goes on to the new snapshot, from snapshots that no new delta starts from.
fn useful_deltas(
    before: Option<&Targets>,
    files: &BTreeMap<TargetName, TargetFile>,
    most: usize,
) -> Vec<(TargetName, TargetFile)> {
    let started: Vec<u64> = files.keys().filter_map(|name| name.from()).collect();
    let mut reached = started.clone();
    let old = before.into_iter().flat_map(|before| before.files().iter());
    let mut old: Vec<_> = old.map(|(name, file)| (*name, *file)).collect();
    old.reverse(); // the highest ends first, so that what goes on from there is known
    old.retain(|(name, _)| match name.from() {
        Some(from) if reached.contains(&name.to()) && !started.contains(&from) => {
            reached.push(from);
            true
        }
        _ => false,
    });
    old.truncate(most);
    old
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("version", &self.targets.version())
            .field("newest", &self.targets.newest().0)
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}
