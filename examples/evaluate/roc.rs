//! Recall against false matches, a point a radius: how far one could go, and what it would cost.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::Failure;
use crate::plots::{
    GRID, INK, LEFT_OF_PANEL, RIGHT, SOFT, TOP, WIDTH, colour, heading, legend, whole, write,
};
use crate::report::Report;
use crate::tail::Tail;

/// Powers of ten of false matches a day that are shown; what is rarer stands at the left edge.
const DECADES: std::ops::RangeInclusive<i32> = -6..=12;

const BOTTOM: i32 = TOP + 420;

/// Ways that tell of single lookups: a curve each, over radii of 0, 4, 8 and so on, with 95 % intervals of the false matches.
pub(crate) fn roc(report: &Report) -> Result<String, Failure> {
    let ways = || {
        report
            .ways
            .iter()
            .filter_map(|way| Some((way, way.tail.as_ref()?)))
    };
    let mut svg = String::new();
    {
        let size = (WIDTH, u32::try_from(BOTTOM + 70)?);
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        canvas.fill(&WHITE)?;
        heading(&canvas, "Copies found, and false matches, by radius")?;
        legend(&canvas, ways().map(|(way, _)| way.name.as_str()))?;
        for decade in DECADES.step_by(3) {
            let x = across(10f64.powi(decade));
            canvas.draw(&PathElement::new([(x, TOP), (x, BOTTOM)], GRID))?;
            write(
                &canvas,
                &format!("1e{decade}"),
                (x, BOTTOM + 14),
                &SOFT,
                HPos::Center,
            )?;
        }
        let middle = (LEFT_OF_PANEL + RIGHT) / 2;
        let words = "false matches a day, of a billion uploads against 2.5 million entries; the large point is 31 bits";
        write(&canvas, words, (middle, BOTTOM + 42), &INK, HPos::Center)?;
        for tenth in (0..=10).step_by(2) {
            let (y, label) = (up(f64::from(tenth) / 10.0), f64::from(tenth) / 10.0);
            canvas.draw(&PathElement::new([(LEFT_OF_PANEL, y), (RIGHT, y)], GRID))?;
            write(
                &canvas,
                &format!("{label:.1}"),
                (LEFT_OF_PANEL - 8, y),
                &SOFT,
                HPos::Right,
            )?;
        }
        for (place, (_, tail)) in ways().enumerate() {
            curve(&canvas, tail, colour(place))?;
        }
        canvas.present()?;
    }
    Ok(svg)
}

fn curve(
    canvas: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    tail: &Tail,
    colour: RGBColor,
) -> Result<(), Failure> {
    let at = |point: &crate::tail::Point| (across(point.a_day.value), up(point.recall));
    for point in &tail.curve {
        let y = up(point.recall);
        let (low, high) = point.a_day.interval;
        let whisker = [(across(low), y), (across(high), y)];
        canvas.draw(&PathElement::new(whisker, colour.mix(0.35)))?;
        canvas.draw(&Circle::new(at(point), 2, colour.filled()))?;
    }
    let match_radius = (across(tail.a_day.value), up(tail.recall));
    canvas.draw(&Circle::new(match_radius, 5, colour.filled()))?;
    let points: Vec<(i32, i32)> = tail.curve.iter().map(at).collect();
    Ok(canvas.draw(&PathElement::new(points, colour.stroke_width(2)))?)
}

fn across(a_day: f64) -> i32 {
    let (first, last) = (f64::from(*DECADES.start()), f64::from(*DECADES.end()));
    let along = (a_day.max(1e-300).log10().clamp(first, last) - first) / (last - first);
    LEFT_OF_PANEL + whole(along * f64::from(RIGHT - LEFT_OF_PANEL))
}

fn up(recall: f64) -> i32 {
    BOTTOM - whole(recall * f64::from(BOTTOM - TOP))
}
