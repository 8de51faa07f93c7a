//! The list of all lines, as merging needs it.

use std::collections::HashMap;

use crate::baseline::AuthorityId;
use crate::ledger::{Append, Ledger};
use crate::sign::KeyId;

use super::lines::LineRow;
use super::{RegisterError, pages};

/// Where it is kept.
const LINES: &[u8] = b"lines";

/// All lines in the order in which they came, so that a new one changes the last page only; found by log and by authority, since anybody can
/// add logs, and must not make the merging of others slow.
#[derive(Default)]
pub(super) struct List {
    rows: Vec<LineRow>,
    of_log: HashMap<KeyId, Vec<usize>>,
    of_authority: HashMap<AuthorityId, Vec<usize>>,
    /// The first rows, so many, are as they are kept.
    unchanged: usize,
}

/// All lines, in the order of log and line.
pub(super) fn rows(ledger: &Ledger) -> Result<Vec<LineRow>, RegisterError> {
    let mut rows: Vec<LineRow> = pages::read(ledger, LINES)?;
    rows.sort_by_key(|row| (row.log, row.line));
    Ok(rows)
}

/// The lines of a log, of lines in the order of log and line.
pub(super) fn of_log(rows: &[LineRow], log: KeyId) -> &[LineRow] {
    let begin = rows.partition_point(|row| row.log < log);
    let rows = rows.get(begin..).unwrap_or_default();
    let end = rows.partition_point(|row| row.log == log);
    rows.get(..end).unwrap_or_default()
}

impl List {
    pub(super) fn read(ledger: &Ledger) -> Result<Self, RegisterError> {
        let rows: Vec<LineRow> = pages::read(ledger, LINES)?;
        let mut list = Self {
            unchanged: rows.len(),
            ..Self::default()
        };
        rows.into_iter().for_each(|row| list.push(row));
        Ok(list)
    }

    /// Those of a log, in their order.
    pub(super) fn of_log(&self, log: KeyId) -> impl Iterator<Item = &LineRow> {
        let indices = self.of_log.get(&log).into_iter().flatten();
        indices.filter_map(|index| self.rows.get(*index))
    }

    /// Those of the logs that are opened in the name of an authority.
    pub(super) fn of_authority(&self, authority: &AuthorityId) -> impl Iterator<Item = &LineRow> {
        let indices = self.of_authority.get(authority).into_iter().flatten();
        indices.filter_map(|index| self.rows.get(*index))
    }

    pub(super) fn logs(&self) -> impl Iterator<Item = KeyId> {
        let first = self.rows.iter().filter(|row| row.line == 0);
        first.map(|row| row.log)
    }

    pub(super) fn push(&mut self, row: LineRow) {
        let index = self.rows.len();
        self.of_log.entry(row.log).or_default().push(index);
        let of_authority = self.of_authority.entry(row.authority.clone());
        of_authority.or_default().push(index);
        self.rows.push(row);
    }

    /// Takes the last one away, which is not kept yet.
    pub(super) fn pop(&mut self) {
        if let Some(row) = self.rows.pop() {
            if let Some(of_log) = self.of_log.get_mut(&row.log) {
                of_log.pop();
            }
            if let Some(of_authority) = self.of_authority.get_mut(&row.authority) {
                of_authority.pop();
            }
        }
    }

    /// Remembers from which size on the checkpoints of a log contradict it.
    pub(super) fn contradict(&mut self, log: KeyId, at: Option<u64>) {
        let first = self.of_log.get(&log).and_then(|of| of.first().copied());
        if let Some(index) = first
            && let Some(row) = self.rows.get_mut(index)
            && row.contradicted != at
        {
            row.contradicted = at;
            self.unchanged = self.unchanged.min(index);
        }
    }

    pub(super) fn keep(&mut self, append: &mut Append<'_>) -> Result<(), RegisterError> {
        if self.unchanged < self.rows.len() {
            pages::keep(append, LINES, &self.rows, self.unchanged)?;
            self.unchanged = self.rows.len();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::{Signer, SigningKey};

    fn row(number: u8, line: u32) -> LineRow {
        LineRow {
            log: SigningKey::from_seed(&[number; 32]).public_key().id(),
            line,
            parent: line,
            from: 0,
            begins: 0,
            authority: format!("x{number}-police").parse().unwrap(),
            state: "XA".parse().unwrap(),
            contradicted: None,
        }
    }

    #[test]
    fn what_is_taken_away_is_found_no_more_nor_what_comes_in_its_place() {
        let mut list = List::default();
        list.push(row(1, 0));
        list.push(row(1, 1));
        list.pop();
        list.push(row(2, 0));
        for number in [1, 2] {
            let one = row(number, 0);
            let of_log: Vec<_> = list
                .of_log(one.log)
                .map(|row| (row.log, row.line))
                .collect();
            assert_eq!(of_log, [(one.log, 0)]);
            let of_authority = list.of_authority(&one.authority);
            let of_authority: Vec<_> = of_authority.map(|row| (row.log, row.line)).collect();
            assert_eq!(of_authority, [(one.log, 0)]);
        }
    }
}
