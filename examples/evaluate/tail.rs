//! How often chance brings wrong codes near: the tail of their distances, fitted, with its interval.
//!
//! Nearer than an edge, each bit less is taken to be rarer by one and the same factor: an exponential tail, its factor from the mean
//! excess. Tails of distances bend down faster than that, so far below the edge the fit tells too much rather than too little. The interval
//! is that of drawing photos again and again, since the lookups of one photo are alike.

use serde::Serialize;

use crate::dice::Dice;
use crate::measure::Measured;
use crate::tally::Histogram;

/// The tail begins at the distance within which there are so many.
const BEYOND: u64 = 2000;

/// How often photos are drawn again for the interval.
const DRAWS: usize = 1000;

/// Codes of a baseline and uploads of a day, for which false matches are told.
const ENTRIES: f64 = 2.5e6;
const UPLOADS: f64 = 1e9;

/// A rate, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Rate {
    pub(crate) value: f64,
    pub(crate) interval: (f64, f64),
}

/// What chance does in one way.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tail {
    /// Wrong lookups that were tried, and the nearest of them.
    pub(crate) lookups: u64,
    pub(crate) smallest: Option<usize>,
    /// Where the fitted tail begins.
    edge: u16,
    /// By how much each bit less is rarer.
    factor: f64,
    /// Of one lookup of one code, within 31 bits.
    pub(crate) within_31: Rate,
    /// The same within 48 bits.
    within_48: Rate,
    /// Lookups of an upload, on average.
    pub(crate) lookups_an_upload: f64,
    /// At radii from 0 on: false matches a day, and recall.
    pub(crate) curve: Vec<Point>,
    /// The mean of the families' recalls within 31 bits.
    pub(crate) recall: f64,
    /// False matches within 31 bits a day, at a billion uploads against 2.5 million entries.
    pub(crate) a_day: Rate,
}

/// What a radius gives.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Point {
    pub(crate) radius: u16,
    pub(crate) a_day: Rate,
    /// The mean of the families.
    pub(crate) recall: f64,
}

/// Radii of the curve, which stay below the edges.
const RADII: std::ops::RangeInclusive<u16> = 0..=64;

/// A fitted tail.
struct Fit {
    edge: u16,
    factor: f64,
    share: f64,
}

impl Fit {
    fn of(histogram: &Histogram) -> Option<Self> {
        let total = histogram.total();
        let edge = (0..=256).find(|edge| histogram.within(*edge) >= BEYOND.min(total / 1000))?;
        let beyond = histogram.within(edge);
        let seen = histogram.seen().filter(|(at, _)| *at <= usize::from(edge));
        let excess: f64 = seen
            .map(|(at, count)| (usize::from(edge) - at) as f64 * count as f64)
            .sum();
        let mean = excess / beyond as f64;
        Some(Self {
            edge,
            factor: mean / (1.0 + mean),
            share: beyond as f64 / total as f64,
        })
        .filter(|fit| fit.factor > 0.0)
    }

    /// The rate within a radius below the edge.
    fn within(&self, radius: u16) -> f64 {
        self.share
            * self
                .factor
                .powf(f64::from(self.edge.saturating_sub(radius)))
    }
}

impl Tail {
    /// None where there were too few lookups.
    pub(crate) fn of(measured: &Measured, entries: usize) -> Option<Self> {
        let all = Histogram::sum(&measured.wrong_by_photo);
        let fit = Fit::of(&all)?;
        let mut dice = Dice::new(7);
        let photos = &measured.wrong_by_photo;
        let draws: Vec<Fit> = (0..DRAWS)
            .filter_map(|_| {
                let drawn = (0..photos.len()).map(|_| &photos[dice.below(photos.len())]);
                Fit::of(&Histogram::sum(drawn))
            })
            .collect();
        let rate = |radius: u16| {
            let mut drawn: Vec<f64> = draws.iter().map(|fit| fit.within(radius)).collect();
            drawn.sort_by(f64::total_cmp);
            let at = |thousandths: usize| drawn.get(drawn.len() * thousandths / 1000).copied();
            Some(Rate {
                value: fit.within(radius),
                interval: (at(25)?, at(975)?),
            })
        };
        let (within_31, within_48) = (rate(31)?, rate(48)?);
        let uploads = measured.all().uploads as f64;
        let codes = measured.stored as f64 / entries as f64;
        let lookups_an_upload = all.total() as f64 / uploads / (codes * (entries - 1) as f64);
        let lookups_a_day = lookups_an_upload * codes * ENTRIES * UPLOADS;
        let a_day = |rate: Rate| Rate {
            value: rate.value * lookups_a_day,
            interval: (
                rate.interval.0 * lookups_a_day,
                rate.interval.1 * lookups_a_day,
            ),
        };
        let point = |radius: u16| {
            Some(Point {
                radius,
                a_day: a_day(rate(radius)?),
                recall: measured.macro_recall(radius),
            })
        };
        Some(Self {
            lookups: all.total(),
            smallest: all.smallest(),
            edge: fit.edge,
            factor: fit.factor,
            within_31,
            within_48,
            lookups_an_upload,
            curve: RADII.step_by(4).map(point).collect::<Option<_>>()?,
            recall: measured.macro_recall(31),
            a_day: a_day(within_31),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts that double with each bit.
    fn doubling(most: u16) -> Histogram {
        let mut histogram = Histogram::default();
        for distance in 60..=most {
            for _ in 0..1u64 << (distance - 60) {
                histogram.add(distance);
            }
        }
        histogram
    }

    #[test]
    fn an_exponential_tail_is_fitted_as_it_is() {
        let histogram = doubling(82);
        let fit = Fit::of(&histogram).unwrap();
        assert!((fit.factor - 0.5).abs() < 0.002, "{}", fit.factor);
        // What was seen within 62 is 7 of 2^23 - 1.
        let ratio = fit.within(62) / (7.0 / histogram.total() as f64);
        assert!((0.8..1.25).contains(&ratio), "{ratio}");
    }

    #[test]
    fn too_few_lookups_have_no_tail() {
        assert!(Fit::of(&Histogram::default()).is_none());
        let mut one = Histogram::default();
        one.add(100);
        assert!(Fit::of(&one).is_none());
    }
}
