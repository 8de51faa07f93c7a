//! From a release to what platforms find.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::publish::{
    Least, Page, Plan, PlanTerms, Publisher, Release, Repository, Terms, consistency_since,
    suspensions_since,
};
use ijkpunt::snapshot::Snapshot;

use super::super::hand::{Home, Key};
use super::super::keygen::write_new;
use super::super::words::{named, short, time};
use super::files::{Folder, release, signatures};
use crate::output::{complain, count};
use crate::{Failure, work};

#[derive(clap::Args)]
pub(crate) struct DraftArgs {
    /// Until when it may be relied on: platforms call nothing "no match" by it afterwards
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Time,
    /// What goes in: baseline, or for review only emerging or national
    #[arg(long, value_name = "STATE", value_parser = named::<Least>, default_value = "baseline")]
    least: Least,
    /// Where to write it
    #[arg(long, short, value_name = "FILE", default_value = "release.json")]
    out: PathBuf,
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    home: Home,
}

#[derive(clap::Args)]
pub(crate) struct PlanArgs {
    /// What is to be published
    #[arg(value_name = "RELEASE")]
    release: PathBuf,
    /// Where to write the request to the states; without it, it is only shown
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    home: Home,
}

#[derive(clap::Args)]
pub(crate) struct NowArgs {
    /// What is to be published
    #[arg(value_name = "RELEASE")]
    release: PathBuf,
    /// The signatures of states
    #[arg(required = true, value_name = "SIGNATURE")]
    signatures: Vec<PathBuf>,
    /// The publisher's key that says what belongs together
    #[arg(long, value_name = "FILE")]
    snapshot_key: PathBuf,
    /// The publisher's key that says what is the newest
    #[arg(long, value_name = "FILE")]
    timestamp_key: PathBuf,
    /// A file with the passphrase of both
    #[arg(long, value_name = "FILE")]
    passphrase: Option<PathBuf>,
    /// Until when platforms take it for the newest without asking again: sign anew before, by `publish refresh`
    #[arg(long, value_name = "TIME", value_parser = time)]
    newest_until: Time,
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    home: Home,
}

#[derive(clap::Args)]
pub(crate) struct SuspensionsArgs {
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    home: Home,
}

pub(super) fn draft(args: &DraftArgs, out: &mut impl Write) -> Result<(), Failure> {
    let register = args.home.read()?;
    let repository = args.folder.open()?;
    let published = repository.published();
    let published = published.map_or(0, |one| one.targets.newest().0.to());
    let release = Release::new(
        &register,
        Terms {
            sequence: published.saturating_add(1),
            at: args.home.now(),
            valid_until: args.until,
            least: args.least,
        },
    )?;
    let mut json = serde_json::to_vec_pretty(&release)?;
    json.push(b'\n');
    write_new(&args.out, &json, false)?;
    writeln!(
        out,
        "release {} of {}, until {}: what is {} goes in",
        release.sequence, release.counting.at, release.valid_until, release.least
    )?;
    for log in &release.counting.logs {
        let closed = if log.key.is_none() {
            ", closed or in doubt there"
        } else {
            ""
        };
        writeln!(
            out,
            "  {} {}: up to place {}{closed}",
            log.state, log.authority, log.kept.until
        )?;
    }
    writeln!(
        out,
        "\n{}: the release. See what it changes with `ijkpunt authority publish plan`.",
        args.out.display()
    )?;
    Ok(())
}

/// The plan of a release: the same for everybody who has the register and the repository. That of what is published already signs it anew.
fn planned(release: &Release, repository: &Repository, home: &Home) -> Result<Plan, Failure> {
    let drafted = release.draft(&home.read()?, work::cores())?;
    for entry in &drafted.unfindable {
        complain(&format_args!(
            "entry {} has no hash, and is left out",
            short(entry)
        ));
    }
    let snapshot = Snapshot::from_bytes(drafted.draft.to_bytes()?)?;
    if repository.published().is_some() && repository.newest()?.id() == snapshot.id() {
        return Ok(repository.plan_renewal(release.valid_until)?);
    }
    let terms = PlanTerms {
        expires: release.valid_until,
        deltas: DELTAS,
        wholes: DELTAS,
        older_deltas: OLDER_DELTAS,
    };
    Ok(repository.plan(&snapshot, terms)?)
}

/// From so many snapshots before a delta leads straight to the new one.
const DELTAS: usize = 4;
/// So many older deltas stay, for platforms that were away for longer.
const OLDER_DELTAS: usize = 28;

pub(super) fn plan(args: &PlanArgs, out: &mut impl Write) -> Result<(), Failure> {
    let plan = planned(&release(&args.release)?, &args.folder.open()?, &args.home)?;
    writeln!(out, "{plan}")?;
    if let Some(path) = &args.out {
        write_new(path, &plan.request().to_json(), false)?;
        writeln!(
            out,
            "\n{}: the request. Each state signs it with `ijkpunt authority publish sign --release`.",
            path.display()
        )?;
    }
    Ok(())
}

pub(super) fn now(args: &NowArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut repository = args.folder.open()?;
    let release = release(&args.release)?;
    let plan = planned(&release, &repository, &args.home)?;
    let signatures = signatures(&args.signatures)?;
    let key = |path| Key::of(path, args.passphrase.as_deref()).read();
    let (of_snapshot, of_timestamp) = (key(&args.snapshot_key)?, key(&args.timestamp_key)?);
    let publisher = Publisher {
        snapshot: Page {
            key: &of_snapshot,
            expires: release.valid_until,
        },
        timestamp: Page {
            key: &of_timestamp,
            expires: args.newest_until,
        },
        now: args.home.now(),
    };
    if repository.published().is_some() {
        // Before anybody can ask for it; if nothing is published after all, it is a line too many.
        let grown = consistency_since(&repository.newest()?, &args.home.read()?, &release)?;
        repository.write_consistency(&grown)?;
    }
    let published = repository.publish(&plan, &signatures, &publisher)?;
    let (name, states) = (published.targets.newest().0, published.targets.states());
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    writeln!(out, "published {name}, signed by {}", states.join(", "))?;
    hand_out(&mut repository, &args.home, out)
}

pub(super) fn suspensions(args: &SuspensionsArgs, out: &mut impl Write) -> Result<(), Failure> {
    hand_out(&mut args.folder.open()?, &args.home, out)
}

/// What states have suspended and resumed since the newest snapshot.
fn hand_out(repository: &mut Repository, home: &Home, out: &mut impl Write) -> Result<(), Failure> {
    let newest = repository.newest()?;
    let list = suspensions_since(&newest, &home.read()?, &Limits::default())?;
    repository.write_suspensions(&list)?;
    let off = list.off();
    let number = count(off.len() as u64, "entry");
    writeln!(
        out,
        "what states have suspended since is handed out: {number} off"
    )?;
    for one in off {
        writeln!(
            out,
            "  {} by {} ({}): {}",
            short(&one.entry),
            one.authority,
            one.state,
            one.reason
        )?;
    }
    Ok(())
}
