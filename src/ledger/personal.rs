//! Texts about persons, which stand beside the chain and can be erased.
//!
//! SQLite zeroes what is deleted, but not the copies that it leaves where it moves rows from page to page. So no row ever moves: each is
//! added behind the last one, and keeps its place and its length when its bytes become zero.

use std::fmt;

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::limits::Resource;

use super::append::Append;
use super::chain::hex;
use super::error::{LedgerError, at};
use super::file::Ledger;

/// Stands in a record for a text about a person: a hash of it with a random salt, from which it cannot be guessed once the salt is erased.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference([u8; 32]);

impl Reference {
    /// The reference that was once made into these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to stand in a body.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// `salted` begins with the salt, and is filled up with zeros, of which the text has none.
    fn of(salted: &[u8]) -> Self {
        let mut hash = Sha256::new_with_prefix(b"ijkpunt ledger/1 reference\n");
        hash.update(salted);
        Self(hash.finalize().into())
    }
}

impl Append<'_> {
    /// Keeps a text about a person beside the records, in the same transaction, and gives what stands in a body for it. The same text twice gives two
    /// references. Nothing chained depends on the text being there.
    ///
    /// # Errors
    /// [`LedgerError::Text`], [`LedgerError::Limit`] (`record_bytes`) and [`LedgerError::NoRandomness`], after which one may go on; any other means that
    /// the transaction is taken back.
    ///
    /// # Cost
    /// Some microseconds, and the text's bytes in the file, with 32 to 95 more, which stay when it is erased.
    pub fn refer(&mut self, text: &str) -> Result<Reference, LedgerError> {
        if text.is_empty() || text.contains('\0') {
            return Err(LedgerError::Text);
        }
        self.limits
            .check(Resource::RecordBytes, text.len() as u64)?;
        let mut salted = vec![0; (SALT_BYTES + text.len()).next_multiple_of(STEP_BYTES)];
        let (salt, rest) = salted.split_at_mut(SALT_BYTES);
        getrandom::fill(salt).map_err(|_| LedgerError::NoRandomness)?;
        for (byte, of_text) in rest.iter_mut().zip(text.bytes()) {
            *byte = of_text;
        }
        let reference = Reference::of(&salted);
        self.run("keeping a reference", |connection| {
            let mut keep = connection.prepare_cached(
                "INSERT INTO personal (number, commitment, salted) \
                 SELECT coalesce(max(number), 0) + 1, ?1, ?2 FROM personal",
            )?;
            keep.execute(params![reference.0, salted])
        })?;
        Ok(reference)
    }
}

impl Ledger {
    /// The text for which a reference stands; none where it was erased, or was never here.
    ///
    /// # Errors
    /// [`LedgerError::Reference`] where it is not what was referred to; [`LedgerError`]: it cannot be read.
    ///
    /// # Cost
    /// Some microseconds.
    pub fn reference(&self, reference: &Reference) -> Result<Option<String>, LedgerError> {
        let sql = "SELECT salted FROM personal WHERE commitment = ?1";
        let salted = self.connection.prepare_cached(sql).and_then(|mut salted| {
            let salted = salted.query_row([reference.0], |row| row.get(0));
            salted.optional()
        });
        let salted: Option<Vec<u8>> = salted.map_err(at(&self.path, "reading a reference"))?;
        let Some(salted) = salted.filter(|salted| !is_erased(salted)) else {
            return Ok(None);
        };
        self.check(*reference, &salted)?;
        let text = salted.get(SALT_BYTES..).unwrap_or_default();
        let text = String::from_utf8_lossy(text);
        Ok(Some(text.trim_end_matches('\0').to_owned()))
    }

    /// Erases the text for which a reference stands, and its salt: neither is in the file any more, or in one beside it. Says whether it was still there. The
    /// chain stays as it is.
    ///
    /// Copies of the file, and blocks that the file system has not yet used again, may still hold it.
    ///
    /// # Errors
    /// As [`Ledger::begin`] and [`Append::commit`].
    ///
    /// # Cost
    /// That of a commit.
    pub fn erase(&mut self, reference: &Reference) -> Result<bool, LedgerError> {
        let mut append = self.begin()?;
        let erased = append.run("erasing a reference", |connection| {
            connection.execute(
                "UPDATE personal SET salted = zeroblob(length(salted)) \
                 WHERE commitment = ?1 AND salted <> zeroblob(length(salted))",
                [reference.0],
            )
        })?;
        append.commit()?;
        Ok(erased > 0)
    }

    /// Compares all texts that are still there with their references.
    pub(super) fn verify_personal(&self) -> Result<(), LedgerError> {
        let at = at(&self.path, "reading references");
        let sql = "SELECT commitment, salted FROM personal ORDER BY number";
        let mut personal = self.connection.prepare(sql).map_err(&at)?;
        let mut rows = personal.query([]).map_err(&at)?;
        while let Some(row) = rows.next().map_err(&at)? {
            let reference = Reference(super::record::bytes_32(row, 0).map_err(&at)?);
            let salted = row.get_ref(1).and_then(|salted| Ok(salted.as_blob()?));
            let salted = salted.map_err(&at)?;
            if !is_erased(salted) {
                self.check(reference, salted)?;
            }
        }
        Ok(())
    }

    fn check(&self, reference: Reference, salted: &[u8]) -> Result<(), LedgerError> {
        if Reference::of(salted) == reference {
            return Ok(());
        }
        let path = self.path.clone();
        Err(LedgerError::Reference { path, reference })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({self})")
    }
}

fn is_erased(salted: &[u8]) -> bool {
    salted.iter().all(|byte| *byte == 0)
}

const SALT_BYTES: usize = 32;

/// Lengths are told in these steps, so that what is left tells little of the text.
const STEP_BYTES: usize = 64;
