//! That what is installed may not be the newest is said with every answer of those who screen.

use std::fs;
use std::time::{Duration, SystemTime};

use ijkpunt::baseline::Time;
use ijkpunt::screen::{Clock, Policy, Screener, Screening, Surface};
use ijkpunt::snapshot::{Folder, Live, Upkeep};
use ijkpunt::sync::SyncError;

use super::world::*;

/// Stands still.
#[derive(Debug)]
struct At(Time);

impl Clock for At {
    fn now(&self) -> SystemTime {
        system(self.0)
    }
}

fn system(time: Time) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(time.unix_seconds().unsigned_abs())
}

#[test]
fn every_answer_says_that_it_may_not_be_of_the_newest() {
    let world = World::begun();
    world.round();
    let live = Live::follow(world.client(&["m"]).folder().path()).unwrap();
    let screener = Screener::builder()
        .surface(Surface::Public)
        .clock(At(now()))
        .list_with("baseline", live.clone(), Policy::default())
        .build()
        .unwrap();
    let said = |at: Time| {
        live.refresh().unwrap();
        let screening = screener.screen(b"no picture");
        assert!(matches!(screening, Screening::Undecided(_)));
        screening.lists()[0].stale(system(at))
    };
    assert_eq!(said(now()), None);
    // Nobody asks any more: what was known ends with the timestamp.
    assert!(said(later(6)).is_none());
    let ended = said(later(7)).unwrap();
    assert_eq!(
        ended,
        format!("known to be the newest only until {}", later(7))
    );
    // Nobody can be asked: that is said at once.
    let report = world.client(&["nowhere"]).once(now()).unwrap();
    assert!(!is_fresh(&report));
    let away = said(now()).unwrap();
    assert!(away.starts_with("nothing newer can be had: "), "{away}");
    assert!(away.contains("nowhere"), "{away}");
    let both = said(later(7)).unwrap();
    assert!(both.contains("until") && both.contains("nowhere"), "{both}");
    // It is had again.
    world.round();
    assert_eq!(said(now()), None);
}

#[test]
fn a_client_that_cannot_go_on_says_so_with_every_answer() {
    let world = World::begun();
    world.round();
    let folder: Folder = world.client(&["m"]).folder().clone();
    assert_eq!(
        folder.upkeep().unwrap(),
        Some(Upkeep::newest_until(later(7)))
    );
    let state = world.path("c").join("state");
    let kept = fs::read(&state).unwrap();
    fs::write(&state, b"damaged").unwrap();
    let error = world.client(&["m"]).once(now()).unwrap_err();
    assert!(matches!(error, SyncError::State { .. }), "{error}");
    let stale = folder.upkeep().unwrap().unwrap().stale(now()).unwrap();
    assert!(stale.contains("damaged or cut off"), "{stale}");
    fs::write(&state, kept).unwrap();
    world.round();
    assert_eq!(folder.upkeep().unwrap().unwrap().stale(now()), None);
}

#[test]
fn what_is_said_of_a_folder_is_read_whole_or_told_as_damaged() {
    let world = World::begun();
    world.round();
    let folder = world.client(&["m"]).folder().clone();
    let path = folder.path().join("upkeep");
    let bytes = fs::read(&path).unwrap();
    let live = Live::follow(folder.path()).unwrap();
    for end in 0..bytes.len() {
        fs::write(&path, &bytes[..end]).unwrap();
        live.refresh().unwrap();
        let stale = live.upkeep().unwrap().stale(now()).unwrap();
        assert!(stale.contains("damaged"), "{end}: {stale}");
    }
    // A round mends it, and a folder that nobody keeps up says nothing.
    world.round();
    assert_eq!(fs::read(&path).unwrap(), bytes);
    fs::remove_file(&path).unwrap();
    live.refresh().unwrap();
    assert_eq!(live.upkeep(), None);
}
