//! Entries so plain that harmless pictures match them: asked within less, and by whole frames.

use ijkpunt::baseline::Part;
use ijkpunt::baseline::generic::{Asking, asking};
use image::{Rgb, RgbImage};

use super::views::{built, on_page, png};
use super::*;

/// A dark disc on a light page, as many a logo is.
fn disc(side: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        let away = |at: u32| f64::from(at) - f64::from(side) * 0.47;
        let is_inside = away(x).hypot(away(y)) < f64::from(side) * 0.3;
        Rgb([if is_inside { 20 } else { 235 }; 3])
    })
}

fn code(image: &RgbImage) -> Pdq {
    let (width, height) = image.dimensions();
    let picture = Picture::rgb(width, height, 3 * width as usize, image.as_raw().as_slice());
    Hasher::new().hash(&picture.unwrap()).unwrap().pdq()
}

#[test]
fn an_entry_matches_as_far_as_it_is_asked_for_and_no_farther() {
    let disc = code(&disc(240));
    assert!(matches!(asking(disc), Asking::WholeFrameOnly(_)));
    let mut kinds = [0; 3];
    for flipped in (0..90).step_by(3) {
        let row = away(disc, flipped);
        let most = asking(row).radius(Radius::DEFAULT).bits();
        kinds[match asking(row) {
            Asking::Normal => 0,
            Asking::Reduced(_) => 1,
            _ => 2,
        }] += 1;
        let screener = screener(list(&[("item", row)]));
        for bits in 0..=33u16 {
            // Flipped elsewhere, so that they are as far apart as that.
            let mut bytes = row.to_bytes();
            for bit in 0..usize::from(bits) {
                bytes[31 - bit / 8] ^= 1 << (bit % 8);
            }
            let screening = screener.screen_pdq(Pdq::from_bytes(bytes), None);
            let is_match = matches!(screening, Screening::Match(_));
            assert_eq!(
                is_match,
                bits <= most,
                "{flipped}, {bits}: {:?}",
                asking(row)
            );
        }
    }
    assert!(kinds.iter().all(|seen| *seen > 0), "{kinds:?}");
}

#[test]
fn a_plain_entry_is_no_match_for_a_part_and_one_with_detail_is() {
    let scene = image::load_from_memory(&bytes_of(SCENE))
        .unwrap()
        .into_rgb8();
    for (image, is_found) in [(disc(240), false), (scene, true)] {
        let item = code(&image);
        let page = png(&on_page(&image, (420, 380), (60, 50), 120));
        let screener = built(list(&[("item", item)]), |builder| builder);
        let is_match = |bytes: &[u8]| matches!(screener.screen(bytes), Screening::Match(_));
        assert_eq!(is_match(&page), is_found);
        assert!(is_match(&png(&image)), "the whole is found");
    }
}

#[test]
fn a_plain_window_matches_nothing_not_even_a_whole_picture() {
    let item = code(&disc(240));
    let part = Part::new([2500, 2500, 7500, 7500]).unwrap();
    let detail = transform_of(SCENE).pdq();
    for (pdq, upload, is_found) in [
        (item, png(&disc(240)), false),
        (detail, bytes_of(SCENE), true),
    ] {
        let row = NewRow::new("item", pdq).window(part);
        let screener = screener(List::from_rows([row]).unwrap());
        let is_match = matches!(screener.screen(&upload), Screening::Match(_));
        assert_eq!(is_match, is_found);
    }
}
