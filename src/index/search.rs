//! One search: by tables where that is less work, by prefixes or whole codes where it is not.

use std::ops::ControlFlow;

use crate::hash::Distance;

use super::kernel::{Machine, Task};
use super::layout::{Layout, PIECES};
use super::permutation::Words;
use super::ring::{Thresholds, first_visit, probes, thresholds};
use super::scan::Hit;

pub(super) struct Search<'a, F> {
    pub(super) bytes: &'a [u8],
    pub(super) layout: &'a Layout,
    pub(super) codes: usize,
    pub(super) query: Words,
    pub(super) radius: u16,
    pub(super) tables: Tables,
    pub(super) visitor: F,
    pub(super) work: &'a mut Work,
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

impl<B, F: FnMut(Hit) -> ControlFlow<B>> Task for Search<'_, F> {
    type Output = ControlFlow<B>;

    #[inline(always)]
    fn run<M: Machine>(mut self, machine: M) -> ControlFlow<B> {
        let thresholds = thresholds(self.radius);
        let counts = thresholds.map(probes);
        let mut done = 0;
        if self.is_worth_tables(&counts) {
            let flow = self.by_tables(machine, &thresholds);
            match flow {
                Ok(flow) => return flow,
                Err(tables) => done = tables,
            }
        }
        let seen = (done > 0).then_some((&thresholds, done));
        if self.radius <= WIDEST_PREFIX {
            self.by_prefixes(machine, seen)
        } else {
            self.by_codes(machine, seen)
        }
    }
}

/// Beyond, one code in thirty has so near a prefix, and looking at whole codes at once is faster.
const WIDEST_PREFIX: u16 = 38;

/// What a home costs, in codes whose prefix is looked at instead, and in codes that are looked at whole.
const PROBE_IN_PREFIXES: usize = 56;
const PROBE_IN_CODES: usize = 8;

impl<B, F: FnMut(Hit) -> ControlFlow<B>> Search<'_, F> {
    fn is_worth_tables(&self, counts: &[Option<usize>; PIECES]) -> bool {
        let probes = counts.iter().try_fold(0, |sum, &count| Some(sum + count?));
        let each = if self.radius <= WIDEST_PREFIX {
            PROBE_IN_PREFIXES
        } else {
            PROBE_IN_CODES
        };
        let is_worth = match self.tables {
            Tables::Best => probes.is_some_and(|probes| probes * each <= self.codes),
            Tables::Always | Tables::Until(_) => probes.is_some(),
            Tables::Never => false,
        };
        is_worth && !self.layout.tables.is_empty()
    }

    /// Looks at the first 96 bits of every code, sixteen at a time, and at all of those whose are near. `seen` are thresholds
    /// and the number of tables that have shown theirs.
    #[inline(always)]
    fn by_prefixes<M: Machine>(
        &mut self,
        machine: M,
        seen: Option<(&Thresholds, usize)>,
    ) -> ControlFlow<B> {
        let (bytes, layout) = (self.bytes, self.layout);
        let [a, b, c] = &layout.planes;
        let plane = |range: &std::ops::Range<usize>| bytes[range.clone()].as_chunks::<64>().0;
        let planes = plane(a).iter().zip(plane(b)).zip(plane(c));
        let (codes, _) = bytes[layout.codes.clone()].as_chunks();
        let (low, high) = (self.query[0].to_le_bytes(), self.query[1].to_le_bytes());
        let prefix = [&low[..4], &low[4..], &high[..4]].map(|four| {
            four.iter()
                .rfold(0, |word, &byte| word << 8 | u32::from(byte))
        });
        self.work.prefixes += self.codes;
        for (block, ((a, b), c)) in planes.enumerate() {
            let mut near = machine.near_prefixes([a, b, c], prefix, u32::from(self.radius));
            while near != 0 {
                let row = 16 * block + near.trailing_zeros() as usize;
                near &= near - 1;
                let Some(code) = codes.get(row) else { break };
                self.whole(machine, row, code, seen)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Looks at every code.
    #[inline(always)]
    fn by_codes<M: Machine>(
        &mut self,
        machine: M,
        seen: Option<(&Thresholds, usize)>,
    ) -> ControlFlow<B> {
        let (codes, _) = self.bytes[self.layout.codes.clone()].as_chunks();
        for (row, code) in codes.iter().enumerate() {
            self.whole(machine, row, code, seen)?;
        }
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn whole<M: Machine>(
        &mut self,
        machine: M,
        row: usize,
        code: &[u8; 32],
        seen: Option<(&Thresholds, usize)>,
    ) -> ControlFlow<B> {
        self.work.verified += 1;
        let distance = machine.distance(code, &self.query);
        if distance > u32::from(self.radius) {
            return ControlFlow::Continue(());
        }
        if let Some((thresholds, done)) = seen {
            let first = first_visit(thresholds, &words(code), &self.query);
            if first.is_some_and(|first| first < done) {
                return ControlFlow::Continue(());
            }
        }
        self.show(row, distance)
    }

    #[inline(always)]
    pub(super) fn show(&mut self, row: usize, distance: u32) -> ControlFlow<B> {
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
