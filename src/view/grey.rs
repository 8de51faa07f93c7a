//! The small grey picture in which margins and edges are looked for.

use crate::hash::Plane;

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

    /// Columns as rows.
    pub(super) fn turned(&self) -> Self {
        let mut samples = vec![0; self.samples.len()];
        for (y, row) in self.samples.chunks_exact(self.width).enumerate() {
            for (x, sample) in row.iter().enumerate() {
                samples[self.height * x + y] = *sample;
            }
        }
        Self::new(self.height, self.width, samples)
    }
}
