//! The upload's own picture, to be looked at by choice.

use base64ct::{Base64, Encoding};

use crate::limits::{Exceeded, Limits, Resource};

use super::Upload;

/// An upload to be shown, with a picture of it if there is one.
#[derive(Clone)]
pub struct Shown<'a> {
    pub(super) upload: &'a Upload,
    preview: Option<(&'static str, &'a [u8])>,
}

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.preview.map(|(kind, bytes)| (kind, bytes.len()));
        f.debug_struct("Shown")
            .field("upload", &self.upload)
            .field("preview", &bytes)
            .finish()
    }
}

/// Bytes that are not shown as a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PreviewError {
    /// Too many: [`Limits::bytes`].
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Of another format.
    #[error("a preview has to be a PNG, a JPEG or a WebP: make one of the upload, or show none")]
    Format,
}

impl<'a> Shown<'a> {
    /// An upload without a picture of it.
    #[must_use]
    pub fn new(upload: &'a Upload) -> Self {
        let preview = None;
        Self { upload, preview }
    }

    /// With a picture of it: a PNG, JPEG or WebP, as its first bytes tell. It is not decoded here: the page holds it blurred, and whoever looks
    /// at it trusts the browser's decoder with it, so hand in a preview of your own making rather than the upload itself.
    ///
    /// # Errors
    /// [`PreviewError`]: longer than [`Limits::bytes`], or of another format.
    pub fn with_preview(self, bytes: &'a [u8], limits: &Limits) -> Result<Self, PreviewError> {
        limits.check(Resource::Bytes, bytes.len() as u64)?;
        let kind = kind(bytes).ok_or(PreviewError::Format)?;
        Ok(Self {
            preview: Some((kind, bytes)),
            ..self
        })
    }

    /// For `src`.
    pub(super) fn data(&self) -> Option<String> {
        let (kind, bytes) = self.preview?;
        Some(format!(
            "data:image/{kind};base64,{}",
            Base64::encode_string(bytes)
        ))
    }
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpeg"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("webp"),
        _ => None,
    }
}
