//! Files that are whole and hide what they show.

use super::*;

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
fn a_gif_with_a_screen_too_small_is_looked_at_whole() {
    let whole = picture("gif/single.gif");
    // Where the screen is wider, the rest of it is transparent: that comes on white too.
    let shown = |bytes: &[u8]| frames(bytes)[0].picture().clone();
    for screen in [[20, 0, 20, 0], [0; 4], [0xff, 0xff, 1, 0]] {
        let mut small = whole.clone();
        small[6..10].copy_from_slice(&screen);
        let (small, whole) = (shown(&small), shown(&whole));
        assert_eq!(small.height(), whole.height());
        let row_bytes = 3 * whole.width() as usize;
        let mut rows = small.rows().zip(whole.rows());
        assert!(rows.all(|(small, whole)| small[..row_bytes] == *whole));
    }
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
