//! Metadata of any role.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use serde_json::Value;

use crate::baseline::Time;
use crate::limits::Limits;

use super::metadata::{of_value, value_of};
use super::{Metadata, MetadataError, Role, Root, Snapshot, Targets, Timestamp};

/// Metadata of one of the four roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Whose keys count.
    Root(Root),
    /// The files.
    Targets(Targets),
    /// Which targets belong together.
    Snapshot(Snapshot),
    /// Which snapshot is the newest.
    Timestamp(Timestamp),
}

/// The same for each role.
macro_rules! each {
    ($content:expr, $one:ident => $what:expr) => {
        match $content {
            Content::Root($one) => $what,
            Content::Targets($one) => $what,
            Content::Snapshot($one) => $what,
            Content::Timestamp($one) => $what,
        }
    };
}

pub(super) use each;

impl Content {
    /// The role.
    #[must_use]
    pub fn role(&self) -> Role {
        each!(self, one => role_of(one))
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> NonZeroU64 {
        each!(self, one => one.version())
    }

    /// The first second at which it counts no more.
    #[must_use]
    pub fn expires(&self) -> Time {
        each!(self, one => one.expires())
    }

    /// The bytes that are signed: its canonical JSON.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        each!(self, one => one.signed_bytes())
    }

    /// What it says, a sentence a line.
    ///
    /// # Cost
    /// A line for each key or file.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("{} of version {}", self.role(), self.version()),
            format!("counts until {}", self.expires()),
        ];
        lines.extend(each!(self, one => one.lines()));
        lines
    }

    /// What it says otherwise than `before`, a sentence a line: what holds no longer, then what is new.
    #[must_use]
    pub fn changes(&self, before: &Self) -> Vec<String> {
        let (old, new) = (before.lines(), self.lines());
        let known: BTreeSet<&String> = old.iter().collect();
        let kept: BTreeSet<&String> = new.iter().collect();
        let gone = old.iter().filter(|line| !kept.contains(line));
        let gone = gone.map(|line| format!("no longer: {line}"));
        let added = new.iter().filter(|line| !known.contains(line));
        gone.chain(added.map(|line| format!("new: {line}")))
            .collect()
    }

    pub(super) fn to_value(&self) -> Value {
        each!(self, one => value_of(one))
    }

    pub(super) fn of_value(
        role: Role,
        value: &Value,
        limits: &Limits,
    ) -> Result<Self, MetadataError> {
        Ok(match role {
            Role::Root => Self::Root(of_value(value, limits)?),
            Role::Targets => Self::Targets(of_value(value, limits)?),
            Role::Snapshot => Self::Snapshot(of_value(value, limits)?),
            Role::Timestamp => Self::Timestamp(of_value(value, limits)?),
        })
    }
}

fn role_of<T: Metadata>(_: &T) -> Role {
    T::ROLE
}

impl From<Root> for Content {
    fn from(root: Root) -> Self {
        Self::Root(root)
    }
}

impl From<Targets> for Content {
    fn from(targets: Targets) -> Self {
        Self::Targets(targets)
    }
}

impl From<Snapshot> for Content {
    fn from(snapshot: Snapshot) -> Self {
        Self::Snapshot(snapshot)
    }
}

impl From<Timestamp> for Content {
    fn from(timestamp: Timestamp) -> Self {
        Self::Timestamp(timestamp)
    }
}
