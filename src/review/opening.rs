//! Matches become cases.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

use crate::baseline::{MediaKind, TcoTypes, Time};
use crate::screen::{Evidence, ListVersion, MatchClass, Screening, Surface, Tier};

use super::case::{CaseId, Origin};
use super::clock;
use super::error::ReviewError;
use super::event::{EntryName, FoundEntry, Opened, Version};
use super::page::Upload;
use super::reviews::{Change, Reviews};

/// An upload that came near to entries: what a case begins with. It orders nothing; a person decides.
///
/// `Debug` shows neither the subject nor an entry.
#[derive(Clone, PartialEq)]
pub struct Match {
    subject: Box<str>,
    media: MediaKind,
    screened_at: Time,
    found: Vec<Found>,
    evidence: Option<Box<str>>,
}

/// One entry that an upload came near to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// Which entry.
    pub name: EntryName,
    /// In which snapshot it was found, where its list is one.
    pub version: Option<Version>,
    /// What kind of match it is.
    pub class: MatchClass,
    /// How strong it is; none where the bytes are equal.
    pub tier: Option<Tier>,
    /// Of which types the states say that the entry is.
    pub types: Option<TcoTypes>,
}

impl Found {
    /// An entry of a list.
    #[must_use]
    pub fn new(name: EntryName, class: MatchClass) -> Self {
        Self {
            name,
            version: None,
            class,
            tier: None,
            types: None,
        }
    }
}

/// What the public may see of a match: that a person looks, and nothing that would tell evaders what to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PublicView {
    /// The platform's reference of the upload.
    pub subject: Box<str>,
    /// When it was screened.
    pub screened_at: Time,
    /// What happens, in a sentence.
    pub what: &'static str,
}

impl Match {
    /// A match that came some other way than by a [`Screener`](crate::Screener). `subject` is the platform's own reference of the upload, by which it finds
    /// it again: no address, and no name of a person.
    ///
    /// # Errors
    /// [`ReviewError::Match`]: nothing was found, the surface is not public, or the subject is empty, longer than 1024 bytes, or an address.
    pub fn new(
        subject: &str,
        surface: Surface,
        media: MediaKind,
        screened_at: Time,
        found: Vec<Found>,
    ) -> Result<Self, ReviewError> {
        if surface != Surface::Public {
            return Err(ReviewError::Match(
                "only what is disseminated to the public is screened and reviewed (articles 1(2) and 2(3) TCO)",
            ));
        }
        if found.is_empty() || found.len() > MOST_FOUND {
            return Err(ReviewError::Match(
                "a match is near to 1 to 1000 entries: hand in the nearest",
            ));
        }
        check_subject(subject)?;
        let all = found.iter().map(|found| &found.name);
        if all.clone().any(|name| {
            name.list.len() > MOST_NAME || name.entry.len() > MOST_NAME || name.entry.is_empty()
        }) {
            return Err(ReviewError::Match(
                "lists and entries have names of 1024 bytes at most",
            ));
        }
        Ok(Self {
            subject: subject.into(),
            media,
            screened_at,
            found,
            evidence: None,
        })
    }

    /// The match of a screening; none where it did not match.
    ///
    /// # Errors
    /// As [`Match::new`].
    pub fn of(
        subject: &str,
        media: MediaKind,
        screening: &Screening,
    ) -> Result<Option<Self>, ReviewError> {
        let Screening::Match(matched) = screening else {
            return Ok(None);
        };
        let version = |evidence: &Evidence| {
            let list = screening
                .lists()
                .iter()
                .find(|list| list.name == evidence.list)?;
            match list.version {
                ListVersion::Snapshot { id, sequence, .. } => Some(Version {
                    snapshot: id.to_bytes(),
                    sequence,
                }),
                ListVersion::Digest(_) => None,
            }
        };
        let found = matched
            .evidence()
            .iter()
            .take(MOST_FOUND)
            .map(|evidence| Found {
                name: name_of(evidence),
                version: version(evidence),
                class: evidence.class,
                tier: evidence.tier(),
                types: evidence.basis.as_ref().and_then(|basis| basis.types),
            });
        // Screeners of other surfaces cannot be built.
        Self::new(
            subject,
            Surface::Public,
            media,
            screening.at().into(),
            found.collect(),
        )
        .map(Some)
    }

    /// The same, with evidence for the page on which people see why it matched, as one line of JSON. It is kept beside the chain and can be erased; it holds
    /// hashes, so it is as sensitive as the list.
    #[must_use]
    pub fn with_evidence(mut self, json: &str) -> Self {
        self.evidence = Some(json.into());
        self
    }

    /// The platform's reference of the upload.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The entries, nearest first.
    #[must_use]
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// What the public may see of it: no hash, distance or entry.
    #[must_use]
    pub fn public_view(&self) -> PublicView {
        PublicView {
            subject: self.subject.clone(),
            screened_at: self.screened_at,
            what: "it may be a copy of known material that authorities have assessed as terrorist; a person looks at it and decides",
        }
    }
}

/// What came of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Opening {
    /// A case was opened for it.
    Opened(CaseId),
    /// The same upload waits already for a decision on the same entries.
    Waits(CaseId),
    /// A person has decided that this upload may stay, as far as these entries go: it is not asked again.
    Excepted(CaseId),
}

impl Opening {
    /// Which case it is about.
    #[must_use]
    pub const fn case(self) -> CaseId {
        match self {
            Self::Opened(case) | Self::Waits(case) | Self::Excepted(case) => case,
        }
    }
}

impl Reviews {
    /// Opens a case for a match, unless one waits, or an exception says not to ask again. It changes nothing but the file: it queues for a person.
    ///
    /// # Errors
    /// [`ReviewError`]; then nothing was recorded.
    ///
    /// # Cost
    /// A commit, milliseconds; see [`Reviews::open_cases`] for many.
    pub fn open_case(&mut self, found: &Match, now: Time) -> Result<Opening, ReviewError> {
        let opened = self.open_cases([found], now)?;
        opened
            .first()
            .copied()
            .ok_or(ReviewError::Match("no match"))
    }

    /// The same for many matches, in one transaction: all are opened, or none.
    ///
    /// # Errors
    /// As [`Reviews::open_case`].
    ///
    /// # Cost
    /// A commit, and some tens of microseconds a match.
    pub fn open_cases<'m>(
        &mut self,
        found: impl IntoIterator<Item = &'m Match>,
        now: Time,
    ) -> Result<Vec<Opening>, ReviewError> {
        let mut change = self.begin()?;
        let mut openings = Vec::new();
        let mut new: HashMap<&str, Vec<(&Match, Opening)>> = HashMap::new();
        for found in found {
            // The same upload twice in one go: the second finds the first.
            let earlier = new.entry(found.subject()).or_default();
            let same = earlier.iter().rev().find(|(one, _)| found.is_within(one));
            let opening = match same {
                Some((_, opening)) => Opening::Waits(opening.case()),
                None => change.opening(found, now)?,
            };
            if same.is_none() && matches!(opening, Opening::Opened(_)) {
                earlier.push((found, opening));
            }
            openings.push(opening);
        }
        change.commit()?;
        Ok(openings)
    }
}

impl Match {
    /// Whether another match is about all entries of this one, so that its case is about this one too.
    fn is_within(&self, other: &Self) -> bool {
        self.found
            .iter()
            .all(|found| other.found.iter().any(|there| there.name == found.name))
    }
}

impl Change<'_> {
    fn opening(&mut self, found: &Match, now: Time) -> Result<Opening, ReviewError> {
        let numbers: Vec<Option<u32>> = found
            .found
            .iter()
            .map(|found| self.finder.number(&found.name))
            .collect();
        let seen = self.of_subject(&found.subject).to_vec();
        for number in seen.into_iter().rev() {
            let id = CaseId(number);
            let case = self.case(id)?;
            let covers = case.origin == Origin::Match
                && numbers
                    .iter()
                    .all(|number| number.is_some_and(|number| case.entries.contains(&number)));
            if covers && case.is_exception() {
                return Ok(Opening::Excepted(id));
            }
            if covers && case.is_open() {
                return Ok(Opening::Waits(id));
            }
            if covers && case.decision.is_some() {
                break; // it was taken down since, whatever was decided before
            }
        }
        let hold = self.known.policy.hold_hours;
        let entries = found.found.iter().map(|found| FoundEntry {
            name: found.name.clone(),
            version: found.version,
            class: found.class,
            tier: found.tier,
            types: found.types,
        });
        let opened = Opened {
            origin: Origin::Match,
            subject: self.text(Some(&found.subject))?.unwrap_or_default(),
            media: found.media,
            screened_at: found.screened_at,
            found: entries.collect(),
            ordered: None,
            withheld_until: None,
            is_measure: self.known.policy.is_specific_measure,
            hold_until: hold.map(|hours| clock::hold_until(now, hours)),
            evidence: self.text(found.evidence.as_deref())?.into_iter().collect(),
        };
        Ok(Opening::Opened(self.open(opened, &found.subject, now)?))
    }
}

/// The entry that evidence is about.
fn name_of(evidence: &Evidence) -> EntryName {
    let name = EntryName::new(&evidence.list, &evidence.entry);
    match evidence.entry_id {
        Some(id) => name.with_id(id),
        None => name,
    }
}

/// A subject is a reference of the platform's own, not where the upload is found.
pub(super) fn check_subject(subject: &str) -> Result<(), ReviewError> {
    if subject.is_empty() || subject.len() > MOST_NAME || subject.chars().any(char::is_control) {
        return Err(ReviewError::Match(
            "name the upload by a reference of your own: 1 to 1024 bytes on one line",
        ));
    }
    if subject.contains("://") {
        return Err(ReviewError::Match(
            "name the upload by a reference of your own: addresses of content are not kept here",
        ));
    }
    Ok(())
}

impl fmt::Debug for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Match");
        told.field("media", &self.media)
            .field("screened_at", &self.screened_at);
        told.field("found", &self.found.len())
            .finish_non_exhaustive()
    }
}

const MOST_FOUND: usize = 1000;
pub(super) const MOST_NAME: usize = 1024;

impl Match {
    /// The match of an upload that was screened elsewhere, with its line as the evidence for the page; none where it did not match.
    ///
    /// # Errors
    /// As [`Match::new`].
    pub fn of_upload(upload: &Upload) -> Result<Option<Self>, ReviewError> {
        if upload.matches.is_empty() {
            return Ok(None);
        }
        let found = upload.matches.iter().take(MOST_FOUND).map(|found| {
            let name = EntryName::new(&found.list, &found.entry);
            Found {
                name: found.entry_id.map_or(name.clone(), |id| name.with_id(id)),
                version: version_of(upload, &found.list),
                class: found.class,
                tier: found.tier,
                types: found.basis.as_ref().and_then(|basis| basis.types),
            }
        });
        let is_moving = upload.matches.iter().any(|found| found.frame_ms.is_some());
        let media = match (upload.segments.is_empty(), is_moving) {
            (false, _) => MediaKind::Video,
            (true, true) => MediaKind::AnimatedImage,
            (true, false) => MediaKind::Image,
        };
        let found = Self::new(
            &upload.subject,
            Surface::Public,
            media,
            upload.screened_at,
            found.collect(),
        )?;
        let evidence = upload
            .to_json()
            .map_err(|_| ReviewError::Match("evidence that cannot be written"))?;
        Ok(Some(found.with_evidence(&evidence)))
    }
}

/// In which snapshot the entries of a list were found.
fn version_of(upload: &Upload, list: &str) -> Option<Version> {
    let list = upload.lists.iter().find(|asked| *asked.name == *list)?;
    let digits = list.snapshot.as_deref()?;
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    Some(Version {
        snapshot: bytes?.try_into().ok()?,
        sequence: list.sequence?,
    })
}
