//! Luma of a whole picture at a size that many parts of it can be read from.

use crate::picture::{Picture, Samples};

use super::kernel::{Kernel, Lanes, Sixteen, Task};
use super::spare::Spare;

/// The longest side of the largest plane, in samples.
pub(crate) const LONGEST_SIDE: usize = 1024;

/// Samples of luma, row by row, each the mean of a block of pixels. Rows end with zeros up to a whole tile of sixteen.
#[derive(Clone, Default)]
pub(crate) struct Plane {
    width: usize,
    height: usize,
    /// Samples from one row to the next: whole tiles.
    stride: usize,
    samples: Vec<f32>,
}

impl Plane {
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// The tiles of row `y`.
    #[inline(always)]
    pub(super) fn tiles(&self, y: usize) -> &[[f32; 16]] {
        self.samples[y * self.stride..][..self.stride].as_chunks().0
    }

    #[cfg(test)]
    pub(super) fn sample(&self, x: usize, y: usize) -> f32 {
        self.samples[y * self.stride + x]
    }

    /// A sample and the one behind it. A row never ends with its last sample but one of a tile, so that there is one.
    #[inline(always)]
    pub(super) fn two(&self, at: usize) -> [f32; 2] {
        self.samples[at..]
            .first_chunk()
            .copied()
            .unwrap_or_default()
    }

    /// Samples from one row to the next.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    #[inline(always)]
    pub(super) fn tiles_mut(&mut self, y: usize) -> &mut [[f32; 16]] {
        self.samples[y * self.stride..][..self.stride]
            .as_chunks_mut()
            .0
    }

    /// Makes what stands behind row `y` zeros.
    #[inline(always)]
    pub(super) fn clear_behind(&mut self, y: usize) {
        self.samples[y * self.stride..][self.width..self.stride].fill(0.0);
    }

    /// The samples of row `y`.
    pub(crate) fn row(&self, y: usize) -> &[f32] {
        &self.samples[y * self.stride..][..self.width]
    }

    fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.samples.chunks_exact(self.stride)
    }

    /// All samples as bytes, rounded, row by row without padding.
    pub(crate) fn grey(&self) -> Vec<u8> {
        let mut grey = vec![0; self.width * self.height];
        for (grey, row) in grey.chunks_exact_mut(self.width).zip(self.rows()) {
            for (grey, sample) in grey.iter_mut().zip(row) {
                *grey = rounded(*sample);
            }
        }
        grey
    }

    /// The plane of a picture: the mean of so few pixels, across and down, that no side is above [`LONGEST_SIDE`].
    ///
    /// Pixels beyond the last whole block are left out; they are fewer than one sample.
    pub(super) fn of(kernel: Kernel, picture: &Picture<'_>, spare: &Spare) -> Self {
        kernel.run(Shrink(picture, spare))
    }

    /// As [`Hasher::half`](super::Hasher::half).
    pub(super) fn half(&self, spare: &Spare) -> Option<Self> {
        let mut half = Self::unset(self.width / 2, self.height / 2, spare)?;
        let (two, _) = self.samples.as_chunks::<2>();
        let pairs = two.chunks_exact(self.stride);
        for (row, pairs) in half.samples.chunks_exact_mut(half.stride).zip(pairs) {
            let (upper, lower) = pairs.split_at(self.stride / 2);
            let four = upper.iter().zip(lower);
            let (row, behind) = row.split_at_mut(half.width);
            for (sample, (upper, lower)) in row.iter_mut().zip(four) {
                *sample = ((upper[0] + upper[1]) + (lower[0] + lower[1])) * 0.25;
            }
            behind.fill(0.0);
        }
        Some(half)
    }

    /// As [`Hasher::thinned`](super::Hasher::thinned).
    pub(super) fn thinned(&self, spare: &Spare) -> Option<Self> {
        let mut thinned = Self::unset(self.width / 2, self.height / 2, spare)?;
        let rows = self.rows().step_by(2);
        for (row, from) in thinned.samples.chunks_exact_mut(thinned.stride).zip(rows) {
            let every_second = from.iter().step_by(2);
            let (row, behind) = row.split_at_mut(thinned.width);
            for (sample, from) in row.iter_mut().zip(every_second) {
                *sample = *from;
            }
            behind.fill(0.0);
        }
        Some(thinned)
    }

    /// A plane whose samples have yet to be set, those behind the rows too. None without any.
    pub(super) fn unset(width: usize, height: usize, spare: &Spare) -> Option<Self> {
        let stride = width.next_multiple_of(16);
        (width > 0 && height > 0).then(|| Self {
            width,
            height,
            stride,
            samples: spare.take(stride * height),
        })
    }

    /// What its samples lay in.
    pub(super) fn into_memory(self) -> Vec<f32> {
        self.samples
    }
}

/// Luma as a byte. (`as u8` would go one by one where the CPU may lack an instruction for more.)
#[inline(always)]
fn rounded(luma: f32) -> u8 {
    // Numbers from here to its double have no places behind the point; their last bits are whole numbers.
    const WHOLE: f32 = 8_388_608.0;
    let value = luma + 0.5;
    let near = value + WHOLE;
    let [byte, ..] = near.to_bits().to_le_bytes();
    byte.wrapping_sub(u8::from(near - WHOLE > value))
}

/// Luma of a picture, block by block.
struct Shrink<'a, 'p>(&'a Picture<'p>, &'a Spare);

impl Task for Shrink<'_, '_> {
    type Output = Plane;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Plane {
        match self.0.samples() {
            Samples::Rgb => self.of::<L, 48>(lanes, L::luma_rgb),
            Samples::Grey => self.of::<L, 16>(lanes, L::luma_grey),
        }
    }
}

impl Shrink<'_, '_> {
    /// `N` bytes are sixteen pixels.
    #[inline(always)]
    fn of<L: Lanes, const N: usize>(self, lanes: L, luma: fn(L, &[u8; N]) -> L::V) -> Plane {
        let picture = self.0;
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let (across, down) = (width.div_ceil(LONGEST_SIDE), height.div_ceil(LONGEST_SIDE));
        let Some(mut plane) = Plane::unset(width / across, height / down, self.1) else {
            return Plane::default(); // no picture is that small
        };
        let mut sums = vec![[0.0; 16]; width.div_ceil(16)];
        let mut rows = picture.rows();
        for row in plane.samples.chunks_exact_mut(plane.stride) {
            sums.fill([0.0; 16]);
            for pixels in rows.by_ref().take(down) {
                add::<L, N>(lanes, luma, pixels, &mut sums);
            }
            let (row, behind) = row.split_at_mut(plane.width);
            collect(&sums, across, down, row);
            behind.fill(0.0);
        }
        plane
    }
}

/// Adds the luma of a row of pixels to the sums of its columns.
#[inline(always)]
fn add<L: Lanes, const N: usize>(
    lanes: L,
    luma: fn(L, &[u8; N]) -> L::V,
    pixels: &[u8],
    sums: &mut [[f32; 16]],
) {
    let add = |pixels: &[u8; N], sum: &mut [f32; 16]| {
        let total = lanes.add(lanes.load(&Sixteen(*sum)), luma(lanes, pixels));
        let mut stored = Sixteen::ZERO;
        lanes.store(total, &mut stored);
        *sum = stored.0;
    };
    let (whole, rest) = pixels.as_chunks::<N>();
    for (pixels, sum) in whole.iter().zip(sums.iter_mut()) {
        add(pixels, sum);
    }
    if let (false, Some(sum)) = (rest.is_empty(), sums.get_mut(whole.len())) {
        let mut pixels = [0; N];
        pixels[..rest.len()].copy_from_slice(rest);
        add(&pixels, sum);
    }
}

/// The means of `across` sums each, of `down` pixels each.
#[inline(always)]
fn collect(sums: &[[f32; 16]], across: usize, down: usize, row: &mut [f32]) {
    let sums = sums.as_flattened();
    if (across, down) == (1, 1) {
        row.copy_from_slice(&sums[..row.len()]);
        return;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a block has at most 2^44 pixels, and 24 bits of its size are enough"
    )]
    let share = 1.0 / (across * down) as f32;
    // With the usual numbers known, many go at a time.
    match across {
        1 => means::<1>(sums, share, row),
        2 => means::<2>(sums, share, row),
        3 => means::<3>(sums, share, row),
        4 => means::<4>(sums, share, row),
        _ => {
            for (sample, sums) in row.iter_mut().zip(sums.chunks_exact(across)) {
                *sample = sums.iter().sum::<f32>() * share;
            }
        }
    }
}

#[inline(always)]
fn means<const ACROSS: usize>(sums: &[f32], share: f32, row: &mut [f32]) {
    for (sample, sums) in row.iter_mut().zip(sums.as_chunks::<ACROSS>().0) {
        *sample = sums.iter().sum::<f32>() * share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripes(width: u32, height: u32) -> Picture<'static> {
        let pixel = |k: u32| {
            let (x, y) = (k % width, k / width);
            let shade = ((x / 3 + y / 2) % 200).to_le_bytes()[0];
            [shade, shade / 2, 255 - shade]
        };
        let pixels: Vec<u8> = (0..width * height).flat_map(pixel).collect();
        Picture::rgb(width, height, 3 * width as usize, pixels).unwrap()
    }

    #[test]
    fn samples_are_means_of_blocks_on_every_kernel() {
        for (width, height, across, down) in [
            (33, 20, 1, 1),
            (2049, 30, 3, 1),
            (40, 1030, 1, 2),
            (3000, 1025, 3, 2),
        ] {
            let picture = stripes(width, height);
            let rows: Vec<&[u8]> = picture.rows().collect();
            for kernel in Kernel::ALL {
                let plane = Plane::of(kernel, &picture, &Spare::default());
                assert_eq!(plane.width(), width as usize / across);
                assert_eq!(plane.height(), height as usize / down);
                for (x, y) in [(0, 0), (plane.width() - 1, plane.height() - 1), (7, 11)] {
                    let mut sum = 0.0;
                    for row in &rows[y * down..][..down] {
                        for pixel in row[3 * x * across..][..3 * across].chunks(3) {
                            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
                            sum += 0.299 * r + 0.587 * g + 0.114 * b;
                        }
                    }
                    let mean = sum / (across * down) as f64;
                    let sample = f64::from(plane.sample(x, y));
                    assert!(
                        (sample - mean).abs() < 1e-3,
                        "{kernel:?} {width} x {height}: {x} {y}: {sample} is not {mean}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_kernel_gives_the_same_plane() {
        let picture = stripes(1500, 70);
        let bits = |kernel| -> Vec<u32> {
            let plane = Plane::of(kernel, &picture, &Spare::default());
            plane
                .samples
                .iter()
                .map(|sample| sample.to_bits())
                .collect()
        };
        let expected = bits(Kernel::Portable);
        for kernel in Kernel::ALL {
            assert_eq!(bits(kernel), expected, "{kernel:?}");
        }
    }

    /// Whether rows end with zeros, also where their memory held something else.
    fn is_zero_behind(plane: &Plane) -> bool {
        let mut behind = plane.rows().flat_map(|row| &row[plane.width()..]);
        behind.all(|sample| *sample == 0.0)
    }

    #[test]
    fn half_a_plane_is_the_mean_of_four() {
        let plane = Plane::of(Kernel::best(), &stripes(37, 21), &Spare::default());
        let half = plane.half(&Spare::default()).unwrap();
        assert_eq!((half.width(), half.height()), (18, 10));
        assert!(is_zero_behind(&half) && is_zero_behind(&plane));
        let four = [(34, 18), (35, 18), (34, 19), (35, 19)].map(|(x, y)| plane.sample(x, y));
        let mean = four.iter().sum::<f32>() / 4.0;
        assert!((half.sample(17, 9) - mean).abs() < 1e-4);
        let one = Plane::of(Kernel::best(), &stripes(5, 1), &Spare::default());
        assert!(one.half(&Spare::default()).is_none());
    }

    #[test]
    fn a_thinned_plane_has_every_second_sample() {
        let plane = Plane::of(Kernel::Portable, &stripes(37, 21), &Spare::default());
        let thinned = plane.thinned(&Spare::default()).unwrap();
        assert_eq!((thinned.width(), thinned.height()), (18, 10));
        assert!(is_zero_behind(&thinned));
        for (x, y) in [(0, 0), (17, 9), (5, 3)] {
            assert_eq!(thinned.sample(x, y), plane.sample(2 * x, 2 * y));
        }
    }

    #[test]
    fn grey_is_rounded_and_without_padding() {
        let plane = Plane::of(Kernel::best(), &stripes(37, 21), &Spare::default());
        let grey = plane.grey();
        assert_eq!(grey.len(), 37 * 21);
        let sample = plane.sample(36, 20);
        assert!((f32::from(grey[37 * 20 + 36]) - sample).abs() <= 0.5);
    }
}
