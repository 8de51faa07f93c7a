//! Why there is no demo.

use std::io;
use std::path::{Path, PathBuf};

use ijkpunt::ListError;
use ijkpunt::hash::TooSmall;
use ijkpunt::picture::PictureError;
use ijkpunt::screen::BuildError;
use ijkpunt::snapshot::{DraftError, FolderError, OpenError};

use super::photos::{FEWEST, SHORTEST_SIDE_PX};

/// Why the demo ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// The folder holds something that the demo did not make.
    #[error(
        "`{}` holds something that the demo did not make, and is left alone; name another folder with --dir",
        dir.display()
    )]
    NotOurs { dir: PathBuf },
    /// The photos stand in the folder that would be made anew.
    #[error(
        "the photos `{}` stand in the folder `{}`, which would be made anew; name another with --dir",
        photos.display(),
        dir.display()
    )]
    PhotosInside { photos: PathBuf, dir: PathBuf },
    /// Too few pictures to make a platform of.
    #[error(
        "`{}` holds {usable} pictures that can be used, at least {FEWEST} are needed ({passed_over} passed over: \
         not decodable, flat, below {SHORTEST_SIDE_PX} pixels, or like another)",
        photos.display()
    )]
    TooFewPhotos {
        photos: PathBuf,
        usable: usize,
        passed_over: usize,
    },
    /// A photo was there, and is not any more.
    #[error("`{}` could be decoded before and cannot now", path.display())]
    PhotoGone { path: PathBuf },
    /// Reading or writing failed.
    #[error("`{}`: {error}", path.display())]
    Io {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    /// An edited picture could not be encoded.
    #[error("a picture could not be encoded: {0}")]
    Encode(#[from] image::ImageError),
    /// A picture without pixels.
    #[error("a picture could not be hashed: {0}")]
    Picture(#[from] PictureError),
    /// A picture without hash.
    #[error("a picture could not be hashed: {0}")]
    TooSmall(#[from] TooSmall),
    /// The list that was just written cannot be read.
    #[error("the demo's own list was refused: {0}")]
    List(#[from] ListError),
    /// The list does not go into a snapshot.
    #[error("the demo's own list became no snapshot: {0}")]
    Draft(#[from] DraftError),
    /// The snapshot that was just made cannot be read.
    #[error("the demo's own snapshot was refused: {0}")]
    Open(#[from] OpenError),
    /// The snapshot cannot be installed or followed.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// No screener.
    #[error("no screener: {0}")]
    Build(#[from] BuildError),
    /// The report could not be written.
    #[error("the report could not be written: {0}")]
    Out(#[source] io::Error),
}

impl DemoError {
    /// For `map_err`: what failed at this path.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |error| Self::Io {
            path: path.into(),
            error,
        }
    }
}
