//! What each matcher says of each upload and each reference, and how far it is from the truth.

use super::edits::Stretch;
use super::matchers::{Answer, Found, Matcher};
use super::options::Options;
use super::samples::Seen;
use super::uploads::{Upload, in_parallel};
use crate::Failure;

/// What an upload and a reference have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Right,
    Wrong,
    /// They share a shot, and no more.
    Stock,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Stock => "stock shot",
        }
    }
}

/// What a matcher said of a pair.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) upload: &'a Upload,
    pub(crate) reference: usize,
    pub(crate) kind: Kind,
    pub(crate) answer: Answer,
}

/// All that a matcher said.
pub(crate) struct Measured<'a> {
    pub(crate) name: String,
    pub(crate) pairs: Vec<Pair<'a>>,
}

pub(crate) fn measure<'a>(
    matchers: &[Box<dyn Matcher + '_>],
    uploads: &'a [Upload],
    options: &Options,
) -> Result<Vec<Measured<'a>>, Failure> {
    let one = |matcher: &dyn Matcher| {
        let answers = in_parallel(options.threads, uploads, |upload| matcher.ask(&upload.seen))?;
        let pairs = uploads.iter().zip(answers).flat_map(|(upload, answers)| {
            let of = answers.into_iter().enumerate();
            of.map(|(reference, answer)| Pair {
                upload,
                reference,
                kind: match (upload.reference == reference, upload.is_copy) {
                    (true, true) => Kind::Right,
                    (true, false) => Kind::Stock,
                    (false, _) => Kind::Wrong,
                },
                answer,
            })
        });
        Ok(Measured {
            name: matcher.name(),
            pairs: pairs.collect(),
        })
    };
    matchers
        .iter()
        .map(|matcher| one(matcher.as_ref()))
        .collect()
}

impl Pair<'_> {
    /// How far the ends of segments are from the truth, in the upload, in milliseconds: begin and end of each true stretch that is found.
    pub(crate) fn ends_off(&self) -> Vec<[u32; 2]> {
        let found = |truth: &Stretch| {
            let enough = self.answer.segments.iter().filter(|found| found.is_enough);
            let best = enough.max_by_key(|found| overlap(found, truth));
            best.filter(|found| overlap(found, truth) > 0)
        };
        let stretches = self.upload.truth.iter();
        let off = stretches.filter_map(|truth| {
            let found = found(truth)?.segment.query_ms;
            Some([0, 1].map(|end| found[end].abs_diff(truth.query_ms[end])))
        });
        off.collect()
    }

    /// How many of the true stretches have a segment that is enough for a match.
    pub(crate) fn stretches_found(&self) -> usize {
        self.ends_off().len()
    }

    /// Whether a segment is enough and lies where nothing of the reference is.
    pub(crate) fn is_misplaced(&self) -> bool {
        let enough = self.answer.segments.iter().filter(|found| found.is_enough);
        enough.clone().count() > 0
            && enough.clone().any(|found| {
                self.upload
                    .truth
                    .iter()
                    .all(|truth| overlap(found, truth) == 0)
            })
    }

    /// The segment that speaks most for a match.
    pub(crate) fn best(&self) -> Option<&Found> {
        let all = self.answer.segments.iter();
        all.max_by_key(|found| {
            (
                found.is_enough,
                found.segment.distinct,
                found.segment.span_ms,
            )
        })
    }
}

/// How long a segment and a true stretch show the same, in the upload and in the entry: the shorter of the two.
fn overlap(found: &Found, truth: &Stretch) -> u32 {
    let common = |a: [u32; 2], b: [u32; 2]| a[1].min(b[1]).saturating_sub(a[0].max(b[0]));
    match found.segment.mirrored == truth.mirrored {
        true => common(found.segment.query_ms, truth.query_ms)
            .min(common(found.segment.entry_ms, truth.entry_ms)),
        false => 0,
    }
}

/// Whether a reference is one of the long ones.
pub(crate) fn is_long(reference: &Seen) -> bool {
    reference.ends_ms > 30_000
}
