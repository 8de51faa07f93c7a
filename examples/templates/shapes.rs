//! Shapes of logos, each in a square from -1 to 1.

use image::{Rgb, RgbImage};

use crate::brush::Area;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Disc,
    Ring,
    Square,
    Frame,
    Diamond,
    Triangle,
    Star,
    Cross,
    Crescent,
    Bars,
}

impl Shape {
    pub(crate) const ALL: [Self; 10] = [
        Self::Disc,
        Self::Ring,
        Self::Square,
        Self::Frame,
        Self::Diamond,
        Self::Triangle,
        Self::Star,
        Self::Cross,
        Self::Crescent,
        Self::Bars,
    ];

    fn holds(self, x: f32, y: f32) -> bool {
        let square = x * x + y * y;
        match self {
            Self::Disc => square < 1.0,
            Self::Ring => (0.45..1.0).contains(&square),
            Self::Square => true,
            Self::Frame => x.abs().max(y.abs()) > 0.7,
            Self::Diamond => x.abs() + y.abs() < 1.0,
            Self::Triangle => 2.0 * x.abs() < y + 1.0,
            Self::Star => in_star(x, y),
            Self::Cross => x.abs().min(y.abs()) < 0.34,
            Self::Crescent => square < 1.0 && (x - 0.4) * (x - 0.4) + y * y > 0.6,
            Self::Bars => (x + 1.0) % 0.8 < 0.4,
        }
    }

    /// Fills the shape, which touches the sides of a rectangle.
    pub(crate) fn fill(self, image: &mut RgbImage, area: Area, colour: Rgb<u8>) {
        fill_where(image, area, colour, |x, y| self.holds(x, y));
    }
}

/// The pentagram: a place is in it if it is on the inner side of four of its five lines at least.
fn in_star(x: f32, y: f32) -> bool {
    let on_inner_side = NORMALS
        .iter()
        .filter(|(across, down)| across * x + down * y < 0.309)
        .count();
    on_inner_side >= 4
}

/// Of the pentagon inside, whose upper side is level: cosines and sines of -90, -18, 54, 126 and 198 degrees, mirrored.
const NORMALS: [(f32, f32); 5] = [
    (0.0, 1.0),
    (0.951_056_5, 0.309_017),
    (0.587_785_25, -0.809_017),
    (-0.587_785_25, -0.809_017),
    (-0.951_056_5, 0.309_017),
];

/// Colours the pixels of a rectangle that are chosen by their place: from -1 to 1, from the left and from the top.
pub(crate) fn fill_where(
    image: &mut RgbImage,
    area: Area,
    colour: Rgb<u8>,
    is_in: impl Fn(f32, f32) -> bool,
) {
    let from_centre = |place: u32, side: u32| (place as f32 + 0.5) * 2.0 / side as f32 - 1.0;
    let right = (area.left + area.width).min(image.width());
    let bottom = (area.top + area.height).min(image.height());
    for y in area.top..bottom {
        for x in area.left..right {
            let across = from_centre(x - area.left, area.width);
            let down = from_centre(y - area.top, area.height);
            if is_in(across, down) {
                image.put_pixel(x, y, colour);
            }
        }
    }
}
