//! The figure: time of a lookup against the number of codes, ours and the peers', from the lines of `index`. Drawn as SVG whose text
//! is text, on white, so that it can be read on a dark page too.

use std::error::Error;
use std::io::BufRead;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::clock::median;
use crate::lookups::Row;

/// The lines that `index` wrote.
pub fn read(lines: impl BufRead) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for line in lines.lines() {
        rows.push(serde_json::from_str(&line?)?);
    }
    Ok(rows)
}

/// Draws misses in the realistic set into `file`.
pub fn draw(rows: &[Row], file: &Path) -> Result<(), Box<dyn Error>> {
    let of_figure = |row: &&Row| row.set == SET && row.kind == KIND;
    let curves = curves(&rows.iter().filter(of_figure).collect::<Vec<_>>())?;
    let mut svg = String::new();
    Figure::of(&curves).draw(&curves, &mut svg)?;
    std::fs::write(file, svg).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(())
}

/// One contestant: codes and microseconds, by rising codes.
struct Curve {
    label: String,
    points: Vec<(f64, f64)>,
    colour: RGBColor,
    is_ours: bool,
}

/// Ours first, then the peers from slow to fast, as they end.
fn curves(rows: &[&Row]) -> Result<Vec<Curve>, Box<dyn Error>> {
    let kernel = rows.first().map(|row| row.kernel.as_str());
    let kernel = kernel.ok_or(format!("no lines of bench index, set {SET}, kind {KIND}"))?;
    let rows = rows.iter().copied().filter(|row| row.kernel == kernel);
    let rows: Vec<&Row> = rows.collect();
    let mut peers: Vec<&str> = rows.iter().map(|row| row.peer.as_str()).collect();
    peers.sort_unstable();
    peers.dedup();
    let mut curves = vec![Curve {
        label: "ijkpunt".to_owned(),
        points: points(&rows, |row| row.ours_us),
        colour: OURS,
        is_ours: true,
    }];
    for peer in peers {
        let of_peer: Vec<&Row> = rows
            .iter()
            .copied()
            .filter(|row| row.peer == peer)
            .collect();
        let (label, colour) = shown(peer);
        curves.push(Curve {
            label,
            points: points(&of_peer, |row| row.peer_us),
            colour,
            is_ours: false,
        });
    }
    Ok(curves)
}

fn points(rows: &[&Row], value: impl Fn(&Row) -> f64) -> Vec<(f64, f64)> {
    let mut sizes: Vec<usize> = rows.iter().map(|row| row.n).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let at = |n: usize| {
        let of_size = rows.iter().filter(|row| row.n == n);
        let values: Vec<f64> = of_size.map(|row| value(row)).collect();
        (to_f64(n), median(&values).max(0.001))
    };
    sizes.into_iter().map(at).collect()
}

/// How a peer is called and coloured: colours that differ for most eyes.
fn shown(peer: &str) -> (String, RGBColor) {
    let (label, colour) = match peer {
        "faiss-flat" => ("FAISS BinaryFlat", RGBColor(0, 114, 178)),
        "faiss-multihash" => ("FAISS MultiHash", RGBColor(86, 160, 213)),
        "usearch" => ("usearch HNSW (not exact)", RGBColor(0, 135, 100)),
        "pynear-mih" => ("pynear MIH", RGBColor(160, 82, 135)),
        "pynear-bk" => ("pynear BK-tree", RGBColor(190, 120, 165)),
        "bk-tree" => ("bk-tree crate", RGBColor(176, 120, 0)),
        "scan" => ("plain loop", RGBColor(120, 120, 120)),
        "ours-prefixes" => ("ijkpunt without tables", RGBColor(226, 140, 90)),
        other => (other, RGBColor(90, 90, 90)),
    };
    (label.to_owned(), colour)
}

/// Decades to pixels.
struct Figure {
    codes: (i32, i32),
    microseconds: (i32, i32),
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

impl Figure {
    /// Whole decades around all points.
    fn of(curves: &[Curve]) -> Self {
        let all = || curves.iter().flat_map(|curve| &curve.points);
        let around = |values: &mut dyn Iterator<Item = f64>| {
            let (mut least, mut greatest) = (f64::INFINITY, 0.0f64);
            for value in values {
                (least, greatest) = (least.min(value), greatest.max(value));
            }
            let (low, high) = (whole(least.log10().floor()), whole(greatest.log10().ceil()));
            (low, high.max(low + 1))
        };
        Self {
            codes: around(&mut all().map(|point| point.0)),
            microseconds: around(&mut all().map(|point| point.1)),
        }
    }

    fn x(&self, codes: f64) -> i32 {
        let (low, high) = self.codes;
        LEFT + part(codes.log10(), low, high, RIGHT - LEFT)
    }

    fn y(&self, microseconds: f64) -> i32 {
        let (low, high) = self.microseconds;
        BOTTOM - part(microseconds.log10(), low, high, BOTTOM - TOP)
    }

    fn draw(&self, curves: &[Curve], svg: &mut String) -> Result<(), Box<dyn Error>> {
        let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        text(&area, TITLE, (LEFT_EDGE, 30), 25, &INK, HPos::Left)?;
        text(&area, SUBTITLE, (LEFT_EDGE, 58), 17, &SOFT, HPos::Left)?;
        self.axes(&area)?;
        // Ours last, on top.
        for curve in curves.iter().rev() {
            self.curve(&area, curve)?;
        }
        self.labels(&area, curves)?;
        Ok(area.present()?)
    }

    fn axes(&self, area: &Area<'_>) -> Result<(), Box<dyn Error>> {
        for decade in self.microseconds.0..=self.microseconds.1 {
            let y = self.y(10f64.powi(decade));
            area.draw(&PathElement::new([(LEFT, y), (RIGHT, y)], GRID))?;
            text(
                area,
                &amount(decade),
                (LEFT - 8, y),
                SMALL,
                &SOFT,
                HPos::Right,
            )?;
        }
        for decade in self.codes.0..=self.codes.1 {
            let x = self.x(10f64.powi(decade));
            area.draw(&PathElement::new([(x, TOP), (x, BOTTOM)], GRID))?;
            text(
                area,
                &amount(decade),
                (x, BOTTOM + 18),
                SMALL,
                &SOFT,
                HPos::Center,
            )?;
        }
        let middle = i32::midpoint(LEFT, RIGHT);
        text(
            area,
            "microseconds a lookup",
            (LEFT_EDGE, TOP - 22),
            SMALL,
            &INK,
            HPos::Left,
        )?;
        text(
            area,
            "listed codes",
            (middle, BOTTOM + 42),
            SMALL,
            &INK,
            HPos::Center,
        )
    }

    fn curve(&self, area: &Area<'_>, curve: &Curve) -> Result<(), Box<dyn Error>> {
        let (width, dot) = if curve.is_ours { (4, 5) } else { (2, 3) };
        let points: Vec<(i32, i32)> = curve
            .points
            .iter()
            .map(|&(codes, microseconds)| (self.x(codes), self.y(microseconds)))
            .collect();
        area.draw(&PathElement::new(
            points.clone(),
            curve.colour.stroke_width(width),
        ))?;
        for point in points {
            area.draw(&Circle::new(point, dot, curve.colour.filled()))?;
        }
        Ok(())
    }

    /// At the ends of the curves, pushed apart where they would lie over each other.
    fn labels(&self, area: &Area<'_>, curves: &[Curve]) -> Result<(), Box<dyn Error>> {
        let mut ends: Vec<(i32, i32, &Curve)> = Vec::new();
        for curve in curves {
            if let Some(&(codes, microseconds)) = curve.points.last() {
                ends.push((self.y(microseconds), self.x(codes), curve));
            }
        }
        ends.sort_unstable_by_key(|&(y, ..)| y);
        let wanted: Vec<i32> = ends.iter().map(|&(y, ..)| y).collect();
        for ((y, x, curve), at) in ends.into_iter().zip(apart(&wanted)) {
            let (begin, turn) = (x + 8, x + 24);
            let leader = [(begin, y), (turn, at), (turn + 6, at)];
            area.draw(&PathElement::new(leader, curve.colour.mix(0.6)))?;
            let size = if curve.is_ours { 20 } else { 17 };
            let micros = curve.points.last().map_or(0.0, |point| point.1);
            let label = format!("{} {}", curve.label, short(micros));
            text(
                area,
                &label,
                (turn + 10, at),
                size,
                &curve.colour,
                HPos::Left,
            )?;
        }
        Ok(())
    }
}

/// Rising places, moved as little as is simple so that two lie at least a line apart: groups that touch share their middle.
fn apart(wanted: &[i32]) -> Vec<i32> {
    // The first place of a group, and what its members wanted.
    let mut groups: Vec<(i32, Vec<i32>)> = Vec::new();
    for &place in wanted {
        let mut group = (place, vec![place]);
        while let Some((first, members)) = groups.pop() {
            if first + LINE_PX * count(&members) <= group.0 {
                groups.push((first, members));
                break;
            }
            group.1.splice(0..0, members);
            let middle = group.1.iter().sum::<i32>() / count(&group.1);
            group.0 = middle - LINE_PX * (count(&group.1) - 1) / 2;
        }
        groups.push(group);
    }
    let places = groups
        .iter()
        .flat_map(|(first, members)| (0..count(members)).map(move |i| first + LINE_PX * i));
    places.collect()
}

fn count(members: &[i32]) -> i32 {
    i32::try_from(members.len()).unwrap_or(i32::MAX)
}

fn text(
    area: &Area<'_>,
    text: &str,
    at: (i32, i32),
    size: i32,
    colour: &RGBColor,
    side: HPos,
) -> Result<(), Box<dyn Error>> {
    let style = ("sans-serif", size).into_font().color(colour);
    let style = style.pos(Pos::new(side, VPos::Center));
    Ok(area.draw(&Text::new(text.to_owned(), at, style))?)
}

/// A power of ten as it is written.
fn amount(decade: i32) -> String {
    match decade {
        6.. => format!("{} million", 10f64.powi(decade - 6)),
        3..6 => format!("{},000", 10f64.powi(decade - 3)),
        _ => format!("{}", 10f64.powi(decade)),
    }
}

/// Microseconds in two digits or so, with the unit that suits.
fn short(micros: f64) -> String {
    let (value, unit) = if micros < 1000.0 {
        (micros, "µs")
    } else {
        (micros / 1000.0, "ms")
    };
    let digits = usize::from(value < 10.0);
    format!("{value:.digits$} {unit}")
}

/// Where a value between two decades lies on so many pixels.
fn part(value: f64, low: i32, high: i32, pixels: i32) -> i32 {
    let share = (value - f64::from(low)) / f64::from(high - low);
    whole((share * f64::from(pixels)).round())
}

#[expect(clippy::cast_possible_truncation, reason = "decades and pixels")]
fn whole(value: f64) -> i32 {
    value as i32
}

#[expect(clippy::cast_precision_loss, reason = "for a picture")]
fn to_f64(codes: usize) -> f64 {
    codes as f64
}

const SET: &str = "realistic";
const KIND: &str = "miss";
const TITLE: &str = "One lookup of a hash that is near no listed one";
const SUBTITLE: &str = "256-bit PDQ hashes, radius 31, drawn scenes and near-duplicates; one query at a time, one thread, CPU time";

const SIZE: (u32, u32) = (1000, 580);
const LEFT_EDGE: i32 = 20;
const LEFT: i32 = 84;
const RIGHT: i32 = 690;
const TOP: i32 = 118;
const BOTTOM: i32 = 520;
const LINE_PX: i32 = 20;

/// The size of plain text, of which SVG's pixels are four fifths.
const SMALL: i32 = 16;

const OURS: RGBColor = RGBColor(200, 40, 20);
const INK: RGBColor = RGBColor(30, 30, 30);
const SOFT: RGBColor = RGBColor(90, 90, 90);
const GRID: RGBColor = RGBColor(222, 222, 222);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_would_touch_are_pushed_apart_and_others_stay() {
        assert_eq!(apart(&[100, 200, 204, 300]), [100, 192, 212, 300]);
        assert_eq!(apart(&[]), [0; 0]);
        let many = apart(&[50, 50, 50, 60, 61]);
        assert!(many.windows(2).all(|two| two[1] - two[0] == LINE_PX));
    }

    #[test]
    fn a_figure_is_drawn_from_lines() {
        let row = |n: usize, peer: &str| Row {
            n,
            set: SET.to_owned(),
            kind: KIND.to_owned(),
            peer: peer.to_owned(),
            kernel: "portable".to_owned(),
            ours_us: 2.0,
            peer_us: to_f64(n) / 100.0,
            ..Row::default()
        };
        let rows = [row(1000, "scan"), row(10_000, "scan"), row(1000, "usearch")];
        let lines: Vec<String> = rows.iter().flat_map(serde_json::to_string).collect();
        let file = std::env::temp_dir().join(format!("{}-figure.svg", std::process::id()));
        let drawn = read(lines.join("\n").as_bytes()).and_then(|rows| draw(&rows, &file));
        let svg = std::fs::read_to_string(&file);
        let _ = std::fs::remove_file(&file);
        assert!(drawn.is_ok());
        assert!(svg.is_ok_and(|svg| svg.contains("<text") && svg.contains("plain loop")));
        assert!(draw(&[], &file).is_err());
    }
}
