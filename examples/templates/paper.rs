//! What every sketch begins with: a sheet of some shape, in some colours.

use image::{Rgb, RgbImage};

use crate::brush::Area;
use crate::dice::Dice;
use crate::drawing::inside;

/// The colours of a sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scheme {
    pub(crate) page: Rgb<u8>,
    /// Between the page and the ink.
    pub(crate) soft: Rgb<u8>,
    pub(crate) accent: Rgb<u8>,
    pub(crate) ink: Rgb<u8>,
}

impl Scheme {
    pub(crate) fn any(dice: &mut Dice) -> Self {
        let [page, soft, accent, ink] = dice.pick(&SCHEMES).map(colour);
        Self {
            page,
            soft,
            accent,
            ink,
        }
    }

    /// A sheet in the colour of the page.
    pub(crate) fn sheet(self, dice: &mut Dice) -> RgbImage {
        let (width, height) = dice.pick(&SIZES_PX);
        RgbImage::from_pixel(width, height, self.page)
    }
}

/// Square, a screen, a photo.
const SIZES_PX: [(u32, u32); 3] = [(256, 256), (320, 180), (288, 216)];

/// Light and dark. Of colours a hash sees only their order in brightness, so few are enough.
const SCHEMES: [[u32; 4]; 8] = [
    [0xff_ff_ff, 0xd8_dc_e0, 0x2b_6c_b0, 0x10_10_10],
    [0xff_ff_ff, 0xe6_e6_e6, 0xc8_1e_28, 0x22_22_22],
    [0xf4_ee_dd, 0xdc_d2_b8, 0x8a_5a_2b, 0x33_29_1e],
    [0xe8_f1_f5, 0xbc_d4_de, 0x1d_6f_5f, 0x12_30_44],
    [0x00_00_00, 0x30_30_30, 0xe0_b0_20, 0xff_ff_ff],
    [0x12_18_22, 0x2c_36_44, 0x4c_a6_e8, 0xf0_f4_f8],
    [0x10_3a_24, 0x2e_5c_44, 0xe8_d8_60, 0xff_ff_ff],
    [0x8c_12_1c, 0xb0_48_50, 0xf4_c8_40, 0xff_f4_ea],
];

pub(crate) fn colour(rgb: u32) -> Rgb<u8> {
    let [_, r, g, b] = rgb.to_be_bytes();
    Rgb([r, g, b])
}

/// A rectangle of a sheet: left, top, width and height as parts of its sides.
pub(crate) fn part(sheet: &RgbImage, place: [f32; 4]) -> Area {
    inside(Area::of(sheet), place)
}
