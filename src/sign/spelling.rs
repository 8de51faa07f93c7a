//! How keys, signatures and hashes are written: one spelling each.

use base64ct::{Base64, Encoding};

/// Not hexadecimal digits as they are written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write {digits} digits of 0 to 9 and a to f, and nothing else")]
#[non_exhaustive]
pub struct HexError {
    /// How many there have to be.
    pub digits: usize,
}

/// Exactly `N` bytes of small hexadecimal digits: with capitals, one key would have many names.
pub(super) fn bytes_of<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let refused = HexError { digits: 2 * N };
    if text.len() != 2 * N {
        return Err(refused);
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        for digit in pair {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => digit - b'a' + 10,
                _ => return Err(refused),
            };
            *byte = *byte << 4 | value;
        }
    }
    Ok(bytes)
}

/// Base64 with padding, in the standard alphabet.
pub(super) fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// The same back; none for any other spelling.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bytes = Base64::decode_vec(text).ok()?;
    // The decoder is strict already; this does not hang on its release.
    (base64(&bytes) == text).then_some(bytes)
}

/// Text by `Display` and `FromStr` as hexadecimal digits, and serde: the text for people, the bytes for machines. The type says how
/// its bytes are checked, by `TryFrom`.
macro_rules! hex_text {
    ($type:ty, $compact:ty) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let bytes = self.to_bytes();
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        crate::baseline::serde_as_text!($type, $compact);
    };
}

/// A name or hash of 32 bytes, any of which will do.
macro_rules! hex_32 {
    ($type:ident) => {
        crate::baseline::bytes_32!($type);

        impl std::str::FromStr for $type {
            type Err = crate::sign::HexError;

            /// Reads 64 small hexadecimal digits, nothing before or after them.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                crate::sign::spelling::bytes_of(text).map(Self)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }

        crate::sign::spelling::hex_text!($type, [u8; 32]);
    };
}

pub(super) use {hex_32, hex_text};
