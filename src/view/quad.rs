//! The four corners of a picture that stands askew on one colour: turned, sheared, or seen at an angle.

use super::grey::Grey;

/// By how much a sample has to differ from the ground to be none of it.
const OTHER: u8 = 20;

/// How many such samples in a row are more than a speck.
const RUN: usize = 3;

type Point = [f64; 2];

/// The corners, clockwise from the one that is nearest to the top left; none where nothing stands askew. In samples.
pub(super) fn quad(grey: &Grey) -> Option<[Point; 4]> {
    let ground = ground(grey)?;
    let mut polygon = hull(outline(grey, ground));
    while polygon.len() > 4 {
        let (at, corner) = cheapest(&polygon)?;
        polygon[at] = corner;
        polygon.remove((at + 1) % polygon.len());
    }
    let mut corners: [Point; 4] = polygon.try_into().ok()?;
    let first = (0..4).min_by(|&a, &b| {
        let sum = |k: usize| corners[k][0] + corners[k][1];
        sum(a).total_cmp(&sum(b))
    })?;
    corners.rotate_left(first);
    is_askew(grey, &corners).then_some(corners)
}

/// The colour of the ground, if two corners of the picture agree on one: that of the two that agree best.
fn ground(grey: &Grey) -> Option<u8> {
    let (right, bottom) = (grey.width - 2, grey.height - 2);
    let mut corners =
        [(1, 1), (right, 1), (1, bottom), (right, bottom)].map(|(x, y)| grey.row(y)[x]);
    corners.sort_unstable();
    let pair = corners.windows(2).min_by_key(|pair| pair[1] - pair[0])?;
    (pair[1] - pair[0] <= OTHER / 2).then(|| pair[0].midpoint(pair[1]))
}

/// The middles of the outermost samples of every row that are not of the ground. What stands askew covers the outermost ones of a side
/// by a small part only, so that it ends near their middles.
fn outline(grey: &Grey, ground: u8) -> Vec<Point> {
    let is_other = |run: &[u8]| run.iter().all(|sample| sample.abs_diff(ground) > OTHER);
    let mut points = Vec::new();
    for y in 0..grey.height {
        let row = grey.row(y);
        let first = row.windows(RUN).position(is_other);
        let last = row.windows(RUN).rposition(is_other);
        if let (Some(first), Some(last)) = (first, last) {
            points.extend([first, last + RUN - 1].map(|x| [real(x) + 0.5, real(y) + 0.5]));
        }
    }
    points
}

/// The convex hull, clockwise as the picture is seen.
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = &Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..] {
                if cross(a, b, *point) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(*point);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut points.iter());
    hull.extend(half(&mut points.iter().rev()));
    hull
}

/// Positive where `c` lies to the right of the way from `a` to `b`, as the picture is seen.
fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The side whose neighbours, made longer until they meet, add the least to the polygon; and where they meet.
fn cheapest(polygon: &[Point]) -> Option<(usize, Point)> {
    let count = polygon.len();
    let corner = |k: usize| polygon[k % count];
    let candidates = (0..count).filter_map(|k| {
        let (a, b, c, d) = (
            corner(k + count - 1),
            corner(k),
            corner(k + 1),
            corner(k + 2),
        );
        let meeting = meeting(a, b, d, c)?;
        Some((cross(b, meeting, c).abs(), k, meeting))
    });
    let (_, at, meeting) = candidates.min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some((at, meeting))
}

/// Where the way from `a` over `b` meets that from `d` over `c`, behind both.
fn meeting(a: Point, b: Point, d: Point, c: Point) -> Option<Point> {
    let (u, v) = ([b[0] - a[0], b[1] - a[1]], [c[0] - d[0], c[1] - d[1]]);
    let turn = u[0] * v[1] - u[1] * v[0];
    if turn >= 0.0 {
        return None; // they go apart
    }
    let between = [c[0] - b[0], c[1] - b[1]];
    let way = (between[0] * v[1] - between[1] * v[0]) / turn;
    (way >= 0.0).then(|| [b[0] + way * u[0], b[1] + way * u[1]])
}

/// Whether it is a picture of some size that does not stand upright, as those do that are found elsewhere.
fn is_askew(grey: &Grey, corners: &[Point; 4]) -> bool {
    let whole = real(grey.width) * real(grey.height);
    let [a, b, c, d] = *corners;
    let area = (cross(a, b, c) + cross(a, c, d)) / 2.0;
    let bounds = |axis: usize| {
        let places = corners.map(|corner| corner[axis]);
        places.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            - places.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let around = bounds(0) * bounds(1);
    area > whole * 0.1 && around < whole * 1.5 && area < around * 0.97
}

#[expect(clippy::cast_precision_loss, reason = "sides of a small picture")]
fn real(side: usize) -> f64 {
    side as f64
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "a byte")]
mod tests {
    use super::*;

    /// A bright quadrilateral on a dark ground.
    fn drawn(corners: [Point; 4], width: usize, height: usize) -> Grey {
        let is_in = |x: usize, y: usize| {
            let point = [real(x) + 0.5, real(y) + 0.5];
            (0..4).all(|k| cross(corners[k], corners[(k + 1) % 4], point) > 0.0)
        };
        let sample = |k: usize| if is_in(k % width, k / width) { 200 } else { 30 };
        Grey::new(width, height, (0..width * height).map(sample).collect())
    }

    fn is_found(corners: [Point; 4]) {
        let found = quad(&drawn(corners, 300, 200)).unwrap();
        for (found, expected) in found.iter().zip(corners) {
            let off = (found[0] - expected[0])
                .abs()
                .max((found[1] - expected[1]).abs());
            assert!(off < 2.5, "{found:?} is not {expected:?}");
        }
    }

    #[test]
    fn what_is_turned_sheared_or_slanted_is_found() {
        is_found([[60.0, 20.0], [280.0, 60.0], [250.0, 180.0], [30.0, 140.0]]);
        is_found([[10.0, 20.0], [230.0, 20.0], [280.0, 180.0], [60.0, 180.0]]);
        is_found([[40.0, 40.0], [260.0, 10.0], [280.0, 190.0], [30.0, 150.0]]);
    }

    #[test]
    fn what_stands_upright_or_is_nothing_is_not() {
        assert_eq!(
            quad(&drawn(
                [[40.0, 30.0], [260.0, 30.0], [260.0, 170.0], [40.0, 170.0]],
                300,
                200
            )),
            None
        );
        assert_eq!(quad(&Grey::new(100, 80, vec![7; 8000])), None);
        assert_eq!(
            quad(&Grey::new(
                100,
                80,
                (0..8000).map(|k: usize| (k * k % 251) as u8).collect()
            )),
            None
        );
    }
}
