//! The boxes of AVIF and HEIC and the header of JPEG XL, as far as they are read before anything is decoded.

use ijkpunt::media::Format;
use ijkpunt::media::video::{Container, Still, VideoError};

/// Any bytes; panics where something is not as promised.
pub fn run(bytes: &[u8]) {
    let format = Format::sniff(bytes);
    let of_stills = [Format::Avif, Format::Heic, Format::JpegXl];
    let is_still = format.is_some_and(|format| of_stills.contains(&format));
    match Still::of(bytes) {
        Ok(still) => {
            assert_eq!(Some(still.format()), format, "another format");
            assert!(
                still.size().iter().all(|side| *side > 0),
                "a side of nothing"
            );
        }
        Err(VideoError::NotAStill) => assert!(!is_still, "a still that is none"),
        Err(
            VideoError::UnsupportedStill { format: told, .. }
            | VideoError::MalformedStill { format: told, .. },
        ) => {
            assert_eq!(Some(told), format, "an error of another format");
        }
        Err(error) => panic!("not promised: {error}"),
    }
    if let Some(container) = Container::sniff(bytes) {
        // All that is known of it stands in its first bytes.
        let start = &bytes[..bytes.len().min(1024)];
        assert_eq!(
            Container::sniff(start),
            Some(container),
            "a longer start is needed"
        );
        let is_video = matches!(format, None | Some(Format::Avif)) || !is_still;
        assert!(is_video, "a still without a sequence is taken for a video");
    }
}
