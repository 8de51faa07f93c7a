//! Pixels to the 64 x 64 buffer, row by row: steps 1 and 3 to 5.
//!
//! The definition runs four box filters over whole planes: along rows, along columns, along rows, along columns. A box
//! of width `w` over samples `x` is one running f32 sum, and the order of its additions decides the last bit:
//!
//! ```text
//! h = (w + 2) / 2 - 1
//! for t in 0 .. n + h:
//!     if t < n:  sum += x[t]
//!     if t >= w: sum -= x[t - w]
//!     if t >= h: out[t - h] = sum / (number of samples in the sum)
//! ```
//!
//! Departures, none of which changes the order of a single sum:
//!
//! 1. Rows pass through all four boxes as they arrive, so that no plane is kept: a box along columns keeps the last
//!    `w` rows and one sum a column.
//! 2. Only the 64 columns and 64 rows that step 5 reads are divided and kept after the third and fourth box.

use crate::picture::Picture;

use super::{Buffer, luma, sample_at, window};

/// The scratch of the filter: about `width * (height / 128 + 3)` floats, reused from picture to picture.
#[derive(Debug, Default)]
pub(super) struct Filter {
    luma: Vec<f32>,
    boxed: Vec<f32>,
    first: ColumnBox,
    second: ColumnBox,
}

impl Filter {
    /// The buffer of a picture of at least 5 x 5 pixels.
    pub(super) fn run(&mut self, picture: &Picture<'_>) -> Buffer {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        self.luma.resize(width, 0.0);
        let mut buffer = [[0.0; 64]; 64];
        if (width, height) == (64, 64) {
            for (row, out) in picture.rows().zip(&mut buffer) {
                luma(row, picture.samples(), out); // step 3
            }
            return buffer;
        }
        self.boxed.resize(width, 0.0);
        self.first.start(width, height);
        self.second.start(64, height);
        let mut samples = Samples::new(height);
        for row in picture.rows() {
            luma(row, picture.samples(), &mut self.luma);
            box_along_row(&self.luma, &mut self.boxed);
            if self.first.push(&self.boxed, &mut self.luma) {
                self.advance(&mut samples, &mut buffer);
            }
        }
        while self.first.drain(&mut self.luma) {
            self.advance(&mut samples, &mut buffer);
        }
        let mut row = [0.0; 64];
        while self.second.drain(&mut row) {
            samples.take(&row, &mut buffer);
        }
        buffer
    }

    /// Takes one row of the second box through the third and fourth.
    fn advance(&mut self, samples: &mut Samples, buffer: &mut Buffer) {
        let mut third = [0.0; 64];
        let mut fourth = [0.0; 64];
        box_along_row_at_samples(&self.luma, &mut third);
        if self.second.push(&third, &mut fourth) {
            samples.take(&fourth, buffer);
        }
    }
}

/// Keeps the rows of the fourth box that step 5 reads.
struct Samples {
    height: usize,
    row: usize,
    taken: usize,
}

impl Samples {
    fn new(height: usize) -> Self {
        Self {
            height,
            row: 0,
            taken: 0,
        }
    }

    fn take(&mut self, row: &[f32; 64], buffer: &mut Buffer) {
        // Pictures below 64 rows repeat some.
        while self.taken < 64 && sample_at(self.taken, self.height) == self.row {
            buffer[self.taken] = *row;
            self.taken += 1;
        }
        self.row += 1;
    }
}

/// A box along columns over rows that arrive one by one.
#[derive(Debug, Default)]
struct ColumnBox {
    width: usize,
    height: usize,
    window: usize,
    delay: usize,
    pushed: usize,
    sums: Vec<f32>,
    /// The last `window` rows, row `t` at `t % window`.
    kept: Vec<f32>,
}

impl ColumnBox {
    fn start(&mut self, width: usize, height: usize) {
        self.width = width;
        self.height = height;
        self.window = window(height);
        self.delay = delay(self.window);
        self.pushed = 0;
        self.sums.clear();
        self.sums.resize(width, 0.0);
        self.kept.resize(width * self.window, 0.0);
    }

    /// Takes a row in; true where that put a row out.
    fn push(&mut self, row: &[f32], out: &mut [f32]) -> bool {
        let t = self.pushed;
        self.pushed += 1;
        let start = t % self.window * self.width;
        let kept = &mut self.kept[start..start + self.width];
        if t >= self.window {
            for ((sum, kept), new) in self.sums.iter_mut().zip(kept).zip(row) {
                *sum = (*sum + new) - *kept;
                *kept = *new;
            }
        } else {
            for ((sum, kept), new) in self.sums.iter_mut().zip(kept).zip(row) {
                *sum += new;
                *kept = *new;
            }
        }
        self.put(t, out)
    }

    /// Puts out one of the last rows, after all were taken in; false where none is left.
    fn drain(&mut self, out: &mut [f32]) -> bool {
        let t = self.pushed;
        if t >= self.height + self.delay {
            return false;
        }
        self.pushed += 1;
        if t >= self.window {
            let start = t % self.window * self.width;
            for (sum, kept) in self.sums.iter_mut().zip(&self.kept[start..]) {
                *sum -= kept;
            }
        }
        self.put(t, out)
    }

    fn put(&self, t: usize, out: &mut [f32]) -> bool {
        if t < self.delay {
            return false;
        }
        let count = count(t, self.height, self.window);
        for (out, sum) in out.iter_mut().zip(&self.sums) {
            *out = sum / count;
        }
        true
    }
}

/// The box along one row.
fn box_along_row(row: &[f32], out: &mut [f32]) {
    let window = window(row.len());
    let delay = delay(window);
    let mut sum = 0.0;
    for t in 0..row.len() + delay {
        sum = slide(sum, row, t, window);
        if t >= delay {
            out[t - delay] = sum / count(t, row.len(), window);
        }
    }
}

/// The box along one row, divided only where step 5 reads it.
fn box_along_row_at_samples(row: &[f32], out: &mut [f32; 64]) {
    let window = window(row.len());
    let delay = delay(window);
    let mut sum = 0.0;
    let mut t = 0;
    for (i, out) in out.iter_mut().enumerate() {
        let end = sample_at(i, row.len()) + delay;
        while t <= end {
            sum = slide(sum, row, t, window);
            t += 1;
        }
        *out = sum / count(end, row.len(), window);
    }
}

/// One step of the running sum: the new sample is added first, then the old one subtracted.
fn slide(mut sum: f32, row: &[f32], t: usize, window: usize) -> f32 {
    if let Some(new) = row.get(t) {
        sum += new;
    }
    if t >= window {
        sum -= row[t - window];
    }
    sum
}

/// Steps between taking a sample in and putting out the mean around it.
fn delay(window: usize) -> usize {
    window.midpoint(2) - 1
}

/// The number of samples in the sum at step `t`, of `length` samples in all.
fn count(t: usize, length: usize, window: usize) -> f32 {
    let count = (t + 1).min(length) - (t + 1).saturating_sub(window);
    #[expect(
        clippy::cast_precision_loss,
        reason = "a window is at most 2^32 / 128; those above 2^24 samples do not fit into memory"
    )]
    let count = count as f32;
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_is_half_the_window_as_the_reference_rounds_it() {
        for window in 1..2000 {
            assert_eq!(delay(window), (window + 2) / 2 - 1, "{window}");
        }
    }

    #[test]
    fn memory_is_a_window_of_rows_and_not_a_plane() {
        let (width, height) = (3000u32, 2000u32);
        let pixels = vec![9u8; (width * height) as usize];
        let mut filter = Filter::default();
        filter.run(&Picture::grey(width, height, width as usize, pixels).unwrap());
        let floats = [
            &filter.luma,
            &filter.boxed,
            &filter.first.sums,
            &filter.first.kept,
        ]
        .iter()
        .map(|v| v.capacity())
        .sum::<usize>();
        assert!(floats <= 3000 * (2000 / 128 + 1 + 3), "{floats}");
        assert!(filter.second.kept.capacity() <= 64 * 16);
    }
}
