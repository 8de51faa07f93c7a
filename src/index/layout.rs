//! Where everything lies in an index: little-endian arrays in one run of bytes, which may be a file.
//!
//! ```text
//! 0    magic, 8 bytes
//! 8    number of codes N, u64
//! 16   whether there are tables, u64: 0 or 1
//! 24   16 u64: how many lines the overflow of each table has; 0 where there are no tables
//! 192  three planes of N u32, padded to the next multiple of 16: bits 0..32, 32..64 and 64..96 of each code
//!      N codes of 32 bytes, their bits in the index's order, in the order of their rows
//!      where there are tables, for each of the 16 pieces of 16 bits:
//!        L lines of 64 bytes, and behind them those of the overflow
//!        H u32: how many codes are in the homes before each home
//!        N rows of 3 bytes, or of 4 above 2^24 codes, and one byte more: by their homes, then in order
//! ```
//!
//! Each array begins at a multiple of 64, and what lies between is 0.
//!
//! L is 20 N / 527 rounded up, at least 1: so many lines are full to 85 % in the mean. H, the number of homes, is L, at most 65,536.
//! A code whose piece is `v` is at home in `v H / 65,536`, rounded down; so codes with equal or neighbouring pieces share a home.
//! Home `h` has the lines from `h L / H` to before `(h + 1) L / H`, both rounded down: one up to 1.7 million codes, more above.
//!
//! A line holds 31 u16. Each is the *next* piece of a code (the first after the last), so that one comparison of 32 lanes tells who of a
//! line is near. The last u16 says how many there are. A home fills its lines in order. Where they do not suffice, its last line
//! holds 29, then a u32 that says at which u16, from the beginning of the lines, the home goes on; and its last u16 is 2^15 and how many
//! follow there. Up to 32 lie in one line. More begin with a line, whose first two u16, as a u32, say how many they are; that
//! last u16 is then 2^15.

use std::ops::Range;

pub(super) const MAGIC: [u8; 8] = *b"ijkindx2";

/// Pieces of a code.
pub(super) const PIECES: usize = 16;

/// Values of a piece.
pub(super) const VALUES: usize = 1 << 16;

/// Codes that a line holds, and that it holds where its home goes on in the overflow.
pub(super) const LINE: usize = 31;
pub(super) const FULL_LINE: usize = 29;

/// Of a line's last u16.
pub(super) const GOES_ON: u16 = 1 << 15;

/// Before the arrays.
pub(super) const HEAD: usize = 192;

/// Where the arrays of an index lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) planes: [Range<usize>; 3],
    pub(super) codes: Range<usize>,
    pub(super) tables: Vec<Table>,
    pub(super) homes: Homes,
    /// Bytes of a row in the tables.
    pub(super) row_bytes: usize,
    /// The bytes of it all.
    pub(super) length: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// With the overflow.
    pub(super) lines: Range<usize>,
    pub(super) before: Range<usize>,
    pub(super) rows: Range<usize>,
}

/// Who is at home where, in every table alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Homes {
    pub(super) count: usize,
    pub(super) lines: usize,
    shared_bits: u32,
}

impl Homes {
    pub(super) fn of(codes: usize) -> Self {
        let lines = (20 * codes).div_ceil(527).max(1);
        let count = lines.min(VALUES);
        let most_pieces = VALUES.div_ceil(count); // of a home
        Self {
            count,
            lines,
            shared_bits: (most_pieces - 1).checked_ilog2().map_or(0, |bit| bit + 1),
        }
    }

    /// The home of a piece.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "at most 65,536 homes")]
    pub(super) fn of_piece(self, piece: u16) -> u32 {
        (u32::from(piece) * self.count as u32) >> 16 // below 2^32, for pieces and homes are at most 2^16
    }

    /// Pieces that differ in a higher bit than so many of the lowest never share a home.
    #[inline(always)]
    pub(super) fn shared_bits(self) -> u32 {
        self.shared_bits
    }

    /// Whether no home has more lines than one.
    #[inline(always)]
    pub(super) fn have_one_line_each(self) -> bool {
        self.lines <= VALUES
    }

    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most the number of lines"
    )]
    pub(super) fn first_line(self, home: usize) -> usize {
        if self.have_one_line_each() {
            home
        } else {
            (home as u64 * self.lines as u64 / VALUES as u64) as usize
        }
    }

    /// The lines of a home; one at least.
    #[inline(always)]
    pub(super) fn lines_of(self, home: usize) -> Range<usize> {
        self.first_line(home)..self.first_line(home + 1)
    }
}

/// The end of a line: its last eight bytes.
#[derive(Clone, Copy)]
pub(super) struct Last(u64);

impl Last {
    #[inline(always)]
    pub(super) fn of(line: &[u8; 64]) -> Self {
        Self(
            line.last_chunk()
                .map_or(0, |&eight| u64::from_le_bytes(eight)),
        )
    }

    /// A bit for each code in the line.
    #[inline(always)]
    pub(super) fn mask(self) -> u32 {
        let count = if self.goes_on() {
            FULL_LINE
        } else {
            (self.0 >> 48 & 31) as usize
        };
        !(u32::MAX << count)
    }

    /// Whether the home goes on in the overflow.
    #[inline(always)]
    pub(super) fn goes_on(self) -> bool {
        self.0 >> 63 == 1
    }

    /// Where it does, if so.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "so many bits stand there")]
    pub(super) fn run(self) -> Run {
        Run {
            at: (self.0 >> 16) as u32,
            count: (self.0 >> 48) as u16 & !GOES_ON,
        }
    }
}

/// Where a home goes on in the overflow.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    /// In u16 from the beginning of the lines.
    at: u32,
    /// 0 where the run says it itself.
    count: u16,
}

impl Run {
    #[inline(always)]
    pub(super) fn line(self) -> usize {
        self.at as usize / 32
    }

    #[inline(always)]
    fn lane(self) -> u32 {
        self.at % 32
    }

    /// Whether it lies in more lines than one.
    #[inline(always)]
    pub(super) fn is_long(self) -> bool {
        self.count == 0
    }

    /// A bit for each of a short run's codes.
    #[inline(always)]
    pub(super) fn mask(self) -> u32 {
        (u32::MAX >> (32 - u32::from(self.count).clamp(1, 32))) << self.lane()
    }

    /// By how much the number of a code in its home is above that of its lane in a short run.
    #[inline(always)]
    pub(super) fn first(self, own: u32) -> u32 {
        own.wrapping_sub(self.lane())
    }

    /// How many codes it has, if it lies in these lines.
    pub(super) fn count(self, lines: &[[u8; 64]]) -> Option<usize> {
        if self.is_long() {
            let codes = self
                .lines(lines)
                .map(|(_, _, mask)| mask.count_ones() as usize);
            return Some(codes.sum());
        }
        let lies_in_one = self.lane() + u32::from(self.count) <= 32;
        (lies_in_one && self.line() < lines.len()).then_some(usize::from(self.count))
    }

    /// A long run's lines, each with by how much the numbers in it are above the lanes, counted from 0 for the run, and a bit for
    /// each of its codes. Cut off where the overflow ends, which happens in damaged bytes only.
    pub(super) fn lines(self, lines: &[[u8; 64]]) -> impl Iterator<Item = (&[u8; 64], u32, u32)> {
        let lines = lines.get(self.line()..).unwrap_or_default();
        let four = lines.first().and_then(|line| line.first_chunk());
        let count = four.map_or(0, |&four| u32::from_le_bytes(four));
        let end = u64::from(count) + 2;
        let each = (0..end.div_ceil(32)).zip(lines);
        each.map(move |(number, line)| {
            let first = 32 * number;
            let mut mask = u32::MAX;
            if first == 0 {
                mask <<= 2;
            }
            if end < first + 32 {
                mask &= !(u32::MAX << (end - first));
            }
            #[expect(clippy::cast_possible_truncation, reason = "below 2^32 codes")]
            let first = (first as u32).wrapping_sub(2);
            (line, first, mask)
        })
    }
}

impl Layout {
    /// Of so many codes; with tables where `overflows` says how many lines the overflow of each has.
    pub(super) fn of(codes: usize, overflows: Option<[usize; PIECES]>) -> Option<Self> {
        let mut end = HEAD;
        let mut take = |count: usize, bytes: usize| {
            let start = end;
            end = start.checked_add(count.checked_mul(bytes)?)?;
            let taken = start..end;
            end = end.checked_next_multiple_of(64)?;
            Some(taken)
        };
        let padded = codes.checked_next_multiple_of(16)?;
        let planes = [take(padded, 4)?, take(padded, 4)?, take(padded, 4)?];
        let all_codes = take(codes, 32)?;
        let homes = Homes::of(codes);
        let row_bytes = if codes <= 1 << 24 { 3 } else { 4 };
        let mut tables = Vec::new();
        for overflow in overflows.into_iter().flatten() {
            tables.push(Table {
                lines: take(homes.lines.checked_add(overflow)?, 64)?,
                before: take(homes.count, 4)?,
                rows: take(codes * row_bytes + 1, 1)?,
            });
        }
        Some(Self {
            planes,
            codes: all_codes,
            tables,
            homes,
            row_bytes,
            length: end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_aligned_and_do_not_overlap() {
        for codes in [0, 1, 15, 16, 17, 1000] {
            for overflows in [None, Some([0; PIECES]), Some([33; PIECES])] {
                let layout = Layout::of(codes, overflows).unwrap();
                let tables = layout.tables.iter();
                let of_tables = tables.flat_map(|t| [&t.lines, &t.before, &t.rows]);
                let mut end = HEAD;
                for range in layout.planes.iter().chain([&layout.codes]).chain(of_tables) {
                    assert_eq!(range.start % 64, 0);
                    assert!(range.start >= end && range.start < end + 64);
                    end = range.end;
                }
                assert!(layout.length >= end && layout.length < end + 64);
            }
        }
    }

    #[test]
    fn rows_have_four_bytes_where_three_do_not_suffice() {
        for (codes, bytes) in [(1 << 24, 3), ((1 << 24) + 1, 4)] {
            assert_eq!(Layout::of(codes, None).unwrap().row_bytes, bytes);
        }
    }

    #[test]
    fn numbers_that_no_memory_holds_have_no_layout() {
        assert_eq!(Layout::of(usize::MAX / 40, None), None);
        assert_eq!(Layout::of(1, Some([usize::MAX; PIECES])), None);
    }

    #[test]
    fn homes_share_out_pieces_and_lines() {
        for codes in [
            0, 1, 26, 27, 20_000, 1_726_000, 1_727_000, 4_000_000, 10_000_001,
        ] {
            let homes = Homes::of(codes);
            let of_pieces = (0..=u16::MAX).map(|piece| homes.of_piece(piece));
            assert!(of_pieces.clone().is_sorted());
            assert_eq!(of_pieces.clone().next(), Some(0));
            assert_eq!(
                of_pieces.max().map(|last| last as usize + 1),
                Some(homes.count)
            );
            let mut end = 0;
            for home in 0..homes.count {
                let lines = homes.lines_of(home);
                assert_eq!(lines.start, end);
                assert!(!lines.is_empty());
                end = lines.end;
            }
            assert_eq!(end, homes.lines);
        }
    }
}
