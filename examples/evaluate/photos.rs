//! The photos: which are known, which only stand behind others, and their pixels.

use std::fs;
use std::path::Path;

use ijkpunt::picture::{PictureError, Samples};
use ijkpunt::{Limits, Picture, media};
use image::RgbImage;

use crate::Failure;
use crate::options::{Options, spaced};
use crate::scene::scene;

/// Photos are split, so that what is tried on one half is told of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Tune,
    Report,
    /// Both: to count as many wrong lookups as there can be.
    All,
}

impl Half {
    /// By the number of a photo. Collections number series of the same place one after the other: a thousand
    /// neighbours stay together, so that no series is in both halves.
    pub(crate) fn of(number: u64) -> Self {
        if (number / SERIES).is_multiple_of(2) {
            Self::Tune
        } else {
            Self::Report
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::Report => "report",
            Self::All => "all",
        }
    }
}

/// So many numbers are in the same half, one after the other.
const SERIES: u64 = 1000;

/// How many scenes are drawn where there are no photos.
const SCENES: u64 = 24;

/// The seed of the first.
const FIRST_SCENE: u64 = 3_000_000;

/// A photo with its pixels.
#[derive(Debug, Clone)]
pub(crate) struct Photo {
    pub(crate) name: String,
    pub(crate) image: RgbImage,
}

/// The photos of both halves.
#[derive(Debug)]
pub(crate) struct Album {
    /// What is listed, and edited.
    pub(crate) known: Vec<Photo>,
    /// What is neither, and stands in collages and behind insets.
    pub(crate) others: Vec<RgbImage>,
}

impl Album {
    pub(crate) fn open(options: &Options) -> Result<Self, Failure> {
        let photos = match &options.photos {
            Some(dir) => load_all(dir)?,
            None => (0..SCENES).map(drawn).collect(),
        };
        let is_known =
            |photo: &(u64, Photo)| [Half::All, Half::of(photo.0)].contains(&options.half);
        let (known, mut others): (Vec<_>, Vec<_>) = photos.into_iter().partition(is_known);
        if options.half == Half::All {
            // What stands behind insets must not be known.
            others.extend((SCENES..2 * SCENES).map(drawn));
        }
        if known.is_empty() || others.is_empty() {
            let detail = "thousands in the numbers of the names decide, even or odd";
            return Err(format!("no photo in one of the halves: {detail}").into());
        }
        let known = known.into_iter().map(|(_, photo)| photo).collect();
        Ok(Self {
            known: spaced(known, options.limit),
            others: others.into_iter().map(|(_, photo)| photo.image).collect(),
        })
    }
}

/// A scene in place of a photo, with a number that puts every second one into the same half.
fn drawn(place: u64) -> (u64, Photo) {
    let number = place * SERIES;
    let photo = Photo {
        name: format!("scene-{number}"),
        image: scene(FIRST_SCENE + place),
    };
    (number, photo)
}

/// The pictures of a folder, sorted by name.
fn load_all(dir: &Path) -> Result<Vec<(u64, Photo)>, Failure> {
    let at = |error| format!("{}: {error}", dir.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(at)? {
        paths.push(entry.map_err(at)?.path());
    }
    paths.retain(|path| is_named_like_a_picture(path));
    paths.sort_unstable();
    paths.iter().map(|path| load(path)).collect()
}

fn is_named_like_a_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["jpg", "jpeg", "png", "gif", "webp", "bmp"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

fn load(path: &Path) -> Result<(u64, Photo), Failure> {
    let wrong = |detail: &str| format!("{}: {detail}", path.display());
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let number = last_number(&name).ok_or_else(|| wrong("no number in the name"))?;
    let bytes = fs::read(path).map_err(|error| wrong(&error.to_string()))?;
    let shown = shown(&bytes).ok_or_else(|| wrong("cannot be decoded"))?;
    let image = image_of(&shown).ok_or_else(|| wrong("cannot be decoded"))?;
    let name = name.into_owned();
    Ok((number, Photo { name, image }))
}

/// The last run of digits.
fn last_number(name: &str) -> Option<u64> {
    let mut runs = name.split(|c: char| !c.is_ascii_digit());
    runs.rfind(|run| !run.is_empty())?.parse().ok()
}

/// What an upload shows, through the library's own door. `None` for what comes out as undecided: it does not decode,
/// or not all of it.
pub(crate) fn shown(bytes: &[u8]) -> Option<Picture<'static>> {
    let limits = Limits::default();
    let mut frames = media::frames(bytes, &limits);
    match (frames.next(), frames.next()) {
        (Some(Ok(frame)), None) if !frame.is_partial() => {
            Some(frame.picture().clone().into_owned())
        }
        _ => None,
    }
}

fn image_of(picture: &Picture<'_>) -> Option<RgbImage> {
    let bytes = picture.rows().flatten();
    let pixels = match picture.samples() {
        Samples::Grey => bytes.flat_map(|&grey| [grey; 3]).collect(),
        _ => bytes.copied().collect(),
    };
    RgbImage::from_raw(picture.width(), picture.height(), pixels)
}

/// The pixels as the library wants them.
pub(crate) fn picture_of(image: &RgbImage) -> Result<Picture<'_>, PictureError> {
    let (width, height) = image.dimensions();
    Picture::rgb(width, height, 3 * width as usize, image.as_raw().as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_of_a_name_decides_by_its_thousands() {
        assert_eq!(last_number("BSDS500_100007"), Some(100_007));
        assert_eq!(last_number("8-apples-12"), Some(12));
        assert_eq!(last_number("apples"), None);
        let halves = [100_007, 100_999, 101_000, 15_088, 999, 12_003].map(Half::of);
        use Half::{Report, Tune};
        assert_eq!(halves, [Tune, Tune, Report, Report, Tune, Tune]);
    }

    #[test]
    fn scenes_are_in_both_halves_and_none_is_in_two() {
        let open = |half, limit| {
            let options = Options {
                half,
                limit,
                ..Options::default()
            };
            let album = Album::open(&options).unwrap();
            let names: Vec<String> = album.known.into_iter().map(|photo| photo.name).collect();
            (names, album.others.len())
        };
        let (tune, behind_tune) = open(Half::Tune, usize::MAX);
        let (report, behind_report) = open(Half::Report, usize::MAX);
        assert_eq!((tune.len(), behind_tune), (12, 12));
        assert_eq!((report.len(), behind_report), (12, 12));
        assert!(tune.iter().all(|name| !report.contains(name)));
        assert_eq!(open(Half::Report, 4).0.len(), 4);
        let (all, behind_all) = open(Half::All, usize::MAX);
        assert_eq!((all.len(), behind_all), (24, 24));
    }

    #[test]
    fn what_does_not_decode_shows_nothing() {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
        encoder.encode_image(&scene(1)).unwrap();
        assert!(shown(&bytes).is_some());
        assert!(shown(&bytes[..bytes.len() / 2]).is_none());
        assert!(shown(b"no picture, but a text that is long enough").is_none());
    }
}
