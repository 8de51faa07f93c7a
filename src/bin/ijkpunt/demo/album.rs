//! Where the demo's pictures come from: made-up scenes, or somebody's photos.

use std::path::{Path, PathBuf};

use image::RgbImage;

use super::error::DemoError;
use super::photos::{self, Photos};
use super::plan::{Sizes, Source};
use super::scene::scene;

/// A stock of pictures that are all different.
#[derive(Debug)]
pub(super) enum Album {
    /// As many as one likes.
    Scenes,
    /// Those of a folder.
    Photos(OwnPhotos),
}

/// The photos of a folder, shared out.
#[derive(Debug)]
pub(super) struct OwnPhotos {
    pub(super) dir: PathBuf,
    listed: Vec<PathBuf>,
    unrelated: Vec<PathBuf>,
    pub(super) passed_over: usize,
}

impl Album {
    /// The photos below a folder: one half to be listed, the other to be unrelated; at most as many as `sizes` asks for.
    pub(super) fn of_photos(dir: &Path, sizes: &Sizes) -> Result<Self, DemoError> {
        let found = Photos::find(dir, sizes.items + sizes.unrelated)?;
        let mut listed = found.paths;
        let unrelated = listed.split_off(listed.len() - (listed.len() / 2).min(sizes.unrelated));
        Ok(Self::Photos(OwnPhotos {
            dir: dir.into(),
            listed,
            unrelated,
            passed_over: found.passed_over,
        }))
    }

    /// What a platform of these pictures can be, at most what is asked for.
    pub(super) fn sizes(&self, most: Sizes) -> Sizes {
        match self {
            Self::Scenes => most,
            Self::Photos(own) => most.within(own.listed.len(), own.unrelated.len()),
        }
    }

    /// Draws or reads one picture.
    pub(super) fn picture(&self, source: Source) -> Result<RgbImage, DemoError> {
        match self {
            Self::Scenes => Ok(scene(match source {
                Source::Item(number) => number as u64,
                Source::Unrelated(number) => FIRST_UNRELATED + number as u64,
            })),
            Self::Photos(own) => {
                let (paths, number) = match source {
                    Source::Item(number) => (&own.listed, number),
                    Source::Unrelated(number) => (&own.unrelated, number),
                };
                // `sizes` keeps numbers within what there is.
                let gone = || DemoError::PhotoGone {
                    path: own.dir.clone(),
                };
                photos::load(paths.get(number).ok_or_else(gone)?)
            }
        }
    }

    /// What stands beside every item in the list.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Scenes => "made-up picture",
            Self::Photos(_) => "own photo",
        }
    }
}

/// The seed of the first scene that is not listed; far from those that are.
const FIRST_UNRELATED: u64 = 1_000_000;
