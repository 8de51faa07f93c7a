//! The one rule that makes 8-bit grey or RGB of everything that a decoder gives.
//!
//! 16 bits become 8 first; then alpha is composited on black, or CMYK becomes RGB; grey stays grey. It works in place,
//! since the result is never longer than what it is made of.

use crate::picture::{Samples, over_black};

/// How a decoder lays out a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) ink: Ink,
    pub(super) alpha: bool,
    pub(super) depth: Depth,
}

/// The colour samples of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Grey,
    Rgb,
    /// Cyan, magenta, yellow, black. `inverted`: 255 is no ink, as in the files of Adobe's programs.
    Cmyk {
        inverted: bool,
    },
}

/// The bits of a sample, and the order of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Eight,
    SixteenNative,
    SixteenBig,
}

impl Layout {
    pub(super) const fn eight(ink: Ink, alpha: bool) -> Self {
        Self {
            ink,
            alpha,
            depth: Depth::Eight,
        }
    }

    fn channels(self) -> usize {
        let colours = match self.ink {
            Ink::Grey => 1,
            Ink::Rgb => 3,
            Ink::Cmyk { .. } => 4,
        };
        colours + usize::from(self.alpha)
    }

    fn sample_bytes(self) -> usize {
        match self.depth {
            Depth::Eight => 1,
            Depth::SixteenNative | Depth::SixteenBig => 2,
        }
    }
}

/// The pixels by the rule, in the same memory.
pub(super) fn to_8bit(mut pixels: Vec<u8>, layout: Layout) -> (Samples, Vec<u8>) {
    let samples = match layout.ink {
        Ink::Grey => Samples::Grey,
        Ink::Rgb | Ink::Cmyk { .. } => Samples::Rgb,
    };
    if layout == Layout::eight(Ink::Grey, false) || layout == Layout::eight(Ink::Rgb, false) {
        return (samples, pixels);
    }
    let sample_bytes = layout.sample_bytes();
    let pixel_bytes = layout.channels() * sample_bytes;
    let mut written = 0;
    for start in (0..pixels.len() / pixel_bytes).map(|pixel| pixel * pixel_bytes) {
        let mut pixel = [0; 5];
        for (channel, sample) in pixel.iter_mut().take(layout.channels()).enumerate() {
            let at = start + channel * sample_bytes;
            *sample = match layout.depth {
                Depth::Eight => pixels[at],
                #[expect(
                    clippy::host_endian_bytes,
                    reason = "the decoder hands samples over in memory, in the host's order"
                )]
                Depth::SixteenNative => from_16(u16::from_ne_bytes([pixels[at], pixels[at + 1]])),
                Depth::SixteenBig => from_16(u16::from_be_bytes([pixels[at], pixels[at + 1]])),
            };
        }
        let (colour, count) = match layout.ink {
            Ink::Grey => ([pixel[0]; 3], 1),
            Ink::Rgb => ([pixel[0], pixel[1], pixel[2]], 3),
            Ink::Cmyk { inverted } => (from_cmyk(pixel, inverted), 3),
        };
        for &c in &colour[..count] {
            pixels[written] = match layout.alpha {
                true => over_black(c, pixel[layout.channels() - 1]),
                false => c,
            };
            written += 1;
        }
    }
    pixels.truncate(written);
    (samples, pixels)
}

/// 16 bits to 8, rounded to nearest.
fn from_16(v: u16) -> u8 {
    #[expect(clippy::cast_possible_truncation, reason = "at most 255")]
    let sample = ((u32::from(v) * 255 + 32767) / 65535) as u8;
    sample
}

/// What is left of white light after ink and black: `(255 - C) * (255 - K) / 255`, rounded to nearest.
fn from_cmyk(pixel: [u8; 5], inverted: bool) -> [u8; 3] {
    let light = |ink: u8| if inverted { ink } else { 255 - ink };
    [pixel[0], pixel[1], pixel[2]].map(|ink| over_black(light(ink), light(pixel[3])))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEEP: Depth = Depth::SixteenNative;

    fn rule(ink: Ink, alpha: bool, depth: Depth, pixels: &[u8]) -> Vec<u8> {
        to_8bit(pixels.to_vec(), Layout { ink, alpha, depth }).1
    }

    fn native(samples: &[u16]) -> Vec<u8> {
        samples.iter().flat_map(|s| s.to_ne_bytes()).collect()
    }

    #[test]
    fn sixteen_bits_are_rounded_to_the_nearest_of_256() {
        for v in 0..=u16::MAX {
            let exact = f64::from(v) * 255.0 / 65535.0;
            assert!((f64::from(from_16(v)) - exact).abs() <= 0.5, "{v}");
        }
    }

    #[test]
    fn eight_bits_without_alpha_stay_as_they_are() {
        assert_eq!(rule(Ink::Rgb, false, Depth::Eight, &[1, 2, 3]), [1, 2, 3]);
        assert_eq!(rule(Ink::Grey, false, Depth::Eight, &[7, 8]), [7, 8]);
    }

    #[test]
    fn alpha_goes_on_black_after_the_depth_is_reduced() {
        assert_eq!(rule(Ink::Grey, true, Depth::Eight, &[200, 128]), [100]);
        let rgba = native(&[65535, 257 * 200, 0, 257 * 128]);
        assert_eq!(rule(Ink::Rgb, true, DEEP, &rgba), [128, 100, 0]);
        let hidden = [9, 9, 9, 0, 9, 9, 9, 255];
        assert_eq!(
            rule(Ink::Rgb, true, Depth::Eight, &hidden),
            [0, 0, 0, 9, 9, 9]
        );
    }

    #[test]
    fn big_endian_samples_are_read_as_such() {
        assert_eq!(
            rule(
                Ink::Grey,
                false,
                Depth::SixteenBig,
                &[0xff, 0x00, 0x00, 0xff]
            ),
            [254, 1]
        );
    }

    #[test]
    fn ink_darkens_and_adobe_counts_it_the_other_way_round() {
        let plain = Ink::Cmyk { inverted: false };
        let adobe = Ink::Cmyk { inverted: true };
        assert_eq!(rule(plain, false, Depth::Eight, &[0, 0, 0, 0]), [255; 3]);
        assert_eq!(
            rule(plain, false, Depth::Eight, &[255, 0, 0, 0]),
            [0, 255, 255]
        );
        assert_eq!(rule(plain, false, Depth::Eight, &[0, 0, 0, 255]), [0; 3]);
        assert_eq!(
            rule(adobe, false, Depth::Eight, &[255, 128, 255, 128]),
            [128, 64, 128]
        );
    }
}
