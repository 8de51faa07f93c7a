//! What must hold.
#![expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small, or are cut on purpose"
)]

mod model;
mod records;
mod remedies;
mod rules;
mod story;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::baseline::{MediaKind, TcoTypes, Text, Time};
use crate::screen::{MatchClass, Surface, Tier};

use super::order::{RemovalOrder, SealedOrder};
use super::{
    Action, CaseId, Duty, EntryName, Found, Match, Misfit, Opening, Outcome, Person, Policy,
    ReviewError, Reviews, Role,
};

/// An order that lets the uploader be told.
fn ordered() -> SealedOrder {
    let order = super::order::tests::order();
    RemovalOrder {
        non_disclosure: None,
        ..order
    }
    .sealed()
}

/// A folder of a test's own, gone when it is dropped.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ijkpunt-review-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path); // of a process of the same number that was killed
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> PathBuf {
        self.0.join("reviews")
    }

    /// A file with `lead`, who has all roles, the reviewers `ada`, `ben` and `cy`, and `kim`, who decides on complaints.
    fn reviews(&self, policy: &Policy) -> Reviews {
        let mut reviews = Reviews::create(self.path(), policy, &text("lead"), at(0)).unwrap();
        let lead = reviews.person("lead").unwrap();
        for (name, role) in [
            ("ada", Role::Reviewer),
            ("ben", Role::Reviewer),
            ("cy", Role::Reviewer),
            ("kim", Role::Complaints),
        ] {
            let roles = BTreeSet::from([role]);
            reviews.enrol(&lead, &text(name), &roles, at(0)).unwrap();
        }
        reviews
    }

    fn open(&self) -> Reviews {
        Reviews::open(self.path()).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A short text.
fn text<const MOST: usize>(text: &str) -> Text<MOST> {
    Text::new(text).unwrap()
}

/// So many seconds after the tests begin.
fn at(seconds: i64) -> Time {
    let begin: Time = "2026-11-22T10:00:00Z".parse().unwrap();
    Time::from_unix_seconds(begin.unix_seconds() + seconds).unwrap()
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn policy() -> Policy {
    Policy::new(text("Example"))
}

/// An entry of the snapshot `eu`.
fn entry(number: u8) -> EntryName {
    EntryName::new("eu", &format!("{number:02x}").repeat(32))
}

fn found(number: u8) -> Found {
    let mut found = Found::new(entry(number), MatchClass::NearDuplicate);
    (found.tier, found.types) = (Some(Tier::A), Some(types()));
    found
}

fn types() -> TcoTypes {
    TcoTypes::from_bits(1).unwrap()
}

fn terrorist() -> Outcome {
    Outcome::ConfirmedTerrorist(types())
}

fn matched(subject: &str, entries: &[u8]) -> Match {
    let found = entries.iter().map(|number| found(*number)).collect();
    Match::new(subject, Surface::Public, MediaKind::Image, at(0), found).unwrap()
}

/// A new case for an upload that came near to these entries.
fn opened(reviews: &mut Reviews, subject: &str, entries: &[u8], seconds: i64) -> CaseId {
    match reviews.open_case(&matched(subject, entries), at(seconds)) {
        Ok(Opening::Opened(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn who(reviews: &Reviews, name: &str) -> Person {
    reviews.person(name).unwrap()
}

/// A case that one person decided: terrorist, removed.
fn removed(
    reviews: &mut Reviews,
    subject: &str,
    entries: &[u8],
    name: &str,
    seconds: i64,
) -> CaseId {
    let id = opened(reviews, subject, entries, seconds);
    let decision = who(reviews, name).finds(terrorist()).and(Action::Remove);
    reviews.decide(id, &decision, at(seconds)).unwrap();
    id
}

/// The duties of a case, by when they are due.
fn duties(reviews: &Reviews, id: CaseId) -> Vec<(Duty, Time)> {
    reviews.case(id).unwrap().duties(reviews.policy()).collect()
}

fn misfit(result: Result<impl Sized, ReviewError>) -> Misfit {
    match result {
        Err(ReviewError::Misfit { why, .. }) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was taken"),
    }
}

/// Three of five against an entry, by as many people as are named.
fn doubted(reviews: &mut Reviews, number: u8, names: [&str; 3], seconds: i64) -> usize {
    let mut trips = 0;
    for (upload, name) in ["ada", "ada"].into_iter().chain(names).enumerate() {
        let id = opened(
            reviews,
            &format!("doubt-{number}-{seconds}-{upload}"),
            &[number],
            seconds,
        );
        let person = who(reviews, name);
        let decision = match upload {
            0 | 1 => person.finds(terrorist()).and(Action::Remove),
            _ => person.finds(Outcome::NotAMatch),
        };
        trips += reviews
            .decide(id, &decision, at(seconds))
            .unwrap()
            .trips
            .len();
    }
    trips
}
