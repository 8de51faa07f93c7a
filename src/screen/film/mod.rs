//! What moves: the frames of an upload with their times, and the frames of entries that they are near to.
//!
//! In: frames in the order of time, each with its hashes. Out: for each list the entries of videos that the upload runs like, with the
//! segments. A frame alone is no evidence; what [`vote`](super::vote) finds on a line in time is. So frames are asked up to 48 bits
//! (31 for pictures), and only the core of an entry counts.
//!
//! Views cost more than all else, and what disguises a video disguises all of it: so they are looked for once a shot, and where one of them
//! comes near to a frame of an entry, its place is looked at in the frames that follow, too.

mod places;
mod touch;

use std::time::Duration;

use crate::hash::frames::{Fate, Keeper};
use crate::hash::{Quality, Radius, Transform};
use crate::picture::Picture;

use super::lists::{Asked, Found};
use super::query::Query;
use super::vote::Timeline;

pub(super) use places::{Places, queries};
use touch::Touch;

/// The frames so far, and what they are near to.
pub(super) struct Film {
    keeper: Keeper,
    at_ms: u32,
    /// Which frame of the upload each kept one is.
    numbers: Vec<u32>,
    /// How wide and high each of them is, in pixels.
    sizes: Vec<[u32; 2]>,
    /// Of each list.
    touches: Vec<Vec<Touch>>,
    looked: Option<Looked>,
    pub(super) places: Places,
}

/// The frame of which views were looked for last.
struct Looked {
    at_ms: u32,
    kept: usize,
}

/// What is to be done with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It shows what the frame before showed.
    Same,
    /// It is new.
    New,
    /// It is new, and so is what it shows.
    Shot,
}

impl Film {
    pub(super) fn new(lists: usize) -> Self {
        Self {
            // Of any quality: what is flat may hold a smaller picture that is not.
            keeper: Keeper::of_quality(Quality::MIN),
            at_ms: 0,
            numbers: Vec::new(),
            sizes: Vec::new(),
            touches: vec![Vec::new(); lists],
            looked: None,
            places: Places::default(),
        }
    }

    /// Takes the next frame, which is number `number` of the upload.
    pub(super) fn push(
        &mut self,
        number: u32,
        at: Duration,
        transform: &Transform,
        picture: &Picture<'_>,
    ) -> Step {
        let (pdq, quality) = (transform.pdq(), transform.quality());
        // Where a clock goes back, it stands still: frames come in the order in which they are shown.
        let at_ms = u32::try_from(at.as_millis()).unwrap_or(u32::MAX);
        self.at_ms = self.at_ms.max(at_ms);
        self.places.keep_to([picture.width(), picture.height()]);
        let before = self.keeper.kept().last().map(|frame| frame.pdq);
        if self.keeper.push(self.at_ms, pdq, quality) != Ok(Fate::Kept) {
            return Step::Same;
        }
        self.numbers.push(number);
        self.sizes.push([picture.width(), picture.height()]);
        let kept = self.numbers.len();
        let is_cut = before.is_none_or(|before| before.distance(pdq).bits() > CUT_BITS);
        let is_new = self.looked.as_ref().is_none_or(|looked| {
            let is_late = self.at_ms - looked.at_ms >= LOOK_MS;
            (is_cut || is_late) && kept - looked.kept >= LOOK_FRAMES
        });
        if !is_new {
            return Step::New;
        }
        let at_ms = self.at_ms;
        self.looked = Some(Looked { at_ms, kept });
        Step::Shot
    }

    /// Asks a list for frames near to these hashes of the last frame. How many of them could be asked, and whether one is so near
    /// that views will find no more.
    pub(super) fn look_up(
        &mut self,
        number: usize,
        list: &Asked,
        queries: &[Query],
    ) -> (usize, bool) {
        let kept = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let Some(frame) = kept.checked_sub(1) else {
            return (0, false);
        };
        let touched = touch::touched(list, queries, frame);
        for touch in touched.touches.iter().rev() {
            if let Some(place) = touch.place {
                self.places.hit(touch.view, place);
            }
        }
        let mut touches = touched.touches.iter();
        let is_near = touches.any(|touch| Radius::DEFAULT.covers(touch.distance));
        self.touches[number].extend(touched.touches);
        (touched.lookups, is_near)
    }

    /// Adds the entries of each list that the upload runs like.
    pub(super) fn finish<'a>(self, lists: impl Iterator<Item = (&'a Asked, &'a mut Found)>) {
        if self.touches.iter().all(Vec::is_empty) {
            return;
        }
        let frames = self.keeper.finish(self.at_ms.saturating_add(LAST_MS));
        let query = Timeline::of(&frames);
        for ((list, found), touches) in lists.zip(self.touches) {
            let upload = touch::Upload {
                frames: frames.as_slice(),
                numbers: &self.numbers,
                sizes: &self.sizes,
                timeline: &query,
            };
            touch::judge(list, &upload, touches, found);
        }
    }
}

/// A frame that differs by more from the one before begins another shot. Those of one shot, half a second apart, are nearer, unless the camera is thrown about.
const CUT_BITS: u16 = 80;

/// In a shot that goes on, views are looked for again after so long, in milliseconds: in one frame a disguise may not show.
const LOOK_MS: u32 = 5000;

/// But in every fourth frame at most: to look takes as long as decoding a dozen frames.
const LOOK_FRAMES: usize = 4;

/// How long the last frame lasts, for all that is known, in milliseconds.
const LAST_MS: u32 = 500;
