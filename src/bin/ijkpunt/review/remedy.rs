//! `ijkpunt review complain`, `uphold`, `reject`, `affected`, `lose`, `reinstatements`, `tripped`, `reset`, `sample`.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use ijkpunt::baseline::{MediaKind, Time};
use ijkpunt::limits::Limits;
use ijkpunt::review::page::{self, Upload};
use ijkpunt::review::{CaseId, Loss, Sampler};

use super::decide::{next, tell_trips};
use super::home::{self, Hand, Home, Lists, case};
use crate::Failure;
use crate::output::count;
use crate::table::Table;
use crate::words::{named, time};

#[derive(clap::Args)]
pub(crate) struct ComplainArgs {
    /// Which case
    #[arg(value_parser = case)]
    case: CaseId,
    /// What the uploader wrote; it can be erased
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// When it was received, from which the two weeks run; without it, now
    #[arg(long, value_name = "TIME", value_parser = time)]
    received: Option<Time>,
    #[command(flatten)]
    home: Home,
}

pub(super) fn complain(args: &ComplainArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut reviews = args.home.open()?;
    let now = args.home.now();
    let received = args.received.unwrap_or(now);
    let stands = reviews.complain(args.case, args.text.as_deref(), received, now)?;
    writeln!(out, "case {}: the uploader complained", args.case)?;
    next(&reviews, args.case, &stands, now, out)
}

#[derive(clap::Args)]
pub(crate) struct AnswerArgs {
    /// Which case
    #[arg(value_parser = case)]
    case: CaseId,
    /// Why: the uploader is told
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    hand: Hand,
    #[command(flatten)]
    lists: Lists,
}

pub(super) fn answer(args: &AnswerArgs, upheld: bool, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.hand.open()?;
    args.lists.follow(&mut reviews)?;
    let (note, now) = (args.note.as_deref(), args.hand.now());
    let came = match upheld {
        true => reviews.uphold(args.case, &person, note, now)?,
        false => reviews.reject(args.case, &person, note, now)?,
    };
    let how = if upheld { "upheld" } else { "rejected" };
    writeln!(out, "case {}: the complaint is {how}", args.case)?;
    next(&reviews, args.case, &came.case, now, out)?;
    tell_trips(&came.trips, &args.lists, out)
}

#[derive(clap::Args)]
pub(crate) struct AffectedArgs {
    /// The entry: LIST/ENTRY, or its name, or the first digits of its id
    entry: String,
    /// Since when decisions are affected
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Time>,
    #[command(flatten)]
    home: Home,
}

pub(super) fn affected(args: &AffectedArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut reviews = args.home.read()?;
    let entry = home::entry(&reviews, &args.entry)?;
    let affected = reviews.affected(&entry, args.since.unwrap_or(Time::MIN))?;
    if affected.is_empty() {
        return Ok(writeln!(out, "no decision since then rests on {entry}")?);
    }
    let mut table = Table::new(["CASE", "DECIDED", "OUTCOME", "NOW", "RESTS ON"]);
    for one in &affected {
        let Some(decision) = &one.case.decision else {
            continue;
        };
        let is_down = if one.case.down_since.is_some() {
            "down"
        } else {
            "up"
        };
        let alone = if one.alone {
            "nothing else"
        } else {
            "other entries, too"
        };
        table.row([
            one.id.to_string(),
            decision.at.to_string(),
            decision.outcome.to_string(),
            is_down.to_owned(),
            alone.to_owned(),
        ]);
    }
    Ok(table.write("", out)?)
}

#[derive(clap::Args)]
pub(crate) struct LoseArgs {
    /// The entry: LIST/ENTRY, or its name, or the first digits of its id
    entry: String,
    /// Why nobody can rest on it any more: withdrawn, suspended, tripped, not-agreed, order-annulled, scrutiny-infringement, court-order
    #[arg(long, value_name = "REASON", value_parser = named::<Loss>)]
    why: Loss,
    /// Since when decisions are affected; without it, all
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Time>,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn lose(args: &LoseArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.hand.open()?;
    let entry = home::entry(&reviews, &args.entry)?;
    let since = args.since.unwrap_or(Time::MIN);
    let reopened = reviews.lose(&entry, args.why, since, &person, args.hand.now())?;
    for case in &reopened {
        writeln!(out, "case {case}: reopened")?;
    }
    let at_once = if args.why.reinstates_at_once() {
        "; their content has to be put back at once: `reinstatements` lists it"
    } else {
        ""
    };
    Ok(writeln!(
        out,
        "{} rest on nothing but {entry}, and somebody has to look again{at_once}",
        count(reopened.len() as u64, "removal")
    )?)
}

#[derive(clap::Args)]
pub(crate) struct FileArgs {
    #[command(flatten)]
    home: Home,
}

pub(super) fn reinstatements(args: &FileArgs, out: &mut impl Write) -> Result<(), Failure> {
    let reviews = args.home.read()?;
    let all = reviews.reinstatements()?;
    if all.is_empty() {
        return Ok(writeln!(out, "nothing is to be put back")?);
    }
    let mut table = Table::new(["CASE", "SINCE", "WHY", "UPLOAD"]);
    for (id, since, why) in all {
        let subject = reviews
            .story(id)?
            .subject
            .unwrap_or_else(|| "(erased)".to_owned());
        table.row([
            id.to_string(),
            since.to_string(),
            why.to_string(),
            crate::output::printable(&subject),
        ]);
    }
    Ok(table.write("", out)?)
}

#[derive(clap::Args)]
pub(crate) struct TrippedArgs {
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    home: Home,
}

pub(super) fn tripped(args: &TrippedArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut reviews = args.home.open()?;
    args.lists.follow(&mut reviews)?;
    let mut table = Table::new(["ENTRY", "SINCE", "WHY"]);
    for (entry, trip) in reviews.tripped() {
        table.row([
            format!("{}/{}", entry.list, entry.entry),
            trip.at.to_string(),
            trip.reason(),
        ]);
    }
    match table.is_empty() {
        true => writeln!(out, "the breaker has switched nothing off")?,
        false => table.write("", out)?,
    }
    Ok(())
}

#[derive(clap::Args)]
pub(crate) struct ResetArgs {
    /// The entry: LIST/ENTRY, or its name, or the first digits of its id
    entry: String,
    /// Why, for colleagues; it can be erased
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn reset(args: &ResetArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.hand.open()?;
    args.lists.follow(&mut reviews)?;
    let entry = home::entry(&reviews, &args.entry)?;
    reviews.reset(&entry, &person, args.note.as_deref(), args.hand.now())?;
    let where_ = if args.lists.is_empty() {
        " in the records: name the list's folder by --baseline to switch it on there, too"
    } else {
        ""
    };
    Ok(writeln!(
        out,
        "{}/{} is on again{where_}",
        entry.list, entry.entry
    )?)
}

#[derive(clap::Args)]
pub(crate) struct SampleArgs {
    /// Lines that `ijkpunt screen --json` wrote; those without a match are drawn from; - for standard input
    #[arg(value_name = "SCREENED.jsonl")]
    screened: PathBuf,
    /// How many to draw
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    number: usize,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn sample(args: &SampleArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.hand.open()?;
    let limits = Limits::default();
    let mut sampler = Sampler::new(args.number)?;
    let bytes;
    let mut from: Box<dyn BufRead> = if args.screened.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        bytes = Home::bytes(&args.screened)?;
        Box::new(bytes.as_slice())
    };
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        number += 1;
        if std::io::Read::take(&mut from, limits.record_bytes.saturating_add(2))
            .read_until(b'\n', &mut line)?
            == 0
        {
            break;
        }
        let read = line.strip_suffix(b"\n").unwrap_or(&line);
        let upload = Upload::read(read, &limits)
            .map_err(|error| format!("{}, line {number}: {error}", args.screened.display()))?;
        if upload.verdict == page::Outcome::NoMatch {
            sampler.offer(&upload.subject, MediaKind::Image, upload.screened_at)?;
        }
    }
    let of = sampler.seen();
    let cases = reviews.draw(sampler, &person, args.hand.now())?;
    writeln!(
        out,
        "{} drawn from {} without a match, each equally likely",
        count(cases.len() as u64, "case"),
        count(of, "upload")
    )?;
    if let [first, .., last] = cases.as_slice() {
        writeln!(
            out,
            "cases {first} to {last}: look at each as at a match; what is found terrorist was missed"
        )?;
    }
    Ok(())
}
