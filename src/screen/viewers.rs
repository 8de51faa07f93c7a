//! Viewers that wait for the next upload, with the memory that the last one needed.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;
use std::thread::available_parallelism;

use crate::view::Viewer;

/// As many as there were uploads at a time, but not more than the CPU does at a time. Nobody waits for one: who finds the door shut takes a
/// new one, or lets one go.
#[derive(Debug, Default)]
pub(super) struct Viewers(Mutex<Vec<Viewer>>);

impl Viewers {
    /// One for an upload.
    pub(super) fn lend(&self) -> Lent<'_> {
        let kept = self.0.try_lock().ok().and_then(|mut kept| kept.pop());
        Lent {
            viewer: kept.unwrap_or_default(),
            back_to: self,
        }
    }

    fn take_back(&self, viewer: Viewer) {
        if let Ok(mut kept) = self.0.try_lock()
            && kept.len() < available_parallelism().map_or(1, usize::from)
        {
            kept.push(viewer);
        }
    }
}

/// A viewer that goes back when its upload is done.
pub(super) struct Lent<'a> {
    viewer: Viewer,
    back_to: &'a Viewers,
}

impl Deref for Lent<'_> {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.viewer
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Viewer {
        &mut self.viewer
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.back_to.take_back(std::mem::take(&mut self.viewer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewers_come_back_and_nobody_waits() {
        let viewers = Viewers::default();
        let kept = |viewers: &Viewers| viewers.0.lock().unwrap().len();
        drop(viewers.lend());
        assert_eq!(kept(&viewers), 1);
        {
            let _lent = [viewers.lend(), viewers.lend()];
            assert_eq!(kept(&viewers), 0);
        }
        let most = available_parallelism().map_or(1, usize::from);
        assert_eq!(kept(&viewers), 2.min(most));
        {
            let _shut = viewers.0.lock().unwrap();
            drop(viewers.lend());
        }
        assert_eq!(kept(&viewers), 2.min(most));
    }
}
