//! What is in the folder, read as a client would, and verified.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use crate::limits::{Limits, Resource};
use crate::snapshot::Snapshot;
use crate::tuf::{
    self, MetaFile, Metadata, MetadataError, Mismatch, Role, Root, Sha256, TargetFile, TargetName,
    Targets, Timestamp, Trusted, metadata_path, target_path, verify_root, verify_root_chain,
    verify_snapshot, verify_targets, verify_timestamp,
};

use super::RepositoryError;
use super::error::{at, metadata, mismatch};

/// What platforms find now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// The files, signed by states.
    pub targets: Trusted<Targets>,
    /// Says which targets.
    pub snapshot: Trusted<tuf::Snapshot>,
    /// Says which snapshot.
    pub timestamp: Trusted<Timestamp>,
    /// The roles whose signatures count by an older root and no longer by the newest: platforms that have that refuse them until they are signed
    /// anew.
    pub not_by_newest_root: Vec<Role>,
}

/// All roots in turn, and what is published.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) roots: Vec<Trusted<Root>>,
    pub(super) published: Option<Published>,
}

impl State {
    pub(super) fn read(dir: &Path, limits: &Limits) -> Result<Self, RepositoryError> {
        let folder = dir.join(METADATA);
        if !folder.is_dir() {
            let dir = dir.to_owned();
            return Err(RepositoryError::NotARepository { dir });
        }
        let roots = roots(dir, limits)?;
        let published = published(dir, &roots, limits)?;
        Ok(Self { roots, published })
    }

    /// Which roles of what is published this root does not let count.
    pub(super) fn not_by(&self, root: &Trusted<Root>, limits: &Limits) -> Vec<Role> {
        let Some(published) = &self.published else {
            return Vec::new();
        };
        let (list, page) = (published.targets.file(), published.snapshot.file());
        let newest = published.timestamp.file();
        let judged = [
            (Role::Targets, verify_targets(root, list, limits).is_ok()),
            (Role::Snapshot, verify_snapshot(root, page, limits).is_ok()),
            (
                Role::Timestamp,
                verify_timestamp(root, newest, limits).is_ok(),
            ),
        ];
        let refused = judged.into_iter().filter(|(_, counts)| !counts);
        refused.map(|(role, _)| role).collect()
    }
}

/// From the first root to the newest, each verified by the one before.
fn roots(dir: &Path, limits: &Limits) -> Result<Vec<Trusted<Root>>, RepositoryError> {
    let mut roots: Vec<Trusted<Root>> = Vec::new();
    let mut version = NonZeroU64::MIN;
    loop {
        let path = dir.join(metadata_path(Role::Root, version));
        let Some(bytes) = read_if_any(&path, Resource::RootMetadataBytes, limits)? else {
            // Clients stop at the first that is not there, so what stands behind a gap is lost to them.
            return match versions(dir, Role::Root)?.last() {
                Some(last) if *last > version => Err(RepositoryError::Lost { path }),
                _ => Ok(roots),
            };
        };
        let root = match roots.last() {
            None => verify_root(&bytes, limits),
            Some(before) => verify_root_chain(before, &bytes, limits),
        };
        let root = root.map_err(metadata(&path))?;
        let (said, found) = (version, root.version());
        if said != found {
            return Err(mismatch(&path)(Mismatch::Version { said, found }));
        }
        roots.push(root);
        let next = version.checked_add(1);
        version = next.ok_or(RepositoryError::Versions(Role::Root))?;
    }
}

fn published(
    dir: &Path,
    roots: &[Trusted<Root>],
    limits: &Limits,
) -> Result<Option<Published>, RepositoryError> {
    let path = dir.join(metadata_path(Role::Timestamp, NonZeroU64::MIN));
    let Some(bytes) = read_if_any(&path, Resource::TimestampMetadataBytes, limits)? else {
        // A first publication that was interrupted leaves first versions; a second one says that there was a timestamp.
        for role in [Role::Targets, Role::Snapshot] {
            let last = versions(dir, role)?.pop_last();
            if last.is_some_and(|last| last > NonZeroU64::MIN) {
                return Err(RepositoryError::Lost { path });
            }
        }
        return Ok(None);
    };
    let mut old = Vec::new();
    let mut by_newest = |role, counts: bool| {
        if !counts {
            old.push(role);
        }
    };
    let (timestamp, counts) = by_a_root(roots, |root| verify_timestamp(root, &bytes, limits))
        .map_err(|why| at_root(dir, &path, why))?;
    by_newest(Role::Timestamp, counts);

    let named = timestamp.snapshot;
    let what = Resource::SnapshotMetadataBytes;
    let (path, bytes) = named_file(dir, Role::Snapshot, &named, what, limits)?;
    let (snapshot, counts) = by_a_root(roots, |root| verify_snapshot(root, &bytes, limits))
        .map_err(|why| at_root(dir, &path, why))?;
    let is_it = named.check_version(&*snapshot);
    is_it.map_err(mismatch(&path))?;
    by_newest(Role::Snapshot, counts);

    let named = snapshot.targets;
    let what = Resource::TargetsMetadataBytes;
    let (path, bytes) = named_file(dir, Role::Targets, &named, what, limits)?;
    let (targets, counts) = by_a_root(roots, |root| verify_targets(root, &bytes, limits))
        .map_err(|why| at_root(dir, &path, why))?;
    let is_it = named.check_version(&*targets);
    is_it.map_err(mismatch(&path))?;
    by_newest(Role::Targets, counts);

    for (name, file) in targets.files() {
        check_length(dir, name, file)?;
    }
    old.sort_unstable();
    Ok(Some(Published {
        targets,
        snapshot,
        timestamp,
        not_by_newest_root: old,
    }))
}

/// By the newest root, and else by the newest of those before: what was signed before a change of keys is not damaged. Also whether it was the newest.
fn by_a_root<T>(
    roots: &[Trusted<Root>],
    verify: impl Fn(&Trusted<Root>) -> Result<Trusted<T>, MetadataError>,
) -> Result<(Trusted<T>, bool), Option<MetadataError>> {
    let mut first = None;
    for root in roots.iter().rev() {
        match verify(root) {
            Ok(read) => return Ok((read, first.is_none())),
            Err(why) => first = first.or(Some(why)),
        }
    }
    Err(first)
}

fn at_root(dir: &Path, path: &Path, why: Option<MetadataError>) -> RepositoryError {
    match why {
        Some(why) => metadata(path)(why),
        // Something is published, and there is no root at all.
        None => RepositoryError::Lost {
            path: dir.join(metadata_path(Role::Root, NonZeroU64::MIN)),
        },
    }
}

fn named_file(
    dir: &Path,
    role: Role,
    named: &MetaFile,
    what: Resource,
    limits: &Limits,
) -> Result<(PathBuf, Vec<u8>), RepositoryError> {
    let path = dir.join(metadata_path(role, named.version));
    match read_if_any(&path, what, limits)? {
        None => Err(RepositoryError::Lost { path }),
        Some(bytes) => {
            named.check(&bytes).map_err(mismatch(&path))?;
            Ok((path, bytes))
        }
    }
}

/// Whether a target is there with its length. Its bytes are not read: there may be gigabytes.
pub(super) fn check_length(
    dir: &Path,
    name: &TargetName,
    file: &TargetFile,
) -> Result<(), RepositoryError> {
    let path = dir.join(target_path(name, &file.sha256));
    let found = match fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(RepositoryError::Lost { path });
        }
        found => found.map_err(at(&path, "looking at it"))?.len(),
    };
    let said = file.length;
    if found == said {
        Ok(())
    } else {
        Err(mismatch(&path)(Mismatch::Length { said, found }))
    }
}

/// The bytes of a target, which are those that metadata names.
pub(super) fn target(
    dir: &Path,
    name: &TargetName,
    file: &TargetFile,
    limits: &Limits,
) -> Result<Vec<u8>, RepositoryError> {
    check_length(dir, name, file)?;
    let path = dir.join(target_path(name, &file.sha256));
    let read = read_if_any(&path, Resource::SnapshotBytes, limits)?;
    let bytes = read.ok_or_else(|| RepositoryError::Lost { path: path.clone() })?;
    if Sha256::of(&bytes) == file.sha256 {
        Ok(bytes)
    } else {
        Err(mismatch(&path)(Mismatch::Sha256))
    }
}

/// A published snapshot, as a whole.
pub(super) fn whole(
    dir: &Path,
    name: &TargetName,
    file: &TargetFile,
    limits: &Limits,
) -> Result<Snapshot, RepositoryError> {
    let opened = Snapshot::from_bytes(target(dir, name, file, limits)?);
    opened.map_err(|source| RepositoryError::Snapshot {
        path: dir.join(target_path(name, &file.sha256)),
        source,
    })
}

/// A file, if there is one and it is not too long.
pub(super) fn read_if_any(
    path: &Path,
    what: Resource,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, RepositoryError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(at(path, "opening it"))?,
    };
    let length = file.metadata().map_err(at(path, "looking at it"))?.len();
    limits
        .check(what, length)
        .map_err(|source| RepositoryError::Limit {
            path: path.to_owned(),
            source,
        })?;
    let mut bytes = Vec::new();
    let read = file.take(length).read_to_end(&mut bytes);
    read.map_err(at(path, "reading it"))?;
    Ok(Some(bytes))
}

/// The versions of a role that lie there, named by metadata or not.
pub(super) fn versions(dir: &Path, role: Role) -> Result<BTreeSet<NonZeroU64>, RepositoryError> {
    let names = names(&dir.join(METADATA))?;
    let version = |name: &String| {
        let version = name.split('.').next()?.parse().ok()?;
        (*name == file_name(role, version)).then_some(version)
    };
    Ok(names.iter().filter_map(version).collect())
}

/// The name of a file of metadata without its folder.
fn file_name(role: Role, version: NonZeroU64) -> String {
    let path = metadata_path(role, version);
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The names of the files in a folder that are text, in their order.
pub(super) fn names(folder: &Path) -> Result<BTreeSet<String>, RepositoryError> {
    let list = || -> io::Result<BTreeSet<String>> {
        let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().into_string().ok()));
        let names: io::Result<Vec<_>> = names.collect();
        Ok(names?.into_iter().flatten().collect())
    };
    list().map_err(at(folder, "listing it"))
}

/// The folder of metadata, and that of targets.
pub(super) const METADATA: &str = "metadata";
pub(super) const TARGETS: &str = "targets";
