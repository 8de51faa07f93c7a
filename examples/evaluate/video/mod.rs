//! What is found of edited copies of videos, and what is found wrongly: 19 edits of `edits.toml`, made by ffmpeg.
//!
//! Every video of a folder is known, or 16 drawn films are. Each is edited, encoded again, decoded as an upload is, and asked for by every
//! [`Matcher`](matchers::Matcher). All other references are wrong ones. Some films have a shot of 2.5 s that is put into other videos, too,
//! which are no copies.
//!
//! `cargo run --release --features video --example evaluate -- videos --work DIR --out DIR`. Needs an ffmpeg with libx264, whose
//! version decides what the pixels are: figures of two machines are alike, not the same.

#[path = "../../../benches/sets/dice.rs"]
mod dice;
mod edits;
mod film;
mod matchers;
mod measure;
mod options;
mod report;
mod samples;
#[path = "../../../benches/sets/scenes.rs"]
mod scenes;
mod screened;
mod shots;
mod studio;
mod timeline;
mod uploads;

use std::fs;

use crate::Failure;
pub(crate) use options::{Options, USAGE};
use report::Report;
use studio::Studio;

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let edits = edits::edits(&options.edits)?;
    let studio = Studio::open(options.work.as_deref())?;
    let references = uploads::references(options, &studio)?;
    let seen = uploads::look_at_all(&references, options, &studio)?;
    let both: Vec<_> = references.iter().zip(&seen).collect();
    let uploads = uploads::uploads(&both, &edits, options, &studio)?;
    let matchers = matchers::matchers(&seen)?;
    let measured = measure::measure(&matchers, &uploads, options)?;
    let report = Report::new(options, &edits, &seen, &uploads, &measured);
    println!("{}", report.markdown());
    let (Some(last), Some(first)) = (measured.last(), references.first()) else {
        return Ok(());
    };
    print!("{}{}", report::steps(last, &edits), report::spread(last));
    if let Some(out) = &options.out {
        let names: Vec<&str> = references.iter().map(|it| it.name.as_str()).collect();
        fs::create_dir_all(out)?;
        fs::write(out.join("videos.json"), report.json()?)?;
        fs::write(out.join("videos.md"), report.markdown())?;
        fs::write(out.join("pairs.csv"), report::pairs(last, &names))?;
        fs::write(
            out.join("timeline.svg"),
            timeline::timeline(last, (0, &first.name))?,
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_found_where_it_is_and_a_mirrored_one_by_us_alone() {
        if let Err(error) = ijkpunt::media::video::Ffmpeg::find() {
            eprintln!("skipped: {error}");
            return;
        }
        let options = Options {
            limit: 1,
            edits: ["trim", "mirror"].map(str::to_owned).to_vec(),
            times: false,
            ..Options::default()
        };
        let edits = edits::edits(&options.edits).unwrap();
        let studio = Studio::open(None).unwrap();
        let references = uploads::references(&options, &studio).unwrap();
        let seen = uploads::look_at_all(&references, &options, &studio).unwrap();
        let both: Vec<_> = references.iter().zip(&seen).collect();
        let uploads = uploads::uploads(&both, &edits, &options, &studio).unwrap();
        let matchers = matchers::matchers(&seen).unwrap();
        let measured = measure::measure(&matchers, &uploads, &options).unwrap();
        for told in &measured {
            let matches = told.pairs.iter().map(|pair| pair.answer.is_match);
            let is_ours = !told.name.starts_with("vPDQ");
            assert_eq!(
                matches.skip(1).collect::<Vec<_>>(),
                [is_ours],
                "{}",
                told.name
            );
        }
        for pair in &measured.last().unwrap().pairs {
            assert!(pair.answer.is_match && !pair.is_misplaced());
            assert!(pair.ends_off().iter().flatten().all(|&off| off < 1100));
        }
        let report = Report::new(&options, &edits, &seen, &uploads, &measured);
        assert!(report.markdown().contains("| mirror | 0.00 (0.00, -) |"));
        let figure = timeline::timeline(measured.last().unwrap(), (0, "film")).unwrap();
        assert!(figure.contains("trim") && figure.contains("mirror"));
    }
}
