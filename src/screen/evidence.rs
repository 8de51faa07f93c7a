//! Why something matched: which entry, how near, which frame, which part of it, in which form.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::baseline::{
    AuthorityId, ConsensusState, ContextDependence, EntryId, MemberState, Part, TcoTypes, Time,
    Verdict,
};
use crate::hash::{Dihedral, Distance, Pdq, Quality, Radius};
use crate::media::Background;
use crate::snapshot::{Said, Snapshot};
use crate::view::{Kind, Place};

use super::chance::{FalseRate, Tier};
use super::vote::Segment;

/// One entry of a list that an upload came near to: the nearest of its rows, frames, views and forms. Of equally near ones it
/// is the whole frame, then the likelier view.
///
/// Information for a person who reviews. `Debug` shows no hash, and serde gives none: they are asked for by [`Evidence::hashes`]. It is not for the public: distances and entries would tell
/// those who evade what to change.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Evidence {
    /// The name under which the list was added.
    pub list: Arc<str>,
    /// The entry's id in its list.
    pub entry: Box<str>,
    /// The label of the row that was nearest, if the list gives one.
    pub label: Option<Box<str>>,
    /// How far the hashes are apart; none where the bytes are equal.
    pub distance: Option<Distance>,
    /// What kind of match it is.
    pub class: MatchClass,
    /// The part of the frame that came nearest: [`Kind::Full`] where it is the whole, and for exact bytes.
    pub view: Kind,
    /// Where in the frame that part lies; none where it is the whole, which every viewer shows as it is.
    pub place: Option<Place>,
    /// The window of the entry's picture that it came near to; none where that is its whole picture, and for exact bytes.
    pub entry_part: Option<Part>,
    /// How near another window of the entry is, where the first says that it lies: there if the first needed a second look, because it
    /// is small, or farther than 31 bits.
    pub confirmed: Option<Distance>,
    /// How many false matches such as this one are expected of an upload that has nothing to do with the list; none for exact bytes, and
    /// where it was not measured: below quality 80 and beyond 60 bits.
    pub expected_false_rate: Option<FalseRate>,
    /// Whether it came near as a negative, with all colours inverted. Only whole frames are looked up so.
    pub negative: bool,
    /// The form of the frame, or of its part, that came nearest: `Original`, or turned or mirrored.
    pub dihedral: Dihedral,
    /// How that form's hash was got.
    pub form_origin: FormOrigin,
    /// The frame that came nearest, counted from 0; 0 for stills.
    pub frame: u32,
    /// When that frame begins to show; none for stills.
    pub frame_time: Option<Duration>,
    /// What that frame, if it is transparent, was put on.
    pub background: Background,
    /// Where the upload runs like the entry, which is of a video, in the order of their times in the upload; else none. What is said of a frame above is
    /// then said of the nearest one of the first segment, unless a picture of the entry was nearer.
    pub segments: Box<[Segment]>,
    /// Whether that frame was cut short or damaged.
    pub partial: bool,
    /// The id of the entry, if the list is a snapshot.
    pub entry_id: Option<EntryId>,
    /// What stands behind the entry; none in a list of one's own, and in a snapshot of one.
    pub basis: Option<Basis>,
    /// The quality of the frame, or of its part; none for exact bytes, and for a bare hash that was handed in without.
    pub upload_quality: Option<Quality>,
    /// The quality that the list states for its row.
    pub entry_quality: Option<Quality>,
    /// The width and height in pixels of the frame that came nearest, in which `place` lies; none for exact bytes and bare hashes.
    pub frame_size: Option<[u32; 2]>,
    /// See [`Evidence::hashes`].
    pub(super) hashes: Option<(Pdq, Pdq)>,
}

/// What stands behind an entry of a snapshot: what the authority that entered it says of it, what the states say together, and who said what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Basis {
    /// By the snapshot's policy, at the moment that it shows.
    pub state: Option<ConsensusState>,
    /// Of which types they say that it is.
    pub types: Option<TcoTypes>,
    /// The record's neutral title, for those who review; none where it is empty.
    pub title: Option<Box<str>>,
    /// Whether it says the same wherever it is shown; none where no authority entered it.
    pub context: Option<ContextDependence>,
    /// When an authority entered it; none where none did.
    pub created_at: Option<Time>,
    /// In the order of their times.
    pub assessments: Vec<Assessed>,
}

/// What an authority said of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Assessed {
    /// Who.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// What.
    pub verdict: Verdict,
    /// When.
    pub made_at: Time,
    /// Until when it counts, if that ends.
    pub valid_until: Option<Time>,
}

impl Basis {
    /// That of an entry of a snapshot, if an authority entered it or said anything of it.
    pub(super) fn of(snapshot: &Snapshot, entry: usize) -> Option<Self> {
        let record = snapshot.entry(entry)?;
        let is_entered = record.context.is_some() || record.created_at.is_some();
        let is_assessed = record.state.is_some() || !record.said.is_empty();
        if !is_entered && !is_assessed {
            return None; // of a plain list, where the title is the id that the list gives
        }
        let assessed = |said: Said| {
            let all = snapshot.authorities();
            let place = all.binary_search_by(|one| one.id.cmp(&said.authority));
            Some(Assessed {
                state: all[place.ok()?].state,
                authority: said.authority,
                verdict: said.verdict,
                made_at: said.made_at,
                valid_until: said.valid_until,
            })
        };
        Some(Self {
            state: record.state,
            types: record.types,
            title: (!record.title.is_empty()).then(|| record.title.into()),
            context: record.context,
            created_at: record.created_at,
            assessments: record.said.into_iter().filter_map(assessed).collect(),
        })
    }
}

impl Evidence {
    /// How strong the match is; none where the bytes are equal, which leaves nothing to weigh.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        let distance = self.distance?;
        Some(match Radius::DEFAULT.covers(distance) {
            true => Tier::A,
            false => Tier::B,
        })
    }

    /// The two hashes that [`Evidence::distance`] is between: of the upload's form that came nearest, and of the entry's row. None for exact
    /// bytes, and where a part or a mirrored form of a video's frame came near, of which none is kept.
    ///
    /// They are as sensitive as the list: who has them can make pictures that are near, or that are just not. Show them to those who review,
    /// and to nobody else.
    #[must_use]
    pub fn hashes(&self) -> Option<(Pdq, Pdq)> {
        self.hashes
    }

    /// See [`Evidence::expected_false_rate`]; `tried` is the lookups of an upload times the codes of the list.
    pub(super) fn false_rate(&self, tried: f64) -> Option<FalseRate> {
        let is_confirmed = self.confirmed.is_some();
        FalseRate::of(
            self.distance?,
            self.view,
            self.entry_part,
            is_confirmed,
            tried,
        )
    }

    /// By how many degrees the part was turned on its frame, clockwise, apart from the quarter turns of `dihedral`. 0 for parts that
    /// stand upright or are sheared, which is no turn.
    #[must_use]
    pub fn rotation_deg(&self) -> f32 {
        match (self.view, self.place) {
            (Kind::Quad | Kind::Rotated, Some(place)) => place.rotation_deg(),
            _ => 0.0,
        }
    }
}

/// How strong a match is, as the law tells identical from equivalent content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MatchClass {
    /// A digest of the bytes is equal: the very file.
    ExactBytes,
    /// The perceptual hashes are within the radius.
    NearDuplicate,
    /// Frames near to those of a video come in its order, at its pace: a stretch of it is in the upload.
    VideoSegment,
}

impl MatchClass {
    /// The name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ExactBytes => "exact_bytes",
            Self::NearDuplicate => "near_duplicate",
            Self::VideoSegment => "video_segment",
        }
    }
}

impl fmt::Display for MatchClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How the hash of a turned or mirrored form was got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FormOrigin {
    /// From the picture's transform: exact.
    Picture,
    /// From the bits of a bare hash: 6 bits off on average, so the distance is rough.
    DerivedFromHash,
}
