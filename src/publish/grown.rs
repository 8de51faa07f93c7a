//! That logs hold what they held when a snapshot was published, by a register.

use crate::register::{Register, RegisterError};
use crate::sign::tree::TreeHash;
use crate::sign::{ConsistencyList, KeyId, consistency};
use crate::snapshot::{Log, Snapshot};

use super::Release;

/// There is no list of consistency proofs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GrownError {
    /// The register cannot be read.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A log that goes on tells another story than it was published with, or is not here as far as the release takes it.
    #[error(
        "no story of log {0} that is here holds both what was published of it and what the release takes: platforms would refuse the release; do not publish it, and ask its authority"
    )]
    OtherStory(KeyId),
    /// The register gave a proof that proves nothing.
    #[error(transparent)]
    Proof(#[from] consistency::Why),
}

/// The proofs that the logs of a published snapshot which are longer in a release hold there what they held. To be
/// [added](super::Repository::write_consistency) to the list that is handed out, before the release is published: platforms that have the snapshot do not
/// install the release without.
///
/// A log that states have closed, with another story than it was published with, gets none: platforms tell that it was cut.
///
/// Platforms verify the proofs by the roots that both snapshots name; so it does not matter who makes them.
///
/// # Errors
/// [`GrownError`]
///
/// # Cost
/// For each log that has grown some hundred hashes, and a verification of the last statement of each of its stories.
pub fn consistency_since(
    newest: &Snapshot,
    register: &Register,
    release: &Release,
) -> Result<ConsistencyList, GrownError> {
    let mut list = ConsistencyList::default();
    for log in newest.logs() {
        let is_it = |one: &&crate::register::CutLog| {
            (&one.authority, one.log.to_bytes(), one.begins)
                == (&log.authority, log.name, log.begins)
        };
        let Some(next) = release.counting.logs.iter().find(is_it) else {
            continue;
        };
        let (from, size) = (head(log), next.kept.until.saturating_sub(next.begins));
        if from.0 == 0 || size <= from.0 {
            continue;
        }
        let to = (size, next.kept.root);
        match register.consistency(next.log, from, to)? {
            Some(proof) => list.insert(next.log, from, to, proof)?,
            None if next.key.is_none() => {}
            None => return Err(GrownError::OtherStory(next.log)),
        }
    }
    Ok(list)
}

fn head(log: &Log) -> (u64, TreeHash) {
    (log.size, TreeHash::from_bytes(log.root))
}
