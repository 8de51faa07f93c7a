//! Sixteen f32 side by side, by the instructions that the CPU has: one file each, chosen once a picture.
//!
//! A kernel brings the few operations that [`Lanes`] asks for; the algorithm is written once, over them. All of them
//! round as single f32 operations do, so every kernel gives the same bits: none contracts a product and a sum.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
mod neon;
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
#[cfg_attr(
    not(any(
        target_arch = "x86_64",
        all(target_arch = "aarch64", target_endian = "little")
    )),
    expect(dead_code, reason = "plain Rust divides")
)]
pub(super) struct Count {
    count: f32,
    high: f32,
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
    /// 64-bit ARM, all of which have it.
    Neon,
    /// x86-64 with AVX2 and FMA (most since 2013).
    Avx2,
    /// x86-64 with AVX-512 F, BW and VBMI (Ice Lake, Zen 4 and later).
    Avx512,
}

impl Kernel {
    /// All, a faster one behind a slower one.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Neon, Self::Avx2, Self::Avx512];

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
            Self::Neon => cfg!(all(target_arch = "aarch64", target_endian = "little")),
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
            Self::Neon => "neon",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Runs a task with this kernel, or with the portable one where the CPU lacks its instructions.
    pub(super) fn run<T: Task>(self, task: T) -> T::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                if let Some(lanes) = avx512::Avx512::detect() {
                    return lanes.run(task);
                }
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                if let Some(lanes) = avx2::Avx2::detect() {
                    return lanes.run(task);
                }
            }
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Self::Neon => return neon::Neon.run(task),
            _ => {}
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every mantissa by one count; the first whose quotient differs.
    #[cfg(target_arch = "x86_64")]
    struct EveryMantissa(f32);

    #[cfg(target_arch = "x86_64")]
    impl Task for EveryMantissa {
        type Output = Option<f32>;

        #[inline(always)]
        fn run<L: Lanes>(self, lanes: L) -> Option<f32> {
            let (count, plain) = (Count::of(self.0), lanes.splat(self.0));
            let mut values = Sixteen(SIXTEEN.map(from_mantissa));
            let next = lanes.splat(16.0 * (from_mantissa(1) - from_mantissa(0)));
            let mut sixteen = lanes.load(&values);
            for _ in 0..(1 << 23) / 16 {
                let (fast, slow) = (lanes.divide(sixteen, &count), lanes.div(sixteen, plain));
                if lanes.above(fast, slow) | lanes.above(slow, fast) != 0 {
                    lanes.store(sixteen, &mut values);
                    return Some(values.0[0]);
                }
                sixteen = lanes.add(sixteen, next);
            }
            lanes.store(sixteen, &mut values);
            assert!(
                values.0[0] >= 2.0 * from_mantissa(0),
                "not all were divided"
            );
            None
        }
    }

    #[cfg(target_arch = "x86_64")]
    const SIXTEEN: [u32; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// From 2^17 on, where sums of luma are.
    #[cfg(target_arch = "x86_64")]
    fn from_mantissa(mantissa: u32) -> f32 {
        f32::from_bits((127 + 17) << 23 | mantissa)
    }

    struct Both([f32; 16], f32);

    impl Task for Both {
        type Output = [[f32; 16]; 2];

        #[inline(always)]
        fn run<L: Lanes>(self, lanes: L) -> [[f32; 16]; 2] {
            let mut out = [Sixteen::ZERO; 2];
            let values = lanes.load(&Sixteen(self.0));
            lanes.store(lanes.divide(values, &Count::of(self.1)), &mut out[0]);
            lanes.store(lanes.div(values, lanes.splat(self.1)), &mut out[1]);
            out.map(|sixteen| sixteen.0)
        }
    }

    fn supported() -> impl Iterator<Item = Kernel> {
        Kernel::ALL
            .into_iter()
            .filter(|kernel| kernel.is_supported())
    }

    fn counts() -> impl Iterator<Item = f32> {
        (1..=u16::try_from(MOST_DIVISOR).unwrap()).map(f32::from)
    }

    /// An even count differs from half of it by an exponent, which scales the reciprocal and the quotient exactly: see
    /// the test below. What holds of IEEE 754 on one CPU does on all, and emulated ones take hours.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn every_mantissa_by_every_odd_count_is_divided_as_by_division() {
        for kernel in supported().filter(|&kernel| kernel != Kernel::Portable) {
            for count in counts().filter(|count| count % 2.0 == 1.0) {
                let wrong = kernel.run(EveryMantissa(count));
                assert_eq!(wrong, None, "{} by {count}", kernel.name());
            }
        }
    }

    #[test]
    fn any_sum_by_any_count_is_divided_as_by_division() {
        let mut state = 1u32;
        let mut mantissa = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 9
        };
        for kernel in supported() {
            for count in counts().chain([255.0, f32::INFINITY]) {
                for exponent in (127 - 100..=127 + 19).step_by(7) {
                    let sums = std::array::from_fn(|i| {
                        let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
                        sign * f32::from_bits(exponent << 23 | mantissa())
                    });
                    let [fast, slow] = kernel.run(Both(sums, count));
                    assert_eq!(
                        fast.map(f32::to_bits),
                        slow.map(f32::to_bits),
                        "{sums:?} by {count}"
                    );
                }
                let [fast, slow] = kernel.run(Both([0.0; 16], count));
                assert_eq!(
                    fast.map(f32::to_bits),
                    slow.map(f32::to_bits),
                    "0 by {count}"
                );
            }
        }
    }

    #[test]
    fn the_best_kernel_is_the_last_that_the_cpu_has() {
        assert_eq!(supported().last(), Some(Kernel::best()));
    }
}
