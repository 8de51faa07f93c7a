//! `ijkpunt baseline info`: what a snapshot holds.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::{EntryId, Time};
use ijkpunt::snapshot::{Edition, Folder, Section, Snapshot, Suspender, Switched};
use serde::Serialize;

use super::open;
use crate::output::{count, printable};
use crate::{Failure, Outcome};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The snapshot, or the folder in which it is installed: then also what is switched off
    #[arg(value_name = "FILE|DIR")]
    path: PathBuf,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Info {
    id: String,
    version: u32,
    sequence: u64,
    created_at: String,
    valid_until: Option<String>,
    policy: Option<String>,
    entries: usize,
    wholes: usize,
    windows: usize,
    frames: usize,
    digests: usize,
    authorities: Vec<Authority>,
    bytes: usize,
    sections: Vec<Part>,
    /// Of a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    suspensions: Option<Vec<Suspension>>,
}

/// What was switched off, and perhaps on again.
#[derive(Serialize)]
struct Suspension {
    entry: EntryId,
    /// As the snapshot calls it; none where it has no such entry.
    title: Option<String>,
    by: String,
    off: bool,
    at: Time,
    reason: String,
}

#[derive(Serialize)]
struct Authority {
    id: String,
    state: String,
    logs: Vec<Log>,
}

/// A log that went in.
#[derive(Serialize)]
struct Log {
    name: String,
    begins: u64,
    size: u64,
    root: String,
    key: Option<String>,
}

#[derive(Serialize)]
struct Part {
    name: &'static str,
    bytes: usize,
}

impl Log {
    fn of(log: &ijkpunt::snapshot::Log) -> Self {
        let hex = |root: [u8; 32]| root.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            name: hex(log.name),
            begins: log.begins,
            size: log.size,
            root: hex(log.root),
            key: log.key.map(hex),
        }
    }
}

impl Info {
    fn of(snapshot: &Snapshot) -> Self {
        let authority = |one: &ijkpunt::baseline::Authority| {
            let logs = snapshot.logs().iter();
            let logs = logs.filter(|log| log.authority == one.id);
            Authority {
                id: one.id.to_string(),
                state: one.state.to_string(),
                logs: logs.map(Log::of).collect(),
            }
        };
        let part = |section: Section| Part {
            name: section.name(),
            bytes: snapshot.section_bytes(section),
        };
        Self {
            id: snapshot.id().to_string(),
            version: ijkpunt::snapshot::VERSION,
            sequence: snapshot.sequence(),
            created_at: snapshot.created_at().to_string(),
            valid_until: snapshot.valid_until().map(|until| until.to_string()),
            policy: snapshot.policy().map(|policy| policy.id().to_string()),
            entries: snapshot.entries(),
            wholes: snapshot.wholes().len(),
            windows: snapshot.windows().len(),
            frames: snapshot.frames().len(),
            digests: snapshot.digests(),
            authorities: snapshot.authorities().iter().map(authority).collect(),
            bytes: snapshot.as_bytes().len(),
            sections: Section::ALL.into_iter().map(part).collect(),
            suspensions: None,
        }
    }

    fn of_edition(edition: &Edition) -> Self {
        let snapshot = edition.snapshot();
        let one = |off: bool| {
            move |(entry, by, why): (EntryId, &Suspender, &Switched)| Suspension {
                entry,
                title: snapshot
                    .find(entry)
                    .map(|number| snapshot.title(number).to_owned()),
                by: by.to_string(),
                off,
                at: why.at,
                reason: why.reason.to_string(),
            }
        };
        let suspensions = edition.suspensions();
        let stand = suspensions.iter().map(one(true));
        let all = stand.chain(suspensions.lifted().map(one(false)));
        Self {
            suspensions: Some(all.collect()),
            ..Self::of(snapshot)
        }
    }
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let info = if args.path.is_dir() {
        Info::of_edition(&Folder::at(&args.path).open()?)
    } else {
        Info::of(&*open(&args.path)?)
    };
    if args.json {
        serde_json::to_writer(&mut *out, &info)?;
        writeln!(out)?;
        return Ok(Outcome::NothingFound);
    }
    let mut line = |name: &str, value: &dyn std::fmt::Display| writeln!(out, "{name:12}{value}");
    line("snapshot", &info.id)?;
    line("format", &format_args!("version {}", info.version))?;
    line("sequence", &info.sequence)?;
    line("created", &info.created_at)?;
    line(
        "valid until",
        &info.valid_until.as_deref().unwrap_or("without end"),
    )?;
    let no_policy = "none: a list of one's own, no state stands behind it";
    line("policy", &info.policy.as_deref().unwrap_or(no_policy))?;
    line("entries", &info.entries)?;
    let hashes = format!(
        "{} of whole pictures, {} of windows, {} of frames",
        info.wholes, info.windows, info.frames
    );
    line("hashes", &hashes)?;
    line("digests", &info.digests)?;
    for one in &info.authorities {
        let log = |log: &Log| {
            let closed = if log.key.is_none() { ", closed" } else { "" };
            format!(
                ", log of {}, root {}{closed}",
                count(log.size, "event"),
                log.root
            )
        };
        let logs: String = one.logs.iter().map(log).collect();
        line(
            "authority",
            &format_args!("{} ({}){logs}", one.id, one.state),
        )?;
    }
    line("bytes", &info.bytes)?;
    for part in info.sections {
        line("", &format_args!("{:9} {:12}", part.name, part.bytes))?;
    }
    for one in info.suspensions.into_iter().flatten() {
        let title = one.title.as_deref().map(printable);
        let title = title.as_deref().unwrap_or("not in this snapshot");
        let Suspension {
            entry,
            by,
            at,
            reason,
            ..
        } = &one;
        let name = if one.off { "off" } else { "on again" };
        line(
            name,
            &format_args!("{entry} ({title}), by {by} at {at}: {reason}"),
        )?;
    }
    Ok(Outcome::NothingFound)
}
