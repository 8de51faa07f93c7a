//! Cases as they stand, kept beside the chain in pages, so that nothing has to be made anew from all records.
//!
//! Everything here follows from the records; [`Reviews::rebuild`](super::Reviews::rebuild) makes it from them, and [`Reviews::verify`](super::Reviews::verify)
//! compares.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;

use serde::de::DeserializeOwned;

use crate::ledger::{Append, Ledger};

use super::case::Case;
use super::error::ReviewError;
use super::event::EntryName;
use super::tally::Tallies;

/// How many cases lie in one page: what one decision writes again.
const PAGE: u32 = 64;
/// How many names of entries do.
const NAMES_PAGE: u32 = 128;

/// What keys of pages begin with.
const CASES: &[u8; 5] = b"cases";
const NAMES: &[u8; 5] = b"names";

/// Pages that a transaction has changed.
#[derive(Debug, Default)]
pub(super) struct Pages {
    cases: BTreeMap<u32, Vec<Case>>,
    /// The cases that were put into them.
    put: BTreeSet<u32>,
    /// New names, by their numbers.
    pub(super) names: Vec<(u32, EntryName)>,
}

/// What is found by something other than a number, in memory.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// Up to which record it knows.
    pub(super) records: u64,
    names: Vec<EntryName>,
    numbers: HashMap<EntryName, u32>,
    subjects: HashMap<[u8; 16], Vec<u32>>,
    pub(super) tallies: Tallies,
}

impl Pages {
    pub(super) fn case(
        &mut self,
        ledger: &Ledger,
        number: u32,
    ) -> Result<Option<Case>, ReviewError> {
        let (page, place) = place(number);
        Ok(self.page(ledger, page)?.get(place).cloned())
    }

    /// Puts a case where it was, or behind the last one.
    pub(super) fn put(
        &mut self,
        ledger: &Ledger,
        number: u32,
        case: Case,
    ) -> Result<(), ReviewError> {
        let (page, place) = place(number);
        let cases = self.page(ledger, page)?;
        let is_next = cases.len() == place;
        match cases.get_mut(place) {
            Some(there) => *there = case,
            None if is_next => cases.push(case),
            None => return Err(ReviewError::Kept("a case is missing")),
        }
        self.put.insert(number);
        Ok(())
    }

    fn page(&mut self, ledger: &Ledger, page: u32) -> Result<&mut Vec<Case>, ReviewError> {
        match self.cases.entry(page) {
            Entry::Occupied(there) => Ok(there.into_mut()),
            Entry::Vacant(free) => Ok(free.insert(read_page(ledger, page)?)),
        }
    }

    pub(super) fn keep(&self, append: &mut Append<'_>) -> Result<(), ReviewError> {
        for (page, cases) in &self.cases {
            let bytes = postcard::to_stdvec(cases)
                .map_err(|_| ReviewError::Kept("a case that cannot be written"))?;
            append.keep(&key(CASES, *page), &bytes)?;
        }
        let mut pages: BTreeMap<u32, Vec<EntryName>> = BTreeMap::new();
        for (number, name) in &self.names {
            let (page, place) = (number / NAMES_PAGE, number % NAMES_PAGE);
            let names = match pages.entry(page) {
                Entry::Occupied(there) => there.into_mut(),
                // Whatever lies there where all are made anew.
                Entry::Vacant(free) if place == 0 => free.insert(Vec::new()),
                Entry::Vacant(free) => free.insert(read_names(append, page)?),
            };
            names.push(name.clone());
        }
        for (page, names) in pages {
            let bytes = postcard::to_stdvec(&names)
                .map_err(|_| ReviewError::Kept("a name that cannot be written"))?;
            append.keep(&key(NAMES, page), &bytes)?;
        }
        Ok(())
    }

    /// Takes away the pages of the file that these do not come to.
    pub(super) fn drop_others(&self, append: &mut Append<'_>) -> Result<(), ReviewError> {
        let names = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let cases = self.cases.keys().map(|page| key(CASES, *page));
        let names = (0..names.div_ceil(NAMES_PAGE)).map(|page| key(NAMES, page));
        let ours: HashSet<[u8; 9]> = cases.chain(names).collect();
        let mut others = Vec::new();
        for what in [CASES, NAMES] {
            let _ = append.each_kept(what, |key, _| {
                if !ours.contains(key) {
                    others.push(key.to_vec());
                }
                ControlFlow::<()>::Continue(())
            })?;
        }
        for key in others {
            append.keep_no_more(&key)?;
        }
        Ok(())
    }

    /// Puts a case behind the last one, none of which is in the file.
    pub(super) fn push(&mut self, number: u32, case: Case) {
        let (page, _) = place(number);
        self.cases.entry(page).or_default().push(case);
    }

    /// Those that were put there, with their numbers; not what lies in the same pages.
    pub(super) fn changed(&self) -> impl Iterator<Item = (u32, &Case)> {
        self.all().filter(|(number, _)| self.put.contains(number))
    }

    /// All in these pages, with their numbers.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &Case)> {
        self.cases.iter().flat_map(|(page, cases)| {
            let first = page * PAGE + 1;
            (first..).zip(cases)
        })
    }
}

/// Calls `visit` with every case and its number, in their order, until it says false: all as they were at one moment.
pub(super) fn each(
    ledger: &Ledger,
    mut visit: impl FnMut(u32, Case) -> Result<bool, ReviewError>,
) -> Result<(), ReviewError> {
    each_in_pages(ledger, CASES, PAGE, |number, case| visit(number + 1, case))
}

/// Calls `visit` with the names of all entries, in the order of their numbers.
pub(super) fn each_name(
    ledger: &Ledger,
    mut visit: impl FnMut(EntryName),
) -> Result<(), ReviewError> {
    each_in_pages(ledger, NAMES, NAMES_PAGE, |_, name| {
        visit(name);
        Ok(true)
    })
}

/// Calls `visit` with everything that lies in pages of one kind, numbered from 0, until it says false.
fn each_in_pages<T: DeserializeOwned>(
    ledger: &Ledger,
    what: &[u8; 5],
    page_size: u32,
    mut visit: impl FnMut(u32, T) -> Result<bool, ReviewError>,
) -> Result<(), ReviewError> {
    let mut number = 0;
    let mut page = |there: &[u8], bytes: &[u8]| {
        // All before are there, and full.
        let is_next = number % page_size == 0 && there == key(what, number / page_size);
        let (count, mut rest): (u32, _) = postcard::take_from_bytes(bytes).map_err(unreadable)?;
        if !is_next || !(1..=page_size).contains(&count) {
            return Err(ReviewError::Kept("a page is missing, or has not its size"));
        }
        for _ in 0..count {
            let (one, behind) = postcard::take_from_bytes(rest).map_err(unreadable)?;
            rest = behind;
            if !visit(number, one)? {
                return Ok(false);
            }
            number += 1;
        }
        match rest {
            [] => Ok(true),
            _ => Err(ReviewError::Kept("a page that does not end")),
        }
    };
    let ended = ledger.each_kept(what, |key, bytes| match page(key, bytes) {
        Ok(true) => ControlFlow::Continue(()),
        Ok(false) => ControlFlow::Break(Ok(())),
        Err(error) => ControlFlow::Break(Err(error)),
    });
    match ended? {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(with) => with,
    }
}

/// Whether the names that are kept are these, and no others.
pub(super) fn are_named(ledger: &Ledger, names: &[(u32, EntryName)]) -> Result<bool, ReviewError> {
    let mut expected = names.iter().map(|(_, name)| name);
    let mut are_same = true;
    each_name(ledger, |name| {
        are_same = are_same && expected.next() == Some(&name);
    })?;
    Ok(are_same && expected.next().is_none())
}

impl Finder {
    /// Everything, read anew.
    pub(super) fn read(ledger: &Ledger) -> Result<Self, ReviewError> {
        let mut finder = Self {
            records: ledger.head()?.records,
            ..Self::default()
        };
        each_name(ledger, |name| finder.add_name(name))?;
        each(ledger, |number, case| {
            finder.set(number, &case, true);
            Ok(true)
        })?;
        Ok(finder)
    }

    pub(super) fn add_name(&mut self, name: EntryName) {
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.clone(), number);
        self.names.push(name);
    }

    pub(super) fn name(&self, number: u32) -> Option<&EntryName> {
        self.names.get(number as usize)
    }

    pub(super) fn number(&self, name: &EntryName) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub(super) fn names(&self) -> u32 {
        u32::try_from(self.names.len()).unwrap_or(u32::MAX)
    }

    /// The cases of a subject, in their order.
    pub(super) fn of_subject(&self, subject: [u8; 16]) -> &[u32] {
        self.subjects.get(&subject).map_or(&[], Vec::as_slice)
    }

    /// Learns of a case, or what became of it.
    pub(super) fn set(&mut self, number: u32, case: &Case, is_new: bool) {
        if case.subject == [0; 16] {
            if !is_new {
                self.subjects.retain(|_, cases| {
                    cases.retain(|case| *case != number);
                    !cases.is_empty()
                });
            }
        } else {
            let cases = self.subjects.entry(case.subject).or_default();
            if !cases.contains(&number) {
                cases.push(number);
            }
        }
        self.tallies.set(number, case, is_new);
    }
}

pub(super) fn read_page(ledger: &Ledger, page: u32) -> Result<Vec<Case>, ReviewError> {
    read(ledger, &key(CASES, page))
}

fn read_names(ledger: &Ledger, page: u32) -> Result<Vec<EntryName>, ReviewError> {
    read(ledger, &key(NAMES, page))
}

fn read<T: DeserializeOwned>(ledger: &Ledger, key: &[u8]) -> Result<Vec<T>, ReviewError> {
    match ledger.kept(key)? {
        None => Ok(Vec::new()),
        Some(bytes) => postcard::from_bytes(&bytes).map_err(unreadable),
    }
}

fn unreadable(_: postcard::Error) -> ReviewError {
    ReviewError::Kept("a page that cannot be read")
}

/// In which page a case lies, and where in it. Cases are numbered from 1.
fn place(number: u32) -> (u32, usize) {
    let number = number.saturating_sub(1);
    (number / PAGE, (number % PAGE) as usize)
}

fn key(what: &[u8; 5], page: u32) -> [u8; 9] {
    let mut key = [0; 9];
    let (name, number) = key.split_at_mut(5);
    name.copy_from_slice(what);
    number.copy_from_slice(&page.to_be_bytes());
    key
}
