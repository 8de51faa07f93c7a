//! What holds for one call: until when, and who may end it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::Gap;

/// A deadline and a flag for one call of [`Screener::screen_call`](super::Screener::screen_call).
///
/// Both are looked at before each frame is hashed, before its views are, and before each list is asked: a frame that is being
/// decoded is finished first. What is cut off is a gap, so the verdict is undecided unless something matched before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Call<'a> {
    deadline: Option<Instant>,
    cancelled: Option<&'a AtomicBool>,
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
