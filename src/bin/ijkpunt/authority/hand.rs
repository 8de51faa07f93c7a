//! The register that is worked on, the key that signs, and the clock.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::SystemTime;

use ijkpunt::baseline::Time;
use ijkpunt::register::{Register, Slot};
use ijkpunt::sign::{Signer, SigningKey, What};

use super::words;
use crate::Failure;
pub(super) use crate::keys::Key;

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
