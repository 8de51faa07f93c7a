//! What is uploaded: how many files of which kind, made from which picture.

use image::{ImageResult, RgbImage};

use super::awkward::{self, Family};
use super::dice::Dice;
use super::edits::{Edit, USUAL};
use super::encode::{Made, gif, jpeg, png, webp};

/// How large the platform is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    /// Listed items.
    pub(super) items: usize,
    /// Copies sent on as they are.
    pub(super) unchanged: usize,
    /// Copies changed in each of the eight ways.
    pub(super) each_edit: usize,
    /// Copies whose upload broke off.
    pub(super) cut_short: usize,
    /// Pictures that are not listed.
    pub(super) unrelated: usize,
    /// Awkward files of each family.
    pub(super) each_family: usize,
}

impl Sizes {
    /// 200 items, 500 uploads.
    pub(super) const FULL: Self = Self {
        items: 200,
        unchanged: 40,
        each_edit: 30,
        cut_short: 10,
        unrelated: 180,
        each_family: 10,
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
    /// In the order of the table: copies, those that a plain hash finds first, then the rest.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [Self::Unchanged, Self::CutShort]
            .into_iter()
            .chain(Edit::ALL.map(Self::Edited))
            .chain([Self::Unrelated])
            .chain(Family::ALL.map(Self::Awkward))
    }

    /// Whether it shows a listed item.
    pub(super) fn is_copy(self) -> bool {
        match self {
            Self::Unchanged | Self::Edited(_) | Self::CutShort => true,
            Self::Unrelated | Self::Awkward(_) => false,
        }
    }

    /// What it is, for somebody who reads the table.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Unchanged => "sent on as it is, as PNG or WebP",
            Self::Edited(edit) => edit.words(),
            Self::CutShort => "broken off: the last 10 % is missing",
            Self::Unrelated => "pictures that are not listed",
            Self::Awkward(family) => family.words(),
        }
    }

    /// The file with this number among those of its kind.
    fn make(self, image: &RgbImage, number: usize) -> ImageResult<Made> {
        let (name, bytes) = match (self, number % 4) {
            (Self::Edited(edit), _) => return edit.apply(image, number),
            (Self::Awkward(family), _) => return family.make(image, number),
            (Self::CutShort, _) => return awkward::cut_short(image),
            (Self::Unchanged, 0 | 2) => ("unchanged.png", png(image)?),
            (Self::Unchanged, _) => ("unchanged.webp", webp(image)?),
            (Self::Unrelated, 0) => ("unrelated.png", png(image)?),
            (Self::Unrelated, 1) if number % 8 == 1 => ("unrelated.gif", gif([image.clone()])?),
            (Self::Unrelated, 2) if number % 8 == 2 => ("unrelated.webp", webp(image)?),
            (Self::Unrelated, _) => ("unrelated.jpg", jpeg(image, USUAL)?),
        };
        Ok(Made { name, bytes })
    }
}

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
        self.kind.make(image, self.nth)
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
    fn the_platform_has_two_hundred_items_and_five_hundred_uploads() {
        let uploads = uploads(&Sizes::FULL);
        assert_eq!((Sizes::FULL.items, uploads.len()), (200, 500));
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
            2 + 8 * 2 + 2 + 2 + 3 * 10
        );
    }
}
