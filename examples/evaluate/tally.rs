//! Counts: distances, and what follows from them.

/// How often each distance was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Histogram([u64; 257]);

impl Histogram {
    pub(crate) fn add(&mut self, distance: u16) {
        if let Some(count) = self.0.get_mut(usize::from(distance)) {
            *count += 1;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count += more;
        }
    }

    pub(crate) fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        for one in all {
            sum.merge(one);
        }
        sum
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// How many are at most this far.
    pub(crate) fn within(&self, radius: u16) -> u64 {
        self.0.iter().take(usize::from(radius) + 1).sum()
    }

    pub(crate) fn smallest(&self) -> Option<usize> {
        self.0.iter().position(|&count| count > 0)
    }

    /// Distances that were seen, with their counts.
    pub(crate) fn seen(&self) -> impl Iterator<Item = (usize, u64)> {
        let counts = self.0.iter().copied().enumerate();
        counts.filter(|&(_, count)| count > 0)
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self([0; 257])
    }
}

/// What became of some uploads, asked in one way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Those among them that could not be asked: misses.
    pub(crate) undecided: u64,
    pub(crate) uploads: u64,
    /// From each upload to its own entry.
    pub(crate) right: Histogram,
    /// From each upload to the nearest wrong entry.
    pub(crate) nearest_wrong: Histogram,
    /// From each upload to every wrong entry.
    pub(crate) wrong_pairs: Histogram,
    /// What asking took, lookups not included.
    pub(crate) cpu_ns: u64,
}

impl Tally {
    pub(crate) fn merge(&mut self, other: &Self) {
        self.undecided += other.undecided;
        self.uploads += other.uploads;
        self.right.merge(&other.right);
        self.nearest_wrong.merge(&other.nearest_wrong);
        self.wrong_pairs.merge(&other.wrong_pairs);
        self.cpu_ns += other.cpu_ns;
    }

    pub(crate) fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        for tally in all {
            sum.merge(tally);
        }
        sum
    }

    pub(crate) fn recall(&self, radius: u16) -> f64 {
        self.right.within(radius) as f64 / self.uploads.max(1) as f64
    }

    /// The recall's 95 % interval.
    pub(crate) fn interval(&self, radius: u16) -> (f64, f64) {
        wilson(self.right.within(radius), self.uploads)
    }

    pub(crate) fn cpu_ms_an_upload(&self) -> f64 {
        self.cpu_ns as f64 / 1e6 / self.uploads.max(1) as f64
    }
}

/// The 95 % interval of a share. (Wilson: Probable inference, the law of succession, and statistical inference, 1927.)
pub(crate) fn wilson(hits: u64, of: u64) -> (f64, f64) {
    /// Of the normal distribution, 95 % lie within so many deviations.
    const Z: f64 = 1.959_963_984_540_054;
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, share) = (of as f64, hits as f64 / of as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    let bound = |value: f64| (value / scale).clamp(0.0, 1.0);
    (bound(middle - half), bound(middle + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_published_tables() {
        // Newcombe: Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
        let known = [
            ((81, 263), (0.2553, 0.3662)),
            ((15, 148), (0.0624, 0.1605)),
            ((0, 20), (0.0, 0.1611)),
            ((1, 29), (0.0061, 0.1718)),
        ];
        for ((hits, of), (low, high)) in known {
            let got = wilson(hits, of);
            assert!((got.0 - low).abs() < 5e-5 && (got.1 - high).abs() < 5e-5);
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
        assert!(wilson(7, 7).1 > 0.999);
    }

    #[test]
    fn counts_add_up_and_a_radius_includes_its_edge() {
        let mut one = Tally {
            uploads: 4,
            ..Tally::default()
        };
        for distance in [0, 31, 32] {
            one.right.add(distance);
        }
        let two = Tally::sum([&one, &one]);
        assert_eq!((two.uploads, two.right.within(31)), (8, 4));
        assert!((two.recall(31) - 0.5).abs() < 1e-12);
        assert_eq!(two.right.smallest(), Some(0));
        assert_eq!(two.right.total(), 6);
        let seen: Vec<_> = two.right.seen().collect();
        assert_eq!(seen, [(0, 2), (31, 2), (32, 2)]);
    }
}
