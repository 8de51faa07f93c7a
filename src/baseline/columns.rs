//! Which column means what.

use crate::hash::DigestKind;

use super::line::fields;
use super::list::ListError;
use super::reading::Problem;

/// The layout of a list.
pub(super) enum Columns {
    /// One hash a line.
    Bare,
    /// A header of our own names.
    Named(Named),
    /// The layout of python-threatexchange: a type and a text in each row.
    Signals(Signals),
}

/// Places of the named columns.
pub(super) struct Named {
    all: usize,
    pub(super) codes: Vec<(Signal, usize)>,
    pub(super) id: Option<usize>,
    pub(super) quality: Option<usize>,
    pub(super) label: Option<usize>,
    pub(super) profile: Option<usize>,
    pub(super) part: Option<usize>,
    pub(super) shown: Option<usize>,
}

/// Places of python-threatexchange's columns.
pub(super) struct Signals {
    all: usize,
    pub(super) kind: usize,
    pub(super) text: usize,
    /// Collab, category and tags, as far as they are there: they become the label.
    pub(super) described_by: Vec<usize>,
}

impl Columns {
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Bare => 1,
            Self::Named(named) => named.all,
            Self::Signals(signals) => signals.all,
        }
    }

    /// The columns that a header names.
    pub(super) fn from_header(line: &[u8], number: u64) -> Result<Self, ListError> {
        let no_header = || ListError::NoHeader { line: number };
        let names = fields(line).map_err(|_| no_header())?;
        let place = |column: &'static str| {
            let mut places = (0..names.len()).filter(|&i| {
                names[i]
                    .trim_ascii()
                    .eq_ignore_ascii_case(column.as_bytes())
            });
            match (places.next(), places.next()) {
                (place, None) => Ok(place),
                (_, Some(_)) => Err(ListError::ColumnTwice {
                    line: number,
                    column,
                }),
            }
        };
        if let (Some(kind), Some(text)) = (place("signal_type")?, place("signal_str")?) {
            let described_by = [place("collab")?, place("category")?, place("tags")?];
            return Ok(Self::Signals(Signals {
                all: names.len(),
                kind,
                text,
                described_by: described_by.into_iter().flatten().collect(),
            }));
        }
        let mut codes = Vec::new();
        for signal in Signal::ALL {
            codes.extend(place(signal.name())?.map(|column| (signal, column)));
        }
        if codes.is_empty() {
            return Err(no_header());
        }
        Ok(Self::Named(Named {
            all: names.len(),
            codes,
            id: place("id")?,
            quality: place("quality")?,
            label: place("label")?,
            profile: place("profile")?,
            part: place("part")?,
            shown: place("shown")?,
        }))
    }

    /// The field, counted from 1, that a problem of id, label, part or time stands in.
    pub(super) fn at_fault(&self, problem: &Problem) -> Option<usize> {
        let column = match (self, problem) {
            (Self::Named(named), Problem::Id) => named.id,
            (Self::Named(named), Problem::Label) => named.label,
            // Where no column could hold the part, what asks for one is at fault.
            (Self::Named(named), Problem::NoPart) => named.part.or(named.profile),
            (Self::Named(named), Problem::PartOfProfile | Problem::PartOfDigest) => named.part,
            (Self::Named(named), Problem::ShownOfDigest | Problem::ShownOfWindow) => named.shown,
            _ => None,
        };
        column.map(|i| i + 1)
    }
}

/// A kind of hash, as columns and signal types name it.
#[derive(Clone, Copy)]
pub(super) enum Signal {
    Pdq,
    Digest(DigestKind),
}

impl Signal {
    const ALL: [Self; 4] = [
        Self::Pdq,
        Self::Digest(DigestKind::Sha256),
        Self::Digest(DigestKind::Sha1),
        Self::Digest(DigestKind::Md5),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Pdq => "pdq",
            Self::Digest(kind) => kind.name(),
        }
    }

    /// How an error calls it.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Pdq => "a PDQ hash",
            Self::Digest(DigestKind::Sha256) => "a SHA-256 digest",
            Self::Digest(DigestKind::Sha1) => "a SHA-1 digest",
            Self::Digest(DigestKind::Md5) => "an MD5 digest",
        }
    }

    /// A signal type of python-threatexchange. Its digests are called after videos, and are used for any file.
    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match &name[..] {
            b"video_md5" | b"photo_md5" => Some(Self::Digest(DigestKind::Md5)),
            b"video_sha256" => Some(Self::Digest(DigestKind::Sha256)),
            _ => Self::ALL
                .into_iter()
                .find(|signal| signal.name().as_bytes() == name),
        }
    }
}
