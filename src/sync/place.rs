//! What can be asked of a mirror.

use std::fmt;
use std::num::NonZeroU64;

use crate::tuf::{
    CONSISTENCY_LIST, Role, SUSPENSION_LIST, Sha256, TargetName, metadata_path, target_path,
};

/// Where a file of a repository stands. It is made of versions, digests and names of targets alone, so that nothing that a mirror says becomes
/// a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(String);

impl Place {
    /// A file of metadata.
    #[must_use]
    pub fn metadata(role: Role, version: NonZeroU64) -> Self {
        Self(metadata_path(role, version))
    }

    /// The timestamp, which is asked for without knowing its version.
    #[must_use]
    pub fn timestamp() -> Self {
        Self::metadata(Role::Timestamp, NonZeroU64::MIN)
    }

    /// A target.
    #[must_use]
    pub fn target(name: &TargetName, sha256: &Sha256) -> Self {
        Self(target_path(name, sha256))
    }

    /// What states have suspended since the last snapshot.
    #[must_use]
    pub fn suspensions() -> Self {
        Self(SUSPENSION_LIST.to_owned())
    }

    /// Proofs that logs which have grown hold what they held.
    #[must_use]
    pub fn consistency() -> Self {
        Self(CONSISTENCY_LIST.to_owned())
    }

    /// Whether it is a snapshot, or a delta: the only files that may take long.
    #[must_use]
    pub fn is_target(&self) -> bool {
        self.0.starts_with("targets/")
    }

    /// The path below the mirror's address: letters, digits, `.`, `-`, and one `/` at most.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
