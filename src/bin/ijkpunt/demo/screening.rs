//! Screens what stands in the folder, as a platform would, and compares with what is known about every file.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use ijkpunt::screen::UndecidedKind;
use ijkpunt::snapshot::Live;
use ijkpunt::{Screener, Screening, Surface};

use crate::work::{cores, spread};

use super::error::DemoError;
use super::folder::Folder;
use super::plan::Kind;
use super::platform::{Written, item_id};

/// What came out for one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// It matched; the nearest entry.
    Match(String),
    NoMatch,
    Undecided(UndecidedKind),
}

/// What came out for the files of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) files: usize,
    pub(super) found: usize,
    pub(super) no_match: usize,
    pub(super) undecided: usize,
    /// Among those found: nearest to an item that they do not show.
    pub(super) wrong: usize,
}

impl Tally {
    fn count(&mut self, verdict: &Verdict, item: Option<&str>) {
        self.files += 1;
        match verdict {
            Verdict::Match(entry) => {
                self.found += 1;
                self.wrong += usize::from(item != Some(entry));
            }
            Verdict::NoMatch => self.no_match += 1,
            Verdict::Undecided(_) => self.undecided += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.found += other.found;
        self.no_match += other.no_match;
        self.undecided += other.undecided;
        self.wrong += other.wrong;
    }
}

/// What came out for all.
#[derive(Debug)]
pub(super) struct Results {
    /// For every kind of which there are files, in the order of [`Kind::all`].
    pub(super) tallies: Vec<(Kind, Tally)>,
    /// Why files are undecided: the name of the kind, how many.
    pub(super) reasons: BTreeMap<&'static str, usize>,
    pub(super) time: Duration,
    pub(super) cores: usize,
}

impl Results {
    /// What came out for the files of several kinds.
    pub(super) fn sum(&self, of: impl Fn(Kind) -> bool) -> Tally {
        let mut sum = Tally::default();
        let kinds = self.tallies.iter().filter(|(kind, _)| of(*kind));
        kinds.for_each(|(_, tally)| sum.add(tally));
        sum
    }
}

/// Reads every upload back from the folder and screens it, on all cores.
pub(super) fn screen(folder: &Folder, written: &[Written]) -> Result<Results, DemoError> {
    let screener = Screener::builder()
        .list("demo", Live::follow(folder.installed())?)
        .surface(Surface::Public)
        .build()?;
    let uploads = folder.uploads();
    let started = Instant::now();
    let verdicts = spread(written, |upload| {
        let path = uploads.join(&upload.name);
        let bytes = fs::read(&path).map_err(DemoError::at(&path))?;
        Ok(verdict(&screener.screen(&bytes)))
    });
    let time = started.elapsed();
    let verdicts = verdicts
        .into_iter()
        .collect::<Result<Vec<_>, DemoError>>()?;
    Ok(Results {
        tallies: tallies(written, &verdicts),
        reasons: reasons(&verdicts),
        time,
        cores: cores(),
    })
}

fn verdict(screening: &Screening) -> Verdict {
    match screening {
        Screening::Match(matched) => {
            let nearest = matched.evidence().first();
            Verdict::Match(
                nearest
                    .map(|nearest| nearest.entry.to_string())
                    .unwrap_or_default(),
            )
        }
        Screening::NoMatch(_) => Verdict::NoMatch,
        Screening::Undecided(undecided) => Verdict::Undecided(undecided.kind()),
    }
}

fn tallies(written: &[Written], verdicts: &[Verdict]) -> Vec<(Kind, Tally)> {
    let tally = |kind: Kind| {
        let mut tally = Tally::default();
        let all = written.iter().zip(verdicts);
        for (Written { upload, .. }, verdict) in
            all.filter(|(written, _)| written.upload.kind == kind)
        {
            tally.count(verdict, upload.item().map(item_id).as_deref());
        }
        (kind, tally)
    };
    Kind::all()
        .map(tally)
        .filter(|(_, tally)| tally.files > 0)
        .collect()
}

fn reasons(verdicts: &[Verdict]) -> BTreeMap<&'static str, usize> {
    let mut reasons = BTreeMap::new();
    for verdict in verdicts {
        if let Verdict::Undecided(kind) = verdict {
            *reasons.entry(kind.name()).or_default() += 1;
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_with_another_item_is_found_and_wrong() {
        let mut tally = Tally::default();
        tally.count(&Verdict::Match("item-001".into()), Some("item-001"));
        tally.count(&Verdict::Match("item-001".into()), Some("item-002"));
        tally.count(&Verdict::Match("item-001".into()), None);
        tally.count(&Verdict::NoMatch, Some("item-002"));
        tally.count(&Verdict::Undecided(UndecidedKind::Truncated), None);
        let expected = Tally {
            files: 5,
            found: 3,
            no_match: 1,
            undecided: 1,
            wrong: 2,
        };
        assert_eq!(tally, expected);
    }
}
