//! Searches: by tables where that is less work, by prefixes or whole codes where it is not.

use std::ops::{ControlFlow, Range};

use crate::hash::{Distance, Pdq};

use super::kernel::{Machine, Task};
use super::layout::Layout;
use super::permutation::{Words, permuted};
use super::ring::{Thresholds, first_visit, probes, thresholds};
use super::scan::Hit;

/// Queries that are looked up together.
pub(super) struct Batch<'a, F> {
    pub(super) bytes: &'a [u8],
    pub(super) layout: &'a Layout,
    pub(super) codes: usize,
    pub(super) queries: &'a [Pdq],
    pub(super) radius: u16,
    pub(super) tables: Tables,
    /// Is shown the number of the query with each hit.
    pub(super) visitor: F,
    pub(super) work: &'a mut Work,
}

/// One of them.
pub(super) struct Search<'a, F> {
    pub(super) bytes: &'a [u8],
    pub(super) layout: &'a Layout,
    pub(super) codes: usize,
    pub(super) query: Words,
    pub(super) radius: u16,
    pub(super) thresholds: &'a Thresholds,
    pub(super) tables: Tables,
    pub(super) visitor: F,
    pub(super) work: &'a mut Work,
    /// Of that, what was done for other queries.
    pub(super) before: Work,
    /// Rows that were shown.
    pub(super) shown: usize,
}

/// When a search looks into tables, if there are any. All ways find the same rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tables {
    /// Where that is less work, and as long as it is.
    Best,
    /// Always and to the end, where the radius lets them be looked into.
    Always,
    /// Until so many candidates were met.
    Until(usize),
    /// Never.
    Never,
}

/// What a search has looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Work {
    /// Homes.
    pub probes: usize,
    /// Lines of 64 bytes, of up to 31 codes each in those, of which one piece was compared.
    pub lines: usize,
    /// Codes of which the first 96 bits were compared.
    pub prefixes: usize,
    /// Codes that were compared whole.
    pub verified: usize,
}

impl<B, F: FnMut(usize, Hit) -> ControlFlow<B>> Task for Batch<'_, F> {
    type Output = ControlFlow<B>;

    #[inline(always)]
    fn run<M: Machine>(mut self, machine: M) -> ControlFlow<B> {
        let thresholds = thresholds(self.radius);
        let mut first = 0;
        for queries in self.queries.chunks(AT_ONCE) {
            // Those that are not, or not only, looked up by tables: their numbers, and how many tables have shown theirs.
            let mut left = [(0, [0; 4], 0); AT_ONCE];
            let mut count = 0;
            for (number, &query) in (first..).zip(queries) {
                let query = permuted(query);
                match self.one(&thresholds, number, query).by_tables(machine) {
                    Ok(flow) => flow?,
                    Err(done) => {
                        left[count] = (number, query, done);
                        count += 1;
                    }
                }
            }
            first += queries.len();
            if count > 0 {
                self.without_tables(machine, &thresholds, &left[..count])?;
            }
        }
        ControlFlow::Continue(())
    }
}

impl<B, F: FnMut(usize, Hit) -> ControlFlow<B>> Batch<'_, F> {
    #[inline(always)]
    fn one<'a>(
        &'a mut self,
        thresholds: &'a Thresholds,
        number: usize,
        query: Words,
    ) -> Search<'a, impl FnMut(Hit) -> ControlFlow<B> + use<'a, B, F>> {
        let visitor = &mut self.visitor;
        Search {
            bytes: self.bytes,
            layout: self.layout,
            codes: self.codes,
            query,
            radius: self.radius,
            thresholds,
            tables: self.tables,
            visitor: move |hit| visitor(number, hit),
            before: *self.work,
            work: self.work,
            shown: 0,
        }
    }

    /// Looks at all codes, for all queries at a few thousand of them, which are in the cache then.
    #[inline(always)]
    fn without_tables<M: Machine>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        left: &[(usize, Words, usize)],
    ) -> ControlFlow<B> {
        let step = if left.len() == 1 {
            self.codes.next_multiple_of(16).max(16)
        } else {
            NEAR
        };
        for codes in (0..self.codes).step_by(step) {
            let codes = codes..(codes + step).min(self.codes);
            for &(number, query, done) in left {
                let mut search = self.one(thresholds, number, query);
                if search.radius <= WIDEST_PREFIX {
                    search.by_prefixes(machine, done, codes.clone())?;
                } else {
                    search.by_codes(machine, done, codes.clone())?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// Queries of a batch that are kept until all codes are looked at.
const AT_ONCE: usize = 16;

/// Codes that are looked at for all queries of a batch before others are: their prefixes take 24 KiB. A multiple of 16.
const NEAR: usize = 2048;

/// Beyond, one code in thirty has so near a prefix, and looking at whole codes at once is faster.
const WIDEST_PREFIX: u16 = 38;

/// What a home costs, and a code that is looked at whole, in codes whose prefix is looked at instead.
const HOME_IN_PREFIXES: usize = 56;
const CODE_IN_PREFIXES: usize = 8;

impl<B, F: FnMut(Hit) -> ControlFlow<B>> Search<'_, F> {
    /// Where nothing, or not all, was looked up by tables, gives the number of tables whose codes were all shown; 0 if that
    /// were none.
    #[inline(always)]
    fn by_tables<M: Machine>(&mut self, machine: M) -> Result<ControlFlow<B>, usize> {
        if !self.is_worth_tables() {
            return Err(0);
        }
        let flow = self.look_up(machine);
        flow.map_err(|done| if self.shown > 0 { done } else { 0 })
    }

    /// What looking at every code costs, in prefixes.
    pub(super) fn cost_of_all(&self) -> usize {
        if self.radius <= WIDEST_PREFIX {
            self.codes
        } else {
            CODE_IN_PREFIXES * self.codes
        }
    }

    fn is_worth_tables(&self) -> bool {
        if self.layout.tables.is_empty() {
            return false;
        }
        let mut counts = self.thresholds.iter().map(|&threshold| probes(threshold));
        let probes = counts.try_fold(0, |sum, count| Some(sum + count?));
        match self.tables {
            Tables::Best => {
                probes.is_some_and(|probes| probes * HOME_IN_PREFIXES <= self.cost_of_all())
            }
            Tables::Always | Tables::Until(_) => probes.is_some(),
            Tables::Never => false,
        }
    }

    /// Looks at the first 96 bits of codes, sixteen at a time, and at all of those whose are near. `done` is the number of tables
    /// that have shown theirs. The range begins at a multiple of 16.
    #[inline(always)]
    fn by_prefixes<M: Machine>(
        &mut self,
        machine: M,
        done: usize,
        range: Range<usize>,
    ) -> ControlFlow<B> {
        let (bytes, layout) = (self.bytes, self.layout);
        let blocks = range.start / 16..range.end.div_ceil(16);
        let plane = |plane: &Range<usize>| {
            let (all, _) = bytes[plane.clone()].as_chunks::<64>();
            &all[blocks.clone()]
        };
        let [a, b, c] = layout.planes.each_ref().map(plane);
        let (codes, _) = bytes[layout.codes.clone()].as_chunks();
        let (low, high) = (self.query[0].to_le_bytes(), self.query[1].to_le_bytes());
        let prefix = [&low[..4], &low[4..], &high[..4]].map(|four| {
            four.iter()
                .rfold(0, |word, &byte| word << 8 | u32::from(byte))
        });
        self.work.prefixes += range.len();
        for (block, ((a, b), c)) in blocks.zip(a.iter().zip(b).zip(c)) {
            let mut near = machine.near_prefixes([a, b, c], prefix, u32::from(self.radius));
            while near != 0 {
                let row = 16 * block + near.trailing_zeros() as usize;
                near &= near - 1;
                let Some(code) = codes.get(row) else { break };
                self.whole(machine, row, code, done)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Looks at codes.
    #[inline(always)]
    fn by_codes<M: Machine>(
        &mut self,
        machine: M,
        done: usize,
        range: Range<usize>,
    ) -> ControlFlow<B> {
        let (codes, _) = self.bytes[self.layout.codes.clone()].as_chunks();
        for (row, code) in range.clone().zip(&codes[range]) {
            self.whole(machine, row, code, done)?;
        }
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn whole<M: Machine>(
        &mut self,
        machine: M,
        row: usize,
        code: &[u8; 32],
        done: usize,
    ) -> ControlFlow<B> {
        self.work.verified += 1;
        let distance = machine.distance(code, &self.query);
        if distance > u32::from(self.radius) {
            return ControlFlow::Continue(());
        }
        if done > 0 {
            let first = first_visit(self.thresholds, &words(code), &self.query);
            if first.is_some_and(|first| first < done) {
                return ControlFlow::Continue(());
            }
        }
        self.show(row, distance)
    }

    #[inline(always)]
    pub(super) fn show(&mut self, row: usize, distance: u32) -> ControlFlow<B> {
        self.shown += 1;
        #[expect(clippy::cast_possible_truncation, reason = "at most 256")]
        let distance = Distance::of_bits(distance as u16);
        (self.visitor)(Hit { row, distance })
    }
}

#[inline(always)]
pub(super) fn words(code: &[u8; 32]) -> Words {
    let (eights, _) = code.as_chunks();
    let mut words = [0; 4];
    for (word, &eight) in words.iter_mut().zip(eights) {
        *word = u64::from_le_bytes(eight);
    }
    words
}
