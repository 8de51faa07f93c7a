//! Installing, with every file operation failing, stopping or waiting in turn.

mod faulty;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::*;
use crate::baseline::{EntryId, NewRow, Text};
use crate::hash::Pdq;
use crate::snapshot::{Delta, Draft, Id, Live};
use faulty::{Fault, Faulty, Loss};

/// A folder of its own for a test, which goes with it.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("ijkpunt-folder-{}-{number}", std::process::id());
        let dir = Self(std::env::temp_dir().join(name));
        let _ = fs::remove_dir_all(&dir.0);
        dir
    }

    fn folder(&self) -> Folder {
        Folder::at(&self.0)
    }

    /// The folder, with a step that goes wrong.
    fn faulty(&self, files: &Arc<Faulty>) -> Folder {
        Folder::with(self.0.clone(), &Limits::default(), files.clone())
    }

    /// What is in the folder, by names.
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in [&self.0, &self.0.join(SNAPSHOTS), &self.0.join(SUSPENSIONS)] {
            let files = fs::read_dir(folder).into_iter().flatten().flatten();
            let names_of = files.map(|file| file.file_name().into_string().unwrap());
            names.extend(names_of);
        }
        names
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn drawn(sequence: u64) -> Snapshot {
    let mut draft = Draft::new(sequence, "2026-11-22T10:00:00Z".parse().unwrap());
    // `always` has one more row in each.
    let row = |name: &str, k: u64| {
        let hash: [u8; 32] = *blake3::hash(format!("{name} {k}").as_bytes()).as_bytes();
        NewRow::new(name, Pdq::from_bytes(hash))
    };
    let always = (0..sequence).map(|k| row("always", k));
    let others = (0..20).map(|k| row(&format!("item {}", k + sequence), 0));
    let list = crate::baseline::List::from_rows(always.chain(others)).unwrap();
    let bytes = draft.list(&list).unwrap().to_bytes().unwrap();
    Snapshot::from_bytes(bytes).unwrap()
}

fn entry(snapshot: &Snapshot, title: &str) -> EntryId {
    let number = (0..snapshot.entries()).find(|entry| snapshot.title(*entry) == title);
    snapshot.entry_id(number.unwrap()).unwrap()
}

fn platform() -> Suspender {
    Text::new("platform").unwrap()
}

fn why() -> Switched {
    Switched {
        at: "2026-11-22T11:00:00Z".parse().unwrap(),
        reason: Text::new("wrong medium").unwrap(),
    }
}

/// What is installed: which snapshot, which entries are off, and how new it is known to be.
type Seen = Option<(Id, Vec<EntryId>, Option<Upkeep>)>;

fn seen(folder: &Folder) -> Seen {
    let edition = match folder.open() {
        Ok(edition) => edition,
        Err(FolderError::Empty { .. }) => return None,
        Err(error) => panic!("{error}"),
    };
    let off = edition.suspensions().iter().map(|(entry, ..)| entry);
    let upkeep = folder.upkeep().unwrap();
    Some((edition.snapshot().id(), off.collect(), upkeep))
}

fn known() -> Upkeep {
    Upkeep::newest_until("2026-11-23T11:00:00Z".parse().unwrap())
}

/// What can be done to a folder, and the folder that it is done to.
#[derive(Debug, Clone, Copy)]
enum Operation {
    First,
    Next,
    /// Where what was suspended before has another id in the next snapshot.
    NextCarried,
    Delta,
    Same,
    /// The file that is installed is damaged.
    Mend,
    Suspend,
    Resume,
    KeepUp,
}

impl Operation {
    const ALL: [Self; 9] = [
        Self::First,
        Self::Next,
        Self::NextCarried,
        Self::Delta,
        Self::Same,
        Self::Mend,
        Self::Suspend,
        Self::Resume,
        Self::KeepUp,
    ];

    fn prepare(self, dir: &Dir) {
        let folder = dir.folder();
        if matches!(self, Self::First) {
            return;
        }
        let one = drawn(1);
        folder.install(&one).unwrap();
        if matches!(self, Self::NextCarried | Self::Resume | Self::Mend) {
            let entry = entry(&one, "always");
            assert!(folder.suspend(entry, &platform(), why()).unwrap());
        }
        if matches!(self, Self::Mend) {
            let path = folder.snapshot_path(one.id());
            fs::rename(&path, path.with_extension("new")).unwrap();
            fs::write(&path, b"damaged").unwrap();
        }
    }

    fn run(self, folder: &Folder) -> Result<(), FolderError> {
        let (one, two) = (drawn(1), drawn(2));
        match self {
            Self::First | Self::Same | Self::Mend => folder.install(&one).map(drop),
            Self::Next | Self::NextCarried => folder.install(&two).map(drop),
            Self::Delta => {
                let delta = Delta::between(&one, &two).unwrap();
                folder.install_delta(&delta).map(drop)
            }
            Self::Suspend => folder
                .suspend(entry(&one, "always"), &platform(), why())
                .map(drop),
            Self::Resume => folder
                .resume(entry(&one, "always"), &platform(), why())
                .map(drop),
            Self::KeepUp => folder.keep_up(&known()),
        }
    }

    /// What is to be seen after it: none where nothing is to be seen before.
    fn after(self) -> Seen {
        let (one, two) = (drawn(1), drawn(2));
        let off = |of: &[&Snapshot]| {
            let mut off: Vec<_> = of.iter().map(|of| entry(of, "always")).collect();
            off.sort_unstable();
            off
        };
        let (id, off) = match self {
            Self::First | Self::Same | Self::Resume | Self::KeepUp => (one.id(), vec![]),
            Self::Next | Self::Delta => (two.id(), vec![]),
            Self::NextCarried => (two.id(), off(&[&one, &two])),
            Self::Mend | Self::Suspend => (one.id(), off(&[&one])),
        };
        Some((id, off, matches!(self, Self::KeepUp).then(known)))
    }

    /// How many steps it has; fewer where somebody follows, since what is mapped is not removed.
    fn steps(self, is_followed: bool) -> usize {
        let dir = Dir::new();
        self.prepare(&dir);
        let _live = is_followed.then(|| Live::follow(&dir.0).unwrap());
        let files = Arc::new(Faulty::new(Fault::None, 0));
        self.run(&dir.faulty(&files)).unwrap();
        assert_eq!(seen(&dir.folder()), self.after(), "{self:?}");
        files.steps().len()
    }
}

#[test]
fn an_update_that_ends_at_any_step_leaves_the_old_version_or_the_new_one() {
    let (mut ends, mut old, mut new) = (0, 0, 0);
    for operation in Operation::ALL {
        let steps = operation.steps(false);
        for at in 0..steps {
            for loss in Loss::ALL {
                let dir = Dir::new();
                operation.prepare(&dir);
                let is_open = !matches!(operation, Operation::Mend);
                let before = is_open.then(|| seen(&dir.folder()));
                let files = Arc::new(Faulty::new(Fault::Ends, at));
                let _ = operation.run(&dir.faulty(&files));
                files.cut_power(loss);
                ends += 1;
                let context = || format!("{operation:?}, {loss:?}, {}", files.steps()[at]);
                // What was damaged before may be so still, and is never taken for whole.
                if is_open || dir.folder().open().is_ok() {
                    let now = seen(&dir.folder());
                    let is_new = now == operation.after();
                    assert!(is_new || Some(now) == before, "{}", context());
                    *(if is_new { &mut new } else { &mut old }) += 1;
                }
                // Nobody has to clear up by hand.
                operation.run(&dir.folder()).unwrap();
                assert_eq!(seen(&dir.folder()), operation.after(), "{}", context());
                let names = dir.names();
                let is_left = |name: &&String| name.ends_with(".new");
                assert_eq!(names.iter().find(is_left), None, "{}", context());
            }
        }
    }
    println!("{ends} ends: {old} with the old version, {new} with the new one");
    assert!(old > 100 && new > 100);
}

#[test]
fn an_operation_that_fails_at_any_step_keeps_the_old_version_and_says_so() {
    let (mut failed, mut passed) = (0, 0);
    for operation in Operation::ALL {
        if matches!(operation, Operation::Mend) {
            continue; // there is no old version
        }
        let is_followed = !matches!(operation, Operation::First);
        for at in 0..operation.steps(is_followed) {
            let dir = Dir::new();
            operation.prepare(&dir);
            let before = seen(&dir.folder());
            let live = before.as_ref().map(|_| Live::follow(&dir.0).unwrap());
            let files = Arc::new(Faulty::new(Fault::Fails, at));
            let result = operation.run(&dir.faulty(&files));
            let step = &files.steps()[at];
            let now = seen(&dir.folder());
            match result {
                Err(error @ FolderError::NotOnDisk { .. }) => {
                    assert_eq!(now, operation.after(), "{operation:?}, {step}");
                    assert!(error.to_string().contains("power"), "{error}");
                    failed += 1;
                }
                Err(error) => {
                    assert_eq!(now, before, "{operation:?}, {step}");
                    let text = error.to_string();
                    let path = step.rsplit(' ').next().unwrap();
                    assert!(text.contains(path), "{text}: {step}");
                    assert!(
                        text.contains("injected") && text.contains("stays"),
                        "{text}"
                    );
                    failed += 1;
                }
                // Of what is only to be cleared up, nobody has to hear.
                Ok(()) => {
                    assert_eq!(now, operation.after(), "{operation:?}, {step}");
                    passed += 1;
                }
            }
            if let Some(live) = live {
                live.refresh().unwrap();
                let current = live.current().snapshot().id();
                assert_eq!(
                    Some(current),
                    now.map(|(id, ..)| id),
                    "{operation:?}, {step}"
                );
            }
        }
    }
    println!("{failed} failures told, {passed} that do not matter");
    assert!(failed > 50 && passed > 10);
}

#[test]
fn who_follows_goes_on_while_an_update_waits_at_any_step() {
    let mut waits = 0;
    for operation in Operation::ALL {
        if matches!(operation, Operation::First | Operation::Mend) {
            continue; // there is nothing to follow yet
        }
        for at in 0..operation.steps(true) {
            let dir = Dir::new();
            operation.prepare(&dir);
            let before = seen(&dir.folder());
            let (reached, is_reached) = mpsc::channel();
            let (go, may_go) = mpsc::channel();
            let files = Arc::new(Faulty::waiting(at, reached, may_go));
            let folder = dir.faulty(&files);
            let live = Live::follow(&dir.0).unwrap();
            let installer = thread::spawn(move || operation.run(&folder));
            is_reached.recv_timeout(Duration::from_secs(30)).unwrap();
            let begin = Instant::now();
            live.refresh().unwrap();
            let other = Live::follow(&dir.0).unwrap();
            for live in [&live, &other] {
                let edition = live.current();
                let off = edition.suspensions().iter().map(|(entry, ..)| entry);
                let upkeep = live.upkeep().map(|upkeep| (*upkeep).clone());
                let now = Some((edition.snapshot().id(), off.collect(), upkeep));
                assert!(now == before || now == operation.after());
            }
            drop(other);
            assert!(begin.elapsed() < Duration::from_secs(5));
            go.send(()).unwrap();
            installer.join().unwrap().unwrap();
            assert_eq!(seen(&dir.folder()), operation.after());
            waits += 1;
        }
    }
    println!("{waits} waits");
    assert!(waits > 50);
}

#[test]
fn who_cannot_read_what_is_installed_keeps_the_old_version_and_says_so() {
    for at in 0..10 {
        let dir = Dir::new();
        let one = drawn(1);
        dir.folder().install(&one).unwrap();
        // The steps of the first look: the pointer, the suspensions, the snapshot, the upkeep.
        let files = Arc::new(Faulty::new(Fault::Fails, 4 + at));
        let live = Live::of(dir.faulty(&files)).unwrap();
        let off = entry(&one, "item 5");
        dir.folder().suspend(off, &platform(), why()).unwrap();
        dir.folder().install(&drawn(2)).unwrap();
        // In the background it is looked as well, so any look may be the one that fails.
        let mut looks = Vec::new();
        while files.steps().len() < 20 {
            if let Err(error) = live.refresh() {
                assert!(error.to_string().contains("injected"));
                assert_eq!(live.trouble().unwrap().as_str(), error.to_string());
                looks.push(live.current().snapshot().id());
            }
        }
        assert!(
            looks
                .iter()
                .all(|id| [one.id(), drawn(2).id()].contains(id))
        );
        assert_eq!(live.current().snapshot().id(), drawn(2).id());
        assert_eq!(live.trouble(), None);
    }
}

#[test]
fn who_waits_for_another_installation_waits_so_long_and_no_longer() {
    let dir = Dir::new();
    dir.folder().install(&drawn(1)).unwrap();
    let lock = File::open(dir.0.join(LOCK)).unwrap();
    lock.lock().unwrap();
    let error = dir.folder().install(&drawn(2)).unwrap_err();
    assert!(
        error.to_string().contains("another installation"),
        "{error}"
    );
    // Who follows waits for nobody.
    assert_eq!(seen(&dir.folder()), Operation::First.after());
    let folder = dir.folder();
    let waiting = thread::spawn(move || folder.install(&drawn(2)).map(drop));
    thread::sleep(Duration::from_millis(100));
    drop(lock);
    waiting.join().unwrap().unwrap();
    assert_eq!(seen(&dir.folder()), Operation::Next.after());
}
