//! Digests of bytes: what lists carry for exact copies.

use std::fmt;
#[cfg(all(feature = "video", unix))]
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::HexError;

/// A digest of a file's bytes, by one of the algorithms that lists carry.
///
/// `Display` and serde give lower-case hexadecimal digits; `Debug` shows none, since lists are sensitive. MD5 and SHA-1
/// are here because lists carry them: whoever can change a file can make two that agree, so they find copies and prove
/// nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Digest {
    /// SHA-256.
    Sha256([u8; 32]),
    /// SHA-1.
    Sha1([u8; 20]),
    /// MD5.
    Md5([u8; 16]),
}

/// An algorithm of [`Digest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DigestKind {
    /// SHA-256, 64 hexadecimal digits.
    Sha256,
    /// SHA-1, 40 hexadecimal digits.
    Sha1,
    /// MD5, 32 hexadecimal digits.
    Md5,
}

impl DigestKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha1, Self::Md5];

    /// The name, as a column of a list.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
        }
    }

    /// The digest of these bytes.
    ///
    /// # Cost
    /// One pass over the bytes.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> Digest {
        match self {
            Self::Sha256 => Digest::Sha256(Sha256::digest(bytes).into()),
            Self::Sha1 => Digest::Sha1(sha1::Sha1::digest(bytes).into()),
            Self::Md5 => Digest::Md5(md5::Md5::digest(bytes).into()),
        }
    }

    /// Reads hexadecimal digits of either case.
    ///
    /// # Errors
    /// [`HexError`] with the number of digits or the place of the first character that is none.
    pub fn from_hex(self, text: &[u8]) -> Result<Digest, HexError> {
        Ok(match self {
            Self::Sha256 => Digest::Sha256(super::code::bytes_from_hex(text)?),
            Self::Sha1 => Digest::Sha1(super::code::bytes_from_hex(text)?),
            Self::Md5 => Digest::Md5(super::code::bytes_from_hex(text)?),
        })
    }
}

/// Digests of bytes that come in pieces.
#[cfg(all(feature = "video", unix))]
#[derive(Default)]
pub(crate) struct Digesting(Vec<Running>);

#[cfg(all(feature = "video", unix))]
enum Running {
    Sha256(Sha256),
    Sha1(sha1::Sha1),
    Md5(md5::Md5),
}

#[cfg(all(feature = "video", unix))]
impl Digesting {
    /// By these algorithms.
    fn by(kinds: &[DigestKind]) -> Self {
        let running = |kind: &DigestKind| match kind {
            DigestKind::Sha256 => Running::Sha256(Sha256::new()),
            DigestKind::Sha1 => Running::Sha1(sha1::Sha1::new()),
            DigestKind::Md5 => Running::Md5(md5::Md5::new()),
        };
        Self(kinds.iter().map(running).collect())
    }

    /// The next piece.
    fn update(&mut self, bytes: &[u8]) {
        for running in &mut self.0 {
            match running {
                Running::Sha256(running) => running.update(bytes),
                Running::Sha1(running) => running.update(bytes),
                Running::Md5(running) => running.update(bytes),
            }
        }
    }

    /// Of a file, a piece at a time; none of one that is longer than this.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn of_file(kinds: &[DigestKind], path: &Path, most: u64) -> io::Result<Vec<Digest>> {
        let mut file = File::open(path)?;
        if kinds.is_empty() || file.metadata()?.len() > most {
            return Ok(Vec::new());
        }
        let mut digesting = Self::by(kinds);
        let mut piece = vec![0; 1 << 18];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(digesting.finish().collect()),
                read => digesting.update(&piece[..read]),
            }
        }
    }

    /// The digests, in the order of the algorithms.
    fn finish(self) -> impl Iterator<Item = Digest> {
        self.0.into_iter().map(|running| match running {
            Running::Sha256(running) => Digest::Sha256(running.finalize().into()),
            Running::Sha1(running) => Digest::Sha1(running.finalize().into()),
            Running::Md5(running) => Digest::Md5(running.finalize().into()),
        })
    }
}

impl Digest {
    /// The algorithm.
    #[must_use]
    pub fn kind(&self) -> DigestKind {
        match self {
            Self::Sha256(_) => DigestKind::Sha256,
            Self::Sha1(_) => DigestKind::Sha1,
            Self::Md5(_) => DigestKind::Md5,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha1(bytes) => bytes,
            Self::Md5(bytes) => bytes,
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({}, ..)", self.kind().name())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_their_standards() {
        let of = |kind: DigestKind| kind.of(b"abc").to_string();
        // FIPS 180-4, examples of SHA-256 and SHA-1; RFC 1321, A.5.
        assert_eq!(
            of(DigestKind::Sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            of(DigestKind::Sha1),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(of(DigestKind::Md5), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn hex_goes_round_and_other_lengths_are_refused() {
        for kind in DigestKind::ALL {
            let digest = kind.of(b"some bytes");
            let hex = digest.to_string();
            assert_eq!(kind.from_hex(hex.to_uppercase().as_bytes()), Ok(digest));
            let got = hex.len() - 1;
            let expected = hex.len();
            assert_eq!(
                kind.from_hex(&hex.as_bytes()[1..]),
                Err(HexError::Length { got, expected })
            );
        }
    }

    #[test]
    fn debug_shows_no_digit() {
        assert_eq!(format!("{:?}", DigestKind::Md5.of(b"x")), "Digest(md5, ..)");
    }
}
