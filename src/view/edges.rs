//! Rectangles whose sides are straight edges: pictures inside pictures, collages without gaps, bars of any content.
//!
//! Where two unrelated pictures meet, nearly every sample along the seam differs from the one across it, and by more than
//! from its neighbours on the same side. Along a line inside a photograph, about every third does. So lines are stretches along which
//! most samples are such edges; rectangles are pairs of lines across and down whose sides are edges for the greater part.

use super::area::Area;
use super::grey::{Counts, Grey};
use super::seams::{Line, Seams};

/// The share of a clear side, in per cent, that is edges.
const CLEAR_PERCENT: usize = 45;

/// The share of all sides, in per cent, that has to be edges.
const EDGES_PERCENT: usize = 60;

/// How sure a side is that is the picture's own.
const UNSEEN: f32 = 0.6;

/// Where edges are.
pub(super) struct Edges<'a> {
    width: usize,
    height: usize,
    /// Above each row.
    across: Seams<'a>,
    /// Left of each column.
    down: Seams<'a>,
}

impl<'a> Edges<'a> {
    /// Of a picture, and the same one turned.
    pub(super) fn new(grey: &Grey, turned: &Grey, memory: &'a mut Counts) -> Self {
        let [across, down] = memory;
        Self {
            width: grey.width,
            height: grey.height,
            across: Seams::down(turned, across),
            down: Seams::down(grey, down),
        }
    }

    /// The rectangles, most likely ones first, with sides of at least these. Never the whole picture.
    pub(super) fn rectangles(&self, least: [usize; 2], most: usize) -> Vec<Area> {
        let tops = self.across.lines(least[0]);
        let lefts = self.down.lines(least[1]);
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
        let (mut edges, mut length, mut clear) = (0, 0, 4);
        let mut shares = [UNSEEN; 4];
        let all = [
            (&self.across, area.top, h, x),
            (&self.across, area.bottom, h, x),
            (&self.down, area.left, w, y),
            (&self.down, area.right, w, y),
        ];
        for (share, (seams, at, end, [from, to])) in shares.iter_mut().zip(all) {
            if at == 0 || at == end {
                continue;
            }
            let count = seams.edges(at, [from, to]);
            clear -= usize::from(count * 100 < (to - from) * CLEAR_PERCENT);
            // Most end here.
            if clear < sides {
                return None;
            }
            edges += count;
            length += to - from;
            *share = ratio(count, to - from);
        }
        if length == 0 || edges * 100 < length * EDGES_PERCENT {
            return None;
        }
        let surely: f32 = shares.into_iter().product();
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

    fn found(grey: &Grey) -> Vec<Area> {
        Edges::new(grey, &grey.turned(), &mut grey.counts()).rectangles([30, 24], 16)
    }

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
            let rectangles = found(&hills(240, 180, &area));
            assert_eq!(rectangles.first(), Some(&area), "{rectangles:?}");
        }
    }

    #[test]
    fn a_picture_without_seams_has_no_rectangle() {
        let nothing = Area::of(0, 0);
        let rectangles = found(&hills(240, 180, &nothing));
        assert_eq!(rectangles, []);
    }
}
