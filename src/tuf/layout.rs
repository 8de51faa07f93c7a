//! Where the files of a repository stand: names below its address, or in its folder.

use std::num::NonZeroU64;

use super::{Role, Sha256, TargetName};

/// The list of what states have suspended, beside the metadata: it has no place in them, since it is signed otherwise and grows in between.
pub const SUSPENSION_LIST: &str = "suspensions.list";

/// The list of proofs that logs which have grown hold what they held, beside the metadata: whoever has the roots verifies it, so that nobody signs it.
pub const CONSISTENCY_LIST: &str = "consistency.list";

/// Where a file of metadata stands: `metadata/7.targets.json`; the timestamp alone, which a client asks for without knowing its version, has none
/// in its name.
#[must_use]
pub fn metadata_path(role: Role, version: NonZeroU64) -> String {
    match role {
        Role::Timestamp => "metadata/timestamp.json".to_owned(),
        Role::Root | Role::Targets | Role::Snapshot => format!("metadata/{version}.{role}.json"),
    }
}

/// Where a target stands: its digest is part of the name, so that the files of two publications never replace each other.
///
/// ```
/// use ijkpunt::tuf::{Sha256, TargetName, target_path};
///
/// let path = target_path(&TargetName::full(42)?, &Sha256::of(b""));
/// assert!(path.starts_with("targets/e3b0c44298fc1c14"));
/// assert!(path.ends_with(".full-0000000042.ijk"));
/// # Ok::<(), ijkpunt::tuf::TargetNameError>(())
/// ```
#[must_use]
pub fn target_path(name: &TargetName, sha256: &Sha256) -> String {
    format!("targets/{sha256}.{name}")
}
