//! Text of vPDQ to frames and back, to what is kept of them, and to the shares that two halves have of each other.

use ijkpunt::hash::frames::vpdq::{self, Frame, ReadError};
use ijkpunt::hash::frames::{Keeper, contents};
use ijkpunt::hash::{Quality, Radius};
use ijkpunt::limits::Limits;

/// Any bytes; panics where something is not as promised.
pub fn run(bytes: &[u8]) {
    let limits = limits();
    match vpdq::read(bytes, &limits) {
        Ok(frames) => {
            assert!(bytes.len() as u64 <= limits.list_bytes, "above the limit");
            assert!(frames.len() as u64 <= limits.list_rows, "above the limit");
            let again = vpdq::read(vpdq::write(&frames).as_bytes(), &Limits::default());
            assert!(again.as_ref() == Ok(&frames), "written as something else");
            assert_shares(&frames);
            assert_kept(frames);
        }
        Err(error) => {
            let lines = bytes.split(|&c| c == b'\n').count() as u64;
            if let ReadError::Line { line, .. } = error {
                assert!((1..=lines).contains(&line), "no such line");
            }
            assert!(error.to_string().is_ascii(), "the text is in the message");
        }
    }
}

/// Small enough that inputs of a few hundred bytes meet each of them.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.list_bytes = 4096;
    limits.list_rows = 24;
    limits.line_bytes = 100;
    limits
}

fn assert_shares(frames: &[Frame]) {
    let (query, entry) = frames.split_at(frames.len() / 2);
    let one_way = vpdq::shares(query, entry, Radius::DEFAULT);
    let other_way = vpdq::shares(entry, query, Radius::DEFAULT);
    assert!(one_way.is_some() == other_way.is_some(), "shares one way");
    if let (Some(one_way), Some(other_way)) = (one_way, other_way) {
        assert!(
            (one_way.query, one_way.entry) == (other_way.entry, other_way.query),
            "other shares the other way round"
        );
        let naive = |of: &[Frame], with: &[Frame]| {
            let with: Vec<&Frame> = good(with).collect();
            let is_found = |frame: &&Frame| {
                let near = |other: &&Frame| frame.pdq.distance(other.pdq).bits() <= 31;
                with.iter().any(near)
            };
            good(of).filter(is_found).count()
        };
        assert!(one_way.query.found == naive(query, entry), "another share");
        assert!(one_way.entry.found == naive(entry, query), "another share");
    }
}

fn good(frames: &[Frame]) -> impl Iterator<Item = &Frame> {
    frames
        .iter()
        .filter(|frame| frame.quality >= Quality::DEFAULT_MINIMUM)
}

fn assert_kept(mut frames: Vec<Frame>) {
    frames.sort_by_key(|frame| frame.at_ms);
    let mut keeper = Keeper::new();
    for frame in &frames {
        let pushed = keeper.push(frame.at_ms, frame.pdq, frame.quality);
        assert!(pushed.is_ok(), "frames in order are refused");
    }
    let counts = keeper.counts();
    let kept = keeper.finish(u32::MAX);
    assert!(
        counts.seen == frames.len() as u64
            && counts.seen == counts.dropped + counts.merged + kept.len() as u64,
        "frames are missing"
    );
    let numbers = contents(kept.as_slice().iter().map(|frame| frame.pdq));
    let mut next = 0;
    for number in numbers {
        assert!(number <= next, "a number is left out");
        next = next.max(number + 1);
    }
}
