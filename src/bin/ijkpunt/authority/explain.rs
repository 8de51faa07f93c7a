//! `ijkpunt authority explain`: who said what of an entry, what is missing, and a proof of it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::consensus::{Effect, Membership, Position, Voice};
use ijkpunt::baseline::{ConsensusState, Entry, EntryId, Event, Explanation, MemberState, Time};
use ijkpunt::register::{Account, Register};
use ijkpunt::sign::GenesisId;
use serde::Serialize;

use super::hand::Home;
use super::words::{account, entry, short};
use crate::Failure;
use crate::output::count;
use crate::table::Table;
use crate::verify::write_statements;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    #[command(flatten)]
    home: Home,
    /// Write a proof of it, which anybody checks with `ijkpunt verify`, without a register
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown<'a> {
    register: GenesisId,
    at: Time,
    entry: EntryId,
    proposal: &'a Entry,
    state: ConsensusState,
    sentence: String,
    explanation: &'a Explanation,
    statements: &'a [Event],
    void: Vec<Void>,
}

/// What does not count.
#[derive(Serialize)]
struct Void {
    log: String,
    sequence: u64,
    why: String,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let (register, now) = (args.home.read()?, args.home.now());
    let id = entry(&register, &args.entry)?;
    let account = account(&register, id, now)?;
    if args.json {
        let shown = shown(&register, id, &account, now);
        writeln!(out, "{}", serde_json::to_string(&shown)?)?;
    } else {
        write(id, &account, out)?;
    }
    let Some(path) = &args.proof else {
        return Ok(());
    };
    let proof = register
        .proof(id, now)?
        .ok_or("the entry is not there any more")?;
    fs::write(path, proof.to_json()).map_err(|error| format!("{}: {error}", path.display()))?;
    if !args.json {
        let path = path.display();
        writeln!(
            out,
            "\n{path}: the proof. Whoever gets it needs no register:\n  ijkpunt verify {path} --register {}",
            register.id()
        )?;
    }
    Ok(())
}

fn shown<'a>(register: &Register, id: EntryId, account: &'a Account, now: Time) -> Shown<'a> {
    let explanation = &account.consensus.explanation;
    let void = account.void.iter().map(|(place, why)| Void {
        log: place.log.to_string(),
        sequence: place.sequence,
        why: why.to_string(),
    });
    Shown {
        register: register.id(),
        at: now,
        entry: id,
        proposal: &account.entry,
        state: account.consensus.state,
        sentence: explanation.to_string(),
        explanation,
        statements: &account.counted,
        void: void.collect(),
    }
}

fn write(id: EntryId, account: &Account, out: &mut impl Write) -> Result<(), Failure> {
    let Account {
        entry,
        consensus,
        counted,
        void,
        ..
    } = account;
    writeln!(out, "{id} \"{}\" is: {}", entry.title, consensus.state)?;
    writeln!(out, "  {}", consensus.explanation)?;
    writeln!(out)?;
    write_entry(entry, out)?;
    writeln!(out)?;
    let mut table = Table::new(["state", "says", "asked", "and so"]);
    for Voice {
        state,
        position,
        membership,
        effect,
    } in &consensus.explanation.voices
    {
        table.row([
            state.to_string(),
            position.to_string(),
            match membership {
                Membership::Asked => "yes".to_owned(),
                Membership::Joins(at) => format!("from {at} on"),
                Membership::Outside => "no".to_owned(),
            },
            match effect {
                Effect::Supports => "supports",
                Effect::OtherTypes => "names other types",
                Effect::Consents => "consents by silence",
                Effect::Objects => "objects",
                Effect::Nothing => waits(*position).unwrap_or_default(),
            }
            .to_owned(),
        ]);
    }
    table.write("", out)?;
    writeln!(
        out,
        "\n{} that count:",
        count(counted.len() as u64, "statement")
    )?;
    write_statements(counted, out)?;
    if !void.is_empty() {
        writeln!(
            out,
            "\n{} that do not count:",
            count(void.len() as u64, "statement")
        )?;
        for (place, why) in void {
            writeln!(out, "  log {} {}: {why}", short(&place.log), place.sequence)?;
        }
    }
    Ok(())
}

fn write_entry(entry: &Entry, out: &mut impl Write) -> Result<(), Failure> {
    let windows = entry
        .fingerprints
        .iter()
        .filter(|one| one.part.is_some())
        .count();
    let shown = entry.fingerprints.iter();
    let frames = shown.filter(|one| one.shown.is_some()).count();
    let wholes = entry.fingerprints.len() - windows - frames;
    let of_frames = match frames {
        0 => String::new(),
        _ => format!(", {} of frames of a video", count(frames as u64, "hash")),
    };
    let file = entry
        .source
        .as_ref()
        .map(|source| format!(", {} of {} bytes", source.mime, source.size));
    let file = file.unwrap_or_default();
    let by = format!("{}, {}", entry.created_by, entry.created_at);
    let mut table = Table::of(["by".to_owned(), by]);
    table.row([
        "of".to_owned(),
        format!(
            "{} and {} of parts{of_frames}{file}",
            count(wholes as u64, "hash"),
            count(windows as u64, "hash")
        ),
    ]);
    if let Some(producer) = &entry.producer {
        table.row(["made by".to_owned(), producer.to_string()]);
    }
    if !entry.labels.is_empty() {
        let labels: Vec<&str> = entry.labels.iter().map(|label| label.as_str()).collect();
        table.row(["shows".to_owned(), labels.join(", ")]);
    }
    if let Some(review_by) = entry.review_by {
        table.row(["review by".to_owned(), review_by.to_string()]);
    }
    Ok(table.write("", out)?)
}

/// Why a state has no word that does something, if one is waited for.
pub(super) fn waits(position: Position) -> Option<&'static str> {
    match position {
        Position::Silent => Some("is missing"),
        Position::Expired => Some("has to be renewed"),
        Position::Withdrawn => Some("was taken back, or fell with an act"),
        Position::AdoptedOnly => Some("is only adopted: somebody has to view it"),
        Position::Conflict => Some("says two things at one place: has to be said again"),
        Position::Divided => Some("its authorities differ: they have to agree"),
        _ => None,
    }
}

/// Whether a state has said something of an entry; what others say is shown to it from then on.
pub(super) fn has_spoken(explanation: &Explanation, state: MemberState) -> bool {
    let mut voices = explanation.voices.iter();
    voices.any(|voice| voice.state == state && voice.position != Position::Silent)
}

/// What an entry is now, told to somebody of a state.
pub(super) fn tell(
    register: &Register,
    id: EntryId,
    state: MemberState,
    now: Time,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let consensus = account(register, id, now)?.consensus;
    if has_spoken(&consensus.explanation, state) {
        writeln!(
            out,
            "It is now: {}\n  {}",
            consensus.state, consensus.explanation
        )?;
    } else {
        writeln!(
            out,
            "What others say of it is shown once {state} has assessed it."
        )?;
    }
    Ok(())
}
