//! Lists in which the breaker switches entries off.

use std::fmt;

use crate::baseline::{EntryId, Text};
use crate::snapshot::{Folder, Live, Suspender, Switched};

/// Something in which entries can be switched off: what a screener looks into.
pub trait Switch: Send + Sync {
    /// Switches an entry off, now and in whatever is installed later; what is off already stays so.
    ///
    /// # Errors
    /// Why it could not be, in words.
    fn switch_off(&self, entry: EntryId, by: &Suspender, why: &Switched) -> Result<(), String>;

    /// Lifts that again; the entry stays off where somebody else has switched it off.
    ///
    /// # Errors
    /// Why it could not be, in words.
    fn switch_on(&self, entry: EntryId, by: &Suspender, why: &Switched) -> Result<(), String>;
}

impl Switch for Live {
    fn switch_off(&self, entry: EntryId, by: &Suspender, why: &Switched) -> Result<(), String> {
        self.suspend(entry, by, why.clone())
            .map(|_| ())
            .map_err(|error| error.to_string())
    }

    fn switch_on(&self, entry: EntryId, by: &Suspender, why: &Switched) -> Result<(), String> {
        self.resume(entry, by, why.clone())
            .map(|_| ())
            .map_err(|error| error.to_string())
    }
}

impl Switch for Folder {
    fn switch_off(&self, entry: EntryId, by: &Suspender, why: &Switched) -> Result<(), String> {
        self.suspend(entry, by, why.clone())
            .map(|_| ())
            .map_err(|error| error.to_string())
    }

    fn switch_on(&self, entry: EntryId, by: &Suspender, why: &Switched) -> Result<(), String> {
        self.resume(entry, by, why.clone())
            .map(|_| ())
            .map_err(|error| error.to_string())
    }
}

/// The lists that a file switches entries off in, by the names that screeners know them by.
#[derive(Default)]
pub(super) struct Switches(pub(super) Vec<(Box<str>, Box<dyn Switch>)>);

impl Switches {
    pub(super) fn of(&self, list: &str) -> impl Iterator<Item = &dyn Switch> {
        let all = self.0.iter().filter(move |(name, _)| **name == *list);
        all.map(|(_, switch)| &**switch)
    }
}

impl fmt::Debug for Switches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// As whom the breaker switches entries off.
pub(super) fn breaker() -> Option<Suspender> {
    Text::new("breaker").ok()
}
