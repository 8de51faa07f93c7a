//! Numbers that belong to hashes: how far two are apart, how far is still a match, how much detail stood behind one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bits in which two hashes differ, 0 to 256. Made only by comparing two hashes of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Distance(u16);

impl Distance {
    /// Bits, 0 to 256.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Of so many bits; at most 256 of them.
    pub(crate) fn of_bits(bits: u16) -> Self {
        Self(bits)
    }

    pub(super) fn between(a: &[u8; 32], b: &[u8; 32]) -> Self {
        let differing: u32 = a.iter().zip(b).map(|(x, y)| (x ^ y).count_ones()).sum();
        #[expect(clippy::cast_possible_truncation, reason = "at most 256")]
        let bits = differing as u16;
        Self(bits)
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The largest distance that counts as a match, 0 to 256 bits. Default 31, as the reference recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Radius(u16);

impl Radius {
    /// 31 bits: the reference's recommendation. Random matches are not expected at this radius even for 1e9 uploads a
    /// day against millions of entries.
    pub const DEFAULT: Self = Self(31);

    /// A radius in bits.
    ///
    /// # Errors
    /// [`OutOfRange`] above 256.
    pub fn new(bits: u16) -> Result<Self, OutOfRange> {
        if bits <= 256 {
            Ok(Self(bits))
        } else {
            Err(OutOfRange {
                what: "radius",
                got: bits,
                most: 256,
            })
        }
    }

    /// A number of bits that is known to be at most 256.
    pub(crate) const fn of(bits: u8) -> Self {
        Self(bits as u16)
    }

    /// Bits.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether `distance` is a match: at the radius counts.
    #[must_use]
    pub fn covers(self, distance: Distance) -> bool {
        distance.0 <= self.0
    }
}

impl Default for Radius {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl TryFrom<u16> for Radius {
    type Error = OutOfRange;

    fn try_from(bits: u16) -> Result<Self, OutOfRange> {
        Self::new(bits)
    }
}

impl From<Radius> for u16 {
    fn from(radius: Radius) -> Self {
        radius.0
    }
}

impl fmt::Display for Radius {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How much detail a picture has, 0 to 100: PDQ's own measure. Below 50 a hash says little and is not matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Quality(u8);

impl Quality {
    /// 50: the reference discards what is below.
    pub const DEFAULT_MINIMUM: Self = Self(50);

    /// Nothing but one colour.
    pub const MIN: Self = Self(0);

    /// As much detail as is told apart.
    pub const MAX: Self = Self(100);

    /// A quality.
    ///
    /// # Errors
    /// [`OutOfRange`] above 100.
    pub fn new(quality: u8) -> Result<Self, OutOfRange> {
        Self::try_from(u16::from(quality))
    }

    /// 0 to 100.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }

    /// From the sum of the absolute differences of neighbours: a 90th of it, at most 100.
    pub(super) fn from_gradient_sum(sum: u32) -> Self {
        Self((sum / 90).min(100) as u8)
    }
}

impl TryFrom<u16> for Quality {
    type Error = OutOfRange;

    fn try_from(quality: u16) -> Result<Self, OutOfRange> {
        match u8::try_from(quality) {
            Ok(quality) if quality <= 100 => Ok(Self(quality)),
            _ => Err(OutOfRange {
                what: "quality",
                got: quality,
                most: 100,
            }),
        }
    }
}

impl From<Quality> for u16 {
    fn from(quality: Quality) -> Self {
        quality.0.into()
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number outside the range of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} {got} is above {most}")]
#[non_exhaustive]
pub struct OutOfRange {
    /// Radius or quality.
    pub what: &'static str,
    /// As handed in.
    pub got: u16,
    /// The largest value there is.
    pub most: u16,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hash::Pdq;

    proptest! {
        #[test]
        fn distance_is_symmetric_and_zero_only_for_equals(a: [u8; 32], b: [u8; 32]) {
            let (a, b) = (Pdq::from_bytes(a), Pdq::from_bytes(b));
            prop_assert_eq!(a.distance(b), b.distance(a));
            prop_assert_eq!(a.distance(b).bits() == 0, a == b);
            prop_assert_eq!(a.distance(a).bits(), 0);
        }

        #[test]
        fn distance_obeys_the_triangle_inequality(a: [u8; 32], b: [u8; 32], c: [u8; 32]) {
            let [a, b, c] = [a, b, c].map(Pdq::from_bytes);
            prop_assert!(a.distance(c).bits() <= a.distance(b).bits() + b.distance(c).bits());
        }

        #[test]
        fn distance_counts_flipped_bits(a: [u8; 32], flips in prop::collection::hash_set(0usize..256, 0..=256)) {
            let mut b = a;
            for bit in &flips {
                b[bit / 8] ^= 1 << (bit % 8);
            }
            let distance = Pdq::from_bytes(a).distance(Pdq::from_bytes(b));
            prop_assert_eq!(usize::from(distance.bits()), flips.len());
        }
    }

    #[test]
    fn a_radius_covers_what_is_at_it_and_not_one_more() {
        assert!(Radius::DEFAULT.covers(Distance(31)));
        assert!(!Radius::DEFAULT.covers(Distance(32)));
        assert!(Radius::new(256).is_ok());
        assert_eq!(
            Radius::new(257).unwrap_err().to_string(),
            "radius 257 is above 256"
        );
    }

    #[test]
    fn quality_is_a_ninetieth_of_the_sum_and_at_most_100() {
        let of = |sum| Quality::from_gradient_sum(sum).get();
        assert_eq!(
            [of(89), of(90), of(8999), of(9000), of(1_000_000)],
            [0, 1, 99, 100, 100]
        );
        assert!(Quality::new(101).is_err());
        assert!(Quality::try_from(1000).is_err());
    }
}
