//! Tests of this room, a file for each of its sides.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use serde_json::{Value, json};

use crate::baseline::{MemberState, Time};
use crate::limits::Limits;
use crate::sign::{PublicKey, Signer, SigningKey};

use super::keys::HeldKey;
use super::*;

mod bytes;
mod judge;
mod names;
mod roots;
mod routes;
mod signing;
mod verifying;

/// A key that everybody knows.
fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn public(number: u8) -> PublicKey {
    key(number).public_key()
}

fn state(letters: &str) -> MemberState {
    letters.parse().unwrap()
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn expires() -> Time {
    time("2027-11-22T10:00:00Z")
}

fn version(number: u64) -> NonZeroU64 {
    NonZeroU64::new(number).unwrap()
}

fn limits() -> Limits {
    Limits::default()
}

/// So many of XA with key 1, XB with key 2, and so on.
fn states(threshold: usize, number: u8) -> StateTerms {
    let keys = (1..=number).map(|one| (nth(one), public(one)));
    StateTerms {
        threshold,
        keys: keys.collect(),
    }
}

fn nth(number: u8) -> MemberState {
    MemberState::try_from([b'X', b'A' + number - 1]).unwrap()
}

/// Two of three states; the publisher has key 100.
fn terms() -> RootTerms {
    RootTerms {
        version: version(1),
        expires: expires(),
        root: states(2, 3),
        targets: states(2, 3),
        snapshot: vec![public(100)],
        timestamp: vec![public(100)],
    }
}

fn first() -> Trusted<Root> {
    trusted_root(terms())
}

fn trusted_root(terms: RootTerms) -> Trusted<Root> {
    let root = Root::new(terms).unwrap();
    let bytes = signed(root, &[1, 2], None).unwrap();
    verify_root(&bytes, &limits()).unwrap()
}

/// Asked for, signed by these keys, and put together.
fn signed(
    content: impl Into<Content>,
    keys: &[u8],
    trusted: Option<&Trusted<Root>>,
) -> Result<Vec<u8>, SigningError> {
    let request = Request::new(content);
    let files: Result<Vec<_>, _> = keys
        .iter()
        .map(|number| request.sign(&key(*number), trusted))
        .collect();
    assemble(&request, &files?, trusted)
}

fn sha(text: &str) -> Sha256 {
    Sha256::of(text.as_bytes())
}

fn full(number: u64, length: u64) -> (TargetName, TargetFile) {
    let file = TargetFile {
        length,
        sha256: sha(&format!("full {number}")),
        leap: None,
    };
    (TargetName::full(number).unwrap(), file)
}

/// A delta between snapshots of the digests that [`full`] gives, to one of 1000 bytes.
fn delta(from: u64, to: u64, length: u64) -> (TargetName, TargetFile) {
    let leap = Leap {
        from_sha256: sha(&format!("full {from}")),
        sha256: sha(&format!("full {to}")),
        length: 1000,
    };
    let file = TargetFile {
        length,
        sha256: sha(&format!("delta {from} {to}")),
        leap: Some(leap),
    };
    (TargetName::delta(from, to).unwrap(), file)
}

fn targets_of(files: impl IntoIterator<Item = (TargetName, TargetFile)>) -> Targets {
    Targets::new(version(7), expires(), files.into_iter().collect()).unwrap()
}

fn targets() -> Targets {
    targets_of([full(41, 1000), full(42, 1000), delta(41, 42, 100)])
}

fn snapshot(of: &[u8]) -> Snapshot {
    Snapshot {
        version: version(8),
        expires: expires(),
        targets: MetaFile::of(version(7), of),
    }
}

fn timestamp(of: &[u8]) -> Timestamp {
    Timestamp {
        version: version(9),
        expires: expires(),
        snapshot: MetaFile::of(version(8), of),
    }
}

/// Root, targets, snapshot and timestamp, as files.
fn repository() -> [Vec<u8>; 4] {
    let root = first();
    let targets = signed(targets(), &[1, 3], Some(&root)).unwrap();
    let snapshot = signed(snapshot(&targets), &[100], Some(&root)).unwrap();
    let timestamp = signed(timestamp(&snapshot), &[100], Some(&root)).unwrap();
    [root.file().to_vec(), targets, snapshot, timestamp]
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// Keys under the ids that they have with these states; none for the publisher.
type By<'a> = [(u8, Option<&'a str>)];

/// A file of whatever this is, signed as it stands: what an attacker with keys can make.
fn forged(part: &Value, by: &By) -> Vec<u8> {
    let message = json::written(part.clone());
    let signatures: Vec<Value> = by
        .iter()
        .map(|(number, letters)| {
            let held = HeldKey {
                key: public(*number),
                state: letters.map(state),
            };
            let sig = key(*number).sign(&message).unwrap();
            json!({"keyid": held.id().to_string(), "sig": sig.to_string()})
        })
        .collect();
    json::written(json!({"signed": part, "signatures": signatures}))
}

const TWO: &By<'static> = &[(1, Some("XA")), (2, Some("XB"))];
const PUBLISHER: &By<'static> = &[(100, None)];

/// The root of [`first`], changed, signed again and read.
fn changed_root(change: impl FnOnce(&mut Value)) -> Result<Trusted<Root>, MetadataError> {
    let mut part = value(first().file())["signed"].take();
    change(&mut part);
    verify_root(&forged(&part, TWO), &limits())
}

fn changed_targets(change: impl FnOnce(&mut Value)) -> Result<Trusted<Targets>, MetadataError> {
    let mut part = value(&repository()[1])["signed"].take();
    change(&mut part);
    verify_targets(&first(), &forged(&part, TWO), &limits())
}

fn id(number: u8, letters: Option<&str>) -> String {
    let held = HeldKey {
        key: public(number),
        state: letters.map(state),
    };
    held.id().to_string()
}

/// A file map, for those who put one together by hand.
fn files(
    all: impl IntoIterator<Item = (TargetName, TargetFile)>,
) -> BTreeMap<TargetName, TargetFile> {
    all.into_iter().collect()
}
