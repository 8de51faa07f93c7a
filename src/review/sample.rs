//! Random samples of what was not matched: without one nobody knows what is missed.

use crate::baseline::{MediaKind, Time};

use super::case::{CaseId, Origin};
use super::error::ReviewError;
use super::event::{House, Opened};
use super::opening::check_subject;
use super::people::{Person, Role};
use super::reviews::Reviews;

/// Draws uploads from a stream of unknown length, each equally likely (algorithm R, Waterman, in Knuth, volume 2, section 3.4.2).
#[derive(Clone)]
pub struct Sampler {
    most: usize,
    drawn: Vec<(Box<str>, MediaKind, Time)>,
    seen: u64,
    from: Option<Time>,
    last: Option<Time>,
    key: [u8; 32],
}

impl Sampler {
    /// A sampler of so many uploads at most, with the system's randomness.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`] where the system gives none.
    pub fn new(most: usize) -> Result<Self, ReviewError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|_| crate::ledger::LedgerError::NoRandomness)?;
        Ok(Self::with_key(most, key))
    }

    fn with_key(most: usize, key: [u8; 32]) -> Self {
        Self {
            most,
            drawn: Vec::new(),
            seen: 0,
            from: None,
            last: None,
            key,
        }
    }

    /// An upload that was screened and not matched, by the platform's reference.
    ///
    /// # Errors
    /// [`ReviewError::Match`] for a reference that is none.
    pub fn offer(
        &mut self,
        subject: &str,
        media: MediaKind,
        screened_at: Time,
    ) -> Result<(), ReviewError> {
        check_subject(subject)?;
        self.seen += 1;
        self.from = Some(self.from.map_or(screened_at, |from| from.min(screened_at)));
        self.last = Some(self.last.map_or(screened_at, |last| last.max(screened_at)));
        let one = (subject.into(), media, screened_at);
        if self.drawn.len() < self.most {
            self.drawn.push(one);
            return Ok(());
        }
        let place = self.below(self.seen);
        if let Some(there) = usize::try_from(place)
            .ok()
            .and_then(|place| self.drawn.get_mut(place))
        {
            *there = one;
        }
        Ok(())
    }

    /// How many were offered.
    #[must_use]
    pub const fn seen(&self) -> u64 {
        self.seen
    }

    /// A number below `end`, evenly: 128 random bits leave no bias that could be seen.
    fn below(&self, end: u64) -> u64 {
        let hash = blake3::keyed_hash(&self.key, &self.seen.to_le_bytes());
        let (bytes, _) = hash.as_bytes().split_at(16);
        let random = bytes
            .iter()
            .fold(0u128, |random, byte| random << 8 | u128::from(*byte));
        u64::try_from(random % u128::from(end.max(1))).unwrap_or(0)
    }
}

impl std::fmt::Debug for Sampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut told = f.debug_struct("Sampler");
        told.field("seen", &self.seen)
            .field("drawn", &self.drawn.len())
            .finish_non_exhaustive()
    }
}

impl Reviews {
    /// Opens a case for each upload of a sample, for people to look at as at any other: what they find terrorist was missed.
    ///
    /// # Errors
    /// [`ReviewError::Role`] without [`Role::Supervisor`]; [`ReviewError::Match`] where nothing was drawn.
    pub fn draw(
        &mut self,
        sampler: Sampler,
        by: &Person,
        now: Time,
    ) -> Result<Vec<CaseId>, ReviewError> {
        let Sampler {
            drawn: uploads,
            seen: of,
            from,
            last,
            ..
        } = sampler;
        let (Some(from), Some(last)) = (from, last) else {
            return Err(ReviewError::Match(
                "nothing was drawn: hand in uploads that were screened and not matched",
            ));
        };
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Supervisor)?;
        let draw = u32::try_from(change.known.draws.len()).unwrap_or(u32::MAX);
        let until =
            Time::from_unix_seconds(last.unix_seconds().saturating_add(1)).unwrap_or(Time::MAX);
        let drawn = u32::try_from(uploads.len()).unwrap_or(u32::MAX);
        change.house(
            Some(number),
            House::Drawn {
                of,
                drawn,
                from,
                until,
            },
            now,
        )?;
        let mut cases = Vec::with_capacity(uploads.len());
        for (subject, media, screened_at) in &uploads {
            let opened = Opened {
                origin: Origin::Sample(draw),
                subject: change.text(Some(subject))?.unwrap_or_default(),
                media: *media,
                screened_at: *screened_at,
                found: Vec::new(),
                ordered: None,
                withheld_until: None,
                is_measure: change.known.policy.is_specific_measure,
                hold_until: None,
                evidence: Vec::new(),
            };
            cases.push(change.open(opened, subject, now)?);
        }
        change.commit()?;
        Ok(cases)
    }

    /// The samples that were drawn.
    #[must_use]
    pub fn draws(&self) -> &[super::Draw] {
        &self.house.draws
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_upload_is_equally_likely_to_be_drawn() {
        let at: Time = "2026-11-22T10:00:00Z".parse().unwrap();
        let mut times = [0u32; 40];
        for round in 0..2000u32 {
            let mut key = [7; 32];
            key[..4].copy_from_slice(&round.to_le_bytes());
            let mut sampler = Sampler::with_key(10, key);
            for upload in 0..40 {
                sampler
                    .offer(&format!("upload-{upload}"), MediaKind::Image, at)
                    .unwrap();
            }
            assert_eq!((sampler.drawn.len(), sampler.seen()), (10, 40));
            for (subject, ..) in &sampler.drawn {
                let upload: usize = subject.strip_prefix("upload-").unwrap().parse().unwrap();
                times[upload] += 1;
            }
        }
        // 500 are expected, with a deviation of 19: five of them is one in a million.
        assert!(
            times.iter().all(|times| (400..600).contains(times)),
            "{times:?}"
        );
    }
}
