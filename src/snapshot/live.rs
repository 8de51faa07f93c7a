//! The snapshot that is installed now, in a process that asks it.

use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use arc_swap::{ArcSwap, ArcSwapOption};

use crate::baseline::EntryId;
use crate::limits::Limits;

use super::Snapshot;
use super::folder::{Edition, Folder, FolderError, Pointer, Suspender, Switched, Upkeep};

/// How often it is looked whether something else is installed.
const OFTEN: Duration = Duration::from_millis(500);

/// A snapshot that could not be used is tried again after this long, then after twice as long, and so on up to the other.
const AGAIN: [Duration; 2] = [OFTEN, Duration::from_secs(60)];

/// What is installed in a [`Folder`], for as long as it is followed: when another snapshot is installed there, or an entry suspended, this process, as
/// every other that follows, has it within a second. A clone is the same one.
///
/// Asking takes no lock. Whoever asks gets an [`Edition`], a snapshot with what is switched off, and keeps it as long as it wants; the next who asks may get the
/// next one. Snapshots are mapped: all processes together hold one in memory once.
///
/// What cannot be used is not: the edition that was there stays, is asked as before, and [`Live::trouble`] says why. Of a folder whose snapshot cannot be
/// used, the suspensions still take effect.
///
/// One thread looks every half second, by reading one small file; it ends with the last clone. After `fork`, only the process that forked has
/// it: follow in each process that asks.
///
/// **Leave the folder to this crate.** Its files are memory of every process that follows it: who writes into one or makes it shorter, instead of installing
/// another, lets lookups go wrong and may end the processes. They are read-only, and removing one does no harm.
#[derive(Clone)]
pub struct Live {
    shared: Arc<Shared>,
    _follower: Arc<Follower>,
}

struct Shared {
    folder: Folder,
    current: ArcSwap<Edition>,
    trouble: ArcSwapOption<String>,
    upkeep: ArcSwapOption<Upkeep>,
    /// Held while it is looked, never while it is asked.
    seen: Mutex<Seen>,
}

/// What was seen when it was looked last.
struct Seen {
    /// What the current edition is.
    pointer: Pointer,
    failed: Option<Failed>,
    /// Snapshots of editions that were replaced, but for those that nobody holds any more: to take a mapping back takes milliseconds, which are
    /// not for an upload to wait for.
    retired: Vec<Arc<Snapshot>>,
}

/// What could not be used, and when that is tried again.
struct Failed {
    pointer: Pointer,
    next: Instant,
    wait: Duration,
    /// Of the snapshot's file: one that was mended is tried at once.
    stamp: Option<(SystemTime, u64)>,
    trouble: String,
}

/// The thread, and what tells it to end by being dropped.
struct Follower(Mutex<Option<(Sender<()>, JoinHandle<()>)>>);

impl Drop for Follower {
    fn drop(&mut self) {
        let of = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some((end, thread)) = of.take() {
            drop(end);
            // It catches its panics.
            let _ = thread.join();
        }
    }
}

impl Live {
    /// Follows the folder at this path, in which something has to be installed.
    ///
    /// # Errors
    /// [`FolderError`]: nothing is, or it cannot be used; a list that is not there is never "no match".
    ///
    /// # Cost
    /// The snapshot is mapped, and checked once.
    pub fn follow(dir: impl Into<std::path::PathBuf>) -> Result<Self, FolderError> {
        Self::follow_within(dir, &Limits::default())
    }

    /// As [`Live::follow`], within `limits`, now and whenever something else is installed.
    ///
    /// # Errors
    /// As [`Live::follow`].
    pub fn follow_within(
        dir: impl Into<std::path::PathBuf>,
        limits: &Limits,
    ) -> Result<Self, FolderError> {
        Self::of(Folder::within(dir, limits))
    }

    pub(super) fn of(folder: Folder) -> Result<Self, FolderError> {
        let (pointer, edition) = folder.open_named()?;
        let shared = Arc::new(Shared {
            current: ArcSwap::from_pointee(edition),
            trouble: ArcSwapOption::empty(),
            upkeep: ArcSwapOption::from_pointee(upkeep_of(&folder)),
            seen: Mutex::new(Seen {
                pointer,
                failed: None,
                retired: Vec::new(),
            }),
            folder,
        });
        let (end, ended) = mpsc::channel();
        let looking = shared.clone();
        let begun = thread::Builder::new()
            .name("ijkpunt-follow".to_owned())
            .spawn(move || {
                while ended.recv_timeout(OFTEN) == Err(RecvTimeoutError::Timeout) {
                    let _ = looking.look(false); // it is kept, and told
                }
            });
        let thread = begun.map_err(|source| FolderError::Io {
            path: shared.folder.path().to_owned(),
            doing: "starting the thread that follows it",
            source,
        })?;
        Ok(Self {
            shared,
            _follower: Arc::new(Follower(Mutex::new(Some((end, thread))))),
        })
    }

    /// What is installed.
    #[must_use]
    pub fn current(&self) -> Arc<Edition> {
        self.shared.current.load_full()
    }

    /// Why what is installed now could not be used, if it could not: the edition before is still the current one.
    #[must_use]
    pub fn trouble(&self) -> Option<Arc<String>> {
        self.shared.trouble.load_full()
    }

    /// What the client that keeps the folder up knew last of how new the snapshot is; none where there is no client.
    #[must_use]
    pub fn upkeep(&self) -> Option<Arc<Upkeep>> {
        self.shared.upkeep.load_full()
    }

    /// Looks now, instead of within half a second.
    ///
    /// # Errors
    /// [`FolderError`]; the current edition stays.
    pub fn refresh(&self) -> Result<(), FolderError> {
        self.shared.look(true)
    }

    /// Switches an entry off, as [`Folder::suspend`]: here at once, in all other processes within a second.
    ///
    /// # Errors
    /// As [`Folder::suspend`].
    pub fn suspend(
        &self,
        entry: EntryId,
        by: &Suspender,
        why: Switched,
    ) -> Result<bool, FolderError> {
        let is_new = self.shared.folder.suspend(entry, by, why)?;
        self.has_taken_over(|edition| edition.suspensions().is_off(entry, by))?;
        Ok(is_new)
    }

    /// Lifts a suspension, as [`Folder::resume`].
    ///
    /// # Errors
    /// As [`Folder::resume`].
    pub fn resume(
        &self,
        entry: EntryId,
        by: &Suspender,
        why: Switched,
    ) -> Result<bool, FolderError> {
        let was_off = self.shared.folder.resume(entry, by, why)?;
        self.has_taken_over(|edition| !edition.suspensions().is_off(entry, by))?;
        Ok(was_off)
    }

    /// Looks now; a snapshot that cannot be used is no error here, if what is switched off has taken effect.
    fn has_taken_over(&self, is_done: impl FnOnce(&Edition) -> bool) -> Result<(), FolderError> {
        match self.refresh() {
            Err(error) if !is_done(&self.current()) => Err(error),
            _ => Ok(()),
        }
    }
}

impl Shared {
    /// Takes over what is installed. `now`: also what was tried a short while ago and could not be used.
    fn look(&self, now: bool) -> Result<(), FolderError> {
        let mut seen = self.seen();
        seen.retired
            .retain(|snapshot| Arc::strong_count(snapshot) > 1);
        // A panic in here would be a fault of this crate; to stop following because of it would be worse.
        let looked = panic::catch_unwind(AssertUnwindSafe(|| self.look_at(&mut seen, now)));
        let looked = looked.unwrap_or_else(|_| {
            Err(FolderError::Io {
                path: self.folder.path().to_owned(),
                doing: "looking at it",
                source: std::io::Error::other("internal fault"),
            })
        });
        let trouble = match &looked {
            Ok(()) => seen.failed.as_ref().map(|failed| failed.trouble.clone()),
            Err(error) => Some(error.to_string()),
        };
        self.trouble.store(trouble.map(Arc::new));
        let upkeep = upkeep_of(&self.folder);
        if self.upkeep.load().as_deref() != upkeep.as_ref() {
            self.upkeep.store(upkeep.map(Arc::new));
        }
        looked
    }

    fn look_at(&self, seen: &mut Seen, now: bool) -> Result<(), FolderError> {
        let mut pointer = self.folder.pointer()?;
        loop {
            if pointer == seen.pointer {
                seen.failed = None;
                return Ok(());
            }
            let failed = seen.failed.as_ref();
            let failed = failed.filter(|failed| failed.pointer == pointer);
            let stamp = failed.and_then(|_| self.folder.stamp(&pointer));
            let is_soon = |failed: &Failed| Instant::now() < failed.next && failed.stamp == stamp;
            if !now && failed.is_some_and(is_soon) {
                return Ok(());
            }
            let wait = failed.map_or(AGAIN[0], |failed| (2 * failed.wait).min(AGAIN[1]));
            let Err(error) = self.take_over(seen, &pointer) else {
                continue;
            };
            let then = self.folder.pointer()?;
            if then == pointer {
                seen.failed = Some(Failed {
                    stamp: self.folder.stamp(&pointer),
                    pointer,
                    next: Instant::now() + wait,
                    wait,
                    trouble: error.to_string(),
                });
                return Err(error);
            }
            pointer = then; // what it named before may be gone
        }
    }

    /// Makes current what is named. Of a snapshot that cannot be used, the suspensions are put to the one that is there.
    fn take_over(&self, seen: &mut Seen, pointer: &Pointer) -> Result<(), FolderError> {
        let current = self.current.load_full();
        let suspensions = if seen.pointer.has_suspensions_of(pointer) {
            current.suspensions().clone()
        } else {
            Arc::new(self.folder.suspensions(pointer)?)
        };
        let snapshot = if seen.pointer.has_snapshot_of(pointer) {
            Ok(current.snapshot().clone())
        } else {
            self.folder.snapshot(pointer)
        };
        let (snapshot, failed) = match snapshot {
            Ok(snapshot) => (snapshot, Ok(())),
            Err(error) => (current.snapshot().clone(), Err(error)),
        };
        if failed.is_ok() {
            seen.pointer = *pointer;
        } else {
            seen.pointer = seen.pointer.with_suspensions_of(pointer);
        }
        let is_replaced = !Arc::ptr_eq(&snapshot, current.snapshot());
        self.current
            .store(Arc::new(Edition::new(snapshot, suspensions)));
        if is_replaced {
            seen.retired.push(current.snapshot().clone());
        }
        failed
    }

    /// Whoever looked panicked: what is guarded is whole at every moment.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What cannot be read is told as what it is: then nothing is known.
fn upkeep_of(folder: &Folder) -> Option<Upkeep> {
    folder.upkeep().unwrap_or_else(|error| {
        let unknown = Upkeep::default();
        Some(unknown.with_trouble(&error.to_string()))
    })
}

/// Shows where, and what is installed.
impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("folder", &self.shared.folder.path())
            .field("current", self.current().snapshot())
            .finish_non_exhaustive()
    }
}
