//! `ijkpunt hash`: every distinct frame's PDQ and quality, as a table or JSON lines.

use std::io::{self, Write};
use std::path::PathBuf;

use ijkpunt::hash::{Dihedral, Hasher, Pdq, Quality};
use ijkpunt::limits::Limits;
use ijkpunt::media::{self, Background};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::files::{self, Input};
use crate::output::printable;
use crate::{Failure, Outcome, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files, folders (with all that is in them), or - for standard input
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// One JSON object a line, one a frame
    #[arg(long)]
    json: bool,
    /// The hashes of the seven turned and mirrored forms too
    #[arg(long)]
    dihedral: bool,
}

/// What became of one file: its frames, and why some could not be had.
struct Hashed {
    frames: Vec<Line>,
    undecided: Option<String>,
}

/// One frame, as the JSON shows it.
#[derive(Serialize)]
struct Line {
    file: String,
    frame: u32,
    frame_ms: Option<u64>,
    pdq: Pdq,
    quality: Quality,
    width: u32,
    height: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    dihedral: Option<Forms>,
}

/// A file, or a part of one, that has no hash.
#[derive(Serialize)]
struct Gap<'a> {
    file: &'a str,
    verdict: &'static str,
    reason: &'a str,
}

/// The eight hashes under their names.
struct Forms([Pdq; 8]);

impl Serialize for Forms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(8))?;
        for (form, pdq) in Dihedral::ALL.iter().zip(&self.0) {
            map.serialize_entry(form, pdq)?;
        }
        map.end()
    }
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let limits = Limits::default();
    let inputs = files::collect(&args.paths, &limits);
    if inputs.is_empty() {
        return Err("there is no file in these folders".into());
    }
    if !args.json {
        writeln!(out, "{:<64}  {:>7}  {:>11}  file", "pdq", "quality", "size")?;
    }
    let mut outcome = Outcome::NothingFound;
    work::in_order(
        &inputs,
        |input| hash(input, args.dihedral, &limits),
        |input, hashed| {
            let hashed = hashed.unwrap_or_else(|| Hashed::undecided("internal fault"));
            if hashed.undecided.is_some() {
                outcome = Outcome::Undecided;
            }
            write(&input.name(), &hashed, args, out)
        },
    )?;
    Ok(outcome)
}

impl Hashed {
    fn undecided(reason: impl Into<String>) -> Self {
        Self {
            frames: Vec::new(),
            undecided: Some(reason.into()),
        }
    }
}

fn hash(input: &Input, dihedral: bool, limits: &Limits) -> Hashed {
    let bytes = match input.read(limits) {
        Ok(bytes) => bytes,
        Err(reason) => return Hashed::undecided(reason),
    };
    let mut hasher = Hasher::new();
    let mut frames = Vec::new();
    for item in media::frames(&bytes, limits) {
        let frame = match item {
            Ok(frame) => frame,
            Err(error) => {
                let undecided = Some(error.to_string());
                return Hashed { frames, undecided };
            }
        };
        let transform = match hasher.hash(frame.picture()) {
            Ok(transform) => transform,
            Err(error) => {
                let undecided = Some(error.to_string());
                return Hashed { frames, undecided };
            }
        };
        let time = frame.time().map(|time| time.as_millis());
        frames.push(Line {
            file: input.name(),
            frame: frame.number(),
            frame_ms: time.and_then(|time| u64::try_from(time).ok()),
            pdq: transform.pdq(),
            quality: transform.quality(),
            width: frame.picture().width(),
            height: frame.picture().height(),
            background: (frame.background() == Background::White).then_some("white"),
            partial: frame.is_partial(),
            dihedral: dihedral.then(|| Forms(transform.forms())),
        });
    }
    let undecided = None;
    Hashed { frames, undecided }
}

fn write(file: &str, hashed: &Hashed, args: &Args, out: &mut impl Write) -> io::Result<()> {
    for line in &hashed.frames {
        if args.json {
            serde_json::to_writer(&mut *out, line)?;
            writeln!(out)?;
        } else {
            write_row(line, out)?;
        }
    }
    let Some(reason) = &hashed.undecided else {
        return Ok(());
    };
    if args.json {
        let verdict = "undecided";
        serde_json::to_writer(
            &mut *out,
            &Gap {
                file,
                verdict,
                reason,
            },
        )?;
        writeln!(out)
    } else {
        writeln!(
            out,
            "{:<64}  {:>7}  {:>11}  {}: {reason}",
            "undecided",
            "-",
            "-",
            printable(file)
        )
    }
}

fn write_row(line: &Line, out: &mut impl Write) -> io::Result<()> {
    let Line { pdq, quality, .. } = line;
    let size = format!("{}x{}", line.width, line.height);
    let mut name = printable(&line.file);
    if let (1.., Some(time)) = (line.frame, line.frame_ms) {
        name += &format!(" (frame {} at {time} ms)", line.frame);
    }
    if line.background.is_some() {
        name += " (on white)";
    }
    if line.partial {
        name += " (partial)";
    }
    writeln!(out, "{pdq}  {quality:>7}  {size:>11}  {name}")?;
    let Some(Forms(forms)) = &line.dihedral else {
        return Ok(());
    };
    for (form, pdq) in Dihedral::ALL.iter().zip(forms).skip(1) {
        writeln!(out, "{pdq}  {:>7}  {:>11}  {form}", "", "")?;
    }
    Ok(())
}
