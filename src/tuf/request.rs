//! What is sent to a state that is asked to sign.

use std::fmt;

use serde_json::Value;

use crate::limits::{Limits, Resource};
use crate::sign::Signer;

use super::{
    Content, MetadataError, Role, Root, Sha256, SignatureFile, SigningError, Trusted, json,
};

/// What the file is, for people and programs.
const WHAT: &str = "please sign: ijkpunt metadata";
const VERSION: u64 = 1;

/// A request to sign metadata: a file that a person can read. It says in words what is asked, and holds all of it.
///
/// Who reads it gets a value, and signs that value as this program writes it, never bytes that somebody sent. The words of the file are
/// made anew, and another wording is refused: nobody is shown one thing and signs another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    content: Content,
}

impl Request {
    /// Asks for signatures of this.
    pub fn new(content: impl Into<Content>) -> Self {
        Self {
            content: content.into(),
        }
    }

    /// What is asked to be signed.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// As a file, on lines; the same content gives the same bytes.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        json::written_for_people(self.to_value())
    }

    fn to_value(&self) -> Value {
        serde_json::json!({
            "what": WHAT,
            "v": VERSION,
            "role": self.content.role().name(),
            "version": self.content.version(),
            "expires": self.content.expires().to_string(),
            "says": self.content.lines(),
            "signed": self.content.to_value(),
        })
    }

    /// Reads the file of a request.
    ///
    /// # Errors
    /// [`SigningError`]: a limit ([`Limits::request_bytes`]), content that is not as it is written here, or words that are not those of the
    /// content.
    ///
    /// # Cost
    /// Memory for some ten times the bytes; a verification's time for each key of a root.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, SigningError> {
        let asked = bytes.len() as u64;
        let within = limits.check(Resource::RequestBytes, asked);
        within.map_err(MetadataError::Limit)?;
        let value = json::read(bytes)?;
        let is_one = value.get("what").and_then(Value::as_str) == Some(WHAT);
        if !is_one || value.get("v") != Some(&Value::from(VERSION)) {
            return Err(SigningError::NoRequest);
        }
        let role = value.get("role").and_then(Value::as_str);
        let role = role.and_then(Role::of_name);
        let (Some(role), Some(signed)) = (role, value.get("signed")) else {
            return Err(SigningError::NoRequest);
        };
        let request = Self {
            content: Content::of_value(role, signed, limits)?,
        };
        if request.to_value() == value {
            Ok(request)
        } else {
            Err(SigningError::Misleading)
        }
    }

    /// Signs, where the key is one of the role's. `trusted` is the root that the signer trusts, from its own store; none for the very first
    /// root, which is signed by those whom it names.
    ///
    /// That the targets or the root are what the state wants is for a person to see first: [`Content::lines`], and [`Content::changes`]
    /// against what was signed before.
    ///
    /// # Errors
    /// [`SigningError`]: a key that does not sign this role, a root that may not follow the trusted one, or a signer that gave no signature.
    pub fn sign(
        &self,
        signer: &dyn Signer,
        trusted: Option<&Trusted<Root>>,
    ) -> Result<SignatureFile, SigningError> {
        let (role, key) = (self.content.role(), signer.public_key());
        let judges = self.judges(trusted)?;
        let id = judges.iter().find_map(|root| root.key_id(role, &key));
        let id = id.ok_or(SigningError::NotASigner { role, key })?;
        let message = self.content.signed_bytes();
        let signature = signer.sign(&message)?;
        // A token that has gone wrong is found now, and not when the file is put together.
        if key.verify(&message, &signature).is_err() {
            return Err(SigningError::BadSigner(key));
        }
        Ok(SignatureFile {
            role,
            version: self.content.version(),
            sha256: Sha256::of(&message),
            key: id,
            signature,
        })
    }

    /// The roots by which the signatures count: each has to find enough.
    pub(super) fn judges<'a>(
        &'a self,
        trusted: Option<&'a Trusted<Root>>,
    ) -> Result<Vec<&'a Root>, SigningError> {
        match (&self.content, trusted) {
            (Content::Root(next), Some(trusted)) => {
                trusted.check_next(next).map_err(MetadataError::Terms)?;
                Ok(vec![&**trusted, next])
            }
            (Content::Root(first), None) if self.content.version().get() == 1 => Ok(vec![first]),
            (_, Some(trusted)) => Ok(vec![&**trusted]),
            (_, None) => Err(SigningError::NoTrustedRoot),
        }
    }
}

/// What it says, a sentence a line.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content.lines().join("\n"))
    }
}
