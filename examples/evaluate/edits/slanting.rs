//! The picture turned by a few degrees, sheared, or seen from the side.

use image::RgbImage;
use image::imageops::interpolate_bilinear;
use serde::Deserialize;

use super::Means;
use super::placing::Fill;
use crate::drawing::px;

/// What becomes of the corners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Canvas {
    /// Cut to a rectangle that the picture fills.
    Filled,
    /// On a canvas of the same size: filled, and parts of the picture lost.
    Same,
    /// On a canvas that holds the whole picture: filled.
    Expanded,
}

/// Turned about its centre, to either side.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rotation {
    degrees: f64,
    canvas: Canvas,
    #[serde(default)]
    fill: Fill,
}

impl Rotation {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let angle = means.sign() * self.degrees.to_radians();
        let (sine, cosine) = (sine(angle), (1.0 - sine(angle) * sine(angle)).sqrt());
        let (width, height) = sides(image);
        let size = match self.canvas {
            Canvas::Filled => inscribed(width, height, sine.abs(), cosine),
            Canvas::Same => (width, height),
            Canvas::Expanded => (
                width * cosine + height * sine.abs(),
                width * sine.abs() + height * cosine,
            ),
        };
        let canvas = self.fill.canvas(image, whole(size), means);
        let turn = [[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]];
        about_centres(canvas, image, turn)
    }
}

/// The largest rectangle within a turned one, which must not be narrow: for slight turns.
fn inscribed(width: f64, height: f64, sine: f64, cosine: f64) -> (f64, f64) {
    let scale = cosine * cosine - sine * sine;
    let side = |along: f64, across: f64| ((along * cosine - across * sine) / scale).max(8.0);
    (side(width, height), side(height, width))
}

/// Rows pushed to the side, or columns up or down, in per cent of their distance from the middle.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shear {
    percent: f64,
    #[serde(default)]
    columns: bool,
    canvas: Canvas,
    #[serde(default)]
    fill: Fill,
}

impl Shear {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let push = means.sign() * self.percent / 100.0;
        let (width, height) = sides(image);
        let (across, down) = if self.columns {
            (0.0, width * push.abs())
        } else {
            (height * push.abs(), 0.0)
        };
        let size = match self.canvas {
            Canvas::Filled => (width - across, height - down),
            Canvas::Same => (width, height),
            Canvas::Expanded => (width + across, height + down),
        };
        let canvas = self.fill.canvas(image, whole(size), means);
        let (rows, columns) = if self.columns {
            (0.0, push)
        } else {
            (push, 0.0)
        };
        let shear = [[1.0, rows, 0.0], [columns, 1.0, 0.0], [0.0, 0.0, 1.0]];
        about_centres(canvas, image, shear)
    }
}

/// Seen from one of the four sides: the far edge is shorter by so many per cent, and every corner moved a little.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Perspective {
    percent: f64,
    canvas: Canvas,
    #[serde(default)]
    fill: Fill,
}

impl Perspective {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let (width, height) = sides(image);
        let quad = self.quad(means);
        let canvas = self.fill.canvas(image, image.dimensions(), means);
        let to_quad = of_unit_square(quad);
        let matrix = match self.canvas {
            Canvas::Filled => to_quad, // what is seen is a part of the picture
            Canvas::Same | Canvas::Expanded => inverse(to_quad),
        };
        warped(canvas, image, |(x, y)| {
            let (u, v) = mapped(matrix, ((x + 0.5) / width, (y + 0.5) / height));
            (u * width - 0.5, v * height - 0.5)
        })
    }

    /// The corners from the upper left on, clockwise, in a square of side 1.
    fn quad(self, means: &mut Means<'_>) -> [(f64, f64); 4] {
        let short = self.percent / 200.0; // half of it at each end of the edge
        let depth = short * 0.6; // the far edge is nearer to the middle too
        let far = means.up_to(3);
        let mut moved = [(0.0, 0.0); 4];
        for (corner, by) in moved.iter_mut().enumerate() {
            let is_left = corner == 0 || corner == 3;
            let is_above = corner < 2;
            let (across, down) = match (far, is_left, is_above) {
                (0, true, _) | (1, false, _) => (depth, short),
                (2, _, true) | (3, _, false) => (short, depth),
                _ => (0.0, 0.0),
            };
            let jitter = |means: &mut Means<'_>| f64::from(means.dice.between(0.0, 0.3)) * short;
            *by = (across + jitter(means), down + jitter(means));
        }
        let [a, b, c, d] = moved;
        [
            (a.0, a.1),
            (1.0 - b.0, b.1),
            (1.0 - c.0, 1.0 - c.1),
            (d.0, 1.0 - d.1),
        ]
    }
}

type Matrix = [[f64; 3]; 3];

/// From the unit square to a quadrilateral. (Heckbert: Fundamentals of texture mapping and image warping, 1989, 2.2.3.)
fn of_unit_square([p0, p1, p2, p3]: [(f64, f64); 4]) -> Matrix {
    let (dx1, dy1) = (p1.0 - p2.0, p1.1 - p2.1);
    let (dx2, dy2) = (p3.0 - p2.0, p3.1 - p2.1);
    let (sx, sy) = (p0.0 - p1.0 + p2.0 - p3.0, p0.1 - p1.1 + p2.1 - p3.1);
    let scale = dx1 * dy2 - dx2 * dy1;
    let g = (sx * dy2 - dx2 * sy) / scale;
    let h = (dx1 * sy - sx * dy1) / scale;
    [
        [p1.0 - p0.0 + g * p1.0, p3.0 - p0.0 + h * p3.0, p0.0],
        [p1.1 - p0.1 + g * p1.1, p3.1 - p0.1 + h * p3.1, p0.1],
        [g, h, 1.0],
    ]
}

/// The inverse but for a factor, which does not matter here.
fn inverse(m: Matrix) -> Matrix {
    let minor = |row: usize, column: usize| {
        let (a, b) = ((row + 1) % 3, (row + 2) % 3);
        let (c, d) = ((column + 1) % 3, (column + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    std::array::from_fn(|row| std::array::from_fn(|column| minor(column, row)))
}

fn mapped(m: Matrix, (x, y): (f64, f64)) -> (f64, f64) {
    let [u, v, w] = m.map(|row| row[0] * x + row[1] * y + row[2]);
    (u / w, v / w)
}

/// Places from the centre of the canvas become places from the centre of the picture.
fn about_centres(canvas: RgbImage, image: &RgbImage, matrix: Matrix) -> RgbImage {
    let centre = |image: &RgbImage| {
        let (width, height) = sides(image);
        (width / 2.0 - 0.5, height / 2.0 - 0.5)
    };
    let (from, to) = (centre(&canvas), centre(image));
    warped(canvas, image, |(x, y)| {
        let (u, v) = mapped(matrix, (x - from.0, y - from.1));
        (u + to.0, v + to.1)
    })
}

/// Every pixel of the canvas comes from the place in the picture that `from` tells, and stays where that is outside.
#[expect(clippy::cast_possible_truncation, reason = "places in a picture")]
fn warped(
    mut canvas: RgbImage,
    image: &RgbImage,
    from: impl Fn((f64, f64)) -> (f64, f64),
) -> RgbImage {
    let (right, bottom) = (image.width() - 1, image.height() - 1);
    for (x, y, pixel) in canvas.enumerate_pixels_mut() {
        let (u, v) = from((f64::from(x), f64::from(y)));
        let within = |place: f64, last: u32| (-0.5..f64::from(last) + 0.5).contains(&place);
        if within(u, right) && within(v, bottom) {
            let (u, v) = (u as f32, v as f32);
            let (u, v) = (u.clamp(0.0, right as f32), v.clamp(0.0, bottom as f32));
            *pixel = interpolate_bilinear(image, u, v).unwrap_or(*pixel);
        }
    }
    canvas
}

fn sides(image: &RgbImage) -> (f64, f64) {
    (f64::from(image.width()), f64::from(image.height()))
}

#[expect(clippy::cast_possible_truncation, reason = "sides of pictures")]
fn whole((width, height): (f64, f64)) -> (u32, u32) {
    (px(width as f32).max(1), px(height as f32).max(1))
}

/// By its series, which is exact for slight turns, and the same on every machine.
fn sine(angle: f64) -> f64 {
    let square = angle * angle;
    angle * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brush::{BLACK, WHITE};
    use crate::dice::Dice;

    fn means() -> Means<'static> {
        Means {
            dice: Dice::new(1),
            others: &[],
        }
    }

    /// How much of a white picture's result is black.
    fn filled(image: &RgbImage) -> f64 {
        let black = image.pixels().filter(|pixel| **pixel == BLACK).count();
        black as f64 / image.pixels().len() as f64
    }

    fn white() -> RgbImage {
        RgbImage::from_pixel(400, 300, WHITE)
    }

    #[test]
    fn a_turned_picture_is_cut_or_filled_or_gets_a_larger_canvas() {
        let turned = |canvas| {
            let rotation = Rotation {
                degrees: 10.0,
                canvas,
                fill: Fill::Black,
            };
            rotation.apply(&white(), &mut means())
        };
        let cut = turned(Canvas::Filled);
        assert!(filled(&cut) < 0.001, "{}", filled(&cut));
        // 400 cos 10° - 300 sin 10°, and so on, over cos 20°.
        assert_eq!(cut.dimensions(), (364, 240));
        let same = turned(Canvas::Same);
        assert_eq!(same.dimensions(), (400, 300));
        assert!((0.05..0.12).contains(&filled(&same)), "{}", filled(&same));
        let expanded = turned(Canvas::Expanded);
        assert_eq!(expanded.dimensions(), (446, 365));
        let share = 400.0 * 300.0 / (446.0 * 365.0);
        assert!((filled(&expanded) - (1.0 - share)).abs() < 0.01);
    }

    #[test]
    fn sheared_rows_are_cut_or_get_a_wider_canvas() {
        let sheared = |canvas, columns| {
            let shear = Shear {
                percent: 20.0,
                columns,
                canvas,
                fill: Fill::Black,
            };
            shear.apply(&white(), &mut means())
        };
        let cut = sheared(Canvas::Filled, false);
        assert_eq!(cut.dimensions(), (340, 300));
        assert!(filled(&cut) < 0.002);
        let expanded = sheared(Canvas::Expanded, true);
        assert_eq!(expanded.dimensions(), (400, 380));
        assert!((filled(&expanded) - 80.0 / 380.0).abs() < 0.01);
    }

    #[test]
    fn a_slanted_view_shows_a_part_or_all_on_a_background() {
        let seen = |canvas| {
            let perspective = Perspective {
                percent: 30.0,
                canvas,
                fill: Fill::Black,
            };
            perspective.apply(&white(), &mut means())
        };
        assert!(filled(&seen(Canvas::Filled)) < 0.001);
        let part = filled(&seen(Canvas::Same));
        assert!((0.15..0.4).contains(&part), "{part}");
    }

    #[test]
    fn the_corners_of_the_square_go_to_the_corners_and_back() {
        let quad = [(0.1, 0.05), (0.9, 0.0), (1.0, 0.8), (0.05, 0.95)];
        let matrix = of_unit_square(quad);
        let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        for (corner, expected) in square.into_iter().zip(quad) {
            let there = mapped(matrix, corner);
            let back = mapped(inverse(matrix), there);
            assert!((there.0 - expected.0).abs() < 1e-9 && (there.1 - expected.1).abs() < 1e-9);
            assert!((back.0 - corner.0).abs() < 1e-9 && (back.1 - corner.1).abs() < 1e-9);
        }
    }

    #[test]
    fn sines_are_sines() {
        for degrees in [0.0, 2.0, 7.5, 15.0, 30.0f64] {
            let angle = degrees.to_radians();
            assert!((sine(angle) - angle.sin()).abs() < 1e-8);
        }
    }
}
