//! With an ffmpeg that is there, on clips that it makes: a frame tells its number by its shade.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::limits::Limits;

use super::{Ffmpeg, Sampling, VideoError, VideoFrame, VideoFrames};

mod bounded;
mod broken;
mod plan;
mod still;

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ijkpunt-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The ffmpeg that is there; where there is none, the test says that it was skipped.
fn ffmpeg() -> Option<Ffmpeg> {
    let found = Ffmpeg::find();
    if let Err(error) = &found {
        eprintln!("skipped: {error}");
    }
    found.ok()
}

/// Has ffmpeg make a file of what its own generators draw.
fn make(source: &str, options: &str, path: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", source])
        .args(options.split_whitespace())
        .arg(path)
        .status();
    assert!(status.unwrap().success(), "{source} {options}");
}

/// 25 frames a second of 64 x 48, whose shade is their number (at most 219), at `times` in milliseconds, an expression of `N`; lossless, a key frame every 50.
fn make_numbered(frames: u32, times: &str, path: &Path) {
    let source = format!(
        "color=black:s=64x48:r=25,format=yuv420p,geq=lum='16+N':cb=128:cr=128,settb=1/1000,setpts='{times}',trim=end_frame={frames}"
    );
    make(
        &source,
        "-c:v ffv1 -g 50 -fps_mode passthrough -enc_time_base 1:1000",
        path,
    );
}

/// The number that a frame shows.
fn number(frame: &VideoFrame) -> u32 {
    let row = frame.picture().rows().nth(24).unwrap();
    (u32::from(row[90]) * 219).div_ceil(255) // ffmpeg rounds down
}

fn milliseconds(frame: &VideoFrame) -> u64 {
    u64::try_from(frame.at().as_millis()).unwrap()
}

/// What came before the first error, and that error.
fn drain(frames: VideoFrames) -> (Vec<VideoFrame>, Option<VideoError>) {
    let (mut given, mut error) = (Vec::new(), None);
    for item in frames {
        assert!(error.is_none(), "something came behind an error");
        match item {
            Ok(frame) => given.push(frame),
            Err(why) => error = Some(why),
        }
    }
    (given, error)
}

fn look(ffmpeg: &Ffmpeg, path: &Path) -> (Vec<VideoFrame>, Option<VideoError>) {
    drain(
        ffmpeg
            .open(path, &Sampling::default(), &Limits::default())
            .unwrap(),
    )
}

#[test]
fn an_ffmpeg_that_is_no_program_is_not_taken() {
    let folder = Folder::new("no-program");
    std::fs::write(folder.path("ffmpeg"), "text").unwrap();
    for path in [folder.path("ffmpeg"), folder.path("none"), folder.0.clone()] {
        assert!(
            matches!(Ffmpeg::at(&path), Err(VideoError::NoFfmpeg { program }) if program == path)
        );
    }
}
