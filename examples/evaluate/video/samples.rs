//! What is seen of a video: the frames that the library's plan asks for, and those that vPDQ takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use ijkpunt::hash::frames::{FrameHashes, Keeper, vpdq};
use ijkpunt::hash::{Hasher, Pdq, Quality};
use ijkpunt::media::video::{Ffmpeg, Sampling};
use ijkpunt::{Limits, Picture};
use serde::{Deserialize, Serialize};

use super::studio::{beside, paced};
use crate::Failure;
use crate::measure::cpu_ns;

/// A video that was looked at.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) path: PathBuf,
    pub(crate) size: [u32; 2],
    pub(crate) ends_ms: u32,
    /// The frames that are kept of those that were seen.
    pub(crate) kept: FrameHashes,
    /// Of each of these, its eight forms.
    pub(crate) forms: Vec<[Pdq; 8]>,
    /// A frame a second.
    pub(crate) paced: Vec<vpdq::Frame>,
    pub(crate) cost: Cost,
}

/// What looking took, in nanoseconds: decoding by the clock, as another process does it, and hashing in time of CPU.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Cost {
    pub(crate) decode_ns: u64,
    pub(crate) hash_ns: u64,
}

/// What was seen, as it is kept beside a video.
#[derive(Debug, Serialize, Deserialize)]
struct Notes {
    size: [u32; 2],
    frames: Vec<Note>,
    paced: String,
    cost: Cost,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Note {
    at_ms: u32,
    quality: Quality,
    forms: [Pdq; 8],
}

/// Looks at a video, or reads what was seen in it before.
pub(crate) fn look(path: &Path, ffmpeg: &Ffmpeg, has_notes: bool) -> Result<Seen, Failure> {
    let notes_path = beside(path, "frames");
    let before = match has_notes {
        true => fs::read(&notes_path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok()),
        false => None,
    };
    let notes = match before {
        Some(notes) => notes,
        None => {
            let notes =
                noted(path, ffmpeg).map_err(|error| format!("{}: {error}", path.display()))?;
            if has_notes {
                fs::write(&notes_path, serde_json::to_vec(&notes)?)?;
            }
            notes
        }
    };
    seen(path, &notes)
}

fn noted(path: &Path, ffmpeg: &Ffmpeg) -> Result<Notes, Failure> {
    let (mut frames, mut size, mut cost) = (Vec::new(), [0, 0], Cost::default());
    let mut hasher = Hasher::new();
    let mut waiting = Instant::now();
    for frame in ffmpeg.open(path, &Sampling::default(), &Limits::default())? {
        let frame = frame?;
        cost.decode_ns += nanoseconds(waiting);
        let began = cpu_ns();
        let hash = hasher.hash(frame.picture())?;
        frames.push(Note {
            at_ms: u32::try_from(frame.at().as_millis())?,
            quality: hash.quality(),
            forms: hash.forms(),
        });
        size = [frame.picture().width(), frame.picture().height()];
        cost.hash_ns += cpu_ns().saturating_sub(began);
        waiting = Instant::now();
    }
    cost.decode_ns += nanoseconds(waiting);
    Ok(Notes {
        size,
        frames,
        paced: vpdq::write(&at_vpdqs_pace(path, size)?),
        cost,
    })
}

/// vPDQ looks at a frame a second.
fn at_vpdqs_pace(path: &Path, [width, height]: [u32; 2]) -> Result<Vec<vpdq::Frame>, Failure> {
    let mut frames = Vec::new();
    let mut hasher = Hasher::new();
    let stride = 3 * width as usize;
    paced(path, stride * height as usize, |pixels| {
        let hash = hasher.hash(&Picture::rgb(width, height, stride, pixels)?)?;
        let number = u32::try_from(frames.len())?;
        frames.push(vpdq::Frame {
            frame: number,
            quality: hash.quality(),
            pdq: hash.pdq(),
            at_ms: 1000 * number,
        });
        Ok(())
    })?;
    Ok(frames)
}

fn seen(path: &Path, notes: &Notes) -> Result<Seen, Failure> {
    let mut keeper = Keeper::new();
    for note in &notes.frames {
        keeper.push(note.at_ms, note.forms[0], note.quality)?;
    }
    // Half a second behind the last one, the next would have come.
    let ends_ms = notes.frames.last().map_or(0, |note| note.at_ms + 500);
    let kept = keeper.finish(ends_ms);
    let mut notes_left = notes.frames.iter();
    let forms = kept.as_slice().iter().filter_map(|frame| {
        let is_it = |note: &&Note| (note.at_ms, note.forms[0]) == (frame.at_ms, frame.pdq);
        notes_left.find(is_it).map(|note| note.forms)
    });
    Ok(Seen {
        path: path.to_owned(),
        size: notes.size,
        ends_ms,
        forms: forms.collect(),
        paced: vpdq::read(notes.paced.as_bytes(), &Limits::default())?,
        kept,
        cost: notes.cost,
    })
}

fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
