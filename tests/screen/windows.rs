//! Windows: entries of which a part is left, and what needs a second look before it is a match.

use ijkpunt::baseline::Part;
use ijkpunt::enrol::{Enroller, Proposal, Window};
use ijkpunt::view::Kind;
use image::imageops::{crop_imm, flip_horizontal, overlay, resize};
use image::{ImageFormat, Rgb, RgbImage};

use super::views::{built, encoded};
use super::*;

/// Ellipses of all sizes and colours, one on the other.
fn stones(seed: u32, (width, height): (u32, u32)) -> RgbImage {
    let mut image = RgbImage::from_pixel(width, height, Rgb([128; 3]));
    let mut state = seed;
    let mut next = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % most
    };
    for stone in 0..160 {
        let (x, y, colour) = (next(width), next(height), [next(256), next(256), next(256)]);
        let largest = 60u32.saturating_sub(stone / 3).max(8);
        let (wide, high) = (4 + next(largest), 4 + next(largest));
        let (left, top) = (x.saturating_sub(wide), y.saturating_sub(high));
        for (u, v) in (top..(y + high).min(height))
            .flat_map(|v| (left..(x + wide).min(width)).map(move |u| (u, v)))
        {
            let (across, down) = (u.abs_diff(x) * high, v.abs_diff(y) * wide);
            if across * across + down * down < (wide * high).pow(2) {
                image.put_pixel(u, v, Rgb(colour.map(|part| u8::try_from(part).unwrap())));
            }
        }
    }
    image
}

fn jpeg(image: &RgbImage) -> Vec<u8> {
    encoded(image, ImageFormat::Jpeg)
}

fn original() -> RgbImage {
    stones(1, (480, 360))
}

fn proposal(image: &RgbImage) -> Proposal {
    Enroller::new().propose(&encoded(image, ImageFormat::Png), &Limits::default())
}

fn enrolled() -> List {
    List::from_proposals([("item", &proposal(&original()))]).unwrap()
}

fn windows() -> Vec<Window> {
    proposal(&original()).fingerprints()[0].windows.clone()
}

fn side(part: Part) -> u16 {
    let [left, top, right, bottom] = part.sides();
    (right - left).max(bottom - top)
}

fn smallest() -> Window {
    windows()
        .into_iter()
        .min_by_key(|it| side(it.part))
        .unwrap()
}

fn largest() -> Window {
    windows()
        .into_iter()
        .max_by_key(|it| side(it.part))
        .unwrap()
}

/// One that lies elsewhere.
fn beside(window: Window) -> Window {
    let middle = |part: Part| {
        let [left, top, right, bottom] = part.sides().map(i32::from);
        ((left + right) / 2, (top + bottom) / 2)
    };
    let (x, y) = middle(window.part);
    let away = |it: &Window| {
        let (u, v) = middle(it.part);
        (u - x).abs() + (v - y).abs()
    };
    windows().into_iter().max_by_key(away).unwrap()
}

/// A list of bare windows, without the whole picture.
fn listed(rows: impl IntoIterator<Item = (&'static str, Window)>) -> List {
    let rows = rows.into_iter();
    List::from_rows(
        rows.map(|(label, it)| NewRow::new("item", it.pdq).window(it.part).label(label)),
    )
    .unwrap()
}

fn off_by(window: Window, bits: usize) -> Window {
    let mut window = window;
    window.pdq = away(window.pdq, bits);
    window
}

fn at(effort: Effort, list: List) -> Screener {
    built(list, |builder| builder.effort(effort))
}

fn found(effort: Effort, list: List) -> Option<Evidence> {
    match at(effort, list).screen(&jpeg(&original())) {
        Screening::Match(matched) => Some(matched.evidence()[0].clone()),
        Screening::NoMatch(_) => None,
        undecided @ Screening::Undecided(_) => panic!("{undecided:?}"),
    }
}

#[test]
fn a_crop_off_the_grid_is_found_by_windows_and_not_without() {
    let crops = [[0, 0, 290, 220], [170, 120, 310, 240], [30, 140, 330, 220]];
    for [x, y, width, height] in crops {
        let crop = crop_imm(&original(), x, y, width, height).to_image();
        for copy in [
            resize(
                &crop,
                width * 4 / 3,
                height * 4 / 3,
                image::imageops::Triangle,
            ),
            flip_horizontal(&crop),
        ] {
            let bytes = jpeg(&copy);
            let is_match =
                |effort, list| matches!(at(effort, list).screen(&bytes), Screening::Match(_));
            assert!(!is_match(Effort::Plain, enrolled()));
            let whole = proposal(&original()).fingerprints()[0].pdq;
            assert!(!is_match(Effort::Standard, list(&[("item", whole)])));
            for effort in [Effort::Standard, Effort::Thorough] {
                let found = evidence(at(effort, enrolled()).screen(&bytes)).remove(0);
                assert_eq!(found.view, Kind::Window, "{found:?}");
                assert!(found.entry_part.is_some() && found.place.is_some());
                assert!(bits(&found) <= 31);
                // Where the part lies in the entry, less what was cut off.
                if found.dihedral == Dihedral::Original {
                    let left = f32::from(found.entry_part.unwrap().sides()[0]) * 0.048 - x as f32;
                    let scale = copy.width() as f32 / width as f32;
                    let off = found.place.unwrap().bounds()[0] - left * scale;
                    assert!(off.abs() < 8.0, "{found:?}: {off}");
                }
            }
        }
    }
}

#[test]
fn what_others_show_is_no_match() {
    for seed in 2..8 {
        let other = stones(seed, (480, 360));
        for effort in Effort::ALL {
            let screening = at(effort, enrolled()).screen(&jpeg(&other));
            assert!(matches!(screening, Screening::NoMatch(_)), "{screening:?}");
        }
    }
}

#[test]
fn a_small_window_is_a_match_only_where_another_one_confirms_it() {
    let small = smallest();
    assert!(side(small.part) < 4000, "{:?}", small.part);
    assert_eq!(found(Effort::Standard, listed([("", small)])), None);
    assert_eq!(found(Effort::Thorough, listed([("", small)])), None);
    let other = off_by(beside(small), 15);
    let both = found(Effort::Standard, listed([("", small), ("", other)])).unwrap();
    assert_eq!(both.entry_part, Some(small.part));
    let confirmed = both.confirmed.unwrap().bits();
    assert!(
        (15..=60).contains(&confirmed) && bits(&both) <= 31,
        "{both:?}"
    );
    // Of another frame of the entry, it confirms nothing; nor where it is too far.
    assert_eq!(
        found(Effort::Standard, listed([("", small), ("frame 7", other)])),
        None
    );
    let far = off_by(beside(small), 100);
    assert_eq!(
        found(Effort::Standard, listed([("", small), ("", far)])),
        None
    );
}

#[test]
fn a_sign_in_many_places_is_no_match() {
    // A page with what the small window shows, as a news site shows a logo.
    let small = smallest();
    let [left, top, right, bottom] = small.part.sides().map(u32::from);
    let (width, height) = original().dimensions();
    let place = [left * width / 10_000, top * height / 10_000];
    let size = [
        (right - left) * width / 10_000,
        (bottom - top) * height / 10_000,
    ];
    let sign = crop_imm(&original(), place[0], place[1], size[0], size[1]).to_image();
    let mut page = stones(9, (600, 400));
    overlay(&mut page, &sign, 40, 30);
    for effort in Effort::ALL {
        let screening = at(effort, enrolled()).screen(&jpeg(&page));
        assert!(matches!(screening, Screening::NoMatch(_)), "{screening:?}");
    }
}

#[test]
fn a_large_window_stands_for_its_entry() {
    let large = largest();
    let found = found(Effort::Standard, listed([("", large)])).unwrap();
    assert_eq!(
        (found.entry_part, found.confirmed),
        (Some(large.part), None)
    );
}

#[test]
fn thorough_effort_finds_what_is_farther_if_it_is_confirmed() {
    let large = largest();
    let [near, other] = [off_by(large, 40), off_by(beside(large), 40)];
    assert_eq!(
        found(Effort::Standard, listed([("", near), ("", other)])),
        None
    );
    let thorough = found(Effort::Thorough, listed([("", near), ("", other)])).unwrap();
    assert!((32..=48).contains(&bits(&thorough)), "{thorough:?}");
    assert!(thorough.confirmed.unwrap().bits() <= 60);
    assert_eq!(found(Effort::Thorough, listed([("", near)])), None);
    let far = off_by(large, 70);
    assert_eq!(
        found(Effort::Thorough, listed([("", far), ("", other)])),
        None
    );
}

#[test]
fn of_one_window_only_the_nearest_entries_get_a_second_look() {
    let (small, other) = (smallest(), beside(smallest()));
    let true_one = off_by(small, 12);
    let with = |signs: usize| {
        let ids: Vec<String> = (0..signs).map(|number| format!("sign {number}")).collect();
        let signs = ids
            .iter()
            .map(|id| NewRow::new(id, small.pdq).window(small.part));
        let item = [true_one, off_by(other, 20)];
        let item = item.map(|it| NewRow::new("item", it.pdq).window(it.part));
        found(
            Effort::Standard,
            List::from_rows(signs.chain(item)).unwrap(),
        )
    };
    assert_eq!(&*with(3).unwrap().entry, "item");
    assert_eq!(with(300), None);
}

#[test]
fn windows_of_what_is_switched_off_match_nothing() {
    let own = OwnList::new(enrolled());
    let builder = Screener::builder().list("own", own.clone());
    let screener = builder.surface(Surface::Public).build().unwrap();
    let crop = jpeg(&crop_imm(&original(), 170, 120, 310, 240).to_image());
    assert!(matches!(screener.screen(&crop), Screening::Match(_)));
    assert!(own.switch_off("item"));
    assert!(matches!(screener.screen(&crop), Screening::NoMatch(_)));
}

#[test]
fn lookups_stay_within_240_with_windows_and_without() {
    let nothing = windows().into_iter().map(|it| off_by(it, 128));
    let nothing = listed(nothing.map(|it| ("", it)));
    let info = |screener: &Screener| screener.screen(&jpeg(&original())).lists()[0].windows;
    for (list, has_windows) in [
        (nothing, true),
        (list(&[("a", away(largest().pdq, 128))]), false),
    ] {
        let screener = at(Effort::Standard, list);
        assert_eq!(info(&screener) > 0, has_windows);
        let counts = screener.counts();
        assert!((100..=240).contains(&counts.lookups), "{counts:?}");
    }
}
