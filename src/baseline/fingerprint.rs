//! The hashes of an entry.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::hash::{Digest, DigestKind, HexError, Pdq, Quality};

use super::spelling::serde_as_text;
use super::{Code, NewRow, Part, PartError, Profile, Shown, Text};

/// One hash of an entry, as a row of a list has it. `Debug` shows no code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// The hash.
    pub code: Code,
    /// How much detail the picture has.
    pub quality: Option<Quality>,
    /// How a perceptual hash was made.
    pub profile: Profile,
    /// Which part of the picture was hashed, if it is a window.
    pub part: Option<Part>,
    /// When the frame that was hashed shows, if it is one of a video.
    pub shown: Option<Shown>,
    /// For people.
    pub label: Option<Text<64>>,
}

impl From<&NewRow> for Fingerprint {
    /// What the row says, but its entry's id, and a label only if it is a [`Text`] of the kind.
    fn from(row: &NewRow) -> Self {
        let label = row.label.as_deref();
        Self {
            code: row.code,
            quality: row.quality,
            profile: row.profile,
            part: row.part,
            shown: row.shown,
            label: label.and_then(|label| Text::new(label).ok()),
        }
    }
}

impl Fingerprint {
    /// The row of a list that says the same of the entry with this id.
    #[must_use]
    pub fn row(&self, id: impl Into<String>) -> NewRow {
        NewRow {
            id: id.into(),
            code: self.code,
            quality: self.quality,
            profile: self.profile,
            part: self.part,
            shown: self.shown,
            label: self.label.as_ref().map(ToString::to_string),
        }
    }
}

/// A code as it is written: the kind by name, the hash in hexadecimal digits or, for machines, bytes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Pdq(Pdq),
    Sha256(Hex<32>),
    Sha1(Hex<20>),
    Md5(Hex<16>),
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match *self {
            Self::Pdq(pdq) => Written::Pdq(pdq),
            Self::Digest(Digest::Sha256(bytes)) => Written::Sha256(Hex(bytes)),
            Self::Digest(Digest::Sha1(bytes)) => Written::Sha1(Hex(bytes)),
            Self::Digest(Digest::Md5(bytes)) => Written::Md5(Hex(bytes)),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Pdq(pdq) => Self::Pdq(pdq),
            Written::Sha256(Hex(bytes)) => Self::Digest(Digest::Sha256(bytes)),
            Written::Sha1(Hex(bytes)) => Self::Digest(Digest::Sha1(bytes)),
            Written::Md5(Hex(bytes)) => Self::Digest(Digest::Md5(bytes)),
        })
    }
}

/// The bytes of a digest, of which [`DigestKind`] reads and writes the digits.
#[derive(Clone, Copy)]
struct Hex<const N: usize>([u8; N]);

impl<const N: usize> FromStr for Hex<N> {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        let kind = match N {
            16 => DigestKind::Md5,
            20 => DigestKind::Sha1,
            _ => DigestKind::Sha256,
        };
        let digest = kind.from_hex(text.as_bytes())?;
        let wrong = HexError::Length {
            got: text.len(),
            expected: 2 * N,
        };
        digest.as_bytes().try_into().map(Self).map_err(|_| wrong)
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
            serializer.serialize_str(&digits)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(de::Error::custom)
        } else {
            // Vec<u8> reads what `serialize_bytes` writes only in some formats; in postcard, the one used, it does.
            let bytes = Vec::<u8>::deserialize(deserializer)?;
            let bytes = bytes.try_into();
            bytes.map(Self).map_err(|bytes: Vec<u8>| {
                de::Error::invalid_length(bytes.len(), &"the bytes of a digest")
            })
        }
    }
}

impl From<Part> for [u16; 4] {
    fn from(part: Part) -> Self {
        part.sides()
    }
}

impl TryFrom<[u16; 4]> for Part {
    type Error = PartError;

    fn try_from(sides: [u16; 4]) -> Result<Self, PartError> {
        Self::new(sides)
    }
}

serde_as_text!(Part, [u16; 4]);

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let profile = Self::from_name(name.as_bytes());
        // In a list no name may stand for "unstated"; here it has one.
        profile
            .filter(|profile| profile.name() == name)
            .ok_or_else(|| de::Error::custom(format!("unknown profile `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::FrameRole;

    fn codes() -> [Code; 4] {
        let [sha256, sha1, md5] = DigestKind::ALL.map(|kind| Code::from(kind.of(b"some bytes")));
        [Pdq::from_bytes([7; 32]).into(), sha256, sha1, md5]
    }

    #[test]
    fn fingerprints_go_round_as_json_and_as_bytes() {
        let part = Part::new([1250, 2500, 3750, 6000]).unwrap();
        let shown = Shown::new(61_500, 50, FrameRole::Intro);
        for code in codes() {
            for (profile, part, shown) in [
                (Profile::Windows, Some(part), None),
                (Profile::Full, None, Some(shown)),
                (Profile::Unstated, None, None),
            ] {
                let fingerprint = Fingerprint {
                    code,
                    quality: Quality::new(90).ok(),
                    profile,
                    part,
                    shown,
                    label: Text::new("original").ok(),
                };
                let json = serde_json::to_string(&fingerprint).unwrap();
                assert_eq!(
                    serde_json::from_str::<Fingerprint>(&json).unwrap(),
                    fingerprint
                );
                let bytes = postcard::to_stdvec(&fingerprint).unwrap();
                assert_eq!(
                    postcard::from_bytes::<Fingerprint>(&bytes).unwrap(),
                    fingerprint
                );
            }
        }
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        let refused = |json: &str| {
            serde_json::from_str::<Fingerprint>(json)
                .unwrap_err()
                .to_string()
        };
        let error = refused(r#"{"code":{"phash9":"00"}}"#);
        assert!(error.contains("`phash9`"), "{error}");
        let code = serde_json::to_string(&codes()[0]).unwrap();
        let with = |profile| {
            format!(
                r#"{{"code":{code},"quality":null,"profile":"{profile}","part":null,"label":null}}"#
            )
        };
        for profile in ["", "pdq/1024"] {
            let error = refused(&with(profile));
            assert!(
                error.contains(&format!("unknown profile `{profile}`")),
                "{error}"
            );
        }
        assert!(serde_json::from_str::<Fingerprint>(&with("pdq/full")).is_ok());
    }

    #[test]
    fn rows_become_fingerprints() {
        let row = NewRow::new("item", Pdq::from_bytes([7; 32])).label("original");
        let fingerprint = Fingerprint::from(&row);
        assert_eq!(
            (fingerprint.code, fingerprint.profile),
            (row.code(), Profile::Full)
        );
        assert_eq!(fingerprint.label, Text::new("original").ok());
        let part = Part::new([0, 10, 5000, 10_000]).unwrap();
        let window = NewRow::new("item", Pdq::from_bytes([7; 32])).window(part);
        let frame =
            NewRow::new("item", Pdq::from_bytes([7; 32])).shown(Shown::new(5, 7, FrameRole::Core));
        for row in [row, frame, window.quality(Quality::new(90).unwrap())] {
            let again = Fingerprint::from(&row).row("item");
            assert_eq!(format!("{again:?}"), format!("{row:?}"));
            assert_eq!(Fingerprint::from(&again), Fingerprint::from(&row));
        }
        assert!(!format!("{fingerprint:?}").contains("07"));
    }
}
