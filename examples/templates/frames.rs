//! Blank pages with a border, a line around, bars, or boxes.

use image::{Rgb, RgbImage};

use crate::dice::Dice;
use crate::drawing::inside;
use crate::paper::{Scheme, part};

type Paint = fn(&mut RgbImage, Scheme, Rgb<u8>, &mut Dice);

const KINDS: [Paint; 4] = [border, line_around, bars, boxes];

pub(crate) fn frames(dice: &mut Dice) -> Vec<RgbImage> {
    let frame = |paint: &Paint| {
        let scheme = Scheme::any(dice);
        let mut image = scheme.sheet(dice);
        let colour = dice.pick(&[scheme.ink, scheme.accent]);
        paint(&mut image, scheme, colour, dice);
        image
    };
    KINDS.iter().cycle().take(16).map(frame).collect()
}

fn border(image: &mut RgbImage, scheme: Scheme, colour: Rgb<u8>, dice: &mut Dice) {
    let (wide, shift) = widths(dice);
    part(image, [0.0, 0.0, 1.0, 1.0]).fill(image, colour);
    let side = 1.0 - 2.0 * wide;
    part(image, [wide + shift, wide, side, side]).fill(image, scheme.page);
}

fn line_around(image: &mut RgbImage, scheme: Scheme, colour: Rgb<u8>, dice: &mut Dice) {
    let ((wide, shift), line) = (widths(dice), dice.between(0.01, 0.05));
    let side = 1.0 - 2.0 * wide;
    let outer = part(image, [wide, wide + shift, side, side]);
    outer.fill(image, colour);
    let side = 1.0 - 2.0 * line;
    inside(outer, [line, line, side, side]).fill(image, scheme.page);
}

/// Above and below.
fn bars(image: &mut RgbImage, _: Scheme, colour: Rgb<u8>, dice: &mut Dice) {
    let (wide, shift) = widths(dice);
    part(image, [0.0, 0.0, 1.0, wide]).fill(image, colour);
    part(image, [0.0, 1.0 - wide + shift, 1.0, wide]).fill(image, colour);
}

fn boxes(image: &mut RgbImage, scheme: Scheme, colour: Rgb<u8>, dice: &mut Dice) {
    for colour in [colour, scheme.soft] {
        let (left, top) = (dice.between(0.05, 0.5), dice.between(0.05, 0.5));
        let (width, height) = (dice.between(0.2, 0.5), dice.between(0.2, 0.5));
        part(image, [left, top, width, height]).fill(image, colour);
    }
}

/// How wide a border is, and how far it is from even: what is exactly even has no odd frequencies, and half of its hash is
/// noise.
fn widths(dice: &mut Dice) -> (f32, f32) {
    (dice.between(0.02, 0.2), dice.between(-0.01, 0.01))
}
