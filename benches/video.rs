//! Videos: what screening costs beside decoding the same frames to nowhere, by the clock and of CPU, and how much memory it takes. A line a clip.
//!
//! The clips of `IJKPUNT_CORPUS`, or one that ffmpeg draws; nine rounds, in which both take turns. `IJKPUNT_HOURS=3 cargo bench --features video --bench video`
//! draws a film of three hours instead, screens it once, and tells the most memory that this process and ffmpeg took. Where there is no ffmpeg, nothing is measured.

#![expect(clippy::print_stdout, reason = "what it is for")]

#[cfg(unix)]
#[path = "sets/mod.rs"]
mod sets;

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
fn main() -> unix::Outcome<()> {
    unix::main()
}

#[cfg(unix)]
mod unix {
    use std::error::Error;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use ijkpunt::baseline::{FrameRole, List, NewRow, Shown};
    use ijkpunt::media::video::{Ffmpeg, Sampling};
    use ijkpunt::screen::Call;
    use ijkpunt::{Screener, Screening, Surface};

    use super::sets;

    pub(super) type Outcome<T> = Result<T, Box<dyn Error>>;

    pub(super) fn main() -> Outcome<()> {
        let ffmpeg = match Ffmpeg::find() {
            Ok(ffmpeg) => ffmpeg,
            Err(error) => {
                println!("skipped: {error}");
                return Ok(());
            }
        };
        let is_bench = std::env::args().any(|argument| argument == "--bench");
        let screener = screener(ffmpeg, if is_bench { 100_000 } else { 1000 })?;
        let folder = std::env::temp_dir().join(format!("ijkpunt-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let measured = match std::env::var("IJKPUNT_HOURS") {
            Ok(hours) if is_bench => long(&screener, &folder, hours.parse()?),
            _ => clips(&screener, &folder, is_bench),
        };
        fs::remove_dir_all(&folder)?;
        measured
    }

    /// Against so many frames, a hundred an entry, near to nothing.
    fn screener(ffmpeg: Ffmpeg, frames: usize) -> Outcome<Screener> {
        let rows = sets::uniform(frames, 1)
            .into_iter()
            .zip(0u32..)
            .map(|(pdq, number)| {
                let shown = Shown::new(number % 100 * 500, 50, FrameRole::Core);
                NewRow::new((number / 100).to_string(), pdq).shown(shown)
            });
        let builder = Screener::builder().list("list", List::from_rows(rows)?);
        let builder = builder.surface(Surface::Public).videos(ffmpeg);
        let mut limits = ijkpunt::Limits::default();
        limits.video_time = Duration::from_secs(7200);
        limits.video_cpu_time = Duration::from_secs(7200);
        Ok(builder.limits(limits).build()?)
    }

    fn clips(screener: &Screener, folder: &Path, is_bench: bool) -> Outcome<()> {
        let corpus = std::env::var_os("IJKPUNT_CORPUS").filter(|_| is_bench);
        let mut paths: Vec<PathBuf> = Vec::new();
        if let Some(corpus) = corpus {
            for entry in fs::read_dir(Path::new(&corpus).join("videos"))? {
                paths.push(entry?.path());
            }
            paths.retain(|path| path.extension().is_some_and(|it| it == "mp4"));
            paths.sort();
        } else {
            let seconds = if is_bench { 30 } else { 2 };
            paths.push(drawn(folder, "1280x720", 30, seconds)?);
        }
        let rounds = if is_bench { 9 } else { 1 };
        for path in paths {
            let (mut alone, mut screened) = (Vec::new(), Vec::new());
            for _ in 0..rounds {
                alone.push(measured(|| to_nowhere(&path))?);
                screened.push(measured(|| screen(screener, &path).map(drop))?);
            }
            let [alone, screened] = [alone, screened].map(medians);
            println!(
                "{}: {:.0} ms by the clock, {:.2} of decoding to nowhere; {:.0} ms of CPU, {:.2}",
                path.file_stem().unwrap_or_default().display(),
                screened[0],
                screened[0] / alone[0],
                screened[1],
                screened[1] / alone[1],
            );
        }
        Ok(())
    }

    fn long(screener: &Screener, folder: &Path, hours: u32) -> Outcome<()> {
        let path = drawn(folder, "640x360", 12, 3600 * hours)?;
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let children = scope.spawn(|| {
                let mut most = 0;
                while !over.load(Ordering::Relaxed) {
                    most = most.max(children_kib());
                    thread::sleep(Duration::from_millis(50));
                }
                most
            });
            let begin = Instant::now();
            let screened = screen(screener, &path);
            over.store(true, Ordering::Relaxed);
            let children = children.join().map_err(|_| "the watcher panicked")?;
            println!(
                "{hours} hours, {} frames: {:.0} s; at most {} MiB here and {} in ffmpeg",
                screened?,
                begin.elapsed().as_secs_f64(),
                status(Path::new("/proc/self/status"), "VmHWM:") / 1024,
                children / 1024,
            );
            Ok(())
        })
    }

    fn drawn(folder: &Path, size: &str, rate: u32, seconds: u32) -> Outcome<PathBuf> {
        let path = folder.join("clip.mp4");
        let source = format!("testsrc2=s={size}:r={rate}:d={seconds},noise=alls=4:allf=t");
        let status = Command::new("ffmpeg")
            .args([
                "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &source,
            ])
            .args(["-c:v", "mpeg4", "-q:v", "6", "-g", "120"])
            .arg(&path)
            .status()?;
        match status.success() {
            true => Ok(path),
            false => Err("ffmpeg drew nothing".into()),
        }
    }

    /// The plan's frames, picked and thrown away, by one thread as in screening.
    fn to_nowhere(path: &Path) -> Outcome<()> {
        let status = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-threads", "1", "-i"])
            .arg(path)
            .args(["-map", "0:V:0", "-vf", &Sampling::default().filter()])
            .args(["-fps_mode", "passthrough", "-f", "null", "-"])
            .stdin(Stdio::null())
            .status()?;
        match status.success() {
            true => Ok(()),
            false => Err("ffmpeg decoded nothing".into()),
        }
    }

    /// How many frames were looked at.
    fn screen(screener: &Screener, path: &Path) -> Outcome<u64> {
        let before = screener.counts().frames;
        match screener.screen_file(path, Call::new()) {
            Screening::NoMatch(_) => Ok(screener.counts().frames - before),
            other => Err(format!("not what was expected: {other:?}").into()),
        }
    }

    /// Milliseconds by the clock, and of CPU, with that of processes that were started.
    fn measured(mut what: impl FnMut() -> Outcome<()>) -> Outcome<[f64; 2]> {
        let (begin, cpu) = (Instant::now(), cpu_ms()?);
        what()?;
        Ok([1e3 * begin.elapsed().as_secs_f64(), cpu_ms()? - cpu])
    }

    fn medians(mut of: Vec<[f64; 2]>) -> [f64; 2] {
        [0, 1].map(|which| {
            of.sort_by(|a, b| a[which].total_cmp(&b[which]));
            of[of.len() / 2][which]
        })
    }

    /// Of this process and of those that it waited for; 0 where the system does not tell.
    fn cpu_ms() -> Outcome<f64> {
        let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
            return Ok(0.0);
        };
        let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
        let ticks = behind.split_ascii_whitespace().skip(11).take(4);
        let ticks: u32 = ticks.map(str::parse::<u32>).sum::<Result<_, _>>()?;
        Ok(f64::from(ticks) * 10.0) // a hundred a second, on Linux
    }

    /// Memory of the processes that this one started, in KiB.
    fn children_kib() -> u64 {
        let own = u64::from(std::process::id());
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let status_of = processes.map(|entry| entry.path().join("status"));
        let children = status_of.filter(|path| status(path, "PPid:") == own);
        children.map(|path| status(&path, "VmRSS:")).sum()
    }

    fn status(path: &Path, field: &str) -> u64 {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(field));
        let number = line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok());
        number.unwrap_or(0)
    }
}
