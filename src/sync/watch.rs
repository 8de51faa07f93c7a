//! Round after round.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::baseline::Time;

use super::{Client, Freshness, Report, SyncError};

/// How often a client asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pace {
    /// From the end of a round to the next one. Default 30 s.
    pub interval: Duration,
    /// So many hundredths more or less, at random, so that many clients do not ask at once. Default 20; above 100 counts as 100.
    pub jitter_percent: u32,
    /// The longest pause. While rounds end without it being known that the newest is installed, pauses double up to here. Default 15 minutes.
    pub longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(30),
            jitter_percent: 20,
            longest: Duration::from_secs(15 * 60),
        }
    }
}

impl Pace {
    /// The pause behind so many rounds in vain; `random` is from 0 to `u64::MAX`.
    fn pause(&self, in_vain: u32, random: u64) -> Duration {
        let doubled = self.interval.saturating_mul(1 << in_vain.min(20));
        let pause = doubled.min(self.longest.max(self.interval));
        let percent = self.jitter_percent.min(100);
        let share = random % u64::from(2 * percent + 1);
        let hundredths = 100 - percent + u32::try_from(share).unwrap_or(percent);
        pause.saturating_mul(hundredths) / 100
    }
}

/// Ends a [`Client::watch`] from another thread, also in the middle of a pause. Clones end the same one.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    /// One that was not stopped yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the watching behind the round that is under way.
    pub fn stop(&self) {
        let (is_stopped, changed) = &*self.0;
        *is_stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Whether it was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, if it is not stopped, so long at most.
    fn wait(&self, pause: Duration) {
        let (is_stopped, changed) = &*self.0;
        let end = Instant::now().checked_add(pause);
        let mut guard = is_stopped.lock().unwrap_or_else(PoisonError::into_inner);
        while !*guard {
            let left = end.map_or(pause, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return;
            }
            let waited = changed.wait_timeout(guard, left);
            guard = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Client {
    /// Round after round, on the thread that calls, until it is stopped. `clock` is asked before each, `told` gets what came of it. A round that fails ends
    /// nothing: the next one is later.
    pub fn watch(
        &self,
        pace: Pace,
        stop: &Stop,
        clock: impl Fn() -> Time,
        mut told: impl FnMut(Result<Report, SyncError>),
    ) {
        let mut in_vain = 0;
        while !stop.is_stopped() {
            let came = self.once(clock());
            let fresh = |report: &Report| matches!(report.freshness, Freshness::Fresh { .. });
            in_vain = match came.as_ref().is_ok_and(fresh) {
                true => 0,
                false => u32::saturating_add(in_vain, 1),
            };
            told(came);
            // Seeded by the system anew each time; nothing secret depends on it.
            let random = RandomState::new().build_hasher().finish();
            stop.wait(pace.pause(in_vain, random));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_differ_by_the_jitter() {
        let pace = Pace::default();
        let seconds = |in_vain, random| pace.pause(in_vain, random).as_secs();
        assert_eq!(
            [seconds(0, 0), seconds(0, 20), seconds(0, 40)],
            [24, 30, 36]
        );
        assert_eq!([seconds(1, 20), seconds(4, 20)], [60, 480]);
        assert_eq!([seconds(5, 20), seconds(u32::MAX, 20)], [900, 900]);
        let mut still = pace;
        (still.jitter_percent, still.longest) = (0, Duration::ZERO);
        assert_eq!(still.pause(9, u64::MAX), still.interval);
    }

    #[test]
    fn whoever_waits_is_woken_by_a_stop() {
        let stop = Stop::new();
        let other = stop.clone();
        let waiting = std::thread::spawn(move || other.wait(Duration::from_secs(600)));
        stop.stop();
        waiting.join().unwrap();
        assert!(stop.is_stopped());
    }
}
