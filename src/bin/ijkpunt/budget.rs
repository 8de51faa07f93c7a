//! Memory for all files that are looked at at the same time: each takes what it may need, and waits while there is less.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

const MEBI: u64 = 1024 * 1024;

#[derive(clap::Args)]
pub(crate) struct Memory {
    /// Memory for the files that are looked at at the same time, in MiB: a picture counts as 128, a video as 1280; one file always goes
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..=16 * 1024 * 1024))]
    memory: u64,
}

/// What is left of it, and whose turn it is.
pub(crate) struct Budget {
    all: u64,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    left: u64,
    /// The number of the next who asks, and of the one who is served next: a large job is not overtaken by small ones for ever.
    next: u64,
    served: u64,
}

/// A part of it, until it is dropped.
pub(crate) struct Taken<'b> {
    of: &'b Budget,
    bytes: u64,
}

impl Budget {
    pub(crate) fn of(args: &Memory) -> Self {
        Self::new(args.memory * MEBI)
    }

    pub(crate) fn new(bytes: u64) -> Self {
        Self {
            all: bytes,
            state: Mutex::new(State {
                left: bytes,
                next: 0,
                served: 0,
            }),
            changed: Condvar::new(),
        }
    }

    /// Takes so much, as soon as it is there and those who asked before have got theirs. Who asks for more than there is at all gets all of it,
    /// and so is alone.
    pub(crate) fn take(&self, bytes: u64) -> Taken<'_> {
        let bytes = bytes.min(self.all);
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        while state.served != number || state.left < bytes {
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        state.served += 1;
        state.left -= bytes;
        drop(state);
        self.changed.notify_all();
        Taken { of: self, bytes }
    }

    /// Nothing in here panics halfway through a change.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.of.state().left += self.bytes;
        self.of.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// Lets jobs of these sizes run, each on a thread of its own, and gives the most that ran at a time: bytes and jobs beside a large one.
    fn run(all: u64, sizes: &[u64]) -> (u64, u64) {
        let budget = Budget::new(all);
        let (used, running, most, beside) = Default::default();
        let _: (&AtomicU64, &AtomicU64, &AtomicU64, &AtomicU64) = (&used, &running, &most, &beside);
        thread::scope(|scope| {
            for &size in sizes {
                let (budget, used, running, most, beside) =
                    (&budget, &used, &running, &most, &beside);
                scope.spawn(move || {
                    let _taken = budget.take(size);
                    let now = used.fetch_add(size, Ordering::SeqCst) + size;
                    let others = running.fetch_add(1, Ordering::SeqCst);
                    if size > all {
                        beside.fetch_max(others, Ordering::SeqCst);
                    } else {
                        most.fetch_max(now, Ordering::SeqCst);
                    }
                    thread::sleep(Duration::from_millis(2));
                    if size > all {
                        let others = running.load(Ordering::SeqCst) - 1;
                        beside.fetch_max(others, Ordering::SeqCst);
                    }
                    running.fetch_sub(1, Ordering::SeqCst);
                    used.fetch_sub(size, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(budget.state().left, all, "all came back");
        (most.into_inner(), beside.into_inner())
    }

    #[test]
    fn no_more_runs_at_a_time_than_there_is_memory_for() {
        let sizes: Vec<u64> = (0..60).map(|job| [1, 3, 10, 0][job % 4]).collect();
        let (most, _) = run(10, &sizes);
        assert!(most <= 10, "{most}");
    }

    #[test]
    fn what_is_larger_than_all_of_it_runs_alone_and_nobody_waits_for_ever() {
        let sizes: Vec<u64> = (0..40).map(|job| [1, 2, 11, 500][job % 4]).collect();
        let (_, beside) = run(10, &sizes);
        assert_eq!(beside, 0);
    }

    #[test]
    fn a_job_that_panics_gives_back_what_it_took() {
        let budget = Budget::new(5);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _taken = budget.take(5);
            std::panic::resume_unwind(Box::new("on purpose"));
        }));
        assert!(panicked.is_err());
        drop(budget.take(5));
    }
}
