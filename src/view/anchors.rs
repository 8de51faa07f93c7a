//! Points that are found again in a copy, however it was cropped or covered, and the squares around them.
//!
//! A blob, light or dark, has a middle and a size that depend on nothing but what is near it. So a square around it, some times as
//! large as the blob, is the same part of the picture in the original and in a copy from which half is gone, and has nearly the same
//! hash. Blobs are the extrema of differences of Gaussians in place and size, found to a fraction of a sample in both. (Lowe:
//! Distinctive image features from scale-invariant keypoints, 2004; a PDQ stands here in place of his descriptor.)
//!
//! All numbers of this file belong to the profile of windows: who changes one, changes what matches.

use crate::hash::{Hasher, Plane};

use super::pyramid::to_f32;

/// How many samples the plane in which blobs are looked for may have.
pub(super) const MOST_SAMPLES: usize = 1 << 16;

/// A window is so many times as long as the deviation of its blob.
const SIDE: f32 = 14.0;

/// How far the first of an octave's planes is out of focus: a Gaussian of so many samples.
const FIRST: f32 = 1.6;

/// Sizes of blobs that are looked for between one size and its double.
const SIZES: usize = 3;

/// A difference below this, in steps of luma, is noise.
const LEAST_DIFFERENCE: f32 = 1.0;

/// The two curvatures of a blob differ by at most this factor; along an edge it has no middle.
const LONGEST: f32 = 10.0;

/// Windows that differ by less than this part of a side in place and size are one.
const NEAR: f32 = 0.05;

/// A square around a blob, in samples of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Anchor {
    /// Its middle.
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) side: f32,
    /// How far the blob stands out.
    strength: f32,
}

impl Anchor {
    fn is_like(&self, other: &Self) -> bool {
        let near = NEAR * self.side.max(other.side);
        (self.x - other.x).abs() < near
            && (self.y - other.y).abs() < near
            && (self.side - other.side).abs() < near
    }
}

/// The squares that lie in a plane, those whose blobs stand out most first.
pub(super) fn anchors(hasher: &Hasher, plane: &Plane) -> Vec<Anchor> {
    let shorter = to_f32(plane.width().min(plane.height()));
    let mut found = Vec::new();
    let mut next = Some(hasher.blurred(plane, &SHARP_TO_FIRST));
    let mut unit = 1.0;
    while let Some(first) = next.take_if(|_| SIDE * FIRST * unit < shorter) {
        next = octave(hasher, first, unit, &mut found);
        unit *= 2.0;
    }
    hasher.keep(next);
    let [width, height] = [plane.width(), plane.height()].map(to_f32);
    let lies_in = |at: f32, half: f32, length: f32| at - half >= 0.0 && at + half <= length;
    found.retain(|it| {
        let half = it.side / 2.0;
        lies_in(it.x, half, width) && lies_in(it.y, half, height)
    });
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let mut kept: Vec<Anchor> = Vec::new();
    for anchor in found {
        if kept.len() == MOST {
            break;
        }
        if !kept.iter().any(|other| other.is_like(&anchor)) {
            kept.push(anchor);
        }
    }
    kept
}

/// More than these are never asked for.
const MOST: usize = 256;

/// Finds the blobs from a size to its double; gives the plane that is twice as much out of focus as the first, thinned.
fn octave(hasher: &Hasher, first: Plane, unit: f32, found: &mut Vec<Anchor>) -> Option<Plane> {
    let mut planes = vec![first];
    for weights in STEPS {
        if let Some(last) = planes.last() {
            planes.push(hasher.blurred(last, weights));
        }
    }
    look(&planes, unit, found);
    let next = hasher.thinned(&planes[SIZES]);
    hasher.keep(planes);
    next
}

/// Finds the extrema of the differences between each two planes, those of one size after those of another.
fn look(planes: &[Plane], unit: f32, found: &mut Vec<Anchor>) {
    let [width, height] = [planes[0].width(), planes[0].height()];
    // Of each difference its last three rows, which stay in the cache.
    let mut differences = [(); SIZES + 2].map(|()| [(); 3].map(|()| vec![0.0; width]));
    let mut of_sizes = [(); SIZES].map(|()| Vec::new());
    let mut likely = vec![false; width];
    for below in 0..height {
        for (rows, two) in differences.iter_mut().zip(planes.windows(2)) {
            let both = two[1].row(below).iter().zip(two[0].row(below));
            for (difference, (coarser, finer)) in rows[below % 3].iter_mut().zip(both) {
                *difference = coarser - finer;
            }
        }
        for (size, found) in (1..).zip(&mut of_sizes) {
            let deviation = FIRST * POWERS[size];
            let margin = margin(deviation);
            if below > margin && below + margin <= height && 2 * margin < width {
                let y = below - 1;
                let layers = [size - 1, size, size + 1].map(|layer| &differences[layer]);
                let rows = layers.map(|rows| [y + 2, y, y + 1].map(|y| &rows[y % 3][..]));
                mark(&rows, margin, &mut likely);
                let marked = (margin..width - margin).filter(|&x| likely[x]);
                for x in marked.filter(|&x| is_extremum(&rows, x, rows[1][1][x])) {
                    found.extend(refined(&rows, [x, y], deviation, unit));
                }
            }
        }
    }
    found.extend(of_sizes.into_iter().flatten());
}

/// How near to the edge extrema are not looked for, in samples: no window around them lies in the picture.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few samples"
)]
fn margin(deviation: f32) -> usize {
    (deviation * SIDE / 2.0 * 0.85) as usize
}

/// Marks where an extremum is likely: where a sample is above those before, behind, above and below it and the two of the other
/// layers, or below them. Hardly any is, and this goes many at a time.
fn mark(rows: &Around<'_>, margin: usize, likely: &mut [bool]) {
    let [[_, finer, _], [above, own, below], [_, coarser, _]] = rows;
    let places = margin..own.len() - margin;
    let [finer, above, here, below, coarser] =
        [finer, above, own, below, coarser].map(|row| &row[places.clone()]);
    let before = &own[margin - 1..][..here.len()];
    let behind = &own[margin + 1..][..here.len()];
    for (k, likely) in likely[places].iter_mut().enumerate() {
        let here = here[k];
        let is_light = (here >= LEAST_DIFFERENCE)
            & (here > before[k])
            & (here > above[k])
            & (here > finer[k])
            & (here >= behind[k])
            & (here >= below[k])
            & (here >= coarser[k]);
        let is_dark = (here <= -LEAST_DIFFERENCE)
            & (here < before[k])
            & (here < above[k])
            & (here < finer[k])
            & (here <= behind[k])
            & (here <= below[k])
            & (here <= coarser[k]);
        *likely = is_light | is_dark;
    }
}

/// Three rows of each of three layers.
type Around<'a> = [[&'a [f32]; 3]; 3];

/// Whether a sample is above all 26 around it, or below them. Where two neighbours are equal, the former is.
fn is_extremum(rows: &Around<'_>, x: usize, here: f32) -> bool {
    let sign = if here > 0.0 { 1.0 } else { -1.0 };
    let here = here * sign;
    let beats = |row: &[f32]| row[x - 1..=x + 1].iter().all(|it| it * sign < here);
    let is_level = |row: &[f32]| row[x - 1..=x + 1].iter().all(|it| it * sign <= here);
    let [finer, [above, own, below], coarser] = rows;
    own[x - 1] * sign < here
        && own[x + 1] * sign <= here
        && beats(above)
        && is_level(below)
        && finer.iter().all(|row| beats(row))
        && coarser.iter().all(|row| is_level(row))
}

/// The window around an extremum, between samples and between sizes; none on an edge.
fn refined(rows: &Around<'_>, [x, y]: [usize; 2], deviation: f32, unit: f32) -> Option<Anchor> {
    let [finer, [above, own, below], coarser] = rows;
    let here = own[x];
    let dxx = own[x - 1] + own[x + 1] - 2.0 * here;
    let dyy = above[x] + below[x] - 2.0 * here;
    let dxy = (below[x + 1] + above[x - 1] - below[x - 1] - above[x + 1]) / 4.0;
    let (trace, determinant) = (dxx + dyy, dxx * dyy - dxy * dxy);
    let most = (LONGEST + 1.0) * (LONGEST + 1.0) / LONGEST;
    if determinant <= 0.0 || trace * trace > most * determinant {
        return None;
    }
    let across = vertex(own[x - 1], here, own[x + 1]);
    let down = vertex(above[x], here, below[x]);
    let size = vertex(finer[1][x], here, coarser[1][x]);
    Some(Anchor {
        // The middle of a thinned sample is that of the first of those that it stands for.
        x: (to_f32(x) + across) * unit + 0.5,
        y: (to_f32(y) + down) * unit + 0.5,
        side: SIDE * deviation * unit * power(size),
        strength: here.abs(),
    })
}

/// Where, from the middle of three neighbours, the parabola through them turns.
fn vertex(before: f32, here: f32, behind: f32) -> f32 {
    let curvature = before - 2.0 * here + behind;
    if curvature == 0.0 {
        return 0.0;
    }
    (0.5 * (before - behind) / curvature).clamp(-0.6, 0.6)
}

/// 2 to the power of whole thirds.
const POWERS: [f32; 4] = [1.0, 1.259_921, 1.587_401, 2.0];

/// 2 to the power of a third of `part`, by its series: a library's powers differ from one system to another.
fn power(part: f32) -> f32 {
    let x = part * (std::f32::consts::LN_2 / 3.0);
    1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x / 24.0)))
}

/// From a picture's own focus, taken for a Gaussian of half a sample, to the first plane.
const SHARP_TO_FIRST: [f32; 6] = [
    0.266_011_71,
    0.213_005_54,
    0.109_360_69,
    0.036_000_773,
    0.007_598_758,
    0.001_028_380_1,
];

/// From each plane to the next.
const STEPS: [&[f32]; SIZES + 2] = [
    &[
        0.325_382_26,
        0.233_340_31,
        0.086_055_25,
        0.016_321_372,
        0.001_591_943_8,
    ],
    &[
        0.258_289_46,
        0.209_477_7,
        0.111_745_76,
        0.039_209_068,
        0.009_049_076,
        0.001_373_675_2,
    ],
    &[
        0.205_095_35,
        0.179_741_77,
        0.120_984_17,
        0.062_545_27,
        0.024_834_001,
        0.007_573_303_3,
        0.001_773_823_2,
    ],
    &[
        0.162_743_17,
        0.149_762_03,
        0.116_707_46,
        0.077_018_216,
        0.043_041_382,
        0.020_369_338,
        0.008_163_296,
        0.002_770_461_4,
        0.000_796_226_44,
    ],
    &[
        0.129_189_94,
        0.122_598_864,
        0.104_775_51,
        0.080_639_65,
        0.055_892_438,
        0.034_887_753,
        0.019_611_398,
        0.009_927_95,
        0.004_526_121_5,
        0.001_858_268,
        0.000_687_078_05,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Picture;

    /// A plane of soft blobs: middle, deviation, and how light.
    fn plane(side: usize, blobs: &[([f64; 2], f64, f64)]) -> Plane {
        let sample = |k: usize| {
            let (x, y) = ((k % side) as f64 + 0.5, (k / side) as f64 + 0.5);
            let light = blobs.iter().map(|([u, v], deviation, light)| {
                let square = (x - u) * (x - u) + (y - v) * (y - v);
                light * (-square / (2.0 * deviation * deviation)).exp()
            });
            128.0 + light.sum::<f64>()
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "luma"
        )]
        let pixels: Vec<u8> = (0..side * side).map(|k| sample(k).round() as u8).collect();
        let sides = u32::try_from(side).unwrap();
        let picture = Picture::grey(sides, sides, side, pixels).unwrap();
        Hasher::new().plane(&picture)
    }

    #[test]
    fn every_extremum_is_marked() {
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from(state.to_be_bytes()[0] / 32) - 4.0
        };
        let mut extrema = 0;
        for round in 0..2000 {
            let mut layers = [(); 3].map(|()| [(); 3].map(|()| [(); 20].map(|()| next())));
            layers[1][1][9] = [-5.0, 4.0, 1.0, 0.9][round % 4];
            let rows = [0, 1, 2].map(|layer| [0, 1, 2].map(|row| &layers[layer][row][..]));
            let mut likely = [false; 20];
            mark(&rows, 2, &mut likely);
            for x in 2..18 {
                let here = rows[1][1][x];
                if here.abs() >= LEAST_DIFFERENCE && is_extremum(&rows, x, here) {
                    assert!(likely[x]);
                    extrema += 1;
                }
            }
        }
        assert!(extrema >= 1000, "{extrema}");
    }

    #[test]
    fn weights_are_those_of_the_gaussians() {
        let weights = |deviation: f64| {
            let reach = (0..).take_while(|k| f64::from(*k) < 3.0 * deviation + 1.0);
            let heights: Vec<f64> = reach
                .map(|k: i32| (-f64::from(k * k) / (2.0 * deviation * deviation)).exp())
                .collect();
            let sum = 2.0 * heights.iter().sum::<f64>() - heights[0];
            heights.into_iter().map(|it| it / sum).collect::<Vec<_>>()
        };
        let check = |deviation: f64, table: &[f32]| {
            let expected = weights(deviation);
            assert_eq!(expected.len(), table.len());
            for (a, b) in expected.iter().zip(table) {
                assert!((a - f64::from(*b)).abs() < 1e-7, "{deviation}");
            }
        };
        check(1.5, &SHARP_TO_FIRST);
        let factor = 2f64.powf(1.0 / 3.0);
        for (step, table) in STEPS.into_iter().enumerate() {
            let from = f64::from(FIRST) * factor.powi(i32::try_from(step).unwrap());
            check(from * (factor * factor - 1.0).sqrt(), table);
        }
    }

    #[test]
    fn powers_are_those_of_the_library_but_for_rounding() {
        for part in [-0.6f32, -0.1, 0.0, 0.3, 0.6] {
            assert!((power(part) - 2f32.powf(part / 3.0)).abs() < 1e-6);
        }
        for (thirds, value) in POWERS.into_iter().enumerate() {
            assert!((value - 2f32.powf(to_f32(thirds) / 3.0)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_blob_is_found_where_it_is_in_its_size() {
        for (deviation, at) in [
            (4.0, [90.0, 100.5]),
            (6.3, [70.25, 61.0]),
            (8.0, [100.0, 80.0]),
        ] {
            for light in [90.0, -70.0] {
                let found = anchors(&Hasher::new(), &plane(180, &[(at, deviation, light)]));
                let best = found.first().unwrap();
                assert!((f64::from(best.x) - at[0]).abs() < 0.3, "{best:?} {at:?}");
                assert!((f64::from(best.y) - at[1]).abs() < 0.3, "{best:?} {at:?}");
                // A difference of Gaussians is strongest a little below the blob's own size.
                let size = f64::from(best.side) / f64::from(SIDE) / deviation;
                assert!((0.8..1.0).contains(&size), "{size}");
            }
        }
    }

    #[test]
    fn what_is_cut_away_moves_no_anchor() {
        let blobs = |by: [f64; 2]| {
            let all = [
                ([80.0, 90.0], 5.0, 80.0),
                ([130.0, 120.0], 4.0, -60.0),
                ([100.0, 150.0], 6.0, 70.0),
            ];
            all.map(|([x, y], deviation, light)| ([x - by[0], y - by[1]], deviation, light))
        };
        let whole = anchors(&Hasher::new(), &plane(230, &blobs([0.0, 0.0])));
        let cut = anchors(&Hasher::new(), &plane(190, &blobs([17.0, 23.0])));
        let again = |it: &&Anchor| {
            let moved = Anchor {
                x: it.x - 17.0,
                y: it.y - 23.0,
                ..**it
            };
            cut.iter().any(|other| {
                (other.x - moved.x).abs() < 0.2
                    && (other.y - moved.y).abs() < 0.2
                    && (other.side / moved.side - 1.0).abs() < 0.02
            })
        };
        assert!(
            whole.iter().take(3).filter(again).count() == 3,
            "{whole:?} {cut:?}"
        );
    }

    #[test]
    fn stripes_and_flat_planes_have_no_anchors() {
        assert!(anchors(&Hasher::new(), &plane(150, &[])).is_empty());
        let pixels: Vec<u8> = (0..200 * 200)
            .map(|k| if k % 200 / 20 % 2 == 0 { 60 } else { 200 })
            .collect();
        let picture = Picture::grey(200, 200, 200, pixels).unwrap();
        let hasher = Hasher::new();
        assert!(anchors(&hasher, &hasher.plane(&picture)).is_empty());
    }

    #[test]
    fn planes_of_every_shape_are_looked_at() {
        for (width, height) in [(1, 1), (5, 700), (23, 24), (64, 40), (250, 3)] {
            let pixels: Vec<u8> = (0u32..width * height)
                .map(|k| (k * 37 % 256).to_be_bytes()[3])
                .collect();
            let picture = Picture::grey(width, height, width as usize, pixels).unwrap();
            let hasher = Hasher::new();
            for anchor in anchors(&hasher, &hasher.plane(&picture)) {
                let half = anchor.side / 2.0;
                assert!(anchor.x >= half && anchor.y >= half);
            }
        }
    }
}
