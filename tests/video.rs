//! Frames of videos have the hashes that the reference's vPDQ has for them, and an edited video is found in its original.
//!
//! Needs an ffmpeg, and `IJKPUNT_CORPUS` with the videos of the reference's repository and their hashes.

#![cfg(all(feature = "video", feature = "image", unix))]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "distances of each video, shown with --nocapture, and what was skipped"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::enrol::Enroller;
use ijkpunt::hash::{Hasher, Pdq};
use ijkpunt::limits::Limits;
use ijkpunt::media::video::{Ffmpeg, Sampling};
use ijkpunt::screen::{Call, MatchClass};
use ijkpunt::{List, Screener, Screening, Surface};

fn videos() -> Option<(Ffmpeg, PathBuf)> {
    let ffmpeg = Ffmpeg::find();
    let corpus = std::env::var_os("IJKPUNT_CORPUS");
    if let Err(error) = &ffmpeg {
        eprintln!("skipped: {error}");
    } else if corpus.is_none() {
        eprintln!("skipped: IJKPUNT_CORPUS names no folder with videos");
    }
    Some((ffmpeg.ok()?, Path::new(&corpus?).join("videos")))
}

/// Hashes by millisecond, of those lines whose quality is at least 80: `frame,quality,hex,seconds`.
fn reference(path: &Path) -> BTreeMap<i64, Pdq> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let [_, quality, hex, seconds] = fields[..] else {
            panic!("{line}");
        };
        let (whole, part) = seconds.split_once('.').unwrap();
        let at = whole.parse::<i64>().unwrap() * 1000 + part.parse::<i64>().unwrap();
        let good = quality.parse::<u8>().unwrap() >= 80;
        good.then(|| (at, hex.parse().unwrap()))
    };
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter_map(line)
        .collect()
}

#[test]
fn frames_have_the_hashes_of_the_reference_at_the_same_times() {
    let Some((ffmpeg, folder)) = videos() else {
        return;
    };
    let mut all = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let clip = entry.unwrap().path();
        if clip.extension().is_none_or(|extension| extension != "mp4") {
            continue;
        }
        let name = clip.file_stem().unwrap().to_str().unwrap();
        let told = reference(&folder.join(format!("vpdq-hashes/{name}.txt")));
        let (mut hasher, mut compared, mut given) = (Hasher::new(), Vec::new(), 0);
        let frames = ffmpeg.open(&clip, &Sampling::default(), &Limits::default());
        for frame in frames.unwrap() {
            let frame = frame.unwrap();
            given += 1;
            let at = i64::try_from(frame.at().as_millis()).unwrap();
            let pdq = hasher.hash(frame.picture()).unwrap().pdq();
            // They round to milliseconds, we cut.
            if let Some((_, theirs)) = told.range(at - 1..=at + 1).next() {
                compared.push(pdq.distance(*theirs).bits());
            }
        }
        println!(
            "{name}: {} of {given} frames, at most {:?} bits",
            compared.len(),
            compared.iter().max()
        );
        assert!(!compared.is_empty(), "{name}");
        all.extend(compared);
    }
    assert!(all.len() >= 100, "{} frames", all.len());
    all.sort_unstable();
    let mean = all.iter().map(|&bits| f64::from(bits)).sum::<f64>() / all.len() as f64;
    println!(
        "{} frames: mean {mean:.2} bits, 99 % {}, most {}",
        all.len(),
        all[all.len() * 99 / 100],
        all[all.len() - 1]
    );
    assert!(all[all.len() - 1] <= 4, "{all:?}");
}

#[test]
fn a_video_under_a_large_logo_is_found_in_its_original_with_its_stretch() {
    let Some((ffmpeg, folder)) = videos() else {
        return;
    };
    let (sampling, limits) = (Sampling::default(), Limits::default());
    let original = folder.join("chair-orig-22-sd-bar.mp4");
    let proposal = Enroller::new().propose_video(&original, &ffmpeg, &sampling, &limits);
    let list = List::from_proposals([("chair", &proposal.unwrap())]).unwrap();
    let builder = Screener::builder().list("list", list);
    let screener = builder.surface(Surface::Public).videos(ffmpeg).build();
    let screener = screener.unwrap();
    let screen = |name: &str| screener.screen_file(&folder.join(name), Call::new());

    let Screening::Match(matched) = screen("chair-22-with-large-logo-bar.mp4") else {
        panic!("not found");
    };
    let [chair] = matched.evidence() else {
        panic!("{:?}", matched.evidence());
    };
    assert_eq!(chair.class, MatchClass::VideoSegment);
    let first = chair.segments.first().unwrap();
    println!("{first:?}");
    for (query, entry) in first.query_ms.into_iter().zip(first.entry_ms) {
        assert!(query.abs_diff(entry) <= 500, "{first:?}");
    }
    assert!(first.span_ms >= 5000 && first.speed_permille.abs_diff(1000) <= 20);

    for other in ["doorknob-hd-no-bar.mp4", "pattern-hd-no-bar.mp4"] {
        let screening = screen(other);
        assert!(matches!(screening, Screening::NoMatch(_)), "{screening:?}");
    }
}
