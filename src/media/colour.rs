//! The one rule that makes 8-bit grey or RGB of everything that a decoder gives.
//!
//! 16 bits become 8 first; then alpha is composited on a background, or CMYK becomes RGB; grey stays grey. On black it
//! works in place, since the result is never longer than what it is made of; on white it makes a second picture, and only
//! where alpha shows.

use crate::picture::{Samples, over_black};

/// How a decoder lays out a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) ink: Ink,
    pub(super) alpha: Alpha,
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

/// The sample behind the colours, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alpha {
    None,
    /// Colours are not multiplied by it.
    Straight,
    /// Colours are multiplied by it already, which is to say that they stand on black.
    Associated,
    /// Nobody says what it means; it is passed over.
    Ignored,
}

/// The bits of a sample, and the order of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Eight,
    SixteenNative,
    SixteenBig,
}

impl Layout {
    pub(super) const fn eight(ink: Ink, alpha: Alpha) -> Self {
        Self {
            ink,
            alpha,
            depth: Depth::Eight,
        }
    }

    /// What is left when the rule has been applied.
    pub(super) fn samples(self) -> Samples {
        match self.ink {
            Ink::Grey => Samples::Grey,
            Ink::Rgb | Ink::Cmyk { .. } => Samples::Rgb,
        }
    }

    pub(super) fn pixel_bytes(self) -> usize {
        self.channels() * self.sample_bytes()
    }

    fn channels(self) -> usize {
        let colours = match self.ink {
            Ink::Grey => 1,
            Ink::Rgb => 3,
            Ink::Cmyk { .. } => 4,
        };
        colours + usize::from(self.alpha != Alpha::None)
    }

    fn sample_bytes(self) -> usize {
        match self.depth {
            Depth::Eight => 1,
            Depth::SixteenNative | Depth::SixteenBig => 2,
        }
    }

    /// The colours of a pixel in 8 bits, on black, and how much of a background shines through.
    fn read(self, pixel: &[u8]) -> ([u8; 3], u8) {
        let mut eight = [0; 5];
        let samples = pixel.chunks_exact(self.sample_bytes());
        for (sample, stored) in eight.iter_mut().zip(samples) {
            *sample = match (self.depth, stored) {
                (Depth::Eight, _) => stored[0],
                #[expect(
                    clippy::host_endian_bytes,
                    reason = "the decoder hands samples over in memory, in the host's order"
                )]
                (Depth::SixteenNative, _) => from_16(u16::from_ne_bytes([stored[0], stored[1]])),
                (Depth::SixteenBig, _) => from_16(u16::from_be_bytes([stored[0], stored[1]])),
            };
        }
        let colours = match self.ink {
            Ink::Grey => [eight[0]; 3],
            Ink::Rgb => [eight[0], eight[1], eight[2]],
            Ink::Cmyk { inverted } => from_cmyk(eight, inverted),
        };
        let alpha = eight[self.channels() - 1];
        match self.alpha {
            Alpha::None | Alpha::Ignored => (colours, 0),
            Alpha::Straight => (colours.map(|c| over_black(c, alpha)), 255 - alpha),
            Alpha::Associated => (colours, 255 - alpha),
        }
    }
}

/// The pixels by the rule, on black, in the same memory.
pub(super) fn to_8bit(mut pixels: Vec<u8>, layout: Layout) -> Vec<u8> {
    if layout.depth == Depth::Eight
        && layout.alpha == Alpha::None
        && matches!(layout.ink, Ink::Grey | Ink::Rgb)
    {
        return pixels;
    }
    if layout == Layout::eight(Ink::Rgb, Alpha::Straight) {
        return rgba_to_8bit(pixels);
    }
    let (pixel_bytes, count) = (layout.pixel_bytes(), layout.samples().bytes());
    let mut written = 0;
    for start in (0..pixels.len() / pixel_bytes).map(|pixel| pixel * pixel_bytes) {
        let (colours, _) = layout.read(&pixels[start..start + pixel_bytes]);
        pixels[written..written + count].copy_from_slice(&colours[..count]);
        written += count;
    }
    pixels.truncate(written);
    pixels
}

/// The same for what every animation is made of, without a choice a sample.
fn rgba_to_8bit(mut pixels: Vec<u8>) -> Vec<u8> {
    let count = pixels.len() / 4;
    for pixel in 0..count {
        let (from, to) = (4 * pixel, 3 * pixel);
        let [r, g, b, a] = [0, 1, 2, 3].map(|i| pixels[from + i]);
        pixels[to..to + 3].copy_from_slice(&[r, g, b].map(|c| over_black(c, a)));
    }
    pixels.truncate(3 * count);
    pixels
}

/// Whether the background shines through anywhere: then, and only then, some pixel on white differs from that on black.
pub(super) fn shows_background(pixels: &[u8], layout: Layout) -> bool {
    let mut each = pixels.chunks_exact(layout.pixel_bytes());
    match (layout.alpha, layout.depth) {
        (Alpha::None | Alpha::Ignored, _) => false,
        (_, Depth::Eight) => each.any(|pixel| pixel.last() != Some(&255)),
        _ => each.any(|pixel| layout.read(pixel).1 > 0),
    }
}

/// The pixels by the rule, on white, in memory of their own.
///
/// `(c * a + 255 * (255 - a) + 127) / 255` is the sample on black and `255 - a`: what is added is a multiple of 255.
pub(super) fn on_white(pixels: &[u8], layout: Layout) -> Vec<u8> {
    let (pixel_bytes, count) = (layout.pixel_bytes(), layout.samples().bytes());
    let mut white = Vec::with_capacity(pixels.len() / pixel_bytes * count);
    for pixel in pixels.chunks_exact(pixel_bytes) {
        let (colours, through) = layout.read(pixel);
        white.extend(colours[..count].iter().map(|c| c.saturating_add(through)));
    }
    white
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
        let alpha = if alpha { Alpha::Straight } else { Alpha::None };
        to_8bit(pixels.to_vec(), Layout { ink, alpha, depth })
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

    #[test]
    fn white_is_by_its_own_rule_for_every_colour_and_alpha() {
        let layout = Layout::eight(Ink::Grey, Alpha::Straight);
        for c in 0..=255u8 {
            for a in 0..=255u8 {
                let (wide_c, wide_a) = (u32::from(c), u32::from(a));
                let by_rule = (wide_c * wide_a + 255 * (255 - wide_a) + 127) / 255;
                let white = on_white(&[c, a], layout);
                assert_eq!(u32::from(white[0]), by_rule, "{c} {a}");
                let differs = to_8bit(vec![c, a], layout) != white;
                assert_eq!(differs, shows_background(&[c, a], layout), "{c} {a}");
            }
        }
    }

    #[test]
    fn associated_colours_stand_on_black_already_and_unnamed_samples_are_passed_over() {
        let associated = Layout::eight(Ink::Rgb, Alpha::Associated);
        let pixel = [100, 50, 0, 128];
        assert_eq!(to_8bit(pixel.to_vec(), associated), [100, 50, 0]);
        assert_eq!(on_white(&pixel, associated), [227, 177, 127]);
        assert_eq!(on_white(&[200, 9, 9, 0], associated), [255; 3]);
        let ignored = Layout::eight(Ink::Rgb, Alpha::Ignored);
        assert_eq!(to_8bit(pixel.to_vec(), ignored), [100, 50, 0]);
        assert!(!shows_background(&pixel, ignored));
    }
}
