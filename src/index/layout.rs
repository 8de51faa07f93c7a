//! Where everything lies in an index: little-endian arrays in one run of bytes, which may be a file.
//!
//! ```text
//! 0    magic, 8 bytes
//! 8    number of codes N, u64
//! 16   whether there are tables, u64: 0 or 1
//! 64   three planes of N u32, padded to N16 (the next multiple of 16): bits 0..32, 32..64 and 64..96 of each code
//!      N codes of 32 bytes, their bits in the index's order, in the order of their rows
//!      where there are tables, for each of the 16 pieces of 16 bits:
//!        65,537 u32: where each bucket begins, and the end of the last one
//!        N u16: of each code, in the order of its bucket and then its row, the next piece (the first after the last);
//!               64 bytes behind it may be read
//!        N rows of 3 bytes, or of 4 above 2^24 codes, and one byte more
//! ```
//!
//! Each array begins at a multiple of 64, and what lies between is 0.

use std::ops::Range;

pub(super) const MAGIC: [u8; 8] = *b"ijkindx1";

/// Pieces of a code.
pub(super) const PIECES: usize = 16;

/// Values of a piece.
pub(super) const VALUES: usize = 1 << 16;

/// Where the arrays of an index lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) planes: [Range<usize>; 3],
    pub(super) codes: Range<usize>,
    pub(super) tables: Vec<Table>,
    /// Bytes of a row in the tables.
    pub(super) row_bytes: usize,
    /// The bytes of it all.
    pub(super) length: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) starts: Range<usize>,
    pub(super) next: Range<usize>,
    pub(super) rows: Range<usize>,
}

impl Layout {
    pub(super) fn of(codes: usize, with_tables: bool) -> Self {
        let mut end = 64;
        let mut take = |bytes: usize| {
            let start = end;
            end = (start + bytes).next_multiple_of(64);
            start..start + bytes
        };
        let padded = 4 * codes.next_multiple_of(16);
        let planes = [take(padded), take(padded), take(padded)];
        let all_codes = take(32 * codes);
        let row_bytes = if codes <= 1 << 24 { 3 } else { 4 };
        let tables = if with_tables { PIECES } else { 0 };
        let tables = (0..tables)
            .map(|_| Table {
                starts: take(4 * (VALUES + 1)),
                next: take(2 * codes + 64),
                rows: take(row_bytes * codes + 1),
            })
            .collect();
        Self {
            planes,
            codes: all_codes,
            tables,
            row_bytes,
            length: end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_aligned_and_do_not_overlap() {
        for codes in [0, 1, 15, 16, 17, 1000] {
            for with_tables in [false, true] {
                let layout = Layout::of(codes, with_tables);
                let tables = layout.tables.iter();
                let of_tables = tables.flat_map(|t| [&t.starts, &t.next, &t.rows]);
                let mut end = 64;
                for range in layout.planes.iter().chain([&layout.codes]).chain(of_tables) {
                    assert_eq!(range.start % 64, 0);
                    assert!(range.start >= end && range.start < end + 64);
                    end = range.end;
                }
                assert!(layout.length >= end && layout.length < end + 64);
            }
        }
    }
}
