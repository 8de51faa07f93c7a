//! Animated PNGs, and animations of very many frames.

use super::*;

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
fn animations_of_very_many_frames_stay_within_the_budget() {
    let blinking = hostile::gif::flicker(1, 100_000);
    let (kind, reason) = undecided("GIF of 100,000 frames of 1 x 1", &blinking);
    assert_eq!(kind, UndecidedKind::TooSmall, "{reason}");
    // Few distinct ones, so that the limit of frames does not end it.
    let parts = hostile::gif::flicker(33, 100_000);
    let found = screen_within("GIF of 33 x 33", &parts, list_of_nothing());
    assert!(matches!(found, Screening::NoMatch(_)), "{found:?}");
    for (side, frames) in [(101, 100_000), (250, 20_000)] {
        let name = format!("GIF of {frames} frames of {side} x {side}");
        let (kind, reason) = undecided(&name, &hostile::gif::flicker(side, frames));
        assert_eq!(kind, UndecidedKind::Limit, "{reason}");
        assert!(reason.contains("pixels times frames"), "{reason}");
    }
    let frames: Vec<Vec<u8>> = (0..2000).map(|seed| noise(seed, 24 * 24)).collect();
    let (kind, reason) = undecided("APNG of 2000 frames", &animated(2000, true, &frames));
    assert_eq!(kind, UndecidedKind::Limit, "{reason}");
}
