//! `ijkpunt baseline`: snapshots, made of lists and pictures, inspected, compared, checked by building them anew, installed; entries switched off.

mod build;
mod diff;
mod info;
mod install;
mod switch;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use ijkpunt::snapshot::{Audit, Folder, Snapshot};

use crate::{Failure, Outcome};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a snapshot of lists of hashes, and of pictures, which are enrolled
    Build(build::Args),
    /// Show what a snapshot holds, or a folder: what is installed, and what is switched off
    Info(info::Args),
    /// Show which entries are in only one of two snapshots, or changed; exit code 1 where any is
    Diff(diff::Args),
    /// Build a snapshot anew of what it holds and compare every byte; exit code 2 where one differs
    Audit(File),
    /// Write the hashes of a snapshot as a list
    Export(File),
    /// Write what changed from one snapshot to the next, for those who have the first
    Delta(install::DeltaArgs),
    /// Install a snapshot into a folder: who screens with `--baseline DIR` has it within a second
    Install(install::Args),
    /// Switch an entry off in a folder, now and in all later snapshots
    Suspend(switch::Args),
    /// Switch an entry on again that the same one has switched off
    Resume(switch::Args),
}

#[derive(clap::Args)]
pub(crate) struct File {
    /// The snapshot, or a folder in which one is installed
    #[arg(value_name = "FILE|DIR")]
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
        Command::Delta(args) => install::make_delta(args, out),
        Command::Install(args) => install::run(args, out),
        Command::Suspend(args) => switch::suspend(args, out),
        Command::Resume(args) => switch::resume(args, out),
    }
}

/// A snapshot, or the one that is installed in a folder.
fn open(path: &Path) -> Result<Arc<Snapshot>, Failure> {
    if path.is_dir() {
        return Ok(Folder::at(path).open()?.snapshot().clone()); // its errors name the path
    }
    let opened = Snapshot::read(path).map(Arc::new);
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
