//! A line through hits: which moment of an entry belongs to which moment of an upload.

/// `entry = entry_ms + speed * (query - query_ms)`, with the speed in millionths. A line is held at a point amid its hits, so that the last
/// millionth of its speed counts for little, however late in a video they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) query_ms: i64,
    pub(super) entry_ms: i64,
    pub(super) speed: i64,
}

/// A moment of an upload and one of an entry, in milliseconds.
pub(super) type Point = (i64, i64);

impl Line {
    /// How far a point is from the line, in milliseconds of the entry; above it is positive.
    pub(super) fn residual(&self, (query_ms, entry_ms): Point) -> i64 {
        entry_ms - self.entry_ms - self.speed * (query_ms - self.query_ms) / ONE
    }

    /// The line that is nearest to all points by least squares, with a speed that is looked for. None where all are at one
    /// moment of the upload, which leaves the speed open.
    pub(super) fn through(points: &[Point]) -> Option<Self> {
        let n = i64::try_from(points.len()).ok()?;
        let sum = points
            .iter()
            .fold((0, 0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        let (query_ms, entry_ms) = (sum.0.checked_div(n)?, sum.1.checked_div(n)?);
        // The means are rounded, so that their own differences are not quite zero.
        let [mut x, mut y, mut xx, mut xy] = [0i128; 4];
        for point in points {
            let (dx, dy) = (
                i128::from(point.0 - query_ms),
                i128::from(point.1 - entry_ms),
            );
            x += dx;
            y += dy;
            xx += dx * dx;
            xy += dx * dy;
        }
        let (n, one) = (i128::from(n), i128::from(ONE));
        let slope = ((n * xy - x * y) * one).checked_div(n * xx - x * x)?;
        Some(Self {
            query_ms,
            entry_ms,
            speed: i64::try_from(slope.clamp(SLOWEST.into(), FASTEST.into())).ok()?,
        })
    }
}

/// A speed of 1, in millionths.
pub(super) const ONE: i64 = 1_000_000;

/// The slowest speed that is taken: half, less a step of [`SPEEDS`] by which a short segment may be measured wrongly.
pub(super) const SLOWEST: i64 = 480_000;

/// The fastest speed that is taken.
pub(super) const FASTEST: i64 = 2_080_000;

/// The speeds that are tried, in millionths: `2^(k/17)` for k from -17 to 17. Over 50 s, half a step moves a hit by a second, which is what a
/// bin holds.
#[rustfmt::skip]
pub(super) const SPEEDS: [i64; 35] = [
    500_000, 520_808, 542_482, 565_058, 588_573, 613_067, 638_581, 665_156, 692_837, 721_670, 751_703, 782_986,
    815_571, 849_512, 884_865, 921_690, 960_047, 1_000_000, 1_041_616, 1_084_964, 1_130_116, 1_177_147, 1_226_135,
    1_277_162, 1_330_312, 1_385_674, 1_443_341, 1_503_407, 1_565_972, 1_631_142, 1_699_024, 1_769_730, 1_843_379,
    1_920_093, 2_000_000,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn points_on_a_line_give_that_line(
            speed in SLOWEST..=FASTEST,
            first in (0..10_000_000i64, 0..10_000_000i64),
            steps in prop::collection::vec(1..2000i64, 2..30),
        ) {
            let mut query_ms = first.0;
            let mut points = vec![first];
            for step in steps {
                query_ms += step;
                points.push((query_ms, first.1 + speed * (query_ms - first.0) / ONE));
            }
            let line = Line::through(&points).unwrap();
            for point in points {
                prop_assert!(line.residual(point).abs() <= 3);
            }
        }

        #[test]
        fn no_points_make_it_overflow(points in prop::collection::vec((any::<u32>(), any::<u32>()), 0..20)) {
            let points: Vec<Point> = points.into_iter().map(|(q, e)| (q.into(), e.into())).collect();
            if let Some(line) = Line::through(&points) {
                prop_assert!((SLOWEST..=FASTEST).contains(&line.speed));
                prop_assert!(points.iter().all(|&point| line.residual(point).abs() < 1 << 34));
            }
        }
    }

    #[test]
    fn the_speeds_are_seventeen_steps_an_octave() {
        for (speed, k) in SPEEDS.into_iter().zip(-17i32..) {
            let exact = 1e6 * (f64::from(k) / 17.0).exp2();
            assert!((speed as f64 - exact).abs() <= 0.5);
        }
    }

    #[test]
    fn one_moment_has_no_speed() {
        assert_eq!(Line::through(&[(5, 5), (5, 900)]), None);
        assert_eq!(Line::through(&[]), None);
    }
}
