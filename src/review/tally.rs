//! What decisions said of entries, kept in memory: what the breaker counts.

use crate::baseline::Time;

use super::breaker::Window;
use super::case::{Case, Origin};

/// One decision on one entry.
#[derive(Debug, Clone, Copy)]
struct Tally {
    case: u32,
    at: Time,
    kind: Kind,
    by: [Option<u16>; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    For,
    Overturned,
    ComplaintUpheld,
}

/// The decisions on all entries, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Tallies(Vec<Vec<Tally>>);

impl Tallies {
    /// Counts a case anew.
    pub(super) fn set(&mut self, number: u32, case: &Case, is_new: bool) {
        for entry in &case.entries {
            let entry = *entry as usize;
            if self.0.len() <= entry {
                self.0.resize_with(entry + 1, Vec::new);
            }
            if let Some(tallies) = self.0.get_mut(entry) {
                if !is_new {
                    tallies.retain(|tally| tally.case != number);
                }
                tallies.extend(of(number, case));
            }
        }
    }

    /// What was found of an entry from one moment on until another, which is not counted.
    pub(super) fn window(&self, entry: u32, from: Time, until: Time) -> Window {
        let mut window = Window::default();
        let tallies = self.0.get(entry as usize).into_iter().flatten();
        for tally in tallies.filter(|tally| (from..until).contains(&tally.at)) {
            window.reviewed = window.reviewed.saturating_add(1);
            match tally.kind {
                Kind::For => continue,
                Kind::Overturned => window.overturned += 1,
                Kind::ComplaintUpheld => window.complaints_upheld += 1,
            }
            window.against.extend(tally.by.into_iter().flatten());
        }
        window
    }

    /// The cases of an entry that were decided.
    pub(super) fn cases(&self, entry: u32) -> impl Iterator<Item = u32> {
        let tallies = self.0.get(entry as usize).into_iter().flatten();
        tallies.map(|tally| tally.case)
    }
}

/// The decisions of a case: the one that stands, and those on complaints. Orders and samples say nothing of entries.
fn of(number: u32, case: &Case) -> impl Iterator<Item = Tally> {
    let counts = case.origin == Origin::Match;
    let decision = case
        .decision
        .iter()
        .filter(move |_| counts)
        .map(move |decision| {
            let mut by = decision.by.iter().map(|person| person.0);
            Tally {
                case: number,
                at: decision.at,
                kind: if decision.outcome.is_against() {
                    Kind::Overturned
                } else {
                    Kind::For
                },
                by: [by.next(), by.next()],
            }
        });
    let complaints = case
        .complaints
        .iter()
        .filter(move |_| counts)
        .filter_map(move |complaint| {
            let (at, upheld) = complaint.decided?;
            Some(Tally {
                case: number,
                at,
                kind: if upheld {
                    Kind::ComplaintUpheld
                } else {
                    Kind::For
                },
                by: [complaint.by.map(|person| person.0), None],
            })
        });
    decision.chain(complaints)
}
