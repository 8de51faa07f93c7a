//! What shows platforms that logs hold what they held.

use crate::limits::Resource;
use crate::sign::ConsistencyList;
use crate::tuf::CONSISTENCY_LIST;

use super::state::read_if_any;
use super::{Repository, RepositoryError};

impl Repository {
    /// The list of consistency proofs that is handed out; an empty one where there is none. Lines that are wrong are not in it.
    ///
    /// # Errors
    /// [`RepositoryError`]: it is no such list, or too long, or cannot be read.
    pub fn consistency(&self) -> Result<ConsistencyList, RepositoryError> {
        let path = self.dir.join(CONSISTENCY_LIST);
        let bytes = read_if_any(&path, Resource::ConsistencyListBytes, &self.limits)?;
        let Some(bytes) = bytes else {
            return Ok(ConsistencyList::default());
        };
        match ConsistencyList::read(&bytes, &self.limits) {
            Ok(read) => Ok(read.list),
            Err(source) => Err(RepositoryError::ConsistencyFile { path, source }),
        }
    }

    /// Adds to the list of consistency proofs, which is replaced in one step. To be done before what it shows is published: platforms install no longer log
    /// of which nobody shows that it holds what it held, and a line too many does no harm.
    ///
    /// What is there stays, for platforms that were away; only where the file would pass [`Limits`](crate::limits::Limits), the oldest beginnings of chains
    /// are [dropped](ConsistencyList::cut). A platform that has nothing newer than these has to begin anew.
    ///
    /// # Errors
    /// [`RepositoryError`]: what is there cannot be read, or cannot be replaced. The old list stays.
    ///
    /// # Cost
    /// A verification of each line that is there, some microseconds each.
    pub fn write_consistency(&mut self, list: &ConsistencyList) -> Result<(), RepositoryError> {
        let _lock = self.lock()?;
        let there = self.consistency()?;
        let mut union = there.clone();
        union.union(list.clone());
        union.cut(&self.limits);
        if union == there {
            return Ok(());
        }
        self.write(CONSISTENCY_LIST, &union.to_bytes())
    }
}
