//! PDQ, profile `pdq/full`: luma, two box filters, 64 x 64 samples, 16 x 16 DCT coefficients, median, bits.
//!
//! [`filter`] turns pixels into the 64 x 64 buffer as they stream by, [`tail`] the buffer into coefficients, quality and bits.
//! Both are written once, over sixteen numbers at a time, and [`kernel`] has the instructions of each CPU for that.
//! [`oracle`] is the same algorithm written the obvious way, over whole planes: it judges every faster version, for ever.
//!
//! The algorithm, with the numbers that the comments refer to:
//!
//! 1. Luma `(0.299 R + 0.587 G) + 0.114 B` in f32.
//! 2. A side below 5 pixels has no hash.
//! 3. A picture of 64 x 64 is the buffer itself.
//! 4. Box along rows, box along columns, both twice; windows `ceil(width / 128)` and `ceil(height / 128)`.
//! 5. Sample at `((2 i + 1) * side) / 128`.
//! 6. Quality from the differences of neighbours in the buffer.
//! 7. `D A D^t` with the 16 x 64 matrix `D`, sums in order.
//! 8. Bit = above the lower median of the 256 coefficients.

mod askew;
mod blur;
mod dct_table;
mod filter;
mod kernel;
#[doc(hidden)]
pub mod oracle;
mod part;
mod plane;
mod spare;
mod tail;

use crate::picture::Picture;

use super::{Dihedral, Pdq, Quality};
pub(crate) use askew::Grid;
pub use kernel::Kernel;
use kernel::MOST_DIVISOR;
pub(crate) use part::Axis;
pub(crate) use plane::{LONGEST_SIDE, Plane};

/// The shortest side that has a hash, in pixels.
pub const MIN_SIDE_PX: u32 = 5;

/// 64 x 64 samples of filtered luma.
type Buffer = [[f32; 64]; 64];

/// 16 x 16 coefficients; the first index is the vertical frequency less 1.
type Coefficients = [[f32; 16]; 16];

/// Hashes pictures one after the other, reusing its buffers.
///
/// ```
/// use ijkpunt::hash::Hasher;
/// use ijkpunt::picture::Picture;
///
/// let pixels: Vec<u8> = (0..200 * 100).map(|i| ((i % 200) * (i / 200) % 256) as u8).collect();
/// let mut hasher = Hasher::new();
/// let transform = hasher.hash(&Picture::grey(200, 100, 200, &pixels)?)?;
/// println!("{} quality {}", transform.pdq(), transform.quality());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Hasher {
    filter: filter::Filter,
    kernel: Kernel,
    spare: spare::Spare,
}

/// Shows the kernel; nothing of the last picture, which is still in the buffers.
impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher")
            .field("kernel", &self.kernel.name())
            .finish_non_exhaustive()
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::with_kernel(Kernel::best())
    }
}

impl Hasher {
    /// A hasher; it allocates when it sees its first picture.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A hasher that keeps to one kernel, for tests and benches: the hash is the same.
    #[doc(hidden)]
    #[must_use]
    pub fn with_kernel(kernel: Kernel) -> Self {
        Self {
            filter: filter::Filter::default(),
            kernel,
            spare: spare::Spare::default(),
        }
    }

    /// Hashes one picture.
    ///
    /// # Errors
    /// [`TooSmall`] where a side is below [`MIN_SIDE_PX`]. A flat picture has a hash, of low quality: whether that is
    /// worth looking up is not decided here.
    ///
    /// # Cost
    /// One pass over the pixels, no branch of which looks at one. Memory beside the picture:
    /// `4 * (width + 100) * (height / 128 + 2) + 13 * (width + height)` bytes and 32 KiB, which is 0.5 MiB at 12 megapixels.
    /// It is kept: a picture that is not larger than one before allocates nothing.
    pub fn hash(&mut self, picture: &Picture<'_>) -> Result<Transform, TooSmall> {
        let (width, height) = (picture.width(), picture.height());
        if width < MIN_SIDE_PX || height < MIN_SIDE_PX {
            return Err(TooSmall { width, height }); // step 2
        }
        let buffer = self.buffer(picture);
        Ok(self.transform(tail::Read(&buffer)))
    }

    /// Luma of a whole picture at a size that many parts of it can be read from.
    pub(crate) fn plane(&self, picture: &Picture<'_>) -> Plane {
        Plane::of(self.kernel, picture, &self.spare)
    }

    /// A plane out of focus: every sample becomes the mean of those around it. `weights` are that of the sample itself, then of those one,
    /// two, ... samples away; there is at least one.
    pub(crate) fn blurred(&self, plane: &Plane, weights: &[f32]) -> Plane {
        let spare = &self.spare;
        self.kernel.run(blur::Blur {
            plane,
            weights,
            spare,
        })
    }

    /// A plane at half the size: the mean of four samples. None below 2 samples a side.
    pub(crate) fn half(&self, plane: &Plane) -> Option<Plane> {
        plane.half(&self.spare)
    }

    /// Every second sample of every second row, the first among them. None below 2 samples a side.
    pub(crate) fn thinned(&self, plane: &Plane) -> Option<Plane> {
        plane.thinned(&self.spare)
    }

    /// Keeps the memory of planes that are done with for the next ones.
    pub(crate) fn keep(&self, planes: impl IntoIterator<Item = Plane>) {
        for plane in planes {
            self.spare.keep(plane.into_memory());
        }
    }

    /// The transform of a part of a plane, as if it were a picture of its own: a few bits from that picture's.
    pub(crate) fn part(&self, plane: &Plane, across: &Axis, down: &Axis) -> Transform {
        let part = part::Part {
            plane,
            across,
            down,
        };
        self.transform(tail::ReadOf(part))
    }

    /// As [`Hasher::part`], of a part that stands askew.
    pub(crate) fn askew(&self, plane: &Plane, grid: &Grid) -> Transform {
        self.transform(tail::ReadOf(askew::Askew { plane, grid }))
    }
}

impl Hasher {
    fn transform(&self, read: impl kernel::Task<Output = (Coefficients, Quality)>) -> Transform {
        let (coefficients, quality) = self.kernel.run(read);
        Transform {
            coefficients,
            quality,
        }
    }

    fn buffer(&mut self, picture: &Picture<'_>) -> Buffer {
        let filter = &mut self.filter;
        let longest = picture.width().max(picture.height()) as usize;
        let kernel = if window(longest) <= MOST_DIVISOR {
            self.kernel
        } else {
            Kernel::Portable // which divides plainly
        };
        kernel.run(filter::Run { filter, picture })
    }
}

/// What a picture's hash is read from: the 16 x 16 DCT coefficients, and the quality.
///
/// All eight dihedral forms come exactly from here; from a [`Pdq`] alone they can only be estimated. For pictures of
/// 64 x 64 pixels the forms belong to the unfiltered buffer, as the plain hash does (the reference's dihedral
/// function filters there, and disagrees with its own plain hash).
#[derive(Clone)]
pub struct Transform {
    coefficients: Coefficients,
    quality: Quality,
}

impl Transform {
    /// The hash of the picture as it is.
    #[must_use]
    pub fn pdq(&self) -> Pdq {
        self.form(Dihedral::Original)
    }

    /// How much detail the picture has.
    #[must_use]
    pub fn quality(&self) -> Quality {
        self.quality
    }

    /// The hash of the picture turned or mirrored, each with its own median.
    #[must_use]
    pub fn form(&self, form: Dihedral) -> Pdq {
        let [hash] = self.hashes([form]);
        hash
    }

    /// All eight forms, in the order of [`Dihedral::ALL`]. Costs as much as four, since each shares its values with its
    /// transpose.
    #[must_use]
    pub fn forms(&self) -> [Pdq; 8] {
        self.hashes(Dihedral::ALL)
    }

    fn hashes<const N: usize>(&self, forms: [Dihedral; N]) -> [Pdq; N] {
        let coefficients = &self.coefficients;
        tail::Forms {
            coefficients,
            forms,
        }
        .hashes()
    }
}

/// Shows the quality, no coefficient.
impl std::fmt::Debug for Transform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transform")
            .field("quality", &self.quality)
            .finish_non_exhaustive()
    }
}

/// A side is below [`MIN_SIDE_PX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too small: {width} x {height} pixels, a hash needs at least 5 x 5")]
#[non_exhaustive]
pub struct TooSmall {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Step 4: the width of the box along a side of `side` pixels.
fn window(side: usize) -> usize {
    side.div_ceil(128)
}

/// Step 5: where sample `i` of 64 is taken from a side of `side` pixels.
fn sample_at(i: usize, side: usize) -> usize {
    (2 * i + 1) * side / 128
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pixels without structure but with the same bytes in every run.
    fn noise(length: usize, seed: u64) -> Vec<u8> {
        let mut state = seed | 1;
        (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 56) as u8
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_grey_picture_hashes_like_its_rgb_copy(width in 5u32..90, height in 5u32..90, seed: u64) {
            let grey = noise((width * height) as usize, seed);
            let rgb: Vec<u8> = grey.iter().flat_map(|&g| [g, g, g]).collect();
            let mut hasher = Hasher::new();
            let one = hasher.hash(&Picture::grey(width, height, width as usize, grey).unwrap()).unwrap();
            let three = hasher.hash(&Picture::rgb(width, height, 3 * width as usize, rgb).unwrap()).unwrap();
            prop_assert_eq!(one.forms(), three.forms());
            prop_assert_eq!(one.quality(), three.quality());
        }
    }

    #[test]
    fn a_hasher_carries_nothing_from_one_picture_to_the_next() {
        let mut used = Hasher::new();
        for (width, height) in [(300, 200), (64, 64), (5, 5), (200, 300), (1000, 40)] {
            let pixels = noise((width * height) as usize, 3);
            let picture = Picture::grey(width, height, width as usize, pixels).unwrap();
            let again = used.hash(&picture).unwrap();
            let fresh = Hasher::new().hash(&picture).unwrap();
            assert_eq!(again.forms(), fresh.forms());
        }
    }

    #[test]
    fn a_side_below_five_pixels_has_no_hash_and_five_has_one() {
        let pixels = [7; 100];
        let hash = |width, height| {
            let picture = Picture::grey(width, height, width as usize, &pixels[..]).unwrap();
            Hasher::new().hash(&picture).map(|_| ())
        };
        assert_eq!(hash(5, 5), Ok(()));
        assert_eq!(
            hash(4, 5),
            Err(TooSmall {
                width: 4,
                height: 5
            })
        );
        assert!(hash(20, 4).is_err());
        assert!(hash(1, 1).is_err());
    }

    #[test]
    fn distinct_coefficients_set_exactly_half_of_the_bits() {
        let pixels = noise(200 * 200, 5);
        let transform = Hasher::new()
            .hash(&Picture::grey(200, 200, 200, pixels).unwrap())
            .unwrap();
        for form in transform.forms() {
            let ones: u32 = form.to_bytes().iter().map(|byte| byte.count_ones()).sum();
            assert_eq!(ones, 128);
        }
    }

    #[test]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the definition rounds to f32"
    )]
    fn the_table_holds_the_matrix_of_the_definition() {
        let scale = f64::from((2.0f64 / 64.0).sqrt() as f32);
        for (i, row) in dct_table::DCT_BITS.iter().enumerate() {
            for (j, &bits) in row.iter().enumerate() {
                let angle = std::f64::consts::PI / 2.0 / 64.0 * ((i + 1) * (2 * j + 1)) as f64;
                let defined = (scale * angle.cos()) as f32;
                // Another libm may round the cosine otherwise: one step in the last place at most.
                assert!(bits.abs_diff(defined.to_bits()) <= 1, "{i} {j}");
            }
        }
    }

    #[test]
    fn turning_the_samples_is_turning_the_coefficients() {
        let pixels = noise(64 * 64, 11);
        let at = |x: usize, y: usize| pixels[64 * y + x];
        let turned = |form: Dihedral| -> Vec<u8> {
            (0..64 * 64)
                .map(|k| {
                    let (x, y) = (k % 64, k / 64);
                    match form {
                        Dihedral::Original => at(x, y),
                        Dihedral::Rot90 => at(63 - y, x),
                        Dihedral::Rot180 => at(63 - x, 63 - y),
                        Dihedral::Rot270 => at(y, 63 - x),
                        Dihedral::FlipX => at(x, 63 - y),
                        Dihedral::FlipY => at(63 - x, y),
                        Dihedral::FlipPlus1 => at(y, x),
                        Dihedral::FlipMinus1 => at(63 - y, 63 - x),
                    }
                })
                .collect()
        };
        let hash = |pixels: Vec<u8>| {
            Hasher::new()
                .hash(&Picture::grey(64, 64, 64, pixels).unwrap())
                .unwrap()
        };
        let original = hash(pixels.clone());
        for form in Dihedral::ALL {
            let really = hash(turned(form)).pdq();
            let derived = original.form(form);
            // Only the order of f32 sums differs.
            assert!(really.distance(derived).bits() <= 4, "{form}");
            assert!(
                original.pdq().derived(form).distance(really).bits() <= 30,
                "{form}"
            );
        }
    }
}
