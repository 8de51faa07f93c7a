//! `ijkpunt authority admit|revoke|adopt|endorse|motions`: what several states have to sign.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::{AuthorityId, MemberState, Text, Time};
use ijkpunt::register::Register;
use ijkpunt::sign::standing::MotionReport;
use ijkpunt::sign::{
    Admission, Adoption, Endorsement, Motion, MotionId, Outcome, Revocation, Standing, What,
};
use serde::Serialize;

use super::hand::{Hand, Home};
use super::init::policy;
use super::keygen::card;
use super::words::{short, text};
use crate::Failure;
use crate::table::Table;

#[derive(clap::Args)]
pub(crate) struct AdmitArgs {
    /// The card of the authority: compare its key with what the authority tells you in another way
    #[arg(value_name = "CARD")]
    card: PathBuf,
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
pub(crate) struct RevokeArgs {
    /// Whose log is closed
    #[arg(value_name = "AUTHORITY")]
    authority: AuthorityId,
    /// The first place that is not kept; without it all is kept that is here
    #[arg(long, value_name = "PLACE")]
    from: Option<u64>,
    /// Which story is kept, where the log has told several: the first digits of its root
    #[arg(long, value_name = "ROOT")]
    story: Option<String>,
    /// The card with the key by which the authority goes on; without it, it leaves
    #[arg(long, value_name = "CARD")]
    successor: Option<PathBuf>,
    /// Why, in short, without personal data
    #[arg(long, value_name = "TEXT", value_parser = text::<500>)]
    reason: Text<500>,
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
pub(crate) struct AdoptArgs {
    /// The policy, as JSON, its version counted up
    #[arg(value_name = "FILE")]
    policy: PathBuf,
    /// Authorities of so many distinct states admit others, close logs and change the policy; without it as many as now
    #[arg(long, value_name = "STATES")]
    needed: Option<u32>,
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
pub(crate) struct EndorseArgs {
    /// The first digits of the motion's name, as `motions` shows it
    #[arg(value_name = "MOTION")]
    motion: String,
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    home: Home,
    /// One JSON object for each motion
    #[arg(long)]
    json: bool,
}

pub(super) fn admit(args: &AdmitArgs, out: &mut impl Write) -> Result<(), Failure> {
    let card = card(&args.card)?;
    let motion = Motion::Admit(Admission {
        authority: card.authority,
        key: card.key,
    });
    sign(&args.hand, motion, out)
}

pub(super) fn revoke(args: &RevokeArgs, out: &mut impl Write) -> Result<(), Failure> {
    let register = args.hand.home.read()?;
    let standing = register.standing(args.hand.home.now())?;
    let authority = &args.authority;
    let span = standing.log_of(authority);
    let log = span.ok_or_else(|| format!("{authority} has no log that could be closed: `ijkpunt authority log list` shows who has"))?;
    let stories = register.stories(log.log, args.from)?;
    let wanted = args.story.as_deref().unwrap_or_default();
    let fitting = stories
        .iter()
        .filter(|story| story.root.to_string().starts_with(wanted));
    let keeps = match fitting.collect::<Vec<_>>()[..] {
        [story] => *story,
        [] => {
            return Err(format!(
                "the log of {authority} has no such place or story here: merge it first"
            )
            .into());
        }
        ref several => {
            let several: Vec<String> = several
                .iter()
                .map(|story| format!("  --from {} --story {}", story.until, short(&story.root)))
                .collect();
            return Err(format!(
                "{authority} has told several stories: agree on one, and say which is kept:\n{}",
                several.join("\n")
            )
            .into());
        }
    };
    let successor = args.successor.as_deref().map(card).transpose()?;
    if let Some(other) = successor
        .as_ref()
        .filter(|card| card.authority.id != *authority)
    {
        return Err(format!(
            "the card is of {}: ask {authority} for one of its new key",
            other.authority.id
        )
        .into());
    }
    let motion = Motion::Revoke(Revocation {
        authority: authority.clone(),
        log: log.log,
        keeps,
        successor: successor.map(|card| card.key),
        reason: args.reason.clone(),
    });
    sign(&args.hand, motion, out)
}

pub(super) fn adopt(args: &AdoptArgs, out: &mut impl Write) -> Result<(), Failure> {
    let register = args.hand.home.read()?;
    let standing = register.standing(args.hand.home.now())?;
    let motion = Motion::Adopt(Adoption {
        replaces: standing.policy().id(),
        policy: policy(&args.policy)?,
        needed_states: args.needed.unwrap_or(standing.needed_states()),
    });
    sign(&args.hand, motion, out)
}

pub(super) fn endorse(args: &EndorseArgs, out: &mut impl Write) -> Result<(), Failure> {
    let register = args.hand.home.read()?;
    let standing = register.standing(args.hand.home.now())?;
    let motions = standing.motions().iter();
    let named = motions.filter(|(id, _)| id.to_string().starts_with(&args.motion));
    match named.collect::<Vec<_>>()[..] {
        [(_, report)] => sign(&args.hand, report.motion.clone(), out),
        [] => Err(format!("no motion begins with `{}`: `ijkpunt authority motions` lists them, `merge` brings in those of others", args.motion).into()),
        _ => Err(format!("several motions begin with `{}`: give more digits", args.motion).into()),
    }
}

fn sign(hand: &Hand, motion: Motion, out: &mut impl Write) -> Result<(), Failure> {
    let mut register = hand.home.open()?;
    let key = hand.key.read()?;
    let id = motion.id();
    hand.say(&mut register, &key, |slot| {
        What::Endorsed(Endorsement {
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            motion,
        })
    })?;
    let standing = register.standing(hand.home.now())?;
    if let Some(report) = standing.motions().get(&id) {
        writeln!(
            out,
            "{}, to {}: {}.",
            short(&id),
            report.motion,
            came_of(report, &standing)
        )?;
        if report.outcome == Outcome::Waits {
            writeln!(
                out,
                "Export it: others sign with `ijkpunt authority endorse {}`.",
                short(&id)
            )?;
        }
        if let Motion::Admit(one) = &report.motion {
            writeln!(out, "Its key is {}.", one.key)?;
        }
    }
    Ok(())
}

/// Such as `signed by XA; waits for 1 more state`.
pub(super) fn came_of(report: &MotionReport, standing: &Standing) -> String {
    let states: Vec<String> = report.states().iter().map(ToString::to_string).collect();
    let needed = usize::try_from(standing.needed_states()).unwrap_or(usize::MAX);
    let outcome = match report.outcome {
        Outcome::Waits => {
            let missing = needed.saturating_sub(states.len());
            let noun = if missing == 1 { "state" } else { "states" };
            format!("waits for {missing} more {noun}")
        }
        outcome => outcome.to_string(),
    };
    match &states[..] {
        [] => outcome,
        states => format!("signed by {}; {outcome}", states.join(", ")),
    }
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown<'r> {
    motion: MotionId,
    says: &'r Motion,
    sentence: String,
    signed: Vec<Signed<'r>>,
    outcome: String,
}

#[derive(Serialize)]
struct Signed<'r> {
    authority: &'r AuthorityId,
    state: MemberState,
    at: Time,
}

pub(super) fn list(args: &ListArgs, out: &mut impl Write) -> Result<(), Failure> {
    let register: Register = args.home.read()?;
    let standing = register.standing(args.home.now())?;
    if args.json {
        for (id, report) in standing.motions() {
            let signed = report.signed.iter().map(|(authority, (state, at))| Signed {
                authority,
                state: *state,
                at: *at,
            });
            let shown = Shown {
                motion: *id,
                says: &report.motion,
                sentence: report.motion.to_string(),
                signed: signed.collect(),
                outcome: report.outcome.to_string(),
            };
            writeln!(out, "{}", serde_json::to_string(&shown)?)?;
        }
        return Ok(());
    }
    let mut table = Table::new(["motion", "to", ""]);
    for (id, report) in standing.motions() {
        table.row([
            short(id),
            report.motion.to_string(),
            came_of(report, &standing),
        ]);
    }
    if table.is_empty() {
        writeln!(
            out,
            "Nothing was moved yet: `admit`, `revoke` and `adopt` do that."
        )?;
        return Ok(());
    }
    Ok(table.write("", out)?)
}

/// What waits for a signature of a state.
pub(super) fn waiting(standing: &Standing, state: MemberState) -> Vec<(MotionId, &MotionReport)> {
    let motions = standing.motions().iter().map(|(id, report)| (*id, report));
    let waits = motions.filter(|(_, report)| {
        report.outcome == Outcome::Waits && !report.states().contains(&state)
    });
    waits.collect()
}
