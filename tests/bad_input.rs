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
use ijkpunt::media::{self, Background, Frame, MediaError};
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
        csv += &format!("frame-{}-{:?},{pdq}\n", frame.number(), frame.background());
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
            hostile::still_png(100_000, 100_000, 8, 2, &[]),
        ),
        (
            "PNG of 12,000 x 12,000",
            hostile::still_png(12_000, 12_000, 1, 0, &[]),
        ),
        (
            "PNG of 8192 x 8193",
            hostile::still_png(8192, 8193, 1, 0, &[]),
        ),
        (
            "RGBA PNG of 8192 x 8192",
            hostile::still_png(8192, 8192, 8, 6, &[]),
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

fn items(bytes: &[u8]) -> Vec<Result<Frame, MediaError>> {
    media::frames(bytes, &Limits::default()).collect()
}

/// The reason at the end, after frames of these numbers.
fn gap_after(bytes: &[u8], numbers: &[u32]) -> String {
    let mut items = items(bytes);
    let reason = items.pop().unwrap().unwrap_err().to_string();
    let given: Vec<u32> = items.iter().map(|f| f.as_ref().unwrap().number()).collect();
    assert_eq!(given, numbers, "{reason}");
    reason
}

/// An animated PNG with this many frames announced, of which it has those whose data is given.
fn animated(announced: u32, default_is_frame: bool, frames: &[Vec<u8>]) -> Vec<u8> {
    let side = 24;
    let mut chunks = vec![(*b"IHDR", hostile::png::header(side, side, 8, 0))];
    chunks.push(hostile::png::animation_control(announced));
    let mut sequence = 0;
    let mut control = || {
        sequence += 1;
        sequence - 1
    };
    for (i, samples) in frames.iter().enumerate() {
        let rows = samples.chunks(side as usize);
        let filtered: Vec<u8> = rows.flat_map(|row| [&[0], row].concat()).collect();
        let data = hostile::png::stored(&filtered);
        if i > 0 || default_is_frame {
            chunks.push(hostile::png::frame_control(control(), side, side));
        }
        if i > 0 {
            chunks.push(hostile::png::frame_data(control(), &data));
        } else {
            chunks.push((*b"IDAT", data));
        }
    }
    chunks.push((*b"IEND", Vec::new()));
    hostile::png::file(&chunks)
}

/// Pixels with some structure, other ones for each seed.
fn noise(seed: u32, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

fn three_frames() -> Vec<Vec<u8>> {
    (1..4).map(|seed| noise(seed, 24 * 24)).collect()
}

#[test]
fn every_frame_of_an_animated_png_is_looked_at() {
    let whole = picture("png/animated.png");
    let all = frames(&whole);
    let last = all.last().unwrap().clone();
    let found = screen_within("APNG", &whole, list_of(&[last]));
    let Screening::Match(found) = found else {
        panic!("{found:?}");
    };
    let evidence = &found.evidence()[0];
    assert_eq!((evidence.frame, evidence.distance.unwrap().bits()), (2, 0));
    assert_eq!(evidence.frame_time, Some(Duration::from_millis(250)));
    assert!(found.gaps().is_empty());
}

#[test]
fn a_default_image_beside_the_animation_is_looked_at_too() {
    let bytes = animated(2, false, &three_frames());
    let given = items(&bytes);
    let frames: Vec<&Frame> = given.iter().map(|item| item.as_ref().unwrap()).collect();
    let of = |f: &&Frame| (f.number(), f.time().map(|time| time.as_millis()));
    let told: Vec<_> = frames.iter().map(of).collect();
    assert_eq!(told, [(0, None), (1, Some(0)), (2, Some(100))]);
}

#[test]
fn an_animated_png_that_is_not_whole_says_so() {
    let three = three_frames();
    let fewer = animated(4, true, &three);
    assert_eq!(
        gap_after(&fewer, &[0, 1, 2]),
        "truncated: the PNG ends early"
    );
    let more = animated(2, true, &three);
    assert_eq!(
        gap_after(&more, &[0, 1]),
        "malformed PNG: 3 frames, 2 announced"
    );
    let none = animated(0, true, &three);
    assert_eq!(
        gap_after(&none, &[0]),
        "malformed PNG: 3 frames, 0 announced"
    );
    let whole = animated(3, true, &three);
    let cut = &whole[..whole.len() - 100];
    assert_eq!(gap_after(cut, &[0, 1]), "truncated: the PNG ends early");
}

#[test]
fn a_deep_animated_png_gives_its_default_image_and_a_reason() {
    let mut chunks = hostile::png::chunks(&picture("png/rgb16.png"));
    let added = [
        hostile::png::animation_control(1),
        hostile::png::frame_control(0, 160, 120),
    ];
    chunks.splice(1..1, added);
    let reason = gap_after(&hostile::png::file(&chunks), &[0]);
    assert!(reason.contains("16 bits"), "{reason}");
}

#[test]
fn a_large_animated_png_gives_its_default_image_and_a_reason() {
    let mut chunks = hostile::png::chunks(&encoded(
        &DynamicImage::new_luma8(2800, 2800),
        ImageFormat::Png,
    ));
    let added = [
        hostile::png::animation_control(1),
        hostile::png::frame_control(0, 2800, 2800),
    ];
    chunks.splice(1..1, added);
    let reason = gap_after(&hostile::png::file(&chunks), &[0]);
    assert!(reason.starts_with("limit: "), "{reason}");
}

#[test]
fn the_largest_animated_png_that_is_admitted_stays_within_the_budget() {
    let side = 2300;
    let image = DynamicImage::new_rgb8(side, side);
    let mut chunks = hostile::png::chunks(&encoded(&image, ImageFormat::Png));
    let data: Vec<u8> = chunks
        .iter()
        .filter(|c| &c.0 == b"IDAT")
        .flat_map(|c| c.1.clone())
        .collect();
    let added = [
        hostile::png::animation_control(3),
        hostile::png::frame_control(0, side, side),
    ];
    chunks.splice(1..1, added);
    let end = chunks.len() - 1;
    let frame = |i: u32| {
        [
            hostile::png::frame_control(i, side, side),
            hostile::png::frame_data(i + 1, &data),
        ]
    };
    chunks.splice(end..end, [frame(1), frame(3)].concat());
    let (kind, reason) = undecided("APNG of 2300 x 2300", &hostile::png::file(&chunks));
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
}

#[test]
fn what_shows_only_on_white_is_found() {
    // Black on nothing: a viewer with a white page shows it, on black there is nothing.
    let mask = frames(&picture("png/grey8.png")).remove(0);
    let (width, height) = (mask.picture().width(), mask.picture().height());
    let alpha: Vec<u8> = mask.picture().rows().flatten().copied().collect();
    let pixels: Vec<u8> = alpha.iter().flat_map(|&a| [0, 0, 0, a]).collect();
    let rgba = image::RgbaImage::from_raw(width, height, pixels).unwrap();
    let bytes = encoded(&rgba.into(), ImageFormat::Png);
    let both = frames(&bytes);
    let grounds: Vec<Background> = both.iter().map(Frame::background).collect();
    assert_eq!(grounds, [Background::Black, Background::White]);
    assert_eq!((both[0].number(), both[1].number()), (0, 0));
    let white: Vec<u8> = both[1].picture().rows().flatten().copied().collect();
    let expected: Vec<u8> = alpha.iter().flat_map(|&a| [255 - a; 3]).collect();
    assert_eq!(white, expected);
    let found = screen_within("black on nothing", &bytes, list_of(&both[1..]));
    assert!(matches!(found, Screening::Match(_)), "{found:?}");
}

#[test]
fn a_picture_that_is_opaque_is_looked_at_once() {
    let opaque =
        DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(40, 40, [9, 9, 9, 255].into()));
    assert_eq!(frames(&encoded(&opaque, ImageFormat::Png)).len(), 1);
    assert_eq!(frames(&picture("png/rgb8.png")).len(), 1);
    assert_eq!(frames(&picture("gif/animated-blank-first.gif")).len(), 3);
}

#[test]
fn white_that_has_no_room_is_a_gap() {
    let clear = DynamicImage::new_rgba8(4000, 4000);
    let bytes = encoded(&clear, ImageFormat::Png);
    let mut limits = Limits::default();
    // As decoding takes, and no more.
    limits.memory_bytes = 4 * 16_000_000 + 4000 * 32 + (32 << 20);
    let given: Vec<_> = media::frames(&bytes, &limits).collect();
    assert_eq!(given.len(), 2);
    assert!(given[0].is_ok());
    assert!(matches!(given[1], Err(MediaError::Limit(_))));
    let largest = encoded(&DynamicImage::new_rgba8(6000, 6000), ImageFormat::Png);
    let (kind, reason) = undecided("clear PNG of 6000 x 6000", &largest);
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
}

/// A TIFF of one page, and what its frames show.
fn page(fields: Vec<hostile::tiff::Field>, data: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let bytes = hostile::tiff::file(&[(fields, data.to_vec())]);
    let items: Result<Vec<Frame>, MediaError> = items(&bytes).into_iter().collect();
    let rows = |f: &Frame| f.picture().rows().flatten().copied().collect();
    items
        .map(|frames| frames.iter().map(rows).collect())
        .map_err(|error| error.to_string())
}

#[test]
fn pages_of_every_kind_are_read_by_the_rule() {
    use hostile::tiff::fields;
    let with = |mut fields: Vec<hostile::tiff::Field>, more: &[(u16, u32)]| {
        fields.extend(more.iter().map(|&(tag, value)| (tag, vec![value])));
        fields
    };
    let one = |fields, data: &[u8]| {
        let mut frames = page(fields, data).unwrap();
        assert_eq!(frames.len(), 1);
        frames.remove(0)
    };
    assert_eq!(one(fields(2, 1, 8, 1, 1), &[7, 9]), [7, 9]);
    assert_eq!(
        one(fields(2, 1, 8, 0, 1), &[7, 9]),
        [248, 246],
        "white is 0"
    );
    assert_eq!(one(fields(3, 1, 1, 0, 1), &[0b1010_0000]), [0, 255, 0]);
    assert_eq!(one(fields(3, 1, 1, 1, 1), &[0b1010_0000]), [255, 0, 255]);
    assert_eq!(one(fields(1, 1, 16, 1, 1), &[0, 0xff]), [254]);
    assert_eq!(one(fields(1, 1, 8, 2, 3), &[1, 2, 3]), [1, 2, 3]);
    assert_eq!(
        one(fields(1, 1, 8, 2, 4), &[1, 2, 3, 4]),
        [1, 2, 3],
        "nobody says what the 4th is"
    );
    assert_eq!(one(fields(1, 1, 8, 5, 4), &[255, 0, 0, 0]), [0, 255, 255]);
    let turned = with(fields(2, 1, 8, 1, 1), &[(274, 3)]);
    assert_eq!(one(turned, &[7, 9]), [9, 7]);
    let mut palette = fields(2, 1, 4, 3, 1);
    palette.push((320, (0..48).map(|i| i * 257).collect()));
    assert_eq!(one(palette, &[0x1f]), [1, 17, 33, 15, 31, 47]);
    let straight = with(fields(1, 1, 8, 2, 4), &[(338, 2)]);
    assert_eq!(
        page(straight, &[200, 100, 0, 128]).unwrap(),
        [[100, 50, 0], [227, 177, 127]]
    );
    let associated = with(fields(1, 1, 8, 2, 4), &[(338, 1)]);
    assert_eq!(
        page(associated, &[100, 50, 0, 128]).unwrap(),
        [[100, 50, 0], [227, 177, 127]]
    );
    let grey_alpha = with(fields(1, 1, 8, 1, 2), &[(338, 2)]);
    assert_eq!(page(grey_alpha, &[200, 128]).unwrap(), [[100], [227]]);
    let packed = with(fields(3, 1, 8, 1, 1), &[(259, 32773)]);
    assert_eq!(one(packed, &[0xfe, 7]), [7, 7, 7]);
    let deflated = with(fields(3, 1, 8, 1, 1), &[(259, 8)]);
    assert_eq!(one(deflated, &hostile::png::stored(&[1, 2, 3])), [1, 2, 3]);
    let mut tiles = with(fields(3, 1, 8, 1, 1), &[(322, 16), (323, 16), (325, 256)]);
    tiles.push((324, vec![8]));
    let mut tile = [0; 256];
    tile[..4].copy_from_slice(&[5, 6, 7, 8]);
    assert_eq!(one(tiles, &tile), [5, 6, 7]);
}

#[test]
fn pages_that_are_not_decoded_are_named_and_the_others_looked_at() {
    use hostile::tiff::fields;
    let reason = |fields| page(fields, &[0; 64]).unwrap_err();
    let mut old_jpeg = fields(4, 4, 8, 1, 1);
    old_jpeg.push((259, vec![6]));
    assert_eq!(
        reason(old_jpeg.clone()),
        "unsupported TIFF: JPEG compression of the old kind"
    );
    assert_eq!(
        reason(fields(4, 4, 8, 8, 3)),
        "unsupported TIFF: Lab colours"
    );
    assert_eq!(
        reason(fields(4, 4, 12, 1, 1)),
        "unsupported TIFF: samples of other than 1, 2, 4, 8 or 16 bits"
    );
    let good = |seed| (fields(4, 4, 8, 1, 1), noise(seed, 16));
    let bytes = hostile::tiff::file(&[good(1), (old_jpeg, vec![0; 16]), good(2)]);
    assert_eq!(
        gap_after(&bytes, &[0, 2]),
        "unsupported TIFF: JPEG compression of the old kind"
    );
}

#[test]
fn pages_before_a_cut_are_looked_at() {
    let whole = picture("tiff/two-pages.tiff");
    let reason = gap_after(&whole[..whole.len() - 50], &[0]);
    assert_eq!(reason, "truncated: the TIFF ends early");
}

#[test]
fn directories_that_lead_back_or_down_for_ever_end() {
    use hostile::tiff::{fields, file, first_link};
    let pages = [
        (fields(8, 8, 8, 1, 1), noise(1, 64)),
        (fields(8, 8, 8, 1, 1), noise(2, 64)),
    ];
    let mut bytes = file(&pages);
    let link = first_link(&bytes);
    let first: [u8; 4] = bytes[4..8].try_into().unwrap();
    bytes[link..link + 4].copy_from_slice(&first);
    assert!(gap_after(&bytes, &[0]).contains("leads back"));
    undecided("TIFF that leads back", &bytes);

    // A page whose SubIFDs are itself, again and again.
    let mut below = fields(8, 8, 8, 1, 1);
    below.push((330, vec![0x48; 100_000]));
    let deep = file(&[(below, noise(1, 64))]);
    assert_eq!(first_link(&deep) % 2, 0);
    undecided("TIFF with 100,000 SubIFDs", &deep);

    // A chain of 600 pages that share a strip.
    let mut shared = fields(8, 8, 8, 1, 1);
    shared.extend([(273, vec![8]), (279, vec![64])]);
    let mut many = vec![(fields(8, 8, 8, 1, 1), noise(1, 64))];
    many.extend((0..600).map(|_| (shared.clone(), Vec::new())));
    let (kind, reason) = undecided("TIFF of 601 equal pages", &file(&many));
    assert_eq!(
        (kind, &*reason),
        (
            UndecidedKind::Limit,
            "limit: 513 distinct frames, at most 512 allowed"
        )
    );
}

#[test]
fn tiff_bombs_stay_within_the_budget() {
    use hostile::tiff::{fields, file};
    let one = |fields, data: Vec<u8>| file(&[(fields, data)]);
    let (kind, _) = undecided(
        "TIFF of 60,000 x 60,000",
        &one(fields(60_000, 60_000, 8, 2, 3), vec![0; 64]),
    );
    assert_eq!(kind, UndecidedKind::Limit);
    let mut inflated = fields(8000, 8000, 8, 2, 3);
    inflated.push((259, vec![8]));
    let data = hostile::png::zeros(8000 * 8000 * 3 / 258 + 1);
    let (kind, reason) = undecided("TIFF of 8000 x 8000 that inflates", &one(inflated, data));
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
    let mut jpeg = fields(64, 64, 8, 1, 1);
    jpeg.push((259, vec![7]));
    let part = hostile::progressive(16_000, 16_000, 5, None);
    let (kind, reason) = undecided("TIFF with a larger JPEG inside", &one(jpeg.clone(), part));
    assert_eq!(kind, UndecidedKind::Malformed, "{reason}");
    let fits = one(jpeg, hostile::progressive(64, 64, 1, None));
    let (kind, reason) = undecided("TIFF with a JPEG inside", &fits);
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
    let mut tiles = fields(8, 8, 8, 1, 1);
    tiles.extend([
        (322, vec![4_000_000_000]),
        (323, vec![16]),
        (324, vec![8]),
        (325, vec![64]),
    ]);
    let (kind, reason) = undecided("TIFF with a tile of 64 GB", &one(tiles, vec![0; 64]));
    assert_eq!(kind, UndecidedKind::Limit, "{reason}");
}

#[test]
fn what_hides_behind_a_picture_is_named() {
    let zip: &[u8] =
        b"PK\x03\x04....PK\x01\x02....PK\x05\x06\0\0\0\0\x01\0\x01\0\x08\0\0\0\x08\0\0\0\0\0";
    let video: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1 and its data";
    let rar: &[u8] = b"Rar!\x1a\x07\x01\0 and its data";
    let png = picture("png/scene-64x64.png");
    let pictures = [
        ("JPEG", picture("jpeg/baseline-420-97x61.jpg")),
        ("PNG", png.clone()),
        ("GIF", picture("gif/single.gif")),
        ("WebP", picture("webp/lossy.webp")),
    ];
    for (name, whole) in &pictures {
        let with = |behind: &[u8]| [whole, behind].concat();
        let reason = |behind: &[u8]| undecided(name, &with(behind));
        for padding in [&b""[..], b"\0\0\0\0\0\0", b"\r\na note by the maker"] {
            let padded = |behind: &[u8]| reason(&[padding, behind].concat());
            let kind = UndecidedKind::Unsupported;
            let told = |what: &str| (kind, format!("unopened {what} behind the {name}"));
            assert_eq!(padded(zip), told("archive (ZIP)"));
            assert_eq!(padded(video), told("video (MP4 or QuickTime)"));
            assert_eq!(padded(rar), told("archive (RAR)"));
            let second = (
                kind,
                format!("unsupported PNG: a second file behind the {name}"),
            );
            assert_eq!(padded(&png), second);
        }
        let nothing: [&[u8]; 4] = [
            &[0; 5000],
            &[0xff; 9],
            b"a note, PK and ftyp",
            &noise(1, 5000),
        ];
        for padding in nothing {
            let found = screen_within(name, &with(padding), list_of_nothing());
            assert!(matches!(found, Screening::NoMatch(_)), "{name}: {found:?}");
        }
    }
    let bmp = [&picture("bmp/rgb24.bmp"), zip].concat();
    assert_eq!(
        undecided("BMP", &bmp).1,
        "unopened archive (ZIP) behind the picture"
    );
}

/// A JPEG with this segment behind its start.
fn jpeg_with(marker: u8, content: &[u8]) -> Vec<u8> {
    let whole = picture("jpeg/baseline-420-97x61.jpg");
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&whole[..2], &[0xff, marker], &length, content, &whole[2..]].concat()
}

#[test]
fn pictures_that_a_jpeg_declares_are_no_gap_and_others_are() {
    let second = picture("jpeg/grey.jpg");
    let video: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp41avc1 and its data";
    let name = "JPEG";
    let is_whole = |bytes: &[u8]| {
        let verdict = screen_within(name, bytes, list_of_nothing());
        matches!(verdict, Screening::NoMatch(_))
    };
    let plain = [picture("jpeg/baseline-420-97x61.jpg"), second.clone()].concat();
    assert_eq!(
        undecided(name, &plain).1,
        "unsupported JPEG: a second file behind the JPEG"
    );

    let xmp = b"http://ns.adobe.com/xap/1.0/\0<Item:Semantic>GainMap</Item:Semantic>";
    let gain_map = [jpeg_with(0xe1, xmp), second.clone()].concat();
    assert!(is_whole(&gain_map));
    let moving = [&gain_map[..], video].concat();
    assert_eq!(
        undecided(name, &moving).1,
        "unopened video (MP4 or QuickTime) behind the JPEG"
    );
    let one_more = [&gain_map[..], &second].concat();
    assert_eq!(
        undecided(name, &one_more).1,
        "unsupported JPEG: a second file behind the JPEG"
    );

    let index = |place: u32| {
        let mut content =
            b"MPF\0MM\0*\0\0\0\x08\0\x01\xb0\x02\0\x07\0\0\0\x20\0\0\0\x1a\0\0\0\0".to_vec();
        content.extend([0; 16]);
        content.extend([[0; 4], [0; 4], place.to_be_bytes(), [0; 4]].concat());
        jpeg_with(0xe2, &content)
    };
    let length = u32::try_from(index(0).len()).unwrap();
    let declared = [index(length - 10), second.clone()].concat();
    assert!(is_whole(&declared));
    let elsewhere = [index(length - 11), second].concat();
    assert!(!is_whole(&elsewhere));

    let samsung = [
        &picture("jpeg/grey.jpg")[..],
        b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data....",
    ]
    .concat();
    assert_eq!(
        undecided(name, &samsung).1,
        "unopened video (MP4 or QuickTime) behind the JPEG"
    );
}

#[test]
fn png_chunk_bombs_stay_within_the_budget() {
    let with = |added: Vec<hostile::png::Chunk>| {
        let mut chunks = hostile::png::chunks(&picture("png/scene-64x64.png"));
        chunks.splice(1..1, added);
        hostile::png::file(&chunks)
    };
    let tiny = vec![(*b"tEXt", b"a\0b".to_vec()); 200_000];
    let _ = screen_within("PNG with 200,000 tEXt", &with(tiny), list_of_nothing());
    let unknown = vec![(*b"abCd", Vec::new()); 500_000];
    let _ = screen_within(
        "PNG with 500,000 unknown chunks",
        &with(unknown),
        list_of_nothing(),
    );
    let giant = vec![(*b"tEXt", [&b"a\0"[..], &vec![b'b'; 8 << 20]].concat())];
    let _ = screen_within("PNG with 8 MiB of tEXt", &with(giant), list_of_nothing());
    let zeros = hostile::png::zeros(2_000_000); // 516 MB
    let packed = |kind: &[u8; 4], start: &[u8]| vec![(*kind, [start, &zeros].concat())];
    for (name, added) in [
        ("PNG with 516 MB in zTXt", packed(b"zTXt", b"a\0\0")),
        (
            "PNG with 516 MB in iTXt",
            packed(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
        ),
        ("PNG with 516 MB in iCCP", packed(b"iCCP", b"a\0\0")),
    ] {
        let _ = screen_within(name, &with(added), list_of_nothing());
    }
}

#[test]
fn animations_of_very_many_frames_stay_within_the_budget() {
    let blinking = hostile::gif::flicker(1, 100_000);
    let (kind, reason) = undecided("GIF of 100,000 frames of 1 x 1", &blinking);
    assert_eq!(kind, UndecidedKind::TooSmall, "{reason}");
    // Few distinct ones, so that the limit of frames does not end it; on larger canvases the limit of time does.
    let parts = hostile::gif::flicker(17, 100_000);
    let _ = screen_within(
        "GIF of 100,000 frames of 17 x 17",
        &parts,
        list_of_nothing(),
    );
    let frames: Vec<Vec<u8>> = (0..2000).map(|seed| noise(seed, 24 * 24)).collect();
    let (kind, reason) = undecided("APNG of 2000 frames", &animated(2000, true, &frames));
    assert_eq!(kind, UndecidedKind::Limit, "{reason}");
}

#[test]
fn webp_of_odd_chunks_stays_within_the_budget() {
    let whole = picture("webp/animated.webp");
    let with = |count: usize, chunk: &[u8]| {
        // Behind the header of the extended format, before the frames.
        let at = 12 + 8 + 10;
        let mut bytes = [&whole[..at], &chunk.repeat(count), &whole[at..]].concat();
        let length = u32::try_from(bytes.len() - 8).unwrap();
        bytes[4..8].copy_from_slice(&length.to_le_bytes());
        bytes
    };
    let inside = b"ANMF\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let cases: [(&str, &[u8], usize); 4] = [
        ("WebP with 200,000 unknown chunks", b"abcd\0\0\0\0", 200_000),
        ("WebP with 200,000 empty frames", inside, 200_000),
        ("WebP with an odd chunk", b"abcd\x03\0\0\0xyz\0", 1),
        (
            "WebP with a chunk that is too long",
            b"abcd\xff\xff\xff\xff",
            1,
        ),
    ];
    for (name, chunk, count) in cases {
        let _ = screen_within(name, &with(count, chunk), list_of_nothing());
    }
}

/// Small files of kinds that are large in the test data.
fn small_made() -> [(&'static str, Vec<u8>); 3] {
    let pages = [1, 2].map(|seed| (hostile::tiff::fields(12, 12, 8, 1, 1), noise(seed, 144)));
    [
        ("APNG", animated(3, true, &three_frames())),
        (
            "APNG with a default image",
            animated(2, false, &three_frames()),
        ),
        ("TIFF", hostile::tiff::file(&pages)),
    ]
}

#[test]
fn no_truncation_makes_an_animation_or_a_page_look_searched() {
    for (name, whole) in small_made() {
        let intact = frames(&whole).len();
        for length in 0..whole.len() {
            let given = items(&whole[..length]);
            let is_whole = given.iter().all(Result::is_ok) && given.len() == intact;
            assert!(
                is_whole || given.iter().any(Result::is_err),
                "{name} cut to {length}"
            );
            let same = given.iter().flatten().count();
            assert!(given.iter().any(Result::is_err) || same == intact);
        }
    }
}

#[test]
fn no_flipped_byte_of_an_animation_or_a_page_gets_a_panic_out() {
    for (name, whole) in small_made() {
        for place in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[place] ^= [0xff, 0x01, 0x80][place % 3];
            let given = items(&flipped);
            let faults = given.iter().flat_map(|item| item.as_ref().err());
            for error in faults {
                let fault = matches!(error, MediaError::DecoderFault { .. });
                assert!(!fault, "{name} {place}: {error}");
            }
            assert!(!given.is_empty(), "{name} {place}");
        }
    }
}
