//! From signatures to the file that is handed out.

use std::collections::BTreeMap;

use tough::schema;

use crate::limits::Limits;
use crate::sign::Signature;

use super::content::each;
use super::metadata::Wire;
use super::verify::{count, read_file};
use super::{Content, Request, Root, Sha256, SignatureFile, SigningError, Trusted, json};

/// The bytes of the file, if these signatures suffice: by the trusted root, or, for a root, by the trusted one and by itself; for the very first
/// root, without a trusted one, by itself. `tough` is asked for a second opinion.
///
/// The same content and signatures give the same bytes, in whichever order they came.
///
/// # Errors
/// [`SigningError`]: a signature of something else, of a stranger, by a key that is there twice, or that does not fit; or too few, with
/// the states that are missing.
///
/// # Cost
/// Three verifications for each signature, six for a root.
pub fn assemble(
    request: &Request,
    signatures: &[SignatureFile],
    trusted: Option<&Trusted<Root>>,
) -> Result<Vec<u8>, SigningError> {
    let content = request.content();
    let role = content.role();
    let judges = request.judges(trusted)?;
    let message = content.signed_bytes();
    let sha256 = Sha256::of(&message);
    let mut sorted: BTreeMap<Sha256, Signature> = BTreeMap::new();
    for one in signatures {
        if (one.role, one.version, one.sha256) != (role, content.version(), sha256) {
            return Err(SigningError::OfAnother {
                key: one.key,
                role: one.role,
                version: one.version,
            });
        }
        let held = judges.iter().find_map(|root| root.key_of(role, &one.key));
        let held = held.ok_or(SigningError::Stranger(one.key))?;
        let fits = held.key.verify(&message, &one.signature);
        fits.map_err(|_| SigningError::BadSignature(one.key))?;
        if sorted.insert(one.key, one.signature).is_some() {
            return Err(SigningError::Repeated(one.key));
        }
    }
    let sorted: Vec<_> = sorted.into_iter().collect();
    for root in &judges {
        count(root, role, &message, &sorted)?;
    }
    let written = sorted
        .iter()
        .map(|(id, signature)| serde_json::json!({"keyid": id.to_string(), "sig": signature.to_string()}));
    let written: Vec<_> = written.collect();
    let bytes =
        json::written(serde_json::json!({"signed": content.to_value(), "signatures": written}));
    judge(content, &judges, &bytes)?;
    Ok(bytes)
}

/// What is handed out is read by others: as our clients read it, and as `tough` does.
fn judge(content: &Content, judges: &[&Root], bytes: &[u8]) -> Result<(), SigningError> {
    each!(content, one => judge_as(one, judges, bytes))
}

fn judge_as<T: Wire + PartialEq>(
    content: &T,
    judges: &[&Root],
    bytes: &[u8],
) -> Result<(), SigningError> {
    let read: T = read_file(bytes, judges, &Limits::default())?;
    let signed = serde_json::from_slice::<schema::Signed<T::Of>>(bytes);
    let signed = signed.map_err(|_| SigningError::SecondOpinion)?;
    let agrees = |root: &&Root| root.to_wire().verify_role(&signed).is_ok();
    if read == *content && judges.iter().all(agrees) {
        Ok(())
    } else {
        Err(SigningError::SecondOpinion)
    }
}
