//! What a folder that is handed out needs from time to time.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::Time;
use ijkpunt::publish::{Page, Publisher};
use ijkpunt::tuf::Metadata;

use super::super::hand::Key;
use super::super::words::time;
use super::files::Folder;
use crate::Failure;
use crate::output::{complain, count};

#[derive(clap::Args)]
pub(crate) struct RefreshArgs {
    /// Until when platforms take what is published for the newest
    #[arg(long, value_name = "TIME", value_parser = time)]
    newest_until: Time,
    /// Sign anew also what belongs together, by this key of the publisher: when it ends, or after a root that has another key
    #[arg(long, value_name = "FILE", requires = "until")]
    snapshot_key: Option<PathBuf>,
    /// With --snapshot-key: until when that counts
    #[arg(long, value_name = "TIME", value_parser = time, requires = "snapshot_key")]
    until: Option<Time>,
    /// The time, instead of the clock's: for rehearsals
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Time>,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    folder: Folder,
}

#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    folder: Folder,
}

#[derive(clap::Args)]
pub(crate) struct CleanArgs {
    /// So many publications before the newest stay, for whoever is fetching them
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    keep: u64,
    #[command(flatten)]
    folder: Folder,
}

pub(super) fn refresh(args: &RefreshArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut repository = args.folder.open()?;
    let key = args.key.read()?;
    let page = Page {
        key: &key,
        expires: args.newest_until,
    };
    let now = args
        .at
        .unwrap_or_else(|| std::time::SystemTime::now().into());
    let published = match args.snapshot_key.as_deref().zip(args.until) {
        Some((path, expires)) => {
            let of_snapshot = args.key.beside(path).read()?;
            repository.refresh_snapshot(&Publisher {
                snapshot: Page {
                    key: &of_snapshot,
                    expires,
                },
                timestamp: page,
                now,
            })?
        }
        None => repository.refresh_timestamp(page, now)?,
    };
    let name = published.targets.newest().0;
    writeln!(out, "{name} is the newest, until {}", args.newest_until)?;
    Ok(())
}

pub(super) fn check(args: &CheckArgs, out: &mut impl Write) -> Result<(), Failure> {
    let repository = args.folder.open()?;
    repository.audit()?;
    let published = repository.published();
    let Some(published) = published else {
        writeln!(out, "nothing is published yet")?;
        return Ok(());
    };
    let (name, states) = (published.targets.newest().0, published.targets.states());
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    let files = count(published.targets.files().len() as u64, "file");
    writeln!(
        out,
        "{name} is published, signed by {}; {files}, each as it was signed",
        states.join(", ")
    )?;
    writeln!(
        out,
        "it is a list of files until {}",
        published.targets.expires()
    )?;
    writeln!(
        out,
        "what belongs together is told until {}",
        published.snapshot.expires()
    )?;
    writeln!(
        out,
        "what is the newest is told until {}",
        published.timestamp.expires()
    )?;
    for role in &published.not_by_newest_root {
        complain(&format_args!(
            "by the newest root, {role} counts no more until it is signed anew"
        ));
    }
    Ok(())
}

pub(super) fn clean(args: &CleanArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut repository = args.folder.open()?;
    let gone = repository.clean(args.keep)?;
    for path in &gone {
        writeln!(out, "removed {}", path.display())?;
    }
    writeln!(out, "{} removed", count(gone.len() as u64, "file"))?;
    Ok(())
}
