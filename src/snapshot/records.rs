//! The records of a snapshot, where they lie.

use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::baseline::{ConsensusState, ContextDependence, EntryId, MediaKind, TcoTypes, Time};
use crate::index::{Shared, parallel};

use super::error::{Damage, damage};
use super::head::Kind;
use super::record::{Beside, Written, is_mime};
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
        let mut checker = Checker::of(strings, beside);
        let mut before = entries
            .start
            .checked_sub(1)
            .and_then(|before| self.id(before));
        for entry in entries {
            let bytes = self.bytes(entry);
            let id = first(bytes);
            let is_behind = || {
                (before < id)
                    .then_some(())
                    .ok_or("an id behind the one before")
            };
            let checked = checker.check(bytes).and_then(|()| is_behind());
            checked.map_err(|expected| {
                let at = begin + self.range(entry).map_or(0, |range| range.start);
                damage(Kind::Records, at, expected, "something else")
            })?;
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

    pub(super) fn bytes(&self, entry: usize) -> &[u8] {
        let record = self.range(entry).and_then(|range| self.bytes.get(range));
        record.unwrap_or_default()
    }

    /// The first bytes of a record.
    pub(super) fn id(&self, entry: usize) -> Option<EntryId> {
        first(self.bytes(entry))
    }

    pub(super) fn written(&self, entry: usize) -> Option<Written> {
        match postcard::take_from_bytes(self.bytes(entry)) {
            Ok((record, [])) => Some(record),
            _ => None,
        }
    }
}

/// The id of a record.
fn first(record: &[u8]) -> Option<EntryId> {
    Some(EntryId::from_bytes(*record.first_chunk()?))
}

/// Whoever looks through records without reading them into memory: most of a snapshot are verdicts, and to put each into memory only to look at it takes
/// nearly twice as long.
pub(super) trait Visit {
    /// The number of a text: the title.
    fn title(&mut self, number: u32);

    /// The number of a text: the media type of the source.
    fn mime(&mut self, number: u32);

    fn state(&mut self, _: Option<ConsensusState>) {}

    /// A verdict: the numbers of the authority and of what it has in common with others, and how many seconds after the one before it was made.
    fn said(&mut self, authority: u32, common: u32, seconds: i64);

    /// The bytes of all that is not the number of something, in between; the seconds of a verdict too.
    fn raw(&mut self, _: &[u8]) {}
}

/// Goes through a record from its beginning to its end; none where it is not one, or more. It knows what [`Written`] is, and a test compares them.
pub(super) fn visited(record: &[u8], visit: &mut impl Visit) -> Option<()> {
    let mut reader = Reader(record);
    let at = |reader: &Reader<'_>| record.len() - reader.0.len();
    reader.take::<32>()?;
    visit.raw(&record[..32]);
    visit.title(reader.place()?);
    let begin = at(&reader);
    reader.value::<MediaKind>()?;
    let has_source = reader.is_some()?;
    if has_source {
        reader.take::<32>()?;
        reader.number::<64>()?;
    }
    visit.raw(&record[begin..at(&reader)]);
    if has_source {
        visit.mime(reader.place()?);
    }
    let begin = at(&reader);
    reader.value::<Option<ContextDependence>>()?;
    reader.value::<Option<Time>>()?;
    visit.state(reader.value()?);
    reader.value::<Option<TcoTypes>>()?;
    let verdicts = reader.number::<{ usize::BITS }>()?;
    visit.raw(&record[begin..at(&reader)]);
    for _ in 0..verdicts {
        let (authority, common) = (reader.place()?, reader.place()?);
        let begin = at(&reader);
        visit.said(authority, common, reader.signed()?);
        visit.raw(&record[begin..at(&reader)]);
    }
    reader.0.is_empty().then_some(())
}

/// Says of records what [`Written::check`] says of them once they are read.
struct Checker<'a> {
    strings: &'a Strings,
    beside: &'a Beside,
    /// The last text that was found to be a media type: most records have the same.
    mime: Option<u32>,
    record: Numbers,
}

/// Whether title, source, state and verdicts of a record stand for something that may be; and when the last verdict was made.
struct Numbers {
    title: bool,
    source: bool,
    state: bool,
    said: bool,
    at: i64,
}

impl Numbers {
    const NONE: Self = Self {
        title: true,
        source: true,
        state: true,
        said: true,
        at: 0,
    };
}

impl Visit for Checker<'_> {
    fn title(&mut self, number: u32) {
        self.record.title = (number as usize) < self.strings.len();
    }

    fn mime(&mut self, number: u32) {
        if self.mime != Some(number) && is_mime(number, self.strings) {
            self.mime = Some(number);
        }
        self.record.source = self.mime == Some(number);
    }

    fn state(&mut self, state: Option<ConsensusState>) {
        self.record.state = state.is_none_or(ConsensusState::may_be_listed);
    }

    #[inline]
    fn said(&mut self, authority: u32, common: u32, seconds: i64) {
        let record = &mut self.record;
        record.at = record.at.wrapping_add(seconds);
        let common = self.beside.common.get(common as usize);
        record.said &= (authority as usize) < self.beside.authorities.len()
            && common.is_some_and(|common| common.times(record.at).is_some());
    }
}

impl<'a> Checker<'a> {
    fn of(strings: &'a Strings, beside: &'a Beside) -> Self {
        Self {
            strings,
            beside,
            mime: None,
            record: Numbers::NONE,
        }
    }

    /// What is wrong with a record, if something is: first whether it is one, then its numbers in their order.
    fn check(&mut self, record: &[u8]) -> Result<(), &'static str> {
        self.record = Numbers::NONE;
        visited(record, self).ok_or("a record")?;
        match self.record {
            Numbers { title: false, .. } => Err("the number of a text as the title"),
            Numbers { source: false, .. } => {
                Err("the number of a media type as the type of the source")
            }
            Numbers { state: false, .. } => Err("a state in which an entry may be listed"),
            Numbers { said: false, .. } => {
                Err("an authority, a verdict and times of these numbers")
            }
            _ => Ok(()),
        }
    }
}

/// Reads what postcard has written, from the beginning, and takes all that it takes.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    /// A number of so many bits: seven a byte, the lowest first, and the highest bit where more follow.
    #[inline]
    fn number<const BITS: u32>(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let [byte] = self.take()?;
            number |= u64::from(byte & 0x7f) << shift;
            let left = BITS - shift;
            if left < 7 {
                return (byte >> left == 0).then_some(number);
            }
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    /// The number of something that stands elsewhere.
    #[inline]
    fn place(&mut self) -> Option<u32> {
        u32::try_from(self.number::<32>()?).ok()
    }

    /// A number with a sign, which stands in the lowest bit.
    #[inline]
    fn signed(&mut self) -> Option<i64> {
        let number = self.number::<64>()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// Whether there is what may be left out.
    fn is_some(&mut self) -> Option<bool> {
        match self.take()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn value<T: DeserializeOwned>(&mut self) -> Option<T> {
        let (value, rest) = postcard::take_from_bytes(self.0).ok()?;
        self.0 = rest;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::record::tests::{beside, records, strings};

    #[test]
    fn a_record_is_judged_as_when_it_is_read_and_then_checked() {
        let (strings, beside) = (strings(), beside());
        let mut checker = Checker::of(&strings, &beside);
        let mut seen = std::collections::BTreeMap::new();
        let mut judge = |bytes: &[u8]| {
            let slow = match postcard::take_from_bytes::<Written>(bytes) {
                Ok((written, [])) => written.check(&strings, &beside),
                _ => Err("a record"),
            };
            assert_eq!(checker.check(bytes), slow, "{bytes:?}");
            *seen.entry(slow).or_insert(0) += 1;
        };
        for record in records() {
            judge(&record);
            for end in 0..record.len() {
                judge(&record[..end]);
            }
            for at in 0..record.len() {
                for byte in 0..=u8::MAX {
                    let mut changed = record.clone();
                    changed[at] = byte;
                    judge(&changed);
                }
                // Numbers in more bytes than they need, and in more than there may be.
                for more in 1..10 {
                    let mut changed = record.clone();
                    changed[at] |= 0x80;
                    let mut bytes = vec![0x80; more];
                    for last in [0, 1, 2, 0x0f, 0x10, 0x7f] {
                        bytes[more - 1] = last;
                        let mut longer = changed.clone();
                        longer.splice(at + 1..at + 1, bytes.iter().copied());
                        judge(&longer);
                    }
                }
            }
        }
        assert_eq!(seen.len(), 6, "every answer is given: {seen:?}");
    }
}
