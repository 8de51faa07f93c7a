//! Frames with times, of an entry and of an upload, to a verdict, and hits of any kind to segments.

use std::sync::OnceLock;
use std::time::Duration;

use ijkpunt::baseline::{FrameRole, List, NewRow, Shown};
use ijkpunt::hash::frames::{FrameHash, FrameHashes};
use ijkpunt::hash::{Pdq, Quality};
use ijkpunt::picture::Picture;
use ijkpunt::screen::vote::{self, Hit, Segment, Timeline};
use ijkpunt::screen::{Call, Effort, Screener, Screening, Surface};

/// Any bytes; panics where something is not as promised.
///
/// A byte that says how many frames the entry has; for each of these, and then of the upload, four bytes: how much later than the one before
/// it begins (two, in milliseconds), what it shows, and what is flipped in that.
pub fn run(bytes: &[u8]) {
    let Some((&head, rest)) = bytes.split_first() else {
        return;
    };
    let (frames, _) = rest.as_chunks::<4>();
    let frames = &frames[..frames.len().min(MOST)];
    let (entry, query) = frames.split_at(frames.len().min(usize::from(head) % MOST));
    let (entry, query) = (timed(entry), timed(query));
    assert_votes(&entry, &query);
    if head >= 0x80 {
        assert_screened(&entry, &query);
    }
}

const MOST: usize = 96;

type Frame = (u32, u8, u8);

fn timed(frames: &[[u8; 4]]) -> Vec<Frame> {
    let mut at = 0u32;
    let frame = |&[low, high, shows, flips]: &[u8; 4]| {
        // Now and then far later.
        let step = u32::from(u16::from_le_bytes([low, high])) << (u32::from(flips >> 6) * 5);
        at = at.saturating_add(step);
        (at, shows, flips)
    };
    frames.iter().map(frame).collect()
}

/// One of 16 codes, with up to 63 bits flipped from its beginning on.
fn code((_, shows, flips): Frame) -> Pdq {
    let mut bytes = [0; 32];
    let mut state = u64::from(shows % 16) << 32 | 0x9e37_79b9;
    for byte in &mut bytes {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        *byte = state.to_le_bytes()[7];
    }
    for bit in 0..usize::from(flips % 64) {
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    Pdq::from_bytes(bytes)
}

fn hashes(frames: &[Frame]) -> FrameHashes {
    let hash = |&frame: &Frame| FrameHash {
        at_ms: frame.0,
        lasts_cs: u16::from(frame.1) * 7,
        quality: Quality::DEFAULT_MINIMUM,
        pdq: code(frame),
    };
    FrameHashes::new(frames.iter().map(hash).collect()).unwrap_or_else(|error| panic!("{error}"))
}

fn assert_votes(entry: &[Frame], query: &[Frame]) {
    let (entry, query) = (hashes(entry), hashes(query));
    let mut hits = Vec::new();
    for (a, one) in query.as_slice().iter().enumerate() {
        for (b, other) in entry.as_slice().iter().enumerate() {
            let distance = one.pdq.distance(other.pdq);
            if distance.bits() <= 48 {
                hits.push(Hit {
                    query: a,
                    entry: b,
                    distance,
                    mirrored: one.pdq.to_bytes()[0] & 1 == 1,
                });
            }
        }
    }
    let (of_query, of_entry) = (Timeline::of(&query), Timeline::of(&entry));
    let found =
        vote::segments(&hits, &of_query, &of_entry).unwrap_or_else(|error| panic!("{error}"));
    hits.reverse();
    let again =
        vote::segments(&hits, &of_query, &of_entry).unwrap_or_else(|error| panic!("{error}"));
    assert!(found == again, "the order of hits matters");
    assert!(found.len() <= 16, "more segments than promised");
    for segment in &found {
        assert_segment(segment, &query, &entry);
    }
    let beyond = Hit {
        query: query.len(),
        entry: 0,
        distance: ZERO.distance(ZERO),
        mirrored: false,
    };
    assert!(
        vote::segments(&[beyond], &of_query, &of_entry).is_err(),
        "a frame that is not there"
    );
}

fn assert_segment(segment: &Segment, query: &FrameHashes, entry: &FrameHashes) {
    for ([from, to], of) in [(segment.query_ms, query), (segment.entry_ms, entry)] {
        assert!(from <= to, "it ends before it begins");
        let begins = |frame: &FrameHash| frame.at_ms == from;
        assert!(of.as_slice().iter().any(begins), "it begins with no frame");
    }
    assert!(
        (480..=2080).contains(&segment.speed_permille),
        "no such speed"
    );
    assert!(
        (3..=segment.frames).contains(&segment.distinct),
        "more distinct frames than frames"
    );
    assert!(
        segment.query_permille <= 1000 && segment.entry_permille <= 1000,
        "more than all"
    );
    assert!(
        segment.best_distance <= segment.mean_distance,
        "a mean below the least"
    );
}

/// Frames as pictures: an upload that is the entry is found if it is long enough, whatever comes before it.
fn assert_screened(entry: &[Frame], query: &[Frame]) {
    let row = |&frame: &Frame| {
        let shown = Shown::new(
            frame.0,
            50,
            FrameRole::ALL[usize::from(frame.1) / 43 % FrameRole::ALL.len()],
        );
        NewRow::new("entry", picture_hash(frame.1))
            .quality(Quality::DEFAULT_MINIMUM)
            .shown(shown)
    };
    let list =
        List::from_rows(entry.iter().take(32).map(row)).unwrap_or_else(|error| panic!("{error}"));
    let screener = Screener::builder()
        .list("list", list)
        .surface(Surface::Public);
    let screener = screener
        .effort(Effort::Plain)
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let mut video = screener.video(Call::new());
    for &(at, shows, _) in query.iter().take(32) {
        let pixels = pixels(shows);
        let picture = Picture::grey(SIDE, SIDE, SIDE as usize, &pixels)
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(
            video.push(&picture, Duration::from_millis(at.into())),
            "it ends by itself"
        );
    }
    match video.finish() {
        Screening::Match(matched) => {
            for evidence in matched.evidence() {
                assert!(!evidence.segments.is_empty(), "a match without a segment");
                for segment in &evidence.segments {
                    assert!(segment.distinct >= 3, "a match of too few frames");
                }
            }
        }
        Screening::NoMatch(_) => assert!(!query.is_empty(), "nothing was looked at"),
        Screening::Undecided(undecided) => assert!(!undecided.gaps().is_empty(), "no reason"),
    }
    assert!(
        screener.counts().frames == query.len().min(32) as u64,
        "frames were not counted"
    );
}

const SIDE: u32 = 24;

/// One of 256 pictures of squares.
fn pixels(shows: u8) -> Vec<u8> {
    let pixel = |k: u32| {
        let (x, y) = (k % SIDE / 3, k / SIDE / 3);
        let mixed =
            (x * 31 + y * 17 + 1).wrapping_mul(u32::from(shows).wrapping_mul(0x9e37) + 0x3c6f);
        (mixed >> 5).to_le_bytes()[0]
    };
    (0..SIDE * SIDE).map(pixel).collect()
}

fn picture_hash(shows: u8) -> Pdq {
    static HASHES: OnceLock<Vec<Pdq>> = OnceLock::new();
    let hash = |shows| {
        let pixels = pixels(shows);
        let picture = Picture::grey(SIDE, SIDE, SIDE as usize, &pixels)
            .unwrap_or_else(|error| panic!("{error}"));
        let transform = ijkpunt::hash::Hasher::new()
            .hash(&picture)
            .unwrap_or_else(|error| panic!("{error}"));
        transform.pdq()
    };
    HASHES.get_or_init(|| (0..=u8::MAX).map(hash).collect())[usize::from(shows)]
}

const ZERO: Pdq = Pdq::from_bytes([0; 32]);
