//! Rectangles of samples.

/// A rectangle of samples; `right` and `bottom` are behind the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Area {
    pub(super) fn of(width: usize, height: usize) -> Self {
        Self {
            left: 0,
            top: 0,
            right: width,
            bottom: height,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.right - self.left
    }

    pub(super) fn height(&self) -> usize {
        self.bottom - self.top
    }

    pub(super) fn size(&self) -> usize {
        self.width() * self.height()
    }

    /// The same in a picture of twice the size.
    pub(super) fn doubled(&self) -> Self {
        Self {
            left: 2 * self.left,
            top: 2 * self.top,
            right: 2 * self.right,
            bottom: 2 * self.bottom,
        }
    }

    pub(super) fn is_at_least(&self, [width, height]: [usize; 2]) -> bool {
        self.width() >= width && self.height() >= height
    }

    /// Whether the two differ by no more than a 64th of a side on any side: their hashes would be nearly the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let across = self.width().max(other.width()) / 64;
        let down = self.height().max(other.height()) / 64;
        self.left.abs_diff(other.left) <= across
            && self.right.abs_diff(other.right) <= across
            && self.top.abs_diff(other.top) <= down
            && self.bottom.abs_diff(other.bottom) <= down
    }
}
