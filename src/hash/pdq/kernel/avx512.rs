//! AVX-512: sixteen numbers in one register.

#![expect(
    unsafe_code,
    reason = "instructions that not every CPU has; a value of `Avx512` proves that this one has them"
)]

use std::arch::x86_64::*;

use super::{BLUE, Block, Count, GREEN, Lanes, RED, Sixteen, Task};

/// Made by [`Avx512::detect`] only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        let all = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi");
        all.then_some(Self(()))
    }
}

impl Lanes for Avx512 {
    type V = __m512;

    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
        fn allowed<T: Task>(lanes: Avx512, task: T) -> T::Output {
            task.run(lanes)
        }
        // SAFETY: `self` exists, so the CPU has these.
        unsafe { allowed(self, task) }
    }

    #[inline(always)]
    fn load(self, from: &Sixteen) -> __m512 {
        // SAFETY: 64 readable bytes, aligned to 64 by their type. The CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_load_ps(from.0.as_ptr()) }
    }

    #[inline(always)]
    fn store(self, value: __m512, to: &mut Sixteen) {
        // SAFETY: 64 writable bytes, aligned to 64 by their type. The CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_store_ps(to.0.as_mut_ptr(), value) }
    }

    #[inline(always)]
    fn splat(self, value: f32) -> __m512 {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_set1_ps(value) }
    }

    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_sub_ps(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_mul_ps(a, b) }
    }

    #[inline(always)]
    fn div(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_div_ps(a, b) }
    }

    #[inline(always)]
    fn divide(self, a: __m512, by: &Count) -> __m512 {
        let (high, low) = (self.splat(by.high), self.splat(by.low));
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_fmadd_ps(a, high, _mm512_mul_ps(a, low)) }
    }

    #[inline(always)]
    fn transpose(self, from: &Block, to: &mut Block) {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { transpose(self, from, to) };
    }

    #[inline(always)]
    fn prefetch(self, address: *const u8) {
        super::prefetch(address);
    }

    #[inline(always)]
    fn luma_rgb(self, pixels: &[u8; 48]) -> __m512 {
        // SAFETY: the CPU has all three: `self` exists.
        unsafe { luma_rgb(pixels) }
    }

    #[inline(always)]
    fn luma_grey(self, pixels: &[u8; 16]) -> __m512 {
        // SAFETY: 16 readable bytes, of any alignment. The CPU has AVX-512 F: `self` exists.
        unsafe {
            let grey = _mm512_cvtepu8_epi32(_mm_loadu_si128(pixels.as_ptr().cast()));
            let grey = _mm512_cvtepi32_ps(grey);
            weighed(grey, grey, grey)
        }
    }

    #[inline(always)]
    fn truncated_abs(self, a: __m512) -> __m512 {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_abs_ps(_mm512_roundscale_ps::<TOWARDS_ZERO>(a)) }
    }

    #[inline(always)]
    fn above(self, a: __m512, b: __m512) -> u16 {
        // SAFETY: the CPU has AVX-512 F: `self` exists.
        unsafe { _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b) }
    }
}

const TOWARDS_ZERO: i32 = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;

#[inline]
#[target_feature(enable = "avx512f")]
fn weighed(r: __m512, g: __m512, b: __m512) -> __m512 {
    let r = _mm512_mul_ps(r, _mm512_set1_ps(RED));
    let g = _mm512_mul_ps(g, _mm512_set1_ps(GREEN));
    let b = _mm512_mul_ps(b, _mm512_set1_ps(BLUE));
    _mm512_add_ps(_mm512_add_ps(r, g), b)
}

/// Each channel's bytes are spread to the lowest bytes of sixteen integers. The bytes behind the 48 are loaded as 0, and
/// the one at 63 is taken for the upper bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn luma_rgb(pixels: &[u8; 48]) -> __m512 {
    // SAFETY: 48 readable bytes and no more are loaded, and three times 64; of any alignment.
    let (pixels, places) = unsafe {
        let place = |channel: usize| _mm512_loadu_si512(PLACES[channel].as_ptr().cast());
        (
            _mm512_maskz_loadu_epi8(FORTY_EIGHT, pixels.as_ptr().cast()),
            [place(0), place(1), place(2)],
        )
    };
    let channel = |places| _mm512_cvtepi32_ps(_mm512_permutexvar_epi8(places, pixels));
    weighed(channel(places[0]), channel(places[1]), channel(places[2]))
}

const FORTY_EIGHT: __mmask64 = (1 << 48) - 1;

/// For each channel and byte of sixteen integers, where the byte is taken from.
static PLACES: [[u8; 64]; 3] = {
    let mut places = [[63; 64]; 3];
    let mut byte = 0u8;
    while byte < 48 {
        places[byte as usize % 3][byte as usize / 3 * 4] = byte;
        byte += 1;
    }
    places
};

/// Pairs of rows, then of pairs, are interleaved within 128 bits; then the quarters change places.
#[inline]
#[target_feature(enable = "avx512f")]
fn transpose(lanes: Avx512, from: &Block, to: &mut Block) {
    let fours = |i: usize| -> [__m512; 4] {
        let low = |a, b| _mm512_castps_pd(_mm512_unpacklo_ps(a, b));
        let high = |a, b| _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
        let row = |row: usize| lanes.load(&from[i + row]);
        let (a, b) = (low(row(0), row(1)), high(row(0), row(1)));
        let (c, d) = (low(row(2), row(3)), high(row(2), row(3)));
        [
            _mm512_castpd_ps(_mm512_unpacklo_pd(a, c)),
            _mm512_castpd_ps(_mm512_unpackhi_pd(a, c)),
            _mm512_castpd_ps(_mm512_unpacklo_pd(b, d)),
            _mm512_castpd_ps(_mm512_unpackhi_pd(b, d)),
        ]
    };
    // Quarter q of `s[f][c]` is column 4 q + c of rows 4 f to 4 f + 3.
    let s = [fours(0), fours(4), fours(8), fours(12)];
    for c in 0..4 {
        let even01 = _mm512_shuffle_f32x4::<0x88>(s[0][c], s[1][c]); // quarters 0, 2 of both
        let odd01 = _mm512_shuffle_f32x4::<0xdd>(s[0][c], s[1][c]); // quarters 1, 3
        let even23 = _mm512_shuffle_f32x4::<0x88>(s[2][c], s[3][c]);
        let odd23 = _mm512_shuffle_f32x4::<0xdd>(s[2][c], s[3][c]);
        lanes.store(_mm512_shuffle_f32x4::<0x88>(even01, even23), &mut to[c]);
        lanes.store(_mm512_shuffle_f32x4::<0x88>(odd01, odd23), &mut to[4 + c]);
        lanes.store(_mm512_shuffle_f32x4::<0xdd>(even01, even23), &mut to[8 + c]);
        lanes.store(_mm512_shuffle_f32x4::<0xdd>(odd01, odd23), &mut to[12 + c]);
    }
}
