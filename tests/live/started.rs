//! Processes that are this test again, of which one function runs.

use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Names the folder to a started process. Without it, the function is called as a test and has nothing to do.
const DIR: &str = "IJKPUNT_LIVE_CHILD";

/// Tells the lines that are meant for the one who started it from those of the test's frame.
const MARK: &str = "@ ";

/// A process; killed when it is dropped.
pub(crate) struct Started {
    child: Child,
    lines: Option<Lines>,
    stdin: Option<ChildStdin>,
}

/// What a process tells.
pub(crate) struct Lines(BufReader<ChildStdout>);

impl Iterator for Lines {
    type Item = String;

    /// The next line that is whole; none at the end.
    fn next(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let line = line.strip_suffix('\n')?;
            if let Some(told) = line.strip_prefix(MARK) {
                return Some(told.to_owned());
            }
        }
    }
}

/// No process is started as long as this is held: between its fork and its start it holds the locks of all files that are open here, and what is no more
/// used would seem to be.
pub(crate) fn none_starts() -> MutexGuard<'static, ()> {
    static STARTS: Mutex<()> = Mutex::new(());
    STARTS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Started {
    pub(crate) fn new(function: &str, dir: &Path) -> Self {
        let _lock = none_starts();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([function, "--exact", "--nocapture", "--include-ignored"])
            .env(DIR, dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = child.stdout.take().map(|out| Lines(BufReader::new(out)));
        let stdin = child.stdin.take();
        Self {
            child,
            lines,
            stdin,
        }
    }

    /// Where it tells what it sees; once.
    pub(crate) fn lines(&mut self) -> Lines {
        self.lines.take().unwrap()
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Lets it end by itself.
    pub(crate) fn end(mut self) {
        drop(self.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In a started process: its folder.
pub(crate) fn dir() -> Option<PathBuf> {
    std::env::var_os(DIR).map(PathBuf::from)
}

/// In a started process: tells the one who started it.
pub(crate) fn tell(what: &str) {
    // The frame of the test writes into the same line.
    let mut out = stdout().lock();
    out.write_all(format!("\n{MARK}{what}\n").as_bytes())
        .unwrap();
    out.flush().unwrap();
}

/// In a started process: becomes true when it shall end.
pub(crate) fn told_to_end() -> Arc<AtomicBool> {
    let ended = Arc::new(AtomicBool::new(false));
    let told = ended.clone();
    std::thread::spawn(move || {
        let mut rest = String::new();
        while stdin().read_line(&mut rest).is_ok_and(|read| read > 0) {}
        told.store(true, Ordering::Relaxed);
    });
    ended
}
