//! The client's side: from bytes to what enough have signed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::baseline::{AuthorityId, MemberState, Time};
use crate::limits::{Limits, Resource};
use crate::sign::{AuthorityKey, Signature, Threshold, tally};

use super::keys::HeldKey;
use super::metadata::{Wire, of_value};
use super::{
    Metadata, MetadataError, Role, Root, Sha256, Snapshot, Targets, Timestamp, Trusted, json,
};

/// A root on its own: the one that a program is shipped with, or that was stored when it was trusted. It has to be signed as it asks itself,
/// which says that it is whole; why to trust it, the caller knows.
///
/// # Errors
/// [`MetadataError`]: a limit, something that is not as it is written here, or too few distinct states.
///
/// # Cost
/// Some 50 microseconds for each key and each signature of a state.
pub fn verify_root(bytes: &[u8], limits: &Limits) -> Result<Trusted<Root>, MetadataError> {
    let file = File::<Root>::read(bytes, limits)?;
    let states = file.count(&file.value)?;
    Ok(Trusted::new(file.value, states, bytes))
}

/// The next root: one version higher, signed as the trusted root asks, and as it asks itself. To go from one root to the newest, take each
/// in turn, expired or not; only the last has to be valid.
///
/// # Errors
/// As [`verify_root`]; also another version, or a key that another state had before.
///
/// # Cost
/// As [`verify_root`], with each signature verified twice.
pub fn verify_root_chain(
    trusted: &Trusted<Root>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Trusted<Root>, MetadataError> {
    let file = File::<Root>::read(bytes, limits)?;
    trusted.check_next(&file.value)?;
    file.count(trusted)?;
    let states = file.count(&file.value)?;
    Ok(Trusted::new(file.value, states, bytes))
}

/// Targets, signed by as many distinct states as the root asks for.
///
/// # Errors
/// [`MetadataError`]: a limit, something that is not as it is written here, or too few distinct states.
///
/// # Cost
/// Some 50 microseconds for each signature of a state, some microseconds a file.
pub fn verify_targets(
    root: &Trusted<Root>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Trusted<Targets>, MetadataError> {
    verified(root, bytes, limits)
}

/// A snapshot, signed by one of the publisher's keys.
///
/// # Errors
/// [`MetadataError`]: a limit, something that is not as it is written here, or no signature that counts.
pub fn verify_snapshot(
    root: &Trusted<Root>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Trusted<Snapshot>, MetadataError> {
    verified(root, bytes, limits)
}

/// A timestamp, signed by one of the publisher's keys.
///
/// # Errors
/// As [`verify_snapshot`].
pub fn verify_timestamp(
    root: &Trusted<Root>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Trusted<Timestamp>, MetadataError> {
    verified(root, bytes, limits)
}

fn verified<T: Wire>(
    root: &Root,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Trusted<T>, MetadataError> {
    let file = File::<T>::read(bytes, limits)?;
    let states = file.count(root)?;
    Ok(Trusted::new(file.value, states, bytes))
}

/// The value of a file for which each of these roots finds enough signatures.
pub(super) fn read_file<T: Wire>(
    bytes: &[u8],
    roots: &[&Root],
    limits: &Limits,
) -> Result<T, MetadataError> {
    let file = File::<T>::read(bytes, limits)?;
    for root in roots {
        file.count(root)?;
    }
    Ok(file.value)
}

/// A file of metadata, read and not verified.
struct File<T> {
    value: T,
    signatures: Vec<(Sha256, Signature)>,
}

impl<T: Wire> File<T> {
    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, MetadataError> {
        limits.check(T::ROLE.bytes(), bytes.len() as u64)?;
        let form = MetadataError::Form { role: T::ROLE };
        let Value::Object(file) = json::read(bytes)? else {
            return Err(form);
        };
        let parts = (file.get("signed"), file.get("signatures"), file.len());
        let (Some(signed), Some(Value::Array(signatures)), 2) = parts else {
            return Err(form);
        };
        limits.check(Resource::Signatures, signatures.len() as u64)?;
        Ok(Self {
            signatures: read_signatures(signatures)?,
            value: of_value(signed, limits)?,
        })
    }

    fn count(&self, root: &Root) -> Result<BTreeSet<MemberState>, MetadataError> {
        count(root, T::ROLE, &self.value.signed_bytes(), &self.signatures)
    }
}

/// Whose signatures they are is not asked here: those of unknown keys count for nobody.
fn read_signatures(written: &[Value]) -> Result<Vec<(Sha256, Signature)>, MetadataError> {
    let (mut signatures, mut seen) = (Vec::new(), BTreeSet::new());
    for one in written {
        let text = |name: &str| one.get(name).and_then(Value::as_str);
        let members = one.as_object().map_or(0, Map::len);
        let (Some(id), Some(signature), 2) = (text("keyid"), text("sig"), members) else {
            return Err(MetadataError::Signature);
        };
        let id: Sha256 = id.parse().map_err(|_| MetadataError::Signature)?;
        let signature = signature.parse().map_err(|_| MetadataError::Signature)?;
        if !seen.insert(id) {
            return Err(MetadataError::RepeatedSignature(id));
        }
        signatures.push((id, signature));
    }
    Ok(signatures)
}

/// The states that signed, if they suffice by this root; none for the publisher's roles.
pub(super) fn count(
    root: &Root,
    role: Role,
    message: &[u8],
    signatures: &[(Sha256, Signature)],
) -> Result<BTreeSet<MemberState>, MetadataError> {
    let by_key = signatures.iter().filter_map(|(id, signature)| {
        let held = root.key_of(role, id)?;
        Some((held, *signature))
    });
    let by_key: Vec<(HeldKey, Signature)> = by_key.collect();
    match role {
        Role::Root | Role::Targets => count_states(root, role, message, &by_key),
        Role::Snapshot | Role::Timestamp => {
            let fits = |(held, signature): &(HeldKey, Signature)| {
                held.key.verify(message, signature).is_ok()
            };
            if by_key.iter().any(fits) {
                Ok(BTreeSet::new())
            } else {
                Err(MetadataError::NotThePublisher { role })
            }
        }
    }
}

/// The rule of distinct states is [`tally`]'s: each state is an authority of its own here.
fn count_states(
    root: &Root,
    role: Role,
    message: &[u8],
    by_key: &[(HeldKey, Signature)],
) -> Result<BTreeSet<MemberState>, MetadataError> {
    let needed = root.threshold(role);
    let all: BTreeSet<MemberState> = root.states(role).map(|(state, _)| state).collect();
    let keys = root.states(role).map(|(state, key)| AuthorityKey {
        key,
        authority: authority(state),
        state,
        from: Time::MIN,
        until: None,
        revoked_at: None,
    });
    let keys: Vec<AuthorityKey> = keys.collect();
    let ids = by_key
        .iter()
        .map(|(held, signature)| (held.key.id(), *signature));
    let signatures: Vec<_> = ids.collect();
    let too_few = |signed: BTreeSet<MemberState>| MetadataError::TooFew {
        role,
        root: root.version(),
        needed,
        missing: all.difference(&signed).copied().collect(),
        signed,
    };
    let Ok(threshold) = Threshold::new(needed, needed) else {
        return Err(too_few(BTreeSet::new()));
    };
    let tally = tally(message, &signatures, &keys, Time::MIN, threshold);
    if tally.is_met() {
        Ok(tally.states)
    } else {
        Err(too_few(tally.states))
    }
}

fn authority(state: MemberState) -> AuthorityId {
    let Ok(id) = state.to_string().to_ascii_lowercase().parse() else {
        unreachable!("two small letters are the name of an authority");
    };
    id
}
