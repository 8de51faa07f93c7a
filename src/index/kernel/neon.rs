//! NEON, which every 64-bit ARM has.

#![expect(
    unsafe_code,
    reason = "loads by address, and a hint; the instructions are part of the target"
)]

use std::arch::aarch64::*;
use std::arch::asm;

use super::portable::counted;
use super::{Machine, Task, Words};

#[derive(Debug, Clone, Copy)]
pub(super) struct Neon;

impl Machine for Neon {
    fn run<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }

    #[inline(always)]
    fn near_pieces(self, pieces: &[u8; 64], piece: u16, limit: u16) -> u32 {
        // SAFETY: NEON is part of the target.
        unsafe {
            let piece = vreinterpretq_u8_u16(vdupq_n_u16(piece));
            let limit = vdupq_n_u16(limit);
            let near = |four: usize| {
                let bits = bits(pieces, four, piece);
                vreinterpretq_u8_u16(vcleq_u16(vpaddlq_u8(bits), limit))
            };
            let low = vuzp1q_u8(near(0), near(1));
            let high = vuzp1q_u8(near(2), near(3));
            gathered(low, high)
        }
    }

    #[inline(always)]
    fn near_prefixes(self, planes: [&[u8; 64]; 3], prefix: [u32; 3], limit: u32) -> u16 {
        // SAFETY: NEON is part of the target.
        unsafe {
            let prefix = prefix.map(|word| vreinterpretq_u8_u32(vdupq_n_u32(word)));
            let limit = vdupq_n_u32(limit);
            let near = |four: usize| {
                let [a, b, c] = planes;
                let ab = vaddq_u8(bits(a, four, prefix[0]), bits(b, four, prefix[1]));
                let bytes = vaddq_u8(ab, bits(c, four, prefix[2])); // at most 24 in each
                vreinterpretq_u16_u32(vcleq_u32(vpaddlq_u16(vpaddlq_u8(bytes)), limit))
            };
            let low = vreinterpretq_u8_u16(vuzp1q_u16(near(0), near(1)));
            let high = vreinterpretq_u8_u16(vuzp1q_u16(near(2), near(3)));
            let all = vuzp1q_u8(low, high);
            #[expect(clippy::cast_possible_truncation, reason = "the same twice")]
            let near = gathered(all, all) as u16;
            near
        }
    }

    #[inline(always)]
    fn distance(self, code: &[u8; 32], words: &Words) -> u32 {
        counted(code, words)
    }

    #[inline(always)]
    fn prefetch(self, address: *const u8) {
        // SAFETY: a hint reads nothing, and no address is wrong for it.
        unsafe {
            asm!("prfm pldl2keep, [{}]", in(reg) address, options(nostack, preserves_flags, readonly));
        }
    }
}

/// The bits that are set in each byte of a quarter that differs from `from`.
#[inline(always)]
fn bits(bytes: &[u8; 64], quarter: usize, from: uint8x16_t) -> uint8x16_t {
    let (quarters, _) = bytes.as_chunks::<16>();
    // SAFETY: 16 readable bytes, of any alignment. NEON is part of the target.
    unsafe { vcntq_u8(veorq_u8(vld1q_u8(quarters[quarter].as_ptr()), from)) }
}

/// A bit for each byte, which is 0 or 255.
#[inline(always)]
fn gathered(low: uint8x16_t, high: uint8x16_t) -> u32 {
    const WEIGHTS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: 16 readable bytes, of any alignment. NEON is part of the target.
    unsafe {
        let weights = vld1q_u8(WEIGHTS.as_ptr());
        let pairs = vpaddq_u8(vandq_u8(low, weights), vandq_u8(high, weights));
        let fours = vpaddq_u8(pairs, pairs);
        vgetq_lane_u32::<0>(vreinterpretq_u32_u8(vpaddq_u8(fours, fours)))
    }
}
