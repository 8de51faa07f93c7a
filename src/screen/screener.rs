//! The screener: lists with their policies, built once, asked by many threads.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use crate::baseline::{Digest, List, Profile};
use crate::hash::{Dihedral, Hasher, Pdq, Quality, Radius, TooSmall};
use crate::index::Scan;
use crate::limits::Limits;
use crate::media::{self, Frame, MediaError};
use crate::picture::Picture;

use super::evidence::{Evidence, FormOrigin, MatchClass, Query};
use super::verdict::{Gap, Screening};
use super::{Clock, SystemClock};

/// Screens uploads against any number of named lists.
///
/// ```
/// use ijkpunt::baseline::List;
/// use ijkpunt::screen::{Screener, Screening, Surface};
///
/// let csv = "id,pdq\nitem-1,f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22\n";
/// let screener = Screener::builder()
///     .list("own", List::from_bytes(csv.as_bytes())?)
///     .surface(Surface::Public)
///     .build()?;
/// match screener.screen(b"no picture at all, but long enough") {
///     Screening::Match(m) => println!("for review: {}", m.evidence()[0].entry),
///     Screening::NoMatch(_) => println!("publish"),
///     Screening::Undecided(u) => println!("your policy: {}", u.reason()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Screener {
    lists: Vec<Screened>,
    limits: Limits,
    clock: Box<dyn Clock>,
}

/// Where the upload would be seen. A property of the service, so of the [`Screener`], not of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Surface {
    /// Open to the public: the only surface that the Regulation's articles 1(2) and 2(3) speak of.
    Public,
    /// A closed group: refused.
    ClosedGroup,
    /// Private messages: refused.
    Private,
}

/// How one list is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    radius: Radius,
    minimum_quality: MinimumQuality,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MinimumQuality(Quality);

impl Default for MinimumQuality {
    fn default() -> Self {
        Self(Quality::DEFAULT_MINIMUM)
    }
}

impl Policy {
    /// Matches up to this distance. Default 31.
    #[must_use]
    pub fn radius(self, radius: Radius) -> Self {
        Self { radius, ..self }
    }

    /// Asks this quality of frames, and of the list's rows that state one. Default 50.
    #[must_use]
    pub fn minimum_quality(self, quality: Quality) -> Self {
        Self {
            minimum_quality: MinimumQuality(quality),
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
    /// The SHA-256 of its bytes.
    pub digest: Digest,
    /// How its hashes were made.
    pub profile: Profile,
    /// Its entries.
    pub entries: usize,
    /// Rows that are searched.
    pub rows: usize,
    /// Rows that were not understood; [`List::reading`] says where and why.
    pub refused_rows: u64,
    /// Rows below the policy's minimum quality, which are not searched.
    pub low_quality_rows: usize,
}

/// A list with what is needed to ask it.
#[derive(Debug)]
struct Screened {
    info: ListInfo,
    list: List,
    policy: Policy,
    index: Scan,
    /// The list's row of each row of the index.
    rows: Vec<u32>,
}

impl Screened {
    fn new(name: Arc<str>, list: List, policy: Policy) -> Self {
        let minimum = policy.minimum_quality.0;
        let is_usable = |quality: Option<Quality>| quality.is_none_or(|quality| quality >= minimum);
        let rows: Vec<u32> = (0u32..)
            .zip(list.rows())
            .filter(|(_, row)| is_usable(row.quality()))
            .map(|(number, _)| number)
            .collect();
        let index = rows
            .iter()
            .map(|&row| list.rows()[row as usize].pdq())
            .collect();
        let info = ListInfo {
            name,
            digest: list.digest(),
            profile: list.profile(),
            entries: list.entries().len(),
            rows: rows.len(),
            refused_rows: list.reading().refused(),
            low_quality_rows: list.rows().len() - rows.len(),
        };
        Self {
            info,
            list,
            policy,
            index,
            rows,
        }
    }

    fn can_use(&self, query: &Query) -> bool {
        query
            .quality
            .is_none_or(|quality| quality >= self.policy.minimum_quality.0)
    }

    /// Every entry near any form of the frame, each with its nearest row and form.
    fn look_up(&self, query: &Query, found: &mut HashMap<usize, Evidence>) {
        for (dihedral, form_origin, pdq) in query.forms() {
            for hit in self.index.search(pdq, self.policy.radius) {
                let row = &self.list.rows()[self.rows[hit.row] as usize];
                let known = found.get(&row.entry());
                if known.is_some_and(|known| known.distance <= hit.distance) {
                    continue; // the first of equally near ones stays: lower frame, earlier form, earlier row
                }
                let evidence = Evidence {
                    list: self.info.name.clone(),
                    entry: self.list.entries()[row.entry()].id().into(),
                    label: row.label().map(Into::into),
                    distance: hit.distance,
                    class: MatchClass::NearDuplicate,
                    dihedral,
                    form_origin,
                    frame: query.frame,
                    frame_time: query.frame_time,
                    partial: query.partial,
                    upload_quality: query.quality,
                    entry_quality: row.quality(),
                };
                found.insert(row.entry(), evidence);
            }
        }
    }
}

/// Collects what a [`Screener`] needs.
#[derive(Debug)]
#[must_use = "call `build`"]
pub struct Builder {
    lists: Vec<(Arc<str>, List, Policy)>,
    limits: Limits,
    surface: Option<Surface>,
    clock: Box<dyn Clock>,
}

impl Builder {
    /// Adds a list under a name of its own, asked with the default [`Policy`].
    pub fn list(self, name: &str, list: List) -> Self {
        self.list_with(name, list, Policy::default())
    }

    /// Adds a list under a name of its own.
    pub fn list_with(mut self, name: &str, list: List, policy: Policy) -> Self {
        self.lists.push((name.into(), list, policy));
        self
    }

    /// States where uploads would be seen. There is no default: somebody has to say it.
    pub fn surface(mut self, surface: Surface) -> Self {
        self.surface = Some(surface);
        self
    }

    /// Sets the limits for uploads.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the clock; the system's by default.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Builds the screener.
    ///
    /// # Errors
    /// [`BuildError`]: no list, two lists of one name, no surface, or one that is not public.
    ///
    /// # Cost
    /// Linear in the rows of the lists.
    pub fn build(self) -> Result<Screener, BuildError> {
        match self.surface {
            Some(Surface::Public) => {}
            Some(surface) => return Err(BuildError::NotPublic { surface }),
            None => return Err(BuildError::NoSurface),
        }
        if self.lists.is_empty() {
            return Err(BuildError::NoList);
        }
        for (number, (name, ..)) in self.lists.iter().enumerate() {
            if self.lists[..number].iter().any(|(other, ..)| other == name) {
                let name = name.clone();
                return Err(BuildError::NameTwice { name });
            }
        }
        Ok(Screener {
            lists: self
                .lists
                .into_iter()
                .map(|(name, list, policy)| Screened::new(name, list, policy))
                .collect(),
            limits: self.limits,
            clock: self.clock,
        })
    }
}

/// Why no screener was built; in every case the caller has to change the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Screening against nothing would call everything "no match".
    #[error("no list: add one with `list(name, List::open(path)?)`")]
    NoList,
    /// Evidence names its list, so names are unique.
    #[error("two lists are named `{name}`")]
    NameTwice {
        /// The name.
        name: Arc<str>,
    },
    /// Nobody said where uploads would be seen.
    #[error(
        "no surface: state with `surface(Surface::Public)` that uploads are open to the public"
    )]
    NoSurface,
    /// Closed groups and private messages are not screened.
    #[error("surface {surface:?} is refused: only what is disseminated to the public is screened")]
    NotPublic {
        /// As stated.
        surface: Surface,
    },
}

impl Screener {
    /// Begins a screener.
    pub fn builder() -> Builder {
        Builder {
            lists: Vec::new(),
            limits: Limits::default(),
            surface: None,
            clock: Box::new(SystemClock),
        }
    }

    /// The lists, in the order in which they were added.
    #[must_use]
    pub fn lists(&self) -> impl ExactSizeIterator<Item = &ListInfo> {
        self.lists.iter().map(|screened| &screened.info)
    }

    /// Screens the bytes of an upload: all its distinct frames, in all eight dihedral forms, against every list.
    ///
    /// Hostile bytes cost what [`Limits`] allows and end as [`Screening::Undecided`].
    pub fn screen(&self, bytes: &[u8]) -> Screening {
        let mut run = Run::new(self);
        for item in media::frames(bytes, &self.limits) {
            run.take(item);
        }
        run.finish()
    }

    /// Screens a picture that your own decoder made.
    pub fn screen_picture(&self, picture: &Picture<'_>) -> Screening {
        let mut run = Run::new(self);
        run.hash(picture, |_| {});
        run.finish()
    }

    /// Screens a hash that was made elsewhere. The seven turned and mirrored forms are derived from its bits, 6 off on
    /// average; evidence says so.
    pub fn screen_pdq(&self, pdq: Pdq, quality: Option<Quality>) -> Screening {
        let mut run = Run::new(self);
        run.look_up(&Query {
            forms: Dihedral::ALL.map(|form| pdq.derived(form)),
            form_origin: FormOrigin::DerivedFromHash,
            quality,
            frame: 0,
            frame_time: None,
            partial: false,
        });
        run.finish()
    }
}

/// One upload on its way through the lists.
struct Run<'a> {
    screener: &'a Screener,
    at: SystemTime,
    hasher: Hasher,
    /// For each list, the nearest evidence an entry, and whether any frame could be looked up.
    found: Vec<(HashMap<usize, Evidence>, bool)>,
    gaps: Vec<Gap>,
    best_quality: Option<Quality>,
    too_small: Option<TooSmall>,
    hashed: bool,
}

impl<'a> Run<'a> {
    fn new(screener: &'a Screener) -> Self {
        Self {
            screener,
            at: screener.clock.now(),
            hasher: Hasher::new(),
            found: screener.lists.iter().map(|_| Default::default()).collect(),
            gaps: Vec::new(),
            best_quality: None,
            too_small: None,
            hashed: false,
        }
    }

    fn take(&mut self, item: Result<Frame, MediaError>) {
        match item {
            Ok(frame) => self.hash(frame.picture(), |query| {
                query.frame = frame.number();
                query.frame_time = frame.time();
                query.partial = frame.is_partial();
            }),
            Err(error) => self.gaps.push(error.into()),
        }
    }

    fn hash(&mut self, picture: &Picture<'_>, describe: impl FnOnce(&mut Query)) {
        match self.hasher.hash(picture) {
            Ok(transform) => {
                let mut query = Query {
                    forms: transform.forms(),
                    form_origin: FormOrigin::Picture,
                    quality: Some(transform.quality()),
                    frame: 0,
                    frame_time: None,
                    partial: false,
                };
                describe(&mut query);
                self.look_up(&query);
            }
            Err(too_small) => self.too_small = self.too_small.or(Some(too_small)),
        }
    }

    fn look_up(&mut self, query: &Query) {
        self.hashed = true;
        self.best_quality = self.best_quality.max(query.quality);
        for (screened, (found, looked_up)) in self.screener.lists.iter().zip(&mut self.found) {
            if screened.can_use(query) {
                screened.look_up(query, found);
                *looked_up = true;
            }
        }
    }

    fn finish(mut self) -> Screening {
        self.note_what_no_list_could_use();
        let mut evidence: Vec<(usize, usize, Evidence)> = Vec::new();
        for (list, (found, _)) in self.found.into_iter().enumerate() {
            evidence.extend(found.into_iter().map(|(entry, found)| (list, entry, found)));
        }
        evidence.sort_by_key(|(list, entry, found)| (found.distance, *list, *entry));
        let evidence = evidence.into_iter().map(|(_, _, found)| found).collect();
        Screening::new(evidence, self.gaps, self.best_quality, self.at)
    }

    /// A tiny or flat frame is no gap beside a usable one; where there is no usable one, it is.
    fn note_what_no_list_could_use(&mut self) {
        if !self.hashed {
            match self.too_small {
                Some(too_small) => self.gaps.push(too_small.into()),
                None if self.gaps.is_empty() => self.gaps.push(MediaError::NotAnImage.into()),
                None => {}
            }
            return;
        }
        for (screened, (_, looked_up)) in self.screener.lists.iter().zip(&self.found) {
            if let (false, Some(quality)) = (looked_up, self.best_quality) {
                self.gaps.push(Gap::TooLittleDetail {
                    quality,
                    minimum: screened.policy.minimum_quality.0,
                    list: screened.info.name.clone(),
                });
            }
        }
    }
}
