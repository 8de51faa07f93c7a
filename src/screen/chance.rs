//! How often chance does what evidence shows.
//!
//! Measured by `cargo run --release --example evaluate -- --half all` on photographs: how often one lookup of one code of another picture
//! comes within 31 and within 48 bits, from a tail that is fitted to all lookups, with its 95 % interval; between and below, the
//! logarithm is taken to be a straight line, which tells too much rather than too little. What a second look adds was measured by
//! itself, once by hand: of 52,099 wrong pairs within 100 bits it confirmed none, so at most 6 in 100,000 (95 %).

use serde::{Deserialize, Serialize};

use crate::baseline::Part;
use crate::hash::Distance;
use crate::view::Kind;

use super::second;

/// How strong a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Tier {
    /// Within 31 bits; if it is a small part, confirmed by another one.
    A,
    /// Farther, and confirmed by another part of the entry; or a whole picture within the larger radius that a policy asks for.
    B,
}

/// How many false matches such as this one are expected of an upload that has nothing to do with the list: all its lookups against all
/// codes. It holds for photographs; what is drawn or written is less varied, and its pictures are nearer to each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FalseRate {
    /// The estimate.
    pub value: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Of one lookup of one code: the rate within a distance, as it is, low and high.
struct Line {
    within_31: [f64; 3],
    within_48: [f64; 3],
}

/// Whole uploads in eight forms, against whole pictures.
const WHOLES: Line = Line {
    within_31: [1.4e-17, 1.1e-20, 3.0e-15],
    within_48: [3.4e-14, 1.5e-16, 1.8e-12],
};

/// Parts of uploads, against whole pictures.
const PARTS: Line = Line {
    within_31: [5.9e-19, 1.8e-22, 1.8e-14],
    within_48: [3.4e-15, 9.5e-18, 5.8e-12],
};

/// Windows, against large windows.
const LARGE: Line = Line {
    within_31: [2.4e-20, 6.9e-22, 5.2e-19],
    within_48: [3.9e-16, 3.2e-17, 3.4e-15],
};

/// Windows, against small ones.
const SMALL: Line = Line {
    within_31: [7.8e-17, 1.6e-17, 2.4e-15],
    within_48: [1.3e-13, 4.1e-14, 1.4e-12],
};

/// What a second look lets pass of wrong first hits, at most.
const CONFIRMED: f64 = 6e-5;

/// Beyond this, a straight line is not said to hold.
const FARTHEST: u16 = 60;

impl FalseRate {
    /// That of one lookup of one code, at so many bits and without a second look: how the rate grows with the distance. `view` is the part of
    /// the upload that came near, `part` the entry's window; none beyond 60 bits. The rate of an upload is this one times its lookups
    /// times the list's codes, so both have the same shape.
    #[must_use]
    pub fn of_one_lookup(distance: Distance, view: Kind, part: Option<Part>) -> Option<Self> {
        Self::of(distance, view, part, false, 1.0)
    }

    /// None for what is too far to say. `part` is the entry's window, `tried` the lookups of an upload times the codes of the list.
    pub(super) fn of(
        distance: Distance,
        view: Kind,
        part: Option<Part>,
        is_confirmed: bool,
        tried: f64,
    ) -> Option<Self> {
        let line = match (part, view) {
            (None, Kind::Full) => &WHOLES,
            (None, _) => &PARTS,
            (Some(part), _) if second::is_large(part) => &LARGE,
            (Some(_), _) => &SMALL,
        };
        let second = if is_confirmed { CONFIRMED } else { 1.0 };
        let rate = |k: usize| {
            let (near, far) = (line.within_31[k].ln(), line.within_48[k].ln());
            let along = (f64::from(distance.bits()) - 31.0) / 17.0;
            two_digits((near + (far - near) * along).exp() * tried * second)
        };
        (distance.bits() <= FARTHEST).then(|| Self {
            value: rate(0),
            low: rate(1),
            high: rate(2),
        })
    }
}

/// More would say more than is known, and differ from one system's mathematics to another's.
fn two_digits(value: f64) -> f64 {
    let digits = format!("{:.1e}", value.min(1.0));
    digits.parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(
        bits: u16,
        (view, part): (Kind, Option<[u16; 4]>),
        is_confirmed: bool,
    ) -> Option<FalseRate> {
        let part = part.map(|sides| Part::new(sides).unwrap());
        let distance = Distance::of_bits(bits);
        FalseRate::of(distance, view, part, is_confirmed, 240.0 * 2.5e6)
    }

    #[test]
    fn nearer_is_rarer_and_the_interval_holds_the_value() {
        for part in [
            (Kind::Full, None),
            (Kind::Block, None),
            (Kind::Window, Some([0, 0, 5000, 5000])),
            (Kind::Window, Some([0, 0, 2500, 2500])),
        ] {
            let rates: Vec<FalseRate> = (0..=60)
                .map(|bits| rate(bits, part, false).unwrap())
                .collect();
            assert!(rates.is_sorted_by(|a, b| a.value <= b.value && a.high <= b.high));
            for rate in &rates {
                assert!(
                    rate.low <= rate.value && rate.value <= rate.high,
                    "{rate:?}"
                );
                assert!(rate.high <= 1.0);
            }
            let confirmed = rate(40, part, true).unwrap();
            assert!(confirmed.value < rates[40].value / 10_000.0);
        }
        assert_eq!(rate(61, (Kind::Full, None), false), None);
    }

    #[test]
    fn two_digits_are_told() {
        assert_eq!(two_digits(1.2345e-9).to_string(), 1.2e-9.to_string());
        assert_eq!(two_digits(7.0).to_string(), "1");
    }
}
