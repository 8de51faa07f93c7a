//! One upload on its way: frames in, hashed and looked up, gaps noted, a verdict out.

use std::collections::HashMap;
use std::time::SystemTime;

use crate::hash::{Hasher, Quality, TooSmall};
use crate::media::{Frame, MediaError};
use crate::picture::Picture;

use super::evidence::{Evidence, FormOrigin, Query};
use super::lists::Screened;
use super::verdict::{Gap, Screening};

/// One upload on its way through the lists.
pub(super) struct Run<'a> {
    lists: &'a [Screened],
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
    pub(super) fn new(lists: &'a [Screened], at: SystemTime) -> Self {
        Self {
            lists,
            at,
            hasher: Hasher::new(),
            found: lists.iter().map(|_| Default::default()).collect(),
            gaps: Vec::new(),
            best_quality: None,
            too_small: None,
            hashed: false,
        }
    }

    pub(super) fn take(&mut self, item: Result<Frame, MediaError>) {
        match item {
            Ok(frame) => self.hash(frame.picture(), |query| {
                query.frame = frame.number();
                query.frame_time = frame.time();
                query.partial = frame.is_partial();
            }),
            Err(error) => self.gaps.push(error.into()),
        }
    }

    pub(super) fn hash(&mut self, picture: &Picture<'_>, describe: impl FnOnce(&mut Query)) {
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

    pub(super) fn look_up(&mut self, query: &Query) {
        self.hashed = true;
        self.best_quality = self.best_quality.max(query.quality);
        for (screened, (found, looked_up)) in self.lists.iter().zip(&mut self.found) {
            if screened.can_use(query) {
                screened.look_up(query, found);
                *looked_up = true;
            }
        }
    }

    pub(super) fn finish(mut self) -> Screening {
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
        for (screened, (_, looked_up)) in self.lists.iter().zip(&self.found) {
            if let (false, Some(quality)) = (looked_up, self.best_quality) {
                self.gaps.push(Gap::TooLittleDetail {
                    quality,
                    minimum: screened.minimum_quality(),
                    list: screened.info.name.clone(),
                });
            }
        }
    }
}
