//! Roots, and whose signatures count, by hand: nothing here asks the code that is tested who has signed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ijkpunt::sign::PublicKey;
use ijkpunt::tuf::{Role, Sha256, metadata_path};
use serde_json::{Map, Value};

use super::super::world::version;
use super::{Check, Naive, Step, canonical, json, number, text};

/// No root is longer.
const ROOT_BYTES: usize = 512 * 1024;

const STATE: &str = "x-ijkpunt-state";

impl Naive {
    /// Root after root, for as long as there is a next one that counts.
    pub(super) fn walk_roots(&mut self, mirror: &Path) -> Step {
        loop {
            let next = version(number(&self.root()["version"])? + 1);
            let Ok(bytes) = fs::read(mirror.join(metadata_path(Role::Root, next))) else {
                return Ok(());
            };
            self.require(Check::Length, bytes.len() <= ROOT_BYTES)?;
            self.take_root(&json(&bytes)?)?;
        }
    }

    fn take_root(&mut self, file: &Value) -> Step {
        let (old, new) = (self.root().clone(), &file["signed"]);
        let follows = number(&new["version"])? == number(&old["version"])? + 1;
        self.require(Check::RootVersion, follows)?;
        self.check_keys(&old, new)?;
        for (root, check) in [(&old, Check::OldRootSigned), (new, Check::NewRootSigned)] {
            let is_signed =
                self.voters(root, Role::Root, file)? >= self.needed(root, Role::Root)?;
            self.require(check, is_signed)?;
        }
        let kept = self.kept();
        let is_gone = |role: Role| {
            let (old, new) = (publics(&old, role), publics(new, role));
            !old.is_subset(&new)
        };
        let is_gone = is_gone(Role::Timestamp) || is_gone(Role::Snapshot);
        kept.roots.push(new.clone());
        if (is_gone && !self.lacks(Check::Recovery)) || self.lacks(Check::RecoveryOnly) {
            let kept = self.kept();
            kept.versions.remove(&Role::Timestamp);
            kept.versions.remove(&Role::Snapshot);
        }
        Ok(())
    }

    fn check_keys(&self, old: &Value, new: &Value) -> Step {
        let mut seen = BTreeSet::new();
        for (id, key) in members(&new["keys"])? {
            let digest = Sha256::of(&canonical(key)).to_string();
            self.require(Check::KeyIds, digest == *id)?;
            self.require(Check::OneHolder, seen.insert(public(key)))?;
            let mut before = members(&old["keys"])?.values();
            let moved = before.any(|old| public(old) == public(key) && old[STATE] != key[STATE]);
            self.require(Check::MovedKeys, !moved)?;
        }
        for role in [Role::Root, Role::Targets] {
            self.require(Check::LeastStates, self.needed(new, role)? >= 2)?;
            let mut states = BTreeSet::new();
            for id in ids(new, role) {
                let state = text(&new["keys"][&id][STATE])?;
                self.require(Check::DistinctStates, states.insert(state))?;
            }
        }
        Ok(())
    }

    fn needed(&self, root: &Value, role: Role) -> Step<u64> {
        number(&root["roles"][role.name()]["threshold"])
    }

    pub(super) fn enough(&self, role: Role, file: &Value) -> Step {
        let mut needed = self.needed(self.root(), role)?;
        if self.lacks(Check::Threshold) {
            needed = 1;
        }
        let is_enough = self.voters(self.root(), role, file)? >= needed;
        self.require(Check::Threshold, is_enough)
    }

    /// How many have signed a file.
    fn voters(&self, root: &Value, role: Role, file: &Value) -> Step<u64> {
        let message = canonical(&file["signed"]);
        let (mut ids, mut voters) = (BTreeSet::new(), BTreeSet::new());
        let signatures = file["signatures"].as_array().ok_or(Check::Form)?;
        for (place, one) in signatures.iter().enumerate() {
            let id = text(&one["keyid"])?;
            self.require(Check::DuplicateSignatures, ids.insert(id.clone()))?;
            let Some(key) = self.key(root, role, &id) else {
                continue;
            };
            let signature = text(&one["sig"])?.parse().map_err(|_| Check::Form)?;
            let public: PublicKey = public(&key).parse().map_err(|_| Check::Form)?;
            if public.verify(&message, &signature).is_err() && !self.lacks(Check::Signature) {
                continue;
            }
            let state = key[STATE].as_str().unwrap_or(&id).to_owned();
            voters.insert(match () {
                () if self.lacks(Check::DuplicateSignatures) => place.to_string(),
                () if self.lacks(Check::DistinctStates) => id,
                () => state,
            });
        }
        Ok(voters.len() as u64)
    }

    fn key(&self, root: &Value, role: Role, id: &str) -> Option<Value> {
        let revoked = self.kept.iter().flat_map(|kept| &kept.roots);
        let revoked = revoked.filter(|_| self.lacks(Check::RevokedKeys));
        let mut roots = [root].into_iter().chain(revoked);
        let root = roots.find(|root| {
            let is_of_role = ids(root, role).iter().any(|one| one == id);
            is_of_role || self.lacks(Check::RoleOfKey)
        })?;
        root["keys"].get(id).cloned()
    }
}

fn members(value: &Value) -> Step<&Map<String, Value>> {
    value.as_object().ok_or(Check::Form)
}

fn public(key: &Value) -> &str {
    key["keyval"]["public"].as_str().unwrap_or_default()
}

fn ids(root: &Value, role: Role) -> Vec<String> {
    let ids = root["roles"][role.name()]["keyids"].as_array();
    let ids = ids.into_iter().flatten().filter_map(Value::as_str);
    ids.map(str::to_owned).collect()
}

fn publics(root: &Value, role: Role) -> BTreeSet<String> {
    let ids = ids(root, role).into_iter();
    ids.map(|id| public(&root["keys"][&id]).to_owned())
        .collect()
}
