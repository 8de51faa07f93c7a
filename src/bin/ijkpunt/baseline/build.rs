//! `ijkpunt baseline build`: lists, pictures and videos to a snapshot.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ijkpunt::baseline::{List, Time};
use ijkpunt::limits::Limits;
use ijkpunt::snapshot::{Draft, Snapshot, replace_file};

use crate::output::{complain, count};
use crate::{Failure, Outcome, enrol, files};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Lists of hashes (files that end in .csv or .txt), and pictures, videos or folders of them, which are enrolled
    #[arg(required = true, value_name = "LIST|FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Where the snapshot goes; a file that is there is replaced in one step
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Its number: higher than that of the snapshot before; by default the seconds from 1970 to the moment that it shows
    #[arg(long, value_name = "N")]
    sequence: Option<u64>,
    /// The moment that it shows, such as 2026-11-22T10:00:00Z; now by default. State it to get the same bytes again
    #[arg(long, value_name = "TIME")]
    created_at: Option<Time>,
    /// Until when it may be relied on; without end by default
    #[arg(long, value_name = "TIME")]
    valid_until: Option<Time>,
    /// Of pictures the wholes only: copies that are cropped or covered are seldom found
    #[arg(long)]
    no_windows: bool,
    #[command(flatten)]
    with: enrol::With,
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let limits = Limits::default();
    let created_at = args.created_at.unwrap_or_else(|| SystemTime::now().into());
    let seconds = u64::try_from(created_at.unix_seconds()).unwrap_or(0);
    let mut draft = Draft::new(args.sequence.unwrap_or(seconds), created_at);
    if let Some(until) = args.valid_until {
        if until <= created_at {
            return Err(format!("--valid-until {until} is not after {created_at}").into());
        }
        draft.valid_until(until);
    }
    let (lists, media): (Vec<_>, Vec<_>) =
        args.paths.iter().cloned().partition(|path| is_list(path));
    let mut outcome = Outcome::NothingFound;
    for path in &lists {
        outcome = outcome.max(add_list(&mut draft, path, &limits)?);
    }
    if !media.is_empty() {
        let inputs = files::collect(&media, &limits);
        let (named, of_media) = enrol::proposals(&inputs, &args.with, &limits)?;
        enrol::tell_plain(&named);
        draft.list(&enrol::list(&named, !args.no_windows)?)?;
        outcome = outcome.max(of_media);
    }
    let snapshot = Snapshot::from_bytes(draft.to_bytes()?)?;
    if snapshot.entries() == 0 {
        return Err("there is nothing to put into a snapshot".into());
    }
    replace_file(&args.output, snapshot.as_bytes())?;
    let counted = |number: usize, noun: &str| count(number as u64, noun);
    writeln!(
        out,
        "{}: {}, {}, {}, {}; {}",
        args.output.display(),
        counted(snapshot.entries(), "entry"),
        counted(snapshot.wholes().len(), "hash"),
        counted(snapshot.windows().len(), "window"),
        counted(snapshot.frames().len(), "frame"),
        counted(snapshot.digests(), "digest"),
    )?;
    writeln!(out, "snapshot {}", snapshot.id())?;
    Ok(outcome)
}

/// By its name: what ends so is no picture.
fn is_list(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    ["csv", "txt"]
        .iter()
        .any(|list| ending.eq_ignore_ascii_case(list))
}

fn add_list(draft: &mut Draft, path: &Path, limits: &Limits) -> Result<Outcome, Failure> {
    let name = path.display();
    let list = List::open_within(path, limits).map_err(|error| format!("{name}: {error}"))?;
    draft
        .list(&list)
        .map_err(|error| format!("{name}: {error}"))?;
    let reading = list.reading();
    let Some(first) = reading.first_refused().first() else {
        return Ok(Outcome::NothingFound);
    };
    let refused = count(reading.refused(), "row");
    complain(&format_args!(
        "{name}: {refused} not understood and left out; the first: {first}"
    ));
    Ok(Outcome::Undecided)
}
