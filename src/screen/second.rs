//! A second look: whether an upload shows the rest of an entry where a first hit says that it lies.
//!
//! A small window may show something that many pictures share, such as a sign or a face on a banknote; and what is farther away than
//! 31 bits may be there by chance. But a hit says where the entry lies in the upload: as the window in the entry, so the window in the
//! upload. So its other windows are hashed there. If one is near too, the entry is there; of wrong first hits, hardly any is confirmed.

use crate::baseline::Part;
use crate::hash::{Distance, Pdq, Radius};
use crate::view::{Look, MINIMUM_QUALITY, Place, Viewer};

use super::built::Known;
use super::query::Query;

/// How near another window has to be in its place. Wider than first looks: it is asked at a few places only.
const CONFIRMED: Radius = Radius::of(60);

/// A window of so many ten-thousandths of a side, and more, needs no second look: no sign is as large.
const LARGE: u16 = 4000;

/// Places may reach beyond the edge by so much of the longer side: they are known no better.
const SLACK: f32 = 0.02;

/// Sides below this show too little, in pixels.
const LEAST_PX: f32 = 16.0;

/// Whether a window is so large that it stands for its entry.
pub(super) fn is_large(part: Part) -> bool {
    let [left, top, right, bottom] = part.sides();
    (right - left).max(bottom - top) >= LARGE
}

/// Second looks of one hash: at its nearest entries. More of them share only what says nothing, such as a sign.
const MOST_OF_ONE: usize = 8;

/// Second looks of one frame in one list. A list full of signs must not make an upload slow: a look takes up to half a millisecond.
const MOST_TOGETHER: usize = 256;

/// How many second looks there were.
pub(super) struct Looks {
    by_query: Vec<usize>,
    together: usize,
}

impl Looks {
    /// None yet, of so many queries.
    pub(super) fn new(queries: usize) -> Self {
        Self {
            by_query: vec![0; queries],
            together: 0,
        }
    }

    /// Whether this query may look once more, which is counted.
    pub(super) fn one_more(&mut self, query: usize) -> bool {
        let has_left = self.by_query[query] < MOST_OF_ONE && self.together < MOST_TOGETHER;
        if has_left {
            self.by_query[query] += 1;
            self.together += 1;
        }
        has_left
    }
}

/// An upload that can be looked at again.
pub(super) struct Second<'a> {
    pub(super) viewer: &'a Viewer,
    pub(super) look: &'a Look,
}

impl Second<'_> {
    /// How near the nearest other window of the entry is in its place, if one is near enough: `first` is the row that `query` hit,
    /// `windows` are those of its entry.
    pub(super) fn look<'r>(
        &self,
        query: &Query,
        first: &Known<'_>,
        windows: impl Iterator<Item = (Known<'r>, Pdq)>,
    ) -> Option<Distance> {
        if query.negative {
            return None; // of which windows have no hashes
        }
        let known = first.part.map_or([0.0, 0.0, 1.0, 1.0], sides);
        let whole = self.look.whole();
        let found_at = query.place.unwrap_or(whole).form(query.dihedral);
        // Of one frame, if the entry has several: their rows are labelled alike.
        let of_frame = windows.filter(|(row, _)| row.label == first.label);
        let near = of_frame.filter_map(|(row, pdq)| {
            let other = sides(row.part?);
            // One that lies in the first one is near where the first one is.
            if first.part.is_some() && shared(known, other) > 0.5 {
                return None;
            }
            let distance = self.distance(&found_at.of_part(known, other), pdq)?;
            CONFIRMED.covers(distance).then_some(distance)
        });
        near.min()
    }

    /// How far what lies in a place is from a hash; none where it cannot be seen.
    fn distance(&self, place: &Place, pdq: Pdq) -> Option<Distance> {
        let size = self.look.whole().size();
        let is_seen = place.lies_in(size, SLACK * size[0].max(size[1]))
            && place.size().iter().all(|side| *side >= LEAST_PX);
        if !is_seen {
            return None;
        }
        let transform = self.viewer.at(self.look, place);
        (transform.quality().get() >= MINIMUM_QUALITY).then(|| transform.pdq().distance(pdq))
    }
}

/// As parts of the picture's sides.
fn sides(part: Part) -> [f32; 4] {
    part.sides().map(|side| f32::from(side) / 10_000.0)
}

/// How much of the smaller one of two parts the other one covers.
fn shared(a: [f32; 4], b: [f32; 4]) -> f32 {
    let along = |axis: usize| (a[axis + 2].min(b[axis + 2]) - a[axis].max(b[axis])).max(0.0);
    let area = |part: [f32; 4]| (part[2] - part[0]) * (part[3] - part[1]);
    along(0) * along(1) / area(a).min(area(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_part_shares_is_counted_of_the_smaller() {
        let large = [0.0, 0.0, 0.8, 0.5];
        assert!((shared(large, [0.2, 0.1, 0.4, 0.3]) - 1.0).abs() < 1e-6);
        assert!((shared([0.7, 0.0, 0.9, 0.2], large) - 0.5).abs() < 1e-5);
        assert_eq!(shared(large, [0.8, 0.0, 1.0, 1.0]).to_bits(), 0);
    }

    #[test]
    fn second_looks_end_for_each_query_and_for_all() {
        let mut looks = Looks::new(100);
        let taken = |looks: &mut Looks, query| (0..20).filter(|_| looks.one_more(query)).count();
        let by_query: Vec<usize> = (0..100).map(|query| taken(&mut looks, query)).collect();
        assert_eq!(by_query[..32], [MOST_OF_ONE; 32]);
        assert_eq!(by_query[32..], [0; 68]);
    }

    #[test]
    fn a_window_is_large_by_its_longer_side() {
        let part = |sides| is_large(Part::new(sides).unwrap());
        assert!(part([1000, 0, 5000, 10]) && part([0, 10, 10, 4010]));
        assert!(!part([1000, 1000, 4999, 4999]));
    }
}
