//! Sixteen f32 side by side, by the instructions that the CPU has: one file each, chosen once a picture.
//!
//! A kernel brings the few operations that [`Lanes`] asks for; the algorithm is written once, over them. All of them
//! round as single f32 operations do, so every kernel gives the same bits: none contracts a product and a sum.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

/// Sixteen numbers in memory, where every kernel can load them in one piece.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Sixteen(pub(super) [f32; 16]);

impl Sixteen {
    pub(super) const ZERO: Self = Self([0.0; 16]);
}

/// Sixteen times sixteen numbers.
pub(super) type Block = [Sixteen; 16];

/// All of them 0.
pub(super) const ZEROS: Block = [Sixteen::ZERO; 16];

/// What a kernel can do with sixteen numbers. A value of it is the proof that the CPU has its instructions.
pub(super) trait Lanes: Copy {
    /// Sixteen numbers in registers.
    type V: Copy;

    /// Runs `task` where the kernel's instructions are allowed to the compiler.
    fn run<T: Task>(self, task: T) -> T::Output;

    fn load(self, from: &Sixteen) -> Self::V;
    fn store(self, value: Self::V, to: &mut Sixteen);
    fn splat(self, value: f32) -> Self::V;

    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    fn div(self, a: Self::V, b: Self::V) -> Self::V;

    /// The same bits as `div` for what sums of luma can be, and a count of at most [`MOST_DIVISOR`], or an infinite one.
    fn divide(self, a: Self::V, by: &Count) -> Self::V;

    /// Rows and columns exchanged.
    fn transpose(self, from: &Block, to: &mut Block);

    /// Asks for memory that will be read soon, if there is any at this address.
    fn prefetch(self, address: *const u8);

    /// Step 1: luma of 16 pixels of 3 bytes.
    fn luma_rgb(self, pixels: &[u8; 48]) -> Self::V;
    /// Luma of 16 pixels of one byte, as if of R = G = B, so that a grey file and its RGB copy agree.
    fn luma_grey(self, pixels: &[u8; 16]) -> Self::V;

    /// Truncated towards zero, without the sign.
    fn truncated_abs(self, a: Self::V) -> Self::V;
    /// A bit for each number of `a` that is greater than that of `b`.
    fn above(self, a: Self::V, b: Self::V) -> u16;
}

/// What is to be done with whichever kernel is there.
pub(super) trait Task {
    type Output;

    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// The greatest count that [`Lanes::divide`] takes: a test divides by every one up to here.
pub(super) const MOST_DIVISOR: usize = 1024;

/// A number to divide by, and its reciprocal in two parts: the nearest f32, and what is missing.
///
/// `fma(a, high, a * low)` has the bits of `a / count`. For `high + low` is within 2^-48 of the reciprocal, as the rounded
/// `a * low` is of its part of the quotient, so what is rounded last is within 2^-47 of the true quotient (all relative to
/// it). A quotient of 24 bits by a count below 2^20 is never in the middle of two f32, and at least 2^-45 away from there.
/// That leaves out an `a` so small that a product of it is rounded as subnormal; a sum of luma is 0 or above 2^-100.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    count: f32,
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "only kernels with a fused multiply-add gain")
    )]
    high: f32,
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "as above"))]
    low: f32,
}

impl Count {
    pub(super) const fn of(count: f32) -> Self {
        let high = 1.0 / count;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rounded to nearest, as wanted"
        )]
        let low = (1.0 / count as f64 - high as f64) as f32;
        Self { count, high, low }
    }

    pub(super) fn count(self) -> f32 {
        self.count
    }
}

/// A set of instructions to hash with. All give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// Plain Rust, which compilers turn into whatever vectors the target surely has.
    Portable,
    /// x86-64 with AVX2 and FMA (most since 2013).
    Avx2,
    /// x86-64 with AVX-512 F, BW and VBMI (Ice Lake, Zen 4 and later).
    Avx512,
}

impl Kernel {
    /// All, the slowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// The fastest that this CPU has.
    #[must_use]
    pub fn best() -> Self {
        let mut all = Self::ALL.into_iter().rev();
        all.find(|kernel| kernel.is_supported())
            .unwrap_or(Self::Portable)
    }

    /// Whether this CPU has its instructions.
    #[must_use]
    pub fn is_supported(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::Avx2::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::Avx512::detect().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// As in the names of benches.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Runs a task with this kernel, or with the portable one where the CPU lacks its instructions.
    pub(super) fn run<T: Task>(self, task: T) -> T::Output {
        #[cfg(target_arch = "x86_64")]
        match self {
            Self::Avx512 => {
                if let Some(lanes) = avx512::Avx512::detect() {
                    return lanes.run(task);
                }
            }
            Self::Avx2 => {
                if let Some(lanes) = avx2::Avx2::detect() {
                    return lanes.run(task);
                }
            }
            Self::Portable => {}
        }
        portable::Portable.run(task)
    }
}

/// The weights of luma.
const RED: f32 = 0.299;
const GREEN: f32 = 0.587;
const BLUE: f32 = 0.114;

#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[expect(unsafe_code, reason = "a hint to the memory, by address")]
fn prefetch(address: *const u8) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: SSE is part of x86-64; a hint reads nothing, and no address is wrong for it.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
}
