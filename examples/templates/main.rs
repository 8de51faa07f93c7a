//! Draws benign pictures of little content, and writes the templates of `ijkpunt::baseline::generic`.
//!
//! `cargo run --release --example templates -- write` writes `src/baseline/generic/templates.rs`; the same on every machine.
//! `-- sheets DIR` writes a picture of the templates of every family into a folder, for people to look at.
//! `-- measure` tells what the rule does to sketches that no template was chosen from, and to copies of them.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it is for")]

#[allow(dead_code, reason = "the demo uses more of it")]
#[path = "../../src/bin/ijkpunt/demo/brush.rs"]
mod brush;
#[allow(dead_code, reason = "the demo uses more of it")]
#[path = "../../src/bin/ijkpunt/demo/dice.rs"]
mod dice;
#[allow(dead_code, reason = "the evaluation uses more of it")]
#[path = "../evaluate/drawing.rs"]
mod drawing;
mod flags;
mod frames;
#[allow(dead_code, reason = "the evaluation uses more of it")]
#[path = "../evaluate/letters.rs"]
mod letters;
mod logos;
mod measure;
mod paper;
#[allow(dead_code, reason = "the demo uses more of it")]
#[path = "../../src/bin/ijkpunt/demo/scene.rs"]
mod scene;
mod set;
mod shades;
mod shapes;

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use image::RgbImage;
use image::imageops::replace;

use drawing::covering;
use set::{FAMILIES, Sketch, chosen, sketches};

/// Why there are no templates.
type Failure = Box<dyn Error + Send + Sync>;

const USAGE: &str = "usage: templates write | sheets DIR | measure";

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/baseline/generic/templates.rs"
);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write"] => text().and_then(|text| Ok(fs::write(FILE, text)?)),
        ["sheets", folder] => write_sheets(Path::new(folder)),
        ["measure"] => measure::report().map(|report| print!("{report}")),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("templates: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The templates, family by family.
fn templates() -> Result<Vec<Sketch>, Failure> {
    let all = sketches(0..ROUNDS)?;
    let chosen = chosen(&all).into_iter();
    let mut templates: Vec<Sketch> = chosen.map(|place| all[place].clone()).collect();
    templates.sort_by_key(|sketch| {
        FAMILIES
            .iter()
            .position(|(family, _)| *family == sketch.family)
    });
    Ok(templates)
}

/// Templates are chosen from these.
const ROUNDS: u64 = 16;

/// The file that the library is compiled with.
fn text() -> Result<String, Failure> {
    let templates = templates()?;
    let mut text = format!(
        "//! Hashes of drawn pictures. `cargo run --release --example templates -- write` writes this file.\n\n\
         #[rustfmt::skip]\n\
         pub(super) const TEMPLATES: [(&str, [u128; 2]); {}] = [\n",
        templates.len()
    );
    for template in templates {
        let hex = template.code.to_string();
        let (high, low) = hex.split_at(32);
        writeln!(text, "    ({:?}, [0x{high}, 0x{low}]),", template.family)?;
    }
    text.push_str("];\n");
    Ok(text)
}

fn write_sheets(folder: &Path) -> Result<(), Failure> {
    const ACROSS: u32 = 12;
    const SIDE_PX: u32 = 96;
    fs::create_dir_all(folder)?;
    let templates = templates()?;
    for (family, _) in FAMILIES {
        let of_family: Vec<_> = templates.iter().filter(|t| t.family == family).collect();
        let rows = u32::try_from(of_family.len())?.div_ceil(ACROSS);
        let mut sheet = RgbImage::from_pixel(ACROSS * SIDE_PX, rows * SIDE_PX, brush::RED);
        for (number, template) in (0..).zip(of_family) {
            let (across, down) = (number % ACROSS, number / ACROSS);
            let small = covering(&template.image, (SIDE_PX - 4, SIDE_PX - 4));
            let place = (across * SIDE_PX + 2, down * SIDE_PX + 2);
            replace(&mut sheet, &small, place.0.into(), place.1.into());
        }
        sheet.save(folder.join(format!("{}.png", family.replace(' ', "-"))))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawing_again_gives_the_file_that_is_there() {
        let is_same = text().unwrap() == fs::read_to_string(FILE).unwrap();
        assert!(
            is_same,
            "run `cargo run --release --example templates -- write`"
        );
    }
}
