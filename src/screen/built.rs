//! What is built from a list once, so that it can be asked: its indexes.

use std::collections::HashMap;
use std::ops::Range;

use crate::baseline::{Code, List, Part, Row, Shown};
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
    pub(super) shown: Option<Shown>,
    pub(super) label: Option<&'a str>,
}

impl<'a> From<&'a Row> for Known<'a> {
    fn from(row: &'a Row) -> Self {
        Self {
            entry: row.entry(),
            quality: row.quality(),
            part: row.part(),
            shown: row.shown(),
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
    /// In the order of their entries, those of one in the order of their times.
    frames: Codes,
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
        let mut numbered: Vec<((usize, u32), usize, Pdq)> = Vec::new();
        for (number, row) in list.rows().iter().enumerate() {
            if let Some(pdq) = row.pdq().filter(|_| Table::of(row) == table) {
                let place = match table {
                    Table::Wholes => (0, 0), // they stay in the order of the list
                    Table::Windows => (row.entry(), 0),
                    Table::Frames => (row.entry(), row.shown().map_or(0, Shown::at_ms)),
                };
                numbered.push((place, number, pdq));
            }
        }
        numbered.sort_unstable_by_key(|&(place, number, _)| (place, number));
        Self {
            index: numbered.iter().map(|&(_, _, pdq)| pdq).collect(),
            rows: numbered.into_iter().map(|(_, number, _)| number).collect(),
        }
    }

    /// The rows of an entry, where rows are in the order of entries.
    fn of_entry(&self, list: &List, entry: usize) -> Range<usize> {
        let is_before = |limit: usize| move |row: &usize| list.rows()[*row].entry() < limit;
        let rows = &self.rows;
        rows.partition_point(is_before(entry))..rows.partition_point(is_before(entry + 1))
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
            frames: Codes::of(&list, Table::Frames),
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
            Table::Frames => &self.frames,
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
        self.windows.of_entry(&self.list, entry)
    }

    /// The rows of an entry's frames, in the order of their times.
    pub(super) fn frames_of(&self, entry: usize) -> Range<usize> {
        self.frames.of_entry(&self.list, entry)
    }

    /// Rows with a digest.
    pub(super) fn exact_rows(&self) -> usize {
        let perceptual = [&self.wholes, &self.windows, &self.frames].map(|codes| codes.rows.len());
        self.list.rows().len() - perceptual.iter().sum::<usize>()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::{FrameRole, NewRow};
    use crate::screen::version::Version;
    use crate::snapshot::{Draft, Snapshot};

    /// Of three entries, the second without frames, in no order.
    fn list() -> List {
        let pdq = |number: u8| Pdq::from_bytes([number; 32]);
        let frame = |id: &str, at_ms, number| {
            NewRow::new(id, pdq(number)).shown(Shown::new(at_ms, 50, FrameRole::Core))
        };
        let part = Part::new([0, 0, 5000, 5000]).unwrap();
        let rows = [
            frame("first", 2000, 1),
            NewRow::new("second", pdq(2)),
            frame("third", 500, 3),
            NewRow::new("first", DigestKind::Md5.of(b"x")),
            frame("first", 0, 4),
            frame("third", 0, 5),
            NewRow::new("third", pdq(6)).window(part),
            frame("first", 2000, 7),
        ];
        List::from_rows(rows).unwrap()
    }

    #[test]
    fn the_frames_of_an_entry_are_one_run_in_the_order_of_their_times() {
        let mut draft = Draft::new(1, "2026-11-22T10:00:00Z".parse().unwrap());
        draft.list(&list()).unwrap();
        let snapshot = Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap();
        let by_list = Version::new(list());
        let by_snapshot = Version::of_snapshot(snapshot.into());
        for version in [&by_list, &by_snapshot] {
            let frames = |name: &str| -> Vec<(u32, u8)> {
                let entry = (0..3).find(|entry| version.name(*entry) == name).unwrap();
                let rows = version.frames_of(entry).map(|number| {
                    let row = version.row(Table::Frames, number);
                    assert_eq!(row.entry, entry);
                    let pdq = version.code(Table::Frames, number);
                    (row.shown.unwrap().at_ms(), pdq.to_bytes()[0])
                });
                rows.collect()
            };
            assert_eq!(frames("first"), [(0, 4), (2000, 1), (2000, 7)]);
            assert_eq!(frames("second"), []);
            assert_eq!(frames("third"), [(0, 5), (500, 3)]);
            let tables = [Table::Wholes, Table::Windows, Table::Frames];
            assert_eq!(tables.map(|table| version.codes(table)), [1, 1, 5]);
            assert_eq!((version.exact_rows(), version.frames_of(3)), (1, 5..5));
        }
    }

    #[test]
    fn a_list_of_frames_and_digests_is_perceptual_and_one_of_digests_is_not() {
        let is_perceptual = |rows: Vec<NewRow>| {
            let list = List::from_rows(rows).unwrap();
            Version::new(list).is_perceptual()
        };
        let digest = || NewRow::new("item", DigestKind::Md5.of(b"x"));
        let frame = NewRow::new("item", Pdq::from_bytes([7; 32]));
        let frame = frame.shown(Shown::new(0, 0, FrameRole::Core));
        assert!(is_perceptual(vec![digest(), frame]) && !is_perceptual(vec![digest()]));
    }
}
