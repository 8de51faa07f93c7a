//! The eight ways in which a square can be turned and mirrored, as the coefficients of a DCT see them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A turned or mirrored form of a picture. Names and order are those of the reference; rotations are
/// counter-clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dihedral {
    /// As it is.
    Original,
    /// Rotated by 90 degrees, counter-clockwise.
    Rot90,
    /// Rotated by 180 degrees.
    Rot180,
    /// Rotated by 270 degrees, counter-clockwise.
    Rot270,
    /// Top and bottom exchanged.
    FlipX,
    /// Left and right exchanged: mirrored.
    FlipY,
    /// Reflected in the main diagonal: transposed.
    FlipPlus1,
    /// Reflected in the other diagonal.
    FlipMinus1,
}

impl Dihedral {
    /// All eight, in the order of the reference.
    pub const ALL: [Self; 8] = [
        Self::Original,
        Self::Rot90,
        Self::Rot180,
        Self::Rot270,
        Self::FlipX,
        Self::FlipY,
        Self::FlipPlus1,
        Self::FlipMinus1,
    ];

    /// The form that undoes this one.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Rot90 => Self::Rot270,
            Self::Rot270 => Self::Rot90,
            Self::Original
            | Self::Rot180
            | Self::FlipX
            | Self::FlipY
            | Self::FlipPlus1
            | Self::FlipMinus1 => self,
        }
    }

    /// The name used in JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Rot90 => "rot90",
            Self::Rot180 => "rot180",
            Self::Rot270 => "rot270",
            Self::FlipX => "flipx",
            Self::FlipY => "flipy",
            Self::FlipPlus1 => "flipplus1",
            Self::FlipMinus1 => "flipminus1",
        }
    }

    /// Where the coefficient at (`row`, `column`) of this form's transform stands in the original's, and whether it
    /// is negated. Index 0 is frequency 1, so a mirror negates the coefficients at even indices.
    pub(super) fn source(self, row: usize, column: usize) -> (usize, usize, bool) {
        let odd = |index: usize| index % 2 == 1;
        match self {
            Self::Original => (row, column, false),
            Self::Rot90 => (column, row, !odd(row)),
            Self::Rot180 => (row, column, odd(row + column)),
            Self::Rot270 => (column, row, !odd(column)),
            Self::FlipX => (row, column, !odd(row)),
            Self::FlipY => (row, column, !odd(column)),
            Self::FlipPlus1 => (column, row, false),
            Self::FlipMinus1 => (column, row, odd(row + column)),
        }
    }
}

impl fmt::Display for Dihedral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A form as a map of 256 places, each with a sign.
    fn map(form: Dihedral) -> Vec<(usize, bool)> {
        (0..256)
            .map(|k| {
                let (row, column, negated) = form.source(k / 16, k % 16);
                (16 * row + column, negated)
            })
            .collect()
    }

    /// First `first`, then `second`.
    fn compose(first: Dihedral, second: Dihedral) -> Vec<(usize, bool)> {
        let (first, second) = (map(first), map(second));
        second
            .iter()
            .map(|&(k, negated)| (first[k].0, first[k].1 != negated))
            .collect()
    }

    #[test]
    fn the_eight_forms_are_a_group() {
        let all: HashSet<_> = Dihedral::ALL.map(map).into_iter().collect();
        assert_eq!(all.len(), 8);
        for a in Dihedral::ALL {
            for b in Dihedral::ALL {
                assert!(all.contains(&compose(a, b)), "{a} then {b}");
            }
            assert_eq!(compose(a, a.inverse()), map(Dihedral::Original), "{a}");
        }
    }

    #[test]
    fn four_quarter_turns_are_none_and_two_are_a_half() {
        assert_eq!(
            compose(Dihedral::Rot90, Dihedral::Rot90),
            map(Dihedral::Rot180)
        );
        assert_eq!(
            compose(Dihedral::Rot180, Dihedral::Rot90),
            map(Dihedral::Rot270)
        );
        assert_eq!(
            compose(Dihedral::FlipX, Dihedral::FlipY),
            map(Dihedral::Rot180)
        );
    }

    #[test]
    fn names_are_those_of_serde() {
        for form in Dihedral::ALL {
            let json = serde_json::to_string(&form).unwrap();
            assert_eq!(json, format!("\"{}\"", form.name()));
        }
    }
}
