//! What was measured, as tables, as JSON and as a line a pair.

use std::fmt::Write as _;

use serde::Serialize;

use super::edits::Edit;
use super::matchers::Found;
use super::measure::{Kind, Measured, Pair, is_long};
use super::options::Options;
use super::samples::{Cost, Seen};
use super::uploads::Upload;
use crate::Failure;

/// `videos.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    drawn_films: bool,
    references: usize,
    references_over_30_s: usize,
    uploads: usize,
    matchers: Vec<MatcherReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ms_a_minute_of_video: Option<Times>,
}

#[derive(Debug, Serialize)]
struct MatcherReport {
    name: String,
    /// The mean of the edits' recalls: of all references, of those over 30 s, and of the others.
    mean_recall: [f64; 3],
    edits: Vec<EditReport>,
    wrong_pairs: usize,
    wrong_matches: usize,
    stock_pairs: usize,
    stock_matches: usize,
    /// Right pairs with a segment where nothing of the reference is.
    misplaced: usize,
    /// The medians of what segments' begins and ends are off, in milliseconds; none where no segments are told.
    ends_off_ms: Option<[u32; 2]>,
}

#[derive(Debug, Serialize)]
struct EditReport {
    name: String,
    words: String,
    uploads: usize,
    /// Of all references, of those over 30 s, and of the others; none where there are none.
    recall: [Option<f64>; 3],
    /// Of the true stretches, with a segment that is enough.
    stretches: usize,
    stretches_found: usize,
}

#[derive(Debug, Serialize)]
struct Times {
    decode: f64,
    hash: f64,
    lookup: f64,
    vote: f64,
}

impl Report {
    pub(crate) fn new(
        options: &Options,
        edits: &[Edit],
        references: &[Seen],
        uploads: &[Upload],
        measured: &[Measured<'_>],
    ) -> Self {
        let matchers = measured.iter().map(|it| matcher(it, edits, references));
        Self {
            drawn_films: options.clips.is_none(),
            references: references.len(),
            references_over_30_s: references.iter().filter(|it| is_long(it)).count(),
            uploads: uploads.len(),
            matchers: matchers.collect(),
            ms_a_minute_of_video: options.times.then(|| times(uploads, measured)),
        }
    }

    pub(crate) fn json(&self) -> Result<String, Failure> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    pub(crate) fn markdown(&self) -> String {
        let source = if self.drawn_films {
            "drawn films"
        } else {
            "videos"
        };
        let mut text = format!(
            "# Copies of videos found, and others\n\n{} {source} are known, {} of them over 30 s long; {} uploads. Recall, and in brackets \
             that of references over 30 s\nand of the others.\n\n| edit |",
            self.references, self.references_over_30_s, self.uploads
        );
        for matcher in &self.matchers {
            let _ = write!(text, " {} |", matcher.name);
        }
        text += "\n|---|";
        text.extend(self.matchers.iter().map(|_| "---:|"));
        text.push('\n');
        let edits = self.matchers.first().map_or(0, |it| it.edits.len());
        for place in 0..edits {
            for (column, matcher) in self.matchers.iter().enumerate() {
                let edit = &matcher.edits[place];
                if column == 0 {
                    let _ = write!(text, "| {} |", edit.name);
                }
                text += &cell(edit.recall);
            }
            text.push('\n');
        }
        text += "| **mean of edits** |";
        for matcher in &self.matchers {
            text += &cell(matcher.mean_recall.map(Some));
        }
        let rows: [Row; 4] = [
            ("wrong pairs that match", |it| {
                format!("{} of {}", it.wrong_matches, it.wrong_pairs)
            }),
            ("shared stock shots that match", |it| {
                format!("{} of {}", it.stock_matches, it.stock_pairs)
            }),
            ("right, but also elsewhere", |it| it.misplaced.to_string()),
            ("begins and ends off, median ms", |it| {
                it.ends_off_ms
                    .map_or(String::new(), |[a, b]| format!("{a}, {b}"))
            }),
        ];
        for (name, value) in rows {
            let _ = write!(text, "\n| {name} |");
            text.extend(self.matchers.iter().map(|it| format!(" {} |", value(it))));
        }
        text.push('\n');
        if let Some(times) = &self.ms_a_minute_of_video {
            let Times {
                decode,
                hash,
                lookup,
                vote,
            } = times;
            let _ = writeln!(
                text,
                "\nMilliseconds a minute of an upload: {decode:.0} to decode by the clock, and of CPU {hash:.1} to hash frames, {lookup:.1} \
                 to compare them with all\nreferences, {vote:.2} to vote."
            );
        }
        text
    }
}

/// What is told below the edits.
type Row = (&'static str, fn(&MatcherReport) -> String);

fn cell([all, long, short]: [Option<f64>; 3]) -> String {
    let two = |recall: Option<f64>| recall.map_or("-".to_owned(), |it| format!("{it:.2}"));
    format!(" {} ({}, {}) |", two(all), two(long), two(short))
}

fn matcher(measured: &Measured<'_>, edits: &[Edit], references: &[Seen]) -> MatcherReport {
    let of = |kind: Kind| measured.pairs.iter().filter(move |pair| pair.kind == kind);
    let matches = |kind: Kind| of(kind).filter(|pair| pair.answer.is_match).count();
    let each = edits.iter().map(|edit| {
        let pairs = of(Kind::Right).filter(|pair| pair.upload.edit == edit.name);
        let pairs: Vec<&Pair<'_>> = pairs.collect();
        let is_long = |pair: &&&Pair<'_>| is_long(&references[pair.reference]);
        EditReport {
            name: edit.name.clone(),
            words: edit.words.clone(),
            uploads: pairs.len(),
            recall: [
                recall(pairs.iter()),
                recall(pairs.iter().filter(is_long)),
                recall(pairs.iter().filter(|pair| !is_long(pair))),
            ],
            stretches: pairs.iter().map(|pair| pair.upload.truth.len()).sum(),
            stretches_found: pairs.iter().map(|pair| pair.stretches_found()).sum(),
        }
    });
    let each: Vec<EditReport> = each.collect();
    let mean_recall = [0, 1, 2].map(|which| {
        let recalls = each.iter().filter_map(|edit| edit.recall[which]);
        let (sum, count) = recalls.fold((0.0, 0), |(sum, count), it| (sum + it, count + 1));
        sum / f64::from(count.max(1))
    });
    let off: Vec<[u32; 2]> = of(Kind::Right).flat_map(Pair::ends_off).collect();
    let ends = [0, 1].map(|end| {
        let mut off: Vec<u32> = off.iter().map(|both| both[end]).collect();
        off.sort_unstable();
        off.get(off.len() / 2).copied()
    });
    MatcherReport {
        name: measured.name.clone(),
        mean_recall,
        edits: each,
        wrong_pairs: of(Kind::Wrong).count(),
        wrong_matches: matches(Kind::Wrong),
        stock_pairs: of(Kind::Stock).count(),
        stock_matches: matches(Kind::Stock),
        misplaced: of(Kind::Right).filter(|pair| pair.is_misplaced()).count(),
        ends_off_ms: ends[0].zip(ends[1]).map(|(begin, end)| [begin, end]),
    }
}

fn recall<'a, 'b: 'a>(pairs: impl Iterator<Item = &'a &'b Pair<'b>>) -> Option<f64> {
    let (found, all) = pairs.fold((0u32, 0u32), |(found, all), pair| {
        (found + u32::from(pair.answer.is_match), all + 1)
    });
    (all > 0).then(|| f64::from(found) / f64::from(all))
}

fn times(uploads: &[Upload], measured: &[Measured<'_>]) -> Times {
    let minutes: f64 = uploads
        .iter()
        .map(|it| f64::from(it.seen.ends_ms) / 60e3)
        .sum();
    let ms_a_minute = |ns: u64| ns as f64 / 1e6 / minutes.max(f64::MIN_POSITIVE);
    let cost = |of: fn(&Cost) -> u64| ms_a_minute(uploads.iter().map(|it| of(&it.seen.cost)).sum());
    let answers = || {
        measured
            .iter()
            .flat_map(|it| it.pairs.iter().map(|pair| &pair.answer))
    };
    Times {
        decode: cost(|it| it.decode_ns),
        hash: cost(|it| it.hash_ns),
        lookup: ms_a_minute(answers().map(|it| it.lookup_ns).sum()),
        vote: ms_a_minute(answers().map(|it| it.vote_ns).sum()),
    }
}

/// `pairs.csv`: of each pair that has a hit, the segment that speaks most for it. For choosing a rule.
pub(crate) fn pairs(measured: &Measured<'_>, names: &[&str]) -> String {
    let mut text = String::from(
        "kind,reference,upload_of,edit,is_match,hits,segments,enough,distinct,frames,span_ms,query_ms,cuts,density_permille,entry_density_permille,best_distance,mean_distance,\
         entry_permille,speed_permille,overlaps\n",
    );
    for pair in &measured.pairs {
        if pair.answer.hits == 0 && pair.kind == Kind::Wrong {
            continue;
        }
        let (answer, upload) = (&pair.answer, pair.upload);
        let _ = write!(
            text,
            "{},{},{},{},{},{},{},",
            pair.kind.name(),
            names[pair.reference],
            names[upload.reference],
            upload.edit,
            u8::from(answer.is_match),
            answer.hits,
            answer.segments.len()
        );
        match pair.best() {
            None => text += "0,0,0,0,0,0,0,0,,,0,0,0\n",
            Some(found) => {
                let it = &found.segment;
                let _ = writeln!(
                    text,
                    "{},{},{},{},{},{},{},{},{},{},{},{},{}",
                    u8::from(found.is_enough),
                    it.distinct,
                    it.frames,
                    it.span_ms,
                    it.query_ms[1] - it.query_ms[0],
                    found.cuts,
                    found.density_permille[0],
                    found.density_permille[1],
                    it.best_distance.bits(),
                    it.mean_distance.bits(),
                    it.entry_permille,
                    it.speed_permille,
                    u8::from(!pair.is_misplaced()),
                );
            }
        }
    }
    text
}

/// For the terminal: of the uploads of each edit, how far a matcher came that tells of hits and segments.
pub(crate) fn steps(measured: &Measured<'_>, edits: &[Edit]) -> String {
    let mut text = format!("{}: no hit / hits / segments / matches\n", measured.name);
    for edit in edits {
        let mut counts = [0; 4];
        for pair in &measured.pairs {
            if pair.kind == Kind::Right && pair.upload.edit == edit.name {
                let answer = &pair.answer;
                counts[match (answer.is_match, answer.segments.is_empty(), answer.hits) {
                    (true, ..) => 3,
                    (false, false, _) => 2,
                    (false, true, 1..) => 1,
                    (false, true, 0) => 0,
                }] += 1;
            }
        }
        let counts = counts.map(|count: u32| count.to_string()).join(" / ");
        let _ = writeln!(text, "  {}: {counts}", edit.name);
    }
    text
}

/// For the terminal: how the best segments of each kind of pair are spread.
pub(crate) fn spread(measured: &Measured<'_>) -> String {
    let mut text =
        String::from("\nBest segments, as smallest / 10th / 50th / 90th of a hundred / largest:\n");
    for kind in [Kind::Right, Kind::Wrong, Kind::Stock] {
        let pairs = measured.pairs.iter().filter(|pair| pair.kind == kind);
        let pairs: Vec<&Pair<'_>> = pairs.collect();
        let best: Vec<_> = pairs.iter().filter_map(|pair| pair.best()).collect();
        let _ = writeln!(
            text,
            "{}: {} pairs, {} with hits, {} with a segment",
            kind.name(),
            pairs.len(),
            pairs.iter().filter(|pair| pair.answer.hits > 0).count(),
            best.len()
        );
        let all = |value: fn(&Found) -> u32| best.iter().map(|found| value(found)).collect();
        let values: [(&str, Vec<u32>); 7] = [
            ("distinct", all(|it| small(it.segment.distinct))),
            ("frames", all(|it| small(it.segment.frames))),
            ("span, ms", all(|it| it.segment.span_ms)),
            ("cuts", all(|it| small(it.cuts))),
            (
                "upload's frames paired, permille",
                all(|it| it.density_permille[0]),
            ),
            (
                "entry's frames paired, permille",
                all(|it| it.density_permille[1]),
            ),
            (
                "mean distance",
                all(|it| it.segment.mean_distance.bits().into()),
            ),
        ];
        for (name, mut values) in values {
            values.sort_unstable();
            let at = |percent: usize| values.get((values.len().max(1) - 1) * percent / 100);
            let at = |percent| at(percent).map_or("-".to_owned(), u32::to_string);
            let _ = writeln!(
                text,
                "  {name}: {}",
                [0, 10, 50, 90, 100].map(at).join(" / ")
            );
        }
    }
    text
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
