//! What a list holds: entries, and rows of hashes that belong to them.

use std::fmt;

use crate::hash::{Digest, PROFILE, Pdq, Quality};

use super::{Part, Shown};

/// An item of a list: one or more rows share its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListEntry {
    pub(super) id: Box<str>,
}

impl ListEntry {
    /// The id that the list gives; `line-N` where it gives none.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// One hash of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub(super) code: Code,
    pub(super) entry: u32,
    pub(super) quality: Option<Quality>,
    pub(super) profile: Profile,
    pub(super) part: Option<Part>,
    pub(super) shown: Option<Shown>,
    pub(super) label: Option<Box<str>>,
}

impl Row {
    /// The hash.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The hash, if it is a perceptual one.
    #[must_use]
    pub fn pdq(&self) -> Option<Pdq> {
        match self.code {
            Code::Pdq(pdq) => Some(pdq),
            Code::Digest(_) => None,
        }
    }

    /// The number of its entry in [`List::entries`](super::List::entries).
    #[must_use]
    pub fn entry(&self) -> usize {
        self.entry as usize
    }

    /// The quality that the list states.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        self.quality
    }

    /// How a perceptual hash was made, as the list states it.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Which part of the picture was hashed, if the row is a window: just the rows of [`Profile::Windows`] have one.
    #[must_use]
    pub fn part(&self) -> Option<Part> {
        self.part
    }

    /// When the frame that was hashed shows, if the row is a frame of a video. No window has it.
    #[must_use]
    pub fn shown(&self) -> Option<Shown> {
        self.shown
    }

    /// The label that the list gives.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }
}

/// What a row is compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A perceptual hash: finds near duplicates.
    Pdq(Pdq),
    /// A digest of a file's bytes: finds exact duplicates.
    Digest(Digest),
}

impl From<Pdq> for Code {
    fn from(pdq: Pdq) -> Self {
        Self::Pdq(pdq)
    }
}

impl From<Digest> for Code {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

/// A row to make a list of, see [`List::from_rows`](super::List::from_rows).
///
/// ```
/// use ijkpunt::baseline::{List, NewRow};
/// use ijkpunt::hash::{DigestKind, Pdq, Quality};
///
/// let rows = [
///     NewRow::new("item-1", Pdq::from_bytes([7; 32])).quality(Quality::new(90)?),
///     NewRow::new("item-1", DigestKind::Sha256.of(b"the bytes of the file")).label("original"),
/// ];
/// let list = List::from_rows(rows)?;
/// assert_eq!((list.entries().len(), list.rows().len()), (1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct NewRow {
    pub(super) id: String,
    pub(super) code: Code,
    pub(super) quality: Option<Quality>,
    pub(super) profile: Profile,
    pub(super) part: Option<Part>,
    pub(super) shown: Option<Shown>,
    pub(super) label: Option<String>,
}

impl NewRow {
    /// A hash of the entry with this id. A perceptual one is taken to be of the profile `pdq/full`, which this crate
    /// computes.
    #[must_use]
    pub fn new(id: impl Into<String>, code: impl Into<Code>) -> Self {
        let code = code.into();
        let profile = match code {
            Code::Pdq(_) => Profile::Full,
            Code::Digest(_) => Profile::Unstated,
        };
        Self {
            id: id.into(),
            code,
            quality: None,
            profile,
            part: None,
            shown: None,
            label: None,
        }
    }

    /// States the quality of the picture that was hashed.
    #[must_use]
    pub fn quality(self, quality: Quality) -> Self {
        Self {
            quality: Some(quality),
            ..self
        }
    }

    /// States how a perceptual hash was made.
    #[must_use]
    pub fn profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// States that a perceptual hash is that of this part of the picture, and its profile [`Profile::Windows`].
    #[must_use]
    pub fn window(self, part: Part) -> Self {
        Self {
            profile: Profile::Windows,
            part: Some(part),
            ..self
        }
    }

    /// States that a perceptual hash is that of a frame of a video, which shows then.
    #[must_use]
    pub fn shown(self, shown: Shown) -> Self {
        Self {
            shown: Some(shown),
            ..self
        }
    }

    /// The digest or hash.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Whether it is a window.
    #[must_use]
    pub fn is_window(&self) -> bool {
        self.part.is_some()
    }

    /// Adds a label for people.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self {
            label: Some(label.into()),
            ..self
        }
    }
}

/// How the perceptual hashes of a list were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// PDQ of the full-size picture: what this crate computes.
    Full,
    /// PDQ of the picture shrunk to 512 x 512 by nearest neighbour: 0 to 10 bits from the full-size hash.
    Shrunk512,
    /// PDQ of a part of the full-size picture, cut out around a point that is found again in cropped and covered copies. The
    /// row says which [`Part`].
    Windows,
    /// The list does not say, or its rows differ.
    Unstated,
}

impl Profile {
    /// The name as it stands in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => PROFILE,
            Self::Shrunk512 => "pdq/512",
            Self::Windows => "windows/1",
            Self::Unstated => "pdq/unstated",
        }
    }

    /// What all perceptual rows say, if those of whole pictures and frames agree; that of windows, if there is nothing else.
    pub(crate) fn common(rows: impl Iterator<Item = Self>) -> Self {
        let mut common = None;
        for profile in rows {
            common = match common {
                None | Some(Self::Windows) => Some(profile),
                Some(known) if profile == known || profile == Self::Windows => Some(known),
                Some(_) => return Self::Unstated,
            };
        }
        common.unwrap_or(Self::Unstated)
    }

    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        match name {
            b"" => Some(Self::Unstated),
            _ => [Self::Full, Self::Shrunk512, Self::Windows, Self::Unstated]
                .into_iter()
                .find(|profile| profile.name().as_bytes() == name),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
