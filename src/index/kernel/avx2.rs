//! AVX2: bits are counted by a table of half bytes.

#![expect(
    unsafe_code,
    reason = "instructions that not every CPU has; a value of `Avx2` proves that this one has them"
)]

use std::arch::x86_64::*;

use super::portable::counted;
use super::{Machine, Task, Words};

/// Made by [`Avx2::detect`] only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        let all = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt");
        all.then_some(Self(()))
    }
}

impl Machine for Avx2 {
    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx2,popcnt")]
        fn allowed<T: Task>(machine: Avx2, task: T) -> T::Output {
            task.run(machine)
        }
        // SAFETY: `self` exists, so the CPU has these.
        unsafe { allowed(self, task) }
    }

    #[inline(always)]
    fn near_pieces(self, pieces: &[u8; 64], piece: u16, limit: u16) -> u32 {
        // SAFETY: the CPU has AVX2: `self` exists.
        unsafe { near_pieces(pieces, piece, limit) }
    }

    #[inline(always)]
    fn near_prefixes(self, planes: [&[u8; 64]; 3], prefix: [u32; 3], limit: u32) -> u16 {
        // SAFETY: the CPU has AVX2: `self` exists.
        unsafe { near_prefixes(planes, prefix, limit) }
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

#[inline]
#[target_feature(enable = "avx2")]
fn near_pieces(pieces: &[u8; 64], piece: u16, limit: u16) -> u32 {
    let (halves, _) = pieces.as_chunks::<32>();
    let above = |half: &[u8; 32]| -> __m256i {
        let differing = _mm256_xor_si256(loaded(half), _mm256_set1_epi16(piece.cast_signed()));
        let bytes = counts_of_bytes(differing);
        // The two bytes of each are added: the upper one moves down, and what it leaves is masked away.
        let sums = _mm256_add_epi8(bytes, _mm256_srli_epi16::<8>(bytes));
        let sums = _mm256_and_si256(sums, _mm256_set1_epi16(0x00ff));
        _mm256_cmpgt_epi16(sums, _mm256_set1_epi16(limit.cast_signed()))
    };
    let (low, high) = (above(&halves[0]), above(&halves[1]));
    // Words to bytes: within 128 bits each, so the middle quarters change places.
    let packed = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi16(low, high));
    !_mm256_movemask_epi8(packed).cast_unsigned()
}

#[inline]
#[target_feature(enable = "avx2")]
fn near_prefixes(planes: [&[u8; 64]; 3], prefix: [u32; 3], limit: u32) -> u16 {
    let half = |half: usize| -> i32 {
        let bytes = |plane: usize| -> __m256i {
            let (halves, _) = planes[plane].as_chunks::<32>();
            let word = _mm256_set1_epi32(prefix[plane].cast_signed());
            counts_of_bytes(_mm256_xor_si256(loaded(&halves[half]), word))
        };
        // At most 24 in each byte; two at a time, then four.
        let bytes = _mm256_add_epi8(_mm256_add_epi8(bytes(0), bytes(1)), bytes(2));
        let pairs = _mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1));
        let sums = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
        let above = _mm256_cmpgt_epi32(sums, _mm256_set1_epi32(limit.cast_signed()));
        _mm256_movemask_ps(_mm256_castsi256_ps(above))
    };
    let above = half(1) << 8 | half(0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "eight bits each"
    )]
    let near = !(above as u16);
    near
}

#[inline]
#[target_feature(enable = "avx2")]
fn loaded(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: 32 readable bytes, of any alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

/// The bits that are set in each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn counts_of_bytes(bytes: __m256i) -> __m256i {
    let counts = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3,
        3, 4,
    );
    let half = _mm256_set1_epi8(0x0f);
    let low = _mm256_shuffle_epi8(counts, _mm256_and_si256(bytes, half));
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half);
    _mm256_add_epi8(low, _mm256_shuffle_epi8(counts, high))
}
