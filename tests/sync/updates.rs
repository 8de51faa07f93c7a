//! What honest mirrors bring.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ijkpunt::hash::DigestKind;
use ijkpunt::screen::{Screener, Surface};
use ijkpunt::snapshot::{Live, Snapshot};
use ijkpunt::sync::{Pace, Stop};
use ijkpunt::tuf::{Sha256, TargetName, Targets, target_path};

use super::world::*;

#[test]
fn a_newcomer_gets_the_whole_and_then_a_delta() {
    let world = World::begun();
    let first = world.round();
    assert!(is_fresh(&first));
    let update = first.update.unwrap();
    assert_eq!(update.fetched, [TargetName::full(1).unwrap()]);
    assert_eq!(update.from, None);
    let live = Live::follow(world.client(&["m"]).folder().path()).unwrap();
    assert_eq!(live.current().snapshot().id(), usual(1).id());

    assert!(world.round().update.is_none());
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    let second = world.round();
    assert!(is_fresh(&second), "{}", told(&second));
    let update = second.update.unwrap();
    assert_eq!(update.fetched, [TargetName::delta(1, 2).unwrap()]);
    assert_eq!((update.from, second.installed.id), (Some(1), usual(2).id()));
    assert_eq!(second.installed.sha256, Sha256::of(usual(2).as_bytes()));
    assert!(update.cut.is_empty());
}

#[test]
fn a_damaged_delta_gives_way_to_the_whole() {
    let world = World::begun();
    world.round();
    world.publish("m", &Release::of(2), &[&usual(1), &usual(2)]);
    let delta = ijkpunt::snapshot::Delta::between(&usual(1), &usual(2)).unwrap();
    let mut bytes = delta.to_bytes();
    let place = target_path(&TargetName::delta(1, 2).unwrap(), &Sha256::of(&bytes));
    bytes[50] ^= 1;
    world.put("m", &place, &bytes);
    let report = world.round();
    assert!(is_fresh(&report));
    assert!(told(&report).contains("another sha256"));
    let fetched = report.update.unwrap().fetched;
    assert_eq!(fetched, [TargetName::full(2).unwrap()]);
}

#[test]
fn a_delta_that_was_signed_and_leads_elsewhere_gives_way_to_the_whole() {
    let world = World::begun();
    world.round();
    let mut files = world.files("m", &[&usual(1), &usual(2)]);
    let other = ijkpunt::snapshot::Delta::between(&usual(1), &snapshot(2, 9, &[])).unwrap();
    let (name, bytes) = (TargetName::delta(1, 2).unwrap(), other.to_bytes());
    let file = files.get_mut(&name).unwrap();
    (file.length, file.sha256) = (bytes.len() as u64, Sha256::of(&bytes));
    world.put("m", &target_path(&name, &file.sha256), &bytes);
    world.publish_files("m", &Release::of(2), files);
    let report = world.round();
    assert!(is_fresh(&report));
    assert_eq!(report.installed.id, usual(2).id());
    assert_eq!(
        report.update.unwrap().fetched,
        [name, TargetName::full(2).unwrap()]
    );
}

#[test]
fn what_is_damaged_here_is_fetched_again() {
    let world = World::begun();
    let report = world.round();
    let client = world.client(&["m"]);
    let path = client
        .folder()
        .path()
        .join("snapshots")
        .join(report.installed.id.to_string());
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    let report = world.round();
    assert!(told(&report).contains("fetched again"), "{}", told(&report));
    assert!(is_fresh(&report) && report.update.is_some());
    assert_eq!(
        client.folder().open().unwrap().snapshot().id(),
        usual(1).id()
    );
}

#[test]
fn roots_are_walked_one_by_one_and_a_revoked_key_counts_no_more() {
    let mut world = World::begun();
    world.round();
    let first = world.root.clone();
    world.rotate("m", terms(2, &[2, 3, 4], PUBLISHER), &[1, 2, 3]);
    world.rotate("m", terms(3, &[2, 3, 4], PUBLISHER), &[2, 3]);
    let mut release = Release::of(2);
    release.states = vec![3, 4];
    world.publish("m", &release, &[&usual(1), &usual(2)]);
    let report = world.round();
    assert!(is_fresh(&report), "{}", told(&report));
    assert_eq!((report.root.get(), report.installed.sequence), (3, 2));
    // XA's key is gone: with it there is one state.
    let naive = world.naive();
    let files = world.files("m", &[&usual(2), &usual(3)]);
    let targets = Targets::new(version(3), later(90), files).unwrap();
    let targets = signed(targets, &[&first, &world.root], &[1, 2]);
    world.publish_targets("m", &Release::of(3), &targets);
    stays(&world.round(), 2, "1 of 2 states have signed");
    let naive = naive.without(&[Check::RevokedKeys], "m", now());
    assert!(naive.has(&usual(3)));
}

/// From the moment at which a state's word lies in the mirror. The client asks round after round by itself; screeners follow the folder.
#[test]
fn a_suspension_ends_matches_within_two_polls() {
    let upload = upload();
    let mut draft = usual(1).to_draft().unwrap();
    let mut entry = draft.get(id(5)).unwrap().clone();
    entry.id = id(250);
    entry.prints[0].code = DigestKind::Sha256.of(&upload).into();
    draft.entry(entry).unwrap();
    let first = Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap();
    let world = World::new();
    world.publish("m", &Release::of(1), &[&first]);
    let client = world.client(&["m"]);
    client.once(now()).unwrap();
    let live = Live::follow(client.folder().path()).unwrap();
    let screener = Screener::builder()
        .list("states", live)
        .surface(Surface::Public)
        .build()
        .unwrap();
    let verdict = || screener.screen(&upload).name();
    assert_eq!(verdict(), "match");
    let mut pace = Pace::default();
    // Longer than the half a second within which a running screener sees what is new in its folder.
    pace.interval = Duration::from_secs(1);
    let (stop, polls) = (Stop::new(), AtomicUsize::new(0));
    let wait = |is_there: &dyn Fn() -> bool| {
        let begin = Instant::now();
        while !is_there() && begin.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(1));
        }
        is_there()
    };
    let (is_off, took) = thread::scope(|scope| {
        scope.spawn(|| {
            client.watch(pace, &stop, now, |came| {
                assert!(is_fresh(&came.unwrap()));
                polls.fetch_add(1, Ordering::SeqCst);
            });
        });
        let has_begun = wait(&|| polls.load(Ordering::SeqCst) > 0);
        world.suspensions("m", &[(suspend(1, 11, id(250)), 1)]);
        let before = polls.load(Ordering::SeqCst);
        let is_off = has_begun && wait(&|| verdict() == "no_match");
        let took = polls.load(Ordering::SeqCst) - before;
        stop.stop();
        (is_off, took)
    });
    assert!(is_off && took <= 2, "{took} polls");
}

/// A picture as it is uploaded.
fn upload() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(256, 256, |x, y| {
        let wave = |by: u32| ((x * by + y * y / 16) % 251) as u8;
        image::Rgb([wave(3), wave(1), wave(2)])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn watching_goes_on_until_it_is_stopped_and_comes_back_after_trouble() {
    let world = World::new();
    let client = world.client(&["m"]);
    let (stop, mut rounds) = (Stop::new(), Vec::new());
    let mut pace = Pace::default();
    pace.interval = Duration::from_millis(1);
    client.watch(pace, &stop, now, |came| {
        rounds.push(came.is_ok());
        match rounds.len() {
            1 => world.publish("m", &Release::of(1), &[&usual(1)]),
            2 => stop.stop(),
            _ => panic!("stopped"),
        }
    });
    assert_eq!(rounds, [false, true]);
}
