//! A repository in a folder, made by hand, so that it can be made wrong.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::sign::{ConsistencyList, GenesisId, Signature, Signer, SigningKey, Statement};
use ijkpunt::snapshot::{Delta, Snapshot};
use ijkpunt::sync::{Client, FolderTransport, Freshness, Report, Settings, SyncError, Transport};
use ijkpunt::tuf::{
    self, CONSISTENCY_LIST, Content, Leap, MetaFile, Role, Root, RootTerms, SUSPENSION_LIST,
    Sha256, StateTerms, TargetFile, TargetName, Targets, Timestamp, Trusted, metadata_path,
    target_path, verify_root,
};

pub(crate) use super::drawn::*;
pub(crate) use super::naive::{Check, Naive};

pub(crate) const REGISTER: GenesisId = GenesisId::from_bytes([7; 32]);

/// The publisher's key.
pub(crate) const PUBLISHER: u8 = 100;

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

pub(crate) fn version(number: u64) -> NonZeroU64 {
    NonZeroU64::new(number).unwrap()
}

pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

pub(crate) fn now() -> Time {
    time("2026-11-22T10:00:00Z")
}

pub(crate) fn later(days: u32) -> Time {
    now().plus_days(days).unwrap()
}

/// The states of these keys: key 1 is that of XA, and so on; two of them decide.
pub(crate) fn terms(number: u64, states: &[u8], publisher: u8) -> RootTerms {
    let letters = |number: u8| format!("X{}", char::from(b'A' + number - 1));
    let keys = states.iter().map(|number| {
        let state = letters(*number).parse().unwrap();
        (state, key(*number).public_key())
    });
    let two = StateTerms {
        threshold: 2,
        keys: keys.collect(),
    };
    RootTerms {
        version: version(number),
        expires: later(1000),
        root: two.clone(),
        targets: two,
        snapshot: vec![key(publisher).public_key()],
        timestamp: vec![key(publisher).public_key()],
    }
}

/// A file of metadata with these signatures, right or wrong.
pub(crate) fn file(content: &Content, signatures: &[(Sha256, Signature)]) -> Vec<u8> {
    let signed: serde_json::Value = serde_json::from_slice(&content.signed_bytes()).unwrap();
    let written = signatures
        .iter()
        .map(|(id, one)| serde_json::json!({"keyid": id.to_string(), "sig": one.to_string()}));
    let written: Vec<_> = written.collect();
    serde_json::to_vec(&serde_json::json!({"signed": signed, "signatures": written})).unwrap()
}

/// A file with the signatures of these keys, as far as a root knows them.
pub(crate) fn signed(content: impl Into<Content>, roots: &[&Root], keys: &[u8]) -> Vec<u8> {
    let content = content.into();
    let message = content.signed_bytes();
    let mut signatures = BTreeMap::new();
    for number in keys {
        let key = key(*number);
        let ids = roots
            .iter()
            .filter_map(|root| root.key_id(content.role(), &key.public_key()));
        for id in ids {
            signatures.insert(id, key.sign(&message).unwrap());
        }
    }
    file(&content, &signatures.into_iter().collect::<Vec<_>>())
}

/// Versions, times and keys of what is published; all of them can be wrong.
#[derive(Clone)]
pub(crate) struct Release {
    pub(crate) timestamp: u64,
    pub(crate) snapshot: u64,
    pub(crate) targets: u64,
    pub(crate) timestamp_expires: Time,
    pub(crate) snapshot_expires: Time,
    pub(crate) targets_expires: Time,
    pub(crate) states: Vec<u8>,
    pub(crate) publisher: u8,
}

impl Release {
    pub(crate) fn of(number: u64) -> Self {
        Self {
            timestamp: number,
            snapshot: number,
            targets: number,
            timestamp_expires: later(7),
            snapshot_expires: later(30),
            targets_expires: later(90),
            states: vec![1, 2],
            publisher: PUBLISHER,
        }
    }
}

/// A folder of a test's own.
pub(crate) struct World {
    pub(crate) dir: PathBuf,
    pub(crate) root: Trusted<Root>,
    pub(crate) first_root: Vec<u8>,
}

impl World {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ijkpunt-sync-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&dir);
        let root = Root::new(terms(1, &[1, 2, 3], PUBLISHER)).unwrap();
        let bytes = signed(root.clone(), &[&root], &[1, 2]);
        let world = Self {
            dir,
            root: verify_root(&bytes, &Limits::default()).unwrap(),
            first_root: bytes,
        };
        world.put(
            "m",
            &metadata_path(Role::Root, version(1)),
            &world.first_root,
        );
        world
    }

    /// A world in which snapshot 1 was published on the mirror `m`.
    pub(crate) fn begun() -> Self {
        let world = Self::new();
        world.publish("m", &Release::of(1), &[&usual(1)]);
        world
    }

    pub(crate) fn path(&self, mirror: &str) -> PathBuf {
        self.dir.join(mirror)
    }

    pub(crate) fn put(&self, mirror: &str, path: &str, bytes: &[u8]) {
        let path = self.path(mirror).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn copy(&self, from: &str, to: &str) {
        for folder in ["metadata", "targets", ""] {
            let Ok(files) = fs::read_dir(self.path(from).join(folder)) else {
                continue;
            };
            for file in files {
                let file = file.unwrap().path();
                if file.is_file() {
                    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
                    let name = Path::new(folder).join(name);
                    self.put(to, name.to_str().unwrap(), &fs::read(&file).unwrap());
                }
            }
        }
    }

    /// The next root, signed by these.
    pub(crate) fn rotate(&mut self, mirror: &str, terms: RootTerms, keys: &[u8]) {
        let root = Root::new(terms).unwrap();
        let bytes = signed(root.clone(), &[&self.root, &root], keys);
        self.put(
            mirror,
            &metadata_path(Role::Root, root_version(&root)),
            &bytes,
        );
        self.root = verify_root(&bytes, &Limits::default()).unwrap();
    }

    /// The whole of the last of these, and deltas from each to the next; and beside them what shows that its logs have grown.
    pub(crate) fn files(
        &self,
        mirror: &str,
        snapshots: &[&Snapshot],
    ) -> BTreeMap<TargetName, TargetFile> {
        let mut files = BTreeMap::new();
        let mut add = |name: TargetName, bytes: &[u8], leap| {
            let (length, sha256) = (bytes.len() as u64, Sha256::of(bytes));
            self.put(mirror, &target_path(&name, &sha256), bytes);
            let file = TargetFile {
                length,
                sha256,
                leap,
            };
            files.insert(name, file);
        };
        for two in snapshots.windows(2) {
            let (from, to) = (two[0].as_bytes(), two[1].as_bytes());
            let leap = Leap {
                from_sha256: Sha256::of(from),
                sha256: Sha256::of(to),
                length: to.len() as u64,
            };
            let name = TargetName::delta(two[0].sequence(), two[1].sequence()).unwrap();
            let delta = Delta::between(two[0], two[1]).unwrap();
            add(name, &delta.to_bytes(), Some(leap));
        }
        let last = snapshots.last().unwrap();
        let name = TargetName::full(last.sequence()).unwrap();
        add(name, last.as_bytes(), None);
        self.proofs(mirror, &grown(last));
        files
    }

    /// Adds to the list of consistency proofs.
    pub(crate) fn proofs(&self, mirror: &str, more: &ConsistencyList) {
        let there = fs::read(self.path(mirror).join(CONSISTENCY_LIST));
        let there = there.map(|bytes| ConsistencyList::read(&bytes, &Limits::default()));
        let mut list = there.map_or_else(|_| ConsistencyList::default(), |read| read.unwrap().list);
        list.union(more.clone());
        self.put(mirror, CONSISTENCY_LIST, &list.to_bytes());
    }

    pub(crate) fn publish(&self, mirror: &str, release: &Release, snapshots: &[&Snapshot]) {
        self.publish_files(mirror, release, self.files(mirror, snapshots));
    }

    pub(crate) fn publish_files(
        &self,
        mirror: &str,
        release: &Release,
        files: BTreeMap<TargetName, TargetFile>,
    ) {
        let targets = Targets::new(version(release.targets), release.targets_expires, files);
        let targets = signed(targets.unwrap(), &[&self.root], &release.states);
        self.publish_targets(mirror, release, &targets);
    }

    /// Pages that lead to these bytes, whatever they are.
    pub(crate) fn publish_targets(&self, mirror: &str, release: &Release, targets: &[u8]) {
        let publisher = [release.publisher];
        self.put(
            mirror,
            &metadata_path(Role::Targets, version(release.targets)),
            targets,
        );
        let page = tuf::Snapshot {
            version: version(release.snapshot),
            expires: release.snapshot_expires,
            targets: MetaFile::of(version(release.targets), targets),
        };
        let page = signed_page(Content::Snapshot(page), &self.root, &publisher);
        self.put(
            mirror,
            &metadata_path(Role::Snapshot, version(release.snapshot)),
            &page,
        );
        let newest = Timestamp {
            version: version(release.timestamp),
            expires: release.timestamp_expires,
            snapshot: MetaFile::of(version(release.snapshot), &page),
        };
        let newest = signed_page(Content::Timestamp(newest), &self.root, &publisher);
        self.put(mirror, "metadata/timestamp.json", &newest);
    }

    pub(crate) fn suspensions(&self, mirror: &str, lines: &[(Statement, u8)]) {
        self.put(mirror, SUSPENSION_LIST, &list(lines));
    }

    /// A client of the folder `c` and these mirrors.
    pub(crate) fn client(&self, mirrors: &[&str]) -> Client {
        self.client_in("c", mirrors)
    }

    pub(crate) fn client_in(&self, folder: &str, mirrors: &[&str]) -> Client {
        let of =
            |name: &&str| -> Box<dyn Transport> { Box::new(FolderTransport::at(self.path(name))) };
        self.client_of(folder, mirrors.iter().map(of).collect())
    }

    pub(crate) fn client_of(&self, folder: &str, mirrors: Vec<Box<dyn Transport>>) -> Client {
        let settings = Settings::new(REGISTER);
        Client::new(self.path(folder), mirrors, &self.first_root, settings).unwrap()
    }

    /// A naive client that has seen what the mirror `m` has now.
    pub(crate) fn naive(&self) -> Naive {
        let mut naive = Naive::new(self);
        naive.follows(&["m"], now());
        naive
    }

    /// A round over the mirror `m`.
    pub(crate) fn round(&self) -> Report {
        self.client(&["m"]).once(now()).unwrap()
    }

    /// What a client sees that has seen nothing before.
    pub(crate) fn newcomer(&self, mirrors: &[&str]) -> Result<Report, SyncError> {
        let _ = fs::remove_dir_all(self.path("newcomer"));
        self.client_in("newcomer", mirrors).once(now())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn root_version(root: &Root) -> NonZeroU64 {
    tuf::Metadata::version(root)
}

/// The publisher's page; whoever has no key of the role signs as its id would be.
fn signed_page(content: Content, root: &Root, keys: &[u8]) -> Vec<u8> {
    signed(content, &[root], keys)
}

pub(crate) fn is_fresh(report: &Report) -> bool {
    matches!(report.freshness, Freshness::Fresh { .. })
}

/// All troubles, as people read them.
pub(crate) fn told(report: &Report) -> String {
    let all: Vec<String> = report.troubles.iter().map(ToString::to_string).collect();
    all.join("\n")
}

/// What was installed stays, and it is said that it may be old, with this reason.
pub(crate) fn stays(report: &Report, sequence: u64, why: &str) {
    assert_eq!(report.installed.sequence, sequence);
    assert!(!is_fresh(report));
    assert!(report.update.is_none());
    let told = told(report);
    assert!(told.contains(why), "{told}");
}
