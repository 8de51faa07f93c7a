//! The front door: one index, which searches by whatever is least work.

use std::convert::Infallible;
use std::ops::ControlFlow;

use crate::hash::{Pdq, Radius};

use super::build::{Census, build, parallel};
use super::kernel::Kernel;
use super::layout::{Last, Layout, MAGIC, PIECES, Table};
use super::memory::{Memory, Shared};
use super::permutation::{Words, permuted, unpermuted};
use super::scan::Hit;
use super::search::{Batch, Tables, Work};

/// Codes in the order of their rows, and tables to find those near a query.
///
/// ```
/// use ijkpunt::hash::{Pdq, Radius};
/// use ijkpunt::index::Index;
///
/// let codes = [Pdq::from_bytes([0; 32]), Pdq::from_bytes([0xff; 32])];
/// let index: Index = codes.into_iter().collect();
/// let hits = index.search(Pdq::from_bytes([0; 32]), Radius::DEFAULT);
/// assert_eq!(hits.iter().map(|hit| hit.row).collect::<Vec<_>>(), [0]);
/// ```
///
/// # Cost
/// 44 bytes a code below 16,384 codes; from there on 131 to 139. Building is parallel, and holds another 36 to 70 bytes a
/// code. A search takes microseconds and allocates for its hits only; it is exact whatever the codes are.
pub struct Index<'a> {
    bytes: Memory<'a>,
    layout: Layout,
    codes: usize,
}

/// Below, looking at every prefix is faster than looking into tables.
const WORTH_TABLES: usize = 1 << 14;

/// What the numbers in tables can tell apart.
const MOST_CODES: usize = 1 << 30;

impl<'a> Index<'a> {
    /// Opens an index where it lies, for instance in a mapped file. Nothing is copied; every number that later code relies on
    /// is checked.
    ///
    /// # Errors
    /// [`IndexError`] where the bytes are not those of an index. That the tables belong to the codes is not checked: who
    /// stores an index stores a digest of it.
    ///
    /// # Cost
    /// One pass over the tables.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, IndexError> {
        Self::open(Memory::Borrowed(bytes))
    }

    fn open(bytes: Memory<'a>) -> Result<Self, IndexError> {
        let number = |at: usize| -> Option<u64> {
            let eight = bytes.get(at..)?.first_chunk()?;
            Some(u64::from_le_bytes(*eight))
        };
        if !bytes.starts_with(&MAGIC) {
            return Err(IndexError::Magic);
        }
        let codes = number(8).and_then(|codes| usize::try_from(codes).ok());
        let codes = codes
            .filter(|&codes| codes <= bytes.len() / 44)
            .ok_or(IndexError::Length)?;
        let mut overflows = [0; PIECES];
        for (overflow, at) in overflows.iter_mut().zip((24..).step_by(8)) {
            let length = number(at).and_then(|length| usize::try_from(length).ok());
            *overflow = length.ok_or(IndexError::Length)?;
        }
        let overflows = match number(16) {
            Some(0) => None,
            Some(1) => Some(overflows),
            _ => return Err(IndexError::Tables),
        };
        let layout = Layout::of(codes, overflows).filter(|layout| layout.length == bytes.len());
        let layout = layout.ok_or(IndexError::Length)?;
        let index = Self {
            bytes,
            layout,
            codes,
        };
        index.check_tables()?;
        Ok(index)
    }

    fn check_tables(&self) -> Result<(), IndexError> {
        let tables = self.layout.tables.iter().collect();
        let checked = parallel(self.codes, tables, |table| {
            self.check_homes(table)?;
            self.check_rows(table)
        });
        let is_good = |checked: &Option<()>| checked.is_some();
        if checked.len() == self.layout.tables.len() && checked.iter().all(is_good) {
            Ok(())
        } else {
            Err(IndexError::Tables)
        }
    }

    /// Whether every row of a table is one of a code.
    fn check_rows(&self, table: &Table) -> Option<()> {
        let rows = self.as_bytes()[table.rows.clone()].chunks_exact(self.layout.row_bytes);
        let number = |row: &[u8]| {
            row.iter()
                .rfold(0, |row, &byte| row << 8 | usize::from(byte))
        };
        // All of them, without a branch for each.
        let largest = rows.take(self.codes).map(number).max();
        largest.is_none_or(|row| row < self.codes).then_some(())
    }

    /// Whether each home has in its lines and in the overflow what is said before it.
    fn check_homes(&self, table: &Table) -> Option<()> {
        let bytes = self.as_bytes();
        let homes = self.layout.homes;
        let (lines, _) = bytes[table.lines.clone()].as_chunks();
        let (before, _) = bytes[table.before.clone()].as_chunks();
        let mut before = before.iter().map(|&four| u32::from_le_bytes(four) as usize);
        let mut here = before.next().filter(|&first| first == 0)?;
        let ends = before.chain([self.codes]);
        for (home, end) in ends.enumerate() {
            let mut left = end.checked_sub(here)?;
            here = end;
            for line in &lines[homes.lines_of(home)] {
                let last = Last::of(line);
                left = left.checked_sub(last.mask().count_ones() as usize)?;
                if last.goes_on() {
                    left = left.checked_sub(last.run().count(lines)?)?;
                }
            }
            if left != 0 {
                return None;
            }
        }
        Some(())
    }

    /// The index as it would lie in a file. The same codes in the same order give the same bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The codes, in the order of their rows.
    #[must_use]
    pub fn codes(&self) -> impl ExactSizeIterator<Item = Pdq> {
        (0..self.codes).map(|row| self.code(row))
    }

    /// The code of a row.
    ///
    /// # Panics
    /// Where there is no such row.
    #[must_use]
    pub fn code(&self, row: usize) -> Pdq {
        let (codes, _) = self.bytes[self.layout.codes.clone()].as_chunks::<32>();
        let (words, _) = codes[row].as_chunks();
        unpermuted(std::array::from_fn(|k| u64::from_le_bytes(words[k])))
    }

    /// Number of codes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes
    }

    /// Whether there is no code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes == 0
    }

    /// Every row within `radius` of `query`, nearest first, equally near ones by row. Equal codes give a hit each.
    #[must_use]
    pub fn search(&self, query: Pdq, radius: Radius) -> Vec<Hit> {
        self.search_where(query, radius, |_| true)
    }

    /// The nearest row within `radius`; of equally near ones the first.
    #[must_use]
    pub fn nearest(&self, query: Pdq, radius: Radius) -> Option<Hit> {
        let mut nearest: Option<Hit> = None;
        let ControlFlow::Continue(()) = self.visit(query, radius, |hit| {
            let is_nearer = |known: Hit| (hit.distance, hit.row) < (known.distance, known.row);
            if nearest.is_none_or(is_nearer) {
                nearest = Some(hit);
            }
            ControlFlow::<Infallible>::Continue(())
        });
        nearest
    }

    /// Any row within `radius`, the first that is met.
    #[must_use]
    pub fn any(&self, query: Pdq, radius: Radius) -> Option<Hit> {
        self.visit(query, radius, ControlFlow::Break).break_value()
    }

    /// As [`search`](Self::search), of the rows that `is_on` says yes to: for entries that are switched off.
    #[must_use]
    pub fn search_where(
        &self,
        query: Pdq,
        radius: Radius,
        mut is_on: impl FnMut(usize) -> bool,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        let ControlFlow::Continue(()) = self.visit(query, radius, |hit| {
            if is_on(hit.row) {
                hits.push(hit);
            }
            ControlFlow::<Infallible>::Continue(())
        });
        hits.sort_unstable_by_key(|hit| (hit.distance, hit.row));
        hits
    }

    /// Shows `visitor` every row within `radius`, once each, in no particular order, until it breaks. Allocates nothing.
    pub fn visit<B>(
        &self,
        query: Pdq,
        radius: Radius,
        mut visitor: impl FnMut(Hit) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.visit_each(&[query], radius, |_, hit| visitor(hit))
    }

    /// The same for many queries, such as all views of an upload: shows the place of the query among `queries` with each hit.
    pub fn visit_each<B>(
        &self,
        queries: &[Pdq],
        radius: Radius,
        visitor: impl FnMut(usize, Hit) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.visit_by(Kernel::best(), Tables::Best, queries, radius, visitor)
            .0
    }

    /// The same by one kernel and in one way, and how much was looked at: for tests and benches.
    #[doc(hidden)]
    pub fn visit_by<B>(
        &self,
        kernel: Kernel,
        tables: Tables,
        queries: &[Pdq],
        radius: Radius,
        visitor: impl FnMut(usize, Hit) -> ControlFlow<B>,
    ) -> (ControlFlow<B>, Work) {
        let mut work = Work::default();
        let flow = kernel.run(Batch {
            bytes: self.as_bytes(),
            layout: &self.layout,
            codes: self.codes,
            queries,
            radius: radius.bits(),
            tables,
            visitor,
            work: &mut work,
        });
        (flow, work)
    }
}

impl Index<'static> {
    /// As [`Index::from_bytes`], of bytes that stay as long as the index does.
    ///
    /// # Errors
    /// As [`Index::from_bytes`].
    pub fn from_shared(bytes: Shared) -> Result<Self, IndexError> {
        Self::open(Memory::Shared(bytes))
    }
}

impl FromIterator<Pdq> for Index<'_> {
    /// # Panics
    /// Where there are more than 2^30 codes.
    fn from_iter<I: IntoIterator<Item = Pdq>>(codes: I) -> Self {
        let words: Vec<Words> = codes.into_iter().map(permuted).collect();
        Self::of(&words, words.len() >= WORTH_TABLES)
    }
}

impl Index<'_> {
    /// With tables or without, whichever is better: for tests and benches.
    #[doc(hidden)]
    pub fn with_tables(codes: impl IntoIterator<Item = Pdq>, with_tables: bool) -> Self {
        let words: Vec<Words> = codes.into_iter().map(permuted).collect();
        Self::of(&words, with_tables)
    }

    #[cfg(test)]
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn of(words: &[Words], with_tables: bool) -> Self {
        let codes = words.len();
        assert!(codes <= MOST_CODES, "more than 2^30 codes");
        let census = Census::of(words, with_tables);
        let layout = Layout::of(codes, census.overflows(codes));
        let layout = layout.unwrap_or_else(|| unreachable!("codes that are in memory"));
        let bytes = Memory::written(layout.length, |bytes| build(words, census, bytes, &layout));
        Self {
            bytes,
            layout,
            codes,
        }
    }
}

impl Default for Index<'_> {
    fn default() -> Self {
        std::iter::empty().collect()
    }
}

/// Shows how many codes there are, never one of them.
impl std::fmt::Debug for Index<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index({} codes)", self.codes)
    }
}

/// Bytes are not those of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// They begin otherwise.
    #[error("not an index of this version: it begins otherwise")]
    Magic,
    /// They are longer or shorter than the number of codes says.
    #[error("not a whole index: its length is not that of its number of codes")]
    Length,
    /// A table names codes that are not there, or buckets out of order.
    #[error("a damaged index: a table names codes that are not there")]
    Tables,
}
