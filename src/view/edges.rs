//! Rectangles whose sides are straight edges: pictures inside pictures, collages without gaps, bars of any content.
//!
//! Where two unrelated pictures meet, nearly every sample along the seam differs from the one across it, and by more than
//! from its neighbours on the same side. Along a line inside a photograph, about every third does. So lines are stretches along which
//! most samples are such edges; rectangles are pairs of lines across and down whose sides are edges for the greater part.

use super::area::Area;
use super::grey::Grey;

/// How much the two samples on one side of an edge have to differ, added up, from the two on the other.
const STEP: i16 = 12;

/// The share of a clear side, in per cent, that is edges.
const CLEAR_PERCENT: usize = 45;

/// The share of all sides, in per cent, that has to be edges.
const EDGES_PERCENT: usize = 60;

/// How sure a side is that is the picture's own.
const UNSEEN: f32 = 0.6;

/// How many lines across, and how many down, are looked at, beside the picture's own sides.
const LINES: usize = 14;

/// A stretch of a seam: in front of sample `at`, from `from` to `to` along it.
#[derive(Debug, Clone, Copy)]
struct Line {
    at: usize,
    from: usize,
    to: usize,
    /// Edges less what is none.
    score: usize,
}

/// Where edges are, counted so that any stretch of any seam costs two look-ups.
pub(super) struct Edges {
    width: usize,
    height: usize,
    /// At row `y`, place `x`: how many of the first `x` samples along the seam above row `y` are edges. `width + 1` places a row.
    across: Vec<u16>,
    /// At column `x`, place `y`: how many of the first `y` samples down the seam left of column `x` are edges. `height + 1` places
    /// a column.
    down: Vec<u16>,
}

impl Edges {
    pub(super) fn new(grey: &Grey) -> Self {
        Self {
            width: grey.width,
            height: grey.height,
            across: seams(grey),
            down: seams(&grey.turned()),
        }
    }

    /// The rectangles, most likely ones first, with sides of at least these. Never the whole picture.
    pub(super) fn rectangles(&self, least: [usize; 2], most: usize) -> Vec<Area> {
        let tops = lines(&self.across, self.width, least[0]);
        let lefts = lines(&self.down, self.height, least[1]);
        let across = with_sides(&tops, self.height, self.width);
        let down = with_sides(&lefts, self.width, self.height);
        let mut found: Vec<(Area, f32)> = Vec::new();
        let mut consider = |[left, top, right, bottom]: [usize; 4], sides: usize| {
            let area = Area {
                left,
                top,
                right,
                bottom,
            };
            if left + least[0] <= right
                && top + least[1] <= bottom
                && let Some(score) = self.score(&area, sides)
            {
                found.push((area, score));
            }
        };
        for (top, bottom) in pairs(&across) {
            for (left, right) in pairs(&down) {
                consider([left.at, top.at, right.at, bottom.at], 4);
            }
            if let Some([from, to]) = top.common(bottom) {
                consider([from, top.at, to, bottom.at], 2);
            }
        }
        for (left, right) in pairs(&down) {
            if let Some([from, to]) = left.common(right) {
                consider([left.at, from, right.at, to], 2);
            }
        }
        found.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let mut kept: Vec<Area> = Vec::new();
        for (area, _) in found {
            if kept.len() == most {
                break;
            }
            if !kept.iter().any(|other| other.is_like(&area)) {
                kept.push(area);
            }
        }
        kept
    }

    /// How surely a rectangle has at least so many sides that are edges for the greater part; none where it has not. A side of the
    /// picture says nothing.
    fn score(&self, area: &Area, sides: usize) -> Option<f32> {
        let (x, y) = ([area.left, area.right], [area.top, area.bottom]);
        let (w, h) = (self.width, self.height);
        let (mut edges, mut length, mut clear, mut surely) = (0, 0, 0, 1.0);
        for (sums, at, end, [from, to], places) in [
            (&self.across, area.top, h, x, w),
            (&self.across, area.bottom, h, x, w),
            (&self.down, area.left, w, y, h),
            (&self.down, area.right, w, y, h),
        ] {
            if at == 0 || at == end {
                clear += 1;
                surely *= UNSEEN;
                continue;
            }
            let seam = &sums[at * (places + 1)..];
            let count = usize::from(seam[to] - seam[from]);
            edges += count;
            length += to - from;
            surely *= ratio(count, to - from);
            clear += usize::from(count * 100 >= (to - from) * CLEAR_PERCENT);
        }
        if clear < sides || length == 0 || edges * 100 < length * EDGES_PERCENT {
            return None;
        }
        let size = ratio(area.size(), w * h);
        Some(surely * size.sqrt().sqrt().sqrt())
    }
}

impl Line {
    /// Where two lines begin and end, if that is at the same places but for a little; none for the picture's own sides.
    fn common(&self, other: &Self) -> Option<[usize; 2]> {
        let near = |a: usize, b: usize| a.abs_diff(b) * 32 <= self.to - self.from;
        let is_pair = self.score > 0
            && other.score > 0
            && near(self.from, other.from)
            && near(self.to, other.to);
        is_pair.then(|| [self.from.midpoint(other.from), self.to.midpoint(other.to)])
    }
}

/// Each two lines, the first before the second.
fn pairs(lines: &[Line]) -> impl Iterator<Item = (&Line, &Line)> {
    let from = move |k: usize| lines[k + 1..].iter().map(move |second| (&lines[k], second));
    (0..lines.len()).flat_map(from)
}

#[expect(clippy::cast_precision_loss, reason = "at most 2^20 samples")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}

/// For the seam above each row, how many edges there are up to each place. The outermost two have none.
fn seams(grey: &Grey) -> Vec<u16> {
    let (width, height) = (grey.width, grey.height);
    // Above row y: by how much the two rows above differ from the two below.
    let mut steps = vec![0i16; width * (height + 1)];
    for y in 2..height.saturating_sub(1) {
        let upper = grey.row(y - 2).iter().zip(grey.row(y - 1));
        let lower = grey.row(y).iter().zip(grey.row(y + 1));
        for (step, ((a, b), (c, d))) in steps[width * y..].iter_mut().zip(upper.zip(lower)) {
            let [a, b, c, d] = [a, b, c, d].map(|sample| i16::from(*sample));
            *step = ((c + d) - (a + b)).abs();
        }
    }
    let mut sums = vec![0; (width + 1) * (height + 1)];
    // Apart, for comparing goes many at a time, and adding up does not.
    let mut edges = vec![0u8; width];
    for y in 1..height {
        let before = &steps[width * (y - 1)..][..width];
        let here = &steps[width * y..][..width];
        let behind = &steps[width * (y + 1)..][..width];
        let three = before.iter().zip(here).zip(behind);
        for (edge, ((before, here), behind)) in edges.iter_mut().zip(three) {
            *edge = u8::from((*here >= STEP) & (here >= before) & (here >= behind));
        }
        let mut sum = 0;
        let counts = &mut sums[(width + 1) * y + 1..][..width];
        for (count, edge) in counts.iter_mut().zip(&edges) {
            sum += u16::from(*edge);
            *count = sum;
        }
    }
    sums
}

/// The surest lines along seams of `length` samples, no two of which are nearly the same.
fn lines(sums: &[u16], length: usize, least: usize) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    for (at, seam) in sums.chunks_exact(length + 1).enumerate() {
        if usize::from(seam[length]) * 2 < least {
            continue;
        }
        stretches(at, seam, [0, length], least, &mut all);
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

/// The stretch of a seam with the most edges less what is none, and those on both sides of it.
fn stretches(at: usize, seam: &[u16], [from, to]: [usize; 2], least: usize, lines: &mut Vec<Line>) {
    if to - from < least {
        return;
    }
    let (mut best, mut low) = ((0, from, from), (0, from));
    for place in from..=to {
        // Twice the edges less the length: rises by 1 along an edge and falls by 1 elsewhere.
        let height =
            2 * i32::from(seam[place] - seam[from]) - i32::try_from(place - from).unwrap_or(0);
        if height < low.0 {
            low = (height, place);
        }
        if height - low.0 > best.0 {
            best = (height - low.0, low.1, place);
        }
    }
    let (score, begin, end) = best;
    let score = usize::try_from(score).unwrap_or(0);
    if end - begin < least || score * 5 < end - begin {
        return;
    }
    lines.push(Line {
        at,
        from: begin,
        to: end,
        score,
    });
    stretches(at, seam, [from, begin], least, lines);
    stretches(at, seam, [end, to], least, lines);
}

/// Lines in their order across the picture, between the picture's own two sides.
fn with_sides(lines: &[Line], end: usize, length: usize) -> Vec<Line> {
    let side = |at| Line {
        at,
        from: 0,
        to: length,
        score: 0,
    };
    let mut all = vec![side(0), side(end)];
    all.extend_from_slice(lines);
    all.sort_by_key(|line| (line.at, line.from));
    all.dedup_by_key(|line| line.at);
    all
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides and samples of small pictures"
)]
mod tests {
    use super::*;

    /// Soft hills everywhere, and other ones inside `area`.
    fn hills(width: usize, height: usize, area: &Area) -> Grey {
        let wave = |x: usize, y: usize, step: f32| {
            let (x, y) = (x as f32 * step, y as f32 * step);
            ((x + 0.3 * y).sin() + (0.7 * y - 0.2 * x).cos()) * 45.0
        };
        let sample = |k: usize| {
            let (x, y) = (k % width, k / width);
            let is_in =
                (area.left..area.right).contains(&x) && (area.top..area.bottom).contains(&y);
            if is_in {
                (150.0 + wave(x + 50, y, 0.11)) as u8
            } else {
                (100.0 + wave(x, y + 30, 0.08)) as u8
            }
        };
        Grey::new(width, height, (0..width * height).map(sample).collect())
    }

    #[test]
    fn a_picture_in_a_picture_is_the_first_rectangle() {
        for area in [[60, 50, 160, 130], [0, 40, 90, 140], [100, 0, 240, 180]] {
            let [left, top, right, bottom] = area;
            let area = Area {
                left,
                top,
                right,
                bottom,
            };
            let rectangles = Edges::new(&hills(240, 180, &area)).rectangles([30, 24], 16);
            assert_eq!(rectangles.first(), Some(&area), "{rectangles:?}");
        }
    }

    #[test]
    fn a_picture_without_seams_has_no_rectangle() {
        let nothing = Area::of(0, 0);
        let rectangles = Edges::new(&hills(240, 180, &nothing)).rectangles([30, 24], 16);
        assert_eq!(rectangles, []);
    }

    #[test]
    fn stretches_are_those_with_more_edges_than_not() {
        // Edges at places 10 to 29 but for two, and at 50.
        let is_edge = |k: usize| (10..30).contains(&k) && k != 15 && k != 22 || k == 50;
        let mut seam = vec![0];
        for k in 0..64 {
            seam.push(seam[k] + u16::from(is_edge(k)));
        }
        let mut lines = Vec::new();
        stretches(7, &seam, [0, 64], 8, &mut lines);
        let [line] = lines[..] else {
            panic!("{lines:?}")
        };
        assert_eq!((line.at, line.from, line.to, line.score), (7, 10, 30, 16));
    }
}
