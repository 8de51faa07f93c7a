//! File operations that fail, stop, or wait at a step.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Mutex, PoisonError};

use crate::snapshot::folder::files::{Files, System};

/// What happens at the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing: steps are counted.
    None,
    /// It fails, and what comes after it does not.
    Fails,
    /// It is the last: from it on, everything fails, as for a process that is killed. A file that is being written is left half written.
    Ends,
    /// Whoever is told when it is reached lets it go on.
    Waits,
}

/// What a power cut takes back of what was not brought to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Nothing: the process was killed, the system lives on.
    Nothing,
    /// The content of files; they are empty.
    Contents,
    /// Names.
    Names,
    /// Both.
    Both,
}

impl Loss {
    pub(super) const ALL: [Self; 4] = [Self::Nothing, Self::Contents, Self::Names, Self::Both];
}

#[derive(Debug)]
pub(super) struct Faulty {
    fault: Fault,
    at: usize,
    state: Mutex<State>,
    /// Tells that the step is reached, and waits until it is let go.
    gate: Mutex<Option<(Sender<()>, Receiver<()>)>>,
}

#[derive(Debug, Default)]
struct State {
    steps: Vec<String>,
    /// Files that were written and not brought to the disk.
    contents: Vec<PathBuf>,
    /// Renamings whose folder was not: from, to, and what was there.
    names: Vec<(PathBuf, PathBuf, Option<Vec<u8>>)>,
}

impl Faulty {
    pub(super) fn new(fault: Fault, at: usize) -> Self {
        Self {
            fault,
            at,
            state: Mutex::default(),
            gate: Mutex::default(),
        }
    }

    pub(super) fn waiting(at: usize, reached: Sender<()>, go: Receiver<()>) -> Self {
        Self {
            gate: Mutex::new(Some((reached, go))),
            ..Self::new(Fault::Waits, at)
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was done, a line each.
    pub(super) fn steps(&self) -> Vec<String> {
        self.state().steps.clone()
    }

    /// One more step; whether it is to be done.
    fn step(&self, what: &str, path: &Path) -> io::Result<()> {
        let number = {
            let mut state = self.state();
            state.steps.push(format!("{what} {}", path.display()));
            state.steps.len() - 1
        };
        let failure = || Err(io::Error::other("injected"));
        match self.fault {
            Fault::Fails if number == self.at => failure(),
            Fault::Ends if number >= self.at => failure(),
            Fault::Waits if number == self.at => {
                let gate = self.gate.lock().unwrap().take();
                let (reached, go) = gate.unwrap();
                reached.send(()).unwrap();
                go.recv().unwrap();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes back what was not brought to the disk.
    pub(super) fn cut_power(&self, loss: Loss) {
        let mut state = self.state();
        if matches!(loss, Loss::Contents | Loss::Both) {
            for path in state.contents.drain(..).filter(|path| path.exists()) {
                System.remove(&path).unwrap();
                fs::write(&path, b"").unwrap();
            }
        }
        if matches!(loss, Loss::Names | Loss::Both) {
            for (from, to, before) in state.names.drain(..).rev() {
                if to.exists() {
                    fs::rename(&to, &from).unwrap();
                }
                if let Some(before) = before {
                    fs::write(&to, before).unwrap();
                }
            }
        }
    }
}

impl Files for Faulty {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step("make folder", path)?;
        System.make_folder(path)
    }

    fn lock(&self, path: &Path) -> Result<File, TryLockError> {
        self.step("lock", path).map_err(TryLockError::Error)?;
        System.lock(path)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        self.step("open", path)?;
        System.open(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let going = self.step("write", path);
        self.state().contents.push(path.to_owned());
        match going {
            Ok(()) => System.write(path, bytes),
            Err(error) => {
                let is_first = self.state().steps.len() - 1 == self.at;
                if is_first {
                    System.write(path, &bytes[..bytes.len() / 2])?;
                }
                Err(error)
            }
        }
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.step("sync", path)?;
        self.state().contents.retain(|unsynced| unsynced != path);
        System.sync(path)
    }

    fn protect(&self, path: &Path) -> io::Result<()> {
        self.step("protect", path)?;
        System.protect(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename", to)?;
        let before = fs::read(to).ok();
        System.rename(from, to)?;
        let mut state = self.state();
        for path in state.contents.iter_mut().filter(|path| *path == from) {
            to.clone_into(path);
        }
        state.names.push((from.to_owned(), to.to_owned(), before));
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step("sync folder", path)?;
        self.state()
            .names
            .retain(|(_, to, _)| to.parent() != Some(path));
        System.sync_folder(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        self.step("list", path)?;
        System.list(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step("remove", path)?;
        System.remove(path)
    }
}
