//! When the uploads of one reference show it, and when it is found in them.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::measure::{Kind, Measured, Pair};
use crate::Failure;
use crate::plots::{GRID, INK, RIGHT, SOFT, TOP, WIDTH, colour, count, heading, whole, write};

/// A row an edit: the truth as a grey bar, segments below it.
pub(crate) fn timeline(
    measured: &Measured<'_>,
    (reference, name): (usize, &str),
) -> Result<String, Failure> {
    let is_of = |pair: &&Pair<'_>| pair.reference == reference && pair.kind != Kind::Wrong;
    let pairs: Vec<&Pair<'_>> = measured.pairs.iter().filter(is_of).collect();
    let longest = pairs.iter().map(|pair| pair.upload.seen.ends_ms).max();
    let longest = f64::from(longest.unwrap_or(0).max(1000));
    let x = |ms: u32| LEFT + whole(f64::from(ms) / longest * f64::from(RIGHT - LEFT));
    let bottom = TOP + ROW_PX * count(pairs.len());
    let mut svg = String::new();
    {
        let height = u32::try_from(bottom + 50).unwrap_or(800);
        let canvas = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        canvas.fill(&WHITE)?;
        heading(
            &canvas,
            &format!("{name} in its uploads: {}", measured.name),
        )?;
        let marks = [
            (TRUTH, "shown"),
            (colour(0), "found, enough for a match"),
            (colour(1), "found, not enough"),
        ];
        let mut left = 20;
        for (mark, label) in marks {
            canvas.draw(&Rectangle::new(
                [(left, 54), (left + 14, 64)],
                mark.filled(),
            ))?;
            write(&canvas, label, (left + 20, 60), &INK, HPos::Left)?;
            left += 44 + count(label.len()) * 8;
        }
        let step = if longest > 100e3 { 30 } else { 5 };
        for second in (0..=whole(longest / 1000.0)).step_by(step) {
            let at = x(1000 * second.unsigned_abs());
            canvas.draw(&PathElement::new([(at, TOP), (at, bottom)], GRID))?;
            write(
                &canvas,
                &format!("{second} s"),
                (at, bottom + 14),
                &SOFT,
                HPos::Center,
            )?;
        }
        for (row, pair) in pairs.iter().enumerate() {
            let top = TOP + ROW_PX * count(row);
            write(
                &canvas,
                &pair.upload.edit,
                (LEFT - 10, top + ROW_PX / 2),
                &INK,
                HPos::Right,
            )?;
            let ends = [
                (LEFT, top + ROW_PX - 3),
                (x(pair.upload.seen.ends_ms), top + ROW_PX - 2),
            ];
            canvas.draw(&Rectangle::new(ends, SOFT.filled()))?;
            for truth in &pair.upload.truth {
                let [from, to] = truth.query_ms.map(x);
                canvas.draw(&Rectangle::new(
                    [(from, top + 3), (to, top + 11)],
                    TRUTH.filled(),
                ))?;
            }
            for found in &pair.answer.segments {
                let [from, to] = found.segment.query_ms.map(x);
                let mark = colour(usize::from(!found.is_enough));
                canvas.draw(&Rectangle::new(
                    [(from, top + 12), (to, top + 20)],
                    mark.filled(),
                ))?;
            }
        }
        canvas.present()?;
    }
    Ok(svg)
}

const LEFT: i32 = 210;
const ROW_PX: i32 = 26;
const TRUTH: RGBColor = RGBColor(170, 170, 170);
