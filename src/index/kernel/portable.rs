//! Plain Rust, for CPUs without a kernel of their own: bits are counted in all lanes of a word, or of whatever the compiler makes
//! of it.

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
        let mut near = [0; 32];
        for (near, &two) in near.iter_mut().zip(pieces) {
            let twos = u16::from_le_bytes(two) ^ piece;
            let twos = twos - (twos >> 1 & 0x5555);
            let fours = (twos & 0x3333) + (twos >> 2 & 0x3333);
            let eights = (fours + (fours >> 4)) & 0x0f0f;
            let bits = (eights + (eights >> 8)) & 0x1f;
            *near = u8::from(bits <= limit);
        }
        gathered(&near)
    }

    #[inline(always)]
    fn near_prefixes(self, planes: [&[u8; 64]; 3], prefix: [u32; 3], limit: u32) -> u16 {
        let mut bits = [0; 16];
        for (plane, word) in planes.into_iter().zip(prefix) {
            let (plane, _) = plane.as_chunks();
            for (bits, &four) in bits.iter_mut().zip(plane) {
                let twos = u32::from_le_bytes(four) ^ word;
                let twos = twos - (twos >> 1 & 0x5555_5555);
                let fours = (twos & 0x3333_3333) + (twos >> 2 & 0x3333_3333);
                *bits += (fours + (fours >> 4)) & 0x0f0f_0f0f; // at most 24 in each byte
            }
        }
        let mut near = [0; 16];
        for (near, bits) in near.iter_mut().zip(bits) {
            let halves = bits + (bits >> 16);
            *near = u8::from((halves + (halves >> 8)) & 0xff <= limit);
        }
        #[expect(clippy::cast_possible_truncation, reason = "sixteen bits")]
        let near = gathered(&near) as u16;
        near
    }

    #[inline(always)]
    fn distance(self, code: &[u8; 32], words: &Words) -> u32 {
        counted(code, words)
    }

    #[inline(always)]
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(unused, reason = "Rust has no hint for all")
    )]
    fn prefetch(self, address: *const u8) {
        #[cfg(target_arch = "x86_64")]
        super::prefetch(address);
    }
}

/// A bit for each byte, which is 0 or 1.
#[inline(always)]
fn gathered<const N: usize>(bytes: &[u8; N]) -> u32 {
    let (eights, _) = bytes.as_chunks();
    let mut mask = 0;
    for &eight in eights.iter().rev() {
        // Each byte's lowest bit arrives in the highest byte, at its number, and nothing carries.
        let bits = u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask = mask << 8 | bits as u32;
    }
    mask
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
