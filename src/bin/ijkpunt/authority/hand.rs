//! The register that is worked on, the key that signs, and the clock.

use std::path::PathBuf;

use ijkpunt::baseline::Time;
use ijkpunt::register::{Register, Slot};
use ijkpunt::sign::{Signer, SigningKey, What};

use crate::Failure;
pub(super) use crate::keys::Key;
use crate::now::Now;

#[derive(clap::Args)]
pub(crate) struct Home {
    /// The register
    #[arg(long, short, value_name = "FILE", default_value = "register.ijkpunt")]
    pub(super) register: PathBuf,
    #[command(flatten)]
    now: Now,
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
        self.now.now()
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
