//! Blocks between calm margins: what stands inside frames, bars, pages, posts and collages whose ground is smooth.
//!
//! A line is calm where hardly any sample differs from the next one along it by more than a threshold. So one colour is calm,
//! and a gradient, and a blurred copy of the picture; a photograph is not. The margins of a block are cut off, the block is
//! split where calm lines cross it, and what is left is a block again.

use super::area::Area;
use super::grey::{Counts, Grey};

/// The share of a calm line, in per cent, that may differ.
const BUSY_PERCENT: usize = 2;

/// Fewer calm lines than this do not split a block: they may be part of it.
const GAP: usize = 2;

/// How often a block may be split.
const DEPTH: usize = 4;

/// Where neighbours differ, counted so that any stretch of any line costs two look-ups.
pub(super) struct Calm<'a> {
    width: usize,
    height: usize,
    /// At column `x`, place `y`: how many of the first `x` pairs along row `y` differ.
    rows: &'a [u16],
    /// At row `y`, place `x`: how many of the first `y` pairs down column `x` differ.
    columns: &'a [u16],
}

impl<'a> Calm<'a> {
    /// Of a picture, and the same one turned.
    pub(super) fn new(grey: &Grey, turned: &Grey, threshold: u8, memory: &'a mut Counts) -> Self {
        let [rows, columns] = memory;
        Self {
            width: grey.width,
            height: grey.height,
            rows: counts(turned, threshold, rows),
            columns: counts(grey, threshold, columns),
        }
    }

    fn row_is_calm(&self, y: usize, block: &Area) -> bool {
        let at = |x: usize| self.rows[self.height * x + y];
        let busy = usize::from(at(block.right - 1) - at(block.left));
        busy * 100 <= BUSY_PERCENT * block.width()
    }

    fn column_is_calm(&self, x: usize, block: &Area) -> bool {
        let at = |y: usize| self.columns[self.width * y + x];
        let busy = usize::from(at(block.bottom - 1) - at(block.top));
        busy * 100 <= BUSY_PERCENT * block.height()
    }

    /// All blocks, and blocks in blocks, whose sides are at least these.
    pub(super) fn blocks(&self, least: [usize; 2]) -> Vec<Area> {
        let mut blocks = Vec::new();
        let whole = Area::of(self.width, self.height);
        self.split(whole, least, DEPTH, &mut blocks);
        blocks
    }

    fn split(&self, block: Area, least: [usize; 2], depth: usize, blocks: &mut Vec<Area>) {
        let Some(block) = self.trimmed(block).filter(|block| block.is_at_least(least)) else {
            return;
        };
        blocks.push(block);
        if depth == 0 {
            return;
        }
        for part in self.bands(&block).into_iter().chain(self.stacks(&block)) {
            self.split(part, least, depth - 1, blocks);
        }
    }

    /// The block without its calm margins; none where nothing is left.
    fn trimmed(&self, mut block: Area) -> Option<Area> {
        loop {
            let before = block;
            let rows = || block.top..block.bottom;
            let top = rows().find(|&y| !self.row_is_calm(y, &block))?;
            let bottom = rows().rfind(|&y| !self.row_is_calm(y, &block))? + 1;
            (block.top, block.bottom) = (top, bottom);
            let columns = || block.left..block.right;
            let left = columns().find(|&x| !self.column_is_calm(x, &block))?;
            let right = columns().rfind(|&x| !self.column_is_calm(x, &block))? + 1;
            (block.left, block.right) = (left, right);
            if block == before {
                return Some(block);
            }
        }
    }

    /// What lies between calm rows; nothing where none cross the block.
    fn bands(&self, block: &Area) -> Vec<Area> {
        let bands = runs(block.top..block.bottom, |y| self.row_is_calm(y, block));
        let band = |(top, bottom)| Area {
            top,
            bottom,
            ..*block
        };
        bands.into_iter().map(band).collect()
    }

    /// What lies between calm columns; nothing where none cross the block.
    fn stacks(&self, block: &Area) -> Vec<Area> {
        let stacks = runs(block.left..block.right, |x| self.column_is_calm(x, block));
        let stack = |(left, right)| Area {
            left,
            right,
            ..*block
        };
        stacks.into_iter().map(stack).collect()
    }
}

/// How many pairs differ, down each column, up to each row. (Along a row, a sum waits for the one before; across rows, many go at a time.)
fn counts<'a>(grey: &Grey, threshold: u8, counts: &'a mut [u16]) -> &'a [u16] {
    let width = grey.width;
    let counts = &mut counts[..width * grey.height];
    counts[..width].fill(0);
    for y in 1..grey.height {
        let (above, below) = counts.split_at_mut(width * y);
        let pairs = grey.row(y - 1).iter().zip(grey.row(y));
        let both = below.iter_mut().zip(&above[width * (y - 1)..]);
        for ((count, before), (upper, lower)) in both.zip(pairs) {
            *count = before + u16::from(upper.abs_diff(*lower) > threshold);
        }
    }
    counts
}

/// The stretches of lines between gaps of calm ones; none where there is only one.
fn runs(lines: std::ops::Range<usize>, is_calm: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut begin = None;
    let mut calm = 0;
    for line in lines.clone() {
        if is_calm(line) {
            calm += 1;
            continue;
        }
        if let (Some(from), true) = (begin, calm >= GAP) {
            runs.push((from, line - calm));
            begin = Some(line);
        }
        begin = begin.or(Some(line));
        calm = 0;
    }
    if let (Some(from), false) = (begin, runs.is_empty()) {
        runs.push((from, lines.end - calm));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White, with blocks of chequers.
    fn page(width: usize, height: usize, blocks: &[Area]) -> Grey {
        let sample = |k: usize| {
            let (x, y) = (k % width, k / width);
            let is_in = |block: &Area| {
                (block.left..block.right).contains(&x) && (block.top..block.bottom).contains(&y)
            };
            if blocks.iter().any(is_in) && (x + y) % 2 == 0 {
                30
            } else {
                250
            }
        };
        Grey::new(width, height, (0..width * height).map(sample).collect())
    }

    fn area([left, top, right, bottom]: [usize; 4]) -> Area {
        Area {
            left,
            top,
            right,
            bottom,
        }
    }

    fn found(grey: &Grey) -> Vec<Area> {
        let mut memory = [vec![7; 100_000], vec![7; 100_000]];
        Calm::new(grey, &grey.turned(), 10, &mut memory).blocks([20, 20])
    }

    #[test]
    fn margins_are_cut_off_and_what_is_apart_is_split() {
        let upper = area([30, 20, 170, 70]);
        let [left, right] = [[30, 90, 90, 140], [110, 90, 170, 140]].map(area);
        let blocks = found(&page(200, 160, &[upper, left, right]));
        let near = |block: &Area| {
            // The differences to the ground begin a sample before the block.
            let expected = [
                upper,
                left,
                right,
                area([30, 20, 170, 140]),
                area([30, 90, 170, 140]),
            ];
            expected.iter().any(|other| {
                block.left.abs_diff(other.left) <= 1
                    && block.top.abs_diff(other.top) <= 1
                    && block.right.abs_diff(other.right) <= 1
                    && block.bottom.abs_diff(other.bottom) <= 1
            })
        };
        assert!(blocks.iter().all(near), "{blocks:?}");
        assert!(blocks.len() >= 5, "{blocks:?}");
    }

    #[test]
    fn small_blocks_and_blank_pages_are_none() {
        assert_eq!(found(&page(200, 160, &[])), []);
        assert_eq!(found(&page(200, 160, &[area([50, 50, 65, 150])])), []);
    }

    #[test]
    fn a_gradient_is_calm() {
        let mut samples: Vec<u8> = (0..200 * 100u32)
            .map(|k| ((k % 200) / 2 + k / 400).to_le_bytes()[0])
            .collect();
        for y in 30..80 {
            for x in 60..150 {
                samples[200 * y + x] = if (x + y) % 2 == 0 { 0 } else { 200 };
            }
        }
        let blocks = found(&Grey::new(200, 100, samples));
        assert_eq!(blocks.len(), 1, "{blocks:?}");
        let [block] = blocks[..] else { unreachable!() };
        assert!(block.left.abs_diff(60) <= 1 && block.right.abs_diff(150) <= 1);
        assert!(block.top.abs_diff(30) <= 1 && block.bottom.abs_diff(80) <= 1);
    }
}
