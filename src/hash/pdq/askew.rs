//! Parts of a plane that stand askew to 64 x 64 buffers.

use super::Buffer;
use super::kernel::{Lanes, Task};
use super::part::{floors, index};
use super::plane::Plane;

/// A part that stands askew: where each sample of its buffer is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    /// Of a place in the part, from (0, 0) to (1, 1): what both coordinates and 1 count towards x, y and what both are divided by.
    maps: [[f32; 3]; 3],
}

impl Grid {
    /// The grid of four corners in a plane, in samples: top left, top right, bottom right, bottom left of the part.
    pub(crate) fn new(corners: [[f32; 2]; 4]) -> Self {
        let [a, b, c, d] = corners;
        let less = |p: [f32; 2], q: [f32; 2]| [p[0] - q[0], p[1] - q[1]];
        let cross = |p: [f32; 2], q: [f32; 2]| p[0] * q[1] - p[1] * q[0];
        // 0 in a parallelogram; otherwise its far end is nearer or farther than its near end.
        let slant = less(less(a, b), less(d, c));
        let (right, lower) = (less(b, c), less(d, c));
        let turn = cross(right, lower);
        let g = cross(slant, lower) / turn;
        let h = cross(right, slant) / turn;
        let map = |axis: usize| {
            [
                b[axis] - a[axis] + g * b[axis],
                d[axis] - a[axis] + h * d[axis],
                a[axis],
            ]
        };
        Self {
            maps: [map(0), map(1), [g, h, 1.0]],
        }
    }

    /// Where in a plane the samples of row `i` are taken, less half a sample: x and y each.
    #[inline(always)]
    fn places(&self, i: usize) -> [[f32; 64]; 2] {
        let v = (index(i) + 0.5) / 64.0;
        let begin = self.maps.map(|[_, down, begin]| down * v + begin);
        let [mut xs, mut ys] = [[0.0; 64]; 2];
        for (j, (x, y)) in xs.iter_mut().zip(&mut ys).enumerate() {
            let u = (index(j) + 0.5) / 64.0;
            let far = begin[2] + self.maps[2][0] * u;
            *x = (begin[0] + self.maps[0][0] * u) / far - 0.5;
            *y = (begin[1] + self.maps[1][0] * u) / far - 0.5;
        }
        [xs, ys]
    }
}

/// The buffer of a part that stands askew: each sample is interpolated between the four around it. Where they are one and a half to
/// three samples apart, that comes near to PDQ's tent.
pub(super) struct Askew<'a> {
    pub(super) plane: &'a Plane,
    pub(super) grid: &'a Grid,
}

impl Task for Askew<'_> {
    type Output = Buffer;

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) -> Buffer {
        let plane = self.plane;
        let [width, height, stride] = [plane.width(), plane.height(), plane.stride()].map(count);
        let mut buffer = [[0.0; 64]; 64];
        for (i, out) in buffer.iter_mut().enumerate() {
            // A step at a time for the whole row: all but the look-ups go many at a time.
            let [xs, ys] = self.grid.places(i);
            let (across, down) = (Between::of(&xs, width), Between::of(&ys, height));
            let pairs = Pairs::of(&across, width);
            let [upper, lower] = pairs.read(plane, stride, [&down.near, &down.far]);
            for (j, sample) in out.iter_mut().enumerate() {
                let along =
                    |[near, far]: &[[f32; 64]; 2]| near[j] + (far[j] - near[j]) * across.part[j];
                let (upper, lower) = (along(&upper), along(&lower));
                *sample = upper + (lower - upper) * down.part[j];
            }
        }
        buffer
    }
}

/// Between which two samples of a line each of 64 places lies, and how far behind the former. Beyond its ends the line is reflected.
struct Between {
    near: [u32; 64],
    far: [u32; 64],
    part: [f32; 64],
}

impl Between {
    #[inline(always)]
    fn of(places: &[f32; 64], length: u32) -> Self {
        let before = floors(places);
        let mut part = *places;
        for (part, before) in part.iter_mut().zip(before) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "places are far below 2^24, or else what is read hardly matters"
            )]
            let before = before as f32;
            *part -= before;
        }
        Self {
            near: before.map(|place| reflected(place, length)),
            far: before.map(|place| reflected(place.saturating_add(1), length)),
            part,
        }
    }
}

/// The two samples of a row around each of 64 places are neighbours, or the same one at an edge; so both are read in one piece.
struct Pairs {
    /// The columns that are read: these, and the next ones.
    left: [u32; 64],
    /// All bits where the nearer and the farther sample of a place are the left ones, and none elsewhere.
    is_left: [[u32; 64]; 2],
}

impl Pairs {
    #[inline(always)]
    fn of(across: &Between, width: u32) -> Self {
        let last = width.saturating_sub(2);
        let left = std::array::from_fn(|j| across.near[j].min(across.far[j]).min(last));
        let is_left = |columns: &[u32; 64]| {
            std::array::from_fn(|j| u32::from(columns[j] == left[j]).wrapping_neg())
        };
        Self {
            left,
            is_left: [is_left(&across.near), is_left(&across.far)],
        }
    }

    /// The samples around each place, in two rows each.
    #[inline(always)]
    fn read(&self, plane: &Plane, stride: u32, rows: [&[u32; 64]; 2]) -> [[[f32; 64]; 2]; 2] {
        // All are read before any is used: what was written just now in small pieces cannot be had at once in a large one.
        let mut pairs = [[[0.0; 2]; 64]; 2];
        for (pairs, rows) in pairs.iter_mut().zip(rows) {
            let mut at = self.left;
            for (at, row) in at.iter_mut().zip(rows) {
                *at += row * stride;
            }
            for (two, at) in pairs.iter_mut().zip(at) {
                *two = plane.two(at as usize);
            }
        }
        [self.apart(&pairs[0]), self.apart(&pairs[1])]
    }

    /// The nearer and the farther sample of each place.
    #[inline(always)]
    fn apart(&self, pairs: &[[f32; 2]; 64]) -> [[f32; 64]; 2] {
        let mut apart = [[0.0; 64]; 2];
        for (samples, is_left) in apart.iter_mut().zip(&self.is_left) {
            for ((sample, two), is_left) in samples.iter_mut().zip(pairs).zip(is_left) {
                let [left, right] = [two[0].to_bits(), two[1].to_bits()];
                *sample = f32::from_bits(right ^ (left ^ right) & is_left);
            }
        }
        apart
    }
}

/// As [`super::part::reflected`], without a branch.
#[inline(always)]
fn reflected(place: i32, length: u32) -> u32 {
    let place = (place ^ (place >> 31)).cast_unsigned();
    let behind = (2 * length).saturating_sub(place + 1);
    if place < length { place } else { behind }
}

/// A side of a plane.
fn count(side: usize) -> u32 {
    u32::try_from(side).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::kernel::Kernel;
    use super::super::part::tests::picture;
    use super::*;
    use crate::hash::pdq::spare::Spare;

    #[test]
    fn places_are_reflected_without_a_branch_too() {
        for length in [1, 2, 5, 64, 1024] {
            for place in (-3000..3000).chain([i32::MIN, i32::MIN + 1, i32::MAX - 1, i32::MAX]) {
                let expected = super::super::part::reflected(place, length);
                assert_eq!(
                    reflected(place, count(length)) as usize,
                    expected,
                    "{place}"
                );
            }
        }
    }

    #[test]
    fn a_grid_that_is_not_turned_reads_what_lies_between_samples() {
        let plane = Plane::of(Kernel::Portable, &picture(64, 64), &Spare::default());
        let read = |corners| {
            let grid = Grid::new(corners);
            let [first, others @ ..] = Kernel::ALL.map(|kernel| {
                kernel.run(Askew {
                    plane: &plane,
                    grid: &grid,
                })
            });
            assert!(others.iter().all(|other| *other == first));
            first
        };
        let whole = read([[0.0, 0.0], [64.0, 0.0], [64.0, 64.0], [0.0, 64.0]]);
        assert!((whole[0][0] - plane.sample(0, 0)).abs() < 1e-3);
        assert!((whole[20][63] - plane.sample(63, 20)).abs() < 1e-3);
        let half = read([[0.5, 0.0], [64.5, 0.0], [64.5, 64.0], [0.5, 64.0]]);
        let between = f32::midpoint(plane.sample(9, 20), plane.sample(10, 20));
        assert!((half[20][9] - between).abs() < 1e-3);
        let mirrored = read([[64.0, 0.0], [0.0, 0.0], [0.0, 64.0], [64.0, 64.0]]);
        assert!((mirrored[20][3] - whole[20][60]).abs() < 1e-2);
    }

    #[test]
    fn a_grid_meets_its_corners_and_the_crossing_of_its_diagonals() {
        let corners = [[10.0, 12.0], [50.0, 8.0], [60.0, 55.0], [5.0, 40.0]];
        let Grid { maps } = Grid::new(corners);
        let place = |u: f32, v: f32| {
            let [x, y, far] = maps.map(|[across, down, begin]| across * u + down * v + begin);
            [x / far, y / far]
        };
        let near =
            |[x, y]: [f32; 2], [u, v]: [f32; 2]| (x - u).abs() < 1e-3 && (y - v).abs() < 1e-3;
        for (corner, (u, v)) in
            corners
                .into_iter()
                .zip([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
        {
            assert!(near(place(u, v), corner), "{corner:?}");
        }
        let [x, y] = place(0.5, 0.5);
        let on_line = |[a, b]: [f32; 2], [c, d]: [f32; 2]| {
            ((c - a) * (y - b) - (d - b) * (x - a)).abs() < 0.1
        };
        assert!(on_line(corners[0], corners[2]) && on_line(corners[1], corners[3]));
    }
}
