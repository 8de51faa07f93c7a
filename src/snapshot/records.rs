//! The records of a snapshot, where they lie.

use std::ops::Range;

use crate::baseline::EntryId;
use crate::index::{Shared, parallel};

use super::error::{Damage, damage};
use super::head::Kind;
use super::record::{Beside, Written};
use super::strings::Strings;

/// Records that were checked.
pub(super) struct Records {
    offsets: Shared,
    bytes: Shared,
}

/// So many records are checked at a time.
const PART: usize = 4096;

impl Records {
    /// Checks that there is a record between each two offsets, in the order of ids, whose numbers stand for something.
    pub(super) fn open(
        [offsets, bytes]: [Shared; 2],
        [begin_of_offsets, begin]: [usize; 2],
        strings: &Strings,
        beside: &Beside,
    ) -> Result<Self, Damage> {
        let records = Self { offsets, bytes };
        let (offsets, rest) = records.offsets.as_chunks();
        let ends = || offsets.iter().map(|four| u32::from_le_bytes(*four));
        let is_whole = rest.is_empty()
            && ends().is_sorted()
            && ends().next() == Some(0)
            && ends().next_back().map(u64::from) == Some(records.bytes.len() as u64);
        if !is_whole {
            let expected = "numbers of 4 bytes that rise from 0 to the length of the records";
            return Err(damage(Kind::Offsets, begin_of_offsets, expected, "others"));
        }
        let all = records.len();
        let parts = (0..all)
            .step_by(PART)
            .map(|from| from..all.min(from + PART));
        let checked = parallel(all, parts.collect(), |part| {
            records.check(part, begin, strings, beside)
        });
        checked.into_iter().collect::<Result<(), Damage>>()?;
        Ok(records)
    }

    fn check(
        &self,
        entries: Range<usize>,
        begin: usize,
        strings: &Strings,
        beside: &Beside,
    ) -> Result<(), Damage> {
        let mut before = entries
            .start
            .checked_sub(1)
            .and_then(|before| self.id(before));
        for entry in entries {
            let wrong = |expected: &str| {
                let at = begin + self.range(entry).map_or(0, |range| range.start);
                damage(Kind::Records, at, expected, "something else")
            };
            let written = self.written(entry).ok_or_else(|| wrong("a record"))?;
            written.check(strings, beside).map_err(wrong)?;
            let id = self.id(entry);
            if before >= id {
                return Err(wrong("an id behind the one before"));
            }
            before = id;
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        (self.offsets.len() / 4).saturating_sub(1)
    }

    fn range(&self, entry: usize) -> Option<Range<usize>> {
        let (offsets, _) = self.offsets.as_chunks();
        let offset = |k: usize| Some(u32::from_le_bytes(*offsets.get(k)?) as usize);
        Some(offset(entry)?..offset(entry + 1)?)
    }

    fn bytes(&self, entry: usize) -> &[u8] {
        let record = self.range(entry).and_then(|range| self.bytes.get(range));
        record.unwrap_or_default()
    }

    /// The first bytes of a record.
    pub(super) fn id(&self, entry: usize) -> Option<EntryId> {
        let id = self.bytes(entry).first_chunk()?;
        Some(EntryId::from_bytes(*id))
    }

    pub(super) fn written(&self, entry: usize) -> Option<Written> {
        match postcard::take_from_bytes(self.bytes(entry)) {
            Ok((record, [])) => Some(record),
            _ => None,
        }
    }
}
