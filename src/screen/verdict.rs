//! Verdicts: matched, nothing found, or undecided; and the gaps that keep "nothing found" from being said.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;

use crate::baseline::Time;
use crate::hash::{Quality, TooSmall};
use crate::media::{MediaError, VideoFault};

use super::{Evidence, ListInfo};

/// What is known about an upload after it was screened.
///
/// Exhaustive on purpose: a `match` must say what happens to what is undecided, and no `_` arm or helper can take it for
/// clean.
#[derive(Debug, Clone)]
#[must_use = "an upload that is not acted upon was screened for nothing"]
pub enum Screening {
    /// At least one entry of a list is near. Information for a person, who decides.
    Match(Matched),
    /// Everything was looked at, against every list, and nothing is near. Not "clean": only not known to these lists.
    NoMatch(NoMatch),
    /// Something could not be looked at, and nothing else matched. Your policy decides; this is not "no match".
    Undecided(Undecided),
}

impl Screening {
    /// The word used in JSON: `match`, `no_match` or `undecided`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Match(_) => "match",
            Self::NoMatch(_) => "no_match",
            Self::Undecided(_) => "undecided",
        }
    }

    /// When it was screened, by the screener's clock.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.about().at
    }

    /// The best quality among the frames that were hashed, each as a whole; none where none was, or none was stated for a bare hash.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        self.about().quality
    }

    /// The lists that were asked, each in the version that was.
    #[must_use]
    pub fn lists(&self) -> &[ListInfo] {
        &self.about().lists
    }

    fn about(&self) -> &About {
        match self {
            Self::Match(matched) => &matched.about,
            Self::NoMatch(no_match) => &no_match.about,
            Self::Undecided(undecided) => &undecided.about,
        }
    }

    pub(super) fn new(evidence: Vec<Evidence>, gaps: Vec<Gap>, about: About) -> Self {
        if !evidence.is_empty() {
            return Self::Match(Matched {
                evidence,
                gaps,
                about,
            });
        }
        if gaps.is_empty() {
            return Self::NoMatch(NoMatch { about });
        }
        Self::Undecided(Undecided { gaps, about })
    }
}

/// What is the same for every verdict.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) at: SystemTime,
    pub(super) quality: Option<Quality>,
    pub(super) lists: Vec<ListInfo>,
}

/// A match: what it came near to, and what else could not be looked at.
#[derive(Debug, Clone)]
pub struct Matched {
    evidence: Vec<Evidence>,
    gaps: Vec<Gap>,
    about: About,
}

impl Matched {
    /// The entries, nearest first, each once; never empty.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// What could not be looked at beside the match.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

/// Nothing found, everything looked at.
#[derive(Debug, Clone)]
pub struct NoMatch {
    about: About,
}

/// Not everything could be looked at, and nothing matched in what could.
#[derive(Debug, Clone)]
pub struct Undecided {
    gaps: Vec<Gap>,
    about: About,
}

impl Undecided {
    /// The kind of the first gap, for policies.
    #[must_use]
    pub fn kind(&self) -> UndecidedKind {
        // Never empty: see `Screening::new`.
        self.gaps
            .first()
            .map_or(UndecidedKind::Malformed, Gap::kind)
    }

    /// Everything that could not be looked at; never empty.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The gaps in words, for logs and tables: `truncated: the WebP ends early`.
    #[must_use]
    pub fn reason(&self) -> String {
        let reasons: Vec<String> = self.gaps.iter().map(Gap::to_string).collect();
        reasons.join("; ")
    }
}

/// Something that was promised and not looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Gap {
    /// Bytes that did not become pictures.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// A file that could not be read.
    #[error("cannot be read: {reason}")]
    Unreadable {
        /// The system's word.
        reason: Box<str>,
    },
    /// The only pictures there are have no hash.
    #[error(transparent)]
    TooSmall(#[from] TooSmall),
    /// No frame has the quality that a list asks for, nor has a view of one.
    #[error("{}", too_little_detail(*quality, *minimum, list))]
    TooLittleDetail {
        /// The best quality there is.
        quality: Quality,
        /// What the list asks for.
        minimum: Quality,
        /// The list.
        list: Arc<str>,
    },
    /// A snapshot is out of date: what was added since is not in it, and what it lists may have been withdrawn.
    #[error(
        "list {list} was valid until {until}: what was added since is not in it, and what it lists may have been withdrawn; install a newer \
         snapshot"
    )]
    ListExpired {
        /// The list.
        list: Arc<str>,
        /// The first moment at which it is not valid.
        until: Time,
    },
    /// The call's deadline passed before everything was looked at.
    #[error("the deadline passed before everything was looked at")]
    Deadline,
    /// The call was cancelled before everything was looked at.
    #[error("cancelled before everything was looked at")]
    Cancelled,
}

fn too_little_detail(quality: Quality, minimum: Quality, list: &str) -> String {
    format!("too little detail (quality {quality}, list {list} asks for {minimum})")
}

impl Gap {
    /// The kind, for policies.
    #[must_use]
    pub fn kind(&self) -> UndecidedKind {
        match self {
            Self::Media(error) => match error {
                MediaError::NotAnImage => UndecidedKind::NotAnImage,
                MediaError::Unsupported { .. } | MediaError::NoDecoder { .. } => {
                    UndecidedKind::Unsupported
                }
                MediaError::Truncated { .. } => UndecidedKind::Truncated,
                MediaError::Malformed { .. } => UndecidedKind::Malformed,
                MediaError::Limit(_) => UndecidedKind::Limit,
                MediaError::DecoderFault { .. } => UndecidedKind::DecoderFault,
                MediaError::Video { fault, .. } => match fault {
                    VideoFault::Unsupported => UndecidedKind::Unsupported,
                    VideoFault::Truncated => UndecidedKind::Truncated,
                    VideoFault::Malformed => UndecidedKind::Malformed,
                    VideoFault::Decoder => UndecidedKind::DecoderFault,
                },
            },
            Self::Unreadable { .. } => UndecidedKind::Unreadable,
            Self::TooSmall(_) => UndecidedKind::TooSmall,
            Self::TooLittleDetail { .. } => UndecidedKind::TooLittleDetail,
            Self::ListExpired { .. } => UndecidedKind::ListExpired,
            Self::Deadline => UndecidedKind::Deadline,
            Self::Cancelled => UndecidedKind::Cancelled,
        }
    }
}

/// Why a verdict is undecided, in kinds that a policy can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UndecidedKind {
    /// No format is recognised.
    NotAnImage,
    /// A format, or a part of one, that is recognised and not looked into.
    Unsupported,
    /// The file ends early.
    Truncated,
    /// The file contradicts its format.
    Malformed,
    /// A limit was reached.
    Limit,
    /// A decoder panicked.
    DecoderFault,
    /// Sides below 5 pixels.
    TooSmall,
    /// Every frame, with all its views, is too flat for a hash to mean anything.
    TooLittleDetail,
    /// A snapshot is out of date.
    ListExpired,
    /// The call's deadline passed.
    Deadline,
    /// The call was cancelled.
    Cancelled,
    /// The file could not be read.
    Unreadable,
}

impl UndecidedKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::NotAnImage,
        Self::Unsupported,
        Self::Truncated,
        Self::Malformed,
        Self::Limit,
        Self::DecoderFault,
        Self::TooSmall,
        Self::TooLittleDetail,
        Self::ListExpired,
        Self::Deadline,
        Self::Cancelled,
        Self::Unreadable,
    ];

    /// The name used in logs and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotAnImage => "not_an_image",
            Self::Unsupported => "unsupported",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Limit => "limit",
            Self::DecoderFault => "decoder_fault",
            Self::TooSmall => "too_small",
            Self::TooLittleDetail => "too_little_detail",
            Self::ListExpired => "list_expired",
            Self::Deadline => "deadline",
            Self::Cancelled => "cancelled",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for UndecidedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
