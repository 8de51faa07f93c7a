//! `ijkpunt screen`: files against lists, as a table or JSON lines.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use ijkpunt::baseline::{List, Time};
use ijkpunt::hash::{Digest, Quality, Radius};
use ijkpunt::limits::Limits;
use ijkpunt::screen::{Call, Effort, Evidence, Gap, ListInfo, ListVersion};
use ijkpunt::{Policy, Screener, Screening, Surface};
use serde::Serialize;

use crate::budget::{self, Budget};
use crate::files::{self, Input, name_and_path};
use crate::found::{self, Found};
use crate::known::Known;
use crate::output::{complain, count, printable};
use crate::segments::Run;
use crate::videos::{self, Videos};
use crate::work::Progress;
use crate::{Failure, Outcome, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What is known: a snapshot, a folder in which snapshots are installed, or a list of hashes, which is CSV with a header
    /// `id,pdq[,quality][,label]` or one hash a line; may be given several times
    #[arg(
        long = "baseline",
        required = true,
        value_name = "[NAME=]LIST|SNAPSHOT|DIR"
    )]
    baselines: Vec<String>,
    /// Files, folders (with all that is in them), or - for one upload on standard input
    #[arg(required = true, value_name = "FILE|DIR|-")]
    paths: Vec<PathBuf>,
    /// The largest distance that counts as a match, 0 to 256 bits
    #[arg(long, value_name = "N", default_value_t = Radius::DEFAULT.bits(), value_parser = clap::value_parser!(u16).range(0..=256))]
    radius: u16,
    /// How many disguises are looked for
    #[arg(long, value_name = "LEVEL", default_value_t = Effort::default(), value_parser = efforts())]
    effort: Effort,
    /// One JSON object a line, one a file
    #[arg(long)]
    json: bool,
    /// Adds to each match the two hashes that were compared, from which the page for reviewers is drawn. Such lines are as sensitive as the
    /// list: keep them as you keep it, and show them to nobody who does not review
    #[arg(long, requires = "json")]
    evidence: bool,
    #[cfg(feature = "review")]
    #[command(flatten)]
    cases: crate::review::Cases,
    #[command(flatten)]
    videos: videos::Opener,
    #[command(flatten)]
    budget: budget::Memory,
}

/// The levels by their names, each with what it finds and costs.
fn efforts() -> impl TypedValueParser<Value = Effort> {
    let named = |effort: Effort| {
        PossibleValue::new(effort.name()).help(match effort {
            Effort::Plain => "each picture as a whole, turned and mirrored: finds what was re-encoded, resized or recoloured",
            Effort::Standard => "negatives and parts too: finds most that is framed, posted, in a collage or in another picture, some that is \
                  tilted, and with a list of windows most that is cropped or covered; 1 to 6 ms more for each picture that does not match \
                  as a whole, 13 at 12 megapixels",
            _ => "with a list of windows, also what is up to 48 bits away, if a second part of the item confirms it: finds some more; a \
                  few ms more, and lookups that take ten times as long",
        })
    };
    PossibleValuesParser::new(Effort::ALL.map(named)).try_map(|name| {
        let named = Effort::ALL.into_iter().find(|effort| effort.name() == name);
        named.ok_or("no such effort")
    })
}

/// One file, as the JSON shows it.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    screened_at: Time,
    verdict: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    matches: Vec<Found<'a>>,
    /// Where a video runs like entries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<Run<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<Quality>,
    engine: &'static str,
    lists: Vec<Asked<'a>>,
}

/// One list that was asked.
#[derive(Serialize)]
struct Asked<'a> {
    name: &'a str,
    /// Of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    /// The id of a snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    entries: usize,
    /// Entries that are switched off.
    #[serde(skip_serializing_if = "is_none_off")]
    switched_off: usize,
    /// Why something newer, which is installed, is not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<&'a str>,
    /// Why it may not be the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    stale: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_none_off(number: &usize) -> bool {
    *number == 0
}

/// What is known about a file: a verdict of the library's, or that it could not even be read.
struct Verdict {
    name: &'static str,
    at: Time,
    evidence: Vec<Evidence>,
    reason: Option<String>,
    quality: Option<Quality>,
    /// As they were asked: a folder may have had something else installed since.
    lists: Vec<ListInfo>,
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let limits = Limits::default();
    let videos = Videos::find(&args.videos);
    let screener = build(args, &videos, &limits)?;
    let inputs = files::collect(&args.paths, &limits);
    if inputs.is_empty() {
        return Err("there is no file in these folders".into());
    }
    let mut tally = Tally::default();
    let mut cases = Cases::of(args)?;
    let (budget, progress) = (Budget::of(&args.budget), Progress::files(inputs.len()));
    let screening = Screens {
        screener: &screener,
        videos: &videos,
        progress: &progress,
        limits: &limits,
    };
    work::in_order_under(
        &progress,
        &inputs,
        |input| {
            let _taken = budget.take(videos::memory(input, &limits));
            screening.screen(input)
        },
        |input, verdict| {
            let verdict =
                verdict.unwrap_or_else(|| Verdict::undecided("internal fault", screener.lists()));
            tally.add(&verdict);
            cases.add(&input.name(), &verdict)?;
            if args.json {
                write_json(&input.name(), &verdict, args.evidence, out)
            } else {
                write_rows(&printable(&input.name()), &verdict, out)
            }
        },
    )?;
    out.flush()?;
    cases.finish()?;
    complain(&tally);
    Ok(tally.outcome())
}

/// Cases that are opened for matches, where a file of cases is named.
struct Cases {
    #[cfg(feature = "review")]
    opener: Option<crate::review::Opener>,
}

#[cfg(feature = "review")]
impl Cases {
    fn of(args: &Args) -> Result<Self, Failure> {
        let opener = args.cases.cases.as_deref().map(crate::review::Opener::at);
        Ok(Self {
            opener: opener.transpose()?,
        })
    }

    fn add(&mut self, file: &str, verdict: &Verdict) -> io::Result<()> {
        let (Some(opener), [_, ..]) = (&mut self.opener, &verdict.evidence[..]) else {
            return Ok(());
        };
        let mut line = Vec::new();
        write_json(file, verdict, true, &mut line)?;
        opener
            .add(&line)
            .map_err(|error| io::Error::other(error.to_string()))
    }

    fn finish(&mut self) -> Result<(), Failure> {
        match &mut self.opener {
            Some(opener) => opener.finish(&mut io::stderr().lock()),
            None => Ok(()),
        }
    }
}

#[cfg(not(feature = "review"))]
impl Cases {
    #[expect(clippy::unnecessary_wraps, reason = "as with reviews")]
    fn of(_: &Args) -> Result<Self, Failure> {
        Ok(Self {})
    }

    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "as with reviews"
    )]
    fn add(&mut self, _: &str, _: &Verdict) -> io::Result<()> {
        Ok(())
    }

    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "as with reviews"
    )]
    fn finish(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

fn build(args: &Args, videos: &Videos, limits: &Limits) -> Result<Screener, Failure> {
    let policy = Policy::default().radius(Radius::new(args.radius)?);
    let mut builder = Screener::builder()
        .surface(Surface::Public)
        .effort(args.effort)
        .limits(limits.clone());
    builder = videos.add_to(builder);
    for baseline in &args.baselines {
        let (name, path) = name_and_path(baseline);
        let known = Known::open(path, limits)?;
        if let Known::List(list) = &known {
            report_refused(&name, list);
        }
        builder = builder.list_with(&name, known, policy);
    }
    let screener = builder.build().map_err(|error| match error {
        ijkpunt::screen::BuildError::NameTwice { .. } => {
            format!("{error}; give each its own: --baseline NAME=LIST")
        }
        other => other.to_string(),
    })?;
    for list in screener.lists() {
        if let Some(until) = list.expired(SystemTime::now()) {
            complain(&format_args!(
                "list {}: valid until {until} only: what does not match is undecided, and what matches may have been withdrawn; \
                 get a newer snapshot",
                list.name
            ));
        }
        if let Some(why) = list.stale(SystemTime::now()) {
            complain(&format_args!(
                "list {}: it may not be the newest: {why}; look after `ijkpunt sync`",
                list.name
            ));
        }
        let mut line = format!(
            "list {}: {} searched for {} ({})",
            list.name,
            count(list.rows as u64, "hash"),
            count(list.entries as u64, "entry"),
            list.profile,
        );
        if list.windows > 0 {
            line += &format!(", {} of them of windows", list.windows);
        }
        if list.frames > 0 {
            line += &format!(", {} of them of frames of videos", list.frames);
        }
        if list.switched_off > 0 {
            let off = count(list.switched_off as u64, "entry");
            line += &format!(", {off} switched off");
        }
        if list.refused_rows > 0 {
            line += &format!(", {} NOT understood", count(list.refused_rows, "row"));
        }
        if list.low_quality_rows > 0 {
            let rows = count(list.low_quality_rows as u64, "row");
            line += &format!(", {rows} of low quality left out");
        }
        complain(&line);
    }
    Ok(screener)
}

fn report_refused(name: &str, list: &List) {
    let reading = list.reading();
    for refused in reading.first_refused() {
        complain(&format_args!("list {name}, {refused}"));
    }
    let unnamed = reading.refused() - reading.first_refused().len() as u64;
    if unnamed > 0 {
        let rows = count(unnamed, "more row");
        complain(&format_args!("list {name}: {rows} not understood"));
    }
}

/// With what files are screened.
struct Screens<'a> {
    screener: &'a Screener,
    videos: &'a Videos,
    progress: &'a Progress,
    limits: &'a Limits,
}

impl Screens<'_> {
    fn screen(&self, input: &Input) -> Verdict {
        let name = input.name();
        let told = |at| self.progress.looked(&name, at);
        let call = Call::new().progress(&told);
        let (screening, is_video) = match videos::file(input) {
            Some(path) => (self.screener.screen_file(path, call), true),
            None => match input.read(self.limits) {
                Ok(bytes) => (
                    self.screener.screen_call(&bytes, call),
                    videos::begins_as_video(&bytes),
                ),
                Err(reason) => return Verdict::undecided(reason, self.screener.lists()),
            },
        };
        let mut verdict = Verdict::of(screening);
        if let (true, Some(trouble)) = (is_video, self.videos.trouble()) {
            let reason = verdict.reason.iter().map(String::as_str);
            verdict.reason = Some(reason.chain([trouble]).collect::<Vec<_>>().join("; "));
        }
        verdict
    }
}

impl Verdict {
    fn of(screening: Screening) -> Self {
        let (name, at) = (screening.name(), screening.at().into());
        let quality = screening.quality();
        let lists = screening.lists().to_vec();
        let (evidence, reason) = match screening {
            Screening::Match(matched) => {
                let gaps: Vec<String> = matched.gaps().iter().map(Gap::to_string).collect();
                let reason = (!gaps.is_empty()).then(|| gaps.join("; "));
                (matched.evidence().to_vec(), reason)
            }
            Screening::NoMatch(_) => (Vec::new(), None),
            Screening::Undecided(undecided) => (Vec::new(), Some(undecided.reason())),
        };
        Self {
            name,
            at,
            evidence,
            reason,
            quality,
            lists,
        }
    }

    fn undecided(reason: impl Into<String>, lists: Vec<ListInfo>) -> Self {
        Self {
            name: "undecided",
            at: SystemTime::now().into(),
            evidence: Vec::new(),
            reason: Some(reason.into()),
            quality: None,
            lists,
        }
    }
}

fn write_json(
    file: &str,
    verdict: &Verdict,
    with_hashes: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let matches = verdict.evidence.iter().map(|found| match with_hashes {
        true => Found::with_hashes(found),
        false => Found::from(found),
    });
    let line = Line {
        file,
        screened_at: verdict.at,
        verdict: verdict.name,
        reason: verdict.reason.as_deref(),
        matches: matches.collect(),
        segments: Run::all(&verdict.evidence),
        quality: verdict.quality,
        engine: env!("CARGO_PKG_VERSION"),
        lists: verdict.lists.iter().map(Asked::from).collect(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)
}

impl<'a> From<&'a ListInfo> for Asked<'a> {
    fn from(list: &'a ListInfo) -> Self {
        let (digest, snapshot) = match list.version {
            ListVersion::Digest(digest) => (Some(digest), None),
            ListVersion::Snapshot { id, sequence, .. } => (None, Some((id, sequence))),
            _ => (None, None),
        };
        Self {
            name: &list.name,
            digest,
            snapshot: snapshot.map(|(id, _)| id.to_string()),
            sequence: snapshot.map(|(_, sequence)| sequence),
            entries: list.entries,
            switched_off: list.switched_off,
            trouble: list.trouble.as_deref().map(String::as_str),
            stale: list.stale(SystemTime::now()),
        }
    }
}

fn write_rows(file: &str, verdict: &Verdict, out: &mut impl Write) -> io::Result<()> {
    match (&verdict.evidence[..], &verdict.reason) {
        ([], None) => writeln!(out, "no match   {file}"),
        ([], Some(reason)) => writeln!(out, "undecided  {file}: {reason}"),
        (evidence, _) => evidence.iter().try_for_each(|found| {
            writeln!(out, "MATCH      {file}: {}", found::in_words(found))?;
            let more = found::more_segments(found);
            more.iter()
                .try_for_each(|line| writeln!(out, "           {line}"))
        }),
    }
}

/// How many files came to which verdict.
#[derive(Default)]
struct Tally {
    matched: u64,
    no_match: u64,
    undecided: u64,
}

impl Tally {
    fn add(&mut self, verdict: &Verdict) {
        match (&verdict.evidence[..], &verdict.reason) {
            ([_, ..], _) => self.matched += 1,
            ([], None) => self.no_match += 1,
            ([], Some(_)) => self.undecided += 1,
        }
    }

    fn outcome(&self) -> Outcome {
        match (self.matched, self.undecided) {
            (1.., _) => Outcome::Match,
            (0, 1..) => Outcome::Undecided,
            (0, 0) => Outcome::NothingFound,
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let files = count(self.matched + self.no_match + self.undecided, "file");
        let Self {
            matched,
            no_match,
            undecided,
        } = self;
        write!(
            f,
            "{files}: {matched} match, {no_match} no match, {undecided} undecided"
        )
    }
}
