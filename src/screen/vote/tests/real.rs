//! The reference's own videos, where they are: their frames at 30 a second, as vPDQ hashed them.

use std::path::Path;

use super::*;
use crate::hash::Radius;
use crate::hash::frames::{FrameHashes, Keeper, vpdq};
use crate::limits::Limits;

fn kept(folder: &Path, name: &str) -> FrameHashes {
    let text = std::fs::read(folder.join(name)).unwrap();
    let frames = vpdq::read(&text, &Limits::default()).unwrap();
    let mut keeper = Keeper::new();
    for frame in &frames {
        keeper.push(frame.at_ms, frame.pdq, frame.quality).unwrap();
    }
    let last = frames.last().unwrap();
    keeper.finish(last.at_ms + 33)
}

/// Each frame with each.
fn hits(query: &FrameHashes, entry: &FrameHashes, radius: Radius) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (query, a) in query.as_slice().iter().enumerate() {
        for (entry, b) in entry.as_slice().iter().enumerate() {
            let distance = a.pdq.distance(b.pdq);
            if radius.covers(distance) {
                hits.push(Hit {
                    query,
                    entry,
                    distance,
                    mirrored: false,
                });
            }
        }
    }
    hits
}

#[test]
fn a_video_with_a_large_logo_runs_like_the_one_without_and_others_do_not() {
    let Some(corpus) = std::env::var_os("IJKPUNT_CORPUS") else {
        return;
    };
    let folder = Path::new(&corpus).join("videos/vpdq-hashes");
    let names = [
        "chair-orig-22-sd-bar.txt",
        "chair-22-with-large-logo-bar.txt",
        "doorknob-hd-no-bar.txt",
        "pattern-hd-no-bar.txt",
    ];
    let videos = names.map(|name| kept(&folder, name));
    let timelines = videos.each_ref().map(Timeline::of);
    for (radius, least) in [(31, 1), (48, 1)] {
        let radius = Radius::new(radius).unwrap();
        for query in 0..4 {
            for entry in 0..4 {
                let hits = hits(&videos[query], &videos[entry], radius);
                let began = std::time::Instant::now();
                let mut found = segments(&hits, &timelines[query], &timelines[entry]).unwrap();
                let (took, count) = (began.elapsed(), hits.len());
                println!("{query} in {entry} at {radius}, {count} hits, {took:?}: {found:#?}");
                found.retain(|segment| is_match(segment, &timelines[entry]));
                let is_same = query == entry || query + entry == 1;
                assert_eq!(found.len() >= least, is_same);
                for segment in found {
                    let off = segment.entry_ms[0].abs_diff(segment.query_ms[0]);
                    assert!(off <= 350, "{segment:?}");
                }
            }
        }
    }
}
