//! A platform's own list, which changes while it is asked.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use crate::baseline::{List, ListError, NewRow};
use crate::limits::Limits;

use super::version::Version;

/// A list that can be added to, replaced and read anew while a [`Screener`](super::Screener) asks it.
///
/// A clone is the same list: give one to the screener and keep one. Every change makes a new version and swaps it in
/// whole: an upload that is being screened goes on with the version that it began with, the next one gets the new one.
/// Asking takes no lock; those who change wait for each other.
///
/// ```
/// use ijkpunt::baseline::{List, NewRow};
/// use ijkpunt::hash::Pdq;
/// use ijkpunt::screen::{OwnList, Screener, Surface};
///
/// let own = OwnList::new(List::from_rows([])?);
/// let screener = Screener::builder()
///     .list("own", own.clone())
///     .surface(Surface::Public)
///     .build()?;
/// own.add([NewRow::new("decision-17", Pdq::from_bytes([7; 32]))])?;
/// assert_eq!(screener.lists()[0].entries, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct OwnList {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    current: ArcSwap<Version>,
    /// Held while a new version is made, never while one is asked.
    changes: Mutex<Changes>,
}

/// What outlives a version.
#[derive(Debug, Default)]
struct Changes {
    off: HashSet<Box<str>>,
    file: Option<(PathBuf, Limits)>,
}

impl OwnList {
    /// Begins with this list.
    #[must_use]
    pub fn new(list: List) -> Self {
        Self {
            shared: Arc::new(Shared {
                current: ArcSwap::from_pointee(Version::new(list)),
                changes: Mutex::default(),
            }),
        }
    }

    /// Begins with the list in a file, which [`OwnList::reload`] reads again.
    ///
    /// # Errors
    /// As [`List::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ListError> {
        Self::open_within(path, &Limits::default())
    }

    /// As [`OwnList::open`], within `limits`, now and at each reload.
    ///
    /// # Errors
    /// As [`List::open`].
    pub fn open_within(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, ListError> {
        let path = path.as_ref();
        let own = Self::new(List::open_within(path, limits)?);
        own.changes().file = Some((path.to_owned(), limits.clone()));
        Ok(own)
    }

    /// Reads the file again and swaps what it holds in. Without a file, nothing happens.
    ///
    /// # Errors
    /// As [`List::open`]; the version that was there stays.
    pub fn reload(&self) -> Result<(), ListError> {
        let changes = self.changes();
        if let Some((path, limits)) = &changes.file {
            let list = List::open_within(path, limits)?;
            self.swap(&Version::new(list), &changes);
        }
        Ok(())
    }

    /// Swaps another list in.
    pub fn replace(&self, list: List) {
        let version = Version::new(list);
        self.swap(&version, &self.changes());
    }

    /// Adds rows: to entries that are there, or as new ones. The file, if there is one, is not changed.
    ///
    /// # Errors
    /// As [`List::from_rows`]; nothing is added then.
    ///
    /// # Cost
    /// Linear in the whole list, since it makes a new version: add many rows at once.
    pub fn add(&self, rows: impl IntoIterator<Item = NewRow>) -> Result<(), ListError> {
        let changes = self.changes();
        let current = self.version();
        let known = current.list().into_iter().flat_map(List::to_rows);
        let list = List::from_rows(known.chain(rows))?;
        self.swap(&Version::new(list), &changes);
        Ok(())
    }

    /// Switches an entry off: it is not found any more, in this version and in later ones, until it is switched on
    /// again. True where the list has such an entry now.
    #[must_use = "false: no such entry is there now"]
    pub fn switch_off(&self, id: &str) -> bool {
        let mut changes = self.changes();
        changes.off.insert(id.into());
        self.swap(&self.version(), &changes);
        self.has(id)
    }

    /// Switches an entry on again. True where it was off.
    #[must_use = "false: it was not off"]
    pub fn switch_on(&self, id: &str) -> bool {
        let mut changes = self.changes();
        let was_off = changes.off.remove(id);
        self.swap(&self.version(), &changes);
        was_off
    }

    pub(super) fn version(&self) -> Version {
        Version::clone(&self.shared.current.load())
    }

    fn has(&self, id: &str) -> bool {
        let version = self.version();
        (0..version.entries()).any(|entry| version.name(entry) == id)
    }

    /// Whoever made a version panicked: what is guarded is two plain values, whole at every moment.
    fn changes(&self) -> MutexGuard<'_, Changes> {
        let changes = self.shared.changes.lock();
        changes.unwrap_or_else(PoisonError::into_inner)
    }

    fn swap(&self, version: &Version, changes: &Changes) {
        let version = version.with_off(&changes.off);
        self.shared.current.store(Arc::new(version));
    }
}
