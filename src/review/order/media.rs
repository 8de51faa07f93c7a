//! Hashes of the content of an order.

use serde::{Deserialize, Serialize};

use crate::baseline::MediaKind;
use crate::hash::{Digest, DigestKind, Pdq};

use super::FieldError;

/// A medium of an order by its hashes, one at least, so that the host can look for other copies (ours: the annex has no such field, and an order
/// obliges for what it names alone). `Debug` shows no hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Media {
    kind: MediaKind,
    pdq: Option<Pdq>,
    sha256: Option<Digest>,
    md5: Option<Digest>,
}

impl Media {
    /// A medium of so many hashes.
    ///
    /// # Errors
    /// [`FieldError::NoHash`] where there is none.
    pub fn new(
        kind: MediaKind,
        pdq: Option<Pdq>,
        sha256: Option<[u8; 32]>,
        md5: Option<[u8; 16]>,
    ) -> Result<Self, FieldError> {
        let (sha256, md5) = (sha256.map(Digest::Sha256), md5.map(Digest::Md5));
        Self {
            kind,
            pdq,
            sha256,
            md5,
        }
        .checked()
    }

    /// What kind of medium.
    #[must_use]
    pub fn kind(&self) -> MediaKind {
        self.kind
    }

    /// The PDQ hash of the picture.
    #[must_use]
    pub fn pdq(&self) -> Option<Pdq> {
        self.pdq
    }

    /// The digests of the file: SHA-256, then MD5.
    pub fn digests(&self) -> impl Iterator<Item = Digest> {
        self.sha256.into_iter().chain(self.md5)
    }

    fn checked(self) -> Result<Self, FieldError> {
        if self.pdq.is_none() && self.digests().next().is_none() {
            return Err(FieldError::NoHash);
        }
        Ok(self)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: MediaKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pdq: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    md5: Option<String>,
}

impl TryFrom<Written> for Media {
    type Error = FieldError;

    fn try_from(written: Written) -> Result<Self, FieldError> {
        let digest = |kind: DigestKind, hex: Option<String>| {
            hex.map(|hex| one_spelling(&hex, kind.from_hex(hex.as_bytes()).ok()))
                .transpose()
        };
        let pdq = written.pdq.map(|hex| one_spelling(&hex, hex.parse().ok()));
        Self {
            kind: written.kind,
            pdq: pdq.transpose()?,
            sha256: digest(DigestKind::Sha256, written.sha256)?,
            md5: digest(DigestKind::Md5, written.md5)?,
        }
        .checked()
    }
}

/// Small digits alone, so that one order has one text.
fn one_spelling<T: ToString>(hex: &str, read: Option<T>) -> Result<T, FieldError> {
    read.filter(|hash| hash.to_string() == hex)
        .ok_or(FieldError::Hash)
}

impl From<Media> for Written {
    fn from(media: Media) -> Self {
        Self {
            kind: media.kind,
            pdq: media.pdq.map(|hash| hash.to_string()),
            sha256: media.sha256.map(|hash| hash.to_string()),
            md5: media.md5.map(|hash| hash.to_string()),
        }
    }
}
