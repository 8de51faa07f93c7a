//! NEON, which every 64-bit ARM has: sixteen numbers in four registers of four.

#![expect(
    unsafe_code,
    reason = "loads and stores by address; the instructions are part of the target"
)]

use std::arch::aarch64::*;

use super::{BLUE, Block, Count, GREEN, Lanes, RED, Sixteen, Task};

#[derive(Debug, Clone, Copy)]
pub(super) struct Neon;

type Four = [float32x4_t; 4];

impl Lanes for Neon {
    type V = Four;

    fn run<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }

    #[inline(always)]
    fn load(self, from: &Sixteen) -> Four {
        let [a, b, c, d] = fours(from);
        [load(a), load(b), load(c), load(d)]
    }

    #[inline(always)]
    fn store(self, value: Four, to: &mut Sixteen) {
        let (to, _) = to.0.as_chunks_mut();
        store(value[0], &mut to[0]);
        store(value[1], &mut to[1]);
        store(value[2], &mut to[2]);
        store(value[3], &mut to[3]);
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Four {
        // SAFETY: NEON is part of the target.
        [unsafe { vdupq_n_f32(value) }; 4]
    }

    #[inline(always)]
    fn add(self, a: Four, b: Four) -> Four {
        // SAFETY: NEON is part of the target.
        unsafe {
            [
                vaddq_f32(a[0], b[0]),
                vaddq_f32(a[1], b[1]),
                vaddq_f32(a[2], b[2]),
                vaddq_f32(a[3], b[3]),
            ]
        }
    }

    #[inline(always)]
    fn sub(self, a: Four, b: Four) -> Four {
        // SAFETY: NEON is part of the target.
        unsafe {
            [
                vsubq_f32(a[0], b[0]),
                vsubq_f32(a[1], b[1]),
                vsubq_f32(a[2], b[2]),
                vsubq_f32(a[3], b[3]),
            ]
        }
    }

    #[inline(always)]
    fn mul(self, a: Four, b: Four) -> Four {
        // SAFETY: NEON is part of the target.
        unsafe {
            [
                vmulq_f32(a[0], b[0]),
                vmulq_f32(a[1], b[1]),
                vmulq_f32(a[2], b[2]),
                vmulq_f32(a[3], b[3]),
            ]
        }
    }

    #[inline(always)]
    fn div(self, a: Four, b: Four) -> Four {
        // SAFETY: NEON is part of the target.
        unsafe {
            [
                vdivq_f32(a[0], b[0]),
                vdivq_f32(a[1], b[1]),
                vdivq_f32(a[2], b[2]),
                vdivq_f32(a[3], b[3]),
            ]
        }
    }

    #[inline(always)]
    fn divide(self, a: Four, by: &Count) -> Four {
        [
            divided(a[0], by),
            divided(a[1], by),
            divided(a[2], by),
            divided(a[3], by),
        ]
    }

    #[inline(always)]
    fn transpose(self, from: &Block, to: &mut Block) {
        for row in [0, 4, 8, 12] {
            for column in [0, 4, 8, 12] {
                transpose(from, (row, column), to);
            }
        }
    }

    /// Its hint has no stable intrinsic.
    #[inline(always)]
    fn prefetch(self, _: *const u8) {}

    #[inline(always)]
    fn luma_rgb(self, pixels: &[u8; 48]) -> Four {
        // SAFETY: 48 readable bytes, of any alignment. NEON is part of the target.
        let channels = unsafe { vld3q_u8(pixels.as_ptr()) };
        weighed(
            widened(channels.0),
            widened(channels.1),
            widened(channels.2),
        )
    }

    #[inline(always)]
    fn luma_grey(self, pixels: &[u8; 16]) -> Four {
        // SAFETY: 16 readable bytes, of any alignment. NEON is part of the target.
        let grey = widened(unsafe { vld1q_u8(pixels.as_ptr()) });
        weighed(grey, grey, grey)
    }

    #[inline(always)]
    fn truncated_abs(self, a: Four) -> Four {
        // SAFETY: NEON is part of the target.
        unsafe {
            [
                vabsq_f32(vrndq_f32(a[0])),
                vabsq_f32(vrndq_f32(a[1])),
                vabsq_f32(vrndq_f32(a[2])),
                vabsq_f32(vrndq_f32(a[3])),
            ]
        }
    }

    #[inline(always)]
    fn above(self, a: Four, b: Four) -> u16 {
        let [a, b, c, d] = [
            above(a[0], b[0]),
            above(a[1], b[1]),
            above(a[2], b[2]),
            above(a[3], b[3]),
        ];
        a | b << 4 | c << 8 | d << 12
    }
}

#[inline(always)]
fn fours(from: &Sixteen) -> [&[f32; 4]; 4] {
    let (fours, _) = from.0.as_chunks();
    [&fours[0], &fours[1], &fours[2], &fours[3]]
}

#[inline(always)]
fn load(from: &[f32; 4]) -> float32x4_t {
    // SAFETY: 16 readable bytes.
    unsafe { vld1q_f32(from.as_ptr()) }
}

#[inline(always)]
fn store(value: float32x4_t, to: &mut [f32; 4]) {
    // SAFETY: 16 writable bytes.
    unsafe { vst1q_f32(to.as_mut_ptr(), value) }
}

#[inline(always)]
fn divided(a: float32x4_t, by: &Count) -> float32x4_t {
    // SAFETY: NEON is part of the target.
    unsafe {
        let (high, low) = (vdupq_n_f32(by.high), vdupq_n_f32(by.low));
        vfmaq_f32(vmulq_f32(a, low), a, high)
    }
}

/// Sixteen bytes as numbers.
#[inline(always)]
fn widened(bytes: uint8x16_t) -> Four {
    // SAFETY: NEON is part of the target.
    unsafe {
        let (low, high) = (vmovl_u8(vget_low_u8(bytes)), vmovl_high_u8(bytes));
        [
            vcvtq_f32_u32(vmovl_u16(vget_low_u16(low))),
            vcvtq_f32_u32(vmovl_high_u16(low)),
            vcvtq_f32_u32(vmovl_u16(vget_low_u16(high))),
            vcvtq_f32_u32(vmovl_high_u16(high)),
        ]
    }
}

#[inline(always)]
fn weighed(r: Four, g: Four, b: Four) -> Four {
    let neon = Neon;
    let r = neon.mul(r, neon.splat(RED));
    let g = neon.mul(g, neon.splat(GREEN));
    let b = neon.mul(b, neon.splat(BLUE));
    neon.add(neon.add(r, g), b)
}

/// A bit for each of four.
#[inline(always)]
fn above(a: float32x4_t, b: float32x4_t) -> u16 {
    // SAFETY: NEON is part of the target, and 16 bytes are readable.
    let bits = unsafe {
        let weights = vld1q_u32([1, 2, 4, 8].as_ptr());
        vaddvq_u32(vandq_u32(vcgtq_f32(a, b), weights))
    };
    #[expect(clippy::cast_possible_truncation, reason = "four bits")]
    let bits = bits as u16;
    bits
}

/// Four rows and columns of the block: single numbers are interleaved, then pairs of them.
#[inline(always)]
fn transpose(from: &Block, (row, column): (usize, usize), to: &mut Block) {
    let at = |i: usize| load(fours(&from[row + i])[column / 4]);
    // SAFETY: NEON is part of the target.
    let columns = unsafe {
        let even = |a, b| vreinterpretq_f64_f32(vtrn1q_f32(a, b));
        let odd = |a, b| vreinterpretq_f64_f32(vtrn2q_f32(a, b));
        let (a, b) = (even(at(0), at(1)), odd(at(0), at(1)));
        let (c, d) = (even(at(2), at(3)), odd(at(2), at(3)));
        [
            vtrn1q_f64(a, c),
            vtrn1q_f64(b, d),
            vtrn2q_f64(a, c),
            vtrn2q_f64(b, d),
        ]
    };
    for (c, value) in columns.into_iter().enumerate() {
        let (fours, _) = to[column + c].0.as_chunks_mut();
        // SAFETY: NEON is part of the target.
        store(unsafe { vreinterpretq_f32_f64(value) }, &mut fours[row / 4]);
    }
}
