//! A mirror that shows how much of a long file has come.

use std::io::{self, Read};
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use ijkpunt::sync::{Place, Transport, TransportError};
use indicatif::{ProgressBar, ProgressStyle};

/// Below this, a file is there before anybody has looked.
const LONG: u64 = 1 << 20;

/// Shows it where somebody looks: on standard error, if that is a terminal.
#[derive(Debug)]
pub(super) struct InSight<T>(pub(super) T);

impl<T: Transport> Transport for InSight<T> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn open(
        &self,
        place: &Place,
        most_bytes: u64,
        deadline: Instant,
    ) -> Result<Option<Box<dyn Read + '_>>, TransportError> {
        let opened = self.0.open(place, most_bytes, deadline)?;
        let is_shown = place.is_target() && most_bytes >= LONG;
        Ok(opened.map(|reader| match is_shown {
            true => Box::new(Counted {
                bar: AssertUnwindSafe(bar(most_bytes, self.name())),
                reader,
            }),
            false => reader,
        }))
    }
}

fn bar(bytes: u64, mirror: &str) -> ProgressBar {
    let style = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left, from {msg}";
    let style = ProgressStyle::with_template(style);
    ProgressBar::new(bytes)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(crate::output::printable(mirror))
}

struct Counted<R> {
    bar: AssertUnwindSafe<ProgressBar>,
    reader: R,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(bytes)?;
        self.bar.inc(read as u64);
        Ok(read)
    }
}

impl<R> Drop for Counted<R> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
