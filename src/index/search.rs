//! One search: by tables where that is less work, by prefixes or whole codes where it is not.

use std::ops::ControlFlow;

use crate::hash::Distance;

use super::kernel::{Machine, Task};
use super::layout::{Layout, PIECES, Table};
use super::permutation::Words;
use super::ring::{FLIPS, MOST_PROBES, Thresholds, first_visit, limit, piece, probes, thresholds};
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
    /// Buckets.
    pub probes: usize,
    /// Codes in them, of each of which one piece was compared.
    pub candidates: usize,
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
            let flow = if thresholds.iter().all(|&threshold| threshold <= 1) {
                self.by_tables::<M, 17, FEW_AHEAD>(machine, &thresholds)
            } else {
                self.by_tables::<M, MOST_PROBES, 1>(machine, &thresholds)
            };
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

/// What a bucket costs, in codes whose prefix is looked at instead, and in codes that are looked at whole.
const PROBE_IN_PREFIXES: usize = 64;
const PROBE_IN_CODES: usize = 8;

/// What a code that passes costs, in codes whose prefix is looked at instead.
const PASSING: usize = 160;

/// Tables for which memory is asked ahead, where each has few buckets.
const FEW_AHEAD: usize = 8;

/// Passing codes of a table that are kept until they are verified.
const KEPT: usize = 512;

/// A bucket to be looked into.
#[derive(Clone, Copy, Default)]
struct Bucket {
    start: u32,
    end: u32,
    limit: u16,
}

/// Codes of a table that passed.
struct Passed {
    table: usize,
    /// Where they stand in the table; once that is looked up, their rows.
    of: [u32; KEPT],
    count: usize,
    are_rows: bool,
}

impl Passed {
    const NONE: Self = Self {
        table: 0,
        of: [0; KEPT],
        count: 0,
        are_rows: false,
    };
}

/// Looking into tables turned out to be more work than looking at every code.
struct TooMuch;

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

    /// Looks into the tables. Where that turns out to be more work than looking at every code, gives the number of
    /// tables whose codes were all shown.
    ///
    /// Memory is asked for before it is read: where buckets begin, then what stands in them, each `AHEAD` tables ahead; then the
    /// rows of what passes, and their codes, a table ahead.
    #[inline(always)]
    fn by_tables<M: Machine, const P: usize, const AHEAD: usize>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
    ) -> Result<ControlFlow<B>, usize> {
        let mut buckets = [[Bucket::default(); P]; AHEAD];
        let mut counts = [0; AHEAD];
        let mut passed = [Passed::NONE; 3];
        let most_candidates = match self.tables {
            Tables::Always => usize::MAX,
            Tables::Until(candidates) => candidates,
            _ => self.codes,
        };
        for step in 0..PIECES + 2 * AHEAD + 2 {
            let lagging = |by: usize| step.checked_sub(by).filter(|&table| table < PIECES);
            if let Some(table) = lagging(2 * AHEAD + 2) {
                let flow = self.verify(machine, thresholds, &mut passed[table % 3]);
                if flow.is_break() {
                    return Ok(flow);
                }
            }
            if let Some(table) = lagging(2 * AHEAD + 1) {
                self.find_rows(machine, &mut passed[table % 3]);
            }
            let mut filtered = 0;
            if let Some(table) = lagging(2 * AHEAD) {
                let buckets = &buckets[table % AHEAD][..counts[table % AHEAD]];
                passed[table % 3].table = table;
                match self.filter(machine, thresholds, buckets, &mut passed[table % 3]) {
                    Ok(ControlFlow::Continue(())) => filtered = table + 1,
                    Ok(flow) => return Ok(flow),
                    Err(TooMuch) => {
                        passed[table % 3].count = 0; // none of which was shown
                        return self.hand_over(machine, thresholds, table, &mut passed);
                    }
                }
            }
            if let Some(table) = lagging(AHEAD) {
                counts[table % AHEAD] =
                    self.load(machine, thresholds, table, &mut buckets[table % AHEAD]);
                if self.work.candidates > most_candidates {
                    return self.hand_over(machine, thresholds, filtered, &mut passed);
                }
            }
            if step < PIECES {
                self.ask(machine, thresholds, step);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Asks for where the buckets of a table begin.
    #[inline(always)]
    fn ask<M: Machine>(&self, machine: M, thresholds: &Thresholds, table: usize) {
        let starts = self.bytes[self.layout.tables[table].starts.clone()].as_ptr();
        let own = piece(&self.query, table);
        for flip in flips(thresholds[table]) {
            machine.prefetch(starts.wrapping_add(4 * usize::from(own ^ flip)));
        }
    }

    /// Finds the buckets of a table that may hold something, and asks for what stands in them.
    #[inline(always)]
    fn load<M: Machine, const P: usize>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        table: usize,
        buckets: &mut [Bucket; P],
    ) -> usize {
        let Table { starts, next, .. } = &self.layout.tables[table];
        let (starts, _) = self.bytes[starts.clone()].as_chunks::<4>();
        let next = self.bytes[next.clone()].as_ptr();
        let own = piece(&self.query, table);
        let mut count = 0;
        for flip in flips(thresholds[table]) {
            let value = usize::from(own ^ flip);
            let (start, end) = (
                u32::from_le_bytes(starts[value]),
                u32::from_le_bytes(starts[value + 1]),
            );
            self.work.probes += 1;
            let Some(limit) = limit(thresholds, table, flip.count_ones()) else {
                continue;
            };
            if start < end && count < P {
                machine.prefetch(next.wrapping_add(2 * start as usize));
                machine.prefetch(next.wrapping_add(2 * (end - 1) as usize));
                self.work.candidates += (end - start) as usize;
                buckets[count] = Bucket { start, end, limit };
                count += 1;
            }
        }
        count
    }

    /// Compares the next piece of all that stands in the buckets of a table.
    #[inline(always)]
    fn filter<M: Machine>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        buckets: &[Bucket],
        passed: &mut Passed,
    ) -> Result<ControlFlow<B>, TooMuch> {
        let Table { next, rows, .. } = &self.layout.tables[passed.table];
        let (next, _) = self.bytes[next.clone()].as_chunks();
        let rows = self.bytes[rows.clone()].as_ptr();
        let piece = piece(&self.query, (passed.table + 1) % PIECES);
        let most = match self.tables {
            Tables::Always => usize::MAX,
            _ => self.codes / PASSING,
        };
        passed.are_rows = false;
        let mut may_give_up = true;
        for (place, bucket) in buckets.iter().enumerate() {
            let (first, last) = (bucket.start / 32, (bucket.end - 1) / 32);
            for line in first..=last {
                let Some(pieces) = next.get(line as usize) else {
                    break;
                };
                let mut near = machine.near_pieces(pieces, piece, bucket.limit);
                if line == first {
                    near &= u32::MAX << (bucket.start % 32);
                }
                if line == last {
                    near &= u32::MAX >> (31 - (bucket.end - 1) % 32);
                }
                while near != 0 {
                    if passed.count == KEPT {
                        // About as much is to come of every bucket.
                        let foreseen = KEPT * buckets.len() / (place + 1);
                        if may_give_up && self.work.verified + foreseen > most {
                            return Err(TooMuch);
                        }
                        may_give_up = false;
                        self.find_rows(machine, passed);
                        let flow = self.verify(machine, thresholds, passed);
                        if flow.is_break() {
                            return Ok(flow);
                        }
                    }
                    let found = 32 * line + near.trailing_zeros();
                    machine.prefetch(rows.wrapping_add(self.layout.row_bytes * found as usize));
                    passed.of[passed.count] = found;
                    passed.count += 1;
                    near &= near - 1;
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Looks up the rows of what has passed, and asks for their codes.
    #[inline(always)]
    fn find_rows<M: Machine>(&self, machine: M, passed: &mut Passed) {
        let rows = &self.bytes[self.layout.tables[passed.table].rows.clone()];
        let codes = self.bytes[self.layout.codes.clone()].as_ptr();
        let bytes = self.layout.row_bytes;
        let mask = if bytes == 3 { 0x00ff_ffff } else { u32::MAX };
        for of in &mut passed.of[..passed.count] {
            let four = rows
                .get(bytes * *of as usize..)
                .and_then(<[u8]>::first_chunk);
            *of = four.map_or(0, |&four| u32::from_le_bytes(four) & mask);
            machine.prefetch(codes.wrapping_add(32 * *of as usize));
        }
        passed.are_rows = true;
    }

    /// Compares whole codes of what has passed, and shows those that no table before has shown.
    #[inline(always)]
    fn verify<M: Machine>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        passed: &mut Passed,
    ) -> ControlFlow<B> {
        let (codes, _) = self.bytes[self.layout.codes.clone()].as_chunks();
        for &row in &passed.of[..std::mem::take(&mut passed.count)] {
            let row = row as usize;
            self.work.verified += 1;
            let distance = machine.distance(&codes[row], &self.query);
            if distance <= u32::from(self.radius)
                && first_visit(thresholds, &words(&codes[row]), &self.query) == Some(passed.table)
            {
                self.show(row, distance)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Shows what the tables before this one have passed, and leaves the rest to whoever looks at every code.
    #[inline(always)]
    fn hand_over<M: Machine>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        table: usize,
        passed: &mut [Passed; 3],
    ) -> Result<ControlFlow<B>, usize> {
        for before in table.saturating_sub(2)..table {
            let passed = &mut passed[before % 3];
            if !passed.are_rows {
                self.find_rows(machine, passed);
            }
            let flow = self.verify(machine, thresholds, passed);
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Err(table)
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
    fn show(&mut self, row: usize, distance: u32) -> ControlFlow<B> {
        #[expect(clippy::cast_possible_truncation, reason = "at most 256")]
        let distance = Distance::of_bits(distance as u16);
        (self.visitor)(Hit { row, distance })
    }
}

/// The values, as differences, that a threshold visits.
#[inline(always)]
fn flips(threshold: i32) -> impl Iterator<Item = u16> {
    FLIPS[..probes(threshold).unwrap_or(0)].iter().copied()
}

#[inline(always)]
fn words(code: &[u8; 32]) -> Words {
    let (eights, _) = code.as_chunks();
    let mut words = [0; 4];
    for (word, &eight) in words.iter_mut().zip(eights) {
        *word = u64::from_le_bytes(eight);
    }
    words
}
