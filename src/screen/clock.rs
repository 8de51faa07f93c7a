//! Where a screener takes the time from.

use std::fmt::Debug;
use std::time::SystemTime;

/// Tells the time: it stands in every verdict, and decides what has expired. The system's by default; tests set their own.
pub trait Clock: Debug + Send + Sync + std::panic::RefUnwindSafe + std::panic::UnwindSafe {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
