//! `ijkpunt sync`: what states have published, to a folder that screening follows.

mod progress;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ijkpunt::sign::GenesisId;
use ijkpunt::sync::{
    Client, FolderTransport, Freshness, HttpSettings, HttpTransport, Pace, Report, Settings, Stop,
    SyncError, Transport,
};
use serde::Serialize;

use crate::output::{complain, count};
use crate::{Failure, Outcome};

use progress::InSight;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A mirror: its address, or the folder of a repository; may be given several times. No mirror is trusted
    #[arg(long, required = true, value_name = "URL|DIR")]
    repo: Vec<String>,
    /// A folder for this client alone; `ijkpunt screen --baseline DIR/baseline` and programs follow what is installed in it
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The register whose entries are published, by the id that its authorities tell
    #[arg(long, value_name = "ID")]
    register: GenesisId,
    /// The root with which trust begins, such as `1.root.json`: compare it with what the states tell. Later ones come over mirrors
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// The authorities that may vouch for servers, as PEM, such as the system's bundle
    #[arg(long, value_name = "FILE")]
    authorities: Option<PathBuf>,
    /// A file with the token that the servers ask for
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    /// A certificate and its key by which the servers know this client, both as PEM in one file
    #[arg(long, value_name = "FILE")]
    client: Option<PathBuf>,
    /// Ask again and again, until the program is ended
    #[arg(long)]
    watch: bool,
    /// With --watch: so many seconds from one round to the next; longer while nobody can be reached
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "watch")]
    every: u64,
    /// The clock was ahead, and is right now: forget the latest time at which something was found to be current
    #[arg(long, conflicts_with = "watch")]
    forget_time: bool,
    /// JSON, an object a round
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", args.root.display());
    let root = fs::read(&args.root).map_err(|error| told(&error))?;
    let mirrors: Vec<Box<dyn Transport>> = mirrors(args)?;
    let client = Client::new(&args.dir, mirrors, &root, Settings::new(args.register))?;
    if args.forget_time {
        let forgotten = client.forget_time()?;
        match forgotten {
            Some(time) => writeln!(out, "forgotten: {time}")?,
            None => writeln!(out, "there was nothing to forget")?,
        }
    }
    if !args.watch {
        return show(args, client.once(SystemTime::now().into()), out);
    }
    let mut pace = Pace::default();
    pace.interval = Duration::from_secs(args.every.max(1));
    let stop = Stop::new();
    let mut failed = None;
    client.watch(
        pace,
        &stop,
        || SystemTime::now().into(),
        |came| {
            let shown = show(args, came, out).and_then(|_| Ok(out.flush()?));
            if let Err(failure) = shown {
                // Nobody reads on: there is no reason to go on alone.
                failed = Some(failure);
                stop.stop();
            }
        },
    );
    failed.map_or(Ok(Outcome::NothingFound), Err)
}

fn mirrors(args: &Args) -> Result<Vec<Box<dyn Transport>>, Failure> {
    let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut settings = HttpSettings::default();
    if let Some(path) = &args.authorities {
        settings.authorities = read(path)?;
    }
    if let Some(path) = &args.token {
        let token = String::from_utf8(read(path)?)?;
        settings.token = Some(token.trim_end().to_owned());
    }
    if let Some(path) = &args.client {
        settings.client = Some(read(path)?);
    }
    let mut mirrors: Vec<Box<dyn Transport>> = Vec::new();
    for repo in &args.repo {
        mirrors.push(match repo.contains("://") {
            true => Box::new(InSight(HttpTransport::new(repo, &settings)?)),
            false => Box::new(InSight(FolderTransport::at(repo))),
        });
    }
    Ok(mirrors)
}

/// A round, for programs.
#[derive(Serialize)]
struct Shown {
    installed: u64,
    id: String,
    /// None: not known to be the newest.
    fresh_until: Option<String>,
    updated_from: Option<u64>,
    updated: bool,
    fetched_bytes: u64,
    root: u64,
    off: usize,
    newly_off: usize,
    held_back: usize,
    forks: usize,
    troubles: Vec<String>,
}

impl Shown {
    fn of(report: &Report) -> Self {
        let update = report.update.as_ref();
        Self {
            installed: report.installed.sequence,
            id: report.installed.id.to_string(),
            fresh_until: match report.freshness {
                Freshness::Fresh { until } => Some(until.to_string()),
                Freshness::Stale => None,
            },
            updated_from: update.and_then(|update| update.from),
            updated: update.is_some(),
            fetched_bytes: update.map_or(0, |update| update.fetched_bytes),
            root: report.root.get(),
            off: report.suspensions.off,
            newly_off: report.suspensions.newly.len(),
            held_back: report.suspensions.held.values().sum(),
            forks: report.suspensions.forks.len(),
            troubles: report.troubles.iter().map(ToString::to_string).collect(),
        }
    }
}

fn show(
    args: &Args,
    came: Result<Report, SyncError>,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let report = match came {
        Ok(report) => report,
        // The next round may do better; a single one has failed.
        Err(error) if args.watch => {
            complain(&format_args!("error: {error}"));
            return Ok(Outcome::Undecided);
        }
        Err(error) => return Err(error.into()),
    };
    if args.json {
        serde_json::to_writer(&mut *out, &Shown::of(&report))?;
        writeln!(out)?;
    } else {
        let words = Words::of(&report);
        for line in words.said {
            writeln!(out, "{line}")?;
        }
        words.complained.iter().for_each(|line| complain(line));
    }
    Ok(match report.freshness {
        Freshness::Fresh { .. } => Outcome::NothingFound,
        Freshness::Stale => Outcome::Undecided,
    })
}

/// What a round came to, for people: what is to be read, and what somebody has to look after.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) said: Vec<String>,
    pub(crate) complained: Vec<String>,
}

impl Words {
    pub(crate) fn of(report: &Report) -> Self {
        let mut words = Self::default();
        words.installed(report);
        words.suspended(report);
        let troubles = report.troubles.iter().map(ToString::to_string);
        words.complained.extend(troubles);
        if let Some(clock) = &report.clock_behind {
            words.complained.push(format!(
                "the clock shows {}, and {} has been: set it, or say --forget-time if it was ahead",
                clock.now, clock.latest
            ));
        }
        words
    }

    fn installed(&mut self, report: &Report) {
        let number = report.installed.sequence;
        if let Some(update) = &report.update {
            let from = update
                .from
                .map_or(String::new(), |from| format!(", before {from}"));
            let bytes = update.fetched_bytes;
            self.said.push(format!(
                "installed snapshot {number}{from}: {bytes} bytes fetched"
            ));
            let cut = update.cut.iter();
            self.complained.extend(cut.map(|authority| {
                format!(
                    "the log of {authority} was closed earlier than it was read before: ask why"
                )
            }));
        }
        self.said.push(match report.freshness {
            Freshness::Fresh { until } => {
                format!("snapshot {number} is the newest, which is known until {until}")
            }
            Freshness::Stale => format!(
                "STALE: snapshot {number} is installed, and it is not known whether something newer is published or suspended"
            ),
        });
    }

    fn suspended(&mut self, report: &Report) {
        let suspensions = &report.suspensions;
        if suspensions.off > 0 {
            let off = count(suspensions.off as u64, "suspension");
            self.said.push(format!("{off} by states"));
        }
        self.said.extend(suspensions.newly.iter().map(|one| {
            let (entry, authority, state) = (&one.entry, &one.authority, one.state);
            format!(
                "off now: entry {entry}, by {authority} ({state}): {}",
                one.reason
            )
        }));
        self.complained.extend(suspensions.held.iter().map(|(state, held)| {
            let held = count(*held as u64, "entry");
            format!(
                "{state} switches off more than it can in a day: {held} held back until there is room; ask {state}"
            )
        }));
        self.complained.extend(suspensions.forks.iter().map(|fork| {
            let (authority, state, at) = (&fork.authority, fork.state, fork.at);
            format!("the log of {authority} ({state}) tells two stories from place {at} on")
        }));
    }
}
