//! CPU time, and the middle of several measurements.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of CPU that this process has used, in all of its threads.
///
/// Of the whole process, as the workers measure too: a contestant that starts threads pays for them. While one
/// contestant runs, this process does nothing else.
pub fn cpu_nanoseconds() -> u64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}

/// The median; of an even number of values the mean of the middle two, of none 0.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (below, above) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
    match (sorted.get(below), sorted.get(above)) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => 0.0,
    }
}
