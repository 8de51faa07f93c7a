//! Disguised copies: what plain effort misses and standard effort finds, by negatives and views.

use std::io::Cursor;

use ijkpunt::view::Kind;
use image::codecs::gif::GifEncoder;
use image::imageops::{invert, overlay, resize, rotate90};
use image::{Delay, ImageFormat, Rgb, RgbImage};

use super::*;

fn image_of(name: &str) -> RgbImage {
    image::load_from_memory(&bytes_of(name))
        .unwrap()
        .into_rgb8()
}

pub(super) fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(super) fn png(image: &RgbImage) -> Vec<u8> {
    encoded(image, ImageFormat::Png)
}

pub(super) fn on_page(
    image: &RgbImage,
    (width, height): (u32, u32),
    at: (i64, i64),
    shade: u8,
) -> RgbImage {
    let mut page = RgbImage::from_pixel(width, height, Rgb([shade; 3]));
    overlay(&mut page, image, at.0, at.1);
    page
}

/// The scene of 320 x 240 in a frame.
fn framed() -> RgbImage {
    on_page(&image_of(SCENE), (420, 340), (60, 40), 255)
}

/// The scene in a post: a bar, lines of something like text, the scene, more of that.
fn posted() -> RgbImage {
    let mut post = on_page(&image_of(SCENE), (360, 640), (20, 160), 255);
    for y in (0..50)
        .chain(100..106)
        .chain(120..126)
        .chain(430..436)
        .chain(450..456)
    {
        for x in (20..300).filter(|x| (x / 3 + y) % 4 < 2) {
            post.put_pixel(x, y, Rgb([60; 3]));
        }
    }
    post
}

pub(super) fn built(
    list: List,
    change: impl FnOnce(ijkpunt::screen::Builder) -> ijkpunt::screen::Builder,
) -> Screener {
    let builder = Screener::builder().list("test", list);
    change(builder.surface(Surface::Public)).build().unwrap()
}

fn scene() -> List {
    list(&[("item", transform_of(SCENE).pdq())])
}

fn other() -> List {
    list(&[("item", transform_of(OTHER).pdq())])
}

fn undecided(screening: &Screening) -> (UndecidedKind, usize) {
    match screening {
        Screening::Undecided(undecided) => (undecided.kind(), undecided.gaps().len()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_frame_and_a_post_are_found_by_standard_effort_and_not_by_plain() {
    for (upload, at) in [
        (framed(), [60, 40, 380, 280]),
        (posted(), [20, 160, 340, 400]),
    ] {
        let bytes = png(&upload);
        let plain = built(scene(), |builder| builder.effort(Effort::Plain));
        assert!(matches!(plain.screen(&bytes), Screening::NoMatch(_)));
        let counts = plain.counts();
        assert_eq!((counts.views, counts.lookups), (0, 8));

        let found = evidence(screener(scene()).screen(&bytes)).remove(0);
        assert_eq!(found.class, MatchClass::NearDuplicate);
        assert!(bits(&found) <= 12, "{found:?}");
        assert!(
            matches!(found.view, Kind::Block | Kind::Rectangle),
            "{found:?}"
        );
        assert_eq!(
            (found.dihedral, found.negative),
            (Dihedral::Original, false)
        );
        assert_eq!(
            (found.form_origin, found.rotation_deg()),
            (FormOrigin::Picture, 0.0)
        );
        assert!(found.upload_quality.unwrap().get() >= 80);
        let bounds = found.place.unwrap().bounds();
        let off = |(side, expected): (f32, i16)| (side - f32::from(expected)).abs();
        assert!(
            bounds.into_iter().zip(at).map(off).all(|off| off <= 2.0),
            "{bounds:?}"
        );
    }
}

#[test]
fn the_screeners_effort_is_standard_unless_said() {
    assert_eq!(Effort::default(), Effort::Standard);
    let found = evidence(screener(scene()).screen(&png(&framed())));
    assert_ne!(found[0].view, Kind::Full);
}

#[test]
fn a_copy_that_matches_as_a_whole_costs_eight_lookups_and_no_views() {
    let copy = resize(&image_of(SCENE), 200, 150, image::imageops::Triangle);
    for effort in Effort::ALL {
        let screener = built(scene(), |builder| builder.effort(effort));
        let found = evidence(screener.screen(&encoded(&copy, ImageFormat::Jpeg))).remove(0);
        assert_eq!(
            (found.view, found.place, found.negative),
            (Kind::Full, None, false)
        );
        let counts = screener.counts();
        assert_eq!((counts.frames, counts.views, counts.lookups), (1, 0, 8));
    }
}

#[test]
fn a_negative_is_found_without_views_also_where_it_is_turned() {
    for turned in [false, true] {
        let mut negative = image_of(SCENE);
        invert(&mut negative);
        if turned {
            negative = rotate90(&negative);
        }
        let standard = screener(scene());
        let found = evidence(standard.screen(&png(&negative))).remove(0);
        assert_eq!(
            (found.view, found.place, found.negative),
            (Kind::Full, None, true)
        );
        assert_eq!(found.dihedral != Dihedral::Original, turned);
        // A picture of other sides when turned is sampled otherwise.
        assert!(bits(&found) <= if turned { 24 } else { 2 }, "{found:?}");
        let counts = standard.counts();
        assert_eq!((counts.views, counts.lookups), (0, 16));
        let plain = built(scene(), |builder| builder.effort(Effort::Plain));
        assert!(matches!(
            plain.screen(&png(&negative)),
            Screening::NoMatch(_)
        ));
    }
}

#[test]
fn a_bare_hash_is_asked_as_a_negative_and_has_no_views() {
    let screener = screener(scene());
    let found = evidence(screener.screen_pdq(transform_of(SCENE).pdq().negative(), None));
    assert_eq!(
        (found[0].negative, found[0].view, bits(&found[0])),
        (true, Kind::Full, 0)
    );
    assert!(matches!(
        screener.screen_pdq(transform_of(OTHER).pdq(), None),
        Screening::NoMatch(_)
    ));
    assert_eq!(screener.counts().views, 0);
}

#[test]
fn a_busy_picture_is_looked_up_240_times_at_most() {
    let tile = resize(&image_of(OTHER), 150, 110, image::imageops::Triangle);
    let mut wall = RgbImage::from_pixel(1000, 760, Rgb([255; 3]));
    for k in 0..36 {
        let mut tile = tile.clone();
        for (x, y, pixel) in tile.enumerate_pixels_mut() {
            pixel.0[k as usize % 3] ^= ((x * (k + 3) + y * (k * k % 7)) / 9 % 64) as u8;
        }
        let (x, y) = (i64::from(k % 6), i64::from(k / 6));
        overlay(&mut wall, &tile, 10 + 164 * x + 3 * y, 10 + 124 * y);
    }
    let standard = screener(scene());
    assert!(matches!(
        standard.screen(&png(&wall)),
        Screening::NoMatch(_)
    ));
    let counts = standard.counts();
    assert!((220..=240).contains(&counts.lookups), "{counts:?}");
    // Two lists are asked the same.
    let two = built(scene(), |builder| builder.list("too", scene()));
    let _ = two.screen(&png(&wall));
    assert_eq!(two.counts().lookups, 2 * counts.lookups);
    assert_eq!(two.counts().views, counts.views);
}

#[test]
fn views_are_asked_of_those_lists_only_that_found_nothing() {
    let whole = list(&[("page", {
        let picture = framed();
        let stride = 3 * picture.width() as usize;
        let picture = Picture::rgb(420, 340, stride, picture.into_raw()).unwrap();
        Hasher::new().hash(&picture).unwrap().pdq()
    })]);
    let digests = List::from_rows([NewRow::new("item", DigestKind::Md5.of(b"x"))]).unwrap();
    let screener = built(whole.clone(), |builder| {
        builder.list("digests", digests.clone())
    });
    let found = evidence(screener.screen(&png(&framed())));
    assert_eq!((&*found[0].entry, found[0].view), ("page", Kind::Full));
    assert_eq!((screener.counts().views, screener.counts().lookups), (0, 8));

    let screener = built(whole, |builder| {
        builder.list("digests", digests).list("items", scene())
    });
    let found = evidence(screener.screen(&png(&framed())));
    let found: Vec<_> = found
        .iter()
        .map(|e| (&*e.list, e.view == Kind::Full))
        .collect();
    assert_eq!(found, [("test", true), ("items", false)]);
    let counts = screener.counts();
    assert!(counts.views > 0 && counts.lookups <= 8 + 240, "{counts:?}");
}

#[test]
fn entries_that_are_switched_off_are_not_found_by_views() {
    let (own, screener) = own(&[("item", transform_of(SCENE).pdq())]);
    assert!(own.switch_off("item"));
    assert!(matches!(
        screener.screen(&png(&framed())),
        Screening::NoMatch(_)
    ));
    assert!(own.switch_on("item"));
    assert_eq!(
        &*evidence(screener.screen(&png(&framed())))[0].entry,
        "item"
    );
}

#[test]
fn rows_and_views_below_the_minimum_quality_do_not_match() {
    let pdq = transform_of(SCENE).pdq();
    let text = format!("id,pdq,quality\nlow,{pdq},49\n");
    let low = screener(List::from_bytes(text.as_bytes()).unwrap());
    assert!(matches!(low.screen(&png(&framed())), Screening::NoMatch(_)));
    // All views have 80. A list that asks for more gets those that have it, and of a flat page that may be none.
    let smoothed = |sigma: u8| {
        let smooth = image::imageops::blur(&image_of(SCENE), f32::from(sigma));
        let page = png(&on_page(&smooth, (420, 340), (60, 40), 255));
        let items = list(&[("item", {
            let picture = Picture::rgb(320, 240, 960, smooth.into_raw()).unwrap();
            Hasher::new().hash(&picture).unwrap().pdq()
        })]);
        let found = evidence(screener(items.clone()).screen(&page)).remove(0);
        (page, items, found.upload_quality.unwrap().get())
    };
    let mut smoothed = (4..40).map(smoothed);
    let (page, items, quality) = smoothed.find(|&(.., quality)| quality < 100).unwrap();
    let asking = |quality| {
        let strict = Policy::default().minimum_quality(Quality::new(quality).unwrap());
        let builder = Screener::builder().list_with("test", items.clone(), strict);
        builder
            .surface(Surface::Public)
            .build()
            .unwrap()
            .screen(&page)
    };
    assert!(quality >= 80, "{quality}");
    assert_ne!(evidence(asking(quality))[0].view, Kind::Full);
    assert!(!matches!(asking(quality + 1), Screening::Match(_)));
}

#[test]
fn views_match_up_to_31_bits_and_within_the_lists_radius() {
    let pdq = transform_of(SCENE).pdq();
    let near = bits(&evidence(screener(scene()).screen(&png(&framed())))[0]);
    let at = |radius: u16, flipped: usize| {
        let policy = Policy::default().radius(Radius::new(radius).unwrap());
        let builder =
            Screener::builder().list_with("test", list(&[("item", away(pdq, flipped))]), policy);
        let screener = builder.surface(Surface::Public).build().unwrap();
        matches!(screener.screen(&png(&framed())), Screening::Match(_))
    };
    assert!(at(near, 0) && (near == 0 || !at(near - 1, 0)));
    assert!(at(60, 31 - usize::from(near)));
    assert!(!at(60, 32 + usize::from(near)));
}

#[test]
fn a_bare_list_finds_views_too() {
    let text = format!("{}\n", transform_of(SCENE).pdq());
    let screener = screener(List::from_bytes(text.as_bytes()).unwrap());
    assert_eq!(
        evidence(screener.screen(&png(&framed())))[0].view,
        Kind::Block
    );
}

#[test]
fn a_flat_page_is_looked_at_by_the_picture_on_it_and_undecided_without_one() {
    let small = resize(&image_of(SCENE), 156, 153, image::imageops::Triangle);
    let page = on_page(&small, (1200, 1200), (500, 700), 255);
    let quality = {
        let picture = Picture::rgb(1200, 1200, 3600, page.as_raw().as_slice()).unwrap();
        Hasher::new().hash(&picture).unwrap().quality()
    };
    assert!(quality < Quality::DEFAULT_MINIMUM, "{quality}");
    let page = png(&page);
    let plain = |list| built(list, |builder| builder.effort(Effort::Plain));
    assert_eq!(
        undecided(&plain(scene()).screen(&page)),
        (UndecidedKind::TooLittleDetail, 1)
    );

    let known = screener(scene());
    let found = known.screen(&page);
    assert_eq!(found.quality(), Some(quality)); // of the whole
    let found = evidence(found).remove(0);
    assert!(found.upload_quality.unwrap().get() >= 80);
    assert!(matches!(
        screener(other()).screen(&page),
        Screening::NoMatch(_)
    ));

    let empty = png(&RgbImage::from_pixel(1200, 1200, Rgb([255; 3])));
    let standard = screener(scene());
    assert_eq!(
        undecided(&standard.screen(&empty)),
        (UndecidedKind::TooLittleDetail, 1)
    );
    assert_eq!(standard.counts().lookups, 0);
}

#[test]
fn one_framed_picture_of_an_animation_is_found_and_its_frame_named() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut gif, 10);
    let blank = RgbImage::from_pixel(420, 340, Rgb([255; 3]));
    let unlike = on_page(&image_of(OTHER), (420, 340), (0, 0), 0);
    for image in [blank, unlike, framed()] {
        let image = image::DynamicImage::from(image).into_rgba8();
        let frame = image::Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(100, 1));
        encoder.encode_frame(frame).unwrap();
    }
    drop(encoder);
    let found = evidence(screener(scene()).screen(&gif)).remove(0);
    assert_eq!(
        (found.frame, found.frame_time),
        (2, Some(Duration::from_millis(200)))
    );
    assert_eq!(found.view, Kind::Block);
    let plain = built(scene(), |builder| builder.effort(Effort::Plain));
    assert!(matches!(plain.screen(&gif), Screening::NoMatch(_)));
}

#[test]
fn a_picture_from_ones_own_decoder_has_views_too() {
    let picture = framed();
    let picture = Picture::rgb(420, 340, 3 * 420, picture.into_raw()).unwrap();
    let screener = screener(scene());
    let by_picture = evidence(screener.screen_picture(&picture));
    assert_eq!(by_picture, evidence(screener.screen(&png(&framed()))));
}

#[test]
fn where_there_is_no_memory_for_views_the_whole_is_looked_at_and_the_rest_is_a_gap() {
    let mut limits = Limits::default();
    limits.memory_bytes = 3 << 20; // a JPEG of this size takes half a megabyte, views a little more than this
    let limited = |list| built(list, |builder| builder.limits(limits.clone()));
    let bytes = encoded(&framed(), ImageFormat::Jpeg);
    let screening = limited(other()).screen(&bytes);
    assert_eq!(undecided(&screening), (UndecidedKind::Limit, 1));
    let original = encoded(&image_of(SCENE), ImageFormat::Jpeg);
    let Screening::Match(matched) = limited(scene()).screen(&original) else {
        panic!("matches as a whole");
    };
    assert!(matched.gaps().is_empty(), "views were not needed");
    let plain = built(other(), |builder| {
        builder.limits(limits.clone()).effort(Effort::Plain)
    });
    assert!(matches!(plain.screen(&bytes), Screening::NoMatch(_)));
}

#[test]
fn views_of_frames_beyond_the_limit_are_one_gap() {
    let gif = bytes_of("gif/animated-repeated.gif");
    let frame = 120 * 90 + (64 << 10);
    let screen = |view_pixels| {
        let mut limits = Limits::default();
        limits.view_pixels = view_pixels;
        built(scene(), |builder| builder.limits(limits)).screen(&gif)
    };
    assert!(matches!(screen(2 * frame), Screening::NoMatch(_)));
    for too_few in [0, frame - 1, 2 * frame - 1] {
        let screening = screen(too_few);
        assert_eq!(undecided(&screening), (UndecidedKind::Limit, 1));
    }
}

#[test]
fn who_lowers_the_number_of_views_chooses_so_and_that_is_no_gap() {
    for views in [0, 1, 5] {
        let mut limits = Limits::default();
        limits.views = views;
        let screener = built(other(), |builder| builder.limits(limits));
        assert!(matches!(
            screener.screen(&png(&framed())),
            Screening::NoMatch(_)
        ));
        assert_eq!(screener.counts().views, views.saturating_sub(1));
    }
}
