//! What is built from a list once, so that it can be asked: its indexes.

use std::collections::HashMap;
use std::ops::Range;

use crate::baseline::{Code, List, Part, Row};
use crate::hash::{Digest, DigestKind, Pdq, Quality};
use crate::index::Index;

use super::version::Table;

/// What belongs to a hash or digest.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known<'a> {
    /// The number of its entry.
    pub(super) entry: usize,
    pub(super) quality: Option<Quality>,
    pub(super) part: Option<Part>,
    pub(super) label: Option<&'a str>,
}

impl<'a> From<&'a Row> for Known<'a> {
    fn from(row: &'a Row) -> Self {
        Self {
            entry: row.entry(),
            quality: row.quality(),
            part: row.part(),
            label: row.label(),
        }
    }
}

/// A list with its indexes.
#[derive(Debug)]
pub(super) struct Built {
    list: List,
    wholes: Codes,
    /// In the order of their entries, so that those of one stand together.
    windows: Codes,
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
        let mut numbered: Vec<(usize, usize, Pdq)> = Vec::new();
        for (number, row) in list.rows().iter().enumerate() {
            let is_window = row.part().is_some();
            if let Some(pdq) = row.pdq().filter(|_| is_window == (table == Table::Windows)) {
                // Wholes stay in the order of the list.
                numbered.push((if is_window { row.entry() } else { 0 }, number, pdq));
            }
        }
        numbered.sort_unstable_by_key(|&(entry, number, _)| (entry, number));
        Self {
            index: numbered.iter().map(|&(_, _, pdq)| pdq).collect(),
            rows: numbered.into_iter().map(|(_, number, _)| number).collect(),
        }
    }
}

impl Built {
    /// # Cost
    /// Linear in the rows.
    pub(super) fn new(list: List) -> Self {
        let mut exact: HashMap<Digest, Vec<usize>> = HashMap::new();
        for (number, row) in list.rows().iter().enumerate() {
            if let Code::Digest(digest) = row.code() {
                exact.entry(digest).or_default().push(number);
            }
        }
        let mut qualities = [0; 101];
        let perceptual = list.rows().iter().filter(|row| row.pdq().is_some());
        for quality in perceptual.filter_map(Row::quality) {
            qualities[usize::from(quality.get())] += 1;
        }
        let has = |kind: &DigestKind| exact.keys().any(|digest| digest.kind() == *kind);
        Self {
            kinds: DigestKind::ALL.into_iter().filter(has).collect(),
            wholes: Codes::of(&list, Table::Wholes),
            windows: Codes::of(&list, Table::Windows),
            exact,
            qualities,
            list,
        }
    }

    /// Perceptual rows that state a quality below this one.
    pub(super) fn rows_below(&self, quality: Quality) -> usize {
        self.qualities[..quality.get().into()].iter().sum()
    }

    pub(super) fn list(&self) -> &List {
        &self.list
    }

    fn codes(&self, table: Table) -> &Codes {
        match table {
            Table::Wholes => &self.wholes,
            Table::Windows => &self.windows,
        }
    }

    pub(super) fn index(&self, table: Table) -> &Index<'static> {
        &self.codes(table).index
    }

    pub(super) fn row(&self, table: Table, number: usize) -> Known<'_> {
        Known::from(&self.list.rows()[self.codes(table).rows[number]])
    }

    /// The rows of an entry's windows.
    pub(super) fn windows_of(&self, entry: usize) -> Range<usize> {
        let is_before = |row: &usize| self.list.rows()[*row].entry() < entry;
        let from = self.windows.rows.partition_point(is_before);
        let is_own = |row: &usize| self.list.rows()[*row].entry() == entry;
        from..from + self.windows.rows[from..].partition_point(is_own)
    }

    /// Rows with a digest.
    pub(super) fn exact_rows(&self) -> usize {
        self.list.rows().len() - self.wholes.rows.len() - self.windows.rows.len()
    }

    pub(super) fn has_digests(&self, kind: DigestKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The rows with this digest.
    pub(super) fn exactly(&self, digest: Digest) -> Vec<Known<'_>> {
        let rows = self.exact.get(&digest).into_iter().flatten();
        rows.map(|&number| Known::from(&self.list.rows()[number]))
            .collect()
    }
}
