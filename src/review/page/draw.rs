//! What is drawn: paths and places for SVG, of numbers only.

use std::fmt::Write;

use crate::baseline::Part;
use crate::hash::{Distance, Pdq};
use crate::screen::FalseRate;
use crate::view::Kind;

use super::{Match, Run};

/// Cells of a fingerprint by their rows, the lowest bit of each for column 0.
pub(super) fn rows(pdq: Pdq) -> [u16; 16] {
    let mut rows = [0; 16];
    // Row 0 stands at the end of the bytes.
    for (row, pair) in rows.iter_mut().zip(pdq.to_bytes().chunks_exact(2).rev()) {
        *row = pair.iter().fold(0, |all, byte| all << 8 | u16::from(*byte));
    }
    rows
}

/// Filled cells, those beside each other as one.
pub(super) fn cells(rows: [u16; 16]) -> String {
    let mut path = String::new();
    for (y, row) in rows.into_iter().enumerate() {
        let mut x = 0;
        while x < 16 {
            let run = (row >> x).trailing_ones();
            if run > 0 {
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run + 1;
        }
    }
    path
}

/// A cross in each cell.
pub(super) fn crosses(rows: [u16; 16]) -> String {
    let mut path = String::new();
    for (y, row) in rows.into_iter().enumerate() {
        for x in (0..16).filter(|x| row >> x & 1 == 1) {
            let _ = write!(path, "M{x}.2 {y}.2l.6.6m0-.6l-.6.6");
        }
    }
    path
}

/// Lines between the cells.
pub(super) fn lines() -> String {
    let mut path = String::new();
    for at in 0..=16 {
        let _ = write!(path, "M{at} 0v16M0 {at}h16");
    }
    path
}

/// The outline of a frame with a part in it.
pub(super) struct Outline {
    /// For `viewBox`.
    pub(super) around: String,
    /// The frame; none where its size is not known.
    pub(super) frame: Option<[u32; 2]>,
    /// For `points`.
    pub(super) part: String,
}

/// None for the whole.
pub(super) fn outline(of: &Match) -> Option<Outline> {
    let [left, top, right, bottom] = of.bounds?.map(|side| side as f64);
    let upright = [[left, top], [right, top], [right, bottom], [left, bottom]];
    let corners = of.quad.unwrap_or(upright);
    let [width, height] = of.frame_size.unwrap_or([1, 1]).map(f64::from);
    let all = || corners.into_iter().chain([[0.0, 0.0], [width, height]]);
    let least = |axis: fn([f64; 2]) -> f64| all().map(axis).fold(f64::INFINITY, f64::min);
    let most = |axis: fn([f64; 2]) -> f64| all().map(axis).fold(f64::NEG_INFINITY, f64::max);
    let (from_x, from_y) = (least(|at| at[0]), least(|at| at[1]));
    let (wide, high) = (most(|at| at[0]) - from_x, most(|at| at[1]) - from_y);
    let margin = wide.max(high) * 0.04;
    let around = [
        from_x - margin,
        from_y - margin,
        wide + 2.0 * margin,
        high + 2.0 * margin,
    ];
    let points = corners.map(|[x, y]| format!("{},{}", number(x), number(y)));
    Some(Outline {
        around: around.map(number).join(" "),
        frame: of.frame_size,
        part: points.join(" "),
    })
}

/// To a tenth, short.
fn number(number: f64) -> String {
    let tenths = (number * 10.0).round() / 10.0;
    // No -0.
    format!("{}", tenths + 0.0)
}

/// The plot of false rates: so many units a bit and a power of ten.
const BIT: f64 = 4.0;
const POWER: f64 = 6.0;
/// The farthest distance with a rate.
const BITS: u16 = 60;
/// The lowest power of ten that is shown.
const LOWEST: f64 = 24.0;

/// Width and height of the plot.
pub(super) const PLOT: [u32; 2] = [240, 144];

/// Which of the fitted lines a match is on, in the order of [`KINDS`].
pub(super) fn curve_of(of: &Match) -> usize {
    match (of.entry_part, of.view) {
        (None, Kind::Full) => 0,
        (None, _) => 1,
        (Some([left, top, right, bottom]), _) => {
            let is_large = (right - left).max(bottom - top) >= 0.4;
            if is_large { 2 } else { 3 }
        }
    }
}

/// The names of the lines: whole pictures, parts of uploads, large and small windows of entries.
pub(super) const KINDS: [&str; 4] = ["whole", "part", "large", "small"];

/// A line of false rates, of one lookup of one code, and the band of its interval.
pub(super) struct Curve {
    pub(super) id: &'static str,
    pub(super) line: String,
    pub(super) band: String,
}

/// The rate of one lookup of one code on a line.
fn rate(kind: usize, bits: u16) -> Option<FalseRate> {
    let window = |side| Part::new([0, 0, side, side]).ok();
    let (view, part) = match kind {
        0 => (Kind::Full, None),
        1 => (Kind::Block, None),
        2 => (Kind::Window, window(5000)),
        _ => (Kind::Window, window(2500)),
    };
    FalseRate::of_one_lookup(Distance::of_bits(bits), view, part)
}

pub(super) fn curve(kind: usize) -> Option<Curve> {
    let all: Option<Vec<(f64, FalseRate)>> = [0, 31, 48, BITS]
        .into_iter()
        .map(|bits| Some((f64::from(bits) * BIT, rate(kind, bits)?)))
        .collect();
    let all = all?;
    let at = |(x, rate): (f64, f64)| format!("{},{}", number(x), number(depth(rate)));
    let along = |of: fn(&FalseRate) -> f64| all.iter().map(move |(x, rate)| at((*x, of(rate))));
    let line: Vec<String> = along(|rate| rate.value).collect();
    let mut band: Vec<String> = along(|rate| rate.high).collect();
    band.extend(along(|rate| rate.low).rev());
    Some(Curve {
        id: KINDS.get(kind)?,
        line: line.join(" "),
        band: band.join(" "),
    })
}

/// How far below one false match an upload.
fn depth(rate: f64) -> f64 {
    -rate.max(1e-99).log10() * POWER
}

/// A match on the plot.
pub(super) struct Mark {
    pub(super) curve: &'static str,
    /// By how much the line is moved, for all lookups of the upload against all codes of the list.
    pub(super) moved: String,
    pub(super) x: String,
    pub(super) y: String,
    pub(super) low: String,
    pub(super) high: String,
}

/// None where no rate is known.
pub(super) fn mark(of: &Match) -> Option<Mark> {
    let (bits, found) = (of.distance?, of.expected_false_rate?);
    let kind = curve_of(of);
    let one = rate(kind, bits)?;
    let held = |rate: f64| number(depth(rate).clamp(0.0, LOWEST * POWER));
    Some(Mark {
        curve: KINDS.get(kind)?,
        moved: number(depth(found.value) - depth(one.value)),
        x: number(f64::from(bits) * BIT),
        y: held(found.value),
        low: held(found.low),
        high: held(found.high),
    })
}

/// Where the powers of ten stand.
pub(super) fn powers() -> [(String, String); 5] {
    [0.0, 6.0, 12.0, 18.0, 24.0].map(|power: f64| {
        let name = match power {
            0.0 => "1".to_owned(),
            _ => format!("10{}", super::say::raised(&format!("-{power}"))),
        };
        (number(power * POWER), name)
    })
}

/// Where the distances stand.
pub(super) fn distances() -> [(String, u16); 5] {
    [0, 16, 31, 48, BITS].map(|bits| (number(f64::from(bits) * BIT), bits))
}

/// A stretch on two bars.
pub(super) struct Strip {
    pub(super) number: usize,
    /// Where it begins in the upload, and how long it is there.
    pub(super) upload: [String; 2],
    /// The same in the entry.
    pub(super) entry: [String; 2],
    /// The corners of what joins the two.
    pub(super) joint: String,
    /// Where its number stands on each bar.
    pub(super) middles: [String; 2],
}

/// How long the bars are.
pub(super) const BAR: u32 = 600;

pub(super) fn strips(runs: &[&Run]) -> Vec<Strip> {
    let lasts = [
        length(runs, |run| (run.query_ms, run.coverage_query)),
        length(runs, |run| (run.entry_ms, run.coverage_entry)),
    ];
    let strip = |(place, run): (usize, &&Run)| {
        let on = |[from, to]: [u32; 2], lasts: f64| {
            let at = |ms: u32| f64::from(ms) / lasts * f64::from(BAR);
            // What is short is seen, too.
            [at(from), (at(to) - at(from)).max(2.0)]
        };
        let [[a, wide], [b, broad]] = [on(run.query_ms, lasts[0]), on(run.entry_ms, lasts[1])];
        let corners = [(a, 40.0), (a + wide, 40.0), (b + broad, 80.0), (b, 80.0)];
        Strip {
            number: place + 1,
            upload: [a, wide].map(number),
            entry: [b, broad].map(number),
            joint: corners.map(|(x, y)| format!("{},{y}", number(x))).join(" "),
            middles: [a + wide / 2.0, b + broad / 2.0].map(number),
        }
    };
    runs.iter().enumerate().map(strip).collect()
}

/// How long the whole is, in milliseconds, as its stretches tell by what share of it they are.
fn length(runs: &[&Run], of: impl Fn(&Run) -> ([u32; 2], f64)) -> f64 {
    let tells = |run: &&Run| {
        let ([from, to], share) = of(run);
        let whole = match share > 0.0 {
            true => f64::from(to - from) / share,
            false => 0.0,
        };
        (f64::from(to), whole)
    };
    let ends = runs.iter().map(|run| tells(run).0).fold(1.0, f64::max);
    // The longest one tells it best: shares are of thousandths.
    let longest = runs.iter().max_by_key(|run| {
        let ([from, to], _) = of(run);
        to - from
    });
    longest.map_or(ends, |run| tells(run).1.max(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_crosses_stand_where_the_bits_do() {
        let mut bytes = [0; 32];
        bytes[31] = 0b1000_0011; // row 0: columns 0, 1 and 7
        bytes[0] = 0b1000_0000; // row 15: column 15
        let rows = rows(Pdq::from_bytes(bytes));
        assert_eq!(cells(rows), "M0 0h2v1h-2zM7 0h1v1h-1zM15 15h1v1h-1z");
        assert_eq!(crosses(rows).matches('M').count(), 4);
        assert!(crosses(rows).ends_with("M15.2 15.2l.6.6m0-.6l-.6.6"));
        assert_eq!(cells([u16::MAX; 16]).matches("h16").count(), 16);
        assert_eq!((cells([0; 16]), crosses([0; 16])), Default::default());
    }

    #[test]
    fn every_line_falls_towards_what_is_nearer_and_the_band_holds_it() {
        for (kind, name) in KINDS.iter().enumerate() {
            let curve = curve(kind).unwrap();
            assert_eq!(curve.id, *name);
            let depths: Vec<f64> = curve
                .line
                .split(' ')
                .map(|at| at.split_once(',').unwrap().1.parse().unwrap())
                .collect();
            assert!(depths.is_sorted_by(|near, far| near > far), "{depths:?}");
            assert_eq!(curve.band.split(' ').count(), 8);
        }
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [number(-0.01), number(3.0), number(2.25)],
            ["0", "3", "2.3"]
        );
    }
}
