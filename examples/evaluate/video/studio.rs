//! The folder in which references, carriers and uploads are made.

use std::fs;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::film::{Film, RATE};
use super::shots::{HEIGHT, WIDTH};
use crate::Failure;

/// A folder for what is made: one that is kept, in which nothing is made twice, or one that goes when the work is done.
#[derive(Debug)]
pub(crate) struct Studio {
    folder: PathBuf,
    is_kept: bool,
}

impl Studio {
    pub(crate) fn open(kept: Option<&Path>) -> Result<Self, Failure> {
        let folder = kept.map_or_else(
            || std::env::temp_dir().join(format!("ijkpunt-evaluate-{}", std::process::id())),
            Path::to_owned,
        );
        fs::create_dir_all(&folder)?;
        Ok(Self {
            folder: folder.canonicalize()?,
            is_kept: kept.is_some(),
        })
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// The video of a film.
    pub(crate) fn film(&self, film: &Film) -> Result<PathBuf, Failure> {
        self.made(&film.name, &film.recipe(), |path| {
            let mut child = ffmpeg()
                .args(["-f", "rawvideo", "-pix_fmt", "rgb24"])
                .args([
                    "-s",
                    &format!("{WIDTH}x{HEIGHT}"),
                    "-r",
                    &RATE.to_string(),
                    "-i",
                    "-",
                ])
                .args(["-c:v", "libx264", "-preset", "veryfast", "-crf", "21"])
                .args(["-pix_fmt", "yuv420p", "-threads", "1"])
                .arg(path)
                .stdin(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .map_err(no_ffmpeg)?;
            let mut drawn = Ok(());
            if let Some(stdin) = child.stdin.take() {
                let mut stdin = BufWriter::new(stdin);
                drawn = film.draw(&mut stdin).and_then(|()| Ok(stdin.flush()?));
            }
            let ended = child.wait_with_output()?;
            match ended.status.success() {
                true => drawn,
                // A pipe that broke says less.
                false => Err(said(&film.name, &ended.stderr)),
            }
        })
    }

    /// What ffmpeg makes by these arguments.
    pub(crate) fn edited(&self, name: &str, arguments: &[String]) -> Result<PathBuf, Failure> {
        self.made(name, &arguments.join("\n"), |path| {
            let ended = ffmpeg()
                .arg("-nostdin")
                .args(arguments)
                .arg(path)
                .stdin(Stdio::null())
                .output()
                .map_err(no_ffmpeg)?;
            match ended.status.success() {
                true => Ok(()),
                false => Err(said(name, &ended.stderr)),
            }
        })
    }

    /// A video is made where there is none, or one by another recipe, which is kept beside it.
    fn made(
        &self,
        name: &str,
        recipe: &str,
        make: impl FnOnce(&Path) -> Result<(), Failure>,
    ) -> Result<PathBuf, Failure> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let name: String = name
            .chars()
            .map(|c| if is_plain(c) { c } else { '_' })
            .collect();
        let path = self.folder.join(format!("{name}.mp4"));
        let kept = beside(&path, "recipe");
        if path.is_file() && fs::read(&kept).is_ok_and(|kept| kept == recipe.as_bytes()) {
            return Ok(path);
        }
        let unfinished = self.folder.join(format!("{name}.unfinished.mp4"));
        make(&unfinished)?;
        // What was seen in the video before.
        drop(fs::remove_file(beside(&path, "frames")));
        fs::rename(&unfinished, &path)?;
        fs::write(kept, recipe)?;
        Ok(path)
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        if !self.is_kept {
            drop(fs::remove_dir_all(&self.folder));
        }
    }
}

/// Frames at a regular pace, as pixels.
pub(crate) fn paced(
    path: &Path,
    frame_bytes: usize,
    mut each: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut child = ffmpeg()
        .args(["-nostdin", "-threads", "1", "-i"])
        .arg(path)
        .args(["-vf", "fps=1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(no_ffmpeg)?;
    let mut frame = vec![0; frame_bytes];
    let mut seen = Ok(());
    if let Some(mut stdout) = child.stdout.take() {
        while seen.is_ok() && stdout.read_exact(&mut frame).is_ok() {
            seen = each(&frame);
        }
    }
    let status = child.wait()?;
    seen?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{}: ffmpeg cannot decode it", path.display()).into()),
    }
}

/// The name of a file about a video.
pub(crate) fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    name.into()
}

fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]);
    command
}

#[expect(clippy::needless_pass_by_value, reason = "an error is given away")]
fn no_ffmpeg(error: std::io::Error) -> Failure {
    format!("ffmpeg: {error}").into()
}

fn said(name: &str, stderr: &[u8]) -> Failure {
    let text = String::from_utf8_lossy(stderr);
    format!("{name}: ffmpeg: {}", text.trim_end()).into()
}
