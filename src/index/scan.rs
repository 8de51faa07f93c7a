//! The linear scan: every code, one after the other.

use crate::hash::{Distance, Pdq, Radius};

/// Codes in the order of their rows.
///
/// ```
/// use ijkpunt::hash::{Pdq, Radius};
/// use ijkpunt::index::Scan;
///
/// let codes = [Pdq::from_bytes([0; 32]), Pdq::from_bytes([0xff; 32])];
/// let scan: Scan = codes.into_iter().collect();
/// let hits = scan.search(Pdq::from_bytes([0; 32]), Radius::DEFAULT);
/// assert_eq!(hits.iter().map(|hit| hit.row).collect::<Vec<_>>(), [0]);
/// ```
#[derive(Clone, Default)]
pub struct Scan {
    codes: Vec<Pdq>,
}

/// A row within the radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hit {
    /// The row, counted from 0 in the order in which codes were handed in.
    pub row: usize,
    /// How far its code is from the one that was looked up.
    pub distance: Distance,
}

impl Scan {
    /// Number of codes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Every row within `radius` of `query`, nearest first, equally near ones by row. Equal codes give a hit each.
    ///
    /// # Cost
    /// Linear in the number of codes, about 7 ns each; allocates for the hits only.
    #[must_use]
    pub fn search(&self, query: Pdq, radius: Radius) -> Vec<Hit> {
        let mut hits: Vec<Hit> = self
            .codes
            .iter()
            .enumerate()
            .map(|(row, code)| Hit {
                row,
                distance: code.distance(query),
            })
            .filter(|hit| radius.covers(hit.distance))
            .collect();
        hits.sort_by_key(|hit| (hit.distance, hit.row));
        hits
    }
}

impl FromIterator<Pdq> for Scan {
    fn from_iter<I: IntoIterator<Item = Pdq>>(codes: I) -> Self {
        Self {
            codes: codes.into_iter().collect(),
        }
    }
}

/// Shows how many codes there are, never one of them.
impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scan({} codes)", self.codes.len())
    }
}

#[cfg(test)]
mod tests {
    use bk_tree::{BKTree, Metric};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    struct Bits;

    impl Metric<(Pdq, usize)> for Bits {
        fn distance(&self, a: &(Pdq, usize), b: &(Pdq, usize)) -> u32 {
            // The row takes part so that equal codes are kept as two: half a bit would do, a whole one is asked for twice.
            2 * u32::from(a.0.distance(b.0).bits()) + u32::from(a.1 != b.1)
        }

        fn threshold_distance(
            &self,
            a: &(Pdq, usize),
            b: &(Pdq, usize),
            threshold: u32,
        ) -> Option<u32> {
            let distance = self.distance(a, b);
            (distance <= threshold).then_some(distance)
        }
    }

    fn by_tree(codes: &[Pdq], query: Pdq, radius: Radius) -> Vec<Hit> {
        let mut tree = BKTree::new(Bits);
        for (row, &code) in codes.iter().enumerate() {
            tree.add((code, row));
        }
        let query = (query, usize::MAX);
        let mut hits: Vec<Hit> = tree
            .find(&query, 2 * u32::from(radius.bits()) + 1)
            .map(|(_, &(code, row))| Hit {
                row,
                distance: code.distance(query.0),
            })
            .collect();
        hits.sort_by_key(|hit| (hit.distance, hit.row));
        hits
    }

    /// Codes near one another: a base with some bits flipped. Random codes would all be 128 apart and prove nothing.
    fn family(base: [u8; 32], flips: &[Vec<u8>]) -> Vec<Pdq> {
        flips
            .iter()
            .map(|flips| {
                let mut code = base;
                for &bit in flips {
                    code[usize::from(bit / 8)] ^= 1 << (bit % 8);
                }
                Pdq::from_bytes(code)
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn the_scan_finds_what_the_tree_finds(
            base: [u8; 32],
            flips in vec(vec(any::<u8>(), 0..70), 0..60),
            query in vec(any::<u8>(), 0..20),
            radius in 0u16..=256,
        ) {
            let codes = family(base, &flips);
            let query = family(base, &[query])[0];
            let radius = Radius::new(radius).unwrap();
            let scan: Scan = codes.iter().copied().collect();
            prop_assert_eq!(scan.search(query, radius), by_tree(&codes, query, radius));
        }
    }

    #[test]
    fn the_radius_is_inclusive_and_hits_come_nearest_first() {
        let flips: Vec<Vec<u8>> = vec![(0..32).collect(), (0..31).collect(), vec![], vec![]];
        let scan: Scan = family([0; 32], &flips).into_iter().collect();
        let hits = scan.search(Pdq::from_bytes([0; 32]), Radius::DEFAULT);
        let found: Vec<_> = hits
            .iter()
            .map(|hit| (hit.row, hit.distance.bits()))
            .collect();
        assert_eq!(found, [(2, 0), (3, 0), (1, 31)]);
    }

    #[test]
    fn an_empty_scan_finds_nothing_and_the_widest_radius_everything() {
        let query = Pdq::from_bytes([0x5a; 32]);
        assert!(Scan::default().search(query, Radius::DEFAULT).is_empty());
        let scan: Scan = (0..9).map(|i| Pdq::from_bytes([i; 32])).collect();
        let widest = Radius::new(256).unwrap();
        assert_eq!(scan.search(query, widest).len(), scan.len());
    }
}
