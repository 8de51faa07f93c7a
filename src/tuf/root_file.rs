//! A root as `root.json` has it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroU64;

use serde_json::Value;
use tough::schema;
use tough::schema::RoleType;
use tough::schema::decoded::{Decoded, Hex};

use crate::limits::{Limits, Resource};

use super::keys::HeldKey;
use super::metadata::{SPEC_VERSION, Wire, time, timestamp};
use super::{Metadata, MetadataError, Role, Root, RootTerms, Sha256, StateTerms};

impl Wire for Root {
    type Of = schema::Root;

    fn to_wire(&self) -> schema::Root {
        let keys = self
            .keys
            .iter()
            .map(|(id, held)| (hex(*id), held.to_wire()));
        let roles = self.roles.iter().map(|(role, keys)| {
            let written = schema::RoleKeys {
                keyids: keys.ids.iter().copied().map(hex).collect(),
                threshold: count(keys.threshold),
                _extra: HashMap::new(),
            };
            (role_type(*role), written)
        });
        schema::Root {
            spec_version: SPEC_VERSION.to_owned(),
            consistent_snapshot: true,
            version: self.version(),
            expires: timestamp(self.expires()),
            keys: keys.collect(),
            roles: roles.collect(),
            _extra: HashMap::new(),
        }
    }

    fn check(signed: &Value, limits: &Limits) -> Result<(), MetadataError> {
        if signed.get("consistent_snapshot") != Some(&Value::Bool(true)) {
            return Err(MetadataError::ConsistentSnapshot);
        }
        let form = MetadataError::Form { role: Role::Root };
        let members = |name: &str| signed.get(name).and_then(Value::as_object);
        let (Some(keys), Some(roles)) = (members("keys"), members("roles")) else {
            return Err(form);
        };
        limits.check(Resource::MetadataKeys, keys.len() as u64)?;
        let mut seen = BTreeSet::new();
        for (id, key) in keys {
            if !seen.insert(HeldKey::read(id, key)?.key) {
                return Err(MetadataError::KeyOfTwoIds);
            }
        }
        let mut named: BTreeSet<Role> = BTreeSet::new();
        for name in roles.keys() {
            named.insert(Role::of_name(name).ok_or(MetadataError::UnknownRole)?);
        }
        if named.len() == Role::ALL.len() {
            Ok(())
        } else {
            Err(MetadataError::MissingRole)
        }
    }

    fn of_wire(wire: schema::Root) -> Result<Self, MetadataError> {
        let mut held = BTreeMap::new();
        for (id, key) in &wire.keys {
            let form = |_| MetadataError::Form { role: Role::Root };
            let written = serde_json::to_value(key).map_err(form)?;
            let id = sha256(id)?;
            held.insert(id, HeldKey::read(&id.to_string(), &written)?);
        }
        let mut used = BTreeSet::new();
        let mut of = |role: Role| {
            let keys = wire.roles.get(&role_type(role));
            let keys = keys.ok_or(MetadataError::MissingRole)?;
            let mut all = Vec::new();
            for id in &keys.keyids {
                let id = sha256(id)?;
                used.insert(id);
                all.push(*held.get(&id).ok_or(MetadataError::NoSuchKey { role, id })?);
            }
            Ok::<_, MetadataError>((keys.threshold, all))
        };
        let root = states(Role::Root, of(Role::Root)?)?;
        let targets = states(Role::Targets, of(Role::Targets)?)?;
        let snapshot = publisher(Role::Snapshot, of(Role::Snapshot)?)?;
        let timestamp = publisher(Role::Timestamp, of(Role::Timestamp)?)?;
        if let Some(id) = held.keys().find(|id| !used.contains(id)) {
            return Err(MetadataError::UnusedKey(*id));
        }
        Ok(Self::new(RootTerms {
            version: wire.version,
            expires: time(wire.expires)?,
            root,
            targets,
            snapshot,
            timestamp,
        })?)
    }
}

fn states(
    role: Role,
    (threshold, held): (NonZeroU64, Vec<HeldKey>),
) -> Result<StateTerms, MetadataError> {
    let mut keys = Vec::new();
    for one in held {
        let state = one
            .state
            .ok_or_else(|| MetadataError::NoState { role, id: one.id() })?;
        keys.push((state, one.key));
    }
    Ok(StateTerms {
        // More than there are states is refused, however many.
        threshold: usize::try_from(threshold.get()).unwrap_or(usize::MAX),
        keys,
    })
}

fn publisher(
    role: Role,
    (threshold, held): (NonZeroU64, Vec<HeldKey>),
) -> Result<Vec<crate::sign::PublicKey>, MetadataError> {
    if threshold != NonZeroU64::MIN {
        return Err(MetadataError::PublisherThreshold { role, threshold });
    }
    if let Some(one) = held.iter().find(|one| one.state.is_some()) {
        return Err(MetadataError::StateAsPublisher { role, id: one.id() });
    }
    Ok(held.into_iter().map(|one| one.key).collect())
}

fn role_type(role: Role) -> RoleType {
    match role {
        Role::Root => RoleType::Root,
        Role::Targets => RoleType::Targets,
        Role::Snapshot => RoleType::Snapshot,
        Role::Timestamp => RoleType::Timestamp,
    }
}

pub(super) fn hex(digest: Sha256) -> Decoded<Hex> {
    digest.to_bytes().to_vec().into()
}

pub(super) fn sha256(hex: &Decoded<Hex>) -> Result<Sha256, MetadataError> {
    let bytes = <[u8; 32]>::try_from(&**hex).map_err(|_| MetadataError::Digest)?;
    Ok(Sha256::from_bytes(bytes))
}

/// Thresholds are from 1 to the number of states.
fn count(threshold: usize) -> NonZeroU64 {
    let count = u64::try_from(threshold).ok().and_then(NonZeroU64::new);
    count.unwrap_or(NonZeroU64::MAX)
}
