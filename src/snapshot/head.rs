//! The head of a snapshot: what it is, and where its sections lie.

use std::fmt;
use std::ops::Range;

use super::table::digests;
use super::{Id, VERSION};
use crate::baseline::{PolicyId, Time};

/// The first bytes.
pub(super) const MAGIC: [u8; 8] = *b"ijksnap\0";

/// Bytes before the table of sections, and of each section in it.
pub(super) const BEGIN: usize = 128;
pub(super) const EACH: usize = 64;

/// Sections begin at multiples of this.
pub(super) const ALIGNED: usize = 64;

/// How codes are made: part of the head, so that nobody compares what cannot be compared.
pub(super) const PROFILES: [&str; 2] = [crate::hash::PROFILE, "windows/1"];

/// Stands where a time does not come.
pub(super) const NEVER: [u8; 8] = i64::MAX.to_le_bytes();

/// A section of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The logs of the authorities that it was made of.
    Logs,
    /// The policy, the authorities, and the dictionary of verdicts.
    Baseline,
    /// All texts.
    Strings,
    /// The index of the hashes of whole pictures.
    Wholes,
    /// The index of the hashes of windows.
    Windows,
    /// The index of the hashes of frames of videos.
    Frames,
    /// What belongs to each hash.
    Rows,
    /// The digests of files, sorted.
    Digests,
    /// Where the record of each entry lies.
    Offsets,
    /// The entries.
    Records,
}

impl Kind {
    /// All of them, in the order of a file.
    pub const ALL: [Self; 10] = [
        Self::Logs,
        Self::Baseline,
        Self::Strings,
        Self::Wholes,
        Self::Windows,
        Self::Frames,
        Self::Rows,
        Self::Digests,
        Self::Offsets,
        Self::Records,
    ];

    /// How many there are.
    const COUNT: u32 = Self::Records as u32 + 1;

    /// The name, as FORMAT.md has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Logs => "logs",
            Self::Baseline => "baseline",
            Self::Strings => "strings",
            Self::Wholes => "wholes",
            Self::Windows => "windows",
            Self::Frames => "frames",
            Self::Rows => "rows",
            Self::Digests => "digests",
            Self::Offsets => "offsets",
            Self::Records => "records",
        }
    }

    /// The number in the table.
    pub(super) fn number(self) -> u32 {
        self as u32 + 1
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the head says of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    pub(super) sequence: u64,
    pub(super) created_at: Time,
    pub(super) valid_until: Option<Time>,
    pub(super) policy: Option<PolicyId>,
}

/// A head that was read.
pub(super) struct Head {
    pub(super) about: About,
    pub(super) id: Id,
    /// In the order of [`Kind::ALL`].
    pub(super) sections: [Range<usize>; Kind::ALL.len()],
}

impl Head {
    pub(super) fn section(&self, kind: Kind) -> Range<usize> {
        self.sections[kind as usize].clone()
    }
}

/// A snapshot of these sections, in the order of [`Kind::ALL`].
pub(super) fn written(about: &About, sections: &[&[u8]; Kind::ALL.len()]) -> Vec<u8> {
    let table = BEGIN + EACH * sections.len();
    let mut end = (table + 32).next_multiple_of(ALIGNED);
    let mut places = Vec::new();
    for section in sections {
        places.push(end);
        end = (end + section.len()).next_multiple_of(ALIGNED);
    }
    let mut bytes = Vec::with_capacity(end);
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(Kind::COUNT.to_le_bytes());
    bytes.extend(0u64.to_le_bytes()); // features
    bytes.extend((end as u64).to_le_bytes());
    bytes.extend(about.sequence.to_le_bytes());
    bytes.extend(about.created_at.unix_seconds().to_le_bytes());
    let valid_until = about
        .valid_until
        .map(|until| until.unix_seconds().to_le_bytes());
    bytes.extend(valid_until.unwrap_or(NEVER));
    bytes.resize(64, 0);
    bytes.extend(about.policy.map_or([0; 32], PolicyId::to_bytes));
    for profile in PROFILES {
        let begin = bytes.len();
        bytes.extend(profile.bytes());
        bytes.resize(begin + 16, 0);
    }
    let digests = digests(sections.iter().copied());
    let all = Kind::ALL.into_iter().zip(&places).zip(sections);
    for (((kind, place), section), digest) in all.zip(digests) {
        bytes.extend(kind.number().to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend((*place as u64).to_le_bytes());
        bytes.extend((section.len() as u64).to_le_bytes());
        bytes.extend([0; 8]);
        bytes.extend(digest);
    }
    bytes.extend(Id::of(&bytes).to_bytes());
    for (place, section) in places.into_iter().zip(sections) {
        bytes.resize(place, 0);
        bytes.extend(*section);
    }
    bytes.resize(end, 0);
    bytes
}
