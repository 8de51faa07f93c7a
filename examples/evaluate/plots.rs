//! The figures, as SVG whose text is text, on white, so that they can be read on a dark page too.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::Failure;
use crate::measure::Measured;
use crate::report::{RADII, Report, WayReport};
use crate::tally::Histogram;

type Canvas<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// How many uploads of each family were found at the first radius: a bar a way, with its interval.
pub(crate) fn recall(report: &Report) -> Result<String, Failure> {
    let families = report.ways.first().map_or(0, |way| way.families.len());
    let ways: Vec<&WayReport> = report.ways.iter().filter(|way| is_compared(way)).collect();
    let bars = count(ways.len());
    let pitch = bars * (BAR_PX + 1) + 10;
    let bottom = TOP + pitch * (count(families) + 1) + 4;
    let height = u32::try_from(bottom + 40).unwrap_or(800);
    let mut svg = String::new();
    {
        let canvas = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        canvas.fill(&WHITE)?;
        let title = format!("Copies found within {} bits, by family of edits", RADII[0]);
        heading(&canvas, &title)?;
        legend(&canvas, ways.iter().map(|way| way.name.as_str()))?;
        for tenth in (0..=10).step_by(2) {
            let x = across(f64::from(tenth) / 10.0);
            canvas.draw(&PathElement::new([(x, TOP), (x, bottom)], GRID))?;
            let label = format!("{:.1}", f64::from(tenth) / 10.0);
            write(&canvas, &label, (x, bottom + 14), &SOFT, HPos::Center)?;
        }
        for row in 0..=families {
            let top = TOP + 6 + pitch * count(row);
            let middle = top + bars * (BAR_PX + 1) / 2;
            let name = name(report, row);
            write(&canvas, &name, (LEFT - 10, middle), &INK, HPos::Right)?;
            for (place, way) in ways.iter().enumerate() {
                let top = top + count(place) * (BAR_PX + 1);
                bar(&canvas, bar_of(way, row), top, colour(place))?;
            }
        }
        canvas.present()?;
    }
    Ok(svg)
}

/// Plain PDQ, and what a screener does; not the parts that its work is made of.
fn is_compared(way: &WayReport) -> bool {
    way.tail.is_none() || way.name.starts_with("PDQ")
}

/// The name of a family; behind the last one stands their mean.
fn name(report: &Report, row: usize) -> String {
    let way = report.ways.first();
    let family = way.and_then(|way| way.families.get(row));
    family.map_or("mean of families".to_owned(), |family| {
        family.name.replace('_', " ")
    })
}

/// A recall, and its interval where there is one.
type Bar = (f64, Option<(f64, f64)>);

fn bar_of(way: &WayReport, row: usize) -> Bar {
    way.families
        .get(row)
        .map_or((way.macro_recall[0], None), |family| {
            (family.found.recall[0], Some(family.found.interval[0]))
        })
}

fn bar(
    canvas: &Canvas<'_>,
    (recall, interval): Bar,
    top: i32,
    colour: RGBColor,
) -> Result<(), Failure> {
    let corners = [(LEFT, top), (across(recall), top + BAR_PX)];
    canvas.draw(&Rectangle::new(corners, colour.filled()))?;
    let middle = top + BAR_PX / 2;
    let mut end = across(recall);
    if let Some((low, high)) = interval {
        end = end.max(across(high));
        let whisker = [(across(low), middle), (across(high), middle)];
        canvas.draw(&PathElement::new(whisker, INK))?;
    }
    let label = format!("{recall:.2}");
    write(canvas, &label, (end + 6, middle), &SOFT, HPos::Left)
}

fn across(part: f64) -> i32 {
    LEFT + whole(part * f64::from(RIGHT - LEFT))
}

/// How far uploads are from their own entry and from others, a panel a way, counts by powers of ten.
pub(crate) fn distances(measured: &[Measured]) -> Result<String, Failure> {
    let has_lookups = |way: &&Measured| way.wrong_by_photo.iter().any(|it| it.total() > 0);
    let measured: Vec<&Measured> = measured.iter().filter(has_lookups).collect();
    let height = u32::try_from(TOP + PANEL_PX * count(measured.len()) + 10).unwrap_or(800);
    let mut svg = String::new();
    {
        let canvas = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        canvas.fill(&WHITE)?;
        heading(
            &canvas,
            "Distances in bits to the right entry and to wrong ones",
        )?;
        let curves = [
            "right entry",
            "wrong entries",
            "wrong codes, one lookup each",
        ];
        legend(&canvas, curves.into_iter())?;
        for (place, way) in measured.iter().enumerate() {
            panel(&canvas, way, TOP + PANEL_PX * count(place))?;
        }
        canvas.present()?;
    }
    Ok(svg)
}

fn panel(canvas: &Canvas<'_>, way: &Measured, top: i32) -> Result<(), Failure> {
    let (top, bottom) = (top + 16, top + PANEL_PX - 40);
    let all = way.all();
    let lookups = Histogram::sum(&way.wrong_by_photo);
    let curves = [&all.right, &all.wrong_pairs, &lookups];
    let most = curves
        .iter()
        .flat_map(|curve| curve.seen().map(|(_, count)| count));
    let decades = decades(most.max().unwrap_or(1));
    let y = |decade: f64| bottom - whole(decade / f64::from(decades) * f64::from(bottom - top));
    for decade in 0..=decades {
        let y = y(f64::from(decade));
        canvas.draw(&PathElement::new([(LEFT_OF_PANEL, y), (RIGHT, y)], GRID))?;
        let label = 10u64.pow(decade).to_string();
        write(canvas, &label, (LEFT_OF_PANEL - 8, y), &SOFT, HPos::Right)?;
    }
    for bits in (0..=256).step_by(32) {
        let x = bits_across(bits);
        let label = bits.to_string();
        write(canvas, &label, (x, bottom + 14), &SOFT, HPos::Center)?;
    }
    let radius = bits_across(i32::from(RADII[0]));
    canvas.draw(&PathElement::new([(radius, top), (radius, bottom)], SOFT))?;
    for (place, curve) in curves.iter().enumerate().rev() {
        for stretch in stretches(curve) {
            let points = stretch.into_iter().map(|(bits, count)| {
                let x = bits_across(i32::try_from(bits).unwrap_or(0));
                (x, y((count as f64).log10()))
            });
            let points: Vec<(i32, i32)> = points.collect();
            for &point in &points {
                canvas.draw(&Circle::new(point, 2, colour(place).filled()))?;
            }
            canvas.draw(&PathElement::new(points, colour(place).stroke_width(2)))?;
        }
    }
    write(canvas, &way.way, (RIGHT, top - 2), &INK, HPos::Right)
}

/// Distances that were seen, one after the other without a gap. Hashes with the same number of ones are an even number of
/// bits apart, so a step of two is none.
fn stretches(histogram: &Histogram) -> Vec<Vec<(usize, u64)>> {
    let mut all: Vec<Vec<(usize, u64)>> = Vec::new();
    for (bits, count) in histogram.seen() {
        match all.last_mut() {
            Some(last) if last.last().is_some_and(|(before, _)| before + 2 >= bits) => {
                last.push((bits, count));
            }
            _ => all.push(vec![(bits, count)]),
        }
    }
    all
}

/// The smallest power of ten that is not below a count, at least the first.
fn decades(most: u64) -> u32 {
    (1..19)
        .find(|&decade| 10u64.pow(decade) >= most)
        .unwrap_or(19)
}

fn bits_across(bits: i32) -> i32 {
    LEFT_OF_PANEL + bits * (RIGHT - LEFT_OF_PANEL) / 256
}

pub(crate) fn heading(canvas: &Canvas<'_>, title: &str) -> Result<(), Failure> {
    let style = ("sans-serif", 26).into_font().color(&INK);
    let style = style.pos(Pos::new(HPos::Left, VPos::Center));
    Ok(canvas.draw(&Text::new(title.to_owned(), (20, 30), style))?)
}

pub(crate) fn legend<'a>(
    canvas: &Canvas<'_>,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    let mut left = 20;
    for (place, name) in names.enumerate() {
        let corners = [(left, 54), (left + 14, 64)];
        canvas.draw(&Rectangle::new(corners, colour(place).filled()))?;
        write(canvas, name, (left + 20, 60), &INK, HPos::Left)?;
        left += 44 + count(name.len()) * 8;
    }
    Ok(())
}

pub(crate) fn write(
    canvas: &Canvas<'_>,
    text: &str,
    at: (i32, i32),
    colour: &RGBColor,
    side: HPos,
) -> Result<(), Failure> {
    let style = ("sans-serif", 17).into_font().color(colour);
    let style = style.pos(Pos::new(side, VPos::Center));
    Ok(canvas.draw(&Text::new(text.to_owned(), at, style))?)
}

/// Colours that differ for most eyes.
pub(crate) fn colour(place: usize) -> RGBColor {
    const ALL: [RGBColor; 6] = [
        RGBColor(0, 114, 178),
        RGBColor(226, 120, 40),
        RGBColor(0, 135, 100),
        RGBColor(160, 82, 135),
        RGBColor(176, 140, 0),
        RGBColor(110, 110, 110),
    ];
    ALL[place % ALL.len()]
}

pub(crate) fn count(items: usize) -> i32 {
    i32::try_from(items).unwrap_or(i32::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "pixels of a figure")]
pub(crate) fn whole(value: f64) -> i32 {
    value.round() as i32
}

pub(crate) const WIDTH: u32 = 900;
pub(crate) const TOP: i32 = 84;
const LEFT: i32 = 170;
pub(crate) const RIGHT: i32 = 840;
const BAR_PX: i32 = 13;
const PANEL_PX: i32 = 240;
pub(crate) const LEFT_OF_PANEL: i32 = 90;

pub(crate) const INK: RGBColor = RGBColor(30, 30, 30);
pub(crate) const SOFT: RGBColor = RGBColor(90, 90, 90);
pub(crate) const GRID: RGBColor = RGBColor(222, 222, 222);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::families;
    use crate::measure::measure;
    use crate::options::Options;
    use crate::photos::Album;
    use crate::roc::roc;

    #[test]
    fn figures_name_every_family_and_way() {
        let options = Options {
            limit: 2,
            settings_per_family: 1,
            families: ["blur", "mirror"].map(str::to_owned).to_vec(),
            ..Options::default()
        };
        let album = Album::open(&options).unwrap();
        let families = families(&options).unwrap();
        let measured = measure(&album, &families, 1).unwrap();
        let report = Report::new(&options, &album, &families, &measured);
        let bars = recall(&report).unwrap();
        let curves = distances(&measured).unwrap();
        for name in ["blur", "mirror", "mean of families", "PDQ x8"] {
            assert!(bars.contains(name), "{name}");
        }
        assert!(curves.contains("wrong entries") && curves.contains("PDQ x8"));
        assert!(distances(&[]).is_ok());
        assert!(roc(&report).unwrap().contains("false matches a day"));
    }

    #[test]
    fn counts_fit_under_their_power_of_ten_and_gaps_part_a_curve() {
        assert_eq!([1, 9, 10, 11, 1000].map(decades), [1, 1, 1, 2, 3]);
        let mut histogram = Histogram::default();
        for distance in [2, 4, 4, 9] {
            histogram.add(distance);
        }
        let parts = stretches(&histogram);
        assert_eq!(parts, [vec![(2, 1), (4, 2)], vec![(9, 1)]]);
    }
}
