//! A client of TUF that others wrote, in another language, follows what is published here, and refuses what it should.
#![cfg(feature = "authority")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at what it did not expect, and says what it did not try"
)]

use std::fmt::Write;
use std::fs;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::Command;

use ijkpunt::baseline::{List, Time};
use ijkpunt::publish::{Page, PlanTerms, Publisher, Repository};
use ijkpunt::sign::{Signer, SigningKey};
use ijkpunt::snapshot::{Draft, Snapshot};
use ijkpunt::tuf::{Metadata, Request, Role, RootTerms, Sha256, SignatureFile, StateTerms};

/// Names a Python interpreter that has the package `tuf`.
const PYTHON: &str = "IJKPUNT_PYTHON_TUF";

/// The publisher's keys.
const PAGE: u8 = 100;
const CLOCK: u8 = 101;

/// A key that everybody knows.
fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn now() -> Time {
    time("2026-11-22T10:00:00Z")
}

/// The other client asks the machine's clock: far enough that no test runs behind it.
fn end() -> Time {
    time("2099-01-01T00:00:00Z")
}

/// A folder that is removed at the end.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        let name = format!("other-client-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// What the other client is shown as this.
    fn keeps(&self, repository: &Repository, name: &str) -> PathBuf {
        let copy = self.0.join(name);
        for folder in ["metadata", "targets"] {
            let (from, to) = (repository.path().join(folder), copy.join(folder));
            fs::create_dir_all(&to).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
        copy
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn signed(repository: &Repository, request: &Request, keys: &[u8]) -> Vec<SignatureFile> {
    let sign = |number: &u8| request.sign(&key(*number), repository.root()).unwrap();
    keys.iter().map(sign).collect()
}

/// A root by which two of XA, XB and XC decide, by these keys, and which two have signed.
fn add_root(repository: &mut Repository, version: u64, keys: [u8; 3], by: [u8; 2]) -> Vec<Role> {
    let keys = ["XA", "XB", "XC"]
        .into_iter()
        .zip(keys)
        .map(|(state, number)| (state.parse().unwrap(), key(number).public_key()));
    let states = StateTerms {
        threshold: 2,
        keys: keys.collect(),
    };
    let request = repository.propose_root(RootTerms {
        version: NonZeroU64::new(version).unwrap(),
        expires: end(),
        root: states.clone(),
        targets: states,
        snapshot: vec![key(PAGE).public_key()],
        timestamp: vec![key(CLOCK).public_key()],
    });
    let request = request.unwrap();
    let signatures = signed(repository, &request, &by);
    repository.add_root(&request, &signatures).unwrap()
}

/// Each has the entries of the one before but one, and one more: enough of them that a delta is shorter than the whole.
fn publish(repository: &mut Repository, number: u64, by: [u8; 2]) {
    let mut rows = String::from("id,sha256\n");
    for entry in number..number + 300 {
        let digest = Sha256::of(&entry.to_le_bytes());
        writeln!(rows, "entry {entry},{digest}").unwrap();
    }
    let mut draft = Draft::new(number, now());
    draft.valid_until(end());
    draft
        .list(&List::from_bytes(rows.as_bytes()).unwrap())
        .unwrap();
    let snapshot = Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap();
    let terms = PlanTerms {
        expires: end(),
        deltas: 2,
        wholes: 2,
        older_deltas: 10,
    };
    let plan = repository.plan(&snapshot, terms).unwrap();
    let signatures = signed(repository, &plan.request(), &by);
    let keys = [key(PAGE), key(CLOCK)];
    let page = |number: usize| Page {
        key: &keys[number],
        expires: end(),
    };
    let publisher = Publisher {
        snapshot: page(0),
        timestamp: page(1),
        now: now(),
    };
    repository.publish(&plan, &signatures, &publisher).unwrap();
}

/// What the other client has to say of what is published now.
fn expected(repository: &Repository, when: &str, root: u64) -> Vec<String> {
    let published = repository.published().unwrap();
    let (timestamp, targets) = (published.timestamp.version(), published.targets.version());
    let head = format!("{when}: root {root}, timestamp {timestamp}, targets {targets}");
    let files = published.targets.files().iter().map(|(name, file)| {
        let (length, sha256) = (file.length, file.sha256);
        format!("{when}: {name}: {length} bytes, sha256 {sha256}")
    });
    let mut files: Vec<_> = files.collect();
    files.sort_unstable();
    files.insert(0, head);
    files
}

#[test]
fn a_client_of_others_walks_the_roots_fetches_what_is_listed_and_refuses_the_rest() {
    let Some(python) = std::env::var_os(PYTHON) else {
        eprintln!("skipped: {PYTHON} names no Python interpreter with the package `tuf`");
        return;
    };
    let dir = Dir::new();
    let mut repository = Repository::create(dir.0.join("repository")).unwrap();
    assert_eq!(add_root(&mut repository, 1, [1, 2, 3], [1, 2]), []);
    publish(&mut repository, 41, [1, 3]);
    let mut lines = expected(&repository, "first", 1);
    let first = dir.keeps(&repository, "first");

    // XC gets another key; what it has signed with the old one counts no more.
    let by_old = add_root(&mut repository, 2, [1, 2, 4], [1, 2]);
    assert_eq!(by_old, [Role::Targets]);
    publish(&mut repository, 42, [1, 4]);
    for when in ["moved on", "newcomer"] {
        lines.extend(expected(&repository, when, 2));
    }
    let delta = repository.published().unwrap().targets.files().keys();
    assert_eq!(delta.filter(|name| name.from() == Some(41)).count(), 1);
    let moved_on = dir.keeps(&repository, "moved-on");

    let clock = key(CLOCK);
    let page = Page {
        key: &clock,
        expires: time("2026-01-02T00:00:00Z"),
    };
    let before = time("2026-01-01T00:00:00Z");
    repository.refresh_timestamp(page, before).unwrap();
    let ended = dir.keeps(&repository, "ended");

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/other_client/client.py");
    let mut command = Command::new(python);
    let followed = command.arg(script).args([first, moved_on, ended]).output();
    let followed = followed.unwrap();
    let [told, troubles] =
        [&followed.stdout, &followed.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(followed.status.success(), "{told}\n{troubles}");
    eprintln!("{told}");
    let (refused, fetched): (Vec<_>, Vec<_>) =
        told.lines().partition(|line| line.starts_with("refused: "));
    assert_eq!(fetched, lines);
    // Changed pages by a platform that lags and a newcomer, each file, the end by these and one that is up to date, the past by that.
    assert_eq!(refused.len(), 5 * 2 + 3 + 3 + 2, "{told}");
}
