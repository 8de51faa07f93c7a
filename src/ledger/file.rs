//! Making and opening the file.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::limits::Limits;

use super::append::Append;
use super::chain::{Chain, Head};
use super::error::{LedgerError, at};
use super::schema::{self, Kind};

/// How long others are waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 10 });

/// A connection to a file of records, to which records are only ever added.
///
/// ```
/// use ijkpunt::ledger::{Kind, Ledger, NewRecord};
///
/// # let path = std::env::temp_dir().join(format!("ijkpunt-ledger-{}", std::process::id()));
/// # let _ = std::fs::remove_file(&path);
/// let mut ledger = Ledger::create(&path, Kind::new("example")?)?;
/// let mut append = ledger.begin()?;
/// append.add(&NewRecord { stream: [1; 32], place: 0, topic: [2; 32], body: b"something that was said" })?;
/// let head = append.commit()?; // give it to others: who has it can tell whether records were taken away
///
/// assert_eq!(ledger.verify(|_, _| ())?, head);
/// assert!(ledger.holds(&head)?);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Ledger {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
    pub(super) limits: Limits,
}

impl Ledger {
    /// Makes a ledger without records, and opens it. On Unix only its owner may read it, since it may hold references to persons.
    ///
    /// # Errors
    /// [`LedgerError::Exists`] where something is already there; [`LedgerError::Io`] or [`LedgerError::Sqlite`] where it cannot be written.
    ///
    /// # Cost
    /// A few writes that are brought to the disk.
    pub fn create(path: impl AsRef<Path>, kind: Kind) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(file) => drop(file),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(LedgerError::Exists { path: path.into() });
            }
            Err(error) => return Err(io_at(path, "creating it")(error)),
        }
        let written = write(path, kind).map_err(at(path, "creating it"));
        if written.is_err() {
            let _ = fs::remove_file(path); // made above, and empty
        }
        written?;
        Self::open(path, kind)
    }

    /// Opens a ledger to read it and to add to it.
    ///
    /// # Errors
    /// [`LedgerError`]: it is not there, no ledger of this kind, of a newer version, or damaged; or its tables and triggers are not as they were
    /// created. The records are not looked at: [`Ledger::verify`] does.
    ///
    /// # Cost
    /// Reading a page or two. What an interrupted process left unfinished is taken back first.
    pub fn open(path: impl AsRef<Path>, kind: Kind) -> Result<Self, LedgerError> {
        Self::opened(path.as_ref(), kind, false)
    }

    /// Opens a ledger for reading only.
    ///
    /// # Errors
    /// As [`Ledger::open`]; [`LedgerError::Unfinished`] where somebody was interrupted while adding, and this process may not write.
    ///
    /// # Cost
    /// That of [`Ledger::open`].
    pub fn read(path: impl AsRef<Path>, kind: Kind) -> Result<Self, LedgerError> {
        Self::opened(path.as_ref(), kind, true)
    }

    /// The same, with these limits for what is added.
    #[must_use]
    pub fn within(mut self, limits: &Limits) -> Self {
        self.limits = limits.clone();
        self
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins to add: one transaction, for which this waits until nobody else adds.
    ///
    /// Commit after some thousands of records: what does not fit into memory is written before the commit, and then readers wait for it.
    ///
    /// # Errors
    /// [`LedgerError::Busy`] where another process or thread adds for more than 10 s; [`LedgerError::ReadOnly`].
    ///
    /// # Cost
    /// Taking a lock, and reading the last record.
    pub fn begin(&mut self) -> Result<Append<'_>, LedgerError> {
        Append::begin(self)
    }

    /// How many records there are, and what they come to.
    ///
    /// # Errors
    /// [`LedgerError`]: it cannot be read.
    ///
    /// # Cost
    /// Reading the last record: microseconds.
    pub fn head(&self) -> Result<Head, LedgerError> {
        let sql = "SELECT number, chain FROM records ORDER BY number DESC LIMIT 1";
        let last = self.connection.prepare_cached(sql).and_then(|mut last| {
            let head = last.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
            head.optional()
        });
        let Some((number, chain)) = last.map_err(at(&self.path, "reading the last record"))? else {
            let chain = Chain::before_all(self.kind);
            return Ok(Head { records: 0, chain });
        };
        let records = self.number(number)?;
        let chain = Chain::from_bytes(chain);
        Ok(Head { records, chain })
    }

    /// A number that is never below zero.
    pub(super) fn number(&self, number: i64) -> Result<u64, LedgerError> {
        u64::try_from(number).map_err(|_| self.damaged("a number below zero"))
    }

    pub(super) fn damaged(&self, what: &str) -> LedgerError {
        let (path, what) = (self.path.clone(), what.to_owned());
        LedgerError::Damaged { path, what }
    }

    fn opened(path: &Path, kind: Kind, is_read_only: bool) -> Result<Self, LedgerError> {
        // The file itself is opened by SQLite alone: by closing it, one would drop the locks of all connections in this process.
        let metadata = fs::metadata(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => LedgerError::Missing { path: path.into() },
            _ => io_at(path, "looking at it")(error),
        })?;
        let path = path.to_owned();
        match (metadata.is_file(), metadata.len()) {
            (false, _) => return Err(LedgerError::NotAFile { path }),
            (true, 0) => return Err(LedgerError::Empty { path }),
            // SQLite takes a file of one byte for an empty one.
            (true, 1..SMALLEST_BYTES) => return Err(LedgerError::NotSqlite { path }),
            (true, _) => {}
        }
        let connection = connect(&path).map_err(at(&path, "opening it"))?;
        let ledger = Self {
            connection,
            path,
            kind,
            limits: Limits::default(),
        };
        ledger.recognise()?;
        if is_read_only {
            let set = ledger.connection.pragma_update(None, "query_only", true);
            set.map_err(at(&ledger.path, "opening it"))?;
        }
        Ok(ledger)
    }

    /// Finds that it is a ledger, of this kind and version, with all its triggers.
    fn recognise(&self) -> Result<(), LedgerError> {
        let path = self.path.clone();
        let at = at(&self.path, "opening it");
        let pragma = |name| {
            self.connection
                .pragma_query_value(None, name, |row| row.get(0))
        };
        let found: i32 = pragma("application_id").map_err(&at)?;
        if found != schema::APPLICATION {
            return Err(LedgerError::Foreign { path, found });
        }
        let found: i32 = pragma("user_version").map_err(&at)?;
        if found > schema::VERSION {
            let known = schema::VERSION;
            return Err(LedgerError::Newer { path, found, known });
        }
        let mut what = schema::difference(&self.connection).map_err(&at)?;
        if found < schema::VERSION {
            what = Some("user_version".to_owned());
        }
        let mode = self
            .connection
            .pragma_query_value(None, "journal_mode", |row| {
                Ok(row.get_ref(0)?.as_str()? == "delete")
            });
        if !mode.map_err(&at)? {
            what = Some("journal_mode".to_owned());
        }
        if let Some(what) = what {
            return Err(LedgerError::Schema { path, what });
        }
        let is_kind = self
            .connection
            .query_row("SELECT kind FROM about", [], |row| {
                Ok(row.get_ref(0)?.as_str()? == self.kind.name())
            });
        if !is_kind.map_err(&at)? {
            let expected = self.kind.name();
            return Err(LedgerError::OtherKind { path, expected });
        }
        Ok(())
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Ledger");
        told.field("path", &self.path).field("kind", &self.kind);
        told.finish_non_exhaustive()
    }
}

fn write(path: &Path, kind: Kind) -> rusqlite::Result<()> {
    let connection = connect(path)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    schema::write(&connection, kind)?;
    connection.execute_batch("COMMIT")
}

/// A connection that does not trust the file.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Also for reading: what an interrupted process left must be taken back before it is read. Where the file may not be written
    // to, SQLite opens it for reading.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "recursive_triggers", true)?;
    connection.pragma_update(None, "synchronous", "EXTRA")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // Answers with what it is from now on.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    Ok(connection)
}

fn io_at(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> LedgerError {
    let path = path.to_owned();
    move |source| LedgerError::Io {
        path,
        doing,
        source,
    }
}

/// Bytes of a page.
const PAGE_BYTES: i64 = 4096;

/// Memory for pages, of each connection.
const CACHE_KIB: i64 = 32 * 1024;

/// The length of the smallest page, of which a SQLite file has one or more.
const SMALLEST_BYTES: u64 = 512;
