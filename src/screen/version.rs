//! One version of a list, ready to be asked: its indexes, and which entries are switched off.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::baseline::{Code, List, Row};
use crate::hash::{Digest, DigestKind, Pdq, Quality, Radius};
use crate::index::{Hit, Index};

/// A list that never changes. A changed list is another version, and whoever holds this one keeps it whole.
#[derive(Debug, Clone)]
pub(super) struct Version {
    built: Arc<Built>,
    off: Arc<HashSet<usize>>,
}

/// What is built from a list once.
#[derive(Debug)]
struct Built {
    list: List,
    wholes: Codes,
    windows: Codes,
    /// The number of each window's entry, and that of its row: by entry.
    windows_by_entry: Vec<(usize, usize)>,
    exact: HashMap<Digest, Vec<usize>>,
    kinds: Vec<DigestKind>,
    /// How many perceptual rows state each quality, 0 to 100.
    qualities: [usize; 101],
}

/// Rows that are looked up by their hashes.
#[derive(Debug)]
struct Codes {
    index: Index<'static>,
    /// The list's row of each row of the index.
    rows: Vec<usize>,
}

impl Codes {
    fn of(list: &List, table: Table) -> Self {
        let mut rows = Vec::new();
        let numbered = list.rows().iter().enumerate();
        let codes = numbered.filter_map(|(number, row)| {
            let pdq = row.pdq().filter(|_| Table::of(row) == table)?;
            rows.push(number);
            Some(pdq)
        });
        let index = codes.collect();
        Self { index, rows }
    }
}

/// What a hash is looked up among: the entries' whole pictures, or their windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Wholes,
    Windows,
}

impl Table {
    fn of(row: &Row) -> Self {
        match row.part() {
            None => Self::Wholes,
            Some(_) => Self::Windows,
        }
    }
}

impl Version {
    /// # Cost
    /// Linear in the rows.
    pub(super) fn new(list: List) -> Self {
        let numbered = || list.rows().iter().enumerate();
        let mut exact: HashMap<Digest, Vec<usize>> = HashMap::new();
        let mut qualities = [0; 101];
        for (number, row) in numbered() {
            match (row.code(), row.quality()) {
                (Code::Digest(digest), _) => exact.entry(digest).or_default().push(number),
                (_, Some(quality)) => qualities[usize::from(quality.get())] += 1,
                (_, None) => {}
            }
        }
        let has = |kind: &DigestKind| exact.keys().any(|digest| digest.kind() == *kind);
        let windows = Codes::of(&list, Table::Windows);
        let entry = |number: &usize| list.rows()[*number].entry();
        let mut windows_by_entry: Vec<(usize, usize)> =
            windows.rows.iter().map(|row| (entry(row), *row)).collect();
        windows_by_entry.sort_unstable();
        let built = Built {
            wholes: Codes::of(&list, Table::Wholes),
            windows,
            windows_by_entry,
            kinds: DigestKind::ALL.into_iter().filter(has).collect(),
            exact,
            qualities,
            list,
        };
        Self {
            built: Arc::new(built),
            off: Arc::default(),
        }
    }

    /// The same list with only the entries of these ids switched off; ids that it does not have are passed over.
    pub(super) fn with_off(&self, ids: &HashSet<Box<str>>) -> Self {
        let entries = self.list().entries().iter().enumerate();
        let off = entries.filter(|(_, entry)| ids.contains(entry.id()));
        Self {
            built: self.built.clone(),
            off: Arc::new(off.map(|(number, _)| number).collect()),
        }
    }

    pub(super) fn list(&self) -> &List {
        &self.built.list
    }

    /// Whether frames are compared with it: always, unless it holds digests and nothing else.
    pub(super) fn is_perceptual(&self) -> bool {
        self.exact_rows() < self.list().rows().len() || self.built.exact.is_empty()
    }

    /// Rows with a digest.
    pub(super) fn exact_rows(&self) -> usize {
        self.list().rows().len() - self.codes(Table::Wholes) - self.codes(Table::Windows)
    }

    /// Perceptual rows that state a quality below this one.
    pub(super) fn rows_below(&self, quality: Quality) -> usize {
        self.built.qualities[..quality.get().into()].iter().sum()
    }

    /// How many codes are searched.
    pub(super) fn codes(&self, table: Table) -> usize {
        self.codes_of(table).rows.len()
    }

    fn codes_of(&self, table: Table) -> &Codes {
        match table {
            Table::Wholes => &self.built.wholes,
            Table::Windows => &self.built.windows,
        }
    }

    /// Whether windows are looked up in it.
    pub(super) fn has_windows(&self) -> bool {
        self.codes(Table::Windows) > 0
    }

    /// The windows of an entry.
    pub(super) fn windows(&self, entry: usize) -> impl Iterator<Item = &Row> {
        let all = &self.built.windows_by_entry;
        let from = all.partition_point(|(other, _)| *other < entry);
        let own = all[from..]
            .iter()
            .take_while(move |(other, _)| *other == entry);
        own.map(|(_, row)| &self.list().rows()[*row])
    }

    /// Entries that are switched off.
    pub(super) fn switched_off(&self) -> usize {
        self.off.len()
    }

    /// The algorithms of which there are digests.
    pub(super) fn digest_kinds(&self) -> &[DigestKind] {
        &self.built.kinds
    }

    /// The rows with this digest.
    pub(super) fn exactly(&self, digest: Digest) -> impl Iterator<Item = &Row> {
        let rows = self.built.exact.get(&digest).into_iter().flatten();
        rows.map(|&number| &self.list().rows()[number])
            .filter(|row| !self.off.contains(&row.entry()))
    }

    /// The rows near these hashes whose quality is enough, nearest first, equally near ones in the order of the hashes: each with
    /// the place of its hash among them.
    pub(super) fn near(
        &self,
        table: Table,
        codes: &[Pdq],
        radius: Radius,
        minimum: Quality,
    ) -> impl Iterator<Item = (usize, Hit, &Row)> {
        let searched = self.codes_of(table);
        let row = |number: usize| &self.list().rows()[searched.rows[number]];
        let is_on = |number| {
            let row = row(number);
            row.quality().is_none_or(|quality| quality >= minimum)
                && !self.off.contains(&row.entry())
        };
        let mut hits: Vec<(usize, Hit)> = Vec::new();
        let ControlFlow::Continue(()) = searched.index.visit_each(codes, radius, |number, hit| {
            if is_on(hit.row) {
                hits.push((number, hit));
            }
            ControlFlow::<Infallible>::Continue(())
        });
        hits.sort_unstable_by_key(|&(number, hit)| (hit.distance, number, hit.row));
        hits.into_iter()
            .map(move |(number, hit)| (number, hit, row(hit.row)))
    }
}
