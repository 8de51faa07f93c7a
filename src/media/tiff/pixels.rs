//! What a page's samples become before the rule of `colour`: whole bytes, and colours.

/// Samples of 1, 2 or 4 bits, each row filled up to a byte, as they are.
pub(super) fn unpacked(rows: &[u8], width: usize, bits: usize) -> impl Iterator<Item = u8> {
    let row_bytes = (width * bits).div_ceil(8);
    let mask = u8::MAX >> (8 - bits);
    rows.chunks_exact(row_bytes).flat_map(move |row| {
        (0..width).map(move |x| {
            let bit = x * bits;
            (row[bit / 8] >> (8 - bits - bit % 8)) & mask
        })
    })
}

/// Grey of 1, 2 or 4 bits to 0..=255: multiplied by 255, 85 or 17.
pub(super) fn grey(rows: &[u8], width: usize, bits: usize, pixels: usize) -> Vec<u8> {
    let step = 255 / (u8::MAX >> (8 - bits));
    let mut out = Vec::with_capacity(pixels);
    out.extend(unpacked(rows, width, bits).map(|sample| sample * step));
    out
}

/// Indices to colours. The map holds all reds, then all greens, then all blues, of 16 bits, of which the upper 8 are
/// taken, as libtiff does: right for writers that multiply by 256 and for those that multiply by 257. Where all are below
/// 256 they are 8 bits, as old writers have it.
pub(super) fn coloured(indices: impl Iterator<Item = u8>, map: &[u16], pixels: usize) -> Vec<u8> {
    let colours = map.len() / 3;
    let shift = if map.iter().all(|&v| v < 256) { 0 } else { 8 };
    let mut out = Vec::with_capacity(pixels * 3);
    for index in indices.map(usize::from) {
        out.extend([0, 1, 2].map(|plane| {
            let sample = map.get(plane * colours + index).map_or(0, |v| v >> shift);
            u8::try_from(sample).unwrap_or(u8::MAX)
        }));
    }
    out
}

/// Full-range `YCbCr` to RGB in place, by the equations of JFIF in 16 bits of fraction.
pub(super) fn ycbcr_to_rgb(pixels: &mut [u8]) {
    let clamped = |v: i32| u8::try_from((v >> 16).clamp(0, 255)).unwrap_or(0);
    for pixel in pixels.chunks_exact_mut(3) {
        let luma = (i32::from(pixel[0]) << 16) + (1 << 15);
        let blue = i32::from(pixel[1]) - 128;
        let red = i32::from(pixel[2]) - 128;
        pixel[0] = clamped(luma + 91_881 * red);
        pixel[1] = clamped(luma - 22_554 * blue - 46_802 * red);
        pixel[2] = clamped(luma + 116_130 * blue);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_samples_leave_the_padding_of_a_row_out() {
        let rows = [0b1010_0000, 0b0110_0000];
        assert_eq!(grey(&rows, 3, 1, 6), [255, 0, 255, 0, 255, 255]);
        assert_eq!(grey(&[0b0001_1011], 4, 2, 4), [0, 85, 170, 255]);
        assert_eq!(grey(&[0x0f, 0x70], 3, 4, 3), [0, 255, 119]);
    }

    #[test]
    fn colour_maps_of_16_and_of_8_bits_are_told_apart() {
        let wide = [0, 200 * 256, 0, 100 * 257, 0, 0xffff];
        assert_eq!(
            coloured([1, 0].into_iter(), &wide, 2),
            [200, 100, 255, 0, 0, 0]
        );
        let narrow = [0, 200, 0, 100, 0, 255];
        assert_eq!(coloured([1].into_iter(), &narrow, 1), [200, 100, 255]);
        assert_eq!(coloured([9].into_iter(), &narrow, 1), [0; 3]);
    }

    #[test]
    fn chroma_turns_grey_into_colours_and_back() {
        let mut pixels = [77, 128, 128, 76, 85, 255, 29, 255, 107];
        ycbcr_to_rgb(&mut pixels);
        assert_eq!(pixels, [77, 77, 77, 254, 0, 0, 0, 0, 254]);
    }
}
