//! Changing what is installed.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::baseline::EntryId;
use crate::snapshot::{Delta, Id, Snapshot};

use super::files::{Files, System};
use super::{
    CURRENT, Edition, Folder, FolderError, LOCK, Pointer, SNAPSHOTS, SUSPENSIONS, Suspender,
    Suspensions, Switched, at,
};

/// How long another one's lock is waited for.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 10 });

/// What an installation did.
#[derive(Debug)]
#[non_exhaustive]
pub struct Installed {
    /// What is installed now, opened anew from the disk.
    pub edition: Edition,
    /// What was installed before.
    pub before: Option<Id>,
    /// Entries of one's own lists that were off under another id, and stay off: an entry of a list that has other rows has another id, and is known by its title.
    pub carried: Vec<EntryId>,
    /// Suspended entries that the snapshot before had, and this one has not: should they come back, they are still off.
    pub gone: Vec<EntryId>,
}

impl Folder {
    /// Installs a snapshot: on the disk first, checked there, then visible, to all who follow the folder, in one step. Entries that are switched off stay off.
    /// The same one again only makes sure that it is there and whole.
    ///
    /// # Errors
    /// [`FolderError`]; what was installed before still is.
    ///
    /// # Cost
    /// Writing it to the disk, and opening it; where entries are switched off, opening the one before. Another installation is waited for, up to 10 s.
    pub fn install(&self, snapshot: &Snapshot) -> Result<Installed, FolderError> {
        let _lock = self.lock()?;
        let before = self.pointer_if_any()?;
        self.install_or_tidy(snapshot, before)
    }

    /// Installs what a delta makes of the installed snapshot.
    ///
    /// # Errors
    /// As [`Folder::install`]; [`FolderError::Delta`] where it was not made for the installed one.
    ///
    /// # Cost
    /// That of [`Delta::apply`], and of [`Folder::install`].
    pub fn install_delta(&self, delta: &Delta) -> Result<Installed, FolderError> {
        self.pointer()?; // where nothing is installed, nothing is made
        let _lock = self.lock()?;
        let before = self.pointer()?;
        if before.snapshot == delta.target() {
            let same = self.snapshot(&before)?;
            return self.install_or_tidy(&same, Some(before));
        }
        let bytes = delta.apply(&*self.snapshot(&before)?)?;
        let path = self.snapshot_path(delta.target());
        let opened = Snapshot::from_bytes(bytes);
        let snapshot = opened.map_err(|source| FolderError::Snapshot { path, source })?;
        self.install_or_tidy(&snapshot, Some(before))
    }

    /// Switches an entry off, in what is installed and in whatever comes, until the same one [resumes](Folder::resume) it; false where
    /// the same one has done so before. The installed snapshot need not have such an entry.
    ///
    /// # Errors
    /// [`FolderError`]; then nothing has changed.
    pub fn suspend(
        &self,
        entry: EntryId,
        by: &Suspender,
        why: Switched,
    ) -> Result<bool, FolderError> {
        self.change(|suspensions| suspensions.suspend(entry, by, why))
    }

    /// Lifts the suspension of an entry by this one; false where there is none. It stays off as long as another has suspended it.
    ///
    /// # Errors
    /// [`FolderError`]; then nothing has changed.
    pub fn resume(
        &self,
        entry: EntryId,
        by: &Suspender,
        why: Switched,
    ) -> Result<bool, FolderError> {
        self.change(|suspensions| suspensions.resume(entry, by, why))
    }

    /// Changes what is switched off in one step, however much it is; `change` says whether it has changed anything, and so does what comes back.
    ///
    /// # Errors
    /// [`FolderError`]; then nothing has changed.
    ///
    /// # Cost
    /// Reading what is switched off, and where it changes writing it; another installation is waited for, up to 10 s.
    pub fn change(
        &self,
        change: impl FnOnce(&mut Suspensions) -> bool,
    ) -> Result<bool, FolderError> {
        self.pointer()?; // where nothing is installed, nothing is made
        let _lock = self.lock()?;
        let mut pointer = self.pointer()?;
        let mut suspensions = self.suspensions(&pointer)?;
        if !change(&mut suspensions) {
            return Ok(false);
        }
        pointer.suspensions = self.put_suspensions(&suspensions)?;
        self.point(&pointer)?;
        self.tidy(Some(&pointer));
        Ok(true)
    }

    fn install_or_tidy(
        &self,
        snapshot: &Snapshot,
        before: Option<Pointer>,
    ) -> Result<Installed, FolderError> {
        let installed = self.install_after(snapshot, before);
        let visible = |error: &FolderError| matches!(error, FolderError::NotOnDisk { .. });
        if installed.as_ref().is_err_and(|error| !visible(error)) {
            // What is not installed is not left: the disk may be full.
            self.tidy(before.as_ref());
        }
        installed
    }

    fn install_after(
        &self,
        snapshot: &Snapshot,
        before: Option<Pointer>,
    ) -> Result<Installed, FolderError> {
        let (id, sequence) = (snapshot.id(), snapshot.sequence());
        if let Some(before) = before.filter(|before| before.snapshot != id) {
            let installed = before.sequence;
            if sequence < installed {
                let offered = sequence;
                return Err(FolderError::Older { offered, installed });
            }
            if sequence == installed {
                return Err(FolderError::SameNumber {
                    sequence,
                    found: id,
                    installed: before.snapshot,
                });
            }
        }
        let mut suspensions = match &before {
            Some(before) => self.suspensions(before)?,
            None => Suspensions::default(),
        };
        let (mut carried, mut gone) = (Vec::new(), Vec::new());
        if let Some(before) = before.filter(|_| !suspensions.is_empty()) {
            let older = match self.snapshot(&before) {
                Ok(older) => Some(older),
                Err(error) if error.is_for_good() => None,
                Err(error) => return Err(error),
            };
            (carried, gone) = carry(&mut suspensions, older.as_deref(), snapshot);
        }
        let mut pointer = Pointer {
            snapshot: id,
            sequence,
            suspensions: blake3::hash(&suspensions.to_bytes()),
        };
        // The same again: what lies there may be damaged, which shows when it is opened.
        let there = self.snapshot(&pointer).ok();
        let written = match there {
            Some(snapshot) => snapshot,
            None => {
                let path = self.snapshot_path(id);
                self.put(&path, snapshot.as_bytes())?;
                self.snapshot(&pointer)?
            }
        };
        pointer.suspensions = self.put_suspensions(&suspensions)?;
        if before.is_none() {
            // The folders are new, and so are their names.
            for folder in [&*self.dir, above(&self.dir)] {
                let synced = self.files.sync_folder(folder);
                synced.map_err(at(folder, NAMES))?;
            }
        }
        self.point(&pointer)?;
        self.tidy(Some(&pointer));
        Ok(Installed {
            edition: Edition::new(written, Arc::new(suspensions)),
            before: before.map(|before| before.snapshot),
            carried,
            gone,
        })
    }

    fn pointer_if_any(&self) -> Result<Option<Pointer>, FolderError> {
        match self.pointer() {
            Err(FolderError::Empty { .. }) => Ok(None),
            pointer => pointer.map(Some),
        }
    }

    /// Makes the folder if it is not there, and keeps others from changing it.
    pub(super) fn lock(&self) -> Result<File, FolderError> {
        for folder in [SNAPSHOTS, SUSPENSIONS] {
            let path = self.dir.join(folder);
            let made = self.files.make_folder(&path);
            made.map_err(at(&path, "making the folder"))?;
        }
        let path = self.dir.join(LOCK);
        let begin = Instant::now();
        loop {
            match self.files.lock(&path) {
                Ok(file) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(at(&path, "locking it")(error)),
                Err(TryLockError::WouldBlock) if begin.elapsed() < PATIENCE => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => {
                    let seconds = PATIENCE.as_secs();
                    return Err(FolderError::Busy { path, seconds });
                }
            }
        }
    }

    fn put_suspensions(&self, suspensions: &Suspensions) -> Result<blake3::Hash, FolderError> {
        let bytes = suspensions.to_bytes();
        // What could not be read again is not written.
        let read = Suspensions::from_bytes(&bytes, &self.limits);
        if let Err(source) = read {
            let path = self.dir.join(SUSPENSIONS);
            return Err(FolderError::Suspensions { path, source });
        }
        let digest = blake3::hash(&bytes);
        self.put(&self.suspensions_path(digest), &bytes)?;
        Ok(digest)
    }

    /// Makes what is named visible. Before this, nothing has changed for those who follow; after it, everything has.
    fn point(&self, pointer: &Pointer) -> Result<(), FolderError> {
        self.put_in_place(CURRENT, &pointer.to_text())
    }

    /// Replaces a file of the folder that others read. Where that much was done and may not outlive a power cut, the error says so.
    pub(super) fn put_in_place(&self, name: &str, text: &str) -> Result<(), FolderError> {
        let path = self.dir.join(name);
        match replace(&*self.files, &path, text.as_bytes(), false) {
            Err(FolderError::Io {
                path,
                doing,
                source,
            }) if doing == NAMES => Err(FolderError::NotOnDisk { path, source }),
            done => done,
        }
    }

    /// A file for good.
    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        replace(&*self.files, path, bytes, true)
    }

    /// Removes older files, but for snapshots that somebody maps, and what installations left that were killed. What cannot be removed is left for the next time.
    fn tidy(&self, pointer: Option<&Pointer>) {
        let named = |pointer: &Pointer| {
            let snapshot = self.snapshot_path(pointer.snapshot);
            [snapshot, self.suspensions_path(pointer.suspensions)]
        };
        let keep = pointer.map(named).into_iter().flatten();
        let keep: Vec<_> = keep.collect();
        for folder in [SNAPSHOTS, SUSPENSIONS] {
            for path in self.files.list(&self.dir.join(folder)).unwrap_or_default() {
                let is_used = || {
                    let file = self.files.open(&path);
                    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
                };
                if !keep.contains(&path) && !is_used() {
                    let _ = self.files.remove(&path);
                }
            }
        }
    }
}

/// What names end in that are not whole yet.
const NEW: &str = ".new";

const NAMES: &str = "bringing the names in it to the disk";

/// Writes a file in place of the one that is there, if one is: at every moment, also after a power cut, there is the old file or the new one.
///
/// # Errors
/// [`FolderError::Io`]; the old file stays, if the folder's names could be brought to the disk.
pub fn replace_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), FolderError> {
    replace(&System, path.as_ref(), bytes, false)
}

/// A whole file, brought to the disk under another name, then renamed.
fn replace(
    files: &dyn Files,
    path: &Path,
    bytes: &[u8],
    is_for_good: bool,
) -> Result<(), FolderError> {
    let mut new = path.as_os_str().to_owned();
    new.push(NEW);
    let new = Path::new(&new);
    let written = files.write(new, bytes).map_err(at(new, "writing it"));
    let ready = written.and_then(|()| {
        files
            .sync(new)
            .map_err(at(new, "bringing it to the disk"))?;
        if is_for_good {
            files.protect(new).map_err(at(new, "making it read-only"))?;
        }
        files
            .rename(new, path)
            .map_err(at(path, "renaming it into place"))
    });
    if ready.is_err() {
        let _ = files.remove(new); // as far as there is something
    }
    ready?;
    let folder = above(path);
    files.sync_folder(folder).map_err(at(folder, NAMES))
}

/// Brings the name of a new folder to the disk, and with it those of its neighbours.
///
/// # Errors
/// [`FolderError::Io`].
#[cfg(feature = "authority")]
pub(crate) fn sync_name(path: &Path) -> Result<(), FolderError> {
    let folder = above(path);
    System.sync_folder(folder).map_err(at(folder, NAMES))
}

/// The folder that something is in.
pub(crate) fn above(path: &Path) -> &Path {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    above.unwrap_or(Path::new("."))
}

/// Keeps off what was off: entries of one's own lists of which the rows have changed have other ids. Which were carried over so, and which are gone.
fn carry(
    suspensions: &mut Suspensions,
    older: Option<&Snapshot>,
    newer: &Snapshot,
) -> (Vec<EntryId>, Vec<EntryId>) {
    let title = |entry: EntryId| {
        let (older, number) = (older?, older?.find(entry)?);
        older.is_of_a_list(number).then(|| older.title(number))
    };
    let lost = suspensions.iter().filter(|(entry, ..)| {
        let was_there = older.is_none_or(|older| older.find(*entry).is_some());
        was_there && newer.find(*entry).is_none()
    });
    let lost = lost.map(|(entry, by, why)| (entry, by.clone(), why.clone()));
    let lost: Vec<_> = lost.collect();
    if lost.is_empty() {
        return Default::default();
    }
    let mut titled: HashMap<&str, Vec<EntryId>> = HashMap::new();
    for number in (0..newer.entries()).filter(|number| newer.is_of_a_list(*number)) {
        // What was there before under its id is another entry, of the same title.
        let is_new = |id: &EntryId| older.is_none_or(|older| older.find(*id).is_none());
        let of_title = titled.entry(newer.title(number)).or_default();
        of_title.extend(newer.entry_id(number).filter(is_new));
    }
    let (mut carried, mut gone) = (BTreeSet::new(), BTreeSet::new());
    for (entry, by, why) in lost {
        match title(entry).and_then(|title| titled.get(title).map(Vec::as_slice)) {
            None | Some([]) => {
                gone.insert(entry);
            }
            Some(same) => {
                for other in same {
                    suspensions.suspend(*other, &by, why.clone());
                    carried.insert(*other);
                }
            }
        }
    }
    let [carried, gone] = [carried, gone].map(|ids| ids.into_iter().collect());
    (carried, gone)
}
