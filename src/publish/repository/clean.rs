//! Removing what nobody is told of any more.

use std::collections::BTreeSet;
use std::num::NonZeroU64;
use std::path::PathBuf;

use crate::limits::Resource;
use crate::tuf::{
    Metadata, Role, Sha256, TargetName, Targets, Trusted, metadata_path, target_path,
    verify_targets,
};

use super::error::metadata;
use super::state::{METADATA, TARGETS, names, read_if_any, versions};
use super::{Repository, RepositoryError};

/// What files are called that are not whole yet.
const NEW: &str = ".new";

impl Repository {
    /// Removes targets that neither the newest `targets.json` names nor one of the `keep` before it, and pages older than these; 0 counts as 1, as platforms
    /// are still fetching what the one before names. Also what interrupted publications have left. Roots stay, and so does whatever is called
    /// otherwise than here. Gives what was removed.
    ///
    /// # Errors
    /// [`RepositoryError`]: nothing is published, an older `targets.json` that lies there is damaged (then nothing is removed), or a file could not be removed.
    ///
    /// # Cost
    /// A list of the folder, and a few verifications for each `targets.json` that is kept.
    pub fn clean(&mut self, keep: u64) -> Result<Vec<PathBuf>, RepositoryError> {
        let _lock = self.lock()?;
        let mut stay = BTreeSet::new();
        let first = self.stay_of_targets(keep.max(1), &mut stay)?;
        let published = self.some_published()?;
        let last = published.snapshot.version();
        let before = last.get().saturating_sub(keep.max(1)).max(1);
        let kept = versions(&self.dir, Role::Snapshot)?;
        let kept = kept.iter().filter(|version| **version <= last);
        let kept = kept.filter(|version| version.get() >= before);
        stay.extend(kept.map(|version| metadata_path(Role::Snapshot, *version)));
        let newest = published.targets.version();
        let kept = versions(&self.dir, Role::Targets)?;
        let kept = kept.range(first..=newest);
        stay.extend(kept.map(|version| metadata_path(Role::Targets, *version)));
        let mut gone = Vec::new();
        for (path, is_ours) in self.lying()? {
            if is_ours && !stay.contains(&path) {
                let path = self.dir.join(path);
                self.remove(&path)?;
                gone.push(path);
            }
        }
        Ok(gone)
    }

    /// Adds the targets that the newest lists name; gives the version of the oldest of these lists.
    fn stay_of_targets(
        &self,
        keep: u64,
        stay: &mut BTreeSet<String>,
    ) -> Result<NonZeroU64, RepositoryError> {
        let newest = &self.some_published()?.targets;
        let mut named = |targets: &Targets| {
            let files = targets.files().iter();
            stay.extend(files.map(|(name, file)| target_path(name, &file.sha256)));
        };
        named(newest);
        let last = newest.version().get();
        let first = last.saturating_sub(keep).max(1);
        for version in (first..last).filter_map(NonZeroU64::new) {
            if let Some(targets) = self.older_targets(version)? {
                named(&targets);
            }
        }
        Ok(NonZeroU64::new(first).unwrap_or(NonZeroU64::MIN))
    }

    /// A list of an earlier publication, by whichever root counted then; none where it was removed before.
    fn older_targets(
        &self,
        version: NonZeroU64,
    ) -> Result<Option<Trusted<Targets>>, RepositoryError> {
        let path = self.dir.join(metadata_path(Role::Targets, version));
        let read = read_if_any(&path, Resource::TargetsMetadataBytes, &self.limits)?;
        let Some(bytes) = read else {
            return Ok(None);
        };
        let mut why = None;
        for root in self.state.roots.iter().rev() {
            match verify_targets(root, &bytes, &self.limits) {
                Ok(targets) => return Ok(Some(targets)),
                Err(refused) => why = why.or(Some(refused)),
            }
        }
        match why {
            Some(why) => Err(metadata(&path)(why)),
            None => Ok(None),
        }
    }

    /// What lies in the folders, and whether it may be removed at all: only what is called as such files are.
    fn lying(&self) -> Result<Vec<(String, bool)>, RepositoryError> {
        let mut lying = Vec::new();
        for folder in [METADATA, TARGETS] {
            for name in names(&self.dir.join(folder))? {
                let whole = name.strip_suffix(NEW);
                let is_ours = match folder {
                    // One that is whole, or on the way; of roots and timestamps only what is on the way.
                    METADATA => is_page(whole.unwrap_or(&name), whole.is_some()),
                    _ => is_target(whole.unwrap_or(&name)),
                };
                lying.push((format!("{folder}/{name}"), is_ours));
            }
        }
        Ok(lying)
    }
}

fn is_page(name: &str, is_on_the_way: bool) -> bool {
    let roles: &[Role] = match is_on_the_way {
        true => &Role::ALL,
        false => &[Role::Targets, Role::Snapshot],
    };
    let version = name
        .split('.')
        .next()
        .and_then(|number| number.parse().ok());
    let version = version.unwrap_or(NonZeroU64::MIN);
    let path = format!("{METADATA}/{name}");
    roles
        .iter()
        .any(|role| metadata_path(*role, version) == path)
}

fn is_target(name: &str) -> bool {
    let parts = name.split_once('.');
    parts.is_some_and(|(sha256, name)| {
        sha256.parse::<Sha256>().is_ok() && name.parse::<TargetName>().is_ok()
    })
}
