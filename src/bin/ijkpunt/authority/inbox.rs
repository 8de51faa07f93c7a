//! `ijkpunt authority inbox`: what waits for a state.

use std::io::Write;

use ijkpunt::baseline::consensus::Membership;
use ijkpunt::baseline::{ConsensusState, EntryId, MemberState, Time};
use ijkpunt::sign::MotionId;
use serde::Serialize;

use super::explain::waits;
use super::hand::Home;
use super::motion::{came_of, waiting};
use super::words::short;
use crate::output::count;
use crate::table::Table;
use crate::{Failure, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The state
    #[arg(long = "for", value_name = "STATE")]
    state: MemberState,
    #[command(flatten)]
    home: Home,
    /// Show so many entries
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    most: usize,
    /// One JSON object for each motion and each entry, all of them
    #[arg(long)]
    json: bool,
}

/// An entry that waits, as the JSON shows it. Nothing of what others say: whoever assesses it has not been told.
#[derive(Serialize)]
struct Waits {
    entry: EntryId,
    title: String,
    proposed_by: String,
    proposed_at: Time,
    media: ijkpunt::baseline::MediaKind,
    hashes: usize,
    review_by: Option<Time>,
    /// Of the state's own word.
    why: &'static str,
}

#[derive(Serialize)]
struct Motion {
    motion: MotionId,
    sentence: String,
    outcome: String,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let (register, now, state) = (args.home.read()?, args.home.now(), args.state);
    let standing = register.standing(now)?;
    let cases = register.states(now, work::cores(), |case| {
        let voices = &case.consensus.explanation.voices;
        let own = voices.iter().find(|voice| voice.state == state)?;
        let why = waits(own.position)?;
        if own.membership == Membership::Outside
            || case.consensus.state == ConsensusState::Withdrawn
        {
            return None;
        }
        let entry = case.entry;
        Some(Waits {
            entry: case.id,
            title: entry.title.to_string(),
            proposed_by: entry.created_by.to_string(),
            proposed_at: entry.created_at,
            media: entry.media,
            hashes: entry.fingerprints.len(),
            review_by: entry.review_by,
            why,
        })
    })?;
    let mut entries: Vec<Waits> = cases.into_values().flatten().collect();
    entries.sort_by_key(|one| (one.proposed_at, one.entry));
    let motions = waiting(&standing, state);
    let motions = motions.into_iter().map(|(id, report)| Motion {
        motion: id,
        sentence: report.motion.to_string(),
        outcome: came_of(report, &standing),
    });
    let motions: Vec<Motion> = motions.collect();
    if args.json {
        for motion in motions {
            writeln!(out, "{}", serde_json::to_string(&motion)?)?;
        }
        for entry in entries {
            writeln!(out, "{}", serde_json::to_string(&entry)?)?;
        }
        return Ok(());
    }
    write(args, &motions, &entries, out)
}

fn write(
    args: &Args,
    motions: &[Motion],
    entries: &[Waits],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let state = args.state;
    if motions.is_empty() && entries.is_empty() {
        writeln!(out, "Nothing waits for {state}.")?;
        return Ok(());
    }
    if !motions.is_empty() {
        writeln!(
            out,
            "{} to sign, with `ijkpunt authority endorse MOTION`:",
            count(motions.len() as u64, "motion")
        )?;
        let mut table = Table::new(["motion", "to", ""]);
        for one in motions {
            table.row([
                short(&one.motion),
                one.sentence.clone(),
                one.outcome.clone(),
            ]);
        }
        table.write("  ", out)?;
    }
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "{} to assess, with `ijkpunt authority assess ENTRY`, the oldest first:",
        count(entries.len() as u64, "entry")
    )?;
    let mut table = Table::new([
        "entry",
        "proposed",
        "by",
        "hashes",
        &format!("the word of {state}"),
        "title",
    ]);
    for one in entries.iter().take(args.most) {
        table.row([
            short(&one.entry),
            one.proposed_at.to_string(),
            one.proposed_by.clone(),
            one.hashes.to_string(),
            one.why.to_owned(),
            one.title.clone(),
        ]);
    }
    table.write("  ", out)?;
    if entries.len() > args.most {
        writeln!(
            out,
            "  and {} more: --most shows more, --json all",
            entries.len() - args.most
        )?;
    }
    Ok(())
}
