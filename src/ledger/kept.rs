//! Small values beside the records, which may change.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::limits::Resource;

use super::append::Append;
use super::error::{LedgerError, at};
use super::file::Ledger;

impl Append<'_> {
    /// Keeps a value that is derived from the records under this key, in place of the one before, and in the same transaction. It is not chained,
    /// and nothing of a person should stand in it.
    ///
    /// # Errors
    /// [`LedgerError::Limit`] (`record_bytes`, of key and value together), after which one may go on; any other means that the transaction is taken back.
    ///
    /// # Cost
    /// Some microseconds.
    pub fn keep(&mut self, key: &[u8], value: &[u8]) -> Result<(), LedgerError> {
        let bytes = key.len().saturating_add(value.len());
        self.limits.check(Resource::RecordBytes, bytes as u64)?;
        self.run("keeping a value", |connection| {
            let mut keep = connection.prepare_cached(
                "INSERT INTO kept (key, value, digest) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value, digest = excluded.digest",
            )?;
            keep.execute(params![key, value, digest(key, value)])
        })?;
        Ok(())
    }

    /// Keeps no value under this key any more, if one was kept.
    ///
    /// # Errors
    /// [`LedgerError`]: the transaction is taken back.
    ///
    /// # Cost
    /// Some microseconds.
    pub fn keep_no_more(&mut self, key: &[u8]) -> Result<(), LedgerError> {
        self.run("deleting a kept value", |connection| {
            let mut delete = connection.prepare_cached("DELETE FROM kept WHERE key = ?1")?;
            delete.execute([key])
        })?;
        Ok(())
    }
}

impl Ledger {
    /// The value that was kept last under this key.
    ///
    /// # Errors
    /// [`LedgerError::Kept`] where it is not what was kept; [`LedgerError`]: it cannot be read.
    ///
    /// # Cost
    /// Some microseconds; the value is copied.
    pub fn kept(&self, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        let sql = "SELECT value, digest FROM kept WHERE key = ?1";
        let found = self.connection.prepare_cached(sql).and_then(|mut kept| {
            let found = kept.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)));
            found.optional()
        });
        let found: Option<(Vec<u8>, Vec<u8>)> =
            found.map_err(at(&self.path, "reading a kept value"))?;
        match found {
            Some((value, made)) if made != digest(key, &value) => Err(self.not_kept()),
            found => Ok(found.map(|(value, _)| value)),
        }
    }

    /// Calls `visit` with each key that begins so and its value, in the order of the keys, until it breaks off: all as they were at one moment.
    ///
    /// # Errors
    /// [`LedgerError::Kept`] where a value is not what was kept; [`LedgerError`]: one cannot be read.
    ///
    /// # Cost
    /// Reading and digesting them: some hundred megabytes a second. Nothing is copied.
    pub fn each_kept<B>(
        &self,
        prefix: &[u8],
        mut visit: impl FnMut(&[u8], &[u8]) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, LedgerError> {
        let at = at(&self.path, "reading kept values");
        let sql = "SELECT key, value, digest FROM kept WHERE key >= ?1 ORDER BY key";
        let mut kept = self.connection.prepare_cached(sql).map_err(&at)?;
        let mut rows = kept.query([prefix]).map_err(&at)?;
        while let Some(row) = rows.next().map_err(&at)? {
            let bytes = |column| row.get_ref(column)?.as_blob().map_err(Into::into);
            let (key, value) = (bytes(0).map_err(&at)?, bytes(1).map_err(&at)?);
            if !key.starts_with(prefix) {
                break;
            }
            if bytes(2).map_err(&at)? != digest(key, value) {
                return Err(self.not_kept());
            }
            if let ControlFlow::Break(with) = visit(key, value) {
                return Ok(ControlFlow::Break(with));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Compares all that is kept with its digests.
    pub(super) fn verify_kept(&self) -> Result<(), LedgerError> {
        self.each_kept(b"", |_, _| ControlFlow::<()>::Continue(()))
            .map(|_| ())
    }

    fn not_kept(&self) -> LedgerError {
        let path = self.path.clone();
        LedgerError::Kept { path }
    }
}

fn digest(key: &[u8], value: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"ijkpunt ledger/1 kept\n");
    hash.update((key.len() as u64).to_le_bytes());
    hash.update(key);
    hash.update(value);
    hash.finalize().into()
}
