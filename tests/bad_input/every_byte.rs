//! Small files, cut at every byte and with every byte flipped.

use super::*;

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
    let screener = plain_screener(list_of_nothing());
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
    let screener = plain_screener(list_of_nothing());
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
