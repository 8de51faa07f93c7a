//! Processes that follow one folder.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use ijkpunt::snapshot::{Edition, Id, Live, Snapshot};

use super::drawn::{by, id, snapshot, why};
use super::place::{Place, snapshots};
use super::started::{self, Started, none_starts};

const CHILD: &str = "processes::child";

/// What it tells of an edition: the snapshot, how many entries are off in it, and how many suspensions there are.
fn told(edition: &Edition) -> String {
    line(
        edition.snapshot().id(),
        edition.off().len(),
        edition.suspensions().len(),
    )
}

fn line(id: Id, off: usize, suspensions: usize) -> String {
    format!("{id} {off} {suspensions}")
}

/// Tells each edition that it sees, and keeps the first one to the end, as a long upload would.
#[test]
#[ignore = "a process that other tests start"]
fn child() {
    let Some(dir) = started::dir() else { return };
    let ended = started::told_to_end();
    let live = Live::follow(dir).unwrap();
    let first = live.current();
    let mut last = first.clone();
    started::tell(&told(&first));
    while !ended.load(Ordering::Relaxed) {
        let now = live.current();
        if !Arc::ptr_eq(&last, &now) {
            started::tell(&told(&now));
            last = now;
        }
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(first.snapshot().wholes().len(), first.snapshot().entries());
}

/// Processes that follow, and what they tell: which of them, the line, and when.
struct Followers {
    all: Vec<Started>,
    told: Receiver<(usize, String, Instant)>,
}

impl Followers {
    fn new(count: usize, place: &Place) -> Self {
        let mut all: Vec<Started> = (0..count)
            .map(|_| Started::new(CHILD, place.path()))
            .collect();
        let (sender, told) = channel();
        for (number, started) in all.iter_mut().enumerate() {
            let (lines, sender) = (started.lines(), sender.clone());
            thread::spawn(move || {
                for line in lines {
                    let _ = sender.send((number, line, Instant::now()));
                }
            });
        }
        Self { all, told }
    }

    /// How long after `since` the last of them told this; each tells it next, and nothing else before.
    fn all_tell(&self, expected: &str, since: Instant) -> Duration {
        let mut last = since;
        let mut told = vec![0; self.all.len()];
        for _ in &self.all {
            let next = self.told.recv_timeout(Duration::from_secs(20));
            let Ok((number, line, when)) = next else {
                panic!("a follower that tells nothing");
            };
            assert_eq!(line, expected);
            told[number] += 1;
            last = last.max(when);
        }
        assert!(told.iter().all(|times| *times == 1));
        last - since
    }

    fn end(self) {
        self.all.into_iter().for_each(Started::end);
        assert!(self.told.recv().is_err(), "told more than was expected");
    }
}

#[test]
fn eight_processes_have_what_is_installed_or_suspended_within_a_second() {
    let place = Place::new("processes");
    let folder = place.folder();
    let all: Vec<Snapshot> = (1..=4).map(|k| snapshot(k, 300)).collect();
    folder.install(&all[0]).unwrap();
    let followers = Followers::new(8, &place);
    followers.all_tell(&line(all[0].id(), 0, 0), Instant::now());
    let mut took = Vec::new();
    let mut measure = |expected: String| took.push(followers.all_tell(&expected, Instant::now()));
    folder.install(&all[1]).unwrap();
    measure(line(all[1].id(), 0, 0));
    assert!(folder.suspend(id(7), &by("platform"), why()).unwrap());
    measure(line(all[1].id(), 1, 1));
    folder.install(&all[2]).unwrap();
    measure(line(all[2].id(), 1, 1));
    assert!(folder.resume(id(7), &by("platform"), why()).unwrap());
    measure(line(all[2].id(), 0, 0));
    assert!(folder.suspend(id(299), &by("platform"), why()).unwrap());
    measure(line(all[2].id(), 1, 1));
    folder.install(&all[3]).unwrap();
    measure(line(all[3].id(), 1, 1));
    followers.end();
    took.sort_unstable();
    let (median, most) = (took[took.len() / 2], took[took.len() - 1]);
    println!("8 processes have a change after {median:.0?} in the median, {most:.0?} at most");
    assert!(median <= Duration::from_secs(1), "{took:?}");
    assert!(most <= Duration::from_secs(3), "{took:?}");
}

#[test]
fn what_is_off_stays_off_over_swaps_and_restarts_and_in_other_processes() {
    let place = Place::new("restarts");
    let folder = place.folder();
    folder.install(&snapshot(1, 300)).unwrap();
    for name in ["platform", "xa-office"] {
        assert!(folder.suspend(id(7), &by(name), why()).unwrap());
    }
    let before = Followers::new(2, &place);
    before.all_tell(&line(snapshot(1, 300).id(), 1, 2), Instant::now());
    let second = snapshot(2, 300);
    let installed = folder.install(&second).unwrap();
    assert_eq!(installed.edition.off().len(), 1);
    before.all_tell(&line(second.id(), 1, 2), Instant::now());
    before.end();
    // From the first edition on.
    let after = Followers::new(2, &place);
    after.all_tell(&line(second.id(), 1, 2), Instant::now());
    // Each lifts its own only.
    assert!(folder.resume(id(7), &by("platform"), why()).unwrap());
    after.all_tell(&line(second.id(), 1, 1), Instant::now());
    assert!(!folder.resume(id(7), &by("platform"), why()).unwrap());
    assert!(folder.resume(id(7), &by("xa-office"), why()).unwrap());
    after.all_tell(&line(second.id(), 0, 0), Instant::now());
    after.end();
}

#[test]
fn a_snapshot_stays_in_the_folder_as_long_as_another_process_holds_it() {
    let place = Place::new("held");
    let folder = place.folder();
    let all: Vec<Snapshot> = (1..=4).map(|k| snapshot(k, 300)).collect();
    let name = |k: usize| all[k - 1].id().to_string();
    folder.install(&all[0]).unwrap();
    let follower = Followers::new(1, &place);
    follower.all_tell(&line(all[0].id(), 0, 0), Instant::now());
    for k in [2, 3] {
        folder.install(&all[k - 1]).unwrap();
        follower.all_tell(&line(all[k - 1].id(), 0, 0), Instant::now());
        assert!(snapshots(place.path()).contains(&name(1)));
        assert!(snapshots(place.path()).contains(&name(k)));
    }
    follower.end();
    let _lock = none_starts();
    folder.install(&all[3]).unwrap();
    assert_eq!(snapshots(place.path()), [name(4)]);
}
