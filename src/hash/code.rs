//! A PDQ hash as a value: 256 bits, written as 64 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Dihedral, Distance};

/// A PDQ hash: 256 bits.
///
/// Coefficient `k = 16 * row + column` of the transform is bit `2^k` of a big-endian integer, as in the reference.
/// `Display` and serde give 64 lower-case hexadecimal digits (serde gives the 32 bytes to binary formats); `Debug`
/// shows none, since lists are sensitive and `Debug` ends up in logs.
///
/// ```
/// use ijkpunt::hash::Pdq;
///
/// let hex = "F8F8F0CEE0F4A84F06370A22038F63F0B36E2ED596621E1D33E6B39C4E9C9B22";
/// let pdq: Pdq = hex.parse()?;
/// assert_eq!(pdq.to_string(), hex.to_lowercase());
/// # Ok::<(), ijkpunt::hash::HexError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pdq([u8; 32]);

impl Pdq {
    /// From the 32 bytes, most significant first: the order of the hexadecimal digits.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, most significant first.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The number of bits in which two hashes differ. Symmetric, 0 only for equal hashes, obeys the triangle inequality.
    ///
    /// Hashes of unrelated pictures are 128 apart on average (deviation about 8); copies are taken to be within 31.
    #[must_use]
    pub fn distance(self, other: Self) -> Distance {
        Distance::between(&self.0, &other.0)
    }

    /// The hash of the negative, in which every colour is inverted: its coefficients have the other sign. The one at the median may
    /// fall on the other side of it, so the hash of the inverted picture itself can be a bit or two away.
    #[must_use]
    pub fn negative(self) -> Self {
        Self(self.0.map(|byte| !byte))
    }

    /// The hash that the turned or mirrored picture would have, estimated from the bits alone.
    ///
    /// Exact forms come from a [`Transform`](super::Transform), which needs the picture; this one is 6 bits off on
    /// average and was at most 20 off on the pictures measured.
    #[must_use]
    pub fn derived(self, form: Dihedral) -> Self {
        Self::from_coefficients(|row, column| {
            let (source_row, source_column, negated) = form.source(row, column);
            self.bit(source_row, source_column) != negated
        })
    }

    /// Bit of the coefficient at `row` and `column`.
    fn bit(self, row: usize, column: usize) -> bool {
        let k = 16 * row + column;
        self.0[31 - k / 8] >> (k % 8) & 1 == 1
    }

    /// From a number for each row of coefficients, its lowest bit for column 0.
    pub(super) fn from_rows(rows: [u16; 16]) -> Self {
        let mut bytes = [0; 32];
        for (two, row) in bytes.chunks_exact_mut(2).rev().zip(rows) {
            two.copy_from_slice(&row.to_be_bytes());
        }
        Self(bytes)
    }

    pub(super) fn from_coefficients(is_set: impl Fn(usize, usize) -> bool) -> Self {
        let mut bytes = [0; 32];
        for k in 0..256 {
            if is_set(k / 16, k % 16) {
                bytes[31 - k / 8] |= 1 << (k % 8);
            }
        }
        Self(bytes)
    }
}

impl fmt::Display for Pdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Pdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pdq(..)")
    }
}

impl FromStr for Pdq {
    type Err = HexError;

    /// Reads 64 hexadecimal digits of either case, nothing before or after them.
    fn from_str(text: &str) -> Result<Self, HexError> {
        Self::from_hex(text.as_bytes())
    }
}

impl Pdq {
    /// Reads 64 hexadecimal digits of either case, nothing before or after them.
    ///
    /// # Errors
    /// [`HexError`] with the number of digits or the place of the first character that is none.
    pub fn from_hex(text: &[u8]) -> Result<Self, HexError> {
        bytes_from_hex(text).map(Self)
    }
}

/// The text is not a hash of its kind. It says where, and never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HexError {
    /// Hexadecimal digits, but too few or too many.
    #[error("{got} hexadecimal digits, {expected} expected")]
    Length {
        /// Digits found.
        got: usize,
        /// Digits that a hash of the kind has.
        expected: usize,
    },
    /// Something that is no hexadecimal digit.
    #[error("character {place} is not a hexadecimal digit")]
    NotADigit {
        /// Counted from 1, in bytes.
        place: usize,
    },
}

impl Serialize for Pdq {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Pdq {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(de::Error::custom)
        } else {
            <[u8; 32]>::deserialize(deserializer).map(Self)
        }
    }
}

/// Exactly `N` bytes from hexadecimal digits of either case.
pub(super) fn bytes_from_hex<const N: usize>(text: &[u8]) -> Result<[u8; N], HexError> {
    if let Some(place) = text.iter().position(|c| !c.is_ascii_hexdigit()) {
        return Err(HexError::NotADigit { place: place + 1 });
    }
    if text.len() != 2 * N {
        return Err(HexError::Length {
            got: text.len(),
            expected: 2 * N,
        });
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0]) << 4 | digit(pair[1]);
    }
    Ok(bytes)
}

/// The value of a character that is known to be a hexadecimal digit.
fn digit(c: u8) -> u8 {
    match c {
        b'0'..=b'9' => c - b'0',
        _ => (c | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn hex_goes_round_in_either_case(bytes: [u8; 32]) {
            let pdq = Pdq::from_bytes(bytes);
            let hex = pdq.to_string();
            prop_assert_eq!(hex.len(), 64);
            prop_assert_eq!(hex.to_uppercase().parse::<Pdq>(), Ok(pdq));
            prop_assert_eq!(hex.parse::<Pdq>(), Ok(pdq));
        }

        #[test]
        fn serde_goes_round_as_hex(bytes: [u8; 32]) {
            let pdq = Pdq::from_bytes(bytes);
            let json = serde_json::to_string(&pdq).unwrap();
            prop_assert_eq!(&json, &format!("\"{pdq}\""));
            prop_assert_eq!(serde_json::from_str::<Pdq>(&json).unwrap(), pdq);
        }

        #[test]
        fn any_other_text_is_refused(text: Vec<u8>) {
            let is_hash = text.len() == 64 && text.iter().all(u8::is_ascii_hexdigit);
            prop_assert_eq!(Pdq::from_hex(&text).is_ok(), is_hash);
        }

        #[test]
        fn the_first_digit_holds_the_highest_coefficients(k in 0usize..256) {
            let pdq = Pdq::from_coefficients(|row, column| 16 * row + column == k);
            let hex = pdq.to_string();
            let digit = hex.find(|c| c != '0').unwrap();
            prop_assert_eq!(digit, 63 - k / 4);
            prop_assert!(pdq.bit(k / 16, k % 16));
        }

        #[test]
        fn rows_of_bits_are_the_bits_of_rows(rows: [u16; 16]) {
            let bits = Pdq::from_coefficients(|row, column| rows[row] >> column & 1 == 1);
            prop_assert_eq!(Pdq::from_rows(rows), bits);
        }

        #[test]
        fn the_negative_of_a_negative_is_the_hash_and_both_are_as_far_apart_as_can_be(bytes: [u8; 32]) {
            let pdq = Pdq::from_bytes(bytes);
            prop_assert_eq!(pdq.negative().negative(), pdq);
            prop_assert_eq!(pdq.distance(pdq.negative()).bits(), 256);
        }

        #[test]
        fn derived_forms_invert_each_other(bytes: [u8; 32]) {
            let pdq = Pdq::from_bytes(bytes);
            for form in Dihedral::ALL {
                prop_assert_eq!(pdq.derived(form).derived(form.inverse()), pdq);
            }
        }
    }

    #[test]
    fn errors_say_where_and_how_many() {
        let short = Pdq::from_hex(&[b'a'; 63]).unwrap_err();
        assert_eq!(
            short,
            HexError::Length {
                got: 63,
                expected: 64
            }
        );
        let mut text = [b'0'; 64];
        text[9] = b'g';
        assert_eq!(Pdq::from_hex(&text), Err(HexError::NotADigit { place: 10 }));
        assert_eq!("0x12".parse::<Pdq>(), Err(HexError::NotADigit { place: 2 }));
    }

    #[test]
    fn debug_shows_no_bits() {
        assert_eq!(format!("{:?}", Pdq::from_bytes([0xab; 32])), "Pdq(..)");
    }
}
