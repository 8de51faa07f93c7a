//! What says which targets are the newest: the publisher's two pages.

use std::collections::HashMap;
use std::num::NonZeroU64;

use serde_json::Value;
use tough::schema;

use crate::baseline::Time;
use crate::limits::Limits;

use super::metadata::{SPEC_VERSION, Wire, metadata, time, timestamp};
use super::root_file::sha256;
use super::targets_file::hashes;
use super::{Metadata, MetadataError, Mismatch, Sha256};

/// A file of metadata, by which whoever fetches it knows that it is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetaFile {
    /// The version of what it holds.
    pub version: NonZeroU64,
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
}

impl MetaFile {
    /// The page's words for a file of this version.
    #[must_use]
    pub fn of(version: NonZeroU64, bytes: &[u8]) -> Self {
        Self {
            version,
            length: bytes.len() as u64,
            sha256: Sha256::of(bytes),
        }
    }

    /// Whether these are the bytes. That what they hold has the version is asked behind, by [`MetaFile::check_version`].
    ///
    /// # Errors
    /// [`Mismatch`]: another length or digest.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Mismatch> {
        if self.length != bytes.len() as u64 {
            Err(Mismatch::Length {
                said: self.length,
                found: bytes.len() as u64,
            })
        } else if self.sha256 == Sha256::of(bytes) {
            Ok(())
        } else {
            Err(Mismatch::Sha256)
        }
    }

    /// Whether what was read from the file has the version.
    ///
    /// # Errors
    /// [`Mismatch::Version`].
    pub fn check_version<T: Metadata>(&self, metadata: &T) -> Result<(), Mismatch> {
        let (said, found) = (self.version, metadata.version());
        if said == found {
            Ok(())
        } else {
            Err(Mismatch::Version { said, found })
        }
    }

    fn line(&self, name: &str) -> String {
        let Self {
            version,
            length,
            sha256,
        } = self;
        format!("the newest {name} is version {version}: {length} bytes, sha256 {sha256}")
    }

    fn to_wire(self, name: &str) -> HashMap<String, schema::Metafile> {
        let written = schema::Metafile {
            length: Some(self.length),
            hashes: Some(hashes(self.sha256)),
            version: self.version,
            _extra: HashMap::new(),
        };
        HashMap::from([(name.to_owned(), written)])
    }

    fn of_wire(
        name: &str,
        meta: &HashMap<String, schema::Metafile>,
    ) -> Result<Self, MetadataError> {
        let file = meta.get(name).filter(|_| meta.len() == 1);
        let Some(schema::Metafile {
            length: Some(length),
            hashes: Some(hashes),
            version,
            ..
        }) = file
        else {
            return Err(MetadataError::Page);
        };
        Ok(Self {
            version: *version,
            length: *length,
            sha256: sha256(&hashes.sha256)?,
        })
    }
}

macro_rules! page {
    ($type:ident, $names:ident, $file:literal) => {
        impl $type {
            pub(super) fn lines(&self) -> Vec<String> {
                vec![self.$names.line($file)]
            }
        }

        metadata!($type);

        impl Wire for $type {
            type Of = schema::$type;

            fn to_wire(&self) -> schema::$type {
                let (spec, expires) = (SPEC_VERSION.to_owned(), timestamp(self.expires));
                let mut wire = schema::$type::new(spec, self.version, expires);
                wire.meta = self.$names.to_wire($file);
                wire
            }

            fn check(_: &Value, _: &Limits) -> Result<(), MetadataError> {
                Ok(())
            }

            fn of_wire(wire: schema::$type) -> Result<Self, MetadataError> {
                Ok(Self {
                    version: wire.version,
                    expires: time(wire.expires)?,
                    $names: MetaFile::of_wire($file, &wire.meta)?,
                })
            }
        }
    };
}

/// Which targets belong together: here one file lists all of them, so that it says which version of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// Its version.
    pub version: NonZeroU64,
    /// The first second at which it counts no more.
    pub expires: Time,
    /// The file `targets.json` of a version.
    pub targets: MetaFile,
}

page!(Snapshot, targets, "targets.json");

/// Which snapshot is the newest; short-lived, so that nobody can hand out the past for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    /// Its version.
    pub version: NonZeroU64,
    /// The first second at which it counts no more.
    pub expires: Time,
    /// The file `snapshot.json` of a version.
    pub snapshot: MetaFile,
}

page!(Timestamp, snapshot, "snapshot.json");
