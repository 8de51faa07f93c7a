//! One upload on its way: frames in, hashed and looked up, gaps noted, a verdict out.

use std::time::SystemTime;

use crate::hash::{Hasher, Quality, TooSmall};
use crate::media::{Background, Frame, MediaError};
use crate::picture::Picture;

use super::call::Call;
use super::counts::Counters;
use super::evidence::{Evidence, FormOrigin, Query};
use super::lists::{Asked, Found};
use super::verdict::{About, Gap, Screening};

/// One upload on its way through the lists.
pub(super) struct Run<'a> {
    lists: Vec<Asked>,
    at: SystemTime,
    call: Call<'a>,
    hasher: Hasher,
    /// For each list what was found, and whether any frame could be looked up.
    found: Vec<(Found, bool)>,
    gaps: Vec<Gap>,
    best_quality: Option<Quality>,
    too_small: Option<TooSmall>,
    frames: u64,
    lookups: u64,
    ended: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(lists: Vec<Asked>, at: SystemTime, call: Call<'a>) -> Self {
        Self {
            at,
            call,
            hasher: Hasher::new(),
            found: lists.iter().map(|_| Default::default()).collect(),
            lists,
            gaps: Vec::new(),
            best_quality: None,
            too_small: None,
            frames: 0,
            lookups: 0,
            ended: false,
        }
    }

    /// Whether there is time left; the first time that there is not, that is a gap.
    pub(super) fn goes_on(&mut self) -> bool {
        if !self.ended
            && let Some(gap) = self.call.ended()
        {
            self.gaps.push(gap);
            self.ended = true;
        }
        !self.ended
    }

    pub(super) fn look_up_bytes(&mut self, bytes: &[u8]) {
        for (list, (found, _)) in self.lists.iter().zip(&mut self.found) {
            list.look_up_bytes(bytes, found);
        }
    }

    pub(super) fn take(&mut self, item: Result<Frame, MediaError>) {
        match item {
            Ok(frame) => self.hash(frame.picture(), |query| {
                query.frame = frame.number();
                query.frame_time = frame.time();
                query.background = frame.background();
                query.partial = frame.is_partial();
            }),
            Err(error) => self.gaps.push(error.into()),
        }
    }

    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", skip_all, fields(width = picture.width(), height = picture.height()))
    )]
    pub(super) fn hash(&mut self, picture: &Picture<'_>, describe: impl FnOnce(&mut Query)) {
        match self.hasher.hash(picture) {
            Ok(transform) => {
                let mut query = Query {
                    forms: transform.forms(),
                    form_origin: FormOrigin::Picture,
                    quality: Some(transform.quality()),
                    frame: 0,
                    frame_time: None,
                    background: Background::Black,
                    partial: false,
                };
                describe(&mut query);
                self.look_up(&query);
            }
            Err(too_small) => self.too_small = self.too_small.or(Some(too_small)),
        }
    }

    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", skip_all, fields(frame = query.frame))
    )]
    pub(super) fn look_up(&mut self, query: &Query) {
        self.frames += 1;
        self.best_quality = self.best_quality.max(query.quality);
        for number in 0..self.lists.len() {
            if !self.goes_on() {
                return;
            }
            let (found, looked_up) = &mut self.found[number];
            let list = &self.lists[number];
            if list.can_use(query) {
                list.look_up(query, found);
                self.lookups += query.forms.len() as u64;
                *looked_up = true;
            }
        }
    }

    pub(super) fn finish(mut self, counters: &Counters) -> Screening {
        self.note_what_no_list_could_use();
        let mut evidence: Vec<(usize, usize, Evidence)> = Vec::new();
        for (list, (found, _)) in self.found.into_iter().enumerate() {
            evidence.extend(found.into_iter().map(|(entry, found)| (list, entry, found)));
        }
        // Equal bytes have no distance, and none comes before any.
        evidence.sort_by_key(|(list, entry, found)| (found.distance, *list, *entry));
        let evidence = evidence.into_iter().map(|(_, _, found)| found).collect();
        let about = About {
            at: self.at,
            quality: self.best_quality,
            lists: self.lists.iter().map(Asked::info).collect(),
        };
        let screening = Screening::new(evidence, self.gaps, about);
        counters.add(&screening, self.frames, self.lookups);
        screening
    }

    /// A tiny or flat frame is no gap beside a usable one; where there is no usable one, it is.
    fn note_what_no_list_could_use(&mut self) {
        if self.frames == 0 {
            match self.too_small {
                Some(too_small) => self.gaps.push(too_small.into()),
                // `media` owes a reason for giving no frame; without one this must not become "no match" all the same.
                None if self.gaps.is_empty() => self.gaps.push(MediaError::NotAnImage.into()),
                None => {}
            }
            return;
        }
        if self.ended {
            return; // which lists were not asked is part of that gap
        }
        for (list, (_, looked_up)) in self.lists.iter().zip(&self.found) {
            if let (true, false, Some(quality)) =
                (list.is_perceptual(), looked_up, self.best_quality)
            {
                self.gaps.push(Gap::TooLittleDetail {
                    quality,
                    minimum: list.minimum_quality(),
                    list: list.name.clone(),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_was_given_nothing_is_undecided() {
        let run = Run::new(Vec::new(), SystemTime::UNIX_EPOCH, Call::new());
        let screening = run.finish(&Counters::default());
        assert!(
            matches!(screening, Screening::Undecided(_)),
            "{screening:?}"
        );
    }
}
