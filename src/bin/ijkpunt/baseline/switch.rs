//! `ijkpunt baseline suspend` and `resume`: an entry is off at once, and stays so through every later installation.

use std::io::Write;
use std::path::PathBuf;
use std::time::SystemTime;

use ijkpunt::baseline::{EntryId, Text};
use ijkpunt::snapshot::{Folder, Suspender, Switched};

use crate::output::{complain, printable};
use crate::{Failure, Outcome};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The entry: its id, as `screen --json` and `baseline diff` show it, or its title
    entry: String,
    /// The folder in which snapshots are installed
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Why, in a line, without personal data; it is kept in the folder
    #[arg(long, value_name = "TEXT", value_parser = text::<500>)]
    reason: Text<500>,
    /// Who does so; nobody but the same one can lift a suspension
    #[arg(long, value_name = "NAME", default_value = "platform", value_parser = text::<64>)]
    by: Suspender,
}

fn text<const MOST: usize>(text: &str) -> Result<Text<MOST>, ijkpunt::baseline::TextError> {
    Text::new(text)
}

pub(crate) fn suspend(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let (folder, entry) = found(args)?;
    let is_new = folder.suspend(entry, &args.by, why(args))?;
    let how = if is_new {
        "is off now"
    } else {
        "was off already"
    };
    writeln!(out, "{entry} {how}, by {}", args.by)?;
    Ok(Outcome::NothingFound)
}

pub(crate) fn resume(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let (folder, entry) = found(args)?;
    let was_off = folder.resume(entry, &args.by, why(args))?;
    let edition = folder.open()?;
    let others = edition.suspensions().of(entry);
    let others: Vec<&str> = others.map(|(by, _)| by.as_str()).collect();
    match (was_off, &others[..]) {
        (false, []) => writeln!(out, "{entry} was not off")?,
        (true, []) => writeln!(out, "{entry} is on again")?,
        (_, others) => writeln!(
            out,
            "{entry} is still off, by {}: each lifts its own suspension only, with --by",
            others.join(", ")
        )?,
    }
    Ok(Outcome::NothingFound)
}

fn why(args: &Args) -> Switched {
    Switched {
        at: SystemTime::now().into(),
        reason: args.reason.clone(),
    }
}

/// The folder, and the entry that is meant.
fn found(args: &Args) -> Result<(Folder, EntryId), Failure> {
    let folder = Folder::at(&args.dir);
    let name = printable(&args.entry);
    if let Ok(entry) = args.entry.parse::<EntryId>() {
        // Switching off works without the snapshot, also where that is damaged.
        let opened = folder.open();
        if opened.is_ok_and(|edition| edition.snapshot().find(entry).is_none()) {
            complain(&format_args!(
                "the installed snapshot has no entry {entry}; should one come with it, this holds for it"
            ));
        }
        return Ok((folder, entry));
    }
    let edition = folder.open()?;
    let snapshot = edition.snapshot();
    let titled = (0..snapshot.entries()).filter(|entry| snapshot.title(*entry) == args.entry);
    let ids: Vec<EntryId> = titled
        .filter_map(|entry| snapshot.entry_id(entry))
        .collect();
    match ids[..] {
        [id] => Ok((folder, id)),
        [] => Err(format!(
            "{}: no entry has the id or the title {name}; `ijkpunt baseline export` on a snapshot, or `screen --json`, show them",
            args.dir.display()
        )
        .into()),
        _ => {
            let ids: Vec<String> = ids.iter().map(EntryId::to_string).collect();
            Err(format!(
                "{}: {} entries have the title {name}, give the id of one: {}",
                args.dir.display(),
                ids.len(),
                ids.join(", ")
            )
            .into())
        }
    }
}
