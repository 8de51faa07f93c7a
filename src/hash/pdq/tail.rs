//! The 64 x 64 buffer to coefficients, quality and bits: steps 6 to 8.

use super::super::{Dihedral, Pdq, Quality};
use super::dct_table::DCT_BITS;
use super::kernel::{Count, Kernel, Lanes, Sixteen, Task};
use super::{Buffer, Coefficients};

/// The coefficients of a buffer, and its quality.
pub(super) struct Read<'a>(pub(super) &'a Buffer);

impl Task for Read<'_> {
    type Output = (Coefficients, Quality);

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> (Coefficients, Quality) {
        (dct(lanes, self.0), quality(lanes, self.0))
    }
}

/// The same of the buffer that a task gives: in one go, so that the buffer is not moved.
pub(super) struct ReadOf<T>(pub(super) T);

impl<T: Task<Output = Buffer>> Task for ReadOf<T> {
    type Output = (Coefficients, Quality);

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> (Coefficients, Quality) {
        let buffer = self.0.run(lanes);
        Read(&buffer).run(lanes)
    }
}

/// Step 7: `T = D A`, then `B = T D^t`, every sum in order of k from 0, no fused multiply-add.
#[inline(always)]
fn dct<L: Lanes>(lanes: L, buffer: &Buffer) -> Coefficients {
    let mut t = [[Sixteen::ZERO; 4]; 16];
    let (frequencies, _) = DCT.as_chunks::<2>();
    for (d, t) in frequencies.iter().zip(t.as_chunks_mut::<2>().0) {
        // Two rows of T at a time: eight sums that do not wait for one another.
        let mut sums = [[lanes.splat(0.0); 4]; 2];
        for (k, row) in buffer.iter().enumerate() {
            for (sums, d) in sums.iter_mut().zip(d) {
                let d = lanes.splat(d[k]);
                for (sum, a) in sums.iter_mut().zip(row.as_chunks().0) {
                    *sum = lanes.add(*sum, lanes.mul(d, lanes.load(&Sixteen(*a))));
                }
            }
        }
        for (t, sum) in t.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
            lanes.store(*sum, t);
        }
    }
    let mut coefficients = [[0.0; 16]; 16];
    let (fours, _) = coefficients.as_chunks_mut::<4>();
    for (t, b) in t.as_chunks::<4>().0.iter().zip(fours) {
        // Four rows of B at a time, for the same reason.
        let mut sums = [lanes.splat(0.0); 4];
        for (k, d) in TRANSPOSED.iter().enumerate() {
            let d = lanes.load(d);
            for (sum, t) in sums.iter_mut().zip(t) {
                let t = lanes.splat(t[k / 16].0[k % 16]);
                *sum = lanes.add(*sum, lanes.mul(t, d));
            }
        }
        for (b, sum) in b.iter_mut().zip(sums) {
            let mut row = Sixteen::ZERO;
            lanes.store(sum, &mut row);
            *b = row.0;
        }
    }
    coefficients
}

static DCT: [[f32; 64]; 16] = {
    let mut matrix = [[0.0; 64]; 16];
    let mut place = 0;
    while place < 16 * 64 {
        matrix[place / 64][place % 64] = f32::from_bits(DCT_BITS[place / 64][place % 64]);
        place += 1;
    }
    matrix
};

static TRANSPOSED: [Sixteen; 64] = {
    let mut matrix = [Sixteen::ZERO; 64];
    let mut place = 0;
    while place < 16 * 64 {
        matrix[place % 64].0[place / 64] = f32::from_bits(DCT_BITS[place / 64][place % 64]);
        place += 1;
    }
    matrix
};

/// Step 6. The quotient is truncated towards zero, in f32, before its absolute value is added up. The sum stays below
/// 2^24, so that f32 holds it, and it does not matter what is added to what first.
#[inline(always)]
fn quality<L: Lanes>(lanes: L, buffer: &Buffer) -> Quality {
    let hundred = lanes.splat(100.0);
    let whole = Count::of(255.0);
    // Sums that do not wait for one another, and one of the ends of rows.
    let [mut even, mut odd, mut ends] = [lanes.splat(0.0); 3];
    let by = (hundred, &whole);
    for (upper, lower) in buffer.iter().zip(&buffer[1..]) {
        let (u, v) = (tiles(upper), tiles(lower));
        even = lanes.add(
            even,
            lanes.add(step(lanes, &u[0], &v[0], by), step(lanes, &u[2], &v[2], by)),
        );
        odd = lanes.add(
            odd,
            lanes.add(step(lanes, &u[1], &v[1], by), step(lanes, &u[3], &v[3], by)),
        );
    }
    // The right neighbours of a row stand in the buffer too; the last one is that of the next row, and is left out below.
    let mut last = buffer[63];
    last.copy_within(1.., 0);
    for (k, row) in buffer.iter().enumerate() {
        let right = buffer.as_flattened()[64 * k + 1..].first_chunk();
        let (u, v) = (tiles(row), tiles(right.unwrap_or(&last)));
        even = lanes.add(
            even,
            lanes.add(step(lanes, &u[0], &v[0], by), step(lanes, &u[2], &v[2], by)),
        );
        odd = lanes.add(odd, step(lanes, &u[1], &v[1], by));
        ends = lanes.add(ends, step(lanes, &u[3], &v[3], by));
    }
    let mut sums = [Sixteen::ZERO; 2];
    lanes.store(lanes.add(even, odd), &mut sums[0]);
    lanes.store(ends, &mut sums[1]);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sum of whole numbers, none of them negative, below 2^24"
    )]
    let sum = sums[0].0.iter().chain(&sums[1].0[..15]).sum::<f32>() as u32;
    Quality::from_gradient_sum(sum)
}

#[inline(always)]
fn step<L: Lanes>(
    lanes: L,
    u: &[f32; 16],
    v: &[f32; 16],
    (hundred, whole): (L::V, &Count),
) -> L::V {
    let difference = lanes.sub(lanes.load(&Sixteen(*u)), lanes.load(&Sixteen(*v)));
    lanes.truncated_abs(lanes.divide(lanes.mul(difference, hundred), whole))
}

/// A row, sixteen samples at a time.
#[inline(always)]
fn tiles(row: &[f32; 64]) -> &[[f32; 16]] {
    row.as_chunks().0
}

/// The hashes of some forms.
pub(super) struct Forms<'a, const N: usize> {
    pub(super) coefficients: &'a Coefficients,
    pub(super) forms: [Dihedral; N],
}

impl<const N: usize> Forms<'_, N> {
    pub(super) fn hashes(self) -> [Pdq; N] {
        Kernel::best().run(self)
    }
}

impl<const N: usize> Task for Forms<'_, N> {
    type Output = [Pdq; N];

    /// A form and its transpose have the same values, so they share a median, and the bits of one are those of the
    /// other with rows and columns exchanged.
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> [Pdq; N] {
        let mut known: [Option<[u16; 16]>; 4] = [None; 4];
        let mut hashes = [Pdq::from_bytes([0; 32]); N];
        for (hash, form) in hashes.iter_mut().zip(self.forms) {
            let (signs, exchanged) = Signs::of(form);
            let rows = match known[signs as usize] {
                Some(rows) => rows,
                None => bits(lanes, self.coefficients, signs),
            };
            known[signs as usize] = Some(rows);
            *hash = Pdq::from_rows(if exchanged { transposed(rows) } else { rows });
        }
        hashes
    }
}

/// Which coefficients are negated.
#[derive(Debug, Clone, Copy)]
enum Signs {
    None,
    /// Those in even rows: odd frequencies, which a mirror negates.
    EvenRows,
    EvenColumns,
    /// Those where one of both is odd.
    OddSums,
}

impl Signs {
    /// Those of a form, and whether rows and columns are exchanged behind them.
    fn of(form: Dihedral) -> (Self, bool) {
        match form {
            Dihedral::Original => (Self::None, false),
            Dihedral::FlipPlus1 => (Self::None, true),
            Dihedral::FlipX => (Self::EvenRows, false),
            Dihedral::Rot270 => (Self::EvenRows, true),
            Dihedral::FlipY => (Self::EvenColumns, false),
            Dihedral::Rot90 => (Self::EvenColumns, true),
            Dihedral::Rot180 => (Self::OddSums, false),
            Dihedral::FlipMinus1 => (Self::OddSums, true),
        }
    }

    fn of_row(self, row: usize) -> Sixteen {
        let sign = |negated: bool| if negated { -1.0 } else { 1.0 };
        Sixteen(std::array::from_fn(|column| match self {
            Self::None => 1.0,
            Self::EvenRows => sign(row.is_multiple_of(2)),
            Self::EvenColumns => sign(column.is_multiple_of(2)),
            Self::OddSums => sign((row + column) % 2 == 1),
        }))
    }
}

/// Step 8: a bit for each coefficient above the lower median, a row in one number.
#[inline(always)]
fn bits<L: Lanes>(lanes: L, coefficients: &Coefficients, signs: Signs) -> [u16; 16] {
    let mut signed = [Sixteen::ZERO; 16];
    for (i, (row, signed)) in coefficients.iter().zip(&mut signed).enumerate() {
        let value = lanes.mul(lanes.load(&Sixteen(*row)), lanes.load(&signs.of_row(i)));
        lanes.store(value, signed);
    }
    let median = lanes.splat(lower_median(&signed));
    let mut rows = [0; 16];
    for (row, value) in rows.iter_mut().zip(&signed) {
        *row = lanes.above(lanes.load(value), median);
    }
    rows
}

/// The 128th smallest of 256 values, found bit by bit, from the highest: the greatest number that at most 127 values are
/// below.
#[inline(always)]
fn lower_median(values: &[Sixteen; 16]) -> f32 {
    let mut keys = [0; 256];
    for (keys, values) in keys.as_chunks_mut::<16>().0.iter_mut().zip(values) {
        *keys = values.0.map(ordered);
    }
    let mut found = i32::MIN;
    for bit in (0..32).rev() {
        let candidate = found.wrapping_add(1i32 << bit);
        let below: i32 = keys.iter().map(|&key| i32::from(key < candidate)).sum();
        if below <= 127 {
            found = candidate;
        }
    }
    f32::from_bits(ordered(f32::from_bits(found.cast_unsigned())).cast_unsigned())
}

/// The bits of a number as an integer that is ordered as the numbers are. Done twice, it gives the bits again.
#[inline(always)]
fn ordered(value: f32) -> i32 {
    let bits = value.to_bits().cast_signed();
    bits ^ (bits >> 31 & i32::MAX)
}

/// Sixteen rows of sixteen bits, rows and columns exchanged: blocks of 8, of 4, of 2, then single bits.
fn transposed(mut rows: [u16; 16]) -> [u16; 16] {
    for (size, low) in [(8, 0x00ff), (4, 0x0f0f), (2, 0x3333), (1, 0x5555)] {
        for i in (0..16).filter(|i| i & size == 0) {
            // The upper columns of the upper rows change places with the lower columns of the lower rows.
            let difference = ((rows[i] >> size) ^ rows[i + size]) & low;
            rows[i] ^= difference << size;
            rows[i + size] ^= difference;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_median_is_that_of_sorted_values(values in prop::collection::vec(any::<f32>(), 256)) {
            let values: Vec<f32> = values.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect();
            let mut sixteens = [Sixteen::ZERO; 16];
            for (sixteen, values) in sixteens.iter_mut().zip(values.chunks_exact(16)) {
                sixteen.0.copy_from_slice(values);
            }
            let mut sorted = values;
            sorted.sort_by(f32::total_cmp);
            prop_assert_eq!(lower_median(&sixteens).to_bits(), sorted[127].to_bits());
        }

        #[test]
        fn the_median_of_few_values_is_one_of_them(values in prop::collection::vec(-2i8..2, 256)) {
            let mut sixteens = [Sixteen::ZERO; 16];
            for (i, value) in values.iter().enumerate() {
                sixteens[i / 16].0[i % 16] = f32::from(*value);
            }
            let mut sorted = values;
            sorted.sort_unstable();
            prop_assert_eq!(lower_median(&sixteens), f32::from(sorted[127]));
        }

        #[test]
        fn bits_are_transposed(rows: [u16; 16]) {
            let other = transposed(rows);
            for (i, row) in rows.into_iter().enumerate() {
                for (j, column) in other.into_iter().enumerate() {
                    prop_assert_eq!(row >> j & 1, column >> i & 1);
                }
            }
        }
    }

    #[test]
    fn signs_are_those_of_the_forms() {
        for form in Dihedral::ALL {
            let (signs, exchanged) = Signs::of(form);
            for (row, column) in (0..256).map(|k| (k / 16, k % 16)) {
                let (source_row, source_column, negated) = form.source(row, column);
                let (i, j) = if exchanged {
                    (column, row)
                } else {
                    (row, column)
                };
                assert_eq!((source_row, source_column), (i, j), "{form}");
                assert_eq!(signs.of_row(i).0[j] < 0.0, negated, "{form} {row} {column}");
            }
        }
    }
}
