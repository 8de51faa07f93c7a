//! `ijkpunt authority report`: counts for what authorities publish and report each year.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use ijkpunt::baseline::{
    EndReason, Event, Finality, InstrumentKind, InstrumentName, MemberState, Time, Verdict,
};
use ijkpunt::register::Case;
use serde::Serialize;

use super::hand::Home;
use super::words::time;
use crate::table::Table;
use crate::{Failure, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The state that reports
    #[arg(long = "for", value_name = "STATE")]
    state: MemberState,
    /// The first day, or second
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Time,
    /// The first day, or second, that is not counted any more
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Time,
    #[command(flatten)]
    home: Home,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// What the authorities of a state said in a time, as the JSON shows it.
#[derive(Default, Serialize)]
struct Counts {
    entries_proposed: u64,
    /// By verdict, in words.
    assessments: BTreeMap<&'static str, u64>,
    /// Of those that say "terrorist", by type of article 2(7).
    types: BTreeMap<String, u64>,
    exempt_purpose_considered: u64,
    /// By reason.
    withdrawals: BTreeMap<String, u64>,
    suspensions: u64,
    reinstatements_required: u64,
    feedback: Feedback,
    /// Acts of this state that were issued in this time, by kind: those on which some word rests.
    acts_issued: BTreeMap<String, u64>,
    /// Of the removal orders among them those against which no appeal is open.
    removal_orders_final: u64,
    /// Acts that this state has told to have ended in this time, by kind and reason.
    acts_ended: BTreeMap<String, u64>,
    /// Removal orders of other states in which this one's scrutiny found an infringement.
    infringements_found: u64,
    /// Of what the state has proposed in this time: how many are of which state now.
    proposed_are_now: BTreeMap<String, u64>,
}

#[derive(Default, Serialize)]
struct Feedback {
    reports: u64,
    reviewed: u64,
    overturned: u64,
    complaints_upheld: u64,
}

/// What of one entry is counted.
#[derive(Default)]
struct Part {
    counts: Counts,
    issued: BTreeMap<InstrumentName, Finality>,
    ended: BTreeSet<(InstrumentName, EndReason, bool)>,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    if args.until <= args.from {
        return Err(
            "the time ends before it begins: give its first day, and the first one behind it"
                .into(),
        );
    }
    let (register, now) = (args.home.read()?, args.home.now());
    let standing = register.standing(now)?;
    let authors: BTreeSet<_> = standing
        .members()
        .values()
        .filter(|member| member.authority.state == args.state)
        .map(|member| member.authority.id.clone())
        .collect();
    if authors.is_empty() {
        return Err(format!("no authority of {} is admitted here", args.state).into());
    }
    let parts = register.states(now, work::cores(), |case| part(case, args, &authors))?;
    let mut all = Part::default();
    for part in parts.into_values() {
        all.add(part);
    }
    let counts = all.counted();
    if args.json {
        #[derive(Serialize)]
        struct Shown<'c> {
            state: MemberState,
            from: Time,
            until: Time,
            #[serde(flatten)]
            counts: &'c Counts,
        }
        let shown = Shown {
            state: args.state,
            from: args.from,
            until: args.until,
            counts: &counts,
        };
        writeln!(out, "{}", serde_json::to_string(&shown)?)?;
        return Ok(());
    }
    write(args, &counts, out)
}

fn part(case: &Case<'_>, args: &Args, authors: &BTreeSet<ijkpunt::baseline::AuthorityId>) -> Part {
    let mut part = Part::default();
    let is_in_time = |at: Time| args.from <= at && at < args.until;
    for event in case.counted {
        if let Event::Assessed(one) = event
            && let Some(act) = &one.based_on
            && act.issued_by == args.state
            && is_in_time(act.issued_at)
        {
            // The latest that was said of it.
            part.issued.insert(act.name(), act.finality);
        }
        if authors.contains(event.authority()) && is_in_time(event.at()) {
            part.take(event, case);
        }
    }
    part
}

impl Part {
    fn take(&mut self, event: &Event, case: &Case<'_>) {
        let counts = &mut self.counts;
        match event {
            Event::EntryCreated(_) => {
                counts.entries_proposed += 1;
                let state = super::board::name(case.consensus.state);
                *counts.proposed_are_now.entry(state).or_default() += 1;
            }
            Event::Assessed(one) => {
                *counts.assessments.entry(verdict(one.verdict)).or_default() += 1;
                counts.exempt_purpose_considered += u64::from(one.exempt_purpose_considered);
                if let Verdict::Terrorist(types) = one.verdict {
                    for kind in types.iter() {
                        *counts.types.entry(kind.to_string()).or_default() += 1;
                    }
                }
            }
            Event::Withdrawn(one) => {
                *counts
                    .withdrawals
                    .entry(one.reason.to_string())
                    .or_default() += 1;
                counts.reinstatements_required += u64::from(one.reinstatement_required);
            }
            Event::Suspended(_) => counts.suspensions += 1,
            Event::Feedback(one) => {
                let feedback = &mut counts.feedback;
                feedback.reports += 1;
                feedback.reviewed += u64::from(one.reviews.reviewed());
                feedback.overturned += u64::from(one.reviews.overturned());
                feedback.complaints_upheld += u64::from(one.reviews.complaints_upheld());
            }
            Event::InstrumentEnded(one) => {
                let is_own = one.instrument.issued_by == one.state;
                self.ended
                    .insert((one.instrument.clone(), one.reason, is_own));
            }
            _ => {}
        }
    }

    fn add(&mut self, other: Self) {
        let (all, part) = (&mut self.counts, other.counts);
        all.entries_proposed += part.entries_proposed;
        all.exempt_purpose_considered += part.exempt_purpose_considered;
        all.suspensions += part.suspensions;
        all.reinstatements_required += part.reinstatements_required;
        all.feedback.reports += part.feedback.reports;
        all.feedback.reviewed += part.feedback.reviewed;
        all.feedback.overturned += part.feedback.overturned;
        all.feedback.complaints_upheld += part.feedback.complaints_upheld;
        sum(&mut all.assessments, part.assessments);
        sum(&mut all.types, part.types);
        sum(&mut all.withdrawals, part.withdrawals);
        sum(&mut all.proposed_are_now, part.proposed_are_now);
        self.issued.extend(other.issued);
        self.ended.extend(other.ended);
    }

    /// With the acts, each of which is counted once, on however many entries words rest on it.
    fn counted(self) -> Counts {
        let mut counts = self.counts;
        for (act, finality) in &self.issued {
            *counts.acts_issued.entry(act.kind.to_string()).or_default() += 1;
            let is_final = *finality == Finality::Final && act.kind == InstrumentKind::RemovalOrder;
            counts.removal_orders_final += u64::from(is_final);
        }
        for (act, reason, is_own) in &self.ended {
            let name = format!("{}: {reason}", act.kind);
            *counts.acts_ended.entry(name).or_default() += 1;
            let is_found = !is_own && *reason == EndReason::ScrutinyInfringement;
            counts.infringements_found += u64::from(is_found);
        }
        counts
    }
}

fn sum<K: Ord>(all: &mut BTreeMap<K, u64>, part: BTreeMap<K, u64>) {
    for (name, number) in part {
        *all.entry(name).or_default() += number;
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Terrorist(_) => "terrorist",
        Verdict::NotTerrorist => "not terrorist",
        Verdict::TerroristOnlyInContext(_) => "terrorist only in context",
        Verdict::InsufficientInformation => "insufficient information",
        Verdict::Abstain => "abstains",
    }
}

fn write(args: &Args, counts: &Counts, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(
        out,
        "What the authorities of {} said from {} until {}:\n",
        args.state, args.from, args.until
    )?;
    let mut table = Table::new(["number", "of", "article"]);
    let mut row = |number: u64, of: &str, article: &str| {
        table.row([number.to_string(), of.to_owned(), article.to_owned()]);
    };
    row(counts.entries_proposed, "entries proposed", "");
    for (state, number) in &counts.proposed_are_now {
        row(*number, &format!("  that are now: {state}"), "");
    }
    for (verdict, number) in &counts.assessments {
        row(*number, &format!("assessments: {verdict}"), "");
    }
    for (kind, number) in &counts.types {
        row(*number, &format!("  that name type {kind}"), "");
    }
    row(
        counts.exempt_purpose_considered,
        "assessments for which exempt purposes were considered",
        "",
    );
    let issued = counts.acts_issued.values().sum();
    row(issued, "acts issued on which words rest", "8, 21");
    for (kind, number) in &counts.acts_issued {
        row(*number, &format!("  {kind}"), "8, 21");
    }
    row(
        counts.removal_orders_final,
        "  removal orders that are final",
        "8, 21",
    );
    let ended = counts.acts_ended.values().sum();
    row(ended, "acts that were told to have ended", "8, 21");
    for (end, number) in &counts.acts_ended {
        row(*number, &format!("  {end}"), "8, 21");
    }
    row(
        counts.infringements_found,
        "  infringements found in orders of others",
        "8",
    );
    for (reason, number) in &counts.withdrawals {
        row(*number, &format!("withdrawals: {reason}"), "21");
    }
    row(counts.suspensions, "suspensions", "21");
    row(
        counts.reinstatements_required,
        "withdrawals after which content is put back",
        "21",
    );
    row(counts.feedback.reports, "reports of platforms", "21");
    row(
        counts.feedback.reviewed,
        "  matches that persons decided on",
        "21",
    );
    row(counts.feedback.overturned, "  of them overturned", "21");
    row(
        counts.feedback.complaints_upheld,
        "  of them complaints that were upheld",
        "21",
    );
    table.write("", out)?;
    writeln!(
        out,
        "\nNot in the register, so not counted: acts on which no word rests, what hosts removed and how fast, specific measures, penalties, access to preserved content."
    )?;
    Ok(())
}
