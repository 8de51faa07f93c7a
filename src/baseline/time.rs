//! Points in time, to the second.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::spelling::serde_as_text;

/// A second, UTC, of the years 0 to 9999.
///
/// It is written in one way, `2026-11-22T10:00:00Z` (RFC 3339), by `Display`, `Debug` and serde; binary formats get the
/// seconds since the Unix epoch. Other offsets, fractions and other spellings of the same second are refused.
///
/// ```
/// use ijkpunt::baseline::Time;
///
/// let time: Time = "2026-11-22T10:00:00Z".parse()?;
/// assert_eq!(time.unix_seconds(), 1_795_341_600);
/// assert_eq!(time.plus_days(9).map(|time| time.to_string()), Some("2026-12-01T10:00:00Z".to_owned()));
/// assert!("2026-11-22T11:00:00+01:00".parse::<Time>().is_err());
/// # Ok::<(), ijkpunt::baseline::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

const HOUR_SECONDS: i64 = 3_600;
const DAY_SECONDS: i64 = 86_400;

impl Time {
    /// The first: `0000-01-01T00:00:00Z`.
    pub const MIN: Self = Self(-62_167_219_200);
    /// The last: `9999-12-30T22:00:00Z`, behind which not every offset has a year of four digits.
    pub const MAX: Self = Self(253_402_207_200);

    /// So many seconds after the Unix epoch, or before it.
    ///
    /// # Errors
    /// [`TimeError::Range`] outside [`MIN`](Self::MIN) to [`MAX`](Self::MAX).
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, TimeError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(TimeError::Range)
        }
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0
    }

    /// So many days of 24 hours later; none beyond [`MAX`](Self::MAX).
    #[must_use]
    pub fn plus_days(self, days: u32) -> Option<Self> {
        // No overflow: 2^32 days are 2^49 seconds.
        Self::from_unix_seconds(self.0 + i64::from(days) * DAY_SECONDS).ok()
    }

    /// So many hours later; none beyond [`MAX`](Self::MAX).
    #[must_use]
    pub fn plus_hours(self, hours: u32) -> Option<Self> {
        Self::from_unix_seconds(self.0 + i64::from(hours) * HOUR_SECONDS).ok()
    }

    /// The same time of the day so many months later, or of the month's last day where it has no such day; none beyond [`MAX`](Self::MAX).
    #[must_use]
    pub fn plus_months(self, months: u32) -> Option<Self> {
        let begin = Timestamp::from_second(self.0).ok()?;
        let begin = Offset::UTC.to_datetime(begin);
        let later = begin
            .checked_add(Span::new().try_months(months).ok()?)
            .ok()?;
        let later = Offset::UTC.to_timestamp(later).ok()?;
        Self::from_unix_seconds(later.as_second()).ok()
    }

    /// Midnight at which the next day begins, UTC; none beyond [`MAX`](Self::MAX).
    #[must_use]
    pub fn next_day(self) -> Option<Self> {
        let day = self.0.div_euclid(DAY_SECONDS) + 1;
        Self::from_unix_seconds(day * DAY_SECONDS).ok()
    }
}

impl From<SystemTime> for Time {
    /// The second that has begun; the first or last of all where it is out of range.
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => {
                let before = before.duration();
                let begun = i64::from(before.subsec_nanos() > 0);
                i64::try_from(before.as_secs()).map_or(i64::MIN, |seconds| -seconds - begun)
            }
        };
        Self(seconds.clamp(Self::MIN.0, Self::MAX.0))
    }
}

impl TryFrom<i64> for Time {
    type Error = TimeError;

    fn try_from(seconds: i64) -> Result<Self, TimeError> {
        Self::from_unix_seconds(seconds)
    }
}

impl From<Time> for i64 {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let read: Timestamp = text.parse().map_err(|_| TimeError::Form)?;
        let time = Self::from_unix_seconds(read.as_second())?;
        // One spelling: what would be written otherwise is not read.
        if time.to_string() == text {
            Ok(time)
        } else {
            Err(TimeError::Form)
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Timestamp::from_second(self.0)
            .map_err(|_| fmt::Error)?
            .fmt(f)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(Time, i64);

/// Not a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Another spelling.
    #[error("write the time in UTC and whole seconds, such as 2026-11-22T10:00:00Z")]
    Form,
    /// Too early or too late.
    #[error("the time must be from 0000-01-01T00:00:00Z to 9999-12-30T22:00:00Z")]
    Range,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn times_go_round_as_text_and_as_bytes(seconds in Time::MIN.0..=Time::MAX.0) {
            let time = Time(seconds);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
            let json = serde_json::to_string(&time).unwrap();
            prop_assert_eq!(&json, &format!("\"{time}\""));
            prop_assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), time);
            let bytes = postcard::to_stdvec(&time).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Time>(&bytes).unwrap(), time);
        }
    }

    #[test]
    fn bounds_hold_at_and_beyond() {
        for bound in [Time::MIN, Time::MAX] {
            assert_eq!(bound.to_string().parse(), Ok(bound));
        }
        assert_eq!(Time::MIN.to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(Time::MAX.to_string(), "9999-12-30T22:00:00Z");
        assert_eq!(
            Time::from_unix_seconds(Time::MIN.0 - 1),
            Err(TimeError::Range)
        );
        assert_eq!(
            Time::from_unix_seconds(Time::MAX.0 + 1),
            Err(TimeError::Range)
        );
        assert_eq!(Time::MAX.plus_days(1), None);
        assert_eq!(Time::MIN.plus_days(u32::MAX), None);
        let bytes = postcard::to_stdvec(&i64::MAX).unwrap();
        assert!(postcard::from_bytes::<Time>(&bytes).is_err());
    }

    #[test]
    fn there_is_one_spelling() {
        assert!("2026-11-22T10:00:00Z".parse::<Time>().is_ok());
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T10:00Z",
            "2026-11-22T10:00:00",
            "2026-11-22t10:00:00z",
            "2026-11-22 10:00:00Z",
            "2026-11-22T10:00:00.0Z",
            "2026-11-22T10:00:00.5Z",
            "2026-11-22T10:00:00+00:00",
            "2026-11-22T11:00:00+01:00",
            "2026-11-22T23:59:60Z",
            "2026-02-29T10:00:00Z",
            "2026-11-22T10:00:00Z ",
            "-000001-11-22T10:00:00Z",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_system_clock_is_rounded_down_and_held_in_range() {
        let at = |time| Time::from(time).unix_seconds();
        assert_eq!(at(UNIX_EPOCH + Duration::from_millis(1_999)), 1);
        assert_eq!(at(UNIX_EPOCH - Duration::from_millis(1_999)), -2);
        assert_eq!(at(UNIX_EPOCH - Duration::from_secs(2)), -2);
        let far = UNIX_EPOCH.checked_add(Duration::from_secs(1 << 40));
        assert!(far.is_none_or(|far| Time::from(far) == Time::MAX));
    }
}
