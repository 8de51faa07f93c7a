//! What is uploaded: how many files of which kind, made from which picture.

use image::{ImageResult, RgbImage};

use super::awkward::{BROKEN_OFF, Family};
use super::dice::Dice;
use super::edits::Edit;
use super::effort::Effort;
use super::encode::{gif, png, usual, webp};
use super::variant::{self, Made, Variants};

/// How large the platform is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    /// Listed items.
    pub(super) items: usize,
    /// Copies sent on as they are.
    pub(super) unchanged: usize,
    /// Copies changed in each of the twenty ways.
    pub(super) each_edit: usize,
    /// Copies whose upload broke off.
    pub(super) cut_short: usize,
    /// Pictures that are not listed.
    pub(super) unrelated: usize,
    /// Awkward files of each family.
    pub(super) each_family: usize,
}

impl Sizes {
    /// 200 items, 900 uploads. The numbers of edits and of awkward files can be shared equally among two, three, four,
    /// six and eight variants.
    pub(super) const FULL: Self = Self {
        items: 200,
        unchanged: 40,
        each_edit: 24,
        cut_short: 12,
        unrelated: 200,
        each_family: 24,
    };

    /// At most these, where there are only so many pictures. No item has two copies of one kind.
    pub(super) fn within(self, items: usize, unrelated: usize) -> Self {
        Self {
            items: self.items.min(items),
            unchanged: self.unchanged.min(items),
            each_edit: self.each_edit.min(items),
            cut_short: self.cut_short.min(items),
            unrelated: self.unrelated.min(unrelated),
            ..self
        }
    }

    /// How many files of a kind.
    pub(super) fn files(&self, kind: Kind) -> usize {
        match kind {
            Kind::Unchanged => self.unchanged,
            Kind::Edited(_) => self.each_edit,
            Kind::CutShort => self.cut_short,
            Kind::Unrelated => self.unrelated,
            Kind::Awkward(_) => self.each_family,
        }
    }
}

/// What an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unchanged,
    Edited(Edit),
    CutShort,
    Unrelated,
    Awkward(Family),
}

impl Kind {
    /// In the order of the table: as [`Expected`], and copies that are found with little effort first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [Self::Unchanged, Self::CutShort]
            .into_iter()
            .chain(Edit::ALL.map(Self::Edited))
            .chain([Self::Unrelated])
            .chain(Family::ALL.map(Self::Awkward))
    }

    /// What should come out.
    pub(super) fn expected(self) -> Expected {
        match self {
            Self::Unchanged | Self::CutShort => Expected::Found(Effort::Plain),
            Self::Edited(edit) => Expected::Found(edit.effort()),
            Self::Unrelated => Expected::NoMatch,
            Self::Awkward(family) if family.is_whole() => Expected::NoMatch,
            Self::Awkward(_) => Expected::Undecided,
        }
    }

    /// Whether it shows a listed item.
    pub(super) fn is_copy(self) -> bool {
        matches!(self.expected(), Expected::Found(_))
    }

    /// What it is, for somebody who reads the table.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Unchanged => "sent on as it is, as PNG or WebP",
            Self::Edited(edit) => edit.words(),
            Self::CutShort => "broken off: the last 10 % is missing",
            Self::Unrelated => "pictures that nobody listed",
            Self::Awkward(family) => family.words(),
        }
    }

    /// The ways in which files of this kind are made.
    pub(super) fn variants(self) -> &'static Variants {
        match self {
            Self::Unchanged => UNCHANGED,
            Self::Edited(edit) => edit.variants(),
            Self::CutShort => BROKEN_OFF,
            Self::Unrelated => UNRELATED,
            Self::Awkward(family) => family.variants(),
        }
    }
}

/// What should come out for a kind of upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// It shows a listed item, and this effort should find it.
    Found(Effort),
    /// Nothing listed, and all of it can be looked at.
    NoMatch,
    /// Not all of it can be looked at.
    Undecided,
}

impl Expected {
    /// In the order of the table.
    pub(super) const ALL: [Self; 5] = [
        Self::Found(Effort::Plain),
        Self::Found(Effort::Standard),
        Self::Found(Effort::Windows),
        Self::NoMatch,
        Self::Undecided,
    ];
}

const UNCHANGED: &Variants = &[
    ("unchanged.png", |image, _| png(image)),
    ("unchanged.webp", |image, _| webp(image)),
];

/// Mostly JPEG, as on any platform.
const UNRELATED: &Variants = &[
    ("unrelated.jpg", |image, _| usual(image)),
    ("unrelated.png", |image, _| png(image)),
    ("unrelated.jpg", |image, _| usual(image)),
    ("unrelated.gif", |image, _| gif([image.clone()])),
    ("unrelated.jpg", |image, _| usual(image)),
    ("unrelated.webp", |image, _| webp(image)),
];

/// A picture of the album.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A listed item, counted from 0.
    Item(usize),
    /// A picture that is not listed, counted from 0.
    Unrelated(usize),
}

/// A file to be uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Upload {
    /// Its place among all uploads.
    pub(super) number: usize,
    pub(super) kind: Kind,
    pub(super) source: Source,
    /// Its place among those of its kind.
    nth: usize,
}

impl Upload {
    /// The item that it is a copy of, if it is one.
    pub(super) fn item(&self) -> Option<usize> {
        match self.source {
            Source::Item(number) => Some(number),
            Source::Unrelated(_) => None,
        }
    }

    /// Its bytes, from the picture that it is made of.
    pub(super) fn make(&self, image: &RgbImage) -> ImageResult<Made> {
        variant::make(self.kind.variants(), image, self.nth)
    }
}

/// All uploads, mixed as they would arrive.
///
/// Copies go through the items in turn, so that the copies of one kind show different items. Awkward files that need a
/// picture go through those that are not listed.
pub(super) fn uploads(sizes: &Sizes) -> Vec<Upload> {
    let mut uploads = Vec::new();
    let mut copies = (0..sizes.items).cycle();
    for kind in Kind::all() {
        let mut unrelated = (0..sizes.unrelated).cycle();
        for nth in 0..sizes.files(kind) {
            let source = if kind.is_copy() {
                copies.next().map(Source::Item)
            } else {
                unrelated.next().map(Source::Unrelated)
            };
            let number = 0;
            uploads.extend(source.map(|source| Upload {
                number,
                kind,
                source,
                nth,
            }));
        }
    }
    Dice::new(ARRIVAL).shuffle(&mut uploads);
    for (number, upload) in uploads.iter_mut().enumerate() {
        upload.number = number;
    }
    uploads
}

/// The seed of the order in which uploads arrive.
const ARRIVAL: u64 = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_has_two_hundred_items_and_nine_hundred_uploads() {
        let uploads = uploads(&Sizes::FULL);
        assert_eq!((Sizes::FULL.items, uploads.len()), (200, 900));
        assert!(
            uploads
                .iter()
                .enumerate()
                .all(|(place, upload)| upload.number == place)
        );
        for kind in Kind::all() {
            let files = uploads.iter().filter(|upload| upload.kind == kind).count();
            assert_eq!(files, Sizes::FULL.files(kind), "{kind:?}");
        }
    }

    #[test]
    fn copies_of_one_kind_show_different_items() {
        for sizes in [
            Sizes::FULL,
            Sizes::FULL.within(7, 5),
            Sizes::FULL.within(2, 2),
        ] {
            let uploads = uploads(&sizes);
            for kind in Kind::all().filter(|kind| kind.is_copy()) {
                let of_kind = uploads.iter().filter(|upload| upload.kind == kind);
                let mut items: Vec<_> = of_kind.map(|upload| upload.item().unwrap()).collect();
                items.sort_unstable();
                items.dedup();
                assert_eq!(items.len(), sizes.files(kind), "{kind:?}");
                assert!(items.iter().all(|&item| item < sizes.items));
            }
        }
    }

    #[test]
    fn fewer_pictures_make_fewer_uploads() {
        assert_eq!(Sizes::FULL.within(500, 500), Sizes::FULL);
        assert_eq!(
            uploads(&Sizes::FULL.within(2, 2)).len(),
            2 + 20 * 2 + 2 + 2 + 7 * 24
        );
    }
}
