//! Seams between lines of samples, and the stretches of them along which most samples are edges.
//!
//! All seams go side by side, a place at a time: so nothing waits for the place before, and many go at once.

use super::grey::Grey;

/// How much the two samples on one side of an edge have to differ, added up, from the two on the other.
const STEP: i16 = 12;

/// How many lines across, and how many down, are looked at, beside the picture's own sides.
const LINES: usize = 14;

/// A stretch of a seam: in front of sample `at`, from `from` to `to` along it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) at: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Edges less what is none.
    pub(super) score: usize,
}

/// Where edges are, counted so that any stretch of any seam costs two look-ups.
pub(super) struct Seams<'a> {
    /// One left of each column, and one behind the last.
    count: usize,
    /// Samples along a seam.
    length: usize,
    /// At place `y`, seam `x`: how many of the first `y` samples down the seam left of column `x` are edges. `count` seams a place,
    /// `length + 1` places.
    sums: &'a [u16],
    /// Of each seam, a tile of them at a time.
    best: Vec<Stretches>,
}

/// Of each of some seams that lie side by side, the stretch with the most edges less what is none.
#[derive(Clone, Copy, Default)]
struct Stretches {
    from: [i16; TILE],
    to: [i16; TILE],
    score: [i16; TILE],
    /// Twice the edges so far less the length: rises by 1 along an edge and falls by 1 elsewhere.
    height: [i16; TILE],
    /// Where it was lowest, and how low.
    low_at: [i16; TILE],
    low: [i16; TILE],
}

/// How many seams go at a time.
const TILE: usize = 16;

impl Stretches {
    /// Takes what stands before `place` of each seam: 1 for an edge, 0 for none.
    fn extend(&mut self, place: i16, edges: &[u8; TILE]) {
        let mut next = *self;
        for (k, edge) in edges.iter().enumerate() {
            let height = self.height[k] + 2 * i16::from(*edge) - 1;
            let is_low = height < self.low[k];
            let low_at = chosen(is_low, place, self.low_at[k]);
            let low = chosen(is_low, height, self.low[k]);
            let rise = height - low;
            let is_best = rise > self.score[k];
            next.from[k] = chosen(is_best, low_at, self.from[k]);
            next.to[k] = chosen(is_best, place, self.to[k]);
            next.score[k] = chosen(is_best, rise, self.score[k]);
            next.height[k] = height;
            next.low_at[k] = low_at;
            next.low[k] = low;
        }
        *self = next;
    }

    fn of(&self, seam: usize) -> [usize; 3] {
        let known = [self.from[seam], self.to[seam], self.score[seam]];
        known.map(|it| usize::try_from(it).unwrap_or(0))
    }
}

/// Without a branch, which compilers would not do many of at a time.
#[inline(always)]
fn chosen(is_new: bool, new: i16, old: i16) -> i16 {
    let mask = -i16::from(is_new);
    old ^ (old ^ new) & mask
}

impl<'a> Seams<'a> {
    /// The seams left of the columns of a picture of at most 2^15 rows. The outermost two have no edges.
    pub(super) fn down(grey: &Grey, sums: &'a mut [u16]) -> Self {
        let (width, length) = (grey.width, grey.height);
        let count = width + 1;
        let sums = &mut sums[..count * (length + 1)];
        sums[..count].fill(0);
        let mut best = vec![Stretches::default(); count.div_ceil(TILE)];
        // Left of each column: by how much the two samples before differ from the two behind.
        let mut steps = vec![0i16; count];
        let mut edges = vec![0u8; best.len() * TILE];
        for (y, place) in (0..length).zip(1..) {
            let row = grey.row(y);
            let before = row.iter().zip(row.get(1..).unwrap_or_default());
            let behind = row.iter().skip(2).zip(row.get(3..).unwrap_or_default());
            for (step, ((a, b), (c, d))) in steps.iter_mut().skip(2).zip(before.zip(behind)) {
                let [a, b, c, d] = [a, b, c, d].map(|sample| i16::from(*sample));
                *step = ((c + d) - (a + b)).abs();
            }
            let three = steps.iter().zip(&steps[1..]).zip(&steps[2..]);
            for (edge, ((before, here), behind)) in edges[1..width].iter_mut().zip(three) {
                *edge = u8::from((*here >= STEP) & (here >= before) & (here >= behind));
            }
            let (above, below) = sums.split_at_mut(count * (y + 1));
            let both = below.iter_mut().zip(&above[count * y..]);
            for ((sum, before), edge) in both.zip(&edges) {
                *sum = before + u16::from(*edge);
            }
            for (best, edges) in best.iter_mut().zip(edges.as_chunks().0) {
                best.extend(place, edges);
            }
        }
        Self {
            count,
            length,
            sums,
            best,
        }
    }

    /// How many edges there are on a seam, from one place to another.
    pub(super) fn edges(&self, at: usize, [from, to]: [usize; 2]) -> usize {
        let sum = |place: usize| self.sums[self.count * place + at];
        usize::from(sum(to) - sum(from))
    }

    /// The surest lines of at least so many samples, no two of which are nearly the same.
    pub(super) fn lines(&self, least: usize) -> Vec<Line> {
        let mut all: Vec<Line> = Vec::new();
        for at in 0..self.count {
            let whole = [0, self.length];
            if self.edges(at, whole) * 2 >= least {
                self.stretches(
                    at,
                    whole,
                    self.best[at / TILE].of(at % TILE),
                    least,
                    &mut all,
                );
            }
        }
        all.sort_by_key(|line| (std::cmp::Reverse(line.score), line.at, line.from));
        let mut kept: Vec<Line> = Vec::new();
        for line in all {
            if kept.len() == LINES {
                break;
            }
            let is_known = |other: &Line| {
                let common = line
                    .to
                    .min(other.to)
                    .saturating_sub(line.from.max(other.from));
                other.at.abs_diff(line.at) <= 2 && common * 2 > line.to - line.from
            };
            if !kept.iter().any(is_known) {
                kept.push(line);
            }
        }
        kept
    }

    /// The best stretch between two places of a seam, if it is one, and those on both sides of it.
    fn stretches(
        &self,
        at: usize,
        [from, to]: [usize; 2],
        [begin, end, score]: [usize; 3],
        least: usize,
        lines: &mut Vec<Line>,
    ) {
        if to - from < least || end - begin < least || score * 5 < end - begin {
            return;
        }
        lines.push(Line {
            at,
            from: begin,
            to: end,
            score,
        });
        for part in [[from, begin], [end, to]] {
            self.stretches(at, part, self.best(at, part), least, lines);
        }
    }

    /// As of [`Stretches`], of a part of a seam.
    fn best(&self, at: usize, [from, to]: [usize; 2]) -> [usize; 3] {
        let mut best = [from, from, 0];
        let (mut low, mut low_at) = (0, from);
        let signed = |count: usize| i32::try_from(count).unwrap_or(0);
        for place in from..=to {
            let height = 2 * signed(self.edges(at, [from, place])) - signed(place - from);
            if height < low {
                (low, low_at) = (height, place);
            }
            let rise = usize::try_from(height - low).unwrap_or(0);
            if rise > best[2] {
                best = [low_at, place, rise];
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise that is the same in every run.
    fn noise(width: usize, height: usize) -> Grey {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0] / 4
        };
        Grey::new(width, height, (0..width * height).map(|_| next()).collect())
    }

    #[test]
    fn edges_are_steps_that_are_not_below_those_beside_them() {
        for (width, height) in [(1, 1), (2, 3), (3, 2), (4, 9), (5, 5), (40, 30)] {
            let grey = noise(width, height);
            let mut sums = vec![7; 100_000];
            let seams = Seams::down(&grey, &mut sums);
            for y in 0..height {
                let sample = |x: usize| i32::from(grey.row(y)[x]);
                let step = |x: usize| match x {
                    x if x < 2 || x + 1 >= width => 0,
                    x => (sample(x) + sample(x + 1) - sample(x - 2) - sample(x - 1)).abs(),
                };
                for x in 0..=width {
                    let is_inner = x > 0 && x < width;
                    let is_edge = is_inner
                        && step(x) >= i32::from(STEP)
                        && step(x) >= step(x - 1)
                        && step(x) >= step(x + 1);
                    assert_eq!(seams.edges(x, [y, y + 1]), usize::from(is_edge), "{x} {y}");
                }
            }
        }
    }

    #[test]
    fn the_best_stretches_side_by_side_are_those_of_each_seam() {
        for (width, height) in [(1, 1), (4, 9), (70, 100), (33, 400)] {
            let mut sums = vec![7; 100_000];
            let seams = Seams::down(&noise(width, height), &mut sums);
            for at in 0..=width {
                assert_eq!(
                    seams.best[at / TILE].of(at % TILE),
                    seams.best(at, [0, height]),
                    "{at}"
                );
            }
        }
    }

    #[test]
    fn stretches_are_those_with_more_edges_than_not() {
        // Edges at places 10 to 29 but for two, and at 50.
        let is_edge = |k: usize| (10..30).contains(&k) && k != 15 && k != 22 || k == 50;
        let mut sums = vec![0];
        let mut best = Stretches::default();
        for (k, place) in (0..64).zip(1..) {
            sums.push(sums[k] + u16::from(is_edge(k)));
            best.extend(place, &[u8::from(is_edge(k)); TILE]);
        }
        let seams = Seams {
            count: 1,
            length: 64,
            sums: &sums,
            best: vec![best],
        };
        let [line] = seams.lines(8)[..] else {
            panic!("not one line")
        };
        assert_eq!((line.at, line.from, line.to, line.score), (0, 10, 30, 16));
    }
}
