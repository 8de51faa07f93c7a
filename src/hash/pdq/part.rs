//! Parts of a plane to 64 x 64 buffers: what PDQ would see if the part were a picture of its own.
//!
//! PDQ runs a box of `w = ceil(s / 128)` pixels twice along a side of `s` pixels, and takes 64 of what comes out. Two equal boxes are a
//! tent, so sample `i` is the mean of what lies around pixel `(2 i + 1) s / 128`, one further where `w` is even, where the pixel at a
//! distance of `k` weighs `w - k`. That is done here with parts that begin and end anywhere, of planes whose samples stand for one pixel or
//! more; beyond the edge of the plane, the plane is reflected. Two things differ: at the edges of a part, PDQ divides twice by what lies
//! inside, and here once; and PDQ does not filter pictures of 64 x 64 pixels at all.

use super::Buffer;
use super::kernel::{Block, Kernel, Lanes, Sixteen, Task, ZEROS};
use super::plane::Plane;

/// Which samples of a line count how much for each of the 64 of a part.
#[derive(Clone)]
pub(crate) struct Axis {
    /// A place in the line, and its weight; those of one of the 64 add up to 1.
    taps: Vec<(usize, f32)>,
    /// How many each of the 64 has: as many as the others, some of them of no weight, so that a CPU foresees it.
    each: usize,
}

impl Axis {
    /// A part that begins at pixel `from` and is `side` pixels long, of a line of `length` samples of `scale` pixels each.
    ///
    /// A part has to be longer than nothing, and to end less than the line's length beyond either end.
    pub(crate) fn new(from: f32, side: f32, scale: f32, length: usize) -> Self {
        // With more instructions, compilers make better use of the same operations.
        Kernel::best().run(Tents {
            from,
            side,
            scale,
            length,
        })
    }

    /// Which samples count for sample `i`.
    fn of(&self, i: usize) -> &[(usize, f32)] {
        &self.taps[i * self.each..][..self.each]
    }

    /// The first tile that is looked at, and the one behind the last.
    fn tiles(&self) -> (usize, usize) {
        let (mut first, mut last) = (usize::MAX, 0);
        for (place, _) in &self.taps {
            first = first.min(*place);
            last = last.max(*place);
        }
        (first.min(last) / 16, last / 16 + 1)
    }
}

/// What an [`Axis`] is made from.
struct Tents {
    from: f32,
    side: f32,
    scale: f32,
    length: usize,
}

impl Task for Tents {
    type Output = Axis;

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) -> Axis {
        let Self {
            from,
            side,
            scale,
            length,
        } = self;
        let window = (side / 128.0).ceil();
        // A box of an even number of pixels is not centred on one, and there are two.
        let shift = if window % 2.0 == 0.0 { 1.5 } else { 0.5 };
        let [mut middles, mut begins, mut ends] = [[0.0; 64]; 3];
        for (i, middle) in middles.iter_mut().enumerate() {
            *middle = from + whole((2.0 * index(i) + 1.0) * side / 128.0) + shift;
            begins[i] = (*middle - window) / scale;
            ends[i] = (*middle + window) / scale;
        }
        let (firsts, lasts) = (floors(&begins), floors(&ends));
        // How much of each tent lies in the part and before its first sample, its second, and so on. All 64 side by side.
        let counts = firsts.iter().zip(&lasts).map(|(first, last)| last - first);
        let count = counts.max().unwrap_or(0) + 2;
        let mut before = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        for k in 0..count {
            let mut shares = [0.0; 64];
            for (i, share) in shares.iter_mut().enumerate() {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a plane has at most 1,024 samples a side"
                )]
                let edge = ((firsts[i] + k) as f32 * scale).max(from).min(from + side);
                *share = tent(edge - middles[i], window);
            }
            before.push(shares);
        }
        let mut all = Vec::with_capacity(64 * before.len());
        let mut ends = [0; 64];
        let (mut begin, mut each) = (0, 1);
        for (i, end) in ends.iter_mut().enumerate() {
            let mut sum = 0.0;
            for (place, two) in (firsts[i]..=lasts[i]).zip(before.windows(2)) {
                let weight = two[1][i] - two[0][i];
                if weight > 0.0 {
                    all.push((reflected(place, length), weight));
                    sum += weight;
                }
            }
            for (_, weight) in &mut all[begin..] {
                *weight /= sum;
            }
            each = each.max(all.len() - begin);
            begin = all.len();
            *end = begin;
        }
        let mut taps = Vec::with_capacity(64 * each);
        begin = 0;
        for (i, end) in ends.into_iter().enumerate() {
            taps.extend_from_slice(&all[begin..end]);
            let last = taps.last().map_or(0, |(place, _)| *place);
            taps.resize((i + 1) * each, (last, 0.0));
            begin = end;
        }
        Axis { taps, each }
    }
}

/// How much of a tent lies before a place that is `x` pixels behind its middle.
///
/// Two boxes of `window` whole pixels weigh the pixel at a distance of `k` by `window - k`: sums of whole numbers, between which the
/// share of a pixel counts.
#[inline(always)]
fn tent(x: f32, window: f32) -> f32 {
    // All that lies before a place at or before the middle of the pixel in the middle; behind it, what is left of the whole.
    let is_before = x <= 0.5;
    let places = (if is_before { x } else { -x } + window - 0.5).max(0.0);
    // As `whole`, but many at a time: numbers from here to its double have no places behind the point.
    let near = (places + WHOLE) - WHOLE;
    let before = near - if near > places { 1.0 } else { 0.0 };
    let upto = before * (before + 1.0) / 2.0 + (places - before) * (before + 1.0);
    if is_before {
        upto
    } else {
        window * window - upto
    }
}

/// Far above twice a window.
const WHOLE: f32 = 8_388_608.0;

/// What stands before the point of a number that is not negative. (`f32::floor` is a call where SSE4.1 is not sure to be there.)
#[inline(always)]
fn whole(x: f32) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "sides of pictures, and of windows"
    )]
    let whole = x as i32 as f32;
    whole
}

/// A place in a line that is reflected at both of its ends.
#[inline(always)]
pub(super) fn reflected(place: i32, length: usize) -> usize {
    let place = usize::try_from(if place < 0 { !place } else { place }).unwrap_or(0);
    if place < length {
        place
    } else {
        (2 * length).saturating_sub(place + 1).min(length - 1)
    }
}

/// A small number as f32.
#[expect(clippy::cast_precision_loss, reason = "at most 63")]
#[inline(always)]
pub(super) fn index(i: usize) -> f32 {
    i as f32
}

/// The buffer of a part.
pub(super) struct Part<'a> {
    pub(super) plane: &'a Plane,
    pub(super) across: &'a Axis,
    pub(super) down: &'a Axis,
}

impl Task for Part<'_> {
    type Output = Buffer;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Buffer {
        let (first, end) = self.across.tiles();
        let rows: Vec<(&[[f32; 16]], f32)> = self
            .down
            .taps
            .iter()
            .map(|(place, weight)| (&self.plane.tiles(*place)[first..end], *weight))
            .collect();
        let mut buffer = [[0.0; 64]; 64];
        // Sixteen rows at a time, of all columns that are looked at, column by column.
        let mut columns = vec![ZEROS; end - first];
        for (band, out) in buffer.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            for (tile, columns) in columns.iter_mut().enumerate() {
                let mut block = ZEROS;
                let mut taps = rows[16 * band * self.down.each..].chunks_exact(self.down.each);
                for row in &mut block {
                    let mut sum = lanes.splat(0.0);
                    for (samples, weight) in taps.next().unwrap_or_default() {
                        let samples = lanes.load(&Sixteen(samples[tile]));
                        sum = lanes.add(sum, lanes.mul(lanes.splat(*weight), samples));
                    }
                    lanes.store(sum, row);
                }
                lanes.transpose(&block, columns);
            }
            self.along(lanes, &columns, first, out);
        }
        buffer
    }
}

impl Part<'_> {
    /// Sixteen rows of the buffer, from columns that begin with tile `first`.
    #[inline(always)]
    fn along<L: Lanes>(
        &self,
        lanes: L,
        columns: &[Block],
        first: usize,
        out: &mut [[f32; 64]; 16],
    ) {
        let columns = columns.as_flattened();
        for tile in 0..4 {
            let mut turned = ZEROS;
            for (j, turned) in turned.iter_mut().enumerate() {
                let mut sum = lanes.splat(0.0);
                for (place, weight) in self.across.of(16 * tile + j) {
                    let samples = lanes.load(&columns[place - 16 * first]);
                    sum = lanes.add(sum, lanes.mul(lanes.splat(*weight), samples));
                }
                lanes.store(sum, turned);
            }
            let mut rows = ZEROS;
            lanes.transpose(&turned, &mut rows);
            for (row, samples) in out.iter_mut().zip(&rows) {
                row[16 * tile..][..16].copy_from_slice(&samples.0);
            }
        }
    }
}

/// The whole number at or below; the standard library's is a call where the CPU may lack an instruction for it.
#[inline(always)]
pub(super) fn floor(x: f32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
    let whole = x as i32;
    #[expect(clippy::cast_precision_loss, reason = "comes from an f32")]
    let is_above = whole as f32 > x;
    whole.saturating_sub(i32::from(is_above))
}

/// The whole numbers at or below each of 64. One by one they are a conversion that stops at the ends of an `i32`, which no CPU does to many
/// at a time; near to 0 they are had from what rounding leaves in the last bits.
#[inline(always)]
pub(super) fn floors(places: &[f32; 64]) -> [i32; 64] {
    let is_near = places
        .iter()
        .fold(true, |all, place| all & (place.abs() < NEAR));
    let mut floors = [0; 64];
    for (whole, place) in floors.iter_mut().zip(places) {
        // Numbers from 2^23 to its double have no places behind the point, and the next one has the next bits.
        let rounded = place + MIDDLE;
        let nearest = rounded
            .to_bits()
            .wrapping_sub(MIDDLE.to_bits())
            .cast_signed();
        *whole = nearest.wrapping_sub(i32::from(rounded - MIDDLE > *place));
    }
    if is_near { floors } else { far_floors(places) }
}

/// As [`floors`], of any numbers; apart, so that it does not stand in the way.
#[cold]
#[inline(never)]
fn far_floors(places: &[f32; 64]) -> [i32; 64] {
    places.map(floor)
}

/// Places nearer than this to 0 are what a place in a picture can be.
const NEAR: f32 = 4_194_304.0;

/// In the middle between 2^23 and its double.
const MIDDLE: f32 = 12_582_912.0;

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "sides and places of small pictures"
)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hash::pdq::spare::Spare;
    use crate::picture::Picture;

    pub(in super::super) fn picture(width: u32, height: u32) -> Picture<'static> {
        let pixels = (0..width * height).map(|k| {
            let (x, y) = (k % width, k / width);
            (x * x / 7 + 3 * y + (x * y) % 31).to_le_bytes()[0]
        });
        Picture::grey(width, height, width as usize, pixels.collect::<Vec<_>>()).unwrap()
    }

    /// Sample `i` of a part, the obvious way: what the tent holds of every pixel's hundredth.
    fn sample(line: &[f32], from: f64, side: f64, scale: f64, i: usize) -> f64 {
        let window = (side / 128.0).ceil();
        let shift = if window % 2.0 == 0.0 { 1.5 } else { 0.5 };
        let middle = from + ((2 * i + 1) as f64 * side / 128.0).floor() + shift;
        let (mut sum, mut weights) = (0.0, 0.0);
        let steps = (100.0 * side) as usize;
        for step in 0..steps {
            let at = from + (step as f64 + 0.5) * side / steps as f64;
            let weight = (window - (at - middle).abs().round()).max(0.0);
            let length = line.len() as i64;
            let place = (at / scale).floor() as i64;
            let place = if place < 0 { -1 - place } else { place };
            let place = if place < length {
                place
            } else {
                2 * length - 1 - place
            };
            sum += weight * f64::from(line[place as usize]);
            weights += weight;
        }
        sum / weights
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn weights_are_those_of_the_tent(
            length in 20usize..300, scale in prop_oneof![Just(1.0f32), 1.0f32..9.0],
            begin in -0.3f32..0.5, part in 0.2f32..1.0,
        ) {
            let line: Vec<f32> = (0..length).map(|k| ((k * k) % 211) as f32).collect();
            let whole = length as f32 * scale;
            let (from, side) = (begin * whole, part * whole);
            let axis = Axis::new(from, side, scale, length);
            for i in [0, 1, 20, 33, 62, 63] {
                let ours: f32 = axis.of(i).iter().map(|(place, weight)| line[*place] * weight).sum();
                let theirs = sample(&line, from.into(), side.into(), scale.into(), i);
                prop_assert!((f64::from(ours) - theirs).abs() < 2.0, "{i}: {ours} is not {theirs}");
            }
        }
    }

    #[test]
    fn every_kernel_reads_the_same_bits() {
        let picture = picture(201, 133);
        let plane = Plane::of(Kernel::Portable, &picture, &Spare::default());
        let across = Axis::new(11.5, 170.0, 1.0, plane.width());
        let down = Axis::new(-9.0, 150.0, 1.0, plane.height());
        let read = |kernel: Kernel| {
            let plane = Plane::of(kernel, &picture, &Spare::default());
            let part = Part {
                plane: &plane,
                across: &across,
                down: &down,
            };
            kernel.run(part).as_flattened().to_vec()
        };
        let expected = read(Kernel::Portable);
        for kernel in Kernel::ALL {
            assert_eq!(read(kernel), expected, "{kernel:?}");
        }
    }

    #[test]
    fn a_part_of_whole_pixels_is_what_cutting_it_out_would_give() {
        let whole = picture(420, 310);
        for [left, top, width, height] in
            [[0, 0, 420, 310], [20, 31, 300, 250], [200, 100, 129, 128]]
        {
            let rows = whole.rows().skip(top).take(height);
            let pixels: Vec<u8> = rows
                .flat_map(|row| row[left..left + width].to_vec())
                .collect();
            let cut = Picture::grey(width as u32, height as u32, width, pixels).unwrap();
            let mut expected = [[0.0; 64]; 64];
            let mut hasher = super::super::Hasher::new();
            for (row, of) in expected.iter_mut().zip(hasher.buffer(&cut)) {
                row.copy_from_slice(&of);
            }
            let plane = hasher.plane(&whole);
            let across = Axis::new(left as f32, width as f32, 1.0, plane.width());
            let down = Axis::new(top as f32, height as f32, 1.0, plane.height());
            let part = Part {
                plane: &plane,
                across: &across,
                down: &down,
            };
            let ours = Kernel::best().run(part);
            // At the edges the reference divides twice by what lies inside, which is no tent.
            for (i, (ours, expected)) in ours.iter().zip(&expected).enumerate().skip(2).take(60) {
                for (j, (ours, expected)) in ours.iter().zip(expected).enumerate().skip(2).take(60)
                {
                    assert!(
                        (ours - expected).abs() < 0.1,
                        "{i} {j}: {ours} is not {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn whole_numbers_at_or_below_are_those_of_one_at_a_time() {
        let near = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -2.5, 1023.999, -1e-9];
        let ends = [NEAR, -NEAR].map(|end| [end, end.next_down(), end.next_up(), 0.5 * end]);
        let far = [
            f32::MAX,
            f32::MIN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            1e9,
            -1e9,
        ];
        for (k, place) in near.into_iter().chain(ends.concat()).chain(far).enumerate() {
            let mut places: [f32; 64] = std::array::from_fn(|j| index(j) * 3.7 - 99.0);
            places[k % 64] = place;
            assert_eq!(floors(&places), places.map(floor), "{place}");
        }
    }

    #[test]
    fn places_are_reflected_at_both_ends() {
        let places = [-3, -1, 0, 4, 5, 7].map(|place| reflected(place, 5));
        assert_eq!(places, [2, 0, 0, 4, 4, 2]);
    }
}
