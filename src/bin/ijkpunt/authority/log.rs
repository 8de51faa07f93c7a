//! `ijkpunt authority log`: the logs of a register.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use ijkpunt::baseline::{AuthorityId, MemberState};
use ijkpunt::register::{Register, RegisterError};
use ijkpunt::sign::{Motion, PublicKey, Signer, Standing};
use serde::Serialize;

use super::hand::{Hand, Home, Key};
use super::keygen::card;
use super::words::short;
use crate::Failure;
use crate::output::count;
use crate::table::Table;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Open your authority's log: the first thing that it says
    Open(OpenArgs),
    /// Change the key: the old one signs nothing any more
    Rotate(RotateArgs),
    /// Sign how far your log has come: others can hold it against you
    Promise(PromiseArgs),
    /// The logs that are here, and what is wrong with them
    List(ListArgs),
    /// Verify everything anew: the file, all signatures, all rules, all trees
    Verify(Home),
}

#[derive(clap::Args)]
pub(crate) struct OpenArgs {
    #[command(flatten)]
    hand: Hand,
    /// Your card, where nobody has moved to admit you yet
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct RotateArgs {
    #[command(flatten)]
    hand: Hand,
    /// The new key, as `keygen` wrote it
    #[arg(long, value_name = "FILE")]
    new_key: PathBuf,
    /// A file with the new key's passphrase
    #[arg(long, value_name = "FILE")]
    new_passphrase: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct PromiseArgs {
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    home: Home,
    /// One JSON object for each log
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        Command::Open(args) => open(args, out),
        Command::Rotate(args) => rotate(args, out),
        Command::Promise(args) => promise(args, out),
        Command::List(args) => list(args, out),
        Command::Verify(home) => verify(home, out),
    }
}

fn open(args: &OpenArgs, out: &mut impl Write) -> Result<(), Failure> {
    let OpenArgs { hand, card: path } = args;
    let mut register = hand.home.open()?;
    let key = hand.key.read()?;
    let now = hand.home.now();
    let standing = register.standing(now)?;
    let of_card = path.as_deref().map(card).transpose()?;
    let of_card = of_card.filter(|card| card.key == key.public_key());
    let of_card = of_card.map(|card| (card.authority.id, card.authority.state));
    let whose = whose(&standing, key.public_key()).or(of_card);
    let Some((by, state)) = whose else {
        let key = short(&key.public_key().id());
        return Err(format!("nobody has admitted the key {key}: take the one of your card, or merge what those have signed who admit you, or give your card with --card").into());
    };
    let place = register.open_log(&by, state, &key, now)?;
    writeln!(
        out,
        "The log of {by} ({state}) is open; it begins at {}.",
        place.sequence
    )?;
    if standing.log_of(&by).is_none() {
        let needed = standing.needed_states();
        writeln!(
            out,
            "What it says counts once authorities of {needed} states have admitted it: export it, and give them your card."
        )?;
    }
    Ok(())
}

/// The authority that opens its log by this key.
fn whose(standing: &Standing, key: PublicKey) -> Option<(AuthorityId, MemberState)> {
    let mut members = standing.members().values();
    let member = members.find(|member| member.spans.iter().any(|span| span.log == key.id()));
    let moved = standing
        .motions()
        .values()
        .find_map(|report| match &report.motion {
            Motion::Admit(one) if one.key == key => {
                Some((one.authority.id.clone(), one.authority.state))
            }
            Motion::Revoke(one) if one.successor == Some(key) => {
                let state = standing.members().get(&one.authority)?.authority.state;
                Some((one.authority.clone(), state))
            }
            _ => None,
        });
    member
        .map(|member| (member.authority.id.clone(), member.authority.state))
        .or(moved)
}

fn rotate(args: &RotateArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut register = args.hand.home.open()?;
    let old = args.hand.key.read()?;
    let new = Key::of(&args.new_key, args.new_passphrase.as_deref()).read()?;
    let place = register.rotate(&old, &new, args.hand.home.now())?;
    writeln!(
        out,
        "From place {} on {} signs. Destroy the old key.",
        place.sequence + 1,
        new.public_key()
    )?;
    Ok(())
}

fn promise(args: &PromiseArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut register = args.hand.home.open()?;
    let note = register.promise(&args.hand.key.read()?)?;
    out.write_all(&note.to_bytes())?;
    Ok(())
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown {
    log: String,
    authority: AuthorityId,
    state: MemberState,
    begins: u64,
    ends: u64,
    last: ijkpunt::baseline::Time,
    forked_at: Option<u64>,
    /// Why what it says next would not count.
    void: Option<String>,
}

fn list(args: &ListArgs, out: &mut impl Write) -> Result<(), Failure> {
    let logs = args.home.read()?.logs(args.home.now())?;
    if args.json {
        for log in logs {
            let shown = Shown {
                log: log.log.to_string(),
                authority: log.authority,
                state: log.state,
                begins: log.begins,
                ends: log.ends,
                last: log.last,
                forked_at: log.forked_at,
                void: log.void.map(|void| void.to_string()),
            };
            writeln!(out, "{}", serde_json::to_string(&shown)?)?;
        }
        return Ok(());
    }
    let mut table = Table::new(["authority", "state", "log", "statements", "last", ""]);
    for log in &logs {
        let void = log
            .void
            .as_ref()
            .map(|void| format!("does not count: {void}"));
        table.row([
            log.authority.to_string(),
            log.state.to_string(),
            short(&log.log),
            (log.ends - log.begins).to_string(),
            log.last.to_string(),
            void.unwrap_or_default(),
        ]);
    }
    if table.is_empty() {
        writeln!(
            out,
            "No log is here yet: open yours with `ijkpunt authority log open`, or `merge` what others have exported."
        )?;
        return Ok(());
    }
    Ok(table.write("", out)?)
}

fn verify(home: &Home, out: &mut impl Write) -> Result<(), Failure> {
    let register = home.read()?;
    let bar = crate::work::counter("statements");
    let verified = register.verify(|statements| bar.set_position(statements));
    bar.finish_and_clear();
    let verified = verified?;
    let statements = count(verified.statements, "statement");
    writeln!(
        out,
        "All is as it has to be: {statements}, each signed and in its place."
    )?;
    writeln!(
        out,
        "head {}: keep it elsewhere, to notice if the file is replaced or cut off.",
        verified.head.chain
    )?;
    Ok(forks(&register, out)?)
}

/// The logs that have told two stories.
pub(super) fn forks(register: &Register, out: &mut impl Write) -> Result<(), RegisterError> {
    for fork in register.forks()? {
        let (authority, at) = (&fork.authority, fork.at);
        writeln!(
            out,
            "FORKED: {authority} has told two stories from place {at} on; what it says there counts only once states say which one is kept: `ijkpunt authority revoke {authority}`"
        )?;
    }
    Ok(())
}
