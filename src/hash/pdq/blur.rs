//! A plane, out of focus.

use super::kernel::{Lanes, Sixteen, Task};
use super::part::reflected;
use super::plane::Plane;
use super::spare::Spare;

/// A plane in which every sample is the mean of what lies around it, across and down; beyond its edges, the plane is reflected.
pub(super) struct Blur<'a> {
    pub(super) plane: &'a Plane,
    /// How much a sample itself weighs, then those that lie one, two, ... samples to either side. All weights, those of the sides
    /// twice, add up to 1.
    pub(super) weights: &'a [f32],
    pub(super) spare: &'a Spare,
}

impl Task for Blur<'_> {
    type Output = Plane;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Plane {
        let Some(mut blurred) = Plane::unset(self.plane.width(), self.plane.height(), self.spare)
        else {
            return Plane::default();
        };
        let reach = self.weights.len() - 1;
        let width = self.plane.width();
        // A row with what lies before and behind it, up to a whole tile.
        let mut row = vec![0.0; width.next_multiple_of(16) + 2 * reach];
        let mut pairs = Vec::with_capacity(reach);
        for y in 0..self.plane.height() {
            self.down(lanes, y, &mut pairs, &mut row[reach..]);
            for k in 0..reach {
                #[expect(
                    clippy::cast_possible_wrap,
                    clippy::cast_possible_truncation,
                    reason = "a plane has at most 1,024 samples a side"
                )]
                let [before, behind] = [-1 - k as i32, (width + k) as i32];
                row[reach - 1 - k] = row[reach + reflected(before, width)];
                row[reach + width + k] = row[reach + reflected(behind, width)];
            }
            self.across(lanes, &row, blurred.tiles_mut(y));
            blurred.clear_behind(y);
        }
        blurred
    }
}

/// Two rows, tile by tile, of the same distance above and below another; and what they weigh.
type Pair<'a> = (&'a [[f32; 16]], &'a [[f32; 16]], f32);

/// So many tiles of a row go side by side: their sums do not wait for one another.
const TILES: usize = 4;

impl<'a> Blur<'a> {
    /// Row `y`, of means over columns. `pairs` is memory only.
    #[inline(always)]
    fn down<L: Lanes>(&self, lanes: L, y: usize, pairs: &mut Vec<Pair<'a>>, row: &mut [f32]) {
        let height = self.plane.height();
        #[expect(
            clippy::cast_possible_wrap,
            clippy::cast_possible_truncation,
            reason = "a plane has at most 1,024 samples a side"
        )]
        let at = |place: i32| self.plane.tiles(reflected(y as i32 + place, height));
        let own = self.plane.tiles(y);
        pairs.clear();
        for (k, weight) in (1..).zip(&self.weights[1..]) {
            pairs.push((at(-k), at(k), *weight));
        }
        let row = &mut row.as_chunks_mut::<16>().0[..own.len()];
        let (many, rest) = row.as_chunks_mut::<TILES>();
        let behind = TILES * many.len();
        for (k, sums) in many.iter_mut().enumerate() {
            down(lanes, self.weights[0], own, pairs, TILES * k, sums);
        }
        for (k, sums) in rest.iter_mut().enumerate() {
            let sums = std::array::from_mut(sums);
            down(lanes, self.weights[0], own, pairs, behind + k, sums);
        }
    }

    /// Means along a row that begins `reach` samples before its first.
    #[inline(always)]
    fn across<L: Lanes>(&self, lanes: L, row: &[f32], tiles: &mut [[f32; 16]]) {
        let (many, rest) = tiles.as_chunks_mut::<TILES>();
        let behind = TILES * many.len();
        for (k, sums) in many.iter_mut().enumerate() {
            across(lanes, self.weights, &row[16 * TILES * k..], sums);
        }
        for (k, sums) in rest.iter_mut().enumerate() {
            let sums = std::array::from_mut(sums);
            across(lanes, self.weights, &row[16 * (behind + k)..], sums);
        }
    }
}

/// Tiles of means over columns, from tile `first` on.
#[inline(always)]
fn down<L: Lanes, const N: usize>(
    lanes: L,
    weight: f32,
    own: &[[f32; 16]],
    pairs: &[Pair<'_>],
    first: usize,
    means: &mut [[f32; 16]; N],
) {
    let mut sums = [lanes.splat(0.0); N];
    let weight = lanes.splat(weight);
    for (sum, own) in sums.iter_mut().zip(&own[first..first + N]) {
        *sum = lanes.mul(weight, lanes.load(&Sixteen(*own)));
    }
    for (above, below, weight) in pairs {
        let weight = lanes.splat(*weight);
        let (above, below) = (&above[first..first + N], &below[first..first + N]);
        for ((sum, above), below) in sums.iter_mut().zip(above).zip(below) {
            let both = lanes.add(lanes.load(&Sixteen(*above)), lanes.load(&Sixteen(*below)));
            *sum = lanes.add(*sum, lanes.mul(weight, both));
        }
    }
    for (mean, sum) in means.iter_mut().zip(sums) {
        *mean = stored(lanes, sum);
    }
}

/// Tiles of means along a row that begins as many samples before the first of them as the weights reach.
#[inline(always)]
fn across<L: Lanes, const N: usize>(
    lanes: L,
    weights: &[f32],
    row: &[f32],
    means: &mut [[f32; 16]; N],
) {
    let reach = weights.len() - 1;
    let row = &row[..16 * N + 2 * reach];
    let mut sums = [lanes.splat(0.0); N];
    let weight = lanes.splat(weights[0]);
    for (sum, own) in sums.iter_mut().zip(row[reach..].as_chunks().0) {
        *sum = lanes.mul(weight, lanes.load(&Sixteen(*own)));
    }
    for (k, weight) in weights.iter().enumerate().skip(1) {
        let weight = lanes.splat(*weight);
        let [before, behind] = [reach - k, reach + k].map(|from| &row[from..from + 16 * N]);
        let (before, behind) = (before.as_chunks().0, behind.as_chunks().0);
        for ((sum, before), behind) in sums.iter_mut().zip(before).zip(behind) {
            let both = lanes.add(lanes.load(&Sixteen(*before)), lanes.load(&Sixteen(*behind)));
            *sum = lanes.add(*sum, lanes.mul(weight, both));
        }
    }
    for (mean, sum) in means.iter_mut().zip(sums) {
        *mean = stored(lanes, sum);
    }
}

#[inline(always)]
fn stored<L: Lanes>(lanes: L, value: L::V) -> [f32; 16] {
    let mut stored = Sixteen::ZERO;
    lanes.store(value, &mut stored);
    stored.0
}

#[cfg(test)]
mod tests {
    use super::super::kernel::Kernel;
    use super::*;
    use crate::picture::Picture;

    #[expect(clippy::cast_possible_truncation, reason = "bytes")]
    fn plane(width: usize, height: usize) -> Plane {
        let pixels: Vec<u8> = (0..width * height)
            .map(|k| (k * k * 31 % 251) as u8 ^ (k / width * 7) as u8)
            .collect();
        let [w, h] = [width, height].map(|side| u32::try_from(side).unwrap());
        Plane::of(
            Kernel::Portable,
            &Picture::grey(w, h, width, pixels).unwrap(),
            &Spare::default(),
        )
    }

    /// Sums in the obvious way, over all pairs of places.
    fn mean(plane: &Plane, weights: &[f32], x: usize, y: usize) -> f64 {
        let place = |at: usize, k: i32, length: usize| {
            let place = i32::try_from(at).unwrap() + k;
            let length = i32::try_from(length).unwrap();
            let place = if place < 0 { -1 - place } else { place };
            let place = if place >= length {
                2 * length - 1 - place
            } else {
                place
            };
            usize::try_from(place).unwrap()
        };
        let reach = i32::try_from(weights.len()).unwrap() - 1;
        let mut sum = 0.0;
        for down in -reach..=reach {
            for across in -reach..=reach {
                let [wx, wy] = [across, down]
                    .map(|k| f64::from(weights[usize::try_from(k.unsigned_abs()).unwrap()]));
                let sample = plane.sample(
                    place(x, across, plane.width()),
                    place(y, down, plane.height()),
                );
                sum += wx * wy * f64::from(sample);
            }
        }
        sum
    }

    #[test]
    fn samples_are_means_of_what_lies_around_them_on_every_kernel() {
        let weights = [0.4, 0.2, 0.075, 0.025];
        for (width, height) in [(3, 3), (4, 9), (16, 5), (17, 33), (40, 30)] {
            let plane = plane(width, height);
            let blur = |kernel: Kernel| {
                kernel.run(Blur {
                    plane: &plane,
                    weights: &weights,
                    spare: &Spare::default(),
                })
            };
            let blurred = blur(Kernel::Portable);
            for y in 0..height {
                for x in 0..width {
                    let expected = mean(&plane, &weights, x, y);
                    let got = f64::from(blurred.sample(x, y));
                    assert!((got - expected).abs() < 1e-3, "{width} x {height}: {x} {y}");
                }
            }
            for kernel in Kernel::ALL {
                let other = blur(kernel);
                for y in 0..height {
                    assert_eq!(other.tiles(y), blurred.tiles(y), "{kernel:?}");
                }
            }
        }
    }

    #[test]
    fn rows_still_end_with_zeros() {
        let plane = plane(20, 8);
        let blurred = Kernel::Portable.run(Blur {
            plane: &plane,
            weights: &[0.5, 0.25],
            spare: &Spare::default(),
        });
        for y in 0..8 {
            assert!(
                blurred.tiles(y).as_flattened()[20..]
                    .iter()
                    .all(|&it| it == 0.0)
            );
        }
    }
}
