//! Ways to ask whether a video is known.

use ijkpunt::Radius;
use ijkpunt::hash::Dihedral;
use ijkpunt::hash::frames::vpdq;
use ijkpunt::screen::vote::{Hit, Segment, Timeline, is_match, segments};

use super::samples::Seen;
use super::screened::Screened;
use crate::Failure;
use crate::measure::cpu_ns;

/// Knows the references, and is asked for uploads. A matcher that takes lists and files makes the one of the references' frames, and opens
/// the other at its path.
pub(crate) trait Matcher: Sync {
    fn name(&self) -> String;

    /// What it says of each reference, in their order.
    ///
    /// # Errors
    /// Where it cannot tell.
    fn ask(&self, upload: &Seen) -> Result<Vec<Answer>, Failure>;
}

/// What is said of a reference.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) is_match: bool,
    /// Where a matcher tells it; those that are enough for a match first.
    pub(crate) segments: Vec<Found>,
    /// Pairs of frames that are near to each other.
    pub(crate) hits: usize,
    pub(crate) lookup_ns: u64,
    pub(crate) vote_ns: u64,
}

/// A segment, and what a rule may look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) segment: Segment,
    pub(crate) is_enough: bool,
    /// Of the frames between the segment's ends, the part that is paired, in thousandths: of the upload's and of the entry's.
    pub(crate) density_permille: [u32; 2],
    /// How often the entry cuts to another shot between the segment's ends.
    pub(crate) cuts: usize,
}

/// All there are.
///
/// # Errors
/// There is no ffmpeg, or no list of the references.
pub(crate) fn matchers(references: &[Seen]) -> Result<Vec<Box<dyn Matcher + '_>>, Failure> {
    let share = |rule, percent| {
        Box::new(Shares {
            references,
            rule,
            percent,
        }) as Box<dyn Matcher>
    };
    Ok(vec![
        share(Rule::Both, 80.0),
        share(Rule::Entry, 80.0),
        share(Rule::Query, 80.0),
        share(Rule::Either, 20.0),
        share(Rule::Either, 0.0),
        Box::new(Votes::new(references)),
        Box::new(Screened::new(references)?),
    ])
}

/// vPDQ: how many frames are found, whenever they are. Its documents differ in which video's share they compare.
struct Shares<'a> {
    references: &'a [Seen],
    rule: Rule,
    /// 0: any frame.
    percent: f64,
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Query,
    Entry,
    Both,
    Either,
}

impl Matcher for Shares<'_> {
    fn name(&self) -> String {
        let of = match self.rule {
            _ if self.percent == 0.0 => return "vPDQ, any frame".to_owned(),
            Rule::Query => "of the upload",
            Rule::Entry => "of the entry",
            Rule::Both => "of both",
            Rule::Either => "of either",
        };
        format!("vPDQ, {} % {of}", self.percent)
    }

    fn ask(&self, upload: &Seen) -> Result<Vec<Answer>, Failure> {
        let answer = |entry: &Seen| {
            let shares = vpdq::shares(&upload.paced, &entry.paced, Radius::DEFAULT);
            let is_match = shares.is_some_and(|shares| {
                let [query, entry] = [shares.query, shares.entry]
                    .map(|share| share.found > 0 && share.percent() >= self.percent);
                match self.rule {
                    Rule::Query => query,
                    Rule::Entry => entry,
                    Rule::Both => query && entry,
                    Rule::Either => query || entry,
                }
            });
            Answer {
                is_match,
                ..Answer::default()
            }
        };
        Ok(self.references.iter().map(answer).collect())
    }
}

/// Votes on the hits of whole frames in eight forms, all of which are compared.
struct Votes<'a> {
    references: &'a [Seen],
    timelines: Vec<Timeline>,
}

impl<'a> Votes<'a> {
    fn new(references: &'a [Seen]) -> Self {
        let timelines = references.iter().map(|it| Timeline::of(&it.kept));
        Self {
            references,
            timelines: timelines.collect(),
        }
    }
}

impl Matcher for Votes<'_> {
    fn name(&self) -> String {
        "votes, whole frames".to_owned()
    }

    fn ask(&self, upload: &Seen) -> Result<Vec<Answer>, Failure> {
        let query = Timeline::of(&upload.kept);
        let each = self.references.iter().zip(&self.timelines);
        each.map(|(entry, timeline)| {
            let began = cpu_ns();
            let hits = hits(upload, entry);
            let looked_up = cpu_ns();
            let segments = segments(&hits, &query, timeline)?;
            let voted = cpu_ns();
            let segments = segments.into_iter().map(|segment| Found {
                segment,
                is_enough: is_match(&segment, timeline),
                density_permille: [
                    density(segment.frames, segment.query_ms, upload),
                    density(segment.frames, segment.entry_ms, entry),
                ],
                cuts: cuts(&segment, entry),
            });
            let mut segments: Vec<Found> = segments.collect();
            segments
                .sort_by_key(|found| (!found.is_enough, std::cmp::Reverse(found.segment.distinct)));
            Ok(Answer {
                is_match: segments.iter().any(|found| found.is_enough),
                segments,
                hits: hits.len(),
                lookup_ns: looked_up.saturating_sub(began),
                vote_ns: voted.saturating_sub(looked_up),
            })
        })
        .collect()
    }
}

/// How far frames of a segment may be apart.
const VOTE_BITS: u16 = 48;

fn hits(upload: &Seen, entry: &Seen) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (query, forms) in upload.forms.iter().enumerate() {
        for (number, frame) in entry.kept.as_slice().iter().enumerate() {
            for mirrored in [false, true] {
                let forms = forms.iter().zip(Dihedral::ALL);
                let forms = forms.filter(|(_, form)| is_mirrored(*form) == mirrored);
                let nearest = forms.map(|(pdq, _)| pdq.distance(frame.pdq)).min();
                if let Some(distance) = nearest.filter(|it| it.bits() <= VOTE_BITS) {
                    hits.push(Hit {
                        query,
                        entry: number,
                        distance,
                        mirrored,
                    });
                }
            }
        }
    }
    hits
}

fn is_mirrored(form: Dihedral) -> bool {
    use Dihedral::{FlipMinus1, FlipPlus1, FlipX, FlipY};
    matches!(form, FlipX | FlipY | FlipPlus1 | FlipMinus1)
}

pub(super) fn density(paired: usize, [from, to]: [u32; 2], of: &Seen) -> u32 {
    let frames = of.kept.as_slice().iter();
    let within = frames.filter(|frame| (from..to).contains(&frame.at_ms));
    let within = within.count().max(paired).max(1);
    u32::try_from(1000 * paired / within).unwrap_or(0)
}

pub(super) fn cuts(segment: &Segment, entry: &Seen) -> usize {
    let [from, to] = segment.entry_ms;
    let frames = entry.kept.as_slice().windows(2);
    // The end may be a second behind the last frame that is paired.
    let within = frames.filter(|pair| from <= pair[0].at_ms && pair[1].at_ms < to);
    within
        .filter(|pair| pair[0].pdq.distance(pair[1].pdq).bits() > CUT_BITS)
        .count()
}

/// Frames that follow each other and are farther apart are of two shots. Wrong pairs of photographs are 128 apart, give or take 8.
const CUT_BITS: u16 = 90;
