//! Keys as they stand in `root.json`, and their ids.

use std::collections::HashMap;

use serde_json::Value;
use tough::schema::key::{Ed25519Key, Ed25519Scheme, Key};

use crate::baseline::MemberState;
use crate::sign::PublicKey;

use super::{MetadataError, Sha256};

/// The member of a key that says whose it is. The id covers it, so a state cannot be written over.
pub(super) const STATE: &str = "x-ijkpunt-state";

/// A key and the state that signs by it; none for the publisher's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HeldKey {
    pub(super) key: PublicKey,
    pub(super) state: Option<MemberState>,
}

impl HeldKey {
    pub(super) fn to_wire(self) -> Key {
        let state = self.state.map(|state| Value::from(state.to_string()));
        Key::Ed25519 {
            keyval: Ed25519Key {
                public: self.key.to_bytes().to_vec().into(),
                _extra: HashMap::new(),
            },
            scheme: Ed25519Scheme::Ed25519,
            _extra: state
                .map(|state| (STATE.to_owned(), state))
                .into_iter()
                .collect(),
        }
    }

    /// Its name in metadata: the SHA-256 of its canonical JSON.
    pub(super) fn id(self) -> Sha256 {
        let id = self.to_wire().key_id().ok();
        let Some(id) = id.and_then(|id| <[u8; 32]>::try_from(&*id).ok()) else {
            unreachable!("a key has canonical JSON, and a SHA-256 has 32 bytes");
        };
        Sha256::from_bytes(id)
    }

    /// The key of a member of `keys`, under its id.
    pub(super) fn read(id: &str, written: &Value) -> Result<Self, MetadataError> {
        let id: Sha256 = id.parse().map_err(|_| MetadataError::KeyId)?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        for member in ["keytype", "scheme"] {
            if text(written.get(member)).as_deref() != Some("ed25519") {
                return Err(MetadataError::KeyType(id));
            }
        }
        let public = written.get("keyval").and_then(|value| value.get("public"));
        let key = text(public).ok_or(MetadataError::KeyType(id))?;
        let key = key.parse().map_err(|why| MetadataError::Key { id, why })?;
        let state = match written.get(STATE) {
            None => None,
            Some(state) => {
                let state = state.as_str().and_then(|state| state.parse().ok());
                Some(state.ok_or(MetadataError::KeyState(id))?)
            }
        };
        let held = Self { key, state };
        // Further members would make another id of the same key.
        let is_all = serde_json::to_value(held.to_wire()).is_ok_and(|all| all == *written);
        if is_all && held.id() == id {
            Ok(held)
        } else {
            Err(MetadataError::KeyIdOfAnother(id))
        }
    }
}
