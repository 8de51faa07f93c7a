//! What a frame is asked by: its hashes, each with how it was got.

use std::time::Duration;

use crate::hash::{Dihedral, Pdq, Quality, Transform};
use crate::media::{Background, Frame};
use crate::view::{Kind, Place, View, WINDOWS_ASKED};

use super::FormOrigin;
use super::version::Table;

/// Lookups of one frame in one list, at most: the whole frame, its negative, and so many of its likeliest views as fit.
///
/// It bounds what an upload can make a screener do, and how often chance can bring something near. Edited photographs have 165 on
/// average; of busy pages and collages the last views, those of crops and small turns, are left out.
pub(super) const MOST_LOOKUPS: usize = 240;

/// Of those, what is left for views.
pub(super) const VIEW_LOOKUPS: usize = MOST_LOOKUPS - 2 * Dihedral::ALL.len();

/// Of those, what windows take where a list has some: of each the form as it is and the mirrored one, and the whole frame's.
pub(super) const WINDOW_LOOKUPS: usize = 2 * (WINDOWS_ASKED + 1);

/// One hash to be looked up.
#[derive(Clone, Copy)]
pub(super) struct Query {
    pub(super) pdq: Pdq,
    pub(super) table: Table,
    pub(super) dihedral: Dihedral,
    pub(super) form_origin: FormOrigin,
    pub(super) negative: bool,
    pub(super) view: Kind,
    pub(super) place: Option<Place>,
    pub(super) quality: Option<Quality>,
}

impl Query {
    /// The eight forms of a whole picture, the one as it is first.
    pub(super) fn of_picture(transform: &Transform) -> [Self; 8] {
        let origin = |_| FormOrigin::Picture;
        Self::whole(transform.forms(), origin, Some(transform.quality()))
    }

    /// The eight forms of a bare hash, all but the first of which are estimates.
    pub(super) fn of_bare(pdq: Pdq, quality: Option<Quality>) -> [Self; 8] {
        let origin = |form| match form {
            Dihedral::Original => FormOrigin::Picture,
            _ => FormOrigin::DerivedFromHash,
        };
        Self::whole(Dihedral::ALL.map(|form| pdq.derived(form)), origin, quality)
    }

    fn whole(
        forms: [Pdq; 8],
        origin: impl Fn(Dihedral) -> FormOrigin,
        quality: Option<Quality>,
    ) -> [Self; 8] {
        std::array::from_fn(|number| Self {
            pdq: forms[number],
            table: Table::Wholes,
            dihedral: Dihedral::ALL[number],
            form_origin: origin(Dihedral::ALL[number]),
            negative: false,
            view: Kind::Full,
            place: None,
            quality,
        })
    }

    /// Whether it is the frame itself, neither a part nor the negative of it.
    pub(super) fn is_whole(&self) -> bool {
        self.view == Kind::Full && !self.negative
    }

    /// The same of the negative.
    pub(super) fn negative(self) -> Self {
        Self {
            pdq: self.pdq.negative(),
            negative: !self.negative,
            ..self
        }
    }

    /// A whole picture as what it may be of an entry's: a window, as it is or mirrored.
    pub(super) fn as_window(whole: &[Self; 8]) -> impl Iterator<Item = Self> {
        let forms = whole
            .iter()
            .filter(|query| Kind::Window.forms().contains(&query.dihedral));
        forms.map(|query| Self {
            table: Table::Windows,
            ..*query
        })
    }

    /// A whole frame as what it may be of a video's.
    pub(super) fn as_frame(self) -> Self {
        Self {
            table: Table::Frames,
            ..self
        }
    }

    /// A form of a part of a frame, as what it may be of a video's.
    pub(super) fn of_frame_part(
        view: Kind,
        place: Place,
        transform: &Transform,
        form: Dihedral,
    ) -> Self {
        Self {
            pdq: transform.form(form),
            table: Table::Frames,
            dihedral: form,
            form_origin: FormOrigin::Picture,
            negative: false,
            view,
            place: Some(place),
            quality: Some(transform.quality()),
        }
    }

    /// What is worth a lookup of a view.
    pub(super) fn of_view(view: &View) -> impl Iterator<Item = Self> {
        let table = match view.kind() {
            Kind::Window => Table::Windows,
            _ => Table::Wholes,
        };
        view.codes().map(move |(dihedral, pdq)| Self {
            pdq,
            table,
            dihedral,
            form_origin: FormOrigin::Picture,
            negative: false,
            view: view.kind(),
            place: Some(view.place()),
            quality: Some(view.quality()),
        })
    }
}

/// Which frame it is, as evidence tells of it.
#[derive(Clone, Copy)]
pub(super) struct Provenance {
    pub(super) frame: u32,
    pub(super) frame_time: Option<Duration>,
    pub(super) background: Background,
    pub(super) partial: bool,
    /// Its width and height in pixels, if there is a picture.
    pub(super) size: Option<[u32; 2]>,
}

impl Provenance {
    /// Of what is no frame of a file.
    pub(super) const NONE: Self = Self {
        frame: 0,
        frame_time: None,
        background: Background::Black,
        partial: false,
        size: None,
    };

    pub(super) fn of(frame: &Frame) -> Self {
        Self {
            frame: frame.number(),
            frame_time: frame.time(),
            background: frame.background(),
            partial: frame.is_partial(),
            size: None, // that of the picture that is taken with it
        }
    }
}
