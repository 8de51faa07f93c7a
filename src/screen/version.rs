//! One version of a list, ready to be asked: what is held of it, and which entries are switched off.

use std::collections::HashSet;
use std::convert::Infallible;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use crate::baseline::{EntryId, List, Profile, Row};
use crate::hash::{Digest, DigestKind, Pdq, Quality, Radius};
use crate::index::{Hit, Index};
use crate::snapshot::{Edition, Snapshot};

use super::built::{Built, Known};
use super::evidence::Basis;

/// A list or snapshot that never changes. A changed one is another version, and whoever holds this one keeps it whole.
#[derive(Debug, Clone)]
pub(super) struct Version {
    held: Held,
    off: Arc<HashSet<usize>>,
}

/// What is asked: a list in memory, or a snapshot where it lies.
#[derive(Debug, Clone)]
pub(super) enum Held {
    List(Arc<Built>),
    Snapshot(Arc<Snapshot>),
}

/// What a hash is looked up among: the entries' whole pictures, their windows, or the frames of their videos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Wholes,
    Windows,
    Frames,
}

impl Table {
    /// Where a row with a perceptual hash stands.
    pub(super) fn of(row: &Row) -> Self {
        match (row.shown(), row.part()) {
            (Some(_), _) => Self::Frames,
            (None, Some(_)) => Self::Windows,
            (None, None) => Self::Wholes,
        }
    }
}

impl Held {
    fn index(&self, table: Table) -> &Index<'static> {
        match (self, table) {
            (Self::List(list), _) => list.index(table),
            (Self::Snapshot(snapshot), Table::Wholes) => snapshot.wholes(),
            (Self::Snapshot(snapshot), Table::Windows) => snapshot.windows(),
            (Self::Snapshot(snapshot), Table::Frames) => snapshot.frames(),
        }
    }

    fn row(&self, table: Table, number: usize) -> Known<'_> {
        match self {
            Self::List(list) => list.row(table, number),
            Self::Snapshot(snapshot) => {
                let row = match table {
                    Table::Wholes => snapshot.whole(number),
                    Table::Windows => snapshot.window(number),
                    Table::Frames => snapshot.frame(number),
                };
                Known {
                    entry: row.entry,
                    quality: row.quality,
                    part: row.part,
                    shown: row.shown,
                    label: row.label,
                }
            }
        }
    }
}

impl Version {
    /// # Cost
    /// Linear in the rows.
    pub(super) fn new(list: List) -> Self {
        Self {
            held: Held::List(Arc::new(Built::new(list))),
            off: Arc::default(),
        }
    }

    pub(super) fn of_snapshot(snapshot: Arc<Snapshot>) -> Self {
        Self {
            held: Held::Snapshot(snapshot),
            off: Arc::default(),
        }
    }

    /// A snapshot with what is switched off.
    pub(super) fn of_edition(edition: &Edition) -> Self {
        Self {
            held: Held::Snapshot(edition.snapshot().clone()),
            off: edition.off().clone(),
        }
    }

    /// The same list with only the entries of these ids switched off; ids that it does not have are passed over.
    pub(super) fn with_off(&self, ids: &HashSet<Box<str>>) -> Self {
        let off = (0..self.entries()).filter(|entry| ids.contains(self.name(*entry)));
        Self {
            off: Arc::new(off.collect()),
            ..self.clone()
        }
    }

    pub(super) fn held(&self) -> &Held {
        &self.held
    }

    /// The list, if it is one.
    pub(super) fn list(&self) -> Option<&List> {
        match &self.held {
            Held::List(list) => Some(list.list()),
            Held::Snapshot(_) => None,
        }
    }

    pub(super) fn profile(&self) -> Profile {
        match &self.held {
            Held::List(list) => list.list().profile(),
            Held::Snapshot(snapshot) => snapshot.profile(),
        }
    }

    pub(super) fn entries(&self) -> usize {
        match &self.held {
            Held::List(list) => list.list().entries().len(),
            Held::Snapshot(snapshot) => snapshot.entries(),
        }
    }

    /// How an entry is called: as its list does, or by its title.
    pub(super) fn name(&self, entry: usize) -> &str {
        match &self.held {
            Held::List(list) => list.list().entries()[entry].id(),
            Held::Snapshot(snapshot) => snapshot.title(entry),
        }
    }

    /// The id of an entry of a snapshot.
    pub(super) fn id(&self, entry: usize) -> Option<EntryId> {
        match &self.held {
            Held::List(_) => None,
            Held::Snapshot(snapshot) => snapshot.entry_id(entry),
        }
    }

    /// What stands behind an entry of a snapshot.
    pub(super) fn basis(&self, entry: usize) -> Option<Basis> {
        match &self.held {
            Held::List(_) => None,
            Held::Snapshot(snapshot) => Basis::of(snapshot, entry),
        }
    }

    /// Whether frames are compared with it: always, unless it holds digests and nothing else.
    pub(super) fn is_perceptual(&self) -> bool {
        let tables = [Table::Wholes, Table::Windows, Table::Frames];
        tables.iter().any(|table| self.codes(*table) > 0) || self.exact_rows() == 0
    }

    /// Rows with a digest.
    pub(super) fn exact_rows(&self) -> usize {
        match &self.held {
            Held::List(list) => list.exact_rows(),
            Held::Snapshot(snapshot) => snapshot.digests(),
        }
    }

    /// Perceptual rows that state a quality below this one.
    pub(super) fn rows_below(&self, quality: Quality) -> usize {
        match &self.held {
            Held::List(list) => list.rows_below(quality),
            Held::Snapshot(snapshot) => snapshot.rows_below(quality),
        }
    }

    /// How many codes are searched.
    pub(super) fn codes(&self, table: Table) -> usize {
        self.held.index(table).len()
    }

    /// Whether windows are looked up in it.
    pub(super) fn has_windows(&self) -> bool {
        self.codes(Table::Windows) > 0
    }

    /// The windows of an entry, each with its hash.
    pub(super) fn windows(&self, entry: usize) -> impl Iterator<Item = (Known<'_>, Pdq)> {
        let rows = match &self.held {
            Held::List(list) => list.windows_of(entry),
            Held::Snapshot(snapshot) => snapshot.windows_of(entry),
        };
        rows.map(|row| {
            (
                self.held.row(Table::Windows, row),
                self.code(Table::Windows, row),
            )
        })
    }

    /// The rows of an entry's frames, in the order of their times.
    pub(super) fn frames_of(&self, entry: usize) -> Range<usize> {
        match &self.held {
            Held::List(list) => list.frames_of(entry),
            Held::Snapshot(snapshot) => snapshot.frames_of(entry),
        }
    }

    /// What belongs to a hash.
    pub(super) fn row(&self, table: Table, number: usize) -> Known<'_> {
        self.held.row(table, number)
    }

    /// A hash that is searched.
    pub(super) fn code(&self, table: Table, row: usize) -> Pdq {
        self.held.index(table).code(row)
    }

    /// Entries that are switched off.
    pub(super) fn switched_off(&self) -> usize {
        self.off.len()
    }

    /// The algorithms of which there are digests.
    pub(super) fn digest_kinds(&self) -> impl Iterator<Item = DigestKind> {
        let has = |kind: &DigestKind| match &self.held {
            Held::List(list) => list.has_digests(*kind),
            Held::Snapshot(snapshot) => snapshot.has_digests(*kind),
        };
        DigestKind::ALL.into_iter().filter(has)
    }

    /// The rows with this digest.
    pub(super) fn exactly(&self, digest: Digest) -> Vec<Known<'_>> {
        let mut rows = match &self.held {
            Held::List(list) => list.exactly(digest),
            Held::Snapshot(snapshot) => {
                let of = |(entry, label)| Known {
                    entry,
                    label,
                    ..Known::default()
                };
                snapshot.exactly(digest).map(of).collect()
            }
        };
        rows.retain(|row| !self.off.contains(&row.entry));
        rows
    }

    /// The rows near these hashes whose quality is enough, nearest first, equally near ones in the order of the hashes: each with
    /// the place of its hash among them.
    pub(super) fn near(
        &self,
        table: Table,
        codes: &[Pdq],
        radius: Radius,
        minimum: Quality,
    ) -> impl Iterator<Item = (usize, Hit, Known<'_>)> {
        let is_on = |number| {
            let row = self.held.row(table, number);
            row.quality.is_none_or(|quality| quality >= minimum) && !self.off.contains(&row.entry)
        };
        let mut hits: Vec<(usize, Hit)> = Vec::new();
        let index = self.held.index(table);
        let ControlFlow::Continue(()) = index.visit_each(codes, radius, |number, hit| {
            if is_on(hit.row) {
                hits.push((number, hit));
            }
            ControlFlow::<Infallible>::Continue(())
        });
        hits.sort_unstable_by_key(|&(number, hit)| (hit.distance, number, hit.row));
        hits.into_iter()
            .map(move |(number, hit)| (number, hit, self.held.row(table, hit.row)))
    }
}
