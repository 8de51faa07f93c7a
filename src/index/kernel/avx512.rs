//! AVX-512 with population counts of u16 and u32.

#![expect(
    unsafe_code,
    reason = "instructions that not every CPU has; a value of `Avx512` proves that this one has them"
)]

use std::arch::x86_64::*;

use super::portable::counted;
use super::{Machine, Task, Words};

/// Made by [`Avx512::detect`] only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        let all = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512bitalg")
            && is_x86_feature_detected!("avx512vpopcntdq")
            && is_x86_feature_detected!("popcnt");
        all.then_some(Self(()))
    }
}

impl Machine for Avx512 {
    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx512f,avx512bw,avx512bitalg,avx512vpopcntdq,popcnt")]
        fn allowed<T: Task>(machine: Avx512, task: T) -> T::Output {
            task.run(machine)
        }
        // SAFETY: `self` exists, so the CPU has these.
        unsafe { allowed(self, task) }
    }

    #[inline(always)]
    fn near_pieces(self, pieces: &[u8; 64], piece: u16, limit: u16) -> u32 {
        // SAFETY: 64 readable bytes, of any alignment. The CPU has all that is needed: `self` exists.
        unsafe {
            let pieces = _mm512_loadu_si512(pieces.as_ptr().cast());
            let differing = _mm512_xor_si512(pieces, _mm512_set1_epi16(piece.cast_signed()));
            let limit = _mm512_set1_epi16(limit.cast_signed());
            _mm512_cmple_epu16_mask(_mm512_popcnt_epi16(differing), limit)
        }
    }

    #[inline(always)]
    fn near_prefixes(self, planes: [&[u8; 64]; 3], prefix: [u32; 3], limit: u32) -> u16 {
        // SAFETY: 64 readable bytes each, of any alignment. The CPU has all that is needed: `self` exists.
        unsafe {
            let a = bits(planes[0], prefix[0]);
            let b = bits(planes[1], prefix[1]);
            let c = bits(planes[2], prefix[2]);
            let sum = _mm512_add_epi32(_mm512_add_epi32(a, b), c);
            _mm512_cmple_epu32_mask(sum, _mm512_set1_epi32(limit.cast_signed()))
        }
    }

    #[inline(always)]
    fn distance(self, code: &[u8; 32], words: &Words) -> u32 {
        counted(code, words)
    }

    #[inline(always)]
    fn prefetch(self, address: *const u8) {
        super::prefetch(address);
    }
}

/// Bits in which each of sixteen differs from one.
#[inline]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn bits(plane: &[u8; 64], word: u32) -> __m512i {
    // SAFETY: 64 readable bytes, of any alignment.
    let plane = unsafe { _mm512_loadu_si512(plane.as_ptr().cast()) };
    _mm512_popcnt_epi32(_mm512_xor_si512(
        plane,
        _mm512_set1_epi32(word.cast_signed()),
    ))
}
