//! `ijkpunt baseline`: snapshots, made of lists and pictures, inspected, compared, and checked by building them anew.

mod build;
mod diff;
mod info;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use ijkpunt::snapshot::{Audit, Snapshot};

use crate::{Failure, Outcome};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a snapshot of lists of hashes, and of pictures, which are enrolled
    Build(build::Args),
    /// Show what a snapshot holds
    Info(info::Args),
    /// Show which entries are in only one of two snapshots, or changed; exit code 1 where any is
    Diff(diff::Args),
    /// Build a snapshot anew of what it holds and compare every byte; exit code 2 where one differs
    Audit(File),
    /// Write the hashes of a snapshot as a list
    Export(File),
}

#[derive(clap::Args)]
pub(crate) struct File {
    /// The snapshot
    file: PathBuf,
}

pub(crate) fn run(command: &Command, out: &mut impl Write) -> Result<Outcome, Failure> {
    match command {
        Command::Build(args) => build::run(args, out),
        Command::Info(args) => info::run(args, out),
        Command::Diff(args) => diff::run(args, out),
        Command::Audit(args) => audit(&args.file, out),
        Command::Export(args) => {
            open(&args.file)?.to_list()?.write_csv(out)?;
            Ok(Outcome::NothingFound)
        }
    }
}

fn open(path: &Path) -> Result<Snapshot, Failure> {
    let opened = Snapshot::read(path);
    Ok(opened.map_err(|error| format!("{}: {error}", path.display()))?)
}

fn audit(path: &Path, out: &mut impl Write) -> Result<Outcome, Failure> {
    let snapshot = open(path)?;
    let name = path.display();
    match snapshot
        .audit()
        .map_err(|error| format!("{name}: {error}"))?
    {
        Audit::Same => {
            let bytes = snapshot.as_bytes().len();
            writeln!(out, "{name}: built anew, all {bytes} bytes are the same")?;
            Ok(Outcome::NothingFound)
        }
        Audit::Differs { section, offset } => {
            let place = section.map_or("the head".to_owned(), |section| {
                format!("section {section}")
            });
            Err(format!(
                "{name}: built anew, {place} differs, first at byte {offset}: this file was not made by the rules, and may hide an entry; do not use it"
            )
            .into())
        }
    }
}
