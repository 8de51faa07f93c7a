//! Bytes to a verdict: "no match" only where everything was looked at, a match only where something is near.

use std::sync::LazyLock;

use ijkpunt::baseline::List;
use ijkpunt::baseline::generic::{Asking, asking};
use ijkpunt::hash::{Hasher, Pdq, Quality, Radius, Transform};
use ijkpunt::media::{self, Frame, MediaError};
use ijkpunt::screen::{Screener, Screening, Surface};
use ijkpunt::view::{Kind, Viewer};

/// Any bytes; panics where something is not as promised.
pub fn run(bytes: &[u8]) {
    match SCREENER.screen(bytes) {
        Screening::NoMatch(_) => {
            let frames = looked_at(bytes);
            assert!(
                frames.iter().all(Result::is_ok),
                "no match, and a frame was not given"
            );
            assert!(
                frames
                    .iter()
                    .flatten()
                    .any(|frame| is_usable(frame) || has_parts(frame)),
                "no match, and neither a frame nor a view was looked up"
            );
            assert!(
                !frames.iter().flatten().any(is_near),
                "no match, and a frame is near"
            );
        }
        Screening::Match(matched) => {
            let evidence = matched.evidence();
            let radius = Radius::DEFAULT;
            assert!(!evidence.is_empty(), "a match without evidence");
            assert!(
                evidence
                    .iter()
                    .all(|e| e.distance.is_some_and(|d| radius.covers(d))),
                "evidence that is far"
            );
            assert!(
                evidence.is_sorted_by_key(|e| e.distance),
                "evidence out of order"
            );
            assert!(
                evidence.iter().all(|e| &*e.entry != "flat"),
                "a flat row was searched"
            );
            assert!(
                looked_at(bytes)
                    .iter()
                    .flatten()
                    .any(|frame| is_near(frame) || has_near_parts(frame)),
                "a match, and neither a frame nor a view is near"
            );
            for e in evidence {
                assert!(
                    e.place.is_none() == (e.view == Kind::Full),
                    "a view without a place"
                );
                assert!(!e.negative || e.view == Kind::Full, "a negative of a view");
            }
        }
        Screening::Undecided(undecided) => {
            assert!(!undecided.gaps().is_empty(), "undecided without a reason");
            assert!(
                undecided.kind() == undecided.gaps()[0].kind(),
                "not the first gap's kind"
            );
            assert!(!undecided.reason().is_empty(), "no reason in words");
        }
    }
}

/// What the screener had to look at. It was in time, so nothing is timed again.
fn looked_at(bytes: &[u8]) -> Vec<Result<Frame, MediaError>> {
    media::frames(bytes, &super::upload_limits()).collect()
}

fn is_usable(frame: &Frame) -> bool {
    transform(frame).is_some_and(|transform| transform.quality() >= Quality::DEFAULT_MINIMUM)
}

/// As it is, turned, mirrored, or as a negative.
fn is_near(frame: &Frame) -> bool {
    let is_near = |pdq: Pdq| is_listed(pdq) || is_listed(pdq.negative());
    is_usable(frame) && transform(frame).is_some_and(|t| t.forms().into_iter().any(is_near))
}

fn is_listed(pdq: Pdq) -> bool {
    CODES
        .iter()
        .any(|&code| Radius::DEFAULT.covers(pdq.distance(code)))
}

fn has_parts(frame: &Frame) -> bool {
    let views = Viewer::new().views(frame.picture(), &super::upload_limits());
    views.is_ok_and(|views| views.len() > 1)
}

fn has_near_parts(frame: &Frame) -> bool {
    let views = Viewer::new().views(frame.picture(), &super::upload_limits());
    let views = views.unwrap_or_default();
    let mut codes = views.iter().skip(1).flat_map(|view| view.codes());
    codes.any(|(_, pdq)| is_listed(pdq))
}

fn transform(frame: &Frame) -> Option<Transform> {
    Hasher::new().hash(frame.picture()).ok()
}

static SCREENER: LazyLock<Screener> = LazyLock::new(|| {
    let list = List::from_bytes(LIST.as_bytes());
    list.map_err(|error| error.to_string())
        .and_then(|list| {
            let screener = Screener::builder()
                .list("fuzz", list)
                .surface(Surface::Public);
            let screener = screener.limits(super::upload_limits()).build();
            screener.map_err(|error| error.to_string())
        })
        .unwrap_or_else(|error| panic!("the list of the target: {error}"))
});

/// The codes of [`LIST`] that are searched.
static CODES: LazyLock<Vec<Pdq>> = LazyLock::new(|| {
    let rows = LIST.lines().filter(|line| !line.ends_with(",0"));
    let codes = rows.filter_map(|row| row.split(',').nth(1)?.parse().ok());
    let codes: Vec<Pdq> = codes.collect();
    let is_normal = |code: &Pdq| asking(*code) == Asking::Normal;
    assert!(codes.iter().all(is_normal), "a plain row is asked less");
    codes
});

/// Hashes of seeds: two scenes of testdata, and a flat picture whose row is too poor to be searched.
const LIST: &str = "\
id,pdq,quality
scene,69db706a9e28918f699195fc78326cfa4a043343d5c5c71ea8fab2b1213f5f42,100
second-frame,13c255641a3ba2d7a29d0db4d72ad86ae081f41abe512f7df4a5c13958417fd3,100
flat,ffff00002c4bffffffff0000ffff0000000000000000ffffffff00000000ffff,0
";
