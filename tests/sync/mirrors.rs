//! Mirrors that lie, are slow, never end, or are not there; beside one that is honest.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use ijkpunt::sync::{Client, FolderTransport, Place, Settings, Transport, TransportError};
use ijkpunt::tuf::Role;

use super::world::*;

/// What a mirror does with files whose place has this in it.
#[derive(Debug, Clone, Copy)]
enum Twist {
    /// Bytes without end.
    Endless,
    /// A byte now and then.
    Slow,
    /// It says that there are none.
    Withheld,
    /// It does not answer.
    Dead,
    /// The last byte is another one.
    Changed,
    /// One byte more than there are.
    Longer,
}

#[derive(Debug)]
struct Twisted {
    inner: FolderTransport,
    which: &'static str,
    how: Twist,
}

struct Slowly;

impl Read for Slowly {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        thread::sleep(Duration::from_millis(5));
        bytes[0] = b' ';
        Ok(1)
    }
}

impl Transport for Twisted {
    fn name(&self) -> &str {
        "twisted"
    }

    fn open(
        &self,
        place: &Place,
        most_bytes: u64,
        deadline: Instant,
    ) -> Result<Option<Box<dyn Read + '_>>, TransportError> {
        if !place.as_str().contains(self.which) {
            return self.inner.open(place, most_bytes, deadline);
        }
        let mut bytes = Vec::new();
        if let Some(mut file) = self.inner.open(place, most_bytes, deadline)? {
            file.read_to_end(&mut bytes)?;
        }
        Ok(Some(match self.how {
            Twist::Endless => Box::new(io::repeat(b' ')),
            Twist::Slow => Box::new(Slowly),
            Twist::Withheld => return Ok(None),
            Twist::Dead => return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
            Twist::Changed => {
                bytes
                    .iter_mut()
                    .next_back()
                    .into_iter()
                    .for_each(|last| *last ^= 1);
                Box::new(io::Cursor::new(bytes))
            }
            Twist::Longer => Box::new(io::Cursor::new(bytes).chain(&b" "[..])),
        }))
    }
}

const ALL: [Twist; 6] = [
    Twist::Endless,
    Twist::Slow,
    Twist::Withheld,
    Twist::Dead,
    Twist::Changed,
    Twist::Longer,
];

/// A client of one that is twisted, and of others behind it.
fn client(world: &World, which: &'static str, how: Twist, others: &[&str]) -> Client {
    let inner = FolderTransport::at(world.path("m"));
    let mut mirrors: Vec<Box<dyn Transport>> = vec![Box::new(Twisted { inner, which, how })];
    for other in others {
        mirrors.push(Box::new(FolderTransport::at(world.path(other))));
    }
    let mut settings = Settings::new(REGISTER);
    (settings.short, settings.list) = (Duration::from_millis(50), Duration::from_millis(50));
    // Files that are still to come at this pace do not, within the patience for a short one.
    settings.least_bytes_per_second = u64::MAX;
    settings.limits.suspension_list_bytes = 1 << 20;
    Client::new(world.path("c"), mirrors, &world.first_root, settings).unwrap()
}

const PLACES: [&str; 5] = ["timestamp", "snapshot", "targets.json", "full-", ""];

/// What each of these would do to a client that lacks a check is shown one by one: endless data and files that are withheld here, slow ones in `http`, and
/// other bytes in `forged`.
#[test]
fn a_mirror_that_is_twisted_anywhere_installs_nothing_and_ends() {
    for which in PLACES {
        for how in ALL {
            let world = World::begun();
            let begin = Instant::now();
            // A space more is the same JSON: a timestamp may have it, as it is not listed anywhere.
            let is_harmless = matches!((which, how), ("timestamp", Twist::Longer));
            let came = client(&world, which, how, &[]).once(now());
            assert_eq!(came.is_ok(), is_harmless, "{which} {how:?}");
            assert!(begin.elapsed() < Duration::from_secs(5), "{which} {how:?}");
        }
    }
}

#[test]
fn beside_an_honest_mirror_a_twisted_one_changes_nothing() {
    for which in PLACES {
        for how in ALL {
            let world = World::begun();
            world.copy("m", "honest");
            let report = client(&world, which, how, &["honest"]).once(now()).unwrap();
            assert!(is_fresh(&report), "{which} {how:?}: {}", told(&report));
            assert_eq!(report.installed.sequence, 1);
        }
    }
}

#[test]
fn the_troubles_tell_what_a_mirror_did() {
    let told_of = |how| {
        let world = World::begun();
        let error = client(&world, "timestamp", how, &[])
            .once(now())
            .unwrap_err();
        error.to_string()
    };
    assert!(told_of(Twist::Endless).contains("more than the 65536 bytes"));
    assert!(told_of(Twist::Slow).contains("not there in time"));
    assert!(told_of(Twist::Withheld).contains("does not have it"));
    assert!(told_of(Twist::Dead).contains("not read"));
}

#[test]
fn a_frozen_mirror_beside_an_honest_one_holds_nothing_back() {
    let world = World::begun();
    world.copy("m", "frozen");
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    for mirrors in [["frozen", "m"], ["m", "frozen"]] {
        let _ = fs::remove_dir_all(world.path("c"));
        let report = world.client(&mirrors).once(now()).unwrap();
        assert!(is_fresh(&report));
        assert_eq!(report.installed.sequence, 2);
    }
    // Alone, it would: nothing that it says is wrong before it runs out.
    assert!(is_fresh(&world.newcomer(&["frozen"]).unwrap()));
    let after = |mut naive: Naive| {
        naive.rounds(&["frozen", "m"], now());
        naive
    };
    let naive = Naive::new(&world);
    assert!(after(naive.clone()).has(&usual(2)));
    let one = naive.lacking(&[Check::AllMirrors]);
    assert!(after(one).has(&usual(1)));
}

#[test]
fn a_mirror_that_hides_the_next_root_hides_it_from_nobody_else() {
    let mut world = World::begun();
    world.copy("m", "hiding");
    world.round();
    world.rotate("m", terms(2, &[2, 3, 4], PUBLISHER), &[1, 2, 3]);
    let report = world.client(&["hiding", "m"]).once(now()).unwrap();
    assert_eq!(report.root.get(), 2);
    let naive = Naive::new(&world);
    let after = |mut naive: Naive| {
        naive.rounds(&["hiding", "m"], now());
        naive.root_version()
    };
    assert_eq!(after(naive.clone()), 2);
    assert_eq!(after(naive.lacking(&[Check::AllMirrors])), 1);
}

#[test]
fn a_timestamp_whose_files_are_withheld_blocks_nothing() {
    for which in [".snapshot.json", "targets.json", "targets/"] {
        let world = World::begun();
        world.copy("m", "lagging");
        world.round();
        let mut naive = world.naive();
        world.publish("m", &Release::of(3), &[&usual(1), &usual(3)]);
        world.copy("m", "withheld");
        withhold(&world.path("withheld"), which);
        world.publish("lagging", &Release::of(2), &[&usual(1), &usual(2)]);
        let client = client(&world, which, Twist::Withheld, &["lagging"]);
        let report = client.once(now()).unwrap();
        assert_eq!(report.installed.sequence, 2, "{}", told(&report));
        // That there is something newer is known, and told.
        assert!(!is_fresh(&report));
        // Whoever keeps the version of the timestamp at once waits for its files for ever.
        let mut early = naive.lacking(&[Check::AllOrNothing]);
        for client in [&mut naive, &mut early] {
            assert_eq!(client.round("withheld", now()), Err(Check::There));
        }
        let why = Check::Rollback(Role::Timestamp);
        assert_eq!(early.round("lagging", now()), Err(why));
        naive.follows(&["lagging"], now());
        assert!(naive.has(&usual(2)));
        // When its files are there, it is the newest.
        assert_eq!(world.round().installed.sequence, 3);
    }
}

/// Removes what has this in its place.
fn withhold(mirror: &Path, which: &str) {
    for folder in ["metadata", "targets"] {
        for file in fs::read_dir(mirror.join(folder)).unwrap() {
            let file = file.unwrap().path();
            if file.to_str().unwrap().contains(which) {
                fs::remove_file(file).unwrap();
            }
        }
    }
}

#[test]
fn endless_data_are_cut_off() {
    let endless = |bytes: &mut Vec<u8>| bytes.resize(bytes.len() + (1 << 20), b' ');
    for (which, lacking) in [
        // Spaces behind JSON are JSON: it is the length alone that tells.
        ("timestamp.json", &[Check::Length][..]),
        ("2.root.json", &[Check::Length]),
        // What is listed has a digest, too.
        ("2.snapshot.json", &[Check::Length, Check::Match]),
        ("2.targets.json", &[Check::Length, Check::Match]),
    ] {
        let mut world = World::begun();
        world.round();
        let naive = world.naive();
        world.rotate("m", terms(2, &[1, 2, 3], PUBLISHER), &[1, 2]);
        world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
        let path = world.path("m").join("metadata").join(which);
        let mut bytes = fs::read(&path).unwrap();
        endless(&mut bytes);
        fs::write(&path, bytes).unwrap();
        let report = world.round();
        let told = told(&report);
        assert!(told.contains("more than the"), "{which}: {told}");
        let is_root = which.contains("root");
        let root = if is_root { 1 } else { 2 };
        assert_eq!(report.root.get(), root);
        // A root that does not count is no reason to do without the rest, nor for the naive one.
        let mut naive = match is_root {
            true => naive.with_root_without(lacking, "m", now()),
            false => naive.without(lacking, "m", now()),
        };
        naive.follows(&["m"], now());
        assert_eq!(naive.root_version(), 2);
        assert!(naive.has(&usual(2)));
    }
}

#[test]
fn what_is_installed_stays_while_nobody_answers() {
    let world = World::begun();
    world.round();
    let report = client(&world, "", Twist::Dead, &[]).once(now()).unwrap();
    stays(&report, 1, "not read");
    let report = world.client(&["nowhere"]).once(now()).unwrap();
    stays(&report, 1, "not read");
}
