//! Files to proposals, and proposals to lists: what is kept, what is told, and that nothing ends it.

#![cfg(feature = "image")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use std::fs;
use std::path::Path;

use ijkpunt::baseline::{Code, Profile};
use ijkpunt::enrol::{Enroller, Known, Proposal};
use ijkpunt::hash::DigestKind;
use ijkpunt::media::{self, Background};
use ijkpunt::view::{MINIMUM_QUALITY, WINDOWS_KEPT};
use ijkpunt::{Hasher, Limits, List};

const SCENE: &str = "png/scene-320x240.png";
const OTHER: &str = "png/scene-513x300.png";

fn bytes_of(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    fs::read(folder.join(name)).unwrap()
}

fn propose(bytes: &[u8]) -> Proposal {
    Enroller::new().propose(bytes, &Limits::default())
}

/// Every picture of `testdata`, with its name.
fn pictures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    let kinds = fs::read_dir(&folder).unwrap().map(|kind| kind.unwrap());
    let files = kinds.flat_map(|kind| fs::read_dir(kind.path()).unwrap());
    let named = files.map(|file| {
        let path = file.unwrap().path();
        (path.display().to_string(), fs::read(&path).unwrap())
    });
    let mut all: Vec<_> = named.collect();
    all.sort();
    all
}

#[test]
fn of_every_frame_the_very_hash_is_kept_and_windows_lie_in_the_picture() {
    let limits = Limits::default();
    let mut windows = 0;
    for (name, bytes) in pictures() {
        let proposal = propose(&bytes);
        assert_eq!(proposal.sha256(), Some(DigestKind::Sha256.of(&bytes)));
        let frames = media::frames(&bytes, &limits).filter_map(Result::ok);
        let mut hasher = Hasher::new();
        let hashed = frames.filter_map(|frame| {
            let transform = hasher.hash(frame.picture()).ok()?;
            Some((frame.number(), transform.pdq(), transform.quality()))
        });
        let kept = proposal.fingerprints().iter();
        let kept = kept.map(|frame| (frame.frame, frame.pdq, frame.quality));
        assert_eq!(
            kept.collect::<Vec<_>>(),
            hashed.collect::<Vec<_>>(),
            "{name}"
        );
        for frame in proposal.fingerprints() {
            assert!(frame.windows.len() <= WINDOWS_KEPT, "{name}");
            for window in &frame.windows {
                assert!(window.quality.get() >= MINIMUM_QUALITY, "{name}");
            }
            windows += frame.windows.len();
        }
        let gaps = media::frames(&bytes, &limits).filter_map(Result::err);
        assert_eq!(proposal.gaps(), gaps.collect::<Vec<_>>(), "{name}");
    }
    assert!(windows > 100, "{windows}");
}

#[test]
fn the_list_of_proposals_has_all_of_them_and_is_read_again_as_it_was() {
    let (scene, other) = (propose(&bytes_of(SCENE)), propose(&bytes_of(OTHER)));
    let list = List::from_proposals([("scene", &scene), ("other", &other)]).unwrap();
    let rows = |proposal: &Proposal| 2 + proposal.fingerprints()[0].windows.len();
    assert_eq!(list.rows().len(), rows(&scene) + rows(&other));
    assert_eq!(list.entries().len(), 2);
    assert_eq!(list.windows(), rows(&scene) + rows(&other) - 4);
    let mut csv = Vec::new();
    list.write_csv(&mut csv).unwrap();
    let again = List::from_bytes(&csv).unwrap();
    assert_eq!(again.digest(), list.digest());
    assert_eq!(again.reading().refused(), 0);
    assert_eq!(again.rows(), list.rows());
    for row in again.rows() {
        assert_eq!(row.part().is_some(), row.profile() == Profile::Windows);
        assert!(matches!(row.code(), Code::Digest(_)) || row.quality().is_some());
    }
}

#[test]
fn frames_of_an_animation_are_told_by_their_labels() {
    let proposal = propose(&bytes_of("gif/animated-background-ignored.gif"));
    let frames = proposal.fingerprints();
    assert!(frames.len() > 1);
    let list = List::from_proposals([("item", &proposal)]).unwrap();
    for frame in frames {
        let labels: Vec<_> = list
            .rows()
            .iter()
            .filter(|row| row.pdq() == Some(frame.pdq))
            .map(|row| row.label())
            .collect();
        let number = (frame.frame > 0).then(|| format!("frame {}", frame.frame));
        let ground = (frame.background == Background::White).then(|| "on white".to_owned());
        let words: Vec<String> = number.into_iter().chain(ground).collect();
        let label = (!words.is_empty()).then(|| words.join(" "));
        assert!(labels.contains(&label.as_deref()), "{labels:?}");
    }
    assert_eq!(list.entries().len(), 1);
}

#[test]
fn what_is_known_is_told_turned_and_mirrored_too() {
    let (scene, other) = (propose(&bytes_of(SCENE)), propose(&bytes_of(OTHER)));
    let list = List::from_proposals([("scene", &scene), ("again", &scene)]).unwrap();
    let known = Known::new(&list);
    let near = known.near(&scene);
    let told: Vec<_> = near
        .iter()
        .map(|near| (near.entry, near.distance))
        .collect();
    assert_eq!(told, [("scene", None), ("again", None)]);
    assert!(known.near(&other).is_empty());

    let image = image::load_from_memory(&bytes_of(SCENE))
        .unwrap()
        .into_rgb8();
    for changed in [
        image::imageops::rotate90(&image),
        image::imageops::flip_horizontal(&image),
    ] {
        let (width, height) = changed.dimensions();
        let stride = 3 * width as usize;
        let picture = ijkpunt::Picture::rgb(width, height, stride, changed.into_raw()).unwrap();
        let proposal = Enroller::new().propose_picture(&picture).unwrap();
        assert_eq!(proposal.sha256(), None);
        let near = known.near(&proposal);
        assert_eq!((near.len(), near[0].entry), (2, "scene"));
        assert!(near[0].distance.unwrap().bits() <= 24, "{near:?}");
    }
}

#[test]
fn what_cannot_be_looked_at_is_told_and_has_no_hash() {
    for (bytes, reason) in [
        (b"a text".to_vec(), "not an image"),
        (Vec::new(), "not an image"),
        (bytes_of(SCENE)[..40].to_vec(), "truncated"),
    ] {
        let proposal = propose(&bytes);
        assert!(proposal.fingerprints().is_empty());
        let gaps: Vec<String> = proposal.gaps().iter().map(ToString::to_string).collect();
        assert!(gaps.iter().any(|gap| gap.contains(reason)), "{gaps:?}");
        assert_eq!(proposal.rows("item").count(), 1);
    }
    let tiny = ijkpunt::Picture::grey(4, 4, 4, vec![0; 16]).unwrap();
    assert!(Enroller::new().propose_picture(&tiny).is_err());
}

#[test]
fn limits_leave_windows_out_and_that_is_told_once() {
    let bytes = bytes_of("gif/animated-background-ignored.gif");
    let all = propose(&bytes);
    for (pixels, memory) in [(0, u64::MAX), (u64::MAX, 3 << 20)] {
        let mut limits = Limits::default();
        limits.view_pixels = pixels;
        limits.memory_bytes = limits.memory_bytes.min(memory);
        let proposal = Enroller::new().propose(&bytes, &limits);
        assert_eq!(proposal.gaps().len(), 1, "{:?}", proposal.gaps());
        let wholes = |proposal: &Proposal| {
            let frames = proposal.fingerprints().iter();
            frames
                .map(|frame| (frame.pdq, frame.quality))
                .collect::<Vec<_>>()
        };
        assert_eq!(wholes(&proposal), wholes(&all));
        assert!(
            proposal
                .fingerprints()
                .iter()
                .all(|frame| frame.windows.is_empty())
        );
    }
}

#[test]
fn cut_and_changed_files_end_in_a_proposal() {
    for name in [
        "png/scene-97x61.png",
        "gif/animated-background-ignored.gif",
        "jpeg/baseline-420-97x61.jpg",
    ] {
        let bytes = bytes_of(name);
        let step = bytes.len() / 150 + 1;
        for at in (0..bytes.len()).step_by(step) {
            let cut = propose(&bytes[..at]);
            let mut flipped = bytes.clone();
            flipped[at] ^= 0xff;
            for proposal in [cut, propose(&flipped)] {
                let is_told = !proposal.gaps().is_empty() || !proposal.fingerprints().is_empty();
                assert!(is_told, "{name} at {at}");
                let rows = List::from_proposals([("item", &proposal)]).unwrap();
                assert!(!rows.rows().is_empty());
            }
        }
    }
}

#[test]
fn proposals_and_their_parts_show_no_hash_in_logs() {
    let proposal = propose(&bytes_of(SCENE));
    let shown = format!("{proposal:?} {:?}", proposal.fingerprints()[0].windows);
    let pdq = proposal.fingerprints()[0].pdq.to_string();
    let digest = proposal.sha256().unwrap().to_string();
    assert!(
        !shown.contains(&pdq[..8]) && !shown.contains(&digest[..8]),
        "{shown}"
    );
}
