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

    /// What a frame of the same width on all sides would leave of a picture, or bars of the same width on two, if two sides of this
    /// area lie on such a frame, or one on such a bar. Where a picture is as dark as its frame, not every side of it can be seen.
    pub(super) fn evened(&self, whole: &Self) -> Option<Self> {
        let [left, top] = [self.left - whole.left, self.top - whole.top];
        let [right, bottom] = [whole.right - self.right, whole.bottom - self.bottom];
        let is_like = |a: usize, b: usize| a > 0 && b > 0 && a.abs_diff(b) <= 1;
        let all = [left, top, right, bottom];
        let pairs = (0..4).flat_map(|a| (0..a).map(move |b| [all[a], all[b]]));
        let width = pairs.filter(|[a, b]| is_like(*a, *b)).map(|[a, _]| a).min();
        let [across, down] = match (width, all) {
            (Some(width), _) => [width, width],
            (None, [0, top, 0, bottom]) => [0, top.max(bottom)],
            (None, [left, 0, right, 0]) => [left.max(right), 0],
            _ => return None,
        };
        let is_left = 2 * across < whole.width() && 2 * down < whole.height();
        is_left.then(|| Self {
            left: whole.left + across,
            top: whole.top + down,
            right: whole.right - across,
            bottom: whole.bottom - down,
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_bars_are_evened() {
        let whole = Area::of(100, 80);
        let area = |[left, top, right, bottom]: [usize; 4]| Area {
            left,
            top,
            right,
            bottom,
        };
        let even = |sides| area(sides).evened(&whole);
        // Left and top, left and right, or all but one.
        for seen in [[7, 7, 100, 80], [7, 20, 93, 80], [7, 7, 93, 60]] {
            assert_eq!(even(seen), Some(area([7, 7, 93, 73])), "{seen:?}");
        }
        assert_eq!(even([0, 9, 100, 80]), Some(area([0, 9, 100, 71])));
        assert_eq!(even([0, 0, 90, 80]), Some(area([10, 0, 90, 80])));
        for nothing in [[5, 9, 80, 65], [0, 0, 40, 80], [50, 0, 100, 80]] {
            assert_eq!(even(nothing), None, "{nothing:?}");
        }
    }
}
