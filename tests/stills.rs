//! Stills in AVIF, HEIC and JPEG XL, and motion photos, to a verdict.
//!
//! Needs an ffmpeg that writes AVIF and JPEG XL; where there is none, tests say that they were skipped.

#![cfg(all(feature = "image", feature = "video", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at what it did not expect, and says what it skipped"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ijkpunt::baseline::{FrameRole, NewRow, Shown};
use ijkpunt::enrol::Enroller;
use ijkpunt::hash::Hasher;
use ijkpunt::limits::Limits;
use ijkpunt::media;
use ijkpunt::media::video::{Ffmpeg, Sampling};
use ijkpunt::screen::{Builder, Call, Evidence, Surface};
use ijkpunt::{List, Screener, Screening};

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ijkpunt-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// What ffmpeg makes of an input; none where it cannot.
    fn made(&self, name: &str, words: &str, input: &str) -> Option<Vec<u8>> {
        let path = self.0.join(name);
        let (before, after) = words.split_once("INPUT").unwrap();
        let status = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-y"])
            .args(before.split_whitespace())
            .args(["-i", input])
            .args(after.split_whitespace())
            .arg(&path)
            .status();
        if !status.is_ok_and(|status| status.success()) {
            eprintln!("skipped: no ffmpeg that writes {name}");
            return None;
        }
        fs::read(path).ok()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn picture(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    folder.join(name)
}

const SCENE: &str = "png/scene-320x240.png";
const PHOTO: &str = "jpeg/baseline-420.jpg";

/// A list of one picture of the test data.
fn list(name: &str) -> List {
    let bytes = fs::read(picture(name)).unwrap();
    let limits = Limits::default();
    let frame = media::frames(&bytes, &limits).next().unwrap().unwrap();
    let transform = Hasher::new().hash(frame.picture()).unwrap();
    let row = NewRow::new("scene", transform.pdq());
    List::from_rows([row.quality(transform.quality())]).unwrap()
}

fn builder(list: List) -> Builder {
    let builder = Screener::builder().list("test", list);
    builder.surface(Surface::Public)
}

fn evidence(screening: Screening) -> Vec<Evidence> {
    match screening {
        Screening::Match(matched) => matched.evidence().to_vec(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_still_is_screened_as_a_picture_and_without_ffmpeg_unsupported() {
    let Ok(ffmpeg) = Ffmpeg::find() else { return };
    let folder = Folder::new("stills");
    let (with, without) = (
        builder(list(SCENE)).videos(ffmpeg).build().unwrap(),
        builder(list(SCENE)).build().unwrap(),
    );
    let input = picture(SCENE);
    for (name, words) in [
        (
            "a.avif",
            "INPUT -frames:v 1 -pix_fmt yuv444p -c:v libaom-av1 -still-picture 1 -crf 15 -cpu-used 8",
        ),
        ("a.jxl", "INPUT -frames:v 1 -pix_fmt rgb24 -c:v libjxl"),
    ] {
        let Some(bytes) = folder.made(name, words, input.to_str().unwrap()) else {
            continue;
        };
        let found = evidence(with.screen(&bytes));
        assert_eq!((found[0].frame, found[0].frame_time), (0, None), "{name}");
        assert!(found[0].distance.unwrap().bits() <= 12, "{name}: {found:?}");
        let in_file = with.screen_file(&folder.0.join(name), Call::new());
        assert_eq!(evidence(in_file), found, "{name}");
        let Screening::Undecided(undecided) = without.screen(&bytes) else {
            panic!("{name}");
        };
        assert!(
            undecided.reason().contains("unsupported format"),
            "{}",
            undecided.reason()
        );
        // What stands behind it is looked for as behind any picture.
        let zip =
            b"PK\x03\x04....PK\x01\x02....PK\x05\x06\0\0\0\0\x01\0\x01\0\x08\0\0\0\x08\0\0\0\0\0";
        let Screening::Match(matched) = with.screen(&[&bytes[..], zip].concat()) else {
            panic!("{name}");
        };
        assert_eq!(matched.gaps().len(), 1, "{:?}", matched.gaps());
    }
}

#[test]
fn a_motion_photo_matches_by_its_picture_and_by_its_video() {
    let Ok(ffmpeg) = Ffmpeg::find() else { return };
    let folder = Folder::new("motion");
    let source = "mandelbrot=s=160x120:r=10:start_scale=3:end_scale=0.2:end_pts=60";
    let words = "-f lavfi INPUT -t 6 -c:v mpeg4 -q:v 3";
    let Some(video) = folder.made("a.mp4", words, source) else {
        return;
    };
    let photo = fs::read(picture(PHOTO)).unwrap();
    let motion = [&photo[..], &video].concat();

    let mut enroller = Enroller::new();
    let (plan, limits) = (Sampling::default(), Limits::default());
    let path = folder.0.join("a.mp4");
    let proposal = enroller
        .propose_video(&path, &ffmpeg, &plan, &limits)
        .unwrap();
    let rows = proposal.frames().as_slice().iter().map(|frame| {
        let shown = Shown::new(frame.at_ms, frame.lasts_cs, FrameRole::Core);
        NewRow::new("film", frame.pdq)
            .quality(frame.quality)
            .shown(shown)
    });
    let film = List::from_rows(rows).unwrap();
    let of_film = builder(film.clone())
        .videos(ffmpeg.clone())
        .build()
        .unwrap();
    let found = evidence(of_film.screen(&motion));
    assert_eq!(found[0].entry.to_string(), "film");
    assert!(!found[0].segments.is_empty());
    let behind_its_name = [&photo[..], b"MotionPhoto_Data", &video].concat();
    assert_eq!(evidence(of_film.screen(&behind_its_name)).len(), 1);

    let of_photo = builder(list(PHOTO)).videos(ffmpeg.clone()).build().unwrap();
    let Screening::Match(matched) = of_photo.screen(&motion) else {
        panic!("the picture is not found");
    };
    assert_eq!(matched.evidence()[0].frame, 0);
    assert!(matched.gaps().is_empty(), "{:?}", matched.gaps());

    // Nothing is left unseen, unless the video is cut, something stands behind it, or nobody opens it.
    let of_other = builder(list(SCENE)).videos(ffmpeg).build().unwrap();
    assert!(matches!(of_other.screen(&motion), Screening::NoMatch(_)));
    let reason = |screening| match screening {
        Screening::Undecided(undecided) => undecided.reason(),
        other => panic!("{other:?}"),
    };
    let cut = &motion[..motion.len() - 3000];
    assert!(reason(of_other.screen(cut)).contains("video"));
    let more = [&motion[..], b"Rar!\x1a\x07\0........"].concat();
    assert!(reason(of_other.screen(&more)).contains("unopened archive (RAR)"));
    let none = builder(film).build().unwrap();
    assert!(reason(none.screen(&motion)).contains("unopened video"));
}
