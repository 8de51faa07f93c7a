//! Where in a picture a view lies.

use crate::hash::Dihedral;

/// Four corners in a picture, in pixels from its left and top edge: of a rectangle, or of one that was turned, sheared or seen at an
/// angle. They may lie beyond the picture's edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Of the view's own top left, top right, bottom right, bottom left.
    corners: [[f32; 2]; 4],
}

impl Place {
    /// The corners of the view's own top left, top right, bottom right and bottom left: x and y each.
    #[must_use]
    pub fn corners(&self) -> [[f32; 2]; 4] {
        self.corners
    }

    /// The upright rectangle around it: left, top, right, bottom.
    #[must_use]
    pub fn bounds(&self) -> [f32; 4] {
        let least = |axis: usize| {
            self.corners
                .iter()
                .map(|corner| corner[axis])
                .fold(f32::INFINITY, f32::min)
        };
        let most = |axis: usize| {
            self.corners
                .iter()
                .map(|corner| corner[axis])
                .fold(f32::NEG_INFINITY, f32::max)
        };
        [least(0), least(1), most(0), most(1)]
    }

    /// By how many degrees its upper edge is turned, clockwise; -180 to 180.
    #[must_use]
    pub fn rotation_deg(&self) -> f32 {
        let [[left, from], [right, to], ..] = self.corners;
        (to - from).atan2(right - left).to_degrees()
    }

    /// The same place, its corners named as those of a turned or mirrored form of the view.
    pub(crate) fn form(&self, form: Dihedral) -> Self {
        // For each corner of the form, the corner of the view that stands there.
        let from = match form {
            Dihedral::Original => [0, 1, 2, 3],
            Dihedral::Rot90 => [1, 2, 3, 0],
            Dihedral::Rot180 => [2, 3, 0, 1],
            Dihedral::Rot270 => [3, 0, 1, 2],
            Dihedral::FlipX => [3, 2, 1, 0],
            Dihedral::FlipY => [1, 0, 3, 2],
            Dihedral::FlipPlus1 => [0, 3, 2, 1],
            Dihedral::FlipMinus1 => [2, 1, 0, 3],
        };
        Self {
            corners: from.map(|corner| self.corners[corner]),
        }
    }

    /// Where another part of a picture lies, if this is where `known` does: parts as left, top, right and bottom, in any unit.
    pub(crate) fn of_part(&self, known: [f32; 4], other: [f32; 4]) -> Self {
        let [left, top, right, bottom] = known;
        let [a, b, c, d] = self.corners;
        let less = |p: [f32; 2], q: [f32; 2]| [p[0] - q[0], p[1] - q[1]];
        let cross = |p: [f32; 2], q: [f32; 2]| p[0] * q[1] - p[1] * q[0];
        // A projective map, as Grid of the room `hash` has one: 0 in a parallelogram.
        let slant = less(less(a, b), less(d, c));
        let (along, beside) = (less(b, c), less(d, c));
        let turn = cross(along, beside);
        let (g, h) = (cross(slant, beside) / turn, cross(along, slant) / turn);
        let at = |[x, y]: [f32; 2]| {
            let (u, v) = ((x - left) / (right - left), (y - top) / (bottom - top));
            let far = 1.0 + g * u + h * v;
            [0, 1].map(|axis| {
                let [a, b, d] = [a[axis], b[axis], d[axis]];
                (a + (b - a + g * b) * u + (d - a + h * d) * v) / far
            })
        };
        Self {
            corners: Self::upright(other).corners.map(at),
        }
    }

    /// Whether all of it lies in a picture of this size, or no more than this far outside.
    pub(crate) fn lies_in(&self, [width, height]: [f32; 2], slack: f32) -> bool {
        let [left, top, right, bottom] = self.bounds();
        left >= -slack && top >= -slack && right <= width + slack && bottom <= height + slack
    }

    /// An upright rectangle.
    pub(super) fn upright([left, top, right, bottom]: [f32; 4]) -> Self {
        Self {
            corners: [[left, top], [right, top], [right, bottom], [left, bottom]],
        }
    }

    pub(super) fn of(corners: [[f32; 2]; 4]) -> Self {
        Self { corners }
    }

    /// Left, top, right and bottom, if it is an upright rectangle.
    pub(super) fn sides(&self) -> Option<[f32; 4]> {
        let bounds = self.bounds();
        (*self == Self::upright(bounds)).then_some(bounds)
    }

    /// The lengths of its upper and its left edge, in pixels.
    #[must_use]
    pub fn size(&self) -> [f32; 2] {
        let [from, right, _, down] = self.corners;
        [right, down].map(|to| {
            let [x, y] = [to[0] - from[0], to[1] - from[1]];
            (x * x + y * y).sqrt()
        })
    }

    /// The part between `from` and `to`, as parts of its sides; below 0 and above 1 lies outside. Of an upright rectangle.
    pub(super) fn part(&self, from: [f32; 2], to: [f32; 2]) -> Self {
        let [left, top, ..] = self.bounds();
        let [width, height] = self.size();
        let x = |part: f32| left + part * width;
        let y = |part: f32| top + part * height;
        Self::upright([x(from[0]), y(from[1]), x(to[0]), y(to[1])])
    }

    /// Every corner moved by a linear map around the middle: of a corner's place, what `x` and `y` say of (x, y).
    pub(super) fn mapped(&self, x: [f32; 2], y: [f32; 2]) -> Self {
        let [left, top, right, bottom] = self.bounds();
        let middle = [f32::midpoint(left, right), f32::midpoint(top, bottom)];
        Self {
            corners: self.corners.map(|corner| {
                let [u, v] = [corner[0] - middle[0], corner[1] - middle[1]];
                [
                    middle[0] + (x[0] * u + x[1] * v),
                    middle[1] + (y[0] * u + y[1] * v),
                ]
            }),
        }
    }

    /// Turned clockwise by a small angle, and made `scale` times as large.
    pub(super) fn turned(&self, degrees: f32, scale: f32) -> Self {
        let (sine, cosine) = sine_and_cosine(degrees);
        self.mapped(
            [cosine * scale, -sine * scale],
            [sine * scale, cosine * scale],
        )
    }
}

/// Sine and cosine of a small angle, by their series: a library's differ from one system to another, and hashes would with them.
pub(super) fn sine_and_cosine(degrees: f32) -> (f32, f32) {
    let x = f64::from(degrees) * (std::f64::consts::PI / 180.0);
    let series = |first: f64, power: f64| {
        let (mut term, mut sum, mut n) = (first, first, power);
        for _ in 0..12 {
            term *= -x * x / ((n + 1.0) * (n + 2.0));
            sum += term;
            n += 2.0;
        }
        sum
    };
    #[expect(clippy::cast_possible_truncation, reason = "rounded to nearest")]
    let (sine, cosine) = (series(x, 1.0) as f32, series(1.0, 0.0) as f32);
    (sine, cosine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_and_cosines_are_those_of_the_library_but_for_rounding() {
        for degrees in [-45.0f32, -14.0, -2.0, 0.0, 0.5, 6.0, 45.0] {
            let (sine, cosine) = sine_and_cosine(degrees);
            let (expected_sine, expected_cosine) = degrees.to_radians().sin_cos();
            assert!((sine - expected_sine).abs() < 1e-6, "{degrees}");
            assert!((cosine - expected_cosine).abs() < 1e-6, "{degrees}");
        }
    }

    #[test]
    fn turning_keeps_the_middle_and_the_size() {
        let place = Place::upright([10.0, 20.0, 110.0, 80.0]);
        let turned = place.turned(10.0, 1.0);
        let [width, height] = turned.size();
        assert!((width - 100.0).abs() < 1e-3 && (height - 60.0).abs() < 1e-3);
        assert!((turned.rotation_deg() - 10.0).abs() < 1e-3);
        let [left, top, right, bottom] = turned.bounds();
        assert!((f32::midpoint(left, right) - 60.0).abs() < 1e-3);
        assert!((f32::midpoint(top, bottom) - 50.0).abs() < 1e-3);
        assert_eq!(turned.sides(), None);
        assert_eq!(place.sides(), Some([10.0, 20.0, 110.0, 80.0]));
    }

    #[test]
    fn a_part_is_found_again_where_its_picture_lies() {
        let known = [0.0, 0.0, 1.0, 1.0];
        let other = [0.25, 0.5, 0.75, 1.0];
        let upright = Place::upright([10.0, 20.0, 110.0, 60.0]);
        let expected = Place::upright([35.0, 40.0, 85.0, 60.0]);
        assert_eq!(upright.of_part(known, other), expected);
        // From one part to another, and back.
        let back = expected.of_part(other, known);
        for (a, b) in back.corners().iter().zip(upright.corners()) {
            assert!((a[0] - b[0]).abs() < 1e-3 && (a[1] - b[1]).abs() < 1e-3);
        }
        // Mirrored: what was at the left is at the right.
        let mirrored = upright
            .form(Dihedral::FlipY)
            .of_part(known, [0.0, 0.0, 0.25, 1.0]);
        assert_eq!(mirrored.bounds(), [85.0, 20.0, 110.0, 60.0]);
        assert_eq!(mirrored.corners()[0], [110.0, 20.0]);
    }

    #[test]
    fn seen_at_an_angle_the_crossing_of_diagonals_is_the_middle() {
        let corners = [[0.0, 0.0], [100.0, 20.0], [90.0, 70.0], [10.0, 90.0]];
        let place = Place::of(corners);
        let part = place.of_part([0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.5, 0.5]);
        let [x, y] = part.corners()[2];
        // On both diagonals.
        let on = |from: [f32; 2], to: [f32; 2]| {
            (x - from[0]) * (to[1] - from[1]) - (y - from[1]) * (to[0] - from[0])
        };
        assert!(on(corners[0], corners[2]).abs() < 0.1 && on(corners[1], corners[3]).abs() < 0.1);
        assert!(part.lies_in([100.0, 90.0], 0.0) && !part.lies_in([100.0, 40.0], 2.0));
    }

    #[test]
    fn every_form_is_undone_by_its_inverse() {
        let place = Place::of([[0.0, 1.0], [9.0, 0.0], [8.0, 7.0], [1.0, 6.0]]);
        for form in Dihedral::ALL {
            assert_eq!(place.form(form).form(form.inverse()), place, "{form}");
        }
    }

    #[test]
    fn parts_reach_beyond_the_edges() {
        let place = Place::upright([0.0, 0.0, 200.0, 100.0]);
        let part = place.part([-0.1, 0.0], [1.1, 0.5]);
        assert_eq!(part.sides(), Some([-20.0, 0.0, 220.0, 50.0]));
    }
}
