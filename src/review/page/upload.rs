//! One upload that was screened, as a line of JSON: what `ijkpunt screen --json` writes, and more.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::baseline::{
    AuthorityId, ConsensusState, ContextDependence, EntryId, MemberState, TcoTypes, Time, Verdict,
};
use crate::hash::{Dihedral, Pdq, Quality};
use crate::screen::vote::Segment;
use crate::screen::{
    Basis, Evidence, FormOrigin, ListInfo, ListVersion, MatchClass, Screening, Tier,
};
use crate::view::Kind;

use super::by_name;

/// One upload, what it was screened against, and what it came near to.
///
/// In JSON, an object on one line: [`Upload::read`] takes those that `ijkpunt screen --json` writes, with `file` for `subject`. What it has to
/// show is for those who review, and for nobody else; with [`hashes`](Match::hashes) it is as sensitive as the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Upload {
    /// The platform's own name of the upload, opaque here; the tool puts the file's.
    #[serde(alias = "file")]
    pub subject: Box<str>,
    /// When it was screened.
    pub screened_at: Time,
    /// What the screening came to.
    pub verdict: Outcome,
    /// What could not be looked at, in words; none where everything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
    /// The entries it came near to, nearest first.
    pub matches: Vec<Match>,
    /// Where it runs like entries that are of videos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Run>,
    /// The best quality among its frames, each as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// The version of this library that screened it.
    pub engine: Box<str>,
    /// The lists that were asked.
    pub lists: Vec<AskedList>,
}

/// What a screening came to: the three kinds of [`Screening`], and exhaustive as it is, so that no arm can swallow what is undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something is near.
    Match,
    /// Everything was looked at, and nothing is near.
    NoMatch,
    /// Something could not be looked at, and nothing else is near.
    Undecided,
}

/// One list that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AskedList {
    /// The name under which it was asked.
    pub name: Box<str>,
    /// The SHA-256 of a list's bytes, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Box<str>>,
    /// The id of a snapshot, 64 hexadecimal digits: the root that its content hangs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Box<str>>,
    /// The number of a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// Its entries.
    pub entries: usize,
    /// Entries that are switched off.
    #[serde(default, skip_serializing_if = "is_none_off")]
    pub switched_off: usize,
    /// Why something newer, which is installed, was not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Box<str>>,
    /// Why it may not have been the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<Box<str>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_none_off(number: &usize) -> bool {
    *number == 0
}

/// One entry that an upload came near to: what [`Evidence`] says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Match {
    /// The list it is in.
    pub list: Box<str>,
    /// How its list calls it.
    pub entry: Box<str>,
    /// Its id, if the list is a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_id: Option<EntryId>,
    /// How far the hashes are apart, 0 to 256 bits; none where the bytes are equal.
    pub distance: Option<u16>,
    /// The form of the upload that came nearest.
    pub dihedral: Dihedral,
    /// The frame that came nearest, counted from 0.
    pub frame: u32,
    /// When that frame begins to show, in milliseconds.
    pub frame_ms: Option<u64>,
    /// What kind of match it is.
    #[serde(deserialize_with = "by_name::class")]
    pub class: MatchClass,
    /// How strong it is.
    #[serde(
        default,
        deserialize_with = "by_name::tier",
        skip_serializing_if = "Option::is_none"
    )]
    pub tier: Option<Tier>,
    /// How often chance does as much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_false_rate: Option<Rate>,
    /// Who said what of the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Standing>,
    /// What the list says of the row that was nearest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Box<str>>,
    /// The quality of the frame, or of its part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_quality: Option<Quality>,
    /// The quality that the list states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_quality: Option<Quality>,
    /// Whether the frame was cut short or damaged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Whether the form was derived from a bare hash, so that the distance is 6 bits off on average.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rough: bool,
    /// Width and height of the frame, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_size: Option<[u32; 2]>,
    /// The corners of a part that does not stand upright, in pixels: its own top left, top right, bottom right, bottom left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quad: Option<[[f64; 2]; 4]>,
    /// The two hashes that were compared: `ijkpunt screen --json --evidence`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashes: Option<Hashes>,
    /// The part of the frame that came nearest.
    #[serde(deserialize_with = "by_name::kind")]
    pub view: Kind,
    /// Left, top, right, bottom of that part in pixels of the frame, beyond its edges too; none where it is the whole.
    #[serde(rename = "box", default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[i64; 4]>,
    /// By how many degrees it is turned, clockwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation_deg: Option<f64>,
    /// Whether it came near as a negative.
    pub negative: bool,
    /// Left, top, right, bottom of the part of the entry that it shows, in sides of the entry's picture; none where that is the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_part: Option<[f64; 4]>,
    /// How near another part of the entry is in its place, in bits; none where none was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_distance: Option<u16>,
}

/// How often chance does as much, of one upload that has nothing to do with the list: [`FalseRate`](crate::screen::FalseRate).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rate {
    /// The estimate, 0 to 1.
    pub value: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What was compared. `Debug` shows neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Hashes {
    /// Of the upload's form that came nearest.
    pub upload: Pdq,
    /// Of the entry's row.
    pub entry: Pdq,
}

/// What stands behind an entry of a snapshot: [`Basis`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Standing {
    /// What the states say together.
    pub state: Option<ConsensusState>,
    /// Of which types they say that it is.
    pub types: Option<TcoTypes>,
    /// Who said what, in the order of their times.
    pub assessments: Vec<Assessed>,
    /// A neutral title of the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Box<str>>,
    /// Whether what it is depends on what stands around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextDependence>,
    /// When an authority entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
}

/// What an authority said of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// A stretch of an upload that runs like one of an entry's video.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Run {
    /// How its list calls the entry.
    pub entry: Box<str>,
    /// The list it is in.
    pub list: Box<str>,
    /// The entry's id, if the list is a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_id: Option<EntryId>,
    /// From when to when in the upload, in milliseconds.
    pub query_ms: [u32; 2],
    /// From when to when in the entry, in milliseconds.
    pub entry_ms: [u32; 2],
    /// 1.0 is as fast as the entry, 2.0 twice as fast.
    pub speed: f64,
    /// Whether it is mirrored.
    pub mirrored: bool,
    /// Pairs of frames that are alike.
    pub frames: usize,
    /// How much of the upload it is, 0 to 1.
    pub coverage_query: f64,
    /// How much of the entry it is, 0 to 1.
    pub coverage_entry: f64,
}

impl Upload {
    /// What a screening says of an upload, under the platform's own name for it.
    #[must_use]
    pub fn of(subject: &str, screening: &Screening) -> Self {
        let (verdict, evidence, gaps) = match screening {
            Screening::Match(matched) => (Outcome::Match, matched.evidence(), matched.gaps()),
            Screening::NoMatch(_) => (Outcome::NoMatch, &[][..], &[][..]),
            Screening::Undecided(undecided) => (Outcome::Undecided, &[][..], undecided.gaps()),
        };
        let reasons: Vec<String> = gaps.iter().map(ToString::to_string).collect();
        let runs = evidence.iter().flat_map(|found| {
            let segments = found.segments.iter();
            segments.map(|segment| Run::of(found, segment))
        });
        let asked = |list| AskedList::of(list, screening.at());
        Self {
            subject: subject.into(),
            screened_at: screening.at().into(),
            verdict,
            reason: (!reasons.is_empty()).then(|| reasons.join("; ").into()),
            matches: evidence.iter().map(Match::of).collect(),
            segments: runs.collect(),
            quality: screening.quality(),
            engine: env!("CARGO_PKG_VERSION").into(),
            lists: screening.lists().iter().map(asked).collect(),
        }
    }

    /// The same without the hashes that were compared, for where only those who hold the list may have them.
    #[must_use]
    pub fn without_hashes(mut self) -> Self {
        for one in &mut self.matches {
            one.hashes = None;
        }
        self
    }

    /// The stretches that run like the entry of a match.
    pub(super) fn runs_of<'a>(&'a self, of: &'a Match) -> impl Iterator<Item = &'a Run> {
        let is_of = move |run: &&Run| {
            (&run.list, &run.entry) == (&of.list, &of.entry) && run.entry_id == of.entry_id
        };
        self.segments.iter().filter(is_of)
    }
}

impl AskedList {
    fn of(list: &ListInfo, at: SystemTime) -> Self {
        let (digest, snapshot, sequence) = match list.version {
            ListVersion::Digest(digest) => (Some(digest.to_string().into()), None, None),
            ListVersion::Snapshot { id, sequence, .. } => {
                (None, Some(id.to_string().into()), Some(sequence))
            }
        };
        Self {
            name: (*list.name).into(),
            digest,
            snapshot,
            sequence,
            entries: list.entries,
            switched_off: list.switched_off,
            trouble: list.trouble.as_ref().map(|why| why.as_str().into()),
            stale: list.stale(at).map(Into::into),
        }
    }
}

impl Match {
    fn of(found: &Evidence) -> Self {
        let sides =
            |part: crate::baseline::Part| part.sides().map(|side| f64::from(side) / 10_000.0);
        Self {
            list: (*found.list).into(),
            entry: found.entry.clone(),
            entry_id: found.entry_id,
            distance: found.distance.map(|distance| distance.bits()),
            dihedral: found.dihedral,
            frame: found.frame,
            frame_ms: found
                .frame_time
                .and_then(|time| u64::try_from(time.as_millis()).ok()),
            class: found.class,
            tier: found.tier(),
            expected_false_rate: found.expected_false_rate.map(|rate| Rate {
                value: rate.value,
                low: rate.low,
                high: rate.high,
            }),
            basis: found.basis.as_ref().map(Standing::of),
            label: found.label.clone(),
            upload_quality: found.upload_quality,
            entry_quality: found.entry_quality,
            partial: found.partial,
            rough: found.form_origin == FormOrigin::DerivedFromHash,
            frame_size: found.frame_size,
            quad: quad(found),
            hashes: found
                .hashes()
                .map(|(upload, entry)| Hashes { upload, entry }),
            view: found.view,
            bounds: bounds(found),
            rotation_deg: rotation_deg(found),
            negative: found.negative,
            entry_part: found.entry_part.map(sides),
            confirmed_distance: found.confirmed.map(|distance| distance.bits()),
        }
    }
}

/// To whole pixels.
fn bounds(found: &Evidence) -> Option<[i64; 4]> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "pixels of a picture, rounded"
    )]
    let whole = |side: f32| side.round() as i64;
    Some(found.place?.bounds().map(whole))
}

/// To a tenth of a pixel; none for what stands upright, of which the box says all.
fn quad(found: &Evidence) -> Option<[[f64; 2]; 4]> {
    let is_askew = matches!(found.view, Kind::Quad | Kind::Rotated | Kind::Sheared);
    let corners = found.place.filter(|_| is_askew)?.corners();
    let tenth = |side: f32| f64::from((side * 10.0).round()) / 10.0;
    Some(corners.map(|corner| corner.map(tenth)))
}

/// To a tenth of a degree; none for less.
fn rotation_deg(found: &Evidence) -> Option<f64> {
    let tenths = f64::from(found.rotation_deg() * 10.0).round();
    (tenths != 0.0).then_some(tenths / 10.0)
}

impl Standing {
    fn of(basis: &Basis) -> Self {
        let assessments = basis.assessments.iter().map(|one| Assessed {
            authority: one.authority.clone(),
            state: one.state,
            verdict: one.verdict,
            made_at: one.made_at,
            valid_until: one.valid_until,
        });
        Self {
            state: basis.state,
            types: basis.types,
            assessments: assessments.collect(),
            ..Self::of_entry(basis)
        }
    }

    /// What a snapshot's record says of the entry itself: its title, its context, and when it was entered.
    fn of_entry(basis: &Basis) -> Self {
        Self {
            title: basis.title.clone(),
            context: basis.context,
            created_at: basis.created_at,
            ..Self::default()
        }
    }
}

impl Run {
    fn of(found: &Evidence, segment: &Segment) -> Self {
        let share = |permille: u16| f64::from(permille) / 1000.0;
        Self {
            entry: found.entry.clone(),
            list: (*found.list).into(),
            entry_id: found.entry_id,
            query_ms: segment.query_ms,
            entry_ms: segment.entry_ms,
            speed: share(segment.speed_permille),
            mirrored: segment.mirrored,
            frames: segment.frames,
            coverage_query: share(segment.query_permille),
            coverage_entry: share(segment.entry_permille),
        }
    }
}
