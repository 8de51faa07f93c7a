//! Many files on all cores: results come in the order of the inputs, and one bad file ends nothing.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{clock, printable};

/// How many cores there are to use.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does `job` for every input on all cores and gives all results, in the inputs' order.
///
/// # Panics
/// If a job does.
pub(crate) fn spread<I: Sync, T: Send>(inputs: &[I], job: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let mut results = Vec::with_capacity(inputs.len());
    let collected = run(inputs, &ProgressBar::hidden(), job, |_, result| {
        results.extend(result);
        Ok(())
    });
    assert!(
        collected.is_ok() && results.len() == inputs.len(),
        "a job panicked, or no thread could be had"
    );
    results
}

/// Does `job` for every input on all cores and hands each result to `each`, in the inputs' order, under a progress bar.
/// A panic in a job is its result: `None`. The first error of `each` ends the work.
pub(crate) fn in_order<I: Sync, T: Send>(
    inputs: &[I],
    job: impl Fn(&I) -> T + Sync,
    each: impl FnMut(&I, Option<T>) -> io::Result<()>,
) -> io::Result<()> {
    in_order_under(&Progress::files(inputs.len()), inputs, job, each)
}

/// As [`in_order`], under a bar that the jobs move too.
pub(crate) fn in_order_under<I: Sync, T: Send>(
    progress: &Progress,
    inputs: &[I],
    job: impl Fn(&I) -> T + Sync,
    each: impl FnMut(&I, Option<T>) -> io::Result<()>,
) -> io::Result<()> {
    run(inputs, &progress.0, job, each)
}

fn run<I: Sync, T: Send>(
    inputs: &[I],
    bar: &ProgressBar,
    job: impl Fn(&I) -> T + Sync,
    mut each: impl FnMut(&I, Option<T>) -> io::Result<()>,
) -> io::Result<()> {
    let workers = cores().min(inputs.len());
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::sync_channel(2 * workers.max(1));
    thread::scope(|scope| {
        for _ in 0..workers {
            let (next, job, send) = (&next, &job, send.clone());
            let work = move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(input) = inputs.get(number) else {
                        break;
                    };
                    let result = panic::catch_unwind(AssertUnwindSafe(|| job(input))).ok();
                    if send.send((number, result)).is_err() {
                        break; // the reader of the results gave up
                    }
                }
            };
            thread::Builder::new()
                .name(WORKER.to_owned())
                .spawn_scoped(scope, work)?;
        }
        drop(send);
        let receive = receive; // dropped with this closure, so that workers stop when `each` fails
        let mut waiting = BTreeMap::new();
        let mut done = 0;
        for (number, result) in &receive {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&done) {
                bar.suspend(|| each(&inputs[done], result))?;
                done += 1;
                bar.inc(1);
            }
        }
        bar.finish_and_clear();
        Ok(())
    })
}

/// Decoders' panics are caught and reported as undecided: their messages would only disturb the table.
pub(crate) fn silence_caught_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() != Some(WORKER) {
            before(info);
        }
    }));
}

const WORKER: &str = "worker";

/// A bar on standard error, where that is a terminal and there is something to wait for.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Of so many files. Of a single one nothing is drawn until it is told how far it is looked at.
    pub(crate) fn files(length: usize) -> Self {
        let template = match length {
            0 | 1 => "{msg}",
            _ => "{bar:30} {pos}/{len} files, {per_sec}, {eta} left{msg}",
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(length as u64).with_style(style))
    }

    /// Tells how far a video is looked at; how long it is, nobody knows before its end.
    pub(crate) fn looked(&self, name: &str, at: Duration) {
        if self.0.is_hidden() {
            return;
        }
        let ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let name = printable(name);
        let told = format!("{name}: looked at to {}", clock(ms / 1000 * 1000));
        let told = told.strip_suffix(".0").unwrap_or(&told);
        self.0.set_message(match self.0.length() {
            Some(2..) => format!("; {told}"),
            _ => told.to_owned(),
        });
    }
}

/// A count on standard error, where that is a terminal, of something of which nobody knows how much there is.
#[cfg(feature = "authority")]
pub(crate) fn counter(noun: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!("{{pos}} {noun}, {{per_sec}}"));
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_a_panic_is_one_result() {
        silence_caught_panics();
        let inputs: Vec<u32> = (0..500).collect();
        let mut seen = Vec::new();
        in_order(
            &inputs,
            |&i| if i == 77 { panic!("on purpose") } else { i * 2 },
            |&i, result| {
                seen.push((i, result));
                Ok(())
            },
        )
        .unwrap();
        let expected: Vec<_> = (0..500).map(|i| (i, (i != 77).then_some(i * 2))).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn an_error_of_the_reader_ends_the_work() {
        let inputs = [(); 10_000];
        let result = in_order(
            &inputs,
            |()| (),
            |(), _| Err(io::ErrorKind::BrokenPipe.into()),
        );
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
