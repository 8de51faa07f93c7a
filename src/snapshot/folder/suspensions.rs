//! Entries that are switched off, and by whom.

use std::collections::BTreeMap;

use crate::baseline::{EntryId, Text, Time};
use crate::limits::{Exceeded, Limits, Resource};

/// Who has switched an entry off: a platform, its breaker, a state. Each lifts its own only.
pub type Suspender = Text<64>;

/// When and why an entry was switched off, or on again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// When.
    pub at: Time,
    /// Why, in one line, without personal data.
    pub reason: Text<500>,
}

/// The entries that are switched off: each by one or more, who lift their own only. Of what was lifted, it is kept when and why.
///
/// An entry may be off that no snapshot has, or has yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suspensions(BTreeMap<(EntryId, Suspender), (bool, Switched)>);

/// The first line: the version of the format.
const FIRST: &str = "ijkpunt suspensions 0";

/// What stands for a suspension, and for one that was lifted.
const ON: &str = "on";
const OFF: &str = "off";

impl Suspensions {
    /// Switches an entry off; false where it is off by the same one, which stays as it is.
    pub fn suspend(&mut self, entry: EntryId, by: &Suspender, why: Switched) -> bool {
        let is_new = !self.is_off(entry, by);
        if is_new {
            self.0.insert((entry, by.clone()), (true, why));
        }
        is_new
    }

    /// Lifts one's own suspension; false where there is none. The entry stays off as long as another has suspended it.
    pub fn resume(&mut self, entry: EntryId, by: &Suspender, why: Switched) -> bool {
        let was_off = self.is_off(entry, by);
        if was_off {
            self.0.insert((entry, by.clone()), (false, why));
        }
        was_off
    }

    /// Whether an entry is off by this one.
    #[must_use]
    pub fn is_off(&self, entry: EntryId, by: &Suspender) -> bool {
        let known = self.0.get(&(entry, by.clone()));
        known.is_some_and(|(is_off, _)| *is_off)
    }

    /// Those that stand, in the order of entries, then of who suspended.
    pub fn iter(&self) -> impl Iterator<Item = (EntryId, &Suspender, &Switched)> {
        self.all(true)
    }

    /// Those of one entry that stand.
    pub fn of(&self, entry: EntryId) -> impl Iterator<Item = (&Suspender, &Switched)> {
        let those = self.iter().filter(move |(other, ..)| *other == entry);
        those.map(|(_, by, why)| (by, why))
    }

    /// Those that were lifted: when, and why.
    pub fn lifted(&self) -> impl Iterator<Item = (EntryId, &Suspender, &Switched)> {
        self.all(false)
    }

    fn all(&self, off: bool) -> impl Iterator<Item = (EntryId, &Suspender, &Switched)> {
        let those = self.0.iter().filter(move |(_, (is_off, _))| *is_off == off);
        those.map(|((entry, by), (_, why))| (*entry, by, why))
    }

    /// How many stand; an entry that two have suspended counts twice.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether nothing is off.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// As they are kept: a line each, with tabs between entry, who, `off` or `on` again, when and why. The same ones give the same bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{FIRST}\n");
        for ((entry, by), (is_off, Switched { at, reason })) in &self.0 {
            let state = [ON, OFF][usize::from(*is_off)];
            text += &format!("{entry}\t{by}\t{state}\t{at}\t{reason}\n");
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
fn read(line: &[u8]) -> Option<((EntryId, Suspender), (bool, Switched))> {
    let text = str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let mut columns = text.splitn(5, '\t');
    let mut next = || columns.next();
    let (entry, by, state, at, reason) = (next()?, next()?, next()?, next()?, next()?);
    let key: (EntryId, _) = (entry.parse().ok()?, Text::new(by).ok()?);
    let is_off = [ON, OFF].iter().position(|word| *word == state)? == 1;
    let why = Switched {
        at: at.parse().ok()?,
        reason: Text::new(reason).ok()?,
    };
    let is_as_written = key.0.to_string() == entry && why.at.to_string() == at;
    is_as_written.then_some((key, (is_off, why)))
}

/// Suspensions cannot be read. None of them was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SuspensionsError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// The file is not there.
    #[error("gone")]
    Missing,
    /// They are not as they were written.
    #[error("damaged or cut off in line {line}")]
    Damaged {
        /// Where, counted from 1.
        line: u64,
    },
}
