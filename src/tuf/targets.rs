//! The files that are handed out.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use crate::baseline::Time;

use super::metadata::metadata;
use super::{Metadata, Sha256, TargetName, TargetsError};

/// A file, by which whoever fetches it knows that it is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetFile {
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
    /// What a delta leads from and to; none for a whole snapshot, and never none for a delta.
    pub leap: Option<Leap>,
}

/// From which snapshot to which a delta leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leap {
    /// The SHA-256 of the snapshot that it applies to.
    pub from_sha256: Sha256,
    /// The SHA-256 of the snapshot that it gives.
    pub sha256: Sha256,
    /// The length of that in bytes.
    pub length: u64,
}

/// The list of files, checked: whatever leads to one number leads to the same bytes, and the highest number is there as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    version: NonZeroU64,
    expires: Time,
    files: BTreeMap<TargetName, TargetFile>,
}

impl Targets {
    /// Checks the files.
    ///
    /// # Errors
    /// [`TargetsError`]: files that contradict each other or their names, or nothing that a newcomer could begin with.
    ///
    /// # Cost
    /// Some microseconds a file.
    pub fn new(
        version: NonZeroU64,
        expires: Time,
        files: BTreeMap<TargetName, TargetFile>,
    ) -> Result<Self, TargetsError> {
        let mut known = Known::default();
        for (name, file) in &files {
            if file.length == 0 {
                return Err(TargetsError::Empty(*name));
            }
            match (name.from(), file.leap) {
                (None, None) => known.add(name.to(), file.sha256, Some(file.length))?,
                (Some(from), Some(leap)) => {
                    known.add(from, leap.from_sha256, None)?;
                    known.add(name.to(), leap.sha256, Some(leap.length))?;
                }
                _ => return Err(TargetsError::Kind(*name)),
            }
        }
        let newest = files.keys().next_back().ok_or(TargetsError::None)?.to();
        let is_whole = |name: &TargetName| name.to() == newest && name.from().is_none();
        if !files.keys().any(is_whole) {
            return Err(TargetsError::NoWhole(newest));
        }
        Ok(Self {
            version,
            expires,
            files,
        })
    }

    /// The files, by name.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<TargetName, TargetFile> {
        &self.files
    }

    /// The newest snapshot, as a whole.
    #[must_use]
    pub fn newest(&self) -> (TargetName, TargetFile) {
        let whole = self.files.iter().filter(|(name, _)| name.from().is_none());
        let Some((name, file)) = whole.max_by_key(|(name, _)| name.to()) else {
            unreachable!("there is one: it was looked for when this was made");
        };
        (*name, *file)
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let line = |(name, file): (&TargetName, &TargetFile)| {
            let TargetFile { length, sha256, .. } = file;
            let leap = file.leap.map_or_else(String::new, |leap| {
                let Leap {
                    from_sha256,
                    sha256,
                    length,
                } = leap;
                format!(", leads from sha256 {from_sha256} to {length} bytes, sha256 {sha256}")
            });
            format!("file {name}: {length} bytes, sha256 {sha256}{leap}")
        };
        self.files.iter().map(line).collect()
    }
}

metadata!(Targets);

/// What is said of each snapshot, by its number.
#[derive(Default)]
struct Known {
    digests: BTreeMap<u64, Sha256>,
    lengths: BTreeMap<u64, u64>,
    numbers: BTreeMap<Sha256, u64>,
}

impl Known {
    fn add(
        &mut self,
        number: u64,
        sha256: Sha256,
        length: Option<u64>,
    ) -> Result<(), TargetsError> {
        let is_same = *self.digests.entry(number).or_insert(sha256) == sha256
            && *self.numbers.entry(sha256).or_insert(number) == number
            && length.is_none_or(|length| *self.lengths.entry(number).or_insert(length) == length);
        if is_same {
            Ok(())
        } else {
            Err(TargetsError::Contradiction(number))
        }
    }
}
