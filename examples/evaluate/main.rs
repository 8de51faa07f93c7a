//! What is found of edited copies, and what is found wrongly: 22 families of edits, 98 settings, tried on photographs.
//!
//! Every photo of one half of a folder is known. It is edited in every way of `edits.toml`, encoded as JPEG, decoded
//! as an upload is (`ijkpunt::media`), and looked up by each [`Way`](ways::Way): its own entry should be near, all
//! others far. The photos of the other half stand behind insets and in collages, and are known to nobody.
//!
//! `cargo run --release --example evaluate -- --photos DIR --out DIR`; `--help` tells the rest. Without photos, drawn
//! scenes take their place. The same photos give the same numbers on every run, and the same files with `--no-times`.
//!
//! `evaluate videos` does the same with videos: see `video`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it is for")]

#[allow(dead_code, reason = "the demo uses more of it")]
#[path = "../../src/bin/ijkpunt/demo/brush.rs"]
mod brush;
#[allow(dead_code, reason = "the demo uses more of it")]
#[path = "../../src/bin/ijkpunt/demo/dice.rs"]
mod dice;
mod drawing;
mod edits;
mod letters;
mod measure;
mod options;
mod photos;
mod plots;
mod report;
mod roc;
#[path = "../../src/bin/ijkpunt/demo/scene.rs"]
mod scene;
mod tail;
mod tally;
#[cfg(all(feature = "video", unix))]
mod video;
mod ways;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use edits::Family;
use options::{Options, USAGE};
use photos::Album;
use report::Report;

/// Why there is no evaluation.
type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|first| first == "videos").is_some() {
        #[cfg(all(feature = "video", unix))]
        return with(video::Options::parse(arguments), video::USAGE, video::run);
        #[cfg(not(all(feature = "video", unix)))]
        {
            eprintln!("evaluate: videos need the feature `video`, and Unix");
            return ExitCode::from(64);
        }
    }
    with(Options::parse(arguments), USAGE, run)
}

fn with<T>(
    parsed: Result<Option<T>, String>,
    usage: &str,
    run: impl FnOnce(&T) -> Result<(), Failure>,
) -> ExitCode {
    let options = match parsed {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{usage}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("evaluate: {error}\n{usage}");
            return ExitCode::from(64);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evaluate: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Failure> {
    let families = edits::families(options)?;
    let album = Album::open(options)?;
    if let (true, Some(out)) = (options.contact, &options.out) {
        write_contact(&album, &families, &out.join("contact"))?;
    }
    let measured = measure::measure(&album, &families, options.threads)?;
    let report = Report::new(options, &album, &families, &measured);
    println!("{}", report.markdown());
    print!("{}", report.times(&measured));
    if let Some(out) = &options.out {
        fs::create_dir_all(out)?;
        fs::write(out.join("evaluation.json"), report.json()?)?;
        fs::write(out.join("evaluation.md"), report.markdown())?;
        fs::write(out.join("recall.svg"), plots::recall(&report)?)?;
        fs::write(out.join("distances.svg"), plots::distances(&measured)?)?;
        fs::write(out.join("roc.svg"), roc::roc(&report)?)?;
    }
    Ok(())
}

/// Writes the uploads that come from one photo, so that people can look at them.
fn write_contact(album: &Album, families: &[Family], dir: &Path) -> Result<(), Failure> {
    fs::create_dir_all(dir)?;
    for photo in album.known.iter().take(1) {
        for family in families {
            for (number, setting) in family.settings.iter().enumerate() {
                let upload = setting.upload(photo, &family.name, &album.others)?;
                let words = setting.name.replace(|c: char| !c.is_alphanumeric(), "-");
                let name = format!("{}-{}-{words}.jpg", family.name, number + 1);
                fs::write(dir.join(name), upload)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of drawn scenes, which come near to photographs: a change that finds fewer copies is noticed here.
    #[test]
    fn recall_of_drawn_scenes_stays_above_its_floors() {
        let options = Options {
            limit: 6,
            ..Options::default()
        };
        let families = edits::families(&options).unwrap();
        let album = Album::open(&options).unwrap();
        let measured = measure::measure(&album, &families, options.threads).unwrap();
        let floors = [
            ("PDQ", 31, 0.39),
            ("PDQ x8", 31, 0.485),
            ("views", 31, 0.835),
            ("standard", 31, 0.835),
            ("standard, windows", 31, 0.94),
            ("thorough, windows", 48, 0.955),
        ];
        let way = |name: &str| measured.iter().find(|way| way.way == name).unwrap();
        for (name, radius, floor) in floors {
            let recall = way(name).macro_recall(radius);
            assert!(recall > floor, "{name}: {recall}");
        }
        for way in &measured {
            assert_eq!(way.all().wrong_pairs.within(31), 0, "{}", way.way);
        }
        let floors = [
            ("standard", "border", 0.95),
            ("standard", "letterbox", 0.95),
            ("standard", "collage", 0.95),
            ("standard", "meme", 0.95),
            ("standard, windows", "crop_centred", 0.95),
            ("standard, windows", "crop_anywhere", 0.75),
            ("standard, windows", "overlay", 0.95),
        ];
        for (name, family, floor) in floors {
            let is_named = |it: &Family| it.name == family;
            let number = families.iter().position(is_named).unwrap();
            let recall = way(name).family(number).recall(31);
            assert!(recall >= floor, "{name}, {family}: {recall}");
        }
    }
}
