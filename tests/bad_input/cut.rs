//! Files that were cut short.

use super::*;

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
fn every_scan_of_a_sequential_jpeg_has_to_be_whole() {
    let blocks = usize::from(hostile::jpeg::ACROSS * hostile::jpeg::DOWN);
    let means = [1, 2, 3].map(|seed| {
        let samples = noise(seed, blocks).into_iter();
        samples.map(|v| i16::from(v) - 128).collect::<Vec<_>>()
    });
    for restarts in [false, true] {
        let (whole, begins) = hostile::jpeg::in_three_scans(&means, restarts);
        let found = screen_within("three scans", &whole, list_of(&frames(&whole)));
        let Screening::Match(found) = found else {
            panic!("{found:?}");
        };
        assert!(found.gaps().is_empty(), "{:?}", found.gaps());
        let ends = begins.iter().skip(1).map(|begin| begin - 10);
        let ends: Vec<usize> = ends.chain([whole.len() - 2]).collect();
        for (&begin, &end) in begins.iter().zip(&ends) {
            for kept in [0, 1, (end - begin) / 2, end - begin - 3] {
                let mut cut = whole[..begin + kept].to_vec();
                cut.extend([0xff, 0xd9]);
                let (kind, reason) = undecided("cut in a scan", &cut);
                assert_eq!(kind, UndecidedKind::Malformed, "{begin} + {kept}: {reason}");
            }
        }
        for &end in &ends[..2] {
            let mut fewer = whole[..end].to_vec();
            fewer.extend([0xff, 0xd9]);
            let (kind, reason) = undecided("without its last scans", &fewer);
            assert_eq!(kind, UndecidedKind::Malformed, "{end}: {reason}");
        }
    }
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
