//! AVX2: sixteen numbers in two registers of eight, which also gives the CPU two chains of sums to work on at a time.

#![expect(
    unsafe_code,
    reason = "instructions that not every CPU has; a value of `Avx2` proves that this one has them"
)]

use std::arch::x86_64::*;

use super::{BLUE, Block, Count, GREEN, Lanes, RED, Sixteen, Task};

/// Made by [`Avx2::detect`] only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        let all = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        all.then_some(Self(()))
    }
}

/// The lower and the upper eight.
type Pair = [__m256; 2];

impl Lanes for Avx2 {
    type V = Pair;

    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx2,fma")]
        fn allowed<T: Task>(lanes: Avx2, task: T) -> T::Output {
            task.run(lanes)
        }
        // SAFETY: `self` exists, so the CPU has these.
        unsafe { allowed(self, task) }
    }

    #[inline(always)]
    fn load(self, from: &Sixteen) -> Pair {
        let at = from.0.as_ptr();
        // SAFETY: 64 readable bytes, aligned to 64 by their type. The CPU has AVX: `self` exists.
        unsafe { [_mm256_load_ps(at), _mm256_load_ps(at.add(8))] }
    }

    #[inline(always)]
    fn store(self, value: Pair, to: &mut Sixteen) {
        let at = to.0.as_mut_ptr();
        // SAFETY: 64 writable bytes, aligned to 64 by their type. The CPU has AVX: `self` exists.
        unsafe {
            _mm256_store_ps(at, value[0]);
            _mm256_store_ps(at.add(8), value[1]);
        }
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Pair {
        // SAFETY: the CPU has AVX: `self` exists.
        [unsafe { _mm256_set1_ps(value) }; 2]
    }

    #[inline(always)]
    fn add(self, a: Pair, b: Pair) -> Pair {
        // SAFETY: the CPU has AVX: `self` exists.
        unsafe { [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn sub(self, a: Pair, b: Pair) -> Pair {
        // SAFETY: the CPU has AVX: `self` exists.
        unsafe { [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn mul(self, a: Pair, b: Pair) -> Pair {
        // SAFETY: the CPU has AVX: `self` exists.
        unsafe { [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn div(self, a: Pair, b: Pair) -> Pair {
        // SAFETY: the CPU has AVX: `self` exists.
        unsafe { [_mm256_div_ps(a[0], b[0]), _mm256_div_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn divide(self, a: Pair, by: &Count) -> Pair {
        // SAFETY: the CPU has AVX and FMA: `self` exists.
        unsafe { [divided(a[0], by), divided(a[1], by)] }
    }

    #[inline(always)]
    fn transpose(self, from: &Block, to: &mut Block) {
        for row in [0, 8] {
            for column in [0, 8] {
                // SAFETY: the CPU has AVX: `self` exists.
                unsafe { transpose(from, (row, column), to) };
            }
        }
    }

    #[inline(always)]
    fn prefetch(self, address: *const u8) {
        super::prefetch(address);
    }

    #[inline(always)]
    fn luma_rgb(self, pixels: &[u8; 48]) -> Pair {
        // SAFETY: the CPU has AVX2: `self` exists.
        unsafe { [luma_rgb::<0, 12, 0>(pixels), luma_rgb::<24, 32, 4>(pixels)] }
    }

    #[inline(always)]
    fn luma_grey(self, pixels: &[u8; 16]) -> Pair {
        let at = pixels.as_ptr();
        // SAFETY: twice 8 readable bytes, of any alignment. The CPU has AVX2: `self` exists.
        unsafe {
            let halves = [
                _mm_loadl_epi64(at.cast()),
                _mm_loadl_epi64(at.add(8).cast()),
            ];
            [luma_grey(halves[0]), luma_grey(halves[1])]
        }
    }

    #[inline(always)]
    fn truncated_abs(self, a: Pair) -> Pair {
        // SAFETY: the CPU has AVX: `self` exists.
        unsafe { [truncated_abs(a[0]), truncated_abs(a[1])] }
    }

    #[inline(always)]
    fn above(self, a: Pair, b: Pair) -> u16 {
        // SAFETY: the CPU has AVX: `self` exists.
        let (low, high) = unsafe { (above(a[0], b[0]), above(a[1], b[1])) };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "eight bits each"
        )]
        let mask = (high << 8 | low) as u16;
        mask
    }
}

const TOWARDS_ZERO: i32 = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;

#[inline]
#[target_feature(enable = "avx,fma")]
fn divided(a: __m256, by: &Count) -> __m256 {
    let (high, low) = (_mm256_set1_ps(by.high), _mm256_set1_ps(by.low));
    _mm256_fmadd_ps(a, high, _mm256_mul_ps(a, low))
}

#[inline]
#[target_feature(enable = "avx")]
fn truncated_abs(a: __m256) -> __m256 {
    let truncated = _mm256_round_ps::<TOWARDS_ZERO>(a);
    _mm256_andnot_ps(_mm256_set1_ps(-0.0), truncated)
}

#[inline]
#[target_feature(enable = "avx")]
fn above(a: __m256, b: __m256) -> i32 {
    _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(a, b))
}

#[inline]
#[target_feature(enable = "avx2")]
fn luma_grey(pixels: __m128i) -> __m256 {
    let grey = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(pixels));
    weighed(grey, grey, grey)
}

#[inline]
#[target_feature(enable = "avx2")]
fn weighed(r: __m256, g: __m256, b: __m256) -> __m256 {
    let r = _mm256_mul_ps(r, _mm256_set1_ps(RED));
    let g = _mm256_mul_ps(g, _mm256_set1_ps(GREEN));
    let b = _mm256_mul_ps(b, _mm256_set1_ps(BLUE));
    _mm256_add_ps(_mm256_add_ps(r, g), b)
}

/// Luma of eight pixels: of the four at byte `LOW`, and of the four that stand `SKIP` bytes behind `HIGH`. Their bytes are
/// spread to the lowest bytes of integers.
#[inline]
#[target_feature(enable = "avx2")]
fn luma_rgb<const LOW: usize, const HIGH: usize, const SKIP: i32>(pixels: &[u8; 48]) -> __m256 {
    const { assert!(LOW + 16 <= 48 && HIGH + 16 <= 48) };
    let at = pixels.as_ptr();
    // SAFETY: 16 readable bytes at both places, of any alignment.
    let pixels = unsafe {
        let low = _mm_loadu_si128(at.add(LOW).cast());
        let high = _mm_loadu_si128(at.add(HIGH).cast());
        _mm256_set_m128i(high, low)
    };
    let channel = |channel: i32| {
        let none = -1 << 8; // makes the upper three bytes zero
        let low = |pixel: i32| none | (channel + 3 * pixel);
        let high = |pixel: i32| none | (SKIP + channel + 3 * pixel);
        let low = _mm_set_epi32(low(3), low(2), low(1), low(0));
        let high = _mm_set_epi32(high(3), high(2), high(1), high(0));
        _mm256_cvtepi32_ps(_mm256_shuffle_epi8(pixels, _mm256_set_m128i(high, low)))
    };
    weighed(channel(0), channel(1), channel(2))
}

/// A quarter of the block. Rows four apart are joined as they are loaded; then pairs of rows, then of pairs, are interleaved
/// within 128 bits.
#[inline]
#[target_feature(enable = "avx")]
fn transpose(from: &Block, (row, column): (usize, usize), to: &mut Block) {
    let joined = |i: usize, half: usize| -> __m256 {
        let four = |row: usize| -> &[f32; 4] {
            let (fours, _) = from[row].0.as_chunks();
            &fours[column / 4 + half]
        };
        let (low, high) = (four(row + i), four(row + 4 + i));
        // SAFETY: 16 readable bytes each, of any alignment.
        unsafe {
            let low = _mm256_castps128_ps256(_mm_loadu_ps(low.as_ptr()));
            _mm256_insertf128_ps::<1>(low, _mm_loadu_ps(high.as_ptr()))
        }
    };
    for half in [0, 1] {
        let r: [__m256; 4] = [
            joined(0, half),
            joined(1, half),
            joined(2, half),
            joined(3, half),
        ];
        let low = |a, b| _mm256_castps_pd(_mm256_unpacklo_ps(a, b));
        let high = |a, b| _mm256_castps_pd(_mm256_unpackhi_ps(a, b));
        let (a, b) = (low(r[0], r[1]), high(r[0], r[1]));
        let (c, d) = (low(r[2], r[3]), high(r[2], r[3]));
        let columns = [
            _mm256_unpacklo_pd(a, c),
            _mm256_unpackhi_pd(a, c),
            _mm256_unpacklo_pd(b, d),
            _mm256_unpackhi_pd(b, d),
        ];
        for (c, value) in columns.into_iter().enumerate() {
            let (eights, _) = to[column + 4 * half + c].0.as_chunks_mut::<8>();
            let to = &mut eights[row / 8];
            // SAFETY: 32 writable bytes, of any alignment.
            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), _mm256_castpd_ps(value)) };
        }
    }
}
