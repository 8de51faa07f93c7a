//! What the four kinds of metadata have in common.

use std::fmt;
use std::num::NonZeroU64;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tough::schema;

use crate::baseline::Time;
use crate::limits::{Limits, Resource};

use super::{MetadataError, Sha256};

/// The one that is written and read. TUF's clients take any 1.x; here one value has one spelling.
pub(super) const SPEC_VERSION: &str = "1.0.0";

/// The four roles of TUF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Says whose keys count; signed by states.
    Root,
    /// Lists the files; signed by states.
    Targets,
    /// Says which targets belong together; signed by the publisher.
    Snapshot,
    /// Says which snapshot is the newest; signed by the publisher, and often.
    Timestamp,
}

impl Role {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Root, Self::Targets, Self::Snapshot, Self::Timestamp];

    /// The word for it in metadata.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Targets => "targets",
            Self::Snapshot => "snapshot",
            Self::Timestamp => "timestamp",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// How large its file may be.
    pub(super) fn bytes(self) -> Resource {
        match self {
            Self::Root => Resource::RootMetadataBytes,
            Self::Targets => Resource::TargetsMetadataBytes,
            Self::Snapshot => Resource::SnapshotMetadataBytes,
            Self::Timestamp => Resource::TimestampMetadataBytes,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// [`Root`](super::Root), [`Targets`](super::Targets), [`Snapshot`](super::Snapshot) and [`Timestamp`](super::Timestamp); nothing else is
/// metadata.
pub trait Metadata: sealed::Sealed {
    /// Which of them.
    const ROLE: Role;

    /// Its version, which grows.
    fn version(&self) -> NonZeroU64;

    /// The first second at which it counts no more.
    fn expires(&self) -> Time;

    /// The bytes that are signed: its canonical JSON.
    ///
    /// # Cost
    /// A copy, written.
    fn signed_bytes(&self) -> Vec<u8>;

    /// The SHA-256 of [`signed_bytes`](Self::signed_bytes).
    fn signed_sha256(&self) -> Sha256 {
        Sha256::of(&self.signed_bytes())
    }

    /// Whether it counts no more. The clock is the caller's: one that is wrong, or that somebody has set, makes old files new.
    fn is_expired(&self, now: Time) -> bool {
        self.expires() <= now
    }

    /// Whether it is older than what was trusted before: then somebody hands out the past.
    fn is_older_than(&self, trusted: NonZeroU64) -> bool {
        self.version() < trusted
    }
}

/// What is alike in all four: the type has the name of its role, and says itself which version it is and when it ends.
macro_rules! metadata {
    ($type:ident) => {
        impl Metadata for $type {
            const ROLE: super::Role = super::Role::$type;

            fn version(&self) -> NonZeroU64 {
                self.version
            }

            fn expires(&self) -> Time {
                self.expires
            }

            fn signed_bytes(&self) -> Vec<u8> {
                super::metadata::canonical(self)
            }
        }
    };
}

pub(super) use metadata;

mod sealed {
    pub trait Sealed {}

    impl Sealed for crate::tuf::Root {}
    impl Sealed for crate::tuf::Targets {}
    impl Sealed for crate::tuf::Snapshot {}
    impl Sealed for crate::tuf::Timestamp {}
}

/// To and from the schema, whose types nobody outside sees.
pub(super) trait Wire: Metadata + Sized {
    type Of: schema::Role + DeserializeOwned;

    fn to_wire(&self) -> Self::Of;

    /// What has a reason of its own, and what is counted before anything is made of it.
    fn check(signed: &Value, limits: &Limits) -> Result<(), MetadataError>;

    fn of_wire(wire: Self::Of) -> Result<Self, MetadataError>;
}

/// The canonical JSON of TUF.
pub(super) fn canonical<T: Wire>(metadata: &T) -> Vec<u8> {
    let Ok(bytes) = schema::Role::canonical_form(&metadata.to_wire()) else {
        unreachable!("strings and whole numbers have canonical JSON");
    };
    bytes
}

/// The value as JSON, in no particular order of members.
pub(super) fn value_of<T: Wire>(metadata: &T) -> Value {
    let Ok(value) = serde_json::to_value(metadata.to_wire()) else {
        unreachable!("maps with names, strings and whole numbers are JSON");
    };
    value
}

/// Reads the signed part. What comes out is written as exactly what was read, or refused: nothing that was signed is passed over.
pub(super) fn of_value<T: Wire>(value: &Value, limits: &Limits) -> Result<T, MetadataError> {
    let role = T::ROLE;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    if text("_type") != Some(role.name()) {
        return Err(MetadataError::Type { expected: role });
    }
    if text("spec_version") != Some(SPEC_VERSION) {
        return Err(MetadataError::SpecVersion);
    }
    let expires = text("expires").and_then(|text| text.parse::<Time>().ok());
    expires.ok_or(MetadataError::Expires)?;
    T::check(value, limits)?;
    let wire = serde_json::from_value(value.clone());
    let read = T::of_wire(wire.map_err(|_| MetadataError::Form { role })?)?;
    if value_of(&read) == *value {
        Ok(read)
    } else {
        Err(MetadataError::Spelling { role })
    }
}

/// The time of `expires`, which [`of_value`] has read before.
pub(super) fn time(seconds: jiff::Timestamp) -> Result<Time, MetadataError> {
    Time::from_unix_seconds(seconds.as_second()).map_err(|_| MetadataError::Expires)
}

pub(super) fn timestamp(time: Time) -> jiff::Timestamp {
    let Ok(timestamp) = jiff::Timestamp::from_second(time.unix_seconds()) else {
        unreachable!("every time is one of jiff's");
    };
    timestamp
}
