//! From a plan that enough have signed to what platforms find.

use std::fs;
use std::num::NonZeroU64;

use crate::baseline::Time;
use crate::sign::Signer;
use crate::tuf::{
    Content, MetaFile, Metadata, Request, Role, SignatureFile, Snapshot, Timestamp, assemble,
    metadata_path, target_path,
};

use super::state::check_length;
use super::{Plan, Published, Repository, RepositoryError};

/// How a page of the publisher's is signed.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// By which key: one that the root names for the page.
    pub key: &'a dyn Signer,
    /// The first second at which the page counts no more.
    pub expires: Time,
}

/// What the publisher adds to the states' signatures.
#[derive(Clone, Copy)]
pub struct Publisher<'a> {
    /// For `snapshot.json`.
    pub snapshot: Page<'a>,
    /// For `timestamp.json`: short-lived, so that no mirror can hand out the past for long.
    pub timestamp: Page<'a>,
    /// The time now. What has ended is not published.
    pub now: Time,
}

/// The pages that follow from a list of files, and where they stand.
struct Pages {
    snapshot: (String, Vec<u8>),
    timestamp: (String, Vec<u8>),
}

impl Repository {
    /// Publishes what enough states have signed. Everything is put together and verified in memory first; then come the files, the list of them, the
    /// snapshot page, and at last, by a rename, `timestamp.json`: until then platforms find what was there before. Each file is on the disk before the next
    /// is begun. After an interruption the same call completes it, and once it is complete, the same call changes nothing.
    ///
    /// # Errors
    /// [`RepositoryError`]: too few states have signed, something has ended, a key of the publisher's is not one, the plan was made for
    /// another state of the repository, somebody else writes, or a file could not be written.
    ///
    /// # Cost
    /// Some twenty verifications, and the writing of the new files.
    pub fn publish(
        &mut self,
        plan: &Plan,
        signatures: &[SignatureFile],
        publisher: &Publisher<'_>,
    ) -> Result<&Published, RepositoryError> {
        let _lock = self.lock()?;
        let is_done = |published: &Published| *published.targets == plan.targets;
        if !self.published().is_some_and(is_done) {
            self.publish_locked(plan, signatures, publisher)?;
            self.read_again()?;
        }
        self.some_published()
    }

    fn publish_locked(
        &self,
        plan: &Plan,
        signatures: &[SignatureFile],
        publisher: &Publisher<'_>,
    ) -> Result<(), RepositoryError> {
        if self.base()? != plan.base {
            return Err(RepositoryError::Outdated);
        }
        let now = publisher.now;
        check_now(Role::Root, self.some_root()?.expires(), now)?;
        check_now(Role::Targets, plan.targets.expires(), now)?;
        let list = assemble(&plan.request(), signatures, self.root())?;
        let version = plan.targets.version();
        let pages = self.pages(MetaFile::of(version, &list), publisher)?;
        for (name, file) in plan.targets.files() {
            match plan.files.get(name) {
                Some(bytes) => self.write_target(&target_path(name, &file.sha256), bytes)?,
                None => check_length(&self.dir, name, file)?,
            }
        }
        self.write(&metadata_path(Role::Targets, version), &list)?;
        self.write_pages(&pages)
    }

    /// Signs the newest timestamp anew, with a later end.
    ///
    /// # Errors
    /// [`RepositoryError`]: nothing is published, what the timestamp would stand for has ended or counts no more by the newest root, the key is not one of
    /// the root's, or it could not be written; then the old one stays.
    ///
    /// # Cost
    /// The metadata is read again; a few verifications.
    pub fn refresh_timestamp(
        &mut self,
        page: Page<'_>,
        now: Time,
    ) -> Result<&Published, RepositoryError> {
        let _lock = self.lock()?;
        let published = self.some_published()?;
        self.check_counts(&[Role::Targets, Role::Snapshot])?;
        check_now(Role::Root, self.some_root()?.expires(), now)?;
        check_now(Role::Snapshot, published.snapshot.expires(), now)?;
        check_now(Role::Targets, published.targets.expires(), now)?;
        let (path, bytes) = self.timestamp(published.timestamp.snapshot, page, now)?;
        self.write(&path, &bytes)?;
        self.read_again()?;
        self.some_published()
    }

    /// Signs both pages of the publisher's anew: with later ends, or by the keys of a new root.
    ///
    /// # Errors
    /// As [`Repository::refresh_timestamp`].
    pub fn refresh_snapshot(
        &mut self,
        publisher: &Publisher<'_>,
    ) -> Result<&Published, RepositoryError> {
        let _lock = self.lock()?;
        let published = self.some_published()?;
        self.check_counts(&[Role::Targets])?;
        check_now(Role::Root, self.some_root()?.expires(), publisher.now)?;
        check_now(Role::Targets, published.targets.expires(), publisher.now)?;
        let pages = self.pages(published.snapshot.targets, publisher)?;
        self.write_pages(&pages)?;
        self.read_again()?;
        self.some_published()
    }

    /// What lies below a page has to count, else platforms would be led to what they refuse.
    fn check_counts(&self, roles: &[Role]) -> Result<(), RepositoryError> {
        let old = &self.some_published()?.not_by_newest_root;
        let old: Vec<Role> = old
            .iter()
            .copied()
            .filter(|role| roles.contains(role))
            .collect();
        match old.is_empty() {
            true => Ok(()),
            false => Err(RepositoryError::NotByNewestRoot(old)),
        }
    }

    fn pages(
        &self,
        targets: MetaFile,
        publisher: &Publisher<'_>,
    ) -> Result<Pages, RepositoryError> {
        let Publisher { snapshot, now, .. } = *publisher;
        let before = self
            .published()
            .map(|published| published.snapshot.version());
        let version = next(Role::Snapshot, before)?;
        let page = Snapshot {
            version,
            expires: snapshot.expires,
            targets,
        };
        let bytes = self.signed(page.into(), snapshot, now)?;
        let named = MetaFile::of(version, &bytes);
        Ok(Pages {
            snapshot: (metadata_path(Role::Snapshot, version), bytes),
            timestamp: self.timestamp(named, publisher.timestamp, now)?,
        })
    }

    fn timestamp(
        &self,
        snapshot: MetaFile,
        page: Page<'_>,
        now: Time,
    ) -> Result<(String, Vec<u8>), RepositoryError> {
        let before = self
            .published()
            .map(|published| published.timestamp.version());
        let version = next(Role::Timestamp, before)?;
        let newest = Timestamp {
            version,
            expires: page.expires,
            snapshot,
        };
        let bytes = self.signed(newest.into(), page, now)?;
        Ok((metadata_path(Role::Timestamp, version), bytes))
    }

    fn signed(
        &self,
        content: Content,
        page: Page<'_>,
        now: Time,
    ) -> Result<Vec<u8>, RepositoryError> {
        check_now(content.role(), content.expires(), now)?;
        let (request, root) = (Request::new(content), self.root());
        let signature = request.sign(page.key, root)?;
        Ok(assemble(&request, &[signature], root)?)
    }

    fn write_pages(&self, pages: &Pages) -> Result<(), RepositoryError> {
        for (path, bytes) in [&pages.snapshot, &pages.timestamp] {
            self.write(path, bytes)?;
        }
        Ok(())
    }

    /// Its name holds its digest: what was written before an interruption need not be written again.
    fn write_target(&self, path: &str, bytes: &[u8]) -> Result<(), RepositoryError> {
        match fs::read(self.dir.join(path)) {
            Ok(there) if there == bytes => Ok(()),
            _ => self.write(path, bytes),
        }
    }
}

fn next(role: Role, before: Option<NonZeroU64>) -> Result<NonZeroU64, RepositoryError> {
    let next = before.map_or(Some(NonZeroU64::MIN), |before| before.checked_add(1));
    next.ok_or(RepositoryError::Versions(role))
}

fn check_now(role: Role, expires: Time, now: Time) -> Result<(), RepositoryError> {
    match expires <= now {
        true => Err(RepositoryError::Ended { role, expires, now }),
        false => Ok(()),
    }
}
