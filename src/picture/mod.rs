//! Decoded pixels: all that decoders and hashers share.
//!
//! In: 8-bit samples, grey or RGB, row by row, upright. Out: the same, with the guarantee that every row is there.
//! A [`Picture`] borrows the pixels of a pipeline that has its own decoder, or owns those that `media` decoded. It
//! allocates nothing when it borrows; [`Picture::from_rgba`] allocates 3 bytes a pixel.

mod alpha;

use std::borrow::Cow;

pub(crate) use alpha::over_black;

/// A picture of 8-bit sRGB samples, upright, of at least 1 x 1 pixel.
///
/// ```
/// use ijkpunt::picture::Picture;
///
/// let pixels = [0u8; 3 * 20 * 10];
/// let picture = Picture::rgb(20, 10, 3 * 20, &pixels[..])?;
/// assert_eq!((picture.width(), picture.height()), (20, 10));
/// # Ok::<(), ijkpunt::picture::PictureError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Picture<'a> {
    samples: Samples,
    width: u32,
    height: u32,
    stride: usize,
    pixels: Cow<'a, [u8]>,
}

/// What a pixel consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Samples {
    /// One byte a pixel; hashed as if R = G = B.
    Grey,
    /// Three bytes a pixel: R, G, B.
    Rgb,
}

impl Samples {
    /// Bytes a pixel.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

impl<'a> Picture<'a> {
    /// A picture over RGB samples, `stride_bytes` from the start of one row to the start of the next.
    ///
    /// # Errors
    /// [`PictureError`] where a side is 0, the stride is shorter than a row, or `pixels` ends before the last row does.
    pub fn rgb(
        width: u32,
        height: u32,
        stride_bytes: usize,
        pixels: impl Into<Cow<'a, [u8]>>,
    ) -> Result<Self, PictureError> {
        Self::new(Samples::Rgb, width, height, stride_bytes, pixels.into())
    }

    /// A picture over grey samples, `stride_bytes` from the start of one row to the start of the next.
    ///
    /// # Errors
    /// [`PictureError`] where a side is 0, the stride is shorter than a row, or `pixels` ends before the last row does.
    pub fn grey(
        width: u32,
        height: u32,
        stride_bytes: usize,
        pixels: impl Into<Cow<'a, [u8]>>,
    ) -> Result<Self, PictureError> {
        Self::new(Samples::Grey, width, height, stride_bytes, pixels.into())
    }

    /// A picture from RGBA samples (straight alpha), composited on black by the rule that `media` applies too:
    /// `(c * a + 127) / 255`.
    ///
    /// # Errors
    /// [`PictureError`] where a side is 0, the stride is shorter than a row, or `pixels` ends before the last row does.
    ///
    /// # Cost
    /// One pass; allocates 3 bytes a pixel.
    pub fn from_rgba(
        width: u32,
        height: u32,
        stride_bytes: usize,
        pixels: &[u8],
    ) -> Result<Picture<'static>, PictureError> {
        let row_bytes = check(4, width, height, stride_bytes, pixels.len())?;
        let mut rgb = Vec::with_capacity(row_bytes / 4 * 3 * height as usize);
        for row in pixels.chunks(stride_bytes).take(height as usize) {
            for pixel in row[..row_bytes].chunks_exact(4) {
                rgb.extend(pixel[..3].iter().map(|&c| over_black(c, pixel[3])));
            }
        }
        Picture::rgb(width, height, row_bytes / 4 * 3, rgb)
    }

    fn new(
        samples: Samples,
        width: u32,
        height: u32,
        stride: usize,
        pixels: Cow<'a, [u8]>,
    ) -> Result<Self, PictureError> {
        check(samples.bytes(), width, height, stride, pixels.len())?;
        Ok(Self {
            samples,
            width,
            height,
            stride,
            pixels,
        })
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What a pixel consists of.
    #[must_use]
    pub fn samples(&self) -> Samples {
        self.samples
    }

    /// The rows from top to bottom, each of exactly width times [`Samples::bytes`] bytes.
    #[must_use]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        let row_bytes = self.width as usize * self.samples.bytes();
        self.pixels
            .chunks(self.stride)
            .take(self.height as usize)
            .map(move |row| &row[..row_bytes])
    }

    /// Bytes from the start of one row to the start of the next.
    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    /// The pixels of row `y` and all below, with what stands between rows; none below the last row.
    pub(crate) fn below(&self, y: usize) -> &[u8] {
        let start = y.saturating_mul(self.stride);
        self.pixels.get(start..).unwrap_or_default()
    }

    /// Bytes of memory that it holds: none where it borrows.
    #[cfg(feature = "image")] // of what was decoded here
    pub(crate) fn held_bytes(&self) -> u64 {
        match &self.pixels {
            Cow::Borrowed(_) => 0,
            Cow::Owned(pixels) => pixels.capacity() as u64,
        }
    }

    /// The uppermost `height` rows, of which there is at least one, as a picture that borrows from this one.
    #[must_use]
    pub fn top(&self, height: u32) -> Picture<'_> {
        Picture {
            height: height.clamp(1, self.height),
            pixels: Cow::Borrowed(&self.pixels),
            ..*self
        }
    }

    /// The same picture with pixels of its own.
    #[must_use]
    pub fn into_owned(self) -> Picture<'static> {
        Picture {
            pixels: Cow::Owned(self.pixels.into_owned()),
            ..self
        }
    }
}

/// Shows the shape, never the pixels.
impl std::fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Picture({:?} {} x {})",
            self.samples, self.width, self.height
        )
    }
}

/// The pixels do not make a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// A side of 0 pixels.
    #[error("a picture of {width} x {height} pixels has no pixel")]
    Empty {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Rows would overlap.
    #[error("a stride of {stride_bytes} bytes is shorter than a row of {row_bytes} bytes")]
    Stride {
        /// As handed in.
        stride_bytes: usize,
        /// What a row needs.
        row_bytes: usize,
    },
    /// Rows are missing.
    #[error("{got_bytes} bytes of pixels, {needed_bytes} needed")]
    Short {
        /// As handed in.
        got_bytes: usize,
        /// Up to the end of the last row.
        needed_bytes: usize,
    },
}

/// The bytes of one row, once every row is known to be there.
fn check(
    pixel_bytes: usize,
    width: u32,
    height: u32,
    stride_bytes: usize,
    got_bytes: usize,
) -> Result<usize, PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::Empty { width, height });
    }
    let row_bytes = (width as usize).saturating_mul(pixel_bytes);
    if stride_bytes < row_bytes {
        return Err(PictureError::Stride {
            stride_bytes,
            row_bytes,
        });
    }
    let needed_bytes = stride_bytes
        .saturating_mul(height as usize - 1)
        .saturating_add(row_bytes);
    if got_bytes < needed_bytes {
        return Err(PictureError::Short {
            got_bytes,
            needed_bytes,
        });
    }
    Ok(row_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_leave_the_padding_of_the_stride_out() {
        let pixels = [1, 2, 9, 3, 4, 9, 5, 6];
        let picture = Picture::grey(2, 3, 3, &pixels[..]).unwrap();
        let rows: Vec<&[u8]> = picture.rows().collect();
        assert_eq!(rows, [&[1, 2][..], &[3, 4], &[5, 6]]);
        let below = [0, 2, 3].map(|y| picture.below(y));
        assert_eq!(below, [&pixels[..], &pixels[6..], &[]]);
    }

    #[test]
    fn the_last_row_needs_no_padding_but_every_pixel() {
        assert!(Picture::rgb(2, 2, 8, &[0; 14][..]).is_ok());
        assert_eq!(
            Picture::rgb(2, 2, 8, &[0; 13][..]).unwrap_err(),
            PictureError::Short {
                got_bytes: 13,
                needed_bytes: 14
            }
        );
    }

    #[test]
    fn a_side_of_zero_and_a_short_stride_are_refused() {
        assert!(matches!(
            Picture::grey(0, 5, 5, &[][..]),
            Err(PictureError::Empty { .. })
        ));
        assert!(matches!(
            Picture::rgb(5, 5, 14, &[0; 100][..]),
            Err(PictureError::Stride { .. })
        ));
    }

    #[test]
    fn sizes_that_overflow_are_refused_and_not_wrapped() {
        assert!(Picture::rgb(u32::MAX, u32::MAX, usize::MAX, &[0; 9][..]).is_err());
    }

    #[test]
    fn rgba_is_composited_on_black() {
        let picture = Picture::from_rgba(2, 1, 8, &[200, 100, 50, 255, 200, 100, 50, 0]).unwrap();
        assert_eq!(picture.rows().next().unwrap(), [200, 100, 50, 0, 0, 0]);
    }

    #[test]
    fn the_top_of_a_picture_has_at_least_one_row_and_at_most_all() {
        let picture = Picture::grey(1, 3, 1, &[1, 2, 3][..]).unwrap();
        assert_eq!(picture.top(0).height(), 1);
        assert_eq!(picture.top(2).rows().count(), 2);
        assert_eq!(picture.top(9).height(), 3);
    }
}
