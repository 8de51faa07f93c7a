//! What cannot wait for the next snapshot.

use std::collections::BTreeSet;

use crate::limits::Resource;
use crate::sign::SuspensionList;
use crate::snapshot::Snapshot;
use crate::tuf::SUSPENSION_LIST;

use super::state::read_if_any;
use super::{Repository, RepositoryError};

impl Repository {
    /// The bytes of the list of suspensions that is handed out, if there is one: to be [read](SuspensionList::read) together with those of others.
    ///
    /// # Errors
    /// [`RepositoryError`]: it is too long, or cannot be read.
    pub fn suspensions(&self) -> Result<Option<Vec<u8>>, RepositoryError> {
        let path = self.dir.join(SUSPENSION_LIST);
        read_if_any(&path, Resource::SuspensionListBytes, &self.limits)
    }

    /// Replaces the list of suspensions in one step. It has to hold every statement that is handed out already and is good by the speakers for whom it was
    /// read; what their snapshot has settled may go, and so may what is signed by a key or for an authority that no longer counts there.
    ///
    /// Once something is published, these have to be the speakers of the newest published snapshot: by those of one that is still to come,
    /// statements would be settled on which platforms rely.
    ///
    /// # Errors
    /// [`RepositoryError::OtherSpeakers`], [`RepositoryError::TakesAway`]; what is there cannot be read, is of another register, or cannot be replaced. The
    /// old list stays.
    ///
    /// # Cost
    /// A verification for each line of both; that of [`Repository::newest`].
    pub fn write_suspensions(&mut self, list: &SuspensionList) -> Result<(), RepositoryError> {
        let _lock = self.lock()?;
        if self.published().is_some() {
            check_speakers(list, &self.newest()?)?;
        }
        let bytes = list.to_bytes();
        if let Some(there) = self.suspensions()? {
            let lost = self.lost(&there, &bytes, list)?;
            if lost > 0 {
                return Err(RepositoryError::TakesAway(lost));
            }
            if there == bytes {
                return Ok(());
            }
        }
        self.write(SUSPENSION_LIST, &bytes)
    }

    /// How many good statements that are there are not in the list: so many more there are in the union.
    fn lost(
        &self,
        there: &[u8],
        bytes: &[u8],
        list: &SuspensionList,
    ) -> Result<usize, RepositoryError> {
        let speakers: Vec<_> = list.speakers().cloned().collect();
        let register = list.register();
        let read = SuspensionList::read(register, &speakers, [there, bytes], &self.limits)?;
        let path = self.dir.join(SUSPENSION_LIST);
        for file in read.files {
            file.map_err(|source| RepositoryError::SuspensionFile {
                path: path.clone(),
                source,
            })?;
        }
        Ok(read.list.len().saturating_sub(list.len()))
    }
}

/// Whether the list was read for the logs that go on behind this snapshot, for all of them and from there on.
fn check_speakers(list: &SuspensionList, snapshot: &Snapshot) -> Result<(), RepositoryError> {
    let of_list = list.speakers().map(|one| {
        let key = one.key.to_bytes();
        (&one.authority, one.log.to_bytes(), one.from, key)
    });
    let of_snapshot = snapshot.logs().iter().filter_map(|log| {
        let from = log.begins.saturating_add(log.size);
        Some((&log.authority, log.name, from, log.key?))
    });
    let (of_list, of_snapshot): (BTreeSet<_>, BTreeSet<_>) =
        (of_list.collect(), of_snapshot.collect());
    match of_list.symmetric_difference(&of_snapshot).next() {
        None => Ok(()),
        Some((authority, ..)) => Err(RepositoryError::OtherSpeakers {
            authority: (*authority).clone(),
            snapshot: snapshot.sequence(),
        }),
    }
}
