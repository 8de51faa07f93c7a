//! Stills in AVIF, HEIC and JPEG XL: what they say of themselves, and their picture.

use crate::limits::{Limits, Resource};
use crate::media::Format;
use crate::picture::Picture;

use super::frames::VideoFrames;
use super::heif::{self, Primary, Turn};
use super::input::Input;
use super::jxl::Codestream;
use super::{Container, Ffmpeg, VideoError};

/// A still in AVIF, HEIC or JPEG XL, as its headers describe it; nothing is decoded, no process started.
///
/// ```
/// use ijkpunt::media::video::{Still, VideoError};
///
/// // A JPEG XL of 128 x 96 pixels, without any pixel.
/// let still = Still::of(&[0xff, 0x0a, 0xd7, 0x06])?;
/// assert_eq!(still.size(), [128, 96]);
/// # Ok::<(), VideoError>(())
/// ```
#[derive(Debug)]
pub struct Still<'a> {
    format: Format,
    source: Source<'a>,
}

#[derive(Debug)]
enum Source<'a> {
    Heif(Primary<'a>),
    JpegXl(Codestream<'a>),
}

/// In which demuxer, the bytes, the size in which it has to come, and what is left to do to it.
type Coded = (Container, Vec<u8>, [u32; 2], Vec<Turn>);

impl<'a> Still<'a> {
    /// Reads the headers of a whole file.
    ///
    /// # Errors
    /// [`VideoError::NotAStill`] for other formats, [`VideoError::UnsupportedStill`] for what is not one coded picture (tiled, cropped,
    /// transparent, animated) and [`VideoError::MalformedStill`] for what is cut or contradicts itself.
    ///
    /// # Cost
    /// Linear in the headers, of which there may be as much as the file is long.
    pub fn of(bytes: &'a [u8]) -> Result<Self, VideoError> {
        let format = Format::sniff(bytes).filter(|format| Self::is(*format));
        let format = format.ok_or(VideoError::NotAStill)?;
        let source = match format {
            Format::JpegXl => Codestream::read(bytes).map(Source::JpegXl),
            _ => Primary::read(bytes).map(Source::Heif),
        };
        let source = source.map_err(|fault| fault.of(format))?;
        Ok(Self { format, source })
    }

    /// Whether an error says that a file has no still, as an animation may.
    pub(crate) fn is_none(error: &VideoError) -> bool {
        matches!(error, VideoError::MalformedStill { detail, .. } if *detail == heif::NO_META)
    }

    pub(crate) fn is(format: Format) -> bool {
        matches!(format, Format::Avif | Format::Heic | Format::JpegXl)
    }

    /// AVIF, HEIC or JPEG XL, by its first bytes.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Width and height in pixels, upright; each at least 1.
    #[must_use]
    pub fn size(&self) -> [u32; 2] {
        match &self.source {
            Source::JpegXl(stream) => stream.size,
            Source::Heif(primary) => {
                let quarters = primary.turns.iter().map(|turn| match turn {
                    Turn::Left(quarters) => *quarters,
                    _ => 0,
                });
                let [width, height] = primary.size;
                match quarters.sum::<u8>() % 2 {
                    0 => [width, height],
                    _ => [height, width],
                }
            }
        }
    }

    /// The coded picture alone.
    fn into_stream(self) -> Result<Coded, VideoError> {
        match self.source {
            Source::JpegXl(stream) => {
                Ok((Container::JpegXl, stream.stream(), stream.size, Vec::new()))
            }
            Source::Heif(primary) => {
                let stream = primary.stream().map_err(|fault| fault.of(self.format))?;
                Ok((primary.container(), stream, primary.size, primary.turns))
            }
        }
    }
}

impl Ffmpeg {
    /// The picture of a still in AVIF, HEIC or JPEG XL: RGB, upright, at its full size, which is the one that the file states.
    ///
    /// Only its coded picture is handed to ffmpeg, as a bare stream. No profile of colours is applied, as in other formats.
    ///
    /// # Errors
    /// Those of [`Still::of`]; [`VideoError::OtherSize`] where another size is decoded than was stated; [`VideoError::Limit`], by `Limits::bytes`,
    /// `Limits::pixels` and `Limits::memory_bytes` before anything is started, and by those of videos; and where it does not
    /// decode, those of [`VideoFrames`]. There is no picture beside an error.
    ///
    /// # Cost
    /// Starts a process, some 30 ms; 6 bytes a pixel where the picture is turned, else 3, and twice the file.
    pub fn still(&self, bytes: &[u8], limits: &Limits) -> Result<Picture<'static>, VideoError> {
        limits.check(Resource::Bytes, bytes.len() as u64)?;
        let still = Still::of(bytes)?;
        let format = still.format;
        let (container, stream, stated, turns) = still.into_stream()?;
        let pixels = stated.into_iter().map(u64::from).product::<u64>();
        limits.check(Resource::Pixels, pixels)?;
        let pictures = if turns.is_empty() { 1 } else { 2 };
        limits.check(Resource::MemoryBytes, pixels.saturating_mul(3 * pictures))?;
        let input = Input::still(container, &stream, limits)?;
        drop(stream);
        let mut frames = VideoFrames::start(self, input, None, limits)?;
        let frame = frames.next().ok_or(VideoError::MalformedStill {
            format,
            detail: "no picture",
        })??;
        let picture = frame.into_picture();
        let decoded = [picture.width(), picture.height()];
        if decoded != stated {
            return Err(VideoError::OtherSize {
                format,
                stated,
                decoded,
            });
        }
        match frames.next() {
            None => Ok(turns.into_iter().fold(picture, turned)),
            Some(Ok(_)) => Err(VideoError::UnsupportedStill {
                format,
                feature: "more than one picture",
            }),
            Some(Err(error)) => Err(error),
        }
    }
}

/// RGB, turned.
fn turned(picture: Picture<'static>, turn: Turn) -> Picture<'static> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (columns, rows) = match turn {
        Turn::Left(1 | 3) => (height, width),
        _ => (width, height),
    };
    let mut pixels = Vec::with_capacity(3 * width * height);
    for y in 0..rows {
        for x in 0..columns {
            let (from_x, from_y) = match turn {
                Turn::Left(1) => (width - 1 - y, x),
                Turn::Left(3) => (y, height - 1 - x),
                Turn::Left(_) => (width - 1 - x, height - 1 - y),
                Turn::UpsideDown => (x, height - 1 - y),
                Turn::Mirrored => (width - 1 - x, y),
            };
            let pixel = picture.below(from_y).get(3 * from_x..3 * from_x + 3);
            pixels.extend_from_slice(pixel.unwrap_or(&[0; 3]));
        }
    }
    let sides = [columns, rows].map(|side| u32::try_from(side).unwrap_or(0));
    Picture::rgb(sides[0], sides[1], 3 * columns, pixels).unwrap_or(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two by three, each pixel its number.
    fn numbered() -> Picture<'static> {
        let pixels: Vec<u8> = (0..6).flat_map(|number| [number; 3]).collect();
        Picture::rgb(2, 3, 6, pixels).unwrap()
    }

    #[test]
    fn turns_are_against_the_clock_and_in_their_order() {
        let shown = |turns: &[Turn]| {
            let picture = turns
                .iter()
                .fold(numbered(), |picture, turn| turned(picture, *turn));
            let numbers = picture
                .rows()
                .flat_map(|row| row.iter().step_by(3).copied());
            (picture.width(), numbers.collect::<Vec<u8>>())
        };
        assert_eq!(shown(&[Turn::Left(1)]), (3, vec![1, 3, 5, 0, 2, 4]));
        assert_eq!(shown(&[Turn::Left(2)]), (2, vec![5, 4, 3, 2, 1, 0]));
        assert_eq!(shown(&[Turn::Left(3)]), (3, vec![4, 2, 0, 5, 3, 1]));
        assert_eq!(shown(&[Turn::UpsideDown]), (2, vec![4, 5, 2, 3, 0, 1]));
        assert_eq!(shown(&[Turn::Mirrored]), (2, vec![1, 0, 3, 2, 5, 4]));
        let both = [Turn::Left(1), Turn::Mirrored];
        assert_eq!(shown(&both), (3, vec![5, 3, 1, 4, 2, 0]));
    }
}
