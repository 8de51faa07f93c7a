//! Targets as `targets.json` has them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tough::schema;

use crate::limits::{Limits, Resource};

use super::metadata::{SPEC_VERSION, Wire, time, timestamp};
use super::root_file::{hex, sha256};
use super::{Leap, Metadata, MetadataError, Role, Sha256, TargetFile, TargetName, Targets};

/// The version of `custom`.
const VERSION: u64 = 1;

/// What `custom` says of a file, in the words of others: its numbers are those of the name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Custom {
    Full {
        v: u64,
        to: u64,
    },
    Delta {
        v: u64,
        from: u64,
        to: u64,
        from_sha256: Sha256,
        sha256: Sha256,
        length: u64,
    },
}

impl Wire for Targets {
    type Of = schema::Targets;

    fn to_wire(&self) -> schema::Targets {
        let mut wire = schema::Targets::new(
            SPEC_VERSION.to_owned(),
            self.version(),
            timestamp(self.expires()),
        );
        // Nothing is delegated; an empty delegation would be written otherwise.
        wire.delegations = None;
        for (name, file) in self.files() {
            let Ok(written) = tough::TargetName::new(name.to_string()) else {
                unreachable!("letters, digits, a hyphen and a dot are a name");
            };
            wire.targets.insert(written, wire_file(*name, file));
        }
        wire
    }

    fn check(signed: &Value, limits: &Limits) -> Result<(), MetadataError> {
        if signed.get("delegations").is_some() {
            return Err(MetadataError::Delegations);
        }
        let files = signed.get("targets").and_then(Value::as_object);
        let files = files.ok_or(MetadataError::Form {
            role: Role::Targets,
        })?;
        limits.check(Resource::Targets, files.len() as u64)?;
        for name in files.keys() {
            name.parse::<TargetName>()?;
        }
        Ok(())
    }

    fn of_wire(wire: schema::Targets) -> Result<Self, MetadataError> {
        let mut files = BTreeMap::new();
        for (name, file) in &wire.targets {
            let name = name.raw().parse()?;
            files.insert(name, read_file(name, file)?);
        }
        Ok(Self::new(wire.version, time(wire.expires)?, files)?)
    }
}

fn wire_file(name: TargetName, file: &TargetFile) -> schema::Target {
    let (v, to) = (VERSION, name.to());
    let custom = match (name.from(), file.leap) {
        (Some(from), Some(leap)) => Custom::Delta {
            v,
            from,
            to,
            from_sha256: leap.from_sha256,
            sha256: leap.sha256,
            length: leap.length,
        },
        _ => Custom::Full { v, to },
    };
    let Ok(Value::Object(custom)) = serde_json::to_value(custom) else {
        unreachable!("names, numbers and digests are an object");
    };
    schema::Target {
        length: file.length,
        hashes: hashes(file.sha256),
        custom: custom.into_iter().collect(),
        _extra: HashMap::new(),
    }
}

fn read_file(name: TargetName, file: &schema::Target) -> Result<TargetFile, MetadataError> {
    let refused = MetadataError::Custom(name);
    let custom = Value::Object(file.custom.clone().into_iter().collect());
    let (said, leap) = match serde_json::from_value(custom) {
        Ok(Custom::Full { v, to }) => ((v, None, to), None),
        Ok(Custom::Delta {
            v,
            from,
            to,
            from_sha256,
            sha256,
            length,
        }) => {
            let leap = Leap {
                from_sha256,
                sha256,
                length,
            };
            ((v, Some(from), to), Some(leap))
        }
        Err(_) => return Err(refused),
    };
    if said != (VERSION, name.from(), name.to()) {
        return Err(refused);
    }
    Ok(TargetFile {
        length: file.length,
        sha256: sha256(&file.hashes.sha256)?,
        leap,
    })
}

pub(super) fn hashes(sha256: Sha256) -> schema::Hashes {
    schema::Hashes {
        sha256: hex(sha256),
        _extra: HashMap::new(),
    }
}
