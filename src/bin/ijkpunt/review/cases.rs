//! `ijkpunt review open`, `list`, `show`, `due`: cases as they come, and as they stand.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::review::page::Upload;
use ijkpunt::review::{Case, CaseId, Match, Opening, Reviews, Stage};
use serde::Serialize;

use super::home::{Home, case};
use crate::Failure;
use crate::output::{count, printable};
use crate::table::Table;

#[derive(clap::Args)]
pub(crate) struct OpenArgs {
    /// Lines that `ijkpunt screen --json` wrote, with --evidence if the page is to show hashes; - for standard input
    #[arg(value_name = "MATCHES.jsonl")]
    matches: PathBuf,
    #[command(flatten)]
    home: Home,
}

pub(super) fn open(args: &OpenArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut reviews = args.home.open()?;
    let matches = read_matches(&args.matches)?;
    let openings = reviews.open_cases(&matches, args.home.now())?;
    for (found, opening) in matches.iter().zip(&openings) {
        tell(&printable(found.subject()), *opening, out)?;
    }
    let opened = openings
        .iter()
        .filter(|opening| matches!(opening, Opening::Opened(_)))
        .count();
    Ok(writeln!(
        out,
        "{} opened, for {}",
        count(opened as u64, "case"),
        count(matches.len() as u64, "match")
    )?)
}

/// What came of one match.
pub(super) fn tell(subject: &str, opening: Opening, out: &mut impl Write) -> std::io::Result<()> {
    match opening {
        Opening::Opened(case) => writeln!(out, "case {case}    {subject}"),
        Opening::Waits(case) => {
            writeln!(out, "waits      {subject}: case {case} is about it already")
        }
        Opening::Excepted(case) => {
            writeln!(out, "excepted   {subject}: by case {case} it may stay")
        }
        _ => Ok(()),
    }
}

fn read_matches(path: &Path) -> Result<Vec<Match>, Failure> {
    let limits = Limits::default();
    let bytes;
    let mut from: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        bytes = Home::bytes(path)?;
        Box::new(bytes.as_slice())
    };
    let (mut matches, mut line, mut number) = (Vec::new(), Vec::new(), 0);
    loop {
        line.clear();
        number += 1;
        let most = limits.record_bytes.saturating_add(2);
        if std::io::Read::take(&mut from, most).read_until(b'\n', &mut line)? == 0 {
            return Ok(matches);
        }
        let read = line.strip_suffix(b"\n").unwrap_or(&line);
        let at =
            |error: &dyn std::fmt::Display| format!("{}, line {number}: {error}", path.display());
        let upload = Upload::read(read, &limits).map_err(|error| at(&error))?;
        matches.extend(Match::of_upload(&upload).map_err(|error| at(&error))?);
    }
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    /// Also those that are decided
    #[arg(long)]
    all: bool,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    most: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    home: Home,
}

/// A case, as the JSON shows it.
#[derive(Serialize)]
struct Row<'a> {
    case: u32,
    stage: &'static str,
    origin: &'static str,
    subject: Option<String>,
    opened_at: Time,
    class: Option<&'static str>,
    #[serde(flatten)]
    decision: Option<Decided>,
    is_down: bool,
    is_held: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    entries: &'a [String],
}

#[derive(Serialize)]
struct Decided {
    decided_at: Time,
    outcome: &'static str,
    action: &'static str,
}

pub(super) fn list(args: &ListArgs, out: &mut impl Write) -> Result<(), Failure> {
    let reviews = args.home.read()?;
    let (cases, all) = if args.all {
        let (mut cases, mut all) = (Vec::new(), 0);
        reviews.each(|id, case| {
            all += 1;
            if cases.len() < args.most {
                cases.push((id, case.clone()));
            }
            true
        })?;
        (cases, all)
    } else {
        reviews.open_list(args.most)?
    };
    if args.json {
        return cases
            .iter()
            .try_for_each(|(id, case)| json(&reviews, *id, case, out));
    }
    if cases.is_empty() {
        let nothing = if args.all {
            "there is no case yet"
        } else {
            "nobody has to look at anything"
        };
        return Ok(writeln!(out, "{nothing}")?);
    }
    let mut table = Table::new(["CASE", "STAGE", "OPENED", "MATCH", "UPLOAD"]);
    for (id, case) in &cases {
        let subject = reviews.story(*id)?.subject;
        table.row([
            id.to_string(),
            stage(case),
            case.opened_at.to_string(),
            class(case).to_owned(),
            shown(subject.as_deref()),
        ]);
    }
    table.write("", out)?;
    if all > cases.len() as u64 {
        writeln!(
            out,
            "and {} more: --most NUMBER shows them",
            all - cases.len() as u64
        )?;
    }
    Ok(())
}

fn stage(case: &Case) -> String {
    let stage = case.stage().to_string();
    match (&case.decision, case.is_held()) {
        (Some(decision), _) if case.stage() == Stage::Decided => {
            format!("{}: {}", decision.outcome, decision.action)
        }
        (_, true) => format!("{stage}, held"),
        _ => stage,
    }
}

fn class(case: &Case) -> &'static str {
    match (case.class, case.origin.name()) {
        (Some(class), _) => class.name(),
        (None, origin) => origin,
    }
}

fn shown(subject: Option<&str>) -> String {
    subject.map_or_else(|| "(erased)".to_owned(), printable)
}

fn json(reviews: &Reviews, id: CaseId, case: &Case, out: &mut impl Write) -> Result<(), Failure> {
    let story = reviews.story(id)?;
    let entries: Vec<String> = story
        .entries
        .iter()
        .map(|(name, _)| format!("{}/{}", name.list, name.entry))
        .collect();
    let row = Row {
        case: id.0,
        stage: case.stage().name(),
        origin: case.origin.name(),
        subject: story.subject,
        opened_at: case.opened_at,
        class: case.class.map(|class| class.name()),
        decision: case.decision.as_ref().map(|decision| Decided {
            decided_at: decision.at,
            outcome: decision.outcome.name(),
            action: decision.action.name(),
        }),
        is_down: case.down_since.is_some(),
        is_held: case.is_held(),
        entries: &entries,
    };
    serde_json::to_writer(&mut *out, &row)?;
    Ok(writeln!(out)?)
}

#[derive(clap::Args)]
pub(crate) struct ShowArgs {
    /// Which case
    #[arg(value_parser = case)]
    case: CaseId,
    #[command(flatten)]
    home: Home,
}

pub(super) fn show(args: &ShowArgs, out: &mut impl Write) -> Result<(), Failure> {
    let reviews = args.home.read()?;
    let story = reviews.story(args.case)?;
    let case = &story.case;
    writeln!(out, "Case {}: {}\n", args.case, stage(case))?;
    let mut table = Table::of(["upload".to_owned(), shown(story.subject.as_deref())]);
    for (name, version) in &story.entries {
        let version = version.map_or(String::new(), |version| {
            format!(" (snapshot number {})", version.sequence)
        });
        let id = name.id().map_or(String::new(), |id| {
            format!(", id {}", crate::words::short(&id))
        });
        table.row([
            "near to".to_owned(),
            printable(&format!("{}/{}{id}{version}", name.list, name.entry)),
        ]);
    }
    for (duty, until) in case.duties(reviews.policy()) {
        let late = if until < args.home.now() {
            ": LATE"
        } else {
            ""
        };
        table.row(["to do".to_owned(), format!("{duty}, until {until}{late}")]);
    }
    let by = reviews.decided_by(case);
    if !by.is_empty() {
        table.row(["decided by".to_owned(), by.join(", ")]);
    }
    table.write("", out)?;
    writeln!(out)?;
    for step in &story.steps {
        let by = step
            .by
            .as_deref()
            .map_or(String::new(), |by| format!(", by {by}"));
        writeln!(out, "{}  {}{by}", step.at, step.what)?;
        if let Some(text) = &step.text {
            writeln!(out, "                      \"{}\"", printable(text))?;
        }
    }
    Ok(())
}

#[derive(clap::Args)]
pub(crate) struct DueArgs {
    /// What has to be done in so many hours from now; what is late comes first
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    hours: u32,
    /// How much at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    most: usize,
    #[command(flatten)]
    home: Home,
}

pub(super) fn due(args: &DueArgs, out: &mut impl Write) -> Result<bool, Failure> {
    let reviews = args.home.read()?;
    let now = args.home.now();
    let until = now.plus_hours(args.hours).unwrap_or(Time::MAX);
    let (due, all) = reviews.due(until, args.most)?;
    if due.is_empty() {
        writeln!(out, "nothing has to be done until {until}")?;
        return Ok(false);
    }
    let mut table = Table::new(["CASE", "UNTIL", "", "WHAT"]);
    for one in &due {
        let late = if one.until < now { "LATE" } else { "" };
        table.row([
            one.case.to_string(),
            one.until.to_string(),
            late.to_owned(),
            one.what.to_string(),
        ]);
    }
    table.write("", out)?;
    if all > due.len() as u64 {
        writeln!(
            out,
            "and {} more: --most NUMBER shows them",
            all - due.len() as u64
        )?;
    }
    Ok(due.iter().any(|one| one.until < now))
}
