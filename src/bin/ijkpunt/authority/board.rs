//! `ijkpunt authority status`: the board.

use std::collections::BTreeMap;
use std::io::Write;

use ijkpunt::baseline::consensus::{Effect, Membership, Position};
use ijkpunt::baseline::{ConsensusState, EntryId, Explanation, MemberState, Time};
use ijkpunt::register::{Case, Register};
use ijkpunt::sign::GenesisId;
use serde::Serialize;

use super::explain::{has_spoken, waits};
use super::hand::Home;
use super::init::rules;
use super::log::forks;
use super::words::short;
use crate::table::Table;
use crate::{Failure, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The state that looks: what others say of an entry is shown once this state has assessed it. Without it nobody's word is hidden, for those who assess nothing
    #[arg(long = "for", value_name = "STATE")]
    state: Option<MemberState>,
    /// All entries, too
    #[arg(long)]
    entries: bool,
    #[command(flatten)]
    home: Home,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// An entry, as far as it is shown.
#[derive(Serialize)]
struct Shown {
    entry: EntryId,
    title: String,
    proposed_at: Time,
    /// None where the state that looks has said nothing of it yet.
    state: Option<ConsensusState>,
    sentence: Option<String>,
    disagrees: bool,
    #[serde(skip)]
    waits_for: Vec<MemberState>,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Board {
    register: GenesisId,
    at: Time,
    policy: String,
    /// How many entries are of each state, as far as it is shown.
    states: BTreeMap<String, u64>,
    /// How many the state that looks has said nothing of.
    not_assessed: u64,
    /// How many wait for each state.
    waits_for: BTreeMap<MemberState, u64>,
    disagreements: Vec<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<Shown>>,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let (register, now) = (args.home.read()?, args.home.now());
    let board = board(args, &register, now)?;
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&board)?)?;
        return Ok(());
    }
    write(args, &board, out)?;
    Ok(forks(&register, out)?)
}

fn board(args: &Args, register: &Register, now: Time) -> Result<Board, Failure> {
    let cases = register.states(now, work::cores(), |case| shown(case, args.state))?;
    let mut cases: Vec<Shown> = cases.into_values().collect();
    cases.sort_by_key(|one| (one.proposed_at, one.entry));
    let (mut states, mut waits_for, mut not_assessed) = (BTreeMap::new(), BTreeMap::new(), 0);
    for one in &cases {
        match one.state {
            Some(state) => *states.entry(name(state)).or_default() += 1,
            None => not_assessed += 1,
        }
        for state in &one.waits_for {
            *waits_for.entry(*state).or_default() += 1;
        }
    }
    let (disagreements, others) = cases
        .into_iter()
        .partition::<Vec<_>, _>(|one| one.disagrees);
    Ok(Board {
        register: register.id(),
        at: now,
        policy: rules(register.standing(now)?.policy()),
        states,
        not_assessed,
        waits_for,
        disagreements,
        entries: args.entries.then_some(others),
    })
}

/// Emerging ones are one kind, however many say so.
pub(super) fn name(state: ConsensusState) -> String {
    match state {
        ConsensusState::Emerging { .. } => "emerging".to_owned(),
        state => state.to_string(),
    }
}

fn shown(case: &Case<'_>, looks: Option<MemberState>) -> Shown {
    let explanation = &case.consensus.explanation;
    let is_shown = looks.is_none_or(|state| has_spoken(explanation, state));
    let is_open = case.consensus.state != ConsensusState::Withdrawn;
    let voices = explanation.voices.iter();
    let waiting = voices.filter(|voice| {
        is_open && voice.membership != Membership::Outside && waits(voice.position).is_some()
    });
    Shown {
        entry: case.id,
        title: case.entry.title.to_string(),
        proposed_at: case.entry.created_at,
        state: is_shown.then_some(case.consensus.state),
        sentence: is_shown.then(|| explanation.to_string()),
        disagrees: is_shown && disagrees(explanation),
        waits_for: waiting.map(|voice| voice.state).collect(),
    }
}

/// Whether some say otherwise than others.
fn disagrees(explanation: &Explanation) -> bool {
    let has = |effect| {
        explanation
            .voices
            .iter()
            .any(|voice| voice.effect == effect)
    };
    let mut voices = explanation.voices.iter();
    let is_torn =
        voices.any(|voice| matches!(voice.position, Position::Divided | Position::Conflict));
    is_torn || has(Effect::OtherTypes) || (has(Effect::Objects) && has(Effect::Supports))
}

fn write(args: &Args, board: &Board, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(
        out,
        "register  {}\nrules     {}\nat        {}\n",
        board.register, board.policy, board.at
    )?;
    let mut table = Table::new(["entries", "that are"]);
    for (state, number) in &board.states {
        table.row([number.to_string(), state.clone()]);
    }
    if let Some(state) = args.state.filter(|_| board.not_assessed > 0) {
        table.row([
            board.not_assessed.to_string(),
            format!("not assessed by {state} yet: what others say of them is shown then"),
        ]);
    }
    if table.is_empty() {
        writeln!(
            out,
            "Nothing is proposed yet: `ijkpunt authority propose FILE`, or `merge` what others have exported."
        )?;
        return Ok(());
    }
    table.write("", out)?;
    let mut table = Table::new(["entries", "wait for"]);
    for (state, number) in &board.waits_for {
        table.row([number.to_string(), state.to_string()]);
    }
    if !table.is_empty() {
        writeln!(out)?;
        table.write("", out)?;
    }
    if !board.disagreements.is_empty() {
        writeln!(out, "\nDisagreements:")?;
        write_entries(&board.disagreements, out)?;
    }
    if let Some(others) = board.entries.as_ref().filter(|others| !others.is_empty()) {
        writeln!(out, "\nOther entries:")?;
        write_entries(others, out)?;
    }
    Ok(())
}

fn write_entries(entries: &[Shown], out: &mut impl Write) -> Result<(), Failure> {
    let mut table = Table::new(["entry", "proposed", "state", "title", ""]);
    for one in entries {
        table.row([
            short(&one.entry),
            one.proposed_at.to_string(),
            one.state
                .map_or_else(|| "hidden".to_owned(), |state| state.to_string()),
            one.title.clone(),
            one.sentence.clone().unwrap_or_default(),
        ]);
    }
    Ok(table.write("  ", out)?)
}
