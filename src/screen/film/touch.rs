//! Frames near to frames, and what they are together.

use std::collections::{HashMap, HashSet};

use crate::baseline::FrameRole;
use crate::hash::frames::{FrameHash, FrameHashes};
use crate::hash::{Dihedral, Distance, Pdq, Quality};
use crate::view::{Kind, Place};

use super::super::evidence::{Evidence, MatchClass};
use super::super::lists::{Asked, Found};
use super::super::query::{Provenance, Query};
use super::super::version::Table;
use super::super::vote::{self, Hit, Segment, Timeline};

/// A frame of the upload is near to a frame of an entry.
#[derive(Clone, Copy)]
pub(super) struct Touch {
    /// Which of the kept frames.
    frame: u32,
    /// The row of the entry's frame.
    row: u32,
    pub(super) distance: Distance,
    /// What of the upload's frame was near.
    pub(super) view: Kind,
    pub(super) place: Option<Place>,
    dihedral: Dihedral,
}

/// What one frame is near to in one list.
pub(super) struct Touched {
    pub(super) touches: Vec<Touch>,
    pub(super) lookups: usize,
}

/// Asks a list for the frames of entries that are near to these hashes of a frame.
pub(super) fn touched(list: &Asked, queries: &[Query], frame: u32) -> Touched {
    let usable: Vec<&Query> = queries.iter().filter(|query| list.can_use(query)).collect();
    let codes: Vec<Pdq> = usable.iter().map(|query| query.pdq).collect();
    let mut touches = Vec::new();
    let mut met = HashSet::new();
    let mut of_entry: HashMap<(usize, bool), usize> = HashMap::new();
    // The nearest first, so that what is cut is what says least.
    for (number, hit, row) in list.near(Table::Frames, &codes, list.wide_radius()) {
        if touches.len() == MOST_OF_A_FRAME {
            break;
        }
        let is_core = row
            .shown
            .is_some_and(|shown| shown.role() == FrameRole::Core);
        let Query {
            view,
            place,
            dihedral,
            ..
        } = *usable[number];
        let is_mirrored = is_mirrored(dihedral);
        if !is_core || !met.insert((hit.row, is_mirrored)) {
            continue;
        }
        let of_entry = of_entry.entry((row.entry, is_mirrored)).or_default();
        if *of_entry == vote::MOST_HITS {
            continue;
        }
        *of_entry += 1;
        let Ok(row) = u32::try_from(hit.row) else {
            continue; // no index is as long
        };
        touches.push(Touch {
            frame,
            row,
            distance: hit.distance,
            view,
            place,
            dihedral,
        });
    }
    Touched {
        touches,
        lookups: codes.len(),
    }
}

/// The frames of an upload that is over.
pub(super) struct Upload<'a> {
    pub(super) frames: &'a [FrameHash],
    /// Which frame of the upload each of them is.
    pub(super) numbers: &'a [u32],
    /// How wide and high each of them is, in pixels.
    pub(super) sizes: &'a [[u32; 2]],
    pub(super) timeline: &'a Timeline,
}

/// Adds the entries that an upload runs like, by all that it is near to in a list.
pub(super) fn judge(list: &Asked, upload: &Upload<'_>, mut touches: Vec<Touch>, found: &mut Found) {
    // Rows are in the order of their entries.
    touches.sort_by_key(|touch| (touch.row, touch.frame));
    let entry = |touch: &Touch| list.row(Table::Frames, touch.row as usize).entry;
    for touches in touches.chunk_by(|a, b| entry(a) == entry(b)) {
        let (number, segments) = (entry(&touches[0]), segments(list, upload, touches));
        let Some(first) = segments.first() else {
            continue;
        };
        let best = touches.iter().filter(|touch| {
            let frame = upload.frames[touch.frame as usize];
            let [from, to] = first.query_ms;
            (from..=to).contains(&frame.at_ms) && is_mirrored(touch.dihedral) == first.mirrored
        });
        if let Some(best) = best.min_by_key(|touch| (touch.distance, touch.frame, touch.row)) {
            let new = evidence(list, upload, best);
            found.entry(number).or_insert(new).segments = segments.into();
        }
    }
}

/// The segments that are enough for a match with the entry that all of this is near to.
fn segments(list: &Asked, upload: &Upload<'_>, touches: &[Touch]) -> Vec<Segment> {
    let Some(first) = touches
        .first()
        .filter(|_| touches.len() >= vote::LEAST_DISTINCT)
    else {
        return Vec::new();
    };
    let rows = list.frames_of(list.row(Table::Frames, first.row as usize).entry);
    // Of the entry's rows, those of its core, and which number each has there.
    let mut core = Vec::new();
    let mut numbers = HashMap::new();
    for row in rows {
        let known = list.row(Table::Frames, row);
        if let Some(shown) = known.shown.filter(|shown| shown.role() == FrameRole::Core) {
            numbers.insert(row, core.len());
            core.push(FrameHash {
                at_ms: shown.at_ms(),
                lasts_cs: shown.lasts_cs(),
                quality: known.quality.unwrap_or(Quality::MAX),
                pdq: list.code(Table::Frames, row),
            });
        }
    }
    let hit = |touch: &Touch| {
        Some(Hit {
            query: touch.frame as usize,
            entry: *numbers.get(&(touch.row as usize))?,
            distance: touch.distance,
            mirrored: is_mirrored(touch.dihedral),
        })
    };
    let hits: Vec<Hit> = touches.iter().filter_map(hit).collect();
    // Rows of an entry are in the order of time, in lists as in snapshots, and hits are of these two: there is nothing to refuse.
    let Ok(core) = FrameHashes::new(core) else {
        return Vec::new();
    };
    let core = Timeline::of(&core);
    let mut segments = vote::segments(&hits, upload.timeline, &core).unwrap_or_default();
    segments.retain(|segment| vote::is_match(segment, &core));
    segments
}

/// What there is to say of the nearest frame of a segment.
fn evidence(list: &Asked, upload: &Upload<'_>, touch: &Touch) -> Evidence {
    let frame = upload.frames[touch.frame as usize];
    let row = list.row(Table::Frames, touch.row as usize);
    let at = std::time::Duration::from_millis(frame.at_ms.into());
    let entry_pdq = list.code(Table::Frames, touch.row as usize);
    // Of a frame its own hash is kept: where another form or a part of it came near, that is not what was compared.
    let is_own = frame.pdq.distance(entry_pdq) == touch.distance;
    let of = Provenance {
        frame: upload.numbers[touch.frame as usize],
        frame_time: Some(at),
        ..Provenance::NONE
    };
    Evidence {
        distance: Some(touch.distance),
        class: MatchClass::VideoSegment,
        view: touch.view,
        place: touch.place,
        dihedral: touch.dihedral,
        frame: of.frame,
        frame_time: of.frame_time,
        upload_quality: Some(frame.quality),
        frame_size: Some(upload.sizes[touch.frame as usize]),
        hashes: is_own.then_some((frame.pdq, entry_pdq)),
        ..list.exact_evidence(&row)
    }
}

/// Whether left and right are exchanged, however it is turned.
fn is_mirrored(form: Dihedral) -> bool {
    matches!(
        form,
        Dihedral::FlipX | Dihedral::FlipY | Dihedral::FlipPlus1 | Dihedral::FlipMinus1
    )
}

/// Entry frames that are kept of each frame of an upload, the nearest first. Frames that show what hundreds of entries show too say
/// little of any of them.
const MOST_OF_A_FRAME: usize = 64;
