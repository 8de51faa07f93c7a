//! One upload on its way: frames in, hashed and looked up, gaps noted, a verdict out.

#[cfg(all(feature = "video", unix))]
use std::{io, path::Path};

use std::time::SystemTime;

#[cfg(all(feature = "video", unix))]
use crate::hash::Digesting;
use crate::hash::{Digest, DigestKind, Pdq, Quality, Radius, TooSmall, Transform};
use crate::limits::Limits;
use crate::media::{Frame, MediaError};
use crate::picture::Picture;
use crate::view::{self, Allowance, Look, View, Viewer, WINDOWS_ASKED};

use super::Effort;
use super::call::Call;
use super::counts::{Counters, Work};
use super::evidence::Evidence;
use super::film::{self, Film, Step};
use super::lists::{Asked, Found};
use super::query::{Provenance, Query, VIEW_LOOKUPS, WINDOW_LOOKUPS};
use super::second::Second;
use super::verdict::{About, Gap, Screening};

/// One upload on its way through the lists.
pub(super) struct Run<'a> {
    lists: Vec<Asked>,
    at: SystemTime,
    effort: Effort,
    limits: &'a Limits,
    call: Call<'a>,
    /// For each list what was found, and whether any frame, or a view of one, could be looked up.
    found: Vec<(Found, bool)>,
    gaps: Vec<Gap>,
    best_quality: Option<Quality>,
    too_small: Option<TooSmall>,
    work: Work,
    allowance: Allowance,
    /// Whether views of a frame were left out, which is told once.
    views_cut: bool,
    ended: bool,
    film: Film,
}

/// How closely the frames of an upload are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Every one, with its views: pictures, pages, animations.
    Each,
    /// Those that show something new, and once a shot their views: videos.
    Shots,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        lists: Vec<Asked>,
        at: SystemTime,
        effort: Effort,
        limits: &'a Limits,
        call: Call<'a>,
    ) -> Self {
        Self {
            at,
            effort,
            limits,
            call,
            found: lists.iter().map(|_| Default::default()).collect(),
            film: Film::new(lists.len()),
            lists,
            gaps: Vec::new(),
            best_quality: None,
            too_small: None,
            work: Work::default(),
            allowance: Allowance::default(),
            views_cut: false,
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

    pub(super) fn call(&self) -> &Call<'a> {
        &self.call
    }

    /// Something that could not be looked at.
    pub(super) fn note(&mut self, gap: Gap) {
        self.gaps.push(gap);
    }

    /// The algorithms of which lists have digests.
    pub(super) fn digest_kinds(&self) -> Vec<DigestKind> {
        let has = |kind: &DigestKind| self.lists.iter().any(|list| list.has_digests(*kind));
        DigestKind::ALL.into_iter().filter(has).collect()
    }

    pub(super) fn look_up_digest(&mut self, digest: Digest) {
        for (list, (found, _)) in self.lists.iter().zip(&mut self.found) {
            list.look_up_digest(digest, found);
        }
    }

    pub(super) fn look_up_bytes(&mut self, bytes: &[u8]) {
        for kind in self.digest_kinds() {
            self.look_up_digest(kind.of(bytes));
        }
    }

    /// As [`Run::look_up_bytes`], without holding them. A file that is too long is left to whoever opens it next.
    #[cfg(all(feature = "video", unix))]
    pub(super) fn look_up_file(&mut self, path: &Path, limits: &Limits) -> io::Result<()> {
        let digests = Digesting::of_file(&self.digest_kinds(), path, limits.video_bytes)?;
        for digest in digests {
            self.look_up_digest(digest);
        }
        Ok(())
    }

    pub(super) fn take(&mut self, viewer: &mut Viewer, item: Result<Frame, MediaError>) {
        match item {
            Ok(frame) => {
                let of = Provenance::of(&frame);
                self.take_picture(viewer, frame.picture(), &of, frame.held_bytes(), Pace::Each);
            }
            Err(error) => self.gaps.push(error.into()),
        }
    }

    /// A picture, beside which so much memory of this upload's is held.
    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", skip_all, fields(width = picture.width(), height = picture.height()))
    )]
    pub(super) fn take_picture(
        &mut self,
        viewer: &mut Viewer,
        picture: &Picture<'_>,
        of: &Provenance,
        held_bytes: u64,
        pace: Pace,
    ) {
        let transform = match viewer.hash(picture) {
            Ok(transform) => transform,
            Err(too_small) => {
                self.too_small = self.too_small.or(Some(too_small));
                return;
            }
        };
        let whole = Query::of_picture(&transform);
        let of = &Provenance {
            size: Some([picture.width(), picture.height()]),
            ..*of
        };
        let step = self.step(of, &transform, picture);
        if (step, pace) == (Step::Same, Pace::Shots) {
            self.note_frame(whole[0].quality);
            return;
        }
        self.look_up_whole(of, &whole);
        let in_film = match step {
            Step::Same => false,
            Step::New | Step::Shot => !self.look_up_in_film(&whole.map(Query::as_frame)),
        };
        if pace == Pace::Each || step == Step::Shot {
            if let Some(views) = self.views(viewer, picture, held_bytes, in_film, pace) {
                self.look_up_views(viewer, of, &whole, &views);
                if in_film {
                    let queries: Vec<Query> = film::queries(&views.parts).collect();
                    self.look_up_in_film(&queries);
                }
                viewer.done(views.look);
            }
        } else if in_film && !self.film.places.is_empty() {
            let look = viewer.look(picture);
            let queries = self.film.places.queries(viewer, &look);
            self.look_up_in_film(&queries);
            viewer.done(look);
        }
    }

    /// What a frame is to those before it, if it has a time, and if there is a video that it may be of.
    fn step(&mut self, of: &Provenance, transform: &Transform, picture: &Picture<'_>) -> Step {
        let Some(at) = of.frame_time else {
            return Step::Same;
        };
        self.film.push(of.frame, at, transform, picture)
    }

    /// Asks every list for frames of videos near to the last one's hashes. Whether all that have some have a near one: then there is nothing
    /// that views could add.
    fn look_up_in_film(&mut self, queries: &[Query]) -> bool {
        let mut is_near = true;
        for number in 0..self.lists.len() {
            if !self.lists[number].has_frames() {
                continue;
            }
            if !self.goes_on() {
                return true;
            }
            let (lookups, near) = self.film.look_up(number, &self.lists[number], queries);
            self.work.lookups += lookups as u64;
            self.found[number].1 |= lookups > 0;
            is_near &= near;
        }
        is_near
    }

    /// A bare hash, of which there are no views.
    pub(super) fn take_bare(&mut self, pdq: Pdq, quality: Option<Quality>) {
        self.look_up_whole(&Provenance::NONE, &Query::of_bare(pdq, quality));
    }

    /// A whole frame in every list; where that finds nothing, its negative.
    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", skip_all, fields(frame = of.frame))
    )]
    fn look_up_whole(&mut self, of: &Provenance, whole: &[Query; 8]) {
        self.note_frame(whole[0].quality);
        self.look_up(of, whole, Asked::radius, None, |_, _| true);
        if self.effort > Effort::Plain {
            let negative = whole.map(Query::negative);
            self.look_up(of, &negative, Asked::narrow_radius, None, is_open);
        }
    }

    fn note_frame(&mut self, quality: Option<Quality>) {
        self.work.frames += 1;
        self.best_quality = self.best_quality.max(quality);
    }

    /// The views of a frame, if there is a list to ask for them.
    fn views(
        &mut self,
        viewer: &Viewer,
        picture: &Picture<'_>,
        held_bytes: u64,
        in_film: bool,
        pace: Pace,
    ) -> Option<Views> {
        let both = || self.lists.iter().zip(&self.found);
        let mut open = both().filter(|(list, (found, _))| is_open(list, found));
        let has_windows = open.any(|(list, _)| list.has_windows());
        let is_any_open = in_film || both().any(|(list, (found, _))| is_open(list, found));
        // One view is the picture itself.
        let wanted = self.effort > Effort::Plain && self.limits.views > 1 && is_any_open;
        if !wanted || !self.goes_on() {
            return None;
        }
        let taken = match pace {
            Pace::Each => self.allowance.take(picture, held_bytes, self.limits),
            // How often that is, `Film` bounds.
            Pace::Shots => view::fits(picture, held_bytes, self.limits),
        };
        if let Err(exceeded) = taken {
            if !self.views_cut {
                self.gaps.push(MediaError::from(exceeded).into());
                self.views_cut = true;
            }
            return None;
        }
        let (codes, windows) = match (self.effort, has_windows) {
            (Effort::Thorough, true) => (usize::MAX, 2 * WINDOWS_ASKED),
            (Effort::Thorough, false) => (usize::MAX, 0),
            (_, true) => (VIEW_LOOKUPS - WINDOW_LOOKUPS, WINDOWS_ASKED),
            (_, false) => (VIEW_LOOKUPS, 0),
        };
        let look = viewer.look(picture);
        Some(Views {
            parts: viewer.parts(&look, self.limits, codes),
            windows: match windows {
                0 => Vec::new(),
                _ => viewer.windows_of(&look, windows),
            },
            look,
        })
    }

    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", skip_all, fields(frame = of.frame, views = views.parts.len(), windows = views.windows.len()))
    )]
    fn look_up_views(
        &mut self,
        viewer: &Viewer,
        of: &Provenance,
        whole: &[Query; 8],
        views: &Views,
    ) {
        self.work.views += (views.parts.len() + views.windows.len()) as u64;
        let both = views.parts.iter().chain(&views.windows);
        let as_window = Query::as_window(whole);
        let queries: Vec<Query> = as_window.chain(both.flat_map(Query::of_view)).collect();
        let look = &views.look;
        let second = Second { viewer, look };
        self.look_up(of, &queries, Asked::narrow_radius, Some(&second), is_open);
        if self.effort == Effort::Thorough {
            // All of it again, and the whole with it: what is nearer was found.
            let queries: Vec<Query> = whole.iter().copied().chain(queries).collect();
            self.look_up(of, &queries, Asked::wide_radius, Some(&second), is_open);
        }
    }

    /// Hashes of one frame in those lists that are to be asked, all of them at once.
    fn look_up(
        &mut self,
        of: &Provenance,
        queries: &[Query],
        radius: impl Fn(&Asked) -> Radius,
        second: Option<&Second<'_>>,
        is_asked: impl Fn(&Asked, &Found) -> bool,
    ) {
        for number in 0..self.lists.len() {
            if !is_asked(&self.lists[number], &self.found[number].0) {
                continue;
            }
            if !self.goes_on() {
                return;
            }
            let list = &self.lists[number];
            let (found, looked_up) = &mut self.found[number];
            let lookups = list.look_up(of, queries, radius(list), second, found);
            self.work.lookups += lookups as u64;
            // A flat page with a small picture on it has no hash that means anything, and its view has: then the upload was
            // looked at, by the only hashes that it has. Where no view could be looked up, too little detail stays a gap.
            *looked_up |= lookups > 0;
        }
    }

    pub(super) fn finish(mut self, counters: &Counters) -> Screening {
        self.note_what_no_list_could_use();
        let expired = self.lists.iter().filter_map(|list| list.expired(self.at));
        self.gaps.extend(expired);
        let found = self.found.iter_mut().map(|(found, _)| found);
        self.film.finish(self.lists.iter().zip(found));
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
        counters.add(&screening, self.work);
        screening
    }

    /// A tiny or flat frame is no gap beside a usable one; where there is no usable one, it is.
    fn note_what_no_list_could_use(&mut self) {
        if self.work.frames == 0 {
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

/// What of a frame is looked up beside the whole of it.
struct Views {
    look: Look,
    parts: Vec<View>,
    windows: Vec<View>,
}

/// Whether more effort is worth it: a list that has found something, with this frame or before, has no need of negatives and views.
fn is_open(list: &Asked, found: &Found) -> bool {
    list.is_perceptual() && found.is_empty()
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "patterns of bytes")]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::baseline::{List, NewRow};
    use crate::screen::Policy;
    use crate::screen::lists::Named;

    /// A list that nothing here comes near to.
    fn asked() -> Vec<Asked> {
        let row = NewRow::new(
            "item",
            Pdq::from_bytes(std::array::from_fn(|k| (k * 73) as u8)),
        );
        let list = List::from_rows([row]).unwrap();
        vec![Named::new("test".into(), list.into(), Policy::default()).asked()]
    }

    fn run<'a>(limits: &'a Limits, call: Call<'a>) -> Run<'a> {
        let (at, effort) = (SystemTime::UNIX_EPOCH, Effort::default());
        Run::new(asked(), at, effort, limits, call)
    }

    /// Stripes of two widths, across each other.
    fn picture() -> Picture<'static> {
        let pixel = |k: usize| ((k % 200 / 7 * 90) ^ (k / 200 / 11 * 60)) as u8;
        Picture::grey(200, 150, 200, (0..200 * 150).map(pixel).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_run_that_was_given_nothing_is_undecided() {
        let limits = Limits::default();
        let (effort, call) = (Effort::default(), Call::new());
        let run = Run::new(Vec::new(), SystemTime::UNIX_EPOCH, effort, &limits, call);
        let screening = run.finish(&Counters::default());
        assert!(
            matches!(screening, Screening::Undecided(_)),
            "{screening:?}"
        );
    }

    #[test]
    fn a_call_that_ends_before_views_are_looked_for_or_looked_up_has_a_gap() {
        let (limits, picture) = (Limits::default(), picture());
        for ends_after_views in [false, true] {
            let flag = AtomicBool::new(false);
            let mut run = run(&limits, Call::new().cancelled_by(&flag));
            let mut viewer = Viewer::new();
            let transform = viewer.hash(&picture).unwrap();
            let whole = Query::of_picture(&transform);
            run.look_up_whole(&Provenance::NONE, &whole);
            let before = run.work.lookups;
            if ends_after_views {
                let views = run.views(&viewer, &picture, 0, false, Pace::Each).unwrap();
                flag.store(true, Ordering::Relaxed);
                run.look_up_views(&viewer, &Provenance::NONE, &whole, &views);
            } else {
                flag.store(true, Ordering::Relaxed);
                assert!(run.views(&viewer, &picture, 0, false, Pace::Each).is_none());
            }
            assert_eq!((before, run.work.lookups), (16, 16));
            assert_eq!(run.gaps, [Gap::Cancelled]);
        }
    }

    #[test]
    fn views_are_given_the_memory_that_is_left_beside_what_is_held() {
        let picture = picture();
        let needed = view::memory_bytes(&picture);
        for (held, memory, is_enough) in [
            (0, needed - 1, false),
            (0, needed, true),
            (0, needed + 1, true),
            (1000, needed + 999, false),
            (1000, needed + 1000, true),
            (u64::MAX, u64::MAX - 1, false),
        ] {
            let limits = Limits {
                memory_bytes: memory,
                ..Limits::default()
            };
            let mut run = run(&limits, Call::new());
            let mut viewer = Viewer::new();
            for _ in 0..3 {
                run.take_picture(&mut viewer, &picture, &Provenance::NONE, held, Pace::Each);
            }
            assert_eq!(run.work.views > 0, is_enough, "{held} of {memory}");
            // Each frame would be refused, and it is told once.
            assert_eq!(run.gaps.len(), usize::from(!is_enough), "{:?}", run.gaps);
        }
    }
}
