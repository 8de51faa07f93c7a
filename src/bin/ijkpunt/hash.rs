//! `ijkpunt hash`: every distinct frame's PDQ and quality, as a table, JSON lines or, of a video, vPDQ's text.

use std::io::{self, Write};
use std::path::PathBuf;

use ijkpunt::hash::frames::vpdq;
#[cfg(all(feature = "video", unix))]
use ijkpunt::hash::frames::{Fate, Keeper};
use ijkpunt::hash::{Dihedral, Hasher, Pdq, Quality};
use ijkpunt::limits::Limits;
use ijkpunt::media::{self, Background};
#[cfg(all(feature = "video", unix))]
use ijkpunt::media::{MediaError, video::Sampling};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::budget::{self, Budget};
use crate::files::{self, Input};
use crate::output::{clock, complain, printable};
use crate::videos::{self, Videos};
use crate::work::Progress;
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
    /// Of one video, the text of vPDQ: every frame that is kept, as `number,quality,pdq,seconds`
    #[arg(long, conflicts_with_all = ["json", "dihedral"])]
    vpdq: bool,
    #[command(flatten)]
    videos: videos::Opener,
    #[command(flatten)]
    budget: budget::Memory,
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
    /// For how long it shows; of frames of videos.
    #[serde(skip_serializing_if = "Option::is_none")]
    lasts_ms: Option<u64>,
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
    if args.vpdq && inputs.len() > 1 {
        return Err("--vpdq writes the frames of one video: give a single file".into());
    }
    let looking = Looking {
        dihedral: args.dihedral,
        limits,
        videos: Videos::find(&args.videos),
        progress: Progress::files(inputs.len()),
    };
    let budget = Budget::of(&args.budget);
    if !args.json && !args.vpdq {
        writeln!(out, "{:<64}  {:>7}  {:>11}  file", "pdq", "quality", "size")?;
    }
    let mut outcome = Outcome::NothingFound;
    work::in_order_under(
        &looking.progress,
        &inputs,
        |input| {
            let _taken = budget.take(videos::memory(input, &looking.limits));
            looking.hash(input)
        },
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

/// With what files are hashed, and how.
struct Looking {
    dihedral: bool,
    limits: Limits,
    videos: Videos,
    progress: Progress,
}

impl Looking {
    fn hash(&self, input: &Input) -> Hashed {
        if videos::file(input).is_some() {
            return self.video(input, None);
        }
        match input.read(&self.limits) {
            Ok(bytes) if videos::begins_as_video(&bytes) => self.video(input, Some(&bytes)),
            Ok(bytes) => self.pictures(input, &bytes),
            Err(reason) => Hashed::undecided(reason),
        }
    }

    fn pictures(&self, input: &Input, bytes: &[u8]) -> Hashed {
        let mut hasher = Hasher::new();
        let mut frames = Vec::new();
        for item in media::frames(bytes, &self.limits) {
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
                lasts_ms: None,
                pdq: transform.pdq(),
                quality: transform.quality(),
                width: frame.picture().width(),
                height: frame.picture().height(),
                background: (frame.background() == Background::White).then_some("white"),
                partial: frame.is_partial(),
                dihedral: self.dihedral.then(|| Forms(transform.forms())),
            });
        }
        let undecided = None;
        Hashed { frames, undecided }
    }

    /// The frames of a video that are kept, and why there are not more.
    #[cfg(all(feature = "video", unix))]
    fn video(&self, input: &Input, bytes: Option<&[u8]>) -> Hashed {
        let (plan, limits) = (Sampling::default(), &self.limits);
        let opened = self.videos.ffmpeg().and_then(|ffmpeg| {
            let opened = match (bytes, videos::file(input)) {
                (None, Some(path)) => ffmpeg.open(path, &plan, limits),
                (bytes, _) => ffmpeg.read(bytes.unwrap_or_default(), &plan, limits),
            };
            opened.map_err(|error| MediaError::from(error).to_string())
        });
        let opened = match opened {
            Ok(opened) => opened,
            Err(reason) => return Hashed::undecided(reason),
        };
        let (mut hasher, mut keeper) = (Hasher::new(), Keeper::new());
        let (mut frames, mut undecided, mut last_ms) = (Vec::new(), None, 0);
        for (number, frame) in (0..).zip(opened) {
            let frame = match frame {
                Ok(frame) => frame,
                Err(error) => {
                    undecided = Some(MediaError::from(error).to_string());
                    break;
                }
            };
            self.progress.looked(&input.name(), frame.at());
            let picture = frame.picture();
            let transform = match hasher.hash(picture) {
                Ok(transform) => transform,
                Err(error) => {
                    undecided = Some(error.to_string());
                    break;
                }
            };
            // Where a clock goes back, it stands still: frames come in the order in which they are shown.
            let at_ms = u32::try_from(frame.at().as_millis()).unwrap_or(u32::MAX);
            last_ms = at_ms.max(last_ms);
            let (pdq, quality) = (transform.pdq(), transform.quality());
            if keeper.push(last_ms, pdq, quality) != Ok(Fate::Kept) {
                continue;
            }
            frames.push(Line {
                file: input.name(),
                frame: number,
                frame_ms: Some(last_ms.into()),
                lasts_ms: None,
                pdq,
                quality,
                width: picture.width(),
                height: picture.height(),
                background: None,
                partial: false,
                dihedral: self.dihedral.then(|| Forms(transform.forms())),
            });
        }
        let kept = keeper.finish(last_ms.saturating_add(LAST_MS));
        for (line, kept) in frames.iter_mut().zip(kept.as_slice()) {
            line.lasts_ms = Some(10 * u64::from(kept.lasts_cs));
        }
        if frames.is_empty() && undecided.is_none() {
            undecided = Some("too little detail in all frames".to_owned());
        }
        Hashed { frames, undecided }
    }

    #[cfg(not(all(feature = "video", unix)))]
    fn video(&self, _: &Input, _: Option<&[u8]>) -> Hashed {
        Hashed::undecided(self.videos.trouble().unwrap_or_default())
    }
}

/// How long the last frame shows, for all that is known, in milliseconds.
#[cfg(all(feature = "video", unix))]
const LAST_MS: u32 = 500;

fn write(file: &str, hashed: &Hashed, args: &Args, out: &mut impl Write) -> io::Result<()> {
    if args.vpdq {
        let frames: Vec<_> = hashed.frames.iter().map(vpdq::Frame::from).collect();
        out.write_all(vpdq::write(&frames).as_bytes())?;
        if let Some(reason) = &hashed.undecided {
            complain(&format_args!("{}: undecided: {reason}", printable(file)));
        }
        return Ok(());
    }
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

impl From<&Line> for vpdq::Frame {
    fn from(line: &Line) -> Self {
        Self {
            frame: line.frame,
            quality: line.quality,
            pdq: line.pdq,
            at_ms: u32::try_from(line.frame_ms.unwrap_or(0)).unwrap_or(u32::MAX),
        }
    }
}

fn write_row(line: &Line, out: &mut impl Write) -> io::Result<()> {
    let Line { pdq, quality, .. } = line;
    let size = format!("{}x{}", line.width, line.height);
    let mut name = printable(&line.file);
    match (line.frame, line.frame_ms, line.lasts_ms) {
        (frame, Some(time), Some(_)) => name += &format!(" (frame {frame} at {})", clock(time)),
        (frame @ 1.., Some(time), None) => name += &format!(" (frame {frame} at {time} ms)"),
        _ => {}
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
