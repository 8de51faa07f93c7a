//! The kinds of terrorist content that the Regulation knows. There are no others, and no free category.

use std::fmt;
use std::num::NonZeroU8;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A kind of terrorist content: article 2(7) of Regulation (EU) 2021/784, points (a) to (e).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TcoType {
    /// (a) Incites to terrorist offences, also by glorifying them.
    A,
    /// (b) Solicits somebody to commit terrorist offences or to contribute to them.
    B,
    /// (c) Solicits somebody to take part in the activities of a terrorist group.
    C,
    /// (d) Gives instruction in making or using weapons or other methods for terrorist offences.
    D,
    /// (e) Constitutes a threat to commit a terrorist offence.
    E,
}

impl TcoType {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    fn bit(self) -> NonZeroU8 {
        let [a, b, c, d, e] = BITS;
        match self {
            Self::A => a,
            Self::B => b,
            Self::C => c,
            Self::D => d,
            Self::E => e,
        }
    }
}

impl fmt::Display for TcoType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// One or more kinds; never none, for what is of no kind is not terrorist content.
///
/// Serde gives a list of letters, to binary formats a byte whose lowest bit is `A`. Unknown letters and bits are refused.
///
/// ```
/// use ijkpunt::baseline::{TcoType, TcoTypes};
///
/// let ours: TcoTypes = [TcoType::D, TcoType::A].try_into()?;
/// assert_eq!(ours.to_string(), "A and D");
/// assert_eq!(ours.common(TcoType::D.into()), Some(TcoType::D.into()));
/// assert_eq!(ours.common(TcoType::B.into()), None);
/// # Ok::<(), ijkpunt::baseline::TcoTypesError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TcoTypes(NonZeroU8);

/// One bit a kind.
const BITS: [NonZeroU8; 5] = {
    let one = NonZeroU8::MIN;
    let two = one.saturating_add(1);
    [
        one,
        two,
        two.saturating_pow(2),
        two.saturating_pow(3),
        two.saturating_pow(4),
    ]
};

/// The bits that mean something.
const KNOWN: u8 = 0b1_1111;

impl TcoTypes {
    /// From one bit a kind, the lowest for `A`.
    ///
    /// # Errors
    /// [`TcoTypesError`]: no bit, or one that means nothing.
    pub fn from_bits(bits: u8) -> Result<Self, TcoTypesError> {
        match NonZeroU8::new(bits) {
            None => Err(TcoTypesError::Empty),
            Some(_) if bits & !KNOWN != 0 => Err(TcoTypesError::Unknown(bits & !KNOWN)),
            Some(bits) => Ok(Self(bits)),
        }
    }

    /// One bit a kind, the lowest for `A`.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0.get()
    }

    /// Whether this kind is among them.
    #[must_use]
    pub fn contains(self, kind: TcoType) -> bool {
        self.bits() & kind.bit().get() != 0
    }

    /// The kinds that are in both; none if there are none.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        NonZeroU8::new(self.bits() & other.bits()).map(Self)
    }

    /// The kinds that are in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The kinds, in the order of the article.
    pub fn iter(self) -> impl Iterator<Item = TcoType> {
        let kinds = TcoType::ALL.into_iter();
        kinds.filter(move |&kind| self.contains(kind))
    }
}

impl From<TcoType> for TcoTypes {
    fn from(kind: TcoType) -> Self {
        Self(kind.bit())
    }
}

impl<const N: usize> TryFrom<[TcoType; N]> for TcoTypes {
    type Error = TcoTypesError;

    fn try_from(kinds: [TcoType; N]) -> Result<Self, TcoTypesError> {
        Self::try_from(kinds.as_slice())
    }
}

impl TryFrom<&[TcoType]> for TcoTypes {
    type Error = TcoTypesError;

    fn try_from(kinds: &[TcoType]) -> Result<Self, TcoTypesError> {
        Self::from_bits(kinds.iter().fold(0, |bits, kind| bits | kind.bit().get()))
    }
}

impl fmt::Display for TcoTypes {
    /// `A`, `A and D`, `A, B and D`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.iter().count() - 1;
        for (place, kind) in self.iter().enumerate() {
            let before = match place {
                0 => "",
                _ if place == last => " and ",
                _ => ", ",
            };
            write!(f, "{before}{kind}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for TcoTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for TcoTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_seq(self.iter())
        } else {
            serializer.serialize_u8(self.bits())
        }
    }
}

impl<'de> Deserialize<'de> for TcoTypes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let types = if deserializer.is_human_readable() {
            Self::try_from(Vec::<TcoType>::deserialize(deserializer)?.as_slice())
        } else {
            Self::from_bits(u8::deserialize(deserializer)?)
        };
        types.map_err(de::Error::custom)
    }
}

/// Not a set of kinds of terrorist content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TcoTypesError {
    /// Nothing.
    #[error("name at least one of the types A to E of article 2(7)")]
    Empty,
    /// Bits that mean nothing, by their value.
    #[error("unknown bits {0:#04x}: the types A to E of article 2(7) are the lowest five")]
    Unknown(u8),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_a_set_or_refused() {
        for bits in 0..=u8::MAX {
            let read = postcard::from_bytes::<TcoTypes>(&[bits]).ok();
            assert_eq!(read.is_some(), (1..32).contains(&bits), "{bits}");
            assert_eq!(read, TcoTypes::from_bits(bits).ok());
            let Some(types) = read else { continue };
            assert_eq!(postcard::to_stdvec(&types).unwrap(), [bits]);
            let kinds: Vec<TcoType> = types.iter().collect();
            assert_eq!(TcoTypes::try_from(kinds.as_slice()), Ok(types));
            let json = serde_json::to_string(&types).unwrap();
            assert_eq!(json, serde_json::to_string(&kinds).unwrap());
            assert_eq!(serde_json::from_str::<TcoTypes>(&json).unwrap(), types);
        }
        assert_eq!(TcoTypes::from_bits(0xa1), Err(TcoTypesError::Unknown(0xa0)));
    }

    #[test]
    fn unknown_letters_are_refused_by_name_and_none_is_too_few() {
        let refused = |json: &str| {
            serde_json::from_str::<TcoTypes>(json)
                .unwrap_err()
                .to_string()
        };
        assert!(refused(r#"["A","F"]"#).contains("`F`"));
        assert!(refused("[]").contains("at least one"));
    }

    #[test]
    fn one_kind_is_a_set_of_one() {
        for kind in TcoType::ALL {
            assert_eq!(TcoTypes::from(kind).iter().collect::<Vec<_>>(), [kind]);
        }
    }
}
