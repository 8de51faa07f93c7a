//! The client, and a round of it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::baseline::Time;
use crate::limits::Limits;
use crate::sign::GenesisId;
use crate::sign::suspensions::Bound;
use crate::snapshot::{Folder, FolderError, Upkeep};
use crate::tuf::{Metadata, Root, Trusted, verify_root};

use super::round::Round;
use super::state::{Home, State};
use super::{ClockBehind, Freshness, Report, SyncError, Transport, Why};

/// Where the snapshots are, in the client's folder.
const BASELINE: &str = "baseline";

/// What a client goes by. Change single fields of [`Settings::new`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The register whose snapshots are installed, as its authorities tell it: lists of suspensions of another one are not read.
    pub register: GenesisId,
    /// How large things may be.
    pub limits: Limits,
    /// How many entries a state can switch off within a day.
    pub bound: Bound,
    /// How long a file of metadata may take from one mirror. Default 20 s.
    pub short: Duration,
    /// How long a list of suspensions may take from one mirror. Default 60 s.
    pub list: Duration,
    /// How fast a target has to come, beside the time of a file of metadata. Default 256 KiB a second: a snapshot of 1 GiB may take 69 minutes.
    pub least_bytes_per_second: u64,
    /// How far the clock may be behind the latest time without that being told. Default 5 minutes.
    pub clock_tolerance: Duration,
}

impl Settings {
    /// The defaults, for a register.
    #[must_use]
    pub fn new(register: GenesisId) -> Self {
        Self {
            register,
            limits: Limits::default(),
            bound: Bound::default(),
            short: Duration::from_secs(20),
            list: Duration::from_secs(60),
            least_bytes_per_second: 256 * 1024,
            clock_tolerance: Duration::from_secs(5 * 60),
        }
    }
}

/// A platform's client: keeps a folder of snapshots at the newest that the states have signed. See the [module](super).
#[derive(Debug)]
pub struct Client {
    pub(super) dir: PathBuf,
    pub(super) folder: Folder,
    pub(super) mirrors: Vec<Box<dyn Transport>>,
    shipped: Trusted<Root>,
    pub(super) settings: Settings,
    /// Whether what is installed was opened once in this process.
    opened: AtomicBool,
}

impl Client {
    /// A client with a folder of its own, which need not be there yet. Nothing is read or written.
    ///
    /// `shipped_root` is the root with which the program comes, and that its people have compared. It is where trust begins: later roots are taken
    /// over mirrors, and kept. Where the program comes with a higher one than was kept, that one is taken.
    ///
    /// # Errors
    /// [`SyncError::ShippedRoot`] and [`SyncError::NoMirror`].
    pub fn new(
        dir: impl Into<PathBuf>,
        mirrors: Vec<Box<dyn Transport>>,
        shipped_root: &[u8],
        settings: Settings,
    ) -> Result<Self, SyncError> {
        if mirrors.is_empty() {
            return Err(SyncError::NoMirror);
        }
        let shipped = verify_root(shipped_root, &settings.limits);
        let dir = dir.into();
        Ok(Self {
            folder: Folder::within(dir.join(BASELINE), &settings.limits),
            dir,
            mirrors,
            shipped: shipped.map_err(SyncError::ShippedRoot)?,
            settings,
            opened: AtomicBool::new(false),
        })
    }

    /// The folder in which snapshots are installed: [`Live`](crate::snapshot::Live) and screeners follow it. Nobody else installs there; whoever wants to may
    /// suspend entries.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// One round: roots, the newest snapshot, suspensions. What cannot be had from one mirror is taken from another; what is wrong with them
    /// stands in the report, and so does that what is installed may not be the newest.
    ///
    /// # Errors
    /// [`SyncError`]: something here is not as it should be, or nothing is installed, nor could be. What was installed stays.
    ///
    /// # Cost
    /// Where nothing is new: of each mirror a question for the next root, the timestamp and the list of suspensions, and what these cost to
    /// read. The first round of a process opens what is installed. A new snapshot is in memory as a whole, and so is the one that a delta applies to, mapped.
    pub fn once(&self, now: Time) -> Result<Report, SyncError> {
        let came = self.round(now);
        let told = match &came {
            Ok(report) => self.tell(report),
            // Another process tells what it finds.
            Err(SyncError::Busy { .. }) => Ok(()),
            // Where not even this can be written, what was known ends by itself.
            Err(error) => {
                let _ = self.trouble(&error.to_string());
                Ok(())
            }
        };
        told.and(came)
    }

    /// Tells those who screen how new it is what they have.
    fn tell(&self, report: &Report) -> Result<(), SyncError> {
        match report.freshness {
            Freshness::Fresh { until } => {
                self.folder.keep_up(&Upkeep::newest_until(until))?;
                Ok(())
            }
            Freshness::Stale => self.trouble(&super::error::told(&report.troubles)),
        }
    }

    /// What was known before stays known as long as it was said to.
    fn trouble(&self, trouble: &str) -> Result<(), SyncError> {
        let before = self.folder.upkeep().ok().flatten().unwrap_or_default();
        self.folder.keep_up(&before.with_trouble(trouble))?;
        Ok(())
    }

    fn round(&self, now: Time) -> Result<Report, SyncError> {
        let mut home = Home::enter(&self.dir, &self.settings.limits)?;
        let (state, root) = self.begin(&home)?;
        home.keep(&state)?;
        let latest = state.latest.unwrap_or(now);
        let behind = latest.unix_seconds().saturating_sub(now.unix_seconds());
        let tolerated = i64::try_from(self.settings.clock_tolerance.as_secs()).unwrap_or(i64::MAX);
        let mut round = Round {
            client: self,
            home,
            state,
            root,
            now,
            troubles: Vec::new(),
            is_usable: true,
            update: None,
        };
        round.meet_folder()?;
        let until = round.bring_up_to_date()?;
        let installed = round.state.installed.as_ref().map(|one| one.told());
        let Some(installed) = installed.filter(|_| round.is_usable) else {
            let troubles = round.troubles;
            return Err(SyncError::NothingInstalled { troubles });
        };
        let suspensions = round.suspensions()?;
        Ok(Report {
            installed,
            update: round.update,
            freshness: match until.filter(|_| suspensions.heard) {
                Some(until) => Freshness::Fresh { until },
                None => Freshness::Stale,
            },
            root: round.root.version(),
            troubles: round.troubles,
            suspensions,
            clock_behind: (behind > tolerated).then_some(ClockBehind { latest, now }),
        })
    }

    /// Forgets the latest time at which metadata counted, and gives it: for a clock that was ahead. Until then, metadata that ran out in
    /// between is refused. Whoever does so says that the clock is right now.
    ///
    /// # Errors
    /// [`SyncError`]; then nothing has changed.
    pub fn forget_time(&self) -> Result<Option<Time>, SyncError> {
        let mut home = Home::enter(&self.dir, &self.settings.limits)?;
        let Some(mut state) = home.kept().cloned() else {
            return Ok(None);
        };
        let latest = state.latest.take();
        home.keep(&state)?;
        Ok(latest)
    }

    /// What was kept, or a beginning; and the root from which to go on.
    fn begin(&self, home: &Home) -> Result<(State, Trusted<Root>), SyncError> {
        let path = || home.path().to_owned();
        let Some(kept) = home.kept() else {
            // A beginning would forget what was seen, so there must not have been anything.
            if Folder::is_at(self.folder.path()) {
                return Err(SyncError::StateLost { path: path() });
            }
            return Ok((State::first(&self.shipped), self.shipped.clone()));
        };
        let mut state = kept.clone();
        let stored = verify_root(&state.root, &self.settings.limits);
        let stored = stored.map_err(|_| SyncError::State { path: path() })?;
        if self.shipped.version() > stored.version() {
            state.take_root(&stored, &self.shipped);
            return Ok((state, self.shipped.clone()));
        }
        Ok((state, stored))
    }
}

impl Round<'_> {
    /// Brings what was kept and what is installed together: somebody may have been killed between the two.
    fn meet_folder(&mut self) -> Result<(), SyncError> {
        let folder = &self.client.folder;
        let found = match folder.installed() {
            Ok((found, _)) => found,
            Err(FolderError::Empty { .. }) => {
                self.is_usable = false;
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let is_it = |one: &super::state::Version| one.id() == found;
        if !self.state.installed.as_ref().is_some_and(is_it) {
            if !self.state.pending.as_ref().is_some_and(is_it) {
                let dir = folder.path().to_owned();
                return Err(SyncError::OtherInstalled { dir, found });
            }
            self.state.installed = self.state.pending.take();
            self.home.keep(&self.state)?;
        }
        if self.client.opened.load(Ordering::Relaxed) {
            return Ok(());
        }
        match folder.open() {
            Ok(_) => self.client.opened.store(true, Ordering::Relaxed),
            Err(error @ (FolderError::Snapshot { .. } | FolderError::OtherSnapshot { .. })) => {
                self.is_usable = false;
                self.trouble(None, None, Why::Damaged(error.to_string()));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
