//! Photos in place of scenes: which files of a folder can be used, and their pixels.
//!
//! They are decoded by the library itself, so that limits, orientation and colours are those of every upload. Photos
//! that are like another one (bursts, copies) are passed over: the demo claims to know which uploads are copies.

use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::hash::Transform;
use ijkpunt::picture::Samples;
use ijkpunt::{Hasher, Limits, Picture, Quality, Radius, media};
use image::RgbImage;
use image::imageops::thumbnail;

use crate::work::spread;

use super::encode::picture;
use super::error::DemoError;
use super::folder;

/// Fewer photos make no platform: two to list, two that nobody listed.
pub(super) const FEWEST: usize = 4;

/// What is smaller is an icon.
pub(super) const SHORTEST_SIDE_PX: u32 = 64;

/// What is larger is reduced: the demo is about finding, not about decoding for minutes.
const LONGEST_SIDE_PX: u32 = 1024;

/// Photos are looked at so many at a time, so that a large folder is not decoded beyond what is needed.
const AT_A_TIME: usize = 64;

/// The photos of a folder that can be used.
#[derive(Debug)]
pub(super) struct Photos {
    pub(super) paths: Vec<PathBuf>,
    /// Files that looked like pictures by their names and were not used.
    pub(super) passed_over: usize,
}

impl Photos {
    /// The first `most` usable photos, in the order of their paths.
    pub(super) fn find(dir: &Path, most: usize) -> Result<Self, DemoError> {
        let candidates = candidates(dir)?;
        let mut chosen = Chosen::default();
        for some in candidates.chunks(AT_A_TIME) {
            for (path, transform) in some.iter().zip(spread(some, |path| hash(path))) {
                if chosen.paths.len() < most {
                    chosen.look_at(path, transform);
                }
            }
            if chosen.paths.len() == most {
                break;
            }
        }
        let (usable, passed_over) = (chosen.paths.len(), chosen.passed_over);
        if usable < FEWEST {
            let photos = dir.into();
            return Err(DemoError::TooFewPhotos {
                photos,
                usable,
                passed_over,
            });
        }
        let paths = chosen.paths;
        Ok(Self { paths, passed_over })
    }
}

#[derive(Default)]
struct Chosen {
    paths: Vec<PathBuf>,
    transforms: Vec<Transform>,
    passed_over: usize,
}

impl Chosen {
    fn look_at(&mut self, path: &Path, transform: Option<Transform>) {
        let usable = transform.filter(|t| t.quality() >= Quality::DEFAULT_MINIMUM);
        match usable {
            Some(transform) if !self.has_like(&transform) => {
                self.paths.push(path.into());
                self.transforms.push(transform);
            }
            _ => self.passed_over += 1,
        }
    }

    fn has_like(&self, new: &Transform) -> bool {
        let forms = new.forms();
        let is_like = |pdq| {
            forms
                .iter()
                .any(|form| Radius::DEFAULT.covers(form.distance(pdq)))
        };
        self.transforms.iter().any(|known| is_like(known.pdq()))
    }
}

fn hash(path: &Path) -> Option<Transform> {
    let image = load(path).ok()?;
    Hasher::new().hash(&picture(&image).ok()?).ok()
}

/// The pixels of a photo, upright, of at most 1024 pixels a side.
pub(super) fn load(path: &Path) -> Result<RgbImage, DemoError> {
    let bytes = fs::read(path).map_err(DemoError::at(path))?;
    let gone = || DemoError::PhotoGone { path: path.into() };
    let limits = Limits::default();
    let frame = match media::frames(&bytes, &limits).next() {
        Some(Ok(frame)) if !frame.is_partial() => frame,
        _ => return Err(gone()),
    };
    let (width, height) = (frame.picture().width(), frame.picture().height());
    if width.min(height) < SHORTEST_SIDE_PX {
        return Err(gone());
    }
    let image = RgbImage::from_raw(width, height, rgb(frame.picture())).ok_or_else(gone)?;
    Ok(reduced(image))
}

fn rgb(picture: &Picture<'_>) -> Vec<u8> {
    let bytes = picture.rows().flatten();
    match picture.samples() {
        Samples::Grey => bytes.flat_map(|&grey| [grey; 3]).collect(),
        _ => bytes.copied().collect(),
    }
}

fn reduced(image: RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let longest = width.max(height);
    if longest <= LONGEST_SIDE_PX {
        return image;
    }
    let shrink = |side: u32| {
        let side = u64::from(side) * u64::from(LONGEST_SIDE_PX) / u64::from(longest);
        u32::try_from(side).unwrap_or(LONGEST_SIDE_PX).max(1)
    };
    thumbnail(&image, shrink(width), shrink(height))
}

/// All files below a folder that are named like pictures, sorted by path. Links to folders are not followed, and what a
/// demo made is no photo.
fn candidates(dir: &Path) -> Result<Vec<PathBuf>, DemoError> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(DemoError::at(&folder))? {
            let entry = entry.map_err(DemoError::at(&folder))?;
            let path = entry.path();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !folder::is_ours(&path) {
                folders.push(path);
            } else if is_named_like_a_picture(&path) && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn is_named_like_a_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["jpg", "jpeg", "png", "gif", "webp", "bmp"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}
