//! Installers that are killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use ijkpunt::baseline::EntryId;
use ijkpunt::snapshot::{Edition, Folder, FolderError, Snapshot};

use super::drawn::{Random, by, id, snapshot, why};
use super::often;
use super::place::{Place, files, snapshots};
use super::started::{self, Started, none_starts};

/// The numbers of the snapshots that are drawn; the last is not installed by those who are killed.
const LAST: u64 = 5;

/// Entries that are suspended and resumed, which all snapshots have.
const SWITCHED: u64 = 12;

/// The file by which it is decided what is done.
const SEED: &str = "seed";

/// The longest time that an installer has, which is about that of an installation on a slow disk.
const MOST: Duration = Duration::from_millis(30);

fn drawn(dir: &Path, sequence: u64) -> Snapshot {
    Snapshot::read(dir.join(sequence.to_string())).unwrap()
}

/// Changes the folder without end, and tells what before and after it does it. Beside its folder lie the snapshots.
#[test]
#[ignore = "a process that another test starts, and kills"]
fn child() {
    let Some(dir) = started::dir() else { return };
    let ended = started::told_to_end();
    let folder = Folder::at(&dir);
    let beside = dir.parent().unwrap();
    let all: Vec<Snapshot> = (1..LAST).map(|k| drawn(beside, k)).collect();
    let mut state = State::of(folder.open());
    let seed = fs::read_to_string(beside.join(SEED)).unwrap();
    let mut random = Random(seed.parse().unwrap());
    while !ended.load(Ordering::Relaxed) {
        let switch = random.below(SWITCHED);
        let operation = match (state.installed, random.below(2)) {
            (0, _) => Operation::Install(1),
            (installed, 0) if installed + 1 < LAST => Operation::Install(installed + 1),
            _ if state.off.contains(&id(switch)) => Operation::Resume(switch),
            _ => Operation::Suspend(switch),
        };
        let told = operation.told();
        started::tell(&format!("begin {told}"));
        match operation {
            Operation::Install(k) => drop(folder.install(&all[k as usize - 1]).unwrap()),
            Operation::Suspend(k) => assert!(folder.suspend(id(k), &by("own"), why()).unwrap()),
            Operation::Resume(k) => assert!(folder.resume(id(k), &by("own"), why()).unwrap()),
        }
        started::tell(&format!("end {told}"));
        state = state.after(operation);
    }
}

#[derive(Clone, Copy)]
enum Operation {
    Install(u64),
    Suspend(u64),
    Resume(u64),
}

impl Operation {
    fn told(self) -> String {
        match self {
            Self::Install(k) => format!("install {k}"),
            Self::Suspend(k) => format!("suspend {k}"),
            Self::Resume(k) => format!("resume {k}"),
        }
    }

    fn heard(told: &str) -> Self {
        let (what, k) = told.split_once(' ').unwrap();
        let k = k.parse().unwrap();
        match what {
            "install" => Self::Install(k),
            "suspend" => Self::Suspend(k),
            "resume" => Self::Resume(k),
            other => panic!("{other}"),
        }
    }
}

/// What is installed, 0 for nothing, and what is off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct State {
    installed: u64,
    off: BTreeSet<EntryId>,
}

impl State {
    fn of(opened: Result<Edition, FolderError>) -> Self {
        let edition = match opened {
            Err(FolderError::Empty { .. }) => return Self::default(),
            opened => opened.unwrap(),
        };
        let off: BTreeSet<EntryId> = edition.suspensions().iter().map(|(id, ..)| id).collect();
        assert_eq!(edition.off().len(), off.len());
        let installed = edition.snapshot().sequence();
        Self { installed, off }
    }

    fn after(&self, operation: Operation) -> Self {
        let Self { installed, off } = self;
        let (mut installed, mut off) = (*installed, off.clone());
        match operation {
            Operation::Install(k) => installed = k,
            Operation::Suspend(k) => assert!(off.insert(id(k))),
            Operation::Resume(k) => assert!(off.remove(&id(k))),
        }
        Self { installed, off }
    }
}

/// How the rounds came out.
#[derive(Debug, Default)]
struct Counts {
    between: u64,
    installing_before: u64,
    installing_after: u64,
    switching_before: u64,
    switching_after: u64,
    /// Rounds that left files behind, which the next installation has to take away.
    with_rests: u64,
}

#[test]
fn an_installer_that_is_killed_leaves_what_was_before_or_what_comes_after() {
    let seed = 20_261_122;
    let begin = Instant::now();
    let place = Place::new("killed");
    // From a third of a megabyte to one and a third.
    let all: Vec<Snapshot> = (1..=LAST)
        .map(|k| snapshot(k, 2000 + 1500 * (k * 3 % LAST)))
        .collect();
    for snapshot in &all {
        let path = place.path().join(snapshot.sequence().to_string());
        fs::write(path, snapshot.as_bytes()).unwrap();
    }
    let mut random = Random(seed);
    let mut counts = Counts::default();
    let rounds = often(100, 1000);
    for round in 0..rounds {
        let dir = place.path().join("folder");
        let first = (round % 4 > 0).then_some(&all[0]);
        let wait = MOST.mul_f64(random.below(1 << 20) as f64 / f64::from(1 << 20));
        fs::write(place.path().join(SEED), random.next().to_string()).unwrap();
        let mut begun = State::default();
        if let Some(first) = first {
            begun = State::of(Ok(Folder::at(&dir).install(first).unwrap().edition));
        }
        let lines = killed(&dir, wait);
        judge(&dir, &all, begun, &lines, &mut counts);
        fs::remove_dir_all(&dir).unwrap();
    }
    println!(
        "{rounds} kills by seed {seed}: {counts:?}; {:.1?}",
        begin.elapsed()
    );
    assert!(counts.between < rounds / 2);
}

/// What one told that was killed so long after its first line.
fn killed(dir: &Path, wait: Duration) -> Vec<String> {
    let mut started = Started::new("killed::child", dir);
    let mut lines = started.lines();
    let first = lines.next().unwrap();
    thread::sleep(wait);
    started.kill();
    std::iter::once(first).chain(lines).collect()
}

/// Compares what is there with what was told, and installs the next one.
fn judge(dir: &Path, all: &[Snapshot], begun: State, lines: &[String], counts: &mut Counts) {
    let (mut state, mut under_way) = (begun, None);
    for line in lines {
        let (when, told) = line.split_once(' ').unwrap();
        let operation = Operation::heard(told);
        match when {
            "begin" => under_way = Some(operation),
            _ => (state, under_way) = (state.after(operation), None),
        }
    }
    let _lock = none_starts();
    let opened = Folder::at(dir).open();
    if let Ok(edition) = &opened {
        let right = &all[edition.snapshot().sequence() as usize - 1];
        assert!(edition.snapshot().as_bytes() == right.as_bytes());
    }
    let found = State::of(opened);
    let count = match under_way {
        None => {
            assert_eq!(found, state);
            &mut counts.between
        }
        Some(operation) => {
            let (is_install, is_before) =
                (matches!(operation, Operation::Install(_)), found == state);
            let told = operation.told();
            assert!(is_before || found == state.after(operation), "{told}");
            match (is_install, is_before) {
                (true, true) => &mut counts.installing_before,
                (true, false) => &mut counts.installing_after,
                (false, true) => &mut counts.switching_before,
                (false, false) => &mut counts.switching_after,
            }
        }
    };
    *count += 1;
    // `current`, a snapshot and its suspensions, if anything.
    let whole = if found.installed == 0 { 0 } else { 3 };
    counts.with_rests += u64::from(files(dir).len() > whole);
    let next = &all[found.installed as usize];
    let installed = Folder::at(dir).install(next).unwrap();
    assert!(installed.edition.snapshot().as_bytes() == next.as_bytes());
    let now = State::of(Folder::at(dir).open());
    assert_eq!((now.installed, now.off), (next.sequence(), found.off));
    let left = files(dir);
    assert_eq!(snapshots(dir), [next.id().to_string()]);
    assert_eq!(left.len(), 3, "{:?}", left.keys());
}
