//! What holds for one call: until when, and who may end it.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Gap;

/// A deadline and a flag for one call of [`Screener::screen_call`](super::Screener::screen_call).
///
/// Both are looked at before each frame is hashed, before its views are, and before each list is asked: a frame that is being
/// decoded is finished first. What is cut off is a gap, so the verdict is undecided unless something matched before.
#[derive(Clone, Copy, Default)]
pub struct Call<'a> {
    deadline: Option<Instant>,
    cancelled: Option<&'a AtomicBool>,
    progress: Option<&'a (dyn Fn(Duration) + Sync)>,
}

// Whoever is told of progress gets a number and gives nothing back: a panic leaves nothing half done here.
impl UnwindSafe for Call<'_> {}
impl RefUnwindSafe for Call<'_> {}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("deadline", &self.deadline)
            .field("cancelled", &self.cancelled)
            .finish_non_exhaustive()
    }
}

impl<'a> Call<'a> {
    /// Without a deadline, not to be cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the call at this moment.
    #[must_use]
    pub fn deadline(self, deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// Ends the call once this flag is true.
    #[must_use]
    pub fn cancelled_by(self, flag: &'a AtomicBool) -> Self {
        Self {
            cancelled: Some(flag),
            ..self
        }
    }

    /// Tells how far a video was looked at: the time in it of each frame that is, from its start.
    #[must_use]
    pub fn progress(self, told: &'a (dyn Fn(Duration) + Sync)) -> Self {
        Self {
            progress: Some(told),
            ..self
        }
    }

    /// A video was looked at up to here.
    pub(super) fn tell(&self, at: Duration) {
        if let Some(told) = self.progress {
            told(at);
        }
    }

    /// Why the call is to end now, if it is.
    pub(super) fn ended(&self) -> Option<Gap> {
        if self
            .cancelled
            .is_some_and(|flag| flag.load(Ordering::Relaxed))
        {
            return Some(Gap::Cancelled);
        }
        let passed = self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline);
        passed.then_some(Gap::Deadline)
    }
}
