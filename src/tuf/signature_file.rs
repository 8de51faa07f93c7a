//! The answer to a request.

use std::num::NonZeroU64;

use serde_json::Value;

use crate::limits::{Limits, Resource};
use crate::sign::Signature;

use super::{MetadataError, Role, Sha256, SigningError, json};

const WHAT: &str = "signature of ijkpunt metadata";
const VERSION: u64 = 1;

/// One signature, and of what: a small file that goes back to who asked. Whether it is good is known when it is put together with others,
/// by [`assemble`](super::assemble).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureFile {
    pub(super) role: Role,
    pub(super) version: NonZeroU64,
    pub(super) sha256: Sha256,
    pub(super) key: Sha256,
    pub(super) signature: Signature,
}

impl SignatureFile {
    /// The role that was signed.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The version that was signed.
    #[must_use]
    pub fn version(&self) -> NonZeroU64 {
        self.version
    }

    /// The SHA-256 of the bytes that were signed.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// The id of the key, as in `root.json`.
    #[must_use]
    pub fn key(&self) -> Sha256 {
        self.key
    }

    /// As a file, on lines.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        json::written_for_people(self.to_value())
    }

    fn to_value(self) -> Value {
        serde_json::json!({
            "what": WHAT,
            "v": VERSION,
            "role": self.role.name(),
            "version": self.version,
            "sha256": self.sha256.to_string(),
            "keyid": self.key.to_string(),
            "sig": self.signature.to_string(),
        })
    }

    /// Reads the file of a signature.
    ///
    /// # Errors
    /// [`SigningError`]: a limit ([`Limits::envelope_bytes`]), or something else than such a file.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, SigningError> {
        let within = limits.check(Resource::EnvelopeBytes, bytes.len() as u64);
        within.map_err(MetadataError::Limit)?;
        let value = json::read(bytes)?;
        let file = read(&value).ok_or(SigningError::NoSignatureFile)?;
        if file.to_value() == value {
            Ok(file)
        } else {
            Err(SigningError::NoSignatureFile)
        }
    }
}

fn read(value: &Value) -> Option<SignatureFile> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let version = value.get("version").and_then(Value::as_u64);
    Some(SignatureFile {
        role: Role::of_name(text("role")?)?,
        version: NonZeroU64::new(version?)?,
        sha256: text("sha256")?.parse().ok()?,
        key: text("keyid")?.parse().ok()?,
        signature: text("sig")?.parse().ok()?,
    })
}
