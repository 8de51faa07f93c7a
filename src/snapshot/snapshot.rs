//! A snapshot that was opened: checked once, then used where it lies.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use crate::baseline::{Authority, EntryId, Policy, PolicyId, Profile, Time};
use crate::hash::{Digest, DigestKind, Quality};
use crate::index::{Index, Shared};
use crate::limits::{Limits, Resource};

use super::Id;
use super::error::{Damage, OpenError, damage};
use super::head::{self, Head, Kind};
use super::record::{Beside, Log, Record};
use super::records::Records;
use super::rows::{Digests, Row, Rows, Table};
use super::strings::{NONE, Strings};
use super::table;

/// A baseline, or a list of one's own, as one file: its hashes with their indexes, and the entries that they belong to.
///
/// It never changes; to hand it to many threads, share it.
pub struct Snapshot {
    bytes: Shared,
    head: Head,
    beside: Beside,
    logs: Vec<Log>,
    wholes: Index<'static>,
    windows: Index<'static>,
    frames: Index<'static>,
    rows: Rows,
    digests: Digests,
    strings: Strings,
    records: Records,
}

impl Snapshot {
    /// Whether a file that begins so may be a snapshot: from its first eight bytes.
    #[must_use]
    pub fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(&head::MAGIC)
    }

    /// Reads a snapshot into memory, within the default limits. Each process that does so holds it once more.
    ///
    /// # Errors
    /// [`OpenError`]; nothing of a damaged file is used.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::read_within(path, &Limits::default())
    }

    /// Reads a snapshot into memory, within `limits`.
    ///
    /// # Errors
    /// As [`Snapshot::read`].
    pub fn read_within(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, OpenError> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
        }
        limits.check(Resource::SnapshotBytes, metadata.len())?;
        let too_long = |_| io::Error::from(io::ErrorKind::FileTooLarge);
        let length = usize::try_from(metadata.len()).map_err(too_long)?;
        Self::open(Shared::read(length, |bytes| file.read_exact(bytes))?)
    }

    /// Opens a snapshot that is in memory.
    ///
    /// # Errors
    /// As [`Snapshot::read`].
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, OpenError> {
        Self::open(Shared::new(bytes.into()))
    }

    /// Opens a snapshot where it lies. The checks are in the order of the format: the head and its digest, the table, the digests of the sections, then what
    /// they hold.
    pub(super) fn open(bytes: Shared) -> Result<Self, OpenError> {
        let head = table::read(&bytes)?;
        let section = |kind: Kind| bytes.part(head.section(kind));
        let begin = |kind: Kind| head.section(kind).start;
        let logs = Log::read_all(&section(Kind::Logs)).map_err(|at| {
            let expected = "a log in 104 bytes, behind that of a lower authority";
            damage(
                Kind::Logs,
                begin(Kind::Logs) + at,
                expected,
                "something else",
            )
        })?;
        let beside: Beside = match postcard::take_from_bytes(&section(Kind::Baseline)) {
            Ok((beside, [])) => beside,
            _ => {
                let expected = "a policy, authorities and verdicts of this version";
                return Err(damage(
                    Kind::Baseline,
                    begin(Kind::Baseline),
                    expected,
                    "something else",
                )
                .into());
            }
        };
        check_beside(&beside, head.about.policy, begin(Kind::Baseline))?;
        let strings = Strings::open(section(Kind::Strings), begin(Kind::Strings))?;
        let offsets_and_records = [Kind::Offsets, Kind::Records];
        let records = Records::open(
            offsets_and_records.map(section),
            offsets_and_records.map(begin),
            &strings,
            &beside,
        )?;
        let index = |kind: Kind| {
            Index::from_shared(section(kind))
                .map_err(|error| damage(kind, begin(kind), "an index", error))
        };
        let (wholes, windows) = (index(Kind::Wholes)?, index(Kind::Windows)?);
        let frames = index(Kind::Frames)?;
        let counts = [wholes.len(), windows.len(), frames.len()];
        let rows = Rows::open(
            section(Kind::Rows),
            begin(Kind::Rows),
            counts,
            records.len(),
            &strings,
        )?;
        let digests = Digests::open(
            section(Kind::Digests),
            begin(Kind::Digests),
            records.len(),
            &strings,
        )?;
        Ok(Self {
            bytes,
            head,
            beside,
            logs,
            wholes,
            windows,
            frames,
            rows,
            digests,
            strings,
            records,
        })
    }

    /// The file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The length of a section.
    #[must_use]
    pub fn section_bytes(&self, section: Kind) -> usize {
        self.range(section).len()
    }

    /// Which snapshot it is.
    #[must_use]
    pub fn id(&self) -> Id {
        self.head.id
    }

    /// Its number: higher than that of the snapshot before.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.head.about.sequence
    }

    /// The moment that it shows.
    #[must_use]
    pub fn created_at(&self) -> Time {
        self.head.about.created_at
    }

    /// Until when it may be relied on, if that ends.
    #[must_use]
    pub fn valid_until(&self) -> Option<Time> {
        self.head.about.valid_until
    }

    /// The policy by which its entries were chosen; none where no states stand behind it.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        self.beside.policy.as_ref()
    }

    /// Those who said something of entries.
    #[must_use]
    pub fn authorities(&self) -> &[Authority] {
        &self.beside.authorities
    }

    /// The logs that it was made of.
    #[must_use]
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// Number of entries. They are numbered in the order of their ids.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.records.len()
    }

    /// An entry by its number.
    #[must_use]
    pub fn entry(&self, number: usize) -> Option<Record<'_>> {
        let written = self.records.written(number)?;
        Some(written.record(&self.strings, &self.beside))
    }

    /// The id of an entry by its number.
    #[must_use]
    pub fn entry_id(&self, number: usize) -> Option<EntryId> {
        self.records.id(number)
    }

    /// The title of an entry by its number; empty where there is no such entry.
    #[must_use]
    pub fn title(&self, number: usize) -> &str {
        let written = self.records.written(number);
        written.map_or("", |written| self.strings.get(written.title))
    }

    /// Whether an entry is one of one's own list: of no file that is known, and of which no state has said anything.
    pub(super) fn is_of_a_list(&self, number: usize) -> bool {
        let entry = self.entry(number);
        entry.is_some_and(|it| it.source.is_none() && it.state.is_none() && it.said.is_empty())
    }

    /// The number of an entry.
    ///
    /// # Cost
    /// A search by halves.
    #[must_use]
    pub fn find(&self, id: EntryId) -> Option<usize> {
        let (mut from, mut to) = (0, self.entries());
        while from < to {
            let middle = from.midpoint(to);
            if self.records.id(middle)? < id {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        (self.records.id(from)? == id).then_some(from)
    }

    /// The hashes of whole pictures, with their index. Row numbers are those of [`Snapshot::whole`].
    #[must_use]
    pub fn wholes(&self) -> &Index<'static> {
        &self.wholes
    }

    /// The hashes of windows, with their index. Row numbers are those of [`Snapshot::window`].
    #[must_use]
    pub fn windows(&self) -> &Index<'static> {
        &self.windows
    }

    /// The hashes of frames of videos, with their index. Row numbers are those of [`Snapshot::frame`].
    #[must_use]
    pub fn frames(&self) -> &Index<'static> {
        &self.frames
    }

    /// What belongs to a hash of a whole picture.
    ///
    /// # Panics
    /// Where there is no such row.
    #[must_use]
    pub fn whole(&self, row: usize) -> Row<'_> {
        self.rows.row(Table::Wholes, row, &self.strings)
    }

    /// What belongs to the hash of a window.
    ///
    /// # Panics
    /// Where there is no such row.
    #[must_use]
    pub fn window(&self, row: usize) -> Row<'_> {
        self.rows.row(Table::Windows, row, &self.strings)
    }

    /// What belongs to the hash of a frame.
    ///
    /// # Panics
    /// Where there is no such row.
    #[must_use]
    pub fn frame(&self, row: usize) -> Row<'_> {
        self.rows.row(Table::Frames, row, &self.strings)
    }

    /// The rows of an entry's whole pictures; none where there is no such entry.
    ///
    /// # Cost
    /// A search by halves, as [`Snapshot::windows_of`] and [`Snapshot::frames_of`].
    #[must_use]
    pub fn wholes_of(&self, entry: usize) -> Range<usize> {
        self.rows.of_entry(Table::Wholes, entry)
    }

    /// The rows of an entry's windows.
    #[must_use]
    pub fn windows_of(&self, entry: usize) -> Range<usize> {
        self.rows.of_entry(Table::Windows, entry)
    }

    /// The rows of an entry's frames, in the order of their times.
    #[must_use]
    pub fn frames_of(&self, entry: usize) -> Range<usize> {
        self.rows.of_entry(Table::Frames, entry)
    }

    /// How the hashes of whole pictures and frames were made, if all their rows say the same, as [`List::profile`](crate::baseline::List::profile).
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.rows.profile
    }

    /// How many hashes have a quality below this one; those of which none is known do not count.
    #[must_use]
    pub fn rows_below(&self, quality: Quality) -> usize {
        self.rows.below(quality)
    }

    /// How many digests of files there are.
    #[must_use]
    pub fn digests(&self) -> usize {
        self.digests.len()
    }

    /// Whether there are digests of this algorithm.
    #[must_use]
    pub fn has_digests(&self, kind: DigestKind) -> bool {
        self.digests.has(kind)
    }

    /// The entries with this digest, by their numbers, and its labels.
    pub fn exactly(&self, digest: Digest) -> impl Iterator<Item = (usize, Option<&str>)> {
        self.digests
            .find(digest)
            .map(|(entry, label)| (entry, self.label(label)))
    }

    /// All digests: each with the number of its entry and its label.
    pub(super) fn all_digests(&self) -> impl Iterator<Item = (Digest, usize, Option<&str>)> {
        let all = self.digests.iter();
        all.map(|(digest, entry, label)| (digest, entry, self.label(label)))
    }

    /// The same, with the numbers of their labels.
    pub(super) fn all_digests_numbered(&self) -> impl Iterator<Item = (Digest, u32, u32)> {
        let all = self.digests.iter();
        all.map(|(digest, entry, label)| (digest, u32::try_from(entry).unwrap_or(NONE), label))
    }

    /// The bytes of an entry's record.
    pub(super) fn record_bytes(&self, entry: usize) -> &[u8] {
        self.records.bytes(entry)
    }

    pub(super) fn strings(&self) -> &Strings {
        &self.strings
    }

    pub(super) fn beside(&self) -> &Beside {
        &self.beside
    }

    /// The rows as they stand, of all hashes or of one of the tables.
    pub(super) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Where a section lies.
    pub(super) fn range(&self, section: Kind) -> Range<usize> {
        self.head.section(section)
    }

    fn label(&self, number: u32) -> Option<&str> {
        (number != NONE).then(|| self.strings.get(number))
    }
}

/// The policy is the one that the head names, and authorities are in order.
fn check_beside(beside: &Beside, stated: Option<PolicyId>, at: usize) -> Result<(), Damage> {
    let id = beside.policy.as_ref().map(Policy::id);
    if id != stated {
        return Err(damage(
            Kind::Baseline,
            at,
            "the policy that the head names",
            "another or none",
        ));
    }
    let ids = beside.authorities.iter().map(|authority| &authority.id);
    if !ids.is_sorted_by(|one, other| one < other) {
        return Err(damage(
            Kind::Baseline,
            at,
            "authorities in the order of their ids, each once",
            "others",
        ));
    }
    Ok(())
}

/// Shows counts, never a hash or an id of an entry.
impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("id", &self.id())
            .field("sequence", &self.sequence())
            .field("entries", &self.entries())
            .field("wholes", &self.wholes.len())
            .field("windows", &self.windows.len())
            .field("frames", &self.frames.len())
            .finish_non_exhaustive()
    }
}
