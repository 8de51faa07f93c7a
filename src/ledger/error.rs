//! Why a ledger was not read or added to.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::limits::Exceeded;

use super::Reference;

/// A ledger could not be opened, read or added to. What was committed before still is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A file operation failed.
    #[error("{}: {doing}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// SQLite failed for a reason that has no name here, such as a full disk.
    #[error("{}: {doing}: {source}; what was committed before is still there", path.display())]
    Sqlite {
        /// Which file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Where a ledger was to be made, something is.
    #[error("{}: there already, and never overwritten: open it, or create the ledger under another name", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// There is no such file.
    #[error("{}: there is no such file: create a ledger there, or name one that is there", path.display())]
    Missing {
        /// Which file.
        path: PathBuf,
    },
    /// A folder, or something else that is no file.
    #[error("{}: not a file: name the ledger itself", path.display())]
    NotAFile {
        /// What is none.
        path: PathBuf,
    },
    /// An empty file, as it is left where the machine fails while a ledger is made.
    #[error("{}: empty, so it has never held a record: remove it and create the ledger again; if it has held some, put a copy back", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
    /// No SQLite file.
    #[error("{}: not a SQLite file, or its first bytes are damaged: name a ledger, or put a copy back", path.display())]
    NotSqlite {
        /// Which file.
        path: PathBuf,
    },
    /// A SQLite file of another program.
    #[error("{}: a SQLite file of another program (application id {found:#x}): name a ledger", path.display())]
    Foreign {
        /// Which file.
        path: PathBuf,
        /// The application id in it.
        found: i32,
    },
    /// A ledger that this program is too old for.
    #[error("{}: a ledger of version {found}, and this program knows {known}: use a newer one", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: i32,
        /// The version that is known here.
        known: i32,
    },
    /// A ledger for something else.
    #[error("{}: a ledger, but none of kind {expected}: name one that was created as such", path.display())]
    OtherKind {
        /// Which file.
        path: PathBuf,
        /// What it should be.
        expected: &'static str,
    },
    /// The tables, indexes or triggers are not those with which ledgers are created: somebody changed the file, and maybe what is in it.
    #[error("{}: `{what}` is not as ledgers are created, so records may have been changed: put a copy back, and compare it with a head that was kept elsewhere", path.display())]
    Schema {
        /// Which file.
        path: PathBuf,
        /// What is missing, changed or too much.
        what: String,
    },
    /// The file is not as SQLite or this library writes it.
    #[error("{}: damaged ({what}): put a copy back, and verify it", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The first record that is not what was added, or does not stand where it was.
    #[error("{}: record {number} is not as it was added: put a copy back, and verify it", path.display())]
    Record {
        /// Which file.
        path: PathBuf,
        /// Which record.
        number: u64,
    },
    /// A reference's text is not the one that was committed to.
    #[error("{}: the text of reference {reference} is not as it was added: put a copy back, and verify it", path.display())]
    Reference {
        /// Which file.
        path: PathBuf,
        /// Which reference.
        reference: Reference,
    },
    /// A kept value is not as it was kept.
    #[error("{}: a kept value is not as it was kept: derive it from the records anew, or put a copy back", path.display())]
    Kept {
        /// Which file.
        path: PathBuf,
    },
    /// Another process or thread is at it for too long.
    #[error("{}: {doing}: another process or thread has been reading or adding for {seconds} s; try again when it has ended", path.display())]
    Busy {
        /// Which file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Whoever added to it last was interrupted, and this process may not write to set it right.
    #[error("{}: somebody was interrupted while adding to it: open it once as a user who may write to it and its folder", path.display())]
    Unfinished {
        /// Which file.
        path: PathBuf,
    },
    /// It was opened for reading, or may not be written to.
    #[error("{}: cannot be written to: open it by `Ledger::open`, as a user who may write to it and its folder", path.display())]
    ReadOnly {
        /// Which file.
        path: PathBuf,
    },
    /// The stream has a record in this place.
    #[error("this stream has a record in place {place}: read what is there, and add after it")]
    Taken {
        /// Which place.
        place: u64,
    },
    /// A number is larger than a ledger can hold.
    #[error("a ledger holds at most {most} {what}: begin another one")]
    Full {
        /// What of.
        what: &'static str,
        /// How many.
        most: u64,
    },
    /// A body, text or value is too long.
    #[error("{0}; shorten it, or raise the limit")]
    Limit(#[from] Exceeded),
    /// A reference that cannot be kept.
    #[error(
        "a reference is a text of one character or more, without a zero character: write it so"
    )]
    Text,
    /// Something failed in this transaction before, and nothing of it is there.
    #[error("{}: an addition failed, and all of its transaction was taken back: begin again", path.display())]
    RolledBack {
        /// Which file.
        path: PathBuf,
    },
    /// The system gives no randomness.
    #[error(
        "the system gives no randomness, without which a reference could be guessed: try again"
    )]
    NoRandomness,
}

/// What was being done where, for an error of SQLite.
pub(super) fn at(path: &Path, doing: &'static str) -> impl Fn(rusqlite::Error) -> LedgerError {
    move |error| {
        let path = path.to_owned();
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => LedgerError::Busy {
                    path,
                    doing,
                    seconds: super::file::PATIENCE.as_secs(),
                },
                ErrorCode::NotADatabase => LedgerError::NotSqlite { path },
                ErrorCode::DatabaseCorrupt => damaged(path, &error),
                _ if failure.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK => {
                    LedgerError::Unfinished { path }
                }
                ErrorCode::ReadOnly => LedgerError::ReadOnly { path },
                _ => other(path, doing, error),
            },
            // A value of another type than the table's, or not in UTF-8.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::QueryReturnedNoRows
            | rusqlite::Error::Utf8Error(..) => damaged(path, &error),
            _ => other(path, doing, error),
        }
    }
}

fn damaged(path: PathBuf, error: &rusqlite::Error) -> LedgerError {
    let what = error.to_string();
    LedgerError::Damaged { path, what }
}

fn other(path: PathBuf, doing: &'static str, error: rusqlite::Error) -> LedgerError {
    let source = error.into();
    LedgerError::Sqlite {
        path,
        doing,
        source,
    }
}
