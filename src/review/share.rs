//! Shares of what people looked at, with what is known of the share of all.

use serde::Serialize;

/// So many of so many, and between which bounds the share of all such cases lies: Wilson's score interval (Wilson 1927, equation 1), which holds
/// at small numbers and at shares near 0 and 1, where the usual one does not.
///
/// ```
/// use ijkpunt::review::Share;
///
/// let share = Share::new(3, 40).unwrap();
/// assert_eq!(format!("{share}"), "7.5 % (3 of 40; 95 %: 2.6 to 19.9 %)");
/// assert!(Share::new(0, 0).is_none()); // of nothing there is no share
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    hits: u64,
    of: u64,
    low: f64,
    high: f64,
}

impl Share {
    /// The z of two-sided bounds of 95 %.
    pub const Z_95: f64 = 1.959_963_984_540_054;

    /// The share of `hits` in `of`, with bounds of 95 %; none of nothing, nor of fewer than there are hits.
    #[must_use]
    pub fn new(hits: u64, of: u64) -> Option<Self> {
        Self::with_z(hits, of, Self::Z_95)
    }

    /// The same with the bounds of another z, which is no less than 0.
    #[must_use]
    pub fn with_z(hits: u64, of: u64, z: f64) -> Option<Self> {
        if of == 0 || hits > of || !(z >= 0.0 && z.is_finite()) {
            return None;
        }
        let (low, high) = bounds(hits as f64, of as f64, z);
        Some(Self {
            hits,
            of,
            low,
            high,
        })
    }

    /// How many.
    #[must_use]
    pub const fn hits(self) -> u64 {
        self.hits
    }

    /// Of how many: the sample.
    #[must_use]
    pub const fn of(self) -> u64 {
        self.of
    }

    /// The share itself, 0 to 1.
    #[must_use]
    pub fn value(self) -> f64 {
        self.hits as f64 / self.of as f64
    }

    /// The lower bound, 0 to 1.
    #[must_use]
    pub const fn low(self) -> f64 {
        self.low
    }

    /// The upper bound, 0 to 1.
    #[must_use]
    pub const fn high(self) -> f64 {
        self.high
    }
}

/// In percent, with a sample and bounds: no share without them.
impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [value, low, high] = [self.value(), self.low, self.high].map(|share| share * 100.0);
        let (hits, of) = (self.hits, self.of);
        write!(
            f,
            "{value:.1} % ({hits} of {of}; 95 %: {low:.1} to {high:.1} %)"
        )
    }
}

fn bounds(hits: f64, of: f64, z: f64) -> (f64, f64) {
    let share = hits / of;
    let squared = z * z;
    let middle = share + squared / (2.0 * of);
    let half = z * (share * (1.0 - share) / of + squared / (4.0 * of * of)).sqrt();
    let whole = 1.0 + squared / of;
    // At the ends it is 0 and 1 but for rounding.
    let low = if hits == 0.0 {
        0.0
    } else {
        ((middle - half) / whole).max(0.0)
    };
    let high = if hits == of {
        1.0
    } else {
        ((middle + half) / whole).min(1.0)
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a share of `truth` would be refused at z, when `hits` of `of` were seen: what Wilson's interval is the inverse of.
    fn is_refused(truth: f64, hits: u64, of: u64) -> bool {
        let (share, of) = (hits as f64 / of as f64, of as f64);
        (share - truth).abs() > Share::Z_95 * (truth * (1.0 - truth) / of).sqrt()
    }

    #[test]
    fn the_bounds_are_the_shares_that_are_just_not_refused() {
        for of in [1, 2, 5, 40, 10_000] {
            for hits in [0, 1, of / 2, of - 1, of] {
                let share = Share::new(hits, of).unwrap();
                assert!(share.low() <= share.value() && share.value() <= share.high());
                for step in 1..1000 {
                    let truth = f64::from(step) / 1000.0;
                    let is_inside = (share.low() - 1e-9..=share.high() + 1e-9).contains(&truth);
                    assert_eq!(
                        is_inside,
                        !is_refused(truth, hits, of),
                        "{hits} of {of}: {truth}"
                    );
                }
            }
        }
    }

    #[test]
    fn there_is_no_share_of_nothing_and_none_above_all() {
        assert_eq!(Share::new(0, 0), None);
        assert_eq!(Share::new(2, 1), None);
        assert_eq!(Share::with_z(1, 2, f64::NAN), None);
        assert_eq!(Share::with_z(1, 2, -1.0), None);
        let point = Share::with_z(1, 4, 0.0).unwrap();
        assert_eq!((point.low(), point.high()), (0.25, 0.25));
    }
}
