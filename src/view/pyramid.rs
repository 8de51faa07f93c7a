//! A picture at several sizes, from which parts of any size are read.

use crate::hash::{Axis, Grid, Hasher, Plane, Transform};
use crate::picture::Picture;

use super::place::Place;

/// Samples of a side of a part, at least, where the picture has as many: four for each of the 64.
const FINE: f32 = 128.0;

/// The same for parts that stand askew, of which single samples are taken.
const FINE_ASKEW: f32 = 64.0;

/// The side of the plane in which edges and margins are looked for, at most.
const LOOK: usize = 512;

/// Parts are not read from a plane that small; blocks are looked for in it.
fn is_small(plane: &Plane) -> bool {
    plane.width().max(plane.height()) < 64
}

pub(super) struct Pyramid {
    /// Each half of the one before.
    planes: Vec<Plane>,
    /// Pixels of the picture to a sample of the first plane, across and down.
    pixels: [f32; 2],
}

impl Pyramid {
    pub(super) fn of(hasher: &Hasher, picture: &Picture<'_>) -> Self {
        let plane = hasher.plane(picture);
        let pixels = [
            to_f32(picture.width() as usize) / to_f32(plane.width()),
            to_f32(picture.height() as usize) / to_f32(plane.height()),
        ];
        let mut planes = vec![plane];
        while let Some(half) = planes.last().and_then(|plane| hasher.half(plane)) {
            let is_last = is_small(&half);
            planes.push(half);
            if is_last {
                break;
            }
        }
        Self { planes, pixels }
    }

    /// The plane to look in, that of half its size, and how many pixels of the picture a sample of the former is, across and down.
    pub(super) fn look(&self) -> (&Plane, Option<&Plane>, [f32; 2]) {
        let is_small = |plane: &Plane| plane.width().max(plane.height()) <= LOOK;
        let at = self.planes.iter().position(is_small).unwrap_or(0);
        let plane = &self.planes[at];
        (plane, self.planes.get(at + 1), self.scale(plane))
    }

    /// Its planes.
    pub(super) fn into_planes(self) -> Vec<Plane> {
        self.planes
    }

    /// The largest plane of at most so many samples, or else the smallest there is; and its scale, as of [`Pyramid::look`].
    pub(super) fn at_most(&self, samples: usize) -> (&Plane, [f32; 2]) {
        let is_small = |plane: &&Plane| plane.width() * plane.height() <= samples;
        let last = &self.planes[self.planes.len() - 1];
        let plane = self.planes.iter().find(is_small).unwrap_or(last);
        (plane, self.scale(plane))
    }

    /// Pixels of the picture to a sample of a plane.
    fn scale(&self, plane: &Plane) -> [f32; 2] {
        let first = &self.planes[0];
        [
            self.pixels[0] * to_f32(first.width()) / to_f32(plane.width()),
            self.pixels[1] * to_f32(first.height()) / to_f32(plane.height()),
        ]
    }

    /// The smallest plane in which both sides have so many samples, or else the largest.
    fn level(&self, [width, height]: [f32; 2], samples: f32) -> (&Plane, [f32; 2]) {
        let is_enough = |plane: &&Plane| {
            let scale = self.scale(plane);
            width / scale[0] >= samples && height / scale[1] >= samples && !is_small(plane)
        };
        let plane = self
            .planes
            .iter()
            .rfind(is_enough)
            .unwrap_or(&self.planes[0]);
        (plane, self.scale(plane))
    }

    pub(super) fn transform(&self, hasher: &Hasher, place: &Place) -> Transform {
        if let Some([left, top, right, bottom]) = place.sides() {
            let (width, height) = (right - left, bottom - top);
            let (plane, scale) = self.level([width, height], FINE);
            let across = Axis::new(left, width, scale[0], plane.width());
            let down = Axis::new(top, height, scale[1], plane.height());
            return hasher.part(plane, &across, &down);
        }
        let (plane, scale) = self.level(place.size(), FINE_ASKEW);
        let corners = place.corners().map(|[x, y]| [x / scale[0], y / scale[1]]);
        hasher.askew(plane, &Grid::new(corners))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sides below 2^24 are exact, and of longer ones 24 bits are enough"
)]
pub(super) fn to_f32(side: usize) -> f32 {
    side as f32
}
