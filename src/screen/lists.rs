//! A list as a screener asks it: under a name, by a policy.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use crate::baseline::{List, Profile, Time};
use crate::hash::{Digest, DigestKind, Dihedral, Distance, Pdq, Quality, Radius};
use crate::snapshot::{self, Live, Snapshot, Upkeep};
use crate::view::{Kind, MINIMUM_QUALITY};

use crate::index::Hit;

use super::OwnList;
use super::built::Known;
use super::evidence::{Evidence, FormOrigin, MatchClass};
use super::plain::Plain;
use super::query::{Provenance, Query};
use super::second::{self, Looks, Second};
use super::verdict::Gap;
use super::version::{Held, Table, Version};

/// What a screener can be given to ask: a [`List`], a [`Snapshot`], a [`Live`] one that is followed, or an [`OwnList`] that changes.
#[derive(Debug, Clone)]
pub struct Source(Origin);

#[derive(Debug, Clone)]
enum Origin {
    Fixed(Version),
    Live(Live),
    Own(OwnList),
}

impl From<List> for Source {
    fn from(list: List) -> Self {
        Self(Origin::Fixed(Version::new(list)))
    }
}

impl From<Snapshot> for Source {
    fn from(snapshot: Snapshot) -> Self {
        Arc::new(snapshot).into()
    }
}

impl From<Arc<Snapshot>> for Source {
    fn from(snapshot: Arc<Snapshot>) -> Self {
        Self(Origin::Fixed(Version::of_snapshot(snapshot)))
    }
}

impl From<Live> for Source {
    fn from(live: Live) -> Self {
        Self(Origin::Live(live))
    }
}

impl From<OwnList> for Source {
    fn from(own: OwnList) -> Self {
        Self(Origin::Own(own))
    }
}

/// How one list is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    radius: Radius,
    minimum_quality: Quality,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            radius: Radius::DEFAULT,
            minimum_quality: Quality::DEFAULT_MINIMUM,
        }
    }
}

impl Policy {
    /// Matches up to this distance. Default 31. Negatives and views match up to 31 at most, however large it is: so many of them
    /// are looked up that chance would bring some within a larger one; at [`Effort::Thorough`](super::Effort::Thorough) up to 48, if a
    /// second look confirms it.
    #[must_use]
    pub fn radius(self, radius: Radius) -> Self {
        Self { radius, ..self }
    }

    /// Asks this quality of frames and views, and of the list's rows that state one. Default 50.
    #[must_use]
    pub fn minimum_quality(self, quality: Quality) -> Self {
        Self {
            minimum_quality: quality,
            ..self
        }
    }
}

/// What stands behind the answers of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListInfo {
    /// The name under which it was added.
    pub name: Arc<str>,
    /// Which version of it.
    pub version: ListVersion,
    /// How its perceptual hashes were made.
    pub profile: Profile,
    /// Its entries.
    pub entries: usize,
    /// Entries that are switched off.
    pub switched_off: usize,
    /// Rows that are searched.
    pub rows: usize,
    /// Of those, rows with a digest, for exact copies.
    pub exact_rows: usize,
    /// Of those, windows: hashes of parts of entries' pictures.
    pub windows: usize,
    /// Of those, frames of videos.
    pub frames: usize,
    /// Rows that were not understood; [`List::reading`] says where and why.
    pub refused_rows: u64,
    /// Rows below the policy's minimum quality, which are not searched.
    pub low_quality_rows: usize,
    /// Why something newer, which is installed, could not be used; [`Live::trouble`] had it when the list was asked.
    pub trouble: Option<Arc<String>>,
    /// How new its snapshot is known to be, where a client keeps the folder up; see [`ListInfo::stale`].
    pub upkeep: Option<Arc<Upkeep>>,
}

impl ListInfo {
    /// Why something newer may have been published at this moment that is not installed, such as a suspension: nobody could be asked for too long, or
    /// what they have does not count. None where it is known to be the newest, and where no client keeps the list up.
    #[must_use]
    pub fn stale(&self, now: SystemTime) -> Option<String> {
        self.upkeep.as_ref()?.stale(now.into())
    }

    /// Until when it was valid, if that is over at this moment.
    #[must_use]
    pub fn expired(&self, now: SystemTime) -> Option<Time> {
        match self.version {
            ListVersion::Snapshot { valid_until, .. } => {
                valid_until.filter(|until| *until <= now.into())
            }
            ListVersion::Digest(_) => None,
        }
    }
}

/// Which version of a list was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListVersion {
    /// The SHA-256 of a list's bytes.
    Digest(Digest),
    /// A snapshot.
    Snapshot {
        /// Which.
        id: snapshot::Id,
        /// Its number.
        sequence: u64,
        /// Until when it may be relied on, if that ends.
        valid_until: Option<Time>,
    },
}

/// A list under its name, with its policy.
#[derive(Debug)]
pub(super) struct Named {
    name: Arc<str>,
    source: Source,
    policy: Policy,
}

impl Named {
    pub(super) fn new(name: Arc<str>, source: Source, policy: Policy) -> Self {
        Self {
            name,
            source,
            policy,
        }
    }

    /// The list as it is now, and stays for whoever holds it.
    pub(super) fn asked(&self) -> Asked {
        let (mut trouble, mut upkeep) = (None, None);
        let version = match &self.source.0 {
            Origin::Fixed(version) => version.clone(),
            Origin::Live(live) => {
                (trouble, upkeep) = (live.trouble(), live.upkeep());
                Version::of_edition(&live.current())
            }
            Origin::Own(own) => own.version(),
        };
        Asked {
            name: self.name.clone(),
            policy: self.policy,
            version,
            trouble,
            upkeep,
        }
    }
}

/// How far hits are told that a second look can confirm.
const WIDE: Radius = Radius::of(48);

/// Whether it has the quality for which false matches were counted.
fn is_gated(query: &Query) -> bool {
    query.quality.is_some_and(|it| it.get() >= MINIMUM_QUALITY)
}

/// One version of a list, asked for one upload.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) name: Arc<str>,
    policy: Policy,
    version: Version,
    trouble: Option<Arc<String>>,
    upkeep: Option<Arc<Upkeep>>,
}

/// Of each entry that was found, the best evidence.
pub(super) type Found = HashMap<usize, Evidence>;

impl Asked {
    pub(super) fn info(&self) -> ListInfo {
        let version = &self.version;
        let low_quality_rows = version.rows_below(self.policy.minimum_quality);
        let (refused_rows, of) = match version.held() {
            Held::List(list) => {
                let list = list.list();
                let of = ListVersion::Digest(list.digest());
                (list.reading().refused(), of)
            }
            Held::Snapshot(snapshot) => {
                let of = ListVersion::Snapshot {
                    id: snapshot.id(),
                    sequence: snapshot.sequence(),
                    valid_until: snapshot.valid_until(),
                };
                (0, of)
            }
        };
        let tables = [Table::Wholes, Table::Windows, Table::Frames];
        let [wholes, windows, frames] = tables.map(|table| version.codes(table));
        let exact_rows = version.exact_rows();
        ListInfo {
            name: self.name.clone(),
            version: of,
            profile: version.profile(),
            entries: version.entries(),
            switched_off: version.switched_off(),
            rows: wholes + windows + frames + exact_rows - low_quality_rows,
            exact_rows,
            windows,
            frames,
            refused_rows,
            low_quality_rows,
            trouble: self.trouble.clone(),
            upkeep: self.upkeep.clone(),
        }
    }

    /// What is wrong if the list is out of date at this moment.
    pub(super) fn expired(&self, now: SystemTime) -> Option<Gap> {
        let until = self.info().expired(now)?;
        Some(Gap::ListExpired {
            list: self.name.clone(),
            until,
        })
    }

    pub(super) fn minimum_quality(&self) -> Quality {
        self.policy.minimum_quality
    }

    /// Whether frames are compared with this list at all.
    pub(super) fn is_perceptual(&self) -> bool {
        self.version.is_perceptual()
    }

    /// How near whole frames match.
    pub(super) fn radius(&self) -> Radius {
        self.policy.radius
    }

    /// How near negatives and views match: see [`Policy::radius`].
    pub(super) fn narrow_radius(&self) -> Radius {
        self.policy.radius.min(Radius::DEFAULT)
    }

    /// How near negatives, views and windows match if a second look confirms it: see [`Effort::Thorough`](super::Effort::Thorough).
    pub(super) fn wide_radius(&self) -> Radius {
        match self.policy.radius < Radius::DEFAULT {
            true => self.policy.radius,
            false => WIDE,
        }
    }

    /// Whether entries have windows.
    pub(super) fn has_windows(&self) -> bool {
        self.version.has_windows()
    }

    /// Whether there are frames of videos.
    pub(super) fn has_frames(&self) -> bool {
        self.version.codes(Table::Frames) > 0
    }

    /// The rows of the frames of an entry's video.
    pub(super) fn frames_of(&self, entry: usize) -> Range<usize> {
        self.version.frames_of(entry)
    }

    /// What belongs to a hash.
    pub(super) fn row(&self, table: Table, row: usize) -> Known<'_> {
        self.version.row(table, row)
    }

    /// A hash that is searched.
    pub(super) fn code(&self, table: Table, row: usize) -> Pdq {
        self.version.code(table, row)
    }

    /// The rows near these hashes that are good enough, nearest first, each with the place of its hash among them.
    pub(super) fn near(
        &self,
        table: Table,
        codes: &[Pdq],
        radius: Radius,
    ) -> impl Iterator<Item = (usize, Hit, Known<'_>)> {
        let minimum = self.policy.minimum_quality;
        self.version.near(table, codes, radius, minimum)
    }

    pub(super) fn can_use(&self, query: &Query) -> bool {
        let minimum = self.policy.minimum_quality;
        let is_there = match query.table {
            Table::Wholes => true,
            Table::Windows => self.has_windows(),
            Table::Frames => self.has_frames(),
        };
        self.is_perceptual() && is_there && query.quality.is_none_or(|quality| quality >= minimum)
    }

    /// Whether there are digests by this algorithm.
    pub(super) fn has_digests(&self, kind: DigestKind) -> bool {
        self.version.digest_kinds().any(|known| known == kind)
    }

    /// Every entry that has this digest.
    pub(super) fn look_up_digest(&self, digest: Digest, found: &mut Found) {
        for row in self.version.exactly(digest) {
            found
                .entry(row.entry)
                .or_insert_with(|| self.exact_evidence(&row));
        }
    }

    /// Every entry near any of these hashes of one frame, each with its nearest. Returns how many of them were good enough to be
    /// looked up.
    pub(super) fn look_up(
        &self,
        of: &Provenance,
        queries: &[Query],
        radius: Radius,
        second: Option<&Second<'_>>,
        found: &mut Found,
    ) -> usize {
        let mut lookups = 0;
        for table in [Table::Wholes, Table::Windows] {
            let is_usable = |query: &&Query| query.table == table && self.can_use(query);
            let usable: Vec<&Query> = queries.iter().filter(is_usable).collect();
            let codes: Vec<Pdq> = usable.iter().map(|query| query.pdq).collect();
            lookups += codes.len();
            let mut looks = Looks::new(codes.len());
            let mut plain = Plain::new(codes.len());
            for (number, hit, row) in self.near(table, &codes, radius) {
                let distance = Some(hit.distance);
                let known = found.get(&row.entry);
                // Exact bytes have no distance and are not bettered; of equally near ones the first stays: the lower frame,
                // the whole of it, the likelier view, the earlier form, the earlier row.
                if known.is_some_and(|known| known.distance <= distance) {
                    continue;
                }
                let query = usable[number];
                let pdq = || self.version.code(table, hit.row);
                if !plain.asks(number, query, &hit, &row, pdq, radius) {
                    continue;
                }
                let confirmed = match (self.is_enough(query, hit.distance, &row), second) {
                    (true, _) => None,
                    (false, Some(second)) if looks.one_more(number) => {
                        let windows = self.version.windows(row.entry);
                        match second.look(query, &row, windows) {
                            Some(distance) => Some(distance),
                            None => continue,
                        }
                    }
                    (false, _) => continue,
                };
                let mut evidence = self.evidence(of, query, hit.distance, &row, confirmed);
                if is_gated(query) {
                    let tried = codes.len() as f64 * self.version.codes(table) as f64;
                    evidence.expected_false_rate = evidence.false_rate(tried);
                }
                evidence.hashes = Some((query.pdq, pdq()));
                found.insert(row.entry, evidence);
            }
        }
        lookups
    }

    /// Whether a hit is a match without a second look.
    fn is_enough(&self, query: &Query, distance: Distance, row: &Known<'_>) -> bool {
        let near = match row.part {
            None if query.is_whole() => self.radius(),
            _ => self.narrow_radius(),
        };
        row.part.is_none_or(second::is_large) && near.covers(distance)
    }

    fn evidence(
        &self,
        of: &Provenance,
        query: &Query,
        distance: Distance,
        row: &Known<'_>,
        confirmed: Option<Distance>,
    ) -> Evidence {
        Evidence {
            distance: Some(distance),
            class: MatchClass::NearDuplicate,
            view: query.view,
            place: query.place,
            entry_part: row.part,
            confirmed,
            negative: query.negative,
            dihedral: query.dihedral,
            form_origin: query.form_origin,
            frame: of.frame,
            frame_time: of.frame_time,
            background: of.background,
            partial: of.partial,
            frame_size: of.size,
            upload_quality: query.quality,
            ..self.exact_evidence(row)
        }
    }

    /// What there is to say of equal bytes: no frame was needed.
    pub(super) fn exact_evidence(&self, row: &Known<'_>) -> Evidence {
        let none = Provenance::NONE;
        Evidence {
            list: self.name.clone(),
            entry: self.version.name(row.entry).into(),
            entry_id: self.version.id(row.entry),
            basis: self.version.basis(row.entry),
            label: row.label.map(Into::into),
            distance: None,
            class: MatchClass::ExactBytes,
            view: Kind::Full,
            place: None,
            entry_part: None,
            confirmed: None,
            expected_false_rate: None,
            negative: false,
            dihedral: Dihedral::Original,
            form_origin: FormOrigin::Picture,
            frame: none.frame,
            frame_time: none.frame_time,
            background: none.background,
            partial: none.partial,
            segments: Box::default(),
            upload_quality: None,
            entry_quality: row.quality,
            frame_size: None,
            hashes: None,
        }
    }
}
