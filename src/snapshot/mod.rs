//! A baseline as one file, used where it lies.
//!
//! In: entries with their hashes, verdicts and policy, as a [`Draft`]; or the bytes of a file. Out: a [`Snapshot`], which is searched without being
//! unpacked. The same content gives the same bytes, for every authority. Nothing of a damaged file is used: what
//! later code relies on is checked when it is opened, in the order of the format, and an error says which section, which byte, what was expected and
//! what was found.
//!
//! A snapshot holds no signatures and no reasons, no thumbnails and no addresses: it says what to look for, and who said so.
//!
#![doc = include_str!("FORMAT.md")]

mod again;
mod delta;
mod draft;
mod entry;
mod error;
mod folder;
mod head;
mod live;
mod mapped;
mod merge;
mod record;
mod records;
mod rows;
#[expect(clippy::module_inception, reason = "named for what it holds")]
mod snapshot;
mod strings;
mod table;

use std::fmt;

pub use again::Audit;
pub use delta::{Delta, DeltaError};
pub use draft::{Draft, DraftError};
pub use entry::{NewEntry, Print};
pub use error::{Damage, OpenError};
pub use folder::{
    Edition, Folder, FolderError, Installed, Suspender, Suspensions, SuspensionsError, Switched,
    Upkeep, replace_file,
};
#[cfg(feature = "authority")]
pub(crate) use folder::{above, sync_name};
pub use head::Kind as Section;
pub use live::Live;
pub use record::{Log, Record, Said};
pub use rows::Row;
pub use snapshot::Snapshot;

/// The version of the format that is written, and the only one that there is so far. Every later version of this crate reads it.
pub const VERSION: u32 = 1;

/// Which snapshot it is: the BLAKE3 digest of its head, which holds those of all sections.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id([u8; 32]);

impl Id {
    fn of(head: &[u8]) -> Self {
        Self(*blake3::hash(head).as_bytes())
    }

    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

/// 64 hexadecimal digits.
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
