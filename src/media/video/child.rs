//! The process: started in a group of its own, limited, read with a deadline, ended with its group.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::limits::Limits;

use super::VideoError;

/// A running ffmpeg. Dropped, it and all that it started are gone, and so is its entry in the table of processes.
pub(super) struct Running {
    child: Child,
    group: Pid,
    stdout: ChildStdout,
    is_over: bool,
}

/// How much of what was asked for came.
pub(super) enum Got {
    All,
    /// The output ended before.
    End,
    TooLate,
}

impl Running {
    /// Its standard input is the video, its log goes to what is returned beside it.
    pub(super) fn start(
        program: &Path,
        arguments: &[String],
        video: File,
        limits: &Limits,
    ) -> Result<(Self, std::process::ChildStderr), VideoError> {
        let mut command = Command::new(program);
        // Its variables could have it write reports, colours or core dumps; none is needed but where its libraries are.
        command
            .env_clear()
            .env("AV_LOG_FORCE_NOCOLOR", "1")
            .env("LC_ALL", "C");
        for name in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let mut child = command
            .args(arguments)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::from(video))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| not_started(program, source))?;
        // Limits first: it is running already.
        let limited = limit(&child, limits);
        let pipes = child.stdout.take().zip(child.stderr.take());
        let (Some((stdout, stderr)), Ok(group)) = (pipes, group(&child)) else {
            let _ = child.kill();
            let _ = child.wait();
            let source = io::Error::other("a process without pipes");
            return Err(VideoError::io("start ffmpeg")(source));
        };
        widen(&stdout);
        let running = Self {
            child,
            group,
            stdout,
            is_over: false,
        };
        limited.map_err(VideoError::io("limit ffmpeg"))?; // dropped, and so ended, where it cannot be
        Ok((running, stderr))
    }

    #[cfg(test)]
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads until `buffer` is full. Waits no longer than until `deadline`.
    pub(super) fn fill(
        &mut self,
        mut buffer: &mut [u8],
        deadline: Instant,
    ) -> Result<Got, VideoError> {
        while !buffer.is_empty() {
            if !self.is_readable(deadline)? {
                return Ok(Got::TooLate);
            }
            match self.stdout.read(buffer) {
                Ok(0) => return Ok(Got::End),
                Ok(got) => buffer = buffer.get_mut(got..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(VideoError::io("read from ffmpeg")(error)),
            }
        }
        Ok(Got::All)
    }

    fn is_readable(&self, deadline: Instant) -> Result<bool, VideoError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left.min(LONGEST_WAIT)).ok();
            let mut ends = [PollFd::new(&self.stdout, PollFlags::IN)];
            match poll(&mut ends, left.as_ref()) {
                Ok(0) if Instant::now() >= deadline => return Ok(false),
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return Ok(true),
                Err(error) => return Err(VideoError::io("wait for ffmpeg")(error)),
            }
        }
    }

    /// How it ended by itself; none where it had to be ended.
    pub(super) fn end(&mut self, deadline: Instant) -> io::Result<Option<ExitStatus>> {
        let mut pause = Duration::from_micros(200);
        while !self.has_ended()? {
            if Instant::now() >= deadline {
                self.kill();
                return Ok(None);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
        // What it may have started is still of its group, whose number is not given to others before the next line.
        let _ = kill_process_group(self.group, Signal::KILL);
        self.is_over = true;
        self.child.wait().map(Some)
    }

    fn has_ended(&self) -> io::Result<bool> {
        let how = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(self.group), how)?.is_some())
    }

    pub(super) fn kill(&mut self) {
        if !self.is_over {
            self.is_over = true;
            let _ = kill_process_group(self.group, Signal::KILL);
            let _ = self.child.kill(); // where the group could not be
            let _ = self.child.wait();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The signal that ended it. Told to end by one, ffmpeg ends by itself, with 255.
pub(super) fn signal(status: ExitStatus) -> Option<i32> {
    let caught = (status.code() == Some(255)).then_some(Signal::XCPU.as_raw());
    status.signal().or(caught)
}

fn group(child: &Child) -> io::Result<Pid> {
    let id = i32::try_from(child.id()).map_err(io::Error::other)?;
    Pid::from_raw(id).ok_or_else(|| io::Error::other("a process without a number"))
}

fn not_started(program: &Path, source: io::Error) -> VideoError {
    if source.kind() == io::ErrorKind::NotFound {
        let program = program.to_owned();
        VideoError::NoFfmpeg { program }
    } else {
        VideoError::io("start ffmpeg")(source)
    }
}

/// Only Linux lets another process be limited. It is running by then, but still loading its libraries.
#[cfg(target_os = "linux")]
fn limit(child: &Child, limits: &Limits) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, prlimit};

    let process = Some(group(child)?);
    let seconds = cpu_seconds(limits);
    for (resource, most) in [
        (Resource::As, limits.video_memory_bytes),
        (Resource::Cpu, seconds),
        (Resource::Fsize, 0), // it has no file to write
        (Resource::Core, 0),  // nor a picture of its memory to leave behind
        (Resource::Nofile, 64),
    ] {
        let new = Rlimit {
            current: Some(most),
            // A second later it is ended without being asked.
            maximum: Some(most.saturating_add(u64::from(resource == Resource::Cpu))),
        };
        prlimit(process, resource, new)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "as on Linux, where it may fail")]
fn limit(_: &Child, _: &Limits) -> io::Result<()> {
    Ok(())
}

/// The limit counts whole seconds.
pub(super) fn cpu_seconds(limits: &Limits) -> u64 {
    let time = limits.video_cpu_time;
    (time.as_secs() + u64::from(time.subsec_nanos() > 0)).max(1)
}

/// A frame has megabytes and a pipe 64 KiB: with more there are fewer turns. Where it is refused, it is slower.
fn widen(stdout: &ChildStdout) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(stdout, 1 << 20);
    #[cfg(not(target_os = "linux"))]
    let _ = stdout;
}

/// Systems differ in the longest wait that they take.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
