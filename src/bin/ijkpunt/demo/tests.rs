//! Small platforms, from end to end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use ijkpunt::hash::Transform;
use ijkpunt::{Hasher, Quality, Radius};

use crate::work::spread;

use super::edits::Edit;
use super::effort::Effort;
use super::plan::{Expected, Kind, Source};
use super::screening::Tally;
use super::*;

const SMALL: Sizes = Sizes {
    items: 6,
    unchanged: 2,
    each_edit: 2,
    cut_short: 1,
    unrelated: 5,
    each_family: 9,
};

/// A folder that goes away.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("ijkpunt-demo-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn demo(dir: PathBuf, photos: Option<PathBuf>) -> Result<String, DemoError> {
    let mut out = Vec::new();
    let args = Args { dir, photos };
    run_sized(&args, SMALL, &Invocation::current(), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

/// Every file below a folder with its bytes.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    all
}

#[test]
fn the_same_command_writes_the_same_bytes() {
    let scratch = Scratch::new("same");
    demo(scratch.join("a"), None).unwrap();
    let first = files(&scratch.join("a"));
    demo(scratch.join("a"), None).unwrap();
    assert_eq!(first, files(&scratch.join("a")));
    assert_eq!(first.len(), 2 + 20 * 2 + 1 + 5 + 7 * 9 + 3 + 4); // and list, truth, marker; four that are installed
}

#[test]
fn a_small_platform_comes_out_as_the_report_says() {
    let scratch = Scratch::new("report");
    let text = demo(scratch.join("a"), None).unwrap();
    for row in [
        "  sent on as it is, as PNG or WebP           2      2         0          0  all found",
        "  a much poorer JPEG, noisy, or blurred      2      2         0          0  all found",
        "  mirrored, or turned by a quarter           2      2         0          0  all found",
        "  behind a blank frame: GIF, APNG, TIFF      2      2         0          0  all found",
        "  framed by a border of 12 %                 2      2         0          0  all found",
        "  a negative: all colours inverted           2      2         0          0  all found",
        "  cropped to the middle 80 %                 2      2         0          0  all found",
        "  pictures that nobody listed                5      0         5          0  as it should be",
        "  odd but whole: notes, zeros, alpha         9      0         9          0  as it should be",
        "  damaged: garbage, false ends, loops        9      0         0          9  as it should be",
        "cannot be judged: undecided is right        54      0         0         54  as it should be",
    ] {
        assert!(text.lines().any(|line| line == row), "{row}\n{text}");
    }
    assert!(text.contains("0 copies matched another item"), "{text}");
    assert!(text.contains("screen --baseline demo="), "{text}");
    let truth = fs::read_to_string(scratch.join("a/truth.csv")).unwrap();
    assert_eq!(truth.lines().count(), 1 + 111);
    let list = fs::read_to_string(scratch.join("a/list.csv")).unwrap();
    assert!(list.starts_with("id,pdq,"), "{list}");
    assert!(list.lines().count() > 1 + 6 * 8, "{list}");
}

/// What came out for every kind, of a platform that has every variant of it.
fn tallies() -> Vec<(Kind, Tally)> {
    let scratch = Scratch::new("tallies");
    let folder = Folder::admit(&scratch.join("a")).unwrap();
    folder.clear().unwrap();
    let sizes = Sizes {
        items: 8,
        unchanged: 2,
        each_edit: 8,
        cut_short: 4,
        unrelated: 6,
        each_family: 24,
    };
    let written = platform::write(&folder, &Album::Scenes, &sizes).unwrap();
    let names = written.iter().map(|written| written.name.split_once('-'));
    let shown: BTreeSet<&str> = names.map(|name| name.unwrap().1).collect();
    for (name, _) in Kind::all().flat_map(Kind::variants) {
        assert!(shown.contains(name), "{name}");
    }
    screening::screen(&folder, &written).unwrap().tallies
}

#[test]
fn every_kind_comes_out_as_is_expected_of_this_version() {
    for (kind, tally) in tallies() {
        assert_eq!(tally.wrong, 0, "{kind:?}");
        let right = match kind.expected() {
            Expected::Found(_) if kind == Kind::CutShort => tally.found + tally.undecided,
            Expected::Found(Effort::Plain) => tally.found,
            // Most of them: nobody promises that what was disguised is found.
            Expected::Found(_) => {
                // Of scenes, which have few points, half of what stickers cover.
                let quarters = if kind == Kind::Edited(Edit::Covered) {
                    2
                } else {
                    3
                };
                assert!(
                    4 * tally.found >= quarters * tally.files,
                    "{kind:?}: {tally:?}"
                );
                tally.found + tally.no_match
            }
            Expected::NoMatch => tally.no_match,
            Expected::Undecided => tally.undecided,
        };
        assert_eq!(right, tally.files, "{kind:?}: {tally:?}");
    }
}

#[test]
fn every_variant_copes_with_the_smallest_and_the_oddest_shapes() {
    let shapes = [(1, 1), (2, 3), (5, 5), (1, 700), (700, 1), (64, 65)];
    spread(&shapes, |&(width, height)| {
        let image = image::imageops::thumbnail(&scene::scene(9), width, height);
        for (name, make) in Kind::all().flat_map(Kind::variants) {
            for number in [0, 1003] {
                let bytes = make(&image, number).unwrap();
                assert!(!bytes.is_empty() || *name == "empty.png", "{name}");
            }
        }
    });
}

#[test]
fn no_line_of_the_report_is_too_long() {
    let scratch = Scratch::new("lines");
    let text = demo(scratch.join("a"), None).unwrap();
    let (report, commands) = text.split_once("What to try next:").unwrap();
    let (head, report) = report.split_once('\n').unwrap(); // which names the folder
    assert!(head.starts_with("A small platform"), "{head}");
    for line in report.lines() {
        assert!(line.len() <= table::WIDTH, "{line}");
    }
    assert_eq!(commands.matches("  # ").count(), 5, "{commands}");
}

#[test]
fn all_scenes_are_detailed_and_no_two_are_alike() {
    let items = (0..Sizes::FULL.items).map(Source::Item);
    let unrelated = (0..Sizes::FULL.unrelated).map(Source::Unrelated);
    let sources: Vec<Source> = items.chain(unrelated).collect();
    let hash = |source: &Source| -> Transform {
        let image = Album::Scenes.picture(*source).unwrap();
        Hasher::new()
            .hash(&encode::picture(&image).unwrap())
            .unwrap()
    };
    let transforms = spread(&sources, hash);
    for (number, one) in transforms.iter().enumerate() {
        assert!(
            one.quality() >= Quality::new(80).unwrap(),
            "{:?}",
            sources[number]
        );
        let forms = one.forms();
        for (other, known) in transforms[..number].iter().enumerate() {
            let known = known.pdq();
            for form in forms {
                let distance = form.distance(known);
                assert!(
                    !Radius::DEFAULT.covers(distance),
                    "{number} and {other}: {distance}"
                );
            }
        }
    }
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_left_alone() {
    let scratch = Scratch::new("refused");
    fs::write(scratch.join("diary.txt"), "mine").unwrap();
    let before = files(&scratch.0);
    let error = demo(scratch.0.clone(), None).unwrap_err();
    assert!(matches!(error, DemoError::NotOurs { .. }), "{error}");
    let error = demo(scratch.join("diary.txt"), None).unwrap_err();
    assert!(matches!(error, DemoError::NotOurs { .. }), "{error}");
    assert_eq!(before, files(&scratch.0));
}

#[test]
fn what_somebody_put_beside_the_demo_stays() {
    let scratch = Scratch::new("beside");
    demo(scratch.join("a"), None).unwrap();
    fs::write(scratch.join("a/notes.txt"), "mine").unwrap();
    fs::write(scratch.join("a/uploads/left-over.jpg"), "old").unwrap();
    demo(scratch.join("a"), None).unwrap();
    assert!(scratch.join("a/notes.txt").exists());
    assert!(!scratch.join("a/uploads/left-over.jpg").exists());
}

/// Scenes as photos, one of them twice, one flat, one that is none.
fn photos(dir: &Path, count: u64) {
    fs::create_dir_all(dir.join("deeper")).unwrap();
    for number in 0..count {
        let image = scene::scene(7000 + number);
        fs::write(
            dir.join(format!("deeper/{number}.JPG")),
            encode::jpeg(&image, 90).unwrap(),
        )
        .unwrap();
    }
    let copy = encode::png(&scene::scene(7000)).unwrap();
    fs::write(dir.join("zz-copy.png"), copy).unwrap();
    let flat = encode::png(&image::RgbImage::new(100, 100)).unwrap();
    fs::write(dir.join("zz-flat.png"), flat).unwrap();
    fs::write(dir.join("zz-none.jpg"), "no picture").unwrap();
    fs::write(dir.join("text.txt"), "not even named like one").unwrap();
}

#[test]
fn photos_take_the_place_of_scenes() {
    let scratch = Scratch::new("photos");
    photos(&scratch.join("in"), 5);
    let text = demo(scratch.join("out"), Some(scratch.join("in"))).unwrap();
    assert!(text.contains("3 listed items"), "{text}");
    assert!(text.contains("Passed over: 3 ("), "{text}");
    assert!(text.contains("Fewer photos, fewer files"), "{text}");
    let list = fs::read_to_string(scratch.join("out/list.csv")).unwrap();
    assert_eq!(
        list.lines()
            .filter(|row| row.contains(",own photo,pdq/full"))
            .count(),
        3
    );
}

#[test]
fn fewer_than_four_photos_are_refused_before_anything_is_written() {
    let scratch = Scratch::new("few");
    photos(&scratch.join("in"), 3);
    let error = demo(scratch.join("out"), Some(scratch.join("in"))).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("holds 3 pictures that can be used"),
        "{error}"
    );
    assert!(!scratch.join("out").exists());
}

#[test]
fn a_demo_is_no_source_of_photos_for_itself() {
    let scratch = Scratch::new("itself");
    photos(&scratch.join("in"), 4);
    demo(scratch.join("in/demo"), Some(scratch.join("in"))).unwrap();
    let again = demo(scratch.join("in/demo"), Some(scratch.join("in"))).unwrap();
    assert!(again.contains("2 listed items"), "{again}");
    let inside = Some(scratch.join("in/demo/uploads"));
    let error = demo(scratch.join("in/demo"), inside).unwrap_err();
    assert!(matches!(error, DemoError::PhotosInside { .. }), "{error}");
}
