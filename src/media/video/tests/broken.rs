//! What is no video, or no longer one.

use std::fs;

use super::*;
use crate::media::video::Container;

fn opened(path: &Path) -> Result<VideoFrames, VideoError> {
    // No program is needed for these: one that would fail is not started.
    let ffmpeg = Ffmpeg::at("/bin/false").unwrap();
    ffmpeg.open(path, &Sampling::default(), &Limits::default())
}

#[test]
fn what_begins_as_no_container_starts_no_process() {
    let folder = Folder::new("refused");
    let playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n";
    for (name, bytes) in [
        (
            "a.mp4",
            &b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"[..],
        ),
        ("list.m3u8", playlist),
        ("list.mp4", playlist),
        ("list.txt", b"ffconcat version 1.0\nfile /etc/passwd\n"),
        (
            "talk.sdp",
            b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 9 RTP/AVP 96\r\n",
        ),
        ("empty.mp4", b""),
        ("short.mp4", b"\0\0\0\x18ft"),
    ] {
        let path = folder.path(name);
        fs::write(&path, bytes).unwrap();
        assert!(
            matches!(opened(&path), Err(VideoError::NotAVideo)),
            "{name}"
        );
        let ffmpeg = Ffmpeg::at("/bin/false").unwrap();
        let read = ffmpeg.read(bytes, &Sampling::default(), &Limits::default());
        assert!(matches!(read, Err(VideoError::NotAVideo)), "{name}");
    }
    assert!(matches!(opened(&folder.0), Err(VideoError::NotAVideo)));
    assert!(matches!(
        opened(&folder.path("none")),
        Err(VideoError::Io { .. })
    ));
}

#[test]
fn sound_alone_has_no_video_stream() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("sound");
    for name in ["sound.mp4", "sound.mkv", "sound.ogg"] {
        let path = folder.path(name);
        make("sine=d=1", "", &path);
        let (frames, error) = look(&ffmpeg, &path);
        assert!(frames.is_empty());
        assert!(
            matches!(error, Some(VideoError::NoVideoStream { .. })),
            "{name}: {error:?}"
        );
    }
}

#[test]
fn a_second_stream_is_told_behind_the_frames_of_the_first() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("streams");
    let path = folder.path("two.mkv");
    make(
        "testsrc=s=64x48:d=1",
        "-map 0:v -map 0:v -map 0:v -c:v mpeg4",
        &path,
    );
    let (frames, error) = look(&ffmpeg, &path);
    assert!(frames.len() >= 2);
    assert!(
        matches!(error, Some(VideoError::MoreStreams { others: 2, .. })),
        "{error:?}"
    );
}

#[test]
fn a_header_alone_decodes_to_nothing_and_says_so() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let bytes = b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1\0\0\0\x08free";
    let frames = ffmpeg
        .read(bytes, &Sampling::default(), &Limits::default())
        .unwrap();
    let (frames, error) = drain(frames);
    assert!(frames.is_empty());
    let Some(VideoError::NothingDecoded { container, said }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(container, Container::Mp4);
    assert!(said.len() > 5 && said.len() <= 120, "{said}");
}

#[test]
fn what_is_cut_gives_what_decodes_and_the_place_where_it_broke_off() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("cut");
    for (name, options) in [
        ("clip.mp4", "-c:v mpeg4 -g 25 -movflags +faststart"),
        ("clip.mkv", "-c:v mpeg4 -g 25"),
        ("clip.avi", "-c:v mpeg4 -g 25"),
    ] {
        let clip = folder.path(name);
        make("testsrc2=s=160x120:r=25:d=4", options, &clip);
        let (whole, error) = look(&ffmpeg, &clip);
        assert!(error.is_none(), "{name}: {error:?}");
        let bytes = fs::read(&clip).unwrap();
        let mut most = 0;
        for tenth in 1..10 {
            let part = &bytes[..bytes.len() * tenth / 10];
            let frames = ffmpeg
                .read(part, &Sampling::default(), &Limits::default())
                .unwrap();
            let (frames, error) = drain(frames);
            match error.unwrap_or_else(|| panic!("{name} {tenth}: no error")) {
                VideoError::Damaged {
                    frames: told, at, ..
                } => {
                    assert_eq!(told, frames.len() as u64);
                    assert_eq!(at, frames.last().unwrap().at());
                }
                VideoError::NothingDecoded { .. } => assert!(frames.is_empty()),
                other => panic!("{name} {tenth}: {other}"),
            }
            // The last may be half a frame; those before are as in the whole.
            for (a, b) in frames.iter().rev().skip(1).rev().zip(&whole) {
                assert!(
                    a.picture() == b.picture() && a.at() == b.at(),
                    "{name} {tenth}"
                );
            }
            most = most.max(frames.len());
        }
        assert!(
            most >= 5 && most < whole.len(),
            "{name}: {most} of {}",
            whole.len()
        );
    }
}

#[test]
fn flipped_bytes_end_in_frames_or_in_an_error_that_was_foreseen() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("flipped");
    let clip = folder.path("clip.mp4");
    make(
        "testsrc2=s=96x64:r=25:d=2",
        "-c:v mpeg4 -movflags +faststart",
        &clip,
    );
    let whole = fs::read(&clip).unwrap();
    let mut damaged = 0;
    for turn in 0..24 {
        let mut bytes = whole.clone();
        let at = 40 + turn * (bytes.len() - 40) / 24;
        bytes[at..at + 3].iter_mut().for_each(|byte| *byte ^= 0xa5);
        let frames = match ffmpeg.read(&bytes, &Sampling::default(), &Limits::default()) {
            Ok(frames) => frames,
            Err(error) => panic!("{error}"),
        };
        match drain(frames) {
            (_, None) => {}
            (frames, Some(VideoError::Damaged { .. })) => {
                assert!(!frames.is_empty());
                damaged += 1;
            }
            (
                frames,
                Some(VideoError::NothingDecoded { .. } | VideoError::NoVideoStream { .. }),
            ) => {
                assert!(frames.is_empty());
                damaged += 1;
            }
            (_, Some(VideoError::Limit(exceeded))) => assert!(exceeded.asked > exceeded.allowed),
            (_, Some(error)) => panic!("byte {at}: {error}"),
        }
    }
    assert!(damaged > 0);
}
