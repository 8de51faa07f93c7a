//! `ijkpunt verify`: whether a proof of an entry's state holds. It needs no register and no network.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use ijkpunt::baseline::{ConsensusState, EntryId, Event, Time};
use ijkpunt::limits::Limits;
use ijkpunt::sign::{GenesisId, Head, Proof, Proven};
use serde::Serialize;

use crate::output::count;
use crate::{Failure, Outcome};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The proof: a file, as an authority gives it
    #[arg(value_name = "PROOF")]
    path: PathBuf,
    /// The register that it has to be of, by the id that its founders publish: without it anybody's register will do
    #[arg(long, value_name = "ID")]
    register: Option<GenesisId>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown<'p> {
    register: GenesisId,
    /// Whether it is the one that was asked for; none where none was.
    register_is_expected: Option<bool>,
    at: Time,
    entry: EntryId,
    title: String,
    state: ConsensusState,
    explanation: &'p ijkpunt::baseline::Explanation,
    sentence: String,
    statements: &'p [Event],
    logs: Vec<Log<'p>>,
}

#[derive(Serialize)]
struct Log<'p> {
    authority: &'p ijkpunt::baseline::AuthorityId,
    state: ijkpunt::baseline::MemberState,
    log: String,
    size: u64,
    root: String,
}

impl<'p> Log<'p> {
    fn of(head: &'p Head) -> Self {
        Self {
            authority: &head.authority,
            state: head.state,
            log: head.log.to_string(),
            size: head.size,
            root: head.root.to_string(),
        }
    }
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let limits = Limits::default();
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", args.path.display());
    let mut bytes = Vec::new();
    let file = File::open(&args.path).map_err(|error| told(&error))?;
    let most = limits.proof_bytes.saturating_add(1);
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| told(&error))?;
    let proof = Proof::from_json(&bytes, &limits).map_err(|error| told(&error))?;
    let mut proven = proof.verify().map_err(|error| told(&error))?;
    // By whom people look for, and not by the names of keys.
    proven
        .heads
        .sort_by(|a, b| (a.state, &a.authority, a.log).cmp(&(b.state, &b.authority, b.log)));
    if let Some(expected) = args.register.filter(|id| *id != proven.register) {
        let found = proven.register;
        return Err(told(&format_args!(
            "it holds, but of the register {found}, and not of {expected}: anybody can found a register"
        ))
        .into());
    }
    if args.json {
        serde_json::to_writer(&mut *out, &shown(&proven, args.register))?;
        writeln!(out)?;
    } else {
        write(&proven, args.register, out)?;
    }
    Ok(Outcome::NothingFound)
}

fn shown(proven: &Proven, expected: Option<GenesisId>) -> Shown<'_> {
    Shown {
        register: proven.register,
        register_is_expected: expected.map(|id| id == proven.register),
        at: proven.at,
        entry: proven.entry.id(),
        title: proven.entry.title.to_string(),
        state: proven.consensus.state,
        explanation: &proven.consensus.explanation,
        sentence: proven.consensus.explanation.to_string(),
        statements: &proven.counted,
        logs: proven.heads.iter().map(Log::of).collect(),
    }
}

fn write(
    proven: &Proven,
    expected: Option<GenesisId>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let Proven {
        at,
        entry,
        consensus,
        ..
    } = proven;
    writeln!(
        out,
        "The proof holds: at {at} the entry is \"{}\".",
        consensus.state
    )?;
    writeln!(out, "  {}", consensus.explanation)?;
    writeln!(out, "entry     {} \"{}\"", entry.id(), entry.title)?;
    writeln!(out, "by        {}, {}", entry.created_by, entry.created_at)?;
    let whose = if expected.is_some() {
        "the one that was asked for"
    } else {
        "compare it with the id that its founders publish: anybody can found a register"
    };
    writeln!(out, "register  {}: {whose}", proven.register)?;
    writeln!(out)?;
    writeln!(
        out,
        "{} that count:",
        count(proven.counted.len() as u64, "statement")
    )?;
    write_statements(&proven.counted, out)?;
    writeln!(out)?;
    writeln!(
        out,
        "Whether something was left out is seen by comparing these logs with those of the authorities:"
    )?;
    for head in &proven.heads {
        let Head {
            authority,
            state,
            size,
            root,
            ..
        } = head;
        let statements = count(*size, "statement");
        writeln!(out, "  {state} {authority}: {statements}, root {root}")?;
    }
    Ok(())
}

/// A line for each.
pub(crate) fn write_statements(events: &[Event], out: &mut impl Write) -> io::Result<()> {
    for event in events {
        let state = event
            .state()
            .map_or_else(String::new, |state| state.to_string());
        writeln!(
            out,
            "  {} {state:2} {} {}: {}",
            event.at(),
            event.authority(),
            event.sequence(),
            words(event)
        )?;
    }
    Ok(())
}

/// What an event says, in few words.
fn words(event: &Event) -> String {
    match event {
        Event::EntryCreated(_) => "proposes the entry".to_owned(),
        Event::Assessed(one) => {
            let based_on = one.based_on.as_ref();
            let rests = based_on.map(|act| format!(", which rests on {}", act.name()));
            let rests = rests.unwrap_or_default();
            format!("{}{rests}: {}", one.verdict, one.reasons.short)
        }
        Event::Withdrawn(one) => format!("withdraws: {}", one.reason),
        Event::Suspended(one) => format!("suspends it: {}", one.reason),
        Event::Resumed(_) => "lifts its suspension".to_owned(),
        Event::InstrumentEnded(one) => {
            format!("{} has no effect any more: {}", one.instrument, one.reason)
        }
        Event::Feedback(one) => format!(
            "was told by {}: {} of {} reviews went against the match",
            one.platform,
            one.reviews.against(),
            one.reviews.reviewed()
        ),
        _ => "says something that this version does not know".to_owned(),
    }
}
