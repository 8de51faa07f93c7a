//! Keys in files, their passphrases, and files that are written once.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use console::Term;
use ijkpunt::sign::SigningKey;

use crate::Failure;

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

impl Key {
    #[cfg(feature = "authority")]
    /// A key beside the one of the arguments.
    pub(crate) fn of(key: &Path, passphrase: Option<&Path>) -> Self {
        Self {
            key: key.to_owned(),
            passphrase: Passphrase {
                passphrase: passphrase.map(Path::to_owned),
            },
        }
    }

    #[cfg(feature = "authority")]
    /// Another key of the same hand: its passphrase stands in the same file, or is asked for.
    pub(crate) fn beside(&self, key: &Path) -> Self {
        Self::of(key, self.passphrase.passphrase.as_deref())
    }

    pub(crate) fn read(&self) -> Result<SigningKey, Failure> {
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
    pub(crate) fn choose(&self) -> Result<String, Failure> {
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

/// Nothing is overwritten: whoever means to has to move the old file away.
pub(crate) fn check_new(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Err(is_there(path)),
        Err(_) => Ok(()),
    }
}

fn is_there(path: &Path) -> Failure {
    let path = path.display();
    format!(
        "{path} is there already, and nothing is overwritten: give another name, or move it away"
    )
    .into()
}

/// Writes a file that is not there yet; a secret one for its owner's eyes only, where the system knows owners.
pub(crate) fn write_new(path: &Path, bytes: &[u8], is_secret: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if is_secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = is_secret;
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => is_there(path),
        _ => format!("{}: {error}", path.display()).into(),
    })
}
