//! A search by tables: in each, the homes of pieces near the query's; there, codes whose next piece is near too; of those, all
//! 256 bits.
//!
//! Memory is asked for before it is read, since it is what takes the time: lines some tables ahead, and of what passed in a
//! table, each time a table later, where rows stand, the rows, and their codes.

use std::ops::ControlFlow;

use super::build::own;
use super::kernel::Machine;
use super::layout::{LINE, Last, PIECES, Run, VALUES};
use super::ring::{FLIPS, MOST_PROBES, Thresholds, first_visit, limit, piece, probes};
use super::scan::Hit;
use super::search::{Search, Tables, words};

/// What a code that passes costs, in codes whose prefix is looked at instead. One that is compared in a long run costs a half.
const PASSING_IN_PREFIXES: usize = 160;

/// Tables are given up rather than let what passes cost more than this part of looking at all.
const MOST_PASSING: (usize, usize) = (2, 5);

/// Tables for which memory is asked ahead, where each has few homes to look at.
const FEW_AHEAD: usize = 3;

/// Lines of a home for which memory is asked ahead.
const LINES_AHEAD: usize = 8;

/// Tables of which something is kept: one that is looked at, and those before it, each a step further.
const STEPS: usize = 4;

/// The homes of a table that are to be looked at, and in how many bits the next piece may differ there.
struct Visits<const P: usize> {
    homes: [u32; P],
    limits: [u16; P],
    count: usize,
}

impl<const P: usize> Visits<P> {
    const NONE: Self = Self {
        homes: [0; P],
        limits: [0; P],
        count: 0,
    };

    /// Without a branch, which no CPU could foretell.
    #[inline(always)]
    fn push_if(&mut self, is_new: bool, home: u32, limit: u16) {
        if let (Some(to), Some(limit_to)) = (
            self.homes.get_mut(self.count),
            self.limits.get_mut(self.count),
        ) {
            (*to, *limit_to) = (home, limit);
        }
        self.count += usize::from(is_new);
    }
}

/// Homes that may go on in the overflow, and those that do.
struct Further<const P: usize> {
    of: [(u32, u16, Run); P],
    count: usize,
}

impl<const P: usize> Further<P> {
    /// A bit for each code of a line whose next piece is near. Notes the home if this is where it goes on.
    #[inline(always)]
    fn near<M: Machine>(
        &mut self,
        machine: M,
        line: &[u8; 64],
        piece: u16,
        (home, limit): (u32, u16),
    ) -> u32 {
        let near = machine.near_pieces(line, piece, limit);
        let last = Last::of(line);
        // Not by a branch, which no CPU could foretell.
        if let Some(further) = self.of.get_mut(self.count) {
            *further = (home, limit, last.run());
        }
        self.count += usize::from(last.goes_on());
        // The line's end seldom seems to be near, and what is behind its codes.
        if near << 1 == 0 {
            0
        } else {
            near & last.mask()
        }
    }
}

/// What is looked for in a table.
#[derive(Clone, Copy)]
struct Of<'a> {
    homes: &'a [u32],
    limits: &'a [u16],
    thresholds: &'a Thresholds,
}

impl<'a> Of<'a> {
    #[inline(always)]
    fn new<const P: usize>(visits: &'a Visits<P>, thresholds: &'a Thresholds) -> Self {
        Self {
            homes: visits.homes.get(..visits.count).unwrap_or_default(),
            limits: &visits.limits,
            thresholds,
        }
    }

    #[inline(always)]
    fn visits(self) -> impl Iterator<Item = (u32, u16)> {
        self.homes.iter().copied().zip(self.limits.iter().copied())
    }
}

/// Codes of a table that passed.
struct Passed<'a> {
    table: usize,
    are: Known,
    /// Their homes.
    homes: &'a mut [u32],
    /// What is known of them; as many as there is room for.
    of: &'a mut [u32],
    count: usize,
    /// Whether it is decided that the table is looked at to its end, however many pass.
    is_decided: bool,
}

impl<'a> Passed<'a> {
    #[inline(always)]
    fn new(homes: &'a mut [u32], of: &'a mut [u32]) -> Self {
        Self {
            table: 0,
            are: Known::Places,
            homes,
            of,
            count: 0,
            is_decided: false,
        }
    }

    #[inline(always)]
    fn begin(&mut self, table: usize) {
        (self.table, self.are, self.is_decided) = (table, Known::Places, false);
    }
}

/// What is known of codes that passed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Which of its home each is.
    Places,
    /// Where their rows stand.
    Ranks,
    /// Their rows.
    Rows,
}

/// Why looking into a table ends before its end.
enum End<B> {
    /// The visitor broke.
    Visitor(B),
    /// It turned out to be more work than looking at every code.
    TooMuch,
}

impl<B, F: FnMut(Hit) -> ControlFlow<B>> Search<'_, F> {
    /// Looks into the tables. Where that turns out to be more work than looking at every code, gives the number of tables whose
    /// codes were all shown.
    #[inline(always)]
    pub(super) fn look_up<M: Machine>(&mut self, machine: M) -> Result<ControlFlow<B>, usize> {
        let thresholds = self.thresholds;
        if thresholds.iter().all(|&threshold| threshold <= 1) {
            self.pipeline::<M, 17, { FEW_AHEAD + 1 }, 64>(machine, thresholds)
        } else {
            self.pipeline::<M, MOST_PROBES, 2, 512>(machine, thresholds)
        }
    }

    /// Each step asks for a table's lines, looks at those that were asked for `R - 1` steps before, and goes a step further with
    /// what passed in the tables before that. `P` are the most homes of a table, `K` the codes of one that are kept.
    #[inline(always)]
    fn pipeline<M: Machine, const P: usize, const R: usize, const K: usize>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
    ) -> Result<ControlFlow<B>, usize> {
        let mut visits = [const { Visits::<P>::NONE }; R];
        let mut further = Further {
            of: [(0, 0, Run::default()); P],
            count: 0,
        };
        let (mut homes, mut of) = ([[0; K]; STEPS], [[0; K]; STEPS]);
        let [a, b, c, d] = &mut homes;
        let [e, f, g, h] = &mut of;
        let mut passed = [
            Passed::new(a, e),
            Passed::new(b, f),
            Passed::new(c, g),
            Passed::new(d, h),
        ];
        for step in 0..PIECES + R - 1 + STEPS {
            let lagging = |by: usize| step.checked_sub(R - 1 + by).filter(|&t| t < PIECES);
            if let Some(table) = lagging(4) {
                let flow = self.verify(machine, thresholds, &mut passed[table % STEPS]);
                if flow.is_break() {
                    return Ok(flow);
                }
            }
            if let Some(table) = lagging(3) {
                self.find_rows(machine, &mut passed[table % STEPS]);
            }
            if let Some(table) = lagging(2) {
                self.find_ranks(machine, &mut passed[table % STEPS]);
            }
            if let Some(table) = lagging(1) {
                let of = Of::new(&visits[table % R], thresholds);
                let passed_here = &mut passed[table % STEPS];
                match self.look_further(machine, of, &further, passed_here) {
                    ControlFlow::Continue(()) => {}
                    ControlFlow::Break(end) => {
                        return self.end(machine, thresholds, table, &mut passed, end);
                    }
                }
            }
            if let Some(table) = lagging(0) {
                let of = Of::new(&visits[table % R], thresholds);
                let passed_here = &mut passed[table % STEPS];
                passed_here.begin(table);
                let flow = if self.layout.homes.have_one_line_each() {
                    self.look::<M, P, true>(machine, of, passed_here, &mut further)
                } else {
                    self.look::<M, P, false>(machine, of, passed_here, &mut further)
                };
                match flow {
                    ControlFlow::Continue(()) => {}
                    ControlFlow::Break(end) => {
                        return self.end(machine, thresholds, table, &mut passed, end);
                    }
                }
            }
            if step < PIECES {
                self.ask(machine, thresholds, step, &mut visits[step % R]);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Finds the homes of a table that may hold something, each once, and asks for their lines.
    #[inline(always)]
    fn ask<M: Machine, const P: usize>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        table: usize,
        visits: &mut Visits<P>,
    ) {
        visits.count = 0;
        let threshold = thresholds[table];
        let Some(most) = limit(thresholds, table, 0) else {
            return;
        };
        let homes = self.layout.homes;
        let lines = self.bytes[self.layout.tables[table].lines.clone()].as_ptr();
        let prefetch = |home: u32| {
            let first = homes.first_line(home as usize);
            machine.prefetch(lines.wrapping_add(64 * first));
            if !homes.have_one_line_each() {
                for line in 1..LINES_AHEAD.min(homes.first_line(home as usize + 1) - first) {
                    machine.prefetch(lines.wrapping_add(64 * (first + line)));
                }
            }
        };
        let own = piece(&self.query, table);
        let own_home = homes.of_piece(own);
        prefetch(own_home);
        visits.push_if(true, own_home, most);
        if threshold == 1 {
            // From the highest bit on, each is nearer than the one before it, above or below.
            let mut neighbours = [0; 16];
            for (neighbour, bit) in neighbours.iter_mut().zip((0..16).rev()) {
                *neighbour = homes.of_piece(own ^ 1 << bit);
            }
            let (mut above, mut below) = (u32::MAX, u32::MAX);
            for (home, bit) in neighbours.into_iter().zip((0..16).rev()) {
                prefetch(home);
                if bit > homes.shared_bits() {
                    visits.push_if(true, home, most - 1);
                    continue;
                }
                let is_above = own >> bit & 1 == 0;
                let last = if is_above { above } else { below };
                above = if is_above { home } else { above };
                below = if is_above { below } else { home };
                visits.push_if(home != last && home != own_home, home, most - 1);
            }
        } else if threshold > 1 {
            let mut seen = [0u64; VALUES / 64];
            let mut is_new = |home: u32| {
                let (word, bit) = (&mut seen[home as usize / 64], 1 << (home % 64));
                let is_new = *word & bit == 0;
                *word |= bit;
                is_new
            };
            is_new(own_home);
            for &flip in &FLIPS[1..probes(threshold).unwrap_or(1)] {
                let home = homes.of_piece(own ^ flip);
                prefetch(home);
                #[expect(clippy::cast_possible_truncation, reason = "at most 3")]
                let bits = flip.count_ones() as u16;
                visits.push_if(is_new(home), home, most - bits);
            }
        }
        self.work.probes += visits.count;
    }

    /// Compares the next piece of all that stands in the lines of homes.
    #[inline(always)]
    fn look<M: Machine, const P: usize, const ONE_LINE_EACH: bool>(
        &mut self,
        machine: M,
        of: Of<'_>,
        passed: &mut Passed<'_>,
        further: &mut Further<P>,
    ) -> ControlFlow<End<B>> {
        let table = &self.layout.tables[passed.table];
        let (lines, _) = self.bytes[table.lines.clone()].as_chunks();
        let piece = piece(&self.query, (passed.table + 1) % PIECES);
        further.count = 0;
        for (home, limit) in of.visits() {
            if ONE_LINE_EACH {
                let Some(line) = lines.get(home as usize) else {
                    break; // which happens to no home
                };
                let near = further.near(machine, line, piece, (home, limit));
                if near != 0 {
                    self.keep(machine, of, passed, home, 0, near)?;
                }
            } else {
                let of_home = self.layout.homes.lines_of(home as usize);
                self.work.lines += of_home.len();
                let of_home = lines.get(of_home).unwrap_or_default();
                for (line, first) in of_home.iter().zip((0..).step_by(LINE)) {
                    let near = further.near(machine, line, piece, (home, limit));
                    if near != 0 {
                        self.keep(machine, of, passed, home, first, near)?;
                    }
                }
            }
        }
        self.work.lines += if ONE_LINE_EACH { of.homes.len() } else { 0 };
        for (_, _, run) in further.of.iter().take(further.count) {
            let ahead = lines.as_ptr().wrapping_add(run.line());
            machine.prefetch(ahead.cast());
        }
        ControlFlow::Continue(())
    }

    /// The same, of what stands in the overflow.
    #[inline(always)]
    fn look_further<M: Machine, const P: usize>(
        &mut self,
        machine: M,
        of: Of<'_>,
        further: &Further<P>,
        passed: &mut Passed<'_>,
    ) -> ControlFlow<End<B>> {
        let table = &self.layout.tables[passed.table];
        let (lines, _) = self.bytes[table.lines.clone()].as_chunks();
        let piece = piece(&self.query, (passed.table + 1) % PIECES);
        self.work.lines += further.count;
        for &(home, limit, run) in further.of.iter().take(further.count) {
            if run.is_long() {
                self.look_long(machine, of, (home, limit), run, passed)?;
                continue;
            }
            let Some(line) = lines.get(run.line()) else {
                continue; // which happens to no run
            };
            let near = machine.near_pieces(line, piece, limit) & run.mask();
            if near != 0 {
                let first = run.first(self.own(home));
                self.keep(machine, of, passed, home, first, near)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The same, of a run of many lines.
    #[inline(never)]
    fn look_long<M: Machine>(
        &mut self,
        machine: M,
        of: Of<'_>,
        (home, limit): (u32, u16),
        run: Run,
        passed: &mut Passed<'_>,
    ) -> ControlFlow<End<B>> {
        let table = &self.layout.tables[passed.table];
        let (lines, _) = self.bytes[table.lines.clone()].as_chunks();
        let piece = piece(&self.query, (passed.table + 1) % PIECES);
        let own = self.own(home);
        let length = run.lines(lines).size_hint().0;
        if !passed.is_decided
            && LINE * (self.work.lines - self.before.lines + length) > self.most_compared()
        {
            return ControlFlow::Break(End::TooMuch);
        }
        for (line, first, mask) in run.lines(lines) {
            self.work.lines += 1;
            let near = machine.near_pieces(line, piece, limit) & mask;
            if near != 0 {
                self.keep(machine, of, passed, home, own.wrapping_add(first), near)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The number, in its home, of the first code in the overflow.
    #[inline(always)]
    fn own(&self, home: u32) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "below 2^32 codes")]
        let own = own(self.layout.homes.lines_of(home as usize).len()) as u32;
        own
    }

    /// Keeps what passed of a line whose first code is number `first` of its home.
    #[inline(never)]
    fn keep<M: Machine>(
        &mut self,
        machine: M,
        of: Of<'_>,
        passed: &mut Passed<'_>,
        home: u32,
        first: u32,
        mut near: u32,
    ) -> ControlFlow<End<B>> {
        let before = self.bytes[self.layout.tables[passed.table].before.clone()].as_ptr();
        machine.prefetch(before.wrapping_add(4 * home as usize));
        while near != 0 {
            if passed.count == passed.of.len() {
                self.make_room(machine, of, passed)?;
            }
            passed.homes[passed.count] = home;
            passed.of[passed.count] = first.wrapping_add(near.trailing_zeros());
            passed.count += 1;
            near &= near - 1;
        }
        ControlFlow::Continue(())
    }

    /// Verifies what is kept of a table. The first time it is counted how many will pass; nothing was shown by then.
    #[inline(never)]
    fn make_room<M: Machine>(
        &mut self,
        machine: M,
        of: Of<'_>,
        passed: &mut Passed<'_>,
    ) -> ControlFlow<End<B>> {
        if !passed.is_decided {
            let most = match self.tables {
                Tables::Always => usize::MAX,
                _ => self.cost_of_all() * MOST_PASSING.0 / (MOST_PASSING.1 * PASSING_IN_PREFIXES),
            };
            let passing = self.passing(machine, of, passed.table);
            if self.work.verified - self.before.verified + passing > most {
                return ControlFlow::Break(End::TooMuch);
            }
            passed.is_decided = true;
        }
        let flow = self.settle(machine, of.thresholds, passed);
        passed.are = Known::Places;
        flow.map_break(End::Visitor)
    }

    /// How many codes of a table pass.
    fn passing<M: Machine>(&self, machine: M, of: Of<'_>, table: usize) -> usize {
        let ranges = &self.layout.tables[table];
        let (lines, _) = self.bytes[ranges.lines.clone()].as_chunks();
        let piece = piece(&self.query, (table + 1) % PIECES);
        let mut passing = 0;
        for (home, limit) in of.visits() {
            let mut count = |line: &[u8; 64], mask: u32| {
                let near = machine.near_pieces(line, piece, limit) & mask;
                passing += near.count_ones() as usize;
            };
            let of_home = self.layout.homes.lines_of(home as usize);
            for line in lines.get(of_home).unwrap_or_default() {
                let last = Last::of(line);
                count(line, last.mask());
                if last.goes_on() {
                    let run = last.run();
                    if run.is_long() {
                        run.lines(lines)
                            .for_each(|(line, _, mask)| count(line, mask));
                    } else if let Some(line) = lines.get(run.line()) {
                        count(line, run.mask());
                    }
                }
            }
        }
        passing
    }

    /// Together with those that pass, less than looking at all.
    fn most_compared(&self) -> usize {
        match self.tables {
            Tables::Always => usize::MAX,
            Tables::Until(codes) => codes,
            _ => self.cost_of_all() / 2,
        }
    }

    /// Looks up where the rows of what has passed stand, and asks for them.
    #[inline(always)]
    fn find_ranks<M: Machine>(&self, machine: M, passed: &mut Passed<'_>) {
        let table = &self.layout.tables[passed.table];
        let (before, _) = self.bytes[table.before.clone()].as_chunks();
        let rows = self.bytes[table.rows.clone()].as_ptr();
        let each = passed.of.iter_mut().zip(&*passed.homes);
        for (of, &home) in each.take(passed.count) {
            let before = before
                .get(home as usize)
                .map_or(0, |&four| u32::from_le_bytes(four));
            *of = of.wrapping_add(before);
            machine.prefetch(rows.wrapping_add(self.layout.row_bytes * *of as usize));
        }
        passed.are = Known::Ranks;
    }

    /// Looks up the rows of what has passed, and asks for their codes.
    #[inline(always)]
    fn find_rows<M: Machine>(&self, machine: M, passed: &mut Passed<'_>) {
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
        passed.are = Known::Rows;
    }

    /// Compares whole codes of what has passed, and shows those that no table before has shown.
    #[inline(always)]
    fn verify<M: Machine>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        passed: &mut Passed<'_>,
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

    /// All that is left to do for what has passed.
    #[inline(always)]
    fn settle<M: Machine>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        passed: &mut Passed<'_>,
    ) -> ControlFlow<B> {
        if passed.are == Known::Places {
            self.find_ranks(machine, passed);
        }
        if passed.are == Known::Ranks {
            self.find_rows(machine, passed);
        }
        self.verify(machine, thresholds, passed)
    }

    /// Ends in the middle of a table: shows what the tables before it have passed, and leaves the rest to whoever looks at
    /// every code.
    #[inline(never)]
    fn end<M: Machine>(
        &mut self,
        machine: M,
        thresholds: &Thresholds,
        table: usize,
        passed: &mut [Passed<'_>; STEPS],
        end: End<B>,
    ) -> Result<ControlFlow<B>, usize> {
        if let End::Visitor(value) = end {
            return Ok(ControlFlow::Break(value));
        }
        for before in table.saturating_sub(STEPS - 1)..table {
            let flow = self.settle(machine, thresholds, &mut passed[before % STEPS]);
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Err(table)
    }
}
