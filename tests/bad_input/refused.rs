//! What is no picture, promises too much, or shows nothing.

use super::*;

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
    let bmp = |side: u32| {
        let mut bmp = picture("bmp/rgb24.bmp");
        bmp[18..22].copy_from_slice(&side.to_le_bytes());
        bmp[22..26].copy_from_slice(&side.to_le_bytes());
        bmp
    };
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
        ("BMP of 60,000 x 60,000", bmp(60_000)),
        ("BMP of 70,000 x 70,000", bmp(70_000)),
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
