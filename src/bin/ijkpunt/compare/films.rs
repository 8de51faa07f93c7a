//! Videos: the first is screened against a list of the second, so that the answer is screening's own.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ijkpunt::baseline::{Code, List, NewRow, Row};
use ijkpunt::limits::Limits;
use ijkpunt::screen::vote::Segment;
use ijkpunt::screen::{Call, Evidence, Gap, MatchClass};
use ijkpunt::{Policy, Screener, Screening, Surface};
use serde::Serialize;

use crate::files::Input;
use crate::output::{clock, printable};
use crate::segments::{self, Run};
use crate::videos::{self, Step, Videos};
use crate::work::Progress;
use crate::{Failure, Outcome, found, marks, work};

use super::argument::Argument;
use super::comparison::{Rule, Verdict};
use super::{side, words};

/// Whether one of both is a video, or an entry that is nothing else; a picture is not compared with those.
pub(super) fn are_meant(first: &Argument<'_>, second: &Argument<'_>) -> Result<bool, Failure> {
    match (is_film(first), is_film(second)) {
        (false, false) => Ok(false),
        (true, _) => Ok(true),
        (false, true) => Err(
            "the second is a video and the first is none: a still is compared with pictures, and not with frames of videos; \
             give a picture of the frame that is meant, or the video as the first"
                .into(),
        ),
    }
}

fn is_film(argument: &Argument<'_>) -> bool {
    match argument {
        Argument::File(input) => videos::file(input).is_some(),
        Argument::Hash(_) => false,
        Argument::Entry(entry) => {
            let is_code = |row: &&Row| matches!(row.code(), Code::Pdq(_));
            let mut rows = entry.rows().filter(is_code).peekable();
            rows.peek().is_some() && rows.all(|row| row.shown().is_some())
        }
    }
}

/// What came of it.
struct Compared {
    a: Shown,
    b: Shown,
    verdict: Verdict,
    evidence: Vec<Evidence>,
    /// Why not all could be looked at.
    reasons: Vec<String>,
}

/// One side, as the JSON shows it.
#[derive(Serialize)]
struct Shown {
    kind: &'static str,
    name: String,
    /// Until when it was looked at; of the second none where it is no video.
    ends_ms: Option<u64>,
}

#[derive(Serialize)]
struct Line<'a> {
    a: &'a Shown,
    b: &'a Shown,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<MatchClass>,
    segments: Vec<Run<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// With what they are compared, and how.
pub(super) struct Comparing<'a> {
    pub(super) rule: Rule,
    pub(super) videos: &'a Videos,
    pub(super) limits: &'a Limits,
    pub(super) json: bool,
}

impl Comparing<'_> {
    pub(super) fn run(
        &self,
        first: &Argument<'_>,
        second: &Argument<'_>,
        out: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        let progress = Progress::files(1);
        let mut compared = None;
        let ask = |_: &()| self.compare(first, second, &progress);
        work::in_order_under(&progress, &[()], ask, |(), answer| {
            compared = answer;
            Ok(())
        })?;
        let compared = compared.ok_or("internal fault")??;
        match self.json {
            true => compared.write_json(out)?,
            false => compared.write_words(out)?,
        }
        Ok(match compared.verdict {
            Verdict::Match => Outcome::Match,
            Verdict::NoMatch => Outcome::NothingFound,
            Verdict::Undecided => Outcome::Undecided,
        })
    }

    fn compare(
        &self,
        first: &Argument<'_>,
        second: &Argument<'_>,
        progress: &Progress,
    ) -> Result<Compared, String> {
        let Argument::File(input @ Input::File(path)) = first else {
            return Err("give the video as a file, and first".to_owned());
        };
        let mut a = Shown {
            kind: "file",
            name: input.name(),
            ends_ms: None,
        };
        let listed = self.listed(second);
        let mut reasons = listed.reasons;
        let looked_to = AtomicU64::new(0);
        let told = |at: Duration| {
            let ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
            looked_to.fetch_max(ms.saturating_add(LAST_MS), Ordering::Relaxed);
            progress.looked(&a.name, at);
        };
        let (verdict, evidence) = match self.screener(&listed.list, &listed.b.name, listed.rows)? {
            None => (Verdict::Undecided, Vec::new()),
            Some(screener) => {
                let screening = screener.screen_file(path, Call::new().progress(&told));
                reasons.extend(gaps(&screening));
                if let Some(trouble) = self.videos.trouble()
                    && !reasons.iter().any(|reason| reason == trouble)
                {
                    reasons.push(trouble.to_owned());
                }
                match screening {
                    Screening::Match(found) => (Verdict::Match, found.evidence().to_vec()),
                    // What of the second is missing may be what is in the first.
                    Screening::NoMatch(_) if reasons.is_empty() => (Verdict::NoMatch, Vec::new()),
                    _ => (Verdict::Undecided, Vec::new()),
                }
            }
        };
        let looked_to = looked_to.into_inner();
        a.ends_ms = (looked_to > 0).then_some(looked_to);
        Ok(Compared {
            a,
            b: listed.b,
            verdict,
            evidence,
            reasons,
        })
    }

    /// A screener with a list of the second; none where there is nothing to put into it.
    fn screener(
        &self,
        list: &str,
        id: &str,
        rows: Vec<NewRow>,
    ) -> Result<Option<Screener>, String> {
        if rows.is_empty() {
            return Ok(None);
        }
        let told = |error: &dyn std::fmt::Display| format!("{id}: {error}");
        let policy = Policy::default()
            .radius(self.rule.radius)
            .minimum_quality(self.rule.minimum_quality);
        let rows = List::from_rows(rows).map_err(|error| told(&error))?;
        let builder = Screener::builder()
            .list_with(list, rows, policy)
            .surface(Surface::Public)
            .limits(self.limits.clone());
        let screener = self.videos.add_to(builder).build();
        screener.map(Some).map_err(|error| told(&error))
    }

    fn listed(&self, second: &Argument<'_>) -> Listed {
        let mut listed = Listed {
            list: "second".to_owned(),
            b: Shown {
                kind: "file",
                name: String::new(),
                ends_ms: None,
            },
            rows: Vec::new(),
            reasons: Vec::new(),
        };
        match second {
            Argument::File(input) => {
                listed.b.name = input.name();
                match self.videos.propose(input, Step::default(), self.limits) {
                    Ok(proposal) => {
                        listed.rows = proposal.rows(&printable(&listed.b.name)).collect();
                        let gaps = proposal.gaps().iter().map(|gap| format!("second: {gap}"));
                        listed.reasons.extend(gaps);
                        if proposal.frame_counts().seen > 0 {
                            listed.b.ends_ms = Some(proposal.frames().ends_ms().into());
                            let warning = marks::warning(&proposal);
                            let few = warning.filter(|_| !proposal.is_findable());
                            listed
                                .reasons
                                .extend(few.map(|few| format!("second: {few}")));
                        }
                    }
                    Err(reason) => listed.reasons.push(reason),
                }
            }
            Argument::Hash(pdq) => {
                listed.b.kind = "hash";
                listed.b.name = side::beginning(*pdq);
                listed.rows.push(NewRow::new(&*listed.b.name, *pdq));
            }
            Argument::Entry(entry) => {
                listed.b.kind = "entry";
                listed.b.name = entry.id().to_owned();
                listed.list = entry.list.name.clone();
                let rows = entry.rows();
                let ends = rows.filter_map(|row| Some(row.shown()?.ends_ms()));
                listed.b.ends_ms = ends.max().map(u64::from);
                let row = |row: &Row| side::listed_as(entry.id(), row, row.code());
                listed.rows.extend(entry.rows().map(row));
            }
        }
        listed
    }
}

/// The second side, as it would stand in a list.
struct Listed {
    list: String,
    b: Shown,
    rows: Vec<NewRow>,
    reasons: Vec<String>,
}

fn gaps(screening: &Screening) -> Vec<String> {
    let gaps = match screening {
        Screening::Match(found) => found.gaps(),
        Screening::Undecided(undecided) => undecided.gaps(),
        Screening::NoMatch(_) => &[],
    };
    let told = |gap: &Gap| format!("first: {gap}");
    gaps.iter().map(told).collect()
}

impl Compared {
    fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let line = Line {
            a: &self.a,
            b: &self.b,
            verdict: self.verdict,
            class: self.evidence.first().map(|found| found.class),
            segments: Run::all(&self.evidence),
            reason: (!self.reasons.is_empty()).then(|| self.reasons.join("; ")),
        };
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)
    }

    fn write_words(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "first   {}", heading(&self.a))?;
        writeln!(out, "second  {}", heading(&self.b))?;
        writeln!(out)?;
        writeln!(out, "{}", self.sentence())?;
        for reason in &self.reasons {
            writeln!(out, "Not all could be looked at: {reason}.")?;
        }
        let segments: Vec<Segment> = self
            .evidence
            .iter()
            .flat_map(|found| found.segments.iter().copied())
            .collect();
        if !segments.is_empty() {
            write_table(&segments, out)?;
        }
        // Of what was not looked at, dots would say that it was.
        if self.a.ends_ms.is_some() && self.b.ends_ms.is_some() {
            self.write_timelines(&segments, out)?;
        }
        writeln!(out, "\n{}", words::what_it_means(self.verdict))
    }

    fn sentence(&self) -> String {
        let found = self.evidence.first();
        match (self.verdict, found) {
            (Verdict::NoMatch, _) if self.b.ends_ms.is_some() => {
                "No stretch of the first runs like the second that is long enough to tell: no match."
                    .to_owned()
            }
            (Verdict::NoMatch, _) => {
                "Nothing of the second is found in the first: no match.".to_owned()
            }
            (Verdict::Match, Some(found)) => match (found.class, found.segments.is_empty()) {
                (MatchClass::ExactBytes, _) => {
                    "The first is the very file, byte for byte: that is a match.".to_owned()
                }
                (_, false) => "The first runs like the second: that is a match.".to_owned(),
                _ => format!(
                    "The second is found in the first: {}; that is a match.",
                    found::in_words(found)
                ),
            },
            _ => "There is no stretch of which it can be said that the two run alike.".to_owned(),
        }
    }

    /// Both videos, with what is alike.
    fn write_timelines(&self, segments: &[Segment], out: &mut impl Write) -> io::Result<()> {
        let sides = [("first ", &self.a), ("second", &self.b)];
        writeln!(out)?;
        for (number, (name, side)) in sides.into_iter().enumerate() {
            let times = segments.iter().map(|segment| match number {
                0 => segment.query_ms,
                _ => segment.entry_ms,
            });
            let times: Vec<[u32; 2]> = times.collect();
            let ends_ms = side.ends_ms.unwrap_or(0);
            let drawn = timeline(&times, ends_ms);
            writeln!(out, "  {name}  {} {drawn} {}", clock(0), clock(ends_ms))?;
        }
        writeln!(out, "  # runs like the other, . does not")
    }
}

/// A row of marks for a whole video, `#` where one of these stretches lies.
fn timeline(stretches: &[[u32; 2]], ends_ms: u64) -> String {
    let ends = stretches.iter().map(|[_, to]| u64::from(*to));
    let ends_ms = ends.max().unwrap_or(0).max(ends_ms).max(1);
    let mark = |place: u64| {
        let (from, to) = (place * ends_ms / MARKS, (place + 1) * ends_ms / MARKS);
        // A stretch that is shorter than a mark is seen all the same.
        let is_in = |[begin, end]: &[u32; 2]| {
            u64::from(*begin) < to.max(from + 1) && u64::from(*end) > from
        };
        match stretches.iter().any(is_in) {
            true => '#',
            false => '.',
        }
    };
    (0..MARKS).map(mark).collect()
}

const MARKS: u64 = 60;

/// How long the last frame shows, for all that is known, in milliseconds.
const LAST_MS: u64 = 500;

fn heading(side: &Shown) -> String {
    let name = printable(&side.name);
    match side.ends_ms {
        Some(ms) => format!("{name}, looked at to {}", clock(ms)),
        None => name,
    }
}

fn write_table(segments: &[Segment], out: &mut impl Write) -> io::Result<()> {
    let header = [
        "in the first",
        "in the second",
        "speed",
        "mirrored",
        "frames",
    ];
    let [first, second, speed, mirrored, frames] = header;
    writeln!(
        out,
        "\n  {first:<20}{second:<20}{speed:<7}{mirrored:<10}{frames:<8}of the first  of the second"
    )?;
    for segment in segments {
        let [first, second] = [segment.query_ms, segment.entry_ms].map(segments::times);
        let speed = segments::speed(segment).unwrap_or_else(|| "1.00".to_owned());
        let mirrored = if segment.mirrored { "yes" } else { "no" };
        let [query, entry] =
            [segment.query_permille, segment.entry_permille].map(segments::percent);
        let frames = segment.frames;
        writeln!(
            out,
            "  {first:<20}{second:<20}{speed:<7}{mirrored:<10}{frames:<8}{query:<14}{entry}"
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeline_is_as_long_as_the_video_and_shows_short_stretches() {
        assert_eq!(timeline(&[], 9000), ".".repeat(60));
        assert_eq!(timeline(&[[0, 6000]], 6000), "#".repeat(60));
        assert_eq!(
            timeline(&[[3000, 6000]], 6000),
            ".".repeat(30) + &"#".repeat(30)
        );
        assert_eq!(timeline(&[[500, 501]], 3_600_000).matches('#').count(), 1);
        assert_eq!(timeline(&[[0, 9000]], 0), "#".repeat(60));
        assert_eq!(timeline(&[[10, 20]], 20).len(), 60);
    }
}
