//! `ijkpunt authority suspend|resume|withdraw`: an entry is stopped, goes on, and words are taken back.

use std::io::Write;

use ijkpunt::baseline::{
    AuthorityId, Event, Resumption, Suspension, Target, Text, Withdrawal, WithdrawalReason,
};
use ijkpunt::register::Account;
use ijkpunt::sign::What;

use super::explain::tell;
use super::hand::Hand;
use super::words::{account, entry, named, short, text};
use crate::Failure;

#[derive(clap::Args)]
pub(crate) struct SuspendArgs {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// Why, in short, without personal data
    #[arg(long, value_name = "TEXT", value_parser = text::<500>)]
    reason: Text<500>,
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
pub(crate) struct ResumeArgs {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
pub(crate) struct WithdrawArgs {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// Why: assessment-revoked, order-annulled, scrutiny-infringement, complaint-upheld, wrong-media, over-broad, exempt-purpose, superseded, expired, key-compromise,
    /// high-overturn-rate, court-order
    #[arg(long, value_name = "WHY", value_parser = named::<WithdrawalReason>)]
    reason: WithdrawalReason,
    /// All that your authority has said of it; and, if it proposed it, the entry itself: for everybody, and for good. Without it your latest assessment
    #[arg(long)]
    everything: bool,
    /// What was removed for it has to be put back
    #[arg(long)]
    reinstate: bool,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn suspend(args: &SuspendArgs, out: &mut impl Write) -> Result<(), Failure> {
    let now = args.hand.home.now();
    let mut register = args.hand.home.open()?;
    let id = entry(&register, &args.entry)?;
    let known = account(&register, id, now)?;
    let key = args.hand.key.read()?;
    let slot = args.hand.slot(&mut register, &key)?;
    args.hand.say(&mut register, &key, |slot| {
        What::Event(Event::Suspended(Suspension {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            reason: args.reason.clone(),
            at: slot.at,
        }))
    })?;
    writeln!(
        out,
        "{} ({}) suspends {} \"{}\": it is off for everybody who merges this, until {0} resumes it.",
        slot.by,
        slot.state,
        short(&id),
        known.entry.title
    )?;
    tell(&register, id, slot.state, now, out)
}

pub(super) fn resume(args: &ResumeArgs, out: &mut impl Write) -> Result<(), Failure> {
    let now = args.hand.home.now();
    let mut register = args.hand.home.open()?;
    let id = entry(&register, &args.entry)?;
    let known = account(&register, id, now)?;
    let key = args.hand.key.read()?;
    let slot = args.hand.slot(&mut register, &key)?;
    let lifts = suspended_at(&known, &slot.by);
    let lifts = lifts.ok_or_else(|| {
        format!(
            "{} does not suspend {}: only who suspends an entry can resume it",
            slot.by,
            short(&id)
        )
    })?;
    args.hand.say(&mut register, &key, |slot| {
        What::Event(Event::Resumed(Resumption {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            lifts,
            at: slot.at,
        }))
    })?;
    writeln!(
        out,
        "{} ({}) resumes {} \"{}\".",
        slot.by,
        slot.state,
        short(&id),
        known.entry.title
    )?;
    tell(&register, id, slot.state, now, out)
}

/// The place of the authority's suspension that is not lifted.
fn suspended_at(account: &Account, by: &AuthorityId) -> Option<u64> {
    let lifted = |sequence: u64| {
        account.counted.iter().any(
            |event| matches!(event, Event::Resumed(one) if one.by == *by && one.lifts == sequence),
        )
    };
    account.counted.iter().rev().find_map(|event| match event {
        Event::Suspended(one) if one.by == *by && !lifted(one.sequence) => Some(one.sequence),
        _ => None,
    })
}

pub(super) fn withdraw(args: &WithdrawArgs, out: &mut impl Write) -> Result<(), Failure> {
    let now = args.hand.home.now();
    let mut register = args.hand.home.open()?;
    let id = entry(&register, &args.entry)?;
    let known = account(&register, id, now)?;
    let key = args.hand.key.read()?;
    let slot = args.hand.slot(&mut register, &key)?;
    let target = if args.everything {
        Target::Whole
    } else {
        let sequence = assessed_at(&known, &slot.by);
        let sequence = sequence.ok_or_else(|| format!("{} has not assessed {}, so there is no word to take back; --everything takes back an entry that it proposed", slot.by, short(&id)))?;
        Target::Assessment {
            authority: slot.by.clone(),
            sequence,
        }
    };
    let is_entry = args.everything && known.entry.created_by == slot.by;
    args.hand.say(&mut register, &key, |slot| {
        What::Event(Event::Withdrawn(Withdrawal {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            target,
            reason: args.reason,
            effective_at: slot.at,
            reinstatement_required: args.reinstate,
        }))
    })?;
    let what = if is_entry { "the entry" } else { "its word on" };
    writeln!(
        out,
        "{} ({}) withdraws {what} {} \"{}\": {}.",
        slot.by,
        slot.state,
        short(&id),
        known.entry.title,
        args.reason
    )?;
    tell(&register, id, slot.state, now, out)
}

/// The place of the authority's latest assessment.
fn assessed_at(account: &Account, by: &AuthorityId) -> Option<u64> {
    let places = account.counted.iter().filter_map(|event| match event {
        Event::Assessed(one) if one.authority == *by => Some(one.sequence),
        _ => None,
    });
    places.max()
}
