//! What a client has seen, kept so that nobody can show it the past.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::baseline::{Authority, Time};
use crate::limits::Limits;
use crate::sign::suspensions::Accepted;
use crate::snapshot::{Id, Log, Snapshot, replace_file};
use crate::tuf::{Metadata, Role, Root, Sha256, Trusted};

use super::{Installed, SyncError};

/// How the file begins: no text, and of this version.
const MAGIC: [u8; 8] = *b"\xb7ijksy0\n";
const DIGEST: usize = 32;
const FILE: &str = "state";
const LOCK: &str = "lock";

/// The rest beside a list of suspensions: a root, logs, what was accepted.
const REST: u64 = 64 * 1024 * 1024;

/// All that has to outlive a process. It is replaced as a whole, so that no two parts of it are of different rounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    /// The bytes of the trusted root.
    pub(super) root: Vec<u8>,
    /// The highest versions that were seen and verified.
    pub(super) timestamp: Option<NonZeroU64>,
    pub(super) snapshot: Option<NonZeroU64>,
    pub(super) targets: Option<NonZeroU64>,
    /// What was found to be current by which snapshot page, and until when that counts: what is asked every half a minute is then one file.
    pub(super) settled: Option<Settled>,
    pub(super) installed: Option<Version>,
    /// What was about to be installed: whoever is killed between there and here finds it.
    pub(super) pending: Option<Version>,
    /// The list of suspensions as it was read the last time.
    pub(super) suspensions: Vec<u8>,
    pub(super) accepted: Accepted,
    /// The latest time at which metadata counted. A clock that is years ahead finds none that does, and so is not remembered.
    pub(super) latest: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settled {
    pub(super) page: Sha256,
    pub(super) until: Time,
}

/// A snapshot, with what is asked of it while it need not be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Version {
    id: [u8; 32],
    pub(super) sequence: u64,
    pub(super) sha256: Sha256,
    pub(super) entries: u64,
    pub(super) logs: Vec<Log>,
    pub(super) authorities: Vec<Authority>,
}

impl Version {
    pub(super) fn of(snapshot: &Snapshot, sha256: Sha256) -> Self {
        Self {
            id: snapshot.id().to_bytes(),
            sequence: snapshot.sequence(),
            sha256,
            entries: snapshot.entries() as u64,
            logs: snapshot.logs().to_vec(),
            authorities: snapshot.authorities().to_vec(),
        }
    }

    pub(super) fn id(&self) -> Id {
        Id::from_bytes(self.id)
    }

    pub(super) fn told(&self) -> Installed {
        Installed {
            id: self.id(),
            sequence: self.sequence,
            sha256: self.sha256,
        }
    }
}

impl State {
    /// Of a client that has seen nothing but a root.
    pub(super) fn first(root: &Trusted<Root>) -> Self {
        Self {
            root: root.file().to_vec(),
            timestamp: None,
            snapshot: None,
            targets: None,
            settled: None,
            installed: None,
            pending: None,
            suspensions: Vec::new(),
            accepted: Accepted::default(),
            latest: None,
        }
    }

    /// Takes the next root. Where a key of the publisher's was taken away, the versions that it may have signed are forgotten, so that one
    /// that a thief has driven up blocks nothing (TUF 5.3.11). What states sign is not forgotten.
    pub(super) fn take_root(&mut self, before: &Root, root: &Trusted<Root>) {
        let is_gone = |role: Role| {
            let mut keys = before.publisher_keys(role);
            keys.any(|key| root.key_id(role, &key).is_none())
        };
        if is_gone(Role::Timestamp) || is_gone(Role::Snapshot) {
            (self.timestamp, self.snapshot) = (None, None);
        }
        self.settled = None; // targets may ask for other signatures now
        self.root = root.file().to_vec();
    }

    pub(super) fn seen<T: Metadata>(&self) -> Option<NonZeroU64> {
        match T::ROLE {
            Role::Root => None,
            Role::Targets => self.targets,
            Role::Snapshot => self.snapshot,
            Role::Timestamp => self.timestamp,
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let Ok(mut bytes) = postcard::to_extend(self, MAGIC.to_vec()) else {
            unreachable!("values of this crate, which have postcard bytes");
        };
        bytes.extend(blake3::hash(&bytes).as_bytes());
        bytes
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if blake3::hash(body).as_bytes() != digest {
            return None;
        }
        match postcard::take_from_bytes(body.strip_prefix(&MAGIC)?) {
            Ok((state, [])) => Some(state),
            _ => None,
        }
    }
}

/// The folder of a client, locked: others wait outside.
#[derive(Debug)]
pub(super) struct Home {
    path: PathBuf,
    kept: Option<State>,
    _lock: File,
}

impl Home {
    /// Locks the folder, which is made if it is not there, and reads what was kept.
    pub(super) fn enter(dir: &Path, limits: &Limits) -> Result<Self, SyncError> {
        fs::create_dir_all(dir).map_err(at(dir, "making the folder"))?;
        let path = dir.join(LOCK);
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(false);
        let lock = options.open(&path).map_err(at(&path, "opening it"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(SyncError::Busy { path }),
            Err(TryLockError::Error(source)) => return Err(at(&path, "locking it")(source)),
        }
        let path = dir.join(FILE);
        let kept = read(&path, limits)?;
        let _lock = lock;
        Ok(Self { path, kept, _lock })
    }

    pub(super) fn kept(&self) -> Option<&State> {
        self.kept.as_ref()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps what is not kept yet: on the disk before this returns.
    pub(super) fn keep(&mut self, state: &State) -> Result<(), SyncError> {
        if self.kept.as_ref() != Some(state) {
            replace_file(&self.path, &state.to_bytes())?;
            self.kept = Some(state.clone());
        }
        Ok(())
    }
}

fn read(path: &Path, limits: &Limits) -> Result<Option<State>, SyncError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(at(path, "opening it"))?,
    };
    let most = limits.suspension_list_bytes.saturating_add(REST);
    let mut bytes = Vec::new();
    let read = file.take(most).read_to_end(&mut bytes);
    read.map_err(at(path, "reading it"))?;
    let path = path.to_owned();
    let state = State::of_bytes(&bytes).ok_or(SyncError::State { path })?;
    Ok(Some(state))
}

fn at(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> SyncError {
    let path = path.to_owned();
    move |source| SyncError::Io {
        path,
        doing,
        source,
    }
}
