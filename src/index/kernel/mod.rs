//! What an index asks of a CPU, by the instructions that it has: one file each, chosen once a search.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
mod neon;
mod portable;

use super::permutation::Words;

/// What a kernel can do. A value of it is the proof that the CPU has its instructions.
pub(super) trait Machine: Copy {
    /// Runs `task` where the kernel's instructions are allowed to the compiler.
    fn run<T: Task>(self, task: T) -> T::Output;

    /// A bit for each of 32 little-endian u16 that differ from `piece` in at most `limit` bits.
    fn near_pieces(self, pieces: &[u8; 64], piece: u16, limit: u16) -> u32;

    /// A bit for each of 16 prefixes of 96 bits, in three planes of little-endian u32, that differ from `prefix` in at most
    /// `limit` bits.
    fn near_prefixes(self, planes: [&[u8; 64]; 3], prefix: [u32; 3], limit: u32) -> u16;

    /// Bits in which four little-endian u64 differ from `words`.
    fn distance(self, code: &[u8; 32], words: &Words) -> u32;

    /// Asks for memory that will be read soon, if there is any at this address.
    fn prefetch(self, address: *const u8);
}

/// What is to be done with whichever kernel is there.
pub(super) trait Task {
    type Output;

    fn run<M: Machine>(self, machine: M) -> Self::Output;
}

/// A set of instructions to search with. All give the same rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// Plain Rust.
    Portable,
    /// 64-bit ARM, little-endian.
    Neon,
    /// x86-64 with AVX2 and POPCNT (most since 2013).
    Avx2,
    /// x86-64 with AVX-512 F, BW, BITALG and VPOPCNTDQ (Ice Lake, Zen 4 and later).
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
                if let Some(machine) = avx512::Avx512::detect() {
                    return machine.run(task);
                }
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                if let Some(machine) = avx2::Avx2::detect() {
                    return machine.run(task);
                }
            }
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Self::Neon => return neon::Neon.run(task),
            _ => {}
        }
        portable::Portable.run(task)
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[expect(unsafe_code, reason = "a hint to the memory, by address")]
fn prefetch(address: *const u8) {
    use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
    // Into the second level: it can wait for about twice as many lines at once as the first, which decides how fast they come
    // (of 100 MB on a Zen 4, one in 4 nanoseconds instead of 10).
    // SAFETY: SSE is part of x86-64; a hint reads nothing, and no address is wrong for it.
    unsafe { _mm_prefetch::<_MM_HINT_T1>(address.cast()) };
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Everything that a machine answers about some bytes.
    struct Answers<'a> {
        bytes: [&'a [u8; 64]; 3],
        words: Words,
        limit: u16,
    }

    impl Task for Answers<'_> {
        type Output = (u32, u16, u32);

        fn run<M: Machine>(self, machine: M) -> Self::Output {
            let piece = self.words[0] as u16;
            let prefix = [
                self.words[0] as u32,
                self.words[1] as u32,
                self.words[2] as u32,
            ];
            let code = self.bytes[0].first_chunk().unwrap();
            (
                machine.near_pieces(self.bytes[0], piece, self.limit),
                machine.near_prefixes(self.bytes, prefix, u32::from(self.limit)),
                machine.distance(code, &self.words),
            )
        }
    }

    /// The same, the obvious way.
    fn expected(answers: &Answers<'_>) -> (u32, u16, u32) {
        let piece =
            |i: usize| u16::from_le_bytes([answers.bytes[0][2 * i], answers.bytes[0][2 * i + 1]]);
        let pieces = (0..32)
            .filter(|&i| {
                (piece(i) ^ answers.words[0] as u16).count_ones() <= u32::from(answers.limit)
            })
            .fold(0, |mask, i| mask | 1 << i);
        let prefix = |i: usize| -> u32 {
            (0..3)
                .map(|p| {
                    let four = answers.bytes[p][4 * i..4 * i + 4].try_into().unwrap();
                    (u32::from_le_bytes(four) ^ answers.words[p] as u32).count_ones()
                })
                .sum()
        };
        let prefixes = (0..16)
            .filter(|&i| prefix(i) <= u32::from(answers.limit))
            .fold(0, |mask, i| mask | 1 << i);
        let code: u32 = (0..32)
            .map(|i| (answers.bytes[0][i] ^ answers.words[i / 8].to_le_bytes()[i % 8]).count_ones())
            .sum();
        (pieces, prefixes, code)
    }

    proptest! {
        #[test]
        fn every_kernel_answers_as_counting_does(
            bytes in prop::collection::vec(any::<u8>(), 192), words: Words, limit in 0u16..=96
        ) {
            let (bytes, _) = bytes.as_chunks::<64>();
            for limit in [limit, limit % 17] {
                for kernel in Kernel::ALL {
                    let answers = || Answers { bytes: [&bytes[0], &bytes[1], &bytes[2]], words, limit };
                    prop_assert_eq!(kernel.run(answers()), expected(&answers()), "{}", kernel.name());
                }
            }
        }
    }

    #[test]
    fn the_best_kernel_is_the_last_that_the_cpu_has() {
        let mut supported = Kernel::ALL.into_iter().rev().filter(|k| k.is_supported());
        assert_eq!(supported.next(), Some(Kernel::best()));
        assert!(Kernel::Portable.is_supported());
    }
}
