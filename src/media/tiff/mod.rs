//! TIFF: every page, through the crate `tiff`.
//!
//! The chain of directories is walked here, so that a chain that leads back to itself ends, and each page is handed to the
//! decoder alone. Pictures below a page (SubIFDs: reduced copies, or the sensor's picture in raw files) follow behind
//! the pages. A page that is not decoded is passed over, and named at the end; a damaged one ends the file.
//!
//! Frames have no time; a frame's number is the page's, counted from 0. Pages count against the limit of frames even if
//! they are equal, since a page of a few bytes may point at the pixels of another.

pub(super) mod ifd;
mod page;
mod pixels;

use std::collections::{HashSet, VecDeque};

use crate::limits::{Exceeded, Limits, Resource};

use super::decode::steps;
use super::frame::{Source, Step};
use super::still::Repeats;
use super::{Format, MediaError};
use ifd::Directories;

const FORMAT: Format = Format::Tiff;

pub(super) fn open<'a>(bytes: &'a [u8], limits: &'a Limits) -> Result<Source<'a>, MediaError> {
    let truncated = MediaError::Truncated { format: FORMAT };
    let file = Directories::open(bytes).ok_or(truncated)?;
    let pages = Pages {
        bytes,
        file,
        limits,
        next: Some(file.first()), // 0 is no page, and the file malformed
        below: VecDeque::new(),
        met: HashSet::new(),
        repeats: Repeats::default(),
        gap: None,
    };
    Ok(Source {
        format: FORMAT,
        kept_bytes: 0, // every page has a decoder of its own
        steps: Box::new(pages.flatten()),
    })
}

/// Where the last byte stands that a directory of the file points at, and one more; none where that is too much to look
/// up, or a directory is not whole.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    let file = Directories::open(bytes)?;
    let (mut end, mut work) = (0, 0);
    let mut met = HashSet::new();
    let mut next = vec![file.first()];
    while let Some(at) = next.pop() {
        if at == 0 || !met.insert(at) {
            continue;
        }
        let directory = file.at(at)?;
        let (extent, cost) = directory.extent(&DATA);
        (end, work) = (extent.max(end), work + cost);
        if work > MOST_LOOKED_UP {
            return None;
        }
        next.push(directory.next()?);
        for tag in BELOW {
            next.extend(directory.numbers(tag).take(MOST_LOOKED_UP));
        }
    }
    (end > 0).then(|| end.min(bytes.len()))
}

/// Places and lengths of data: strips, tiles, and JPEG of the old kind.
const DATA: [(u16, u16); 3] = [(273, 279), (324, 325), (513, 514)];
/// Directories below a directory: of pictures, of Exif, of GPS.
const BELOW: [u16; 3] = [SUB_DIRECTORIES, 34665, 34853];
/// Fields and parts of all directories together. Real files have some thousands.
const MOST_LOOKED_UP: usize = 1 << 20;

/// The pages, each as its frames; behind them what was not looked at.
struct Pages<'a> {
    bytes: &'a [u8],
    file: Directories<'a>,
    limits: &'a Limits,
    /// The next of the chain; 0 ends it.
    next: Option<u64>,
    /// Directories below those that were met.
    below: VecDeque<u64>,
    met: HashSet<u64>,
    repeats: Repeats,
    /// The first page that was passed over, or what is wrong with the chain.
    gap: Option<MediaError>,
}

impl Pages<'_> {
    fn end(&mut self, gap: MediaError) -> Option<Vec<Step>> {
        self.next = None;
        self.below.clear();
        Some(vec![Err(gap)])
    }

    /// The next directory: of the chain, then of those below.
    fn advance(&mut self) -> Option<u64> {
        match self.next.take() {
            Some(at) if at != 0 => Some(at),
            _ => self.below.pop_front(),
        }
    }

    /// The frames of the directory at `at`, which is followed by those that it names.
    fn page(&mut self, at: u64, number: u64) -> Result<Vec<Step>, MediaError> {
        let directory = self
            .file
            .at(at)
            .ok_or(MediaError::Truncated { format: FORMAT })?;
        // A chain whose link is cut off is not one that ends.
        self.next = Some(directory.next().unwrap_or(OUTSIDE));
        let most = usize::try_from(self.limits.frames).unwrap_or(usize::MAX);
        let below = directory.numbers(SUB_DIRECTORIES).take(most);
        self.below.extend(below.filter(|&at| at != 0));
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let canvas = page::decode(self.bytes, &self.file, at, &directory, self.limits)?;
        if self.repeats.has(&canvas) {
            return Ok(vec![Ok(None)]);
        }
        let frames = canvas.shown(self.limits)?.frames(number, None);
        Ok(steps(frames).collect())
    }
}

impl Iterator for Pages<'_> {
    type Item = Vec<Step>;

    fn next(&mut self) -> Option<Vec<Step>> {
        loop {
            let Some(at) = self.advance() else {
                return self.gap.take().map(|gap| vec![Err(gap)]);
            };
            let number = self.met.len() as u64;
            if !self.met.insert(at) {
                let detail = "a page leads back to one before it";
                let gap = MediaError::malformed(FORMAT, &detail);
                self.gap.get_or_insert(gap);
                continue;
            }
            if let Err(exceeded) = self.limits.check(Resource::Frames, number + 1) {
                return self.end(exceeded.into());
            }
            match self.page(at, number) {
                Ok(frames) => return Some(frames),
                Err(gap @ MediaError::Unsupported { .. }) => {
                    self.gap.get_or_insert(gap);
                }
                Err(gap) => return self.end(gap),
            }
        }
    }
}

fn too_much(limits: &Limits) -> MediaError {
    MediaError::Limit(Exceeded {
        what: Resource::MemoryBytes,
        asked: limits.memory_bytes.saturating_add(1),
        allowed: limits.memory_bytes,
    })
}

fn unsupported(feature: &'static str) -> MediaError {
    MediaError::Unsupported {
        format: FORMAT,
        feature: Some(feature),
    }
}

const SUB_DIRECTORIES: u16 = 330;
/// A place where no directory is.
const OUTSIDE: u64 = u64::MAX;
