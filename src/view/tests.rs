//! Views and windows of drawn pictures, against what they were made of.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides and samples of small pictures"
)]

use super::*;

/// Something with detail everywhere, as a photograph.
fn scene(width: usize, height: usize, seed: usize) -> Vec<u8> {
    let wave = |x: usize, y: usize| {
        let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
        let mut sum = 0.0;
        for k in 1..12 {
            let turn = (k * 7 + seed * 13) as f32;
            sum += ((turn.sin() * 9.0 * x + turn.cos() * 11.0 * y) * (k as f32).sqrt() + turn)
                .sin()
                / (k as f32).sqrt();
        }
        (128.0 + 30.0 * sum) as u8
    };
    (0..width * height)
        .map(|k| wave(k % width, k / width))
        .collect()
}

/// Ellipses of all sizes and shades, one on the other.
fn stones(width: usize, height: usize) -> Vec<u8> {
    let mut pixels = vec![128; width * height];
    let mut seed = 7u32;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % most
    };
    for stone in 0..160 {
        let (x, y, shade) = (next(width), next(height), next(256));
        let largest = (60 - stone / 3).max(8);
        let (wide, high) = (4 + next(largest), 4 + next(largest));
        for (k, pixel) in pixels.iter_mut().enumerate() {
            let across = (k % width).abs_diff(x) * high;
            let down = (k / width).abs_diff(y) * wide;
            if across * across + down * down < (wide * high).pow(2) {
                *pixel = shade as u8;
            }
        }
    }
    pixels
}

fn hash(pixels: &[u8], width: usize, height: usize) -> Pdq {
    let picture = Picture::grey(width as u32, height as u32, width, pixels).unwrap();
    Hasher::new().hash(&picture).unwrap().pdq()
}

/// Puts a picture into another.
fn put(canvas: &mut [u8], stride: usize, (left, top): (usize, usize), pixels: &[u8], width: usize) {
    for (row, from) in pixels.chunks(width).enumerate() {
        canvas[(top + row) * stride + left..][..width].copy_from_slice(from);
    }
}

fn views(pixels: &[u8], width: usize, height: usize) -> Vec<View> {
    let picture = Picture::grey(width as u32, height as u32, width, pixels).unwrap();
    Viewer::new().views(&picture, &Limits::default()).unwrap()
}

/// The view that comes nearest to a hash.
fn nearest(views: &[View], hash: Pdq) -> (u16, &View) {
    let distance = |view: &View| {
        view.codes()
            .map(|(_, code)| code.distance(hash).bits())
            .min()
    };
    let all = views.iter().map(|view| (distance(view).unwrap(), view));
    all.min_by_key(|(distance, _)| *distance).unwrap()
}

#[test]
fn the_first_view_is_the_picture_with_its_own_hash() {
    let pixels = scene(300, 200, 1);
    let views = views(&pixels, 300, 200);
    assert_eq!(views[0].kind(), Kind::Full);
    assert_eq!(views[0].transform().pdq(), hash(&pixels, 300, 200));
    assert_eq!(views[0].place().bounds(), [0.0, 0.0, 300.0, 200.0]);
}

#[test]
fn what_stands_in_a_frame_or_between_bars_is_found() {
    let pixels = scene(240, 160, 2);
    let expected = hash(&pixels, 240, 160);
    for (width, height, at, ground) in [
        (300, 220, (30, 25), 255),
        (240, 300, (0, 60), 0),
        (420, 160, (90, 0), 40),
    ] {
        let mut canvas = vec![ground; width * height];
        put(&mut canvas, width, at, &pixels, 240);
        let views = views(&canvas, width, height);
        let (distance, view) = nearest(&views, expected);
        assert!(distance <= 8, "{distance}");
        let [left, top, right, bottom] = view.place().bounds();
        assert!((left - at.0 as f32).abs() <= 1.0 && (top - at.1 as f32).abs() <= 1.0);
        assert!((right - left - 240.0).abs() <= 1.0 && (bottom - top - 160.0).abs() <= 1.0);
    }
}

#[test]
fn what_stands_in_another_picture_is_found_mirrored_too() {
    let mut pixels = scene(160, 120, 3);
    let expected = hash(&pixels, 160, 120);
    pixels.chunks_mut(160).for_each(<[u8]>::reverse);
    let mut canvas = scene(400, 300, 4);
    put(&mut canvas, 400, (170, 90), &pixels, 160);
    let views = views(&canvas, 400, 300);
    let (distance, view) = nearest(&views, expected);
    assert!(distance <= 16, "{distance}");
    assert_eq!(view.kind(), Kind::Rectangle);
}

#[test]
fn what_was_turned_on_a_larger_canvas_is_found() {
    let pixels = scene(480, 320, 5);
    let expected = hash(&pixels, 480, 320);
    let (sine, cosine) = 9f32.to_radians().sin_cos();
    let pixel = |k: usize| {
        let (x, y) = ((k % 600) as f32 - 299.5, (k / 600) as f32 - 219.5);
        let (u, v) = (x * cosine + y * sine + 240.0, y * cosine - x * sine + 160.0);
        let inside = (0.0..480.0).contains(&u) && (0.0..320.0).contains(&v);
        if inside {
            pixels[v as usize * 480 + u as usize]
        } else {
            255
        }
    };
    let canvas: Vec<u8> = (0..600 * 440).map(pixel).collect();
    let views = views(&canvas, 600, 440);
    let (distance, view) = nearest(&views, expected);
    assert!(distance <= 31, "{distance}");
    assert_eq!(view.kind(), Kind::Quad);
    assert!((view.place().rotation_deg() - 9.0).abs() < 1.0);
}

#[test]
fn every_kernel_gives_the_same_views() {
    let mut canvas = scene(400, 300, 6);
    put(&mut canvas, 400, (40, 50), &scene(200, 170, 7), 200);
    let picture = Picture::grey(400, 300, 400, canvas).unwrap();
    let of = |kernel| {
        let views = Viewer::with_kernel(kernel).views(&picture, &Limits::default());
        let seen = |view: &View| (view.kind(), view.place(), view.transform().forms());
        views.unwrap().iter().map(seen).collect::<Vec<_>>()
    };
    let expected = of(Kernel::Portable);
    assert!(expected.len() > 20);
    for kernel in Kernel::ALL {
        assert_eq!(of(kernel), expected, "{kernel:?}");
    }
}

#[test]
fn what_a_viewer_saw_before_changes_nothing() {
    let sizes = [(300, 200), (67, 40), (301, 77), (64, 200), (150, 150)];
    let of = |views: &[View]| -> Vec<_> {
        let all = views
            .iter()
            .map(|view| (view.place, view.transform.forms()));
        all.collect()
    };
    let mut used = Viewer::new();
    for (width, height) in sizes.into_iter().chain(sizes) {
        let pixels = stones(width, height);
        let picture = Picture::grey(width as u32, height as u32, width, pixels).unwrap();
        let seen = |viewer: &mut Viewer| {
            let views = viewer.views(&picture, &Limits::default()).unwrap();
            let windows = viewer.windows_to_ask(&picture);
            [
                of(&views),
                of(&windows),
                of(&viewer.windows_to_keep(&picture)),
            ]
        };
        assert!(
            seen(&mut used) == seen(&mut Viewer::new()),
            "{width} x {height}"
        );
    }
}

#[test]
fn a_budget_cuts_the_unlikeliest_and_never_the_picture() {
    let mut canvas = vec![255; 300 * 220];
    put(&mut canvas, 300, (30, 25), &scene(240, 160, 8), 240);
    let picture = Picture::grey(300, 220, 300, canvas).unwrap();
    let mut limits = Limits::default();
    let all = Viewer::new().views(&picture, &limits).unwrap();
    for most in [0, 1, 2, 10] {
        limits.views = most;
        let views = Viewer::new().views(&picture, &limits).unwrap();
        assert_eq!(views.len(), usize::try_from(most).unwrap().max(1));
        let places = |views: &[View]| -> Vec<Place> { views.iter().map(View::place).collect() };
        assert_eq!(places(&views), places(&all[..views.len()]));
    }
}

#[test]
fn a_budget_of_codes_cuts_the_unlikeliest() {
    let mut canvas = scene(400, 300, 6);
    put(&mut canvas, 400, (40, 50), &scene(200, 170, 7), 200);
    let picture = Picture::grey(400, 300, 400, canvas).unwrap();
    let viewer = Viewer::new();
    let look = viewer.look(&picture);
    let parts = |codes| viewer.parts(&look, &Limits::default(), codes);
    let codes = |views: &[View]| views.iter().map(|view| view.codes().count()).sum::<usize>();
    let is_found = |view: &&View| matches!(view.kind(), Kind::Block | Kind::Rectangle);
    let places =
        |views: &[View]| -> Vec<Place> { views.iter().filter(is_found).map(View::place).collect() };
    let all = parts(usize::MAX);
    let bank = all.iter().filter(|view| !is_found(view)).count();
    for most in [
        0,
        7,
        bank,
        bank + 1,
        bank + 2,
        bank + 9,
        bank + 20,
        codes(&all),
    ] {
        let kept = parts(most);
        assert!(codes(&kept) <= most, "{most}");
        assert_eq!(
            kept.iter().filter(|view| !is_found(view)).count(),
            bank.min(most)
        );
        let found = places(&kept);
        assert_eq!(found, places(&all)[..found.len()]);
        // None is left out for the sake of another one's turned forms.
        let fit = most.saturating_sub(bank) / 2;
        assert_eq!(found.len(), fit.min(places(&all).len()), "{most}");
    }
    assert_eq!(codes(&parts(codes(&all))), codes(&all));
}

#[test]
fn windows_of_a_copy_are_those_of_its_original() {
    let original = stones(480, 320);
    let of = |pixels: Vec<u8>, width: usize| {
        let height = pixels.len() / width;
        Picture::grey(width as u32, height as u32, width, pixels).unwrap()
    };
    let kept = Viewer::new().windows_to_keep(&of(original.clone(), 480));
    assert_eq!(kept[0].place().bounds(), [120.0, 80.0, 360.0, 240.0]);
    assert!((8..=WINDOWS_KEPT).contains(&kept.len()), "{}", kept.len());
    // The left third and the upper fifth are gone, and a banner stands at the bottom.
    let mut cropped: Vec<u8> = original
        .chunks(480)
        .skip(64)
        .flat_map(|row| row[160..].to_vec())
        .collect();
    cropped[320 * 220..].fill(255);
    let asked = Viewer::new().windows_to_ask(&of(cropped, 320));
    let larger = kept[1].place().bounds().map(f32::round);
    assert_eq!(larger, [96.0, 64.0, 384.0, 256.0]);
    let mut again = 0;
    for window in &asked {
        assert_eq!(window.kind(), Kind::Window);
        let distance = |it: &View| {
            let (theirs, ours) = (it.transform().pdq(), window.transform().pdq());
            theirs.distance(ours).bits()
        };
        let nearest = kept[2..].iter().min_by_key(|it| distance(it)).unwrap();
        if distance(nearest) <= 31 {
            let ([x, y, ..], [u, v, ..]) = (window.place().bounds(), nearest.place().bounds());
            assert!((x + 160.0 - u).abs() < 8.0 && (y + 64.0 - v).abs() < 8.0);
            again += 1;
        }
    }
    assert!(again >= 3, "{again} of {}", asked.len());
}

#[test]
fn flat_parts_are_no_views() {
    let views = views(&vec![90; 300 * 200], 300, 200);
    assert_eq!(views.len(), 1);
    for view in &views[1..] {
        assert!(view.quality().get() >= MINIMUM_QUALITY);
    }
}

#[test]
fn pictures_of_every_shape_have_views() {
    for (width, height) in [
        (5, 5),
        (5, 3000),
        (3000, 5),
        (64, 64),
        (63, 200),
        (2500, 70),
        (1025, 1025),
    ] {
        let views = views(&scene(width, height, 9), width, height);
        assert!(!views.is_empty(), "{width} x {height}");
    }
    let tiny = Picture::grey(4, 9, 4, vec![0; 36]).unwrap();
    assert!(Viewer::new().views(&tiny, &Limits::default()).is_err());
}
