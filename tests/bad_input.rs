//! Bad and awkward uploads: each within 256 MiB and 2 s, without a panic that gets out, and never "no match" when it was
//! not looked at.

#![cfg(feature = "image")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]
#![allow(
    clippy::print_stdout,
    reason = "time and memory of each case, shown with --nocapture"
)]

mod hostile;

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use ijkpunt::hash::{Hasher, Pdq};
use ijkpunt::media::{self, Frame};
use ijkpunt::screen::UndecidedKind;
use ijkpunt::{Dihedral, Limits, List, Screener, Screening, Surface};
use image::{DynamicImage, ImageFormat};
use peak_alloc::PeakAlloc;
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is measured for the whole process, so one upload is looked at at a time.
static ALONE: Mutex<()> = Mutex::new(());

const TIME: Duration = Duration::from_secs(2);

/// What this thread has had of a core: on a busy machine, wall time says nothing about the decoder.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

/// A list of the hashes of these frames.
fn list_of(frames: &[Frame]) -> List {
    let mut csv = String::from("id,pdq\n");
    for frame in frames {
        let pdq = Hasher::new().hash(frame.picture()).unwrap().pdq();
        csv += &format!("frame-{},{pdq}\n", frame.number());
    }
    List::from_bytes(csv.as_bytes()).unwrap()
}

/// A list with one hash that nothing here comes near to.
fn list_of_nothing() -> List {
    let csv = format!("id,pdq\nnothing,{}\n", Pdq::from_bytes([0x5a; 32]));
    List::from_bytes(csv.as_bytes()).unwrap()
}

fn screener(list: List) -> Screener {
    let builder = Screener::builder().list("test", list);
    builder.surface(Surface::Public).build().unwrap()
}

/// The verdict, within the time and memory that every upload gets.
fn screen_within(name: &str, bytes: &[u8], list: List) -> Screening {
    measure(name, bytes, list).0
}

/// The verdict, and the bytes of memory that it took.
fn measure(name: &str, bytes: &[u8], list: List) -> (Screening, usize) {
    let alone = ALONE
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let screener = screener(list);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let start = cpu_time();
    let verdict = screener.screen(bytes);
    let took = cpu_time() - start;
    let used = MEMORY.peak_usage().saturating_sub(before);
    drop(alone);
    println!("{name}: {} in {took:?}, {} KiB", verdict.name(), used >> 10);
    assert!(used <= 256 << 20, "{name}: {used} bytes");
    assert!(took < TIME, "{name}: {took:?}");
    (verdict, used)
}

fn undecided(name: &str, bytes: &[u8]) -> (UndecidedKind, String) {
    match screen_within(name, bytes, list_of_nothing()) {
        Screening::Undecided(undecided) => (undecided.kind(), undecided.reason()),
        other => panic!("{name}: {other:?}"),
    }
}

fn picture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    fs::read(folder.join(name)).unwrap()
}

fn frames(bytes: &[u8]) -> Vec<Frame> {
    let limits = Limits::default();
    media::frames(bytes, &limits)
        .filter_map(Result::ok)
        .collect()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn what_is_no_image_is_undecided() {
    let cases: [(&str, &[u8]); 6] = [
        ("no bytes", b""),
        (
            "a text",
            b"this is a text whose name ends in .jpg, and it is long enough",
        ),
        ("magic of a PNG only", b"\x89PNG\r\n\x1a\n"),
        ("magic of a JPEG only", b"\xff\xd8\xff\xe0"),
        ("magic of a GIF only", b"GIF89a"),
        ("magic of a WebP only", b"RIFF\x10\0\0\0WEBPVP8 "),
    ];
    for (name, bytes) in cases {
        let (kind, reason) = undecided(name, bytes);
        assert_eq!(
            (kind, &*reason),
            (UndecidedKind::NotAnImage, "not an image"),
            "{name}"
        );
    }
}

#[test]
fn what_is_not_opened_is_named() {
    for (bytes, expected) in hostile::NOT_OPENED {
        let (kind, reason) = undecided(expected, bytes);
        assert_eq!((kind, &*reason), (UndecidedKind::Unsupported, expected));
    }
}

#[test]
fn headers_that_promise_too_much_are_refused_before_anything_is_allocated() {
    let mut gif = picture("gif/single.gif");
    gif[6..10].fill(0xff);
    let mut bmp = picture("bmp/rgb24.bmp");
    bmp[18..22].copy_from_slice(&60_000u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&60_000u32.to_le_bytes());
    let mut webp = picture("webp/lossless.webp");
    let at = webp.windows(4).position(|w| w == b"VP8L").unwrap() + 9;
    let sides = 11_999u32 | 11_999 << 14;
    webp[at..at + 4].copy_from_slice(&sides.to_le_bytes());
    let cases = [
        (
            "PNG of 100,000 x 100,000",
            hostile::png(100_000, 100_000, 8, 2, &[]),
        ),
        (
            "PNG of 12,000 x 12,000",
            hostile::png(12_000, 12_000, 1, 0, &[]),
        ),
        ("PNG of 8192 x 8193", hostile::png(8192, 8193, 1, 0, &[])),
        (
            "RGBA PNG of 8192 x 8192",
            hostile::png(8192, 8192, 8, 6, &[]),
        ),
        (
            "JPEG of 65,500 x 65,500",
            hostile::baseline(65_500, 65_500, &[0; 100]),
        ),
        (
            "progressive JPEG of 16,000 x 16,000",
            hostile::progressive(16_000, 16_000, 5, None),
        ),
        ("GIF of 65,535 x 65,535", gif),
        ("BMP of 60,000 x 60,000", bmp),
        ("WebP of 12,000 x 12,000", webp),
    ];
    for (name, bytes) in cases {
        let (verdict, used) = measure(name, &bytes, list_of_nothing());
        let Screening::Undecided(undecided) = verdict else {
            panic!("{name}: {verdict:?}");
        };
        assert_eq!(undecided.kind(), UndecidedKind::Limit, "{name}");
        assert!(used < 4 << 20, "{name} took {used} bytes first");
    }
}

#[test]
fn the_largest_pictures_that_are_admitted_stay_within_the_budget() {
    let black = encoded(&DynamicImage::new_rgb8(8192, 8192), ImageFormat::Png);
    let (kind, reason) = undecided("black PNG of 8192 x 8192", &black);
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
    assert!(reason.contains("quality 0"), "{reason}");
    let cut = hostile::baseline(8192, 8192, &[0; 600]);
    let (kind, reason) = undecided("baseline JPEG of 8192 x 8192 with 600 bytes of data", &cut);
    assert_eq!(kind, UndecidedKind::Malformed, "{reason}");
}

#[test]
fn progressive_bombs_stay_within_the_budget() {
    let cut = hostile::progressive(8000, 8000, 1, Some(600));
    let (kind, reason) = undecided(
        "progressive JPEG of 8000 x 8000 with 600 bytes of data",
        &cut,
    );
    assert_eq!(kind, UndecidedKind::Malformed, "{reason}");

    let many = hostile::progressive(64, 64, 101, None);
    let (kind, reason) = undecided("progressive JPEG of 101 scans", &many);
    assert_eq!(kind, UndecidedKind::Limit);
    assert_eq!(reason, "limit: 101 scans, at most 100 allowed");

    let heavy = hostile::progressive(2700, 2700, 100, None);
    let (kind, reason) = undecided("progressive JPEG of 7.3 MP and 100 scans", &heavy);
    assert_eq!(kind, UndecidedKind::Limit, "{reason}");

    let admitted = hostile::progressive(2560, 2600, 100, None);
    let (kind, reason) = undecided("progressive JPEG of 6.7 MP and 100 scans", &admitted);
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
}

#[test]
fn tiny_and_flat_pictures_are_undecided() {
    let tiny = |width, height| encoded(&DynamicImage::new_rgb8(width, height), ImageFormat::Png);
    for (width, height) in [(1, 1), (1, 65_000), (65_000, 1), (4, 4), (4, 1000)] {
        let (kind, reason) = undecided("tiny", &tiny(width, height));
        assert_eq!(kind, UndecidedKind::TooSmall);
        assert!(reason.contains(&format!("{width} x {height}")), "{reason}");
    }
    let (kind, reason) = undecided("flat", &picture("png/flat-160x120.png"));
    assert_eq!(kind, UndecidedKind::TooLittleDetail);
    assert_eq!(
        reason,
        "too little detail (quality 0, list test asks for 50)"
    );
    let (kind, _) = undecided("quality 49", &picture("png/quality-49.png"));
    assert_eq!(kind, UndecidedKind::TooLittleDetail);
    let enough = screen_within(
        "quality 50",
        &picture("png/quality-50.png"),
        list_of_nothing(),
    );
    assert!(matches!(enough, Screening::NoMatch(_)));
}

#[test]
fn a_cut_jpeg_or_png_gives_what_decoded_and_is_undecided_unless_that_matches() {
    let names = [
        "jpeg/baseline-420.jpg",
        "jpeg/baseline-444.jpg",
        "jpeg/progressive-422.jpg",
        "jpeg/grey.jpg",
        "jpeg/ycck-adobe.jpg",
        "png/rgb8.png",
        "png/grey16.png",
        "png/scene-320x240.png",
    ];
    for name in names {
        let whole = picture(name);
        for percent in [50, 90] {
            let cut = &whole[..whole.len() * percent / 100];
            let partial = frames(cut);
            assert!(!partial.is_empty(), "{name} {percent} %");
            assert!(partial.iter().all(Frame::is_partial), "{name} {percent} %");
            let (kind, reason) = undecided(name, cut);
            assert_eq!(
                kind,
                UndecidedKind::Truncated,
                "{name} {percent} %: {reason}"
            );
            let found = screen_within(name, cut, list_of(&partial));
            let Screening::Match(found) = found else {
                panic!("{name} {percent} %: {found:?}");
            };
            assert!(found.evidence()[0].partial && !found.gaps().is_empty());
        }
    }
}

#[test]
fn the_grey_tail_of_a_cut_jpeg_is_taken_away() {
    let whole = picture("jpeg/baseline-420.jpg");
    let partial = frames(&whole[..whole.len() / 2]);
    let [with_tail, without] = &partial[..] else {
        panic!("{} frames", partial.len());
    };
    assert!(without.picture().height() < with_tail.picture().height());
    let intact = &frames(&whole)[0];
    let rows = without.picture().height();
    let hash = |picture: &ijkpunt::Picture<'_>| Hasher::new().hash(picture).unwrap().pdq();
    let same_part = hash(&intact.picture().top(rows - 16));
    let ours = hash(&without.picture().top(rows - 16));
    assert_eq!(
        ours.distance(same_part).bits(),
        0,
        "what decoded is what was there"
    );
}

#[test]
fn an_end_marker_put_on_a_cut_jpeg_does_not_make_it_whole() {
    let cut_and_ended = |whole: &[u8], percent| {
        let mut cut = whole[..whole.len() * percent / 100].to_vec();
        cut.extend([0xff, 0xd9]);
        cut
    };
    for name in [
        "baseline-420",
        "baseline-444",
        "grey",
        "cmyk-adobe",
        "restart-markers",
        "rgb-coded",
    ] {
        let whole = picture(&format!("jpeg/{name}.jpg"));
        for percent in [50, 70, 90] {
            let (kind, reason) = undecided(name, &cut_and_ended(&whole, percent));
            assert_eq!(
                kind,
                UndecidedKind::Malformed,
                "{name} {percent} %: {reason}"
            );
        }
    }
    let progressive = picture("jpeg/progressive-422.jpg");
    let first_scan = progressive
        .windows(2)
        .position(|w| w == [0xff, 0xda])
        .unwrap();
    let in_dc = (first_scan + 300) * 100 / progressive.len();
    let (kind, reason) = undecided("in the DC scan", &cut_and_ended(&progressive, in_dc));
    assert_eq!(kind, UndecidedKind::Malformed, "{reason}");
    // Later scans refine: without them everybody sees the whole picture, coarsely, and it is hashed as it is seen.
    let coarse = cut_and_ended(&progressive, 60);
    let found = screen_within("in a later scan", &coarse, list_of(&frames(&progressive)));
    assert!(matches!(found, Screening::Match(_)), "{found:?}");
}

#[test]
fn a_cut_webp_gif_or_bmp_is_undecided() {
    for name in [
        "webp/lossy.webp",
        "webp/lossless.webp",
        "webp/animated.webp",
        "bmp/rgb24.bmp",
        "gif/animated-partial.gif",
    ] {
        let whole = picture(name);
        for percent in [30, 60, 95] {
            let (kind, reason) = undecided(name, &whole[..whole.len() * percent / 100]);
            assert_eq!(
                kind,
                UndecidedKind::Truncated,
                "{name} {percent} %: {reason}"
            );
        }
    }
}

#[test]
fn frames_before_a_cut_are_looked_at() {
    let whole = picture("gif/animated-blank-first.gif");
    let list = || list_of(&frames(&whole)[1..2]);
    let found = screen_within("cut GIF", &whole[..whole.len() - 200], list());
    let Screening::Match(found) = found else {
        panic!("{found:?}");
    };
    assert_eq!(found.evidence()[0].frame, 1);
    assert_eq!(found.gaps().len(), 1);
}

#[test]
fn a_blank_first_frame_hides_nothing() {
    let whole = picture("gif/animated-blank-first.gif");
    let all = frames(&whole);
    let found = screen_within("GIF", &whole, list_of(&all[2..]));
    let Screening::Match(found) = found else {
        panic!("{found:?}");
    };
    let evidence = &found.evidence()[0];
    assert_eq!((evidence.frame, evidence.distance.unwrap().bits()), (2, 0));
    assert_eq!(evidence.frame_time, Some(Duration::from_millis(600)));
    assert!(
        found.gaps().is_empty(),
        "a flat frame beside usable ones is no gap"
    );
    let none = screen_within("GIF", &whole, list_of_nothing());
    assert!(matches!(none, Screening::NoMatch(_)), "{none:?}");
}

#[test]
fn hidden_colour_under_full_transparency_changes_nothing() {
    let hash = |name| {
        Hasher::new()
            .hash(frames(&picture(name))[0].picture())
            .unwrap()
            .forms()
    };
    assert_eq!(
        hash("png/rgba8-hidden-rgb-scene.png"),
        hash("png/rgba8-hidden-rgb-white.png")
    );
}

#[test]
fn a_turned_file_matches_by_its_orientation_or_by_a_dihedral_form() {
    let upright = frames(&picture("jpeg/exif-orientation-1.jpg"));
    for orientation in 2..=8 {
        let name = format!("jpeg/exif-orientation-{orientation}.jpg");
        let found = screen_within(&name, &picture(&name), list_of(&upright));
        let Screening::Match(found) = found else {
            panic!("{name}: {found:?}");
        };
        assert_eq!(found.evidence()[0].dihedral, Dihedral::Original, "{name}");
    }
}

#[test]
fn an_animated_png_is_not_called_looked_at() {
    let (kind, reason) = undecided("APNG", &picture("png/animated.png"));
    assert_eq!(kind, UndecidedKind::Unsupported);
    assert!(reason.contains("animated PNG"), "{reason}");
}

/// One small file of each kind.
const SMALL: [&str; 12] = [
    "jpeg/baseline-420-97x61.jpg",
    "jpeg/exif-orientation-6.jpg",
    "jpeg/progressive-422.jpg",
    "png/palette4.png",
    "png/rgb8.png",
    "png/grey16.png",
    "gif/single.gif",
    "gif/animated-background-ignored.gif",
    "webp/lossless.webp",
    "webp/lossy.webp",
    "webp/animated.webp",
    "bmp/palette8-rle.bmp",
];

#[test]
fn no_truncation_makes_a_file_look_searched() {
    let screener = screener(list_of_nothing());
    for_each_small(|name, whole| {
        let intact = frames(whole);
        for length in 0..whole.len() {
            let cut = &whole[..length];
            let verdict = screener.screen(cut);
            if matches!(verdict, Screening::NoMatch(_)) {
                let same = |(a, b): (&Frame, &Frame)| a.picture() == b.picture();
                let decoded = frames(cut);
                let is_whole =
                    decoded.len() == intact.len() && decoded.iter().zip(&intact).all(same);
                assert!(is_whole, "{name} cut to {length} of {}", whole.len());
            }
        }
    });
}

#[test]
fn no_flipped_byte_gets_a_panic_out_or_a_verdict_without_a_frame() {
    let screener = screener(list_of_nothing());
    for_each_small(|name, whole| {
        for place in 0..whole.len() {
            let mut flipped = whole.to_vec();
            flipped[place] ^= [0xff, 0x01, 0x80][place % 3];
            let verdict = screener.screen(&flipped);
            if matches!(verdict, Screening::NoMatch(_)) {
                assert!(verdict.quality().is_some(), "{name} {place}");
            }
        }
    });
}

/// Takes the small files to the cores.
fn for_each_small(work: impl Fn(&str, &[u8]) + Sync) {
    std::thread::scope(|scope| {
        for half in SMALL.chunks(SMALL.len() / 2) {
            scope.spawn(|| half.iter().for_each(|name| work(name, &picture(name))));
        }
    });
}
