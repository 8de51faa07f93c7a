//! Entries that are switched off, and by whom.

use std::collections::BTreeMap;

use crate::baseline::{EntryId, Text, Time};
use crate::limits::{Exceeded, Limits, Resource};

/// Who has switched an entry off: a platform, its breaker, a state. Each lifts its own only.
pub type Suspender = Text<64>;

/// Why and since when an entry is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspended {
    /// Since when.
    pub at: Time,
    /// Why, in one line, without personal data.
    pub reason: Text<500>,
}

/// The entries that are switched off: each by one or more, who lift their own only.
///
/// An entry may be off that no snapshot has, or has yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suspensions(BTreeMap<(EntryId, Suspender), Suspended>);

/// The first line: the version of the format.
const FIRST: &str = "ijkpunt suspensions 0";

impl Suspensions {
    /// Switches an entry off; false where the same one has done so before, which stays as it is.
    pub fn suspend(&mut self, entry: EntryId, by: Suspender, why: Suspended) -> bool {
        let key = (entry, by);
        let is_new = !self.0.contains_key(&key);
        self.0.entry(key).or_insert(why);
        is_new
    }

    /// Lifts one's own suspension; false where there is none. The entry stays off as long as another has suspended it.
    pub fn resume(&mut self, entry: EntryId, by: &Suspender) -> bool {
        self.0.remove(&(entry, by.clone())).is_some()
    }

    /// All of them, in the order of entries, then of who suspended.
    pub fn iter(&self) -> impl Iterator<Item = (EntryId, &Suspender, &Suspended)> {
        self.0.iter().map(|((entry, by), why)| (*entry, by, why))
    }

    /// Those of one entry.
    pub fn of(&self, entry: EntryId) -> impl Iterator<Item = (&Suspender, &Suspended)> {
        let all = self.iter();
        all.filter(move |(other, ..)| *other == entry)
            .map(|(_, by, why)| (by, why))
    }

    /// How many there are; an entry that two have suspended counts twice.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is off.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As they are kept: a line each, with tabs between entry, who, since when and why. The same ones give the same bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{FIRST}\n");
        for (entry, by, why) in self.iter() {
            let Suspended { at, reason } = why;
            text += &format!("{entry}\t{by}\t{at}\t{reason}\n");
        }
        text.into()
    }

    /// Reads what was kept, within the limits of a list.
    ///
    /// # Errors
    /// [`SuspensionsError`]: nothing but what [`Suspensions::to_bytes`] writes is read.
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Self, SuspensionsError> {
        limits.check(Resource::ListBytes, bytes.len() as u64)?;
        let damaged = |line: usize| SuspensionsError::Damaged { line: line as u64 };
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').zip(1..);
        match lines.next() {
            Some((first, _)) if first.strip_suffix(b"\n") == Some(FIRST.as_bytes()) => {}
            _ => return Err(damaged(1)),
        }
        let mut all = BTreeMap::new();
        for (line, number) in lines {
            limits.check(Resource::LineBytes, line.len() as u64)?;
            limits.check(Resource::ListRows, all.len() as u64 + 1)?;
            let (key, why) = read(line).ok_or_else(|| damaged(number))?;
            if all.last_key_value().is_some_and(|(last, _)| *last >= key) {
                return Err(damaged(number));
            }
            all.insert(key, why);
        }
        Ok(Self(all))
    }
}

/// A line, if it is as it would be written.
fn read(line: &[u8]) -> Option<((EntryId, Suspender), Suspended)> {
    let text = str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let mut columns = text.splitn(4, '\t');
    let mut next = || columns.next();
    let (entry, by, at, reason) = (next()?, next()?, next()?, next()?);
    let key: (EntryId, _) = (entry.parse().ok()?, Text::new(by).ok()?);
    let why = Suspended {
        at: at.parse().ok()?,
        reason: Text::new(reason).ok()?,
    };
    let is_as_written = key.0.to_string() == entry && why.at.to_string() == at;
    is_as_written.then_some((key, why))
}

/// Suspensions cannot be read. None of them was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SuspensionsError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// They are not as they were written.
    #[error("damaged or cut off in line {line}")]
    Damaged {
        /// Where, counted from 1.
        line: u64,
    },
}
