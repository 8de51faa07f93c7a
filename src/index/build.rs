//! Codes to the bytes of an index.

use std::num::NonZero;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::layout::{Layout, MAGIC, PIECES, Table, VALUES};
use super::permutation::Words;
use super::ring::piece;

/// The bytes of an index. The same codes in the same order give the same bytes, with any number of threads.
pub(super) fn build(codes: &[Words], bytes: &mut [u8], layout: &Layout) {
    let head = [codes.len() as u64, u64::from(!layout.tables.is_empty())];
    bytes[..8].copy_from_slice(&MAGIC);
    for (at, number) in [8, 16].into_iter().zip(head) {
        bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
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
    tables(codes, bytes, layout);
}

/// The tables, each by one thread.
fn tables(codes: &[Words], bytes: &mut [u8], layout: &Layout) {
    let mut parts = Vec::with_capacity(layout.tables.len());
    let (mut rest, mut done) = (bytes, 0);
    for table in &layout.tables {
        let Table { starts, next, rows } = table;
        let mut part = |range: &Range<usize>| {
            let (part, behind) =
                std::mem::take(&mut rest)[range.start - done..].split_at_mut(range.len());
            (rest, done) = (behind, range.end);
            part
        };
        parts.push(std::sync::Mutex::new(Some((
            part(starts),
            part(next),
            part(rows),
        ))));
    }
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let following = AtomicUsize::new(0);
    let work = || {
        loop {
            let i = following.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(i) else { return };
            let part = part.lock().ok().and_then(|mut part| part.take());
            if let Some((starts, next, rows)) = part {
                table(codes, i, starts, next, rows, layout.row_bytes);
            }
        }
    };
    if codes.len() < WORTH_THREADS {
        return work();
    }
    thread::scope(|scope| {
        for _ in 1..workers.min(PIECES) {
            scope.spawn(work);
        }
        work();
    });
}

/// Below, threads cost more than they save.
const WORTH_THREADS: usize = 10_000;

/// Counts how many codes have each value of piece `i`, and puts each code behind those before it.
fn table(
    codes: &[Words],
    i: usize,
    starts: &mut [u8],
    next: &mut [u8],
    rows: &mut [u8],
    row_bytes: usize,
) {
    let value = |code: &Words| usize::from(piece(code, i));

    let mut ends = vec![0u32; VALUES + 1];
    for code in codes {
        ends[value(code) + 1] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    let (fours, _) = starts.as_chunks_mut();
    for (four, start) in fours.iter_mut().zip(&ends) {
        *four = start.to_le_bytes();
    }
    let (twos, _) = next.as_chunks_mut();
    for (row, code) in (0u32..).zip(codes) {
        let place = &mut ends[value(code)];
        let at = *place as usize;
        *place += 1;
        twos[at] = piece(code, (i + 1) % PIECES).to_le_bytes();
        rows[row_bytes * at..][..row_bytes].copy_from_slice(&row.to_le_bytes()[..row_bytes]);
    }
}
