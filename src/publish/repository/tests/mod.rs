//! Tests of the folder, with snapshots drawn from lists; with registers in `tests/register/repository.rs`.

use std::fmt::Write;
use std::fs;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::baseline::{List, MemberState, Time};
use crate::limits::Limits;
use crate::sign::{Signer, SigningKey};
use crate::snapshot::{Delta, Draft, FolderError, Snapshot, replace_file, sync_name};
use crate::tuf::{
    Metadata, Request, Role, RootTerms, Route, Sha256, SignatureFile, SigningError, StateTerms,
    metadata_path, target_path, verify_root, verify_root_chain, verify_snapshot, verify_targets,
    verify_timestamp,
};

use super::disk::Disk;
use super::*;

mod interrupted;
mod refused;
mod roots;
mod walk;

/// A key that everybody knows.
fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

/// The publisher's keys.
const PAGE: u8 = 100;
const CLOCK: u8 = 101;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn now() -> Time {
    time("2026-11-22T10:00:00Z")
}

fn later() -> Time {
    time("2027-11-22T10:00:00Z")
}

fn version(number: u64) -> NonZeroU64 {
    NonZeroU64::new(number).unwrap()
}

fn state(number: u8) -> MemberState {
    MemberState::try_from([b'X', b'A' + number - 1]).unwrap()
}

/// Two of the states of these keys, of which key 1 is that of XA, and so on.
fn root_terms(number: u64, keys: &[(u8, u8)]) -> RootTerms {
    let keys = keys
        .iter()
        .map(|(of, by)| (state(*of), key(*by).public_key()));
    let states = StateTerms {
        threshold: 2,
        keys: keys.collect(),
    };
    RootTerms {
        version: version(number),
        expires: later(),
        root: states.clone(),
        targets: states,
        snapshot: vec![key(PAGE).public_key()],
        timestamp: vec![key(CLOCK).public_key()],
    }
}

const THREE: [(u8, u8); 3] = [(1, 1), (2, 2), (3, 3)];

/// A folder that is removed at the end.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let name = format!("ijkpunt-repository-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    /// With a root that XA and XB have signed.
    fn founded(&self) -> Repository {
        let mut repository = Repository::create(&self.0).unwrap();
        let request = repository.propose_root(root_terms(1, &THREE)).unwrap();
        let signatures = signed(&repository, &request, &[1, 2]);
        assert_eq!(repository.add_root(&request, &signatures).unwrap(), []);
        repository
    }

    /// With these snapshots, one after the other.
    fn with(&self, numbers: &[u64]) -> Repository {
        let mut repository = self.founded();
        for number in numbers {
            publish(&mut repository, *number).unwrap();
        }
        repository
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Each signer gets the request as a file, and sends one back.
fn signed(repository: &Repository, request: &Request, keys: &[u8]) -> Vec<SignatureFile> {
    let limits = Limits::default();
    let answer = |number: &u8| {
        let received = Request::read(&request.to_json(), &limits).unwrap();
        let answer = received.sign(&key(*number), repository.root()).unwrap();
        SignatureFile::read(&answer.to_json(), &limits).unwrap()
    };
    keys.iter().map(answer).collect()
}

/// Each has the entries of the one before but one, another title in one, and one more.
fn snapshot(number: u64) -> Snapshot {
    let mut rows = String::from("id,sha256,comment\n");
    for entry in number..number + 300 {
        let digest = Sha256::of(&entry.to_le_bytes());
        writeln!(rows, "entry {entry},{digest},").unwrap();
    }
    let list = List::from_bytes(rows.as_bytes()).unwrap();
    let mut draft = Draft::new(number, now());
    draft.valid_until(later());
    draft.list(&list).unwrap();
    Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap()
}

fn terms() -> PlanTerms {
    PlanTerms {
        expires: later(),
        deltas: 2,
        wholes: 2,
        older_deltas: 10,
    }
}

fn try_publish(
    repository: &mut Repository,
    plan: &Plan,
    keys: &[u8],
) -> Result<(), RepositoryError> {
    let signatures = signed(repository, &plan.request(), keys);
    let (snapshot, timestamp) = (key(PAGE), key(CLOCK));
    repository.publish(plan, &signatures, &publisher(&snapshot, &timestamp))?;
    Ok(())
}

fn publish(repository: &mut Repository, number: u64) -> Result<(), RepositoryError> {
    let plan = repository.plan(&snapshot(number), terms())?;
    try_publish(repository, &plan, &[1, 3])
}

fn publisher<'a>(snapshot: &'a SigningKey, timestamp: &'a SigningKey) -> Publisher<'a> {
    Publisher {
        snapshot: page(snapshot),
        timestamp: page(timestamp),
        now: now(),
    }
}

fn page(key: &SigningKey) -> Page<'_> {
    Page {
        key,
        expires: time("2026-11-29T10:00:00Z"),
    }
}

/// What a platform comes to that has the first root and this snapshot: it shares nothing with the code here but `tuf` and `snapshot`.
fn fetched(dir: &Path, installed: Option<&Snapshot>) -> (Route, Vec<u8>) {
    let limits = Limits::default();
    let read = |path: String| fs::read(dir.join(path));
    let meta = |role, version| read(metadata_path(role, version));
    let mut root = verify_root(&meta(Role::Root, version(1)).unwrap(), &limits).unwrap();
    while let Ok(bytes) = meta(Role::Root, version(root.version().get() + 1)) {
        root = verify_root_chain(&root, &bytes, &limits).unwrap();
    }
    let bytes = meta(Role::Timestamp, version(1)).unwrap();
    let named = verify_timestamp(&root, &bytes, &limits).unwrap().snapshot;
    let bytes = meta(Role::Snapshot, named.version).unwrap();
    named.check(&bytes).unwrap();
    let page = verify_snapshot(&root, &bytes, &limits).unwrap();
    named.check_version(&*page).unwrap();
    let bytes = meta(Role::Targets, page.targets.version).unwrap();
    page.targets.check(&bytes).unwrap();
    let targets = verify_targets(&root, &bytes, &limits).unwrap();
    page.targets.check_version(&*targets).unwrap();
    let file = |name| {
        let file = targets.files()[&name];
        let bytes = read(target_path(&name, &file.sha256)).unwrap();
        assert_eq!(
            (bytes.len() as u64, Sha256::of(&bytes)),
            (file.length, file.sha256)
        );
        bytes
    };
    let digest = installed.map_or(Sha256::of(b""), |one| Sha256::of(one.as_bytes()));
    let route = targets.route(&digest);
    let bytes = match (&route, installed) {
        (Route::Full(name), _) => file(*name),
        (Route::Current, Some(installed)) => installed.as_bytes().to_vec(),
        (Route::Deltas(names), Some(installed)) => {
            let mut at = installed.as_bytes().to_vec();
            for name in names {
                let delta = Delta::from_bytes(&file(*name)).unwrap();
                at = delta.apply(&Snapshot::from_bytes(at).unwrap()).unwrap();
            }
            at
        }
        _ => panic!("nothing installed, and a way from it"),
    };
    (route, bytes)
}

/// All files and their bytes, but for the lock.
fn files(dir: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.ends_with(LOCK) => {}
                false => {
                    let name = path.strip_prefix(dir).unwrap().to_owned();
                    found.insert(name, fs::read(path).unwrap());
                }
            }
        }
    }
    found
}
