//! Parts of a plane to 64 x 64 buffers: what PDQ would see if the part were a picture of its own.
//!
//! PDQ runs a box of `w = ceil(s / 128)` pixels twice along a side of `s` pixels, and takes 64 of what comes out. Two equal boxes are a
//! tent, so sample `i` is the mean of what lies around pixel `(2 i + 1) s / 128`, one further where `w` is even, where the pixel at a
//! distance of `k` weighs `w - k`. That is done here with parts that begin and end anywhere, of planes whose samples stand for one pixel or
//! more; beyond the edge of the plane, the plane is reflected. Two things differ: at the edges of a part, PDQ divides twice by what lies
//! inside, and here once; and PDQ does not filter pictures of 64 x 64 pixels at all.

use super::Buffer;
use super::kernel::{Block, Lanes, Sixteen, Task, ZEROS};
use super::plane::Plane;

/// A buffer of which every row is four times sixteen.
type Rows = [[Sixteen; 4]; 64];

/// Which samples of a line count how much for each of the 64 of a part.
#[derive(Clone)]
pub(crate) struct Axis {
    /// A place in the line, and its weight; those of one of the 64 add up to 1.
    taps: Vec<(usize, f32)>,
    /// Where the taps of each of the 64 end.
    ends: [usize; 64],
}

impl Axis {
    /// A part that begins at pixel `from` and is `side` pixels long, of a line of `length` samples of `scale` pixels each.
    ///
    /// A part has to be longer than nothing, and to end less than the line's length beyond either end.
    pub(crate) fn new(from: f32, side: f32, scale: f32, length: usize) -> Self {
        let window = (side / 128.0).ceil();
        // A box of an even number of pixels is not centred on one, and there are two.
        let shift = if window % 2.0 == 0.0 { 1.5 } else { 0.5 };
        let mut taps = Vec::with_capacity(64 * 4);
        let ends = std::array::from_fn(|i| {
            let middle = from + whole((2.0 * index(i) + 1.0) * side / 128.0) + shift;
            let first_tap = taps.len();
            let mut sum = 0.0;
            let [first, last] = [middle - window, middle + window].map(|end| floor(end / scale));
            for place in first..=last {
                // What of the sample lies in the part and under the tent.
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a plane has at most 1,024 samples a side"
                )]
                let edges =
                    [place, place + 1].map(|edge| (edge as f32 * scale).clamp(from, from + side));
                let [left, right] = edges.map(|edge| tent(edge - middle, window));
                let weight = right - left;
                if weight > 0.0 {
                    taps.push((reflected(place, length), weight));
                    sum += weight;
                }
            }
            for (_, weight) in &mut taps[first_tap..] {
                *weight /= sum;
            }
            taps.len()
        });
        Self { taps, ends }
    }

    fn of(&self, i: usize) -> &[(usize, f32)] {
        let begin = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.taps[begin..self.ends[i]]
    }

    /// The first tile that is looked at, and the one behind the last.
    fn tiles(&self) -> (usize, usize) {
        let places = || self.taps.iter().map(|(place, _)| *place);
        let (first, last) = (places().min(), places().max());
        (first.unwrap_or(0) / 16, last.unwrap_or(0) / 16 + 1)
    }
}

/// How much of a tent lies before a place that is `x` pixels behind its middle.
///
/// Two boxes of `window` whole pixels weigh the pixel at a distance of `k` by `window - k`: sums of whole numbers, between which the
/// share of a pixel counts.
fn tent(x: f32, window: f32) -> f32 {
    let upto = |x: f32| {
        // All that lies before a place at or before the middle of the pixel in the middle.
        let places = (x + window - 0.5).max(0.0);
        let before = whole(places);
        before * (before + 1.0) / 2.0 + (places - before) * (before + 1.0)
    };
    if x <= 0.5 {
        upto(x)
    } else {
        window * window - upto(-x)
    }
}

/// What stands before the point of a number that is not negative. (`f32::floor` is a call where SSE4.1 is not sure to be there.)
#[inline(always)]
fn whole(x: f32) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "sides of pictures, and of windows"
    )]
    let whole = x as i32 as f32;
    whole
}

/// A place in a line that is reflected at both of its ends.
#[inline(always)]
pub(super) fn reflected(place: i32, length: usize) -> usize {
    let place = usize::try_from(if place < 0 { !place } else { place }).unwrap_or(0);
    if place < length {
        place
    } else {
        (2 * length).saturating_sub(place + 1).min(length - 1)
    }
}

/// A small number as f32.
#[expect(clippy::cast_precision_loss, reason = "at most 63")]
fn index(i: usize) -> f32 {
    i as f32
}

/// The buffer of a part.
pub(super) struct Part<'a> {
    pub(super) plane: &'a Plane,
    pub(super) across: &'a Axis,
    pub(super) down: &'a Axis,
}

impl Task for Part<'_> {
    type Output = Buffer;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Buffer {
        let (first, end) = self.across.tiles();
        // The 64 rows of all columns that are looked at, column by column.
        let mut columns = vec![[Sixteen::ZERO; 4]; 16 * (end - first)];
        let mut rows = ZEROS;
        for (tile, columns) in (first..end).zip(columns.chunks_exact_mut(16)) {
            for four in 0..4 {
                for (i, row) in rows.iter_mut().enumerate() {
                    let mut sum = lanes.splat(0.0);
                    for (place, weight) in self.down.of(16 * four + i) {
                        let samples = lanes.load(&Sixteen(self.plane.tiles(*place)[tile]));
                        sum = lanes.add(sum, lanes.mul(lanes.splat(*weight), samples));
                    }
                    lanes.store(sum, row);
                }
                let mut turned = ZEROS;
                lanes.transpose(&rows, &mut turned);
                for (column, turned) in columns.iter_mut().zip(turned) {
                    column[four] = turned;
                }
            }
        }
        let mut turned: Rows = [[Sixteen::ZERO; 4]; 64];
        for (j, turned) in turned.iter_mut().enumerate() {
            let mut sums = [lanes.splat(0.0); 4];
            for (place, weight) in self.across.of(j) {
                let weight = lanes.splat(*weight);
                for (sum, samples) in sums.iter_mut().zip(&columns[place - 16 * first]) {
                    *sum = lanes.add(*sum, lanes.mul(weight, lanes.load(samples)));
                }
            }
            for (sum, turned) in sums.into_iter().zip(turned) {
                lanes.store(sum, turned);
            }
        }
        transposed(lanes, &turned)
    }
}

#[inline(always)]
fn transposed<L: Lanes>(lanes: L, turned: &Rows) -> Buffer {
    let mut buffer = [[0.0; 64]; 64];
    for across in 0..4 {
        for down in 0..4 {
            let block: Block = std::array::from_fn(|j| turned[16 * across + j][down]);
            let mut rows = ZEROS;
            lanes.transpose(&block, &mut rows);
            for (row, samples) in buffer[16 * down..].iter_mut().zip(rows) {
                row[16 * across..][..16].copy_from_slice(&samples.0);
            }
        }
    }
    buffer
}

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
        let mut buffer = [[0.0; 64]; 64];
        for (i, row) in buffer.iter_mut().enumerate() {
            let [xs, ys] = self.grid.places(i);
            for (sample, (x, y)) in row.iter_mut().zip(xs.into_iter().zip(ys)) {
                *sample = between(self.plane, x, y);
            }
        }
        buffer
    }
}

/// What lies at a place, between the centres of four samples.
#[inline(always)]
fn between(plane: &Plane, x: f32, y: f32) -> f32 {
    let (left, top) = (floor(x), floor(y));
    let (upper, lower) = match (usize::try_from(left), usize::try_from(top)) {
        (Ok(left), Ok(top)) if left + 1 < plane.width() && top + 1 < plane.height() => {
            plane.four(left, top)
        }
        _ => {
            let columns =
                [left, left.saturating_add(1)].map(|place| reflected(place, plane.width()));
            let rows = [top, top.saturating_add(1)].map(|place| reflected(place, plane.height()));
            let [upper, lower] = rows.map(|y| columns.map(|x| plane.sample(x, y)));
            (upper, lower)
        }
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "places are far below 2^24, or else what is read hardly matters"
    )]
    let (right, down) = (x - left as f32, y - top as f32);
    let along = |[near, far]: [f32; 2]| near + (far - near) * right;
    let (upper, lower) = (along(upper), along(lower));
    upper + (lower - upper) * down
}

/// The whole number at or below; the standard library's is a call where the CPU may lack an instruction for it.
#[inline(always)]
fn floor(x: f32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
    let whole = x as i32;
    #[expect(clippy::cast_precision_loss, reason = "comes from an f32")]
    let is_above = whole as f32 > x;
    whole.saturating_sub(i32::from(is_above))
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "sides and places of small pictures"
)]
mod tests {
    use proptest::prelude::*;

    use super::super::kernel::Kernel;
    use super::*;
    use crate::picture::Picture;

    fn picture(width: u32, height: u32) -> Picture<'static> {
        let pixels = (0..width * height).map(|k| {
            let (x, y) = (k % width, k / width);
            (x * x / 7 + 3 * y + (x * y) % 31).to_le_bytes()[0]
        });
        Picture::grey(width, height, width as usize, pixels.collect::<Vec<_>>()).unwrap()
    }

    /// Sample `i` of a part, the obvious way: what the tent holds of every pixel's hundredth.
    fn sample(line: &[f32], from: f64, side: f64, scale: f64, i: usize) -> f64 {
        let window = (side / 128.0).ceil();
        let shift = if window % 2.0 == 0.0 { 1.5 } else { 0.5 };
        let middle = from + ((2 * i + 1) as f64 * side / 128.0).floor() + shift;
        let (mut sum, mut weights) = (0.0, 0.0);
        let steps = (100.0 * side) as usize;
        for step in 0..steps {
            let at = from + (step as f64 + 0.5) * side / steps as f64;
            let weight = (window - (at - middle).abs().round()).max(0.0);
            let length = line.len() as i64;
            let place = (at / scale).floor() as i64;
            let place = if place < 0 { -1 - place } else { place };
            let place = if place < length {
                place
            } else {
                2 * length - 1 - place
            };
            sum += weight * f64::from(line[place as usize]);
            weights += weight;
        }
        sum / weights
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn weights_are_those_of_the_tent(
            length in 20usize..300, scale in prop_oneof![Just(1.0f32), 1.0f32..9.0],
            begin in -0.3f32..0.5, part in 0.2f32..1.0,
        ) {
            let line: Vec<f32> = (0..length).map(|k| ((k * k) % 211) as f32).collect();
            let whole = length as f32 * scale;
            let (from, side) = (begin * whole, part * whole);
            let axis = Axis::new(from, side, scale, length);
            for i in [0, 1, 20, 33, 62, 63] {
                let ours: f32 = axis.of(i).iter().map(|(place, weight)| line[*place] * weight).sum();
                let theirs = sample(&line, from.into(), side.into(), scale.into(), i);
                prop_assert!((f64::from(ours) - theirs).abs() < 2.0, "{i}: {ours} is not {theirs}");
            }
        }
    }

    #[test]
    fn every_kernel_reads_the_same_bits() {
        let picture = picture(201, 133);
        let plane = Plane::of(Kernel::Portable, &picture);
        let across = Axis::new(11.5, 170.0, 1.0, plane.width());
        let down = Axis::new(-9.0, 150.0, 1.0, plane.height());
        let read = |kernel: Kernel| {
            let plane = Plane::of(kernel, &picture);
            let part = Part {
                plane: &plane,
                across: &across,
                down: &down,
            };
            kernel.run(part).as_flattened().to_vec()
        };
        let expected = read(Kernel::Portable);
        for kernel in Kernel::ALL {
            assert_eq!(read(kernel), expected, "{kernel:?}");
        }
    }

    #[test]
    fn a_part_of_whole_pixels_is_what_cutting_it_out_would_give() {
        let whole = picture(420, 310);
        for [left, top, width, height] in
            [[0, 0, 420, 310], [20, 31, 300, 250], [200, 100, 129, 128]]
        {
            let rows = whole.rows().skip(top).take(height);
            let pixels: Vec<u8> = rows
                .flat_map(|row| row[left..left + width].to_vec())
                .collect();
            let cut = Picture::grey(width as u32, height as u32, width, pixels).unwrap();
            let mut expected = [[0.0; 64]; 64];
            let mut hasher = super::super::Hasher::new();
            for (row, of) in expected.iter_mut().zip(hasher.buffer(&cut)) {
                row.copy_from_slice(&of);
            }
            let plane = hasher.plane(&whole);
            let across = Axis::new(left as f32, width as f32, 1.0, plane.width());
            let down = Axis::new(top as f32, height as f32, 1.0, plane.height());
            let part = Part {
                plane: &plane,
                across: &across,
                down: &down,
            };
            let ours = Kernel::best().run(part);
            // At the edges the reference divides twice by what lies inside, which is no tent.
            for (i, (ours, expected)) in ours.iter().zip(&expected).enumerate().skip(2).take(60) {
                for (j, (ours, expected)) in ours.iter().zip(expected).enumerate().skip(2).take(60)
                {
                    assert!(
                        (ours - expected).abs() < 0.1,
                        "{i} {j}: {ours} is not {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn places_are_reflected_at_both_ends() {
        let places = [-3, -1, 0, 4, 5, 7].map(|place| reflected(place, 5));
        assert_eq!(places, [2, 0, 0, 4, 4, 2]);
    }

    #[test]
    fn a_grid_that_is_not_turned_reads_what_lies_between_samples() {
        let plane = Plane::of(Kernel::Portable, &picture(64, 64));
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
