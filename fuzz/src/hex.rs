//! Text to a hash: 64 hexadecimal digits and nothing else, and back.

use ijkpunt::hash::{DigestKind, HexError, Pdq};

/// Any bytes; panics where something is not as promised.
///
/// Digests share the reader of digits, so their lengths are looked at too.
pub fn run(bytes: &[u8]) {
    for kind in DigestKind::ALL {
        if let Ok(digest) = kind.from_hex(bytes) {
            let written = digest.to_string().into_bytes();
            assert!(written == bytes.to_ascii_lowercase(), "another digest");
        }
    }
    let read = Pdq::from_hex(bytes);
    let is_hash = bytes.len() == 64 && bytes.iter().all(u8::is_ascii_hexdigit);
    assert!(
        read.is_ok() == is_hash,
        "{} bytes read as {read:?}",
        bytes.len()
    );
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(text.parse() == read, "text and bytes are read differently");
    }
    match read {
        Ok(pdq) => {
            let written = pdq.to_string();
            assert!(
                written.as_bytes() == bytes.to_ascii_lowercase(),
                "not what was read"
            );
            assert!(
                Pdq::from_bytes(pdq.to_bytes()) == pdq,
                "the bytes are another hash"
            );
            assert!(format!("{pdq:?}") == "Pdq(..)", "Debug shows a hash");
        }
        Err(HexError::NotADigit { place }) => {
            let at_place = bytes.get(place - 1);
            assert!(
                at_place.is_some_and(|c| !c.is_ascii_hexdigit()),
                "place {place} is a digit"
            );
        }
        Err(HexError::Length { got, expected }) => {
            assert!((got, expected) == (bytes.len(), 64), "not the length");
        }
        Err(other) => assert!(!other.to_string().is_empty(), "no message"),
    }
}
