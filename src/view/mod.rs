//! A picture to views of it: parts that may be a listed picture which somebody framed, posted, cropped or turned.
//!
//! In: a [`Picture`]. Out: [`View`]s, the likeliest first, each with its place and its [`Transform`], from which hashes are read.
//! The first is always the picture as it is, with the very hash of [`Hasher`]; the others are read from a small plane of luma, a
//! few bits from what the cut-out part would hash to. Deterministic: same pixels, same views, on every CPU.

mod allowance;
mod anchors;
mod area;
mod calm;
mod edges;
mod grey;
mod kind;
mod place;
mod places;
mod pyramid;
mod quad;
mod seams;

use crate::hash::{Dihedral, Hasher, Kernel, Pdq, Quality, TooSmall, Transform};
use crate::limits::Limits;
use crate::picture::Picture;

#[cfg(test)]
pub(crate) use allowance::memory_bytes;
pub(crate) use allowance::{Allowance, fits};
pub use kind::Kind;
use kind::MIRRORED;
pub use place::Place;
use places::{bank, found};
use pyramid::{Pyramid, to_f32};

/// The quality that a part needs to be a view. Flat parts come near to each other by chance.
pub const MINIMUM_QUALITY: u8 = 80;

/// A part of a picture, as it would be hashed if it were a picture of its own.
#[derive(Debug, Clone)]
pub struct View {
    kind: Kind,
    place: Place,
    transform: Transform,
    forms: &'static [Dihedral],
}

impl View {
    /// Why it is a view.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it lies.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// How much detail it has.
    #[must_use]
    pub fn quality(&self) -> Quality {
        self.transform.quality()
    }

    /// The hashes that are worth a lookup, each with the form that it is of: all eight where somebody placed a picture, which may be
    /// mirrored or turned, or only that which is there and the mirrored one, where many more are likelier; one of the views that every
    /// picture has.
    pub fn codes(&self) -> impl Iterator<Item = (Dihedral, Pdq)> {
        self.forms
            .iter()
            .map(|&form| (form, self.transform.form(form)))
    }

    /// What its hashes are read from.
    #[must_use]
    pub fn transform(&self) -> &Transform {
        &self.transform
    }
}

/// Finds the views of pictures, one after the other.
///
/// ```
/// use ijkpunt::limits::Limits;
/// use ijkpunt::picture::Picture;
/// use ijkpunt::view::Viewer;
///
/// let pixels: Vec<u8> = (0..200 * 100).map(|i| ((i % 200) * (i / 200) % 256) as u8).collect();
/// let picture = Picture::grey(200, 100, 200, &pixels)?;
/// for view in Viewer::new().views(&picture, &Limits::default())? {
///     println!("{:?} at {:?}: {} lookups", view.kind(), view.place().bounds(), view.codes().count());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Viewer {
    hasher: Hasher,
}

impl Viewer {
    /// With the fastest kernel that the CPU has.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A viewer that keeps to one kernel, for tests and benches: the views are the same.
    #[doc(hidden)]
    #[must_use]
    pub fn with_kernel(kernel: Kernel) -> Self {
        Self {
            hasher: Hasher::with_kernel(kernel),
        }
    }

    /// The views of a picture: itself, whatever its quality, and the likeliest of the others that have [`MINIMUM_QUALITY`], at most
    /// [`Limits::views`] together.
    ///
    /// # Errors
    /// [`TooSmall`], as [`Hasher::hash`].
    ///
    /// # Cost
    /// That of [`Hasher::hash`], one more pass over the pixels, and then the same for pictures of all sizes: what is looked for, is
    /// looked for in at most 512 x 512 samples, and a view is read from a few ten thousand. Memory: 4 bytes for each of at most
    /// 1024 x 1024 samples, a third as much for smaller ones, 4 for each pixel of a row, and 4 MiB. Up to 8 MiB
    /// of it are kept for the next picture. A screener asks [`Limits::memory_bytes`] for it; who calls this bounds it by the size of the picture.
    pub fn views(&mut self, picture: &Picture<'_>, limits: &Limits) -> Result<Vec<View>, TooSmall> {
        let mut views = vec![View {
            kind: Kind::Full,
            place: whole(picture),
            transform: self.hash(picture)?,
            forms: Kind::Full.forms(),
        }];
        if limits.views > 1 {
            let look = self.look(picture);
            views.extend(self.parts(&look, limits, usize::MAX));
            self.done(look);
        }
        Ok(views)
    }

    /// The windows of an entry, profile `windows/1`: its middle in two sizes, and squares around the points that are found again in a copy, however
    /// that was cropped or covered. At most [`WINDOWS_KEPT`], the surest first, all of [`MINIMUM_QUALITY`]; of a picture without detail
    /// none.
    ///
    /// # Cost
    /// As [`Viewer::views`]; who has both done does a little twice.
    #[must_use]
    pub fn windows_to_keep(&self, picture: &Picture<'_>) -> Vec<View> {
        let look = self.look(picture);
        let [width, height] = look.whole.size();
        let is_kept = |place: &Place| KEPT_SIDES.contains(&(place.size()[0] / width.min(height)));
        let middles = MIDDLES.map(|side| {
            look.whole
                .part([0.5 - side / 2.0; 2], [0.5 + side / 2.0; 2])
        });
        let anchored = look.windows(&self.hasher).into_iter().filter(is_kept);
        let places = middles.into_iter().chain(anchored);
        let windows = self.windows(&look, places, WINDOWS_KEPT);
        self.done(look);
        windows
    }

    /// The windows of an upload that are looked up among those of entries: at most 45, the surest first, all of [`MINIMUM_QUALITY`].
    ///
    /// # Cost
    /// As [`Viewer::windows_to_keep`].
    #[must_use]
    pub fn windows_to_ask(&self, picture: &Picture<'_>) -> Vec<View> {
        let look = self.look(picture);
        let windows = self.windows_of(&look, WINDOWS_ASKED);
        self.done(look);
        windows
    }

    /// The first view alone: the picture as it is.
    pub(crate) fn hash(&mut self, picture: &Picture<'_>) -> Result<Transform, TooSmall> {
        self.hasher.hash(picture)
    }

    /// Makes a picture ready to be looked at, part by part.
    pub(crate) fn look(&self, picture: &Picture<'_>) -> Look {
        Look {
            pyramid: Pyramid::of(&self.hasher, picture),
            whole: whole(picture),
        }
    }

    /// Keeps the memory of what was looked at for the next picture.
    pub(crate) fn done(&self, look: Look) {
        self.hasher.keep(look.pyramid.into_planes());
    }

    /// All views but the first, for who has that already, with no more codes than this: first what every picture has, then what is
    /// found in this one, of which the likeliest get eight codes and the others two.
    pub(crate) fn parts(&self, look: &Look, limits: &Limits, codes: usize) -> Vec<View> {
        let most = usize::try_from(limits.views).unwrap_or(usize::MAX);
        let bank = self.good(look, bank(&look.whole).into_iter());
        let bank: Vec<View> = bank.take(codes).collect();
        let left = codes.saturating_sub(bank.len());
        let found = self.good(look, found(&look.pyramid).into_iter());
        let mut views: Vec<View> = found.take(left / MIRRORED.len()).collect();
        let few = views.len() * MIRRORED.len();
        let eight = left.saturating_sub(few) / (Dihedral::ALL.len() - MIRRORED.len());
        for view in views.iter_mut().skip(eight) {
            view.forms = MIRRORED;
        }
        views.extend(bank);
        views.truncate(most.saturating_sub(1));
        views
    }

    /// So many windows of an upload.
    pub(crate) fn windows_of(&self, look: &Look, most: usize) -> Vec<View> {
        self.windows(look, look.windows(&self.hasher).into_iter(), most)
    }

    fn windows(&self, look: &Look, places: impl Iterator<Item = Place>, most: usize) -> Vec<View> {
        let places = places.map(|place| (Kind::Window, place));
        self.good(look, places).take(most).collect()
    }

    /// Those that have [`MINIMUM_QUALITY`].
    fn good(
        &self,
        look: &Look,
        places: impl Iterator<Item = (Kind, Place)>,
    ) -> impl Iterator<Item = View> {
        let views = places.map(|(kind, place)| View {
            kind,
            place,
            transform: self.at(look, &place),
            forms: kind.forms(),
        });
        views.filter(|view| view.quality().get() >= MINIMUM_QUALITY)
    }

    /// What a place of a picture would hash to.
    pub(crate) fn at(&self, look: &Look, place: &Place) -> Transform {
        look.pyramid.transform(&self.hasher, place)
    }
}

/// A picture, ready to be looked at.
pub(crate) struct Look {
    pyramid: Pyramid,
    whole: Place,
}

impl Look {
    /// The whole picture.
    pub(crate) fn whole(&self) -> Place {
        self.whole
    }

    /// Squares around the points of the picture, the surest first.
    fn windows(&self, hasher: &Hasher) -> Vec<Place> {
        let (plane, [right, down]) = self.pyramid.at_most(anchors::MOST_SAMPLES);
        let square = |it: anchors::Anchor| {
            let half = it.side / 2.0;
            Place::upright([
                (it.x - half) * right,
                (it.y - half) * down,
                (it.x + half) * right,
                (it.y + half) * down,
            ])
        };
        anchors::anchors(hasher, plane)
            .into_iter()
            .map(square)
            .collect()
    }
}

/// How many windows an entry has at most.
pub const WINDOWS_KEPT: usize = 26;

/// How many windows of an upload are looked up.
pub(crate) const WINDOWS_ASKED: usize = 45;

/// Middles that are kept whatever they show, in sides of the picture: what many crops leave, too small for most of the squares.
const MIDDLES: [f32; 2] = [0.5, 0.6];

/// The sides of windows that are kept, in shorter sides of the picture. Smaller ones are too often something that many pictures share,
/// such as a sign; larger ones are left of few crops.
const KEPT_SIDES: std::ops::RangeInclusive<f32> = 0.2..=0.8;

fn whole(picture: &Picture<'_>) -> Place {
    let [width, height] = [picture.width(), picture.height()].map(|side| to_f32(side as usize));
    Place::upright([0.0, 0.0, width, height])
}

#[cfg(test)]
mod tests;
