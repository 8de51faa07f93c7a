//! `ijkpunt authority check`: whether a file is what was proposed.

use std::io::Write;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{Commitment, Entry};
use ijkpunt::enrol::Enroller;
use ijkpunt::limits::{Limits, Resource};
use serde::Serialize;

use super::hand::Home;
use super::near::Same;
use super::words::{account, entry, short};
use crate::files::Input;
use crate::{Failure, Outcome};

#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 it is what was proposed, 2 it is not, or that cannot be told."
)]
pub(crate) struct Args {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    home: Home,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown {
    entry: String,
    is_it: bool,
    /// Whether byte by byte.
    is_very_file: bool,
    sentence: String,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let register = args.home.read()?;
    let id = entry(&register, &args.entry)?;
    let entry = account(&register, id, args.home.now())?.entry;
    let (same, _) = compare(&entry, &args.file)?;
    let shown = Shown {
        entry: id.to_string(),
        is_it: same.is_it(),
        is_very_file: matches!(same, Same::File),
        sentence: same.to_string(),
    };
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&shown)?)?;
    } else {
        writeln!(
            out,
            "{} of {} \"{}\": {same}.",
            args.file.display(),
            short(&id),
            entry.title
        )?;
    }
    Ok(if same.is_it() {
        Outcome::NothingFound
    } else {
        Outcome::Undecided
    })
}

/// Compares a file with what was proposed, and gives its SHA-256.
pub(super) fn compare(entry: &Entry, file: &Path) -> Result<(Same, Commitment), Failure> {
    let limits = Limits::default();
    let bytes = whole(file, &limits)?;
    let commitment = Commitment::to(&bytes);
    if entry
        .source
        .as_ref()
        .is_some_and(|source| source.sha256 == commitment)
    {
        return Ok((Same::File, commitment));
    }
    let proposal = Enroller::new().propose(&bytes, &limits);
    Ok((Same::of(&entry.fingerprints, &proposal), commitment))
}

/// All bytes of a file. One that is too large is refused, since the digest of a part of it would be another file's.
pub(super) fn whole(file: &Path, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let bytes = Input::File(file.to_owned()).read(limits);
    let bytes = bytes.map_err(|error| told(&error))?;
    limits
        .check(Resource::Bytes, bytes.len() as u64)
        .map_err(|error| told(&error))?;
    if bytes.is_empty() {
        return Err(told(&"it is empty").into());
    }
    Ok(bytes)
}
