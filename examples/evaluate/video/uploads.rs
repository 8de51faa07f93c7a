//! References, and the uploads that are made of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ijkpunt::media::video::Ffmpeg;

use super::edits::{Carrier, Clip, Edit, Side, Stretch, stock};
use super::film::{Film, stock_ms};
use super::options::Options;
use super::samples::{Seen, look};
use super::studio::Studio;
use crate::Failure;

/// A known video.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// A shot that other videos show as well, in milliseconds.
    stock_ms: Option<[u32; 2]>,
}

/// An edited copy of a reference, or a video that shares a shot with one.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) reference: usize,
    pub(crate) edit: String,
    pub(crate) is_copy: bool,
    pub(crate) truth: Vec<Stretch>,
    pub(crate) seen: Seen,
}

/// Seconds of the films that are drawn, and whether they have a stock shot.
const FILMS: [(u32, bool); 16] = [
    (45, true),
    (40, true),
    (50, true),
    (42, true),
    (48, true),
    (44, true),
    (46, false),
    (41, false),
    (49, false),
    (43, false),
    (22, false),
    (18, false),
    (14, false),
    (11, false),
    (8, false),
    (5, false),
];

/// Seconds of the videos into which others are put.
const CARRIERS: [u32; 3] = [180, 200, 220];

const FIRST_FILM: u64 = 5_000_000;
const FIRST_CARRIER: u64 = 6_000_000;

/// Those of a folder, or drawn ones.
pub(crate) fn references(options: &Options, studio: &Studio) -> Result<Vec<Reference>, Failure> {
    if let Some(folder) = &options.clips {
        let mut paths = Vec::new();
        for entry in
            fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?
        {
            paths.push(entry?.path().canonicalize()?);
        }
        paths.retain(|path| is_named_like_a_video(path));
        paths.sort_unstable();
        if paths.is_empty() {
            return Err(format!("{}: no videos", folder.display()).into());
        }
        let named = |path: PathBuf| Reference {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            path,
            stock_ms: None,
        };
        let paths = crate::options::spaced(paths, options.limit);
        return Ok(paths.into_iter().map(named).collect());
    }
    let films = FILMS.iter().zip(FIRST_FILM..).zip(1..);
    let films: Vec<Film> = films
        .map(|((&(seconds, has_stock), seed), number)| {
            Film::new(format!("film-{number:02}"), seed, seconds, has_stock)
        })
        .collect();
    let films = crate::options::spaced(films, options.limit);
    in_parallel(options.threads, &films, |film| {
        Ok(Reference {
            name: film.name.clone(),
            path: studio.film(film)?,
            stock_ms: stock_ms(film),
        })
    })
}

fn is_named_like_a_video(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["mp4", "m4v", "mov", "mkv", "webm", "avi"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// Videos of other things.
fn carriers(options: &Options, studio: &Studio) -> Result<Vec<(PathBuf, u32)>, Failure> {
    let films = CARRIERS.iter().zip(FIRST_CARRIER..).zip(1..);
    let films: Vec<Film> = films
        .map(|((&seconds, seed), number)| {
            Film::new(format!("carrier-{number}"), seed, seconds, false)
        })
        .collect();
    in_parallel(options.threads, &films, |film| {
        Ok((studio.film(film)?, film.frames() * 40))
    })
}

/// Looks at the references.
pub(crate) fn look_at_all(
    references: &[Reference],
    options: &Options,
    studio: &Studio,
) -> Result<Vec<Seen>, Failure> {
    let ffmpeg = Ffmpeg::find()?;
    in_parallel(options.threads, references, |it| {
        look(
            &it.path,
            &ffmpeg,
            studio.is_kept() && options.clips.is_none(),
        )
    })
}

/// Makes all uploads, and looks at them.
pub(crate) fn uploads(
    references: &[(&Reference, &Seen)],
    edits: &[Edit],
    options: &Options,
    studio: &Studio,
) -> Result<Vec<Upload>, Failure> {
    let ffmpeg = Ffmpeg::find()?;
    let stock_edits = [stock(1.0), stock(0.8)];
    let mut jobs = Vec::new();
    for (number, (reference, seen)) in references.iter().enumerate() {
        for edit in edits {
            jobs.push((number, edit, edit.cuts(seen.ends_ms), true));
        }
        let shot = match (&options.clips, reference.stock_ms) {
            (None, shot) => shot,
            // Any 2.5 s of a video that is a good deal longer.
            (Some(_), _) => {
                let from = seen.ends_ms / 2;
                (seen.ends_ms >= 10_000).then_some([from, from + 2500])
            }
        };
        for edit in stock_edits.iter().filter(|_| options.edits.is_empty()) {
            jobs.extend(shot.map(|shot| (number, edit, vec![shot], false)));
        }
    }
    let carriers = match jobs.iter().any(|(_, edit, ..)| edit.carrier.is_some()) {
        true => carriers(options, studio)?,
        false => Vec::new(),
    };
    in_parallel(options.threads, &jobs, |(number, edit, cuts, is_copy)| {
        let (reference, seen) = references[*number];
        let carrier = edit.carrier.map(|side| {
            let place = number + usize::from(edit.name.ends_with("0.8"));
            let (path, ends_ms) = &carriers[place % carriers.len()];
            carrier_of(path, *ends_ms, *number, side, *is_copy)
        });
        let clip = Clip {
            path: &reference.path,
            size: seen.size,
        };
        let arguments = edit.arguments(clip, cuts, carrier);
        let path = studio.edited(&format!("{}--{}", reference.name, edit.name), &arguments)?;
        let seen = look(&path, &ffmpeg, studio.is_kept())?;
        Ok(Upload {
            reference: *number,
            edit: edit.name.clone(),
            is_copy: *is_copy,
            truth: edit.truth(cuts, carrier),
            seen,
        })
    })
}

/// Another place of the carrier for each reference; around a stock shot half a minute of it.
fn carrier_of(path: &Path, ends_ms: u32, number: usize, side: Side, is_copy: bool) -> Carrier<'_> {
    let step = u32::try_from(number % 16).unwrap_or(0) * 5120;
    let clip_at_ms = 40_000 + step;
    match (side, is_copy) {
        (Side::Around, false) => Carrier {
            path,
            from_ms: clip_at_ms - 14_000,
            clip_at_ms,
            ends_ms: clip_at_ms + 16_000,
        },
        _ => Carrier {
            path,
            from_ms: 0,
            clip_at_ms,
            ends_ms,
        },
    }
}

/// By so many threads, in order.
pub(crate) fn in_parallel<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let next = AtomicUsize::new(0);
    let one = || {
        let mut done = Vec::new();
        while let Some((place, item)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            items.get(place).map(|item| (place, item))
        } {
            done.push((place, work(item)));
        }
        done
    };
    let mut all: Vec<(usize, Result<R, Failure>)> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(one)).collect();
        let done = running.into_iter().flat_map(|thread| match thread.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect()
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, result)| result).collect()
}
