//! How values are written down: for people as their one text, for machines as something shorter.

/// Serde for a type with `Display` and `FromStr`: the text where the format is for people, else the compact form, into which
/// the type goes and from which it comes back checked.
macro_rules! serde_as_text {
    ($type:ty, $compact:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    <$compact>::from(*self).serialize(serializer)
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    let compact = <$compact as serde::Deserialize>::deserialize(deserializer)?;
                    Self::try_from(compact).map_err(serde::de::Error::custom)
                }
            }
        }
    };
}

/// A type around 32 bytes, any of which will do: to and from them.
macro_rules! bytes_32 {
    ($type:ty) => {
        impl $type {
            /// From its 32 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Its 32 bytes.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 32] {
                self.0
            }
        }

        impl From<[u8; 32]> for $type {
            fn from(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }
        }

        impl From<$type> for [u8; 32] {
            fn from(name: $type) -> Self {
                name.0
            }
        }
    };
}

/// A name of 32 bytes: 64 hexadecimal digits as text and in `Debug`, the bytes for machines.
macro_rules! hex_name {
    ($type:ty) => {
        $crate::baseline::spelling::bytes_32!($type);

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::hash::HexError;

            /// Reads 64 hexadecimal digits of either case, nothing before or after them.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                // A PDQ hash is 32 bytes in hexadecimal digits, too, and its reader is as strict.
                let bytes = crate::hash::Pdq::from_hex(text.as_bytes())?.to_bytes();
                Ok(Self(bytes))
            }
        }

        $crate::baseline::spelling::serde_as_text!($type, [u8; 32]);
    };
}

pub(crate) use {bytes_32, hex_name, serde_as_text};

/// The name of a value: BLAKE3 in its mode for deriving keys, so that values of two kinds, which have two contexts, never
/// have the same name, over the value's postcard bytes.
pub(super) fn name_of(context: &str, value: &impl serde::Serialize) -> [u8; 32] {
    let Ok(bytes) = postcard::to_stdvec(value) else {
        // Postcard refuses only sequences of unknown length and what a value's own `Serialize` refuses; ours do neither.
        unreachable!("a value of this crate has postcard bytes");
    };
    blake3::derive_key(context, &bytes)
}
