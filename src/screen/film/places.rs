//! Where in an upload copies of entries were found.

use crate::hash::{Dihedral, Transform};
use crate::view::{Kind, Look, Place, View, Viewer};

use super::super::query::Query;

/// Places that are looked at in every frame, since a copy was there before: the latest first.
#[derive(Debug, Default)]
pub(in crate::screen) struct Places {
    known: Vec<(Kind, Place)>,
    size: [u32; 2],
}

impl Places {
    pub(in crate::screen) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Forgets all if frames have another size than before.
    pub(super) fn keep_to(&mut self, size: [u32; 2]) {
        if self.size != size {
            self.size = size;
            self.known.clear();
        }
    }

    /// Something was found there.
    pub(super) fn hit(&mut self, kind: Kind, place: Place) {
        match self.known.iter().position(|(_, known)| *known == place) {
            Some(at) => self.known[..=at].rotate_right(1),
            None => {
                self.known.insert(0, (kind, place));
                self.known.truncate(MOST_PLACES);
            }
        }
    }

    /// What a frame would be looked up by, at each of them.
    pub(in crate::screen) fn queries(&self, viewer: &Viewer, look: &Look) -> Vec<Query> {
        let at = |(kind, place): &(Kind, Place)| of(*kind, *place, &viewer.at(look, place));
        self.known.iter().flat_map(at).collect()
    }
}

/// What is looked up among frames of a frame's views.
pub(in crate::screen) fn queries(views: &[View]) -> impl Iterator<Item = Query> {
    let of_view = |view: &View| of(view.kind(), view.place(), view.transform());
    views.iter().flat_map(of_view)
}

/// A part in all forms, or as it is and mirrored where it is one of those that every picture has: videos are mirrored more often than pictures.
fn of(kind: Kind, place: Place, transform: &Transform) -> Vec<Query> {
    let forms = match kind.forms().len() {
        8 => &Dihedral::ALL[..],
        _ => Kind::Window.forms(),
    };
    let query = |&form| Query::of_frame_part(kind, place, transform, form);
    forms.iter().map(query).collect()
}

/// Places that are held at a time. A disguise has one or two.
const MOST_PLACES: usize = 6;
