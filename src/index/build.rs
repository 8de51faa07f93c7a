//! Codes to the bytes of an index.

use std::num::NonZero;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::layout::{FULL_LINE, GOES_ON, HEAD, Homes, LINE, Layout, MAGIC, PIECES, Table};
use super::permutation::Words;
use super::ring::piece;

/// How many codes are in each home, of each table; none without tables.
pub(super) struct Census {
    sizes: Vec<Vec<u32>>,
}

impl Census {
    pub(super) fn of(codes: &[Words], with_tables: bool) -> Self {
        if !with_tables {
            return Self { sizes: Vec::new() };
        }
        let homes = Homes::of(codes.len());
        let tables = (0..PIECES).map(|table| (table, vec![0u32; homes.count]));
        let sizes = parallel(codes.len(), tables.collect(), |(table, mut sizes)| {
            for code in codes {
                sizes[homes.of_piece(piece(code, table)) as usize] += 1;
            }
            sizes
        });
        Self { sizes }
    }

    /// How many lines the overflow of each table has.
    pub(super) fn overflows(&self, codes: usize) -> Option<[usize; PIECES]> {
        let homes = Homes::of(codes);
        let mut ends = self.sizes.iter().map(|sizes| {
            let each = sizes.iter().enumerate();
            let end = each.fold(0, |end, (home, &size)| {
                match beyond(size as usize, homes.lines_of(home).len()) {
                    0 => end,
                    beyond => run(end, beyond).end,
                }
            });
            end.div_ceil(32)
        });
        ends.next().map(|first| {
            let mut overflows = [first; PIECES];
            for (overflow, end) in overflows[1..].iter_mut().zip(ends) {
                *overflow = end;
            }
            overflows
        })
    }
}

/// Codes of a home that its own lines do not hold.
pub(super) fn beyond(size: usize, lines: usize) -> usize {
    if size <= LINE * lines {
        0
    } else {
        size - own(lines)
    }
}

/// Codes that lines hold where their home goes on in the overflow.
#[inline(always)]
pub(super) fn own(lines: usize) -> usize {
    LINE * (lines - 1) + FULL_LINE
}

/// Where a run lies that comes behind others: with them in a line where it has room there, otherwise from the next line on.
fn run(end: usize, beyond: usize) -> Range<usize> {
    let count = if beyond > 32 { 2 + beyond } else { beyond };
    let begin = if end % 32 + count > 32 {
        end.next_multiple_of(32)
    } else {
        end
    };
    begin..begin + count
}

/// The bytes of an index. The same codes in the same order give the same bytes, with any number of threads.
pub(super) fn build(codes: &[Words], census: Census, bytes: &mut [u8], layout: &Layout) {
    bytes[..8].copy_from_slice(&MAGIC);
    let lengths = layout
        .tables
        .iter()
        .map(|table| table.lines.len() / 64 - layout.homes.lines);
    let head = [codes.len(), usize::from(!layout.tables.is_empty())];
    let (eights, _) = bytes[8..HEAD].as_chunks_mut();
    for (eight, number) in eights.iter_mut().zip(head.into_iter().chain(lengths)) {
        *eight = (number as u64).to_le_bytes();
    }
    for (plane, range) in layout.planes.iter().enumerate() {
        let (fours, _) = bytes[range.clone()].as_chunks_mut();
        for (four, code) in fours.iter_mut().zip(codes) {
            let eight = code[plane / 2].to_le_bytes();
            let (halves, _) = eight.as_chunks::<4>();
            *four = halves[plane % 2];
        }
    }
    let (eights, _) = bytes[layout.codes.clone()].as_chunks_mut();
    for (eight, word) in eights.iter_mut().zip(codes.as_flattened()) {
        *eight = word.to_le_bytes();
    }

    let (mut rest, mut done) = (bytes, 0);
    let mut parts = Vec::with_capacity(layout.tables.len());
    for ((table, of), sizes) in layout.tables.iter().enumerate().zip(census.sizes) {
        let mut part = |range: &Range<usize>| {
            let (part, behind) =
                std::mem::take(&mut rest)[range.start - done..].split_at_mut(range.len());
            (rest, done) = (behind, range.end);
            part
        };
        let Table {
            lines,
            before,
            rows,
        } = of;
        parts.push(Part {
            table,
            sizes,
            lines: part(lines),
            before: part(before),
            rows: part(rows),
        });
    }
    parallel(codes.len(), parts, |part| part.fill(codes, layout));
}

/// A table that is being filled.
struct Part<'a> {
    table: usize,
    sizes: Vec<u32>,
    lines: &'a mut [u8],
    before: &'a mut [u8],
    rows: &'a mut [u8],
}

/// Where the next code of a home goes.
struct Place {
    /// Of its row.
    rank: u32,
    /// Codes that are there.
    filled: u32,
    /// Codes that its lines take.
    own: u32,
    /// Where those in the overflow begin, in u16 from the beginning of the lines.
    run: u32,
}

impl Part<'_> {
    fn fill(mut self, codes: &[Words], layout: &Layout) {
        let mut places = self.heads(layout.homes);
        let (twos, _) = self.lines.as_chunks_mut::<2>();
        for (row, code) in (0u32..).zip(codes) {
            let home = layout.homes.of_piece(piece(code, self.table)) as usize;
            let next = piece(code, (self.table + 1) % PIECES).to_le_bytes();
            let place = &mut places[home];
            let filled = place.filled as usize;
            let at = if filled < place.own as usize {
                let line = layout.homes.lines_of(home).start + filled / LINE;
                32 * line + filled % LINE
            } else {
                place.run as usize + filled - place.own as usize
            };
            twos[at] = next;
            let at = place.rank as usize * layout.row_bytes;
            self.rows[at..][..layout.row_bytes]
                .copy_from_slice(&row.to_le_bytes()[..layout.row_bytes]);
            place.rank += 1;
            place.filled += 1;
        }
    }

    /// Writes how many codes each home and line has, and where homes go on.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 2^30 codes, and 31 in a line"
    )]
    fn heads(&mut self, homes: Homes) -> Vec<Place> {
        let (mut rank, mut end) = (0, 32 * homes.lines);
        let (lines, overflow) = self.lines.split_at_mut(64 * homes.lines);
        let (lines, _) = lines.as_chunks_mut::<64>();
        let (overflow, _) = overflow.as_chunks_mut::<4>();
        let (before, _) = self.before.as_chunks_mut::<4>();
        let each = self.sizes.iter().zip(before).enumerate();
        each.map(|(home, (&size, before))| {
            *before = u32::to_le_bytes(rank);
            let lines = &mut lines[homes.lines_of(home)];
            let mut left = size as usize;
            let beyond = beyond(left, lines.len());
            let mut place = Place {
                rank,
                filled: 0,
                own: size - beyond as u32,
                run: 0,
            };
            rank += size;
            for line in lines.iter_mut() {
                let used = left.min(LINE);
                left -= used;
                line[62..].copy_from_slice(&(used as u16).to_le_bytes());
            }
            if let (1.., Some(last)) = (beyond, lines.last_mut()) {
                let run = run(end, beyond);
                end = run.end;
                let long = run.len() - beyond;
                place.run = (run.start + long) as u32;
                let mut count = beyond as u16;
                if long > 0 {
                    overflow[run.start / 2 - 16 * homes.lines] = (beyond as u32).to_le_bytes();
                    count = 0;
                }
                last[58..62].copy_from_slice(&(run.start as u32).to_le_bytes());
                last[62..].copy_from_slice(&(GOES_ON | count).to_le_bytes());
            }
            place
        })
        .collect()
    }
}

/// Does something to each, by as many threads as there are CPUs if there are so many codes that it is worth it. What comes of them is in their
/// order.
pub(crate) fn parallel<T: Send, R: Send>(
    codes: usize,
    each: Vec<T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    if codes < WORTH_THREADS || workers == 1 {
        return each.into_iter().map(work).collect();
    }
    let tasks: Vec<_> = each
        .into_iter()
        .map(|task| Mutex::new((Some(task), None)))
        .collect();
    let following = AtomicUsize::new(0);
    let worker = || {
        while let Some(task) = tasks.get(following.fetch_add(1, Ordering::Relaxed)) {
            // Nobody else takes this one, so that it is locked for a moment only.
            let Some(input) = task.lock().ok().and_then(|mut task| task.0.take()) else {
                continue;
            };
            let output = work(input);
            if let Ok(mut task) = task.lock() {
                task.1 = Some(output);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers.min(tasks.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    let done = tasks.into_iter().map(Mutex::into_inner);
    done.filter_map(|task| task.ok()?.1).collect()
}

/// Below, threads cost more than they save.
const WORTH_THREADS: usize = 10_000;
