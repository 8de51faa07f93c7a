//! What the law gives how long: pure functions of a moment. The clocks of orders are in [`order`](super::order).
//!
//! Two ways to count, both to the safe side. What *we* have to do in time runs to the second, though Regulation (EEC, Euratom) No 1182/71, article 3, would let
//! it run to the end of its last day. What *others* are given, and how long something is kept for them, runs to the end of its last day, as that article says: a
//! period of months ends with the day of the same number, or where there is none, with the month. Days are those of UTC.
//!
//! A moment beyond the year 9999 becomes [`Time::MAX`].

use crate::baseline::Time;

/// A complaint is decided within two weeks of its receipt (article 10(2) TCO).
#[must_use]
pub fn complaint_due(received_at: Time) -> Time {
    received_at.plus_days(COMPLAINT_DAYS).unwrap_or(Time::MAX)
}

/// Until when an uploader can complain: six months from being informed (article 20(1) DSA).
#[must_use]
pub fn complaints_until(informed_at: Time) -> Time {
    end_of_months(informed_at, 6)
}

/// Until when what was removed is preserved: six months from the removal (article 6(2) TCO).
#[must_use]
pub fn preserved_until(removed_at: Time) -> Time {
    end_of_months(removed_at, 6)
}

/// Until when a hold lasts that the platform's policy limits to so many hours.
#[must_use]
pub fn hold_until(from: Time, most_hours: u32) -> Time {
    hours(from, most_hours)
}

fn hours(from: Time, hours: u32) -> Time {
    from.plus_hours(hours).unwrap_or(Time::MAX)
}

/// The first second that does not belong to the period any more.
fn end_of_months(from: Time, months: u32) -> Time {
    let last_day = from.plus_months(months);
    last_day.and_then(Time::next_day).unwrap_or(Time::MAX)
}

/// Of article 10(2) TCO.
pub const COMPLAINT_DAYS: u32 = 14;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_with_the_day_of_the_same_number_or_with_the_month() {
        for (from, until) in [
            ("2026-01-15T10:00:00Z", "2026-07-16T00:00:00Z"),
            ("2026-08-31T10:00:00Z", "2027-03-01T00:00:00Z"), // February has 28 days
            ("2027-08-31T23:59:59Z", "2028-03-01T00:00:00Z"), // and in a leap year 29
            ("2027-08-29T00:00:00Z", "2028-03-01T00:00:00Z"),
            ("2027-08-28T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("2028-02-29T12:00:00Z", "2028-08-30T00:00:00Z"),
            ("2026-06-30T00:00:00Z", "2026-12-31T00:00:00Z"),
            ("2026-12-31T23:59:59Z", "2027-07-01T00:00:00Z"), // June has 30
        ] {
            assert_eq!(preserved_until(at(from)), at(until), "{from}");
            assert_eq!(complaints_until(at(from)), at(until), "{from}");
        }
    }

    #[test]
    fn what_we_have_to_do_runs_to_the_second() {
        let begin = at("2028-02-28T23:30:00Z");
        for (due, expected) in [
            (complaint_due(begin), "2028-03-13T23:30:00Z"),
            (hold_until(begin, 24), "2028-02-29T23:30:00Z"),
        ] {
            assert_eq!(due, at(expected));
        }
    }

    #[test]
    fn beyond_the_last_moment_everything_ends_with_it() {
        for ends in [complaint_due, preserved_until, complaints_until] {
            assert_eq!(ends(Time::MAX), Time::MAX);
        }
    }

    proptest! {
        #[test]
        fn later_begins_never_end_earlier(seconds in -1_000_000_000i64..10_000_000_000, more in 0i64..10_000_000) {
            let [first, second] = [seconds, seconds + more].map(|seconds| Time::from_unix_seconds(seconds).unwrap());
            for ends in [complaint_due, preserved_until, complaints_until] {
                prop_assert!(ends(first) > first);
                prop_assert!(ends(first) <= ends(second));
            }
            let days = (preserved_until(first).unix_seconds() - first.unix_seconds()) / 86_400;
            prop_assert!((181..=185).contains(&days), "{days}");
        }
    }
}
