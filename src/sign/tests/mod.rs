//! Tests of this room, a file for each of its files.

use std::fmt::Debug;

use crate::baseline::{Authority, AuthorityId, Designation, MemberState, Policy, Role, Text, Time};

use super::{
    AuthorityKey, Founder, Founding, Genesis, PublicKey, SignError, Signature, Signer, SigningKey,
};

mod checkpoint;
mod compact;
mod consistency;
mod envelope;
mod genesis;
mod hearing;
mod history;
mod keyfile;
mod keys;
mod log;
mod model;
mod said;
mod standing;
mod suspensions;
mod suspensions_bound;
mod suspensions_model;
mod suspensions_refused;
mod threshold;
mod tree;
mod world;

/// A key that everybody knows.
fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn now() -> Time {
    time("2026-11-22T10:00:00Z")
}

fn record(number: u8, authority: &str, state: &str) -> AuthorityKey {
    let authority: AuthorityId = authority.parse().unwrap();
    let state: MemberState = state.parse().unwrap();
    AuthorityKey {
        key: key(number).public_key(),
        authority,
        state,
        from: time("2026-01-01T00:00:00Z"),
        until: None,
        revoked_at: None,
    }
}

fn policy() -> Policy {
    let since = time("2026-01-01T00:00:00Z");
    let states = ["XA", "XB"].map(|state| Designation {
        state: state.parse().unwrap(),
        since,
    });
    Policy::baseline(states.to_vec()).unwrap()
}

fn authority(id: &str, state: &str, roles: &[Role]) -> Authority {
    Authority {
        id: id.parse().unwrap(),
        state: state.parse().unwrap(),
        name: Text::new(id).unwrap(),
        roles: roles.iter().copied().collect(),
    }
}

/// Of a and b, with the keys 1 and 2, of two states, which decide together.
fn genesis() -> Genesis {
    let founder = |number: u8, id, state| Founder {
        authority: authority(id, state, &[Role::IssueOrders]),
        key: key(number).public_key(),
    };
    Genesis::new(Founding {
        name: Text::new("rehearsal").unwrap(),
        at: time("2026-01-01T00:00:00Z"),
        needed_states: 2,
        policy: policy(),
        founders: vec![founder(1, "a", "XA"), founder(2, "b", "XB")],
    })
    .unwrap()
}

/// A signer that gives what another key signed.
struct Liar;

impl Signer for Liar {
    fn public_key(&self) -> PublicKey {
        key(1).public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        key(2).sign(message)
    }
}

/// A signer whose token is not there.
struct Absent;

impl Signer for Absent {
    fn public_key(&self) -> PublicKey {
        key(1).public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, SignError> {
        Err(absent())
    }
}

fn absent() -> SignError {
    SignError {
        key: key(1).public_key().id(),
        reason: "no card: put it into the reader".to_owned(),
    }
}

/// Cut at every length, nothing is read; with any byte changed, nothing, or what is written as those very bytes.
fn hold_damaged<T: Debug, E: Debug>(
    bytes: &[u8],
    read: impl Fn(&[u8]) -> Result<T, E>,
    write: impl Fn(&T) -> Vec<u8>,
) {
    assert_eq!(write(&read(bytes).unwrap()), bytes);
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "cut at {length}");
    }
    for place in 0..bytes.len() {
        for mask in [0x01, 0x20, 0x80] {
            let mut changed = bytes.to_vec();
            changed[place] ^= mask;
            if let Ok(value) = read(&changed) {
                assert_eq!(write(&value), changed, "byte {place}, mask {mask:#x}");
            }
        }
    }
}
