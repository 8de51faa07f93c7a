//! A plane, out of focus.

use super::kernel::{Lanes, Sixteen, Task};
use super::part::reflected;
use super::plane::Plane;

/// A plane in which every sample is the mean of what lies around it, across and down; beyond its edges, the plane is reflected.
pub(super) struct Blur<'a> {
    pub(super) plane: &'a Plane,
    /// How much a sample itself weighs, then those that lie one, two, ... samples to either side. All weights, those of the sides
    /// twice, add up to 1.
    pub(super) weights: &'a [f32],
}

impl Task for Blur<'_> {
    type Output = Plane;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Plane {
        let Some(mut blurred) = Plane::empty(self.plane.width(), self.plane.height()) else {
            return Plane::default();
        };
        let reach = self.weights.len() - 1;
        let width = self.plane.width();
        // A row with what lies before and behind it, up to a whole tile.
        let mut row = vec![0.0; width.next_multiple_of(16) + 2 * reach];
        for y in 0..self.plane.height() {
            self.down(lanes, y, &mut row[reach..]);
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

impl Blur<'_> {
    /// Row `y`, of means over columns.
    #[inline(always)]
    fn down<L: Lanes>(&self, lanes: L, y: usize, row: &mut [f32]) {
        let height = self.plane.height();
        #[expect(
            clippy::cast_possible_wrap,
            clippy::cast_possible_truncation,
            reason = "a plane has at most 1,024 samples a side"
        )]
        let at = |place: i32| self.plane.tiles(reflected(y as i32 + place, height));
        let own = self.plane.tiles(y);
        let weighed = (1..).zip(&self.weights[1..]);
        let pairs: Vec<_> = weighed
            .map(|(k, weight)| (at(-k), at(k), *weight))
            .collect();
        let first = lanes.splat(self.weights[0]);
        let (tiles, _) = row.as_chunks_mut::<16>();
        for (tile, (sums, own)) in tiles.iter_mut().zip(own).enumerate() {
            let mut sum = lanes.mul(first, lanes.load(&Sixteen(*own)));
            for (above, below, weight) in &pairs {
                let [above, below] = [above, below].map(|row| lanes.load(&Sixteen(row[tile])));
                let both = lanes.add(above, below);
                sum = lanes.add(sum, lanes.mul(lanes.splat(*weight), both));
            }
            *sums = stored(lanes, sum);
        }
    }

    /// Means along a row that begins `reach` samples before its first.
    #[inline(always)]
    fn across<L: Lanes>(&self, lanes: L, row: &[f32], tiles: &mut [[f32; 16]]) {
        let reach = self.weights.len() - 1;
        let load = |from: usize| {
            let sixteen = row[from..].first_chunk::<16>();
            lanes.load(&sixteen.map_or(Sixteen::ZERO, |sixteen| Sixteen(*sixteen)))
        };
        for (tile, sums) in tiles.iter_mut().enumerate() {
            let middle = 16 * tile + reach;
            let mut sum = lanes.mul(lanes.splat(self.weights[0]), load(middle));
            for (k, weight) in self.weights.iter().enumerate().skip(1) {
                let both = lanes.add(load(middle - k), load(middle + k));
                sum = lanes.add(sum, lanes.mul(lanes.splat(*weight), both));
            }
            *sums = stored(lanes, sum);
        }
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
