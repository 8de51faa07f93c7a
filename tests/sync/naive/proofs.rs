//! That a log which has grown holds what it held, by the definition of RFC 6962, 2.1.2.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ijkpunt::sign::KeyId;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::snapshot::Log;
use ijkpunt::tuf::CONSISTENCY_LIST;
use serde_json::Value;

use super::{Step, json, number, text};

type Head = (u64, TreeHash);

/// Whether lines of a mirror's list lead from a log as it was to the log as it is.
pub(super) fn is_shown(mirror: &Path, before: &Log, log: &Log) -> bool {
    let file = fs::read_to_string(mirror.join(CONSISTENCY_LIST)).unwrap_or_default();
    let steps = file.lines().filter_map(|line| step(line, log).ok()?);
    let steps: Vec<(Head, Head)> = steps.collect();
    let head = |log: &Log| (log.size, TreeHash::from_bytes(log.root));
    let mut reached = BTreeSet::from([head(before)]);
    // As often as it may help, since the lines may stand in any order.
    for _ in &steps {
        for (from, to) in &steps {
            if reached.contains(from) {
                reached.insert(*to);
            }
        }
    }
    before.size == 0 || reached.contains(&head(log))
}

/// The step of a line, if it is one of this log and its proof is right.
fn step(line: &str, log: &Log) -> Step<Option<(Head, Head)>> {
    let line = json(line.as_bytes())?;
    let head = |size: &str, root: &str| Ok((number(&line[size])?, hash(&line[root])?));
    let from: Head = head("from_size", "from_root")?;
    let to: Head = head("to_size", "to_root")?;
    let hashes = line["proof"].as_array().into_iter().flatten();
    let hashes: Step<Vec<TreeHash>> = hashes.map(hash).collect();
    let mut hashes = hashes?.into_iter();
    let is_its = line["log"] == KeyId::from_bytes(log.name).to_string();
    let is_growth = 0 < from.0 && from.0 < to.0;
    let roots = is_growth.then(|| rebuilt(from.0, to.0, Some(from.1), &mut hashes));
    let is_right = roots.flatten() == Some((from.1, to.1)) && hashes.next().is_none();
    Ok((is_its && is_right).then_some((from, to)))
}

fn hash(value: &Value) -> Step<TreeHash> {
    text(value)?.parse().map_err(|_| super::Check::Form)
}

/// The roots of the first leaves and of all, of a tree of which the first one may be known.
fn rebuilt(
    first: u64,
    all: u64,
    known: Option<TreeHash>,
    proof: &mut impl Iterator<Item = TreeHash>,
) -> Option<(TreeHash, TreeHash)> {
    if first == all {
        let root = known.or_else(|| proof.next())?;
        return Some((root, root));
    }
    let cut = all.next_power_of_two() / 2;
    if first <= cut {
        let (old, left) = rebuilt(first, cut, known, proof)?;
        Some((old, TreeHash::node(left, proof.next()?)))
    } else {
        let (old, right) = rebuilt(first - cut, all - cut, None, proof)?;
        let left = proof.next()?;
        Some((TreeHash::node(left, old), TreeHash::node(left, right)))
    }
}
