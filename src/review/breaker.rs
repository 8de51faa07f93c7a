//! Switching an entry off that people find wrong too often.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::baseline::{Reviews as Counts, Time};

use super::share::Share;

/// When an entry is switched off on this platform: within a window of days, enough decisions of enough people, of which surely more than a share went against it.
///
/// "Surely" is the lower bound of Wilson's interval at [`z`](Tripwire::z_hundredths): with the defaults an entry needs 3 of 5 against it, 6 of 15, or 32 of 120.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tripwire {
    /// How many days count. Default 90.
    pub window_days: u32,
    /// How many decisions there have to be. Default 5.
    pub least_reviewed: u32,
    /// How many different people have to have decided against it, so that no one alone switches an entry off. Default 2, and never fewer.
    pub least_people: u32,
    /// The share that is too much, in percent. Default 20.
    pub share_percent: u8,
    /// The bound's z, in hundredths. Default 164: one-sided 95 %.
    pub z_hundredths: u16,
}

impl Default for Tripwire {
    fn default() -> Self {
        Self {
            window_days: 90,
            least_reviewed: 5,
            least_people: 2,
            share_percent: 20,
            z_hundredths: 164,
        }
    }
}

/// What came of an entry in a window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Window {
    pub(super) reviewed: u32,
    pub(super) overturned: u32,
    pub(super) complaints_upheld: u32,
    /// Who found against it, by numbers.
    pub(super) against: BTreeSet<u16>,
}

/// Why an entry was switched off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trip {
    /// From when on was counted.
    pub from: Time,
    /// When it was switched off: the first moment that was not counted any more.
    pub at: Time,
    /// What was found.
    pub counts: Counts,
    /// How many different people found against it.
    pub people: u32,
    /// The rule of then.
    pub rule: Tripwire,
}

impl Trip {
    /// The share that went against it, with the bounds of the rule.
    #[must_use]
    pub fn share(&self) -> Option<Share> {
        let (against, of) = (self.counts.against(), self.counts.reviewed());
        Share::with_z(against.into(), of.into(), self.rule.z())
    }

    /// In a sentence, without anything of users: `4 of 6 decisions since 2026-09-01T00:00:00Z, by 2 people, went against it: surely more than 20 %`.
    #[must_use]
    pub fn reason(&self) -> String {
        let (against, of, from) = (self.counts.against(), self.counts.reviewed(), self.from);
        let (people, percent) = (self.people, self.rule.share_percent);
        format!(
            "{against} of {of} decisions since {from}, by {people} people, went against it: surely more than {percent} %"
        )
    }
}

impl Tripwire {
    fn z(&self) -> f64 {
        f64::from(self.z_hundredths) / 100.0
    }

    /// From when on is counted at this moment.
    pub(super) fn from(&self, now: Time) -> Time {
        let back = i64::from(self.window_days) * 86_400;
        Time::from_unix_seconds(now.unix_seconds().saturating_sub(back)).unwrap_or(Time::MIN)
    }

    /// Whether so much is too much. No share above the bound trips it by fewer decisions or people than the rule says.
    pub(super) fn trips(&self, window: &Window) -> bool {
        let people = u32::try_from(window.against.len()).unwrap_or(u32::MAX);
        if window.reviewed < self.least_reviewed.max(1) || people < self.least_people.max(2) {
            return false;
        }
        let against = window.overturned.saturating_add(window.complaints_upheld);
        let share = Share::with_z(against.into(), window.reviewed.into(), self.z());
        share.is_some_and(|share| share.low() * 100.0 > f64::from(self.share_percent))
    }

    /// The trip that comes of a window, if it is too much.
    pub(super) fn trip(&self, window: &Window, from: Time, at: Time) -> Option<Trip> {
        if !self.trips(window) {
            return None;
        }
        let counts = Counts::new(window.reviewed, window.overturned, window.complaints_upheld);
        Some(Trip {
            from,
            at,
            counts: counts.ok()?,
            people: u32::try_from(window.against.len()).unwrap_or(u32::MAX),
            rule: self.clone(),
        })
    }

    pub(super) fn flaw(&self) -> Option<&'static str> {
        if self.least_people < 2 {
            return Some(
                "a breaker needs two people or more who find against an entry: nobody switches one off alone",
            );
        }
        if self.least_reviewed < 1 || self.window_days < 1 {
            return Some(
                "a breaker needs a window of one day or more, and one decision or more in it",
            );
        }
        (self.share_percent >= 100).then_some(
            "a breaker's share is below 100 percent: more than all never goes against an entry",
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(reviewed: u32, against: u32, people: u16) -> Window {
        Window {
            reviewed,
            overturned: against,
            complaints_upheld: 0,
            against: (0..people).collect(),
        }
    }

    /// The fewest against that trip it.
    fn fewest(reviewed: u32) -> Option<u32> {
        (0..=reviewed).find(|against| Tripwire::default().trips(&window(reviewed, *against, 2)))
    }

    #[test]
    fn the_defaults_trip_where_their_docs_say() {
        assert_eq!(fewest(4), None);
        assert_eq!(fewest(5), Some(3));
        assert_eq!(fewest(15), Some(6));
        assert_eq!(fewest(120), Some(32));
    }

    #[test]
    fn one_person_alone_switches_nothing_off() {
        assert!(!Tripwire::default().trips(&window(1000, 1000, 1)));
        let careless = Tripwire {
            least_people: 0,
            ..Tripwire::default()
        };
        assert!(!careless.trips(&window(1000, 1000, 1)));
        assert!(careless.flaw().is_some());
    }

    #[test]
    fn a_trip_says_why() {
        let at: Time = "2026-11-22T10:00:00Z".parse().unwrap();
        let rule = Tripwire::default();
        let from = rule.from(at);
        let trip = rule.trip(&window(6, 5, 2), from, at).unwrap();
        assert_eq!(
            trip.reason(),
            "5 of 6 decisions since 2026-08-24T10:00:00Z, by 2 people, went against it: surely more than 20 %"
        );
        assert!(trip.share().unwrap().low() > 0.2);
        assert_eq!(rule.trip(&window(6, 1, 2), from, at), None);
    }

    proptest! {
        #[test]
        fn it_never_trips_below_its_minimum(
            reviewed in 0u32..200, against in 0u32..200, people in 0u16..10,
            least in 1u32..100, least_people in 0u32..6, percent in 0u8..100,
        ) {
            let rule = Tripwire { least_reviewed: least, least_people, share_percent: percent, ..Tripwire::default() };
            let against = against.min(reviewed);
            if rule.trips(&window(reviewed, against, people)) {
                prop_assert!(reviewed >= least);
                prop_assert!(u32::from(people) >= least_people.max(2));
                prop_assert!(f64::from(against) / f64::from(reviewed) * 100.0 > f64::from(percent));
            }
        }

        #[test]
        fn more_against_never_untrips_it(reviewed in 1u32..200, against in 0u32..199) {
            let against = against.min(reviewed - 1);
            let rule = Tripwire::default();
            prop_assert!(!rule.trips(&window(reviewed, against, 2)) || rule.trips(&window(reviewed, against + 1, 2)));
        }
    }
}
