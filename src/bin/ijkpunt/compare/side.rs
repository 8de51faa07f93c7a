//! One of the two sides, hashed: the frames of a file, a bare hash, or the rows of an entry.

use ijkpunt::baseline::{Code, NewRow, Row};
use ijkpunt::enrol::Enroller;
use ijkpunt::hash::{Digest, DigestKind, Dihedral, Hasher, Pdq, Quality, Transform};
use ijkpunt::limits::Limits;
use ijkpunt::media::{self, Frame};
use ijkpunt::screen::FormOrigin;
use serde::Serialize;

use crate::files::Input;
use crate::videos;

use super::argument::Argument;
use super::baselines::Found;

/// A side with all its hashes, and why there are not more.
pub(super) struct Side {
    pub(super) position: Position,
    pub(super) kind: Kind,
    /// The file's path, the id of the entry, or how the hash begins.
    pub(super) name: String,
    /// The list of an entry.
    pub(super) list: Option<String>,
    /// Of a file that could be read.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) hashed: Vec<Hashed>,
    /// Of an entry, its perceptual rows.
    rows: Vec<NewRow>,
    /// Of an entry all there are, of a file those that the entry has.
    pub(super) digests: Vec<Exact>,
    /// Why not everything of it has a hash; not empty where `hashed` and `digests` are.
    pub(super) gaps: Vec<String>,
}

/// Which side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    First,
    Second,
}

impl Position {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
        }
    }
}

/// What a side is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    File,
    Hash,
    Entry,
}

/// A frame, a bare hash or a row.
pub(super) struct Hashed {
    pdq: Pdq,
    /// From the picture; a bare hash has none.
    exact_forms: Option<Box<[Pdq; 8]>>,
    pub(super) quality: Option<Quality>,
    /// Only of files.
    pub(super) frame: Option<u32>,
    /// Only of animations.
    pub(super) frame_ms: Option<u64>,
    /// Only of rows.
    pub(super) label: Option<String>,
    pub(super) partial: bool,
}

/// A digest of a file's bytes, which finds the very file.
pub(super) struct Exact {
    pub(super) digest: Digest,
    /// Only of rows.
    pub(super) label: Option<String>,
}

impl Side {
    /// Hashes what an argument names; of files digests of these kinds are made too.
    pub(super) fn new(
        position: Position,
        argument: &Argument<'_>,
        kinds: &[DigestKind],
        limits: &Limits,
    ) -> Self {
        let mut side = Self::empty(position, argument);
        match argument {
            Argument::File(input) => side.take_file(input, kinds, limits),
            Argument::Hash(pdq) => side.hashed.push(Hashed::bare(*pdq)),
            Argument::Entry(entry) => entry.rows().for_each(|row| side.take_row(row)),
        }
        side
    }

    /// A side whose hashing panicked.
    pub(super) fn faulty(position: Position, argument: &Argument<'_>) -> Self {
        let mut side = Self::empty(position, argument);
        side.gaps.push("internal fault".to_owned());
        side
    }

    fn empty(position: Position, argument: &Argument<'_>) -> Self {
        let (kind, name) = match argument {
            Argument::File(input) => (Kind::File, input.name()),
            Argument::Hash(pdq) => (Kind::Hash, beginning(*pdq)),
            Argument::Entry(entry) => (Kind::Entry, entry.id().to_owned()),
        };
        let list = match argument {
            Argument::Entry(Found { list, .. }) => Some(list.name.clone()),
            Argument::File(_) | Argument::Hash(_) => None,
        };
        Self {
            position,
            kind,
            name,
            list,
            bytes: None,
            hashed: Vec::new(),
            rows: Vec::new(),
            digests: Vec::new(),
            gaps: Vec::new(),
        }
    }

    fn take_row(&mut self, row: &Row) {
        let label = row.label().map(str::to_owned);
        match row.code() {
            Code::Pdq(pdq) => {
                self.rows.push(listed_as(LISTED, row, pdq));
                // A still is not compared with frames of videos.
                if row.part().is_none() && row.shown().is_none() {
                    self.hashed.push(Hashed {
                        quality: row.quality(),
                        label,
                        ..Hashed::bare(pdq)
                    });
                }
            }
            Code::Digest(digest) => self.digests.push(Exact { digest, label }),
            _ => self
                .gaps
                .push("a row of a kind that is not compared".to_owned()),
        }
    }

    /// The rows that a list of it has: of a file those that `ijkpunt enrol` makes, but its digest.
    pub(super) fn rows(&self, limits: &Limits) -> Vec<NewRow> {
        match (self.kind, &self.bytes) {
            (Kind::File, Some(bytes)) => {
                let proposal = Enroller::new().propose(bytes, limits);
                let rows = proposal.rows(LISTED);
                rows.filter(|row| matches!(row.code(), Code::Pdq(_)))
                    .collect()
            }
            (Kind::Entry, _) => self.rows.clone(),
            _ => {
                let hashes = self.hashed.iter();
                hashes
                    .map(|hashed| NewRow::new(LISTED, hashed.pdq))
                    .collect()
            }
        }
    }

    /// Every frame, as screening takes it: one that is too small is a gap only where there is no other.
    fn take_file(&mut self, input: &Input, kinds: &[DigestKind], limits: &Limits) {
        let bytes = match input.read(limits) {
            Ok(bytes) => bytes,
            Err(reason) => return self.gaps.push(reason),
        };
        self.digests = Exact::of(&bytes, kinds);
        if videos::begins_as_video(&bytes) {
            // A file of its own goes another way, and never comes here.
            let told = "a video is compared from its file: save it, and give its path";
            self.gaps.push(told.to_owned());
        }
        let mut hasher = Hasher::new();
        let mut too_small = None;
        for item in media::frames(&bytes, limits) {
            match item {
                Ok(frame) => match hasher.hash(frame.picture()) {
                    Ok(transform) => self.hashed.push(Hashed::frame(&frame, &transform)),
                    Err(error) => too_small = too_small.or(Some(error)),
                },
                Err(error) => self.gaps.push(error.to_string()),
            }
        }
        if let (true, Some(error)) = (self.hashed.is_empty(), too_small) {
            self.gaps.push(error.to_string());
        }
        self.bytes = Some(bytes);
    }

    /// Whether it is an entry without a perceptual hash: nothing but the very file is compared with it.
    pub(super) fn has_only_digests(&self) -> bool {
        self.kind == Kind::Entry && self.hashed.is_empty() && !self.digests.is_empty()
    }

    /// The hashes that screening would use.
    pub(super) fn usable(&self, minimum: Quality) -> impl Iterator<Item = &Hashed> + Clone {
        self.hashed
            .iter()
            .filter(move |hashed| hashed.is_usable(minimum))
    }

    /// The best quality, where there are hashes and not one has the quality that is asked for.
    pub(super) fn lacks_detail(&self, minimum: Quality) -> Option<Quality> {
        let best = self.hashed.iter().filter_map(|hashed| hashed.quality).max();
        best.filter(|_| self.usable(minimum).next().is_none())
    }
}

impl Hashed {
    fn frame(frame: &Frame, transform: &Transform) -> Self {
        let time = frame.time().map(|time| time.as_millis());
        Self {
            pdq: transform.pdq(),
            exact_forms: Some(Box::new(transform.forms())),
            quality: Some(transform.quality()),
            frame: Some(frame.number()),
            frame_ms: time.and_then(|time| u64::try_from(time).ok()),
            label: None,
            partial: frame.is_partial(),
        }
    }

    fn bare(pdq: Pdq) -> Self {
        Self {
            pdq,
            exact_forms: None,
            quality: None,
            frame: None,
            frame_ms: None,
            label: None,
            partial: false,
        }
    }

    /// The hash of the picture as it is.
    pub(super) fn pdq(&self) -> Pdq {
        self.pdq
    }

    /// All eight forms, in the order of [`Dihedral::ALL`].
    pub(super) fn forms(&self) -> [Pdq; 8] {
        match &self.exact_forms {
            Some(forms) => **forms,
            None => Dihedral::ALL.map(|form| self.pdq.derived(form)),
        }
    }

    /// How the hash of a form was got; as it is, a hash is always the picture's own.
    pub(super) fn origin(&self, form: Dihedral) -> FormOrigin {
        match (form, &self.exact_forms) {
            (Dihedral::Original, _) | (_, Some(_)) => FormOrigin::Picture,
            (_, None) => FormOrigin::DerivedFromHash,
        }
    }

    /// Whether all forms but the first are estimates.
    pub(super) fn is_bare(&self) -> bool {
        self.exact_forms.is_none()
    }

    /// Where no quality is known, screening takes it as good enough.
    fn is_usable(&self, minimum: Quality) -> bool {
        self.quality.is_none_or(|quality| quality >= minimum)
    }
}

impl Exact {
    fn of(bytes: &[u8], kinds: &[DigestKind]) -> Vec<Self> {
        let of = |kind: &DigestKind| Self {
            digest: kind.of(bytes),
            label: None,
        };
        kinds.iter().map(of).collect()
    }
}

/// The id of what is listed only to be compared.
const LISTED: &str = "listed";

/// A row as it would stand in a list of this entry alone.
pub(super) fn listed_as(id: &str, row: &Row, code: impl Into<Code>) -> NewRow {
    let mut new = NewRow::new(id, code);
    if let Some(quality) = row.quality() {
        new = new.quality(quality);
    }
    if let Some(label) = row.label() {
        new = new.label(label);
    }
    if let Some(shown) = row.shown() {
        new = new.shown(shown);
    }
    match row.part() {
        Some(part) => new.window(part),
        None => new,
    }
}

/// Eight digits, enough to tell hashes apart and too few to look one up.
pub(super) fn beginning(pdq: Pdq) -> String {
    let hex = pdq.to_string();
    format!("{}...", &hex[..8])
}

#[cfg(test)]
impl Side {
    /// A side of these hashes.
    pub(super) fn of(position: Position, kind: Kind, hashed: Vec<Hashed>) -> Self {
        Self {
            position,
            kind,
            name: "x".to_owned(),
            list: (kind == Kind::Entry).then(|| "eu".to_owned()),
            bytes: None,
            hashed,
            rows: Vec::new(),
            digests: Vec::new(),
            gaps: Vec::new(),
        }
    }
}

#[cfg(test)]
impl Hashed {
    /// A bare hash, or a row that states a quality.
    pub(super) fn of(bytes: [u8; 32], quality: Option<u8>) -> Self {
        Self {
            quality: quality.map(|quality| Quality::new(quality).unwrap()),
            ..Self::bare(Pdq::from_bytes(bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_qualities(qualities: &[Option<u8>]) -> Side {
        let hashed = qualities
            .iter()
            .map(|&quality| Hashed::of([7; 32], quality));
        Side::of(Position::First, Kind::File, hashed.collect())
    }

    #[test]
    fn a_side_lacks_detail_only_where_nothing_is_usable() {
        let minimum = Quality::DEFAULT_MINIMUM;
        let lacks = |qualities: &[Option<u8>]| {
            let best = of_qualities(qualities).lacks_detail(minimum);
            best.map(Quality::get)
        };
        assert_eq!(lacks(&[Some(12), Some(49)]), Some(49));
        assert_eq!(lacks(&[Some(12), Some(50)]), None);
        assert_eq!(lacks(&[Some(12), None]), None);
        assert_eq!(lacks(&[None]), None);
        assert_eq!(lacks(&[]), None);
    }

    #[test]
    fn a_bare_hash_is_itself_as_it_is_and_an_estimate_in_other_forms() {
        let bare = Hashed::of([7; 32], None);
        assert_eq!(bare.forms()[0], bare.pdq());
        assert_eq!(bare.origin(Dihedral::Original), FormOrigin::Picture);
        assert_eq!(bare.origin(Dihedral::Rot90), FormOrigin::DerivedFromHash);
    }

    #[test]
    fn a_hash_is_shown_by_its_beginning() {
        assert_eq!(beginning(Pdq::from_bytes([0xab; 32])), "abababab...");
    }
}
