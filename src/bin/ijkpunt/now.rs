//! The time that a command takes for now.

use std::sync::OnceLock;
use std::time::SystemTime;

use ijkpunt::baseline::Time;

use crate::words;

/// One command has one time.
#[derive(clap::Args)]
pub(crate) struct Now {
    /// The time, instead of the clock's: for what happened earlier, and for rehearsals
    #[arg(long, value_name = "TIME", value_parser = words::time)]
    at: Option<Time>,
    /// What the clock showed when it was first asked.
    #[arg(skip)]
    clock: OnceLock<Time>,
}

impl Now {
    pub(crate) fn now(&self) -> Time {
        let now = || self.at.unwrap_or_else(|| SystemTime::now().into());
        *self.clock.get_or_init(now)
    }
}
