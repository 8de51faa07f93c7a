//! Alpha on black, for decoders and for pipelines that bring RGBA: one rule, so that both give the same hash.

/// A sample of colour `c` and straight alpha `a` on a black background, rounded to nearest: `(c * a + 127) / 255`.
pub(crate) fn over_black(c: u8, a: u8) -> u8 {
    // At most (255 * 255 + 127) / 255 = 255.
    #[expect(clippy::cast_possible_truncation, reason = "at most 255")]
    let sample = ((u32::from(c) * u32::from(a) + 127) / 255) as u8;
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_on_black_is_the_nearest_integer() {
        for c in 0..=255u8 {
            for a in 0..=255u8 {
                let exact = f64::from(c) * f64::from(a) / 255.0;
                assert!(
                    (f64::from(over_black(c, a)) - exact).abs() <= 0.5,
                    "{c} {a}"
                );
            }
            assert_eq!((over_black(c, 255), over_black(c, 0)), (c, 0));
        }
    }
}
