//! Plain Rust, for CPUs without a kernel of their own.

use super::{Machine, Task, Words};

#[derive(Debug, Clone, Copy)]
pub(super) struct Portable;

impl Machine for Portable {
    fn run<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }

    #[inline(always)]
    fn near_pieces(self, pieces: &[u8; 64], piece: u16, limit: u16) -> u32 {
        let (pieces, _) = pieces.as_chunks();
        let mut mask = 0;
        for (i, &two) in pieces.iter().enumerate() {
            let bits = (u16::from_le_bytes(two) ^ piece).count_ones();
            mask |= u32::from(bits <= u32::from(limit)) << i;
        }
        mask
    }

    #[inline(always)]
    fn near_prefixes(self, planes: [&[u8; 64]; 3], prefix: [u32; 3], limit: u32) -> u16 {
        let mut bits = [0; 16];
        for (plane, word) in planes.into_iter().zip(prefix) {
            let (plane, _) = plane.as_chunks();
            for (bits, &four) in bits.iter_mut().zip(plane) {
                *bits += (u32::from_le_bytes(four) ^ word).count_ones();
            }
        }
        let mut mask = 0;
        for (i, bits) in bits.into_iter().enumerate() {
            mask |= u16::from(bits <= limit) << i;
        }
        mask
    }

    #[inline(always)]
    fn distance(self, code: &[u8; 32], words: &Words) -> u32 {
        counted(code, words)
    }

    #[inline(always)]
    fn prefetch(self, _: *const u8) {}
}

/// By a count of each word; one instruction each where the CPU has it.
#[inline(always)]
pub(super) fn counted(code: &[u8; 32], words: &Words) -> u32 {
    let (eights, _) = code.as_chunks();
    let mut bits = 0;
    for (&eight, word) in eights.iter().zip(words) {
        bits += (u64::from_le_bytes(eight) ^ word).count_ones();
    }
    bits
}
