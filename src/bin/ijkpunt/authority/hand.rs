//! The register that is worked on, the key that signs, and the clock.

use std::fs;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use console::Term;
use ijkpunt::baseline::Time;
use ijkpunt::register::{Register, Slot};
use ijkpunt::sign::{Signer, SigningKey, What};

use super::words;
use crate::Failure;

#[derive(clap::Args)]
pub(crate) struct Home {
    /// The register
    #[arg(long, short, value_name = "FILE", default_value = "register.ijkpunt")]
    pub(super) register: PathBuf,
    /// The time, instead of the clock's: for rehearsals
    #[arg(long, value_name = "TIME", value_parser = words::time)]
    at: Option<Time>,
    /// What the clock showed when it was first asked: one command has one time.
    #[arg(skip)]
    clock: OnceLock<Time>,
}

#[derive(clap::Args)]
pub(crate) struct Hand {
    #[command(flatten)]
    pub(super) home: Home,
    #[command(flatten)]
    pub(super) key: Key,
}

#[derive(clap::Args)]
pub(crate) struct Key {
    /// The key that signs, as `keygen` wrote it
    #[arg(long, short, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

#[derive(clap::Args)]
pub(crate) struct Passphrase {
    /// A file with the key's passphrase in its first line; without it the terminal asks, or the first line of standard input is it
    #[arg(long, value_name = "FILE")]
    passphrase: Option<PathBuf>,
}

impl Home {
    pub(super) fn now(&self) -> Time {
        let now = || self.at.unwrap_or_else(|| SystemTime::now().into());
        *self.clock.get_or_init(now)
    }

    /// To read it.
    pub(super) fn read(&self) -> Result<Register, Failure> {
        self.exists()?;
        Ok(Register::read(&self.register)?)
    }

    /// To add to it.
    pub(super) fn open(&self) -> Result<Register, Failure> {
        self.exists()?;
        Ok(Register::open(&self.register)?)
    }

    fn exists(&self) -> Result<(), Failure> {
        if self.register.exists() {
            return Ok(());
        }
        let path = self.register.display();
        Err(format!(
            "{path}: there is no register: name it with --register, make one with `ijkpunt authority init create`, or join one with `init join`"
        )
        .into())
    }
}

impl Hand {
    /// Says something in the log of this key; `what` is told where it will stand.
    pub(super) fn say(
        &self,
        register: &mut Register,
        key: &SigningKey,
        what: impl FnOnce(Slot) -> What,
    ) -> Result<(), Failure> {
        register.say(key, self.home.now(), what)?;
        Ok(())
    }

    /// Whose word this key signs.
    pub(super) fn slot(&self, register: &mut Register, key: &SigningKey) -> Result<Slot, Failure> {
        Ok(register.slot(key.public_key().id(), self.home.now())?)
    }
}

impl Key {
    /// A key beside the one of the arguments.
    pub(super) fn of(key: &Path, passphrase: Option<&Path>) -> Self {
        Self {
            key: key.to_owned(),
            passphrase: Passphrase {
                passphrase: passphrase.map(Path::to_owned),
            },
        }
    }

    /// Another key of the same hand: its passphrase stands in the same file, or is asked for.
    pub(super) fn beside(&self, key: &Path) -> Self {
        Self::of(key, self.passphrase.passphrase.as_deref())
    }

    pub(super) fn read(&self) -> Result<SigningKey, Failure> {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", self.key.display());
        let pem = fs::read_to_string(&self.key).map_err(|error| told(&error))?;
        let passphrase = self.passphrase.read(&self.key)?;
        let key = SigningKey::from_pem(&pem, passphrase.as_bytes());
        Ok(key.map_err(|error| told(&error))?)
    }
}

impl Passphrase {
    /// That of a key that is there.
    fn read(&self, of: &Path) -> Result<String, Failure> {
        self.ask(&format!("Passphrase of {}: ", of.display()))
    }

    /// That of a key that is made: a terminal asks twice.
    pub(super) fn choose(&self) -> Result<String, Failure> {
        let passphrase = self.ask("A passphrase for the key: ")?;
        let is_typed = self.passphrase.is_none() && io::stdin().is_terminal();
        if is_typed && self.ask("Once more: ")? != passphrase {
            return Err("the two are not the same: try again".into());
        }
        Ok(passphrase)
    }

    fn ask(&self, question: &str) -> Result<String, Failure> {
        let passphrase = match &self.passphrase {
            Some(path) => {
                let file = fs::read_to_string(path);
                let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
                file.lines().next().unwrap_or_default().to_owned()
            }
            None if io::stdin().is_terminal() => {
                let term = Term::stderr();
                term.write_str(question)?;
                term.read_secure_line()?
            }
            None => {
                let mut line = String::new();
                io::stdin().lock().read_line(&mut line)?;
                line.trim_end_matches(['\r', '\n']).to_owned()
            }
        };
        if passphrase.is_empty() {
            return Err("there is no passphrase: give it in a file with --passphrase, in the terminal, or on standard input".into());
        }
        Ok(passphrase)
    }
}
