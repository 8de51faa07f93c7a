//! The small grey picture in which margins and edges are looked for.

use crate::hash::Plane;

/// Memory for counts of what lies across a picture, and of what lies down it: one look after the other takes the same.
pub(super) type Counts = [Vec<u16>; 2];

/// Luma as bytes.
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    samples: Vec<u8>,
}

impl Grey {
    pub(super) fn of(plane: &Plane) -> Self {
        Self::new(plane.width(), plane.height(), plane.grey())
    }

    pub(super) fn new(width: usize, height: usize, samples: Vec<u8>) -> Self {
        Self {
            width,
            height,
            samples,
        }
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.samples[self.width * y..][..self.width]
    }

    /// Memory for as many counts as there can be.
    pub(super) fn counts(&self) -> Counts {
        let most = (self.width + 1) * (self.height + 1);
        [vec![0; most], vec![0; most]]
    }

    /// Columns as rows.
    pub(super) fn turned(&self) -> Self {
        let mut samples = vec![0; self.samples.len()];
        // Eight rows at a time, so that eight neighbours are written at once.
        let whole = self.height / 8 * 8;
        for top in (0..whole).step_by(8) {
            let rows: [&[u8]; 8] = std::array::from_fn(|k| self.row(top + k));
            for (x, column) in samples.chunks_exact_mut(self.height).enumerate() {
                column[top..top + 8].copy_from_slice(&rows.map(|row| row[x]));
            }
        }
        for y in whole..self.height {
            for (x, sample) in self.row(y).iter().enumerate() {
                samples[self.height * x + y] = *sample;
            }
        }
        Self::new(self.height, self.width, samples)
    }
}
