//! Flags by the plans of many: stripes, crosses, cantons, discs, diagonals, in tones that chance chooses.

use image::{Rgb, RgbImage};

use crate::brush::Area;
use crate::dice::Dice;
use crate::paper::{colour, part};
use crate::shapes::{Shape, fill_where};

/// Each kind twice.
pub(crate) fn flags(dice: &mut Dice) -> Vec<RgbImage> {
    let flag = |paint: &Paint| {
        let mut image = RgbImage::new(300, 200);
        let mut tones = TONES.map(colour);
        dice.shuffle(&mut tones);
        paint(&mut image, [tones[0], tones[1], tones[2]], dice);
        image
    };
    KINDS.iter().chain(&KINDS).map(flag).collect()
}

type Paint = fn(&mut RgbImage, [Rgb<u8>; 3], &mut Dice);

const KINDS: [Paint; 16] = [
    |image, [a, b, _], _| stripes(image, &[a, b], true),
    |image, [a, b, _], _| stripes(image, &[a, b], false),
    |image, tones, _| stripes(image, &tones, true),
    |image, tones, _| stripes(image, &tones, false),
    |image, [a, b, _], _| stripes(image, &[a, b, a], true),
    |image, [a, b, _], dice| many_stripes(image, [a, b], dice),
    |image, [a, b, _], dice| cross(image, [a, b], 0.5, dice),
    |image, [a, b, _], dice| cross(image, [a, b], dice.between(0.33, 0.42), dice),
    |image, [a, b, _], dice| {
        let arm = dice.between(0.12, 0.26);
        whole(image, a);
        fill_where(image, Area::of(image), b, |x, y| {
            (x.abs() - y.abs()).abs() < arm
        });
    },
    |image, [a, b, _], dice| {
        whole(image, a);
        canton(image, b, dice);
    },
    |image, [a, b, c], dice| {
        many_stripes(image, [a, b], dice);
        canton(image, c, dice);
    },
    |image, [a, b, _], dice| {
        whole(image, a);
        charge(image, b, Shape::Disc, dice);
    },
    |image, [a, b, c], dice| {
        stripes(image, &[a, b, a], dice.below(2) == 0);
        charge(image, c, Shape::Disc, dice);
    },
    |image, [a, b, _], dice| {
        whole(image, a);
        charge(image, b, Shape::Star, dice);
    },
    |image, [a, b, c], dice| {
        let band = dice.between(-0.1, 0.25);
        whole(image, a);
        fill_where(image, Area::of(image), b, |x, y| x > y);
        fill_where(image, Area::of(image), c, |x, y| (x - y).abs() < band);
    },
    |image, [a, b, c], dice| {
        let point = dice.between(0.6, 1.1);
        stripes(image, &[a, b], true);
        fill_where(image, Area::of(image), c, |x, y| {
            x + 1.0 < point * (1.0 - y.abs())
        });
    },
];

const TONES: [u32; 8] = [
    0xff_ff_ff, 0xf0_d0_30, 0xe0_7a_20, 0xc8_1e_28, 0x1e_8a_3c, 0x48_98_d8, 0x12_2a_78, 0x0a_0a_0a,
];

fn whole(image: &mut RgbImage, colour: Rgb<u8>) {
    Area::of(image).fill(image, colour);
}

fn stripes(image: &mut RgbImage, colours: &[Rgb<u8>], is_across: bool) {
    let step = 1.0 / colours.len() as f32;
    for (place, colour) in colours.iter().enumerate() {
        // Each covers all behind it, so that no pixel is left over.
        let from = step * place as f32;
        let stripe = if is_across {
            [0.0, from, 1.0, 1.0]
        } else {
            [from, 0.0, 1.0, 1.0]
        };
        part(image, stripe).fill(image, *colour);
    }
}

fn many_stripes(image: &mut RgbImage, [a, b]: [Rgb<u8>; 2], dice: &mut Dice) {
    let number = 4 + dice.below(10);
    let colours: Vec<_> = [a, b].into_iter().cycle().take(number).collect();
    stripes(image, &colours, dice.below(2) == 0);
}

fn cross(image: &mut RgbImage, [field, arms]: [Rgb<u8>; 2], across: f32, dice: &mut Dice) {
    let arm = dice.between(0.1, 0.26);
    whole(image, field);
    part(image, [across - arm / 3.0, 0.0, arm / 1.5, 1.0]).fill(image, arms);
    part(image, [0.0, 0.5 - arm / 2.0, 1.0, arm]).fill(image, arms);
}

fn canton(image: &mut RgbImage, colour: Rgb<u8>, dice: &mut Dice) {
    let (width, height) = (dice.between(0.3, 0.5), dice.between(0.4, 0.6));
    part(image, [0.0, 0.0, width, height]).fill(image, colour);
}

/// A shape in the middle, or a little to the left.
fn charge(image: &mut RgbImage, colour: Rgb<u8>, shape: Shape, dice: &mut Dice) {
    let (side, across) = (dice.between(0.3, 0.65), dice.pick(&[0.5, 0.5, 0.4]));
    let place = [across - side / 3.0, 0.5 - side / 2.0, side / 1.5, side];
    shape.fill(image, part(image, place), colour);
}
