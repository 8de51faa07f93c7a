//! What of a picture is looked at: parts that every picture has, and what is found in this one.

use crate::hash::Plane;

use super::Kind;
use super::area::Area;
use super::calm::Calm;
use super::edges::Edges;
use super::grey::{Counts, Grey};
use super::place::{self, Place};
use super::pyramid::{Pyramid, to_f32};
use super::quad;

/// Strips longer than this, in widths, are not looked at as if they were turned: little would be left of them.
const LONGEST_TURNED: f32 = 3.0;

/// Sides below this are not looked into.
const LEAST_PX: usize = 64;

/// How many blocks, and how many rectangles, are looked at.
const MOST: usize = 16;

/// How many frames are looked at of which not all sides were seen.
const MOST_EVENED: usize = 4;

/// Parts that are looked at in every picture.
pub(super) fn bank(whole: &Place) -> Vec<(Kind, Place)> {
    let mut bank = Vec::new();
    for pad in [0.025, 0.05, 0.08, 0.12, 0.17, 0.25] {
        bank.push((Kind::Uncropped, whole.part([-pad; 2], [1.0 + pad; 2])));
    }
    for (pad, steps) in [(0.05, 3), (0.1, 2)] {
        for (left, top) in (0..steps * steps).map(|k| (k % steps, k / steps)) {
            let [left, top] = [left, top].map(|k| pad * to_f32(k) / to_f32(steps - 1));
            let place = whole.part([-left, -top], [1.0 + pad - left, 1.0 + pad - top]);
            bank.push((Kind::Uncropped, place));
        }
    }
    for (from, to) in TILES {
        bank.push((Kind::Tile, whole.part(from, to)));
    }
    let [width, height] = whole.size();
    let long = width.max(height) / width.min(height);
    let turns = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0];
    for degrees in turns.into_iter().filter(|_| long <= LONGEST_TURNED) {
        // As large as the picture of which this is the largest upright part of the same shape.
        let (sine, cosine) = place::sine_and_cosine(degrees);
        let uncut = cosine + long * sine;
        for turn in [degrees, -degrees] {
            bank.push((Kind::Rotated, whole.turned(turn, 1.0)));
            bank.push((Kind::Rotated, whole.turned(turn, uncut)));
        }
    }
    for shear in [0.05, 0.1] {
        for shear in [shear, -shear] {
            bank.push((Kind::Sheared, whole.mapped([1.0, shear], [0.0, 1.0])));
            bank.push((Kind::Sheared, whole.mapped([1.0, 0.0], [shear, 1.0])));
        }
    }
    bank
}

const TILES: [([f32; 2], [f32; 2]); 8] = [
    ([0.0, 0.0], [0.5, 0.5]),
    ([0.5, 0.0], [1.0, 0.5]),
    ([0.0, 0.5], [0.5, 1.0]),
    ([0.5, 0.5], [1.0, 1.0]),
    ([0.0, 0.0], [0.5, 1.0]),
    ([0.5, 0.0], [1.0, 1.0]),
    ([0.0, 0.0], [1.0, 0.5]),
    ([0.0, 0.5], [1.0, 1.0]),
];

/// What was found in the picture, likeliest first.
pub(super) fn found(pyramid: &Pyramid) -> Vec<(Kind, Place)> {
    let (plane, half, scale) = pyramid.look();
    let grey = Grey::of(plane);
    if grey.width < LEAST_PX || grey.height < LEAST_PX {
        return Vec::new();
    }
    let least = [grey.width, grey.height].map(|side| (side / 8).max(LEAST_PX / 3));
    let turned = grey.turned();
    let mut memory = grey.counts();
    let blocks = blocks(&mut memory, [&grey, &turned], half, least);
    let rectangles = Edges::new(&grey, &turned, &mut memory).rectangles(least, MOST);
    let mut areas: Vec<(Kind, Area)> = Vec::new();
    let mut known = vec![Area::of(grey.width, grey.height)];
    let mut add = |kind: Kind, area: Option<&Area>| {
        let new = area.filter(|area| !known.iter().any(|other| other.is_like(area)));
        if let Some(area) = new {
            areas.push((kind, *area));
            known.push(*area);
        }
        new.is_some()
    };
    let all = Area::of(grey.width, grey.height);
    let mut evened = MOST_EVENED;
    for k in 0..MOST {
        for (kind, area) in [
            (Kind::Block, blocks.get(k)),
            (Kind::Rectangle, rectangles.get(k)),
        ] {
            add(kind, area);
            let even = area.and_then(|area| area.evened(&all));
            if let Some(even) = even.filter(|even| evened > 0 && even.is_at_least(least)) {
                evened -= usize::from(add(Kind::Rectangle, Some(&even)));
            }
        }
    }
    let mut places = Vec::new();
    if let Some(corners) = quad::quad(&grey) {
        #[expect(clippy::cast_possible_truncation, reason = "places in a small picture")]
        let corners = corners.map(|[x, y]| [x as f32 * scale[0], y as f32 * scale[1]]);
        places.push((Kind::Quad, Place::of(corners)));
    }
    places.extend(areas.into_iter().map(|(kind, area)| {
        let [left, right] = [area.left, area.right].map(|x| to_f32(x) * scale[0]);
        let [top, bottom] = [area.top, area.bottom].map(|y| to_f32(y) * scale[1]);
        (kind, Place::upright([left, top, right, bottom]))
    }));
    places
}

/// Blocks between calm margins, larger ones first: at two sizes, since noise is weaker in the smaller.
fn blocks(
    memory: &mut Counts,
    [grey, turned]: [&Grey; 2],
    half: Option<&Plane>,
    least: [usize; 2],
) -> Vec<Area> {
    let mut blocks = Vec::new();
    for threshold in [10, 28] {
        blocks.extend(Calm::new(grey, turned, threshold, memory).blocks(least));
    }
    if let Some(half) = half {
        let half = Grey::of(half);
        let turned = half.turned();
        for threshold in [14, 24] {
            let found =
                Calm::new(&half, &turned, threshold, memory).blocks(least.map(|side| side / 2));
            blocks.extend(found.iter().map(Area::doubled));
        }
    }
    blocks.sort_by_key(|block| std::cmp::Reverse(block.size()));
    let mut kept: Vec<Area> = Vec::new();
    for block in blocks {
        if !kept.iter().any(|other| other.is_like(&block)) {
            kept.push(block);
        }
    }
    kept
}
