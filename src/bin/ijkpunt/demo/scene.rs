//! Made-up pictures: leaves of coloured paper, fallen on each other.
//!
//! The "dead leaves" model (occluding shapes whose sizes follow a power law) has the statistics of photographs that
//! matter to a perceptual hash: edges at every scale, and no two scenes alike. Only exact or correctly rounded
//! operations (+ - * / and square roots) lead to a pixel, so the same seed gives the same bytes on every machine.

use image::RgbImage;

use super::dice::Dice;

/// The scene with this number.
pub(super) fn scene(seed: u64) -> RgbImage {
    let mut dice = Dice::new(seed);
    let (width, height) = dice.pick(&SIZES_PX);
    let palette = dice.pick(&PALETTES).map(colour);
    let mut canvas = Canvas::new(width, height, palette[0], palette[1]);
    for _ in 0..LEAVES {
        canvas.drop(&Leaf::fall(&mut dice, &canvas, &palette));
    }
    canvas.develop()
}

type Colour = [f32; 3];

const SIZES_PX: [(u32, u32); 5] = [(480, 360), (512, 384), (540, 360), (420, 420), (360, 480)];

const LEAVES: usize = 150;

/// The radii of leaves, in widths of the picture. Between them, how many there are falls with the cube.
const SMALLEST: f32 = 0.03;
const LARGEST: f32 = 0.36;

/// From dark to light, from calm to loud.
const PALETTES: [[u32; 6]; 8] = [
    [
        0x26_46_53, 0x8a_b1_7d, 0x2a_9d_8f, 0xe9_c4_6a, 0xf4_a2_61, 0xe7_6f_51,
    ],
    [
        0x1d_35_57, 0xa8_da_dc, 0x45_7b_9d, 0xf1_fa_ee, 0xe6_39_46, 0xf4_d3_5e,
    ],
    [
        0x28_36_18, 0xfe_fa_e0, 0x60_6c_38, 0xdd_a1_5e, 0xbc_6c_25, 0x8a_30_33,
    ],
    [
        0x22_22_3b, 0xc9_ad_a7, 0x4a_4e_69, 0x9a_8c_98, 0xf2_e9_e4, 0xd9_8f_5c,
    ],
    [
        0x00_30_49, 0xea_e2_b7, 0xd6_28_28, 0xf7_7f_00, 0xfc_bf_49, 0x3a_86_8c,
    ],
    [
        0x10_3c_34, 0xd8_e2_c8, 0x2f_6f_5e, 0x7f_b0_69, 0xec_e4_b7, 0xe6_aa_68,
    ],
    [
        0x3d_1e_4d, 0xf6_d5_c4, 0x6d_3f_73, 0xb5_65_76, 0xe5_6b_6f, 0xea_ac_8b,
    ],
    [
        0x1b_1b_1e, 0xd8_db_e2, 0x37_3f_51, 0x58_a4_b0, 0xa9_bc_d0, 0xda_a4_9a,
    ],
];

fn colour(rgb: u32) -> Colour {
    let [_, r, g, b] = rgb.to_be_bytes();
    [r, g, b].map(f32::from)
}

/// One shape: where it lies, how it is turned, and what is printed on it. Lengths in pixels.
struct Leaf {
    outline: Outline,
    centre: (f32, f32),
    /// The direction of its first axis.
    turn: (f32, f32),
    /// Half its extent along its axes.
    half: (f32, f32),
    colour: Colour,
    print: Print,
}

#[derive(Debug, Clone, Copy)]
enum Outline {
    Ellipse,
    Rectangle,
    Triangle,
}

/// What is printed on a leaf.
#[derive(Debug, Clone, Copy)]
enum Print {
    Plain,
    /// Stripes across the first axis, this wide.
    Stripes(f32),
    /// Squares, this wide.
    Checks(f32),
}

impl Leaf {
    fn fall(dice: &mut Dice, canvas: &Canvas, palette: &[Colour; 6]) -> Self {
        let (width, height) = (canvas.width as f32, canvas.height as f32);
        let radius = width * size(dice.between(0.0, 1.0));
        let print_px = radius * dice.between(0.15, 0.4);
        let brightness = dice.between(0.75, 1.2);
        Self {
            outline: dice.pick(&[
                Outline::Ellipse,
                Outline::Ellipse,
                Outline::Rectangle,
                Outline::Triangle,
            ]),
            centre: (
                dice.between(-0.1, 1.1) * width,
                dice.between(-0.1, 1.1) * height,
            ),
            turn: dice.direction(),
            half: (radius, radius * dice.between(0.45, 1.0)),
            colour: dice.pick(palette).map(|sample| sample * brightness),
            print: dice.pick(&[
                Print::Plain,
                Print::Plain,
                Print::Stripes(print_px),
                Print::Checks(print_px),
            ]),
        }
    }

    /// How far it extends from its centre along the rows and columns of the picture.
    fn reach(&self) -> (f32, f32) {
        let ((cos, sin), (a, b)) = (self.turn, self.half);
        let (cos, sin) = (cos.abs(), sin.abs());
        (a * cos + b * sin, a * sin + b * cos)
    }

    /// What a pixel becomes, its centre given, when the leaf and its shadow fall on it.
    fn cover(&self, pixel: &mut Colour, (x, y): (f32, f32), shadow_px: f32) {
        let place = self.axes(x, y);
        let depth = self.depth(place);
        if depth < -2.0 * shadow_px {
            return; // the shadow reaches as far as its offset along both sides, and a half
        }
        let cover = (depth + 0.5).clamp(0.0, 1.0);
        if cover < 1.0 {
            let above = self.depth(self.axes(x - shadow_px, y - shadow_px));
            let shadow = (above / shadow_px + 0.5).clamp(0.0, 1.0);
            *pixel = pixel.map(|sample| sample * (1.0 - 0.45 * shadow));
        }
        if cover > 0.0 {
            *pixel = blend(*pixel, self.paint(place, x, y), cover);
        }
    }

    /// The coordinates along the leaf's axes.
    fn axes(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.centre.0, y - self.centre.1);
        let (cos, sin) = self.turn;
        (x * cos + y * sin, y * cos - x * sin)
    }

    /// About how many pixels a place lies inside the edge; negative outside.
    fn depth(&self, (u, v): (f32, f32)) -> f32 {
        let (a, b) = self.half;
        match self.outline {
            Outline::Ellipse => {
                let (u, v) = (u / a, v / b);
                (1.0 - (u * u + v * v).sqrt()) * b
            }
            Outline::Rectangle => (a - u.abs()).min(b - v.abs()),
            Outline::Triangle => {
                let across = a * (v + b) - 2.0 * b * u.abs();
                (b - v).min(across / (a * a + 4.0 * b * b).sqrt())
            }
        }
    }

    /// The colour at a place, in light that falls from the upper left.
    fn paint(&self, (u, v): (f32, f32), x: f32, y: f32) -> Colour {
        let printed = match self.print {
            Print::Plain => false,
            Print::Stripes(width) => is_odd(u / width),
            Print::Checks(width) => is_odd(u / width) != is_odd(v / width),
        };
        let away_from_light = (x - self.centre.0 + y - self.centre.1) / (2.0 * self.half.0);
        let shade = 1.0 - 0.22 * away_from_light;
        let ink = if printed { 0.72 } else { 1.0 };
        self.colour.map(|sample| sample * shade * ink)
    }
}

/// Whether a place lies in an odd stripe. Leaves are narrower than the offset, which spares a slow rounding down.
#[expect(clippy::cast_possible_truncation, reason = "a few stripes beside zero")]
fn is_odd(stripe: f32) -> bool {
    (stripe + 64.0) as i32 & 1 == 1
}

/// A radius in widths of the picture, for a chance from 0 to 1: the inverse of a distribution that falls with the cube.
fn size(chance: f32) -> f32 {
    let ratio = SMALLEST / LARGEST;
    SMALLEST / (1.0 - chance * (1.0 - ratio * ratio)).sqrt()
}

struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// Filled from `top` to `bottom`.
    fn new(width: u32, height: u32, bottom: Colour, top: Colour) -> Self {
        let row = |y: u32| {
            let part = y as f32 / height as f32;
            let colour = blend(top, bottom, part);
            std::iter::repeat_n(colour, width as usize)
        };
        Self {
            width,
            height,
            pixels: (0..height).flat_map(row).collect(),
        }
    }

    /// A leaf falls, and its shadow before it.
    fn drop(&mut self, leaf: &Leaf) {
        let shadow_px = (leaf.half.1 * 0.18).min(9.0);
        let (across, down) = leaf.reach();
        let columns = span(leaf.centre.0, across + shadow_px, self.width);
        for y in span(leaf.centre.1, down + shadow_px, self.height) {
            let start = (y * self.width) as usize;
            let row = &mut self.pixels[start..start + self.width as usize];
            for x in columns.clone() {
                leaf.cover(
                    &mut row[x as usize],
                    (x as f32 + 0.5, y as f32 + 0.5),
                    shadow_px,
                );
            }
        }
    }

    fn develop(self) -> RgbImage {
        let mut image = RgbImage::new(self.width, self.height);
        for (to, from) in image.pixels_mut().zip(self.pixels) {
            to.0 = from.map(sample);
        }
        image
    }
}

fn blend(from: Colour, to: Colour, part: f32) -> Colour {
    std::array::from_fn(|i| from[i] + (to[i] - from[i]) * part)
}

/// The pixels that `reach` around `centre` touches, of `side`.
fn span(centre: f32, reach: f32, side: u32) -> std::ops::Range<u32> {
    pixel(centre - reach, side)..pixel(centre + reach + 1.0, side)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits"
)]
fn pixel(place: f32, side: u32) -> u32 {
    place.clamp(0.0, side as f32) as u32
}

/// A sample in 8 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits"
)]
pub(super) fn sample(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}
