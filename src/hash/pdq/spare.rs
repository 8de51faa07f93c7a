//! Memory of planes that nobody needs any more, for those that come.

use std::sync::Mutex;

/// Keeps the memory of planes. An allocator may give it back to the system after each picture, and then taking it anew costs as much as
/// reading dozens of views.
#[derive(Default)]
pub(super) struct Spare(Mutex<Vec<Vec<f32>>>);

/// Samples that are kept at most, 8 MiB: those of the planes of a picture of 1024 x 1024, and of blurred ones beside them.
const MOST_SAMPLES: usize = 1 << 21;

impl Spare {
    /// So many samples, each of any value; who takes them sets all. Nobody waits: if another thread is here, they are new.
    pub(super) fn take(&self, samples: usize) -> Vec<f32> {
        let kept = self.0.try_lock().ok().and_then(|mut spare| {
            let sizes = spare.iter().map(Vec::capacity).enumerate();
            let enough = sizes.filter(|(_, size)| *size >= samples);
            let (at, _) = enough.min_by_key(|(_, size)| *size)?;
            Some(spare.swap_remove(at))
        });
        let mut memory = kept.unwrap_or_default();
        memory.resize(samples, 0.0);
        if cfg!(debug_assertions) {
            memory.fill(f32::NAN);
        }
        memory
    }

    /// Keeps memory, and none of the smallest if that is too much together.
    pub(super) fn keep(&self, memory: Vec<f32>) {
        let Ok(mut spare) = self.0.try_lock() else {
            return;
        };
        spare.push(memory);
        while spare.iter().map(Vec::capacity).sum::<usize>() > MOST_SAMPLES {
            let sizes = spare.iter().map(Vec::capacity).enumerate();
            match sizes.min_by_key(|(_, size)| *size) {
                Some((at, _)) => drop(spare.swap_remove(at)),
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_is_enough_is_taken_and_what_it_holds_is_of_no_use() {
        let spare = Spare::default();
        for samples in [100, 10, 50] {
            spare.keep(vec![1.0; samples]);
        }
        let taken = spare.take(20);
        assert_eq!((taken.len(), taken.capacity()), (20, 50));
        assert!(taken.iter().all(|sample| sample.is_nan()));
        assert_eq!(spare.take(1000).len(), 1000);
        assert_eq!(spare.take(10).capacity(), 10);
        assert_eq!(spare.take(10).capacity(), 100);
    }

    #[test]
    fn the_largest_are_kept_up_to_a_limit() {
        let spare = Spare::default();
        for samples in [MOST_SAMPLES / 2, 10, MOST_SAMPLES / 4, MOST_SAMPLES / 3] {
            spare.keep(Vec::with_capacity(samples));
        }
        let kept: Vec<usize> = (0..3).map(|_| spare.take(0).capacity()).collect();
        assert_eq!(kept, [MOST_SAMPLES / 3, MOST_SAMPLES / 2, 0]);
        spare.keep(Vec::with_capacity(MOST_SAMPLES + 1));
        assert_eq!(spare.take(0).capacity(), 0);
    }

    #[test]
    fn nobody_waits() {
        let spare = Spare::default();
        spare.keep(vec![1.0; 10]);
        let shut = spare.0.lock().unwrap();
        assert_eq!(spare.take(5).capacity(), 5);
        spare.keep(vec![1.0; 20]);
        drop(shut);
        assert_eq!(spare.take(5).capacity(), 10);
        assert_eq!(spare.take(5).capacity(), 5);
    }
}
