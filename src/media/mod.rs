//! Untrusted bytes to pictures: what an upload shows, frame by frame, and what of it could not be looked at.
//!
//! In: the bytes of one upload and [`Limits`]. Out: [`Frames`], an iterator of upright 8-bit pictures; whatever keeps it
//! from showing everything comes out as a [`MediaError`] beside the frames, so that nothing unseen is mistaken for
//! nothing found. The format is recognised by content, never by name.
//!
//! What is promised of each format:
//!
//! | format | looked at |
//! |---|---|
//! | JPEG | the main picture; baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK; EXIF orientation |
//! | PNG | every colour type and depth, interlaced or not; orientation from `eXIf`; every distinct frame of an animation, composed as browsers do, with its start time, and the default image if it is none of them |
//! | GIF, WebP | every distinct frame, composed as browsers do, with its start time; a GIF's whole first picture where its screen is smaller, as browsers show it; WebP's EXIF orientation |
//! | BMP | the picture |
//! | AVIF, HEIC, JPEG XL | with the feature `video`, by its module: the primary picture where it is one coded picture, opaque and not cropped, turned and mirrored as the file says; else named as a gap |
//! | TIFF | every distinct page, and the pictures below pages; strips and tiles; grey and palettes of 1 to 8 bits; grey, RGB, alpha and CMYK of 8 and 16 bits; orientation |
//!
//! AVIF, HEIC and JPEG XL are none of [`frames`]: a screener with an ffmpeg looks at them, and else they are named.
//!
//! Not promised: thumbnails, and the gain maps and further views that a JPEG declares behind its main picture. Named as
//! a gap: an archive, a video (motion photos) or an undeclared picture behind the end of a file, whatever its format. A screener with
//! an ffmpeg opens such a video, if it is in ISO boxes and the first thing there.
//!
//! One rule makes 8-bit samples of everything (in the folder's `colour`): grey stays grey; 1, 2 and 4 bits are scaled
//! to 0..=255; 16 bits `v` become `(v * 255 + 32767) / 65535`; palettes are expanded; CMYK ink becomes
//! `(255 - C) * (255 - K) / 255`, rounded; then alpha is composited on black, `(c * a + 127) / 255`. ICC profiles and
//! gamma are ignored, as the PDQ reference ignores them.
//!
//! Where any pixel is not opaque the frame comes twice, with the same number and time: on black, and on white,
//! `(c * a + 255 * (255 - a) + 127) / 255`; see [`Frame::background`]. Both are one frame to `Limits::frames`.
//!
//! A JPEG or PNG that is cut short or damaged gives what decoded, marked [`Frame::is_partial`], and an error. Where its
//! lower part is one colour, which is how decoders fill what is missing, it is given a second time without that part,
//! if there is memory for both.
//!
//! Videos are only named here; with the feature `video`, on Unix, the module `video` gives their frames.
//!
//! A panic inside a decoder is caught and becomes [`MediaError::DecoderFault`]; a host built with `panic = "abort"`
//! defeats this. Cost: one decoded frame in memory at a time, within `Limits::memory_bytes`.

#[cfg(feature = "image")]
mod colour;
#[cfg(feature = "image")]
mod decode;
mod error;
mod frame;
mod frames;
#[cfg(feature = "image")]
mod gif;
#[cfg(feature = "image")]
mod jpeg;
#[cfg(feature = "image")]
mod patched;
#[cfg(feature = "image")]
mod png;
mod sniff;
#[cfg(feature = "image")]
mod still;
#[cfg(feature = "image")]
mod tiff;
#[cfg(any(feature = "image", all(feature = "video", unix)))]
mod trailing;
#[cfg(all(feature = "video", unix))]
pub mod video;

pub use error::{MediaError, VideoFault};
pub use frame::{Background, Frame};
pub use frames::Frames;
pub use sniff::Format;

use crate::limits::Limits;

/// What stands behind the end of a picture, where the video of a motion photo is opened.
#[cfg(all(feature = "video", unix))]
pub(crate) mod behind {
    use super::{Format, MediaError, trailing};

    /// Where a video begins behind the picture's end.
    pub(crate) fn video(bytes: &[u8]) -> Option<usize> {
        trailing::video(Format::sniff(bytes)?, bytes)
    }

    /// What else stands behind that video and was not opened.
    pub(crate) fn gap_behind_video(bytes: &[u8], start: usize) -> Option<MediaError> {
        trailing::gap_behind_video(Format::sniff(bytes)?, bytes, start)
    }

    /// The first thing behind the picture's end that was not opened.
    pub(crate) fn gap(bytes: &[u8]) -> Option<MediaError> {
        trailing::gap(Format::sniff(bytes)?, bytes)
    }
}

/// The frames of an upload.
///
/// Nothing is decoded before the first call of `next`. Errors come out of the iterator, never from here.
///
/// ```
/// use ijkpunt::limits::Limits;
/// use ijkpunt::media::{self, MediaError};
///
/// let limits = Limits::default();
/// let mut frames = media::frames(b"GIF? no, a text that is long enough", &limits);
/// assert!(matches!(frames.next(), Some(Err(MediaError::NotAnImage))));
/// assert!(frames.next().is_none());
/// ```
#[must_use]
pub fn frames<'a>(bytes: &'a [u8], limits: &'a Limits) -> Frames<'a> {
    Frames::new(bytes, limits)
}
