//! `ijkpunt authority merge|export`: registers give each other what they hold.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;

use ijkpunt::baseline::{AuthorityId, MemberState};
use ijkpunt::limits::Limits;
use ijkpunt::register::Merged;
use serde::Serialize;

use super::hand::Home;
use super::log::forks;
use super::words::short;
use crate::output::{complain, count};
use crate::table::Table;
use crate::{Failure, Outcome};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What others have exported; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    home: Home,
    /// One JSON object for each file
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    home: Home,
    /// Only the logs of this authority; may be given several times
    #[arg(long, value_name = "AUTHORITY")]
    of: Vec<AuthorityId>,
    /// Where to write; without it to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown<'m> {
    file: String,
    logs: Vec<Log<'m>>,
    checkpoints: u64,
    lines_left_out: u64,
    left_out: Vec<(u64, String)>,
    forked: Vec<String>,
}

#[derive(Serialize)]
struct Log<'m> {
    authority: &'m AuthorityId,
    state: MemberState,
    log: String,
    added: u64,
    known: u64,
}

/// Lines that are told one by one.
const TOLD: usize = 10;

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let mut register = args.home.open()?;
    let (limits, mut outcome) = (Limits::default(), Outcome::NothingFound);
    for path in &args.files {
        let name = path.display().to_string();
        let bar = crate::work::counter("lines");
        let progress = |lines| bar.set_position(lines);
        let merged = if name == "-" {
            register.merge(io::stdin().lock(), &limits, progress)
        } else {
            let file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
            register.merge(BufReader::new(file), &limits, progress)
        };
        bar.finish_and_clear();
        let merged = merged.map_err(|error| format!("{name}: {error}"))?;
        if merged.lines_left_out > 0 || !merged.forked.is_empty() {
            outcome = Outcome::Undecided;
        }
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&shown(name, &merged))?)?;
        } else {
            write(&name, &merged, out)?;
        }
    }
    if !args.json {
        forks(&register, out)?;
    }
    Ok(outcome)
}

fn shown(file: String, merged: &Merged) -> Shown<'_> {
    let left_out = merged.left_out.iter();
    Shown {
        file,
        logs: merged
            .logs
            .iter()
            .map(|(log, one)| Log {
                authority: &one.authority,
                state: one.state,
                log: log.to_string(),
                added: one.added,
                known: one.known,
            })
            .collect(),
        checkpoints: merged.checkpoints,
        lines_left_out: merged.lines_left_out,
        left_out: left_out
            .map(|(line, why)| (*line, why.to_string()))
            .collect(),
        forked: merged.forked.iter().map(ToString::to_string).collect(),
    }
}

fn write(name: &str, merged: &Merged, out: &mut impl Write) -> Result<(), Failure> {
    let added: u64 = merged.logs.values().map(|log| log.added).sum();
    writeln!(out, "{name}: {} new", count(added, "statement"))?;
    let mut table = Table::new(["authority", "state", "log", "new", "known"]);
    for (log, one) in &merged.logs {
        table.row([
            one.authority.to_string(),
            one.state.to_string(),
            short(log),
            one.added.to_string(),
            one.known.to_string(),
        ]);
    }
    if !table.is_empty() {
        table.write("  ", out)?;
    }
    for (line, why) in merged.left_out.iter().take(TOLD) {
        complain(&format_args!("{name}: line {line} left out: {why}"));
    }
    let more = merged.lines_left_out.saturating_sub(TOLD as u64);
    if more > 0 {
        complain(&format_args!(
            "{name}: and {more} more left out; --json tells a thousand of them"
        ));
    }
    Ok(())
}

pub(super) fn export(args: &ExportArgs, out: &mut impl Write) -> Result<(), Failure> {
    let register = args.home.read()?;
    let logs = register.logs(args.home.now())?;
    if let Some(unknown) = args
        .of
        .iter()
        .find(|of| !logs.iter().any(|log| log.authority == **of))
    {
        return Err(format!(
            "no log of {unknown} is here: `ijkpunt authority log list` shows whose are"
        )
        .into());
    }
    let of = |authority: &AuthorityId| args.of.is_empty() || args.of.contains(authority);
    let Some(path) = &args.out else {
        return Ok(register.export(of, out)?);
    };
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut file = io::BufWriter::new(file);
    register.export(of, &mut file)?;
    file.flush()?;
    let statements: u64 = logs
        .iter()
        .filter(|log| of(&log.authority))
        .map(|log| log.ends - log.begins)
        .sum();
    writeln!(
        out,
        "{}: {}",
        path.display(),
        count(statements, "statement")
    )?;
    Ok(())
}
