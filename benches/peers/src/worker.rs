//! A peer in a process of its own: one line to it, one line back. `worker.py` and `index_worker.py`
//! say what the lines mean.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::contest::{Answer, Contestant, Kinship};
use crate::pictures::Raw;

/// A running peer.
pub struct Process {
    name: &'static str,
    /// What it said of itself when it began.
    pub description: String,
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Process {
    /// A peer in Python; `name` is one of those that `script`, in this package's folder, knows.
    pub fn python(python: &Path, script: &str, name: &'static str) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(python);
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
            .arg(name);
        // One thread, whatever the linear algebra behind numpy and scipy would like.
        for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
            command.env(variable, "1");
        }
        Self::start(command, name)
    }

    fn start(mut command: Command, name: &'static str) -> Result<Self, Box<dyn Error>> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{name}: {}: {error}", command.get_program().display()))?;
        let (Some(to), Some(from)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(format!("{name}: no pipes").into());
        };
        let mut peer = Self {
            name,
            description: String::new(),
            process,
            to,
            from: BufReader::new(from),
        };
        peer.description = peer.line()?;
        Ok(peer)
    }

    /// Asks for something that is answered by "ready".
    pub fn ready(&mut self, request: &str) -> Result<(), Box<dyn Error>> {
        match self.ask(request)?.as_str() {
            "ready" => Ok(()),
            other => Err(format!("{}: answered {other:?} to {request:?}", self.name).into()),
        }
    }

    pub fn ask(&mut self, request: &str) -> Result<String, Box<dyn Error>> {
        // Where it has ended, writing fails too: reading then says so.
        let _ = writeln!(self.to, "{request}").and_then(|()| self.to.flush());
        self.line()
    }

    fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        if self.from.read_line(&mut line)? == 0 {
            return Err(format!("{}: ended; its own message stands above", self.name).into());
        }
        Ok(line.trim_end().to_owned())
    }
}

/// Nothing is left running, also after an error.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One that hashes.
pub struct Worker {
    peer: Process,
    kinship: Kinship,
}

impl Worker {
    /// A peer in Python; `name` is one of those that `worker.py` knows.
    pub fn python(
        python: &Path,
        name: &'static str,
        kinship: Kinship,
    ) -> Result<Self, Box<dyn Error>> {
        let peer = Process::python(python, "worker.py", name)?;
        Ok(Self { peer, kinship })
    }

    /// The C++ reference, behind `reference.cc`.
    pub fn reference(program: &Path, name: &'static str) -> Result<Self, Box<dyn Error>> {
        let peer = Process::start(Command::new(program), name)?;
        let kinship = Kinship::Same;
        Ok(Self { peer, kinship })
    }

    /// Has it read pixels; not timed.
    pub fn load(&mut self, raw: &Raw) -> Result<(), Box<dyn Error>> {
        let (width, height, path) = (raw.width, raw.height, raw.path.display());
        self.peer.ready(&format!("load {width} {height} {path}"))
    }

    /// Has it read the bytes of a picture file; not timed.
    pub fn file(&mut self, path: &Path) -> Result<(), Box<dyn Error>> {
        self.peer.ready(&format!("file {}", path.display()))
    }

    /// Has it write the pixels that it loaded as a JPEG.
    pub fn jpeg(&mut self, path: &Path) -> Result<(), Box<dyn Error>> {
        self.peer.ready(&format!("jpeg {}", path.display()))
    }
}

impl Contestant for Worker {
    fn name(&self) -> &str {
        self.peer.name
    }

    fn description(&self) -> &str {
        &self.peer.description
    }

    fn kinship(&self) -> Kinship {
        self.kinship
    }

    fn go(&mut self, times: u32) -> Result<Answer, Box<dyn Error>> {
        let answer = self.peer.ask(&format!("go {times}"))?;
        let (nanoseconds, hash) = answer
            .split_once(' ')
            .ok_or_else(|| format!("{}: not an answer: {answer:?}", self.peer.name))?;
        Ok(Answer {
            cpu_nanoseconds: nanoseconds.parse()?,
            hash: hash.to_owned(),
        })
    }
}
