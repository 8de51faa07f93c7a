//! What the rule does to sketches that no template was chosen from, and to copies of them.

use std::fmt::Write;

use ijkpunt::baseline::generic::{Asking, asking};
use ijkpunt::hash::{Hasher, Quality, Radius};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use image::{ImageError, RgbImage};

use crate::Failure;
use crate::drawing::{px, scaled};
use crate::set::{FAMILIES, Sketch, forms, hash, sketches};

pub(crate) fn report() -> Result<String, Failure> {
    let sketches = sketches(100..116)?;
    let askings: Vec<Asking> = sketches.iter().map(|sketch| asking(sketch.code)).collect();
    let mut report = String::new();
    report_matches(&mut report, &sketches, &askings)?;
    report_copies(&mut report, &sketches)?;
    Ok(report)
}

/// Every sketch as an entry, all others as uploads in eight forms.
fn report_matches(
    report: &mut String,
    sketches: &[Sketch],
    askings: &[Asking],
) -> Result<(), Failure> {
    let mut matches = Vec::new();
    for (upload, sketch) in sketches.iter().enumerate() {
        let forms = forms(sketch.code);
        let gap_to = |entry: &Sketch| forms.iter().map(|f| f.distance(entry.code).bits()).min();
        for (entry, listed) in sketches.iter().enumerate().filter(|(at, _)| *at != upload) {
            if let Some(gap) = gap_to(listed).filter(|&gap| gap <= Radius::DEFAULT.bits()) {
                matches.push((entry, gap));
            }
        }
    }
    writeln!(
        report,
        "family         sketches  reduced  whole frame  matches  left  of them within the floor"
    )?;
    for (family, _) in FAMILIES {
        let of_family = |place: usize| sketches[place].family == family;
        let asked = |is: fn(&Asking) -> bool| {
            let places = (0..sketches.len()).filter(|&place| of_family(place));
            places.filter(|&place| is(&askings[place])).count()
        };
        let left = |of: &dyn Fn(usize) -> Radius| {
            let of_family = matches.iter().filter(|(entry, _)| of_family(*entry));
            of_family
                .filter(|(entry, gap)| *gap <= of(*entry).bits())
                .count()
        };
        writeln!(
            report,
            "{family:14} {:8} {:8} {:12} {:8} {:5} {:5}",
            asked(|_| true),
            asked(|asking| matches!(asking, Asking::Reduced(_))),
            asked(|asking| matches!(asking, Asking::WholeFrameOnly(_))),
            left(&|_| Radius::DEFAULT),
            left(&|entry| askings[entry].radius(Radius::DEFAULT)),
            left(&|_| Asking::FLOOR),
        )?;
    }
    Ok(())
}

/// Entries three times as large as they are drawn, which is what is sent around.
fn report_copies(report: &mut String, sketches: &[Sketch]) -> Result<(), Failure> {
    let mut hasher = Hasher::new();
    let mut tallies = [[(0, 0, 0); COPIES.len()]; 3];
    for sketch in sketches.iter().step_by(5) {
        let (width, height) = sketch.image.dimensions();
        let entry = resize(&sketch.image, 3 * width, 3 * height, FilterType::Nearest);
        let (code, quality) = hash(&mut hasher, &entry)?;
        if quality < Quality::DEFAULT_MINIMUM {
            continue;
        }
        let asking = asking(code);
        let row = match asking {
            Asking::Reduced(_) => 1,
            Asking::WholeFrameOnly(_) => 2,
            _ => 0,
        };
        for ((_, copy), tally) in COPIES.iter().zip(&mut tallies[row]) {
            let copy = hash(&mut hasher, &copy(&entry)?)?.0;
            let is_within = |radius: Radius| radius.covers(copy.distance(code));
            tally.0 += 1;
            tally.1 += u32::from(is_within(Radius::DEFAULT));
            tally.2 += u32::from(is_within(asking.radius(Radius::DEFAULT)));
        }
    }
    for (row, name) in tallies
        .iter()
        .zip(["normal", "reduced", "whole frame only"])
    {
        writeln!(
            report,
            "\ncopies of entries asked as {name}: found at 31, as asked"
        )?;
        for ((name, _), (all, plain, asked)) in COPIES.iter().zip(row) {
            let share = |found: &u32| f64::from(*found) / f64::from(*all).max(1.0);
            writeln!(
                report,
                "{name:18} of {all:4} {:6.3} {:6.3}",
                share(plain),
                share(asked)
            )?;
        }
    }
    Ok(())
}

type Copy = fn(&RgbImage) -> Result<RgbImage, ImageError>;

const COPIES: [(&str, Copy); 4] = [
    ("JPEG at 85", |image| jpeg(image, 85)),
    ("JPEG at 40", |image| jpeg(image, 40)),
    ("two thirds", |image| jpeg(&sized(image, 2.0 / 3.0), 75)),
    ("three halves", |image| jpeg(&sized(image, 1.5), 75)),
];

fn jpeg(image: &RgbImage, quality: u8) -> Result<RgbImage, ImageError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image)?;
    Ok(image::load_from_memory(&bytes)?.to_rgb8())
}

fn sized(image: &RgbImage, by: f32) -> RgbImage {
    let side = |side: u32| px(side as f32 * by);
    scaled(image, (side(image.width()), side(image.height())))
}
