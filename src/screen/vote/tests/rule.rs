//! What is enough for a match, and how a timeline counts.

use super::*;
use crate::hash::frames::{FrameHash, FrameHashes};
use crate::hash::{Pdq, Quality};

fn segment(distinct: usize, span_ms: u32, entry_permille: u16) -> Segment {
    Segment {
        query_ms: [0, span_ms],
        entry_ms: [0, span_ms],
        span_ms,
        speed_permille: 1000,
        mirrored: false,
        frames: distinct,
        density_permille: 1000,
        distinct,
        best_distance: Distance::of_bits(0),
        mean_distance: Distance::of_bits(0),
        query_permille: 0,
        entry_permille,
    }
}

#[test]
fn five_distinct_frames_and_three_seconds_are_a_match_and_less_is_none() {
    let entry = video(60, 500);
    assert!(is_match(&segment(5, 3000, 0), &entry));
    assert!(!is_match(&segment(4, 3000, 0), &entry));
    assert!(!is_match(&segment(5, 2999, 799), &entry));
    assert!(is_match(&segment(5, 0, 800), &entry));
    assert!(!is_match(&segment(4, 90_000, 1000), &entry));
}

#[test]
fn a_segment_of_which_most_frames_are_not_found_is_no_match() {
    let entry = video(60, 500);
    let with = |density_permille| Segment {
        density_permille,
        ..segment(5, 3000, 0)
    };
    assert!(is_match(&with(250), &entry));
    assert!(!is_match(&with(249), &entry));
    // One frame of the upload in three, and of the entry's five one each.
    let (query, entry) = (video(60, 250), video(15, 1000));
    let hits: Vec<Hit> = (0..15).map(|n| hit(4 * n, n, 4)).collect();
    let found = segments(&hits, &query, &entry).unwrap();
    assert_eq!((found[0].frames, found[0].density_permille), (15, 1000));
    let hits: Vec<Hit> = (0..15).map(|n| hit(4 * n, 4 * n, 4)).collect();
    let found = segments(&hits, &query, &video(60, 250)).unwrap();
    assert_eq!(found[0].frames, 15);
    assert!(found[0].density_permille.abs_diff(260) <= 10, "{found:?}");
}

#[test]
fn of_an_entry_with_few_distinct_frames_three_are_enough() {
    let (few, many) = (showing([0, 1, 2, 3, 0, 1], 500), video(5, 500));
    assert!(is_match(&segment(3, 3000, 0), &few));
    assert!(is_match(&segment(3, 0, 800), &few));
    assert!(!is_match(&segment(2, 9000, 1000), &few));
    assert!(!is_match(&segment(3, 2999, 799), &few));
    assert!(!is_match(&segment(3, 3000, 1000), &many));
}

#[test]
fn a_clip_of_two_seconds_that_is_shown_whole_is_a_match() {
    let (query, entry) = (video(40, 500), video(4, 500));
    let hits: Vec<Hit> = (0..4).map(|n| hit(10 + n, n, 4)).collect();
    let found = segments(&hits, &query, &entry).unwrap();
    assert_eq!((found[0].span_ms, found[0].entry_permille), (1500, 1000));
    assert!(is_match(&found[0], &entry));
}

#[test]
fn a_timeline_counts_what_is_distinct_and_a_second_of_each_frame() {
    let frame = |at_ms, lasts_cs, byte| FrameHash {
        at_ms,
        lasts_cs,
        quality: Quality::DEFAULT_MINIMUM,
        pdq: Pdq::from_bytes([byte; 32]),
    };
    let frames = vec![
        frame(100, 30, 7),
        frame(400, 9000, 0xf0),
        frame(90_400, 500, 7),
    ];
    let timeline = Timeline::of(&FrameHashes::new(frames).unwrap());
    assert_eq!((timeline.len(), timeline.distinct()), (3, 2));
    let ends: Vec<u32> = (0..3).map(|n| timeline.frame(n).unwrap().ends_ms).collect();
    assert_eq!(ends, [400, 1400, 91_400]);
    assert_eq!(Timeline::permille([100, 91_400], &timeline), 1000);
    assert_eq!(Timeline::permille([100, 45_750], &timeline), 500);
    assert!(Timeline::of(&FrameHashes::default()).is_empty());
}
