//! Why something of an upload could not be looked at.

use crate::limits::Exceeded;

use super::sniff::{Format, Kind};

/// Something was not looked at. An error here is a gap in what was seen, never a verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// No format is recognised, or there is too little for any.
    #[error("not an image")]
    NotAnImage,
    /// A format, or a kind of it, that is recognised and not decoded.
    #[error("{}", unsupported(*format, *feature))]
    Unsupported {
        /// The format.
        format: Format,
        /// The part of the format, where others of the format are decoded; or the place in another file where it was
        /// found.
        feature: Option<&'static str>,
    },
    /// The file ends early, or misses its end marker.
    #[error("truncated: the {format} ends early")]
    Truncated {
        /// The format.
        format: Format,
    },
    /// The file contradicts its format.
    #[error("malformed {format}: {detail}")]
    Malformed {
        /// The format.
        format: Format,
        /// What the decoder said, cut to 120 printable characters.
        detail: String,
    },
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// The decoder panicked; the panic was caught.
    #[error("decoder fault: the {format} decoder panicked")]
    DecoderFault {
        /// The format.
        format: Format,
    },
    /// A video of which not all frames were had.
    #[error("video: {reason}")]
    Video {
        /// In a word.
        fault: VideoFault,
        /// What was in the way.
        reason: Box<str>,
    },
    /// This build decodes nothing.
    #[error("no decoder: {format} is not decoded, this build lacks the feature `image`")]
    NoDecoder {
        /// The format.
        format: Format,
    },
}

/// Why not all frames of a video were had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VideoFault {
    /// There is nobody who could open it, or nothing to be seen in it.
    Unsupported,
    /// It breaks off, or a part of it is damaged.
    Truncated,
    /// Nothing of it could be decoded.
    Malformed,
    /// Whoever decoded it failed.
    Decoder,
}

#[cfg(all(feature = "video", unix))]
impl From<super::video::VideoError> for MediaError {
    fn from(error: super::video::VideoError) -> Self {
        use super::video::VideoError;

        let fault = match error {
            VideoError::Limit(exceeded) => return Self::Limit(exceeded),
            VideoError::NotAVideo | VideoError::NotAStill => return Self::NotAnImage,
            VideoError::UnsupportedStill { format, feature } => {
                let feature = Some(feature);
                return Self::Unsupported { format, feature };
            }
            VideoError::MalformedStill { format, detail } => {
                let detail = detail.to_owned();
                return Self::Malformed { format, detail };
            }
            VideoError::OtherSize {
                format,
                stated: [width, height],
                decoded: [to_width, to_height],
            } => {
                let detail =
                    format!("{width} x {height} pixels stated, {to_width} x {to_height} decoded");
                return Self::Malformed { format, detail };
            }
            VideoError::NoFfmpeg { .. }
            | VideoError::NoVideoStream { .. }
            | VideoError::MoreStreams { .. } => VideoFault::Unsupported,
            VideoError::NothingDecoded { .. } => VideoFault::Malformed,
            VideoError::Damaged { .. } => VideoFault::Truncated,
            VideoError::NotUnderstood { .. } | VideoError::Ended { .. } | VideoError::Io { .. } => {
                VideoFault::Decoder
            }
        };
        let reason = error.to_string().into();
        Self::Video { fault, reason }
    }
}

fn unsupported(format: Format, feature: Option<&'static str>) -> String {
    match (format.kind(), feature) {
        (Kind::Decoded | Kind::Picture, Some(feature)) => {
            format!("unsupported {format}: {feature}")
        }
        (Kind::Decoded | Kind::Picture, None) => format!("unsupported format {format}"),
        (Kind::Archive, None) => format!("unopened archive ({format})"),
        (Kind::Archive, Some(place)) => format!("unopened archive ({format}) {place}"),
        (Kind::Video, None) => format!("unopened video ({format})"),
        (Kind::Video, Some(place)) => format!("unopened video ({format}) {place}"),
    }
}

#[cfg(feature = "image")]
impl MediaError {
    /// A decoder's message, which may repeat numbers of the file but must not fill a log or a terminal.
    pub(super) fn malformed(format: Format, error: &dyn std::fmt::Display) -> Self {
        let detail = error
            .to_string()
            .chars()
            .map(|c| if c.is_ascii_graphic() { c } else { ' ' })
            .take(120)
            .collect();
        Self::Malformed { format, detail }
    }
}
