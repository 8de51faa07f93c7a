//! Rows put together to a list: entries numbered as they are met.

use std::collections::HashMap;

use crate::hash::Digest;

use super::list::List;
use super::reading::{Problem, Reading};
use super::row::{Code, ListEntry, NewRow, Profile, Row};

/// A list in the making.
#[derive(Default)]
pub(super) struct Assembly {
    entries: Vec<ListEntry>,
    numbers: HashMap<Box<str>, u32>,
    rows: Vec<Row>,
}

impl Assembly {
    pub(super) fn add(&mut self, row: &NewRow) -> Result<(), Problem> {
        self.add_all(&row.id, &[row.code], row)
    }

    /// Adds several hashes of one entry; what else `row` says holds for each of them.
    pub(super) fn add_all(
        &mut self,
        id: &str,
        codes: &[Code],
        row: &NewRow,
    ) -> Result<(), Problem> {
        let id = trimmed(id);
        check_text(id, Problem::Id)?;
        if id.is_empty() {
            return Err(Problem::Id);
        }
        let label = trimmed(row.label.as_deref().unwrap_or_default());
        check_text(label, Problem::Label)?;
        check_place(codes, row)?;
        let entry = self.entry(id);
        self.rows.extend(codes.iter().map(|&code| Row {
            code,
            entry,
            quality: row.quality,
            profile: match code {
                Code::Pdq(_) => row.profile,
                Code::Digest(_) => Profile::Unstated,
            },
            part: match code {
                Code::Pdq(_) => row.part,
                Code::Digest(_) => None,
            },
            shown: match code {
                Code::Pdq(_) => row.shown,
                Code::Digest(_) => None,
            },
            label: (!label.is_empty()).then(|| label.into()),
        }));
        Ok(())
    }

    /// The number of the entry with this id, a new one where there is none.
    fn entry(&mut self, id: &str) -> u32 {
        if let Some(&number) = self.numbers.get(id) {
            return number;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rows, and so entries, are limited; a larger limit meets memory first"
        )]
        let number = self.entries.len() as u32;
        self.entries.push(ListEntry { id: id.into() });
        self.numbers.insert(id.into(), number);
        number
    }

    pub(super) fn finish(self, digest: Digest, reading: Reading) -> List {
        let perceptual = self.rows.iter().filter(|row| row.pdq().is_some());
        List {
            profile: Profile::common(perceptual.map(|row| row.profile)),
            windows: self.rows.iter().filter(|row| row.part.is_some()).count(),
            frames: self.rows.iter().filter(|row| row.shown.is_some()).count(),
            entries: self.entries,
            rows: self.rows,
            digest,
            reading,
        }
    }
}

/// Without white space at the ends, as a file would give it back.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace())
}

fn check_text(text: &str, problem: Problem) -> Result<(), Problem> {
    if text.len() > MOST_BYTES || text.chars().any(char::is_control) {
        return Err(problem);
    }
    Ok(())
}

/// A part, the profile of windows and a perceptual hash: all three, or neither of the first two. A frame has the hash alone.
fn check_place(codes: &[Code], row: &NewRow) -> Result<(), Problem> {
    let is_perceptual = codes.iter().any(|code| matches!(code, Code::Pdq(_)));
    if row.shown.is_some() {
        return match (row.profile, row.part) {
            _ if !is_perceptual => Err(Problem::ShownOfDigest),
            (Profile::Windows, _) | (_, Some(_)) => Err(Problem::ShownOfWindow),
            _ => Ok(()),
        };
    }
    match (row.profile, row.part) {
        (Profile::Windows, None) => Err(Problem::NoPart),
        (_, Some(_)) if !is_perceptual => Err(Problem::PartOfDigest),
        (Profile::Windows, Some(_)) | (_, None) => Ok(()),
        (_, Some(_)) => Err(Problem::PartOfProfile),
    }
}

/// Bytes of an id or a label: a path fits.
const MOST_BYTES: usize = 4096;
