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

pub(crate) use allowance::Allowance;
#[cfg(test)]
pub(crate) use allowance::memory_bytes;
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
    /// 1024 x 1024 samples, a third as much for smaller ones, 4 for each pixel of a row, and 4 MiB. A screener asks
    /// [`Limits::memory_bytes`] for it; who calls this bounds it by the size of the picture.
    pub fn views(&mut self, picture: &Picture<'_>, limits: &Limits) -> Result<Vec<View>, TooSmall> {
        let mut views = vec![View {
            kind: Kind::Full,
            place: whole(picture),
            transform: self.hash(picture)?,
            forms: Kind::Full.forms(),
        }];
        if limits.views > 1 {
            views.extend(self.parts(&self.look(picture), limits, usize::MAX));
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
        self.windows(&look, places, WINDOWS_KEPT)
    }

    /// The windows of an upload that are looked up among those of entries: at most 45, the surest first, all of [`MINIMUM_QUALITY`].
    ///
    /// # Cost
    /// As [`Viewer::windows_to_keep`].
    #[must_use]
    pub fn windows_to_ask(&self, picture: &Picture<'_>) -> Vec<View> {
        self.windows_of(&self.look(picture), WINDOWS_ASKED)
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
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides and samples of small pictures"
)]
mod tests {
    use super::*;

    /// Something with detail everywhere, as a photograph.
    fn scene(width: usize, height: usize, seed: usize) -> Vec<u8> {
        let wave = |x: usize, y: usize| {
            let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
            let mut sum = 0.0;
            for k in 1..12 {
                let turn = (k * 7 + seed * 13) as f32;
                sum += ((turn.sin() * 9.0 * x + turn.cos() * 11.0 * y) * (k as f32).sqrt() + turn)
                    .sin()
                    / (k as f32).sqrt();
            }
            (128.0 + 30.0 * sum) as u8
        };
        (0..width * height)
            .map(|k| wave(k % width, k / width))
            .collect()
    }

    /// Ellipses of all sizes and shades, one on the other.
    fn stones(width: usize, height: usize) -> Vec<u8> {
        let mut pixels = vec![128; width * height];
        let mut seed = 7u32;
        let mut next = |most: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % most
        };
        for stone in 0..160 {
            let (x, y, shade) = (next(width), next(height), next(256));
            let largest = (60 - stone / 3).max(8);
            let (wide, high) = (4 + next(largest), 4 + next(largest));
            for (k, pixel) in pixels.iter_mut().enumerate() {
                let across = (k % width).abs_diff(x) * high;
                let down = (k / width).abs_diff(y) * wide;
                if across * across + down * down < (wide * high).pow(2) {
                    *pixel = shade as u8;
                }
            }
        }
        pixels
    }

    fn hash(pixels: &[u8], width: usize, height: usize) -> Pdq {
        let picture = Picture::grey(width as u32, height as u32, width, pixels).unwrap();
        Hasher::new().hash(&picture).unwrap().pdq()
    }

    /// Puts a picture into another.
    fn put(
        canvas: &mut [u8],
        stride: usize,
        (left, top): (usize, usize),
        pixels: &[u8],
        width: usize,
    ) {
        for (row, from) in pixels.chunks(width).enumerate() {
            canvas[(top + row) * stride + left..][..width].copy_from_slice(from);
        }
    }

    fn views(pixels: &[u8], width: usize, height: usize) -> Vec<View> {
        let picture = Picture::grey(width as u32, height as u32, width, pixels).unwrap();
        Viewer::new().views(&picture, &Limits::default()).unwrap()
    }

    /// The view that comes nearest to a hash.
    fn nearest(views: &[View], hash: Pdq) -> (u16, &View) {
        let distance = |view: &View| {
            view.codes()
                .map(|(_, code)| code.distance(hash).bits())
                .min()
        };
        let all = views.iter().map(|view| (distance(view).unwrap(), view));
        all.min_by_key(|(distance, _)| *distance).unwrap()
    }

    #[test]
    fn the_first_view_is_the_picture_with_its_own_hash() {
        let pixels = scene(300, 200, 1);
        let views = views(&pixels, 300, 200);
        assert_eq!(views[0].kind(), Kind::Full);
        assert_eq!(views[0].transform().pdq(), hash(&pixels, 300, 200));
        assert_eq!(views[0].place().bounds(), [0.0, 0.0, 300.0, 200.0]);
    }

    #[test]
    fn what_stands_in_a_frame_or_between_bars_is_found() {
        let pixels = scene(240, 160, 2);
        let expected = hash(&pixels, 240, 160);
        for (width, height, at, ground) in [
            (300, 220, (30, 25), 255),
            (240, 300, (0, 60), 0),
            (420, 160, (90, 0), 40),
        ] {
            let mut canvas = vec![ground; width * height];
            put(&mut canvas, width, at, &pixels, 240);
            let views = views(&canvas, width, height);
            let (distance, view) = nearest(&views, expected);
            assert!(distance <= 8, "{distance}");
            let [left, top, right, bottom] = view.place().bounds();
            assert!((left - at.0 as f32).abs() <= 1.0 && (top - at.1 as f32).abs() <= 1.0);
            assert!((right - left - 240.0).abs() <= 1.0 && (bottom - top - 160.0).abs() <= 1.0);
        }
    }

    #[test]
    fn what_stands_in_another_picture_is_found_mirrored_too() {
        let mut pixels = scene(160, 120, 3);
        let expected = hash(&pixels, 160, 120);
        pixels.chunks_mut(160).for_each(<[u8]>::reverse);
        let mut canvas = scene(400, 300, 4);
        put(&mut canvas, 400, (170, 90), &pixels, 160);
        let views = views(&canvas, 400, 300);
        let (distance, view) = nearest(&views, expected);
        assert!(distance <= 16, "{distance}");
        assert_eq!(view.kind(), Kind::Rectangle);
    }

    #[test]
    fn what_was_turned_on_a_larger_canvas_is_found() {
        let pixels = scene(480, 320, 5);
        let expected = hash(&pixels, 480, 320);
        let (sine, cosine) = 9f32.to_radians().sin_cos();
        let pixel = |k: usize| {
            let (x, y) = ((k % 600) as f32 - 299.5, (k / 600) as f32 - 219.5);
            let (u, v) = (x * cosine + y * sine + 240.0, y * cosine - x * sine + 160.0);
            let inside = (0.0..480.0).contains(&u) && (0.0..320.0).contains(&v);
            if inside {
                pixels[v as usize * 480 + u as usize]
            } else {
                255
            }
        };
        let canvas: Vec<u8> = (0..600 * 440).map(pixel).collect();
        let views = views(&canvas, 600, 440);
        let (distance, view) = nearest(&views, expected);
        assert!(distance <= 31, "{distance}");
        assert_eq!(view.kind(), Kind::Quad);
        assert!((view.place().rotation_deg() - 9.0).abs() < 1.0);
    }

    #[test]
    fn every_kernel_gives_the_same_views() {
        let mut canvas = scene(400, 300, 6);
        put(&mut canvas, 400, (40, 50), &scene(200, 170, 7), 200);
        let picture = Picture::grey(400, 300, 400, canvas).unwrap();
        let of = |kernel| {
            let views = Viewer::with_kernel(kernel).views(&picture, &Limits::default());
            let seen = |view: &View| (view.kind(), view.place(), view.transform().forms());
            views.unwrap().iter().map(seen).collect::<Vec<_>>()
        };
        let expected = of(Kernel::Portable);
        assert!(expected.len() > 20);
        for kernel in Kernel::ALL {
            assert_eq!(of(kernel), expected, "{kernel:?}");
        }
    }

    #[test]
    fn a_budget_cuts_the_unlikeliest_and_never_the_picture() {
        let mut canvas = vec![255; 300 * 220];
        put(&mut canvas, 300, (30, 25), &scene(240, 160, 8), 240);
        let picture = Picture::grey(300, 220, 300, canvas).unwrap();
        let mut limits = Limits::default();
        let all = Viewer::new().views(&picture, &limits).unwrap();
        for most in [0, 1, 2, 10] {
            limits.views = most;
            let views = Viewer::new().views(&picture, &limits).unwrap();
            assert_eq!(views.len(), usize::try_from(most).unwrap().max(1));
            let places = |views: &[View]| -> Vec<Place> { views.iter().map(View::place).collect() };
            assert_eq!(places(&views), places(&all[..views.len()]));
        }
    }

    #[test]
    fn a_budget_of_codes_cuts_the_unlikeliest() {
        let mut canvas = scene(400, 300, 6);
        put(&mut canvas, 400, (40, 50), &scene(200, 170, 7), 200);
        let picture = Picture::grey(400, 300, 400, canvas).unwrap();
        let viewer = Viewer::new();
        let look = viewer.look(&picture);
        let parts = |codes| viewer.parts(&look, &Limits::default(), codes);
        let codes = |views: &[View]| views.iter().map(|view| view.codes().count()).sum::<usize>();
        let is_found = |view: &&View| matches!(view.kind(), Kind::Block | Kind::Rectangle);
        let places = |views: &[View]| -> Vec<Place> {
            views.iter().filter(is_found).map(View::place).collect()
        };
        let all = parts(usize::MAX);
        let bank = all.iter().filter(|view| !is_found(view)).count();
        for most in [
            0,
            7,
            bank,
            bank + 1,
            bank + 2,
            bank + 9,
            bank + 20,
            codes(&all),
        ] {
            let kept = parts(most);
            assert!(codes(&kept) <= most, "{most}");
            assert_eq!(
                kept.iter().filter(|view| !is_found(view)).count(),
                bank.min(most)
            );
            let found = places(&kept);
            assert_eq!(found, places(&all)[..found.len()]);
            // None is left out for the sake of another one's turned forms.
            let fit = most.saturating_sub(bank) / 2;
            assert_eq!(found.len(), fit.min(places(&all).len()), "{most}");
        }
        assert_eq!(codes(&parts(codes(&all))), codes(&all));
    }

    #[test]
    fn windows_of_a_copy_are_those_of_its_original() {
        let original = stones(480, 320);
        let of = |pixels: Vec<u8>, width: usize| {
            let height = pixels.len() / width;
            Picture::grey(width as u32, height as u32, width, pixels).unwrap()
        };
        let kept = Viewer::new().windows_to_keep(&of(original.clone(), 480));
        assert_eq!(kept[0].place().bounds(), [120.0, 80.0, 360.0, 240.0]);
        assert!((8..=WINDOWS_KEPT).contains(&kept.len()), "{}", kept.len());
        // The left third and the upper fifth are gone, and a banner stands at the bottom.
        let mut cropped: Vec<u8> = original
            .chunks(480)
            .skip(64)
            .flat_map(|row| row[160..].to_vec())
            .collect();
        cropped[320 * 220..].fill(255);
        let asked = Viewer::new().windows_to_ask(&of(cropped, 320));
        let larger = kept[1].place().bounds().map(f32::round);
        assert_eq!(larger, [96.0, 64.0, 384.0, 256.0]);
        let mut again = 0;
        for window in &asked {
            assert_eq!(window.kind(), Kind::Window);
            let distance = |it: &View| {
                let (theirs, ours) = (it.transform().pdq(), window.transform().pdq());
                theirs.distance(ours).bits()
            };
            let nearest = kept[2..].iter().min_by_key(|it| distance(it)).unwrap();
            if distance(nearest) <= 31 {
                let ([x, y, ..], [u, v, ..]) = (window.place().bounds(), nearest.place().bounds());
                assert!((x + 160.0 - u).abs() < 8.0 && (y + 64.0 - v).abs() < 8.0);
                again += 1;
            }
        }
        assert!(again >= 3, "{again} of {}", asked.len());
    }

    #[test]
    fn flat_parts_are_no_views() {
        let views = views(&vec![90; 300 * 200], 300, 200);
        assert_eq!(views.len(), 1);
        for view in &views[1..] {
            assert!(view.quality().get() >= MINIMUM_QUALITY);
        }
    }

    #[test]
    fn pictures_of_every_shape_have_views() {
        for (width, height) in [
            (5, 5),
            (5, 3000),
            (3000, 5),
            (64, 64),
            (63, 200),
            (2500, 70),
            (1025, 1025),
        ] {
            let views = views(&scene(width, height, 9), width, height);
            assert!(!views.is_empty(), "{width} x {height}");
        }
        let tiny = Picture::grey(4, 9, 4, vec![0; 36]).unwrap();
        assert!(Viewer::new().views(&tiny, &Limits::default()).is_err());
    }
}
