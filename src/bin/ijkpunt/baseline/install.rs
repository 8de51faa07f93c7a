//! `ijkpunt baseline install` and `delta`: from a file to what others screen against.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ijkpunt::baseline::{EntryId, Time};
use ijkpunt::limits::{Limits, Resource};
use ijkpunt::snapshot::{Delta, Folder, Installed, replace_file};

use super::open;
use crate::output::{complain, count};
use crate::{Failure, Outcome};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A snapshot, or a delta for the one that is installed
    file: PathBuf,
    /// The folder in which it is installed, and which others follow; made if it is not there
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let folder = Folder::at(&args.dir);
    let installed = match delta(&args.file)? {
        Some(delta) => folder.install_delta(&delta)?,
        None => folder.install(&*open(&args.file)?)?,
    };
    let snapshot = installed.edition.snapshot();
    writeln!(
        out,
        "{}: installed snapshot {}, number {}, {}",
        args.dir.display(),
        snapshot.id(),
        snapshot.sequence(),
        count(snapshot.entries() as u64, "entry"),
    )?;
    let off = installed.edition.off().len() as u64;
    if off > 0 {
        writeln!(out, "{} switched off", count(off, "entry"))?;
    }
    tell(&installed);
    Ok(Outcome::NothingFound)
}

fn delta(path: &Path) -> Result<Option<Delta>, Failure> {
    let read = || -> Result<Option<Delta>, Failure> {
        let mut file = File::open(path)?;
        Limits::default().check(Resource::SnapshotBytes, file.metadata()?.len())?;
        let mut bytes = Vec::new();
        (&mut file).take(8).read_to_end(&mut bytes)?;
        if !Delta::begins(&bytes) {
            return Ok(None);
        }
        file.read_to_end(&mut bytes)?;
        Ok(Some(Delta::from_bytes(&bytes)?))
    };
    Ok(read().map_err(|error| format!("{}: {error}", path.display()))?)
}

/// What whoever installs has to know.
fn tell(installed: &Installed) {
    let ids = |ids: &[EntryId]| {
        let ids: Vec<String> = ids.iter().map(EntryId::to_string).collect();
        ids.join(", ")
    };
    if !installed.carried.is_empty() {
        complain(&format_args!(
            "still off, though its hashes have changed since it was switched off: {}",
            ids(&installed.carried)
        ));
    }
    if !installed.gone.is_empty() {
        complain(&format_args!(
            "switched off, and not in this snapshot: {}; if one of them is there under another id, suspend that one too",
            ids(&installed.gone)
        ));
    }
    let now = Time::from(SystemTime::now());
    let until = installed.edition.snapshot().valid_until();
    if let Some(until) = until.filter(|until| *until <= now) {
        complain(&format_args!(
            "valid until {until} only: what does not match it is undecided; get a newer one"
        ));
    }
}

#[derive(clap::Args)]
pub(crate) struct DeltaArgs {
    /// The snapshot that others have installed
    before: PathBuf,
    /// The one that they are to have
    after: PathBuf,
    /// Where the delta goes; a file that is there is replaced in one step
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) fn make_delta(args: &DeltaArgs, out: &mut impl Write) -> Result<Outcome, Failure> {
    let (before, after) = (open(&args.before)?, open(&args.after)?);
    let bytes = Delta::between(&before, &after)?.to_bytes();
    replace_file(&args.output, &bytes)?;
    writeln!(
        out,
        "{}: {} bytes, from snapshot {} to {}",
        args.output.display(),
        bytes.len(),
        before.id(),
        after.id()
    )?;
    Ok(Outcome::NothingFound)
}
