//! A small encoder of sequential JPEGs in several scans, which usual encoders do not write.

use super::segment;

/// Sides in blocks of 8 x 8 pixels.
pub(crate) const ACROSS: u16 = 20;
pub(crate) const DOWN: u16 = 15;

/// A picture of flat blocks, 4:4:4, with a scan for each of its three components; `restarts` puts a marker before every
/// row of blocks. Also returns where the data of each scan begins.
pub(crate) fn in_three_scans(means: &[Vec<i16>; 3], restarts: bool) -> (Vec<u8>, Vec<usize>) {
    let mut file = vec![0xff, 0xd8];
    segment(&mut file, 0xdb, &[&[0][..], &[8; 64]].concat());
    let [w, h] = [ACROSS * 8, DOWN * 8].map(u16::to_be_bytes);
    let mut frame = vec![8, h[0], h[1], w[0], w[1], 3];
    (1..=3).for_each(|id| frame.extend([id, 0x11, 0]));
    segment(&mut file, 0xc0, &frame);
    // Means: 12 codes of 4 bits, which are the number of bits that follow. The rest: one code, for nothing.
    let mut table = vec![0x00, 0, 0, 0, 12];
    table.extend([0; 12]);
    table.extend(0..12);
    segment(&mut file, 0xc4, &table);
    let mut table = vec![0x10, 1];
    table.extend([0; 15]);
    table.push(0);
    segment(&mut file, 0xc4, &table);
    if restarts {
        segment(&mut file, 0xdd, &ACROSS.to_be_bytes());
    }
    let mut begins = Vec::new();
    for (id, means) in (1..).zip(means) {
        segment(&mut file, 0xda, &[1, id, 0x00, 0, 63, 0]);
        begins.push(file.len());
        scan(&mut file, means, restarts);
    }
    file.extend([0xff, 0xd9]);
    (file, begins)
}

fn scan(file: &mut Vec<u8>, means: &[i16], restarts: bool) {
    let interval = if restarts { ACROSS.into() } else { means.len() };
    for (i, interval) in means.chunks(interval).enumerate() {
        if i > 0 {
            file.extend([0xff, 0xd0 + (i as u8 - 1) % 8]);
        }
        let mut bits = Bits::default();
        let mut before = 0;
        for &mean in interval {
            let difference = mean - before;
            before = mean;
            let size = 16 - difference.unsigned_abs().leading_zeros() as usize;
            bits.push(size as u16, 4);
            let low = difference - i16::from(difference < 0);
            bits.push(low.cast_unsigned(), size);
            bits.push(0, 1);
        }
        file.extend(bits.stuffed());
    }
}

#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn push(&mut self, value: u16, count: usize) {
        self.0
            .extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    /// Filled up with ones, and a zero byte behind every byte of ones.
    fn stuffed(mut self) -> Vec<u8> {
        self.0.resize(self.0.len().next_multiple_of(8), true);
        let mut bytes = Vec::new();
        for eight in self.0.chunks(8) {
            let byte = eight
                .iter()
                .fold(0u8, |byte, &bit| byte << 1 | u8::from(bit));
            bytes.push(byte);
            if byte == 0xff {
                bytes.push(0);
            }
        }
        bytes
    }
}
