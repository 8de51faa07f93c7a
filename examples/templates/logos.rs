//! Logos: one shape, one in another, or a few letters on a plain page; small or large, in the middle or not.

use image::RgbImage;

use crate::brush::Area;
use crate::dice::Dice;
use crate::drawing::{inside, px};
use crate::letters::{Ink, write_centred};
use crate::paper::Scheme;
use crate::shapes::Shape;

/// Each shape, and letters in one line and two, in three sizes at three places; and emblems.
pub(crate) fn logos(dice: &mut Dice) -> Vec<RgbImage> {
    let mut sketches = Vec::new();
    for share in [0.22, 0.42, 0.7] {
        for reach in [MIDDLE, NEAR_MIDDLE, ASIDE] {
            sketches.extend(Shape::ALL.map(|shape| plain(shape, share, reach, dice)));
            sketches.extend([1, 2].map(|lines| letters(lines, share, reach, dice)));
        }
    }
    sketches.extend((0..8).map(|_| emblem(dice)));
    sketches
}

/// How far from the middle a logo may stand. Exactly there it has no odd frequencies, and half of its hash is noise; a little
/// beside they are there, and their signs do not depend on how far.
const MIDDLE: f32 = 0.0;
const NEAR_MIDDLE: f32 = 0.03;
const ASIDE: f32 = 0.3;

fn plain(shape: Shape, share: f32, reach: f32, dice: &mut Dice) -> RgbImage {
    let (mut image, area, scheme) = page(share * dice.between(0.75, 1.25), reach, dice);
    shape.fill(&mut image, area, scheme.ink);
    image
}

fn letters(lines: u8, share: f32, reach: f32, dice: &mut Dice) -> RgbImage {
    let (mut image, area, scheme) = page(share * dice.between(0.75, 1.25), reach, dice);
    let height = 0.4 * f32::from(lines);
    let block = inside(area, [0.0, 0.5 - height / 2.0, 1.0, height]);
    let ink = Ink::plain(scheme.ink);
    write_centred(&mut image, block, lines.into(), ink, dice);
    image
}

/// A shape in another.
fn emblem(dice: &mut Dice) -> RgbImage {
    let outer = dice.pick(&[Shape::Disc, Shape::Square, Shape::Diamond, Shape::Ring]);
    let inner = dice.pick(&Shape::ALL);
    let (reach, hole) = (dice.pick(&[MIDDLE, NEAR_MIDDLE]), dice.between(0.4, 0.6));
    let (mut image, area, scheme) = page(dice.between(0.4, 0.9), reach, dice);
    let margin = (1.0 - hole) / 2.0;
    outer.fill(&mut image, area, scheme.accent);
    let middle = inside(area, [margin, margin, hole, hole]);
    inner.fill(&mut image, middle, scheme.page);
    image
}

/// A sheet and a square on it, whose side is a part of the sheet's shorter side.
fn page(share: f32, reach: f32, dice: &mut Dice) -> (RgbImage, Area, Scheme) {
    let scheme = Scheme::any(dice);
    let image = scheme.sheet(dice);
    let (width, height) = (image.width() as f32, image.height() as f32);
    let side = width.min(height) * share;
    let mut start = |length: f32| {
        let middle = length * (0.5 + dice.between(-reach, reach));
        px((middle - side / 2.0).clamp(0.0, length - side))
    };
    let area = Area {
        left: start(width),
        top: start(height),
        width: px(side),
        height: px(side),
    };
    (image, area, scheme)
}
