//! A picture to views of it: parts that may be a listed picture which somebody framed, posted, cropped or turned.
//!
//! In: a [`Picture`]. Out: [`View`]s, the likeliest first, each with its place and its [`Transform`], from which hashes are read.
//! The first is always the picture as it is, with the very hash of [`Hasher`]; the others are read from a small plane of luma, a
//! few bits from what the cut-out part would hash to. Deterministic: same pixels, same views, on every CPU.

mod anchors;
mod area;
mod calm;
mod edges;
mod grey;
mod kind;
mod place;
mod pyramid;
mod quad;

use crate::hash::{
    Dihedral, Hasher, Kernel, LONGEST_SIDE, Pdq, Plane, Quality, TooSmall, Transform,
};
use crate::limits::Limits;
use crate::picture::Picture;

use area::Area;
use calm::Calm;
use edges::Edges;
use grey::Grey;
pub use kind::Kind;
pub use place::Place;
use pyramid::{Pyramid, to_f32};

/// The quality that a part needs to be a view. Flat parts come near to each other by chance.
pub const MINIMUM_QUALITY: u8 = 80;

/// A part of a picture, as it would be hashed if it were a picture of its own.
#[derive(Debug, Clone)]
pub struct View {
    kind: Kind,
    place: Place,
    transform: Transform,
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
    /// mirrored or turned; one of the views that every picture has.
    pub fn codes(&self) -> impl Iterator<Item = (Dihedral, Pdq)> {
        let forms = self.kind.forms().iter();
        forms.map(|&form| (form, self.transform.form(form)))
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
    /// 1024 x 1024 samples, a third as much for smaller ones, 4 for each pixel of a row, and 3 MiB. A screener asks
    /// [`Limits::memory_bytes`] for it; who calls this bounds it by the size of the picture.
    pub fn views(&mut self, picture: &Picture<'_>, limits: &Limits) -> Result<Vec<View>, TooSmall> {
        let mut views = vec![View {
            kind: Kind::Full,
            place: whole(picture),
            transform: self.hash(picture)?,
        }];
        views.extend(self.parts(picture, limits, usize::MAX));
        Ok(views)
    }

    /// The first view alone: the picture as it is.
    pub(crate) fn hash(&mut self, picture: &Picture<'_>) -> Result<Transform, TooSmall> {
        self.hasher.hash(picture)
    }

    /// All views but the first, for who has that already: so many of the likeliest that they have no more codes than this.
    pub(crate) fn parts(&self, picture: &Picture<'_>, limits: &Limits, codes: usize) -> Vec<View> {
        let most = usize::try_from(limits.views).unwrap_or(usize::MAX);
        let (most, mut left) = (most.saturating_sub(1), codes);
        let mut views = Vec::new();
        if most == 0 {
            return views;
        }
        let pyramid = Pyramid::of(&self.hasher, picture);
        for (kind, place) in found(&pyramid).into_iter().chain(bank(&whole(picture))) {
            if views.len() == most {
                break;
            }
            let transform = pyramid.transform(&self.hasher, &place);
            if transform.quality().get() < MINIMUM_QUALITY {
                continue;
            }
            match left.checked_sub(kind.forms().len()) {
                Some(less) => left = less,
                None => break,
            }
            views.push(View {
                kind,
                place,
                transform,
            });
        }
        views
    }
}

/// Bytes of memory that the views of a picture take at most, beside those of hashing it: see [`Viewer::views`].
pub(crate) fn memory_bytes(picture: &Picture<'_>) -> u64 {
    let [width, height] = [picture.width(), picture.height()].map(u64::from);
    let longest = LONGEST_SIDE as u64;
    let samples = (width + 15).min(longest) * height.min(longest);
    samples * 4 * 4 / 3 + (width + 15) * 4 + BESIDE_BYTES
}

/// What is looked for takes that much, and the views themselves.
const BESIDE_BYTES: u64 = 3 << 20;

/// In how many pixels the views of a picture are looked for, as [`Limits::view_pixels`] counts them.
pub(crate) fn work(picture: &Picture<'_>) -> u64 {
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    pixels.min(MOST_LOOKED_IN) + VIEWS_AS_PIXELS
}

/// Larger pictures are looked into at this size.
const MOST_LOOKED_IN: u64 = 1 << 18;

/// What reading the views takes, whatever the size: as long as looking into so many pixels.
const VIEWS_AS_PIXELS: u64 = 1 << 16;

fn whole(picture: &Picture<'_>) -> Place {
    let [width, height] = [picture.width(), picture.height()].map(|side| to_f32(side as usize));
    Place::upright([0.0, 0.0, width, height])
}

/// Strips longer than this, in widths, are not looked at as if they were turned: little would be left of them.
const LONGEST_TURNED: f32 = 3.0;

/// Sides below this are not looked into.
const LEAST_PX: usize = 64;

/// How many blocks, and how many rectangles, are looked at.
const MOST: usize = 16;

/// Parts that are looked at in every picture.
fn bank(whole: &Place) -> Vec<(Kind, Place)> {
    let mut bank = Vec::new();
    for pad in [0.025, 0.05, 0.08, 0.12, 0.17, 0.25] {
        bank.push((Kind::Uncropped, whole.part([-pad; 2], [1.0 + pad; 2])));
    }
    for pad in [0.05, 0.1] {
        for (left, top) in [(0.0, 0.0), (pad, 0.0), (0.0, pad), (pad, pad)] {
            let place = whole.part([-left, -top], [1.0 + pad - left, 1.0 + pad - top]);
            bank.push((Kind::Uncropped, place));
        }
    }
    for (from, to) in TILES {
        bank.push((Kind::Tile, whole.part(from, to)));
    }
    let [width, height] = whole.size();
    let long = width.max(height) / width.min(height);
    let turns = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0];
    for degrees in turns.into_iter().filter(|_| long <= LONGEST_TURNED) {
        // As large as the picture of which this is the largest upright part of the same shape.
        let (sine, cosine) = place::sine_and_cosine(degrees);
        let uncut = cosine + long * sine;
        for turn in [degrees, -degrees] {
            bank.push((Kind::Rotated, whole.turned(turn, 1.0)));
            bank.push((Kind::Rotated, whole.turned(turn, uncut)));
        }
    }
    for shear in [0.05, 0.1] {
        for shear in [shear, -shear] {
            bank.push((Kind::Sheared, whole.mapped([1.0, shear], [0.0, 1.0])));
            bank.push((Kind::Sheared, whole.mapped([1.0, 0.0], [shear, 1.0])));
        }
    }
    bank
}

const TILES: [([f32; 2], [f32; 2]); 8] = [
    ([0.0, 0.0], [0.5, 0.5]),
    ([0.5, 0.0], [1.0, 0.5]),
    ([0.0, 0.5], [0.5, 1.0]),
    ([0.5, 0.5], [1.0, 1.0]),
    ([0.0, 0.0], [0.5, 1.0]),
    ([0.5, 0.0], [1.0, 1.0]),
    ([0.0, 0.0], [1.0, 0.5]),
    ([0.0, 0.5], [1.0, 1.0]),
];

/// What was found in the picture, likeliest first.
fn found(pyramid: &Pyramid) -> Vec<(Kind, Place)> {
    let (plane, scale) = pyramid.look();
    let grey = Grey::of(plane);
    if grey.width < LEAST_PX || grey.height < LEAST_PX {
        return Vec::new();
    }
    let least = [grey.width, grey.height].map(|side| (side / 8).max(LEAST_PX / 3));
    let blocks = blocks(plane, &grey, least);
    let rectangles = Edges::new(&grey).rectangles(least, MOST);
    let mut areas: Vec<(Kind, Area)> = Vec::new();
    let mut known = vec![Area::of(grey.width, grey.height)];
    let mut add = |kind: Kind, area: Option<&Area>| {
        if let Some(area) = area.filter(|area| !known.iter().any(|other| other.is_like(area))) {
            areas.push((kind, *area));
            known.push(*area);
        }
    };
    for k in 0..MOST {
        add(Kind::Block, blocks.get(k));
        add(Kind::Rectangle, rectangles.get(k));
    }
    let mut places = Vec::new();
    if let Some(corners) = quad::quad(&grey) {
        #[expect(clippy::cast_possible_truncation, reason = "places in a small picture")]
        let corners = corners.map(|[x, y]| [x as f32 * scale[0], y as f32 * scale[1]]);
        places.push((Kind::Quad, Place::of(corners)));
    }
    places.extend(areas.into_iter().map(|(kind, area)| {
        let [left, right] = [area.left, area.right].map(|x| to_f32(x) * scale[0]);
        let [top, bottom] = [area.top, area.bottom].map(|y| to_f32(y) * scale[1]);
        (kind, Place::upright([left, top, right, bottom]))
    }));
    places
}

/// Blocks between calm margins, larger ones first: at two sizes, since noise is weaker in the smaller.
fn blocks(plane: &Plane, grey: &Grey, least: [usize; 2]) -> Vec<Area> {
    let mut blocks = Vec::new();
    for threshold in [10, 28] {
        blocks.extend(Calm::new(grey, threshold).blocks(least));
    }
    if let Some(half) = plane.half() {
        let half = Grey::of(&half);
        for threshold in [14, 24] {
            let found = Calm::new(&half, threshold).blocks(least.map(|side| side / 2));
            blocks.extend(found.iter().map(Area::doubled));
        }
    }
    blocks.sort_by_key(|block| std::cmp::Reverse(block.size()));
    let mut kept: Vec<Area> = Vec::new();
    for block in blocks {
        if !kept.iter().any(|other| other.is_like(&block)) {
            kept.push(block);
        }
    }
    kept
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
        let parts = |codes| viewer.parts(&picture, &Limits::default(), codes);
        let codes = |views: &[View]| views.iter().map(|view| view.codes().count()).sum::<usize>();
        let all = parts(usize::MAX);
        for most in [0, 7, 8, 9, 50, codes(&all) - 1, codes(&all)] {
            let kept = parts(most);
            let cut = all.get(kept.len()).map_or(0, |view| view.codes().count());
            assert!(codes(&kept) <= most, "{most}");
            assert!(codes(&kept) + cut > most || kept.len() == all.len());
            let places = |views: &[View]| -> Vec<Place> { views.iter().map(View::place).collect() };
            assert_eq!(places(&kept), places(&all[..kept.len()]));
        }
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
