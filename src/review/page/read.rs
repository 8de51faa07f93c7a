//! Lines of JSON: read strictly, and checked before anything is drawn of them.

use serde_json::error::Category;

use crate::hash::Radius;
use crate::limits::{Exceeded, Limits, Resource};
use crate::screen::{MatchClass, Tier};

use super::{Match, Outcome, Rate, Run, Upload};

/// A line that is not an upload, or not one that can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// It is too long: [`Limits::record_bytes`].
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Not JSON, or not this JSON. It never repeats the line.
    #[error(
        "not an upload as `ijkpunt screen --json` writes one: {what} at byte {column} of the line; screen it again with this version"
    )]
    Json {
        /// `no JSON`, `an end too soon`, or `a field that does not belong there`.
        what: &'static str,
        /// Where, counted from 1; 0 where that is not known.
        column: usize,
    },
    /// Its parts contradict each other, or are out of range.
    #[error("{0}; screen the upload again")]
    Implausible(&'static str),
}

impl From<serde_json::Error> for UploadError {
    fn from(error: serde_json::Error) -> Self {
        let what = match error.classify() {
            Category::Eof => "an end too soon",
            Category::Data => "a field that does not belong there",
            Category::Syntax | Category::Io => "no JSON",
        };
        let column = error.column();
        Self::Json { what, column }
    }
}

type Checked = Result<(), &'static str>;

impl Upload {
    /// Reads a line, with or without its end.
    ///
    /// ```
    /// use ijkpunt::limits::Limits;
    /// use ijkpunt::review::page::Upload;
    ///
    /// let line = br#"{"file":"up/1.jpg","screened_at":"2026-11-22T10:00:00Z","verdict":"no_match","matches":[],"engine":"0.1.0","lists":[]}"#;
    /// let upload = Upload::read(line, &Limits::default())?;
    /// assert_eq!(&*upload.subject, "up/1.jpg");
    /// # Ok::<(), ijkpunt::review::page::UploadError>(())
    /// ```
    ///
    /// # Errors
    /// [`UploadError`]: too long, not this JSON (unknown fields are refused), or contradictory, such as hashes that are not as far apart as is
    /// said.
    pub fn read(line: &[u8], limits: &Limits) -> Result<Self, UploadError> {
        limits.check(Resource::RecordBytes, line.len() as u64)?;
        let read: Self = serde_json::from_slice(line)?;
        read.check().map_err(UploadError::Implausible)?;
        Ok(read)
    }

    /// The line, without its end; what is written is read.
    ///
    /// # Errors
    /// [`UploadError::Implausible`], where fields were changed to what cannot be.
    pub fn to_json(&self) -> Result<String, UploadError> {
        self.check().map_err(UploadError::Implausible)?;
        Ok(serde_json::to_string(self)?)
    }

    pub(super) fn check(&self) -> Checked {
        let is_match = self.verdict == Outcome::Match;
        ensure(!self.subject.is_empty(), "the upload has no name")?;
        ensure(
            is_match != self.matches.is_empty(),
            "the verdict is not that of the matches",
        )?;
        let needs_reason = self.verdict == Outcome::Undecided;
        let may_have = self.verdict != Outcome::NoMatch;
        ensure(
            self.reason.is_some() || !needs_reason,
            "an undecided upload without a reason",
        )?;
        ensure(
            self.reason.is_none() || may_have,
            "a reason, though everything was looked at",
        )?;
        for list in &self.lists {
            let names = [&list.digest, &list.snapshot].into_iter().flatten();
            for name in names {
                let is_hex = name.len() == 64 && name.bytes().all(|c| c.is_ascii_hexdigit());
                ensure(is_hex, "a list's digest or id is not 64 hexadecimal digits")?;
            }
        }
        for one in &self.matches {
            let is_asked = self.lists.iter().any(|list| list.name == one.list);
            ensure(is_asked, "a match is with a list that was not asked")?;
            one.check()?;
        }
        for run in &self.segments {
            let of = |one: &Match| self.runs_of(one).any(|of| std::ptr::eq(of, run));
            ensure(self.matches.iter().any(of), "a stretch is of no match")?;
            run.check()?;
        }
        Ok(())
    }
}

impl Match {
    fn check(&self) -> Checked {
        let is_exact = self.class == MatchClass::ExactBytes;
        ensure(
            is_exact == self.distance.is_none(),
            "equal bytes have no distance, and all else has one",
        )?;
        let bits = [self.distance, self.confirmed_distance];
        let fits = bits.into_iter().flatten().all(|bits| bits <= 256);
        ensure(fits, "a distance is above 256 bits")?;
        let tier = self
            .distance
            .map(|bits| match bits <= Radius::DEFAULT.bits() {
                true => Tier::A,
                false => Tier::B,
            });
        ensure(tier == self.tier, "the tier is not that of the distance")?;
        if let Some(hashes) = self.hashes {
            let apart = hashes.upload.distance(hashes.entry).bits();
            ensure(
                self.distance == Some(apart),
                "the hashes are not as far apart as the distance says",
            )?;
        }
        let rate = self.expected_false_rate;
        ensure(rate.is_none_or(Rate::is_one), "a false rate is no rate")?;
        self.check_places()
    }

    fn check_places(&self) -> Checked {
        let is_near = |side: f64| side.is_finite() && side.abs() <= MOST_PX;
        if let Some([left, top, right, bottom]) = self.bounds {
            let fits = [left, top, right, bottom]
                .iter()
                .all(|side| side.unsigned_abs() <= MOST_PX_WHOLE);
            ensure(fits && left <= right && top <= bottom, "a box is no box")?;
        }
        if let Some(quad) = self.quad {
            ensure(
                quad.iter().flatten().all(|side| is_near(*side)),
                "a corner is too far away",
            )?;
        }
        if let Some(size) = self.frame_size {
            let fits = size
                .iter()
                .all(|&side| side > 0 && is_near(f64::from(side)));
            ensure(fits, "a frame has no size")?;
        }
        if let Some([left, top, right, bottom]) = self.entry_part {
            let is_part = |from: f64, to: f64| 0.0 <= from && from < to && to <= 1.0;
            ensure(
                is_part(left, right) && is_part(top, bottom),
                "the part of the entry is none",
            )?;
        }
        let turned = self.rotation_deg.unwrap_or(0.0);
        ensure(
            turned.abs() <= 180.0,
            "a part is turned by more than half a turn",
        )
    }
}

impl Rate {
    fn is_one(self) -> bool {
        0.0 <= self.low && self.low <= self.value && self.value <= self.high && self.high <= 1.0
    }
}

impl Run {
    fn check(&self) -> Checked {
        let runs = [self.query_ms, self.entry_ms];
        ensure(
            runs.iter().all(|[from, to]| from <= to),
            "a stretch ends before it begins",
        )?;
        ensure(
            0.1 <= self.speed && self.speed <= 10.0,
            "a stretch has no speed",
        )?;
        let shares = [self.coverage_query, self.coverage_entry];
        ensure(
            shares.iter().all(|share| (0.0..=1.0).contains(share)),
            "a stretch is more than all",
        )
    }
}

fn ensure(holds: bool, otherwise: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(otherwise) }
}

/// Farther than any decoder goes, and near enough to be drawn.
const MOST_PX: f64 = 16_777_216.0;
const MOST_PX_WHOLE: u64 = 16_777_216;
